"""Learns scores from rows: how much the question, the penalty and a teacher count is found on interviews held out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
from sklearn.model_selection import GroupKFold, KFold

from autokode.features import Floats
from autokode.problem import PENALTY, QUESTION, Choice, Kernels, Problem, Truth
from autokode.ridge import Iterative, Ridge, Rows

QUESTIONS, PENALTIES = (0.15, 0.25, 0.5, 1.0), (30.0, 50.0, 100.0, 300.0)
ENCODER, ENCODERS = 15.0, (0.0, 15.0, 40.0)
"""What an encoder counts at scoring, squared lengths beside the vectors' 25."""

TEACHERS, TAUGHT = (0.0, 20.0, 60.0), (0.0, 0.1, 0.3)
"""What the encoder may count for the teacher, and a text that the teacher coded, beside one a person coded."""

MAX_FOLDS, MIN_TEXTS_TO_HOLD_OUT = 10, 8
MOST_TO_CHOOSE_ON, MOST_UNLABELLED, MOST_AT_ONCE = 2500, 1500, 5000
"""Rows that choices are made on; uncoded texts that are used; rows that are factorised at once."""

SHARES = (0.25, 0.5)
"""Shares of the other interviews that the learning curve is measured at, beside all of them."""

PARTS_FOR_CURVE = 4
NO_CURVE = np.zeros((0, 2, 0))

