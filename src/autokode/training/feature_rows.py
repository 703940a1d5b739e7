"""Texts as rows of features: their words, their vectors, the question they answer, and what an encoder makes of them.

Rows stand in this order: the coded texts, texts that nobody coded, and what the codebook says of the codes, a row for each of a
code's texts (`Code.texts`). Such a row teaches what answers say and what questions ask, so it is a text and its question too.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

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
"""Root mean square length of the texts' vectors beside their other features, whose length is four to six. The same does
best, or within 0.01 of it, on six sets of few examples."""


@dataclass(frozen=True, slots=True)
class Design:
    """Feature rows, and what turns their coefficients into weights.

    Attributes:
        texts, unlabelled: how many rows there are of each.
        of_code: the column of the code that each of the last rows, the codebook's, is about; int64 (n_definitions,).
        shares: what such a row counts: 1, and of n anchor examples each 1/√n; float64 (n_definitions,).
        words: float64 (n_rows, n_features), times the rarity of each feature.
        question_words: the same of the questions, with the rarity of the answers' features.
        vectors: float64 (n_rows, n_dimensions), of length `VECTOR_LENGTH`; no columns without vectors.
        questions: the questions again, float64 (n_rows, n_features), with the rarity that features have among questions.
        embeddings: an encoder's, centred, of length 1 or so, float64 (n_rows, n_encoder_dimensions); None without one.
        asked: which texts answer a question, bool (n_texts + n_unlabelled,).
        asks: share of those questions that ask something, by their mark or their words, 0–1; 1 where there are none.
        question_of: for each row the first row with the same question, int64 (n_rows,).
        keys: the columns' feature keys.
        rarity, question_rarity: float64, a factor a column.
        vector_scale: what the vectors were multiplied by.
        embedding_mean, embedding_scale: an embedding is (encoder's - mean) * scale.
    """

    texts: int
    unlabelled: int
    of_code: npt.NDArray[np.int64]
    shares: Floats
    words: "csr_matrix"
    question_words: "csr_matrix"
    vectors: Floats
    questions: "csr_matrix"
    embeddings: Floats | None
    asked: npt.NDArray[np.bool_]
    asks: float
    question_of: npt.NDArray[np.int64]
    keys: Keys
    rarity: Floats
    question_rarity: Floats
    vector_scale: float
    embedding_mean: Floats
    embedding_scale: float

    @property
    def definitions(self) -> int:
        return len(self.of_code)

    @property
    def rows(self) -> int:
        return self.texts + self.unlabelled + self.definitions

    def weights(
        self, alphas: Floats, *, question: float, shared: float, encoder: float
    ) -> tuple[Floats, Floats, Floats, Floats]:
        """Return the weights that coefficients (n_rows, n_codes) give words, vector and encoder dimensions, and questions.

        They apply to plain features: rarity and scales lie in them.
        """
        own = self.words.T @ alphas
        both = shared * (own + self.question_words.T @ alphas)
        words = (own + both) * self.rarity[:, None]
        vectors = self.vectors.T @ alphas * self.vector_scale
        asked = (self.questions.T @ alphas) * (question * self.question_rarity[:, None])
        none = np.zeros((0, alphas.shape[1]))
        embeddings = none if self.embeddings is None else self.embeddings.T @ alphas * (encoder * self.embedding_scale)
        return words, vectors, embeddings, both * self.rarity[:, None] + asked


def design(
    texts: Sequence[str],
    contexts: Sequence[str],
    unlabelled: Sequence[str],
    unlabelled_contexts: Sequence[str],
    codes: Sequence[str],
    *,
    codebook: Codebook | None,
    lang: str,
    vectors: Vectors | None,
    encoder: "Encoder | None",
) -> Design:
    """Return the rows of texts and of what the codebook says; an encoder embeds them all."""
    said = _said(codebook, codes) if codebook is not None else []
    definitions = [text for text, _k, _share in said]
    everything = [*texts, *unlabelled, *definitions]
    asked = [*contexts, *unlabelled_contexts, *definitions]
    own = [forms_of(text, lang) for text in everything]
    known = {context: forms_of(context, lang) for context in set(asked)}
    first = {context: row for row, context in reversed(list(enumerate(asked)))}
    keys = vocabulary([*own, *known.values()])
    words, questions = matrix(own, keys), matrix([known[context] for context in asked], keys)
    rarity, question_rarity = _rarity(words), _rarity(questions)
    of_vectors, vector_scale = _vectors(own, vectors)
    embeddings, mean, scale = _embeddings(everything, encoder)
    return Design(
        texts=len(texts),
        unlabelled=len(unlabelled),
        of_code=np.array([k for _text, k, _share in said], np.int64),
        shares=np.array([share for _text, _k, share in said], np.float64),
        words=_scaled(words, rarity),
        question_words=_scaled(questions, rarity),
        vectors=of_vectors,
        questions=_scaled(questions, question_rarity),
        embeddings=embeddings,
        asked=np.array([bool(context) for context in (*contexts, *unlabelled_contexts)]),
        asks=_asks([*contexts, *unlabelled_contexts]),
        question_of=np.array([first[context] for context in asked]),
        keys=keys,
        rarity=rarity,
        question_rarity=question_rarity,
        vector_scale=vector_scale,
        embedding_mean=mean,
        embedding_scale=scale,
    )


def _asks(contexts: Sequence[str]) -> float:
    given = [is_question(context) for context in contexts if context]
    return sum(given) / len(given) if given else 1.0


def _said(codebook: Codebook, codes: Sequence[str]) -> list[tuple[str, int, float]]:
    """Return every text that the codebook has of the codes, its code's column, and what it counts."""
    found = []
    for k, code in enumerate(codes):
        own = codebook[code]
        found += [(text, k, len(own.examples) ** -0.5 if text in own.examples else 1.0) for text in own.texts]
    return found


def _rarity(rows: "csr_matrix") -> Floats:
    """Return inverse document frequency as scikit-learn smooths it, ln((1 + n) / (1 + df)) + 1, float64 (n_features,).

    It is a factor per feature, so it ends up in the weights, and scoring stays a plain sum.
    """
    texts = np.bincount(rows.indices, minlength=rows.shape[1])
    return np.asarray(np.log((1 + rows.shape[0]) / (1 + texts)) + 1)


def _scaled(rows: "csr_matrix", factors: Floats) -> "csr_matrix":
    rows = rows.copy()
    rows.data *= factors[rows.indices]
    return rows


def _vectors(own: Sequence[Counter[str]], vectors: Vectors | None) -> tuple[Floats, float]:
    if vectors is None:
        return np.zeros((len(own), 0)), 1.0
    found = vectors.of(own)
    scale = VECTOR_LENGTH / _length(found)
    return found * scale, scale


def _embeddings(texts: Sequence[str], encoder: "Encoder | None") -> tuple[Floats | None, Floats, float]:
    if encoder is None:
        return None, np.zeros(0), 1.0
    found = np.asarray(encoder.encode(texts), np.float64)
    mean = found.mean(axis=0)
    found -= mean
    scale = 1 / _length(found)
    return found * scale, mean, scale


def _length(rows: Floats) -> float:
    """Root mean square length of the rows that are not zero; 1 if all are."""
    squared = (rows**2).sum(axis=1)
    return float(np.sqrt(squared[squared > 0].mean())) if squared.any() else 1.0
