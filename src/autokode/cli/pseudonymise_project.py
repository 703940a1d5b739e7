"""Pseudonymises a coded project where it is, for `autokode pseudonymise --project`."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autokode.base.errors import failure, quoted
from autokode.base.messages import say
from autokode.cli.consent import whose
from autokode.cli.learning_again import learn_again, learners
from autokode.cli.output import tell, tell_next
from autokode.cli.pseudonym_display import CHECK, approved, known, show

if TYPE_CHECKING:
    from collections.abc import Iterable

    from autokode.project import Project
    from autokode.project.store.pseudonymising import Pseudonymised


@dataclass(frozen=True, slots=True)
class Search:
    """How names are searched for, as the command's options say."""

    listing: Path | None
    also: tuple[str, ...]
    leave: tuple[str, ...]
    gender: str
    doubtful: str


def in_project(folder: Path, key: Path, search: Search, coder: str | None, *, yes: bool, undoing: bool) -> None:
    """Pseudonymise a project where it is, or give it its names back."""
    from autokode.project import Project

    project = Project.open(folder)
    by = whose(project, coder)
    if undoing:
        _restore(project, key, by)
    else:
        _replace(project, key, search, by, yes=yes)


def check_in(folder: Path, path: Path) -> None:
    """Show what still seems personal in a project, by its key if that is there; status 1 if anything does."""
    from autokode.cli import terminal
    from autokode.nlp.pipeline import norwegian
    from autokode.project import Project
    from autokode.project.store.names_check import check_project
    from autokode.pseudonym import read_key

    project = Project.open(folder)
    with terminal.progress(say("Leter", "Searching")):
        checked = check_project(project, norwegian(own=True), key=read_key(path) if path.exists() else None)
    out = terminal.console()
    where = ""
    for left in checked.left:
        if left.where != where:
            where = left.where
            out.print(where, style="bold")
        out.print(f"  {left.kind}: «{left.text}»  {left.context}", no_wrap=True, overflow="ellipsis")
    tell(
        f"{len(checked.left)} steder som kan være personlige, i {checked.texts} tekster.",
        f"{len(checked.left)} places that may be personal, in {checked.texts} texts.",
    )
    if checked.unread:
        names = ", ".join(checked.unread)
        tell(f"Ikke lest, se selv: {names}", f"Not read, look yourself: {names}")
    out.print(CHECK)
    if checked.left:
        click.get_current_context().exit(1)


def _replace(project: "Project", path: Path, search: Search, by: tuple[str, int], *, yes: bool) -> None:
    from autokode.cli import terminal
    from autokode.nlp.pipeline import norwegian
    from autokode.project.store.project_files import CODEBOOK, not_own
    from autokode.project.store.pseudonym_plan import plan_project
    from autokode.project.store.pseudonymising import check_place, pseudonymise
    from autokode.project.views.recording_words import voices_stay
    from autokode.project.views.removal_preview import files_given
    from autokode.pseudonym import Key, Register, read_key, write_list
    from autokode.report.interview_names import names_in_report
    from autokode.review.page_locks import no_page_open

    check_place(project.folder, path)
    _check_list(project, search.listing)
    key = read_key(path) if path.exists() else Key(Register())
    with terminal.progress(say("Leter", "Searching")) as step:
        plan = plan_project(
            project,
            norwegian(own=True),
            key=key,
            register=known(path, search.listing, search.leave),
            also=search.also,
            gender=search.gender,
            doubtful=search.doubtful != "leave",
            progress=step,
        )
    show(terminal.console(), plan.found, unfolded=search.doubtful == "show")
    if plan.left_alone:
        names = ", ".join(plan.left_alone)
        tell(f"Merket som pseudonymisert, og røres ikke: {names}", f"Marked as pseudonymised, and left alone: {names}")
    if search.listing is not None:
        write_list(search.listing, plan.found.register, plan.found.standing, texts=plan.texts)
        tell(f"Listen er skrevet: {search.listing}", f"The list is written: {search.listing}")
    if not yes and not approved(
        say(
            f"Erstatt dette i prosjektet i {project.folder}, med alt som er kodet?",
            f"Replace this in the project in {project.folder}, with all that is coded?",
        )
    ):
        command = _command(project, search.listing or Path("navn.yaml"))
        tell(
            f"Ingenting er erstattet. Rett listen og prøv igjen: {command}",
            f"Nothing was replaced. Mend the list and try again: {command}",
        )
        return
    given = files_given(project, [source.name for source in project.sources])
    beside = [one for one in not_own(project.folder) if one.name != CODEBOOK]
    with no_page_open(project.folder):
        before = learners(project)
        done = pseudonymise(project, plan, key, path, by=by[0], coder=by[1])
        _tell(done, "pseudonymisert", "pseudonymised")
        tell(
            f"Nøkkelen, som røper alt og bare du kan lese: {path}",
            f"The key, which tells everything and only you can read: {path}",
        )
        learn_again(project, before)
    telling = [name for name, shown in names_in_report(project).items() if shown != name]
    if telling:
        names = ", ".join(f"«{name}»" for name in telling)
        tell(
            f"Navnene på disse intervjuene kan røpe noen, og står som før: {names}. En rapport viser dem ikke; eksporter gjør.",
            f"The names of these interviews may give somebody away, and stand as they were: {names}. No report shows them; "
            "exports do.",
        )
    for line in voices_stay(project):
        click.echo(line)
    _tell_what_has_names([*given, *beside, *([search.listing] if search.listing else [])])
    tell_next(f"doctor --project {quoted(project.folder)}")


