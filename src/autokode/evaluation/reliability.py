"""Compares promises of precision and recall with what was achieved, and probabilities with how often a code was given."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import erf, sqrt

import numpy as np
import numpy.typing as npt

from autokode.base.arrays import Floats

BINS = 10
"""Bins of the reliability curve, of equal width: 0–0.1, 0.1–0.2, …"""

CONFIDENCE = erf(1.96 / sqrt(2))
"""Confidence level of intervals: that of 1.96 standard errors, about 95 %."""

Truth = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise about the texts held out, and what was achieved.

    Attributes:
        kind: "precision" or "recall".
        promised: the share promised, 0–1.
        shown, right: suggestions of the codes that make the promise, and how many of them the coders gave too.
        there: how often coders gave these codes.
        achieved: the share achieved, or None if nothing was shown (precision) or coded (recall).
        interval: its 95 % interval (Wilson 1927), or None.
        not_yet: the codes that cannot make the promise yet in half of the folds or more.
    """

    kind: str
    promised: float
    shown: int
    right: int
    there: int
    achieved: float | None
    interval: tuple[float, float] | None
    not_yet: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bin:
    """A bin of the reliability curve: how many predictions, their mean probability, and the share that coders gave."""

    predictions: int
    probability: float
    coded: float


def kept(
    kind: str,
    promised: float,
    *,
    truth: Truth,
    probabilities: Floats,
    limits: Floats,
    codes: Sequence[str],
    shown: Truth | None = None,
) -> Promise:
    """Compare a promise with what was achieved.

    Args:
        kind: "precision" or "recall".
        promised: the share promised.
        truth: bool (n_texts, n_codes).
        probabilities: float64 (n_texts, n_codes), by models that never saw the text.
        limits: the probability from which each code was shown for each text, inf for not at all; (n_texts, n_codes).
        codes: their names.
        shown: what was suggested, (n_texts, n_codes); None for all from the limits on.
    """
    able = np.isfinite(limits)
    shown = ((probabilities >= limits) if shown is None else shown) & able
    right, there = int((shown & truth).sum()), int((truth & able).sum())
    whole = int(shown.sum()) if kind == "precision" else there
    return Promise(
        kind=kind,
        promised=promised,
        shown=int(shown.sum()),
        right=right,
        there=there,
        achieved=round(right / whole, 4) if whole else None,
        interval=wilson(right, whole) if whole else None,
        not_yet=tuple(code for code, share in zip(codes, able.mean(axis=0), strict=True) if share <= 0.5),
    )


def wilson(right: int, whole: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927, "Probable inference")."""
    from scipy.stats import binomtest  # here: it takes most of a second, for which a page that opens need not wait

    low, high = binomtest(right, whole).proportion_ci(CONFIDENCE, method="wilson")
    return round(float(low), 4), round(float(high), 4)


def reliability(probabilities: Floats, truth: Truth) -> tuple[Bin, ...]:
    """The reliability curve over all predictions, (n_texts, n_codes) each: the bins that have any, lowest first."""
    number = np.minimum((probabilities * BINS).astype(np.int64), BINS - 1)
    parts = [(probabilities[number == bin_], truth[number == bin_]) for bin_ in range(BINS)]
    return tuple(
        Bin(own.size, round(float(own.mean()), 4), round(float(coded.mean()), 4)) for own, coded in parts if own.size
    )


def calibration_error(found: tuple[Bin, ...]) -> float:
    """The expected calibration error: the predictions' mean distance of probability and share in their bin.

    Naeini, Cooper and Hauskrecht 2015, "Obtaining well calibrated probabilities using Bayesian binning".
    """
    whole = sum(part.predictions for part in found)
    return round(sum(part.predictions * abs(part.probability - part.coded) for part in found) / max(whole, 1), 4)
