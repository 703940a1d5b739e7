"""Files that a person brings to the page, in small pieces so that no request is large; they go as soon as they are used.

Nothing of what a file is called stands in a path: only its ending does, by which readers tell formats apart.
"""

import contextlib
import os
import re
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from autokode.base.errors import failure
from autokode.base.hashing import sha256_of
from autokode.project.store.project_files import INCOMING

MOST_BYTES, MOST_FILES = 1 << 30, 1000
"""Largest size of all files that wait, in bytes, and their largest number."""


@dataclass(slots=True)
class IncomingFile:
    """A file that was brought.

    Attributes:
        name: as its owner calls it, without folders.
        folder: the folders above it that were brought with it, "" for none.
        path: where it lies.
        size: in bytes, when it is whole.
        here: bytes that have come.
        version_of: the interview that it was brought for as a new version, None for a file of its own.
    """

    name: str
    folder: str
    path: Path
    size: int
    here: int = 0
    version_of: int | None = None

    @property
    def is_whole(self) -> bool:
        """Whether all of it has come."""
        return self.here == self.size


class Incoming:
    """The files of one coder that wait in a project's folder."""

    def __init__(self, project: Path, coder: str) -> None:
        self.folder = project / f"{INCOMING}{sha256_of(coder)[:12]}"
        self.files: dict[str, IncomingFile] = {}

    def begin(self, name: str, size: int) -> str:
        """Announce a file; `name` may have folders before it, with «/» between. Answer with its sign.

        Raises:
            DataError: too much waits already.
        """
        waiting = sum(file.size for file in self.files.values())
        if size < 0 or waiting + size > MOST_BYTES or len(self.files) >= MOST_FILES:
            raise failure(
                f"for mye på én gang: høyst {MOST_FILES} filer og {MOST_BYTES >> 20} MB",
                f"too much at once: at most {MOST_FILES} files and {MOST_BYTES >> 20} MB",
            )
        *folders, own = name.replace("\\", "/").split("/")
        ending = re.search(r"\.[a-z0-9]{1,12}$", own.lower())
        sign = secrets.token_hex(8)
        self.folder.mkdir(mode=0o700, exist_ok=True)
        path = self.folder / f"{sign}{ending[0] if ending else ''}"
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        self.files[sign] = IncomingFile(own, "/".join(folders), path, size)
        return sign

    def add(self, sign: str, at: int, piece: bytes) -> IncomingFile:
        """Add the piece of a file that begins at a byte; one that has come already changes nothing.

        Raises:
            DataError: the file is unknown, or the piece is not the next one.
        """
        file = self.file(sign)
        if at + len(piece) <= file.here:
            return file
        if at != file.here or at + len(piece) > file.size:
            raise failure("en del av filen kom ikke fram; prøv igjen", "a part of the file was lost; try again")
        with file.path.open("ab") as stream:
            stream.write(piece)
        file.here += len(piece)
        return file

    def file(self, sign: str) -> IncomingFile:
        """The file with a sign.

        Raises:
            DataError: there is none.
        """
        if sign not in self.files:
            raise failure(
                "filen venter ikke lenger; hent den inn på nytt", "the file waits no longer; bring it in again"
            )
        return self.files[sign]

    def drop(self, sign: str) -> None:
        """Remove a file, if it is there."""
        file = self.files.pop(sign, None)
        if file is not None:
            file.path.unlink(missing_ok=True)
        if not self.files:
            with contextlib.suppress(OSError):
                self.folder.rmdir()

    def clear(self) -> None:
        """Remove all files, also those of a server that was killed."""
        self.files.clear()
        shutil.rmtree(self.folder, ignore_errors=True)
