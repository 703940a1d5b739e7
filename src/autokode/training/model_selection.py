"""Chooses how much the question, the penalty and a teacher count, by interviews held out, and learns scores from all rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from sklearn.model_selection import GroupKFold, KFold

from autokode.base.arrays import Floats
from autokode.training import many_rows
from autokode.training.feature_rows import FeatureRows
from autokode.training.ridge import Ridge, Rows
from autokode.training.ridge_problem import (
    NO_CURVE,
    PENALTY,
    QUESTION,
    SHARED,
    Choice,
    Kernels,
    Learnt,
    RidgeProblem,
    Truth,
)

QUESTIONS = ((0.1, 0.25), (0.25, 0.0), (0.25, 0.5), (0.5, 1.0), (1.0, 1.0))
"""How much the question may count: by its own weights, and as one text with the answer. Of equally good ones the first is
taken: the less a question counts, the better are texts without one."""

PENALTIES = (100.0, 50.0, 30.0, 200.0, 300.0)
"""Penalties to choose from where there is no codebook; with its texts among the rows the usual one did best in every study."""

NOT_ASKING, ASKS = (0.25, 0.0), 0.5
"""How much the question counts where less than this share of them asks anything: they only show what was said before and say less
about the answer."""

ENCODER, ENCODERS = 15.0, (0.0, 15.0, 40.0)
"""How much an encoder counts in scores, in squared lengths; vectors count 25."""

TEACHERS, TAUGHT = (0.0, 20.0, 60.0), (0.0, 0.1, 0.3)
"""How much the encoder may count for the teacher, and a text that the teacher coded beside one that a person coded."""

MARGIN = 0.3
"""Gain in average precision on interviews held out that makes another choice replace the usual one, times the root of the number
of examples: chance alone moves the figure by as much, and the usual choice did well in many studies."""

FEWEST_INTERVIEWS = 4
"""Fewest interviews for holding out whole ones. With fewer, neighbouring answers are held out: the next answers to code will be
from the same interviews."""

MAX_FOLDS, MIN_TEXTS_TO_HOLD_OUT = 10, 8
MOST_TO_CHOOSE_ON, MOST_UNLABELLED, MOST_AT_ONCE = 2500, 1500, 6000
"""Rows that choices are made on; uncoded texts that are used; rows that are factorised at once."""

SHARES = (0.25, 0.5)
"""Shares of the other interviews that the learning curve is measured at, beside all of them."""

PARTS_FOR_CURVE = 4

Teach = Callable[[Rows], Floats]
"""Rows held out → targets of the uncoded texts, float64 (n_unlabelled, n_codes), of a teacher that never saw those."""


def learn_scores(problem: RidgeProblem, choice: Choice | None = None, *, with_curve: bool = True) -> Learnt:
    """Learn from all rows by a choice, made here if none is given, and score each text by a model trained without its fold.

    Without the learning curve (`with_curve`) it takes half the time.
    """
    features = problem.features
    if len(features) > MOST_AT_ONCE:
        return many_rows.solve_many_rows(problem, choice or _chosen(problem, None))
    kernels = Kernels.of(features, np.arange(len(features)))
    if choice is None:
        choice = _chosen(problem, kernels)
        if features.unlabelled and features.embeddings is not None:
            choice = _taught(problem, kernels, choice)
    teach = _teacher(problem, kernels, choice) if choice.taught else None
    return _learn(problem, kernels, choice, teach, with_curve=with_curve)


def parts(texts: int, groups: Sequence[str] | None) -> list[Rows]:
    """Divide texts into folds to hold out: whole interviews, or neighbouring blocks where there are few; [] if too few texts."""
    if texts < MIN_TEXTS_TO_HOLD_OUT:
        return []
    by_interview = groups is not None and len(set(groups)) >= FEWEST_INTERVIEWS
    count = min(len(set(groups or ())), MAX_FOLDS) if by_interview else min(MAX_FOLDS, texts // 2)
    splitter = GroupKFold(count) if by_interview else KFold(count)
    return [test for _, test in splitter.split(np.zeros((texts, 1)), groups=groups if by_interview else None)]


def mean_average_precision(labels: Truth, scores: Floats) -> float:
    """Mean over the codes that have examples and do not have all texts; 0 if none is left."""
    present = [k for k in range(labels.shape[1]) if 0 < labels[:, k].sum() < len(labels)]
    return float(np.mean([average_precision(labels[:, k], scores[:, k]) for k in present])) if present else 0.0


def average_precision(truth: Truth, scores: Floats) -> float:
    """Average precision without scikit-learn's checks, which cost more than the figure; ties in the order given."""
    ranked = truth[np.argsort(-scores, kind="stable")]
    precision = np.cumsum(ranked) / np.arange(1, len(ranked) + 1)
    return float(precision[ranked].mean())


