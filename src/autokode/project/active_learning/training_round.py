"""Trains on what a coder decided and suggests codes by the model: one round.

The setting `Project.precision` says how much is suggested. When somebody changes it, a new round is made from the probabilities
that the project keeps, without training.
"""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from autokode.autocoder import AutoCoder
from autokode.base.errors import failure, quoted
from autokode.model.coverage import LITTLE, coverage, known_from
from autokode.model.model_files import manifest_sha256
from autokode.model.suggestion_rule import Limits, proposals
from autokode.project.active_learning.coded_utterances import (
    CodedUtterance,
    called,
    coded_utterances_now,
    coded_utterances_of,
)
from autokode.project.active_learning.coder_model import (
    model_folder,
    model_gone,
    model_names,
    model_of,
    taken_over,
    trained,
)
from autokode.project.active_learning.query_order import teaching_order
from autokode.project.active_learning.similarity import Similarity, keep_vectors
from autokode.project.store.code_names import now_called
from autokode.project.store.coders import Coder
from autokode.project.store.decision_log import now
from autokode.project.store.decision_rows import last_decision, verdicts_of
from autokode.project.store.followed_names import names_in, names_of_model
from autokode.project.store.project import Project
from autokode.project.store.removal import forget_late_learning
from autokode.project.store.rewritings import rewritings
from autokode.project.store.round_rows import (
    RoundRow,
    Suggested,
    follows_dial,
    likely_then,
    round_shown,
    suggestions_in,
)
from autokode.project.store.round_writing import show, write_likely, write_round
from autokode.project.store.text_marks import text_marks
from autokode.project.store.utterance_rows import utterance_counts
from autokode.training.teacher import Teacher
from autokode.training.teacher_report import REPORT, TEACHER, name_of_teacher, sentence

SECOND_LOOK = 0.7
"""Least probability of a suggestion for an utterance that the coder has read without giving it the code."""

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Round:
    """The result of a training, or of suggesting again.

    Attributes:
        id: its number.
        model: SHA-256 of the model's manifest, in hexadecimal.
        learnt_from: utterances it learnt from.
        suggestions: how many.
        news: code → (suggestions that are new since the round before, suggestions that are gone).
        seconds: how long it took to make the suggestions.
        teacher: what came of the teacher, as a sentence; "" without one.
    """

    id: int
    model: str
    learnt_from: int
    suggestions: int
    news: dict[str, tuple[int, int]]
    seconds: float
    teacher: str = ""


def learn(
    project: Project,
    coder: Coder,
    *,
    model: str | None = None,
    teacher: Teacher | None = None,
    progress: Progress | None = None,
) -> Round:
    """Train on what a coder decided, and replace the suggestions that the coder sees.

    Args:
        project: the project.
        coder: whose decisions to learn from; nobody else's count.
        model: the folder or name of a model to use instead of training one.
        teacher: codes answers that nobody coded, where it agrees with the coder; its codes are never codings.
        progress: called with (interview, how many are done, how many there are).

    Raises:
        DataError: too little is coded, the model knows codes that the codebook lacks, or an interview was removed or
            pseudonymised meanwhile; or the teacher cannot be reached or answers wrongly.
    """
    before = len(rewritings(project))
    made = _learn(project, coder, model, teacher, progress)
    if len(rewritings(project)) != before:
        forget_late_learning(project)
        raise failure(
            "et intervju ble fjernet eller pseudonymisert mens det ble lært; det som ble lært, er slettet",
            "an interview was removed or pseudonymised during the learning; what was learnt is deleted",
            try_next=f"autokode learn --project {quoted(project.folder)}",
        )
    return made


def _learn(
    project: Project, coder: Coder, model: str | None, teacher: Teacher | None, progress: Progress | None
) -> Round:
    began, start, marks = now(), time.perf_counter(), text_marks(project)
    decision = last_decision(project, coder)
    turns = coded_utterances_now(project, coder)
    codebook = project.codebook
    fitted, digest = taken_over(project, coder, model) if model else trained(project, coder, turns, codebook, teacher)
    manifest = fitted.model_.manifest
    names = names_of_model(project, fitted.codes_)
    keep_vectors(project, fitted.lang, progress)
    answers = [turn for turn in turns if turn.answer]
    probabilities = fitted.predict_proba([turn.text for turn in answers], [turn.question for turn in answers])
    found = wanted(fitted, answers, probabilities, precision := project.precision, names=names)
    order = teaching_order(
        [turn.place for turn in answers], [turn.known for turn in answers], probabilities, Similarity.of(project)
    )
    report = None if teacher is None or model else manifest[TEACHER]
    about = {
        "codes": [names[code] for code in fitted.codes_],
        "order": order,
        "news": _news(project, coder, found),
        "little_known": _little_known(fitted, turns, marks, given=bool(model)),
        "learnt_from": sum(turn.known for turn in turns),
        "suggestions": len(found),
        "given": model or "",
        "precision": precision,
        "kept": manifest_sha256(model_folder(project, coder)),
        TEACHER: name_of_teacher(manifest),
        REPORT: report,
    }
    number = write_round(project, coder, (digest, codebook.sha256, began, decision), about, found)
    write_likely(project, number, _blocks(project, answers, probabilities))
    seconds = time.perf_counter() - start
    show(project, coder, number, {**about, "seconds": round(seconds, 2)}, marks=marks)
    told = sentence(report) if report else ""
    return _made(number, digest, about, seconds, told)


