"""Texts to probabilities through the score table and the compiled core; bit for bit what `ReferenceScorer` gives."""

import threading

import numpy as np
import numpy.typing as npt

from autokode.base.arrays import Keys
from autokode.model.linear_model import Model
from autokode.scoring.engine.layout import BYTES, CHUNKS, FIRST, LANES, LAST, PAD, WIDE, New, Weights, Work
from autokode.scoring.engine.object_cache import call
from autokode.scoring.engine.reference import ReferenceScorer, chunk_row, keys_of_chunk
from autokode.scoring.engine.row_table import TABLE_BYTES, Table
from autokode.scoring.engine.scorer import Probabilities, Texts, check_words_alone
from autokode.scoring.engine.spacy_rules import rules, splits_by_chunk


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
        """Σ rows / √(Σ features) of each text, float32 flat (n_texts × stride)."""
        result = np.zeros(len(texts) * self.stride, np.float32)
        inside = int(np.searchsorted(texts.offsets, len(texts.data) - PAD, side="right")) - 1
        inside = min(max(inside, 0), len(texts))
        self._run(texts.data, texts.offsets[: inside + 1], result)
        if inside < len(texts):  # copy the last texts: the core needs PAD bytes behind them
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
        table = self.table.arrays
        while True:
            n = call("run", data, offsets, table, known, self.indexed, work, new, self.stride, sums)
            if not n:
                return
            self._learn_hard(data, new, n)
            first, last, chunks = work.state[[FIRST, LAST, CHUNKS]].tolist()
            self.table.add(data, new, n, seen=table, group=(chunks, int(offsets[last] - offsets[first])))
            before, table = table, self.table.arrays
            if table.rows is not before.rows:  # the table began anew: look the whole group up again
                work.state[LAST] = work.state[FIRST]

    def _room(self, longest: int) -> tuple[Work, New]:
        """This thread's working memory, kept from one batch to the next unless a text is very long."""
        if longest > WIDE * BYTES:
            return Work.of(longest, self.stride), New.of(self.stride)
        if not hasattr(self._mine, "room"):
            self._mine.room = Work.of(0, self.stride), New.of(self.stride)
        room: tuple[Work, New] = self._mine.room
        return room

    def _learn_hard(self, data: npt.NDArray[np.uint8], new: New, n: int) -> None:
        """Write the rows of the new chunks that the compiled rules leave to spaCy's patterns."""
        for i in np.flatnonzero(new.hard[:n]).tolist():
            chunk = data[new.starts[i] : new.stops[i]].tobytes().decode("utf-8")
            keys = keys_of_chunk(chunk, self.lang)
            row = chunk_row(keys, self.keys, self.weights)
            new.rows[i * self.stride : i * self.stride + len(row)] = row
            new.features[i] = len(keys)


def _indexed(keys: Keys, rows: npt.NDArray[np.float32]) -> Weights:
    """Add a hash table of their keys to weights, at most half full, and its filter, at most a sixteenth full."""
    size = 1 << max(4, (2 * len(keys) - 1).bit_length())
    found = Weights(np.zeros(size, np.uint64), np.zeros(size // 8, np.uint64), rows)
    call("index", np.ascontiguousarray(keys), found.slots, found.filter)
    return found


class CompiledScorer:
    """A model with its score tables. Threads may share it.

    Args:
        model: the model.
        memory: bytes for the rows of each of the two tables.

    Raises:
        DataError: an encoder is part of the model's score.
    """

    def __init__(self, model: Model, memory: int = TABLE_BYTES) -> None:
        check_words_alone(model)
        self.model = model
        self._slow = None if splits_by_chunk(model.lang) else ReferenceScorer(model)
        self._text = _Block(model.lang, model.features, model.weights, memory)
        self._question = _Block(model.lang, model.question_features, model.question_weights, memory)
        self._biases = np.zeros((2, self._text.stride), np.float32)
        self._biases[:, : len(model.codes)] = model.bias, model.bias_alone

    def probabilities(self, texts: Texts, questions: Texts | None = None) -> Probabilities:
        """The probability of each code for each text, float32 (n_texts, n_codes); see `Scorer`."""
        return self.padded(texts, questions)[:, : len(self.model.codes)]

    def padded(
        self, texts: Texts, questions: Texts | None = None, asked: npt.NDArray[np.int32] | None = None
    ) -> Probabilities:
        """The same with padding columns at the end, float32 (n_texts, a multiple of LANES).

        With `asked` (n_texts,), text i answers question asked[i], so that one which many answer is looked up once.
        """
        stride = self._text.stride
        if self._slow is not None:
            if questions is not None and asked is not None:
                every = questions.strings()
                questions = Texts.of([every[i] for i in asked.tolist()])
            found = self._slow.probabilities(texts, questions)
            return np.pad(found, ((0, 0), (0, stride - found.shape[1])))
        sums = self._text.sums(texts)
        answers = np.zeros(len(texts), np.bool_) if questions is None else np.diff(questions.offsets) > 0
        question_sums = self._question.sums(questions) if questions is not None and answers.any() else sums
        if asked is not None:
            answers = answers[asked]
            question_sums = question_sums.reshape(-1, stride)[asked].ravel() if answers.any() else sums
        logits = np.empty(stride, np.float32)
        call("finish", sums, question_sums, answers.view(np.uint8), *self._biases, stride, logits, sums)
        return sums.reshape(len(texts), stride)