def _learn(problem: RidgeProblem, kernels: Kernels, choice: Choice, teach: Teach | None, *, with_curve: bool) -> Learnt:
    texts, coded = problem.features.texts, problem.features.texts + problem.features.unlabelled
    used = np.flatnonzero(problem.weights(choice.taught) > 0)
    of_text, of_question = kernels.alone(choice), kernels.of_question(choice)
    kernel = of_text + of_question
    ridge = Ridge.of(kernel[np.ix_(used, used)], choice.penalty, problem.weights(choice.taught)[used])
    with_question, without = (np.zeros((texts, len(problem.base))) for _ in range(2))

    def alphas_without(rows: Rows) -> Floats:
        targets = problem.of_rows(teach(rows) if teach else None)
        alphas = np.zeros_like(targets)
        alphas[used] = ridge.alphas_without(rows, targets[used])
        return alphas

    for part in problem.folds:
        alphas = alphas_without(part)
        without[part] = of_text[part] @ alphas + problem.base
        with_question[part] = without[part] + of_question[part] @ alphas
    curve = _curve(problem, kernel, choice, with_question) if with_curve else NO_CURVE
    alphas = alphas_without(np.zeros(0, np.int64))
    uncoded = kernel[texts:coded] @ alphas + problem.base
    return Learnt(alphas, problem.base, with_question, without, uncoded, len(problem.folds), choice, curve)


def _curve(problem: RidgeProblem, kernel: Floats, choice: Choice, with_question: Floats) -> Floats:
    """The learning curve as `Learnt` has it: each fold is scored by a model trained on a share of the others."""
    folds, labels = problem.folds, problem.labels
    if len(folds) < PARTS_FOR_CURVE:
        return NO_CURVE
    weights = problem.weights(1.0)
    definitions = problem.features.of_codebook
    of_rows = problem.of_rows()
    points = []
    for share in SHARES:
        scores, examples = np.zeros_like(with_question), np.zeros(len(problem.base))
        kept = max(1, round(share * (len(folds) - 1)))
        for number, part in enumerate(folds):
            others = [folds[(number + 1 + i) % len(folds)] for i in range(kept)]
            rows = np.concatenate([*others, definitions])
            ridge = Ridge.of(kernel[np.ix_(rows, rows)], choice.penalty, weights[rows])
            scores[part] = kernel[np.ix_(part, rows)] @ (ridge.inverse @ of_rows[rows])
            examples += labels[np.concatenate(others)].sum(axis=0)
        points.append(np.stack([examples / len(folds), _precisions(labels, scores)]))
    points.append(np.stack([labels.sum(axis=0) * (1 - 1 / len(folds)), _precisions(labels, with_question)]))
    return np.stack(points)


def _precisions(labels: Truth, scores: Floats) -> Floats:
    """Average precision of each code, NaN for one without examples."""
    columns = range(labels.shape[1])
    return np.array([average_precision(labels[:, k], scores[:, k]) if labels[:, k].any() else np.nan for k in columns])


def _chosen(problem: RidgeProblem, all_kernels: Kernels | None) -> Choice:
    """Choose how much question and encoder count by average precision, and the penalty by squared error.

    Both are measured on held-out answers, over the codes that have examples: nothing can be measured of the others.
    """
    features = problem.features
    encoders = ENCODERS if features.embeddings is not None and problem.in_score else (0.0,)
    usual = _usual(features, ENCODER if len(encoders) > 1 else 0.0)
    if not problem.folds or not problem.labels.any():
        return usual
    trial = _Trial.of(problem, all_kernels)
    questions = QUESTIONS if features.questions.there[trial.texts].any() else ()
    best, figure = usual, trial.precision(usual)
    for changes in (
        [{"question": own, "shared": shared} for own, shared in questions],
        [{"encoder": encoder} for encoder in encoders],
    ):
        choices = [choice for change in changes if (choice := replace(best, **change)) != best]
        tried = [(trial.precision(choice), choice) for choice in choices]
        least = max([figure + trial.margin, *(found - trial.margin for found, _choice in tried)])
        figure, best = next((one for one in tried if one[0] >= least), (figure, best))
    if len(features.definitions.of_code):
        return best
    return min((replace(best, penalty=penalty) for penalty in PENALTIES), key=trial.error)


def _usual(features: FeatureRows, encoder: float) -> Choice:
    half = 1.0 if features.vectors.rows.shape[1] else 0.5  # of the text there is about half as much without vectors
    question, shared = (half * QUESTION, half * SHARED) if features.questions.asking >= ASKS else NOT_ASKING
    return Choice(question=question, shared=shared if features.questions.there.any() else 0.0, encoder=encoder)


