"""`autokode import` and `autokode export` on the command line."""

import json
from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from autokode.cli import run
from autokode.exchange.package.contents import Package
from autokode.exchange.refi.reading import read_qdc, read_qdpx
from autokode.exchange.refi.writing import write_qdpx
from autokode.project import Project, Reviewer
from autokode.project.store.foreign_data import undecided
from conftest import SHARED, needs_shared
from review_case import OPEN, copied, made_project

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    monkeypatch.chdir(tmp_path)

    def called(*arguments: str) -> tuple[int, str, str]:
        status = run(list(arguments))
        found = capsys.readouterr()
        return status, found.out, found.err

    return called


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_project(tmp_path_factory.mktemp("bytte") / "p").folder


def test_an_exported_project_is_imported_as_it_was(call: Call, made: Path, tmp_path: Path) -> None:
    project = copied(made, tmp_path / "p")
    reviewer = Reviewer(project, project.coder("Anne").id)
    waiting = [one for one in undecided(project) if one.transcript == OPEN]
    reviewer.accept(waiting[0].id)
    reviewer.memo("project", "Husk å spørre igjen.")
    reviewer.memo("code/makt", "Penger er makt.")
    reviewer.memo(f"transcript/{project.source(OPEN).id}", "Kort intervju.")
    reviewer.good(1)
    status, out, err = call(
        "export", "--project", "p", "--qdpx", "ut.qdpx", "--qdc", "ut.qdc", "--suggestions", "--memos", "alle"
    )
    assert (status, out, err) == (0, "ut.qdpx\nut.qdc\n", "")
    first = Path("ut.qdpx").read_bytes()
    call("export", "--project", "p", "--qdpx", "igjen.qdpx", "--suggestions", "--memos", "alle")
    assert Path("igjen.qdpx").read_bytes() == first
    assert Path("ut.qdpx").stat().st_mode & 0o077 == 0
    package = read_qdpx("ut.qdpx")
    model = next(user for user in package.users if user.name.startswith("modell "))
    notes = {note.guid: note for note in package.notes}
    suggested = [g for d in package.documents for p in d.segments for g in p.codings if g.user == model.guid]
    assert len(suggested) == len(waiting) - 1
    assert "Sannsynlighet: 0." in notes[suggested[0].notes[0]].text
    assert any("Godtatt av Anne." in note.text for note in package.notes)
    call("export", "--project", "p", "--qdpx", "uten.qdpx", "--memos", "alle")
    users = [g.user for d in read_qdpx("uten.qdpx").documents for p in d.segments for g in p.codings]
    assert users and model.guid not in users
    status, out, err = call("import", "uten.qdpx", "--project", "kopi")
    assert (status, err) == (0, "")
    assert out.startswith("kopi: nytt prosjekt med ")
    assert "3 nye transkripsjoner" in out
    other = Project.open("kopi")
    assert [(c.segment, c.code, c.coder) for c in other.codings()] == [
        (c.segment, c.code, c.coder) for c in project.codings()
    ]
    assert [(c.name, c.definition, c.number, c.colour) for c in other.codebook] == [
        (c.name, c.definition, c.number, c.colour) for c in project.codebook
    ]
    assert {source.name: source.office for source in other.sources} == {
        source.name: source.office for source in project.sources
    }
    assert other.transcript(OPEN).text == project.transcript(OPEN).text
    status, out, _err = call("import", "uten.qdpx", "--project", "kopi")
    assert "0 nye koder, 0 nye transkripsjoner, 0 nye kodinger, 0 nye notater" in out
    assert {node.name for node in read_qdc("ut.qdc").walk()} == {code.name for code in project.codebook}


def test_codes_are_added_to_an_existing_project_whose_codebook_stays(call: Call, made: Path, tmp_path: Path) -> None:
    copied(made, tmp_path / "p")
    before = Path("p/codebook.yaml").read_bytes()
    Path("ny.qdc").write_text(
        "<CodeBook xmlns='urn:QDA-XML:codebook:1.0'><Codes><Code guid='1' name='MAKT' isCodable='true'>"
        "<Code guid='2' name='avmakt' isCodable='true'/></Code></Codes></CodeBook>",
        encoding="utf-8",
    )
    status, out, _err = call("import", "ny.qdc", "--project", "p")
    assert (status, "1 nye koder" in out) == (0, True)
    book = Project.open("p").codebook
    assert [code.name for code in book["makt"].codes] == ["avmakt"]
    assert Path("p/codebook.yaml.bak").read_bytes() == before


