"""What was answered under a code's old name is learnt as answers for the new one, to the last bit, however it was renamed."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from autokode.cli import run
from autokode.corpus.codebook_edit import with_renamed
from autokode.project import Project
from autokode.project.active_learning.coded_utterances import coded_utterances_now
from autokode.project.active_learning.coder_model import model_folder
from autokode.project.active_learning.evidence import explain
from autokode.project.active_learning.missed_estimate import missed
from autokode.project.active_learning.training_round import learn, suggest_again
from autokode.project.store.codebook_rename import rename_code
from autokode.project.store.reviewing import Reviewer
from autokode.project.store.round_rows import likely, round_shown, suggestions_in, without_evidence
from autokode.project.views.coder_comparison import compare, settled_codings
from autokode.project.views.coder_readings import model_reading, reading
from autokode.report.training_manifest import manifest, repeat
from report_case import study

OLD, NEW = "bøker å låne", "utlån"
HELD_OUT = ("anna", "bo", "conny")


def worked(folder: Path, *, code: str = OLD) -> Project:
    """A project in which Ola coded three interviews, read one answer without codes, rejected and settled; `code`: its name."""
    project = study(folder)
    given = [one for one in project.codings() if one.segment.transcript not in HELD_OUT or one.coder == "Per"]
    other = Project.create(folder.with_name(f"{folder.name}-nå"), with_renamed(project.codebook, OLD, code))
    for source in project.sources:
        other.add(project.transcript(source.name), office=source.office, pseudonymised=True)
    other.add_codings([replace(one, code=code if one.code == OLD else one.code) for one in given])
    kari = other.coder("Kari")
    learn(other, kari)
    with other.database.reading() as connection:
        query = "SELECT id FROM suggestion WHERE code = ? ORDER BY transcript, utterance"
        own = [row["id"] for row in connection.execute(query, (code,))]
    reviewer = Reviewer(other, kari.id)
    reviewer.reject(own[0])
    reviewer.accept(own[1])
    per = other.coder("Per")
    settled_at = next(one.place for one in compare(other, kari, per).differences)
    reviewer.resolve(per.id, *settled_at, {code: True, "ro": False})
    return other


def by_command(project: Project) -> Project:
    rename_code(project, OLD, NEW)
    return project


def by_hand(project: Project) -> Project:
    path = project.folder / "codebook.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(f"navn: {OLD}", f"navn: {NEW}"), encoding="utf-8")
    return Project.open(project.folder)


def by_hand_twice(project: Project) -> Project:
    """First the name, then the definition and the name again: only the step between tells that it is the same code."""
    path = project.folder / "codebook.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(f"navn: {OLD}", "navn: lånte ting"), encoding="utf-8")
    Project.open(project.folder)
    path.write_text(text.replace(f"navn: {OLD}", f"navn: {NEW}"), encoding="utf-8")
    return Project.open(project.folder)


def by_hand_and_then_by_command(project: Project) -> Project:
    by_hand(project)
    rename_code(Project.open(project.folder), OLD, NEW)
    return Project.open(project.folder)


Way = Callable[[Project], Project]
WAYS = [by_command, by_hand, by_hand_twice, by_hand_and_then_by_command]


def learnt(project: Project) -> object:
    """What a training gives: names, probabilities and suggestions, and what may have been missed."""
    kari = project.coder("Kari")
    made = learn(project, kari)
    row = round_shown(project, kari)
    assert row is not None
    blocks = {transcript: block.tobytes() for transcript, block in likely(project, row).items()}
    return (
        row.about["codes"],
        blocks,
        sorted(suggestions_in(project, row.id)),
        made.learnt_from,
        missed(project, kari, coded_utterances_now(project, kari)),
    )


@pytest.fixture(scope="module")
def always(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The same work in a project where the code had the new name from the beginning."""
    return worked(tmp_path_factory.mktemp("alltid") / "p", code=NEW)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_the_same_is_learnt_as_if_it_had_always_been_called_so(always: Project, tmp_path: Path, way: Way) -> None:
    project = way(worked(tmp_path / "p"))
    assert learnt(project) == learnt(always)
    row = round_shown(project, project.coder("Kari"))
    assert row is not None
    assert repeat(project, manifest(project)) == repeat(always, manifest(always))
    assert all(one.same for one in repeat(project, manifest(project)))


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_agreement_with_a_model_and_between_coders_knows_it(always: Project, tmp_path: Path, way: Way) -> None:
    project = way(worked(tmp_path / "p"))
    kari, per = project.coder("Kari"), project.coder("Per")
    assert model_reading(project, reading(project, "Kari")) == model_reading(always, reading(always, "Kari"))
    assert compare(project, kari, per) == compare(always, always.coder("Kari"), always.coder("Per"))
    assert [(one.segment, one.code) for one in settled_codings(project, kari, per)] == [
        (one.segment, one.code) for one in settled_codings(always, always.coder("Kari"), always.coder("Per"))
    ]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_the_model_of_before_goes_on_under_the_new_name(tmp_path: Path, way: Way) -> None:
    project = worked(tmp_path / "p")
    kari = project.coder("Kari")
    project.set("precision", "0.3")
    learn(project, kari)
    before = round_shown(project, kari)
    assert before is not None
    assert OLD in {one[2] for one in suggestions_in(project, before.id)}
    wanted = {(*one[:2], NEW if one[2] == OLD else one[2], *one[3:]) for one in suggestions_in(project, before.id)}
    project.set("precision", "")
    learn(project, kari)
    project = way(project)
    project.set("precision", "0.3")
    assert suggest_again(project, kari) is not None
    now = round_shown(project, kari)
    assert now is not None and set(suggestions_in(project, now.id)) == wanted
    explain(project, kari)
    assert without_evidence(project, now.id) == []
    assert NEW in {one.code for one in missed(project, kari, coded_utterances_now(project, kari))}


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_model_that_was_kept_is_taken_under_the_new_name(tmp_path: Path, way: Way) -> None:
    project = worked(tmp_path / "p")
    kari = project.coder("Kari")
    learn(project, kari)
    model_folder(project, kari).rename(tmp_path / "gammel")
    project = way(project)
    project.set("precision", "0.2")
    assert run(["learn", "--project", str(project.folder), "--coder", "Kari", "--model", str(tmp_path / "gammel")]) == 0
    row = round_shown(project, kari)
    assert row is not None and NEW in row.about["codes"] and OLD not in row.about["codes"]
    found = {one[2] for one in suggestions_in(project, row.id)}
    assert NEW in found and OLD not in found and without_evidence(project, row.id) == []
    project.set("precision", "")
    assert suggest_again(project, kari) is not None


def test_learning_says_what_it_took_for_what(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = by_hand(worked(tmp_path / "p"))
    assert run(["learn", "--project", str(project.folder), "--coder", "Kari"]) == 0
    assert f"det som er kodet «{OLD}», er lært som «{NEW}»" in capsys.readouterr().out
