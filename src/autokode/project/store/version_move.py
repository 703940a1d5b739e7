"""Works out what becomes of the rows of an interview under a new version of its text, and writes it (`new_version`).

Codings, verdicts, read marks, settled answers, memos and suggestions of all coders follow where their words are still there.
"""

import json
import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from autokode.base.errors import failure
from autokode.base.hashing import sha256_of
from autokode.base.messages import say
from autokode.corpus.alignment import HALF, Alignment
from autokode.corpus.correction import Correction
from autokode.corpus.overlap import overlapped
from autokode.corpus.transcript import Transcript
from autokode.corpus.utterance import INTERVIEWER
from autokode.project.store.decision_log import FACTS, Change, Row
from autokode.project.store.reworded_rows import Rewording
from autokode.project.store.speaker_values import moved_values, renamed_speakers
from autokode.project.store.step_making import KEYS
from autokode.project.store.transcripts import about_of, insert_utterances

STILL_READ = 0.9
"""Share of its words that an utterance must keep, and may have new at most the rest of, to count as read still."""


@dataclass(frozen=True, slots=True)
class Followed:
    """A coding of the old text: whose it is, its code, its words, and its words in the new text ("" if it cannot follow)."""

    coder: str
    code: str
    before: str = field(repr=False)
    now: str


@dataclass(frozen=True, slots=True)
class Following:
    """What follows a new version of a text, and what cannot.

    Attributes:
        words: share of the old text's answers that is in the new one.
        same: codings whose words are the same.
        changed: codings whose words are others now.
        gone: codings whose words are gone.
        unread: read marks that go, since the answer is another.
        verdicts: answers on suggestions, and settled answers, whose utterances are gone.
        memos: notes on places that are gone, which go to the interview's own note.
        values: values of speakers that go, since somebody else has the label and a value of that variable.
    """

    words: float
    same: int
    changed: tuple[Followed, ...]
    gone: tuple[Followed, ...]
    unread: int
    verdicts: int
    memos: int
    values: int

    @property
    def mark(self) -> str:
        """A mark of all of it."""
        return sha256_of(repr(self))[:16]


@dataclass
class _Gathered:
    """The rows that go and come, and what to tell of them."""

    gone: list[Change] = field(default_factory=list)
    come: list[Change] = field(default_factory=list)
    same: int = 0
    changed: list[Followed] = field(default_factory=list)
    lost: list[Followed] = field(default_factory=list)
    unread: int = 0
    verdicts: int = 0
    memos: int = 0
    values: int = 0

    def put(self, table: str, before: Row, after: Row | None) -> None:
        """Note that a row becomes another one, or none: it is taken out first, since another row may have its place meanwhile."""
        if before != after:
            self.gone.append(Change(table, before, None))
            if after is not None:
                self.come.append(Change(table, None, after))