@needs_shared
def test_real_files_of_other_programs(call: Call) -> None:
    status, out, _err = call(
        "import", str(SHARED / "qda" / "qc_demo.qdpx"), "--project", "ledet", "--interviewer", "Moderator"
    )
    assert (status, "«Moderator» er ikke her" in out) == (0, True)  # but in the other of its two interviews
    status, out, _err = call("import", str(SHARED / "qda" / "qc_demo.qdpx"), "--project", "board")
    assert (status, "(qc 1.3.2)" in out, "205 nye kodinger" in out) == (0, True, True)
    status, out, _err = call("import", str(SHARED / "qda" / "bopp_test_examples.docx"), "--project", "spill")
    assert (status, "34 nye kodinger" in out) == (0, True)
    status, out, _err = call("import", str(SHARED / "qda" / "qc_nvivo_project.qdpx"), "--project", "nvivo")
    assert (status, "har ingen tekst" in out) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["import"], "autokode: mangler FIL..."),
        (["import", "borte.qdpx"], "autokode: borte.qdpx: filen finnes ikke\nPrøv: "),
        (["import", "x.qdpx", "--projekt", "p"], "ukjent valg «--projekt»; mente du «--project»?"),
        (["import", "tekst.txt"], "ukjent filtype «.txt»; ventet .qdpx, .qdc, .qda, .docx, .csv"),
        (["import", "tom.docx"], "har verken kommentarer eller fargemarkeringer\nPrøv: autokode add tom.docx"),
        (["import", "kodinger.csv"], "autokode.db: finnes ikke; ventet et prosjekt"),
        (["export", "--qdpx", "x.qdpx"], "autokode.db: finnes ikke; ventet et prosjekt"),
        (["export"], "ingen fil å skrive\nPrøv: autokode export --project . --qdpx prosjekt.qdpx"),
        (["export", "--qdpx", "x.zip"], "x.zip: ventet en fil som heter noe på .qdpx\nPrøv: --qdpx x.qdpx"),
        (["export", "--suggestions"], "ingen fil å skrive"),
        (["export", "--coded", "x.pdf"], "ukjent filtype «.pdf»; ventet .docx, .html\nPrøv: --coded x.docx"),
        (["codebook", "--out", "x.html"], "ukjent filtype «.html»; ventet .docx\nPrøv: --out x.docx"),
    ],
)
def test_wrong_calls_are_answered_in_words(call: Call, arguments: list[str], message: str, tmp_path: Path) -> None:
    (tmp_path / "tekst.txt").write_text("Åse: ja", encoding="utf-8")
    (tmp_path / "kodinger.csv").write_text("transcript,start,end,quote,code\n", encoding="utf-8")
    document = docx.Document()
    document.add_paragraph("Åse: ja")
    document.save(str(tmp_path / "tom.docx"))
    before = sorted(tmp_path.iterdir())
    status, out, err = call(*arguments)
    assert (status, out) == (2, "")
    assert message in err
    assert sorted(tmp_path.iterdir()) == before


def test_a_file_that_cannot_be_written_costs_nothing(call: Call, made: Path, tmp_path: Path) -> None:
    copied(made, tmp_path / "p")
    status, _out, err = call("export", "--project", "p", "--qdpx", "ingen/mappe/x.qdpx")
    assert (status, "kan ikke skrives" in err) == (2, True)


