"""Codings outside the answers in a report: counted and quoted as nobody's, or said not to be counted."""

import io
from pathlib import Path

import docx
import pytest

from autokode.base.messages import reading_in
from autokode.cli import run
from autokode.corpus.codebook import Code, Codebook
from autokode.corpus.coding import Coding, Segment
from autokode.corpus.readers import Source
from autokode.corpus.transcript import from_source
from autokode.project import Project
from autokode.report.book import Book, book_of
from autokode.report.data_checks import material_of
from autokode.report.methods import methods_of
from autokode.report.render.page import page
from autokode.report.render.word import docx_bytes
from autokode.report.render.workbook import sheets_of
from autokode.report.themes import theme

TEXT = (
    "Notat fra dagen. Garnene var tomme igjen.\n\nI: Hvordan går det?\nEirik: Det går trått, vi får ikke fisk.\n"
    "I: Ingenting?\nEirik: Nei, ingenting.\n"
)
BOOK = Codebook("Fiske", (Code("fangst", colour="#AA3300", codes=(Code("savn"),)), Code("vær"), Code("redskap")))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project.create(tmp_path / "p", BOOK)
    made.add(from_source(Source(TEXT), "fiske", interviewers=["I"]), office="Havn A", pseudonymised=True)
    given = {
        "Garnene var tomme igjen.": "redskap",
        "Det går trått, vi får ikke fisk.": "fangst",
        "Notat fra dagen.": "fangst",
        "Ingenting?": "vær",
    }
    at = {quote: TEXT.index(quote) for quote in given}
    made.add_codings(
        [Coding(Segment("fiske", at[q], at[q] + len(q), q), code, "Siri", "2026-05-01") for q, code in given.items()]
    )
    return made


@pytest.fixture
def book(project: Project) -> Book:
    return book_of(project, material_of(project), methods_of(project))


def test_they_are_counted_and_quoted_as_nobodys(book: Book) -> None:
    found = {one.name: one for one in book.themes}
    redskap, fangst = found["redskap"], found["fangst"]
    assert [(quote.text, quote.attribution, quote.location) for quote in redskap.quotes] == [
        ("Garnene var tomme igjen.", "– uten taler, Havn A", "fiske utenfor ytringene")
    ]
    assert (redskap.interviews[0].utterances, redskap.offices[0].quotes) == (1, 1)
    assert redskap.typical == redskap.quotes[0] and redskap.summary == ()
    assert [quote.number for quote in fangst.quotes] == [None, 1] and fangst.typical is not None
    assert (fangst.typical.attribution, fangst.typical.location) == ("– Eirik, Havn A", "fiske #2")
    assert [one.name for one in fangst.speakers] == ["Eirik"] and fangst.silent == ()
    assert [one.name for one in redskap.silent] == ["Eirik"]
    assert book.by["speaker"].keys() == {"Eirik, Havn A"}
    assert book.co_occurrences.pair("fangst", "redskap").both == 1  # in the note


def test_a_question_alone_is_not_counted_and_that_is_said(book: Book) -> None:
    assert book.material.of_questions == {"vær": 1} and not theme(book.material, "vær").quotes
    assert book.remarks == (
        "2 kodinger står utenfor ytringene (før første taler, i en overskrift eller annet som ingen sier); de er talt med, og "
        "sitert uten taler.",
        "1 koding står bare i intervjuernes ytringer, og er ikke talt med (vær 1).",
    )
    with reading_in("en"):
        assert book.remarks[1] == "1 coding stands in interviewers' turns alone: not counted (vær 1)."


def test_page_word_and_workbook_show_them(book: Book) -> None:
    shown = page(book)
    assert "– uten taler, Havn A <a href=" in shown and "fiske utenfor ytringene" in shown
    assert all(remark in shown for remark in book.remarks)
    text = "\n".join(p.text for p in docx.Document(io.BytesIO(docx_bytes(book))).paragraphs)
    assert (
        "– uten taler, Havn A" in text
        and "fiske, utenfor ytringene, uten taler, Havn A." in text
        and book.remarks[0] in text
    )
    rows = sheets_of(book)["Sitater"].to_pylist()
    assert [(row["quote"], row["utterance"], row["speaker"]) for row in rows if row["code"] == "redskap"] == [
        ("Garnene var tomme igjen.", None, "")
    ]


def test_the_page_has_the_codebooks_colours(book: Book) -> None:
    shown = page(book)
    assert (
        shown.count('style="background: #aa3300"') == 6
    )  # twice in lists and once above, of the code and the one below it


def test_the_command_says_what_it_does_with_them(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    out = project.folder / "r.html"
    assert run(["report", "--project", str(project.folder), "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "2 kodinger står utenfor ytringene" in said and "vær 1" in said
