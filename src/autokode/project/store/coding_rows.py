"""Reads what coders decided: codings, verdicts on suggestions, and what was read, now or at an earlier time."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from autokode.project.store.coders import Coder
from autokode.project.store.decision_log import replayed
from autokode.project.store.project import Project
from autokode.project.store.schema import CODED_UTTERANCES
from autokode.project.store.utterance_rows import Place


@dataclass(frozen=True, slots=True)
class CodingRow:
    """A coding: transcript's id, span, code, and the time it was made (ISO 8601, UTC)."""

    transcript: int
    start: int
    end: int
    code: str
    time: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a coder said of a code in an utterance: "accepted", "rejected" or "changed"; and the suggestion's probability."""

    transcript: int
    utterance: int
    code: str
    said: str
    probability: float | None

    @property
    def place(self) -> Place:
        return self.transcript, self.utterance

    @property
    def rejected(self) -> bool:
        """Whether the code is not to be suggested there again."""
        return self.said != "accepted"


@dataclass(frozen=True, slots=True)
class Decided:
    """Everything that a coder's decisions come to: codings, verdicts, and the places of the utterances that were read."""

    codings: tuple[CodingRow, ...]
    verdicts: tuple[Verdict, ...]
    read: frozenset[Place]


def decided(project: Project, coder: Coder, *, until: str | None = None, last: int | None = None) -> Decided:
    """What a coder had decided: by now, by a moment `until` (ISO 8601, UTC), or by the decision numbered `last`.

    Raises:
        DataError: the log is damaged; it is read only for an earlier time.
    """
    with project.database.reading() as connection:
        if until is None and last is None:
            tables: dict[str, Iterable[Any]] = {
                table: connection.execute(f"SELECT * FROM {table} WHERE coder = ?", (coder.id,)).fetchall()  # noqa: S608 - ours
                for table in ("coding", "verdict", "done")
            }
        else:
            state = replayed(connection, until=until, last=last)
            tables = {
                table: [row for row in rows.values() if row.get("coder") == coder.id] for table, rows in state.items()
            }
    return Decided(
        tuple(CodingRow(*(row[name] for name in CodingRow.__slots__)) for row in tables["coding"]),
        tuple(Verdict(*(row[name] for name in Verdict.__slots__)) for row in tables["verdict"]),
        frozenset((row["transcript"], row["utterance"]) for row in tables["done"]),
    )


def verdicts_of(project: Project, coder: Coder) -> list[Verdict]:
    """Everything a coder said of suggestions."""
    with project.database.reading() as connection:
        rows = connection.execute(
            "SELECT transcript, utterance, code, said, probability FROM verdict WHERE coder = ?", (coder.id,)
        ).fetchall()
    return [Verdict(**dict(row)) for row in rows]


def coded_places(project: Project, coder: Coder) -> dict[str, frozenset[Place]]:
    """Where a coder gave each code: code → the utterances that its codings overlap."""
    with project.database.reading() as connection:
        rows = connection.execute(
            f"SELECT DISTINCT code, utterance.transcript, number FROM {CODED_UTTERANCES} WHERE coder = ?",  # noqa: S608 - ours
            (coder.id,),
        ).fetchall()
    return by_code((code, (transcript, number)) for code, transcript, number in rows)


def rejected_places(project: Project, coder: Coder) -> dict[str, frozenset[Place]]:
    """Where a coder rejected each code."""
    return by_code((one.code, one.place) for one in verdicts_of(project, coder) if one.rejected)


def by_code(pairs: Iterable[tuple[str, Place]]) -> dict[str, frozenset[Place]]:
    """Gather pairs of code and place: code → places."""
    found: dict[str, set[Place]] = {}
    for code, place in pairs:
        found.setdefault(code, set()).add(place)
    return {code: frozenset(places) for code, places in found.items()}


def codings_from_suggestions(project: Project, coder: Coder) -> int:
    """How many of a coder's codings came of a suggestion."""
    with project.database.reading() as connection:
        query = "SELECT count(*) FROM coding WHERE coder = ? AND suggestion IS NOT NULL"
        return int(connection.execute(query, (coder.id,)).fetchone()[0])


def settled(project: Project, first: Coder, second: Coder) -> dict[Place, dict[str, bool]]:
    """What two coders settled where they differed: place → code → whether the utterance is to have it."""
    low, high = sorted((first.id, second.id))
    with project.database.reading() as connection:
        rows = connection.execute(
            "SELECT transcript, utterance, code, given FROM resolution WHERE first = ? AND second = ?", (low, high)
        ).fetchall()
    found: dict[Place, dict[str, bool]] = {}
    for transcript, utterance, code, given in rows:
        found.setdefault((transcript, utterance), {})[code] = bool(given)
    return found
