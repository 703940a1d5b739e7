"""Takes something out of the log of decisions, or moves its places to a corrected text: it is append-only but for these.

Nothing else changes or deletes a line of the log. That something was taken out, when, by whom and how much, is a line of its own.
"""

import contextlib
import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from autokode.base.errors import failure
from autokode.project.store.database import Database
from autokode.project.store.decision_log import (
    CODEBOOK,
    REDO,
    REMOVAL,
    RENAME,
    UNDO,
    Decision,
    facts,
    log,
    now,
    replayed,
    write_facts,
)
from autokode.project.store.schema import STAYS
from autokode.project.store.step_making import forget_rows

NOBODY = -1
"""Stands for the coder of a removal by somebody who is none of the project's coders."""


@dataclass(frozen=True, slots=True)
class Removal:
    """A removal, or another rewriting, as the log keeps it: when (ISO 8601, UTC), by whom, how many of what, and its kind."""

    time: str
    by: str
    counts: Mapping[str, int]
    kind: str = REMOVAL


def rewrite_log(connection: sqlite3.Connection, left_of: Callable[[Decision], Decision | None]) -> int:
    """Put every decision through `left_of`, in the caller's transaction, and count those of which nothing is left.

    The tables are made anew from the log, so that it still amounts to them.

    Args:
        connection: to the project's file.
        left_of: gives what is left of a decision, or None; lines about removals are not asked about.

    Raises:
        DataError: the tables are not what the log says, even before.
    """
    with log_unlocked(connection):
        forget_rows(connection)
        return _rewrite(connection, left_of)


@contextlib.contextmanager
def log_unlocked(connection: sqlite3.Connection) -> Iterator[None]:
    """Let the lines of the log be changed in the block; afterwards the tables are made anew from it.

    Raises:
        DataError: the tables are not what the log says, even before.
    """
    if replayed(connection) != facts(connection):
        raise failure(
            "radene er ikke det loggen sier; ingenting er endret",
            "the rows are not what the log says; nothing was changed",
            try_next="autokode doctor --project prosjekt --repair",
        )
    for name in STAYS:
        connection.execute(f"DROP TRIGGER IF EXISTS {name}")
    yield
    for statement in STAYS.values():
        connection.execute(statement)
    write_facts(connection, replayed(connection))


def _rewrite(connection: sqlite3.Connection, left_of: Callable[[Decision], Decision | None]) -> int:
    gone = []
    for decision in log(connection):
        left = decision if decision.kind == REMOVAL else left_of(decision)
        if left is None and (decision.kind == RENAME or CODEBOOK in decision.shown):
            left = replace(decision, transcript=None, utterance=None, changes=())  # what is left needs the names
        if left is None:
            gone.append((decision.id,))
        elif left != decision:
            _write(connection, left)
    connection.executemany("DELETE FROM undone WHERE decision = ?", gone)
    connection.executemany("DELETE FROM decision WHERE id = ?", gone)
    connection.execute(
        "UPDATE decision SET of = NULL WHERE kind IN (?, ?) AND of NOT IN (SELECT id FROM decision)", (UNDO, REDO)
    )
    return len(gone)


def log_removal(
    connection: sqlite3.Connection, coder: int, by: str, counts: Mapping[str, int], *, kind: str = REMOVAL
) -> None:
    """Write the line about a removal, or another `kind` of rewriting.

    Of a removal, `counts` has the number of decisions that are gone under "decisions".
    """
    connection.execute(
        "INSERT INTO decision (time, coder, kind, changes, shown) VALUES (?, ?, ?, '[]', ?)",
        (now(), coder, kind, json.dumps({"by": by, **counts}, ensure_ascii=False)),
    )


def removals(database: Database, *kinds: str) -> list[Removal]:
    """What was ever removed, or rewritten in ways of other `kinds`, in order."""
    marks = ", ".join("?" * (len(kinds) or 1))
    query = f"SELECT time, kind, shown FROM decision WHERE kind IN ({marks}) ORDER BY id"  # noqa: S608 - question marks
    found = [(row["time"], json.loads(row["shown"]), row["kind"]) for row in database.rows(query, kinds or (REMOVAL,))]
    return [Removal(time, shown.pop("by"), shown, kind) for time, shown, kind in found]


def lawfully_missing(connection: sqlite3.Connection) -> int:
    """How many decisions removals took out of the log."""
    query = "SELECT coalesce(sum(shown ->> 'decisions'), 0) FROM decision WHERE kind = ?"
    return int(connection.execute(query, (REMOVAL,)).fetchone()[0])


def _write(connection: sqlite3.Connection, decision: Decision) -> None:
    rows = [[change.table, change.before, change.after] for change in decision.changes]
    texts: list[Any] = [json.dumps(each, ensure_ascii=False) for each in (rows, decision.shown)]
    connection.execute(
        "UPDATE decision SET transcript = ?, utterance = ?, changes = ?, shown = ? WHERE id = ?",
        (decision.transcript, decision.utterance, *texts, decision.id),
    )
