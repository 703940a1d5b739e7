"""Serves the page to this machine alone, one server a project, until Ctrl-C."""

import contextlib
import os
import secrets
import webbrowser
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from autokode.base.errors import failure
from autokode.base.messages import say
from autokode.project import Coder, Project
from autokode.review.learning_process import AFTER
from autokode.review.session import Session

ADDRESS = "127.0.0.1"
LOCK, OPEN_AT = ".review.lock", ".review.address"
THREADS = 6


def serve(project: Project, coder: Coder, *, port: int, browser: bool, told: Callable[[str], None]) -> None:
    """Serve a project's page until it is interrupted.

    Args:
        project: the project to show.
        coder: who decides on the page.
        port: the port to listen at; 0 for any that is free.
        browser: whether to open the page in the browser.
        told: called with the address as soon as it answers.

    Raises:
        DataError: the port is in use, or the project is open in another server.
    """
    from autokode.review.app import create_app

    with only_one(project.folder):
        session = Session(project, coder)
        token = secrets.token_urlsafe(24)
        apps: list[Any] = []  # the app needs the port, so that the server listens before there is one

        def app(environ: Any, start: Any) -> Any:
            return apps[0](environ, start)

        server = _listening(app, port)
        own_port = int(server.effective_port)
        apps.append(create_app(session, token, own_port))
        address = f"http://{ADDRESS}:{own_port}/{token}/"
        try:  # an interrupt may come as soon as the address is known
            _write_private(project.folder / OPEN_AT, address)
            session.learner.nudge(least=AFTER if session.state()["round"] else 1)
            told(address)
            session.learner.turn()  # the last server may have ended before suggestions followed the dial or had their words
            if browser:
                webbrowser.open(address)
            server.run()
        finally:
            server.close()
            session.learner.stop()
            (project.folder / OPEN_AT).unlink(missing_ok=True)


def _listening(app: Any, port: int) -> Any:
    """A waitress server that listens on a port; `Any` because its stubs lack `effective_port`."""
    from waitress.server import create_server

    try:
        return create_server(
            app, host=ADDRESS, port=port, threads=THREADS, ident=None, clear_untrusted_proxy_headers=True
        )
    except OSError as error:
        raise failure(
            f"porten {port} er i bruk", f"port {port} is in use", try_next=f"autokode review --port {port + 1}"
        ) from error


@contextlib.contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold a project's lock. The system releases it when the process ends, even if it is killed.

    Raises:
        DataError: another server holds it; the message says at which address.
    """
    lock = FileLock(folder / LOCK, timeout=0, mode=0o600)
    try:
        with lock:
            yield
    except Timeout as error:
        there = folder / OPEN_AT
        where = there.read_text(encoding="utf-8") if there.exists() else say("et annet vindu", "another window")
        raise failure(
            f"prosjektet er åpent alt: {where}",
            f"the project is open already: {where}",
            where=folder,
            try_next=say("bruk den siden, eller lukk den først", "use that page"),
        ) from error


def _write_private(path: Path, text: str) -> None:
    """Write a file that its owner alone can read; if that fails, do without it."""
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as stream:
            stream.write(text)
