"""The folders of a user's home directory, as the page's folder dialogue lists them, and none outside it.

No path comes from a request: the page knows a folder by a sign, and what a sign stands for is looked at again at every use.
"""

import os
import secrets
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from autokode.base.errors import DataError, failure
from autokode.base.formatting import natural
from autokode.base.messages import say
from autokode.review.start.known_projects import is_project

MOST = 500
"""Folders listed of one folder."""


class Signs:
    """Signs for folders that the server itself came upon; what it did not come upon has none."""

    MOST = 20_000
    """Signs kept; the oldest go first."""

    def __init__(self) -> None:
        self._paths: OrderedDict[str, Path] = OrderedDict()
        self._signs: dict[Path, str] = {}

    def sign(self, path: Path) -> str:
        """The sign of a folder, the same each time."""
        found = self._signs.get(path)
        if found is None:
            found = self._signs[path] = secrets.token_hex(8)
            self._paths[found] = path
            if len(self._paths) > self.MOST:
                self._signs.pop(self._paths.popitem(last=False)[1])
        return found

    def path(self, sign: str) -> Path:
        """The folder with a sign.

        Raises:
            DataError: there is none.
        """
        if sign not in self._paths:
            raise failure(
                "mappen er ikke i listen lenger; last siden på nytt",
                "the folder is no longer listed; load the page again",
            )
        return self._paths[sign]


@dataclass(frozen=True, slots=True)
class ListedFolder:
    """A folder in a list."""

    sign: str
    name: str
    is_project: bool


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file in a list."""

    sign: str
    name: str


@dataclass(frozen=True, slots=True)
class FolderListing:
    """A folder with those in it.

    Attributes:
        here: the folder itself.
        above: the folders it lies in, the home directory first.
        folders: those in it, projects among them, in the order of their names.
        more: how many are not listed.
    """

    here: ListedFolder
    above: tuple[ListedFolder, ...]
    folders: tuple[ListedFolder, ...]
    more: int


def _unread(error: OSError) -> DataError:
    return failure(f"mappen kan ikke leses ({error.strerror})", f"the folder cannot be read ({error.strerror})")


class HomeFolders:
    """The folders of a home directory, but for hidden ones and what leads out of it."""

    def __init__(self, signs: Signs, home: Path | None = None) -> None:
        self.signs = signs
        self.home = (home or Path.home()).resolve()

    def path(self, sign: str) -> Path:
        """The folder with a sign, "" for the home directory, looked at anew.

        Raises:
            DataError: it is gone, leads out of the home directory by now, or never had a sign.
        """
        path = self.home if not sign else self.signs.path(sign)
        found = self._inside(path)
        if found is None or found != path:
            raise failure(
                "mappen er flyttet eller slettet siden den ble vist",
                "the folder was moved or deleted since it was shown",
            )
        return path

    def listing(self, sign: str) -> FolderListing:
        """List a folder.

        Raises:
            DataError: as in `path`, or it may not be read.
        """
        folder = self.path(sign)
        try:
            with os.scandir(folder) as entries:
                names = sorted((entry.name for entry in entries if not entry.name.startswith(".")), key=natural)
        except OSError as error:
            raise _unread(error) from error
        within = [(name, path) for name in names if (path := self._inside(folder / name)) is not None]
        above = [one for one in reversed(folder.parents) if one.is_relative_to(self.home)]
        return FolderListing(
            self._listed(folder, folder.name),
            tuple(self._listed(one, one.name) for one in above),
            tuple(self._listed(path, name) for name, path in within[:MOST]),
            max(0, len(within) - MOST),
        )

    def files(self, sign: str, endings: Collection[str]) -> tuple[ListedFile, ...]:
        """The files of a folder with one of these endings, in the order of their names; no hidden ones, and no links.

        Raises:
            DataError: as in `listing`.
        """
        folder = self.path(sign)
        try:
            with os.scandir(folder) as entries:
                names = [
                    one.name
                    for one in entries
                    if not one.name.startswith(".")
                    and Path(one.name).suffix.lower() in endings
                    and one.is_file(follow_symlinks=False)
                ]
        except OSError as error:
            raise _unread(error) from error
        return tuple(ListedFile(self.signs.sign(folder / name), name) for name in sorted(names, key=natural)[:MOST])

    def shown(self, folder: Path) -> str:
        """A folder as a person reads it: with ~ for the home directory."""
        if folder == self.home:
            return say("hjemmemappen", "home directory")
        return f"~{os.sep}{folder.relative_to(self.home)}" if folder.is_relative_to(self.home) else str(folder)

    def _listed(self, path: Path, name: str) -> ListedFolder:
        own = say("Hjemmemappen", "Home directory") if path == self.home else name
        return ListedFolder(self.signs.sign(path), own, is_project(path))

    def _inside(self, path: Path) -> Path | None:
        """The folder that a path leads to; None if that is none, is hidden, or lies outside the home directory."""
        try:
            found = path.resolve(strict=True)
            if not found.is_relative_to(self.home) or not found.is_dir():
                return None
        except (OSError, RuntimeError, ValueError):  # gone, a circle of links, a name that no system has
            return None
        return None if any(part.startswith(".") for part in found.relative_to(self.home).parts) else found
