"""`autokode survey`: columns are shown and may be named, nothing is stored before a yes, all is taken back. Invented answers."""

from pathlib import Path

import pytest

from autokode.cli import run
from autokode.project import Project
from autokode.project.store.variables import values_of

TEXT = "id;Hva er bra?;Hva er dårlig?;Alder\n" + "".join(
    f"{n};De tar seg tid dag {n};Køen var lang dag {n};{n % 2}\n" for n in range(5)
)


def test_a_survey_is_looked_at_taken_in_and_taken_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, file = tmp_path / "p", tmp_path / "tilbud.csv"
    file.write_text(TEXT, encoding="utf-8")
    assert run(["init", str(folder)]) == 0
    asked = ["survey", str(file), "--project", str(folder), "--coder", "Anne"]
    monkeypatch.setattr("click.prompt", lambda *_args, **_options: "n")
    capsys.readouterr()
    assert run(asked) == 0
    heard = capsys.readouterr().out
    assert (
        "hvem som svarte" in heard
        and "5 respondenter, 10 svar, 1 variabel" in heard
        and "Ingenting er tatt inn" in heard
    )
    assert Project.open(folder).sources == []
    assert run([*asked, "--yes", "--answers", "hva er b", "--leave", "4"]) == 0
    project = Project.open(folder)
    assert [source.name for source in project.sources] == [f"tilbud {n}" for n in range(1, 6)]
    assert project.transcript("tilbud 1").text == "Spørsmål: Hva er bra?\n0: De tar seg tid dag 0\n"
    assert values_of(project).variables == ()
    capsys.readouterr()
    assert run([*asked, "--yes"]) == 0
    assert "5 er i prosjektet alt" in capsys.readouterr().out
    assert run(["undo", "--project", str(folder), "--yes"]) == 0
    assert Project.open(folder).sources == []


def test_a_column_that_is_none_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "tilbud.csv"
    file.write_text(TEXT, encoding="utf-8")
    assert run(["init", str(tmp_path / "p")]) == 0
    for typed, words in (("Hva", "flere kolonner begynner med «Hva»"), ("Bosted", "ingen kolonne heter «Bosted»")):
        assert run(["survey", str(file), "--project", str(tmp_path / "p"), "--coder", "Anne", "--answers", typed]) != 0
        assert words in capsys.readouterr().err
