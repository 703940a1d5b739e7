"""Golden files of every file for other programs: the same bytes, apart from times and versions."""

import io
import json
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest

from autokode.cli import run
from autokode.project import Project
from conftest import golden
from report_case import decided, study

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")
HASH = re.compile(r"\b[0-9a-f]{64}\b")
PROBABILITY = re.compile(r"0\.\d{2,}")
MARK = re.compile(r"\b[0-9a-f]{12}-(\d+-\d+-[0-9a-f]{8})\b")
VERSION = re.compile(r'"(python|autokode|numpy|scipy|scikit-learn|spacy)": "[^"]+"')
ADDED = re.compile(r"2026-03-0\d")


def steady(text: str) -> str:
    """The text without times and without floating-point differences between machines."""
    text = MARK.sub(r"…-\1", text)
    text = TIME.sub(lambda m: m[0][:10] if ADDED.match(m[0]) else "…", text)
    return VERSION.sub(r'"\1": "…"', PROBABILITY.sub("0.…", HASH.sub("…", text)))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    found = study(tmp_path_factory.mktemp("ut") / "prosjekt")
    decided(found)
    return found


def exported(project: Project, tmp_path: Path, kind: str, *more: str) -> Path:
    out = tmp_path / f"ut.{kind}"
    assert run(["export", "--project", str(project.folder), f"--{kind}", str(out), *more]) == 0
    assert out.stat().st_mode & 0o77 == 0
    return out


def test_a_project_for_other_programs(tmp_path: Path) -> None:
    project = study(tmp_path / "prosjekt")
    out = exported(project, tmp_path, "qdpx")
    with zipfile.ZipFile(out) as archive:
        inner = archive.read("project.qde").decode("utf-8")
        names = sorted(archive.namelist())
    golden("export_project.qde", steady(inner))
    assert len(names) == 8 and names[0] == "project.qde" and "sources/autokode.json" in names
    golden("export_codebook.qdc", steady(exported(project, tmp_path, "qdc").read_text(encoding="utf-8")))


@pytest.mark.parametrize("language", ["nb", "en"])
def test_tables(project: Project, tmp_path: Path, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOKODE_LANG", language)
    out = exported(project, tmp_path, "xlsx", "--suggestions")
    sheets = openpyxl.load_workbook(out)
    rows = [f"{s.title}: " + " | ".join(map(_cell, row)) for s in sheets for row in s.iter_rows(values_only=True)]
    golden(f"export_xlsx_{language}.txt", steady("\n".join(rows) + "\n"))
    if language == "nb":
        written = exported(project, tmp_path, "csv", "--suggestions")
        golden("export_codings.csv", steady(written.read_text(encoding="utf-8")))
        golden("export_suggestions.csv", steady((tmp_path / "ut-forslag.csv").read_text(encoding="utf-8")))


def _cell(value: object) -> str:
    """Replace the date of this run by «…»."""
    if isinstance(value, float):
        return "0.…"
    text = str(value)
    return "…" if re.match(r"\d{4}-\d\d-\d\d \d\d:", text) and not ADDED.match(text) else text


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_output_of_agreement(
    project: Project, tmp_path: Path, language: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTOKODE_LANG", language)
    assert run(["agreement", "Kari", "Per", "--project", str(project.folder)]) == 0
    golden(f"agreement_{language}.txt", "\n".join(map(str.rstrip, capsys.readouterr().out.split("\n"))))
    out = tmp_path / "enighet.xlsx"
    assert run(["agreement", "Kari", "Per", "--project", str(project.folder), "--out", str(out)]) == 0
    sheets = openpyxl.load_workbook(io.BytesIO(out.read_bytes()))
    rows = [f"{s.title}: " + " | ".join(map(str, row)) for s in sheets for row in s.iter_rows(values_only=True)]
    golden(f"agreement_xlsx_{language}.txt", "\n".join(rows) + "\n")


def test_a_manifest(project: Project, tmp_path: Path) -> None:
    out = tmp_path / "manifest.json"
    assert run(["methods", "--project", str(project.folder), "--manifest", str(out)]) == 0
    golden("manifest.json", steady(out.read_text(encoding="utf-8")))
    assert set(json.loads(out.read_text(encoding="utf-8"))) == {
        "format",
        "versions",
        "codebook_sha256",
        "transcripts",
        "codings_sha256",
        "rounds",
    }


def test_the_output_of_import(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = study(tmp_path / "prosjekt")
    out = exported(project, tmp_path, "qdpx")
    capsys.readouterr()
    assert run(["import", str(out), "--project", str(tmp_path / "kopi")]) == 0
    golden("import.txt", capsys.readouterr().out.replace(str(tmp_path), "…"))
