"""Trains a model on coded texts: one ridge regression for all codes, calibrated on interviews held out."""

import platform
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from autokode.base.arrays import Floats, Keys
from autokode.base.log import log
from autokode.corpus.codebook import Codebook
from autokode.corpus.study import Examples
from autokode.model import calibration
from autokode.model.features import WORD_KEY, distinct, form_matrix, forms_of
from autokode.model.linear_model import TOP_WORDS, Model
from autokode.model.thresholds import default_thresholds, most_codes, promise_limits
from autokode.model.vectors import Vectors
from autokode.nlp.spacy_patterns import is_spacy_here, shipped
from autokode.training import model_selection
from autokode.training.feature_rows import FeatureRows
from autokode.training.ridge_problem import Choice, Learnt, RidgeProblem, Truth
from autokode.training.single_thread import one_thread
from autokode.training.taught_codes import School, taught_by
from autokode.training.teacher_report import TEACHER

if TYPE_CHECKING:
    from autokode.model.encoder import Encoder
    from autokode.training.teacher import Teacher


REJECTED = 0.5
"""Distance of a rejected code's target below that of a code nobody gave; the target of a given code lies 1 above it."""

TYPICAL_SLOPE = 5.0
"""Slope from score to logit where too little is coded to hold anything out."""


@dataclass(frozen=True, slots=True)
class Aids:
    """Further help for training, beside the coded texts.

    Attributes:
        vectors: vectors of the language's words, or None.
        unlabelled, unlabelled_contexts: texts that nobody coded, and the questions they answer.
        rejected: for each coded text the codes that a person rejected; () for none at all.
        encoder: a sentence encoder, or None.
        encoder_name: its name or folder, where it has one.
        in_score: whether the encoder is part of the score; else it teaches only.
        choice: how much each part of a text counts, from an earlier training; None to find it.
        teacher: codes uncoded texts, if it agrees with the coder; None for none. It takes a codebook.
    """

    vectors: Vectors | None = None
    unlabelled: Sequence[str] = field(default=(), repr=False)
    unlabelled_contexts: Sequence[str] = field(default=(), repr=False)
    rejected: Sequence[Collection[str]] = ()
    encoder: "Encoder | None" = None
    encoder_name: str | None = None
    in_score: bool = False
    choice: Choice | None = None
    teacher: "Teacher | None" = None


@one_thread()
# Over 40 lines: the fields of `Model` stand one a line.
def train(
    examples: Examples,
    codes: Sequence[str],
    *,
    codebook: Codebook | None,
    lang: str,
    seed: int,
    aids: Aids | None = None,
) -> Model:
    """Train a model on coded texts.

    Args:
        examples: the coded texts.
        codes: the codes to learn, in column order; all in the examples or in the codebook.
        codebook: definitions, used as weak examples; the only evidence for a code without any.
        lang: spaCy language code of the tokenizer.
        seed: draws uncoded texts where there are very many; the same seed and data give the same model, whatever the threads.
        aids: further help.
    """
    aids = _fewer(aids or Aids(), seed)
    problem = problem_of(examples, codes, codebook=codebook, lang=lang, aids=aids)
    rows, labels = problem.features, problem.labels
    learnt, report = model_selection.learn_scores(problem, aids.choice), None
    if aids.teacher is not None and codebook is not None:
        uncoded = aids.unlabelled, aids.unlabelled_contexts
        learnt, report = taught_by(School(aids.teacher, examples, *uncoded, codes, codebook, seed), problem, learnt)
    scale = _Scale.of(learnt, labels, interviews=_interviews(examples), any_question=any(examples.contexts))
    chosen = learnt.chosen
    weights = rows.weights(
        learnt.alphas * scale.slopes, question=chosen.question, shared=chosen.shared, encoder=chosen.encoder
    )
    keys, text_weights = _merged(rows.words.keys, weights.words, aids.vectors, weights.vectors)
    question_keys, of_question = _used(rows.words.keys, weights.questions)
    of_encoder = weights.embeddings if aids.in_score else np.zeros((0, len(codes)))
    log.info("learnt %d codes from %d texts", len(codes), len(examples.texts))
    shift = rows.embeddings.mean @ of_encoder if rows.embeddings is not None and aids.in_score else 0.0
    return Model(
        lang=lang,
        codes=tuple(codes),
        features=keys,
        weights=text_weights,
        question_features=question_keys,
        question_weights=of_question,
        bias=(learnt.base * scale.slopes + scale.shifts - shift).astype(np.float32),
        bias_alone=(learnt.base * scale.slopes + scale.shifts_alone - shift).astype(np.float32),
        thresholds=scale.thresholds.astype(np.float32),
        limits=scale.limits.astype(np.float32),
        most=scale.most,
        encoder_weights=of_encoder.astype(np.float32),
        top_words=_top_words(examples.texts, codes, keys, text_weights, lang),
        codebook=codebook,
        manifest=_manifest(examples, codebook, seed=seed, learnt=learnt, labels=labels, aids=aids, codes=codes)
        | ({} if report is None else {TEACHER: report.for_manifest()}),
    )


