"""How stable groups are: clear groups always come again, noise does not, and the same seed says the same."""

import numpy as np
import pytest

from autokode.report.answer_groups import grouped
from autokode.report.material import unit
from autokode.report.open_code_stability import stability
from autokode.report.open_code_words import DOUBTFUL, STABLE, stability_in_words


def rows(spread: float, *, groups: int = 3, each: int = 12) -> np.ndarray:
    random = np.random.default_rng(1)
    middles = np.repeat(np.eye(groups, 8), each, axis=0)
    return unit(middles + spread * random.normal(size=middles.shape))


def test_clear_groups_come_again_and_noise_does_not() -> None:
    clear, noise = rows(0.02), rows(3.0)
    own = grouped(clear, 3)
    assert stability(clear, own) == {0: 1.0, 1: 1.0, 2: 1.0}
    assert max(stability(noise, grouped(noise, 3)).values()) < 0.9
    assert np.mean(list(stability(noise, grouped(noise, 3)).values())) < STABLE


def test_the_same_seed_says_the_same_and_each_is_a_share() -> None:
    some = rows(0.6)
    own = grouped(some, 4)
    found = stability(some, own, seed=3)
    assert found == stability(some, own, seed=3)
    assert found != stability(some, own, seed=4)
    assert set(found) == set(own.tolist())
    assert all(0 < value <= 1 for value in found.values())


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (1.0, "nesten uendret"),
        (STABLE, "nesten uendret"),
        (0.7, "ytterkanter"),
        (DOUBTFUL, "ytterkanter"),
        (0.3, "enkelte svar"),
    ],
)
def test_it_is_said_in_words(value: float, said: str) -> None:
    assert said in stability_in_words(value)
