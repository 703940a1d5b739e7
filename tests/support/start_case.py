"""The start page and what it opens, asked without a server; and the program as a user starts it."""

import contextlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

from werkzeug.test import Client, TestResponse

from autokode.project import Project
from autokode.review.door import Door
from autokode.review.guard import COOKIE
from autokode.review.learning_process import Learner
from autokode.review.start.app import create_start_app
from autokode.review.start.known_projects import KnownProjects
from autokode.review.start.life import Life
from autokode.review.start.open_projects import OpenProjects
from review_case import HOST, ORIGIN, PORT, Address, opened


class House:
    """A start page, with the keys that one browser has."""

    def __init__(self, own: Path, life: Life | None = None) -> None:
        self.projects = OpenProjects(KnownProjects(own), life or Life())
        self.projects.begin(PORT, create_start_app(self.projects, PORT))
        self.root = f"/{self.projects.door.path}/"
        self.client = Client(self.projects)
        self.keep(self.projects.door)

    def keep(self, door: Door) -> None:
        """Let the browser have a door's key."""
        self.client.set_cookie(COOKIE, door.key, domain="127.0.0.1", path=f"/{door.path}/")

    def get(self, path: str = "", client: Client | None = None) -> TestResponse:
        """Ask for a page: of the start page, or at a whole address."""
        place = path if path.startswith("/") else self.root + path
        return (client or self.client).get(place, base_url=f"http://{HOST}")

    def post(self, path: str, headers: dict[str, str] | None = None, **body: object) -> TestResponse:
        """Send to the start page as its script does."""
        place = path if path.startswith("/") else self.root + path
        return self.client.post(
            place, base_url=f"http://{HOST}", json=body, headers=ORIGIN if headers is None else headers
        )

    def sign(self, folder: Path) -> str:
        """The sign by which the page knows a folder."""
        start: Any = self.projects._start
        return str(start.config["SIGNS"].sign(folder))


def unlearning(patch: Any) -> None:
    """Let no process learn: learning has tests of its own."""
    patch.setattr(Learner, "nudge", lambda *_given, **_options: False)
    patch.setattr(Learner, "turn", lambda *_given: None)


def key_in(answer: TestResponse) -> dict[str, str]:
    """Path → value of the keys that an answer gives."""
    found = {}
    for line in answer.headers.getlist("Set-Cookie"):
        assert "HttpOnly" in line
        assert "SameSite=Strict" in line
        for one in SimpleCookie(line).values():
            found[one["path"]] = one.value
    return found


def empty_project(folder: Path, coder: str = "") -> Project:
    """A project without interviews."""
    from autokode.project.views.next_steps import starter

    project = Project.create(folder, starter())
    if coder:
        project.coder(coder)
    return project


@contextlib.contextmanager
def started(home: Path, *options: str, browser: str = "") -> Iterator[tuple[Address, "subprocess.Popen[str]"]]:
    """Start `autokode` as a user would, with a home directory of its own; yields the address inside, and the process."""
    process = subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "autokode", *options, *([] if browser else ["--no-browser"])],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=environment(home, browser),
    )
    try:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line.strip())
            if lines[-1].startswith("Avslutter"):
                yield opened(next(one for one in lines if one.startswith("file:"))), process
                return
        _out, err = process.communicate()
        raise AssertionError(f"no address: {lines} {err}")
    finally:
        process.terminate()
        _out, err = process.communicate()
        assert "Traceback" not in err, err


def environment(home: Path, browser: str = "true") -> dict[str, str]:
    """The environment of a user with a home directory of their own."""
    own = {"HOME": str(home), "AUTOKODE_HOME": str(home / ".own"), "AUTOKODE_LANG": "nb", "BROWSER": browser}
    return {**os.environ, **own}


def door_file(home: Path) -> Path:
    """The file that leads to the start page that runs."""
    return next((home / ".own" / "state").glob("start-*")).with_suffix("") / "side.html"


def code_in(file: Path) -> str:
    """The code in a door's file."""
    return re.findall(r'value="(\w+)"', file.read_text(encoding="utf-8"))[0]
