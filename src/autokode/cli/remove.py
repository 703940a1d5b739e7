"""`autokode remove`: take interviews out of a project for good, as when somebody withdraws their consent."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autokode.base.errors import DataError, Problem, quoted
from autokode.base.messages import say
from autokode.cli.consent import asked_twice, show_contents, show_files, show_what_stays, whose
from autokode.cli.group import Command
from autokode.cli.learning_again import learn_again, learners
from autokode.cli.options import flag, option, project_option
from autokode.cli.output import tell, tell_next

if TYPE_CHECKING:
    from autokode.project import Project


def _remove(interviews: tuple[str, ...], folder: Path, coder: str | None, yes: bool) -> None:
    from autokode.project import Project
    from autokode.project.store.project_files import CODEBOOK, not_own
    from autokode.project.store.removal import contents_of, remove_interviews
    from autokode.project.views.recording_words import recordings_stay
    from autokode.project.views.removal_preview import code_names, files_given, same_words
    from autokode.review.page_locks import no_page_open

    project = Project.open(folder)
    by, number = whose(project, coder)
    _check(project, interviews)
    with no_page_open(folder):
        names = ", ".join(interviews)
        tell(f"Dette slettes for godt fra {folder}: {names}", f"This is deleted for good from {folder}: {names}")
        found = contents_of(project, interviews)
        show_contents(found)
        show_files(folder)
        beside = [path for path in not_own(folder) if path.name != CODEBOOK]
        for line in (
            *code_names(project, found),
            *same_words(project, interviews),
            *recordings_stay(project, interviews),
        ):
            click.echo(line)
        show_what_stays([*files_given(project, interviews), *beside])
        if not yes and not asked_twice():
            return
        before, words = learners(project), _words(project.transcript(name).text for name in interviews)
        taken = remove_interviews(project, interviews, by=by, coder=number)
    tell(
        f"Slettet, intervjuer: {taken.interviews}. Loggen sier når, av hvem og hvor mye, men ikke hva.",
        f"Deleted, interviews: {taken.interviews}. The log says when, by whom and how much, but not what.",
    )
    if project.sources:
        learn_again(project, before)
    _show_mentions(project, words)


def _show_mentions(project: "Project", words: set[str]) -> None:
    """Show the memos that stay and have a name or a rare word of the removed interviews, which no other interview has."""
    from autokode.project.store.decision_rows import memos
    from autokode.pseudonym.lists import lists

    here = _words(project.transcript(source.name).text for source in project.sources)
    telling = {word for word in words - here if lists().is_unknown(word) or lists().is_named(word)}
    found = [(memo, sorted(telling & _words([memo.text]))) for memo in memos(project)]
    if not any(own for _memo, own in found):
        return
    tell(
        "Les over disse notatene, som har ord derfra, og rett dem på siden:",
        "Read these memos over, which have words of it:",
    )
    for memo, own in found:
        if own:
            click.echo(f"  {memo.coder}, {memo.about}: {', '.join(own)}")
    tell_next(f"forget-memos --project {quoted(project.folder)}")


def _words(texts: Iterable[str]) -> set[str]:
    return {word.casefold() for text in texts for word in re.findall(r"[^\W\d_]{4,}", text)}


def _check(project: "Project", interviews: Iterable[str]) -> None:
    """Check that a project has these interviews.

    Raises:
        DataError: it lacks some of them.
    """
    there = [source.name for source in project.sources]
    problems = [
        Problem(say(f"prosjektet har ingen «{name}»", f"the project has no «{name}»"))
        for name in interviews
        if name not in there
    ]
    if problems:
        found = ", ".join(there) or say("ingen", "none")
        problems[-1] = Problem(problems[-1].what + say(f"; fant {found}", f"; found {found}"))
        raise DataError(problems, try_next=f"autokode status --project {quoted(project.folder)}")


command = Command(
    "remove",
    callback=_remove,
    help=say(
        "Ta intervjuer ut av et prosjekt for godt, som når noen trekker samtykket: tekst, kodinger, avgjørelser, notater, "
        "forslag, modeller og kopier. Viser først hva som slettes og hva som blir, og spør to ganger.",
        "Take interviews out of a project for good, as when somebody withdraws their consent: text, codings, decisions, memos, "
        "suggestions, models and copies. Shows first what is deleted and what stays, and asks twice.",
    ),
    short_help=say("Slett intervjuer for godt (trukket samtykke).", "Delete interviews for good (consent withdrawn)."),
    params=[
        click.Argument(["interviews"], nargs=-1, required=True, metavar="INTERVJU..."),
        project_option(),
        option(
            "--coder NAVN",
            "Hvem av koderne som sletter; ellers brukeren av maskinen.",
            "Which of the coders deletes; else this machine's user.",
        ),
        flag("--yes", "Slett uten å spørre.", "Delete without asking."),
    ],
    example="autokode remove kontor_a --project prosjekt --yes",
)
