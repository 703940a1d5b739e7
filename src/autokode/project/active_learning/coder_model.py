"""Trains, takes over and loads the model of a coder, which lies in the project's folder."""

from collections.abc import Iterable
from pathlib import Path

from autokode.autocoder import AutoCoder, fit_quietly, load_model
from autokode.base import resources
from autokode.base.errors import DataError, failure, quoted
from autokode.corpus.codebook import Codebook
from autokode.corpus.study import Examples
from autokode.model.model_files import manifest_sha256
from autokode.project.active_learning.coded_utterances import FEWEST, CodedUtterance
from autokode.project.store.coders import Coder
from autokode.project.store.followed_names import names_in, names_of_model
from autokode.project.store.project import Project
from autokode.project.store.project_files import MODEL
from autokode.project.store.round_rows import RoundRow
from autokode.project.store.teachers import note_teacher
from autokode.training.teacher import Teacher


def model_folder(project: Project, coder: Coder) -> Path:
    """The folder of a coder's model in the project: `model`, and for others than the first coder `model-NUMBER`."""
    return project.folder / (MODEL if coder.id == project.coders[0].id else f"{MODEL}-{coder.id}")


def trained(
    project: Project, coder: Coder, turns: list[CodedUtterance], codebook: Codebook, teacher: Teacher | None = None
) -> tuple[AutoCoder, str]:
    """Train and save a coder's model, with a teacher's help if one is given; give it with the SHA-256 of its manifest.

    Raises:
        DataError: the coder has coded or read fewer than `FEWEST` utterances, or the teacher fails.
    """
    known = sum(turn.known for turn in turns)
    if known < FEWEST:
        raise failure(
            f"{coder.name} har kodet eller lest {known} ytringer; det trengs {FEWEST} for å lære",
            f"{coder.name} coded or read {known} utterances; learning takes {FEWEST}",
            try_next=f"autokode review --project {quoted(project.folder)}",
        )
    if teacher is not None:
        note_teacher(project, teacher.name)
    fitted = fit_turns(project, turns, codebook, AutoCoder(teacher=teacher))
    fitted.save(model_folder(project, coder))
    return fitted, manifest_sha256(model_folder(project, coder))


def fit_turns(project: Project, turns: Iterable[CodedUtterance], codebook: Codebook, coder: AutoCoder) -> AutoCoder:
    """Fit a model to the turns of a project; the order in which transcripts were added makes no difference."""
    names = {source.id: source.name for source in project.sources}
    ordered = sorted(turns, key=lambda turn: (names[turn.place[0]], turn.place[1]))
    known = [turn for turn in ordered if turn.known]
    codable = set(codebook.codable)

    def examples(turns: Iterable[CodedUtterance]) -> Examples:
        return Examples.of((t.text, t.question, sorted(t.codes & codable), names[t.place[0]]) for t in turns)

    uncoded = examples(turn for turn in ordered if turn.answer and not turn.known)
    rejected = [sorted(turn.rejected & codable) for turn in known]
    return fit_quietly(coder, examples(known), codebook, uncoded=uncoded, rejected=rejected)


def given_model(model: str, project: Project) -> AutoCoder:
    """Load a model that was trained elsewhere, or here before codes were renamed.

    Raises:
        DataError: it cannot be loaded, or knows codes that the project's codebook lacks.
    """
    fitted, codable = load_model(model), project.codebook.codable
    unknown = [code for code, name in names_of_model(project, fitted.codes_).items() if name not in codable]
    if unknown:
        raise failure(
            f"modellen «{model}» er lært av en annen kodebok; denne har ikke {', '.join(unknown[:5])}",
            f"the model «{model}» learnt from another codebook; this one lacks {', '.join(unknown[:5])}",
            try_next=f"autokode learn --project {quoted(project.folder)}",
        )
    return fitted


def taken_over(project: Project, coder: Coder, model: str) -> tuple[AutoCoder, str]:
    """Save a model that was trained elsewhere as a coder's; give it with the SHA-256 of its manifest there."""
    fitted = given_model(model, project)
    fitted.save(model_folder(project, coder))
    return fitted, manifest_sha256(resources.model_folder(model))


def model_of(project: Project, coder: Coder, row: RoundRow) -> AutoCoder:
    """Load the model of a round.

    Raises:
        DataError: it is gone or damaged, or another model stands in its place.
    """
    folder = model_folder(project, coder)
    fitted = load_model(folder) if (folder / "manifest.json").is_file() else None
    if fitted is None or manifest_sha256(folder) != row.about.get("kept", row.model):
        raise model_gone(project)
    return fitted


def model_names(project: Project, fitted: AutoCoder, row: RoundRow) -> dict[str, str]:
    """Code of a round's model → its name in the project now: the round's notes follow renames, in the model's order."""
    noted = row.about["codes"]
    names = names_in(project, codes=noted)
    return {code: names.get(name, name) for code, name in zip(fitted.codes_, noted, strict=True)}


def model_gone(project: Project) -> DataError:
    """Make the error for a round whose model or probabilities are no longer there."""
    return failure(
        "modellen bak forslagene som vises, er ikke her lenger; valget gjelder når det læres på nytt",
        "the model behind the suggestions shown is no longer here; your choice takes effect after the next training",
        try_next=f"autokode learn --project {quoted(project.folder)}",
    )
