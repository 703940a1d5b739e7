"""Puts all rows of a project through a rewording, in one transaction, and gives what they were and are."""

import sqlite3
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field

from autokode.project.store.decision_log import FACTS, Row, log
from autokode.project.store.log_rewriting import log_unlocked
from autokode.project.store.project_files import NOTE
from autokode.project.store.reworded_rows import Rewording
from autokode.project.store.schema import OWN_TABLES

RUNS = "pseudonymised"
"""The setting with the ids of the pseudonymisings that stand, in order."""

INVENTED = "invented"
"""The setting with the invented names and placeholders that pseudonymisings gave."""

_WITHOUT_WORDS = ("likely", "vector", "undone", *FACTS)
"""Tables without words, or, since the log amounts to them, with those of the log alone."""

_FIRST = ("codebook", "coder", "transcript", "utterance")
"""Tables whose rows are reworded before those of the others, which name their codebooks."""

Reword = Callable[[str, Row], Row]


@dataclass(frozen=True, slots=True)
class Reworded:
    """A row of a table before and after."""

    table: str
    before: Row = field(repr=False)
    after: Row = field(repr=False)


def reword_rows(connection: sqlite3.Connection, reword: Reword) -> list[Reworded]:
    """Put every row through `reword`, and give all rows, those that stayed the same too.

    Args:
        connection: to the project's file, in the caller's transaction.
        reword: (table, row) → the row with other words; asked about the log's lines in their order.

    Raises:
        DataError: the tables are not what the log says.
    """
    found: list[Reworded] = []
    with log_unlocked(connection):
        for table in _tables(connection):
            rows = list(_rows(connection, table))
            after = [reword(table, row) for row in rows]
            own = [Reworded(table, *both) for both in zip(rows, after, strict=True)]
            _put(connection, table, [one for one in own if one.before != one.after])
            found += own
    return found


def rows_with_words(connection: sqlite3.Connection) -> Iterator[tuple[str, Row]]:
    """Yield (table, row) of every row that may have words."""
    for table in _tables(connection):
        for row in _rows(connection, table):
            yield table, row


def settle_codings(connection: sqlite3.Connection, rewording: Rewording) -> None:
    """Let codings choose their places among the new words: those that cut no edit keep their words, then those that stand now."""
    codings = list(_codings(connection))
    for row in sorted(codings, key=lambda one: rewording.spans.cuts(one["transcript"], (one["start"], one["end"]))):
        rewording.row("coding", row)


def _codings(connection: sqlite3.Connection) -> Iterator[Row]:
    """Yield the rows of codings: those that stand, then all that the log has."""
    for row in connection.execute("SELECT * FROM coding ORDER BY id").fetchall():
        yield dict(row)
    for change in (change for decision in log(connection) for change in decision.changes if change.table == "coding"):
        yield from (row for row in (change.before, change.after) if row)


def keys_of(connection: sqlite3.Connection) -> dict[str, tuple[str, ...]]:
    """Table → the columns of its key, for every table with words."""
    return {table: _key(connection, table) for table in _tables(connection)}


def _tables(connection: sqlite3.Connection) -> list[str]:
    every = [name for (name,) in sorted(map(tuple, connection.execute(OWN_TABLES))) if name not in _WITHOUT_WORDS]
    return sorted(every, key=lambda name: _FIRST.index(name) if name in _FIRST else len(_FIRST))


def _rows(connection: sqlite3.Connection, table: str) -> Iterator[Row]:
    order = ", ".join(_key(connection, table))
    for row in connection.execute(f"SELECT * FROM {table} ORDER BY {order}").fetchall():  # noqa: S608 - our own names
        if table != "setting" or row["name"] not in (RUNS, INVENTED, NOTE):
            yield dict(row)


def _key(connection: sqlite3.Connection, table: str) -> tuple[str, ...]:
    rows = connection.execute("SELECT name FROM pragma_table_info(?) WHERE pk ORDER BY pk", (table,)).fetchall()
    return tuple(name for (name,) in rows)


def _put(connection: sqlite3.Connection, table: str, changed: Collection[Reworded]) -> None:
    """Write changed rows; all are taken away first, since keys may have words."""
    if not changed:
        return
    key = _key(connection, table)
    columns = tuple(next(iter(changed)).after)
    where = " AND ".join(f"{column} = ?" for column in key)
    gone = [[one.before[column] for column in key] for one in changed]
    rows = [[one.after[column] for column in columns] for one in changed]
    connection.executemany(f"DELETE FROM {table} WHERE {where}", gone)  # noqa: S608 - our own names
    marks = ", ".join("?" * len(columns))
    connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)  # noqa: S608 - our own names