def problem_of(
    examples: Examples, codes: Sequence[str], *, codebook: Codebook | None, lang: str, aids: Aids
) -> RidgeProblem:
    """The rows of coded and uncoded texts and of the codebook, with their targets and folds; arguments as for `train`."""
    rows = FeatureRows.of(
        (examples.texts, examples.contexts),
        (aids.unlabelled, aids.unlabelled_contexts),
        codes,
        codebook=codebook,
        lang=lang,
        vectors=aids.vectors,
        encoder=aids.encoder,
    )
    return _problem(
        rows,
        _indicators(examples.codes, codes),
        codes,
        aids,
        model_selection.parts(rows.texts, examples.groups),
    )


def versions() -> dict[str, str]:
    """The versions of Python, autokode and the libraries that a model's numbers depend on."""
    own = {name: version(name) for name in ("autokode", "numpy", "scipy", "scikit-learn")}
    rules = version("spacy") if is_spacy_here() else shipped()["spacy"]  # by which tokens are made
    return {"python": platform.python_version(), **own, "spacy": rules}


def _indicators(given: Sequence[Collection[str]], codes: Sequence[str]) -> Truth:
    """Which of the codes each text has, bool (n_texts, n_codes)."""
    found = np.array([[code in own for code in codes] for own in given], np.bool_)
    return found.reshape(len(given), len(codes))


def _fewer(aids: Aids, seed: int) -> Aids:
    """Keep at most `MOST_UNLABELLED` uncoded texts, drawn with the seed."""
    count, most = len(aids.unlabelled), model_selection.MOST_UNLABELLED
    if count <= most:
        return aids
    drawn = np.sort(np.random.default_rng(seed).choice(count, most, replace=False)).tolist()
    texts, contexts = ([own[i] for i in drawn] for own in (aids.unlabelled, aids.unlabelled_contexts))
    return replace(aids, unlabelled=texts, unlabelled_contexts=contexts)


def _interviews(examples: Examples) -> int:
    """The number of interviews among the coded texts; without groups every text counts as one."""
    return len(set(examples.groups)) if examples.groups is not None else len(examples.texts)


