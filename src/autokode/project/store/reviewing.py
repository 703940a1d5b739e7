"""What a person does in a review: each of these is one decision, on disk when it returns.

A suggestion is about a code in an utterance; what was said of that pair is its verdict, and a verdict outlives the model that
made the suggestion. That is why a rejected suggestion never comes back.
"""

import json
import re
import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from autokode.base.errors import failure
from autokode.base.messages import say
from autokode.project.store import decision_log
from autokode.project.store.database import now
from autokode.project.store.decision_log import Change, Row, decide, next_coding, row_of
from autokode.project.store.project import Project
from autokode.project.store.schema import NOT_GIVEN, NOT_SAID, overlap_sql

_ABOUT = re.compile(r"project|code/.+|transcript/\d{1,18}|turn/\d{1,18}/\d{1,18}|coding/\d{1,18}")
ACCEPTED, REJECTED, CHANGED = "accepted", "rejected", "changed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a decision.

    Attributes:
        decision: its number in the log, or None where nothing was changed, since it was so already.
        transcript: id of the transcript whose page changes, or None.
        utterances: numbers of the utterances whose codings or verdicts changed.
        kind: what was done (of an undo: what was undone).
    """

    decision: int | None
    transcript: int | None
    utterances: tuple[int, ...]
    kind: str


class Reviewer:
    """One coder's place at a project, from which everything is decided."""

    def __init__(self, project: Project, coder: int) -> None:
        self.project = project
        self.coder = coder

    def accept(self, suggestion: int, *, span: tuple[int, int] | None = None) -> Outcome:
        """Give the suggested code to the suggested span, or to another one.

        Raises:
            DataError: no such suggestion, or a span outside the text.
        """
        return self._judge([suggestion], ACCEPTED, "accept", span=span)

    def reject(self, suggestion: int) -> Outcome:
        """Say no; the code is not suggested for this utterance again. A coding that came of the suggestion is removed."""
        return self._judge([suggestion], REJECTED, "reject")

    def change(self, suggestion: int, code: str, *, span: tuple[int, int] | None = None) -> Outcome:
        """Say no to the suggested code, and give another instead."""
        return self._judge([suggestion], CHANGED, "change", code=code, span=span)

    def same(self, suggestions: Iterable[int], *, accept: bool) -> Outcome:
        """Say the same to several suggestions, in one decision."""
        return self._judge(list(suggestions), ACCEPTED if accept else REJECTED, "same")

    def code(self, transcript: int, start: int, end: int, code: str) -> Outcome:
        """Give a code to a span by hand.

        Raises:
            DataError: the span is empty or outside the text, or the code is not in the codebook.
        """
        self._check_code(code)
        with self.project.database.writing() as connection:
            self._check_span(connection, transcript, start, end)
            numbers = _touched(connection, transcript, start, end)
            place = (transcript, numbers[0] if numbers else None)
            changes = self._coded(connection, transcript, (start, end), code)
            made = decide(connection, self.coder, "code", changes, place=place)
        return Outcome(made, transcript, numbers, "code")

    def remove(self, coding: int) -> Outcome:
        """Take a coding away."""
        return self._alter(coding, "remove", None)

    def span(self, coding: int, start: int, end: int) -> Outcome:
        """Move a coding's ends.

        Raises:
            DataError: the span is empty or outside the text, or there is no such coding.
        """
        return self._alter(coding, "span", {"start": start, "end": end})

    def recode(self, coding: int, code: str) -> Outcome:
        """Give a coding another code."""
        return self._alter(coding, "recode", {"code": code})

    def good(self, coding: int) -> Outcome:
        """Mark a coding as a good quote, or take the mark away."""
        return self._alter(coding, "good", {})

    def memo(self, about: str, text: str) -> Outcome:
        """Write a note about "project", "code/NAME", "transcript/ID", "turn/ID/NUMBER" or "coding/ID"; "" removes it."""
        if not _ABOUT.fullmatch(about):
            raise failure(
                f"«{about[:40]}» er ikke noe å skrive notat om",
                f"«{about[:40]}» is nothing to write a memo about",
                try_next="project, code/…, transcript/1, turn/1/2, coding/3",
            )
        kind, *rest = about.split("/")
        numbers = [int(part) for part in rest] if kind in ("transcript", "turn", "coding") else []
        with self.project.database.writing() as connection:
            place: tuple[int | None, int | None] = (None, None)
            if kind == "coding":
                own = self._own(connection, numbers[0] if numbers else -1)
                place = (
                    own["transcript"],
                    next(iter(_touched(connection, own["transcript"], own["start"], own["end"])), None),
                )
            elif numbers:
                place = (numbers[0], numbers[1] if len(numbers) > 1 else None)
            before = row_of(connection, "memo", self.coder, about)
            after = {"coder": self.coder, "about": about, "text": text.strip()} if text.strip() else None
            made = decide(connection, self.coder, "memo", [Change("memo", before, after)], place=place)
        return Outcome(made, place[0], () if place[1] is None else (place[1],), "memo")

    def read(
        self, transcript: int, utterance: int, *, read: bool = True, seen: Collection[int] | None = None
    ) -> Outcome:
        """Say that an utterance has all the codes it should have, or take that back.

        The log keeps what was suggested there and is left undecided.

        Args:
            transcript, utterance: where.
            read: False to take it back.
            seen: the suggestions that stood on the page; those of the round shown if None.
        """
        with self.project.database.writing() as connection:
            _check_place(connection, transcript, utterance)
            key = {"coder": self.coder, "transcript": transcript, "utterance": utterance}
            before = row_of(connection, "done", *key.values())
            changes = [Change("done", before, key if read else None)]
            shown = {"suggestions": _left(connection, key, seen)} if read else None
            made = decide(connection, self.coder, "done", changes, place=(transcript, utterance), shown=shown)
        return Outcome(made, transcript, (utterance,), "done")

    def resolve(self, other: int, transcript: int, utterance: int, given: dict[str, bool]) -> Outcome:
        """Settle which codes an utterance has where this coder and another disagree.

        Args:
            other: the other coder's id.
            transcript, utterance: where.
            given: code → whether the utterance is to have it.
        """
        first, second = sorted((self.coder, other))
        changes = []
        with self.project.database.writing() as connection:
            _check_place(connection, transcript, utterance)
            for code, has in given.items():
                key = {"first": first, "second": second, "transcript": transcript, "utterance": utterance, "code": code}
                changes.append(
                    Change("resolution", row_of(connection, "resolution", *key.values()), {**key, "given": int(has)})
                )
            made = decide(connection, self.coder, "resolve", changes, place=(transcript, utterance))
        return Outcome(made, transcript, (utterance,), "resolve")

    def undo(self) -> Outcome | None:
        """Take back the last decision that stands; None if there is none."""
        with self.project.database.writing() as connection:
            return self._of(connection, decision_log.undo(connection, self.coder))

    def redo(self) -> Outcome | None:
        """Make again what was undone last; None if there is nothing."""
        with self.project.database.writing() as connection:
            return self._of(connection, decision_log.redo(connection, self.coder))

    def _of(self, connection: sqlite3.Connection, decision: decision_log.Decision | None) -> Outcome | None:
        if decision is None:
            return None
        numbers = {decision.utterance} if decision.utterance is not None else set()
        rows = [row for change in decision.changes for row in (change.before, change.after) if row]
        numbers |= {
            row["utterance"] for row in rows if row.get("transcript") == decision.transcript and "utterance" in row
        }
        for row in rows:
            if "start" in row and row["transcript"] == decision.transcript:
                numbers |= set(_touched(connection, row["transcript"], row["start"], row["end"]))
        return Outcome(decision.id, decision.transcript, tuple(sorted(numbers)), decision.kind)

    def _judge(
        self,
        suggestions: list[int],
        said: str,
        kind: str,
        *,
        code: str | None = None,
        span: tuple[int, int] | None = None,
    ) -> Outcome:
        changes: list[Change] = []
        shown: list[dict[str, Any]] = []
        judged: set[tuple[Any, ...]] = set()
        if code is not None:
            self._check_code(code)
        with self.project.database.writing() as connection:
            first: Row | None = None
            for number in suggestions:
                row = _suggestion(connection, number, self.coder)
                first = first or row
                verdict, coding = self._verdict(connection, row, said)
                if verdict.before is not None and verdict.before["said"] == said != CHANGED:
                    continue  # said so before, in another tab perhaps
                if _about(row) in judged:
                    continue  # given twice
                judged.add(_about(row))
                changes.append(verdict)
                changes += [Change("coding", coding, None)] if coding else []
                shown.append(_shown(row))
                if said != REJECTED:
                    where = span or (row["start"], row["end"])
                    self._check_span(connection, row["transcript"], *where)
                    ahead = sum(change.table == "coding" and change.after is not None for change in changes)
                    changes += self._coded(connection, row["transcript"], where, code or row["code"], row["id"], ahead)
            if first is None:
                return Outcome(None, None, (), kind)
            place = (first["transcript"], first["utterance"])
            of = suggestions[0] if len(suggestions) == 1 else None
            number_made = decide(
                connection, self.coder, kind, changes, place=place, of=of, shown={"suggestions": shown}
            )
            there = {
                change.after["utterance"]
                for change in changes
                if change.table == "verdict" and change.after and change.after["transcript"] == place[0]
            }
        return Outcome(number_made, place[0], tuple(sorted(there | {place[1]})), kind)

    def _verdict(self, connection: sqlite3.Connection, row: Row, said: str) -> tuple[Change, Row | None]:
        """Return the change of the verdict on a suggestion's code in its utterance, and the coding that the one before made."""
        key = {"coder": self.coder, "transcript": row["transcript"], "utterance": row["utterance"], "code": row["code"]}
        before = row_of(connection, "verdict", *key.values())
        after = {**key, "said": said, "suggestion": row["id"], "probability": row["probability"]}
        if before is not None and before["said"] == said != CHANGED:
            return Change("verdict", before, before), None
        made = None
        if before is not None and before["said"] != REJECTED:
            made = connection.execute(
                "SELECT * FROM coding WHERE coder = ? AND suggestion = ? AND (code = ? OR ? = 'changed') ORDER BY id DESC",
                (self.coder, before["suggestion"], row["code"], before["said"]),
            ).fetchone()
        return Change("verdict", before, after), dict(made) if made else None

    def _alter(self, coding: int, kind: str, changed: dict[str, Any] | None) -> Outcome:
        if changed and "code" in changed:
            self._check_code(changed["code"])
        with self.project.database.writing() as connection:
            before = self._own(connection, coding)
            if kind == "good":
                changed = {"good": 1 - before["good"]}
            after = None if changed is None else {**before, **changed}
            if after is not None:
                self._check_span(connection, after["transcript"], after["start"], after["end"])
            changes = [Change("coding", before, after)]
            if after is None or after["code"] != before["code"]:
                changes += self._loosened(connection, before)
            spans = [before, after or before]
            numbers = {n for row in spans for n in _touched(connection, row["transcript"], row["start"], row["end"])}
            place = (before["transcript"], min(numbers, default=None))
            made = decide(connection, self.coder, kind, changes, place=place)
        return Outcome(made, before["transcript"], tuple(sorted(numbers)), kind)

    def _loosened(self, connection: sqlite3.Connection, coding: Row) -> list[Change]:
        """A coding that came of a suggestion and is taken away: its code is rejected there."""
        rows = connection.execute(
            "SELECT * FROM verdict WHERE coder = ? AND suggestion = ? AND code = ? AND said = ?",
            (self.coder, coding["suggestion"], coding["code"], ACCEPTED),
        )
        return [Change("verdict", dict(row), {**dict(row), "said": REJECTED}) for row in rows.fetchall()]

    def _own(self, connection: sqlite3.Connection, coding: int) -> Row:
        row = row_of(connection, "coding", coding)
        if row is None or row["coder"] != self.coder:
            raise failure(
                "denne kodingen finnes ikke lenger",
                "this coding is no longer there",
                try_next=say("last siden på nytt", "load the page again"),
            )
        return row

    def _coded(
        self,
        connection: sqlite3.Connection,
        transcript: int,
        span: tuple[int, int],
        code: str,
        suggestion: int | None = None,
        ahead: int = 0,
    ) -> list[Change]:
        """Return the change that adds a coding, none where there is the same one; `ahead` others are about to be added."""
        there = connection.execute(
            "SELECT 1 FROM coding WHERE coder = ? AND transcript = ? AND start = ? AND end = ? AND code = ?",
            (self.coder, transcript, *span, code),
        ).fetchone()
        if there:
            return []
        row = {
            "id": next_coding(connection) + ahead,
            "coder": self.coder,
            "transcript": transcript,
            "start": span[0],
            "end": span[1],
            "code": code,
            "good": 0,
            "suggestion": suggestion,
            "time": now(),
        }
        return [Change("coding", None, row)]

    def _check_code(self, code: str) -> None:
        codable = self.project.codebook.codable
        if code not in codable:
            raise failure(
                f"koden «{code}» er ikke i kodeboken",
                f"the code «{code}» is not in the codebook",
                try_next=say("velg en kode fra listen", "choose a code from the list"),
            )

    def _check_span(self, connection: sqlite3.Connection, transcript: int, start: int, end: int) -> None:
        row = connection.execute("SELECT text FROM transcript WHERE id = ?", (transcript,)).fetchone()
        if row is None or not 0 <= start < end <= len(row["text"]) or not row["text"][start:end].strip():
            raise failure(
                f"{start}–{end} er ikke et sted i teksten",
                f"{start}–{end} is no place in the text",
                try_next=say("marker teksten på nytt", "select the text again"),
            )


