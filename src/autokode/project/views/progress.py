"""How far a coder has come: read, coded, suggested, per interview and per code; and whether probabilities held what they said."""

from dataclasses import dataclass

import numpy as np

from autokode.evaluation.reliability import Bin, reliability
from autokode.project.store.project import Coder, Project
from autokode.project.store.schema import UNDECIDED, overlap_sql
from autokode.project.views.utterance_view import learnt_here

FEW = 2
"""Examples below which a code is suggested from the codebook, almost or altogether alone."""

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
"""Suggestions that stood in an answer when it was marked as read and that nothing was decided about, then or later."""


@dataclass(frozen=True, slots=True)
class Interview:
    """A transcript's state for a coder: answers, those read, codings, undecided suggestions in answers not read yet."""

    id: int
    name: str
    office: str
    answers: int
    read: int
    codings: int
    left: int


@dataclass(frozen=True, slots=True)
class CodeState:
    """A code's state for a coder: codings, verdicts, undecided suggestions; whether it has `FEW` examples to suggest it from."""

    code: str
    codings: int
    accepted: int
    rejected: int
    left: int
    few: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """All of it, with the reliability curve of the suggestions that were decided.

    Attributes:
        interviews, codes: state of each.
        bins: the curve. Suggestions that were left undecided in an answer marked as read count as not accepted.
        left_standing: how many those are.
        strange: codes that are used and not in the codebook, and how often.
    """

    interviews: tuple[Interview, ...]
    codes: tuple[CodeState, ...]
    bins: tuple[Bin, ...]
    strange: tuple[tuple[str, int], ...]
    left_standing: int = 0

    @property
    def answers(self) -> int:
        return sum(one.answers for one in self.interviews)

    @property
    def read(self) -> int:
        return sum(one.read for one in self.interviews)

    @property
    def codings(self) -> int:
        return sum(one.codings for one in self.interviews)

    @property
    def left(self) -> int:
        return sum(one.left for one in self.interviews)


def progress(project: Project, coder: Coder) -> Progress:
    """Return how far a coder has come."""
    own = {"coder": coder.id}
    with project.database.reading() as connection:
        read = dict(
            connection.execute("SELECT transcript, count(*) FROM done WHERE coder = :coder GROUP BY 1", own).fetchall()
        )
        coded = dict(
            connection.execute(
                "SELECT transcript, count(*) FROM coding WHERE coder = :coder GROUP BY 1", own
            ).fetchall()
        )
        by_code = dict(
            connection.execute("SELECT code, count(*) FROM coding WHERE coder = :coder GROUP BY 1", own).fetchall()
        )
        left = connection.execute(
            f"SELECT transcript, code, count(*) AS n {UNDECIDED} AND NOT EXISTS (SELECT 1 FROM done WHERE coder = :coder AND "  # noqa: S608
            "done.transcript = suggestion.transcript AND done.utterance = suggestion.utterance) GROUP BY 1, 2",
            own,
        ).fetchall()
        verdicts = connection.execute(
            "SELECT code, said, probability FROM verdict WHERE coder = :coder", own
        ).fetchall()
        standing = [row["probability"] for row in connection.execute(_LEFT_STANDING, own)]
        own_model = not coder.blind and learnt_here(connection, coder)
    interviews = tuple(
        Interview(
            id=source.id,
            name=source.name,
            office=source.office,
            answers=source.answers,
            read=read.get(source.id, 0),
            codings=coded.get(source.id, 0),
            left=sum(row["n"] for row in left if row["transcript"] == source.id),
        )
        for source in project.sources
    )
    codable = project.codebook.codable
    codes = tuple(
        CodeState(
            code=code,
            codings=by_code.get(code, 0),
            accepted=sum(row["code"] == code and row["said"] == "accepted" for row in verdicts),
            rejected=sum(row["code"] == code and row["said"] != "accepted" for row in verdicts),
            left=sum(row["n"] for row in left if row["code"] == code),
            few=own_model and by_code.get(code, 0) < FEW,
        )
        for code in codable
    )
    strange = tuple((code, n) for code, n in sorted(by_code.items()) if code not in codable)
    told = [(row["probability"], row["said"] == "accepted") for row in verdicts if row["probability"] is not None]
    told += [(probability, False) for probability in standing]
    bins = reliability(np.array([p for p, _said in told]), np.array([said for _p, said in told], bool)) if told else ()
    return Progress(interviews, codes, bins, strange, len(standing))