class Move:
    """Works out what becomes of the rows of an interview under a new version of its text.

    Args:
        connection: to the project's file.
        before: the text that is there.
        number: the interview's id.
        version: the new text.
        known: where its places are, if that is known, as of a correction; else the two are laid beside each other.
        stays: rows that are not to be moved, as (table, values of the key).
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        before: Transcript,
        number: int,
        version: Transcript,
        *,
        known: Alignment | None = None,
        stays: Collection[tuple[str, tuple[Any, ...]]] = (),
    ) -> None:
        self.connection, self.before, self.number, self.stays = connection, before, number, stays
        self.after = replace(version, name=before.name)
        self.is_correction = isinstance(known, Correction)
        if before.text == self.after.text and known is None:
            raise failure(
                "teksten er den samme som prosjektet har; ingenting er endret",
                "the text is the one the project has; nothing was changed",
            )
        self.lines = known or Alignment(before.text, self.after.text)
        answers = [before.utterances[index] for index in before.answers]
        every = sum(one.end - one.start for one in answers) or 1
        self.words = sum((one.end - one.start) * self.lines.kept(one.start, one.end) for one in answers) / every
        if self.words < HALF and known is None:
            share = round(100 * self.words)
            raise failure(
                f"bare {share} % av svarene i intervjuet er i denne filen: det er en annen tekst. Ingenting er endret",
                f"only {share} % of the interview's answers is in this file: it is another text. Nothing was changed",
                try_next=say("ta filen inn som et nytt intervju", "take the file in as an interview of its own"),
            )
        self.utterances = self._utterances()
        self.found = _Gathered()
        memos = self._codings()
        self._answers()
        self._memos(memos)
        self._values()

    @property
    def changes(self) -> list[Change]:
        """The rows of decisions that change."""
        return [*self.found.gone, *self.found.come]

    def told(self) -> Following:
        """What follows, and what cannot."""
        own = self.found
        counts = (own.unread, own.verdicts, own.memos, own.values)
        return Following(self.words, own.same, tuple(own.changed), tuple(own.lost), *counts)

    def _utterances(self) -> dict[int, int]:
        """Utterance of the old text → the one of the new text that has most of it."""
        found = {}
        for index, one in enumerate(self.before.utterances):
            span = self.lines.moved(one.start, one.end)
            over = overlapped(self.after.utterances, *span) if span else ()
            if span and over:
                start, end = span
                turns = self.after.utterances
                found[index] = max(over, key=lambda i: min(end, turns[i].end) - max(start, turns[i].start))
        return found

    def _rows(self, table: str) -> list[Row]:
        query = f"SELECT * FROM {table} WHERE transcript = ?"  # noqa: S608 - our own names
        rows = map(dict, self.connection.execute(query, (self.number,)))
        return [row for row in rows if not self._stays(table, row)]

    def _stays(self, table: str, row: Row) -> bool:
        keys = FACTS[table][0] if table in FACTS else KEYS[table]
        return (table, tuple(row[column] for column in keys)) in self.stays

    def _codings(self) -> dict[str, str]:
        """Move the codings; give where memos on those that are gone, or are one with another, go: subject → subject."""
        names = dict(map(tuple, self.connection.execute("SELECT id, name FROM coder")))
        taken: dict[tuple[object, ...], int] = {}
        memos = {}
        for row in sorted(self._rows("coding"), key=lambda one: (one["start"], one["end"], one["id"])):
            words = self.before.text[row["start"] : row["end"]]
            span = self.lines.moved(row["start"], row["end"])
            now = self.after.text[slice(*span)] if span else ""
            one = Followed(names[row["coder"]], row["code"], words, now)
            if span is None:
                self.found.lost.append(one)
            elif words == now:
                self.found.same += 1
            else:
                self.found.changed.append(one)
            other = taken.setdefault((row["coder"], row["code"], span), row["id"]) if span else None
            if span is None or other != row["id"]:
                memos[f"coding/{row['id']}"] = f"transcript/{self.number}" if other is None else f"coding/{other}"
                self.found.put("coding", row, None)
            else:
                self.found.put("coding", row, {**row, "start": span[0], "end": span[1]})
        return memos

    def _answers(self) -> None:
        """Move what belongs to utterances: verdicts, settled answers, read marks."""
        for table in ("verdict", "resolution", "done"):
            there = set()
            for row in self._rows(table):
                to = self._to(row["utterance"], table)
                new = None if to is None else {**row, "utterance": to}
                key = (
                    None if new is None else tuple(sorted((k, v) for k, v in new.items() if k not in ("said", "given")))
                )
                if new is None or key in there:
                    new = None
                    self.found.unread += table == "done"
                    self.found.verdicts += table != "done"
                there.add(key)
                self.found.put(table, row, new)

    def _to(self, utterance: int, table: str) -> int | None:
        """Where what belongs to an utterance goes; None where the answer is gone, or is no longer the one that was read."""
        to = self.utterances.get(utterance)
        if to is None or self.after.utterances[to].role == INTERVIEWER:
            return None
        if table != "done":
            return to
        old, new = self.before.utterances[utterance], self.after.utterances[to]
        kept = self.lines.kept(old.start, old.end)
        as_long = len(old.text.split()) >= STILL_READ * len(new.text.split())
        if self.is_correction and len(self.before.utterances) <= len(self.after.utterances):
            return to  # whoever corrected it has read it; of two that became one, each must hold nearly all
        return to if kept >= STILL_READ and as_long else None

    def _memos(self, subjects: Mapping[str, str]) -> None:
        """Move the memos; where two come to be about one thing, they are one, and none is lost."""
        kept: dict[tuple[int, str], list[Row]] = {}
        there = map(dict, self.connection.execute("SELECT * FROM memo ORDER BY about, coder").fetchall())
        for row in (one for one in there if not self._stays("memo", one)):
            about = subjects.get(row["about"], row["about"])
            kind, _, rest = about.partition("/")
            own, _, turn = rest.partition("/")
            if kind == "turn" and own == str(self.number):
                to = self.utterances.get(int(turn))
                about = f"transcript/{own}" if to is None else f"turn/{own}/{to}"
            self.found.memos += about == f"transcript/{self.number}" != row["about"]
            kept.setdefault((row["coder"], about), []).append(row)
        for (coder, about), rows in kept.items():
            first = next((row for row in rows if row["about"] == about), rows[0])
            text = "\n\n".join(row["text"] for row in (first, *(row for row in rows if row is not first)))
            for row in rows:
                self.found.put("memo", row, {"coder": coder, "about": about, "text": text} if row is first else None)

    def _values(self) -> None:
        """Let the values of speakers follow them to the labels that they have in the new text."""
        rows = self._rows("value")
        labels = renamed_speakers(self.before, self.after, self.utterances)
        for row, new in moved_values(rows, labels):
            self.found.put("value", row, new)
            self.found.values += new is None

    def put(self, name: str, *, pseudonymised: bool) -> None:
        """Write the text, the utterances and what programs keep of them; the rows of decisions are the caller's to write."""
        kept = json.loads(
            self.connection.execute("SELECT about FROM transcript WHERE id = ?", (self.number,)).fetchone()["about"]
        )
        about = json.dumps({**kept, **about_of(self.after), "pseudonymised": pseudonymised}, ensure_ascii=False)
        self.connection.execute(
            "UPDATE transcript SET text = ?, sha256 = ?, about = ?, file = '', file_sha256 = '' WHERE id = ?",
            (self.after.text, self.after.sha256, about, self.number),
        )
        for table in ("utterance", "likely", "vector"):  # vectors and probabilities are made again from the new words
            self.connection.execute(f"DELETE FROM {table} WHERE transcript = ?", (self.number,))  # noqa: S608 - our own names
        insert_utterances(self.connection, self.number, self.after.utterances)
        forget_order(self.connection)
        rewording = Rewording(
            edits={self.number: self.lines.edits}, texts={self.number: self.after.text}, ids={name: self.number}
        )
        self.put_suggestions(rewording)
        self.put_drawn()
        for row in map(dict, self.connection.execute("SELECT * FROM carried ORDER BY kind, key").fetchall()):
            data = rewording.row("carried", row)["data"]
            if data != row["data"]:
                change = "UPDATE carried SET data = ? WHERE kind = ? AND key = ?"
                self.connection.execute(change, (data, row["kind"], row["key"]))

    def put_suggestions(self, rewording: Rewording) -> None:
        """Keep the suggestions on what is the same, and those that somebody decided about."""
        decided = {change.after.get("suggestion") for change in self.found.come if change.after is not None} | {
            row["suggestion"] for table in ("coding", "verdict") for row in self._rows(table)
        }
        for row in self._rows("suggestion"):
            to = self.utterances.get(row["utterance"])
            same = self.lines.kept(row["start"], row["end"]) == 1 and self._is_answer(to)
            if to is None or not (same or row["id"] in decided):
                self.connection.execute("DELETE FROM suggestion WHERE id = ?", (row["id"],))
                continue
            new = {**rewording.row("suggestion", row), "utterance": to}
            assigned = ", ".join(f"{column} = :{column}" for column in new)
            self.connection.execute(f"UPDATE suggestion SET {assigned} WHERE id = :id", new)  # noqa: S608 - our own names

    def _is_answer(self, utterance: int | None) -> bool:
        return utterance is not None and self.after.utterances[utterance].role != INTERVIEWER

    def put_drawn(self) -> None:
        rows, own = self._rows("drawn"), "coder = :coder AND transcript = :transcript AND utterance = :utterance"
        self.connection.executemany(f"DELETE FROM drawn WHERE {own}", rows)  # noqa: S608 - our own names
        there = set()
        for row in rows:
            to = self.utterances.get(row["utterance"])
            if self._is_answer(to) and (row["coder"], to) not in there:
                there.add((row["coder"], to))
                marks = ", ".join(f":{column}" for column in row)
                self.connection.execute(
                    f"INSERT INTO drawn ({', '.join(row)}) VALUES ({marks})",  # noqa: S608 - our own names
                    {**row, "utterance": to},
                )


def forget_order(connection: sqlite3.Connection) -> None:
    """Forget in which order to read, which names utterances by their numbers; the next suggestions make another."""
    connection.execute("UPDATE round SET about = json_set(about, '$.order', json('[]'))")
