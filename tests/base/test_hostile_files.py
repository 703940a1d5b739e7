"""Faults that odd and hostile input found in the readers of files, each with the smallest input that shows it."""

import base64
import io
import json
import sqlite3
import zipfile
import zlib
from pathlib import Path

import pytest

from autokode.base.errors import DataError
from autokode.cli import run
from autokode.corpus.codebook import Codebook
from autokode.corpus.readers import read_source
from autokode.corpus.readers.spreadsheet import workbook
from autokode.corpus.transcript import read_transcript
from autokode.exchange.coded_word import read_marked_docx
from autokode.exchange.qualcoder import read_qualcoder
from autokode.exchange.table_import import import_table
from autokode.project import Project
from autokode.project.store.decision_log import replayed
from autokode.project.store.integrity import check
from autokode.pseudonym.key import read_key
from autokode.pseudonym.listing import read_list
from autokode.report.training_manifest import FORMAT
from counting import Counted
from exchange_case import QUALCODER
from fuzz_case import peak_memory
from fuzz_exchange import project_at
from fuzz_tables import keys
from fuzz_transcripts import excel, odt, unzipped, word, zipped
from hostile_case import put, refused

# transcripts


@pytest.mark.parametrize("name", ["a.odt", "a.xlsx"])
def test_an_archive_whose_directory_points_before_its_beginning(name: str, tmp_path: Path) -> None:
    whole = odt() if name == "a.odt" else excel()
    at = whole.rindex(b"PK\x05\x06")
    begin = int.from_bytes(whole[at + 16 : at + 20], "little")
    damaged = whole[: at + 16] + (begin + 500).to_bytes(4, "little") + whole[at + 20 :]
    refused(lambda: read_source(put(tmp_path, name, damaged)), "pakkes ut|zip-arkiv")


def test_a_file_without_a_name_in_an_archive(tmp_path: Path) -> None:
    buffer = io.BytesIO(odt())
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(zipfile.ZipInfo("x"), b"")
        archive.filelist[-1].filename = ""
    assert "Åse" in read_source(put(tmp_path, "a.odt", buffer.getvalue())).text


def test_a_word_file_whose_document_is_none(tmp_path: Path) -> None:
    damaged = zipped({**unzipped(word()), "word/document.xml": b"<a/>"})
    refused(lambda: read_source(put(tmp_path, "a.docx", damaged)), "har ingen tekst")


@pytest.mark.parametrize(
    ("old", "new"), [(b'w:id="0"', b'w:id="x"'), (b"<w:comments ", b"<w:comment "), (b'w:id="0"', b"")]
)
def test_word_comments_that_are_none(old: bytes, new: bytes, tmp_path: Path) -> None:
    comments = unzipped(word())["word/comments.xml"].replace(old, new, 1)
    if b"<w:comment " in new:
        comments = comments.replace(b"</w:comments>", b"</w:comment>")
    path = put(tmp_path, "kodet.docx", zipped({**unzipped(word()), "word/comments.xml": comments}))
    refused(lambda: read_marked_docx(path), "kan ikke tolkes")


def test_a_time_of_thousands_of_digits(tmp_path: Path) -> None:
    source = read_source(put(tmp_path, "a.srt", "1\n00:00:01,000 --> " + "1" * 5000 + ":00:02,000\nJa.\n"))
    assert (source.text, source.cues[0].begin_s, source.cues[0].end_s) == ("Ja.", 1.0, None)
    assert "tidslinjer som ikke kan leses, ordene er med uten tid: 1 (linje 2)" in source.notes


@pytest.mark.parametrize("name", ["a.json", "a.otr"])
def test_a_number_of_thousands_of_digits(name: str, tmp_path: Path) -> None:
    refused(lambda: read_source(put(tmp_path, name, '{"text": ' + "1" * 5000 + "}")), "er ikke gyldig JSON")


def test_a_time_larger_than_any(tmp_path: Path) -> None:
    rows = f'[{{"text": "Ja.", "start": {"9" * 400}, "end": 1e999}}]'
    assert read_source(put(tmp_path, "a.json", rows)).cues[0].begin_s is None
    sheet = unzipped(excel())["xl/worksheets/sheet1.xml"].replace(b"<v>0</v>", b"<v>" + b"9" * 400 + b"</v>", 1)
    path = put(tmp_path, "a.xlsx", zipped({**unzipped(excel()), "xl/worksheets/sheet1.xml": sheet}))
    assert read_source(path).cues[0].begin_s is None


@pytest.mark.parametrize("name", ["a.json", "a.otr"])
def test_half_a_character_is_replaced_and_the_text_can_be_kept(name: str, tmp_path: Path) -> None:
    found = read_transcript(put(tmp_path, name, r'{"text": "Ja \ud800 og \ud83d\ude00"}'))
    assert found.text == "Ja \ufffd og 😀"


