"""What a reviewer's decision did, for the page to show."""

import sqlite3
from dataclasses import dataclass

from autokode.project.store.decision_log import INTERVIEW, VARIABLES, Decision
from autokode.project.store.review_changes import overlapped_by


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a decision.

    Attributes:
        decision: its number in the log, or None if it changed nothing, since it had been decided so before.
        transcript: id of the transcript whose page changes, or None.
        utterances: numbers of the utterances whose codings or verdicts changed.
        kind: the kind of the decision, or of the decision that was undone or redone.
        left: how many suggestions stay as they had been judged before, perhaps in another window.
    """

    decision: int | None
    transcript: int | None
    utterances: tuple[int, ...]
    kind: str
    left: int = 0


def outcome_of(connection: sqlite3.Connection, decision: Decision | None) -> Outcome | None:
    """The outcome of an undo or a redo of a decision."""
    if decision is None:
        return None
    if decision.kind in (INTERVIEW, VARIABLES):  # all of its page
        return Outcome(decision.id, None, (), decision.kind)
    numbers = {decision.utterance} if decision.utterance is not None else set()
    rows = [row for change in decision.changes for row in (change.before, change.after) if row]
    for row in rows:
        if row.get("transcript") == decision.transcript and "utterance" in row:
            numbers.add(row["utterance"])
        if "start" in row and row["transcript"] == decision.transcript:
            numbers |= set(overlapped_by(connection, row["transcript"], row["start"], row["end"]))
    return Outcome(decision.id, decision.transcript, tuple(sorted(numbers)), decision.kind)
