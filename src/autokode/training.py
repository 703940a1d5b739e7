"""Learns a model from coded texts: one balanced logistic regression per code, calibrated on interviews held out."""

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, diags, hstack, vstack
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.model_selection import GroupKFold, KFold

from autokode import calibration
from autokode.codebook import Code, Codebook
from autokode.features import WORD_KEY, Floats, Keys, forms_of, keys_of, look_up, matrix, vocabulary
from autokode.model import TOP_WORDS, Model
from autokode.study import Examples
from autokode.vectors import Vectors

VECTOR_SCALE = 2.5
"""Length of a text's vector beside its other features, whose length is about six; chosen on interviews held out."""

C = 0.3
"""Inverse strength of the ridge penalty of scikit-learn's LogisticRegression."""

MAX_FOLDS = 5
MIN_TEXTS_TO_HOLD_OUT = 8
DEFINITION_WEIGHT = 1.0
"""What a code's definition counts, in coded texts, where the code has no example; it falls as 1/(1 + examples)."""

Truth = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Design:
    """Feature rows and truth: every text with its question, again without it, and the definition of every code.

    The columns are the text's features, its vector's dimensions, and the question's features.

    A text is learnt from both ways, so that the words carry the codes that they can and the question only the rest.

    Attributes:
        rows: float64 (n_rows, n_columns), scaled.
        truth: whether a row is an example of a code, bool (n_rows, n_codes).
        text: which text a row shows, int64 (n_rows,); -1 for a definition.
        counts: what a row counts: a text 1 over all rows that show it, a definition 1, a row without features 0;
            float64 (n_rows,).
        vectors: the vectors, or None.
        scale: what each column was multiplied by, the rarity of a feature; float64 (n_columns,).
    """

    rows: csr_matrix
    truth: Truth
    text: npt.NDArray[np.int64]
    counts: Floats
    vocabulary: Keys
    question_vocabulary: Keys
    vectors: Vectors | None
    scale: Floats

    @property
    def texts(self) -> int:
        return int(self.text.max()) + 1

    @property
    def of_text(self) -> int:
        """How many columns are the text's own, without its question."""
        return len(self.vocabulary) + (self.vectors.dimensions if self.vectors is not None else 0)

    @property
    def labels(self) -> Truth:
        """The truth of the texts, bool (n_texts, n_codes)."""
        return self.truth[: self.texts]

    def weights_for(self, code: int) -> Floats:
        """Return how much each row counts for a code: as `counts`, but a definition less, the more examples there are."""
        definition = DEFINITION_WEIGHT / (1 + self.labels[:, code].sum())
        return np.asarray(np.where(self.text < 0, definition, 1.0) * self.counts)


def learn(
    examples: Examples,
    codes: Sequence[str],
    *,
    codebook: Codebook | None,
    lang: str,
    seed: int,
    vectors: Vectors | None = None,
) -> Model:
    """Learn a model.

    Args:
        examples: the coded texts.
        codes: the codes to learn, in column order; all in the examples or in the codebook.
        codebook: definitions, used as weak examples; the only evidence for a code without any.
        lang: spaCy language code of the tokenizer.
        seed: seeds the solver; the same seed and data give the same model, byte for byte.
        vectors: vectors of the language's words, or None.
    """
    design = _design(examples, codes, codebook, lang, vectors)
    asked, alone, folds = _held_out_scores(design, examples.groups, seed)
    base_rate = (design.labels.sum(axis=0) + 0.5) / (design.texts + 1)
    offsets = np.log(base_rate / (1 - base_rate))
    if folds:
        slopes, shifts = calibration.calibrate(asked, design.labels, offsets)
        any_question = any(examples.contexts)
        shifts_alone = calibration.shifts_to(alone * slopes, base_rate) if any_question else shifts
        thresholds = calibration.thresholds(calibration.sigmoid(asked * slopes + shifts), design.labels)
        figures = _figures(asked, design.labels)
    else:
        slopes, shifts, shifts_alone = np.ones(len(codes)), offsets, offsets
        thresholds, figures = np.full(len(codes), 0.5), {}
    weights, bias = _fit(design, np.arange(len(design.truth)), seed)
    weights *= slopes * design.scale[:, None]
    size = len(design.vocabulary)
    own, projection, question_weights = np.split(weights, [size, design.of_text])
    keys, text_weights = _merged(design.vocabulary, own, vectors, projection)
    return Model(
        lang=lang,
        codes=tuple(codes),
        features=keys,
        weights=text_weights,
        question_features=design.question_vocabulary,
        question_weights=_halved(question_weights),
        bias=(bias * slopes + shifts).astype(np.float32),
        bias_alone=(bias * slopes + shifts_alone).astype(np.float32),
        thresholds=thresholds.astype(np.float32),
        top_words=_top_words(examples.texts, codes, keys, text_weights, lang),
        codebook=codebook,
        manifest=_manifest(examples, codebook, seed=seed, folds=folds, figures=figures, vectors=vectors),
    )


