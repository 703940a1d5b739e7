"""Ridge regression: what is held out by formula is what learning without it gives."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autokode.training.ridge import Iterative, Ridge


def problem(seed: int, rows: int = 23, columns: int = 9) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    features = random.normal(size=(rows, columns))
    return features, random.normal(size=(rows, 4)), random.uniform(0.2, 2, rows)


@given(st.integers(0, 50), st.floats(0.1, 300))
def test_the_weights_are_those_of_the_normal_equations(seed: int, penalty: float) -> None:
    features, targets, weights = problem(seed)
    alphas = Ridge.of(features @ features.T, penalty, weights).alphas_without(np.zeros(0, np.int64), targets)
    weighted = features * weights[:, None]
    expected = np.linalg.solve(features.T @ weighted + penalty * np.eye(9), weighted.T @ targets)
    np.testing.assert_allclose(features.T @ alphas, expected, rtol=1e-6, atol=1e-8)


@given(st.integers(0, 50), st.sets(st.integers(0, 22), min_size=1, max_size=20))
def test_holding_out_by_formula_is_learning_without(seed: int, held_out: set[int]) -> None:
    features, targets, weights = problem(seed)
    out = np.array(sorted(held_out))
    rest = np.setdiff1d(np.arange(23), out)
    found = Ridge.of(features @ features.T, 3.0, weights).alphas_without(out, targets)
    kernel = features[rest] @ features[rest].T
    without = Ridge.of(kernel, 3.0, weights[rest]).alphas_without(np.zeros(0, np.int64), targets[rest])
    np.testing.assert_allclose(found[rest], without, rtol=1e-6, atol=1e-8)
    assert not found[out].any()


@pytest.mark.parametrize("out", [[], [0, 5, 22]])
def test_conjugate_gradients_come_to_the_same(out: list[int]) -> None:
    features, targets, weights = problem(1)
    kernel, rows = features @ features.T, np.array(out, np.int64)
    exact = Ridge.of(kernel, 3.0, weights).alphas_without(rows, targets)
    iterated = Iterative(lambda alphas: kernel @ alphas, np.diag(kernel).copy(), 3.0 / weights)
    np.testing.assert_allclose(iterated.alphas_without(rows, targets), exact, atol=2e-3)


def test_rows_without_features_do_no_harm() -> None:
    found = Ridge.of(np.zeros((3, 3)), 30.0, np.ones(3)).alphas_without(np.array([1]), np.ones((3, 2)))
    assert np.isfinite(found).all()
