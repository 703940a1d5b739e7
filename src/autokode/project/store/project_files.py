"""Which files of a project's folder are autokode's own, and the deletion of those that hold what was removed.

A removal is decided by one transaction, which leaves a note in the project's file. Then copies, models and what is cached of
texts are deleted, the file is packed, and the note goes. A project that has the note, after a kill, is finished when next opened.
"""

import json
import re
import shutil
import sqlite3
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from autokode.base.cache import EMBEDDINGS, TEACHERS, cache_folder
from autokode.base.errors import DataError, command_for, failure
from autokode.base.files import write_whole
from autokode.base.hashing import sha256_of_file
from autokode.base.messages import say
from autokode.project.store.database import Database

FILE, CODEBOOK, MODEL = "autokode.db", "codebook.yaml", "model"

INCOMING = ".incoming-"
"""Begins the name of a folder with files that a person brought to a coder's page and did not take in yet."""

MADE = f".{FILE}.ut."
"""Begins the name of a folder with files that were made for a coder's page."""

NOTE = "removal"
"""The setting that notes a removal whose files are not deleted yet."""

_MODEL = re.compile(rf"{MODEL}(-\d+)?")
_COPY = re.compile(
    rf"{re.escape(FILE)}\.(format-\d+|før-(reparasjon|retting)-\d+)|{re.escape(CODEBOOK)}\.bak"
    rf"|\.({re.escape(FILE)}|{re.escape(CODEBOOK)}|{MODEL}(-\d+)?)(\..*)?\.[a-z0-9_]{{8}}"
    rf"|{re.escape(INCOMING)}[0-9a-f]{{12}}"
)
_OTHER = re.compile(rf"{re.escape(FILE)}(-journal|-wal|-shm)?|\.review(-[0-9a-f]+)?(\.lock|\.address)?")


def copies(folder: Path) -> list[Path]:
    """What autokode put beside a project's file: of an older format, from before a repair, of the codebook, half-written,
    and what was brought to the page and waits there."""
    return _named(folder, _COPY)


def models(folder: Path) -> list[Path]:
    """What coders' models consist of: their folders, and of a folder in which something else lies too, the model's files."""
    from autokode.model.model_files import strangers_in

    found = []
    for path in _named(folder, _MODEL):
        if path.is_dir():
            strangers = strangers_in(path)
            found += [one for one in sorted(path.iterdir()) if one.name not in strangers] if strangers else [path]
    return found


def not_own(folder: Path) -> list[Path]:
    """What lies in a project's folder and is not autokode's to delete: the codebook, exports, reports, and all else."""
    own = {folder / FILE, *copies(folder), *models(folder), *_named(folder, _OTHER)}
    inside = [one for path in _named(folder, _MODEL) if path.is_dir() and path not in own for one in path.iterdir()]
    beside = [path for path in folder.iterdir() if not (path.is_dir() and _MODEL.fullmatch(path.name))]
    return sorted({*beside, *inside} - own)


def cached() -> list[Path]:
    """The folders in the cache with what sentence encoders and teachers made of texts."""
    cache = cache_folder()
    places = [] if cache is None else [cache / EMBEDDINGS, cache / TEACHERS]
    return [place for place in places if place.is_dir()]


def note_removal(
    connection: sqlite3.Connection, folder: Path, *, learnt: bool = False, codebook: bool = False, text: str = ""
) -> None:
    """Note, in the transaction of a removal, that files are still to be deleted (`finish_removal`).

    Args:
        connection: to the project's file.
        folder: the project's.
        learnt: whether models and what is cached of texts are to go, since they are made of what was removed.
        codebook: whether codebook.yaml is to be written as the project has it now; not if a person edits it meanwhile.
        text: what codebook.yaml is to hold, if not that.
    """
    path = folder / CODEBOOK
    about = {"learnt": learnt, "codebook": sha256_of_file(path) if codebook and path.exists() else "", "text": text}
    _note(connection, about)


def note_closing(connection: sqlite3.Connection) -> None:
    """Note, in the transaction that empties a project, that all of autokode's files in its folder are to go."""
    _note(connection, {"learnt": True, "closing": True})


def is_unfinished(database: Database) -> bool:
    """Whether a removal was begun whose files are not deleted yet."""
    return bool(database.rows("SELECT 1 FROM setting WHERE name = ?", (NOTE,)))


def finish_removal(folder: Path, database: Database) -> bool:
    """Delete the files that hold what was removed, and pack the project's file; say whether the project was closed and is gone.

    Nothing is done where no removal is noted.

    Raises:
        DataError: a file cannot be deleted, or another program keeps the project's file.
    """
    rows = database.rows("SELECT value FROM setting WHERE name = ?", (NOTE,))
    if not rows:
        return False
    about: Mapping[str, Any] = json.loads(rows[0]["value"])
    _delete(copies(folder))
    if about["learnt"]:
        _delete(models(folder))
        _delete(cached())
    if about.get("codebook"):
        _write_codebook(folder / CODEBOOK, about["codebook"], about.get("text", ""), database)
    database.pack()
    if about.get("closing"):
        _delete([folder / FILE, *_named(folder, _OTHER)])
        return True
    with database.writing() as connection:
        connection.execute("DELETE FROM setting WHERE name = ?", (NOTE,))
    return False


def closed(folder: Path) -> DataError:
    """Make the error for a project that was closed."""
    return failure(
        "prosjektet er lukket; alt autokode hadde her, er slettet",
        "the project is closed; all that autokode had here is deleted",
        where=folder,
        try_next=say("autokode init MAPPE, for et nytt", "autokode init FOLDER, for a new one"),
    )


def _note(connection: sqlite3.Connection, about: Mapping[str, Any]) -> None:
    connection.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (NOTE, json.dumps(about)))


def _write_codebook(path: Path, before: str, text: str, database: Database) -> None:
    if path.exists() and sha256_of_file(path) == before:
        newest = database.rows("SELECT yaml FROM codebook ORDER BY version DESC LIMIT 1")[0]["yaml"]
        write_whole(path, text or newest)


def _named(folder: Path, pattern: re.Pattern[str]) -> list[Path]:
    return sorted(path for path in folder.iterdir() if pattern.fullmatch(unicodedata.normalize("NFC", path.name)))


def _delete(paths: Iterable[Path]) -> None:
    for path in paths:
        try:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        except OSError as error:
            raise failure(
                f"kan ikke slettes ({error.strerror})",
                f"cannot be deleted ({error.strerror})",
                where=path,
                try_next=command_for(error, path.parent),
            ) from error
