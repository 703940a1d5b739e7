"""Scores to probabilities, and the probability from which to suggest; learnt on answers held out, from many studies at first.

A code's scores are put on the scale of the study's own answers, coded or not: z = (score - mean) / spread. Then

    logit p = shift + slope · z

Before a study has evidence of its own, what held in other studies holds (`SLOPE`, `RATE`, `CODES_AN_ANSWER`); with every answer
that is coded its own evidence counts more, first of all codes together and then of each by itself (Platt 1999, "Probabilistic
outputs for support vector machines", with a Gaussian prior on both parameters).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from autokode.base.arrays import Floats

SLOPE, RATE = 1.0, 0.3
"""Change of log odds by a spread of score, and by log odds of the code's rate so far: few answers in, the interview guide and not
the study decides which codes have come up. Fitted to the first hours of five studies, each left out once (docs/quality.md)."""

CODES_AN_ANSWER, ANSWERS = 0.8, 10.0
"""Codes that an answer has in other studies, and what that counts, in answers."""

RARE, ANSWERS_OF_RARE, TEXTS_FOR_RATE = 0.05, 20.0, 15.0
"""Rate of a code before anything is coded, and what it counts, in codes coded or not; and what the rate of all codes counts
for one of them, in texts."""

OWN = 30.0
"""Strength of the pull of a code's slope and shift towards those of all codes, and of theirs towards other studies', in units of
Fisher information, for one interview: rates drift within an interview and from one to the next, so it falls with more."""

LEAST_OWN = 3.0
"""The same where there are many interviews."""

LEVELS = tuple(round(0.05 * i, 2) for i in range(1, 20))
"""Promises that limits are kept for: 0.05, 0.10, …, 0.95."""

USUAL = 0.5
"""Precision that is promised where nothing else is asked for."""

SHOWN_AT_LEAST = 0.4
"""Suggestions that are shown in any case, the surest, as a share of the codings to expect."""

UNMET = 2.0
"""The limit of a promise that a code cannot keep: no probability reaches it."""

EXPECTED = 10.0
"""What the probabilities themselves count, in suggestions, beside what was right of those held out."""

CAUTION = 0.5
"""Standard errors that precision must lie above what is promised: the lowest limit that seems to keep a promise is lucky."""

HALF = 0.5
"""No suggestion is less probable than this share of the precision promised, however sure the others are."""

_GRID = np.arange(1, 100) / 100
_LEAST_SLOPE = 0.05
_MOST = 0.9


@dataclass(frozen=True, slots=True)
class Calibration:
    """What turns scores into log odds: slope · score + shift; float64 (n_codes,) each.

    Attributes:
        slopes, shifts: for scores with their question.
        an_answer: codings to expect of an answer.
    """

    slopes: Floats
    shifts: Floats
    an_answer: float

    def probabilities(self, scores: Floats) -> Floats:
        """Return the probabilities of scores (n_texts, n_codes)."""
        return sigmoid(scores * self.slopes + self.shifts)


def calibrate(scores: Floats, truth: npt.NDArray[np.bool_], uncoded: Floats, *, interviews: int) -> Calibration:
    """Fit the calibration of each code.

    Args:
        scores: held-out scores of the coded answers, float64 (n_texts, n_codes); higher is likelier.
        truth: whether the answer has the code, bool (n_texts, n_codes).
        uncoded: scores of the study's other answers, float64 (n_uncoded, n_codes).
        interviews: how many the coded answers are of.
    """
    everything = np.concatenate([scores, uncoded])
    middle, spread = everything.mean(axis=0), np.maximum(everything.std(axis=0), 1e-9)
    z, an_answer = (everything - middle) / spread, _an_answer(truth)
    rate = rates(truth)
    offsets = RATE * np.log(rate / (1 - rate))
    offsets += _common_shift(SLOPE * z + offsets, an_answer)
    pull = max(OWN / max(interviews, 1), LEAST_OWN)
    coded = z[: len(truth)]
    common = _fit(coded.ravel(), truth.ravel(), np.tile(offsets, len(truth)), np.array([SLOPE, 0.0]), pull)
    own = np.array([_fit(coded[:, k], truth[:, k], offsets[[k]], common, pull) for k in range(len(offsets))])
    slopes, shifts = np.maximum(own[:, 0], _LEAST_SLOPE), own[:, 1] + offsets
    shifts += _common_shift(slopes * z + shifts, an_answer)
    return Calibration(slopes / spread, shifts - slopes * middle / spread, an_answer)


def uncalibrated(base: Floats, truth: npt.NDArray[np.bool_], slope: float) -> Calibration:
    """Return a calibration where too little is coded to hold anything out: a text without features has its code's rate."""
    rate = rates(truth)
    return Calibration(np.full(len(base), slope), np.log(rate / (1 - rate)) - slope * base, _an_answer(truth))


