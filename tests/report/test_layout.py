"""The report on paper: A4, no word broken, contents filled, and few pages, as LibreOffice prints it."""

import io
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn

from autokode.corpus.codebook import Code, Codebook
from autokode.corpus.coding import Coding, Segment
from autokode.corpus.readers import Source
from autokode.corpus.transcript import from_source
from autokode.project import Project
from autokode.report.book import Book, book_of
from autokode.report.co_occurrence import co_occurrences
from autokode.report.data_checks import material_of
from autokode.report.methods import methods_of
from autokode.report.plots import MOST_COLUMNS, by_group, heat_map
from autokode.report.render.page import page
from autokode.report.render.page_numbers import pages_of
from autokode.report.render.text_widths import CLASSES, SOFT, breakable, columns, longest_word, width_of
from autokode.report.render.word import docx_bytes
from autokode.report.render.word_document import TABLE, TEXT_WIDTH
from autokode.report.render.workbook import xlsx_of
from autokode.report.shares import shares_of
from report_case import study

LONG = (
    "Ungdomsmedvirkningsprosesser i nærmiljøet",
    "Foreldresamarbeid og kommunikasjon mellom hjem og klubb",
    "Ærlighet",
)
SAID = (
    "De spurte oss om hva rommet skulle brukes til, og så ble det sånn som vi sa.",
    "Mamma fikk en telefon herfra en gang, og da ble jeg sint, men det var nok riktig.",
    "De sier ikke bare at det er farlig, de sier hva som skjer, og så får du spørre.",
)


def clubs(folder: Path, interviews: int, groups: tuple[str, ...]) -> Book:
    """A study of youth clubs with long names of codes; interview 1 leaves out the first code."""
    project = Project.create(folder, Codebook("Ungdomsklubben", tuple(Code(name) for name in LONG)))
    codings = []
    for i in range(interviews):
        name = f"intervju_{i + 1:02d}"
        lines = [(k, SAID[k]) for k in (0, 1, 2, 1) * 3 if i or k]
        text = "".join(f"Intervjuer: Hva mer?\nInformant: {said}\n" for _, said in lines)
        transcript = from_source(Source(text), name)
        project.add(transcript, office=groups[i % len(groups)] if groups else "", pseudonymised=True)
        for (k, said), index in zip(lines, transcript.answers, strict=True):
            at = transcript.utterances[index]
            codings.append(Coding(Segment(name, at.start, at.end, said), LONG[k], "Kari", "2026-03-01"))
    project.add_codings(codings)
    return book_of(project, material_of(project), methods_of(project))


@pytest.fixture(scope="module")
def grouped(tmp_path_factory: pytest.TempPathFactory) -> Book:
    return clubs(tmp_path_factory.mktemp("klubb") / "p", 4, ("A", "Bydel Østensjø"))


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Book:
    return clubs(tmp_path_factory.mktemp("klubb") / "p", 3, ())


def document_of(book: Book) -> Any:
    return docx.Document(io.BytesIO(docx_bytes(book)))


def test_widths_are_those_of_the_widest_font() -> None:
    import matplotlib
    from matplotlib.ft2font import FT2Font

    font = FT2Font(f"{matplotlib.get_data_path()}/fonts/ttf/DejaVuSans.ttf")
    font.set_size(1000, 72)
    checked = [(c, width) for width, characters in CLASSES for c in characters]
    assert len(checked) > 100 and {"æ", "ø", "å", "Å"} <= {c for c, _ in checked}
    for character, width in checked:
        assert font.load_char(ord(character)).linearHoriAdvance / 65536 / 1000 <= width, character


def test_columns_hold_their_longest_word_and_fill_the_page() -> None:
    rows = [("kode", "informanter", "95 %"), (LONG[1], "3 av 20", "0,6–2,1"), ("kommunikasjonsferdigheter", "1", "")]
    widths = columns(rows, 9.5, 450, 9)
    assert sum(widths) == pytest.approx(450)
    for i, column in enumerate(zip(*rows, strict=True)):
        assert all(longest_word(text, 9.5) <= widths[i] - 9 for text in column)
    assert width_of("0,6–2,1", 9.5) <= widths[2] - 9  # numbers stay on one line, though a dash may break
    crowded = columns([("ord " * 60, "ord " * 60, "12")], 9.5, 450, 9, (0, 1))
    assert sum(crowded) == pytest.approx(450) and crowded[2] < 40 < crowded[0]