def _design(
    examples: Examples, codes: Sequence[str], codebook: Codebook | None, lang: str, vectors: Vectors | None = None
) -> _Design:
    definitions = [_definition(codebook[code]) if codebook and code in codebook else "" for code in codes]
    asked = np.array([i for i, context in enumerate(examples.contexts) if context], np.int64)
    text = np.concatenate([np.arange(len(examples.texts)), asked, np.full(len(codes), -1)])
    own = [forms_of(text, lang) for text in (*examples.texts, *definitions)]
    questions = [forms_of(context, lang) for context in examples.contexts]
    words, question_words = vocabulary(own), vocabulary(questions)
    of_text, of_question = matrix(own, words), matrix(questions, question_words)
    nothing = csr_matrix((len(asked) + len(codes), len(question_words)))
    words_of = np.concatenate([np.arange(len(examples.texts)), asked, len(examples.texts) + np.arange(len(codes))])
    of_vectors = csr_matrix((len(own), 0)) if vectors is None else csr_matrix(vectors.of(own))
    rows = hstack([of_text[words_of], of_vectors[words_of], vstack([of_question, nothing])]).tocsr()
    scale = _rarity(rows)
    scale[len(words) : rows.shape[1] - len(question_words)] = VECTOR_SCALE
    labels = np.array([[code in given for code in codes] for given in examples.codes], np.bool_)
    labels = labels.reshape(len(examples.texts), len(codes))
    own_definition = np.eye(len(codes), dtype=np.bool_) & np.array([bool(d) for d in definitions])
    truth = np.concatenate([labels, labels[asked], own_definition])
    counts = np.where(text < 0, 1.0, 1 / np.bincount(text[text >= 0])[text]) * (rows.getnnz(axis=1) > 0)
    return _Design((rows @ diags(scale)).tocsr(), truth, text, counts, words, question_words, vectors, scale)


def _definition(code: Code) -> str:
    return " ".join([code.name.replace("_", " "), code.definition, code.use_when, code.example])


def _rarity(rows: csr_matrix) -> Floats:
    """Return inverse document frequency as scikit-learn smooths it, ln((1 + n) / (1 + df)) + 1, float64 (n_features,).

    It is a factor per feature, so it ends up in the weights, and scoring stays a plain sum.
    """
    texts = np.bincount(rows.indices, minlength=rows.shape[1])
    return np.asarray(np.log((1 + rows.shape[0]) / (1 + texts)) + 1)


