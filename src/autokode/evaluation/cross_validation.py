"""How well it does: each interview in turn is held out, a model learns from the others, and codes it. Never at random."""

import json
import warnings
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed, effective_n_jobs
from sklearn.metrics import average_precision_score

from autokode.autocoder import AutoCoder
from autokode.base.arrays import Floats
from autokode.base.errors import AutokodeWarning, failure
from autokode.corpus.study import Examples, Study
from autokode.evaluation.learning_curve import Curve, curves
from autokode.evaluation.reliability import Bin, Promise, calibration_error, kept, reliability
from autokode.model.calibration import any_of
from autokode.model.proposals import LIKELY
from autokode.training.model_selection import average_precision

PRECISION, RECALL = 0.8, 0.9
"""What is promised where nothing else is asked for."""

RESAMPLES = 1000
"""Draws of the bootstrap over interviews."""

SERIAL_UP_TO = 3
"""Interviews up to which one process does it all; starting others costs seconds."""

Truth = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Figures:
    """How well one code or category was suggested on interviews held out. Shares are 0–1; None where undefined.

    Attributes:
        name: the code's or category's.
        segments: number of hand-coded segments.
        texts: number of answers that have it.
        average_precision: of the answers ranked by probability.
        precision, recall, f1: of what would be suggested.
    """

    name: str
    segments: int
    texts: int
    average_precision: float | None
    precision: float | None
    recall: float | None
    f1: float | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures per code and per category, and over all codes.

    Attributes:
        interviews: names of the interviews that were held out, each once.
        texts: number of answers.
        codes, categories: figures of each; a category is suggested if one of its codes is, or any of them is likely.
        macro_average_precision, macro_f1: mean over codes that have examples.
        micro_precision, micro_recall, micro_f1: over all suggestions.
        interval: 95 % interval of the macro average precision, by bootstrap over interviews; None if only one of them
            has any codes.
        seed: of the bootstrap and the training.
        promises: what was promised of precision and of recall, and what was achieved.
        reliability, calibration_error: probabilities against what was coded; see `promise`.
        curves: what more examples of each code would bring; without codes too thin to tell.
    """

    interviews: tuple[str, ...]
    texts: int
    codes: tuple[Figures, ...]
    categories: tuple[Figures, ...]
    macro_average_precision: float
    macro_f1: float
    micro_precision: float
    micro_recall: float
    micro_f1: float
    interval: tuple[float, float] | None
    seed: int
    promises: tuple[Promise, ...]
    reliability: tuple[Bin, ...]
    calibration_error: float
    curves: tuple[Curve, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the evaluation as plain data for JSON."""
        return asdict(self)

    def to_json(self) -> str:
        """Return the evaluation as JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def evaluate(
    study: Study,
    *,
    seed: int = 0,
    hold_out: Collection[str] | None = None,
    precision: float = PRECISION,
    recall: float = RECALL,
    progress: Callable[[str, int, int], None] | None = None,
) -> Evaluation:
    """Hold out one interview at a time, learn from all others, and compare what is suggested with what was coded.

    Args:
        study: transcripts with codings.
        seed: seed of training and bootstrap.
        hold_out: the interviews to hold out, each in turn; None for every one.
        precision, recall: what to promise, 0.05–0.95; see `AutoCoder.limits`.
        progress: called with (interview, how many are done, how many there are).

    Raises:
        DataError: fewer than two interviews, or no codings.
    """
    examples = study.examples()
    interviews = sorted(set(examples.groups or ()) if hold_out is None else set(hold_out))
    if len(study.transcripts) < 2:
        raise failure(
            "bare ett intervju; ventet minst to",
            "a single interview; expected two at least",
            try_next="autokode evaluate training_data",
        )
    unknown = [interview for interview in interviews if interview not in study.transcripts]
    if unknown or not interviews:
        names = ", ".join(study.transcripts)
        raise failure(
            f"ingen intervjuer heter «{', '.join(unknown)}»; fant {names}",
            f"no interviews «{unknown}»; found {names}",
            try_next="hold_out=None",
        )
    if not study.codings:
        raise failure(
            "ingen kodinger å måle mot (codings.csv)",
            "no codings to measure against (codings.csv)",
            try_next="autokode evaluate training_data",
        )
    codes = study.codebook.codable
    groups = np.array(examples.groups)
    shape = (len(groups), len(codes))
    probabilities, limits = np.zeros(shape), np.zeros((2, *shape))
    suggested, promised = np.zeros(shape, np.bool_), np.zeros(shape, np.bool_)
    workers = min(effective_n_jobs(-1), len(interviews)) if len(interviews) > SERIAL_UP_TO else 1
    folds = Parallel(n_jobs=workers, return_as="generator")(
        delayed(_fold)(study, examples, groups == interview, seed, (precision, recall)) for interview in interviews
    )
    for done, (interview, (probable, said, kept_said, own)) in enumerate(zip(interviews, folds, strict=True)):
        if progress:
            progress(interview, done + 1, len(interviews))
        probabilities[groups == interview], suggested[groups == interview] = probable, said
        promised[groups == interview] = kept_said
        limits[:, groups == interview] = own[:, None]
    truth = np.array([[code in given for code in codes] for given in examples.codes], np.bool_)
    tested = np.isin(groups, interviews)
    held_out = _HeldOut(
        groups[tested], truth[tested], probabilities[tested], suggested[tested], promised[tested], limits[:, tested]
    )
    whole = _learn(study, examples, list(range(len(groups))), seed)
    return _summary(
        study,
        held_out,
        interviews,
        seed=seed,
        promised=(precision, recall),
        points=whole.model_.manifest["curve"],
    )


@dataclass(frozen=True, slots=True)
class _HeldOut:
    """The answers of all interviews held out: interview (n,), and for each code (n, n_codes) what was coded and said.

    `promised` is what was said where precision was promised, `limits` are the probabilities from which promises of precision and
    recall are kept, (2, n, n_codes).
    """

    groups: npt.NDArray[np.str_]
    truth: Truth
    probabilities: Floats
    suggested: Truth
    promised: Truth
    limits: Floats


def _fold(
    study: Study, examples: Examples, tested: Truth, seed: int, promised: tuple[float, float]
) -> tuple[Floats, Truth, Truth, Floats]:
    """Learn from all but some texts.

    Returns:
        What is probable, what would be suggested and what would be with precision promised, (n_tested, n_codes) each, and from
        which probability the promises of precision and recall are kept, (2, n_codes).
    """
    coder = _learn(study, examples, np.flatnonzero(~tested).tolist(), seed)
    rows = np.flatnonzero(tested).tolist()
    probable = coder.predict_proba([examples.texts[i] for i in rows], [examples.contexts[i] for i in rows])
    limits = np.stack([coder.limits(precision=promised[0]), coder.limits(recall=promised[1])])
    texts = [examples.texts[i] for i in rows]
    said, kept_said = (coder.model_.suggested(texts, probable, coder.least(asked)) for asked in (None, promised[0]))
    return probable.astype(np.float64), said, kept_said, limits.astype(np.float64)


def _learn(study: Study, examples: Examples, rows: list[int], seed: int) -> AutoCoder:
    groups = examples.groups or []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AutokodeWarning)  # the figures themselves say which codes are thin
        return AutoCoder(random_state=seed).fit(
            [examples.texts[i] for i in rows],
            [examples.codes[i] for i in rows],
            contexts=[examples.contexts[i] for i in rows],
            groups=[groups[i] for i in rows],
            codebook=study.codebook,
        )


def _summary(
    study: Study,
    held_out: _HeldOut,
    interviews: list[str],
    *,
    seed: int,
    promised: tuple[float, float],
    points: dict[str, list[list[float]]],
) -> Evaluation:
    codes, truth = study.codebook.codable, held_out.truth
    bins = reliability(held_out.probabilities, truth)
    promises = tuple(
        kept(kind, share, truth=truth, probabilities=held_out.probabilities, limits=limits, codes=codes, shown=shown)
        for kind, share, limits, shown in zip(
            ("precision", "recall"), promised, held_out.limits, (held_out.promised, None), strict=True
        )
    )
    counted = Counter(c.code for c in study.codings if c.segment.transcript in interviews)
    columns = (truth.T, held_out.probabilities.T, held_out.suggested.T)
    per_code = [_figures(code, counted[code], *row) for code, *row in zip(codes, *columns, strict=True)]
    per_category = []
    for name, members in study.codebook.categories.items():
        own = [codes.index(code) for code in members]
        probable = any_of(held_out.probabilities[:, own])
        said = np.asarray(held_out.suggested[:, own].any(axis=1))
        if len(own) > 1:
            said |= probable >= LIKELY
        segments = sum(counted[code] for code in members)
        there = np.asarray(truth[:, own].any(axis=1))
        per_category.append(_figures(name, segments, there, probable, said))
    hits, suggested, coded = (int(count.sum()) for count in (truth & held_out.suggested, held_out.suggested, truth))
    present = [figures for figures in per_code if figures.texts]
    return Evaluation(
        interviews=tuple(interviews),
        texts=len(truth),
        codes=tuple(per_code),
        categories=tuple(per_category),
        macro_average_precision=_mean([figures.average_precision for figures in present]),
        macro_f1=_mean([figures.f1 for figures in present]),
        micro_precision=_share(hits, suggested) or 0.0,
        micro_recall=_share(hits, coded) or 0.0,
        micro_f1=_share(2 * hits, suggested + coded) or 0.0,
        interval=_interval(held_out, seed),
        seed=seed,
        promises=promises,
        reliability=bins,
        calibration_error=calibration_error(bins),
        curves=tuple(curves(points).values()),
    )


def _figures(name: str, segments: int, truth: Truth, probabilities: Floats, suggested: Truth) -> Figures:
    hits, said, there = (int(count.sum()) for count in (truth & suggested, suggested, truth))
    average = round(float(average_precision_score(truth, probabilities)), 4) if there else None
    f1 = _share(2 * hits, said + there) if there else None
    return Figures(name, segments, there, average, _share(hits, said), _share(hits, there), f1)


def _interval(held_out: _HeldOut, seed: int) -> tuple[float, float] | None:
    """Percentile bootstrap over whole interviews (Efron & Tibshirani 1993, ch. 13)."""
    truth, probabilities = held_out.truth, held_out.probabilities
    rows = [np.flatnonzero(held_out.groups == group) for group in sorted(set(held_out.groups))]
    if sum(bool(truth[own].any()) for own in rows) < 2:
        return None
    random = np.random.default_rng(seed)
    drawn = []
    for _draw in range(RESAMPLES):
        sample = np.concatenate([rows[i] for i in random.integers(0, len(rows), len(rows))])
        there = np.flatnonzero(truth[sample].any(axis=0))
        if not len(there):
            continue  # only interviews without a code were drawn
        drawn.append(np.mean([average_precision(truth[sample, k], probabilities[sample, k]) for k in there]))
    low, high = np.percentile(drawn, [2.5, 97.5])
    return round(float(low), 4), round(float(high), 4)


def _share(part: int, whole: int) -> float | None:
    return round(float(part / whole), 4) if whole else None


def _mean(values: list[float | None]) -> float:
    known = [value for value in values if value is not None]
    return round(float(np.mean(known)), 4) if known else 0.0
