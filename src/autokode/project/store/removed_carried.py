"""Takes what belongs to removed interviews out of the data of other programs that a project keeps (table `carried`)."""

import json
import sqlite3
from collections.abc import Callable, Collection, Iterator
from typing import Any

from autokode.project.store.schema import DESCRIPTION

BY_NAME, BY_CODING, BY_MEMO = ("transcript", "passages", "whole"), "coding", "memo"
NOTE, DESCRIBED = "note", "description"
"""Kinds of data by what their key is: a transcript's name, a coding's number, a coder and a memo's subject; an id, for two."""

_HOLDERS = ("documents", "passages")
"""Lists of a case that say whom it is about; a case with nothing left in them was about the removed interviews alone."""


def remove_carried(
    connection: sqlite3.Connection,
    names: Collection[str],
    codings: Collection[int],
    is_about: Callable[[str], bool],
    without: Callable[[str], str],
) -> int:
    """Remove the data that belongs to transcripts, and count the things that are gone.

    Args:
        connection: to the project's file, in the caller's transaction.
        names: the names of the transcripts.
        codings: the numbers of their codings.
        is_about: whether a memo's subject belongs to them.
        without: gives a text that stays without quotes of them.
    """
    rows = [(row["kind"], row["key"], json.loads(row["data"])) for row in connection.execute("SELECT * FROM carried")]

    def is_theirs(kind: str, key: str) -> bool:
        return (
            (kind in BY_NAME and key in names)
            or (kind == BY_CODING and key in set(map(str, codings)))
            or (kind == BY_MEMO and is_about(key.partition("\x1f")[2]))
        )

    theirs = {(kind, key) for kind, key, _data in rows if is_theirs(kind, key)}
    ids = {one for kind, key, data in rows if (kind, key) in theirs for one in _ids(kind, data)}
    theirs |= {
        (kind, key)
        for kind, key, _data in rows
        if kind in (NOTE, DESCRIBED) and (key in ids or key.removeprefix(DESCRIPTION) in ids)
    }
    for kind, key, data in rows:
        left = _stripped(data, ids, without)
        if (kind, key) in theirs or (kind == "case" and _is_empty(left) and not _is_empty(data)):
            connection.execute("DELETE FROM carried WHERE kind = ? AND key = ?", (kind, key))
            theirs.add((kind, key))
        elif left != data:
            text = json.dumps(left, ensure_ascii=False, sort_keys=True)
            connection.execute("UPDATE carried SET data = ? WHERE kind = ? AND key = ?", (text, kind, key))
    return len(theirs)


def forget_notes(connection: sqlite3.Connection, subject: str, text: str | None) -> None:
    """Let the notes that a memo came from hold its text of now, in the first of them, and nothing else.

    Args:
        connection: to the project's file, in the caller's transaction.
        subject: coder's name and what the memo is about, as `carried` has them.
        text: the memo's text; None if it was deleted.
    """
    row = connection.execute("SELECT data FROM carried WHERE kind = 'memo' AND key = ?", (subject,)).fetchone()
    ids: list[str] = json.loads(row["data"]) if row else []
    for i, note in enumerate(ids):
        kind = DESCRIBED if note.startswith(DESCRIPTION) else NOTE
        if i or text is None:
            connection.execute("DELETE FROM carried WHERE kind = ? AND key = ?", (kind, note))
        else:
            set_text = "UPDATE carried SET data = json_set(data, '$.text', ?) WHERE kind = ? AND key = ?"
            connection.execute(set_text, (text, kind, note))
    if text is None:
        connection.execute("DELETE FROM carried WHERE kind = 'memo' AND key = ?", (subject,))
    elif ids:
        first = json.dumps(ids[:1], ensure_ascii=False)
        connection.execute("UPDATE carried SET data = ? WHERE kind = 'memo' AND key = ?", (first, subject))


def _ids(kind: str, data: Any) -> Iterator[str]:
    """Yield the ids of a removed thing: its own, its segment's, its notes'."""
    if kind == BY_MEMO and isinstance(data, list):
        yield from data
    for one in data if isinstance(data, list) else [data]:
        if isinstance(one, dict):
            yield from (one[name] for name in ("guid", "selection") if one.get(name))
            yield from (note for name in ("notes", "provenance") for note in one.get(name, ()))


def _is_empty(case: Any) -> bool:
    return not any(case.get(name) for name in _HOLDERS)


def _stripped(data: Any, ids: Collection[str], without: Callable[[str], str]) -> Any:
    """Data without these ids in its lists, and without quotes in its texts."""
    if isinstance(data, dict):
        return {name: _stripped(value, ids, without) for name, value in data.items()}
    if isinstance(data, list):
        return [_stripped(value, ids, without) for value in data if not (isinstance(value, str) and value in ids)]
    return without(data) if isinstance(data, str) else data
