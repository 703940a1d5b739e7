"""Memos are their coders' own: an export and a report hold only those of the coders that somebody asked for."""

import zipfile
from pathlib import Path

import pytest

from autokode.cli import run
from autokode.exchange.package_export import package_of
from autokode.exchange.package_files import read_package
from autokode.exchange.package_import import import_package
from autokode.project import Project, Reviewer
from autokode.project.store.decision_rows import memos
from autokode.project.store.foreign_data import made
from project_case import small

ABOUT = ("project", "code/makt", "transcript/1", "turn/1/1")
SECRET = {"Anne": "annes egen tanke", "Kari": "karis tvil om Per Olsen"}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    own = small(tmp_path / "p")
    for name, text in SECRET.items():
        reviewer = Reviewer(own, own.coder(name).id)
        reviewer.code(1, 0, 6, "makt")
        coding = max(row.id for row in made(own) if row.coder == name)
        for about in (*ABOUT, f"coding/{coding}"):
            reviewer.memo(about, f"{text} ({about})")
    return own


def written(project: Project, out: Path, *options: str) -> str:
    """All that an exported project file says."""
    assert run(["export", "--project", str(project.folder), "--qdpx", str(out), *options]) == 0
    with zipfile.ZipFile(out) as archive:
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ((), set()),
        (("--memos", "Anne"), {"Anne"}),
        (("--memos", "Anne", "--memos", "Kari"), {"Anne", "Kari"}),
        (("--memos", "alle"), {"Anne", "Kari"}),
    ],
)
def test_an_export_holds_the_memos_that_were_asked_for(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], wanted: set[str]
) -> None:
    said = written(project, tmp_path / "ut.qdpx", *options)
    assert {name for name, text in SECRET.items() if text in said} == wanted
    for name in wanted:
        assert said.count(SECRET[name]) == 5
    left = 10 - 5 * len(wanted)
    assert (f"uten {left} notater" in capsys.readouterr().err) == (left > 0)


def test_no_other_file_holds_a_memo(project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {f"--{kind}": tmp_path / f"ut.{kind}" for kind in ("qdc", "xlsx", "csv", "parquet")}
    given = [word for option, path in files.items() for word in (option, str(path))]
    assert run(["export", "--project", str(project.folder), "--memos", "alle", *given]) == 0
    assert "--memos endret ingenting" in capsys.readouterr().err
    with zipfile.ZipFile(files["--xlsx"]) as archive:
        held = b"".join(archive.read(name) for name in archive.namelist())
    held += b"".join(path.read_bytes() for path in files.values())
    assert not [text for text in SECRET.values() if text.encode() in held]


def test_a_coder_nobody_knows_is_asked_about(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    for command in (["export", "--qdpx", "ut.qdpx"], ["report", "--as-is"]):
        assert run([*command, "--project", str(project.folder), "--memos", "Ane"]) == 2
        said = capsys.readouterr().err
        assert "ingen koder heter «Ane»; fant Anne, Kari. Mente du «Anne»?" in said
        assert 'Prøv: --memos "Anne"' in said


def test_an_imported_memo_goes_out_only_with_its_coders(project: Project, tmp_path: Path) -> None:
    """An imported file is given back as it came, but a note of it that became a coder's memo is that coder's."""
    written(project, tmp_path / "ut.qdpx", "--memos", "alle")
    other = Project.create(tmp_path / "annet", project.codebook)
    import_package(other, read_package(tmp_path / "ut.qdpx"))
    assert {memo.coder for memo in memos(other)} == set(SECRET)
    without = written(other, tmp_path / "uten.qdpx")
    assert not [text for text in SECRET.values() if text in without]
    with_anne = written(other, tmp_path / "anne.qdpx", "--memos", "Anne")
    assert (SECRET["Anne"] in with_anne, SECRET["Kari"] in with_anne) == (True, False)
    both = written(other, tmp_path / "alle.qdpx", "--memos", "alle")
    assert {name: both.count(text) for name, text in SECRET.items()} == {"Anne": 5, "Kari": 5}
    anne = Reviewer(other, other.coder("Anne").id)
    for memo in memos(other):
        if memo.coder == "Anne":
            anne.memo(memo.about, "")
    assert SECRET["Anne"] not in written(
        other, tmp_path / "slettet.qdpx", "--memos", "alle"
    )  # a removed one stays away


def test_a_report_holds_the_memos_that_were_asked_for(project: Project, tmp_path: Path) -> None:
    for options, wanted in (((), set()), (("--memos", "Kari"), {"Kari"}), (("--memos", "all"), {"Anne", "Kari"})):
        html, word = tmp_path / "r.html", tmp_path / "r.docx"
        given = ["--project", str(project.folder), "--as-is", "--out", str(html), "--out", str(word), *options]
        assert run(["report", *given]) == 0
        with zipfile.ZipFile(word) as archive:
            said = (html.read_text(encoding="utf-8"), archive.read("word/document.xml").decode("utf-8"))
        for text in said:
            assert {name for name, secret in SECRET.items() if f"{secret} (code/makt)" in text} == wanted


def test_in_python_too_nothing_goes_out_unasked(project: Project) -> None:
    assert not [note for note in package_of(project).notes if "tanke" in note.text or "tvil" in note.text]
    assert len([note for note in package_of(project, memos=["Kari"]).notes if "tvil" in note.text]) == 5
