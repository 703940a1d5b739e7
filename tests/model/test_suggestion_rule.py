"""What a model proposes for a text, and how much of each code's evidence speaks for it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autokode import AutoCoder
from autokode.base.arrays import Floats
from autokode.corpus.codebook import Code, Codebook
from autokode.model.calibration import any_of, sigmoid
from autokode.model.linear_model import Model
from autokode.model.suggestion_rule import CATEGORY, Limits, proposals

BOOK = Codebook("b", (Code("hage", codable=False, codes=(Code("bær"), Code("trær"))), Code("fjell")))
TEXT = "Vi plukket rips bak epletreet"


@pytest.fixture(scope="module")
def model() -> Model:
    texts = ["bærene er røde", "trærne er høye", "fjellet er langt unna"] * 3
    return AutoCoder().fit(texts, [["bær"], ["trær"], ["fjell"]] * 3, codebook=BOOK).model_


def category_logit(logits: Floats) -> float:
    p = float(any_of(sigmoid(logits)))
    return float(np.log(p / (1 - p)))


@settings(max_examples=60)
@given(st.lists(st.floats(-4, 2), min_size=3, max_size=3))
def test_a_categorys_shares_are_the_derivatives_of_its_log_odds(model: Model, drawn: list[float]) -> None:
    logits = np.array(drawn)
    columns = model.categories["hage"]
    never = Limits(np.full(3, np.inf, np.float32), category=0.0)
    found = proposals(model, [TEXT], sigmoid(logits[None]).astype(np.float32), never)[0]
    step, numeric = 1e-5, np.zeros(3)
    for k in columns:
        change = step * (np.arange(3) == k)
        up, down = (category_logit((logits + sign * change)[columns]) for sign in (1, -1))
        numeric[k] = (up - down) / (2 * step)
    (hage,) = [one for one in found if one.name == "hage"]
    assert hage.level == CATEGORY
    np.testing.assert_allclose(hage.shares, numeric, rtol=1e-3)
    assert hage.shares[columns].sum() >= 1 - 1e-6  # a likely code alone has nearly all of it


def test_a_code_gets_all_of_its_own_evidence_and_nothing_else(model: Model) -> None:
    own = Limits(np.zeros(3, np.float32), every=True)
    found = proposals(model, [TEXT], np.array([[0.2, 0.7, 0.4]], np.float32), own)[0]
    assert [one.name for one in found] == [model.codes[k] for k in (1, 2, 0)]
    assert [one.shares.tolist() for one in found] == [np.eye(3)[k].tolist() for k in (1, 2, 0)]
