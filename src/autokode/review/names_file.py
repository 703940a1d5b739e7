"""The list of names of a project, as the page reads and changes it: a file beside the project's folder."""

import threading
from collections.abc import Callable
from pathlib import Path

from autokode.base.errors import failure
from autokode.base.messages import say
from autokode.project import Project
from autokode.project.store.names_plan import list_beside
from autokode.pseudonym.names_list import NamesList, read_names_list


class NamesFile:
    """One project's list, read again when the file is another one."""

    def __init__(self, project: Project) -> None:
        self.path: Path = list_beside(project.folder.resolve())
        self._known: tuple[tuple[int, int], NamesList] | None = None
        self._done: list[tuple[NamesList, NamesList]] = []  # the list before and after each decision that can be undone
        self._undone: list[tuple[NamesList, NamesList]] = []
        self._lock = threading.Lock()

    def read(self) -> NamesList | None:
        """The list; None if there is none.

        Raises:
            DataError: it is damaged.
        """
        try:
            about = self.path.stat()
        except OSError:
            return None
        mark = (about.st_mtime_ns, about.st_size)
        if self._known is None or self._known[0] != mark:
            self._known = (mark, read_names_list(self.path))
        return self._known[1]

    def change(self, number: int, seen: str, changed: Callable[[NamesList], NamesList]) -> tuple[NamesList, NamesList]:
        """Change the list if an entry (0 for none) is as a window shows it; give the list before and after.

        Raises:
            DataError: there is no list, the entry is other than it was shown, or the change is refused.
        """
        with self._lock:
            before = self.read()
            if before is None:
                raise failure(
                    "listen er brukt eller forkastet; ingenting er endret",
                    "the list was used or discarded; nothing was changed",
                    try_next=say("last siden på nytt", "load the page again"),
                )
            if number and before.head(number).seen != seen:
                raise failure(
                    "dette er endret i et annet vindu; ingenting er endret her",
                    "this was changed in another window; nothing was changed here",
                    try_next=say("last siden på nytt", "load the page again"),
                )
            after = changed(before)
            after.write(self.path)
            self._undone = []
            if after != before:
                self._done.append((before, after))
            return before, after

    def step_back(self, *, again: bool = False) -> tuple[NamesList, NamesList] | None:
        """Take back the last decision made here that stands, or make `again` the one that was taken back last.

        It gives the list before and after; None if there is none, or if the list became another one since, as by a search.

        Raises:
            DataError: the list is damaged.
        """
        with self._lock:
            here, there = (self._undone, self._done) if again else (self._done, self._undone)
            now = self.read()
            if not here or now is None:
                return None
            step = here.pop()
            before, after = step if again else reversed(step)
            if now != before:
                here.clear()
                return None
            after.write(self.path)
            there.append(step)
            return now, after
