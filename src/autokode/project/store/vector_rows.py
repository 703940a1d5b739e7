"""Reads and keeps the vectors of utterances, a transcript at a time."""

import numpy as np
import numpy.typing as npt

from autokode.project.store.project import Project


def vector_count(project: Project) -> int:
    """How many transcripts have vectors."""
    with project.database.reading() as connection:
        return int(connection.execute("SELECT count(*) FROM vector").fetchone()[0])


def vectors_of(project: Project) -> dict[int, npt.NDArray[np.int8]]:
    """The vectors that are kept: transcript's id → int8 (n_utterances, n_dimensions), by id."""
    with project.database.reading() as connection:
        rows = connection.execute(
            "SELECT transcript, vectors, (SELECT count(*) FROM utterance WHERE utterance.transcript = vector.transcript) "
            "AS n FROM vector ORDER BY transcript"
        ).fetchall()
    return {row["transcript"]: np.frombuffer(row["vectors"], np.int8).reshape(row["n"], -1) for row in rows if row["n"]}


def without_vectors(project: Project, table: str) -> list[tuple[int, str]]:
    """The transcripts without vectors made with a table of word vectors (its SHA-256): (id, name)."""
    with project.database.reading() as connection:
        rows = connection.execute(
            "SELECT id, name FROM transcript WHERE id NOT IN (SELECT transcript FROM vector WHERE name = ?)", (table,)
        ).fetchall()
    return [(row["id"], row["name"]) for row in rows]


def keep_vectors_of(project: Project, transcript: int, table: str, vectors: npt.NDArray[np.int8]) -> None:
    """Keep the vectors of a transcript's utterances, int8 (n_utterances, n_dimensions), in place of earlier ones."""
    with project.database.writing() as connection:
        connection.execute("INSERT OR REPLACE INTO vector VALUES (?, ?, ?)", (transcript, table, vectors.tobytes()))
