"""Tells whether places that a decision gives rows are places in the texts that are there now, and not in those of before."""

import sqlite3
from collections.abc import Collection

from autokode.project.store.decision_log import INTERVIEW, REDO, TEXT, UNDO, Change, ChangedElsewhereError, Row


def check_places(connection: sqlite3.Connection, decision: int, changes: Collection[Change]) -> None:
    """Check, before what a decision did is undone or done again, that what comes back stood in the texts that are there now.

    Args:
        connection: to the project's file.
        decision: the decision's number.
        changes: the rows that are to change.

    Raises:
        ChangedElsewhereError: since the decision, one of the texts became another one.
    """
    coming = {_place(one.after) for one in changes if _place(one.after) != _place(one.before)} - {None}
    for transcript in {place[0] for place in coming if place is not None}:
        if _versions(connection, transcript, until=decision) != _versions(connection, transcript):
            raise ChangedElsewhereError


def _place(row: Row | None) -> tuple[int, ...] | None:
    """Where a row points to: its transcript, and a span in it or an utterance; None for no place in a text."""
    if row is None:
        return None
    if "start" in row:
        return row["transcript"], row["start"], row["end"]
    if "utterance" in row:
        return row["transcript"], row["utterance"]
    kind, *place = str(row.get("about", "")).split("/")
    return (int(place[0]), int(place[1])) if kind == "turn" else None


def _versions(connection: sqlite3.Connection, transcript: int, until: int | None = None) -> list[int]:
    """The decisions, by number, that brought the new versions of a text that stand: now, or right before a decision."""
    query = (
        "SELECT id, kind, of FROM decision WHERE transcript = :transcript AND (:until IS NULL OR id < :until) AND "
        "(kind = :interview AND shown ->> 'what' = :text OR kind IN (:undo, :redo)) ORDER BY id"
    )
    given = {"transcript": transcript, "until": until, "interview": INTERVIEW, "text": TEXT, "undo": UNDO, "redo": REDO}
    brought: set[int] = set()
    standing: list[int] = []
    for number, kind, of in connection.execute(query, given):
        if kind == INTERVIEW:
            brought.add(number)
            standing.append(number)
        elif of in brought:
            standing.remove(of) if kind == UNDO else standing.append(of)
    return standing
