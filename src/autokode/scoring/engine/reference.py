"""Texts to probabilities in NumPy, chunk by chunk: ready at once, and bit for bit what the compiled scorer gives.

The row of a chunk is the float32 sum of its features' weights; the logits of a text are the sum of its chunks' rows divided by
the square root of the number of its features, plus that of its question, plus the bias.
"""

import functools
import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from autokode.base.arrays import Floats, Keys
from autokode.model import features
from autokode.model.linear_model import Model
from autokode.scoring.engine.layout import EXACT_ROWS
from autokode.scoring.engine.logistic import logistic
from autokode.scoring.engine.scorer import Probabilities, Texts
from autokode.scoring.engine.spacy_rules import splits_by_chunk, splitter

Row = npt.NDArray[np.float32]

_KEPT = 1 << 14
"""Rows of chunks kept in memory, of texts and of questions each."""


def sum_exactly(rows: npt.NDArray[np.float32]) -> Floats:
    """The sum of rows, float32 (n, k) → float64 (k,): at most EXACT_ROWS at a time in float32, in order."""
    total = np.zeros(rows.shape[1])
    for first in range(0, len(rows), EXACT_ROWS):
        total += np.add.accumulate(rows[first : first + EXACT_ROWS], axis=0)[-1]
    return total


def chunk_row(keys: Sequence[int], vocabulary: Keys, weights: npt.NDArray[np.float32]) -> Row:
    """The sum of the weights of those features that a model knows, float32 (n_codes,)."""
    places, known = features.look_up(np.array(keys, np.uint64), vocabulary)
    return sum_exactly(weights[places[known]]).astype(np.float32)


def keys_of_chunk(chunk: str, lang: str) -> list[int]:
    """The keys of all features of a chunk, in its order."""
    return [key for token in splitter(lang)(chunk) for key in features.keys_of(features.normal_form(token))]


class _Block:
    """One of the two sums: the weights of the text, or of the question."""

    def __init__(self, lang: str, keys: Keys, weights: npt.NDArray[np.float32]) -> None:
        self._lang, self._keys, self._weights = lang, keys, weights
        self._row = functools.lru_cache(maxsize=_KEPT)(self._make_row)

    def _make_row(self, chunk: str) -> tuple[Row, int]:
        keys = keys_of_chunk(chunk, self._lang)
        return chunk_row(keys, self._keys, self._weights), len(keys)

    def sums(self, text: str) -> Row:
        """Σ rows / √(Σ features) of a text, float32 (n_codes,)."""
        chunks = text.split() if splits_by_chunk(self._lang) else [text]
        if not chunks:
            return np.zeros(self._weights.shape[1], np.float32)
        rows, counts = zip(*map(self._row, chunks), strict=True)
        scale = 1.0 / math.sqrt(max(1, sum(counts)))
        return (sum_exactly(np.stack(rows)) * scale).astype(np.float32)


class ReferenceScorer:
    """A model that scores each text by itself. Threads may share it."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._text = _Block(model.lang, model.features, model.weights)
        self._question = _Block(model.lang, model.question_features, model.question_weights)

    def probabilities(self, texts: Texts, questions: Texts | None = None) -> Probabilities:
        """The probability of each code for each text, float32 (n_texts, n_codes); see `Scorer`."""
        said = texts.strings()
        logits = np.empty((len(said), len(self.model.codes)), np.float32)
        for i, (text, question) in enumerate(
            zip(said, questions.strings() if questions else [""] * len(said), strict=True)
        ):
            sums = self._text.sums(text)
            logits[i] = (
                sums + self._question.sums(question) + self.model.bias if question else sums + self.model.bias_alone
            )
        if len(self.model.encoder_weights):
            logits += self.model.embedded(said).astype(np.float32)
        return logistic(logits)
