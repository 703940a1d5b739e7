"""Turns scores into probabilities, and sets the probability from which to suggest, by answers held out.

A code's scores are put on the scale of the study's own answers, coded or not: z = (score - mean) / spread. Then

    logit p = shift + slope · z

A new study begins with the figures of other studies (`SLOPE`, `RATE`, `CODES_AN_ANSWER`). With every coded answer its own
evidence counts more, first that of all codes together, then that of each code (Platt 1999, "Probabilistic
outputs for support vector machines", with a Gaussian prior on both parameters).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from autokode.base.arrays import Floats

SLOPE, RATE = 1.0, 0.3
"""Change of log odds per spread of the score, and per log odds of the code's rate so far: in the first answers the guide
decides which codes come up. Fitted to the first hours of five studies, each left out once (docs/quality.md)."""

CODES_AN_ANSWER, ANSWERS = 0.8, 10.0
"""Mean number of codes of an answer in other studies, and how many answers that figure counts as."""

RARE, ANSWERS_OF_RARE, TEXTS_FOR_RATE = 0.05, 20.0, 15.0
"""Rate assumed of a code before anybody coded, and how many pairs of text and code that counts as; then, in the rate of one
code, how many texts the rate over all codes counts as."""

OWN = 30.0
"""Strength that pulls a code's slope and shift towards those of all codes, and these towards other studies', in units of Fisher
information, for one interview. Rates differ between interviews, so it falls as their number grows."""

LEAST_OWN = 3.0
"""Least strength of that pull, however many interviews there are."""


_LEAST_SLOPE = 0.05
_MOST = 0.9


@dataclass(frozen=True, slots=True)
class Calibration:
    """Turns scores into log odds, slope · score + shift; float64 (n_codes,) each.

    Attributes:
        slopes, shifts: for scores with their question.
        an_answer: expected codings of an answer.
    """

    slopes: Floats
    shifts: Floats
    an_answer: float

    def probabilities(self, scores: Floats) -> Floats:
        """The probabilities of scores (n_texts, n_codes)."""
        return sigmoid(scores * self.slopes + self.shifts)


def calibrate(scores: Floats, truth: npt.NDArray[np.bool_], uncoded: Floats, *, interviews: int) -> Calibration:
    """Fit the calibration of each code.

    Args:
        scores: held-out scores of the coded answers, float64 (n_texts, n_codes); higher is likelier.
        truth: whether the answer has the code, bool (n_texts, n_codes).
        uncoded: scores of the study's other answers, float64 (n_uncoded, n_codes).
        interviews: the number of interviews that the coded answers come from.
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
    """A calibration for too few texts to hold any out: a text without features gets its code's rate."""
    rate = rates(truth)
    return Calibration(np.full(len(base), slope), np.log(rate / (1 - rate)) - slope * base, _an_answer(truth))


def rates(truth: npt.NDArray[np.bool_]) -> Floats:
    """The expected share of texts with each code, float64 (n_codes,), drawn towards that of all codes together."""
    texts, codes = truth.shape
    common = (truth.sum() + RARE * ANSWERS_OF_RARE) / (texts * codes + ANSWERS_OF_RARE)
    found = (truth.sum(axis=0) + TEXTS_FOR_RATE * common) / (texts + TEXTS_FOR_RATE)
    return np.asarray(np.clip(found, 1e-4, 1 - 1e-4))


def _an_answer(truth: npt.NDArray[np.bool_]) -> float:
    """The expected number of codes of an answer."""
    expected = (truth.sum() + CODES_AN_ANSWER * ANSWERS) / (len(truth) + ANSWERS)
    return float(min(expected, _MOST * truth.shape[1]))


def _common_shift(logits: Floats, an_answer: float) -> float:
    """The shift of all logits (n_texts, n_codes) that gives a text this many codes on the average."""
    return float(shifts_to(logits.reshape(-1, 1), np.array([an_answer / logits.shape[1]]))[0])


def _fit(scores: Floats, truth: npt.NDArray[np.bool_], offset: Floats, towards: Floats, pull: float) -> Floats:
    """Newton's method on the penalised logistic likelihood in (slope, shift)."""
    columns = np.stack([scores, np.ones_like(scores)], axis=1)
    fitted = towards.copy()
    for _step in range(50):
        p = sigmoid(columns @ fitted + offset)
        gradient = columns.T @ (p - truth) + pull * (fitted - towards)
        curvature = (columns * (p * (1 - p))[:, None]).T @ columns + pull * np.eye(2)
        step = np.linalg.solve(curvature, gradient)
        fitted = fitted - step / max(1.0, float(np.abs(step).max()))
        if np.abs(step).max() < 1e-8:
            break
    return fitted


def shifts_to(logits: Floats, base_rate: Floats) -> Floats:
    """The shift of each column of logits (n_texts, n_codes) that makes its mean probability the base rate."""
    shifts = np.zeros(logits.shape[1])
    for _step in range(100):
        p = sigmoid(logits + shifts)
        step = (p.mean(axis=0) - base_rate) / np.maximum((p * (1 - p)).mean(axis=0), 1e-9)
        shifts -= np.clip(step, -1.0, 1.0)
        if np.abs(step).max() < 1e-8:
            break
    return shifts


def any_of(probabilities: npt.NDArray[np.floating]) -> Floats:
    """The probability of having any of the codes (…, n_codes), as if they fell independently: 1 - ∏(1 - p)."""
    return np.asarray(1 - np.prod(1 - probabilities, axis=-1, dtype=np.float64))


def sigmoid(logits: Floats) -> Floats:
    """1 / (1 + e^-x) without overflow, in the dtype of the logits."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * logits)))
