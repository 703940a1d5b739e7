"""Models as tests look at them: equal in everything, and the logits of texts by the plain definition."""

from collections.abc import Sequence
from dataclasses import fields

import numpy as np

from autokode.base.arrays import Floats
from autokode.model.linear_model import Model


def same_model(one: Model, other: Model) -> bool:
    """Whether two models are equal in every array and fact."""
    pairs = ((getattr(one, field.name), getattr(other, field.name)) for field in fields(one))
    return all(np.array_equal(a, b) if isinstance(a, np.ndarray) else a == b for a, b in pairs)


def logits(model: Model, texts: Sequence[str], questions: Sequence[str]) -> Floats:
    """The logits of texts that answer questions ("" for none), float64 (n_texts, n_codes): all that adds to each."""
    rows = [
        sum(row for *_word, row in model.contributions(text, question))
        for text, question in zip(texts, questions, strict=True)
    ]
    return np.array(rows, np.float64).reshape(len(rows), len(model.codes))