def _restore(project: "Project", path: Path, by: tuple[str, int]) -> None:
    from autokode.project.store.restored_names import restore
    from autokode.pseudonym import read_key
    from autokode.review.page_locks import no_page_open

    key = read_key(path)
    with no_page_open(project.folder):
        before = learners(project)
        done = restore(project, key, by=by[0], coder=by[1])
        _tell(done, "ført tilbake", "given their names back")
        learn_again(project, before)


def _tell(done: "Pseudonymised", nb: str, en: str) -> None:
    """Say what was done, and which names of coders and codes are others now."""
    tell(
        f"{done.interviews} intervjuer {nb}, {done.places} steder; {done.codings} kodinger står på de samme ordene",
        f"{done.interviews} interviews {en}, {done.places} places; {done.codings} codings stand on the same words",
    )
    for what, names in ((say("koder", "coder"), done.people), (say("kode", "code"), done.codes)):
        for name, new in names.items():
            click.echo(f"  {what}: {name} → {new}")


def _tell_what_has_names(paths: "Iterable[Path]") -> None:
    """Say which files may have the names still, being somebody's own."""
    shown = list(dict.fromkeys(paths))
    if shown:
        tell("Dette er ikke rørt, og kan ha navnene:", "This was not touched, and may have the names:")
        for path in shown:
            click.echo(f"  {path}")
    tell(
        "Det samme gjelder eksporter, rapporter, pakker og sikkerhetskopier andre steder. Oppbevar dem som opptakene, eller "
        "slett dem.",
        "So may exports, reports, packages and backups elsewhere. Keep them as you keep the recordings, or delete them.",
    )


def _check_list(project: "Project", listing: Path | None) -> None:
    """Check that a list lies outside the project, and is of the texts that the project has now.

    Raises:
        DataError: it is not.
    """
    from autokode.project.store.pseudonym_plan import texts_of
    from autokode.project.store.pseudonymising import stale
    from autokode.pseudonym import texts_of_list

    if listing is None:
        return
    if project.folder.resolve() in listing.resolve().parents:
        raise failure(
            "listen røper hvem alle er, og kan ikke ligge i prosjektet",
            "the list tells who everybody is, and must not lie in the project",
            where=listing,
            try_next=f"--list {quoted(project.folder.resolve().parent / listing.name)}",
        )
    if listing.exists() and texts_of_list(listing) not in ("", texts_of(project)):
        raise stale(listing)


def _command(project: "Project", listing: Path) -> str:
    return f"autokode pseudonymise --project {quoted(project.folder)} --list {quoted(listing)}"
