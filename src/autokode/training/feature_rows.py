"""Turns texts into rows of features: their words, their vectors, the question they answer, and an encoder's embedding.

The rows stand in this order: coded texts, texts that nobody coded, and the texts that the codebook has about its codes
(`Code.texts`). A text of the codebook shows what answers say and what questions ask, so it is both text and question of its row.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from autokode.base.arrays import Floats, Keys
from autokode.corpus.codebook import Codebook
from autokode.corpus.interviewers import is_question
from autokode.model.features import forms_of, matrix, vocabulary
from autokode.model.vectors import Vectors

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from autokode.model.encoder import Encoder

VECTOR_LENGTH = 5.0
"""Root mean square length of the texts' vectors; that of their other features is four to six. On six sets of few examples
this length does best, or within 0.01 of the best."""


@dataclass(frozen=True, slots=True)
class Words:
    """Rows of words and their n-grams, for texts and questions.

    Attributes:
        of_texts: float64 (n_rows, n_features), times `rarity`.
        of_questions: the same of the questions, also times `rarity`.
        of_questions_alone: the questions again, times `question_rarity`.
        keys: the columns' feature keys.
        rarity, question_rarity: of each feature among texts and among questions, float64 (n_features,).
    """

    of_texts: "csr_matrix"
    of_questions: "csr_matrix"
    of_questions_alone: "csr_matrix"
    keys: Keys
    rarity: Floats
    question_rarity: Floats

    @classmethod
    def of(cls, texts: Sequence[Counter[str]], questions: Sequence[Counter[str]]) -> "Words":
        """Count the features of texts and of their questions, each given by its forms."""
        keys = vocabulary([*texts, *questions])
        own, of_questions = matrix(texts, keys), matrix(questions, keys)
        rarity, question_rarity = _rarity(own), _rarity(of_questions)
        return cls(
            _scaled(own, rarity),
            _scaled(of_questions, rarity),
            _scaled(of_questions, question_rarity),
            keys,
            rarity,
            question_rarity,
        )


@dataclass(frozen=True, slots=True)
class Dense:
    """Rows of vectors or embeddings: (vector as it was given - mean) * scale, float64 (n_rows, n_dimensions)."""

    rows: Floats
    mean: Floats
    scale: float


@dataclass(frozen=True, slots=True)
class Questions:
    """Which rows answer a question, and which of them answer the same one.

    Attributes:
        there: which texts answer one, bool (n_texts + n_unlabelled,).
        asking: share of those questions that ask something, by their mark or their words, 0–1; 1 where there are none.
        first_row: for each row the first row with the same question, int64 (n_rows,).
    """

    there: npt.NDArray[np.bool_]
    asking: float
    first_row: npt.NDArray[np.int64]

    @classmethod
    def of(cls, questions: Sequence[str], texts: int) -> "Questions":
        """Compare the questions of all rows, of which the first `texts` are no rows of the codebook."""
        first = {question: row for row, question in reversed(list(enumerate(questions)))}
        own = questions[:texts]
        asking = [is_question(question) for question in own if question]
        return cls(
            there=np.array([bool(question) for question in own]),
            asking=sum(asking) / len(asking) if asking else 1.0,
            first_row=np.array([first[question] for question in questions]),
        )


@dataclass(frozen=True, slots=True)
class Definitions:
    """The codebook's rows.

    Attributes:
        of_code: the column of the code that each of them is about, int64 (n_definitions,).
        shares: the weight of each: 1, or 1/√n for each of n anchor examples; float64 (n_definitions,).
    """

    of_code: npt.NDArray[np.int64]
    shares: Floats


@dataclass(frozen=True, slots=True)
class FeatureRows:
    """The rows that a model learns from.

    Attributes:
        texts, unlabelled: how many rows there are of each.
        definitions: the rows after those.
        words: their words.
        vectors: their vectors, of length `VECTOR_LENGTH`; no columns without vectors.
        embeddings: an encoder's, centred, of length 1 or so; None without one.
        questions: the questions that they answer.
    """

    texts: int
    unlabelled: int
    definitions: Definitions
    words: Words
    vectors: Dense
    embeddings: Dense | None
    questions: Questions

    @classmethod
    def of(
        cls,
        examples: tuple[Sequence[str], Sequence[str]],
        uncoded: tuple[Sequence[str], Sequence[str]],
        codes: Sequence[str],
        *,
        codebook: Codebook | None,
        lang: str,
        vectors: Vectors | None,
        encoder: "Encoder | None",
    ) -> "FeatureRows":
        """The rows of coded and uncoded texts, each with their questions, and of the codebook; an encoder embeds them all."""
        said = _said(codebook, codes) if codebook is not None else []
        definitions = [text for text, _k, _share in said]
        texts = [*examples[0], *uncoded[0], *definitions]
        questions = [*examples[1], *uncoded[1], *definitions]
        forms = [forms_of(text, lang) for text in texts]
        known = {question: forms_of(question, lang) for question in set(questions)}
        return cls(
            texts=len(examples[0]),
            unlabelled=len(uncoded[0]),
            definitions=Definitions(
                np.array([k for _text, k, _share in said], np.int64),
                np.array([share for _text, _k, share in said], np.float64),
            ),
            words=Words.of(forms, [known[question] for question in questions]),
            vectors=_vectors(forms, vectors),
            embeddings=_embeddings(texts, encoder),
            questions=Questions.of(questions, len(examples[0]) + len(uncoded[0])),
        )

    @property
    def of_codebook(self) -> npt.NDArray[np.int64]:
        """The numbers of the codebook's rows."""
        return np.arange(self.texts + self.unlabelled, len(self))

    def __len__(self) -> int:
        return self.texts + self.unlabelled + len(self.definitions.of_code)

    def weights(self, alphas: Floats, *, question: float, shared: float, encoder: float) -> "Weights":
        """The weights that coefficients (n_rows, n_codes) give, for plain features: rarity and scales are multiplied in."""
        words = self.words
        own = words.of_texts.T @ alphas
        both = shared * (own + words.of_questions.T @ alphas)
        of_question = (words.of_questions_alone.T @ alphas) * (question * words.question_rarity[:, None])
        none = np.zeros((0, alphas.shape[1]))
        found = self.embeddings
        return Weights(
            words=(own + both) * words.rarity[:, None],
            vectors=self.vectors.rows.T @ alphas * self.vectors.scale,
            embeddings=none if found is None else found.rows.T @ alphas * (encoder * found.scale),
            questions=both * words.rarity[:, None] + of_question,
        )


