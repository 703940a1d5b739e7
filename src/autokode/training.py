"""Learns a model from coded texts: one balanced logistic regression per code, calibrated on interviews held out."""

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed
from scipy.sparse import csr_matrix, diags, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.model_selection import GroupKFold, KFold

from autokode import calibration
from autokode.codebook import Code, Codebook
from autokode.features import WORD_KEY, Floats, Keys, forms_of, keys_of, look_up, matrix, vocabulary
from autokode.model import TOP_WORDS, Model
from autokode.study import Examples

C = 3.0
"""Inverse strength of the ridge penalty of scikit-learn's LogisticRegression."""

MAX_FOLDS = 5
MIN_TEXTS_TO_HOLD_OUT = 8
DEFINITION_WEIGHT = 1.0
"""What a code's definition counts as an example of it, in coded texts, where the code has none; it falls as 1/(1 + n)."""

Truth = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Design:
    """Feature rows and truth. The first rows are the texts; a last row for each code is its definition."""

    rows: csr_matrix
    truth: Truth
    vocabulary: Keys
    question_vocabulary: Keys
    scale: Floats
    texts: int

    def weights_for(self, code: int) -> Floats:
        """Return how much each row counts for a code: definitions as examples of it less, the more examples it has."""
        weights = np.ones(len(self.truth))
        weights[self.texts :] = DEFINITION_WEIGHT / (1 + self.truth[: self.texts, code].sum())
        return weights


def learn(examples: Examples, codes: Sequence[str], *, codebook: Codebook | None, lang: str, seed: int) -> Model:
    """Learn a model.

    Args:
        examples: the coded texts.
        codes: the codes to learn, in column order; all in the examples or in the codebook.
        codebook: definitions, used as weak examples; the only evidence for a code without any.
        lang: spaCy language code of the tokenizer.
        seed: seeds the solver; the same seed and data give the same model, byte for byte.
    """
    design = _design(examples, codes, codebook, lang)
    held_out, folds = _held_out_scores(design, examples.groups, seed)
    base_rate = (design.truth[: design.texts].sum(axis=0) + 0.5) / (design.texts + 1)
    offsets = np.log(base_rate / (1 - base_rate))
    if folds:
        truth = design.truth[: design.texts]
        slopes, shifts = calibration.calibrate(held_out, truth, offsets)
        thresholds = calibration.thresholds(calibration.sigmoid(held_out * slopes + shifts), truth)
        figures = _figures(held_out, truth)
    else:
        slopes, shifts = np.ones(len(codes)), offsets
        thresholds, figures = np.full(len(codes), 0.5), {}
    weights, bias = _fit(design, np.arange(len(design.truth)), seed)
    weights *= slopes * design.scale[:, None]
    size = len(design.vocabulary)
    text_weights = weights[:size].astype(np.float32)
    return Model(
        lang=lang,
        codes=tuple(codes),
        features=design.vocabulary,
        weights=text_weights,
        question_features=design.question_vocabulary,
        question_weights=weights[size:].astype(np.float32),
        bias=(bias * slopes + shifts).astype(np.float32),
        thresholds=thresholds.astype(np.float32),
        top_words=_top_words(examples.texts, codes, design.vocabulary, text_weights, lang),
        codebook=codebook,
        manifest=_manifest(examples, codebook, seed, folds, figures),
    )


def _design(examples: Examples, codes: Sequence[str], codebook: Codebook | None, lang: str) -> _Design:
    definitions = [_definition(codebook[code]) if codebook and code in codebook else "" for code in codes]
    texts = [forms_of(text, lang) for text in (*examples.texts, *definitions)]
    questions = [forms_of(context, lang) for context in (*examples.contexts, *[""] * len(codes))]
    own, asked = vocabulary(texts), vocabulary(questions)
    rows = hstack([matrix(texts, own), matrix(questions, asked)]).tocsr()
    scale = _rarity(rows)
    in_texts = np.array([[code in given for code in codes] for given in examples.codes], np.bool_)
    in_definitions = np.eye(len(codes), dtype=np.bool_) & np.array([bool(d) for d in definitions])
    truth = np.concatenate([in_texts.reshape(len(examples.texts), len(codes)), in_definitions])
    return _Design((rows @ diags(scale)).tocsr(), truth, own, asked, scale, len(examples.texts))


