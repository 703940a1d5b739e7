"""What is learnt: rows with their targets and weights, what they share with each other, and what counts how much."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from autokode.design import Design
from autokode.features import Floats
from autokode.ridge import Rows

QUESTION, PENALTY = 1.0, 50.0
"""How much the question counts and how strong the penalty is where nothing can be held out."""

DENSE_FROM = 0.03
"""Share of the rows that have a column from which it is multiplied as dense; changes nothing but time."""

Truth = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Choice:
    """What counts how much.

    Attributes:
        question, encoder: the question, and the encoder at scoring, beside words and vectors.
        penalty: of the ridge.
        taught: a text that the teacher coded, beside one that a person coded.
        teacher: the encoder, for the teacher.
    """

    question: float = QUESTION
    encoder: float = 0.0
    penalty: float = PENALTY
    taught: float = 0.0
    teacher: float = 0.0


@dataclass(frozen=True, slots=True)
class Kernels:
    """Products of rows, float64 (n, n) each: of words and vectors, of questions, of embeddings."""

    text: Floats
    question: Floats
    embedding: Floats | None

    @classmethod
    def of(cls, design: Design, rows: Rows) -> "Kernels":
        words, vectors = design.words[rows], design.vectors[rows]
        text = _products(words) + vectors @ vectors.T
        different, which = np.unique(design.question_of[rows], return_inverse=True)
        questions = _products(design.questions[different])[np.ix_(which, which)]
        embeddings = None if design.embeddings is None else design.embeddings[rows]
        return cls(text, questions, None if embeddings is None else embeddings @ embeddings.T)

    def at(self, rows: Rows) -> "Kernels":
        """Return the products of some rows with each other."""
        own = np.ix_(rows, rows)
        return Kernels(self.text[own], self.question[own], None if self.embedding is None else self.embedding[own])

    def alone(self, encoder: float) -> Floats:
        """What rows share without their questions."""
        return self.text if self.embedding is None or not encoder else self.text + encoder * self.embedding

    def mixed(self, question: float, encoder: float) -> Floats:
        return self.alone(encoder) + question * self.question


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
        of_definitions: the same for definitions, (n_definitions, n_codes), less their own base.
        definition_weights: float64 (n_definitions,).
        base: share of the texts with each code, float64 (n_codes,).
        rate: the base rate to expect of each code, above 0 without any example too, float64 (n_codes,).
        labels: bool (n_texts, n_codes).
        folds: the texts of each part to hold out.
        in_score: whether the encoder is part of the score, or teaches.
    """

    design: Design
    targets: Floats
    of_definitions: Floats
    definition_weights: Floats
    base: Floats
    rate: Floats
    labels: Truth
    folds: list[Rows]
    in_score: bool

    def of_rows(self, taught: Floats | None = None) -> Floats:
        """Return the targets of all rows, float64 (n_rows, n_codes); those of uncoded texts are `taught`, else zero."""
        if taught is None:
            taught = np.zeros((self.design.unlabelled, len(self.base)))
        return np.concatenate([self.targets, taught, self.of_definitions])

    def weights(self, taught: float) -> Floats:
        return np.concatenate(
            [np.ones(self.design.texts), np.full(self.design.unlabelled, taught), self.definition_weights]
        )
