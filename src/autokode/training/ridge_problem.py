"""The ridge's problem: rows with targets and weights, their kernels, how much each part of a row counts, and the solution."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from autokode.base.arrays import Floats
from autokode.training.feature_rows import FeatureRows
from autokode.training.ridge import Rows

QUESTION, SHARED, PENALTY = 0.5, 1.0, 100.0
"""How much question, shared words and penalty count, unless interviews held out speak clearly for another choice. Best, or within
0.01 of it, in the first hours of five studies (docs/quality.md)."""

DEFINITION_WEIGHT, DEFINITION_WITHOUT_VECTORS = 10.0, 3.0
"""How much each text of the codebook counts, in coded texts, however many examples its code has. With vectors its words
also stand for similar ones. Less was worse in the first hours of five studies, and more no better (docs/quality.md)."""

DENSE_FROM = 0.03
"""A column that at least this share of the rows has is multiplied as dense; it changes only the time."""

NO_CURVE = np.zeros((0, 2, 0))

Truth = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Choice:
    """How much each part of a row counts, and the penalty.

    Attributes:
        question, encoder: weight of the question by its own features, and of the encoder in scores, beside words and vectors.
        shared: weight of question and answer as one text, so that a word of the question counts like one of the answer.
        penalty: of the ridge.
        taught: weight of a text that the teacher coded, beside one that a person coded.
        teacher: weight of the encoder for the teacher.
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
        text_and_question: the words of a row's text with those of another's question.
        question_words: the words of a row's question with those of another's, with the weights that words of texts have.
        question: of the questions, with weights of their own.
        embedding: of embeddings, or None.
    """

    words: Floats
    vectors: Floats
    text_and_question: Floats
    question_words: Floats
    question: Floats
    embedding: Floats | None

    @classmethod
    def of(cls, features: FeatureRows, rows: Rows) -> "Kernels":
        words, vectors = features.words.of_texts[rows], features.vectors.rows[rows]
        different, which = np.unique(features.questions.first_row[rows], return_inverse=True)
        question_words = features.words.of_questions[different]
        own, shared = (_products(block) for block in (features.words.of_questions_alone[different], question_words))
        text_and_question = np.asarray((words @ question_words.T).toarray())
        embeddings = None if features.embeddings is None else features.embeddings.rows[rows]
        return cls(
            _products(words),
            vectors @ vectors.T,
            text_and_question[:, which],
            shared[np.ix_(which, which)],
            own[np.ix_(which, which)],
            None if embeddings is None else embeddings @ embeddings.T,
        )

    def at(self, rows: Rows) -> "Kernels":
        """The products of some rows with each other."""
        own = np.ix_(rows, rows)
        return Kernels(
            self.words[own],
            self.vectors[own],
            self.text_and_question[own],
            self.question_words[own],
            self.question[own],
            None if self.embedding is None else self.embedding[own],
        )

    def alone(self, choice: Choice) -> Floats:
        """The kernel where the rows on the left are texts without a question."""
        found = (1 + choice.shared) * self.words + self.vectors + choice.shared * self.text_and_question
        return found if self.embedding is None or not choice.encoder else found + choice.encoder * self.embedding

    def of_question(self, choice: Choice) -> Floats:
        """The kernel that the questions of the rows on the left add to that."""
        return choice.shared * (self.text_and_question.T + self.question_words) + choice.question * self.question

    def mixed(self, choice: Choice) -> Floats:
        return self.alone(choice) + self.of_question(choice)


def _products(rows: Any) -> Floats:
    """The products of sparse rows; columns that many rows have are multiplied as a dense matrix, which is quicker."""
    common = np.bincount(rows.indices, minlength=rows.shape[1]) > max(DENSE_FROM * rows.shape[0], 1)
    columns = rows.tocsc()
    dense, rare = columns[:, common].toarray(), columns[:, ~common].tocsr()
    return np.asarray(dense @ dense.T + (rare @ rare.T).toarray())


@dataclass(frozen=True, slots=True)
class RidgeProblem:
    """Rows with their targets and weights.

    Attributes:
        targets: float64 (n_texts, n_codes), less the base.
        base: share of the texts with each code, float64 (n_codes,).
        rate: the expected base rate of each code, above 0 even without examples, float64 (n_codes,).
        labels: bool (n_texts, n_codes).
        folds: the texts of each fold to hold out.
        in_score: whether the encoder is part of the score, or teaches.
    """

    features: FeatureRows
    targets: Floats
    base: Floats
    rate: Floats
    labels: Truth
    folds: list[Rows]
    in_score: bool

    def of_rows(self, taught: Floats | None = None) -> Floats:
        """The targets of all rows, float64 (n_rows, n_codes); those of uncoded texts are `taught`, else zero."""
        codes = len(self.base)
        if taught is None:
            taught = np.zeros((self.features.unlabelled, codes))
        return np.concatenate([self.targets, taught, np.eye(codes)[self.features.definitions.of_code] - 1 / codes])

    def weights(self, taught: float) -> Floats:
        """How much each row counts, beside a coded text, float64 (n_rows,)."""
        each = DEFINITION_WEIGHT if self.features.vectors.rows.shape[1] else DEFINITION_WITHOUT_VECTORS
        of_codebook = each * self.features.definitions.shares
        return np.concatenate([np.ones(self.features.texts), np.full(self.features.unlabelled, taught), of_codebook])


@dataclass(frozen=True, slots=True)
class Learnt:
    """Coefficients, and what was held out.

    Attributes:
        alphas: float64 (n_rows, n_codes).
        base: what a text without features scores, float64 (n_codes,).
        with_question, without_question: held-out scores, each text scored by a model trained without its interview;
            float64 (n_texts, n_codes); zero if nothing was held out.
        uncoded: scores of the uncoded texts, with their questions, float64 (n_unlabelled, n_codes).
        folds: how many folds were held out, 0 if there were too few texts.
        chosen: how much question, encoder, penalty and teacher count.
        curve: for some shares of the other folds, examples of each code and its average precision on what was held out;
            float64 (n_shares, 2, n_codes), NaN where there is none. No shares if too few folds are held out.
    """

    alphas: Floats
    base: Floats
    with_question: Floats
    without_question: Floats
    uncoded: Floats
    folds: int
    chosen: Choice
    curve: Floats
