"""Scores to probabilities: a known truth is found again, few examples lean on other studies, limits keep what they promise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autokode.model.calibration import any_of, calibrate, rates, shifts_to, sigmoid
from autokode.model.thresholds import (
    UNMET,
    promise_limits,
)
from calibration_case import RANDOM, drawn

NONE = np.zeros((0, 1))


@pytest.mark.parametrize(("slope", "shift"), [(2.0, -1.0), (0.5, 0.0), (4.0, -3.0)])
def test_a_known_slope_and_shift_are_found_again_where_much_is_coded(slope: float, shift: float) -> None:
    scores, truth = drawn(slope, shift, texts=20_000)
    found = calibrate(scores, truth, NONE, interviews=20)
    assert found.slopes[0] == pytest.approx(slope, rel=0.1)
    assert found.shifts[0] == pytest.approx(shift, abs=0.2)


def test_scores_may_have_any_middle_and_spread() -> None:
    scores, truth = drawn(2.0, -1.0, codes=3)
    moved = calibrate(scores * 0.01 + 7, truth, NONE.repeat(3, 1), interviews=4)
    plain = calibrate(scores, truth, NONE.repeat(3, 1), interviews=4)
    np.testing.assert_allclose(moved.probabilities(scores * 0.01 + 7), plain.probabilities(scores), atol=1e-6)


def test_a_code_with_few_examples_leans_on_the_others() -> None:
    scores, truth = drawn(3.0, 0.0, codes=5)
    truth[:, 4] = False
    truth[:3, 4] = True
    scores[:3, 4] = -1.0  # its few examples point the other way
    among = calibrate(scores, truth, NONE.repeat(5, 1), interviews=4).slopes
    alone = calibrate(scores[:, 4:], truth[:, 4:], NONE, interviews=4).slopes
    assert among[4] > alone[0]
    assert (among > 0).all()


def test_a_slope_is_never_turned_round() -> None:
    scores, truth = drawn(-3.0, 0.0)
    assert calibrate(scores, truth, NONE, interviews=9).slopes[0] > 0


def test_an_unused_code_changes_nothing_for_the_others() -> None:
    """It must not: nobody should have to tidy the codebook before suggestions are worth reading."""
    scores, truth = drawn(2.0, -1.5, texts=60, codes=4)
    more = np.concatenate([scores, RANDOM.normal(size=(60, 1))], axis=1)
    unused = np.concatenate([truth, np.zeros((60, 1), bool)], axis=1)
    with_it = calibrate(more, unused, NONE.repeat(5, 1), interviews=1).probabilities(more)
    without = calibrate(scores, truth, NONE.repeat(4, 1), interviews=1).probabilities(scores)
    assert np.abs(with_it[:, :4] - without).max() < 0.1
    assert with_it[:, 4].mean() < with_it[:, :4].mean() / 2


def test_before_there_is_evidence_few_codes_are_likely_and_as_many_as_in_other_studies() -> None:
    truth, scores = np.zeros((8, 10), bool), RANDOM.normal(size=(8, 10))
    truth[0, 0] = True
    uncoded = RANDOM.normal(size=(100, 10))
    probabilities = calibrate(scores, truth, uncoded, interviews=1).probabilities(uncoded)
    assert probabilities.sum(axis=1).mean() == pytest.approx((1 + 0.8 * 10) / (8 + 10), rel=0.05)
    assert (probabilities > 0.5).mean() < 0.01


def test_what_a_study_says_of_itself_counts_more_the_more_of_it_is_coded() -> None:
    found = []
    for texts in (20, 200, 2000):
        scores, truth = drawn(0.0, -1.0, texts=texts, codes=5)  # scores that say nothing here
        found.append(float(calibrate(scores, truth, NONE.repeat(5, 1), interviews=texts // 20).slopes.mean()))
    assert found[0] > found[1] > found[2]


def test_rates_lean_on_the_rate_of_all_codes() -> None:
    truth = np.zeros((10, 4), bool)
    truth[:5, 0] = True
    found = rates(truth)
    assert found[0] > 2 * found[1] > 0
    assert found[0] < 0.5


def test_shifts_bring_the_mean_to_the_base_rate() -> None:
    logits = RANDOM.normal(size=(500, 3)) * 4
    wanted = np.array([0.02, 0.3, 0.9])
    np.testing.assert_allclose(sigmoid(logits + shifts_to(logits, wanted)).mean(axis=0), wanted, atol=1e-6)


def test_sigmoid_does_not_overflow() -> None:
    np.testing.assert_array_equal(sigmoid(np.array([-1e6, 0.0, 1e6])), [0.0, 0.5, 1.0])


def test_any_of_several_is_one_less_none_of_them() -> None:
    np.testing.assert_allclose(any_of(np.array([[0.5, 0.5], [0.0, 0.25], [1.0, 0.1]])), [0.75, 0.25, 1.0])


@given(st.integers(1, 12), st.integers(1, 6), st.integers(0, 2**31))
def test_whatever_is_coded_the_figures_are_figures(texts: int, codes: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    scores, truth = random.normal(size=(texts, codes)), random.random((texts, codes)) < random.random()
    uncoded = random.normal(size=(int(random.integers(0, 5)), codes))
    found = calibrate(scores, truth, uncoded, interviews=int(random.integers(1, 4)))
    probabilities = found.probabilities(scores)
    assert np.isfinite(probabilities).all() and (found.slopes > 0).all()
    of_promises = promise_limits(probabilities, truth, found.probabilities(uncoded))
    assert ((of_promises > 0) & ((of_promises <= 1) | (of_promises == UNMET))).all()
