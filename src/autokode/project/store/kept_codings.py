"""What a coder kept as it is: a coding that stands out, or an answer that lacks a code which a model expects there.

To keep is a decision that changes no row: its line in the log is all there is to it. A kept coding is known by its number, so it
follows its words and its code's name. A kept answer without a code is known by its place, so what was kept before the text of
its interview was corrected is no longer kept.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autokode.base.errors import failure
from autokode.base.messages import say
from autokode.project.store.code_names import Names, names_after, now_called
from autokode.project.store.coders import Coder
from autokode.project.store.decision_log import (
    INTERVIEW,
    KEEP,
    KEPT,
    REDO,
    TEXT,
    UNDO,
    Decision,
    Row,
    decide,
    decisions_of,
)
from autokode.project.store.outcomes import Outcome
from autokode.project.store.project import Project
from autokode.project.store.review_changes import check_utterance, overlapped_by
from autokode.project.store.reviewing import Reviewer
from autokode.project.store.schema import overlap_sql
from autokode.project.store.utterance_rows import UtteranceId

Pairs = frozenset[tuple[UtteranceId, str]]
"""Utterances, each with a code."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What a coder keeps as it is, by the names that codes have now: utterances that have a code, and those that lack one."""

    given: Pairs
    lacking: Pairs

    def has(self, place: UtteranceId, code: str, *, given: bool) -> bool:
        """Whether the code is kept there, or is kept away from there."""
        return (place, code) in (self.given if given else self.lacking)


def keep(reviewer: Reviewer, place: UtteranceId, code: str, *, given: bool) -> Outcome:
    """Keep an utterance as it is: with a code that it was given, or without one.

    Raises:
        DataError: there is no such utterance or code, or whether it has the code is not as `given` says.
    """
    reviewer.check_code(code)
    with reviewer.deciding() as (connection, coder):
        check_utterance(connection, *place)
        codings = [row["id"] for row in codings_at(connection, coder, place, code)]
        if bool(codings) != given:
            raise failure(
                "dette er endret i et annet vindu",
                "this was changed in another window",
                try_next=say("last siden på nytt", "load the page again"),
            )
        if (place, code) in (_kept(connection, coder).given if given else _kept(connection, coder).lacking):
            return Outcome(None, place[0], (place[1],), KEEP)
        shown = {KEPT: {"code": code, "codings": codings}}
        made = decide(connection, coder, KEEP, (), place=place, shown=shown, alone=True)
    return Outcome(made, place[0], (place[1],), KEEP)


def kept_by(project: Project, coder: Coder) -> Kept:
    """What a coder keeps as it is."""
    with project.database.reading() as connection:
        return _kept(connection, coder.id)


def codings_at(connection: sqlite3.Connection, coder: int, place: UtteranceId, code: str) -> list[Row]:
    """A coder's codings with a code that overlap an utterance, in order."""
    within = overlap_sql("coding.start", "coding.end", "utterance.start", "utterance.end")
    rows = connection.execute(
        "SELECT coding.* FROM coding JOIN utterance ON utterance.transcript = coding.transcript "  # noqa: S608 - ours
        f"WHERE coder = ? AND coding.transcript = ? AND number = ? AND code = ? AND {within} ORDER BY coding.start, coding.id",
        (coder, *place, code),
    )
    return [dict(row) for row in rows]


def texts_changed(connection: sqlite3.Connection) -> dict[int, int]:
    """The last decision that changed each transcript's text, took that back or made it again: transcript's id → its number."""
    edits = "SELECT id FROM decision WHERE kind = :interview AND shown ->> 'what' = :text"
    rows = connection.execute(
        "SELECT transcript, max(id) AS last FROM decision WHERE transcript IS NOT NULL AND "  # noqa: S608 - our own words
        f"(id IN ({edits}) OR (kind IN (:undo, :redo) AND of IN ({edits}))) GROUP BY transcript",
        {"interview": INTERVIEW, "text": TEXT, "undo": UNDO, "redo": REDO},
    )
    return {row["transcript"]: row["last"] for row in rows}


def texts_changed_since(project: Project, decision: int) -> frozenset[int]:
    """The transcripts whose text became another one after a decision, by id."""
    with project.database.reading() as connection:
        return frozenset(number for number, last in texts_changed(connection).items() if last > decision)


def codings_of_code_at(project: Project, coder: Coder, place: UtteranceId, code: str) -> list[Row]:
    """A coder's codings with a code that overlap an utterance, in order."""
    with project.database.reading() as connection:
        return codings_at(connection, coder.id, place, code)


def _kept(connection: sqlite3.Connection, coder: int) -> Kept:
    query = (
        "SELECT * FROM decision WHERE coder = ? AND kind = ? AND id NOT IN (SELECT decision FROM undone) ORDER BY id"
    )
    lines = decisions_of(connection, query, (coder, KEEP))
    changed = texts_changed(connection) if lines else {}
    given: set[tuple[UtteranceId, str]] = set()
    lacking: set[tuple[UtteranceId, str]] = set()
    for line, names in _with_names(connection, lines):
        code, numbers = now_called(line.shown[KEPT]["code"], names), line.shown[KEPT]["codings"]
        if numbers:
            given |= set(_standing(connection, coder, numbers, code))
        elif line.transcript is not None and line.utterance is not None and line.id > changed.get(line.transcript, 0):
            lacking.add(((line.transcript, line.utterance), code))
    return Kept(frozenset(given), frozenset(lacking))


def _with_names(connection: sqlite3.Connection, lines: Sequence[Decision]) -> Iterator[tuple[Decision, Names]]:
    """Yield decisions, each with what codes were renamed to, and merged into, since."""
    is_any = bool(lines) and bool(names_after(connection, decision=lines[0].id, merged=True))
    for line in lines:
        yield line, names_after(connection, decision=line.id, merged=True) if is_any else ()


def _standing(
    connection: sqlite3.Connection, coder: int, numbers: Sequence[int], code: str
) -> Iterator[tuple[UtteranceId, str]]:
    """Yield where codings that were kept stand, as far as they are there and have their code."""
    query = "SELECT * FROM coding WHERE coder = ? AND code = ? AND id IN (SELECT value FROM json_each(?))"
    for row in connection.execute(query, (coder, code, json.dumps(list(numbers)))).fetchall():
        for number in overlapped_by(connection, row["transcript"], row["start"], row["end"]):
            yield (row["transcript"], number), code
