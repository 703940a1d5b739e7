"""Learns from more rows than can be factorised at once. No teacher takes part, as there are examples enough."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from autokode.base.arrays import Floats
from autokode.training.feature_rows import FeatureRows
from autokode.training.ridge import Iterative
from autokode.training.ridge_problem import NO_CURVE, Choice, Learnt, RidgeProblem


@dataclass(frozen=True, slots=True)
class _Products:
    """Kernels times coefficients, float64 (n_rows, n_codes), without ever forming the kernels; see `Kernels`."""

    features: FeatureRows
    choice: Choice

    def without_question(self, alphas: Floats) -> Floats:
        words, vectors, embeddings = self.features.words, self.features.vectors.rows, self.features.embeddings
        text_and_question = words.of_texts.T @ alphas + words.of_questions.T @ alphas
        found = _times(words.of_texts, alphas) + _times(vectors, alphas)
        found += self.choice.shared * (words.of_texts @ text_and_question)
        return found if embeddings is None else found + self.choice.encoder * _times(embeddings.rows, alphas)

    def of_question(self, alphas: Floats) -> Floats:
        words = self.features.words
        text_and_question = words.of_texts.T @ alphas + words.of_questions.T @ alphas
        shared = self.choice.shared * (words.of_questions @ text_and_question)
        return np.asarray(shared + self.choice.question * _times(words.of_questions_alone, alphas))

    def mixed(self, alphas: Floats) -> Floats:
        return self.without_question(alphas) + self.of_question(alphas)

    def diagonal(self) -> Floats:
        """Approximate the kernel's diagonal, float64 (n_rows,), by the words and vectors of the texts alone."""
        words = self.features.words.of_texts
        of_words = np.asarray(words.multiply(words).sum(axis=1)).ravel()
        return np.asarray(of_words + (self.features.vectors.rows**2).sum(axis=1))


def _times(rows: Any, alphas: Floats) -> Floats:
    return np.asarray(rows @ (rows.T @ alphas))


def solve_many_rows(problem: RidgeProblem, choice: Choice) -> Learnt:
    """Learn from all coded texts and the codebook, and score each text by a model trained without its fold."""
    features = problem.features
    products = _Products(features, choice)
    weights = np.maximum(problem.weights(0.0), 1e-9)
    solver = Iterative(products.mixed, products.diagonal(), choice.penalty / weights)
    targets = problem.of_rows()
    uncoded = np.arange(features.texts, features.texts + features.unlabelled)
    with_question, without = (np.zeros((features.texts, len(problem.base))) for _ in range(2))
    for part in problem.folds:
        alphas = solver.alphas_without(np.concatenate([part, uncoded]), targets)
        without[part] = products.without_question(alphas)[part] + problem.base
        with_question[part] = without[part] + products.of_question(alphas)[part]
    alphas = solver.alphas_without(uncoded, targets)
    of_uncoded = products.mixed(alphas)[uncoded] + problem.base
    return Learnt(alphas, problem.base, with_question, without, of_uncoded, len(problem.folds), choice, NO_CURVE)
