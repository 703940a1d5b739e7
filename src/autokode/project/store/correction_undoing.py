"""Takes a decision about an interview back, or makes it again, with the rows of its step.

What a correction or a new version of the text changed is put back exactly; what anybody placed in the text since then follows its
words.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from autokode.corpus.alignment import Alignment
from autokode.corpus.correction import Correction
from autokode.corpus.edits import Edit, Edits
from autokode.corpus.transcript import Transcript
from autokode.project.store.decision_log import REDO, TEXT, UNDO, Change, Decision, decisions_of, key_of, replayed
from autokode.project.store.reworded_rows import Rewording
from autokode.project.store.step_making import turn_step
from autokode.project.store.transcripts import utterance_of
from autokode.project.store.version_move import Move

EDITS = "edits"
"""Among what a correction's line in the log tells: (start, end, length of the new words) of its edits, without any words."""


def last_turn(connection: sqlite3.Connection, decision: Decision) -> Decision:
    """The decision itself, or the line that last took it back or made it again: what is to be turned now."""
    if decision.shown.get("what") != TEXT:
        return decision
    query = "SELECT * FROM decision WHERE id = :id OR (of = :id AND kind IN (:undo, :redo)) ORDER BY id DESC LIMIT 1"
    return decisions_of(connection, query, {"id": decision.id, "undo": UNDO, "redo": REDO})[0]


def turn_interview(
    connection: sqlite3.Connection, decision: Decision, step: int, changes: Sequence[Change]
) -> list[Change]:
    """Turn the step of a decision about an interview, and give the rows that change.

    Args:
        connection: to the project's file.
        decision: about an interview; it stands and is taken back, or was taken back and is made again.
        step: its step's number.
        changes: those of `last_turn`, reversed.

    Raises:
        ChangedElsewhereError: the turns or the words are others by now.
    """
    number = decision.transcript
    if number is None or decision.shown.get("what") != TEXT:
        turn_step(connection, step)
        return list(changes)
    last = last_turn(connection, decision)
    before, there = _text_of(connection, number), _there(connection, number, last)
    stays = there | {(one.table, key_of(one.table, one.before)) for one in changes if one.before is not None}
    stays |= {(table, key) for table, key in _noted(connection, step) if table in ("suggestion", "drawn")}
    turn_step(connection, step)
    after = _text_of(connection, number)
    lines = _lines(decision, before.text, after.text, back=last.kind != UNDO)
    move = Move(connection, before, number, after, known=lines, stays=stays)
    move.put_suggestions(Rewording(edits={number: lines.edits}, texts={number: after.text}))
    move.put_drawn()
    return [*changes, *move.changes]


def _there(connection: sqlite3.Connection, number: int, last: Decision) -> set[tuple[str, tuple[Any, ...]]]:
    """The rows of now that were there, at the same places, right after a decision: table and key."""
    found = set()
    for table, rows in replayed(connection, last=last.id).items():
        for key, row in rows.items():
            if table != "coding":
                found.add((table, key))
            elif row["transcript"] == number:
                same = "SELECT 1 FROM coding WHERE id = ? AND start = ? AND end = ?"
                if connection.execute(same, (row["id"], row["start"], row["end"])).fetchone():
                    found.add((table, key))
    return found


def _lines(decision: Decision, before: str, after: str, *, back: bool) -> Alignment:
    """Where the places of the text that was there are in the one that is now; `back` says that the decision is taken back."""
    if EDITS in decision.shown:
        return Correction(before, Edits(_edits(decision, before, after, back=back)))
    if back:  # as bringing the version laid them beside each other
        return Alignment(before, after, Alignment(after, before).edits.inverse())
    return Alignment(before, after)


def _edits(decision: Decision, before: str, after: str, *, back: bool) -> Iterator[Edit]:
    """Yield the edits of a correction, or of taking it back, from the text that was there to the one that is now."""
    grown = 0
    for start, end, length in decision.shown[EDITS]:
        old, new = slice(start, end), slice(start + grown, start + grown + length)
        if back:
            yield Edit(new.start, new.stop, before[new], after[old])
        else:
            yield Edit(old.start, old.stop, before[old], after[new])
        grown += length - (end - start)


def _text_of(connection: sqlite3.Connection, number: int) -> Transcript:
    text = connection.execute("SELECT text FROM transcript WHERE id = ?", (number,)).fetchone()["text"]
    turns = connection.execute("SELECT * FROM utterance WHERE transcript = ? ORDER BY number", (number,))
    return Transcript("", text, tuple(utterance_of(turn) for turn in turns))


def _noted(connection: sqlite3.Connection, step: int) -> Iterator[tuple[str, tuple[Any, ...]]]:
    written = connection.execute("SELECT rows FROM step WHERE id = ?", (step,)).fetchone()["rows"]
    yield from ((table, tuple(key)) for table, key, *_rows in json.loads(written))
