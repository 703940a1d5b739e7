"""Figures of quality, from arrays of scores and truth, both (n_texts, n_codes)."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Truth = npt.NDArray[np.bool_]

RESAMPLES = 400
BINS = 15
MIN_POSITIVES = 200
"""Coded pairs of text and code below which an error of calibration is mostly chance, and is not reported."""


def average_precisions(scores: Floats, truth: Truth, counts: Floats) -> Floats:
    """The mean over codes of average precision, float64 (n_resamples,).

    Average precision is Σ (recall now − recall before) · precision down the ranking, ties taken together, as scikit-learn
    has it. A code that nobody was given in a resample is left out of its mean.

    Args:
        counts: how often each text is in each resample, (n_resamples, n_texts).
    """
    sums, present = np.zeros(len(counts)), np.zeros(len(counts))
    for k in range(scores.shape[1]):
        order = np.argsort(-scores[:, k], kind="stable")
        ranked, own = scores[order, k], counts[:, order]
        last = np.searchsorted(-ranked, -ranked, side="right") - 1
        hits = own * truth[order, k]
        found, seen = hits.cumsum(axis=1), own.cumsum(axis=1)
        precision = (found / np.maximum(seen, 1))[:, last]
        there = found[:, -1] > 0
        sums += np.where(there, (hits * precision).sum(axis=1) / np.maximum(found[:, -1], 1), 0.0)
        present += there
    return np.asarray(sums / np.maximum(present, 1))


def resampled(groups: Sequence[str] | None, texts: int, seed: int) -> Floats:
    """How often each text is in each resample of the groups (of the texts, if None), (RESAMPLES, n_texts).

    The same for every system, so that what differs between two is not the resample.
    """
    which = np.arange(texts) if groups is None else np.unique(np.array(groups), return_inverse=True)[1]
    n = int(which.max()) + 1
    draws = np.random.default_rng(seed).integers(0, n, (RESAMPLES, n))
    return np.stack([np.bincount(draw, minlength=n)[which] for draw in draws]).astype(np.float64)


def ranking(scores: Floats, truth: Truth, groups: Sequence[str] | None, seed: int) -> dict[str, object]:
    """Macro average precision, its deviation by bootstrap over groups, and its 95 % interval.

    The interval is the mean ± 1.96 deviations: percentiles would lie too high, since a text drawn twice ranks with itself.
    """
    mean = average_precisions(scores, truth, np.ones((1, len(truth))))[0]
    found = average_precisions(scores, truth, resampled(groups, len(truth), seed))
    deviation = float(found.std())
    low, high = interval(float(mean), deviation)
    return {
        "average_precision": round(float(mean), 4),
        "interval": [round(low, 4), round(high, 4)],
        "deviation": round(deviation, 4),
    }


def interval(mean: float, deviation: float) -> tuple[float, float]:
    """The 95 % interval of a share."""
    return max(0.0, mean - 1.96 * deviation), min(1.0, mean + 1.96 * deviation)


def suggested(said: Truth, truth: Truth) -> dict[str, float]:
    """Micro F1 of the suggestions over all codes, and macro F1 over the codes present."""
    right, total = (said & truth).sum(axis=0), said.sum(axis=0) + truth.sum(axis=0)
    present = truth.any(axis=0)
    f1 = 2 * right / np.maximum(total, 1)
    micro = 2 * right.sum() / max(1, total.sum())
    return {"micro_f1": round(float(micro), 4), "macro_f1": round(float(f1[present].mean()), 4)}


def accuracy(scores: Floats, truth: Truth) -> float:
    """The share of texts with a code whose highest score is of a code that they have; the first one of ties."""
    coded = truth.any(axis=1)
    best = scores.argmax(axis=1)
    return round(float(truth[coded, best[coded]].mean()), 4)


def calibration_error(probabilities: Floats, truth: Truth) -> float | None:
    """The expected calibration error over all pairs in bins of equal count (Naeini et al. 2015); None if few."""
    if truth.sum() < MIN_POSITIVES:
        return None
    order = np.argsort(probabilities, axis=None, kind="stable")
    bins = np.array_split(np.stack([probabilities.ravel()[order], truth.ravel()[order]]), BINS, axis=1)
    gaps = [abs(float(own[0].mean() - own[1].mean())) * own.shape[1] for own in bins]
    return round(sum(gaps) / truth.size, 4)


def promised(shown: Truth | None, truth: Truth) -> dict[str, int] | None:
    """How many suggestions the promise lets through, and how many of them are right."""
    return None if shown is None else {"shown": int(shown.sum()), "right": int((shown & truth).sum())}