def _definition(code: Code) -> str:
    return " ".join([code.name.replace("_", " "), code.definition, code.use_when, code.example])


def _rarity(rows: csr_matrix) -> Floats:
    """Return inverse document frequency as scikit-learn smooths it, ln((1 + n) / (1 + df)) + 1, float64 (n_features,).

    It is a factor per feature, so it ends up in the weights, and scoring stays a plain sum.
    """
    texts = np.bincount(rows.indices, minlength=rows.shape[1])
    return np.asarray(np.log((1 + rows.shape[0]) / (1 + texts)) + 1)


def _held_out_scores(design: _Design, groups: Sequence[str] | None, seed: int) -> tuple[Floats, int]:
    """Return scores of each text by models that never saw its interview, and the number of folds; 0 if none could be made.

    Without groups (or with one) the texts are cut into neighbouring blocks, which is the next best thing.
    """
    n = design.texts
    distinct = len(set(groups)) if groups is not None else 0
    if n < MIN_TEXTS_TO_HOLD_OUT:
        return np.zeros((n, design.truth.shape[1])), 0
    folds = min(distinct, MAX_FOLDS) if distinct > 1 else min(MAX_FOLDS, n // 2)
    splitter = GroupKFold(folds) if distinct > 1 else KFold(folds)
    definitions = np.arange(n, len(design.truth))
    splits = list(splitter.split(np.zeros((n, 1)), groups=list(groups) if distinct > 1 and groups else None))
    fitted = Parallel(n_jobs=-1, prefer="threads")(
        delayed(_fit)(design, np.concatenate([train, definitions]), seed) for train, _test in splits
    )
    scores = np.empty((n, design.truth.shape[1]))
    for (_train, test), (weights, bias) in zip(splits, fitted, strict=True):
        scores[test] = design.rows[test] @ weights + bias
    return scores, folds


def _fit(design: _Design, rows: npt.NDArray[np.int64], seed: int) -> tuple[Floats, Floats]:
    """Fit all codes on some of the rows; weights float64 (n_features, n_codes) and bias float64 (n_codes,)."""
    codes = design.truth.shape[1]
    weights, bias = np.zeros((design.rows.shape[1], codes)), np.zeros(codes)
    features = design.rows[rows]
    for k in range(codes):
        truth, counts = design.truth[rows, k], design.weights_for(k)[rows]
        positive, negative = counts[truth].sum(), counts[~truth].sum()
        if not positive or not negative:
            continue
        balanced = counts * np.where(truth, 0.5 / positive, 0.5 / negative) * counts.sum()
        solver = LogisticRegression(C=C, solver="liblinear", dual=True, max_iter=5000, tol=1e-3, random_state=seed)
        solver.fit(features, truth, sample_weight=balanced)
        weights[:, k], bias[k] = solver.coef_[0], solver.intercept_[0]
    return weights, bias


def _figures(scores: Floats, truth: Truth) -> dict[str, float]:
    """Mean average precision over the codes that have examples, on what was held out while training."""
    present = np.flatnonzero(truth.any(axis=0))
    mean = np.mean([average_precision_score(truth[:, k], scores[:, k]) for k in present]) if len(present) else 0.0
    return {"held_out_macro_average_precision": round(float(mean), 4)}


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
    return {
        code: tuple((words[i], round(float(rows[i, k]), 4)) for i in best[:, k] if rows[i, k] > 0)
        for k, code in enumerate(codes)
    }


def _manifest(
    examples: Examples, codebook: Codebook | None, seed: int, folds: int, figures: dict[str, float]
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
        "held_out": {"folds": folds, "by": "interview" if examples.groups is not None else "block", **figures},
    }