def _little_known(
    fitted: AutoCoder, turns: Sequence[CodedUtterance], marks: Mapping[int, str], *, given: bool
) -> dict[int, tuple[str, list[int]]]:
    """Interview → the mark of its text, and the answers of which the model knows next to nothing.

    What nobody coded taught it nothing that a person stands for, unless the model was `given`: then it knows what it knows.
    """
    known = None if given else known_from(fitted.model_, [turn.text for turn in turns if turn.known])
    answers, found = [turn for turn in turns if turn.answer], dict[int, tuple[str, list[int]]]()
    little = coverage(fitted.model_, [turn.text for turn in answers], known) <= LITTLE
    for row in np.flatnonzero(little).tolist():
        interview, number = answers[row].place
        if interview in marks:
            found.setdefault(interview, (marks[interview], []))[1].append(number)
    return found


def suggest_again(project: Project, coder: Coder) -> Round | None:
    """Suggest as much as the project's `precision` now says, without training; None if as much is suggested already.

    The suggestions are those that training would have made with this precision. If another round is shown meanwhile, it stays.

    Raises:
        DataError: the model of the round shown, or what it gave for the answers, is gone, damaged or replaced.
    """
    made = None
    while (row := round_shown(project, coder)) and not follows_dial(project, row):
        start, precision, marks = time.perf_counter(), project.precision, text_marks(project)
        about = {"learnt_in": row.id, **row.about, "precision": precision}
        fitted = model_of(project, coder, row)
        found = wanted(fitted, *_kept(project, coder, row), precision, names=model_names(project, fitted, row))
        about |= {"news": _news(project, coder, found), "suggestions": len(found)}
        number = write_round(project, coder, (row.model, row.codebook, row.began, row.decision), about, found)
        if show(project, coder, number, about, marks=marks, instead_of=row.id):
            made = _made(number, row.model, about, time.perf_counter() - start)
    return made


def _made(number: int, model: str, about: Mapping[str, Any], seconds: float, teacher: str = "") -> Round:
    return Round(number, model, about["learnt_from"], about["suggestions"], about["news"], seconds, teacher)


def wanted(
    fitted: AutoCoder,
    answers: list[CodedUtterance],
    probabilities: npt.NDArray[np.float32],
    precision: float | None = None,
    *,
    names: Mapping[str, str] | None = None,
) -> list[Suggested]:
    """The suggestions for a project's answers, the most probable of an answer first.

    They are those of `AutoCoder.predict`, without the codes that the coder gave or rejected; for an answer that the coder has
    read, only codes with a probability of `SECOND_LOOK` or more. Probabilities are rounded as the project keeps them (float16),
    which can matter where one is within 0.0005 of its limit. `names`: what the answers call a code of the model, if otherwise.
    """
    now_named = names or {}
    limits = Limits(_rounded(fitted.thresholds_for(precision)))
    proposed = proposals(fitted.model_, [turn.text for turn in answers], _rounded(probabilities), limits)
    found = []
    for turn, own in zip(answers, proposed, strict=True):
        new = [(now_named.get(one.name, one.name), one.probability) for one in own]
        new = [(code, likely) for code, likely in new if code not in turn.codes | turn.rejected]
        sure = [(code, likely) for code, likely in new if not turn.read or likely >= SECOND_LOOK]
        found += [(*turn.place, code, *turn.span, round(likely, 4)) for code, likely in sure]
    return found


def _rounded(numbers: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Round numbers to what the project keeps (float16), so that suggesting again gives the same."""
    return numbers.astype(np.float16).astype(np.float32)


def _kept(project: Project, coder: Coder, row: RoundRow) -> tuple[list[CodedUtterance], npt.NDArray[np.float32]]:
    """The answers as they were when a round was trained, and what its model gave for them, float32 (n_answers, n_codes)."""
    blocks = likely_then(project, row)
    if blocks is None:
        raise model_gone(project)
    then = list(coded_utterances_of(project, coder, last=row.decision))
    since = project.names_since(decision=row.decision)
    recorded = {code: now_called(code, since) for turn in then for code in turn.codes | turn.rejected}
    turns = called(called(then, recorded), names_in(project, codes=recorded.values()))
    answers = [turn for turn in turns if turn.answer and turn.place[0] in blocks]
    found = np.array([blocks[turn.place[0]][turn.place[1]] for turn in answers], np.float32)
    return answers, found.reshape(-1, len(row.about["codes"]))


def _news(project: Project, coder: Coder, found: Sequence[Suggested]) -> dict[str, tuple[int, int]]:
    """Compare with the round that the coder sees: code → (new suggestions, suggestions that are gone)."""
    decided = {(*one.place, one.code) for one in verdicts_of(project, coder)}
    row = round_shown(project, coder)
    names = names_in(project, codes=row.about["codes"]) if row else {}
    shown = suggestions_in(project, row.id) if row else []
    before = {(*one[:2], names.get(one[2], one[2])) for one in shown} - decided
    after = {one[:3] for one in found} - decided
    new, gone = (Counter(one[2] for one in changed) for changed in (after - before, before - after))
    return {code: (new[code], gone[code]) for code in sorted(new | gone)}


def _blocks(
    project: Project, answers: Sequence[CodedUtterance], probabilities: npt.NDArray[np.float32]
) -> dict[int, npt.NDArray[np.float16]]:
    """The answers' probabilities by transcript, float16 (n_utterances, n_codes); an interviewer's utterances have zeros."""
    counts = utterance_counts(project)
    blocks = {transcript: np.zeros((n, probabilities.shape[1]), np.float16) for transcript, n in counts.items()}
    for turn, row in zip(answers, probabilities, strict=True):
        if turn.place[1] < counts.get(
            turn.place[0], 0
        ):  # not one that a correction took away; `show` clears up after it
            blocks[turn.place[0]][turn.place[1]] = row
    return blocks
