"""Figures for a methods section: the material, each coder's work, decisions on suggestions, models, agreement."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from autokode.agreement import Agreement, agreement
from autokode.autocoder import load_model
from autokode.base.errors import DataError, failure, quoted
from autokode.corpus.study import Study
from autokode.evaluation.cross_validation import Evaluation, evaluate
from autokode.project import Coder, Project
from autokode.project.active_learning.coded_utterances import coded_utterances_now
from autokode.project.active_learning.coder_model import model_folder
from autokode.project.active_learning.missed_estimate import missed
from autokode.project.store.coder_rows import sighted
from autokode.project.store.decision_rows import (
    coders_who_decided,
    codings_from_elsewhere,
    codings_from_suggestions,
    verdicts_of,
)
from autokode.project.store.foreign_data import undecided
from autokode.project.store.rest_coded import Rest, coded_elsewhere, rests
from autokode.project.store.rest_rows import drawn_in_vain
from autokode.project.store.round_rows import round_shown, trainings
from autokode.project.store.teachers import teachers_asked
from autokode.project.views.coder_readings import reading, transcripts_of
from autokode.training.fit import versions
from autokode.training.teacher_report import TEACHER, name_of_teacher

RESAMPLES, FEWEST = 1000, 5
"""Draws of the bootstrap over interviews; fewest interviews for an interval."""


@dataclass(frozen=True, slots=True)
class Verdicts:
    """A coder's decisions on suggestions.

    Attributes:
        accepted, changed, rejected: numbers of suggestions; a changed one got another code instead.
        promised: mean probability of these suggestions, 0–1, or None if there are none.
        achieved: share of accepted suggestions, 0–1, or None.
        interval: its 95 % interval by bootstrap over interviews, or None.
    """

    accepted: int
    changed: int
    rejected: int
    promised: float | None
    achieved: float | None
    interval: tuple[float, float] | None

    @property
    def decided(self) -> int:
        """Number of decided suggestions."""
        return self.accepted + self.changed + self.rejected


@dataclass(frozen=True, slots=True)
class ModelUsed:
    """The model whose suggestions a coder saw last.

    Attributes:
        sha256: of its manifest, according to the project's log.
        rounds: number of models trained for this coder.
        given: name (of the folder) of a model taken as it is; "" for one learnt from the coder's own decisions.
        texts, interviews: numbers it learnt from.
        seed: of its training.
        average_precision: macro average precision on interviews held out in training, 0–1, or None.
        thresholds: lowest, median and highest of its codes' thresholds, 0–1.
        precision: the precision that the coder chose, or None for the usual.
        teacher: the report on the teacher that it learnt from too (`teacher_report.sentence`), or None.
    """

    sha256: str
    rounds: int
    given: str
    texts: int
    interviews: int | None
    seed: int
    average_precision: float | None
    thresholds: tuple[float, float, float]
    precision: float | None
    teacher: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class CoderWork:
    """The work of one coder.

    Attributes:
        coder: the name.
        blind: whether the coder saw no suggestions.
        read, answers: answers read, and all answers.
        codings, suggested, elsewhere: codings, those that came from a suggestion, and those made elsewhere and taken in.
        verdicts: decisions on suggestions.
        undecided: suggestions that the coder sees and has not decided on.
        model: the model used, or None.
        missed: estimated codings among the answers not read, or None if unknown.
        blind_until: the moment, ISO 8601, at which the coder stopped to code blind; "" if they never did.
    """

    coder: str
    blind: bool
    read: int
    answers: int
    codings: int
    suggested: int
    elsewhere: int
    verdicts: Verdicts
    undecided: int
    model: ModelUsed | None
    missed: float | None
    blind_until: str = ""

    @property
    def saw_suggestions(self) -> bool:
        """Whether suggestions were made for the coder."""
        return bool(self.model or self.suggested or self.verdicts.decided or self.undecided)


@dataclass(frozen=True, slots=True)
class Methods:
    """The figures of a methods section.

    Attributes:
        interviews, offices, speakers, answers, words: size of the material; groups that somebody named, speakers with a label,
            and words of the answers.
        codes, categories: of the codebook.
        coders: each coder's work.
        pseudonymised: number of pseudonymised transcripts.
        agreement: of all coders, or None if no two of them read the same answers.
        evaluation: a model measured on interviews held out, or None.
        versions: of autokode and the libraries behind its numbers.
        codebook_sha256: of the codebook in use.
        teachers: names of the programs that got to see answers, to code them for the model.
        rests: what models coded without a person, each after a sample that was judged blind.
        models_elsewhere: model's name → its codings, where the project does not know what they were checked by.
        in_vain: code → how many samples were drawn for it since, or at all, without its rest being coded.
    """

    interviews: int
    offices: int
    speakers: int
    answers: int
    words: int
    codes: int
    categories: int
    coders: tuple[CoderWork, ...]
    pseudonymised: int
    agreement: Agreement | None
    evaluation: Evaluation | None
    versions: dict[str, str]
    codebook_sha256: str
    teachers: tuple[str, ...] = ()
    rests: tuple[Rest, ...] = ()
    in_vain: dict[str, int] = field(default_factory=dict)
    models_elsewhere: dict[str, int] = field(default_factory=dict)


def methods_of(
    project: Project, *, held_out: bool = False, progress: Callable[[str, int, int], None] | None = None
) -> Methods:
    """The figures of a project.

    Args:
        project: the project.
        held_out: also measure a model on interviews held out, which trains it once per interview: with the first coder's codings,
            in the interviews that this coder has read completely.
        progress: called with (interview, number done, number in all).
    """
    transcripts = transcripts_of(project)
    answers = [(t, t.utterances[i]) for t in transcripts.values() for i in t.answers]
    codebook = project.codebook
    offices = {source.name: source.office for source in project.sources}
    return Methods(
        interviews=len(transcripts),
        offices=len({office for name, office in offices.items() if office != name}),
        speakers=len({(u.speaker, offices[t.name]) for t, u in answers if u.speaker}),
        answers=len(answers),
        words=sum(len(u.text.split()) for _, u in answers),
        codes=len(codebook.codable),
        categories=len(codebook.categories),
        coders=tuple(_work_of(project, coder) for coder in coders_who_decided(project)),
        pseudonymised=len(project.pseudonymised),
        agreement=_agreement(project),
        evaluation=_held_out(project, progress) if held_out else None,
        versions=versions(),
        codebook_sha256=codebook.sha256,
        teachers=teachers_asked(project),
        rests=tuple(rests(project)),
        in_vain=drawn_in_vain(project),
        models_elsewhere=coded_elsewhere(project),
    )


def _work_of(project: Project, coder: Coder) -> CoderWork:
    read = reading(project, coder.name)
    estimates = missed(project, coder, coded_utterances_now(project, coder))
    return CoderWork(
        coder=coder.name,
        blind=coder.blind,
        read=len(read.read),
        answers=sum(source.answers for source in project.sources),
        codings=len(read.codings),
        suggested=codings_from_suggestions(project, coder),
        elsewhere=codings_from_elsewhere(project, coder),
        undecided=0 if coder.blind else sum(one.coder == coder.name for one in undecided(project)),
        verdicts=_verdicts([(one.transcript, one.said, one.probability) for one in verdicts_of(project, coder)]),
        model=_model_used(project, coder),
        missed=round(sum(one.expected for one in estimates), 1) if estimates else None,
        blind_until=sighted(project, coder),
    )


def _verdicts(rows: Sequence[tuple[int, str, float | None]]) -> Verdicts:
    suggested = [row for row in rows if row[2] is not None]
    count = {kind: sum(row[1] == kind for row in suggested) for kind in ("accepted", "changed", "rejected")}
    if not suggested:
        return Verdicts(**count, promised=None, achieved=None, interval=None)
    interviews = sorted({row[0] for row in suggested})
    right = np.array([sum(r[1] == "accepted" for r in suggested if r[0] == name) for name in interviews], np.float64)
    whole = np.array([sum(r[0] == name for r in suggested) for name in interviews], np.float64)
    interval = None
    if len(interviews) >= FEWEST:
        drawn = np.random.default_rng(0).multinomial(
            len(interviews), [1 / len(interviews)] * len(interviews), RESAMPLES
        )
        low, high = np.percentile((drawn @ right) / (drawn @ whole), [2.5, 97.5])
        interval = (round(float(low), 4), round(float(high), 4))
    promised = float(np.mean([row[2] for row in suggested if row[2] is not None]))
    return Verdicts(
        **count, promised=round(promised, 4), achieved=round(count["accepted"] / len(suggested), 4), interval=interval
    )


def _model_used(project: Project, coder: Coder) -> ModelUsed | None:
    row = round_shown(project, coder)
    if row is None:
        return None
    try:
        model = load_model(model_folder(project, coder)).model_
    except DataError:
        return None
    about = model.manifest
    least = model.thresholds_for(row.about.get("precision"))
    reached = least[least <= 1] if (least <= 1).any() else np.ones(1)
    low, middle, high = np.percentile(reached, [0, 50, 100]).tolist()
    return ModelUsed(
        sha256=row.model,
        rounds=trainings(project, coder),
        given=Path(row.about.get("given") or "").name,
        texts=about["data"]["texts"],
        interviews=about["data"]["interviews"],
        seed=about["seed"],
        average_precision=about["held_out"].get("macro_average_precision"),
        thresholds=(round(low, 2), round(middle, 2), round(high, 2)),
        precision=row.about.get("precision"),
        teacher=about[TEACHER] if name_of_teacher(about) and not row.about.get("given") else None,
    )


def _agreement(project: Project) -> Agreement | None:
    names = [coder.name for coder in coders_who_decided(project)]
    if len(names) < 2:
        return None
    try:
        return agreement(project.codebook, transcripts_of(project), [reading(project, name) for name in names])
    except DataError:  # no two coders read the same answers
        return None


def _held_out(project: Project, progress: Callable[[str, int, int], None] | None) -> Evaluation:
    coders = coders_who_decided(project)
    if not coders:
        raise failure(
            "ingen har kodet ennå; det er ikke noe å prøve en modell på",
            "nobody has coded yet; there is nothing to try a model on",
            where=project.folder,
            try_next=f"autokode review --project {quoted(project.folder)}",
        )
    own = reading(project, coders[0].name)
    whole = {
        name: transcript
        for name, transcript in transcripts_of(project).items()
        if all((name, i) in own.read for i in transcript.answers)
    }
    known = set(project.codebook.codable)
    codings = tuple(c for c in own.codings if c.segment.transcript in whole and c.code in known)
    offices = {source.name: source.office for source in project.sources}
    return evaluate(Study(project.codebook, whole, offices, codings), progress=progress)
