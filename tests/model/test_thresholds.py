"""Thresholds and promises: limits keep what they promise, and the surest suggestions are shown in any case."""

import numpy as np
import pytest

from autokode.model.calibration import calibrate
from autokode.model.thresholds import (
    DEFAULT_PRECISION,
    PROMISES,
    SHOWN_AT_LEAST,
    UNMET,
    default_thresholds,
    most_codes,
    promise_limits,
)
from calibration_case import RANDOM, drawn

NONE = np.zeros((0, 1))


@pytest.mark.parametrize("level", [0.5, 0.8])
def test_a_promise_of_precision_holds_for_what_nobody_coded_yet(level: float) -> None:
    kept = []
    for _draw in range(20):
        scores, truth = drawn(2.0, -2.0, texts=400, codes=6)
        found = calibrate(scores[:100], truth[:100], scores[100:], interviews=4)
        coded, uncoded = found.probabilities(scores[:100]), found.probabilities(scores[100:])
        least = promise_limits(coded, truth[:100], uncoded)[0, PROMISES.index(level)]
        shown = uncoded >= least
        kept.append((truth[100:] & shown).sum() / max(shown.sum(), 1))
    assert np.mean(kept) >= level - 0.03


def test_more_precision_never_shows_more() -> None:
    scores, truth = drawn(1.0, -1.0, texts=80, codes=5)
    found = calibrate(scores, truth, NONE.repeat(5, 1), interviews=2)
    of_precision = promise_limits(found.probabilities(scores), truth, NONE.repeat(5, 1))[0]
    assert (np.diff(of_precision, axis=0) >= 0).all()


def test_a_code_that_proves_wrong_is_promised_later_than_one_that_proves_right() -> None:
    probabilities = np.tile(np.linspace(0.01, 0.99, 60)[:, None], (1, 2))
    truth = np.stack([probabilities[:, 0] > 0.5, RANDOM.random(60) < 0.1], axis=1)
    right, wrong = promise_limits(probabilities, truth, np.zeros((0, 2)))[0, PROMISES.index(0.6)]
    assert right < wrong


def test_recall_is_what_the_lowest_of_those_coded_allow() -> None:
    probabilities = np.arange(1, 20)[:, None] / 20
    found = promise_limits(probabilities, np.ones((19, 1), bool), NONE)[1]
    assert found[PROMISES.index(0.9), 0] == pytest.approx(0.1)  # of nineteen two may be missed
    assert promise_limits(probabilities[:5], np.ones((5, 1), bool), NONE)[1, PROMISES.index(0.95), 0] == UNMET


def test_in_any_case_the_surest_of_those_to_expect_are_shown() -> None:
    probabilities = np.linspace(0.01, 0.2, 100).reshape(50, 2)  # nothing here is likely
    unmet = np.full((2, len(PROMISES), 2), UNMET)
    least = default_thresholds(unmet, probabilities, an_answer=1.0)
    assert (probabilities >= least).sum() == int(SHOWN_AT_LEAST * 50)
    sure = unmet.copy()
    sure[0, PROMISES.index(DEFAULT_PRECISION)] = 0.05
    np.testing.assert_array_equal(default_thresholds(sure, probabilities, an_answer=1.0), [0.05, 0.05])


def test_an_answer_gets_no_more_codes_than_the_studys_rate_makes_likely() -> None:
    one_each, many = np.eye(4, dtype=bool), np.ones((10, 4), bool)
    assert most_codes(0.5, one_each) == 1
    assert most_codes(1.4, one_each) == 3
    assert most_codes(0.5, many) == 4


def test_promises_are_kept_for_every_twentieth() -> None:
    assert tuple(twentieth / 20 for twentieth in range(1, 20)) == PROMISES