def _suggestion(connection: sqlite3.Connection, number: int, coder: int) -> Row:
    row = connection.execute(
        "SELECT suggestion.*, round.model FROM suggestion JOIN round ON round.id = suggestion.round "
        "WHERE suggestion.id = ? AND round.coder = ?",
        (number, coder),
    ).fetchone()
    if row is None:
        raise failure(
            "dette forslaget finnes ikke lenger",
            "this suggestion is no longer there",
            try_next=say("last siden på nytt", "load the page again"),
        )
    return dict(row)


def _check_place(connection: sqlite3.Connection, transcript: int, utterance: int) -> None:
    row = connection.execute(
        "SELECT 1 FROM utterance WHERE transcript = ? AND number = ?", (transcript, utterance)
    ).fetchone()
    if row is None:
        raise failure(
            "denne ytringen finnes ikke",
            "there is no such utterance",
            try_next=say("last siden på nytt", "load the page again"),
        )


def _about(row: Row) -> tuple[Any, ...]:
    """Return what a verdict or suggestion is about."""
    return row["transcript"], row["utterance"], row["code"]


def _shown(row: Row) -> dict[str, Any]:
    return {
        "suggestion": row["id"],
        "code": row["code"],
        "start": row["start"],
        "end": row["end"],
        "probability": row["probability"],
        "evidence": json.loads(row["evidence"]) if row["evidence"] else None,  # None: it was not worked out yet
        "model": row["model"],
        "round": row["round"],
    }


