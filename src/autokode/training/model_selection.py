"""Learns scores from rows: how much the question, the penalty and a teacher count is found on interviews held out."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sklearn.model_selection import GroupKFold, KFold

from autokode.base.arrays import Floats
from autokode.training.ridge import Iterative, Ridge, Rows
from autokode.training.ridge_problem import PENALTY, QUESTION, SHARED, Choice, Kernels, Problem, Truth

QUESTIONS = ((0.1, 0.25), (0.25, 0.0), (0.25, 0.5), (0.5, 1.0), (1.0, 1.0))
"""Ways to read the question: by its own weights, and as one text with the answer. Of those that do as well the first is
taken: the less a question counts, the better are texts without one."""

PENALTIES = (100.0, 50.0, 30.0, 200.0, 300.0)
"""Penalties to choose from where there is no codebook; with its texts among the rows the usual one did best in every study."""

CONTEXT, ASKS = (0.25, 0.0), 0.5
"""The usual way where contexts do not ask: where less than this share of them does, they are what was said before, and their
words are not the answer's."""

ENCODER, ENCODERS = 15.0, (0.0, 15.0, 40.0)
"""What an encoder counts at scoring, squared lengths beside the vectors' 25."""

TEACHERS, TAUGHT = (0.0, 20.0, 60.0), (0.0, 0.1, 0.3)
"""What the encoder may count for the teacher, and a text that the teacher coded, beside one a person coded."""

MARGIN = 0.3
"""Average precision by which another choice must beat the usual one on what is held out, times the root of the examples: chance
moves the figure by as much, and the usual choice did well in many studies."""

FEWEST_INTERVIEWS = 4
"""Interviews from which whole ones are held out; of fewer, neighbouring answers, since the next answers are of the same ones."""

