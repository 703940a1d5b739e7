"""Reads rounds of suggestions: which one a coder sees, what it is made of, and the probabilities that its model gave."""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from autokode.project.store.coders import Coder
from autokode.project.store.project import Project


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A round as the project's file has it.

    Attributes:
        id: its number.
        model: SHA-256 of the model's manifest, in hexadecimal.
        codebook: SHA-256 of the codebook.
        began: when the training began, ISO 8601 in UTC.
        decision: the number of the last decision it learnt from.
        about: what else `learn` notes: codes, reading order, news, precision, the model given, the round it was learnt in.
    """

    id: int
    model: str
    codebook: str
    began: str
    decision: int
    about: dict[str, Any]

    @property
    def learnt_in(self) -> int:
        """The round whose training this one comes from; its own number where it is that one."""
        return int(self.about.get("learnt_in", self.id))


def round_shown(project: Project, coder: Coder) -> RoundRow | None:
    """The round whose suggestions a coder sees; None before there is one."""
    with project.database.reading() as connection:
        row = connection.execute(
            "SELECT round.id, model, codebook, began, decision, about FROM round JOIN coder ON coder.round = round.id "
            "WHERE coder.id = ?",
            (coder.id,),
        ).fetchone()
    return None if row is None else RoundRow(**{**dict(row), "about": json.loads(row["about"])})


def trainings(project: Project, coder: Coder) -> int:
    """How many times a model was trained for a coder."""
    with project.database.reading() as connection:
        query = "SELECT count(*) FROM round WHERE coder = ? AND ended IS NOT NULL"
        return int(connection.execute(query, (coder.id,)).fetchone()[0])


def decisions_learnt_from(project: Project, coder: Coder, model: str) -> list[int]:
    """The last decision that each round of a model (SHA-256 of its manifest) learnt from, as numbers in the log."""
    with project.database.reading() as connection:
        rows = connection.execute("SELECT decision FROM round WHERE coder = ? AND model = ?", (coder.id, model))
        return [row["decision"] for row in rows]


def likely(project: Project, row: RoundRow) -> dict[int, npt.NDArray[np.float16]]:
    """What a round's model gave: transcript's id → probabilities, float16 (n_utterances, n_codes)."""
    with project.database.reading() as connection:
        blocks = connection.execute(
            "SELECT transcript, probabilities FROM likely WHERE round = ?", (row.id,)
        ).fetchall()
    return {block["transcript"]: _unpacked(block["probabilities"], len(row.about["codes"])) for block in blocks}


def likely_then(project: Project, row: RoundRow) -> dict[int, npt.NDArray[np.float16]] | None:
    """As `likely`, for all transcripts that were there when the round began; None if any is missing or has another size."""
    with project.database.reading() as connection:
        rows = connection.execute(
            "SELECT id, (SELECT count(*) FROM utterance WHERE transcript = transcript.id) AS n, coalesce(probabilities, x'') AS "
            "blob FROM transcript LEFT JOIN likely ON likely.transcript = id AND round = ? WHERE added <= ?",
            (row.id, row.began),
        ).fetchall()
    codes = len(row.about["codes"])
    if any(len(one["blob"]) != 2 * one["n"] * codes for one in rows):
        return None
    return {one["id"]: _unpacked(one["blob"], codes) for one in rows}


def likely_in(project: Project, number: int, codes: int, transcript: int) -> npt.NDArray[np.float16] | None:
    """What the model of a round, which knows so many codes, gave in one transcript, float16 (n_utterances, n_codes); or None."""
    with project.database.reading() as connection:
        block = connection.execute(
            "SELECT probabilities FROM likely WHERE round = ? AND transcript = ?", (number, transcript)
        ).fetchone()
    return None if block is None else _unpacked(block["probabilities"], codes)


def _unpacked(blob: bytes, codes: int) -> npt.NDArray[np.float16]:
    return np.frombuffer(blob, np.float16).reshape(-1, codes)