def _problem(
    rows: FeatureRows,
    labels: Truth,
    codes: Sequence[str],
    aids: Aids,
    folds: list[npt.NDArray[np.int64]],
) -> RidgeProblem:
    base = labels.mean(axis=0)
    targets = labels.astype(np.float64)
    if len(aids.rejected):
        targets = np.where(labels, targets, targets - REJECTED * _indicators(aids.rejected, codes))
    return RidgeProblem(
        features=rows,
        targets=targets - base,
        base=base,
        rate=calibration.rates(labels),
        labels=labels,
        folds=folds,
        in_score=aids.in_score,
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    """Turns scores into calibrated logits, and says from which probability to suggest; float64 (n_codes,) each.

    `limits` are those of promises, (2, n_levels, n_codes); at most `most` codes are suggested for a text.
    """

    slopes: Floats
    shifts: Floats
    shifts_alone: Floats
    thresholds: Floats
    limits: Floats
    most: int

    @classmethod
    def of(cls, learnt: Learnt, labels: Truth, *, interviews: int, any_question: bool) -> "_Scale":
        if learnt.folds:
            found = calibration.calibrate(learnt.with_question, labels, learnt.uncoded, interviews=interviews)
            held_out, truth = found.probabilities(learnt.with_question), labels
        else:
            found = calibration.uncalibrated(learnt.base, labels, TYPICAL_SLOPE)
            held_out, truth = np.zeros((0, labels.shape[1])), labels[:0]
        uncoded = found.probabilities(learnt.uncoded)
        shifts_alone = found.shifts
        if learnt.folds and any_question:
            shifts_alone = calibration.shifts_to(learnt.without_question * found.slopes, held_out.mean(axis=0))
        limits = promise_limits(held_out, truth, uncoded)
        everything = np.concatenate([held_out, uncoded])
        thresholds = default_thresholds(limits, everything, found.an_answer)
        most = most_codes(found.an_answer, labels)
        return cls(found.slopes, found.shifts, shifts_alone, thresholds, limits, most)


def _merged(
    own: Keys, weights: Floats, vectors: Vectors | None, projection: Floats
) -> tuple[Keys, npt.NDArray[np.float32]]:
    """All features with a weight, which is a feature's own weight plus its vector times the projection."""
    if vectors is None:
        return own, _halved(weights)
    keys = distinct(np.concatenate([own, vectors.keys]))
    merged = np.zeros((len(keys), weights.shape[1]))
    merged[np.searchsorted(keys, vectors.keys)] = vectors.projected(projection.astype(np.float32))
    merged[np.searchsorted(keys, own)] += weights
    return keys, _halved(merged)


def _used(keys: Keys, weights: Floats) -> tuple[Keys, npt.NDArray[np.float32]]:
    """The features whose weights, as they are saved, are not all zero."""
    halved = _halved(weights)
    there = halved.any(axis=1)
    return keys[there], halved[there]


def _halved(weights: Floats) -> npt.NDArray[np.float32]:
    """Round weights to float16, as they are saved, so that a saved model is the same model."""
    return weights.astype(np.float16).astype(np.float32)


def _top_words(
    texts: Sequence[str], codes: Sequence[str], own: Keys, weights: npt.NDArray[np.float32], lang: str
) -> dict[str, tuple[tuple[str, float], ...]]:
    """Find for each code the words that add most to it, among those in two texts or more."""
    counts = Counter(form for text in texts for form in forms_of(text, lang))
    words = sorted(form for form, count in counts.items() if count > 1)
    rows = form_matrix(words, own)[0] @ weights.astype(np.float64)
    best = np.argsort(-rows, axis=0, kind="stable")[:TOP_WORDS]
    strongest = {
        code: tuple((words[i], round(float(rows[i, k]), 4)) for i in best[:, k] if rows[i, k] > 0)
        for k, code in enumerate(codes)
    }
    return {code: found for code, found in strongest.items() if found}


def _points(curve: Floats, codes: Sequence[str]) -> dict[str, list[list[float]]]:
    """List for each code with examples the points of its learning curve, [examples, average precision]."""
    columns = range(curve.shape[2])
    return {
        codes[k]: [[round(float(n), 1), round(float(ap), 4)] for n, ap in curve[:, :, k]]
        for k in columns
        if np.isfinite(curve[:, :, k]).all()
    }


def _manifest(
    examples: Examples,
    codebook: Codebook | None,
    *,
    seed: int,
    learnt: Learnt,
    labels: Truth,
    aids: Aids,
    codes: Sequence[str],
) -> dict[str, Any]:
    by = "interview" if len(set(examples.groups or ())) > 1 else "block"
    held_out: dict[str, Any] = {"folds": learnt.folds, "by": by}
    if learnt.folds:
        figure = model_selection.mean_average_precision(labels, learnt.with_question)
        held_out["macro_average_precision"] = round(figure, 4)
    return {
        "versions": versions(),
        "seed": seed,
        "data": {
            "texts": len(examples.texts),
            "coded": sum(bool(codes) for codes in examples.codes),
            "uncoded_used": len(aids.unlabelled),
            "interviews": len(set(examples.groups)) if examples.groups is not None else None,
            "sha256": examples.sha256,
            "codebook_sha256": codebook.sha256 if codebook else None,
        },
        "features": {"word_key": WORD_KEY},
        "vectors": None if aids.vectors is None else {"name": aids.vectors.name, "sha256": aids.vectors.sha256},
        "encoder": aids.encoder_name,
        "chosen": asdict(learnt.chosen),
        "held_out": held_out,
        "curve": _points(learnt.curve, codes),
    }
