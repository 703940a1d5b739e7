"""Coder against coder: how far two codings of the same utterances agree, per code, with intervals by interview."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from autokode.coding import Coding
from autokode.errors import DataError, Problem
from autokode.language import say
from autokode.study import Study

RESAMPLES = 1000
"""Draws of the bootstrap over interviews."""

Truth = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two coders agree on one code (or on whole sets of codes, where `code` is "").

    Attributes:
        code: the code's name.
        units: utterances that both coders went through.
        first, second, both: utterances to which the first, the second, both gave the code.
        agreed: share of units on which they did the same, 0–1; high for every rare code.
        alpha: Krippendorff's alpha, nominal (MASI distance for whole sets); 1 is perfect, 0 what chance would give.
        interval: 95 % interval of alpha by bootstrap over interviews; None for whole sets.
    """

    code: str
    units: int
    first: int
    second: int
    both: int
    agreed: float
    alpha: float
    interval: tuple[float, float] | None


def agreement(
    study: Study, first: Iterable[Coding], second: Iterable[Coding], units: Sequence[tuple[str, int]], *, seed: int = 0
) -> tuple[Agreement, ...]:
    """Compare two coders on the utterances that both went through.

    Args:
        study: the transcripts and the codebook.
        first, second: the codings of each coder.
        units: (transcript name, index of utterance) of what both went through, with or without a code.
        seed: of the bootstrap.

    Returns:
        One row a code, in the order of the codebook, and a last row for whole sets of codes.

    Raises:
        DataError: no units.
    """
    if not units:
        what = say("ingen ytringer er kodet av begge", "no utterances were coded by both")
        raise DataError(Problem(what))
    codes = study.codebook.codable
    own, other = (_matrix(study, codings, units, codes) for codings in (first, second))
    groups = np.array([name for name, _index in units])
    rows = [_for_code(code, own[:, k], other[:, k], groups, seed) for k, code in enumerate(codes)]
    same = (own == other).all(axis=1)
    coded, also = own.any(axis=1), other.any(axis=1)
    sets = Agreement(
        code="",
        units=len(units),
        first=int(coded.sum()),
        second=int(also.sum()),
        both=int((coded & also).sum()),
        agreed=round(float(same.mean()), 4),
        alpha=round(_library_alpha(_sets(own, codes), _sets(other, codes), masi=True), 4),
        interval=None,
    )
    return (*rows, sets)


def _for_code(code: str, own: Truth, other: Truth, groups: npt.NDArray[np.str_], seed: int) -> Agreement:
    alpha = _library_alpha(own.tolist(), other.tolist())
    return Agreement(
        code=code,
        units=len(own),
        first=int(own.sum()),
        second=int(other.sum()),
        both=int((own & other).sum()),
        agreed=round(float((own == other).mean()), 4),
        alpha=round(alpha, 4),
        interval=_interval(own, other, groups, seed),
    )


def _matrix(study: Study, codings: Iterable[Coding], units: Sequence[tuple[str, int]], codes: tuple[str, ...]) -> Truth:
    given = Study(study.codebook, study.transcripts, study.groups, tuple(codings)).codes_by_utterance()
    return np.array([[code in given.get(unit, ()) for code in codes] for unit in units], np.bool_)


def _sets(matrix: Truth, codes: tuple[str, ...]) -> list[frozenset[str]]:
    return [frozenset(codes[k] for k in np.flatnonzero(row)) or frozenset({""}) for row in matrix]


def _library_alpha(own: Sequence[object], other: Sequence[object], *, masi: bool = False) -> float:
    """Krippendorff's alpha by NLTK; 1 where nobody ever gave the code, since nobody disagreed."""
    try:
        from nltk.metrics.agreement import AnnotationTask
        from nltk.metrics.distance import binary_distance, masi_distance
    except ImportError as error:
        what = say("alfa regnes ut med NLTK, som ikke er installert", "alpha needs NLTK, which is not installed")
        raise DataError(Problem(what), try_next="pip install 'autokode[agreement]'") from error
    if len({*own, *other}) < 2:
        return 1.0
    rows = [(coder, unit, label) for coder, labels in enumerate((own, other)) for unit, label in enumerate(labels)]
    return float(AnnotationTask(rows, distance=masi_distance if masi else binary_distance).alpha())


def alpha_of_two(own: Truth, other: Truth) -> float:
    """Krippendorff's alpha of two coders on yes/no units without gaps, in closed form.

    1 - (2n - 1) · d / (p · q), with d units that differ, p times yes and q times no among 2n (Krippendorff 2011,
    "Computing Krippendorff's alpha-reliability"); 1 where all say the same.
    """
    n = len(own)
    yes = int(own.sum() + other.sum())
    if yes in (0, 2 * n):
        return 1.0
    differ = int((own != other).sum())
    return 1 - (2 * n - 1) * differ / (yes * (2 * n - yes))


def _interval(own: Truth, other: Truth, groups: npt.NDArray[np.str_], seed: int) -> tuple[float, float]:
    rows = [np.flatnonzero(groups == group) for group in sorted(set(groups))]
    random = np.random.default_rng(seed)
    samples = (np.concatenate([rows[i] for i in random.integers(0, len(rows), len(rows))]) for _ in range(RESAMPLES))
    low, high = np.percentile([alpha_of_two(own[sample], other[sample]) for sample in samples], [2.5, 97.5])
    return round(float(low), 4), round(float(high), 4)
