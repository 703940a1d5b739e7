"""Cross-validation by interview: a model learns from all interviews but one and codes that one, for each in turn."""

import functools
import json
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed, effective_n_jobs
from sklearn.metrics import average_precision_score

from autokode.autocoder import AutoCoder, fit_quietly
from autokode.base.arrays import Floats
from autokode.base.data_frames import NUMBER, TEXT, WHOLE, AsTable
from autokode.base.errors import failure
from autokode.base.log import log
from autokode.base.messages import say
from autokode.base.notebook import MISSING, InNotebook, Shown
from autokode.base.tables import INTERVAL
from autokode.corpus.codebook import Codebook
from autokode.corpus.study import Examples, Study
from autokode.evaluation.learning_curve import Curve, curves
from autokode.evaluation.reliability import Bin, Promise, Truth, calibration_error, kept, reliability
from autokode.model.calibration import any_of
from autokode.model.suggestion_rule import CATEGORY_THRESHOLD
from autokode.training.model_selection import average_precision

PRECISION, RECALL = 0.8, 0.9
"""Precision and recall that are promised by default."""

RESAMPLES = 1000
"""Draws of the bootstrap over interviews."""

SERIAL_UP_TO = 3
"""Largest number of interviews that one process evaluates alone; starting others costs seconds."""


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


