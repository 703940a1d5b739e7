"""A report in Nynorsk is in Nynorsk: its words, its figures, the methods section, and the language that its files state."""

import io
import re
import zipfile
from collections.abc import Iterator

import pytest

from autokode.base.messages import reading_in
from autokode.base.nynorsk import in_nynorsk
from autokode.report.book import Book, book_of
from autokode.report.data_checks import material_of
from autokode.report.methods import methods_of
from autokode.report.methods_text import sections, text_of
from autokode.report.render.page import page
from autokode.report.render.word import docx_bytes
from report_case import study

BOKMAL = re.compile(r"\b(ikke|hvor|hver|hvert|svarene|kodene|intervjuer|ytringer|sammen|oftest)\b")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    project = study(tmp_path_factory.mktemp("rapport") / "prosjekt")
    with reading_in("nn"):
        yield book_of(project, material_of(project), methods_of(project))


def test_the_page_and_its_figures_are_in_nynorsk(made: Book) -> None:
    with reading_in("nn"):
        text = page(made)
    assert '<html lang="nn">' in text and '<div lang="nn">' in text and '<div lang="nb">' not in text
    assert "Kven snakkar om dette, og kven gjer det ikkje" in text and "Søk og innhald" in text
    pictures = [made.pictures.bars, made.pictures.by_group, made.pictures.heat_map, made.pictures.tree]
    said = [line for one in pictures if one for line in (one.caption, one.lesson, one.alt)]
    assert len(said) > 8
    assert [line for line in said if BOKMAL.search(line)] == []


def test_the_word_file_states_its_language(made: Book) -> None:
    with reading_in("nn"), zipfile.ZipFile(io.BytesIO(docx_bytes(made))) as file:
        styles, core = (file.read(name).decode() for name in ("word/styles.xml", "docProps/core.xml"))
    assert 'w:val="nn-NO"' in styles and "nb-NO" not in styles
    assert ">nn-NO<" in core


def test_the_methods_section_is_in_nynorsk_and_english(made: Book) -> None:
    with reading_in("nn"):
        found = list(sections(made.methods))
        assert [code for code, _title, _parts in found] == ["nn", "en"]
        assert [part for part in found[0][2] if BOKMAL.search(part)] == []
        assert "Modellen vart prøvd" in text_of(made.methods) or "Materialet er" in text_of(made.methods)
    with reading_in("en"):
        assert [code for code, _title, _parts in sections(made.methods)] == ["en", "nb"]


def test_a_number_of_something_has_the_word_in_nynorsk() -> None:
    assert in_nynorsk("3 kodinger er endret siden, og står") == "3 kodingar er endra sidan, og står"
