"""Scores to probabilities, and the probability from which to suggest; both learnt on interviews held out.

Platt scaling (Platt 1999, "Probabilistic outputs for support vector machines"): logit p = slope · score + shift, fitted
per code and drawn towards the fit over all codes, so that a code with few examples leans on the others.
"""

import numpy as np
import numpy.typing as npt

from autokode.features import Floats

SHRINKAGE = 3.0
"""Strength of the pull towards the common slope and shift, in units of Fisher information."""

EXAMPLES_PER_OWN_THRESHOLD = 20.0
"""Positive examples at which a code's own best threshold weighs as much as the common one."""

LEVELS = tuple(round(0.05 * i, 2) for i in range(1, 20))
"""Promises that limits are kept for: 0.05, 0.10, …, 0.95."""

UNMET = 2.0
"""The limit of a promise that a code cannot keep: no probability reaches it."""

EXPECTED = 10.0
"""What the probabilities themselves count, in suggestions, beside what was right of those held out."""

CAUTION = 0.5
"""Standard errors that precision must lie above what is promised: the lowest limit that seems to keep a promise is lucky."""

MIN_RIGHT = 2
"""Suggestions that must have been right on what was held out before precision is promised."""

_MIN_SLOPE = 0.05


def calibrate(scores: Floats, truth: npt.NDArray[np.bool_], offsets: Floats) -> tuple[Floats, Floats]:
    """Return slope and shift of each code, float64 (n_codes,) each.

    Args:
        scores: held-out scores, float64 (n_texts, n_codes); higher is likelier.
        truth: whether the text has the code, bool (n_texts, n_codes).
        offsets: log odds of each code's base rate, float64 (n_codes,); included in the returned shift.
    """
    codes, spread = scores.shape[1], max(float(scores.std()), 1e-9)
    scores = scores / spread
    common = _fit(scores.ravel(), truth.ravel(), np.tile(offsets, len(scores)), np.array([1.0, 0.0]))
    slopes, shifts = np.empty(codes), np.empty(codes)
    for k in range(codes):
        own = _fit(scores[:, k], truth[:, k], np.full(len(scores), offsets[k]), common)
        slopes[k], shifts[k] = max(own[0], _MIN_SLOPE) / spread, own[1] + offsets[k]
    return slopes, shifts


def _fit(scores: Floats, truth: npt.NDArray[np.bool_], offset: Floats, towards: Floats) -> Floats:
    """Newton's method on the penalised logistic likelihood in (slope, shift)."""
    design = np.stack([scores, np.ones_like(scores)], axis=1)
    fitted = towards.copy()
    for _step in range(50):
        p = sigmoid(design @ fitted + offset)
        gradient = design.T @ (p - truth) + SHRINKAGE * (fitted - towards)
        curvature = (design * (p * (1 - p))[:, None]).T @ design + SHRINKAGE * np.eye(2)
        step = np.linalg.solve(curvature, gradient)
        fitted = fitted - step / max(1.0, float(np.abs(step).max()))
        if np.abs(step).max() < 1e-8:
            break
    return fitted


def shifts_to(logits: Floats, base_rate: Floats) -> Floats:
    """Return what to add to each column of logits (n_texts, n_codes) so that its mean probability is the base rate."""
    shifts = np.zeros(logits.shape[1])
    for _step in range(100):
        p = sigmoid(logits + shifts)
        step = (p.mean(axis=0) - base_rate) / np.maximum((p * (1 - p)).mean(axis=0), 1e-9)
        shifts -= np.clip(step, -1.0, 1.0)
        if np.abs(step).max() < 1e-8:
            break
    return shifts


def thresholds(probabilities: Floats, truth: npt.NDArray[np.bool_]) -> Floats:
    """Return the probability from which to suggest each code, float64 (n_codes,): best F1 on what was held out.

    A code's own best threshold counts as much as the common one at `EXAMPLES_PER_OWN_THRESHOLD` examples.
    """
    common = _logit(best_f1_threshold(probabilities.ravel(), truth.ravel()))
    result = np.empty(probabilities.shape[1])
    for k in range(len(result)):
        weight = truth[:, k].sum() / (truth[:, k].sum() + EXAMPLES_PER_OWN_THRESHOLD)
        own = _logit(best_f1_threshold(probabilities[:, k], truth[:, k])) if truth[:, k].any() else common
        result[k] = sigmoid(np.array(weight * own + (1 - weight) * common))
    return result


def limits(probabilities: Floats, truth: npt.NDArray[np.bool_]) -> Floats:
    """Return the probability from which each promise is kept, float64 (2, n_levels, n_codes); `UNMET` where none does.

    The first are promises of precision, the second of recall, at `LEVELS`. Precision above a limit is what was right of
    the texts held out, drawn towards what their probabilities promise, less some caution. Recall is conformal: of n texts
    with the code the ⌊(1 - r)(n + 1)⌋ lowest may be missed (Vovk, Gammerman and Shafer 2005); with none to miss, nothing is
    promised.
    """
    found = np.full((2, len(LEVELS), probabilities.shape[1]), UNMET)
    for k in range(probabilities.shape[1]):
        order = np.argsort(-probabilities[:, k], kind="stable")
        ranked, hits = probabilities[order, k], np.cumsum(truth[order, k])
        shown = np.arange(1, len(ranked) + 1)
        precision = (hits + EXPECTED * np.cumsum(ranked) / shown) / (shown + EXPECTED)
        precision -= CAUTION * np.sqrt(precision * (1 - precision) / (shown + EXPECTED))
        last_of_ties = np.append(ranked[1:] < ranked[:-1], True)
        lowest = np.sort(ranked[truth[order, k]])
        for row, level in enumerate(LEVELS):
            kept = np.flatnonzero(last_of_ties & (precision >= level) & (hits >= MIN_RIGHT))
            if len(kept):
                found[0, row, k] = ranked[kept[-1]]
            missed = int((1 - level) * (len(lowest) + 1) + 1e-9)
            if 0 < missed <= len(lowest):
                found[1, row, k] = lowest[missed - 1]
    return found


def best_f1_threshold(probabilities: Floats, truth: npt.NDArray[np.bool_]) -> float:
    """Return the threshold with the highest F1; half way between two neighbouring probabilities, 0.5 if none is true."""
    if not truth.any():
        return 0.5
    order = np.argsort(-probabilities, kind="stable")
    ranked, hits = probabilities[order], np.cumsum(truth[order])
    f1 = 2 * hits / (np.arange(1, len(hits) + 1) + truth.sum())
    last_of_ties = np.append(ranked[1:] < ranked[:-1], True)
    best = int(np.argmax(np.where(last_of_ties, f1, -1.0)))
    below = ranked[best + 1] if best + 1 < len(ranked) else 0.0
    return float((ranked[best] + below) / 2)


def any_of(probabilities: npt.NDArray[np.floating]) -> Floats:
    """Return the probability of having any of the codes (…, n_codes), as if they fell independently: 1 - ∏(1 - p)."""
    return np.asarray(1 - np.prod(1 - probabilities, axis=-1, dtype=np.float64))


def sigmoid(logits: Floats) -> Floats:
    """Return 1 / (1 + e^-x) without overflow, in the dtype it was given."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * logits)))


def _logit(p: float) -> float:
    p = min(max(p, 1e-6), 1 - 1e-6)
    return float(np.log(p / (1 - p)))
