"""`autokode merge`, as somebody who gets a colleague's file uses it: the folder, autokode.db alone, or a backup."""

import shutil
from pathlib import Path

import pytest

from autokode.cli import run
from autokode.project import Project
from autokode.project.store.backup import back_up
from autokode.project.store.integrity import check
from known_case import known
from merge_case import Person, copy_of, shared_project
from review_case import everything


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Project, Project]:
    """Two people's projects: both read one answer and coded it, with one code in common."""
    first = shared_project(tmp_path / "a")
    second = copy_of(first, tmp_path / "b")
    for project, name, codes in ((first, "Anne", ("makt",)), (second, "Bo", ("makt", "språk"))):
        reviewer = Person(project, name, None).reviewer  # type: ignore[arg-type]
        turn = project.transcript("møte").utterances[1]
        for code in codes:
            reviewer.code(1, turn.start, turn.end, code)
        reviewer.read(1, 1)
        reviewer.read(1, 3)
    return first, second


def test_a_preview_says_what_meets_and_changes_nothing(
    pair: tuple[Project, Project], capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = pair
    before, files = everything(first), sorted(path.name for path in first.folder.iterdir())
    assert run(["merge", str(second.folder), "--project", str(first.folder), "--preview"]) == 0
    told = capsys.readouterr().out
    assert "De to er kopier av ett prosjekt." in told and "møte: samme tekst" in told
    assert "Anne: 1 koding, 2 svar lest" in told and "Bo: 2 kodinger, 2 svar lest" in told
    assert "Anne og Bo har begge lest 2 svar; like koder på 1" in told
    assert "Bo: ny eller endret: 2 kodinger, 2 lesemerker; ny her" in told
    assert "Alfa for hele kodesett" in told and "Ingenting er endret." in told
    assert everything(first) == before
    assert sorted(path.name for path in first.folder.iterdir()) == files


@pytest.mark.parametrize("sent", ["folder", "file", "backup"])
def test_it_is_one_step_that_undo_takes_back(
    pair: tuple[Project, Project], tmp_path: Path, sent: str, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = pair
    path = second.folder
    if sent == "file":
        path = tmp_path / "fra Bo.db"
        shutil.copy(second.database.path, path)
    elif sent == "backup":
        path = tmp_path / "fra Bo.zip"
        back_up(second, path)
    where = ["--project", str(first.folder)]
    before = {key: value for key, value in known(first).items() if key != "coders"}
    bytes_there = second.database.path.read_bytes()
    assert run(["merge", str(path), *where]) == 0
    assert "autokode undo --project" in capsys.readouterr().out
    assert len(first.codings("Bo")) == 2 and check(first.folder) == []
    assert run(["merge", str(path), *where]) == 0
    assert "prosjektet er som det var" in capsys.readouterr().out
    assert run(["undo", *where, "--yes"]) == 0
    assert {key: value for key, value in known(first).items() if key != "coders"} == before
    assert second.database.path.read_bytes() == bytes_there


def test_what_is_no_other_project_is_refused(
    pair: tuple[Project, Project], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = pair
    where = ["--project", str(first.folder)]
    before = everything(first)
    (tmp_path / "notat.db").write_text("Ikke et prosjekt.", encoding="utf-8")
    shutil.copytree(second.folder, tmp_path / "skadet")
    with Project.open(tmp_path / "skadet").database.writing() as connection:
        connection.execute("DELETE FROM coding WHERE code = 'språk'")
    for path, said in (
        (first.folder, "er dette prosjektet selv"),
        (first.database.path, "er dette prosjektet selv"),
        (tmp_path / "borte", "finnes ikke"),
        (tmp_path / "notat.db", "er skadet eller ikke et prosjekt"),
        (tmp_path / "skadet", "er skadet"),
    ):
        assert run(["merge", str(path), *where]) != 0
        told = capsys.readouterr()
        assert said in told.err and "Prøv: " in told.err and "Traceback" not in told.err, path
    assert everything(first) == before


def test_an_interview_can_be_left_out(pair: tuple[Project, Project], capsys: pytest.CaptureFixture[str]) -> None:
    first, second = pair
    assert run(["merge", str(second.folder), "--project", str(first.folder), "--without", "møte"]) == 0
    assert "møte: utelatt" in capsys.readouterr().out
    assert first.codings("Bo") == ()
