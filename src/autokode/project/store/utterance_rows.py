"""Reads the utterances of a project, and keeps their vectors and which of them a coder was given to read."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from autokode.base.formatting import natural
from autokode.corpus.survey import LABELS as SURVEY
from autokode.corpus.utterance import Utterance
from autokode.project.store.coders import Coder
from autokode.project.store.decision_log import now
from autokode.project.store.project import Project
from autokode.project.store.text_marks import text_mark
from autokode.project.store.transcripts import utterance_of

UtteranceId = tuple[int, int]
"""Where an utterance is: (transcript's id, utterance's number)."""


@dataclass(frozen=True, slots=True)
class Quote:
    """An utterance's whole text, with the names of its transcript and its speaker."""

    transcript: str
    speaker: str
    text: str = field(repr=False)


def transcript_text(project: Project, transcript: int) -> str | None:
    """The text of the transcript with this id; None if there is none."""
    rows = project.database.rows("SELECT text FROM transcript WHERE id = ?", (transcript,))
    return str(rows[0]["text"]) if rows else None


def ids_added_by(project: Project, moment: str) -> list[int]:
    """The ids of the transcripts that were in the project at a moment (ISO 8601, UTC)."""
    return [row["id"] for row in project.database.rows("SELECT id FROM transcript WHERE added <= ?", (moment,))]


def utterances_of(project: Project) -> dict[int, tuple[Utterance, ...]]:
    """All utterances: transcript's id → its utterances, in order."""
    found: dict[int, list[Utterance]] = {}
    for row in project.database.rows("SELECT * FROM utterance ORDER BY transcript, number"):
        found.setdefault(row["transcript"], []).append(utterance_of(row))
    return {transcript: tuple(own) for transcript, own in found.items()}


def utterance_counts(project: Project) -> dict[int, int]:
    """How many utterances each transcript has: id → number."""
    return dict(map(tuple, project.database.rows("SELECT transcript, count(*) FROM utterance GROUP BY transcript")))


def speakers(project: Project, *, surveys: bool = True) -> list[str]:
    """Every speaker's label, sorted; "" stands for utterances without one. `surveys`: with the respondents of surveys."""
    query = (
        "SELECT DISTINCT speaker FROM utterance WHERE :surveys OR transcript IN (SELECT id FROM transcript "
        "WHERE json_extract(about, '$.labels') != :labels) ORDER BY 1"
    )
    return [row[0] for row in project.database.rows(query, {"surveys": surveys, "labels": SURVEY})]


def quotes(project: Project, places: Collection[UtteranceId]) -> dict[UtteranceId, Quote]:
    """The texts of the utterances at these places, with the names to show beside them."""
    query = (
        "SELECT name, speaker, utterance.text FROM utterance JOIN transcript ON transcript.id = utterance.transcript "
        "WHERE transcript = ? AND number = ?"
    )
    with project.database.reading() as connection:
        return {place: Quote(*connection.execute(query, place).fetchone()) for place in set(places)}


def utterance_spans(project: Project, places: Collection[UtteranceId]) -> dict[UtteranceId, tuple[int, int]]:
    """Where the utterances at these places begin and end in their transcripts, in code points."""
    query = "SELECT start, end FROM utterance WHERE transcript = ? AND number = ?"
    with project.database.reading() as connection:
        return {place: tuple(connection.execute(query, place).fetchone()) for place in set(places)}


def reading_order(project: Project) -> dict[int, int]:
    """The place of each transcript among all, by name, as `Project.sources` lists them: id → rank."""
    rows = project.database.rows("SELECT id, name FROM transcript ORDER BY name")
    return {row["id"]: rank for rank, row in enumerate(sorted(rows, key=lambda row: natural(row["name"])))}


def unread_answers(project: Project, coder: Coder) -> list[UtteranceId]:
    """The answers that a coder has not read yet, in the order of the transcripts and their text."""
    rows = project.database.rows(
        "SELECT transcript, number FROM utterance WHERE role != 'interviewer' AND NOT EXISTS (SELECT 1 FROM done WHERE "
        "coder = ? AND done.transcript = utterance.transcript AND done.utterance = utterance.number)",
        (coder.id,),
    )
    rank = reading_order(project)
    places = [(row["transcript"], row["number"]) for row in rows]
    return sorted(places, key=lambda place: (rank[place[0]], place[1]))


def drawn(project: Project, coder: int) -> dict[UtteranceId, str]:
    """What a coder was given to read, by transcript and number: place → why."""
    rows = project.database.rows("SELECT transcript, utterance, why FROM drawn WHERE coder = ?", (coder,))
    return {(row["transcript"], row["utterance"]): row["why"] for row in rows}


def drawn_by_chance(project: Project, coder: Coder) -> dict[UtteranceId, dict[str, float]]:
    """What chance gave a coder to read: place → code → probability, as it was then."""
    rows = project.database.rows("SELECT * FROM drawn WHERE coder = ? AND why = 'chance'", (coder.id,))
    return {(row["transcript"], row["utterance"]): json.loads(row["probabilities"]) for row in rows}


def keep_drawn(project: Project, coder: int, place: UtteranceId, why: str, likely: Mapping[str, float]) -> None:
    """Keep that a coder is given an utterance to read, with its probabilities; once is enough."""
    row = (coder, *place, why, now(), json.dumps(dict(likely), ensure_ascii=False))
    with project.database.writing() as connection:
        connection.execute("INSERT OR IGNORE INTO drawn VALUES (?, ?, ?, ?, ?, ?)", row)


def vector_count(project: Project) -> int:
    """How many transcripts have vectors."""
    return project.database.number("SELECT count(*) FROM vector")


def vectors_mark(project: Project) -> str:
    """A mark of the texts that have vectors; another one means that those in memory are not all there is, or not right."""
    turns = "(SELECT count(*) FROM utterance WHERE utterance.transcript = id)"
    query = f"SELECT id, sha256, {turns} FROM vector JOIN transcript ON id = vector.transcript ORDER BY id"  # noqa: S608 - ours
    return repr([tuple(row) for row in project.database.rows(query)])


def vectors_of(project: Project) -> dict[int, npt.NDArray[np.int8]]:
    """The vectors that are kept: transcript's id → int8 (n_utterances, n_dimensions), by id."""
    rows = project.database.rows(
        "SELECT transcript, vectors, (SELECT count(*) FROM utterance WHERE utterance.transcript = vector.transcript) "
        "AS n FROM vector ORDER BY transcript"
    )
    return {row["transcript"]: np.frombuffer(row["vectors"], np.int8).reshape(row["n"], -1) for row in rows if row["n"]}


def without_vectors(project: Project, table: str) -> list[tuple[int, str]]:
    """The transcripts without vectors made with a table of word vectors (its SHA-256): (id, name)."""
    query = "SELECT id, name FROM transcript WHERE id NOT IN (SELECT transcript FROM vector WHERE name = ?)"
    return [(row["id"], row["name"]) for row in project.database.rows(query, (table,))]


def keep_vectors_of(project: Project, transcript: int, table: str, vectors: npt.NDArray[np.int8], mark: str) -> None:
    """Keep the vectors of a transcript's utterances, int8 (n_utterances, n_dimensions), in place of earlier ones.

    Nothing is kept if its text is another one by now than the one with this mark.
    """
    with project.database.writing() as connection:
        if text_mark(connection, transcript) != mark:
            return
        connection.execute("INSERT OR REPLACE INTO vector VALUES (?, ?, ?)", (transcript, table, vectors.tobytes()))
