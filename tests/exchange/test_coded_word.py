"""Word documents coded by hand: comments and colours become codings at the right positions everywhere in a document."""

from pathlib import Path

import docx
import pytest
from docx.enum.text import WD_COLOR_INDEX

from autokode import read_transcript
from autokode.base.errors import DataError
from autokode.exchange.code_trees import codebook_of
from autokode.exchange.coded_word import read_marked_docx
from autokode.exchange.package.contents import Package
from autokode.exchange.package_import import import_package
from autokode.project import Project
from autokode.project.store.decision_rows import memos
from conftest import SHARED, needs_shared
from exchange_case import quotes


def found(package: Package) -> set[tuple[str, str]]:
    return {(quote, code) for _document, quote, code in quotes(package)}


def test_comments_and_colours(tmp_path: Path) -> None:
    document = docx.Document()
    first = document.add_paragraph("Åse: ")
    told = first.add_run("Vi må ta oss tid 😀")
    rest = first.add_run(" og så videre.")
    second = document.add_paragraph()
    power = second.add_run("Jeg har pengene")
    power.font.highlight_color = WD_COLOR_INDEX.YELLOW
    more = second.add_run(", sånn er det.")
    more.font.highlight_color = WD_COLOR_INDEX.YELLOW
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text = "Berit:"
    cell = table.cell(0, 1).paragraphs[0].add_run("de er   redde")
    document.add_comment([told], text="tillit og trygghet; Tid", author="Kari", initials="K")
    document.add_comment([told, rest], text="tid, makt", author="Ola", initials="O")
    document.add_comment([power], text="makt", author="Ola", initials="O")
    document.add_comment(
        [cell], text="Her lurer jeg på om det egentlig er noe helt annet.", author="Kari", initials="K"
    )
    document.add_comment([cell], text="tid", author="Kari", initials="K")
    document.save(str(tmp_path / "kodet.docx"))
    package = read_marked_docx(tmp_path / "kodet.docx")
    assert package.documents[0].text == read_transcript(tmp_path / "kodet.docx").text
    tid = next(node.name for node in package.codes if node.name.casefold() == "tid")
    assert found(package) == {
        ("Vi må ta oss tid 😀", "tillit og trygghet"),
        ("Vi må ta oss tid 😀", tid),
        ("Vi må ta oss tid 😀 og så videre.", tid),
        ("Vi må ta oss tid 😀 og så videre.", "makt"),
        ("Jeg har pengene", "makt"),
        ("Jeg har pengene, sånn er det.", "gul"),
        ("de er redde", tid),
    }
    assert {user.name for user in package.users} == {"Kari", "Ola"}
    assert [note.text for note in package.notes] == ["Her lurer jeg på om det egentlig er noe helt annet."]
    assert next(node.colour for node in package.codes if node.name == "gul") == "#ffff00"
    times = [given.time for one in package.documents[0].segments for given in one.codings if given.user]
    assert times and all(times)


def test_a_comment_over_several_paragraphs_and_one_over_deleted_text(tmp_path: Path) -> None:
    document = docx.Document()
    one = document.add_paragraph().add_run("Først dette.")
    two = document.add_paragraph().add_run("Så dette.")
    gone = document.add_paragraph().add_run("")
    document.add_comment([one, two], text="tid", author="K")
    document.add_comment([gone], text="makt", author="K")
    document.save(str(tmp_path / "k.docx"))
    package = read_marked_docx(tmp_path / "k.docx")
    assert found(package) == {("Først dette.\nSå dette.", "tid")}
    assert "1 kommentarer uten tekst" in package.remarks[0]


def test_headings_in_bold_are_still_headings_under_a_comment(tmp_path: Path) -> None:
    document = docx.Document()
    for name, text in (("Berit", "Da begynner vi."), ("Anne", "Ja."), ("Berit", "Bra.")):
        heading = document.add_paragraph().add_run(name)
        heading.bold = True
        said = document.add_paragraph().add_run(text)
        document.add_comment([heading, said], text="start", author="K")
    document.save(str(tmp_path / "b.docx"))
    assert len(quotes(read_marked_docx(tmp_path / "b.docx"))) == 3
    assert read_transcript(tmp_path / "b.docx").speakers == {"Berit": 2, "Anne": 1}


@needs_shared
def test_real_coded_documents(tmp_path: Path) -> None:
    package = read_marked_docx(SHARED / "qda" / "bopp_test_examples.docx")
    assert len(package.documents[0].segments) == 18
    assert ("I felt engrossed, like I was involved in an interactive movie.", "immersion") in found(package)
    assert not any(quote != quote.strip() for quote, _code in found(package))
    larger = read_marked_docx(SHARED / "qda" / "bopp_test_augmented_1.docx")
    assert len(larger.documents[0].segments) == 119
    assert larger.documents[0].text == read_transcript(SHARED / "qda" / "bopp_test_augmented_1.docx").text
    project = Project.create(tmp_path / "p", codebook_of(larger)[0])
    taken = import_package(project, larger)
    assert (taken.transcripts, taken.codings) == (1, len(quotes(larger)))
    told = "\n".join(memo.text for memo in memos(project))
    assert len(larger.notes) == 17
    assert all(note.text in told for note in larger.notes)


def test_a_document_without_codings_raises(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Åse: ja")
    document.save(str(tmp_path / "u.docx"))
    with pytest.raises(DataError, match=r"har verken kommentarer eller fargemarkeringer\nPrøv: autokode add"):
        read_marked_docx(tmp_path / "u.docx")


def test_numbers_in_comments_are_the_codebooks_numbers(tmp_path: Path) -> None:
    from autokode.corpus.codebook import Codebook

    document = docx.Document()
    run = document.add_paragraph("Åse: ").add_run("vi tar en kaffe først")
    document.add_comment([run], text="10; 12", author="K")
    document.save(str(tmp_path / "n.docx"))
    book = Codebook.from_yaml("koder:\n- navn: relasjonsarbeid\n  nummer: 10\n- navn: matching\n  nummer: 12\n")
    project = Project.create(tmp_path / "p", book)
    assert import_package(project, read_marked_docx(tmp_path / "n.docx")).codes == 0
    assert {coding.code for coding in project.codings()} == {"relasjonsarbeid", "matching"}
