"""`autokode learn`: learn from a coder's decisions in a project, and suggest again."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from autokode.base.messages import say
from autokode.cli.coder_choice import coder_named, existing_coder
from autokode.cli.group import Command
from autokode.cli.options import coder_option, option, project_option
from autokode.cli.output import tell
from autokode.cli.projects import opened
from autokode.cli.teacher import teacher_of, teacher_options

if TYPE_CHECKING:
    from autokode.project import Coder, Project

USUAL = ("usual", "vanlig")
"""Words for the default precision."""


def _learn(
    folder: Path,
    coder: str | None,
    model: str | None,
    precision: str | None,
    teacher: str | None,
    teacher_model: str | None,
    allow_host: tuple[str, ...],
    words: bool,
    from_page: bool,
) -> None:
    from autokode.cli import terminal
    from autokode.project import Project
    from autokode.project.active_learning.evidence import explain
    from autokode.project.active_learning.training_round import learn, suggest_again
    from autokode.project.store.followed_names import names_in

    wanted = None if precision is None else _precision_setting(precision)
    project = Project.open(folder, read=False) if from_page else opened(folder)
    person = existing_coder(project, coder) if model is None else _receiver(project, coder, model)
    if wanted is not None:
        project.set("precision", wanted)
    if words:
        explain(project, person)
        return
    with terminal.progress(say("Lærer", "Learning")) as step:
        asked = teacher_of(teacher, teacher_model, allow_host, model=model, progress=step)
        made = told = learn(project, person, model=model, teacher=asked, progress=step)
        made = suggest_again(project, person) or made  # somebody may have changed the precision meanwhile
    if told.teacher:
        click.echo(told.teacher)
        tell(
            "  Når siden lærer av seg selv, er det uten læreren. Gi kommandoen på nytt, så brukes svarene om igjen.",
            "  When the page learns by itself, it does without the teacher. Give the command again, and its answers are reused.",
        )
    tell(
        f"{made.suggestions} forslag, lært av {made.learnt_from} ytringer på {made.seconds:.1f} s",
        f"{made.suggestions} suggestions, learnt from {made.learnt_from} utterances in {made.seconds:.1f} s",
    )
    for old, now in names_in(project).items():
        tell(f"  det som er kodet «{old}», er lært som «{now}»", f"  what is coded «{old}» was learnt as «{now}»")
    for code, (new, gone) in made.news.items():
        tell(f"  {code}: {new} nye, {gone} borte", f"  {code}: {new} new, {gone} gone")
    with terminal.progress(say("Finner ordene", "Finding the words")) as step:
        explain(project, person, progress=step)


def _receiver(project: "Project", name: str | None, model: str) -> "Coder":
    """Who gets the suggestions of a given model: one of the project's coders, or somebody new whom the command names.

    Raises:
        DataError: nobody is named where nobody has coded, or the model is of another codebook.
    """
    from autokode.base.errors import failure, quoted
    from autokode.project.active_learning.coder_model import given_model
    from autokode.project.store.coders import NEWCOMER

    person = coder_named(project, name)
    given_model(model, project)
    if person.id != NEWCOMER:
        return person
    if name is None:
        raise failure(
            "ingen har kodet her ennå; si hvem som skal få forslagene",
            "nobody has coded here yet; say who is to get the suggestions",
            where=project.folder,
            try_next=f'autokode learn --model {quoted(model)} --coder "{say("NAVN", "NAME")}" '
            f"--project {quoted(project.folder)}",
        )
    return project.coder(person.name)


def _precision_setting(precision: str) -> str:
    """Convert a precision to its form in the project's settings.

    Raises:
        DataError: it is neither a number from 0.05 to 0.95 nor one of `USUAL`.
    """
    from autokode.base.errors import failure
    from autokode.project.store.project import precision_in

    if precision.strip().lower() in USUAL:
        return USUAL[0]
    found = precision_in(precision)
    if found is None:
        raise failure(
            f"--precision passer ikke: «{precision}»; ventet et tall fra 0,05 til 0,95, eller «vanlig»",
            f"--precision does not fit: «{precision}»; expected a number from 0.05 to 0.95, or «usual»",
            try_next="--precision 0.8",
        )
    return f"{found:g}"


command = Command(
    "learn",
    callback=_learn,
    help=say(
        "Lær av det en koder har bestemt i et prosjekt, og foreslå på nytt. Siden «autokode review» gjør dette selv.",
        "Learn from what a coder decided in a project, and suggest anew. The page of «autokode review» does this itself.",
    ),
    short_help=say("Lær av det som er bestemt i et prosjekt.", "Learn from what was decided in a project."),
    params=[
        project_option(),
        coder_option(),
        option(
            "--model MAPPE",
            "Ta forslag fra denne modellen i stedet (mappe, eller navnet på en som følger med).",
            "Take suggestions from this model instead (a folder, or a shipped one's name).",
        ),
        option(
            "--precision TALL",
            "Så stor andel av forslagene skal være riktige, fra 0.05 til 0.95: høyere gir færre og sikrere. Prosjektet "
            "husker det; «vanlig» gir det vanlige igjen.",
            "This share of the suggestions is to be right, from 0.05 to 0.95: a higher one gives fewer and surer ones. "
            "The project remembers it; «usual» gives the usual again.",
        ),
        *teacher_options(),
        # for `autokode review`: find the words of the suggestions, without learning
        click.Option(["--words"], is_flag=True, hidden=True),
        # and leave what a person changed in codebook.yaml to be looked at on the page
        click.Option(["--from-page"], is_flag=True, hidden=True),
    ],
    example="autokode learn --project prosjekt --coder enighet",
)