class Weights(NamedTuple):
    """The weights of words, of vector and encoder dimensions, and of words of the question; float64 (n_features, n_codes)."""

    words: Floats
    vectors: Floats
    embeddings: Floats
    questions: Floats


def _said(codebook: Codebook, codes: Sequence[str]) -> list[tuple[str, int, float]]:
    """Every text of the codebook about these codes, with its code's column and its weight."""
    found = []
    for k, code in enumerate(codes):
        own = codebook[code]
        found += [(text, k, len(own.examples) ** -0.5 if text in own.examples else 1.0) for text in own.texts]
    return found


def _rarity(rows: "csr_matrix") -> Floats:
    """Inverse document frequency as scikit-learn smooths it, ln((1 + n) / (1 + df)) + 1, float64 (n_features,).

    It is a factor of each feature, so training multiplies the weights by it, and scoring stays a plain sum.
    """
    texts = np.bincount(rows.indices, minlength=rows.shape[1])
    return np.asarray(np.log((1 + rows.shape[0]) / (1 + texts)) + 1)


def _scaled(rows: "csr_matrix", factors: Floats) -> "csr_matrix":
    rows = rows.copy()
    rows.data *= factors[rows.indices]
    return rows


def _vectors(forms: Sequence[Counter[str]], vectors: Vectors | None) -> Dense:
    if vectors is None:
        return Dense(np.zeros((len(forms), 0)), np.zeros(0), 1.0)
    found = vectors.of(forms)
    scale = VECTOR_LENGTH / _length(found)
    return Dense(found * scale, np.zeros(found.shape[1]), scale)


def _embeddings(texts: Sequence[str], encoder: "Encoder | None") -> Dense | None:
    if encoder is None:
        return None
    found = np.asarray(encoder.encode(texts), np.float64)
    mean = found.mean(axis=0)
    found -= mean
    scale = 1 / _length(found)
    return Dense(found * scale, mean, scale)


def _length(rows: Floats) -> float:
    """Root mean square length of the rows that are not zero; 1 if all are."""
    squared = (rows**2).sum(axis=1)
    return float(np.sqrt(squared[squared > 0].mean())) if squared.any() else 1.0
