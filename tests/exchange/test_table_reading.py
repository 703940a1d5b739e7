"""Codings from a table: who counts as having read the interview, and what stands outside its utterances, is said."""

from pathlib import Path

import pytest

from autokode.cli import run
from autokode.corpus.codebook import Codebook
from autokode.corpus.readers import Source
from autokode.corpus.transcript import from_source
from autokode.exchange.package_export import package_of
from autokode.exchange.refi.writing import write_qdpx
from autokode.exchange.table_export import write_tables
from autokode.exchange.table_import import import_table
from autokode.project import Project
from autokode.project.store.foreign_data import read_marks
from autokode.project.store.reviewing import Reviewer
from review_case import suggest_by_hand

LINES = "Lukket sikt, tåke.\n\nI: Hva så dere?\nUnn: Ingenting.\nI: Ikke noe?\nUnn: Bare tåke.\n"


def coded_table(folder: Path, *rows: tuple[str, str, str]) -> Path:
    """A CSV file of codings: (quote, code, coder)."""
    lines = ["transcript,start,end,quote,code,coder"]
    for quote, code, coder in rows:
        start = LINES.index(quote)
        lines.append(f"havet,{start},{start + len(quote)},{quote},{code},{coder}")
    (folder / "k.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder / "k.csv"


@pytest.fixture
def sea(tmp_path: Path) -> Project:
    project = Project.create(tmp_path / "p", Codebook.from_yaml("koder:\n  - navn: sikt\n  - navn: savn\n"))
    project.add(from_source(Source(LINES), "havet", interviewers=["I"]))
    return project


def test_who_is_new_to_an_interview_counts_as_having_read_it_unless_partly(
    sea: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table, folder = coded_table(tmp_path, ("Ingenting.", "sikt", "Kari")), str(sea.folder)
    assert run(["import", str(table), "--project", folder, "--partly"]) == 0
    assert "regnes som delvis lest: svar uten kode er ikke lest ennå (Kari: havet)" in capsys.readouterr().out
    assert read_marks(sea) == {}
    table = coded_table(tmp_path, ("Ingenting.", "sikt", "Ola"), ("Bare tåke.", "sikt", "Kari"))
    assert run(["import", str(table), "--project", folder]) == 0
    assert (
        "regnes som lest til ende, så svar uten kode er uten med vilje; "
        "si fra om det bare er delvis kodet, på siden eller med --partly (Ola: havet)" in capsys.readouterr().out
    )
    assert read_marks(sea) == {("Ola", 1): (1, 3)}  # Kari had codings here before: what she has read is as it was
    assert run(["import", str(table), "--project", folder]) == 0
    assert "regnes som" not in capsys.readouterr().out
    assert run(["agreement", "--project", folder]) == 2
    assert run(["add", str(table), "--project", folder]) == 0  # codings.csv in whole: both have read it
    assert read_marks(sea) == {("Kari", 1): (1, 3), ("Ola", 1): (1, 3)}
    assert run(["agreement", "--project", folder]) == 0


def test_codings_beside_suggestions_mark_nothing_as_read(sea: Project, tmp_path: Path) -> None:
    suggest_by_hand(sea, "havet")
    Reviewer(sea, sea.coder("Anne").id).code(1, 0, 5, "sikt")
    out = write_tables(sea, tmp_path / "ut.xlsx", suggestions=True)[0]
    assert import_table(sea, out, complete=True).left == 4 and read_marks(sea) == {}


def test_codings_outside_the_utterances_are_said(
    sea: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = coded_table(tmp_path, ("tåke", "sikt", "Kari"), ("Ingenting.", "sikt", "Kari"))
    said = "1 koding står utenfor ytringene (før første taler, i en overskrift eller annet som ingen sier)"
    for command in ("import", "add"):
        assert run([command, str(table), "--project", str(sea.folder)]) == 0
        assert said in capsys.readouterr().out
    write_qdpx(tmp_path / "ut.qdpx", package_of(sea))
    assert run(["import", str(tmp_path / "ut.qdpx"), "--project", str(tmp_path / "q")]) == 0
    assert said in capsys.readouterr().out
