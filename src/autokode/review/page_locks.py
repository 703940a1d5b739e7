"""The locks of coders' pages: one server shows a coder's page of a project, so that two never decide past each other."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from autokode.base.errors import DataError, failure, quoted
from autokode.base.hashing import sha256_of
from autokode.base.messages import say
from autokode.project.store.project_files import INCOMING, MADE
from autokode.review.door import FILE


@contextlib.contextmanager
def only_one(folder: Path, coder: str) -> Iterator[Path]:
    """Hold the lock of a coder's page, and give the place for its door. The system releases a lock when its process ends.

    Raises:
        DataError: another server holds it; the message says how to get to its page.
    """
    name = _lock_name(coder)
    place = folder / name
    try:
        with FileLock(folder / f"{name}.lock", timeout=0, mode=0o600, thread_local=False):
            yield place
    except Timeout as error:
        raise failure(
            f"{coder} har siden åpen alt",
            f"{coder} has the page open already",
            where=folder,
            try_next=say(
                f"bruk den siden; et vindu til: åpne {quoted(place / FILE)} i nettleseren; en annen koder: --coder NAVN",
                f"use that page; one more window: open {quoted(place / FILE)} in the browser; another coder: --coder NAME",
            ),
        ) from error


def _lock_name(coder: str) -> str:
    """The name of a coder's lock without its ending; a coder's name may hold what a file's name may not."""
    return f".review-{sha256_of(coder)[:12]}"


@contextlib.contextmanager
def no_page_open(folder: Path, *, but: str = "") -> Iterator[None]:
    """Hold the locks of all coders' pages of a project, but for one coder's, who does from the page what needs it.

    Raises:
        DataError: a page is open.
    """
    with contextlib.ExitStack() as locks:
        own = folder / f"{_lock_name(but)}.lock" if but else None
        for path in sorted(set(folder.glob(".review*.lock")) - {own}):
            try:
                locks.enter_context(FileLock(path, timeout=0, mode=0o600))
            except Timeout as error:
                raise _open_page(folder, others=bool(but)) from error
        yield


def clear_stranded(folder: Path) -> None:
    """Remove the files that were brought to pages of servers that were killed, and those made there: of pages nobody has open."""
    for path in folder.glob(".review-*.lock"):
        mark = path.name.removeprefix(".review-").removesuffix(".lock")
        with contextlib.suppress(Timeout), FileLock(path, timeout=0, mode=0o600):
            shutil.rmtree(folder / f"{INCOMING}{mark}", ignore_errors=True)
            shutil.rmtree(folder / f"{MADE}{mark[:8]}", ignore_errors=True)


def _open_page(folder: Path, *, others: bool) -> DataError:
    who = ("en annen koder har prosjektet åpent på siden", "another coder has the project's page open")
    what = who if others else ("prosjektet er åpent på siden", "the project's page is open")
    return failure(
        f"{what[0]}; ingenting er endret",
        f"{what[1]}; nothing was changed",
        where=folder,
        try_next=say(
            "lukk siden (Ctrl-C, eller Lukk på «Mine prosjekter»), og prøv igjen",
            "close the page (Ctrl-C, or Close on “My projects”), and try again",
        ),
    )
