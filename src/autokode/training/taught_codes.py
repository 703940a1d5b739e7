"""Learns some codes also from texts that a teacher coded, where that does no harm on interviews held out."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from autokode.base.arrays import Floats
from autokode.corpus.codebook import Codebook
from autokode.corpus.study import Examples
from autokode.training import model_selection
from autokode.training.ridge import Ridge, Rows
from autokode.training.ridge_problem import Kernels, Learnt, RidgeProblem
from autokode.training.teacher import (
    MOST_MEASURED,
    MOST_TAUGHT,
    WEIGHTS,
    Measured,
    Said,
    Teacher,
    ask,
    spread,
)
from autokode.training.teacher_report import Report

_NOBODY = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class School:
    """A teacher with the texts that it may be asked about.

    Attributes:
        teacher: the teacher.
        coded: the coded texts.
        uncoded, questions: texts that nobody coded, and the questions they answer.
        codes: in column order.
        codebook: their codebook.
        seed: draws the texts to ask about where there are very many.
    """

    teacher: Teacher
    coded: Examples
    uncoded: Sequence[str]
    questions: Sequence[str] = field(repr=False)
    codes: Sequence[str]
    codebook: Codebook
    seed: int

    def of_coded(self) -> Said:
        """What the teacher says of texts that a person coded."""
        rows = spread(len(self.coded.texts), MOST_MEASURED)
        return ask(self.teacher, rows, (self.coded.texts, self.coded.contexts), self.codebook, self.codes)

    def of_uncoded(self) -> Said:
        """What the teacher says of the others."""
        drawn = np.random.default_rng(self.seed).permutation(len(self.uncoded))[:MOST_TAUGHT]
        return ask(self.teacher, np.sort(drawn), (self.uncoded, self.questions), self.codebook, self.codes)


def taught_by(school: School, problem: RidgeProblem, plain: Learnt) -> tuple[Learnt, Report]:
    """Learn from a teacher too, code by code, or leave all as it was learnt without one.

    The teacher is measured on coded texts before it gets to see others. A code for which it is no better than chance keeps the
    coefficients, and so every score, that it had without a teacher. If mean average precision on what is held out is lower with
    the teacher than without, all codes do.

    Args:
        school: the teacher and the texts.
        problem: coded and uncoded texts and the codebook as rows.
        plain: what was learnt from them without the teacher.

    Raises:
        DataError: the teacher cannot be reached, or answers wrongly.
    """
    unused = _why_not(problem, plain)
    if unused:
        return plain, Report.unused(school.teacher.name, unused)
    of_coded = school.of_coded()
    found = Measured.of(of_coded, problem.labels, problem.base)
    given = np.flatnonzero(problem.labels.any(axis=0)).tolist()
    kappas = {school.codes[k]: float(found.kappas[k]) for k in given}
    report = Report(school.teacher.name, "chance", len(of_coded.rows), 0, _unanswered(of_coded), kappas, {}, None)
    if not found.weights.any():
        return plain, report
    of_uncoded = school.of_uncoded()
    taught = _Lesson(problem, plain, of_coded, of_uncoded).learnt()
    gain = _precision(problem, taught) - _precision(problem, plain)
    report = replace(report, unanswered=_unanswered(of_coded, of_uncoded), gain=gain)
    if gain < 0:
        return plain, replace(report, why="worse")
    weights = {code: float(found.weights[k]) for k, code in enumerate(school.codes) if found.weights[k]}
    return taught, replace(report, why="", taught=len(of_uncoded.rows), weights=weights)


def _why_not(problem: RidgeProblem, plain: Learnt) -> str:
    """Why a teacher need not be asked, as `Report.why`; "" if it is to be."""
    if len(problem.features) > model_selection.MOST_AT_ONCE:
        return "many"
    if not plain.folds or not problem.labels.any():
        return "few"
    return "" if problem.features.unlabelled else "uncoded"


def _unanswered(*asked: Said) -> int:
    return sum(said.asked - len(said.rows) for said in asked)


def _precision(problem: RidgeProblem, learnt: Learnt) -> float:
    return model_selection.mean_average_precision(problem.labels, learnt.with_question)


class _Lesson:
    """The problem with the rows that a teacher coded, factorised once for each weight that they can have.

    What is held out decides neither which codes are learnt from the teacher, nor their weights or targets.
    """

    def __init__(self, problem: RidgeProblem, plain: Learnt, of_coded: Said, of_uncoded: Said) -> None:
        self.problem, self.plain, self.of_coded, self.of_uncoded = problem, plain, of_coded, of_uncoded
        features = problem.features
        kernels = Kernels.of(features, np.arange(len(features)))
        self.of_text, self.of_question = kernels.alone(plain.chosen), kernels.of_question(plain.chosen)
        self.taught = features.texts + of_uncoded.rows
        self.used = np.concatenate([np.arange(features.texts), self.taught, features.of_codebook])
        self.ridges: dict[float, Ridge] = {}

    def learnt(self) -> Learnt:
        """What was learnt without the teacher, with the codes in it that are learnt from the teacher too."""
        problem, plain = self.problem, self.plain
        with_question, without = plain.with_question.copy(), plain.without_question.copy()
        for part in problem.folds:
            columns, alphas = self._alphas_without(part)
            alone = self.of_text[part] @ alphas + problem.base[columns]
            without[np.ix_(part, columns)] = alone
            with_question[np.ix_(part, columns)] = alone + self.of_question[part] @ alphas
        columns, some = self._alphas_without(_NOBODY)
        alphas, uncoded = plain.alphas.copy(), plain.uncoded.copy()
        alphas[:, columns] = some
        texts = problem.features.texts
        rows = slice(texts, texts + problem.features.unlabelled)
        uncoded[:, columns] = (self.of_text[rows] + self.of_question[rows]) @ some + problem.base[columns]
        return replace(plain, alphas=alphas, with_question=with_question, without_question=without, uncoded=uncoded)

    def _alphas_without(self, part: Rows) -> tuple[Rows, Floats]:
        """The columns of the codes to learn from the teacher, and their coefficients, float64 (n_rows, n_columns)."""
        problem = self.problem
        found = Measured.of(self.of_coded.without(part), problem.labels, problem.base)
        targets, alphas = problem.of_rows(), np.zeros((len(problem.features), len(problem.base)))
        targets[self.taught] = found.targets(self.of_uncoded.codes)
        for weight in WEIGHTS:
            columns = np.flatnonzero(found.weights == weight)
            if len(columns):
                own = targets[np.ix_(self.used, columns)]
                alphas[np.ix_(self.used, columns)] = self._ridge(weight).alphas_without(part, own)
        columns = np.flatnonzero(found.weights)
        return columns, alphas[:, columns]

    def _ridge(self, weight: float) -> Ridge:
        if weight not in self.ridges:
            weights = self.problem.weights(1.0)
            weights[self.taught] = weight
            kernel = (self.of_text + self.of_question)[np.ix_(self.used, self.used)]
            self.ridges[weight] = Ridge.of(kernel, self.plain.chosen.penalty, weights[self.used])
        return self.ridges[weight]