def _left(connection: sqlite3.Connection, place: Row, seen: Collection[int] | None) -> list[dict[str, Any]]:
    """Return the suggestions for an utterance that its coder leaves undecided, as `_shown` but for their evidence."""
    rows = connection.execute(
        "SELECT suggestion.*, round.model FROM suggestion JOIN round ON round.id = suggestion.round JOIN coder ON "  # noqa: S608
        "coder.id = round.coder WHERE coder.id = :coder AND NOT coder.blind AND transcript = :transcript AND "
        "utterance = :utterance AND iif(:seen IS NULL, suggestion.round = coder.round, suggestion.id IN "
        f"(SELECT value FROM json_each(:seen))) AND {NOT_SAID} AND {NOT_GIVEN} ORDER BY suggestion.id",
        {**place, "seen": None if seen is None else json.dumps(list(seen))},
    )
    return [{name: value for name, value in _shown(row).items() if name != "evidence"} for row in map(dict, rows)]


def _touched(connection: sqlite3.Connection, transcript: int, start: int, end: int) -> tuple[int, ...]:
    rows = connection.execute(
        f"SELECT number FROM utterance WHERE transcript = ? AND {overlap_sql('start', 'end', '?', '?')} ORDER BY number",  # noqa: S608
        (transcript, start, end),
    )
    return tuple(row["number"] for row in rows)
