"""Texts to probabilities through the score table; the same numbers as `Model.logits`, for every text."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from autokode import features
from autokode.calibration import sigmoid
from autokode.features import Keys
from autokode.model import Model
from autokode.scoring.kernel import BYTES, finish, run
from autokode.scoring.machine import LANES, PAD
from autokode.scoring.plain import feature_table, plain_rows, rules
from autokode.scoring.table import TABLE_BYTES, Table, distinct_chunks
from autokode.tokens import by_chunk, tokenize

Probabilities = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """Texts in one buffer, as Arrow has them.

    Attributes:
        data: their UTF-8, uint8.
        offsets: where each begins in it and the last ends, int64 (n_texts + 1,).
    """

    data: npt.NDArray[np.uint8]
    offsets: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def strings(self) -> list[str]:
        """Return the texts as Python strings."""
        return [self.data[a:b].tobytes().decode("utf-8") for a, b in pairwise(self.offsets.tolist())]

    @classmethod
    def of(cls, texts: list[str]) -> "Texts":
        """Return texts of Python strings.

        Raises:
            UnicodeEncodeError: a string holds half a surrogate pair.
        """
        encoded = [text.encode("utf-8") for text in texts]
        offsets = np.zeros(len(texts) + 1, np.int64)
        np.cumsum([len(text) for text in encoded], out=offsets[1:])
        return cls(np.frombuffer(b"".join([*encoded, bytes(PAD)]), np.uint8), offsets)


class _Block:
    """One of the two sums: the weights of the text or of the question, and their table."""

    def __init__(self, lang: str, keys: Keys, weights: npt.NDArray[np.float32], memory: int) -> None:
        self.lang = lang
        self.keys, self.weights = keys, weights
        self.stride = -(-max(1, weights.shape[1]) // LANES) * LANES
        self._padded = np.zeros((len(keys), self.stride), np.float32)
        self._padded[:, : weights.shape[1]] = weights
        self.table = Table(self.stride, memory)
        self._slots = feature_table(keys)

    def sums(self, texts: Texts) -> npt.NDArray[np.float32]:
        """Return each text's Σ rows / √(Σ features), float32 flat (n_texts × stride)."""
        result = np.zeros(len(texts) * self.stride, np.float32)
        inside = int(np.searchsorted(texts.offsets, len(texts.data) - PAD, side="right")) - 1
        inside = min(max(inside, 0), len(texts))
        self._run(_read_only(texts.data), texts.offsets[: inside + 1], result)
        if inside < len(texts):  # the last texts, copied so that there is room behind them
            first, last = texts.offsets[inside], texts.offsets[-1]
            data = np.concatenate([texts.data[first:last], np.zeros(PAD, np.uint8)])
            self._run(_read_only(data), texts.offsets[inside:] - first, result[inside * self.stride :])
        return result

    def _run(self, data: npt.NDArray[np.uint8], offsets: npt.NDArray[np.int64], sums: npt.NDArray[np.float32]) -> None:
        first, stride = 0, np.uint64(self.stride)
        room = max(BYTES, int(np.diff(offsets).max(initial=0)))
        while first < len(offsets) - 1:
            first, _last, starts, stops = run(data, offsets, first, room, *self.table.arrays, stride, sums)
            if len(starts):
                self._learn(data, *distinct_chunks(data, starts, stops))

    def _learn(
        self, data: npt.NDArray[np.uint8], starts: npt.NDArray[np.uint64], stops: npt.NDArray[np.uint64]
    ) -> None:
        """Put the rows of chunks into the table: plain ones by the compiled rules, the others by spaCy."""
        rows = np.zeros((len(starts), self.stride), np.float32)
        sizes = np.zeros(len(starts), np.int64)
        known = rules(self.lang)
        hard = np.ones(len(starts), np.bool_)
        if known is not None:
            tables = (known.kinds, known.lower, known.specials, known.units, known.crc)
            hard = plain_rows(data, starts, stops, *tables, self._slots, self._padded.ravel(), rows, sizes)
        if hard.any():
            where = np.flatnonzero(hard)
            chunks = [data[starts[i] : stops[i]].tobytes().decode("utf-8") for i in where]
            rows[where, : self.weights.shape[1]], sizes[where] = self._rows_by_spacy(chunks)
        self.table.add(data, starts, stops, rows, sizes)

    def _rows_by_spacy(self, chunks: list[str]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
        """Return the rows, (n_chunks, n_codes), and numbers of features of chunks, tokenised in one go."""
        ends = np.cumsum([len(chunk) + 1 for chunk in chunks])
        rows, sizes = np.zeros((len(chunks), self.weights.shape[1])), np.zeros(len(chunks), np.int64)
        for token in tokenize(" ".join(chunks), self.lang):
            keys = np.array(features.keys_of(features.normal_form(token.text)), np.uint64)
            places, known = features.look_up(keys, self.keys)
            chunk = np.searchsorted(ends, token.start, side="right")
            rows[chunk] += self.weights[places[known]].sum(axis=0, dtype=np.float64)
            sizes[chunk] += len(keys)
        return rows, sizes


class Scorer:
    """A model with its score tables. Threads may share it.

    Args:
        model: the model.
        memory: bytes the rows of each of the two tables may take.
    """

    def __init__(self, model: Model, memory: int = TABLE_BYTES) -> None:
        self.model = model
        self._by_chunk = rules(model.lang) is not None or by_chunk(model.lang)
        self._text = _Block(model.lang, model.features, model.weights, memory)
        self._question = _Block(model.lang, model.question_features, model.question_weights, memory)
        self._biases = np.zeros((2, self._text.stride), np.float32)
        self._biases[:, : len(model.codes)] = model.bias, model.bias_alone

    def probabilities(self, texts: Texts, questions: Texts | None = None) -> Probabilities:
        """Return the probability of each code for each text, float32 (n_texts, n_codes).

        Args:
            texts: valid UTF-8.
            questions: the question each answers, of the same length; an empty one, like None, is no question.
        """
        return self.padded(texts, questions)[:, : len(self.model.codes)]

    def padded(self, texts: Texts, questions: Texts | None = None) -> Probabilities:
        """Return the same with columns that mean nothing behind, float32 (n_texts, a multiple of LANES)."""
        if not self._by_chunk:
            return self._slowly(texts, questions)
        stride = self._text.stride
        sums = self._text.sums(texts)
        asked = np.zeros(len(texts), np.bool_) if questions is None else np.diff(questions.offsets) > 0
        question_sums = self._question.sums(questions) if questions is not None and asked.any() else sums
        finish(sums, question_sums, asked, *self._biases, np.uint64(stride), sums)
        return sums.reshape(len(texts), stride)

    def _slowly(self, texts: Texts, questions: Texts | None) -> Probabilities:
        """Score a language whose words are not found between white space."""
        asked = [""] * len(texts) if questions is None else questions.strings()
        result = np.zeros((len(texts), self._text.stride), np.float32)
        result[:, : len(self.model.codes)] = sigmoid(self.model.logits(texts.strings(), asked))
        return result


def _read_only(data: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Return a view that may not be written, so that the kernel is compiled for one kind of array."""
    view = data.view()
    view.flags.writeable = False
    return view
