"""What is learnt: rows with their targets and weights, what they share with each other, and what counts how much."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from autokode.base.arrays import Floats
from autokode.training.feature_rows import Design
from autokode.training.ridge import Rows

QUESTION, SHARED, PENALTY = 0.5, 1.0, 100.0
"""What question, shared words and penalty count unless what is held out speaks clearly for something else. Best, or within
0.01 of it, in the first hours of five studies (docs/quality.md)."""

DEFINITION_WEIGHT, DEFINITION_WITHOUT_VECTORS = 10.0, 3.0
"""What each text of the codebook counts, in coded texts, however many examples its code has: a definition says what its
writer means by a code, in every study. With vectors its words stand for others like them too. Less was worse in the first
hours of five studies, and more no better (docs/quality.md)."""

DENSE_FROM = 0.03
"""Share of the rows that have a column from which it is multiplied as dense; changes nothing but time."""

Truth = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Choice:
    """What counts how much.

    Attributes:
        question, encoder: the question by its own weights, and the encoder at scoring, beside words and vectors.
        shared: question and answer as one text, so that a word asked counts as a word said.
        penalty: of the ridge.
        taught: a text that the teacher coded, beside one that a person coded.
        teacher: the encoder, for the teacher.
    """

    question: float = QUESTION
    shared: float = SHARED
    encoder: float = 0.0
    penalty: float = PENALTY
    taught: float = 0.0
    teacher: float = 0.0


@dataclass(frozen=True, slots=True)
class Kernels:
    """Products of rows, float64 (n, n) each.

    Attributes:
        words: of the words of texts.
        vectors: of their vectors.
        asked_of_text: the words of a row's text with those of another's question.
        question_words: the words of a row's question with those of another's, with the weights that words of texts have.
        question: of the questions, with weights of their own.
        embedding: of embeddings, or None.
    """

    words: Floats
    vectors: Floats
    asked_of_text: Floats
    question_words: Floats
    question: Floats
    embedding: Floats | None

    @classmethod
    def of(cls, design: Design, rows: Rows) -> "Kernels":
        words, vectors = design.words[rows], design.vectors[rows]
        different, which = np.unique(design.question_of[rows], return_inverse=True)
        question_words = design.question_words[different]
        own, shared = (_products(block) for block in (design.questions[different], question_words))
        asked_of_text = np.asarray((words @ question_words.T).toarray())
        embeddings = None if design.embeddings is None else design.embeddings[rows]
        return cls(
            _products(words),
            vectors @ vectors.T,
            asked_of_text[:, which],
            shared[np.ix_(which, which)],
            own[np.ix_(which, which)],
            None if embeddings is None else embeddings @ embeddings.T,
        )

    def at(self, rows: Rows) -> "Kernels":
        """Return the products of some rows with each other."""
        own = np.ix_(rows, rows)
        return Kernels(
            self.words[own],
            self.vectors[own],
            self.asked_of_text[own],
            self.question_words[own],
            self.question[own],
            None if self.embedding is None else self.embedding[own],
        )

    def alone(self, choice: Choice) -> Floats:
        """Return what rows share if those on the left are texts without a question."""
        found = (1 + choice.shared) * self.words + self.vectors + choice.shared * self.asked_of_text
        return found if self.embedding is None or not choice.encoder else found + choice.encoder * self.embedding

    def of_question(self, choice: Choice) -> Floats:
        """Return what the questions of the rows on the left add to that."""
        return choice.shared * (self.asked_of_text.T + self.question_words) + choice.question * self.question

    def mixed(self, choice: Choice) -> Floats:
        return self.alone(choice) + self.of_question(choice)


def _products(rows: Any) -> Floats:
    """Return the products of sparse rows; columns that many rows have are multiplied as a dense matrix, which is quicker."""
    common = np.bincount(rows.indices, minlength=rows.shape[1]) > max(DENSE_FROM * rows.shape[0], 1)
    columns = rows.tocsc()
    dense, rare = columns[:, common].toarray(), columns[:, ~common].tocsr()
    return np.asarray(dense @ dense.T + (rare @ rare.T).toarray())


@dataclass(frozen=True, slots=True)
class Problem:
    """What is learnt: rows with their targets and weights.

    Attributes:
        targets: float64 (n_texts, n_codes), less the base.
        base: share of the texts with each code, float64 (n_codes,).
        rate: the base rate to expect of each code, above 0 without any example too, float64 (n_codes,).
        labels: bool (n_texts, n_codes).
        folds: the texts of each part to hold out.
        in_score: whether the encoder is part of the score, or teaches.
    """

    design: Design
    targets: Floats
    base: Floats
    rate: Floats
    labels: Truth
    folds: list[Rows]
    in_score: bool

    def of_rows(self, taught: Floats | None = None) -> Floats:
        """Return the targets of all rows, float64 (n_rows, n_codes); those of uncoded texts are `taught`, else zero."""
        codes = len(self.base)
        if taught is None:
            taught = np.zeros((self.design.unlabelled, codes))
        return np.concatenate([self.targets, taught, np.eye(codes)[self.design.of_code] - 1 / codes])

    def weights(self, taught: float) -> Floats:
        """Return what each row counts beside a coded text, float64 (n_rows,)."""
        each = DEFINITION_WEIGHT if self.design.vectors.shape[1] else DEFINITION_WITHOUT_VECTORS
        of_definitions = each * self.design.shares
        return np.concatenate([np.ones(self.design.texts), np.full(self.design.unlabelled, taught), of_definitions])
