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
from autokode.review.session import Session

ADDRESS = "127.0.0.1"
LOCK, OPEN_AT = ".review.lock", ".review.address"
THREADS = 6


def serve(project: Project, coder: Coder, *, port: int, browser: bool, told: Callable[[str], None]) -> None:
    """Serve a project's page until it is interrupted.

    Args:
        project, coder: what is shown, and to whom.
        port: where to listen; 0 for any free one.
        browser: whether to open it in the browser.
        told: called with the address when it can be opened.

    Raises:
        DataError: the port is in use, or the project is open in another server.
    """
    from waitress.server import TcpWSGIServer, create_server

    from autokode.review.app import create_app

    with only_one(project.folder):
        session = Session(project, coder)
        token = secrets.token_urlsafe(24)
        holder: dict[str, Any] = {}  # the app needs the port, and the server the app

        def app(environ: Any, start: Any) -> Any:
            return holder["app"](environ, start)

        try:
            server = create_server(
                app, host=ADDRESS, port=port, threads=THREADS, ident=None, clear_untrusted_proxy_headers=True
            )
        except OSError as error:
            raise failure(
                f"porten {port} er i bruk", f"port {port} is in use", try_next=f"autokode review --port {port + 1}"
            ) from error
        assert isinstance(server, TcpWSGIServer)  # noqa: S101 - one address, one socket
        holder["app"] = create_app(session, token, listening := int(server.effective_port))  # type: ignore[attr-defined]  # not in its stubs
        address = f"http://{ADDRESS}:{listening}/{token}/"
        try:  # an interrupt may come as soon as the address is out
            _note(project.folder / OPEN_AT, address)
            session.learner.nudge(least=_due(session))
            told(address)
            session.learner.turn()  # where the dial was moved, or words were lacking, when it was last ended
            if browser:
                webbrowser.open(address)
            server.run()
        finally:
            server.close()
            session.learner.stop()
            (project.folder / OPEN_AT).unlink(missing_ok=True)


@contextlib.contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold a project's lock: the system lets it go with the process, however that ends.

    Raises:
        DataError: another server holds it; says where it is open.
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


def _note(path: Path, text: str) -> None:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as stream:
            stream.write(text)


def _due(session: Session) -> int:
    """Return how many new decisions call for learning at the start: any, before there is a round; else as many as ever."""
    from autokode.review.learning_process import AFTER

    return AFTER if session.state()["round"] else 1
