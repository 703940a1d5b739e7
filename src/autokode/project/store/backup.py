"""Backs up a project as one archive, and restores it into a new folder.

The archive holds the project's file as it is at one moment, codebook.yaml, and coders' models if they are asked for. The key
to pseudonyms lies outside the folder and never comes along. What was written is unpacked and opened before the archive gets its
name.
"""

import contextlib
import json
import re
import shutil
import sqlite3
import struct
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from autokode.base.errors import DataError, Problem, failure, quoted
from autokode.base.files import file_whole, folder_whole, is_there
from autokode.base.hashing import sha256_of_file
from autokode.base.messages import say
from autokode.project.store.database import WAIT_S, Database
from autokode.project.store.database_errors import in_words, no_project
from autokode.project.store.decision_log import now
from autokode.project.store.opening import connection_to
from autokode.project.store.project import Project
from autokode.project.store.project_files import CODEBOOK, FILE, MODEL, models

MANIFEST, FORMAT = "sikkerhetskopi.json", 1
MOST_FILES, MOST_BYTES = 10_000, 32 << 30
_OURS = re.compile(rf"{re.escape(FILE)}|{re.escape(CODEBOOK)}|{MODEL}(-\d+)?/[^/\\\0]+")
_PIECE = 1 << 20
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, EOFError, KeyError, TypeError),
    *(ValueError, AttributeError, RuntimeError, NotImplementedError, struct.error),
)
"""What reading a damaged archive raises."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup: the archive, its size in bytes, and the names of the files in it."""

    archive: Path
    size: int
    files: tuple[str, ...]


def backup_name(project: Project) -> str:
    """What a backup made now is called: by the project's folder and the day."""
    return f"{_begins(project)}{now()[:10]}.zip"


def backups_beside(project: Project) -> list[Path]:
    """The backups that lie beside a project's folder under a name that `backup_name` gives, or that a browser made of it."""
    begins = unicodedata.normalize("NFC", _begins(project))
    every = project.folder.resolve().parent.glob("*.zip")
    return sorted(path for path in every if unicodedata.normalize("NFC", path.name).startswith(begins))


def _begins(project: Project) -> str:
    return f"{project.folder.resolve().name}-sikkerhetskopi-"


def back_up(project: Project, archive: Path, *, with_models: bool = False) -> Backup:
    """Write a backup, readable by its owner alone; others may work in the project meanwhile.

    Args:
        project: the project.
        archive: a file that is not there yet.
        with_models: whether to take along coders' models, which can be learnt again.

    Raises:
        DataError: the file is there already or cannot be written, or what was written cannot be opened.
    """
    if archive.exists():
        raise failure(
            "finnes allerede; ingenting er skrevet over",
            "is there already; nothing was written over",
            where=archive,
            try_next=say("velg et annet navn", "choose another name"),
        )
    with file_whole(archive) as new, _folder_for_copy(archive) as copy:
        copy_database(project, copy / FILE)
        found = {FILE: copy / FILE}
        if (project.folder / CODEBOOK).is_file():
            found[CODEBOOK] = Path(shutil.copy(project.folder / CODEBOOK, copy))  # somebody may be editing it
        found |= dict(_model_files(project.folder)) if with_models else {}
        _pack(new, found)
        restored = copy / "prøve"
        restored.mkdir()
        _unpack(new, restored)
    return Backup(archive, archive.stat().st_size, tuple(found))


def restore_backup(archive: Path, folder: Path) -> Project:
    """Restore a backup into a folder that is not there yet, or is empty.

    Raises:
        DataError: something lies in the folder, or the archive is damaged or none of autokode's. Nothing is written then.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise failure(
            "er ikke tom; en sikkerhetskopi legges bare i en ny mappe",
            "is not empty; a backup is put into a new folder only",
            where=folder,
            try_next=say("velg en mappe som ikke finnes", "choose a folder that is not there"),
        )
    with folder_whole(folder) as new:
        _unpack(archive, new)
    return Project.open(folder)


@contextlib.contextmanager
def _folder_for_copy(archive: Path) -> Iterator[Path]:
    """A folder beside an archive for its owner alone, with a name that a project knows as its own if it lies in one."""
    with tempfile.TemporaryDirectory(dir=archive.parent, prefix=f".{FILE}.") as place:
        yield Path(place)


def copy_database(project: Project, copy: Path) -> None:
    """Copy a project's file as it is at one moment, for its owner alone."""
    copy.touch(mode=0o600)
    with project.database.reading() as connection, contextlib.closing(sqlite3.connect(copy)) as target:
        connection.backup(target)


