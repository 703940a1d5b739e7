"""Writes what a merge brings of people's work, as one decision of each person, in the caller's step."""

import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from autokode.project.store.coders import enrolled, enrolling
from autokode.project.store.decision_log import IMPORT, Change, Row, decide, next_coding, row_of
from autokode.project.store.merge_rows import Difference, Key

PUT, GONE, STAYS = "put", "gone", "stays"
"""What became of a row: it is as the other file has it, it is gone as there, or it stays as it is here though both changed it."""

Counts = Counter[tuple[str, str, str]]
"""(person, table, `PUT`, `GONE` or `STAYS`) → how many rows."""


def write_differences(
    connection: sqlite3.Connection,
    found: Iterable[Difference],
    *,
    here: Mapping[Key, Row],
    there: Mapping[Key, Row],
    gone: Mapping[Key, int],
    blind: Collection[str],
) -> Counts:
    """Write rows, and count what became of them.

    Args:
        connection: to the project's file.
        found: the rows.
        here, there: codings by key, with their rows in each file.
        gone: codings by key that were removed here, with the numbers they had.
        blind: those who code blind in the other file; who is new here, codes blind as there.
    """
    counts: Counts = Counter()
    by_person: dict[str, list[Difference]] = {}
    settled: list[Difference] = []
    for one in sorted(found, key=lambda one: repr(one.key)):
        who = one.key[1][0] if one.key[0] == "resolution" else one.key[1]
        became = STAYS if one.stays else GONE if one.there is None else PUT
        counts[who, one.key[0], became] += not (
            one.stays and one.key[0] in ("memo", "coding") and one.there == one.here
        )
        if one.stays:
            continue
        if one.key[0] == "resolution":
            settled.append(one)
        else:
            by_person.setdefault(who, []).append(one)
    for name, own in by_person.items():
        is_new = connection.execute("SELECT 1 FROM coder WHERE name = ?", (name,)).fetchone() is None
        with enrolling(connection, name, blind=(name in blind) if is_new else None) as coder:
            decide(connection, coder, IMPORT, _Person(connection, coder, here, there, gone).changes(own))
    _settle(connection, settled)
    return +counts


@dataclass
class _Person:
    """The changes of one person's rows."""

    connection: sqlite3.Connection
    coder: int
    here: Mapping[Key, Row]
    there: Mapping[Key, Row]
    gone: Mapping[Key, int]
    numbers: dict[Key, int] = field(default_factory=dict)
    memos: dict[str, str | None] = field(repr=False, default_factory=dict)

    def changes(self, found: Iterable[Difference]) -> list[Change]:
        own = list(found)
        made = [change for one in own if one.key[0] == "coding" for change in self._coding(one)]
        made.sort(key=lambda change: change.after is not None)  # what goes, goes first
        made += [self._answer(one) for one in own if one.key[0] in ("verdict", "done")]
        for one in own:
            if one.key[0] == "memo":
                self._memo(one)
        return [*made, *(self._noted(about, text) for about, text in self.memos.items())]

    def _coding(self, one: Difference) -> list[Change]:
        before = self.here.get(one.key) if one.here is not None else None
        if one.there is None:
            return [Change("coding", before, None)]
        if before is not None:
            return [Change("coding", before, {**before, "good": one.there[0]})]
        _table, _who, transcript, start, end, code = one.key
        number = next_coding(self.connection) + len(self.numbers)
        self.numbers[one.key] = number
        place = {"transcript": transcript, "start": start, "end": end, "code": code}
        row = {"id": number, "coder": self.coder, **place, "good": one.there[0], "suggestion": None}
        return [Change("coding", None, {**row, "time": self.there[one.key]["time"]})]

    def _answer(self, one: Difference) -> Change:
        table, _who, transcript, utterance, *code = one.key
        key: Row = {"coder": self.coder, "transcript": transcript, "utterance": utterance}
        key |= {"code": code[0]} if code else {}
        before = row_of(self.connection, table, *key.values())
        if one.there is None:
            return Change(table, before, None)
        told = {"said": one.there[0], "suggestion": None, "probability": one.there[1]} if table == "verdict" else {}
        return Change(table, before, {**key, **told})

    def _memo(self, one: Difference) -> None:
        subject = one.key[2]
        text = None if one.there is None else str(one.there[0])
        number = self._number(subject) if subject[0] == "coding" else None
        if subject[0] != "coding":
            about = "/".join(map(str, subject))
        elif number is not None:
            about = f"coding/{number}"
        elif text is None:
            return
        else:  # a coding that was removed there, and never was here
            about = f"transcript/{subject[2]}"
            before = self.memos[about] if about in self.memos else self._text(about)
            if before is not None and f"\n\n{text}\n\n" in f"\n\n{before}\n\n":
                return
            text = f"{before}\n\n{text}" if before else text
        self.memos[about] = text

    def _number(self, key: Key) -> int | None:
        row = self.here.get(key)
        return row["id"] if row is not None else self.numbers.get(key, self.gone.get(key))

    def _text(self, about: str) -> str | None:
        row = row_of(self.connection, "memo", self.coder, about)
        return None if row is None else str(row["text"])

    def _noted(self, about: str, text: str | None) -> Change:
        after = None if text is None else {"coder": self.coder, "about": about, "text": text}
        return Change("memo", row_of(self.connection, "memo", self.coder, about), after)


def _settle(connection: sqlite3.Connection, found: Iterable[Difference]) -> None:
    changes: dict[int, list[Change]] = {}
    for one in found:
        _table, names, transcript, utterance, code = one.key
        first, second = sorted(enrolled(connection, name).id for name in names)
        key: Row = {"first": first, "second": second, "transcript": transcript, "utterance": utterance, "code": code}
        before = row_of(connection, "resolution", *key.values())
        after = None if one.there is None else {**key, "given": one.there[0]}
        changes.setdefault(first, []).append(Change("resolution", before, after))
    for coder, own in changes.items():
        decide(connection, coder, IMPORT, own)
