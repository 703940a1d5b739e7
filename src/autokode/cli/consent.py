"""Asks twice before something is deleted for good, and shows what that is."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autokode.base.messages import say
from autokode.cli.coder_choice import existing_coder, user_name
from autokode.cli.output import tell

if TYPE_CHECKING:
    from autokode.project import Project
    from autokode.project.store.removal import Contents

YES = ("j", "ja", "y", "yes")


def asked_twice() -> bool:
    """Ask whether to go on, and for a word to be typed; give whether somebody did both, and tell them if nothing was deleted."""
    word = say("slett", "delete")
    first = click.prompt(say("Slette dette? [j/N]", "Delete this? [y/N]"), default="", show_default=False)
    if first.strip().lower() in YES:
        again = click.prompt(
            say(f"Det kan ikke gjøres om. Skriv «{word}»", f"It cannot be undone. Type «{word}»"),
            default="",
            show_default=False,
        )
        if again.strip().lower() == word:
            return True
    tell("Ingenting er slettet.", "Nothing was deleted.")
    return False


def whose(project: "Project", name: str | None) -> tuple[str, int]:
    """Who deletes, by name and id: the coder that `--coder` names, else this machine's user, who is none of the coders."""
    from autokode.project.store.log_rewriting import NOBODY

    if name is None:
        return user_name(), NOBODY
    person = existing_coder(project, name)
    return person.name, person.id


def show_contents(taken: "Contents") -> None:
    """Show what is in the project's file of what will be deleted."""
    from autokode.project.views.removal_preview import content_lines

    for line in content_lines(taken):
        click.echo(f"  {line}")


def show_files(folder: Path, *, learnt: bool = True) -> None:
    """Show which files beside the project's own will be deleted; `learnt`: whether models and embeddings will be."""
    from autokode.project.views.removal_preview import file_lines

    for line in file_lines(folder, learnt=learnt):
        click.echo(f"  {line}")


def show_what_stays(paths: Iterable[Path]) -> None:
    """Show which files stay, being somebody's own, and say what autokode cannot know of."""
    shown = list(dict.fromkeys(paths))
    if shown:
        tell("Dette er ikke autokodes, og blir:", "This is not autokode's, and stays:")
        for path in shown:
            click.echo(f"  {path}")
    tell(
        "Eksporter, rapporter, pakker, nøkler og sikkerhetskopier andre steder kjenner autokode ikke. Slett dem selv.",
        "Exports, reports, packages, keys and backups elsewhere are unknown to autokode. Delete them yourself.",
    )
