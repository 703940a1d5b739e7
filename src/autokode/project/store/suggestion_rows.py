"""Reads suggestions: those of a round, and those that a coder has not decided about."""

from dataclasses import dataclass

from autokode.project.store.coders import Coder
from autokode.project.store.project import Project
from autokode.project.store.schema import UNDECIDED
from autokode.project.store.utterance_rows import Place

Suggested = tuple[int, int, str, int, int, float]
"""(transcript, utterance, code, start, end, probability)."""


@dataclass(frozen=True, slots=True)
class SuggestionRow:
    """A suggestion: its number, its code, how probable it is, and the utterance it is for."""

    id: int
    transcript: int
    utterance: int
    code: str
    probability: float

    @property
    def place(self) -> Place:
        return self.transcript, self.utterance


_COLUMNS = "id, transcript, utterance, code, probability"


def suggestions_in(project: Project, number: int) -> list[Suggested]:
    """The suggestions of the round with this number."""
    with project.database.reading() as connection:
        rows = connection.execute(
            "SELECT transcript, utterance, code, start, end, probability FROM suggestion WHERE round = ?", (number,)
        ).fetchall()
    return [tuple(row) for row in rows]


def suggestion_with(project: Project, number: int) -> SuggestionRow | None:
    """The suggestion with this number, or None."""
    with project.database.reading() as connection:
        row = connection.execute(f"SELECT {_COLUMNS} FROM suggestion WHERE id = ?", (number,)).fetchone()  # noqa: S608 - ours
    return None if row is None else SuggestionRow(**dict(row))


def undecided_of(project: Project, coder: Coder, code: str) -> list[SuggestionRow]:
    """The suggestions of a code that a coder sees and has said nothing of."""
    with project.database.reading() as connection:
        query = f"SELECT {_COLUMNS} {UNDECIDED} AND code = :code"
        rows = connection.execute(query, {"coder": coder.id, "code": code}).fetchall()
    return [SuggestionRow(**dict(row)) for row in rows]


def without_evidence(project: Project, number: int) -> list[SuggestionRow]:
    """The suggestions of the round with this number whose evidence is not worked out yet."""
    with project.database.reading() as connection:
        query = f"SELECT {_COLUMNS} FROM suggestion WHERE round = ? AND evidence = ''"  # noqa: S608 - ours
        return [SuggestionRow(**dict(row)) for row in connection.execute(query, (number,))]


def lacks_evidence(project: Project, coder: Coder) -> bool:
    """Whether a coder sees suggestions whose evidence is not worked out yet."""
    with project.database.reading() as connection:
        row = connection.execute(
            "SELECT 1 FROM suggestion WHERE evidence = '' AND round = (SELECT round FROM coder WHERE id = ?) LIMIT 1",
            (coder.id,),
        ).fetchone()
    return row is not None
