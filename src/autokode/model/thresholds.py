"""Sets the probability from which to suggest: by default, and for each promise of precision or recall, by answers held out."""

import numpy as np
import numpy.typing as npt

from autokode.base.arrays import Floats

PROMISES = tuple(round(0.05 * i, 2) for i in range(1, 20))
"""Promises that a model has limits for: 0.05, 0.10, …, 0.95."""

DEFAULT_PRECISION = 0.5
"""Precision to aim for where the user asks for nothing; one of `PROMISES`. A saved model keeps what it was trained with."""

SHOWN_AT_LEAST = 0.4
"""Share of the expected codings that is suggested in any case, the surest first."""

UNMET = 2.0
"""Limit of a promise that a code cannot keep; no probability reaches it."""

EXPECTED = 10.0
"""Weight of the probabilities themselves in an estimate of precision, as a number of held-out suggestions."""

CAUTION = 0.5
"""Standard errors by which precision must exceed a promise, since the lowest limit that seems to keep it does so by some luck."""

HALF = 0.5
"""Least probability of a suggestion, as a share of the precision promised, however sure the others are."""

_GRID = np.arange(1, 100) / 100

_QUANTILE = 0.9


def default_thresholds(limits: Floats, probabilities: Floats, an_answer: float) -> Floats:
    """The probability from which each code is suggested by default, float64 (n_codes,).

    It is the limit at which the usual precision is promised, or lower: the model suggests the surest `SHOWN_AT_LEAST` of the
    expected codings in any case, so that the coder has something to decide about.

    Args:
        limits: of promises, as `promise_limits` gives them.
        probabilities: of all the study's answers, float64 (n_texts, n_codes).
        an_answer: expected codings of an answer.
    """
    wanted = int(SHOWN_AT_LEAST * an_answer * len(probabilities))
    ranked = np.sort(probabilities, axis=None)[::-1]
    surest = ranked[min(wanted, len(ranked)) - 1] if wanted else UNMET
    return np.asarray(np.minimum(limits[0, PROMISES.index(DEFAULT_PRECISION)], surest))


def promise_limits(probabilities: Floats, truth: npt.NDArray[np.bool_], uncoded: Floats) -> Floats:
    """The probability from which a code keeps each promise, float64 (2, n_levels, n_codes); `UNMET` where none does.

    The first are promises of precision, the second of recall, at `PROMISES`. Precision above a limit is the share of the code's
    held-out suggestions that were right, drawn towards the mean probability of all suggestions above it, less some caution.
    Recall is conformal: of n texts with the code the ⌊(1 - r)(n + 1)⌋ lowest may be missed (Vovk, Gammerman and Shafer 2005); if
    that is none, nothing is promised.

    Args:
        probabilities: of the coded answers, held out, float64 (n_texts, n_codes).
        truth: whether the answer has the code, bool (n_texts, n_codes).
        uncoded: probabilities of the study's other answers, float64 (n_uncoded, n_codes).
    """
    found = np.full((2, len(PROMISES), probabilities.shape[1]), UNMET)
    everything = np.sort(np.concatenate([probabilities, uncoded]), axis=None)
    above = len(everything) - np.searchsorted(everything, _GRID)
    sums = np.append(np.cumsum(everything[::-1])[::-1], 0.0)[np.searchsorted(everything, _GRID)]
    promised = sums / np.maximum(above, 1)
    for k in range(probabilities.shape[1]):
        own, right = np.sort(probabilities[:, k]), np.sort(probabilities[truth[:, k], k])
        shown = len(own) - np.searchsorted(own, _GRID)
        hits = len(right) - np.searchsorted(right, _GRID)
        precision = (hits + EXPECTED * promised) / (shown + EXPECTED)
        precision -= CAUTION * np.sqrt(precision * (1 - precision) / (shown + EXPECTED))
        for row, level in enumerate(PROMISES):
            in_reach = (HALF * level <= _GRID) & (above > 0)
            kept = np.flatnonzero((precision >= level) & in_reach)
            if len(kept):
                found[0, row, k] = _GRID[kept[0]]
            missed = int((1 - level) * (len(right) + 1) + 1e-9)
            if 0 < missed <= len(right):
                found[1, row, k] = right[missed - 1]
    return found


def most_codes(an_answer: float, truth: npt.NDArray[np.bool_]) -> int:
    """The most codes to suggest for an answer: nine in ten answers have no more, by the count so far or by the expected rate."""
    counts = truth.sum(axis=1)
    had = int(np.quantile(counts, _QUANTILE, method="higher")) if len(counts) else 1
    chance = reached = np.exp(-an_answer)
    likely = 0
    while reached < _QUANTILE:  # the quantile of a Poisson distribution
        likely += 1
        chance *= an_answer / likely
        reached += chance
    return int(min(max(1, had, likely), truth.shape[1]))