def test_coded_interviews_and_the_codebook_as_documents(call: Call, made: Path, tmp_path: Path) -> None:
    copied(made, tmp_path / "p")
    files = ("--coded", "kodet.docx", "--coded", "kodet.html")
    status, out, err = call("export", "--project", "p", *files)
    assert (status, out) == (2, "") and "kontor_a: er ikke merket som pseudonymisert" in err and "--as-is" in err
    assert call("export", "--project", "p", *files, "--as-is") == (0, "kodet.docx\nkodet.html\n", "")
    assert len(docx.Document("kodet.docx").tables) == 3
    status, _out, err = call("export", "--project", "p", "--coded", "alle.docx", "--comments", "--as-is")
    assert (status, "--interview NAVN" in err) == (0, True)
    status, out, err = call("export", "--project", "p", "--qdc", "x.qdc", "--coder", "Anne", "--suggestions")
    assert status == 0 and err.count("endret ingenting") == 2

    assert call("codebook", "training_data/codebook.yaml", "--out", "borte.docx")[0] == 2
    status, _out, err = call("codebook", "--project", "p", "--out", "kodebok.docx")
    assert (status, "kan være personlig" in err) == (2, True)
    assert call("codebook", "--project", "p", "--out", "kodebok.docx", "--as-is") == (0, "kodebok.docx\n", "")
    assert call("codebook", "p/codebook.yaml", "--out", "fil.docx") == (0, "fil.docx\n", "")
    assert len(docx.Document("fil.docx").tables[0].columns) == 2 < len(docx.Document("kodebok.docx").tables[0].columns)


def test_codes_go_out_as_comments_and_come_home_to_where_they_were(call: Call, made: Path, tmp_path: Path) -> None:
    project = copied(made, tmp_path / "p")
    out = ("--coded", "kontor_a.docx", "--interview", "kontor_a", "--comments", "--as-is")
    assert call("export", "--project", "p", *out)[0] == 0
    home = Project.create(tmp_path / "nytt", project.codebook)
    status, _out, _err = call("import", "kontor_a.docx", "--project", "nytt")
    assert status == 0

    def given(own: Project) -> list[tuple[str, str, str]]:
        found = [one for one in own.codings() if one.segment.transcript == "kontor_a"]
        return sorted((" ".join(one.segment.quote.split()), one.code, one.coder) for one in found)

    assert given(home) == given(project) and len(given(home)) > 100


def test_decisions_in_excel_by_the_command_line(call: Call, made: Path, tmp_path: Path) -> None:
    import openpyxl

    copied(made, tmp_path / "p")
    status, out, _err = call("export", "--project", "p", "--xlsx", "forslag.xlsx", "--suggestions")
    assert (status, out) == (0, "forslag.xlsx\n")
    book = openpyxl.load_workbook("forslag.xlsx")
    sheet = book["Forslag"]
    column = [cell.value for cell in sheet[1]].index("avgjørelse") + 1
    sheet.cell(2, column).value, sheet.cell(3, column).value = "ja", "nei"
    book.save("forslag.xlsx")
    status, out, _err = call("import", "forslag.xlsx", "--project", "p")
    assert status == 0
    assert "0 nye kodinger, 1 forslag godtatt, 1 avvist, 0 fikk en annen kode" in out
    status, out, _err = call("export", "--project", "p", "--csv", "k.csv", "--suggestions")
    assert out == "k.csv\nk-forslag.csv\n"
    status, out, _err = call("add", "k.csv", "--project", "p")
    assert "0 nye kodinger" in out


def test_a_table_of_utterances_is_added_as_a_transcript(call: Call, made: Path, tmp_path: Path) -> None:
    copied(made, tmp_path / "p")
    Path("nytt.csv").write_text("Taler;Tekst\nI;Hvordan går det?\nÅse;Det går bra.\n", encoding="utf-8")
    status, out, _err = call("add", "nytt.csv", "--project", "p")
    assert (status, "nytt: 2 ytringer" in out) == (0, True)
    shown = json.loads(call("transcript", "nytt.csv", "--json")[1])
    assert shown[0]["utterances"][1]["text"] == "Det går bra."


def test_help_is_in_both_languages(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "autokode import prosjekt.qdpx --project kopi" in call("import", "--help")[1]
    monkeypatch.setenv("AUTOKODE_LANG", "en")
    assert "Example:" in call("export", "--help")[1]


def test_an_empty_file_makes_no_project(call: Call, tmp_path: Path) -> None:
    write_qdpx("tom.qdpx", Package("tom"))
    status, _out, err = call("import", "tom.qdpx", "--project", "ny")
    assert (status, "har verken koder eller tekster" in err, Path("ny").exists()) == (2, True, False)