def test_digits_that_are_no_numbers(tmp_path: Path) -> None:
    inner = unzipped(odt())["content.xml"].replace(b'text:c="3"', 'text:c="²"'.encode())
    assert "Åse" in read_source(put(tmp_path, "a.odt", zipped({"content.xml": inner}))).text
    project = project_at(tmp_path / "p")
    rows = 'transcript,start,end,quote,code\nmøte,²,³,"Ytring",makt\n'
    refused(lambda: import_table(project, put(tmp_path, "a.csv", rows)), "ventet hele tall")
    rows = "coder,transcript,utterance,code,quote,decision\nAnne,møte,²,makt,x,ja\n"
    assert import_table(project, put(tmp_path, "b.csv", rows)).accepted == 0


def test_a_row_of_codings_that_ends_early(tmp_path: Path) -> None:
    rows = "code,start,end,quote,transcript\nmakt,0,6,Ytring,møte\nmakt,0,6\n"
    refused(lambda: import_table(project_at(tmp_path / "p"), put(tmp_path, "a.csv", rows)), "mangler transcript")


def test_a_sheet_that_says_it_is_huge(tmp_path: Path) -> None:
    before = peak_memory()
    sheet = unzipped(excel())["xl/worksheets/sheet1.xml"].replace(b'ref="A1:D5"', b'ref="A1:XFD1048576"')
    assert b"XFD" in sheet
    found = workbook(put(tmp_path, "a.xlsx", zipped({**unzipped(excel()), "xl/worksheets/sheet1.xml": sheet})))
    assert sum(map(len, found["Sheet"])) < 1000
    assert peak_memory() - before < 100 << 20


def test_a_row_far_down_costs_next_to_nothing_for_each_above_it(tmp_path: Path) -> None:
    """openpyxl makes a row for each missing one; skipping it may cost two more function calls."""
    before = 0
    for row in (5, 200_000, 400_000):
        sheet = unzipped(excel())["xl/worksheets/sheet1.xml"].replace(b'<row r="5"', b'<row r="%d"' % row)
        path = put(tmp_path, "a.xlsx", zipped({**unzipped(excel()), "xl/worksheets/sheet1.xml": sheet}))
        with Counted() as counted:
            assert "pengene" in read_source(path).text
        assert row == 5 or counted.spent - before < 4 * 200_000
        before = counted.spent


def test_tables_in_tables_cost_no_more_than_their_depth(tmp_path: Path) -> None:
    spent = []
    for depth in (20, 40, 80):
        page = "<p>I: Ja?</p>" + "<table><tr><td>a<td>" * depth + "nei"
        with Counted() as counted:
            assert "nei" in read_source(put(tmp_path, "a.html", page)).text
        spent.append(counted.spent)
    assert spent[2] < 8 * spent[1] < 64 * spent[0]


def test_a_sheet_of_rows_that_are_all_one_far_cell(tmp_path: Path) -> None:
    rows = b"<row><c r='XFD1'><v>1</v></c></row>" * 3000
    sheet = b"<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>" + rows
    path = put(
        tmp_path,
        "a.xlsx",
        zipped({**unzipped(excel()), "xl/worksheets/sheet1.xml": sheet + b"</sheetData></worksheet>"}),
    )
    refused(lambda: workbook(path), "over 20000000 celler")


# what people edit


@pytest.mark.parametrize("text", ["koder: " + "[" * 3000, "koder: " + '{"a":' * 3000])
def test_brackets_without_end_take_no_time(text: str) -> None:
    refused(lambda: Codebook.from_yaml(text), "for mange nivåer")


def test_aliases_do_not_grow_without_end() -> None:
    levels = "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 12))
    refused(lambda: Codebook.from_yaml(f"a0: &a0 [x]\n{levels}navn: *a11\nkoder: []\n"), "ankre")


def test_aliases_that_say_the_same_twice_are_read() -> None:
    book = Codebook.from_yaml("koder:\n- {navn: a, definisjon: &d å ta seg tid}\n- {navn: b, definisjon: *d}\n")
    assert [code.definition for code in book] == ["å ta seg tid"] * 2


def test_an_anchor_used_twice_is_no_warning() -> None:
    assert Codebook.from_yaml("koder:\n- {navn: &a x}\n- {navn: &a y}\n").codable == ("x", "y")


@pytest.mark.parametrize("tag", ["!!set x", "!!omap x", "!!timestamp 2001-99-99", "!!binary \u00e5"])
def test_tags_of_other_things(tag: str) -> None:
    refused(lambda: Codebook.from_yaml(f"koder:\n- navn: {tag}\n"), "kan ikke leses som YAML|Prøv")


@pytest.mark.parametrize("text", ["funn: 7\n", "funn: []\nla_stå: 7\n"])
def test_a_list_that_is_none(text: str, tmp_path: Path) -> None:
    refused(lambda: read_list(put(tmp_path, "l.yaml", text)), "ventet en liste")


