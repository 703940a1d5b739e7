"""Works out which rows a reviewer's decision changes, and checks that what it is about is there."""

import json
import sqlite3
from collections.abc import Collection, Sequence
from typing import Any

from autokode.base.errors import DataError, failure
from autokode.base.messages import say
from autokode.project.store.decision_log import Change, Row, coding_row, next_coding, now, row_of
from autokode.project.store.one_coding import put_coding
from autokode.project.store.schema import NOT_GIVEN, NOT_SAID, overlap_sql

ACCEPTED, REJECTED, CHANGED = "accepted", "rejected", "changed"
"""Verdicts on a suggestion, as the database has them."""

Saw = tuple[int, int, str]
"""A coding as somebody sees it: start, end, code."""


def suggestion_for(connection: sqlite3.Connection, coder: int, number: int) -> Row:
    """The row of a suggestion that was made for a coder, with its model.

    Raises:
        DataError: there is none with this number.
    """
    row = connection.execute(
        "SELECT suggestion.*, round.model FROM suggestion JOIN round ON round.id = suggestion.round "
        "WHERE suggestion.id = ? AND round.coder = ?",
        (number, coder),
    ).fetchone()
    if row is None:
        raise _gone("dette forslaget finnes ikke lenger", "this suggestion is no longer there")
    return dict(row)


def coding_of(connection: sqlite3.Connection, coder: int, number: int, saw: Saw | None = None) -> Row:
    """The row of one of a coder's codings.

    Raises:
        DataError: the coder has none with this number, or not the one that the coder saw.
    """
    row = row_of(connection, "coding", number)
    if row is None or row["coder"] != coder or (saw and saw != (row["start"], row["end"], row["code"])):
        raise _gone("denne kodingen finnes ikke lenger", "this coding is no longer there")
    return row


def check_utterance(connection: sqlite3.Connection, transcript: int, utterance: int) -> None:
    """Raise a DataError if there is no such utterance."""
    query = "SELECT 1 FROM utterance WHERE transcript = ? AND number = ?"
    if connection.execute(query, (transcript, utterance)).fetchone() is None:
        raise _gone("denne ytringen finnes ikke", "there is no such utterance")


def check_span(connection: sqlite3.Connection, transcript: int, start: int, end: int) -> None:
    """Raise a DataError if a span is empty, white space alone or outside the text."""
    row = connection.execute("SELECT text FROM transcript WHERE id = ?", (transcript,)).fetchone()
    if row is None or not 0 <= start < end <= len(row["text"]) or not row["text"][start:end].strip():
        raise failure(
            f"{start}–{end} er ikke et sted i teksten",
            f"{start}–{end} is no place in the text",
            try_next=say("marker teksten på nytt", "select the text again"),
        )


def _gone(norsk: str, english: str) -> DataError:
    return failure(norsk, english, try_next=say("last siden på nytt", "load the page again"))


def overlapped_by(connection: sqlite3.Connection, transcript: int, start: int, end: int) -> tuple[int, ...]:
    """The numbers of the utterances that a span overlaps, in order."""
    within = overlap_sql("start", "end", "?", "?")
    query = f"SELECT number FROM utterance WHERE transcript = ? AND {within} ORDER BY number"  # noqa: S608 - ours
    return tuple(row["number"] for row in connection.execute(query, (transcript, start, end)))


def check_verdict(before: Row | None, saw: str | None) -> None:
    """Raise a DataError if a coder judges a suggestion on which another verdict stands than the one they see (`saw`)."""
    if saw is not None and saw != (before["said"] if before is not None else ""):
        raise _gone("dette forslaget er avgjort i et annet vindu", "this suggestion was decided in another window")


def check_shown(coding: Row | None, shows: Collection[int] | None) -> None:
    """Raise a DataError if a coding that would go is none of those that a coder sees (`shows`; None for all)."""
    if coding is not None and shows is not None and coding["id"] not in shows:
        raise _gone(
            "det som ble gitt i stedet, er endret i et annet vindu",
            "what was given instead was changed in another window",
        )