def test_a_word_too_wide_for_a_page_is_hyphenated_and_no_other() -> None:
    assert breakable("kommunikasjon", 9.5, 200) == "kommunikasjon"
    word = "ungdomsmedvirkningsprosessevalueringskompetanse"
    cut = breakable(f"om {word} her", 9.5, 150)
    assert cut.replace(SOFT, "") == f"om {word} her" and longest_word(cut, 9.5) <= 150
    assert cut.startswith(f"om ungdoms{SOFT}medvirk{SOFT}nings{SOFT}proses")
    assert longest_word(breakable("x" * 200, 9.5, 150), 9.5) <= 150


def test_the_word_file_is_a4_and_every_table_fits(grouped: Book) -> None:
    document = document_of(grouped)
    section = document.sections[0]
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21.0, 29.7)
    assert len(document.tables) >= 2
    for table in document.tables:
        widths = [column.width.pt for column in table.columns]
        assert sum(widths) == pytest.approx(TEXT_WIDTH / 2.54 * 72, abs=1)
        for row in table.rows:
            assert row._tr.trPr.find(qn("w:cantSplit")) is not None
            for cell, width in zip(row.cells, widths, strict=True):
                assert cell.width.pt == pytest.approx(width, abs=0.1)
                assert longest_word(cell.text, TABLE) < width
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        sides = {child.tag for child in table._tbl.tblPr.find(qn("w:tblBorders"))}
        assert sides == {qn("w:top"), qn("w:bottom"), qn("w:insideH")}  # rules alone, no boxes
    numbers = [cell for row in document.tables[0].rows for cell in row.cells[1:]]
    assert all(cell.paragraphs[0].alignment == 2 for cell in numbers)  # to the right


def test_contents_are_filled_and_captions_count_in_words_fields(grouped: Book) -> None:
    document = document_of(grouped)
    listed = [p.text.split("\t") for p in document.paragraphs if p.style.name.startswith("toc ")]
    headings = [p for p in document.paragraphs if re.fullmatch("Heading [123]", p.style.name)]
    assert [title for title, _ in listed] == [p.text for p in headings] and len(listed) > 6
    pages = [int(number) for _, number in listed]
    assert pages == sorted(pages) and pages[0] == 2 and pages[-1] > 4
    codes = [node.text for node in document.element.iter(qn("w:instrText"))]
    assert sum("TOC \\o" in code for code in codes) == 1
    assert sum("SEQ Tabell" in code for code in codes) == len(document.tables)
    captions = [p.text for p in document.paragraphs if p.style.name == "Caption"]
    assert [text.split(".")[0] for text in captions if text.startswith("Figur")] == [
        "Figur 1",
        "Figur 2",
    ]  # no codes fall together
    marks = [node.get(qn("w:name")) for node in document.element.iter(qn("w:bookmarkStart"))]
    assert len(set(marks)) == len(marks)


def test_quotes_name_people_and_groups_and_no_file(grouped: Book, alone: Book) -> None:
    said = [p.text for p in document_of(grouped).paragraphs if p.style.name == "Quote"]
    assert said and all(re.search(r"\n– Informant, (gruppe A|Bydel Østensjø)\u00a0\d+$", text) for text in said)
    assert alone.material.groups == () and {quote.group for one in alone.themes for quote in one.quotes} == {""}
    document = document_of(alone)
    heads = [cell.text for cell in document.tables[0].rows[0].cells]
    assert "grupper" not in heads and "informanter" in heads
    quoted = [p.text for p in document.paragraphs if p.style.name == "Quote"]
    assert all(re.search(r"\n– Informant, intervju_0[123]\u00a0\d+$", text) for text in quoted)  # three are called so
    text = page(alone)
    assert "Per gruppe" not in text and 'id="group"' not in text
    rows = [list(row) for row in openpyxl.load_workbook(io.BytesIO(xlsx_of(alone)))["Hvem"].iter_rows(values_only=True)]
    assert {row[0] for row in rows[1:]} == {"intervju", "informant"} and {row[2] for row in rows[1:]} == {None}


