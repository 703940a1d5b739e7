"""One server, one port: the start page and every project that is open, each under a path and behind a key of its own."""

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, RLock
from typing import Any

from flask import Flask
from werkzeug.wsgi import ClosingIterator

from autokode.project import Coder, Project
from autokode.review.app import create_app
from autokode.review.door import Door
from autokode.review.learning_process import AFTER
from autokode.review.page_locks import clear_stranded, only_one
from autokode.review.screens.coders import OPENS
from autokode.review.session import Session
from autokode.review.start.known_projects import KnownProjects, is_project
from autokode.review.start.life import Life

ADDRESS = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class OpenProject:
    """A coder's page of a project.

    Attributes:
        session: the coder at the project.
        door: its key, and the first part of its addresses.
        file: leads a browser to it.
        app: answers under the door's path.
        held: what is let go when it is closed: the lock, the file, the process that learns.
    """

    session: Session
    door: Door
    file: Path
    app: Flask
    held: ExitStack


class OpenProjects:
    """The app of a server: it hands each request to the start page, or to the project whose path it has.

    A key opens what it was made for and nothing else: each app looks at its own. `begin` comes before the first request.

    Attributes:
        known: where it is noted which projects were open.
        life: which pages are open in a browser.
        door: the start page's.
        address: of the server; browsers get a key there for a code.
    """

    def __init__(self, known: KnownProjects, life: Life) -> None:
        self.known = known
        self.life = life
        self.door = Door()
        self.address = ""
        self._port = 0
        self._open: dict[str, OpenProject] = {}
        self._opening = RLock()
        self._answering, self._counting = 0, Lock()
        self._start: Flask | None = None

    def begin(self, port: int, start: Flask) -> None:
        """Begin to answer, with the start page's app, for a server that listens at a port."""
        self._port, self.address, self._start = port, f"http://{ADDRESS}:{port}/", start

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a request (WSGI)."""
        first = str(environ.get("PATH_INFO", "")).split("/", 2)[1:2]
        found = self._open.get(first[0]) if first else None
        app = found.app if found else self._start
        assert app is not None  # noqa: S101 - `begin` made it
        self._count(1)
        try:
            return ClosingIterator(app(environ, start_response), [lambda: self._count(-1)])
        except BaseException:
            self._count(-1)
            raise

    def _count(self, change: int) -> None:
        with self._counting:
            self._answering += change

    def doors(self) -> list[Door]:
        """The doors of all open projects."""
        return [one.door for one in list(self._open.values())]

    def open(self, project: Project, coder: Coder) -> OpenProject:
        """Open a coder's page of a project, or give the one that is open.

        Raises:
            DataError: another server has it open; the message says how to get there.
        """
        with self._opening:
            self.close_what_is_gone()
            found = self.of(project.folder, coder.name)
            if found is not None:
                return found
            with ExitStack() as held:
                place = held.enter_context(only_one(project.folder, coder.name))
                session, door = Session(project, coder), Door()
                session.clear_files()
                clear_stranded(project.folder)
                held.callback(session.close)
                session.end = lambda: self._end(project.folder)
                file = held.enter_context(door.file(place, self.address))
                app = create_app(session, door, self._port, start_address=f"/{self.door.path}/", life=self.life)
                app.config[OPENS] = lambda other: self.open(project, other).door
                session.learner.nudge(least=AFTER if session.state()["round"] else 1)
                session.learner.turn()  # the last server may have ended before suggestions followed the dial or had their words
                self.known.note(project.folder, coder.name)
                found = self._open[door.path] = OpenProject(session, door, file, app, held.pop_all())
            return found

    def of(self, folder: Path, coder: str = "") -> OpenProject | None:
        """The page of a project that is open: a coder's, or anybody's for ""."""
        place = folder.resolve()
        own = [one for one in list(self._open.values()) if one.session.project.folder.resolve() == place]
        return next((one for one in own if coder in ("", one.session.coder.name)), None)

    def close(self, folder: Path) -> None:
        """Close all coders' pages of a project; everything is on disk already."""
        with self._opening:
            while (found := self.of(folder)) is not None:
                self._let_go(found)

    def _end(self, folder: Path) -> None:
        """Close a project's pages, and forget it: nothing of it is left."""
        self.close(folder)
        self.known.forget(folder.resolve())

    def close_all(self) -> None:
        """Close all projects."""
        with self._opening:
            for one in list(self._open.values()):
                self._let_go(one)

    def is_over(self) -> bool:
        """Whether nobody has a page open any longer, and nothing is being written or learnt."""
        return self.life.is_over() and not self._answering and not self._is_working()

    def _is_working(self) -> bool:
        return any(one.session.is_working for one in list(self._open.values()))

    def close_what_is_gone(self) -> None:
        """Close the projects whose folders hold none any longer."""
        with self._opening:
            for one in list(self._open.values()):
                if not is_project(one.session.project.folder):
                    self._let_go(one)

    def _let_go(self, one: OpenProject) -> None:
        self._open.pop(one.door.path, None)
        one.held.close()