def rates(truth: npt.NDArray[np.bool_]) -> Floats:
    """Return the share of texts to expect with each code, float64 (n_codes,), drawn towards that of all codes together."""
    texts, codes = truth.shape
    common = (truth.sum() + RARE * ANSWERS_OF_RARE) / (texts * codes + ANSWERS_OF_RARE)
    found = (truth.sum(axis=0) + TEXTS_FOR_RATE * common) / (texts + TEXTS_FOR_RATE)
    return np.asarray(np.clip(found, 1e-4, 1 - 1e-4))


def _an_answer(truth: npt.NDArray[np.bool_]) -> float:
    """Return how many codes an answer is to be expected to have."""
    expected = (truth.sum() + CODES_AN_ANSWER * ANSWERS) / (len(truth) + ANSWERS)
    return float(min(expected, _MOST * truth.shape[1]))


def _common_shift(logits: Floats, an_answer: float) -> float:
    """Return what to add to all logits (n_texts, n_codes) so that a text has so many codes on the average."""
    return float(shifts_to(logits.reshape(-1, 1), np.array([an_answer / logits.shape[1]]))[0])


def _fit(scores: Floats, truth: npt.NDArray[np.bool_], offset: Floats, towards: Floats, pull: float) -> Floats:
    """Newton's method on the penalised logistic likelihood in (slope, shift)."""
    design = np.stack([scores, np.ones_like(scores)], axis=1)
    fitted = towards.copy()
    for _step in range(50):
        p = sigmoid(design @ fitted + offset)
        gradient = design.T @ (p - truth) + pull * (fitted - towards)
        curvature = (design * (p * (1 - p))[:, None]).T @ design + pull * np.eye(2)
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


def thresholds(limits: Floats, probabilities: Floats, an_answer: float) -> Floats:
    """Return the probability from which each code is suggested where nothing is asked for, float64 (n_codes,).

    It is the limit at which the usual precision is promised, or lower: the surest `SHOWN_AT_LEAST` of the codings to expect are
    shown, so that there is something to decide about.

    Args:
        limits: as the function of that name has them.
        probabilities: of all the study's answers, float64 (n_texts, n_codes).
        an_answer: codings to expect of an answer.
    """
    wanted = int(SHOWN_AT_LEAST * an_answer * len(probabilities))
    ranked = np.sort(probabilities, axis=None)[::-1]
    surest = ranked[min(wanted, len(ranked)) - 1] if wanted else UNMET
    return np.asarray(np.minimum(limits[0, LEVELS.index(USUAL)], surest))


def limits(probabilities: Floats, truth: npt.NDArray[np.bool_], uncoded: Floats) -> Floats:
    """Return the probability from which each promise is kept, float64 (2, n_levels, n_codes); `UNMET` where none does.

    The first are promises of precision, the second of recall, at `LEVELS`. Precision above a limit is what was right of the
    code's suggestions held out, drawn towards the mean probability of all suggestions above it, less some caution. Recall is
    conformal: of n texts with the code the ⌊(1 - r)(n + 1)⌋ lowest may be missed (Vovk, Gammerman and Shafer 2005); with none to
    miss, nothing is promised.

    Args:
        probabilities: of the coded answers, held out, float64 (n_texts, n_codes).
        truth: whether the answer has the code, bool (n_texts, n_codes).
        uncoded: probabilities of the study's other answers, float64 (n_uncoded, n_codes).
    """
    found = np.full((2, len(LEVELS), probabilities.shape[1]), UNMET)
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
        for row, level in enumerate(LEVELS):
            in_reach = (HALF * level <= _GRID) & (above > 0)
            kept = np.flatnonzero((precision >= level) & in_reach)
            if len(kept):
                found[0, row, k] = _GRID[kept[0]]
            missed = int((1 - level) * (len(right) + 1) + 1e-9)
            if 0 < missed <= len(right):
                found[1, row, k] = right[missed - 1]
    return found


def most_codes(an_answer: float, truth: npt.NDArray[np.bool_]) -> int:
    """Return the most codes that an answer is suggested: what nine in ten have at the study's rate, or have had in it."""
    counts = truth.sum(axis=1)
    had = int(np.quantile(counts, _MOST, method="higher")) if len(counts) else 1
    chance = reached = np.exp(-an_answer)
    likely = 0
    while reached < _MOST:  # the quantile of a Poisson distribution
        likely += 1
        chance *= an_answer / likely
        reached += chance
    return int(min(max(1, had, likely), truth.shape[1]))


def any_of(probabilities: npt.NDArray[np.floating]) -> Floats:
    """Return the probability of having any of the codes (…, n_codes), as if they fell independently: 1 - ∏(1 - p)."""
    return np.asarray(1 - np.prod(1 - probabilities, axis=-1, dtype=np.float64))


def sigmoid(logits: Floats) -> Floats:
    """Return 1 / (1 + e^-x) without overflow, in the dtype it was given."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * logits)))
