"""What stands beside a suggestion because it resembles it: the most similar utterances, and near-identical ones."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from autokode.base.formatting import shortened
from autokode.project.active_learning.similarity import NEAR, SAME_WORDS, Likeness, Place, alike
from autokode.project.store.project import Coder, Project
from autokode.project.store.schema import CODED_UTTERANCES, UNDECIDED

SHORT = 160
"""Code points of a quote shown beside a suggestion."""


@dataclass(frozen=True, slots=True)
class Near:
    """Another utterance, shown beside a suggestion because it resembles the one it is about."""

    place: Place
    transcript: str
    speaker: str
    quote: str
    cosine: float


@dataclass(frozen=True, slots=True)
class Examples:
    """Where a coder gave each code, and where they refused it; with the texts to show."""

    given: dict[str, frozenset[Place]]
    refused: dict[str, frozenset[Place]]

    @classmethod
    def of(cls, project: Project, coder: Coder) -> "Examples":
        with project.database.reading() as connection:
            given = connection.execute(
                f"SELECT DISTINCT code, utterance.transcript, number FROM {CODED_UTTERANCES} WHERE coder = ?",  # noqa: S608
                (coder.id,),
            ).fetchall()
            refused = connection.execute(
                "SELECT code, transcript, utterance FROM verdict WHERE coder = ? AND said != 'accepted'", (coder.id,)
            ).fetchall()
        return cls(_by_code(given), _by_code(refused))


class Nearest:
    """Finds the most similar utterance that was given a code, and the one it was refused for, and reads their quotes once."""

    def __init__(self, connection: sqlite3.Connection, likeness: Likeness | None, examples: Examples | None) -> None:
        self.connection = connection
        self.likeness = likeness
        self.examples = examples
        self.shown: dict[Place, tuple[str, str, str]] = {}

    def both(self, place: Place, code: str) -> tuple[Near | None, Near | None]:
        """Return the utterance most like this one that was given the code, and the one it was refused for."""
        if self.likeness is None or self.examples is None:
            return None, None
        given = self._near(place, self.examples.given.get(code, frozenset()))
        return given, self._near(place, self.examples.refused.get(code, frozenset()))

    def _near(self, place: Place, others: frozenset[Place]) -> Near | None:
        assert self.likeness is not None  # noqa: S101 - `both` asks only then
        best = self.likeness.nearest(place, others)
        if best is None:
            return None
        other, cosine = best
        if other not in self.shown:
            row = self.connection.execute(
                "SELECT name, speaker, utterance.text FROM utterance JOIN transcript ON transcript.id = utterance.transcript "
                "WHERE transcript = ? AND number = ?",
                other,
            ).fetchone()
            self.shown[other] = (row["name"], row["speaker"], shortened(row["text"], SHORT))
        return Near(other, *self.shown[other], cosine)


def _by_code(rows: Iterable[sqlite3.Row]) -> dict[str, frozenset[Place]]:
    found: dict[str, set[Place]] = {}
    for code, transcript, utterance in rows:
        found.setdefault(code, set()).add((transcript, utterance))
    return {code: frozenset(places) for code, places in found.items()}


def near_suggestions(
    project: Project, coder: Coder, suggestion: int, likeness: Likeness
) -> list[tuple[int, str, str, str]]:
    """Return (suggestion, transcript, speaker, quote) of undecided suggestions of the same code in near-identical utterances."""
    with project.database.reading() as connection:
        own = connection.execute(
            "SELECT suggestion.*, utterance.text FROM suggestion JOIN utterance ON utterance.transcript = suggestion.transcript "
            "AND number = utterance WHERE suggestion.id = ?",
            (suggestion,),
        ).fetchone()
        if own is None or coder.blind:
            return []
        rows = connection.execute(
            f"SELECT suggestion.id, suggestion.transcript, suggestion.utterance {UNDECIDED} AND code = :code AND id != :own",
            {"coder": coder.id, "code": own["code"], "own": suggestion},
        ).fetchall()
        places = [(row["transcript"], row["utterance"]) for row in rows]
        cosines = likeness.to((own["transcript"], own["utterance"]), places)
        found = []
        for row, cosine in zip(rows, cosines.tolist(), strict=True):
            if cosine < NEAR:
                continue
            said = connection.execute(
                "SELECT name, speaker, utterance.text FROM utterance JOIN transcript ON transcript.id = utterance.transcript "
                "WHERE transcript = ? AND number = ?",
                (row["transcript"], row["utterance"]),
            ).fetchone()
            if alike(own["text"], said["text"]) >= SAME_WORDS:
                found.append((row["id"], said["name"], said["speaker"], shortened(said["text"], SHORT)))
    return found