def test_the_figure_says_where_groups_differ(grouped: Book, alone: Book, tmp_path: Path) -> None:
    found = shares_of(grouped.material)
    assert found is not None and found.by == "group" and found.units == ("A", "Bydel Østensjø")
    assert found.codes[0] == LONG[1] and found.counts.sum() == 45 and found.answers.tolist() == [21, 24]
    assert found.lesson() == (
        f"Gruppene skiller seg mest i «{LONG[0]}»: 25\u00a0% av svarene i Bydel Østensjø og 14\u00a0% i gruppe A."
    )
    assert found.lesson() in by_group(found).alt and by_group(found).svg == by_group(found).svg
    by_interview = shares_of(alone.material)
    assert (
        by_interview is not None and by_interview.by == "interview" and by_interview.lesson().startswith("Intervjuene ")
    )
    many = clubs(tmp_path / "mange", MOST_COLUMNS + 1, tuple(f"Klubb {i}" for i in range(MOST_COLUMNS + 1)))
    assert b"<svg" in many.pictures.first.svg and str(MOST_COLUMNS + 1) in many.pictures.first.alt
    one = clubs(tmp_path / "en", 1, ("A",))
    assert shares_of(one.material) is None and one.pictures.first == one.pictures.bars


def test_every_sheet_prints_on_a4_across_one_page_with_its_headings(grouped: Book) -> None:
    for sheet in openpyxl.load_workbook(io.BytesIO(xlsx_of(grouped))):
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.page_setup.fitToHeight == 0 and sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows == "$1:$1"


def _pages(data: bytes, name: str, folder: Path) -> int:
    program = shutil.which("soffice")
    assert program, "LibreOffice is not here: apt-get install libreoffice-writer-nogui libreoffice-calc-nogui"
    (folder / name).write_bytes(data)
    command = [program, f"-env:UserInstallation=file://{folder}/lo", "--headless", "--convert-to", "pdf", name]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=240)  # noqa: S603
    pdf = (folder / name).with_suffix(".pdf").read_bytes()
    return max(int(count) for count in re.findall(rb"/Count (\d+)", pdf))


@pytest.mark.libreoffice
@pytest.mark.slow
def test_as_libreoffice_prints_it(tmp_path: Path) -> None:
    project = study(tmp_path / "p")
    book = book_of(project, material_of(project), methods_of(project))
    document = document_of(book)
    listed = [p.text.split("\t") for p in document.paragraphs if p.style.name.startswith("toc ")]
    pages = _pages(docx_bytes(book), "rapport.docx", tmp_path)
    assert int(listed[-1][1]) <= pages <= 14  # the last chapter begins on one of them
    assert _pages(xlsx_of(book), "rapport.xlsx", tmp_path) <= 9  # 52 before sheets were made for paper
    assert pages_of(document)[0] == 2


def test_a_definition_stays_with_what_is_said_of_the_code(tmp_path: Path) -> None:
    project = study(tmp_path / "p")
    book = book_of(project, material_of(project), methods_of(project))
    defined = [code.definition for code in project.codebook if code.definition]
    found = [one for one in document_of(book).paragraphs if one.text in defined]
    assert found and all(one.paragraph_format.keep_with_next for one in found)


def test_the_grid_of_pairs_leaves_out_codes_that_stand_alone(tmp_path: Path) -> None:
    project = study(tmp_path / "p")
    pairs = co_occurrences(material_of(project))
    pairs = replace(pairs, pairs=tuple(replace(one, both=int(one is pairs.pairs[0])) for one in pairs.pairs))
    drawn = heat_map(pairs).alt
    assert len(pairs.codes) > 2 and "Rutenett av 2 koder" in drawn
