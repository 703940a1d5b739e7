"""`autokode correct`, as somebody who hears a wrong word uses it."""

from pathlib import Path

import pytest

from autokode.cli import run
from autokode.project import Project
from project_case import small

TALK = "Kari: Hva dyrker dere her?\nOle: Poteter, mest av alt. Og litt kål.\n"  # invented


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = small(tmp_path / "p")
    (tmp_path / "hage.txt").write_text(TALK, encoding="utf-8")
    assert run(["add", str(tmp_path / "hage.txt"), "--project", str(made.folder), "--interviewer", "Kari"]) == 0
    return made


def correct(project: Project, *given: str) -> int:
    return run(["correct", "hage", *given, "--project", str(project.folder), "--coder", project.coders[0].name])


def test_words_speakers_and_turns_are_corrected_and_taken_back(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    before = project.transcript("hage")
    assert correct(project, "2", "--text", "Gulrøtter, mest av alt. Og litt kål.") == 0
    assert "Rettet." in capsys.readouterr().out
    assert project.transcript("hage").text == TALK.replace("Poteter", "Gulrøtter")
    assert correct(project, "2", "--split", "Og litt", "--speaker", "Anne") == 0
    assert [one.speaker for one in project.transcript("hage").utterances] == ["Kari", "Ole", "Anne"]
    assert correct(project, "2", "--join") == 0
    assert correct(project, "2", "--speaker", "Per", "--everywhere") == 0
    assert "Per: Gulrøtter" in project.transcript("hage").text
    for _ in range(4):
        assert run(["undo", "--yes", "--project", str(project.folder)]) == 0
    after = project.transcript("hage")
    assert (after.text, after.utterances) == (before.text, before.utterances)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (["2"], "si én ting"),
        (["2", "--text", "Noe.", "--join"], "si én ting"),
        (["2", "--join", "--everywhere"], "si én ting"),
        (["2", "--split", "kålrot"], "står 0 ganger"),
        (["9", "--text", "Noe."], "1 til 2, ikke 9"),
        (["2", "--join"], "siste ytringen"),
    ],
)
def test_what_is_refused_says_why(
    project: Project, capsys: pytest.CaptureFixture[str], given: list[str], reason: str
) -> None:
    assert correct(project, *given) != 0
    assert reason in capsys.readouterr().err
    assert project.transcript("hage").text == TALK
