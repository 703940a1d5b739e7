"""Read files; write files whole or not at all, readable by their owner alone."""

import contextlib
import difflib
import errno
import io
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from autokode.base.errors import command_for, failure, quoted

_NOTHING = (errno.ENOENT, errno.ENOTDIR, errno.EBADF, errno.ELOOP)
"""Errors of a path at which nothing stands."""


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file under a temporary name and then rename it, so that it is there whole or not at all.

    Text is written as UTF-8 with the line ends it has. The file is readable by its owner alone (mode 0600).

    Raises:
        DataError: the folder is missing, not writable or full; an older file of that name is untouched.
    """
    with file_whole(path) as temporary:
        temporary.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)


@contextlib.contextmanager
def file_whole(path: Path) -> Iterator[Path]:
    """Give a temporary file that replaces `path` when the block ends without an error.

    Raises:
        DataError: the folder is not writable or full; an older file of that name is untouched.
    """
    with _writing(path):
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        os.close(handle)
        temporary = Path(name)
        try:
            yield temporary
            with temporary.open("r+b") as stream:
                os.fsync(stream.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def folder_whole(folder: Path) -> Iterator[Path]:
    """Give a temporary folder that replaces `folder` when the block ends without an error.

    Raises:
        DataError: the folder cannot be written; an older folder of that name is untouched.
    """
    with _writing(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
        try:
            yield temporary
            _replace_folder(temporary, folder)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)


def make_folder(folder: Path) -> None:
    """Make a folder, with those above it, for its owner alone; one that is there stays as it is.

    Raises:
        DataError: it cannot be made, or something else stands there.
    """
    if folder.is_file():
        raise failure(
            "er en fil; ventet en mappe",
            "is a file; expected a folder",
            where=folder,
            try_next=f"ls -l {quoted(folder)}",
        )
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise failure(
            f"kan ikke lages ({error.strerror})",
            f"cannot be made ({error.strerror})",
            where=folder,
            try_next=command_for(error, folder.parent),
        ) from error


def _replace_folder(new: Path, place: Path) -> None:
    if not place.exists():
        new.replace(place)
        return
    old = Path(tempfile.mkdtemp(dir=place.parent, prefix=f".{place.name}.old."))
    place.replace(old / place.name)
    try:
        new.replace(place)
    except BaseException:
        (old / place.name).replace(place)
        old.rmdir()
        raise
    shutil.rmtree(old, ignore_errors=True)


def read_bytes(path: Path) -> bytes:
    """Read a file's bytes; raises as `opened`."""
    with opened(path) as stream:
        return stream.read()


@contextlib.contextmanager
def opened(path: Path) -> Iterator[io.BufferedReader]:
    """Open a file to read its bytes.

    Raises:
        DataError: the file is missing, is a folder, or may not be read.
    """
    try:
        with path.open("rb") as stream:
            yield stream
    except FileNotFoundError as error:
        near = nearest_name(path)
        raise failure("filen finnes ikke", "there is no such file", where=path, try_next=near) from error
    except IsADirectoryError as error:
        raise failure(
            "er en mappe; ventet en fil", "is a folder; expected a file", where=path, try_next=f"ls {quoted(path)}"
        ) from error
    except OSError as error:
        raise failure(
            f"kan ikke leses ({error.strerror})",
            f"cannot be read ({error.strerror})",
            where=path,
            try_next=f"ls -l {quoted(path)}",
        ) from error


def is_there(path: Path) -> bool:
    """Whether something stands at a path.

    Raises:
        OSError: nobody may look there. `Path.exists` says so too before Python 3.14, and from then on that nothing is there.
    """
    try:
        path.stat()
    except OSError as error:
        if error.errno in _NOTHING:
            return False
        raise
    except ValueError:  # a name that no system has
        return False
    return True


def nearest_name(path: Path) -> str:
    """The file in the same folder whose name is most like the missing one, or the command that lists the nearest folder."""
    folder = next((above for above in path.parents if above.is_dir()), Path())
    names = [p.name for p in folder.iterdir()] if folder == path.parent else []
    near = difflib.get_close_matches(path.name, names, n=1)
    return quoted(folder / near[0]) if near else f"ls {quoted(folder)}"


@contextlib.contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = error.strerror or str(error)
        raise failure(
            f"kan ikke skrives ({why}); ingenting er endret",
            f"cannot be written ({why}); nothing was changed",
            where=path,
            try_next=command_for(error, path.parent),
        ) from error
