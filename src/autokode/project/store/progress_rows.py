"""Counts how far a coder has come, and reads how sure the model was of what the coder decided."""

from collections import Counter
from dataclasses import dataclass

from autokode.project.store.coders import Coder
from autokode.project.store.decision_rows import Verdict, verdicts_of
from autokode.project.store.project import Project
from autokode.project.store.schema import UNDECIDED, overlap_sql
from autokode.project.store.shown_rows import learnt_here

_OVERLAPS = overlap_sql("coding.start", "coding.end", "said.value ->> 'start'", "said.value ->> 'end'")
_LEFT_STANDING = f"""
SELECT said.value ->> 'probability' AS probability FROM decision, json_each(decision.shown, '$.suggestions') AS said
WHERE decision.id IN (
    SELECT max(id) FROM decision WHERE coder = :coder AND kind = 'done' AND id NOT IN (SELECT decision FROM undone)
    GROUP BY transcript, utterance)
AND NOT EXISTS (SELECT 1 FROM verdict WHERE coder = :coder AND verdict.transcript = decision.transcript
    AND verdict.utterance = decision.utterance AND verdict.code = said.value ->> 'code')
AND NOT EXISTS (SELECT 1 FROM coding WHERE coder = :coder AND coding.transcript = decision.transcript
    AND coding.code = said.value ->> 'code' AND {_OVERLAPS})
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Counts:
    """What a coder has done and has still to do.

    Attributes:
        read: transcript's id → answers read.
        codings: transcript's id → codings.
        per_code: code → codings.
        open: (transcript's id, code) → undecided suggestions in answers that are not read yet.
        verdicts: what was said of suggestions.
        left_standing: probabilities of the suggestions that stood in an answer when the coder marked it as read, and that the
            coder decided nothing about, then or later.
        own_model: whether the suggestions shown come of a model that learnt from this coder.
    """

    read: dict[int, int]
    codings: dict[int, int]
    per_code: dict[str, int]
    open: Counter[tuple[int, str]]
    verdicts: list[Verdict]
    left_standing: list[float]
    own_model: bool


def counts(project: Project, coder: Coder) -> Counts:
    """How far a coder has come, all of one moment."""
    own = {"coder": coder.id}
    rows = project.database.rows
    with project.database.reading():
        codings = rows("SELECT transcript, code FROM coding WHERE coder = :coder", own)
        still_open = rows(
            f"SELECT transcript, code, count(*) {UNDECIDED} AND NOT EXISTS (SELECT 1 FROM done WHERE coder = :coder AND "  # noqa: S608
            "done.transcript = suggestion.transcript AND done.utterance = suggestion.utterance) GROUP BY 1, 2",
            own,
        )
        return Counts(
            read=Counter(row["transcript"] for row in rows("SELECT transcript FROM done WHERE coder = :coder", own)),
            codings=Counter(row["transcript"] for row in codings),
            per_code=Counter(row["code"] for row in codings),
            open=Counter({(transcript, code): n for transcript, code, n in still_open}),
            verdicts=verdicts_of(project, coder),
            left_standing=[row["probability"] for row in rows(_LEFT_STANDING, own)],
            own_model=not coder.blind and learnt_here(project, coder),
        )