def copy_file(path: Path, copy: Path) -> None:
    """Copy the file of another project, which is neither upgraded nor written to.

    Raises:
        DataError: there is none, or it is no project's.
    """
    if not is_there(path) or not path.is_file():
        raise no_project(path)
    copy.touch(mode=0o600)
    closing = contextlib.closing
    with (
        in_words(path),
        closing(sqlite3.connect(copy)) as target,
        closing(connection_to(path, wait_s=WAIT_S)) as source,
    ):
        source.backup(target)


def _model_files(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in models(folder):
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            name = file.relative_to(folder).as_posix()
            if file.is_file() and not file.is_symlink() and _OURS.fullmatch(name):
                yield name, file


def _pack(archive: Path, found: dict[str, Path]) -> None:
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as pack:
        about = {}
        for name, path in found.items():
            pack.write(path, name)
            about[name] = {"sha256": sha256_of_file(path), "size": path.stat().st_size}
        pack.writestr(MANIFEST, json.dumps({"format": FORMAT, "made": now(), "files": about}, indent=1))


def _unpack(archive: Path, folder: Path) -> None:
    """Unpack an archive into an empty folder, and open the project there.

    Raises:
        DataError: it is damaged, or none of autokode's.
    """
    try:
        with zipfile.ZipFile(archive) as pack:
            files = _files_in(pack)
            _check_room(folder, sum(one["size"] for one in files.values()))
            for name, about in files.items():
                path = folder / name
                path.parent.mkdir(mode=0o700, exist_ok=True)
                path.touch(mode=0o600)
                with pack.open(name) as stream:
                    _copy_bytes(stream, path, about["size"])
                if sha256_of_file(path) != about["sha256"]:
                    raise ValueError(say(f"«{name}» er endret", f"«{name}» was changed"))
    except _BROKEN as error:
        raise _damaged(archive, str(error)) from error
    except FileNotFoundError as error:
        raise failure("filen finnes ikke", "there is no such file", where=archive) from error
    pages = Database.open(folder / FILE).rows("PRAGMA quick_check")
    if [row[0] for row in pages] != ["ok"]:
        raise _damaged(archive, FILE)


def _files_in(pack: zipfile.ZipFile) -> dict[str, dict[str, Any]]:
    """The files of an archive with their sizes and digests.

    Raises:
        KeyError, TypeError, ValueError: it is no backup, or has others than a project's files.
    """
    about = pack.getinfo(MANIFEST)
    if about.file_size > _PIECE * 8:
        raise ValueError(MANIFEST)
    data = json.loads(pack.read(about))
    if data["format"] != FORMAT:
        raise ValueError(say(f"utgave {data['format']}", f"format {data['format']}"))
    files: dict[str, dict[str, Any]] = data["files"]
    if FILE not in files or len(files) > MOST_FILES or not all(map(_OURS.fullmatch, files)):
        raise ValueError(say("ikke et prosjekts filer", "not a project's files"))
    if any(type(one["size"]) is not int or one["size"] < 0 for one in files.values()):
        raise ValueError(MANIFEST)
    if any(name.endswith(("/..", "/.")) for name in files):
        raise ValueError(say("peker ut av mappen", "points out of the folder"))
    return files


def _check_room(folder: Path, size: int) -> None:
    free = shutil.disk_usage(folder).free
    if size > min(MOST_BYTES, free):
        raise failure(
            f"trenger {size >> 20} MB; {free >> 20} MB er ledig",
            f"needs {size >> 20} MB; {free >> 20} MB are free",
            where=folder.parent,
            try_next=f"df -h {quoted(folder.parent)}",
        )


def _copy_bytes(stream: IO[bytes], path: Path, size: int) -> None:
    with path.open("wb") as target:
        left = size
        while piece := stream.read(min(_PIECE, left + 1)):
            left -= len(piece)
            if left < 0:
                raise ValueError(say(f"«{path.name}» er for stor", f"«{path.name}» is too large"))
            target.write(piece)


def _damaged(archive: Path, why: str) -> DataError:
    what = say(
        f"er ingen sikkerhetskopi av et prosjekt, eller er skadet ({why})",
        f"is no backup of a project, or is damaged ({why})",
    )
    return DataError(
        Problem(what, str(archive)),
        try_next=say("bruk en annen sikkerhetskopi", "use another backup"),
    )
