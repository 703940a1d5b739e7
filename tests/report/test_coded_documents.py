"""Coded interviews and the codebook as documents: nothing is lost, nothing slips out, and codes come home as comments."""

import io
import re
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

from autokode import Codebook
from autokode.base.errors import DataError
from autokode.corpus.codebook import Code
from autokode.corpus.coding import Coding, Segment
from autokode.corpus.readers import Source
from autokode.corpus.transcript import from_source
from autokode.exchange.coded_word import read_marked_docx
from autokode.project import Project
from autokode.project.store.foreign_data import made, take_notes
from autokode.report.coded_project import CodebookText, codebook_text_of, coded_text_of
from autokode.report.render.codebook_word import codebook_docx
from autokode.report.render.coded_page import coded_page
from autokode.report.render.coded_word import coded_docx

ODD = "Kari: Vi <går> & «ler» 😀 \x0b nå.\n\nOla: Å ja, det gjør vi vel.\n\nKari: Hver dag, og så ringer vi etterpå.\n"
BOOK = Codebook(
    "Turbok",
    (
        Code(
            "å gå, eller <løpe>; 🏃",
            definition="Å gå.",
            use_when="Noen går.",
            not_when="Noen kjører.",
            examples=("Vi går hver dag.",),
            keywords=("tur", "ski"),
            colour="#ffee00",
        ),
        Code("samtale", codable=False, codes=(Code("telefon"),)),
    ),
)
WALK, PHONE = BOOK.codable
SHOWN = [
    "Kari: Vi <går> & «ler» 😀 \ufffd nå.",
    "Ola: Å ja, det gjør vi vel.",
    "Kari: Hver dag, og så ringer vi etterpå.",
]


@pytest.fixture
def walks(tmp_path: Path) -> Project:
    """Two invented interviews with odd characters, coded by two, with memos of one on everything that has memos."""
    project = Project.create(tmp_path / "turer", BOOK)
    codings = []
    for name in ("intervju 1", "intervju 2"):
        transcript = from_source(Source(ODD), name)
        project.add(transcript, pseudonymised=True)
        for code, coder, words in (
            (WALK, "Anne", "Vi <går> & «ler» 😀"),
            (WALK, "Berit", "Vi <går> & «ler» 😀"),
            (PHONE, "Anne", "«ler» 😀 \x0b nå."),
            (PHONE, "Berit", "så ringer vi"),
        ):
            start = ODD.index(words)
            codings.append(Coding(Segment(name, start, start + len(words), words), code, coder))
    project.add_codings(codings)
    first = made(project)[0].id
    about = (f"coding/{first}", "turn/1/1", "transcript/1", f"code/{PHONE}", "project")
    take_notes(project, "Anne", {what: f"Merk {i}." for i, what in enumerate(about)}, good=[first])
    return project


def document(data: bytes) -> "docx.document.Document":
    return docx.Document(io.BytesIO(data))


def notes_in(data: bytes) -> set[tuple[str, str]]:
    return {(one.author, one.text) for one in document(data).comments}


def test_word_has_every_word_and_every_code_beside_it(walks: Project) -> None:
    data = coded_docx(coded_text_of(walks))
    legend, *tables = document(data).tables
    assert [row.cells[1].text for row in legend.rows][1:] == [WALK, PHONE]
    assert len(tables) == 2
    for table in tables:
        rows = [[cell.text for cell in row.cells] for row in table.rows][1:]
        words = [re.sub(r"\[\d|\d\]", "", row[1]) for row in rows]
        assert words == SHOWN
        assert "Anne, Berit" in rows[0][2] and WALK in rows[0][2] and PHONE in rows[0][2]
        assert rows[1][2] == "" and "Berit" in rows[2][2]
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert data == coded_docx(coded_text_of(walks))  # byte for byte


def test_overlapping_codes_have_a_background_and_a_line(walks: Project) -> None:
    table = document(coded_docx(coded_text_of(walks))).tables[1]
    runs = {run.text: run for run in table.rows[1].cells[1].paragraphs[0].runs}
    both = runs["«ler» 😀"]
    assert both.style.name == f"Kode: {PHONE}"  # the shorter place
    assert both._r.rPr.find(qn("w:u")).get(qn("w:val")) == "thick"
    assert runs["Vi <går> & "]._r.rPr.find(qn("w:u")) is None


def test_the_page_has_no_script_and_holds_all_as_text(walks: Project) -> None:
    page = coded_page(coded_text_of(walks, memos_of=["Anne"]))
    assert "<script" not in page and "http" not in page.replace("http-equiv", "")
    assert "Vi &lt;går&gt; &amp; " in page and "å gå, eller &lt;løpe&gt;; 🏃" in page
    assert page.count("Merk ") == 5


def test_memos_go_out_for_whoever_asks_and_as_comments_of_their_coders(walks: Project) -> None:
    assert notes_in(coded_docx(coded_text_of(walks))) == set()
    text = coded_text_of(walks, memos_of=["Anne"])
    assert notes_in(coded_docx(text)) == {("Anne", f"Notat: Merk {i}.") for i in range(5)} and text.memo_count == 5
    only = coded_text_of(walks, memos_of=["Anne"], interviews=["intervju 2"])
    assert {memo for _who, memo in notes_in(coded_docx(only))} == {"Notat: Merk 3.", "Notat: Merk 4."}