Teach = Callable[[Rows], Floats]
"""Rows held out → targets of the uncoded texts, float64 (n_unlabelled, n_codes), of a teacher that never saw those."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """Coefficients, and what was held out.

    Attributes:
        alphas: float64 (n_rows, n_codes).
        base: what a text without features scores, float64 (n_codes,).
        asked, alone: scores of the texts by what never saw their interview, with and without the question; float64
            (n_texts, n_codes); zero if nothing was held out.
        folds: how many parts were held out, 0 if too few.
        chosen: what question, encoder, penalty and teacher count.
        curve: for some shares of the other parts, examples of each code and its average precision on what was held out;
            float64 (n_shares, 2, n_codes), NaN where there is none. No shares if too few parts are held out.
    """

    alphas: Floats
    base: Floats
    asked: Floats
    alone: Floats
    folds: int
    chosen: Choice
    curve: Floats


def learn_scores(problem: Problem, choice: Choice | None = None) -> Learnt:
    """Choose what counts how much, if that is not given; learn from all rows; score each text by what never saw its part."""
    design = problem.design
    if design.rows > MOST_AT_ONCE:
        return _at_length(problem, choice or _chosen(problem, None))
    kernels = Kernels.of(design, np.arange(design.rows))
    with_curve = choice is None
    if choice is None:
        choice = _chosen(problem, kernels)
        if design.unlabelled:
            choice = _taught(problem, kernels, choice)
    teach = _teacher(problem, kernels, choice) if choice.taught else None
    return _learn(problem, kernels, choice, teach, with_curve=with_curve)


def parts(texts: int, groups: Sequence[str] | None) -> list[Rows]:
    """Return the texts of each part to hold out: whole interviews, or neighbouring blocks without groups; [] if too few."""
    if texts < MIN_TEXTS_TO_HOLD_OUT:
        return []
    by_interview = groups is not None and len(set(groups)) > 1
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


def _learn(problem: Problem, kernels: Kernels, choice: Choice, teach: Teach | None, *, with_curve: bool) -> Learnt:
    texts = problem.design.texts
    used = np.flatnonzero(problem.weights(choice.taught) > 0)
    kernel = kernels.mixed(choice.question, choice.encoder)[np.ix_(used, used)]
    solver = Ridge.of(kernel, choice.penalty, problem.weights(choice.taught)[used])
    asked, alone = (np.zeros((texts, len(problem.base))) for _ in range(2))
    without_question = kernels.alone(choice.encoder)

    def alphas_without(rows: Rows) -> Floats:
        targets = problem.of_rows(teach(rows) if teach else None)
        alphas = np.zeros_like(targets)
        alphas[used] = solver.alphas_without(rows, targets[used])
        return alphas

    for part in problem.folds:
        alphas = alphas_without(part)
        alone[part] = without_question[part] @ alphas + problem.base
        asked[part] = alone[part] + choice.question * (kernels.question[part] @ alphas)
    curve = _curve(problem, kernels, choice, asked) if with_curve else NO_CURVE
    return Learnt(alphas_without(np.zeros(0, np.int64)), problem.base, asked, alone, len(problem.folds), choice, curve)


def _curve(problem: Problem, kernels: Kernels, choice: Choice, asked: Floats) -> Floats:
    """Return the learning curve as `Learnt` has it: each part is scored by what learnt from a share of the others."""
    folds, labels = problem.folds, problem.labels
    if len(folds) < PARTS_FOR_CURVE:
        return NO_CURVE
    kernel, weights = kernels.mixed(choice.question, choice.encoder), problem.weights(1.0)
    definitions = np.arange(problem.design.rows - problem.design.definitions, problem.design.rows)
    of_rows = problem.of_rows()
    points = []
    for share in SHARES:
        scores, examples = np.zeros_like(asked), np.zeros(len(problem.base))
        kept = max(1, round(share * (len(folds) - 1)))
        for number, part in enumerate(folds):
            others = [folds[(number + 1 + i) % len(folds)] for i in range(kept)]
            rows = np.concatenate([*others, definitions])
            solver = Ridge.of(kernel[np.ix_(rows, rows)], choice.penalty, weights[rows])
            scores[part] = kernel[np.ix_(part, rows)] @ (solver.inverse @ of_rows[rows])
            examples += labels[np.concatenate(others)].sum(axis=0)
        points.append(np.stack([examples / len(folds), _precisions(labels, scores)]))
    points.append(np.stack([labels.sum(axis=0) * (1 - 1 / len(folds)), _precisions(labels, asked)]))
    return np.stack(points)


def _precisions(labels: Truth, scores: Floats) -> Floats:
    """Average precision of each code, NaN for one without examples."""
    columns = range(labels.shape[1])
    return np.array([average_precision(labels[:, k], scores[:, k]) if labels[:, k].any() else np.nan for k in columns])


def _chosen(problem: Problem, all_kernels: Kernels | None) -> Choice:
    """Choose the question's and encoder's share by average precision, the penalty by squared error, on what is held out."""
    design = problem.design
    encoders = ENCODERS if design.embeddings is not None and problem.in_score else (0.0,)
    if not problem.folds or not problem.labels.any():
        return Choice(encoder=ENCODER if len(encoders) > 1 else 0.0)
    some, folds = _sample(problem.folds)
    rows = np.concatenate([some, np.arange(design.rows - design.definitions, design.rows)])
    kernels = Kernels.of(design, rows) if all_kernels is None else all_kernels.at(rows)
    labels = problem.labels[some]
    targets = np.concatenate([problem.targets[some], problem.of_definitions])
    weights = np.concatenate([np.ones(len(some)), problem.definition_weights])
    questions = QUESTIONS if design.asked[some].any() else (QUESTION,)
    spread = np.maximum(problem.base * (1 - problem.base), 1e-6)

    def held_out(question: float, encoder: float, penalty: float) -> Floats:
        kernel = kernels.mixed(question, encoder)
        solver = Ridge.of(kernel, penalty, weights)
        scores = np.empty_like(labels, np.float64)
        for part in folds:
            scores[part] = kernel[part] @ solver.alphas_without(part, targets)
        return scores

    tried = {shares: held_out(*shares, PENALTY) for shares in product(questions, encoders)}
    question, encoder = max(tried, key=lambda shares: mean_average_precision(labels, tried[shares]))
    errors = {}
    for penalty in PENALTIES:
        scores = tried[question, encoder] if penalty == PENALTY else held_out(question, encoder, penalty)
        errors[penalty] = float((((problem.targets[some] - scores) ** 2).mean(axis=0) / spread).mean())
    return Choice(question, encoder, min(errors, key=lambda penalty: errors[penalty]))


def _sample(folds: list[Rows]) -> tuple[Rows, list[Rows]]:
    """Return at most so many texts, evenly from all parts, and the parts' places among them."""
    most = max(2, MOST_TO_CHOOSE_ON // len(folds))
    picked = [part[:: max(1, -(-len(part) // most))] for part in folds]
    ends = np.cumsum([len(part) for part in picked])
    return np.concatenate(picked), [np.arange(end - len(part), end) for part, end in zip(picked, ends, strict=True)]


def _taught(problem: Problem, kernels: Kernels, choice: Choice) -> Choice:
    """Choose the teacher that ranks best what is held out, then what a text counts that it coded: most of what does as well."""
    teachers = TEACHERS if problem.design.embeddings is not None and not problem.in_score else (choice.encoder,)
    if not problem.folds or not problem.labels.any():
        return replace(choice, taught=TAUGHT[-1], teacher=teachers[-1])

    def ranked(teacher: float) -> float:
        own, kernel, solver = _teaching(problem, kernels, choice.question, teacher)
        targets, scores = problem.of_rows()[own], np.zeros_like(problem.targets)
        for part in problem.folds:
            scores[part] = kernel[np.ix_(part, own)] @ solver.alphas_without(part, targets)
        return mean_average_precision(problem.labels, scores)

    choice = replace(choice, teacher=_last_best(ranked, teachers))

    teach = _teacher(problem, kernels, choice)

    def taught(weight: float) -> float:
        tried = _learn(problem, kernels, replace(choice, taught=weight), teach if weight else None, with_curve=False)
        return mean_average_precision(problem.labels, tried.asked)

    return replace(choice, taught=_last_best(taught, TAUGHT))


def _last_best(figure: Callable[[float], float], tried: Sequence[float]) -> float:
    return max((figure(value), value) for value in tried)[1]


def _teaching(problem: Problem, kernels: Kernels, question: float, teacher: float) -> tuple[Rows, Floats, Ridge]:
    """Return the rows a teacher learns from, what all rows share in its eyes, and its ridge."""
    design = problem.design
    own = np.concatenate([np.arange(design.texts), np.arange(design.texts + design.unlabelled, design.rows)])
    kernel = kernels.mixed(question, teacher)
    return own, kernel, Ridge.of(kernel[np.ix_(own, own)], PENALTY, problem.weights(1.0)[own])


def _teacher(problem: Problem, kernels: Kernels, choice: Choice) -> Teach:
    """Return a function from the rows held out to the targets of the uncoded texts.

    The teacher is a ridge of its own, with the encoder if there is one; its scores are stretched to the spread that codes
    of their base rate have, and cut to 0–1: as sure as a person would be, where it is surest.
    """
    own, kernel, solver = _teaching(problem, kernels, choice.question, choice.teacher)
    design, rate = problem.design, problem.rate
    targets = problem.of_rows()[own]
    to_them = kernel[design.texts : design.texts + design.unlabelled][:, own]
    spread = np.sqrt(rate * (1 - rate))

    def teach(held_out: Rows) -> Floats:
        scores = to_them @ solver.alphas_without(held_out, targets)
        scores = (scores - scores.mean(axis=0)) / np.maximum(scores.std(axis=0), 1e-9) * spread
        return np.asarray(np.clip(scores + rate, 0, 1) - rate)

    return teach


def _at_length(problem: Problem, choice: Choice) -> Learnt:
    """The same for more rows than are factorised at once; nothing is taught then, as there are examples enough."""
    design = problem.design

    def times(matrix: Any, alphas: Floats) -> Floats:
        return np.asarray(matrix @ (matrix.T @ alphas))

    def without_question(alphas: Floats) -> Floats:
        own = times(design.words, alphas) + times(design.vectors, alphas)
        return own if design.embeddings is None else own + choice.encoder * times(design.embeddings, alphas)

    diagonal = np.asarray(design.words.multiply(design.words).sum(axis=1)).ravel() + (design.vectors**2).sum(axis=1)
    weights = np.maximum(problem.weights(0.0), 1e-9)
    solver = Iterative(
        lambda alphas: without_question(alphas) + choice.question * times(design.questions, alphas),
        diagonal,
        choice.penalty / weights,
    )
    targets = problem.of_rows()
    uncoded = np.arange(design.texts, design.texts + design.unlabelled)
    asked, alone = (np.zeros((design.texts, len(problem.base))) for _ in range(2))
    for part in problem.folds:
        alphas = solver.alphas_without(np.concatenate([part, uncoded]), targets)
        alone[part] = without_question(alphas)[part] + problem.base
        asked[part] = alone[part] + choice.question * times(design.questions, alphas)[part]
    return Learnt(
        solver.alphas_without(uncoded, targets), problem.base, asked, alone, len(problem.folds), choice, NO_CURVE
    )
