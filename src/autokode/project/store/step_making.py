"""Makes one step of an import or the like: all of it is stored, or nothing, and `steps` can take it back whole.

Beside the numbers around its decisions, the rows of other tables that it changes are noted, by SQLite's triggers.
"""

import contextlib
import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from autokode.base.files import is_there, read_bytes, write_whole
from autokode.base.hashing import sha256_of
from autokode.project.store.database import Database
from autokode.project.store.decision_log import ChangedElsewhereError, Row, insert_into, now

KEYS = {
    "transcript": ("id",),
    "utterance": ("transcript", "number"),
    "codebook": ("version",),
    "carried": ("kind", "key"),
    "suggestion": ("id",),
    "drawn": ("coder", "transcript", "utterance"),
    "recording": ("transcript",),
}
"""The tables beside those of decisions that a step may change → the columns of their keys."""


@dataclass(frozen=True, slots=True)
class Noted:
    """A row that a step changed: its table and key, the row before (None if it is new), and the SHA-256 of the row after."""

    table: str
    key: tuple[Any, ...]
    before: Row | None = field(repr=False)
    after: str | None = field(repr=False)


@contextlib.contextmanager
def making_step(database: Database, codebook: Path, kind: str) -> Iterator[None]:
    """Make one step of all that is stored in the block; a step within a step is part of it.

    If the block ends in an error, nothing of it is stored, and the codebook's file is as it was.

    Args:
        database: the project's.
        codebook: the codebook's file.
        kind: "add" or "import", as the commands are called; or "interview", for what is said of one.
    """
    with database.together() as connection:
        if _is_noting(connection):
            yield
            return
        before = read_bytes(codebook) if is_there(codebook) else None
        begun = (
            "INSERT INTO step (time, kind, first, last, rows) SELECT ?, ?, coalesce(max(id), 0), 0, '[]' FROM decision"
        )
        number = connection.execute(begun, (now(), kind)).lastrowid
        _begin_noting(connection)
        try:
            yield
        except BaseException:
            if before is not None and read_bytes(codebook) != before:
                write_whole(codebook, before)
            raise
        rows = json.dumps([list(asdict(row).values()) for row in _end_noting(connection)], ensure_ascii=False)
        ended = "UPDATE step SET last = (SELECT coalesce(max(id), 0) FROM decision), rows = ? WHERE id = ?"
        connection.execute(ended, (rows, number))
        connection.execute("DELETE FROM step WHERE id = ? AND last = first AND rows = '[]'", (number,))


def _is_noting(connection: sqlite3.Connection) -> bool:
    """Whether a step is being made on this connection."""
    return connection.execute("SELECT 1 FROM temp.sqlite_master WHERE name = 'noted'").fetchone() is not None


def _begin_noting(connection: sqlite3.Connection) -> None:
    """Note every row that is added, changed or deleted from now on. `INSERT OR REPLACE` deletes without a note."""
    connection.execute("CREATE TEMP TABLE noted (number INTEGER PRIMARY KEY, name TEXT, key TEXT, is_new INTEGER)")
    for table, keys in KEYS.items():
        connection.execute(f"CREATE TEMP TABLE before_{table} AS SELECT 0 AS noted, * FROM main.{table} WHERE 0")  # noqa: S608
        columns = [row["name"] for row in connection.execute(f"PRAGMA main.table_info({table})")]
        for event, is_new in (("INSERT", 1), ("UPDATE", 0), ("DELETE", 0)):
            key = ", ".join(f"{'NEW' if is_new else 'OLD'}.{column}" for column in keys)
            old = ", ".join(f"OLD.{column}" for column in columns)
            keep = f"INSERT INTO before_{table} SELECT max(number), {old} FROM noted;"  # noqa: S608 - our own names
            note = f"INSERT INTO noted (name, key, is_new) VALUES ('{table}', json_array({key}), {is_new});"  # noqa: S608
            trigger = f"CREATE TEMP TRIGGER noting_{table}_{event} AFTER {event} ON main.{table}"
            connection.execute(f"{trigger} BEGIN {note} {'' if is_new else keep} END")


