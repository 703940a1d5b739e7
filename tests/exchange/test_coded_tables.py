"""Codings in tables of a Word document: the table is read as it is without them, and none of them is lost."""

from pathlib import Path

import docx
from docx.enum.text import WD_COLOR_INDEX

from autokode.corpus.transcript import read_transcript
from autokode.exchange.coded_word import read_marked_docx

HEADS = ("Nr", "Tid", "Hvem", "Tekst")
ROWS = [
    ("1", "0:00", "Ida", "Hvordan  var skolen?"),
    ("2", "0:04", "Per", "Lang vei, og kaldt."),
    ("3", "0:09", "Per", "Vi gikk på ski."),
]


def test_codings_in_every_cell_of_a_table_of_utterances(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(rows=0, cols=len(HEADS))
    for i, row in enumerate((HEADS, *ROWS)):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            run = cell.paragraphs[0].add_run(text)
            if i:
                document.add_comment([run], text=f"kode {row[0]}", author="Unni", initials="U")
            else:
                document.add_comment([run], text="hode", author="Unni", initials="U")
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW if text == ROWS[1][3] else None
    document.save(str(tmp_path / "t.docx"))
    package = read_marked_docx(tmp_path / "t.docx")
    found = read_transcript(tmp_path / "t.docx")
    (own,) = package.documents
    assert own.text == found.text
    assert found.speakers.keys() == {"Ida", "Per"}
    names = {node.guid: node.name for node in package.codes}
    quotes = {
        (own.text[segment.start : segment.end], names[coding.code])
        for segment in own.segments
        for coding in segment.codings
    }
    assert {
        ("Hvordan var skolen?", "kode 1"),
        ("Lang vei, og kaldt.", "kode 2"),
        ("Vi gikk på ski.", "kode 3"),
    } <= quotes
    assert ("Lang vei, og kaldt.", "gul") in quotes