@dataclass(frozen=True, slots=True, repr=False)
class Evaluation(AsTable, InNotebook):
    """Figures per code and per category, and over all codes. It is a table too: a row for each of them.

    Attributes:
        interviews: names of the interviews that were held out, each once.
        texts: number of answers.
        codes, categories: figures of each; a category counts as suggested if it or one of its codes is.
        macro_average_precision, macro_f1: mean over codes that have examples.
        micro_precision, micro_recall, micro_f1: over all suggestions.
        interval: 95 % interval of the macro average precision, by bootstrap over interviews; None if only one of them
            has any codes.
        seed: of the bootstrap and the training.
        promises: what was promised of precision and of recall, and what was achieved.
        reliability, calibration_error: probabilities against what was coded; see `evaluation.reliability`.
        curves: what more examples of each code would bring; codes with too few examples to tell are left out.
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

    def __repr__(self) -> str:
        over = "" if self.interval is None else " [{:.2f}, {:.2f}]".format(*self.interval)
        told = f"{len(self.interviews)} interviews held out, {len(self.codes)} codes"
        return f"<Evaluation: {told}, mean average precision {self.macro_average_precision:.2f}{over}>"

    def columns(self) -> dict[str, str]:
        """The columns of the table.

        level is "code", "category", "mean" (over the codes that have examples) or "all" (over all suggestions); the rest are the
        fields of `Figures`, and the ends of the 95 % interval of the mean.
        """
        kinds = dict.fromkeys(("segments", "texts"), WHOLE)
        names = [field.name for field in fields(Figures)]
        ends = [f"average_precision{end}" for end in INTERVAL]
        return {"level": TEXT, "name": TEXT, **{name: kinds.get(name, NUMBER) for name in [*names[1:], *ends]}}

    def table_rows(self) -> list[dict[str, Any]]:
        """A row for each code and category, then the mean over codes and all suggestions together."""
        rows = [
            {"level": level, **asdict(one)}
            for level, own in (("code", self.codes), ("category", self.categories))
            for one in own
        ]
        mean = {
            "level": "mean",
            "texts": self.texts,
            "f1": self.macro_f1,
            "average_precision": self.macro_average_precision,
        }
        if self.interval is not None:
            mean |= zip((f"average_precision{end}" for end in INTERVAL), self.interval, strict=True)
        shares = {"precision": self.micro_precision, "recall": self.micro_recall, "f1": self.micro_f1}
        return [*rows, mean, {"level": "all", "texts": self.texts, **shares}]

    def show(self) -> Shown:
        """The figures per code and per category, the mean and the whole, to look at."""
        names = ("name", "segments", "texts", "average_precision", "precision", "recall", "f1")
        told = {
            "category": say("kategori: ", "category: "),
            "mean": say("snitt av kodene", "mean of the codes"),
            "all": say("alle forslag", "all suggestions"),
        }
        rows = [{**row, "name": told.get(row["level"], "") + row.get("name", "")} for row in self.table_rows()]
        headings = (
            say("kode", "code"),
            say("segmenter", "segments"),
            say("svar", "answers"),
            "AP",
            say("presisjon", "precision"),
            say("dekning", "recall"),
            "F1",
        )
        shown = tuple(tuple(MISSING if row.get(name) is None else row[name] for name in names) for row in rows)
        note = say(
            "AP = gjennomsnittlig presisjon; hvert intervju kodes av en modell som ikke har sett det",
            "AP = average precision; each interview is coded by a model that has not seen it",
        )
        return self._shown(headings, shown, note)

    def to_dict(self) -> dict[str, Any]:
        """The evaluation as plain data for JSON."""
        return asdict(self)

    def to_json(self) -> str:
        """The evaluation as JSON."""
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
    interviews = _interviews(study, hold_out)
    examples = study.examples()
    groups = np.array(examples.groups)
    workers = min(effective_n_jobs(-1), len(interviews)) if len(interviews) > SERIAL_UP_TO else 1
    jobs = Parallel(n_jobs=workers, return_as="generator")(
        delayed(_fold)(study, examples, groups == interview, seed, (precision, recall)) for interview in interviews
    )
    folds = []
    for done, (interview, fold) in enumerate(zip(interviews, jobs, strict=True)):
        log.info("measured interview %d of %d", done + 1, len(interviews))
        if progress:
            progress(interview, done + 1, len(interviews))
        folds.append(fold)
    whole = fit_quietly(AutoCoder(random_state=seed), examples, study.codebook)
    points = curves(whole.model_.manifest["curve"])
    return _summary(study, _HeldOut.joined(folds), interviews, seed=seed, promised=(precision, recall), points=points)


def _interviews(study: Study, hold_out: Collection[str] | None) -> list[str]:
    """Choose the interviews to hold out; raise an error if there are too few, or no codings to measure against."""
    interviews = sorted(
        {name for name, one in study.transcripts.items() if one.answers} if hold_out is None else set(hold_out)
    )
    if len(study.transcripts) < 2:
        what = "bare ett intervju; ventet minst to", "a single interview; expected two at least"
        raise failure(*what, try_next=say("legg et kodet intervju til i mappen", "add a coded interview to the folder"))
    unknown = [interview for interview in interviews if interview not in study.transcripts]
    if unknown or not interviews:
        names = ", ".join(study.transcripts)
        raise failure(
            f"ingen intervjuer heter «{', '.join(unknown)}»; fant {names}",
            f"no interviews «{unknown}»; found {names}",
            try_next="hold_out=None",
        )
    if not study.codings:
        what = "ingen kodinger å måle mot (codings.csv)", "no codings to measure against (codings.csv)"
        raise failure(*what, try_next=say("legg codings.csv i mappen", "put codings.csv in the folder"))
    return interviews


@dataclass(frozen=True, slots=True)
class _HeldOut:
    """Answers of interviews held out, each scored by a model trained without its interview.

    Attributes:
        groups: the interview of each, str (n,).
        truth: what was coded, bool (n, n_codes).
        probabilities: float64 (n, n_codes).
        suggested: which codes would be suggested, bool (n, n_codes).
        categories: which categories would be suggested or have a code that would, bool (n, n_categories).
        promised: which codes would be suggested where precision is promised, bool (n, n_codes).
        limits: probabilities from which the promises of precision and recall are kept, float64 (2, n, n_codes).
    """

    groups: npt.NDArray[np.str_]
    truth: Truth
    probabilities: Floats
    suggested: Truth
    categories: Truth
    promised: Truth
    limits: Floats

    @classmethod
    def joined(cls, folds: Sequence["_HeldOut"]) -> "_HeldOut":
        """The answers of all folds, one after the other."""
        names = [field.name for field in fields(cls)]
        return cls(
            *(np.concatenate([getattr(one, name) for one in folds], axis=int(name == "limits")) for name in names)
        )


def _fold(study: Study, examples: Examples, tested: Truth, seed: int, promised: tuple[float, float]) -> _HeldOut:
    """Train on all texts but those tested, and score these."""
    coder = fit_quietly(AutoCoder(random_state=seed), examples.at(np.flatnonzero(~tested).tolist()), study.codebook)
    own, model = examples.at(np.flatnonzero(tested).tolist()), coder.model_
    probable = coder.predict_proba(own.texts, own.contexts)
    limits = np.stack([coder.limits(precision=promised[0]), coder.limits(recall=promised[1])]).astype(np.float64)
    suggested = model.suggested(own.texts, probable, coder.thresholds_for())
    categories = model.suggested_categories(own.texts, probable, suggested, CATEGORY_THRESHOLD)
    for column, members in enumerate(model.categories.values()):
        categories[:, column] |= suggested[:, members].any(axis=1)
    return _HeldOut(
        groups=np.array(own.groups, np.str_),
        truth=np.array([[code in given for code in coder.codes_] for given in own.codes], np.bool_).reshape(
            probable.shape
        ),
        probabilities=probable.astype(np.float64),
        suggested=suggested,
        categories=categories,
        promised=model.suggested(own.texts, probable, coder.thresholds_for(promised[0])),
        limits=np.repeat(limits[:, None], len(own.texts), axis=1),
    )


def _summary(
    study: Study,
    held_out: _HeldOut,
    interviews: list[str],
    *,
    seed: int,
    promised: tuple[float, float],
    points: dict[str, Curve],
) -> Evaluation:
    truth, suggested = held_out.truth, held_out.suggested
    bins = reliability(held_out.probabilities, truth)
    counted = Counter(c.code for c in study.codings if c.segment.transcript in interviews)
    columns = (truth.T, held_out.probabilities.T, suggested.T)
    codes = [_figures(code, counted[code], *row) for code, *row in zip(study.codebook.codable, *columns, strict=True)]
    present = [figures for figures in codes if figures.texts]
    hits, said, coded = (int(count.sum()) for count in (truth & suggested, suggested, truth))
    return Evaluation(
        interviews=tuple(interviews),
        texts=len(truth),
        codes=tuple(codes),
        categories=_of_categories(study.codebook, held_out, counted),
        macro_average_precision=_mean([figures.average_precision for figures in present]),
        macro_f1=_mean([figures.f1 for figures in present]),
        micro_precision=_share(hits, said) or 0.0,
        micro_recall=_share(hits, coded) or 0.0,
        micro_f1=_share(2 * hits, said + coded) or 0.0,
        interval=_interval(held_out, seed),
        seed=seed,
        promises=_promises(study.codebook, held_out, promised),
        reliability=bins,
        calibration_error=calibration_error(bins),
        curves=tuple(points.values()),
    )


def _of_categories(codebook: Codebook, held_out: _HeldOut, counted: Counter[str]) -> tuple[Figures, ...]:
    found = []
    for (name, members), suggested in zip(codebook.categories.items(), held_out.categories.T, strict=True):
        own = [codebook.codable.index(code) for code in members]
        there = np.asarray(held_out.truth[:, own].any(axis=1))
        segments = sum(counted[code] for code in members)
        found.append(_figures(name, segments, there, any_of(held_out.probabilities[:, own]), suggested))
    return tuple(found)


def _promises(codebook: Codebook, held_out: _HeldOut, promised: tuple[float, float]) -> tuple[Promise, ...]:
    kept_by = functools.partial(
        kept, truth=held_out.truth, probabilities=held_out.probabilities, codes=codebook.codable
    )
    precision, recall = held_out.limits
    return (
        kept_by("precision", promised[0], limits=precision, shown=held_out.promised),
        kept_by("recall", promised[1], limits=recall),
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