def verdict_change(
    connection: sqlite3.Connection, coder: int, suggestion: Row, said: str
) -> tuple[Change, Row | None] | None:
    """Find the change of the verdict on a suggestion's code in its utterance, and the coding of the earlier verdict to remove.

    None if the verdict is the same as before, perhaps from another tab; a changed code may be changed again.
    """
    key = {"coder": coder, "transcript": suggestion["transcript"], "utterance": suggestion["utterance"]}
    key["code"] = suggestion["code"]
    before = row_of(connection, "verdict", *key.values())
    if before is not None and before["said"] == said != CHANGED:
        return None
    after = {**key, "said": said, "suggestion": suggestion["id"], "probability": suggestion["probability"]}
    made = None
    if before is not None and before["said"] != REJECTED:
        made = connection.execute(
            "SELECT * FROM coding WHERE coder = ? AND suggestion = ? AND (code = ? OR ? = 'changed') ORDER BY id DESC",
            (coder, before["suggestion"], suggestion["code"], before["said"]),
        ).fetchone()
    return Change("verdict", before, after), dict(made) if made else None


def new_coding(
    connection: sqlite3.Connection,
    coder: int,
    transcript: int,
    span: tuple[int, int],
    code: str,
    *,
    suggestion: int | None = None,
    instead_of: Row | None = None,
    pending: Sequence[Change] = (),
) -> list[Change]:
    """The changes that add a coding, after those pending; none if the coder has the same one.

    A coding that it takes the place of (`instead_of`) becomes the new one, so that its memo and its mark follow.

    Raises:
        DataError: the span is empty or outside the text.
    """
    check_span(connection, transcript, *span)
    ahead = sum(change.table == "coding" and change.after is not None for change in pending)
    number = instead_of["id"] if instead_of else next_coding(connection) + ahead
    own = {**coding_row(number, coder, (transcript, *span, code)), "suggestion": suggestion, "time": now()}
    own["good"] = instead_of["good"] if instead_of else 0
    return put_coding(connection, instead_of, own, pending=pending, by_hand=True)


def rejections(connection: sqlite3.Connection, coder: int, coding: Row) -> list[Change]:
    """The changes that reject a code whose coding came of a suggestion and is being removed."""
    rows = connection.execute(
        "SELECT * FROM verdict WHERE coder = ? AND suggestion = ? AND code = ? AND said = ?",
        (coder, coding["suggestion"], coding["code"], ACCEPTED),
    )
    return [Change("verdict", dict(row), {**dict(row), "said": REJECTED}) for row in rows.fetchall()]


def as_logged(suggestion: Row) -> dict[str, Any]:
    """What a coder saw of a suggestion, for the log; the evidence is None if it was not worked out yet."""
    return {
        "suggestion": suggestion["id"],
        **{name: suggestion[name] for name in ("code", "start", "end", "probability")},
        "evidence": json.loads(suggestion["evidence"]) if suggestion["evidence"] else None,
        **{name: suggestion[name] for name in ("model", "round")},
    }


def left_undecided(connection: sqlite3.Connection, place: Row, seen: Collection[int] | None) -> list[dict[str, Any]]:
    """The suggestions that a coder leaves undecided in an utterance, as `as_logged` gives them, but without evidence.

    Args:
        connection: to the project's file.
        place: coder, transcript and utterance.
        seen: the suggestions that stood on the page; those of the round shown if None.
    """
    rows = connection.execute(
        "SELECT suggestion.*, round.model FROM suggestion JOIN round ON round.id = suggestion.round JOIN coder ON "  # noqa: S608
        "coder.id = round.coder WHERE coder.id = :coder AND NOT coder.blind AND transcript = :transcript AND "
        "utterance = :utterance AND iif(:seen IS NULL, suggestion.round = coder.round, suggestion.id IN "
        f"(SELECT value FROM json_each(:seen))) AND {NOT_SAID} AND {NOT_GIVEN} ORDER BY suggestion.id",
        {**place, "seen": None if seen is None else json.dumps(list(seen))},
    )
    return [{name: value for name, value in as_logged(dict(row)).items() if name != "evidence"} for row in rows]
