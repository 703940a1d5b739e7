"""What is written for others does not carry the names of interviews' files, which may be people's."""

import zipfile
from pathlib import Path

import pytest

from autokode.cli import run
from autokode.corpus.codebook import Code, Codebook
from autokode.corpus.coding import Coding, Segment
from autokode.corpus.readers import Source
from autokode.corpus.transcript import from_source
from autokode.project import Project, Reviewer
from autokode.project.store.removal import remove_interviews
from autokode.report.interview_names import may_give_away, names_in_report

BOOK = Codebook("Natt", (Code("ro", definition="Å ha det stille."), Code("vakt", definition="Å våke.")))
TELLING = ("Kari Nordmann", "intervju_xiulan_2", "98765432", "010170 12345", "KN-opptak", "Sannidal skole", "ola.docx")
PLAIN = ("intervju_3", "kontor_a", "2026-03-01 fokusgruppe 2", "Informant 4", "pilot", "deltaker_B", "20260301_samtale")


def project_of(folder: Path, names: tuple[str, ...], *, office: str = "", pseudonymised: bool = True) -> Project:
    """A project of interviews that differ in a word, each coded by Anne."""
    project = Project.create(folder, BOOK)
    codings = []
    for i, name in enumerate(names):
        said = f"Om natten er det stille på vakt nummer {'abcdefghij'[i]}, og vi sitter oppe sammen."
        text = f"Intervjuer: Hvordan er det?\nBerit: {said}\n"
        project.add(from_source(Source(text), name), office=office, pseudonymised=pseudonymised)
        start = text.index(said)
        codings += [Coding(Segment(name, start, start + len(said), said), code, "Anne") for code in ("ro", "vakt")]
    project.add_codings(codings)
    return project


def told(folder: Path) -> str:
    """All that the files in a folder say, with their own names."""
    texts = []
    for path in sorted(folder.iterdir()):
        texts.append(path.name)
        if path.suffix in (".docx", ".xlsx"):
            with zipfile.ZipFile(path) as archive:
                texts += [f"{name} {archive.read(name).decode('utf-8', 'replace')}" for name in archive.namelist()]
        else:
            texts.append(path.read_text(encoding="utf-8"))
    return "\n".join(texts)


def test_no_interview_is_called_as_another_one_begins(tmp_path: Path) -> None:
    project = project_of(tmp_path / "p", ("nordnes", "intervju_1 ferdig", "Ola Nordmann", "intervju 31"))
    shown = names_in_report(project)
    assert shown["nordnes"] == "Intervju uten navn, nr. 1"
    assert shown["Ola Nordmann"] == "Intervju 3"


@pytest.mark.parametrize("office", ["", "Kontor B"])
def test_nothing_for_others_carries_a_telling_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], office: str
) -> None:
    project, out = project_of(tmp_path / "p", (*TELLING, "kontor_a"), office=office), tmp_path / "ut"
    out.mkdir()
    reports = [word for kind in ("html", "docx", "xlsx") for word in ("--out", str(out / f"r.{kind}"))]
    assert run(["report", "--project", str(project.folder), *reports]) == 0
    said = capsys.readouterr().err
    for number, name in enumerate(TELLING, start=1):
        assert f"Intervju {number} er «{name}»" in said
    for kind in ("docx", "md"):
        assert run(["methods", "--project", str(project.folder), "--out", str(out / f"m.{kind}")]) == 0
    assert run(["methods", "--project", str(project.folder), "--manifest", str(out / "m.json")]) == 0
    everything = told(out).casefold()
    for word in (*TELLING, "nordmann", "xiulan", "sannidal", "ola.docx"):
        assert word.casefold() not in everything
    assert "intervju 2" in everything and "kontor_a" in everything


def test_methods_of_interviews_that_are_not_pseudonymised_name_nobody(tmp_path: Path) -> None:
    project, out = project_of(tmp_path / "p", TELLING, pseudonymised=False), tmp_path / "ut"
    out.mkdir()
    assert run(["report", "--project", str(project.folder), "--out", str(out / "r.html")]) == 2
    assert run(["methods", "--project", str(project.folder), "--out", str(out / "m.docx"), "--held-out"]) == 0
    assert run(["methods", "--project", str(project.folder), "--manifest", str(out / "m.json")]) == 0
    everything = told(out)
    for word in (*TELLING, "Nordmann", "Xiulan", "Berit", "Om natten"):
        assert word not in everything


def test_an_interview_is_called_the_same_in_every_report(tmp_path: Path) -> None:
    project = project_of(tmp_path / "p", ("Intervju 2", "Kari Nordmann", "Ola Nordmann", "Berit"))
    called = {
        "Intervju 2": "Intervju 2",
        "Kari Nordmann": "Intervju uten navn, nr. 2",
        "Ola Nordmann": "Intervju 3",
        "Berit": "Berit",
    }
    assert names_in_report(project) == called  # an invented name that speakers have too
    remove_interviews(project, ["Intervju 2"], by="Anne")
    assert names_in_report(project)["Ola Nordmann"] == "Intervju 3"


def test_a_name_is_shown_where_it_gives_nobody_away() -> None:
    assert not [name for name in PLAIN if may_give_away(name)]
    assert not [name for name in TELLING if not may_give_away(name)]


def test_a_memo_with_a_name_is_in_no_report_unread(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project, file = project_of(tmp_path / "p", ("kontor_a",)), tmp_path / "r.html"
    anne = Reviewer(project, project.coder("Anne").id)
    command = ["report", "--project", str(project.folder), "--out", str(file), "--memos", "Anne"]
    anne.memo("code/ro", "Berit sier det tydeligst.")
    assert run(command) == 0 and "Berit sier det tydeligst." in file.read_text(encoding="utf-8")
    file.unlink()
    anne.memo("code/ro", "Jeg ringte Torgeir Knutsen på 98 76 54 32 om dette.")
    assert run(command) == 2 and not file.exists()
    said = capsys.readouterr().err
    assert (
        "Anne: code/ro: kan være personlig: «Torgeir Knutsen»" in said and "98 76 54 32" in said and "--as-is" in said
    )
    assert run([*command, "--as-is"]) == 0 and "Torgeir" in file.read_text(encoding="utf-8")
    assert run(command[:-2]) == 0 and "Torgeir" not in file.read_text(encoding="utf-8")
