"""`autokode variables`: a form, taken in after a look; the order, tables and the matrix."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from autokode.cli import run
from autokode.project import Project
from autokode.project.store.variables import values_of
from review_case import made_project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return made_project(tmp_path / "p")


def test_from_the_form_to_the_table(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    at = ["--project", str(project.folder)]
    assert run(["variables", *at]) == 0
    assert "Ingen variabler ennå" in capsys.readouterr().out
    form = tmp_path / "skjema.csv"
    assert run(["variables", *at, "--form", str(form)]) == 0
    head, *rows = form.read_text(encoding="utf-8").splitlines()
    assert head == "intervju,taler" and len(rows) == 13
    filled = [
        f'{head},"Alder"',
        *(f'{row},"{("50+", "30–49")[i % 2]}"' for i, row in enumerate(rows)),
        '"borte","","1"',
    ]
    form.write_text("\n".join(filled), encoding="utf-8")
    monkeypatch.setattr("click.prompt", lambda *_args, **_options: "n")
    assert run(["variables", *at, "--set", str(form)]) == 0
    heard = capsys.readouterr()
    assert (
        "Nye variabler: «Alder»" in heard.out
        and "Ingenting er lagret" in heard.out
        and "ingen intervju heter «borte»" in heard.err
    )
    assert values_of(project).variables == ()
    assert run(["variables", *at, "--set", str(form), "--yes"]) == 0
    assert run(["variables", *at, "--set", str(form), "--yes"]) == 0
    assert "Ingenting å endre" in capsys.readouterr().out
    assert run(["variables", *at, "--order", "alder: 50+; 30–49"]) == 0
    assert run(["variables", *at]) == 0
    assert "Alder: 50+ (7), 30–49 (6)" in capsys.readouterr().out
    assert run(["variables", *at, "--table", "alder"]) == 0
    assert "n = " in capsys.readouterr().out
    assert (
        run(
            [
                "variables",
                *at,
                "--table",
                "gruppe",
                "--out",
                str(tmp_path / "t.xlsx"),
                "--matrix",
                str(tmp_path / "m.parquet"),
            ]
        )
        == 0
    )
    assert load_workbook(tmp_path / "t.xlsx").active["B1"].value == "verdi"
    assert {path.name for path in tmp_path.glob("m*")} == {"m-svar.parquet", "m-kolonner.parquet"}
    assert run(["variables", *at, "--remove", "Alder", "--yes"]) == 0
    assert values_of(project).variables == ()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--table", "Alder"], "prosjektet har ingen variabel «Alder»; fant «Gruppe»"),
        (["--remove", "gruppe"], "endres på siden om hvert intervju"),
        (["--order", "Alder 1;2"], "ventet en variabel og verdiene"),
        (["--form", "x.docx"], "ukjent filtype"),
        (["--set", "borte.csv"], "borte.csv"),
    ],
)
def test_what_cannot_be_done_is_said(
    project: Project, given: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["variables", "--project", str(project.folder), *given]) != 0
    assert said in capsys.readouterr().err
