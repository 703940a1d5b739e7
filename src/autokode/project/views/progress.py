"""Counts how far a coder has come, per interview and per code, and checks what was promised: the reliability curve."""

from dataclasses import asdict, dataclass

import numpy as np

from autokode.evaluation.reliability import Bin, reliability
from autokode.project.store.coders import Coder
from autokode.project.store.project import Project
from autokode.project.store.shown_rows import Counts, counts
from autokode.project.store.transcripts import Source

FEW = 2
"""Codings below which a code is suggested almost from the codebook alone."""


@dataclass(frozen=True, slots=True)
class Interview(Source):
    """An interview with its state for a coder: answers read, codings, undecided suggestions in answers not read yet."""

    read: int
    codings: int
    left: int


@dataclass(frozen=True, slots=True)
class CodeState:
    """A code's state for a coder: codings, verdicts, undecided suggestions; `few` if it has fewer than `FEW` codings."""

    code: str
    codings: int
    accepted: int
    rejected: int
    left: int
    few: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a coder has come, with the reliability curve of the suggestions that were decided.

    Attributes:
        interviews, codes: state of each.
        bins: the curve. Suggestions left undecided in an answer that the coder marked as read count as rejected.
        left_standing: how many suggestions were left so.
    """

    interviews: tuple[Interview, ...]
    codes: tuple[CodeState, ...]
    bins: tuple[Bin, ...]
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
    """Count how far a coder has come."""
    own = counts(project, coder)
    interviews = tuple(
        Interview(
            **asdict(source),
            read=own.read.get(source.id, 0),
            codings=own.codings.get(source.id, 0),
            left=sum(n for (transcript, _code), n in own.open.items() if transcript == source.id),
        )
        for source in project.sources
    )
    codable = project.codebook.codable
    codes = tuple(_code_state(own, code) for code in codable)
    told = [(one.probability, not one.rejected) for one in own.verdicts if one.probability is not None]
    told += [(probability, False) for probability in own.left_standing]
    bins = reliability(np.array([p for p, _said in told]), np.array([said for _p, said in told], bool)) if told else ()
    return Progress(interviews, codes, bins, len(own.left_standing))


def _code_state(own: Counts, code: str) -> CodeState:
    verdicts = [one for one in own.verdicts if one.code == code]
    rejected = sum(one.rejected for one in verdicts)
    return CodeState(
        code=code,
        codings=own.per_code.get(code, 0),
        accepted=len(verdicts) - rejected,
        rejected=rejected,
        left=sum(n for (_transcript, its), n in own.open.items() if its == code),
        few=own.own_model and own.per_code.get(code, 0) < FEW,
    )
