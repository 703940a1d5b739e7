"""`autokode learn`: learn from a coder's decisions in a project, and suggest anew."""

from pathlib import Path

import click

from autokode.base.messages import say
from autokode.cli.group import Command
from autokode.cli.opening import coder_option, known, project_option, who

USUAL = ("usual", "vanlig")
"""Words for the precision that is asked for where nothing else is."""


def _learn(folder: Path, coder: str | None, model: str | None, precision: str | None, words: bool) -> None:
    from autokode.cli import screen
    from autokode.project import Project
    from autokode.project.active_learning.evidence import explain
    from autokode.project.active_learning.training_round import learn, suggest_again

    wanted = None if precision is None else _wanted(precision)
    project = Project.open(folder)
    person = who(project, coder) if model else known(project, coder)  # a model suggests to somebody new too
    if wanted is not None:
        project.set("precision", wanted)
    if words:
        explain(project, person)
        return
    with screen.progress(say("Lærer", "Learning")) as step:
        made = learn(project, person, model=model, progress=step)
        made = suggest_again(project, person) or made  # where the dial was moved meanwhile
    click.echo(
        say(
            f"{made.suggestions} forslag, lært av {made.learnt_from} ytringer på {made.seconds:.1f} s",
            f"{made.suggestions} suggestions, learnt from {made.learnt_from} utterances in {made.seconds:.1f} s",
        )
    )
    for code, (new, gone) in made.news.items():
        click.echo(say(f"  {code}: {new} nye, {gone} borte", f"  {code}: {new} new, {gone} gone"))
    with screen.progress(say("Finner ordene", "Finding the words")) as step:
        explain(project, person, progress=step)


def _wanted(precision: str) -> str:
    """Return a precision as the project's settings have it.

    Raises:
        DataError: it is no number from 0.05 to 0.95, nor a word for the usual.
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
            try_next="autokode learn --precision 0.8",
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
        click.Option(
            ["--model"],
            metavar="MAPPE",
            help=say(
                "Ta forslag fra denne modellen i stedet (mappe, eller navnet på en som følger med).",
                "Take suggestions from this model instead (a folder, or a shipped one's name).",
            ),
        ),
        click.Option(
            ["--precision"],
            metavar="TALL",
            help=say(
                "Så stor andel av forslagene skal være riktige, fra 0.05 til 0.95: høyere gir færre og sikrere. Prosjektet "
                "husker det; «vanlig» gir det vanlige igjen.",
                "This share of the suggestions is to be right, from 0.05 to 0.95: a higher one gives fewer and surer ones. "
                "The project remembers it; «usual» gives the usual again.",
            ),
        ),
        click.Option(
            ["--words"], is_flag=True, hidden=True
        ),  # of `autokode review`: only find the words, learn nothing
    ],
    example="autokode learn --project prosjekt",
)
