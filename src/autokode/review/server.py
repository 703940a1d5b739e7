"""Serves a coder's page to this machine alone, one server a coder and project, until Ctrl-C."""

import contextlib
import webbrowser
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from autokode.base.errors import failure, quoted
from autokode.base.hashing import sha256_of
from autokode.base.messages import say
from autokode.project import Coder, Project
from autokode.review.door import FILE, Door
from autokode.review.learning_process import AFTER
from autokode.review.session import Session

ADDRESS = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Ways:
    """How to get to the page.

    Attributes:
        file: a file that its owner alone can read, which leads there from a browser of this machine.
        address: where a browser that cannot open that file may type a code; it opens nothing by itself.
        code: makes such a code, which works once and for a minute.
    """

    file: Path
    address: str
    code: Callable[[], str]


def serve(project: Project, coder: Coder, *, port: int, browser: bool, told: Callable[[Ways], None]) -> None:
    """Serve a coder's page of a project until it is interrupted; another coder's page may be open beside it.

    Args:
        project: the project to show.
        coder: who decides on the page.
        port: the port to listen at; 0 for any that is free.
        browser: whether to open the page in the browser.
        told: called with the ways in as soon as the page answers.

    Raises:
        DataError: the port is in use, or the coder's page is open in another server.
    """
    from autokode.review.app import create_app

    with only_one(project.folder, coder.name) as place:
        session, door = Session(project, coder), Door()
        apps: list[Any] = []  # the app needs the port, so that the server listens before there is one

        def app(environ: Any, start: Any) -> Any:
            return apps[0](environ, start)

        server = _listening(app, port)
        own_port = int(server.effective_port)
        apps.append(create_app(session, door, own_port))
        address = f"http://{ADDRESS}:{own_port}/"
        try:  # an interrupt may come as soon as the file is there
            with door.file(place, address) as file:
                session.learner.nudge(least=AFTER if session.state()["round"] else 1)
                told(Ways(file, address, door.code))
                session.learner.turn()  # the last server may have ended before suggestions followed the dial or had their words
                if browser:
                    webbrowser.open(file.absolute().as_uri())
                server.run()
        finally:
            server.close()
            session.learner.stop()


def _listening(app: Any, port: int) -> Any:
    """A server that listens on a port; `Any` because waitress's stubs lack `effective_port`."""
    from autokode.review.connections import Server

    try:
        return Server(app, host=ADDRESS, port=port)
    except OSError as error:
        raise failure(
            f"porten {port} er i bruk",
            f"port {port} is in use",
            try_next=say(f"--port {port + 1}, eller uten --port", f"--port {port + 1}, or no --port"),
        ) from error


@contextlib.contextmanager
def only_one(folder: Path, coder: str) -> Iterator[Path]:
    """Hold the lock of a coder's page, and give the place for its door. The system releases a lock when its process ends.

    Raises:
        DataError: another server holds it; the message says how to get to its page.
    """
    name = f".review-{sha256_of(coder)[:12]}"  # a coder's name may hold what a file's name may not
    place = folder / name
    try:
        with FileLock(folder / f"{name}.lock", timeout=0, mode=0o600):
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


@contextlib.contextmanager
def no_page_open(folder: Path) -> Iterator[None]:
    """Hold the locks of all coders' pages of a project.

    Raises:
        DataError: a page is open.
    """
    with contextlib.ExitStack() as locks:
        for path in sorted(folder.glob(".review*.lock")):
            try:
                locks.enter_context(FileLock(path, timeout=0, mode=0o600))
            except Timeout as error:
                raise failure(
                    "prosjektet er åpent på siden; ingenting er endret",
                    "the project's page is open; nothing was changed",
                    where=folder,
                    try_next=say("lukk siden (Ctrl-C), og prøv igjen", "close the page (Ctrl-C), and try again"),
                ) from error
        yield