def test_interviews_and_coders_are_chosen(walks: Project) -> None:
    text = coded_text_of(walks, interviews=["intervju 2"], coders=["Berit"])
    assert [one.name for one in text.interviews] == ["intervju 2"]
    assert text.coders == ("Berit",) and text.codings == 2
    assert "Berit" not in document(coded_docx(text)).tables[1].rows[1].cells[2].text  # said once, above
    with pytest.raises(DataError, match="ingen koder heter «Berith»"):
        coded_text_of(walks, coders=["Berith"])
    with pytest.raises(DataError, match="intervju 3"):
        coded_text_of(walks, interviews=["intervju 3"])


def test_codes_come_home_from_comments_word_for_word(walks: Project, tmp_path: Path) -> None:
    path = tmp_path / "intervju 1.docx"
    text = coded_text_of(walks, interviews=["intervju 1"], memos_of=["Anne"])
    path.write_bytes(coded_docx(text, as_comments=True))
    package = read_marked_docx(path, codes=BOOK.codable)
    (found,) = package.documents
    codes, users = {one.guid: one.name for one in package.codes}, {one.guid: one.name for one in package.users}
    assert set(codes.values()) == {WALK, PHONE}
    home = {(found.text[s.start : s.end], codes[c.code], users[c.user]) for s in found.segments for c in s.codings}
    assert home == {
        ("Vi <går> & «ler» 😀", WALK, "Anne"),
        ("Vi <går> & «ler» 😀", WALK, "Berit"),
        ("«ler» 😀 \ufffd nå.", PHONE, "Anne"),
        ("så ringer vi", PHONE, "Berit"),
    }
    assert {note.text for note in package.notes} >= {"Merk 0.", "Merk 1."}
    again = from_source(Source(found.text), "x")
    assert list(again.speakers) == ["Kari", "Ola"] and len(again.utterances) == 3


def test_interviews_with_real_names_stay_in(walks: Project, tmp_path: Path) -> None:
    walks.add(from_source(Source(ODD), "intervju 3"))
    coded_text_of(walks)  # nothing of it is coded
    words = "så ringer vi"
    start = ODD.index(words)
    walks.add_codings([Coding(Segment("intervju 3", start, start + len(words), words), PHONE, "Anne")])
    with pytest.raises(DataError, match="pseudonymisert"):
        coded_text_of(walks)
    assert len(coded_text_of(walks, as_is=True).interviews) == 3
    assert len(coded_text_of(walks, interviews=["intervju 1"]).interviews) == 1


def test_memos_that_name_somebody_stay_in(walks: Project) -> None:
    take_notes(walks, "Berit", {"turn/1/1": "Dette er nok Torstein Haugland."})
    with pytest.raises(DataError, match="Torstein"):
        coded_text_of(walks, memos_of=["Berit"])
    assert len(coded_text_of(walks, memos_of=["Berit"], as_is=True).interviews) == 2


def test_a_file_named_after_somebody_is_a_number(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "p", BOOK)
    project.add(from_source(Source(ODD), "Torstein Haugland"), pseudonymised=True)
    project.add_codings([Coding(Segment("Torstein Haugland", 6, 8, "Vi"), WALK, "Anne")])
    text = coded_text_of(project)
    assert "Haugland" not in coded_page(text) and text.interviews[0].name == "Intervju 1"


def test_nothing_coded_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="autokode review"):
        coded_text_of(Project.create(tmp_path / "p", BOOK))


def test_the_codebook_has_all_its_texts_in_the_order_of_the_tree(walks: Project) -> None:
    data = codebook_docx(codebook_text_of(walks, memos_of=["Anne"]))
    said = [one.text for one in document(data).paragraphs]
    headings = [one.text for one in document(data).paragraphs if one.style.name.startswith("Heading")]
    assert headings == [WALK, "samtale", PHONE]
    for text in (
        "4 kodinger, i 2 intervjuer",
        "Å gå.",
        "Brukes når: Noen går.",
        "Brukes ikke når: Noen kjører.",
        "Nøkkelord: tur, ski",
        "Vi går hver dag.",
        "bare overskrift",
        "Notat av Anne: Merk 3.",
    ):
        assert text in said
    (tree,) = document(data).tables
    assert [[cell.text for cell in row.cells][1:] for row in tree.rows][1:] == [
        [WALK, "4", "2"],
        ["samtale", "", ""],
        [PHONE, "4", "2"],
    ]
    assert data == codebook_docx(codebook_text_of(walks, memos_of=["Anne"]))
    assert len(document(codebook_docx(CodebookText(BOOK))).tables[0].columns) == 2  # of a file, with nothing to count


def test_examples_that_name_somebody_stay_in(walks: Project) -> None:
    named = replace(BOOK.codes[0], examples=("Vi gikk hjem til Torstein Haugland på Lillehammer.",))
    walks.use_codebook(replace(BOOK, codes=(named, *BOOK.codes[1:])))
    with pytest.raises(DataError, match="Torstein"):
        codebook_text_of(walks)
    assert "Torstein" in "".join(
        p.text for p in document(codebook_docx(codebook_text_of(walks, as_is=True))).paragraphs
    )
