"""Counts what five public calls and one decision on the page go through, in the autokode that is on the path; prints JSON.

    PYTHONPATH=TREE/src python -m benchmarks.qa.house_calls TREE

Each call runs twice and the second is counted, so that modules are loaded and caches are warm. Private modules are named
differently from tree to tree; only public names are used, and those of the page that its tests use.
"""

import contextlib
import csv
import json
import os
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import autokode
from autokode import evaluate, load_model, read_study, read_transcript, suggest
from autokode.cli import run
from autokode.project import Project
from autokode.review.app import create_app
from autokode.review.session import Session

HOME = f"{Path(autokode.__file__).parent}{os.sep}"
THREE = ("kontor_a", "kontor_b", "kontor_c")
TEXTS = ["Vi må ta oss tid til å bli trygge på hverandre.", "Det er jo vi som sitter på pengene."]
TOKEN, PORT = "house", 8123


class Stack:
    """Follows one thread's calls; `files` are the files of autokode on the stack that went through most of them."""

    def __init__(self) -> None:
        self.files: list[str] = []
        self._stack: list[str] = []
        self._on = Counter[str]()

    def __call__(self, frame: FrameType, event: str, _about: object) -> None:
        name = frame.f_code.co_filename
        if not name.startswith(HOME):
            return
        if event == "call":
            self._stack.append(name)
            self._on[name] += 1
            if len(self._on) > len(self.files):
                self.files = [file.removeprefix(HOME) for file in dict.fromkeys(self._stack)]
        elif event == "return" and self._stack:
            last = self._stack.pop()
            self._on[last] -= 1
            if not self._on[last]:
                del self._on[last]


def files_of(call: Callable[[], object]) -> list[str]:
    """List the files on the call's deepest stack, outermost first."""
    call()
    stack = Stack()
    sys.setprofile(stack)
    try:
        call()
    finally:
        sys.setprofile(None)
    return stack.files


def made_project(data: Path, folder: Path) -> Project:
    """Make a project of three interviews, with codings by Anne and suggestions for her."""
    codings = folder / "codings.csv"
    with (data / "codings.csv").open(encoding="utf-8", newline="") as file, codings.open("w", encoding="utf-8") as own:
        heading, *rows = csv.reader(file)
        csv.writer(own).writerows([heading, *(row for row in rows if row[0] in THREE[:2])])
    at = ["--project", str(folder / "prosjekt")]
    files = [str(next(data.glob(f"{name}.*"))) for name in THREE]
    for words in (
        ["init", str(folder / "prosjekt"), "--codebook", str(data / "codebook.yaml")],
        ["add", *files, str(codings), *at, "--coder", "Anne"],
        ["learn", *at, "--coder", "Anne"],
    ):
        with contextlib.redirect_stdout(sys.stderr):
            if run(words):
                raise SystemExit(f"autokode {' '.join(words)} failed")
    return Project.open(folder / "prosjekt")


def _way_in() -> tuple[Any]:
    """What `create_app` asks for besides a session and a port: a door, or in older trees its path."""
    try:
        from autokode.review.door import Door
    except ImportError:
        return (TOKEN,)
    return (Door(path=TOKEN, key=TOKEN),)


def connections_of_a_decision(project: Project) -> int:
    """Count the database connections that one accepted suggestion opens on the page, the first having been accepted before."""
    session = Session(project, project.coder("Anne"))
    session.learner.nudge = lambda **_options: False  # type: ignore[method-assign] - learning runs in a process of its own
    client = create_app(session, *_way_in(), PORT).test_client()
    client.set_cookie("autokode", TOKEN, domain="127.0.0.1", path=f"/{TOKEN}/")
    base = {"base_url": f"http://127.0.0.1:{PORT}"}
    number = project.source(THREE[2]).id
    page = client.get(f"/{TOKEN}/interview/{number}", **base).get_data(as_text=True)
    opened = 0

    def hear(event: str, _about: tuple[Any, ...]) -> None:
        nonlocal opened
        opened += event == "sqlite3.connect"

    sys.addaudithook(hear)
    for card in re.findall(r'data-suggestion="(\d+)"', page)[:2]:
        opened = 0
        said = {"said": "accept", "transcript": number}
        answer = client.post(f"/{TOKEN}/suggestion/{card}", json=said, headers={"Origin": base["base_url"]}, **base)
        if answer.status_code != 200:
            raise SystemExit(f"the page answered {answer.status_code}: {answer.get_data(as_text=True)}")
    return opened


def main() -> None:
    data = Path(sys.argv[1]).resolve() / "training_data"
    coder, study = load_model("nav-nb"), read_study(data, names=THREE)
    transcript = study.transcripts[THREE[0]]
    with tempfile.TemporaryDirectory() as folder:
        project = made_project(data, Path(folder))
        calls: dict[str, Callable[[], object]] = {
            "`AutoCoder.predict_proba`, two texts": lambda: coder.predict_proba(TEXTS),
            "`suggest`, one transcript": lambda: suggest(coder, transcript),
            "`evaluate`, three interviews": lambda: evaluate(study),
            "`read_transcript`, a Word file": lambda: read_transcript(data / "kontor_a.docx"),
            "`Project.codings`": project.codings,
        }
        found = {
            "files": {name: files_of(call) for name, call in calls.items()},
            "connections": connections_of_a_decision(project),
        }
    json.dump(found, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
