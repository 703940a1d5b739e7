"""Scores to probabilities: a known truth is found again, few examples lean on the rest, thresholds are the best there are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autokode.calibration import LEVELS, any_of, best_f1_threshold, calibrate, shifts_to, sigmoid, thresholds

RANDOM = np.random.default_rng(0)


def drawn(slope: float, shift: float, texts: int = 4000, codes: int = 1) -> tuple[np.ndarray, np.ndarray]:
    scores = RANDOM.normal(size=(texts, codes))
    return scores, RANDOM.random((texts, codes)) < sigmoid(slope * scores + shift)


@pytest.mark.parametrize(("slope", "shift"), [(2.0, -1.0), (0.5, 0.0), (4.0, -3.0)])
def test_a_known_slope_and_shift_are_found_again(slope: float, shift: float) -> None:
    scores, truth = drawn(slope, shift)
    found_slope, found_shift = calibrate(scores, truth, np.zeros(1))
    assert found_slope[0] == pytest.approx(slope, rel=0.15)
    assert found_shift[0] == pytest.approx(shift, abs=0.25)


def test_a_code_with_few_examples_leans_on_the_others() -> None:
    scores, truth = drawn(3.0, 0.0, codes=5)
    truth[:, 4] = False
    truth[:3, 4] = True
    scores[:3, 4] = -1.0  # its few examples point the other way
    slopes, _shifts = calibrate(scores, truth, np.log(np.maximum(truth.mean(0), 1e-3) / (1 - truth.mean(0))))
    alone, _ = calibrate(scores[:, 4:], truth[:, 4:], np.full(1, -7.0))
    assert slopes[4] > alone[0]
    assert (slopes > 0).all()


def test_a_slope_is_never_turned_round() -> None:
    scores, truth = drawn(-3.0, 0.0)
    assert calibrate(scores, truth, np.zeros(1))[0][0] > 0


def test_shifts_bring_the_mean_to_the_base_rate() -> None:
    logits = RANDOM.normal(size=(500, 3)) * 4
    wanted = np.array([0.02, 0.3, 0.9])
    np.testing.assert_allclose(sigmoid(logits + shifts_to(logits, wanted)).mean(axis=0), wanted, atol=1e-6)


rows = st.lists(st.tuples(st.sampled_from([0.1, 0.2, 0.35, 0.5, 0.8, 0.95]), st.booleans()), min_size=1, max_size=30)


@given(rows)
def test_the_best_threshold_is_the_best_of_all(pairs: list[tuple[float, bool]]) -> None:
    probabilities, truth = np.array([p for p, _ in pairs]), np.array([t for _, t in pairs])

    def f1(threshold: float) -> float:
        said = probabilities >= threshold
        return 2 * (said & truth).sum() / max(1, said.sum() + truth.sum())

    best = best_f1_threshold(probabilities, truth)
    assert 0 < best < 1
    if truth.any():
        assert f1(best) == pytest.approx(max(f1(t) for t in {*probabilities.tolist(), 1.1}))


def test_a_code_without_examples_gets_the_common_threshold() -> None:
    probabilities, truth = np.array([[0.9, 0.2], [0.8, 0.1], [0.1, 0.3]]), np.array([[1, 0], [1, 0], [0, 0]], bool)
    own, common = thresholds(probabilities, truth)
    assert common == pytest.approx(best_f1_threshold(probabilities.ravel(), truth.ravel()))
    assert 0.3 < own < 0.9


def test_sigmoid_does_not_overflow() -> None:
    np.testing.assert_array_equal(sigmoid(np.array([-1e6, 0.0, 1e6])), [0.0, 0.5, 1.0])


def test_any_of_several_is_one_less_none_of_them() -> None:
    np.testing.assert_allclose(any_of(np.array([[0.5, 0.5], [0.0, 0.25], [1.0, 0.1]])), [0.75, 0.25, 1.0])


def test_promises_are_kept_for_every_twentieth() -> None:
    assert tuple(twentieth / 20 for twentieth in range(1, 20)) == LEVELS