def _end_noting(connection: sqlite3.Connection) -> list[Noted]:
    """Stop noting, and give the rows that are not as they were."""
    first: dict[tuple[str, str], tuple[int, int]] = {}
    for number, table, key, is_new in connection.execute("SELECT number, name, key, is_new FROM noted ORDER BY number"):
        first.setdefault((table, key), (number, is_new))
    found = []
    for (table, written), (number, is_new) in first.items():
        key, before = tuple(json.loads(written)), None
        if not is_new:
            row = connection.execute(f"SELECT * FROM before_{table} WHERE noted = ?", (number,)).fetchone()  # noqa: S608 - ours
            before = {name: value for name, value in dict(row).items() if name != "noted"}
        after = row_at(connection, table, key)
        if before != after:
            found.append(Noted(table, key, before, row_hash(after)))
    for table in KEYS:
        for event in ("INSERT", "UPDATE", "DELETE"):
            connection.execute(f"DROP TRIGGER temp.noting_{table}_{event}")
        connection.execute(f"DROP TABLE temp.before_{table}")
    connection.execute("DROP TABLE temp.noted")
    return found


def turn_step(connection: sqlite3.Connection, number: int) -> None:
    """Put the rows that a step changed back as they were, or, if that was done, as the step left them.

    Raises:
        ChangedElsewhereError: rows are others by now, or what they were is forgotten.
    """
    written = connection.execute("SELECT rows FROM step WHERE id = ?", (number,)).fetchone()
    rows = [Noted(table, tuple(key), before, after) for table, key, before, after in json.loads(written["rows"])]
    turned = [Noted(row.table, row.key, row_at(connection, row.table, row.key), row_hash(row.before)) for row in rows]
    if not rows or any(row_hash(new.before) != old.after for old, new in zip(rows, turned, strict=True)):
        raise ChangedElsewhereError
    for row in rows:
        where = " AND ".join(f"{column} = ?" for column in KEYS[row.table])
        connection.execute(f"DELETE FROM {row.table} WHERE {where}", row.key)  # noqa: S608 - our own names
    for old, new in zip(rows, turned, strict=True):
        if old.table == "transcript" and old.before and new.before and old.before["text"] != new.before["text"]:
            for table in ("likely", "vector"):  # made of the other text
                connection.execute(f"DELETE FROM {table} WHERE transcript = ?", old.key)  # noqa: S608 - our own names
            connection.execute("UPDATE round SET about = json_set(about, '$.order', json('[]'))")
    for row in rows:
        if row.before is None:
            continue
        try:
            connection.execute(insert_into(row.table, row.before), tuple(row.before.values()))
        except sqlite3.IntegrityError as error:  # another interview has the name now
            raise ChangedElsewhereError from error
    texts = json.dumps([list(asdict(row).values()) for row in turned], ensure_ascii=False)
    connection.execute("UPDATE step SET rows = ?, undone = NOT undone WHERE id = ?", (texts, number))


def forget_rows(connection: sqlite3.Connection) -> None:
    """Keep of the steps made so far but what tells nothing of any text: their decisions, and the numbers of transcripts added."""
    for number, rows in connection.execute("SELECT id, rows FROM step").fetchall():
        kept = [[*row[:3], None] for row in json.loads(rows) if row[0] == "transcript" and row[2] is None]
        connection.execute("UPDATE step SET rows = ? WHERE id = ?", (json.dumps(kept), number))


def forget_versions(connection: sqlite3.Connection) -> None:
    """Forget the texts that are not those of the transcripts now, before all of a project gets other words."""
    now = dict(map(tuple, connection.execute("SELECT id, text FROM transcript")))
    for number, written in connection.execute("SELECT id, rows FROM step").fetchall():
        texts = [(row[1][0], row[2]["text"]) for row in json.loads(written) if row[0] == "transcript" and row[2]]
        if any(text != now.get(transcript) for transcript, text in texts):
            connection.execute("UPDATE step SET rows = '[]' WHERE id = ?", (number,))


def versions_of(connection: sqlite3.Connection, transcripts: Collection[int]) -> list[str]:
    """The texts that transcripts had before new versions, as steps keep them."""
    rows = [row for (written,) in connection.execute("SELECT rows FROM step") for row in json.loads(written)]
    return [row[2]["text"] for row in rows if row[0] == "transcript" and row[2] and row[1][0] in transcripts]


def row_at(connection: sqlite3.Connection, table: str, key: Iterable[Any]) -> Row | None:
    """The row with a key, or None."""
    where = " AND ".join(f"{column} = ?" for column in KEYS[table])
    row = connection.execute(f"SELECT * FROM {table} WHERE {where}", tuple(key)).fetchone()  # noqa: S608 - our own names
    return None if row is None else dict(row)


def row_hash(row: Row | None) -> str | None:
    """The SHA-256 of a row's values; None for no row."""
    return None if row is None else sha256_of(json.dumps(row, ensure_ascii=False, sort_keys=True))
