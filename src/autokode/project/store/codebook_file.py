"""Writes codebook.yaml after an edit of the codebook, with the comments that a person put there.

The edit is on disk in the project's file before, with a note that this file is still to be written: after a kill it is written
when the project is next opened. A person who changed it meanwhile keeps that; the project then shows it as not taken in.
"""

import sqlite3
from pathlib import Path

from autokode.base.errors import DataError, failure
from autokode.base.files import is_there, read_bytes, write_whole
from autokode.base.messages import say
from autokode.base.text_files import read_text
from autokode.corpus.codebook import Codebook
from autokode.corpus.codebook_edit import edited_text
from autokode.project.store.codebook_versions import newest_version, version_numbered
from autokode.project.store.project_files import CODEBOOK


def write_version(connection: sqlite3.Connection, path: Path, number: int) -> None:
    """Write the newest version of the codebook to its file, if that holds the version numbered so; the old one stays as .bak."""
    newest, before = newest_version(connection), version_numbered(connection, number)
    assert newest is not None  # noqa: S101 - the note of a version is written with it
    if not is_there(path):
        write_whole(path, newest.yaml)
        return
    text = read_text(path)
    if text == newest.yaml:
        return
    if text == before.yaml:
        wanted = newest.yaml
    elif _holds(text, before.codebook):
        wanted = edited_text(text, before.codebook, newest.codebook)
    else:
        return
    if wanted != text:
        write_whole(path.with_name(f"{CODEBOOK}.bak"), read_bytes(path))
        write_whole(path, wanted)


def _holds(text: str, codebook: Codebook) -> bool:
    try:
        return Codebook.from_yaml(text, may_be_empty=True) == codebook
    except DataError:
        return False


def unread(path: Path) -> DataError:
    """Make the error for a codebook that is to be changed while what a person changed in its file was not taken in."""
    return failure(
        "er endret utenfor siden, og det er ikke tatt inn ennå; ingenting er gjort",
        "was changed outside the page, and that was not taken in yet; nothing was done",
        where=path.name,
        try_next=say(
            "se på endringene under «Kodebok», og ta dem inn", "look at the changes under «Codebook», and take them in"
        ),
    )
