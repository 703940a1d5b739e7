"""Peers made with scikit-learn: similarity of words, logistic regression, calibrated support vectors, e5 with a head.

At size 0 they learn from the definitions, as texts that have the code.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from sklearn.calibration import CalibratedClassifierCV
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion
from sklearn.preprocessing import normalize
from sklearn.svm import LinearSVC

from autokode.corpus.study import Examples
from benchmarks.quality.task import Floats, Learnt, Task, Truth

FEWEST = 5
"""Examples that `qualitative-coding` wants of a code; with fewer it is not learnt, and every text gets probability 0."""

Features = Callable[[Examples], Any]
"""Texts → a row each, sparse or dense."""


def own_text(examples: Examples) -> Sequence[str]:
    return examples.texts


def with_question(examples: Examples) -> Sequence[str]:
    pairs = zip(examples.contexts, examples.texts, strict=True)
    return [f"{context}\n{text}" for context, text in pairs]


def words(task: Task, read: Callable[[Examples], Sequence[str]] = own_text) -> Features:
    vectorizer = TfidfVectorizer(sublinear_tf=True).fit(read(task.examples))
    return lambda examples: vectorizer.transform(read(examples))


def words_and_characters(task: Task, read: Callable[[Examples], Sequence[str]] = own_text) -> Features:
    characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True)
    union = FeatureUnion([("words", TfidfVectorizer(sublinear_tf=True)), ("characters", characters)])
    union.fit(read(task.examples))
    return lambda examples: union.transform(read(examples))


def e5(_task: Task) -> Features:
    from autokode.model import encoder

    return lambda examples: encoder.of("e5").encode(list(examples.texts))


def centroids(task: Task) -> Learnt:
    """Cosine to the mean of the texts with a code; the most similar code is suggested, if any word is shared."""
    features = words(task)
    means = normalize(task.truth(task.examples).T.astype(float) @ features(task.examples))

    def scores(examples: Examples) -> Floats:
        return np.asarray(features(examples) @ means.T)

    def said(_examples: Examples, found: Floats) -> Truth:
        return (found > 0) & (np.arange(found.shape[1]) == found.argmax(axis=1)[:, None])

    return Learnt(scores, said)


def logistic(task: Task, features: Features) -> Learnt:
    """One balanced logistic regression a code."""
    rows, truth = features(task.examples), task.truth(task.examples)
    heads = [LogisticRegression(class_weight="balanced", max_iter=1000).fit(rows, own) for own in truth.T]
    return Learnt(lambda examples: _probabilities(heads, features(examples)))


def too_few(task: Task) -> str:
    """Say why support vectors are not measured, or ""."""
    most = task.truth(task.learn).sum(axis=0).max() if len(task.learn.texts) else 0
    return f"no code has the {FEWEST} examples it asks for" if most < FEWEST else ""


def support_vectors(task: Task) -> Learnt:
    """One calibrated linear machine a code, of its examples and twice as many drawn from the other coded texts."""
    features = words_and_characters(task)
    rows, truth = features(task.learn), task.truth(task.learn)
    random = np.random.default_rng(task.seed)
    heads = [_machine(rows, truth, k, random) for k in range(truth.shape[1])]
    return Learnt(lambda examples: _probabilities(heads, features(examples)))


def _machine(rows: Any, truth: Truth, k: int, random: np.random.Generator) -> CalibratedClassifierCV | None:
    having, others = np.flatnonzero(truth[:, k]), np.flatnonzero(truth.any(axis=1) & ~truth[:, k])
    if len(having) < FEWEST:
        return None
    chosen = np.concatenate([having, random.permutation(others)[: 2 * len(having)]])
    folds = min(5, len(having), len(chosen) - len(having))
    return CalibratedClassifierCV(LinearSVC(max_iter=2000), cv=folds).fit(rows[chosen], truth[chosen, k])


def _probabilities(heads: Sequence[Any], rows: Any) -> Floats:
    """Each head's probability of each row, 0 where there is no head."""
    nothing = np.zeros(rows.shape[0])
    return np.stack([nothing if head is None else head.predict_proba(rows)[:, 1] for head in heads], axis=1)
