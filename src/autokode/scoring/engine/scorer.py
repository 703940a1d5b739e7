"""Texts to probabilities through the score table; the same numbers as `Model.logits`, for every text."""

import threading
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from autokode.base.arrays import Keys
from autokode.base.errors import failure
from autokode.model import features
from autokode.model.calibration import sigmoid
from autokode.model.linear_model import Model
from autokode.nlp.tokenizer import by_chunk
from autokode.scoring.engine.layout import BYTES, CHUNKS, FIRST, LANES, LAST, PAD, WIDE, New, Weights, Work
from autokode.scoring.engine.object_cache import call
from autokode.scoring.engine.row_table import TABLE_BYTES, Table
from autokode.scoring.engine.spacy_rules import knows, rules, splitter

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
        padded = np.zeros((len(keys), self.stride), np.float32)
        padded[:, : weights.shape[1]] = weights
        self.table = Table(self.stride, memory)
        self._mine = threading.local()
        self.indexed = _indexed(keys, padded.ravel())

    def sums(self, texts: Texts) -> npt.NDArray[np.float32]:
        """Return each text's Σ rows / √(Σ features), float32 flat (n_texts × stride)."""
        result = np.zeros(len(texts) * self.stride, np.float32)
        inside = int(np.searchsorted(texts.offsets, len(texts.data) - PAD, side="right")) - 1
        inside = min(max(inside, 0), len(texts))
        self._run(texts.data, texts.offsets[: inside + 1], result)
        if inside < len(texts):  # the last texts, copied so that there is room behind them
            first, last = texts.offsets[inside], texts.offsets[-1]
            data = np.concatenate([texts.data[first:last], np.zeros(PAD, np.uint8)])
            self._run(data, texts.offsets[inside:] - first, result[inside * self.stride :])
        return result

    def _run(self, data: npt.NDArray[np.uint8], offsets: npt.NDArray[np.int64], sums: npt.NDArray[np.float32]) -> None:
        longest = int(np.diff(offsets).max(initial=0))
        work, new = self._room(longest)
        known = rules(self.lang)
        work.state[:] = 0
        work.recent[:] = 0
        while True:
            table = self.table.arrays
            n = call("run", data, offsets, table, known, self.indexed, work, new, self.stride, sums)
            if not n:
                return
            self._learn_hard(data, new, n)
            first, last, chunks = work.state[[FIRST, LAST, CHUNKS]].tolist()
            self.table.add(data, new, n, group=(chunks, int(offsets[last] - offsets[first])))
            if self.table.arrays.rows is not table.rows:  # begun anew: what was found of this group is gone
                work.state[LAST] = work.state[FIRST]

    def _room(self, longest: int) -> tuple[Work, New]:
        """Return this thread's room, kept from one batch to the next while it is of ordinary size."""
        if longest > WIDE * BYTES:
            return Work.of(longest, self.stride), New.of(self.stride)
        if not hasattr(self._mine, "room"):
            self._mine.room = Work.of(0, self.stride), New.of(self.stride)
        room: tuple[Work, New] = self._mine.room
        return room

    def _learn_hard(self, data: npt.NDArray[np.uint8], new: New, n: int) -> None:
        """Write the rows of those new chunks that the compiled rules leave to spaCy's."""
        for i in np.flatnonzero(new.hard[:n]).tolist():
            chunk = data[new.starts[i] : new.stops[i]].tobytes().decode("utf-8")
            tokens = splitter(self.lang)(chunk)
            keys = [key for token in tokens for key in features.keys_of(features.normal_form(token))]
            places, known = features.look_up(np.array(keys, np.uint64), self.keys)
            row = self.weights[places[known]].sum(axis=0, dtype=np.float64)
            new.rows[i * self.stride : i * self.stride + len(row)] = row
            new.features[i] = len(keys)


def _indexed(keys: Keys, rows: npt.NDArray[np.float32]) -> Weights:
    """Return weights with a hash table of their keys, at most half full, and its filter, a sixteenth full at most."""
    size = 1 << max(4, (2 * len(keys) - 1).bit_length())
    found = Weights(np.zeros(2 * size, np.uint64), np.zeros(size // 8, np.uint64), rows)
    call("index", np.ascontiguousarray(keys), found.slots, found.filter)
    return found


def check_words_alone(model: Model) -> None:
    """Refuse a model whose score needs more than a text's words.

    Raises:
        DataError: an encoder is part of the model's score.
    """
    if len(model.encoder_weights):
        raise failure(
            "denne modellen trenger enkoderen for hver tekst, og kan ikke skåre i store mengder",
            "this model needs its encoder for every text, and cannot score in bulk",
            try_next='AutoCoder(encoder="e5", encoder_use="teach")',
        )


class Scorer:
    """A model with its score tables. Threads may share it.

    Args:
        model: the model.
        memory: bytes the rows of each of the two tables may take.

    Raises:
        DataError: an encoder is part of the model's score.
    """

    def __init__(self, model: Model, memory: int = TABLE_BYTES) -> None:
        check_words_alone(model)
        self.model = model
        self._by_chunk = knows(model.lang) or by_chunk(model.lang)
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
        logits = np.empty(stride, np.float32)
        call("finish", sums, question_sums, asked.view(np.uint8), *self._biases, stride, logits, sums)
        return sums.reshape(len(texts), stride)

    def _slowly(self, texts: Texts, questions: Texts | None) -> Probabilities:
        """Score a language whose words are not found between white space."""
        asked = [""] * len(texts) if questions is None else questions.strings()
        result = np.zeros((len(texts), self._text.stride), np.float32)
        result[:, : len(self.model.codes)] = sigmoid(self.model.logits(texts.strings(), asked))
        return result
