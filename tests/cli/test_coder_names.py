"""Nobody becomes a coder by being opened, asked about or mistyped; `autokode coders` says who codes and mends names."""

from pathlib import Path

import pytest

from autokode.cli import run
from autokode.corpus.coding import Coding, Segment, write_codings
from autokode.project import Project, Reviewer
from project_case import small


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = small(tmp_path / "p")
    Reviewer(made, made.coder("Anne").id).read(1, 0)
    return made


def said(capsys: pytest.CaptureFixture[str]) -> str:
    captured = capsys.readouterr()
    return captured.out + captured.err


def codings_of(project: Project, path: Path, coder: str = "") -> Path:
    text = project.transcript("møte").text
    write_codings(path, [Coding(Segment("møte", 0, 8, text[:8]), "makt", coder, "")])
    return path


@pytest.mark.parametrize("slip", ["anne", "Ane", "Annne", "Anen", "ANNE", " Anne  Berg"])
@pytest.mark.parametrize(
    "words",
    [
        ["review", "--no-browser"],
        ["learn"],
        ["learn", "--model", "nav-nb"],
        ["status"],
        ["report", "--as-is"],
        ["add", "{codings}"],
        ["import", "{codings}"],
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_a_slip_is_asked_about(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], slip: str
) -> None:
    table = codings_of(project, tmp_path / "codings.csv")
    given = [word.replace("{codings}", str(table)) for word in words]
    assert run([*given, "--coder", slip, "--project", str(project.folder)]) == 2
    shown = said(capsys)
    assert "ente du «Anne»?" in shown
    assert '--coder "Anne"' in shown
    assert [coder.name for coder in project.coders] == ["Anne"]
    if words[0] in ("review", "add", "import"):
        assert f"er «{slip.strip()}» en ny koder: autokode coders --add" in shown


@pytest.mark.parametrize("words", [["agreement", "Anne", "Ane"], ["agreement", "Anne", "ane@2026-03-01"]])
def test_agreement_asks_about_a_slip(project: Project, capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    assert run([*words, "--project", str(project.folder)]) == 2
    assert "Mente du «Anne»?" in said(capsys)
    assert [coder.name for coder in project.coders] == ["Anne"]


@pytest.mark.parametrize("command", ["add", "import"])
@pytest.mark.parametrize("written", ["anne", "ANNE", " Anne ", "Anne\u00a0"])
def test_a_name_in_a_table_that_differs_in_case_or_blanks_is_the_known_one(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str, written: str
) -> None:
    table = codings_of(project, tmp_path / "codings.csv", written)
    assert run([command, str(table), "--project", str(project.folder)]) == 0
    assert [coder.name for coder in project.coders] == ["Anne"] and len(project.codings("Anne")) == 1
    assert f"«{written}» er tatt som «Anne»" in said(capsys)


def test_letters_encoded_in_another_way_are_the_same_name(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    place = ["--project", str(project.folder)]
    assert run(["coders", "--add", "Bjørg Å", *place]) == 0
    apart = "Bjørg A\u030a "
    assert run(["status", "--coder", apart, *place]) == 0
    for words in (["agreement", "Anne", apart], ["report", "--as-is", "--coder", apart], ["learn", "--coder", apart]):
        run([*words, *place])  # too little to work with, but nobody is unknown
        assert "ingen koder heter" not in (told := said(capsys)) and "har kodet her" not in told
    assert project.coder(apart).name == "Bjørg Å" and project.known_coder(apart).name == "Bjørg Å"
    text = project.transcript("møte").text
    project.add_codings([Coding(Segment("møte", 0, 8, text[:8]), "makt", apart)])
    assert [coder.name for coder in project.coders] == ["Anne", "Bjørg Å"] and len(project.codings("Bjørg Å")) == 1


def test_the_library_asks_too(project: Project) -> None:
    with pytest.raises(ValueError, match="mente du «Anne»"):
        project.coder("anne")
    assert [coder.name for coder in project.coders] == ["Anne"]
    assert project.coder("anne", new=True).name == "anne" and project.coder("anne").name == "anne"


def test_a_new_one_of_a_like_name_is_said_to_be_new(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["coders", "--add", "Ane", "--blind", "--project", str(project.folder)]) == 0
    assert "Ane (koder blindt): 0 kodinger, 0 av 4 svar lest" in said(capsys)
    table = codings_of(project, tmp_path / "codings.csv")
    assert run(["add", str(table), "--coder", "Ane", "--project", str(project.folder)]) == 0
    assert [coding.coder for coding in project.codings()] == ["Ane"]


def test_codings_make_a_coder_only_where_they_are_stored(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "codings.csv"
    write_codings(table, [Coding(Segment("møte", 0, 8, "feil tekst"), "makt", "Ola", "")])
    assert run(["add", str(table), "--coder", "Kari", "--project", str(project.folder)]) == 2
    assert [coder.name for coder in project.coders] == ["Anne"]
    assert run(["add", str(codings_of(project, table, "Ola")), "--project", str(project.folder)]) == 0
    assert [coder.name for coder in project.coders] == ["Anne", "Ola"]


def test_reading_the_log_of_somebody_makes_nobody(project: Project) -> None:
    assert project.decisions("Ola") == []
    assert project.codings("Ola") == ()
    assert project.known_coder("Ola").id == 0
    assert [coder.name for coder in project.coders] == ["Anne"]


def test_a_given_model_suggests_to_nobody_in_particular_only_when_told_to_whom(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "p"
    run(["init", str(folder), "--codebook", "training_data/codebook.yaml"])
    run(["add", "training_data/kontor_c.vtt", "--project", str(folder)])
    said(capsys)
    assert run(["learn", "--model", "nav-nb", "--project", str(folder)]) == 2
    assert 'autokode learn --model nav-nb --coder "NAVN"' in said(capsys)
    assert Project.open(folder).coders == []


def test_coders_are_listed_renamed_and_removed(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--project", str(project.folder)]
    assert run(["coders", "--rename", "Anne", "Anne Berg", *where]) == 0
    assert said(capsys) == "Anne Berg: 0 kodinger, 1 av 4 svar lest\n"
    assert [coder.name for coder in project.coders] == ["Anne Berg"]
    project.coder("slipp")
    assert run(["coders", "--rename", "slipp", "Anne Berg", *where]) == 2
    assert "kan ikke slås sammen" in said(capsys)
    assert run(["coders", "--remove", "Anne Berg", *where]) == 2
    assert "kan ikke fjernes" in said(capsys)
    assert run(["coders", "--remove", "slip", *where]) == 2
    assert "Mente du «slipp»?" in said(capsys)
    assert run(["coders", "--remove", "slipp", *where]) == 0
    assert [coder.name for coder in project.coders] == ["Anne Berg"]
    assert run(["coders", "--blind", *where]) == 2
    assert "--add" in said(capsys)


def test_a_project_without_coders_says_how_one_comes_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["init", str(tmp_path / "p")])
    said(capsys)
    assert run(["coders", "--project", str(tmp_path / "p")]) == 0
    assert said(capsys) == f'Ingen har kodet ennå.\nNeste: autokode review --coder "NAVN" --project {tmp_path / "p"}\n'