@dataclass(frozen=True, slots=True)
class _Trial:
    """What choices are tried on: some texts, with the codebook's rows after them.

    Attributes:
        texts: the numbers of these texts, int64 (n_tried,).
        folds: the rows of each fold to hold out, as indices into `texts`.
        kernels: of texts and codebook.
        labels: of the texts, bool (n_tried, n_codes).
        targets, weights: of texts and codebook, float64 (n_rows, n_codes) and (n_rows,).
        spread: variance of each code's labels, float64 (n_codes,).
    """

    texts: Rows
    folds: list[Rows]
    kernels: Kernels
    labels: Truth
    targets: Floats
    weights: Floats
    spread: Floats

    @classmethod
    def of(cls, problem: RidgeProblem, all_kernels: Kernels | None) -> "_Trial":
        texts, folds = _sample(problem.folds)
        rows = np.concatenate([texts, problem.features.of_codebook])
        kernels = Kernels.of(problem.features, rows) if all_kernels is None else all_kernels.at(rows)
        spread = problem.base * (1 - problem.base)
        return cls(
            texts, folds, kernels, problem.labels[texts], problem.of_rows()[rows], problem.weights(1.0)[rows], spread
        )

    @property
    def margin(self) -> float:
        """Average precision by which another choice must beat the usual one."""
        return float(MARGIN / np.sqrt(self.labels.sum()))

    def scores(self, choice: Choice) -> Floats:
        """Held-out scores of the texts, float64 (n_tried, n_codes)."""
        kernel = self.kernels.mixed(choice)
        ridge = Ridge.of(kernel, choice.penalty, self.weights)
        found = np.empty_like(self.labels, np.float64)
        for part in self.folds:
            found[part] = kernel[part] @ ridge.alphas_without(part, self.targets)
        return found

    def precision(self, choice: Choice) -> float:
        """Mean average precision of what is held out."""
        return mean_average_precision(self.labels, self.scores(choice))

    def error(self, choice: Choice) -> float:
        """Mean squared error of what is held out, in units of each code's variance."""
        used = self.labels.any(axis=0)
        missed = self.targets[: len(self.texts)] - self.scores(choice)
        return float(((missed[:, used] ** 2).mean(axis=0) / np.maximum(self.spread[used], 1e-6)).mean())


def _sample(folds: list[Rows]) -> tuple[Rows, list[Rows]]:
    """Sample at most `MOST_TO_CHOOSE_ON` texts evenly from all folds; give them, and each fold's indices among them."""
    most = max(2, MOST_TO_CHOOSE_ON // len(folds))
    picked = [part[:: max(1, -(-len(part) // most))] for part in folds]
    ends = np.cumsum([len(part) for part in picked])
    return np.concatenate(picked), [np.arange(end - len(part), end) for part, end in zip(picked, ends, strict=True)]


def _taught(problem: RidgeProblem, kernels: Kernels, choice: Choice) -> Choice:
    """Choose the teacher that ranks best what is held out, then how much its texts count; of equal ones the highest."""
    teachers = (choice.encoder,) if problem.in_score else TEACHERS
    if not problem.folds or not problem.labels.any():
        return replace(choice, taught=TAUGHT[-1], teacher=teachers[-1])

    def ranked(teacher: float) -> float:
        own, kernel, ridge = _teaching(problem, kernels, replace(choice, encoder=teacher))
        targets, scores = problem.of_rows()[own], np.zeros_like(problem.targets)
        for part in problem.folds:
            scores[part] = kernel[np.ix_(part, own)] @ ridge.alphas_without(part, targets)
        return mean_average_precision(problem.labels, scores)

    choice = replace(choice, teacher=_last_best(ranked, teachers))
    teach = _teacher(problem, kernels, choice)

    def taught(weight: float) -> float:
        tried = _learn(problem, kernels, replace(choice, taught=weight), teach if weight else None, with_curve=False)
        return mean_average_precision(problem.labels, tried.with_question)

    return replace(choice, taught=_last_best(taught, TAUGHT))


def _last_best(figure: Callable[[float], float], tried: Sequence[float]) -> float:
    return max((figure(value), value) for value in tried)[1]


def _teaching(problem: RidgeProblem, kernels: Kernels, choice: Choice) -> tuple[Rows, Floats, Ridge]:
    """The rows that a teacher learns from, the kernel of all rows for it, and its ridge."""
    features = problem.features
    own = np.concatenate([np.arange(features.texts), features.of_codebook])
    kernel = kernels.mixed(choice)
    return own, kernel, Ridge.of(kernel[np.ix_(own, own)], PENALTY, problem.weights(1.0)[own])


def _teacher(problem: RidgeProblem, kernels: Kernels, choice: Choice) -> Teach:
    """Make a function from the rows held out to the targets of the uncoded texts.

    The teacher is a ridge of its own, with the encoder if there is one; its scores are stretched to the spread that codes
    of their base rate have, and clipped to 0–1, so that where the teacher is surest its target is that of a coded text.
    """
    own, kernel, ridge = _teaching(problem, kernels, replace(choice, encoder=choice.teacher))
    features, rate = problem.features, problem.rate
    targets = problem.of_rows()[own]
    to_them = kernel[features.texts : features.texts + features.unlabelled][:, own]
    spread = np.sqrt(rate * (1 - rate))

    def teach(held_out: Rows) -> Floats:
        scores = to_them @ ridge.alphas_without(held_out, targets)
        scores = (scores - scores.mean(axis=0)) / np.maximum(scores.std(axis=0), 1e-9) * spread
        return np.asarray(np.clip(scores + rate, 0, 1) - rate)

    return teach
