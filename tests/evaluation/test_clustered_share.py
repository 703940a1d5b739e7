"""The interval of a share whose answers are alike within interviews."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autokode.evaluation.clustered_share import clustered_interval, wilson_of
from autokode.evaluation.reliability import wilson


def interval(having: list[int], answers: list[int]) -> tuple[float, float] | None:
    return clustered_interval(np.array(having, np.int64), np.array(answers, np.int64))


def test_one_interview_tells_nothing_of_others() -> None:
    assert interval([3], [10]) is None
    assert interval([3, 0], [10, 0]) is None
    assert interval([], []) is None


def test_wilson_is_scipys_for_whole_numbers() -> None:
    assert wilson_of(0.3, 40, 1.959964) == pytest.approx(wilson(12, 40), abs=1e-4)


def test_a_figure_worked_out_by_hand() -> None:
    """Ten of 40 in one interview, 30 of 40 in another: p = 0.5, variance 2/1 (10² + 10²) / 80² = 0.0625, so 4 answers."""
    from scipy.stats import norm, t

    z, few = norm.ppf(0.975), t.ppf(0.975, 1)
    assert interval([10, 30], [40, 40]) == pytest.approx(wilson_of(0.5, 4 * (z / few) ** 2, z))


def test_answers_that_are_alike_give_a_wider_interval_and_none_a_narrower_than_wilson() -> None:
    apart, alike = interval([5, 5, 5, 5], [20] * 4), interval([0, 0, 1, 19], [20] * 4)
    assert apart is not None and alike is not None
    low, high = wilson(20, 80)
    assert apart[0] < low and high < apart[1]
    assert alike[1] - alike[0] > 1.5 * (apart[1] - apart[0])


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=2, max_size=12))
def test_the_share_lies_in_its_interval(rows: list[tuple[int, int]]) -> None:
    having, answers = [min(pair) for pair in rows], [max(pair) for pair in rows]
    found = interval(having, answers)
    if found is None:
        assert sum(count > 0 for count in answers) < 2
        return
    low, high = found
    assert 0 <= low <= sum(having) / sum(answers) + 1e-9 and sum(having) / sum(answers) - 1e-9 <= high <= 1


def test_the_interval_holds_where_answers_cluster_and_wilsons_does_not() -> None:
    random, held = np.random.default_rng(0), np.zeros(2)
    for _ in range(400):
        answers = random.integers(10, 60, 8)
        having = random.binomial(answers, random.beta(4 * 0.3, 4 * 0.7, 8))
        own = clustered_interval(having, answers)
        assert own is not None
        both = own, wilson(int(having.sum()), int(answers.sum()))
        held += [low <= 0.3 <= high for low, high in both]
    assert held[0] / 400 > 0.9
    assert held[1] / 400 < 0.6
