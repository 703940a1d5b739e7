"""Reports, exports, imports and other long work that a page asks for: it is answered at once, and asks how far it has come."""

import shutil
import subprocess
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autokode.base.errors import failure
from autokode.base.hashing import sha256_of
from autokode.base.messages import interface_language, say
from autokode.project.store.project_files import MADE
from autokode.review import work_apart

MODULE = "autokode.review.errand_process"
CHANGES = "take_in"
"""The kind of errand that changes the project: it is never cut off."""


@dataclass
class Errand:
    """A piece of work.

    Attributes:
        number: its number in this session.
        kind: what it is, as `errand_process.WORK` names it.
        given: what was asked for.
        folder: where its files lie, readable by their owner alone.
        result: what came of it; None until it is done.
        failed: why nothing came of it, in sentences; "" if it did not fail.
        far: what it is doing now, how much is done, and how much there is; ("", 0, 0) if it does not say.
    """

    number: int
    kind: str
    given: Mapping[str, Any]
    folder: Path
    result: dict[str, Any] | None = None
    failed: str = ""
    far: tuple[str, int, int] = ("", 0, 0)
    process: "subprocess.Popen[str] | None" = field(default=None, repr=False)

    @property
    def is_working(self) -> bool:
        """Whether it is still being done."""
        return self.result is None and not self.failed

    def file(self, name: str) -> Path | None:
        """The file of this name that it made and that is still there."""
        named = {one["name"] for one in (self.result or {}).get("files", ())}
        path = self.folder / name
        return path if name in named and path.is_file() else None


class Errands:
    """The work that one coder's page has asked for: the last of each topic. A new one takes the place of the one before."""

    def __init__(self, project: Path, coder: str) -> None:
        self.project, self.coder = project, coder
        self.folder = project / f"{MADE}{sha256_of(coder)[:8]}"  # a removal takes it for a copy, and deletes it
        self._last: dict[str, Errand] = {}
        self._count = 0
        self._lock = threading.Lock()

    @property
    def is_working(self) -> bool:
        """Whether any of it is still being done."""
        return any(one.is_working for one in list(self._last.values()))

    def last(self, topic: str) -> Errand | None:
        """The last errand of a topic; None if there was none, or it was dropped."""
        return self._last.get(topic)

    def begin(self, topic: str, kind: str, given: Mapping[str, Any]) -> Errand:
        """Begin an errand; the one before of its topic ends, and its files go."""
        with self._lock:
            self._drop(topic)
            if not self._last:
                shutil.rmtree(self.folder, ignore_errors=True)  # of a server that was killed
            self._count += 1
            folder = self.folder / str(self._count)
            self.folder.mkdir(mode=0o700, exist_ok=True)
            folder.mkdir(mode=0o700)
            errand = self._last[topic] = Errand(self._count, kind, dict(given), folder)
            asked = {
                "kind": kind,
                "project": str(self.project),
                "folder": str(folder),
                "language": interface_language(),
                "given": errand.given,
            }
            _set_going(errand, asked)
        return errand

    def numbered(self, number: int) -> Errand:
        """The errand with a number.

        Raises:
            DataError: it was dropped, or another took its place.
        """
        found = next((one for one in list(self._last.values()) if one.number == number), None)
        if found is None:
            raise failure(
                "det siden viser, er ikke her lenger: det er gjort ferdig eller erstattet i et annet vindu",
                "what the page shows is no longer here: it was finished or replaced in another window",
                try_next=say("last siden på nytt", "load the page again"),
            )
        return found

    def drop(self, topic: str) -> None:
        """End an errand, and remove its files."""
        with self._lock:
            self._drop(topic)

    def clear(self) -> None:
        """End all errands, and remove all files, also those of a server that was killed."""
        with self._lock:
            for topic in list(self._last):
                self._drop(topic)
            shutil.rmtree(self.folder, ignore_errors=True)

    def _drop(self, topic: str) -> None:
        errand = self._last.pop(topic, None)
        if errand is None:
            return
        if errand.process is not None and errand.process.poll() is None:
            if errand.kind != CHANGES:
                errand.process.terminate()
            errand.process.wait()
        shutil.rmtree(errand.folder, ignore_errors=True)


def _set_going(errand: Errand, asked: Mapping[str, Any]) -> None:
    """Start the process of an errand, which says how far it is, and at last what came of it or why it failed."""
    said: dict[str, Any] = {}
    lost = say(
        "arbeidet stoppet før det var ferdig; prøv en gang til", "the work stopped before it was done; try once more"
    )

    def heard(line: dict[str, Any]) -> None:
        said.update(line)
        if "far" in line:
            now, done, whole = line["far"]
            errand.far = (str(now), int(done), int(whole))

    def ended() -> None:
        if "result" not in said:
            errand.failed = said.get("failed", "") or lost
        errand.result = said.get("result")

    errand.process = work_apart.begin(MODULE, asked, heard=heard, ended=ended)
