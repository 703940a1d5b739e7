"""Promises, reliability and learning curves."""

import numpy as np
import pytest

from autokode.evaluation.learning_curve import curves
from autokode.evaluation.reliability import calibration_error, kept, reliability, wilson
from autokode.model.thresholds import PROMISES, UNMET, promise_limits

AT_80, AT_90 = PROMISES.index(0.8), PROMISES.index(0.9)


def drawn(count: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    """Draw calibrated probabilities, and codings that follow them."""
    random = np.random.default_rng(0)
    probabilities = random.beta(0.4, 1.2, (count, 3))
    return probabilities, random.random((count, 3)) < probabilities


def test_honest_probabilities_keep_their_promises() -> None:
    (learnt, truth), (fresh, came) = (
        tuple(part[half] for part in drawn()) for half in (slice(2000), slice(2000, None))
    )
    found = promise_limits(learnt, truth, learnt[:0])
    shown = fresh >= found[0, AT_80]
    assert came[shown].mean() == pytest.approx(0.8, abs=0.04)
    assert shown.sum() > 200
    assert came[fresh >= found[1, AT_90]].sum() / came.sum() == pytest.approx(0.9, abs=0.03)


def test_a_higher_promise_asks_for_more() -> None:
    found = promise_limits(*drawn(), np.zeros((0, 3)))
    assert (np.diff(found[0], axis=0) >= 0).all()
    assert (np.diff(found[1], axis=0) <= 0).all()


def test_what_cannot_be_kept_is_not_promised() -> None:
    probabilities, truth = np.full((40, 2), 0.3), np.zeros((40, 2), bool)
    truth[:3, 0] = True
    found = promise_limits(probabilities, truth, probabilities[:0])
    assert (found[0, AT_80] == UNMET).all()
    assert (found[1, AT_90] == UNMET).all()  # three examples cannot tell what a tenth is


def test_a_promise_counts_what_was_shown_and_right() -> None:
    truth = np.array([[True, True], [False, True], [True, False]])
    probabilities = np.array([[0.9, 0.9], [0.8, 0.2], [0.1, 0.9]])
    able = np.array([[0.5, np.inf]] * 3)
    found = kept("precision", 0.8, truth=truth, probabilities=probabilities, limits=able, codes=["makt", "språk"])
    assert (found.shown, found.right, found.there, found.achieved) == (2, 1, 2, 0.5)
    assert found.not_yet == ("språk",)
    assert kept("recall", 0.9, truth=truth, probabilities=probabilities, limits=able, codes=["a", "b"]).achieved == 0.5
    none = kept("precision", 0.8, truth=truth, probabilities=probabilities, limits=able + np.inf, codes=["a", "b"])
    assert (none.achieved, none.interval) == (None, None)


def test_wilsons_interval_is_the_published_one() -> None:
    assert wilson(81, 263) == (0.2553, 0.3662)  # Newcombe 1998, table I, method 3
    assert wilson(0, 20) == (0.0, 0.1611)


def test_reliability_of_honest_and_of_boastful_probabilities() -> None:
    probabilities, truth = drawn()
    assert calibration_error(reliability(probabilities, truth)) < 0.01
    assert calibration_error(reliability(np.sqrt(probabilities), truth)) > 0.1
    assert sum(part.predictions for part in reliability(probabilities, truth)) == truth.size


def test_a_learning_curve_foretells_what_it_has_seen() -> None:
    points = [[n, 1 - 1.2 * n**-0.4] for n in (5, 10, 20)]
    (curve,) = curves({"makt": points}).values()
    assert curve.with_more(20) == pytest.approx(1 - 1.2 * 40**-0.4, abs=1e-3)
    assert not curve.saturated
    assert curve.more_for(curve.with_more(20)) == pytest.approx(20, abs=1)
    assert curve.more_for(0.1) == 0
    assert curve.more_for(0.99) is None


def test_a_flat_curve_is_saturated_and_a_single_point_tells_nothing() -> None:
    found = curves({"språk": [[10, 0.8], [20, 0.8], [40, 0.8]], "ny": [[1, 0.2]]})
    assert found["språk"].saturated
    assert found["språk"].more_for(0.9) is None
    assert "ny" not in found
