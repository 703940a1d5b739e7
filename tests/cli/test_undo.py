"""`autokode undo`, as somebody who took in the wrong file uses it."""

import io
from pathlib import Path

import pytest

from autokode.cli import run
from autokode.project import Project, Reviewer
from autokode.project.store.integrity import check
from known_case import known
from project_case import small

TALK = "Kari: Hva dyrker dere?\nOle: Poteter, mest av alt, og litt kål.\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return small(tmp_path / "p")


def without_coders(project: Project) -> dict[str, object]:
    return {name: own for name, own in known(project).items() if name != "coders"}


def test_the_last_that_was_added_is_taken_back(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--project", str(project.folder)]
    before = without_coders(project)
    (tmp_path / "hage.txt").write_text(TALK, encoding="utf-8")
    assert run(["add", str(tmp_path / "hage.txt"), *where, "--interviewer", "Kari"]) == 0
    (tmp_path / "codings.csv").write_text(
        "transcript,start,end,quote,code,coder\nhage,0,3,Hva,makt,Ida\nhage,4,10,dyrker,makt,Per\n", encoding="utf-8"
    )
    text = project.transcript("hage").text
    rows = [
        f"hage,{at},{at + 3},{text[at : at + 3]},makt,{who}" for at, who in ((0, "Ida"), (text.index("dyr"), "Per"))
    ]
    (tmp_path / "codings.csv").write_text("\n".join(["transcript,start,end,quote,code,coder", *rows]), encoding="utf-8")
    assert run(["add", str(tmp_path / "codings.csv"), *where]) == 0
    capsys.readouterr()
    monkeypatch.setattr("sys.stdin", io.StringIO("nei\n"))
    assert run(["undo", *where]) == 0
    out = capsys.readouterr().out
    assert "Ida: 1" in out and "Ingenting er endret." in out and len(project.codings()) == 2
    monkeypatch.setattr("sys.stdin", io.StringIO("j\n"))
    assert run(["undo", *where]) == 0
    assert "Tatt tilbake: 0 intervjuer, 2 kodinger" in capsys.readouterr().out
    assert [source.name for source in project.sources] == ["hage", "møte"]
    assert run(["undo", *where, "--yes"]) == 0
    assert "Tatt tilbake: 1 intervjuer, 0 kodinger" in capsys.readouterr().out
    assert without_coders(project) == before and check(project.folder) == []


def test_what_was_coded_since_stays(project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--project", str(project.folder)]
    (tmp_path / "hage.txt").write_text(TALK, encoding="utf-8")
    assert run(["add", str(tmp_path / "hage.txt"), *where]) == 0
    Reviewer(project, project.coder("Ida").id).code(project.source("hage").id, 0, 3, "makt")
    assert run(["undo", *where, "--yes"]) == 0
    assert "«hage» står: noen har kodet i det siden" in capsys.readouterr().out
    assert len(project.codings("Ida")) == 1


def test_nothing_to_take_back_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", str(tmp_path / "p")]) == 0
    assert run(["undo", "--project", str(tmp_path / "p"), "--yes"]) != 0
    assert "ingen import å ta tilbake" in capsys.readouterr().err


def test_a_file_with_a_fault_takes_in_nothing(project: Project, tmp_path: Path) -> None:
    before = known(project)
    (tmp_path / "a.txt").write_text(TALK, encoding="utf-8")
    (tmp_path / "codings.csv").write_text(
        "transcript,start,end,quote,code,coder\nmøte,0,3,xxx,makt,Ida\n", encoding="utf-8"
    )
    paths = [str(tmp_path / name) for name in ("a.txt", "codings.csv")]
    assert run(["add", *paths, "--project", str(project.folder)]) != 0
    assert known(project) == before
