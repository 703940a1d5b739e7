"""`autokode code-rest`: state a promise, judge the sample blind in the terminal, and code the rest when the promise holds."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from autokode.base.errors import DataError
from autokode.cli import run
from autokode.cli.code_rest import command
from autokode.corpus.model_coder import model_coder
from autokode.project import Project
from autokode.project.active_learning import rest_sampling
from autokode.project.active_learning.rest_standing import standing
from autokode.project.store.round_rows import round_shown
from rest_case import CODE, LIMIT, MODEL, rest_project, truly
from review_case import taught_project


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setattr(rest_sampling, "_threshold", lambda *_given: LIMIT)
    return rest_project(tmp_path / "p", given=100, wrong=0)


def said(project: Project, *options: str, typed: str = "") -> Result:
    """What the command says."""
    found = CliRunner().invoke(command, [CODE, "--project", str(project.folder), *options], input=typed)
    if found.exception is not None and not isinstance(found.exception, SystemExit):
        raise found.exception
    return found


def answers(project: Project) -> str:
    now = standing(project, project.known_coder("Kari"), CODE)
    assert now is not None
    return "".join("j\n" if truly(project, place) else "n\n" for place in now.open)


def test_from_promise_to_the_rest_coded(project: Project) -> None:
    first = said(project, "--precision", "0.9", "--seed", "3", "--size", "50").output
    assert "Modellen ville gitt koden til 100 av 140 svar" in first and "frø 3" in first and "--judge" in first
    typed = answers(project)
    judged = said(project, "--judge", typed=typed[:6] + "q\n").output
    assert (
        "1/67" in judged
        and "4/67" in judged
        and "3 er vurdert" in judged
        and "minst 9" not in judged.split("prøven")[-1]
    )
    for word in ("0.97", "97", "foresl", "trukket"):
        assert word not in judged.split("67 svar å vurdere")[0], word  # nothing of what the model says
    done = said(project, "--judge", typed=typed[6:]).output
    assert "50 av 50 trukne svar hadde koden" in done and "Løftet holder: 50 svar" in done and "--apply" in done
    assert "50 svar er kodet med «penger» av modellen" in said(project, "--apply").output
    assert len(project.codings(model_coder(MODEL))) == 50
    assert "Ingen stikkprøve er trukket" in said(project).output


def test_a_judgement_is_taken_back_in_the_terminal(project: Project) -> None:
    said(project, "--precision", "0.9", "--seed", "3", "--size", "40")
    shown = said(project, "--judge", typed="j\nz\nhva\nq\n").output
    assert (
        "0 er vurdert" in shown and shown.count("\n1/") == 3
    )  # at first, after taking back, after a word that is none


@pytest.mark.parametrize(
    "options",
    [("--precision", "0.9", "--recall", "0.9"), ("--precision", "0.9", "--apply"), ("--apply",), ("--recall", "2")],
)
def test_what_makes_no_sense_changes_nothing(project: Project, options: tuple[str, ...]) -> None:
    before = len(project.decisions())
    with pytest.raises(DataError):
        said(project, *options)
    assert len(project.decisions()) == before


def test_with_a_model_that_learnt(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The threshold is the model's; what is drawn are answers of the interview that nobody coded."""
    project = taught_project(tmp_path / "p")
    anne = project.known_coder("Anne")
    counted = []
    for code in project.codebook.codable:
        arguments = ["code-rest", code, "--precision", "0.5", "--project", str(project.folder)]
        ended = run(arguments)
        told = capsys.readouterr()
        if ended:
            assert "ville ikke gi" in told.err or "ikke" in told.err, told.err
            continue
        now = standing(project, anne, code)
        assert now is not None and now.verdict in ("open", "passed")
        counted.append(int(re.findall(r"gitt koden til (\d+) av", told.out)[0]))
        row = round_shown(project, anne)
        assert row is not None and now.draw.model == row.model and 0 < now.draw.threshold <= 1
        assert {place[0] for place in now.draw.given} == {project.source("kontor_c").id}
    assert counted and sum(counted) > 3
