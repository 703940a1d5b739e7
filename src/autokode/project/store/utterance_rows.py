"""Reads the utterances of a project: their text, who speaks, and which of them a coder has still to read."""

from collections.abc import Collection
from dataclasses import dataclass

from autokode.corpus.utterance import Utterance
from autokode.project.store.coders import Coder
from autokode.project.store.project import Project
from autokode.project.store.transcripts import utterance_of

Place = tuple[int, int]
"""Where an utterance is: (transcript's id, utterance's number)."""


@dataclass(frozen=True, slots=True)
class Quote:
    """An utterance's whole text, with the names of its transcript and its speaker."""

    transcript: str
    speaker: str
    text: str


def transcript_text(project: Project, transcript: int) -> str | None:
    """The text of the transcript with this id; None if there is none."""
    with project.database.reading() as connection:
        row = connection.execute("SELECT text FROM transcript WHERE id = ?", (transcript,)).fetchone()
    return None if row is None else str(row["text"])


def names_added_by(project: Project, moment: str) -> list[str]:
    """The names of the transcripts that were in the project at a moment (ISO 8601, UTC), sorted."""
    with project.database.reading() as connection:
        rows = connection.execute("SELECT name FROM transcript WHERE added <= ? ORDER BY name", (moment,)).fetchall()
    return [row["name"] for row in rows]


def utterances_of(project: Project) -> dict[int, tuple[Utterance, ...]]:
    """All utterances: transcript's id → its utterances, in order."""
    with project.database.reading() as connection:
        rows = connection.execute("SELECT * FROM utterance ORDER BY transcript, number").fetchall()
    found: dict[int, list[Utterance]] = {}
    for row in rows:
        found.setdefault(row["transcript"], []).append(utterance_of(row))
    return {transcript: tuple(own) for transcript, own in found.items()}


def utterance_counts(project: Project) -> dict[int, int]:
    """How many utterances each transcript has: id → number."""
    with project.database.reading() as connection:
        return dict(connection.execute("SELECT transcript, count(*) FROM utterance GROUP BY transcript").fetchall())


def speakers(project: Project) -> list[str]:
    """Every speaker's label, sorted; "" stands for utterances without one."""
    with project.database.reading() as connection:
        return [row[0] for row in connection.execute("SELECT DISTINCT speaker FROM utterance ORDER BY 1")]


def quotes(project: Project, places: Collection[Place]) -> dict[Place, Quote]:
    """The texts of the utterances at these places, with the names to show beside them."""
    query = (
        "SELECT name, speaker, utterance.text FROM utterance JOIN transcript ON transcript.id = utterance.transcript "
        "WHERE transcript = ? AND number = ?"
    )
    with project.database.reading() as connection:
        return {place: Quote(*connection.execute(query, place).fetchone()) for place in set(places)}


def unread_answers(project: Project, coder: Coder) -> list[Place]:
    """The answers that a coder has not read yet."""
    with project.database.reading() as connection:
        rows = connection.execute(
            "SELECT transcript, number FROM utterance WHERE role != 'interviewer' AND NOT EXISTS (SELECT 1 FROM done WHERE "
            "coder = ? AND done.transcript = utterance.transcript AND done.utterance = utterance.number)",
            (coder.id,),
        ).fetchall()
    return [(row["transcript"], row["number"]) for row in rows]
