"""Documents written anew: headings, names in bold and speakers of a table are found in them as in the old ones."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest

from autokode.corpus.edits import Edits
from autokode.corpus.readers import read_source
from autokode.corpus.transcript import read_transcript
from autokode.pseudonym.register import Register
from autokode.pseudonym.writing import written

TURNS = [
    ("Solveig", "Når gikk ferja?"),
    ("Torvald", "Klokka sju."),
    ("Solveig", "Hver dag?"),
    ("Torvald", "Ikke om søndagen."),
]


def names_in_bold(document: Any) -> None:
    document.add_heading("Del 1", 1)
    for name, said in TURNS:
        document.add_paragraph().add_run(name).bold = True
        document.add_paragraph(said)


def names_in_bold_before_the_words(document: Any) -> None:
    document.add_heading("Del 1", 1)
    for name, said in TURNS:
        paragraph = document.add_paragraph()
        paragraph.add_run(name).bold = True
        paragraph.add_run(f" {said}")


def names_in_a_table(document: Any) -> None:
    document.add_heading("Del 1", 1)
    table = document.add_table(rows=0, cols=3)
    for row in (("Tid", "Taler", "Tekst"), *((f"0:0{i}", *turn) for i, turn in enumerate(TURNS))):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text


@pytest.mark.parametrize("fill", [names_in_bold, names_in_bold_before_the_words, names_in_a_table])
def test_a_word_document_written_anew_has_the_same_speakers(fill: Callable[[Any], None], tmp_path: Path) -> None:
    document = docx.Document()
    fill(document)
    document.save(str(tmp_path / "t.docx"))
    source = read_source(tmp_path / "t.docx")
    (tmp_path / "ny.docx").write_bytes(written(source, ".docx", Edits(()), Register()))
    anew = read_source(tmp_path / "ny.docx")
    assert anew.text == source.text
    assert [anew.text[a:b] for a, b in anew.titles] == ["Del 1"]
    found = read_transcript(tmp_path / "ny.docx")
    assert [(u.speaker, u.text) for u in found.utterances] == TURNS