def _held_out_scores(design: _Design, groups: Sequence[str] | None, seed: int) -> tuple[Floats, Floats, int]:
    """Score each text by a model that never saw its interview.

    Without groups (or with one) the texts are cut into neighbouring blocks, which is the next best thing.

    Returns:
        Scores with the question and without it, float64 (n_texts, n_codes) each, and the number of folds; 0 if the texts
        are too few to hold any out.
    """
    n, size = design.texts, design.of_text
    asked, alone = np.zeros((n, design.truth.shape[1])), np.zeros((n, design.truth.shape[1]))
    if n < MIN_TEXTS_TO_HOLD_OUT:
        return asked, alone, 0
    by_interview = groups is not None and len(set(groups)) > 1
    folds = min(len(set(groups)), MAX_FOLDS) if by_interview and groups else min(MAX_FOLDS, n // 2)
    splitter = GroupKFold(folds) if by_interview else KFold(folds)
    tests = [test for _train, test in splitter.split(np.zeros((n, 1)), groups=groups if by_interview else None)]
    for test in tests:
        weights, bias = _fit(design, np.flatnonzero(~np.isin(design.text, test)), seed)
        rows = design.rows[test]
        asked[test] = rows @ weights + bias
        alone[test] = rows[:, :size] @ weights[:size] + bias
    return asked, alone, folds


def _fit(design: _Design, rows: npt.NDArray[np.int64], seed: int) -> tuple[Floats, Floats]:
    """Fit all codes on some of the rows; weights float64 (n_features, n_codes) and bias float64 (n_codes,).

    One after the other: liblinear's random numbers are global to the process, so threads would make them irreproducible.
    """
    codes = design.truth.shape[1]
    weights, bias = np.zeros((design.rows.shape[1], codes)), np.zeros(codes)
    features = design.rows[rows]
    for k in range(codes):
        truth, counts = design.truth[rows, k], design.weights_for(k)[rows]
        positive, negative = counts[truth].sum(), counts[~truth].sum()
        if not positive or not negative:
            continue
        balanced = counts * np.where(truth, 0.5 / positive, 0.5 / negative) * counts.sum()
        solver = LogisticRegression(C=C, solver="liblinear", dual=True, max_iter=5000, tol=1e-2, random_state=seed)
        solver.fit(features, truth, sample_weight=balanced)
        weights[:, k], bias[k] = solver.coef_[0], solver.intercept_[0]
    return weights, bias


def _figures(scores: Floats, truth: Truth) -> dict[str, float]:
    """Mean average precision over the codes that have examples, on what was held out while training."""
    present = np.flatnonzero(truth.any(axis=0))
    mean = np.mean([average_precision_score(truth[:, k], scores[:, k]) for k in present]) if len(present) else 0.0
    return {"held_out_macro_average_precision": round(float(mean), 4)}


def _merged(
    own: Keys, weights: Floats, vectors: Vectors | None, projection: Floats
) -> tuple[Keys, npt.NDArray[np.float32]]:
    """Return all features that weigh anything: a feature's weight is its own, plus its vector times the projection."""
    if vectors is None:
        return own, _halved(weights)
    keys = np.union1d(own, vectors.keys)
    merged = np.zeros((len(keys), weights.shape[1]))
    merged[np.searchsorted(keys, vectors.keys)] = vectors.projected(projection.astype(np.float32))
    merged[np.searchsorted(keys, own)] += weights
    return keys, _halved(merged)


def _halved(weights: Floats) -> npt.NDArray[np.float32]:
    """Return weights rounded to what float16 has, as they are saved, so that a saved model is the same model."""
    return weights.astype(np.float16).astype(np.float32)


def _top_words(
    texts: Sequence[str], codes: Sequence[str], own: Keys, weights: npt.NDArray[np.float32], lang: str
) -> dict[str, tuple[tuple[str, float], ...]]:
    """Return for each code the words, seen in at least two texts, that add most to it wherever they stand."""
    counts: dict[str, int] = {}
    for text in texts:
        for form in forms_of(text, lang):
            counts[form] = counts.get(form, 0) + 1
    words = sorted(form for form, count in counts.items() if count > 1)
    sizes = [len(keys_of(word)) for word in words]
    places, known = look_up(np.array([key for word in words for key in keys_of(word)], np.uint64), own)
    owner = np.repeat(np.arange(len(words)), sizes)[known]
    rows = np.zeros((len(words), len(codes)))
    np.add.at(rows, owner, weights[places[known]])
    best = np.argsort(-rows, axis=0, kind="stable")[:TOP_WORDS]
    strongest = {
        code: tuple((words[i], round(float(rows[i, k]), 4)) for i in best[:, k] if rows[i, k] > 0)
        for k, code in enumerate(codes)
    }
    return {code: found for code, found in strongest.items() if found}


def _manifest(
    examples: Examples,
    codebook: Codebook | None,
    *,
    seed: int,
    folds: int,
    figures: dict[str, float],
    vectors: Vectors | None,
) -> dict[str, Any]:
    libraries = ("autokode", "numpy", "scipy", "scikit-learn", "spacy")
    return {
        "versions": {"python": platform.python_version(), **{name: version(name) for name in libraries}},
        "seed": seed,
        "data": {
            "texts": len(examples.texts),
            "coded": sum(bool(codes) for codes in examples.codes),
            "interviews": len(set(examples.groups)) if examples.groups is not None else None,
            "sha256": examples.sha256,
            "codebook_sha256": codebook.sha256 if codebook else None,
        },
        "features": {"word_key": WORD_KEY, "penalty_C": C},
        "vectors": None if vectors is None else {"name": vectors.name, "sha256": vectors.sha256, "scale": VECTOR_SCALE},
        "held_out": {"folds": folds, "by": "interview" if len(set(examples.groups or ())) > 1 else "block", **figures},
    }
