"""Serves a coder's page to this machine alone, one server a coder and project, until Ctrl-C."""

import contextlib
import os
import secrets
import webbrowser
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from autokode.base.errors import failure
from autokode.base.hashing import sha256_of
from autokode.base.messages import say
from autokode.project import Coder, Project
from autokode.review.learning_process import AFTER
from autokode.review.session import Session

ADDRESS = "127.0.0.1"
THREADS = 6


def serve(project: Project, coder: Coder, *, port: int, browser: bool, told: Callable[[str], None]) -> None:
    """Serve a coder's page of a project until it is interrupted; another coder's page may be open beside it.

    Args:
        project: the project to show.
        coder: who decides on the page.
        port: the port to listen at; 0 for any that is free.
        browser: whether to open the page in the browser.
        told: called with the address as soon as it answers.

    Raises:
        DataError: the port is in use, or the coder's page is open in another server.
    """
    from autokode.review.app import create_app

    with only_one(project.folder, coder.name) as open_at:
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
            _write_private(open_at, address)
            session.learner.nudge(least=AFTER if session.state()["round"] else 1)
            told(address)
            session.learner.turn()  # the last server may have ended before suggestions followed the dial or had their words
            if browser:
                webbrowser.open(address)
            server.run()
        finally:
            server.close()
            session.learner.stop()
            open_at.unlink(missing_ok=True)


def _listening(app: Any, port: int) -> Any:
    """A waitress server that listens on a port; `Any` because its stubs lack `effective_port`."""
    from waitress.server import create_server

    try:
        return create_server(
            app, host=ADDRESS, port=port, threads=THREADS, ident=None, clear_untrusted_proxy_headers=True
        )
    except OSError as error:
        raise failure(
            f"porten {port} er i bruk",
            f"port {port} is in use",
            try_next=say(f"--port {port + 1}, eller uten --port", f"--port {port + 1}, or no --port"),
        ) from error


@contextlib.contextmanager
def only_one(folder: Path, coder: str) -> Iterator[Path]:
    """Hold the lock of a coder's page, and give the place for its address. The system releases a lock when its process ends.

    Raises:
        DataError: another server holds it; the message says at which address.
    """
    name = f".review-{sha256_of(coder)[:12]}"  # a coder's name may hold what a file's name may not
    there = folder / f"{name}.address"
    try:
        with FileLock(folder / f"{name}.lock", timeout=0, mode=0o600):
            yield there
    except Timeout as error:
        where = there.read_text(encoding="utf-8") if there.exists() else say("et annet vindu", "another window")
        raise failure(
            f"{coder} har siden åpen alt: {where}",
            f"{coder} has the page open already: {where}",
            where=folder,
            try_next=say(
                "bruk den siden, eller lukk den først; en annen koder: --coder NAVN",
                "use that page, or close it first; another coder: --coder NAME",
            ),
        ) from error


def _write_private(path: Path, text: str) -> None:
    """Write a file that its owner alone can read; if that fails, do without it."""
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as stream:
            stream.write(text)
