"""Reads rounds: which one a coder sees, its suggestions, and the probabilities that its model gave."""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from autokode.project.store.coders import Coder
from autokode.project.store.project import Project
from autokode.project.store.schema import UNDECIDED
from autokode.project.store.utterance_rows import UtteranceId

Suggested = tuple[int, int, str, int, int, float]
"""(transcript, utterance, code, start, end, probability)."""


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
        """The number of the round whose training this one comes from; its own if it was trained itself."""
        return int(self.about.get("learnt_in", self.id))


@dataclass(frozen=True, slots=True)
class SuggestionRow:
    """A suggestion: its number, its code, how probable it is, and the utterance it is for."""

    id: int
    transcript: int
    utterance: int
    code: str
    probability: float

    @property
    def place(self) -> UtteranceId:
        return self.transcript, self.utterance


_COLUMNS = ", ".join(SuggestionRow.__slots__)


def round_shown(project: Project, coder: Coder) -> RoundRow | None:
    """The round whose suggestions a coder sees; None before there is one."""
    rows = project.database.rows(
        "SELECT round.id, model, codebook, began, decision, about FROM round JOIN coder ON coder.round = round.id "
        "WHERE coder.id = ?",
        (coder.id,),
    )
    return RoundRow(**{**dict(rows[0]), "about": json.loads(rows[0]["about"])}) if rows else None


def follows_dial(project: Project, row: RoundRow | None) -> bool:
    """Whether a round suggests as much as the project's `precision` says; True where there is no round."""
    return row is None or row.about.get("precision") == project.precision


def trainings(project: Project, coder: Coder) -> int:
    """How many times a model was trained for a coder."""
    return project.database.number("SELECT count(*) FROM round WHERE coder = ? AND ended IS NOT NULL", (coder.id,))


def decisions_learnt_from(project: Project, coder: Coder, model: str) -> list[int]:
    """The last decision that each round of a model (SHA-256 of its manifest) learnt from, as numbers in the log."""
    rows = project.database.rows("SELECT decision FROM round WHERE coder = ? AND model = ?", (coder.id, model))
    return [row["decision"] for row in rows]


def likely(project: Project, row: RoundRow) -> dict[int, npt.NDArray[np.float16]]:
    """The probabilities that a round's model gave: transcript's id → float16 (n_utterances, n_codes)."""
    blocks = project.database.rows("SELECT transcript, probabilities FROM likely WHERE round = ?", (row.id,))
    return {block["transcript"]: _unpacked(block["probabilities"], len(row.about["codes"])) for block in blocks}


def likely_then(project: Project, row: RoundRow) -> dict[int, npt.NDArray[np.float16]] | None:
    """As `likely`, for the transcripts that were there when the round began; None if all are missing or one has another size.

    One alone is missing where its text was corrected since.
    """
    rows = project.database.rows(
        "SELECT id, (SELECT count(*) FROM utterance WHERE transcript = transcript.id) AS n, probabilities AS blob "
        "FROM transcript LEFT JOIN likely ON likely.transcript = id AND round = ? WHERE added <= ?",
        (row.id, row.began),
    )
    codes = len(row.about["codes"])
    there = [one for one in rows if one["blob"] is not None]
    if any(len(one["blob"]) != 2 * one["n"] * codes for one in there) or (rows and not there):
        return None
    return {one["id"]: _unpacked(one["blob"], codes) for one in there}


def likely_in(project: Project, number: int, codes: int, transcript: int) -> npt.NDArray[np.float16] | None:
    """The probabilities that a round's model of `codes` codes gave in a transcript, float16 (n_utterances, n_codes); or None."""
    query = "SELECT probabilities FROM likely WHERE round = ? AND transcript = ?"
    blocks = project.database.rows(query, (number, transcript))
    return _unpacked(blocks[0]["probabilities"], codes) if blocks else None


def _unpacked(blob: bytes, codes: int) -> npt.NDArray[np.float16]:
    return np.frombuffer(blob, np.float16).reshape(-1, codes)


def suggestions_in(project: Project, number: int) -> list[Suggested]:
    """The suggestions of the round with this number."""
    query = "SELECT transcript, utterance, code, start, end, probability FROM suggestion WHERE round = ?"
    return [tuple(row) for row in project.database.rows(query, (number,))]


def suggestion_with(project: Project, number: int) -> SuggestionRow | None:
    """The suggestion with this number, or None."""
    rows = project.database.rows(f"SELECT {_COLUMNS} FROM suggestion WHERE id = ?", (number,))  # noqa: S608 - ours
    return SuggestionRow(*rows[0]) if rows else None


def undecided_of(project: Project, coder: Coder, code: str) -> list[SuggestionRow]:
    """The suggestions of a code that a coder sees and has said nothing of."""
    values = {"coder": coder.id, "codable": project.codable, "code": code}
    rows = project.database.rows(f"SELECT {_COLUMNS} {UNDECIDED} AND code = :code", values)
    return [SuggestionRow(*row) for row in rows]


def without_evidence(project: Project, number: int) -> list[SuggestionRow]:
    """The suggestions of the round with this number whose evidence is not worked out yet."""
    query = f"SELECT {_COLUMNS} FROM suggestion WHERE round = ? AND evidence = ''"  # noqa: S608 - ours
    return [SuggestionRow(*row) for row in project.database.rows(query, (number,))]


def lacks_evidence(project: Project, coder: Coder) -> bool:
    """Whether a coder sees suggestions whose evidence is not worked out yet."""
    query = "SELECT 1 FROM suggestion WHERE evidence = '' AND round = (SELECT round FROM coder WHERE id = ?) LIMIT 1"
    return bool(project.database.rows(query, (coder.id,)))
