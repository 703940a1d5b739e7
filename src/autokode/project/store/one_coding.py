"""A coder gives a code to a span once. Whatever adds or changes a coding goes through `put_coding`, and the database holds to it.

Where a coding would come to be the same as another one of its coder, the other one stays, with the mark and the memo of both.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from autokode.project.store.decision_log import CODED, REPAIR, Change, Row, decide, now, row_of
from autokode.project.store.schema import CODING_ONCE, IN_STEP

SAME = ("coder", *CODED)
"""Columns in which no two codings are alike."""

DOUBLE = (
    "SELECT coding.*, kept.id AS kept FROM coding JOIN (SELECT min(id) AS id, coder, transcript, start, end, code FROM coding "
    "GROUP BY coder, transcript, start, end, code HAVING count(*) > 1) AS kept "
    "USING (coder, transcript, start, end, code) WHERE coding.id != kept.id ORDER BY coding.coder, coding.id"
)
"""The codings that are the same as an earlier one, each with that one's number as `kept`; only damage makes such."""


def put_coding(
    connection: sqlite3.Connection,
    before: Row | None,
    after: Row,
    *,
    pending: Sequence[Change] = (),
    by_hand: bool = False,
) -> list[Change]:
    """The changes that add a coding (`before` is None) or change one, so that its coder has no two that are the same.

    Args:
        connection: to the project's file.
        before, after: the coding's row.
        pending: changes of the same decision that come before these.
        by_hand: whether a person gives the code, so that the same coding of an import stays when the import is taken back.
    """
    other = _same(connection, after, pending)
    if other is None or other["id"] == after["id"]:
        return [Change("coding", before, after)]
    return list(_made_one(connection, before, after, other, by_hand=by_hand or before is not None))


def merge_doubles(connection: sqlite3.Connection) -> int:
    """Make one coding of those that are the same, by a decision of each coder, and hold the database to it; count them."""
    doubles = connection.execute(DOUBLE).fetchall()
    for row in doubles:
        own = {name: row[name] for name in row.keys() if name != "kept"}  # noqa: SIM118 - a row has no other names
        kept = row_of(connection, "coding", row["kept"])
        assert kept is not None  # noqa: S101 - the query found it
        decide(connection, own["coder"], REPAIR, _made_one(connection, own, own, kept))
    connection.execute(CODING_ONCE)
    return len(doubles)


def moved_memo(connection: sqlite3.Connection, memo: Row, about: str) -> Iterator[Change]:
    """Yield the changes that move a memo, under the coder's own about the same thing if there is one."""
    there = row_of(connection, "memo", memo["coder"], about)
    text = memo["text"] if there is None else f"{there['text']}\n\n{memo['text']}"
    yield Change("memo", memo, None)
    yield Change("memo", there, {"coder": memo["coder"], "about": about, "text": text})


def _same(connection: sqlite3.Connection, row: Row, pending: Iterable[Change]) -> Row | None:
    """The coding that is the same as a row, after the changes pending."""
    where = " AND ".join(f"{column} = ?" for column in SAME)
    query = f"SELECT * FROM coding WHERE {where}"  # noqa: S608 - our own names
    found = connection.execute(query, [row[column] for column in SAME]).fetchone()
    same = None if found is None else dict(found)
    for change in pending:
        if change.table != "coding":
            continue
        if same is not None and change.before is not None and change.before["id"] == same["id"]:
            same = None
        if change.after is not None and all(change.after[column] == row[column] for column in SAME):
            same = change.after
    return same


def _made_one(
    connection: sqlite3.Connection, before: Row | None, after: Row, other: Row, *, by_hand: bool = False
) -> Iterator[Change]:
    """Yield the changes that leave the other one of two codings."""
    kept = {**other, "good": max(other["good"], after["good"])}
    if by_hand and _is_of_an_import(connection, other):
        kept["time"] = now()
    if before is not None:
        yield Change("coding", before, None)
        memo = row_of(connection, "memo", before["coder"], f"coding/{before['id']}")
        if memo is not None:
            yield from moved_memo(connection, memo, f"coding/{other['id']}")
    if kept != other:
        yield Change("coding", other, kept)


def _is_of_an_import(connection: sqlite3.Connection, coding: Row) -> bool:
    """Whether a coding came of an import that can be taken back."""
    query = (
        f"SELECT 1 FROM decision JOIN step ON {IN_STEP} JOIN json_each(decision.changes) AS change "  # noqa: S608 - our own words
        "WHERE NOT step.undone AND decision.coder = ? AND change.value ->> 0 = 'coding' AND change.value ->> 1 IS NULL "
        "AND change.value -> 2 ->> 'id' = ? LIMIT 1"
    )
    return connection.execute(query, (coding["coder"], coding["id"])).fetchone() is not None