def edited_key(folder: Path, **about: object) -> Path:
    told = json.loads(keys()[0])
    told["files"][0] |= about
    return put(folder, "k.json", json.dumps(told))


def test_a_key_that_unpacks_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autokode.pseudonym.key.MAX_UNPACKED", 1 << 20)
    bomb = base64.b64encode(zlib.compress(bytes(2 << 20))).decode()
    refused(lambda: read_key(edited_key(tmp_path, data=bomb)), "er ingen nøkkel")


@pytest.mark.parametrize("edit", [[-1, 3, "a", "b"], [0, 1.5, "a", "b"], [0, 3, 7, "b"], [5, 3, "a", "b"], [0, 1]])
def test_a_key_with_places_that_are_none(edit: list[object], tmp_path: Path) -> None:
    refused(lambda: read_key(edited_key(tmp_path, edits=[edit])), "er ingen nøkkel")


@pytest.mark.parametrize("name", ["..", "../x", "/etc/passwd", "", "a\0b"])
def test_a_key_that_points_out_of_its_folder(name: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="peker ut av mappen"):
        read_key(edited_key(tmp_path, name=name))


def test_a_key_with_half_a_character_in_a_name(tmp_path: Path) -> None:
    assert read_key(edited_key(tmp_path, name="\ud800.txt")).files[0].name == "\ufffd.txt"
    raw = keys()[0].replace("åse.txt".encode(), b"\xed\xa0\x80.txt")
    refused(lambda: read_key(put(tmp_path, "k.json", raw)), "er ingen nøkkel")


@pytest.mark.parametrize("rounds", [[{}], [7], [{"codebook_sha256": "x"}]])
def test_a_manifest_of_methods_that_is_not_whole(
    rounds: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = project_at(tmp_path / "p").folder
    given = put(tmp_path, "m.json", json.dumps({"format": FORMAT, "rounds": rounds}))
    assert run(["methods", "--project", str(folder), "--repeat", str(given)]) == 2
    assert "ikke helt" in capsys.readouterr().err


# QualCoder


def qualcoder(folder: Path, *statements: str) -> Path:
    with sqlite3.connect(folder / "data.qda") as connection:
        connection.executescript(QUALCODER)
        for statement in statements:
            connection.execute(statement)
    connection.close()
    return folder / "data.qda"


def test_a_column_that_is_not_there(tmp_path: Path) -> None:
    path = qualcoder(
        tmp_path,
        "DROP TABLE code_cat",
        "CREATE TABLE code_cat (name text)",
        "INSERT INTO code_cat VALUES ('x')",
    )
    refused(lambda: read_qualcoder(path), "mangler 'catid'")


def test_categories_a_thousand_deep(tmp_path: Path) -> None:
    deep = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) "
        "INSERT INTO code_cat SELECT i, 'k' || i, '', '', '', nullif(i - 1, 0) FROM n"
    )
    refused(lambda: read_qualcoder(qualcoder(tmp_path, deep)), "mer enn 50 nivåer")


def test_text_that_is_worked_out_when_it_is_read(tmp_path: Path) -> None:
    path = qualcoder(
        tmp_path,
        "DROP TABLE source",
        "CREATE TABLE source (id integer primary key, name text, fulltext text AS (hex(zeroblob(400000))))",
        "INSERT INTO source (id, name) VALUES (1, 'a'), (2, 'b'), (3, 'c')",
    )
    refused(lambda: read_qualcoder(path), "mer tekst enn filen")


# a project's own file


def changed_project(folder: Path, *statements: str) -> Path:
    project = project_at(folder / "p")
    with sqlite3.connect(project.database.path) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()
    return project.folder


def test_a_project_without_one_of_its_columns(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = changed_project(tmp_path, "ALTER TABLE utterance RENAME COLUMN speaker TO taler")
    assert run(["status", "--project", str(folder)]) == 2
    assert "mangler utterance.speaker" in capsys.readouterr().err


@pytest.mark.parametrize("about", ["{}", "[]", '{"labels": "", "interviewers": 7, "cues": [], "notes": []}'])
def test_a_transcript_with_facts_that_are_none(about: str, tmp_path: Path) -> None:
    project = Project.open(changed_project(tmp_path, f"UPDATE transcript SET about = '{about}'"))  # noqa: S608 - ours
    refused(lambda: project.transcript("møte"), "teksten i prosjektet er skadet")


def test_a_log_that_speaks_of_what_is_no_table(tmp_path: Path) -> None:
    folder = changed_project(
        tmp_path,
        *("DROP TRIGGER decision_stays", "UPDATE decision SET changes = replace(changes, '\"memo\"', '\"mexo\"')"),
    )
    project = Project.open(folder)
    with project.database.reading() as connection:
        refused(lambda: replayed(connection), "loggen er skadet")
    assert [fault.kind for fault in check(folder)] == ["log"]
