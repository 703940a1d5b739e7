"""Serves pages to this machine alone: a coder's page of a project until Ctrl-C, or «Mine prosjekter» until nobody uses it."""

import contextlib
import gc
import logging
import webbrowser
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autokode.base.errors import failure
from autokode.base.messages import say
from autokode.project import Coder, Project

if TYPE_CHECKING:
    from autokode.review.start.open_projects import OpenProjects


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
    with _serving(port, ends=False) as (projects, server):
        found = projects.open(project, coder)
        told(Ways(found.file, projects.address, found.door.code))
        if browser:
            webbrowser.open(found.file.absolute().as_uri())
        server.run()


def serve_start_page(
    *, port: int, browser: bool, told: Callable[[Ways], None], running: Callable[[Path], None]
) -> None:
    """Serve «Mine prosjekter» until its pages are closed, or find the server that does.

    Args:
        port: the port to listen at; 0 for any that is free.
        browser: whether to open the page in the browser.
        told: called with the ways in as soon as the page answers.
        running: called instead if the page runs already, with the file that leads there.

    Raises:
        DataError: the port is in use, or the page that runs does not answer.
    """
    from autokode.review.start.running import only_start_page

    with only_start_page() as (place, is_running):
        if is_running:
            running(place)
            if browser:
                webbrowser.open(place.absolute().as_uri())
            return
        with _serving(port, ends=True) as (projects, server), projects.door.file(place, projects.address) as file:
            told(Ways(file, projects.address, projects.door.code))
            if browser:
                webbrowser.open(file.absolute().as_uri())
            server.run()


@contextlib.contextmanager
def _serving(port: int, *, ends: bool) -> "Iterator[tuple[OpenProjects, Any]]":
    """A server that listens, and what it serves; all is closed behind it, also by an interrupt that comes before it runs."""
    from autokode.review.start.app import create_start_app
    from autokode.review.start.known_projects import KnownProjects
    from autokode.review.start.life import Life
    from autokode.review.start.open_projects import OpenProjects

    projects = OpenProjects(KnownProjects(), Life())
    server = _listening(projects, port, projects.is_over if ends else lambda: False)
    try:
        own_port = int(server.effective_port)
        projects.begin(own_port, create_start_app(projects, own_port))
        gc.freeze()  # the modules stay: to look through them for garbage would hold up a click by a tenth of a second
        yield projects, server
    finally:
        server.close()
        projects.close_all()


def _listening(app: Any, port: int, is_over: Callable[[], bool]) -> Any:
    """A server that listens on a port; `Any` because waitress's stubs lack `effective_port`."""
    from autokode.review.connections import Server
    from autokode.review.start.open_projects import ADDRESS

    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a page asks for many small files at once
    try:
        return Server(app, host=ADDRESS, port=port, is_over=is_over)
    except OSError as error:
        raise failure(
            f"porten {port} er i bruk",
            f"port {port} is in use",
            try_next=say(f"--port {port + 1}, eller uten --port", f"--port {port + 1}, or no --port"),
        ) from error