MAX_FOLDS, MIN_TEXTS_TO_HOLD_OUT = 10, 8
MOST_TO_CHOOSE_ON, MOST_UNLABELLED, MOST_AT_ONCE = 2500, 1500, 6000
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
        asked, alone: held-out scores: each text scored by a model trained without its interview, with and without the
            question; float64 (n_texts, n_codes); zero if nothing was held out.
        uncoded: scores of the uncoded texts, with their questions, float64 (n_unlabelled, n_codes).
        folds: how many parts were held out, 0 if too few.
        chosen: what question, encoder, penalty and teacher count.
        curve: for some shares of the other parts, examples of each code and its average precision on what was held out;
            float64 (n_shares, 2, n_codes), NaN where there is none. No shares if too few parts are held out.
    """

    alphas: Floats
    base: Floats
    asked: Floats
    alone: Floats
    uncoded: Floats
    folds: int
    chosen: Choice
    curve: Floats


def learn_scores(problem: Problem, choice: Choice | None = None) -> Learnt:
    """Choose what counts how much, if that is not given; learn from all rows; score each text by what never saw its part."""
    design = problem.design
    if design.rows > MOST_AT_ONCE:
        return _at_length(problem, choice or _chosen(problem, None))
    kernels = Kernels.of(design, np.arange(design.rows))
    if choice is None:
        choice = _chosen(problem, kernels)
        if design.unlabelled and design.embeddings is not None:
            choice = _taught(problem, kernels, choice)
    teach = _teacher(problem, kernels, choice) if choice.taught else None
    return _learn(problem, kernels, choice, teach, with_curve=True)


def parts(texts: int, groups: Sequence[str] | None) -> list[Rows]:
    """Return the texts of each part to hold out: whole interviews, or neighbouring blocks where there are few; [] if too few."""
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


def _learn(problem: Problem, kernels: Kernels, choice: Choice, teach: Teach | None, *, with_curve: bool) -> Learnt:
    texts, coded = problem.design.texts, problem.design.texts + problem.design.unlabelled
    used = np.flatnonzero(problem.weights(choice.taught) > 0)
    without_question, of_question = kernels.alone(choice), kernels.of_question(choice)
    kernel = without_question + of_question
    solver = Ridge.of(kernel[np.ix_(used, used)], choice.penalty, problem.weights(choice.taught)[used])
    asked, alone = (np.zeros((texts, len(problem.base))) for _ in range(2))

    def alphas_without(rows: Rows) -> Floats:
        targets = problem.of_rows(teach(rows) if teach else None)
        alphas = np.zeros_like(targets)
        alphas[used] = solver.alphas_without(rows, targets[used])
        return alphas

    for part in problem.folds:
        alphas = alphas_without(part)
        alone[part] = without_question[part] @ alphas + problem.base
        asked[part] = alone[part] + of_question[part] @ alphas
    curve = _curve(problem, kernel, choice, asked) if with_curve else NO_CURVE
    alphas = alphas_without(np.zeros(0, np.int64))
    uncoded = kernel[texts:coded] @ alphas + problem.base
    return Learnt(alphas, problem.base, asked, alone, uncoded, len(problem.folds), choice, curve)


def _curve(problem: Problem, kernel: Floats, choice: Choice, asked: Floats) -> Floats:
    """Return the learning curve as `Learnt` has it: each part is scored by what learnt from a share of the others."""
    folds, labels = problem.folds, problem.labels
    if len(folds) < PARTS_FOR_CURVE:
        return NO_CURVE
    weights = problem.weights(1.0)
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
    """Choose how the question is read and the encoder's share by average precision, the penalty by squared error.

    Both are those of answers held out, and of the codes that have examples: others are as well learnt by any choice.
    """
    design = problem.design
    encoders = ENCODERS if design.embeddings is not None and problem.in_score else (0.0,)
    half = 1.0 if design.vectors.shape[1] else 0.5  # of the text there is about half as much without vectors
    question, shared = (half * QUESTION, half * SHARED) if design.asks >= ASKS else CONTEXT
    if not design.asked.any():
        shared = 0.0
    usual = Choice(
        question=question,
        shared=shared,
        encoder=ENCODER if len(encoders) > 1 else 0.0,
    )
    if not problem.folds or not problem.labels.any():
        return usual
    some, folds = _sample(problem.folds)
    rows = np.concatenate([some, np.arange(design.rows - design.definitions, design.rows)])
    kernels = Kernels.of(design, rows) if all_kernels is None else all_kernels.at(rows)
    labels, targets, weights = problem.labels[some], problem.of_rows()[rows], problem.weights(1.0)[rows]

    @functools.cache
    def held_out(choice: Choice) -> Floats:
        kernel = kernels.mixed(choice)
        solver = Ridge.of(kernel, choice.penalty, weights)
        scores = np.empty_like(labels, np.float64)
        for part in folds:
            scores[part] = kernel[part] @ solver.alphas_without(part, targets)
        return scores

    margin = MARGIN / np.sqrt(labels.sum())
    questions = QUESTIONS if design.asked[some].any() else ()
    best, figure = usual, mean_average_precision(labels, held_out(usual))
    for step in (
        [{"question": own, "shared": shared} for own, shared in questions],
        [{"encoder": encoder} for encoder in encoders],
    ):
        choices = [choice for change in step if (choice := replace(best, **change)) != best]
        tried = [(mean_average_precision(labels, held_out(choice)), choice) for choice in choices]
        least = max([figure + margin, *(found - margin for found, _choice in tried)])
        figure, best = next((one for one in tried if one[0] >= least), (figure, best))
    if design.definitions:
        return best
    used = labels.any(axis=0)
    spread = (problem.base * (1 - problem.base))[used]

    def error(penalty: float) -> float:
        missed = targets[: len(some)] - held_out(replace(best, penalty=penalty))
        return float(((missed[:, used] ** 2).mean(axis=0) / np.maximum(spread, 1e-6)).mean())

    return replace(best, penalty=min(PENALTIES, key=error))


def _sample(folds: list[Rows]) -> tuple[Rows, list[Rows]]:
    """Return at most so many texts, evenly from all parts, and the parts' places among them."""
    most = max(2, MOST_TO_CHOOSE_ON // len(folds))
    picked = [part[:: max(1, -(-len(part) // most))] for part in folds]
    ends = np.cumsum([len(part) for part in picked])
    return np.concatenate(picked), [np.arange(end - len(part), end) for part, end in zip(picked, ends, strict=True)]


def _taught(problem: Problem, kernels: Kernels, choice: Choice) -> Choice:
    """Choose the teacher that ranks best what is held out, then what a text counts that it coded: most of what does as well."""
    teachers = (choice.encoder,) if problem.in_score else TEACHERS
    if not problem.folds or not problem.labels.any():
        return replace(choice, taught=TAUGHT[-1], teacher=teachers[-1])

    def ranked(teacher: float) -> float:
        own, kernel, solver = _teaching(problem, kernels, replace(choice, encoder=teacher))
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


def _teaching(problem: Problem, kernels: Kernels, choice: Choice) -> tuple[Rows, Floats, Ridge]:
    """Return the rows a teacher learns from, what all rows share in its eyes, and its ridge."""
    design = problem.design
    own = np.concatenate([np.arange(design.texts), np.arange(design.texts + design.unlabelled, design.rows)])
    kernel = kernels.mixed(choice)
    return own, kernel, Ridge.of(kernel[np.ix_(own, own)], PENALTY, problem.weights(1.0)[own])


def _teacher(problem: Problem, kernels: Kernels, choice: Choice) -> Teach:
    """Return a function from the rows held out to the targets of the uncoded texts.

    The teacher is a ridge of its own, with the encoder if there is one; its scores are stretched to the spread that codes
    of their base rate have, and cut to 0–1: as sure as a person would be, where it is surest.
    """
    own, kernel, solver = _teaching(problem, kernels, replace(choice, encoder=choice.teacher))
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

    def times(left: Any, right: Any, alphas: Floats) -> Floats:
        return np.asarray(left @ (right.T @ alphas))

    def without_question(alphas: Floats) -> Floats:
        text_and_question = design.words.T @ alphas + design.question_words.T @ alphas
        found = times(design.words, design.words, alphas) + times(design.vectors, design.vectors, alphas)
        found += choice.shared * (design.words @ text_and_question)
        return (
            found
            if design.embeddings is None
            else found + choice.encoder * times(design.embeddings, design.embeddings, alphas)
        )

    def of_question(alphas: Floats) -> Floats:
        text_and_question = design.words.T @ alphas + design.question_words.T @ alphas
        own = times(design.questions, design.questions, alphas)
        return np.asarray(choice.shared * (design.question_words @ text_and_question) + choice.question * own)

    diagonal = np.asarray(design.words.multiply(design.words).sum(axis=1)).ravel() + (design.vectors**2).sum(axis=1)
    weights = np.maximum(problem.weights(0.0), 1e-9)
    solver = Iterative(
        lambda alphas: without_question(alphas) + of_question(alphas), diagonal, choice.penalty / weights
    )
    targets = problem.of_rows()
    uncoded = np.arange(design.texts, design.texts + design.unlabelled)
    asked, alone = (np.zeros((design.texts, len(problem.base))) for _ in range(2))
    for part in problem.folds:
        alphas = solver.alphas_without(np.concatenate([part, uncoded]), targets)
        alone[part] = without_question(alphas)[part] + problem.base
        asked[part] = alone[part] + of_question(alphas)[part]
    alphas = solver.alphas_without(uncoded, targets)
    of_uncoded = (without_question(alphas) + of_question(alphas))[uncoded] + problem.base
    return Learnt(alphas, problem.base, asked, alone, of_uncoded, len(problem.folds), choice, NO_CURVE)
