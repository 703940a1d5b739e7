"""Works out what becomes of all coders' codings, verdicts, settled answers and memos when codes are merged, split or deleted."""

import sqlite3
from collections.abc import Collection, Iterator

from autokode.base.errors import failure
from autokode.base.messages import say
from autokode.project.store.code_names import renamed_rows
from autokode.project.store.decision_log import Change, Row, key_of, row_of
from autokode.project.store.one_coding import moved_memo, put_coding
from autokode.project.store.review_changes import ACCEPTED


def all_renamed(connection: sqlite3.Connection, old: str, new: str) -> list[Change]:
    """The changes that give all coders' rows about a code its new name."""
    return [change for coder in _coders(connection) for change in renamed_rows(connection, coder, old, new)]


def all_merged(connection: sqlite3.Connection, old: str, new: str) -> list[Change]:
    """The changes that make everything about one code be about another that takes it in.

    Where a coder has both on the same span, one coding is left. Whoever accepted the one code, accepted the other; whoever
    rejected it, said nothing of the other. So it is with what was settled.
    """
    changes: list[Change] = []
    for coder in _coders(connection):
        for row in _rows(connection, "coding", "coder = ? AND code = ?", coder, old):
            changes += put_coding(connection, row, {**row, "code": new})
        for row in _rows(connection, "verdict", "coder = ? AND code = ?", coder, old):
            changes += _moved(connection, "verdict", row, new, counts="said", as_=ACCEPTED)
        for row in _rows(connection, "resolution", "first = ? AND code = ?", coder, old):
            changes += _moved(connection, "resolution", row, new, counts="given", as_=1)
        memo = row_of(connection, "memo", coder, f"code/{old}")
        changes += moved_memo(connection, memo, f"code/{new}") if memo is not None else ()
    return changes


def all_removed(connection: sqlite3.Connection, code: str) -> list[Change]:
    """The changes that remove everything about a code, memos about its codings among it."""
    rows = [
        (table, row)
        for table in ("coding", "verdict", "resolution")
        for row in _rows(connection, table, "code = ?", code)
    ]
    subjects = {f"coding/{row['id']}" for table, row in rows if table == "coding"} | {f"code/{code}"}
    rows += [("memo", row) for row in _rows(connection, "memo", "1") if row["about"] in subjects]
    return [Change(table, row, None) for table, row in rows]


def some_split(
    connection: sqlite3.Connection, codings: Collection[int], old: str, new: str, coder: int
) -> list[Change]:
    """The changes that give some codings of a code another, new one; what was accepted goes with its coding.

    Args:
        connection: to the project's file.
        codings: their numbers.
        old, new: the codes.
        coder: who splits; one who codes blind splits their own codings alone.

    Raises:
        DataError: one of the codings is no longer there, or has another code.
    """
    changes: list[Change] = []
    blind = connection.execute("SELECT blind FROM coder WHERE id = ?", (coder,)).fetchone()["blind"]
    for number in dict.fromkeys(codings):
        row = row_of(connection, "coding", number)
        if row is None or row["code"] != old or (blind and row["coder"] != coder):
            raise failure(
                f"en av kodingene har ikke lenger koden «{old}»",
                f"one of the codings no longer has the code «{old}»",
                try_next=say("last siden på nytt", "load the page again"),
            )
        changes += put_coding(connection, row, {**row, "code": new}, pending=changes)
        where = "coder = ? AND suggestion = ? AND code = ? AND said = ?"
        for verdict in _rows(connection, "verdict", where, row["coder"], row["suggestion"], old, ACCEPTED):
            known = {
                key for one in changes if one.table == "verdict" for key in (_place(one.before), _place(one.after))
            }
            if _place(verdict) not in known:
                changes += _moved(connection, "verdict", verdict, new, counts="said", as_=ACCEPTED)
    return changes


def coding_count(connection: sqlite3.Connection, code: str) -> int:
    """How many codings a code has, of all coders."""
    return int(connection.execute("SELECT count(*) FROM coding WHERE code = ?", (code,)).fetchone()[0])


def _moved(
    connection: sqlite3.Connection, table: str, row: Row, new: str, *, counts: str, as_: object
) -> Iterator[Change]:
    """Yield the changes that move a row to another code if its value counts there, over one that does not; else it goes."""
    after = {**row, "code": new}
    there = row_of(connection, table, *key_of(table, after))
    yield Change(table, row, None)
    if row[counts] == as_ and (there is None or there[counts] != as_):
        yield Change(table, there, after)


def _place(row: Row | None) -> tuple[object, ...]:
    return () if row is None else key_of("verdict", row)


def _coders(connection: sqlite3.Connection) -> list[int]:
    return [coder for (coder,) in connection.execute("SELECT id FROM coder ORDER BY id").fetchall()]


def _rows(connection: sqlite3.Connection, table: str, where: str, *values: object) -> list[Row]:
    query = f"SELECT * FROM {table} WHERE {where}"  # noqa: S608 - our own names and words
    return [dict(row) for row in connection.execute(query, values).fetchall()]
