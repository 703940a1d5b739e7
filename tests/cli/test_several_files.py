"""Several files with one set of options, and the options that change nothing."""

from pathlib import Path

import docx
import pytest

from autokode.cli import run
from autokode.corpus.coding import Coding, Segment, write_codings
from autokode.project import Project, Reviewer
from autokode.project.store.integrity import check
from conftest import ROOT

MODEL = "nav-nb"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three interviews of which Kari did two, and a project for them."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text("Kari: Hva gjør dere ute?\nMona: Vi klatrer.\n" * 4, encoding="utf-8")
    (tmp_path / "c.txt").write_text("Per: Jeg går på tur.\nLiv: Hva ser du da?\n" * 4, encoding="utf-8")
    document = docx.Document()
    for i in range(8):
        document.add_paragraph(f"Kari: Spørsmål nummer {i}?" if i % 2 == 0 else "Tor: Vi møtes i garderoben.")
    document.save(str(tmp_path / "b med blank.docx"))
    assert run(["init", "p"]) == 0
    return tmp_path


FILES = ["a.txt", "b med blank.docx", "c.txt"]


def roles(project: Project) -> dict[str, tuple[str, ...]]:
    return {source.name: project.transcript(source.name).interviewers for source in project.sources}


def said(capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    captured = capsys.readouterr()
    return captured.out, captured.err


def test_an_interviewer_of_some_of_the_files_is_enough(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys)
    assert run(["add", *FILES, "--interviewer", "kari", "--project", "p"]) == 0
    out, _err = said(capsys)
    assert roles(Project.open("p")) == {"a": ("Kari",), "b med blank": ("Kari",), "c": ("Liv",)}
    first, last = out.split("c: 8 ytringer")
    assert "--interviewer endret ingenting: «kari» er ikke her" in last
    assert "endret ingenting" not in first


def test_each_file_takes_the_interviewers_it_has(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    who = ["--interviewer", "Kari", "--interviewer", "Per"]
    assert run(["add", *FILES, *who, "--project", "p"]) == 0
    assert roles(Project.open("p")) == {"a": ("Kari",), "b med blank": ("Kari",), "c": ("Per",)}


def test_an_interviewer_of_none_of_the_files_adds_none_of_them(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said(capsys)
    assert run(["add", *FILES, "--interviewer", "Kari", "--interviewer", "Karin", "--project", "p"]) == 2
    _out, err = said(capsys)
    for name, found in (("a.txt", "Kari, Mona"), ("b med blank.docx", "Kari, Tor"), ("c.txt", "Per, Liv")):
        assert f"{name}: ingen heter «Karin»; fant {found}" in err
    assert Project.open("p").sources == []


def test_every_unreadable_file_is_named_and_nothing_is_half_added(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "tom.txt").write_text("", encoding="utf-8")
    said(capsys)
    assert run(["add", "a.txt", "tom.txt", "finnes-ikke.txt", "--project", "p"]) == 2
    _out, err = said(capsys)
    assert "tom.txt: filen er tom" in err
    assert "finnes-ikke.txt: filen finnes ikke" in err
    assert Project.open("p").sources == []


@pytest.mark.parametrize("command", [["transcript"], ["suggest", "--model", MODEL]], ids=["transcript", "suggest"])
def test_other_commands_take_several_files_the_same_way(
    folder: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    assert run([command[0], *FILES, *command[1:], "--interviewer", "Kari"]) == 0
    assert run([command[0], *FILES, *command[1:], "--interviewer", "Karin"]) == 2


def test_a_speaker_of_some_of_the_files_is_enough(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys)
    given = ["--speaker", "Kari", "--speaker", "Mona", "--speaker", "Tor"]
    assert run(["transcript", *FILES, *given]) == 0
    out, _err = said(capsys)
    assert "--speaker endret ingenting: «Kari», «Mona», «Tor» er ikke her" in out.split("c: ")[1]
    assert out.count("4 ytringer  Kari") == 2
    assert run(["transcript", *FILES, "--speaker", "Ola"]) == 2


def test_an_import_takes_an_interviewer_of_some_of_its_texts(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["add", *FILES, "--project", "p"]) == 0
    assert run(["export", "--project", "p", "--qdpx", "alt.qdpx"]) == 0
    said(capsys)
    assert run(["import", "alt.qdpx", "--project", "ny", "--interviewer", "Tor"]) == 0
    out, _err = said(capsys)
    assert roles(Project.open("ny"))["b med blank"] == ("Tor",)
    assert "a: --interviewer endret ingenting: «Tor» er ikke her" in out


def test_a_second_add_corrects_who_interviews(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["add", "c.txt", "--project", "p"]) == 0
    project = Project.open("p")
    Reviewer(project, project.coder("Siv").id).read(1, 0)
    assert roles(project) == {"c": ("Liv",)}
    said(capsys)
    assert run(["add", "c.txt", "--interviewer", "Per", "--office", "Nord", "--project", "p"]) == 0
    out, err = said(capsys)
    assert "c: er i prosjektet alt: rettet\n  gruppe: c → Nord\n  intervjuer: Per\n" in out
    assert err == ""
    assert roles(project) == {"c": ("Per",)}
    assert project.transcript("c").answers == (1, 3, 5, 7)
    assert [one.question for one in project.transcript("c").utterances][:3] == [None, 0, None]
    assert project.source("c").office == "Nord"
    assert run(["add", "c.txt", "--interviewer", "Per", "--project", "p"]) == 0
    assert "c: er i prosjektet alt, som det er lest nå" in said(capsys)[0]
    assert run(["add", "c.txt", "--project", "p"]) == 0  # nothing is stated: what was corrected stays
    assert roles(project) == {"c": ("Per",)}
    assert check(project.folder) == []


def test_a_second_add_splits_anew_until_somebody_has_decided(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["add", "a.txt", "--labels", "none", "--project", "p"]) == 0
    project = Project.open("p")
    assert {one.speaker for one in project.transcript("a").utterances} == {""}
    said(capsys)
    assert run(["add", "a.txt", "--labels", "colon", "--interviewer", "Kari", "--project", "p"]) == 0
    assert "a: er i prosjektet alt: rettet" in said(capsys)[0]
    assert [one.speaker for one in project.transcript("a").utterances][:2] == ["Kari", "Mona"]
    assert check(project.folder) == []
    Reviewer(project, project.coder("Siv").id).read(1, 1)
    before = project.transcript("a")
    assert run(["add", "a.txt", "--labels", "none", "--project", "p"]) == 2
    assert "kan ikke deles på en annen måte" in said(capsys)[1]
    assert project.transcript("a") == before


def test_a_second_add_splits_nothing_that_an_import_was_about(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", "q", "--codebook", str(ROOT / "training_data" / "codebook.yaml")]) == 0
    assert run(["add", "a.txt", "c.txt", "--project", "q"]) == 0
    project = Project.open("q")
    text = project.transcript("c").text
    write_codings(folder / "codings.csv", [Coding(Segment("c", 5, 20, text[5:20]), "makt", "Siv", "")])
    assert run(["add", "codings.csv", "--project", "q"]) == 0
    assert run(["add", "c.txt", "--labels", "none", "--project", "q"]) == 2
    assert run(["add", "a.txt", "--labels", "none", "--project", "q"]) == 0


def test_marking_as_pseudonymised_later_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["add", "a.txt", "--project", "p"])
    said(capsys)
    assert run(["add", "a.txt", "--pseudonymised", "--project", "p"]) == 0
    assert "a: er i prosjektet alt: rettet\n  navnene er nå merket som oppdiktet\n" in said(capsys)[0]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("add|b med blank.docx|--encoding|utf-8", "--encoding endret ingenting: en .docx-fil sier selv"),
        ("transcript|b med blank.docx|--encoding|utf-8", "--encoding endret ingenting: en .docx-fil sier selv"),
        ("add|a.txt|--partly", "--partly endret ingenting: ingen kodinger her"),
        ("add|a.txt|--coder|Siv", "--coder endret ingenting: ingen kodinger her"),
        ("add|codings.csv|--interviewer|Kari", "--interviewer endret ingenting: ingen intervjuer her"),
        ("add|codings.csv|--office|Nord", "--office endret ingenting: ingen intervjuer her"),
        ("add|{data}|--labels|colon", "--labels endret ingenting: en studie sier det i study.yaml"),
        ("import|codings.csv|--pseudonymised", "--pseudonymised endret ingenting: en tabell har bare kodinger"),
        ("import|kodebok.qdc|--interviewer|Kari", "--interviewer endret ingenting: det er ingen tekster"),
        ("export|--qdc|ny.qdc|--suggestions", "--suggestions endret ingenting: en .qdc-fil har bare kodeboken"),
        ("transcript|a.txt|--sentences|--json", "--sentences endret ingenting: --json skriver"),
        ("codebook|--texts|--json", "--texts endret ingenting: --json har tekstene"),
        ("methods|--manifest|m.json|--held-out", "--held-out endret ingenting: det gjelder metodekapittelet"),
        ("score|a.txt|--out|ut.csv|--all|--top|2", "--top endret ingenting: --all gir"),
        ("score|a.txt|--out|ut.csv|--all|--threshold|0.5", "--threshold endret ingenting: --all gir"),
    ],
)
def test_an_option_that_changed_nothing_is_said(
    folder: Path, capsys: pytest.CaptureFixture[str], words: str, told: str
) -> None:
    data = ROOT / "training_data"
    project = Project.open("p")
    project.replace_codebook(project.codebook.from_yaml((data / "codebook.yaml").read_text(encoding="utf-8")))
    run(["add", "c.txt", "--project", "p"])
    run(["export", "--project", "p", "--qdc", "kodebok.qdc"])
    text = project.transcript("c").text
    write_codings(folder / "codings.csv", [Coding(Segment("c", 5, 20, text[5:20]), "makt", "Siv", "")])
    given = [word.replace("{data}", str(data)) for word in words.split("|")]
    where = [] if given[0] in ("transcript", "codebook", "score") else ["--project", "p"]
    said(capsys)
    assert run([*given, *where]) == 0
    out, err = said(capsys)
    assert told in out + err
    if "--json" in given:
        assert told in err  # what another program reads stays JSON


@pytest.mark.parametrize("command", ["transcript a.txt", "add a.txt --project p", "score a.txt --out ut.csv"])
@pytest.mark.parametrize("name", ["klingon", "hex", "utf8\x00", "rot13"])
def test_an_unknown_encoding_is_named_with_the_right_ones(
    folder: Path, capsys: pytest.CaptureFixture[str], command: str, name: str
) -> None:
    said(capsys)
    assert run([*command.split(), "--encoding", name]) == 2
    _out, err = said(capsys)
    assert f"--encoding passer ikke: «{name}»; ventet utf-8, utf-16, windows-1252" in err
    assert "mac-roman" in err


@pytest.mark.parametrize("name", ["utf-8", "UTF8", "cp1252", "mac-roman", "utf-16", ""])
def test_a_known_encoding_is_taken(folder: Path, name: str) -> None:
    content = "Kari: Hva gjør du på sjøen?\nOla: Å, jeg fisker.\n" * 3
    (folder / "sjø.txt").write_bytes(content.encode(name or "utf-8"))
    assert run(["add", "sjø.txt", "--encoding", name, "--project", "p"]) == 0
    assert "på sjøen" in Project.open("p").transcript("sjø").text


def test_an_unknown_encoding_in_a_studys_description_names_its_file(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "studie").mkdir()
    (folder / "studie" / "codebook.yaml").write_text("koder:\n  - navn: tur\n", encoding="utf-8")
    (folder / "studie" / "a.txt").write_bytes((folder / "a.txt").read_bytes())
    (folder / "studie" / "study.yaml").write_text(
        "transkripter:\n  - fil: a.txt\n    tegnkoding: klingon\n", encoding="utf-8"
    )
    said(capsys)
    assert run(["add", "studie", "--project", "p"]) == 2
    assert "a.txt: ukjent tegnkoding «klingon»; ventet utf-8" in said(capsys)[1].replace("studie/", "")


def test_a_pattern_stands_for_the_files_that_fit(folder: Path) -> None:
    assert run(["add", "*.txt", "--project", "p"]) == 0
    assert [source.name for source in Project.open("p").sources] == ["a", "c"]
    assert run(["add", "*.rtf", "--project", "p"]) == 2


def test_a_name_with_blanks_is_recognised(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys)
    assert run(["transcript", "b", "med", "blank.docx"]) == 2
    assert 'navn med blanke skrives i anførselstegn\nPrøv: "b med blank.docx"' in said(capsys)[1]
    assert run(["init", "mitt", "prosjekt"]) == 2
    assert "«prosjekt» er for mye her; navn med blanke skrives i anførselstegn" in said(capsys)[1]


@pytest.mark.parametrize("name", ["a.txt", "ny.docx"])
def test_a_project_is_no_interview(folder: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    said(capsys)
    assert run(["init", name]) == 2
    assert f"{name}: heter som et intervju; et prosjekt er en mappe" in said(capsys)[1]
    assert not (folder / "ny.docx").exists()


def test_a_project_is_no_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "notat").write_text("hei", encoding="utf-8")
    said(capsys)
    assert run(["init", "notat"]) == 2
    assert "notat: er en fil; ventet en mappe" in said(capsys)[1]


@pytest.mark.parametrize(
    ("place", "hint"),
    [
        ("min", '--project "min studie", eller autokode init min'),
        (".", '--project "min studie", eller autokode init .'),
        ("min studie/tekster", '/min studie", eller autokode init "min studie/tekster"'),
    ],
)
def test_a_project_beside_or_above_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], place: str, hint: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["init", "min studie"]) == 0
    said(capsys)
    assert run(["status", "--project", place]) == 2
    assert hint in said(capsys)[1]
