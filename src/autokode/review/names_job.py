"""Runs long work on names in a process of its own, one at a time: the page asks how far it is, and is answered meanwhile."""

import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autokode.base.errors import failure
from autokode.base.messages import interface_language, say
from autokode.review import work_apart

MODULE = "autokode.review.names_work"


class NamesJob:
    """The work that runs or ran last.

    Attributes:
        task: "search", "preview", "write", "check" or "undo"; "" before there is one.
        done, whole: how far it is.
        failed: why it failed, in words.
        found: what it found, when it is done.
    """

    def __init__(self) -> None:
        self.task = ""
        self.done = self.whole = 0
        self.failed = ""
        self.found: dict[str, Any] = {}
        self._process: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()

    @property
    def runs(self) -> bool:
        """Whether it is not done yet."""
        return self._process is not None

    def begin(
        self, task: str, folder: Path, given: dict[str, Any], *, then: Callable[[], object] = lambda: None
    ) -> None:
        """Start a task on a project (`names_work`); `then` is called when it has done what it was to do.

        Raises:
            DataError: another one runs.
        """
        with self._lock:
            if self._process is not None:
                raise failure("autokode arbeider alt med navnene; vent litt", "autokode is at work on the names; wait")
            self.task, self.done, self.whole, self.failed, self.found = task, 0, 0, "", {}
            lost = say("arbeidet ble stanset før det var ferdig", "the work was stopped before it was done")
            said: dict[str, Any] = {"failed": lost}

            def heard(line: dict[str, Any]) -> None:
                if "step" in line:
                    self.done, self.whole = line["step"]
                else:
                    said.update({"failed": "", **line})

            def ended() -> None:
                self._end(said["failed"], said.get("found", {}), then)

            asked = {"task": task, "folder": str(folder), "language": interface_language(), "given": given}
            self._process = work_apart.begin(MODULE, asked, heard=heard, ended=ended)

    def _end(self, failed: str, found: dict[str, Any], then: Callable[[], object]) -> None:
        with self._lock:
            self.failed, self.found = failed, found
            self._process = None
        if not failed:
            then()

    def forget(self) -> None:
        """Forget what was found."""
        if not self.runs:
            self.task, self.failed, self.found = "", "", {}

    def stop(self) -> None:
        """End the process; what it writes is whole or not there."""
        process = self._process
        if process is not None:
            process.terminate()
            process.wait()
