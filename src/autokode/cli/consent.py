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
    codings, who = sum(taken.codings.values()), ", ".join(f"{name} {count}" for name, count in taken.codings.items())
    rows = (
        (taken.utterances, say("ytringer", "utterances")),
        (codings, say("kodinger", "codings") + f" ({who})"),
        (taken.memos, say("notater", "memos")),
        (taken.decisions, say("avgjørelser i loggen", "decisions of the log")),
        (taken.suggestions, say("forslag", "suggestions")),
        (taken.vectors, say("intervjuers vektorer", "interviews' vectors")),
        (taken.carried, say("ting tatt vare på for andre programmer", "things kept for other programs")),
        (
            taken.quotes,
            say("steder ellers som siterer det: i kodeboken og i notater", "places elsewhere that quote it"),
        ),
    )
    for count, what in rows:
        if count:
            click.echo(f"  {count} {what}")


def show_files(folder: Path, *, learnt: bool = True) -> None:
    """Show which files beside the project's own will be deleted; `learnt`: whether models and embeddings will be."""
    from autokode.project.store.project_files import copies, embeddings, models

    shown = [
        (models(folder) if learnt else [], say("modeller, som har lært av det", "models, which learnt from it")),
        (copies(folder), say("kopier som autokode har laget", "copies that autokode made")),
    ]
    for paths, what in shown:
        if paths:
            click.echo(f"  {what}: {', '.join(path.name for path in paths)}")
    cached = embeddings() if learnt else None
    if cached is not None:
        tell(
            f"  det setningsenkodere har laget av tekster, andre prosjekters også; det lages på nytt: {cached}",
            f"  what sentence encoders made of texts, other projects' too; it is made anew: {cached}",
        )


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


def files_given(project: "Project", names: Iterable[str]) -> list[Path]:
    """The files that interviews were read from, and the key to their pseudonyms, where these are still there."""
    from autokode.corpus.study_file import key_beside

    wanted = set(names)
    read = [Path(source.file) for source in project.sources if source.name in wanted and source.file]
    return [path for one in read for path in (one, key_beside(one.parent)) if path.exists()]
