"""Rich text: what is hidden, deleted or beside the text is told and not said; tables, code pages, headings."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autokode.corpus.readers import read_source
from autokode.corpus.readers.source import Source
from autokode.corpus.transcript import Transcript, read_transcript

HEAD = rb"{\rtf1\ansi\ansicpg1252\deff0\uc1{\fonttbl{\f0\fswiss\fcharset0 Arial;}{\f1\fcharset238 Arial CE;}}"


def rtf(folder: Path, body: str | bytes, head: bytes = HEAD) -> Path:
    path = folder / "t.rtf"
    path.write_bytes(head + (body.encode("cp1252") if isinstance(body, str) else body) + b"}")
    return path


def source(folder: Path, body: str | bytes, head: bytes = HEAD) -> Source:
    return read_source(rtf(folder, body, head))


def heard(transcript: Transcript) -> list[tuple[str, str]]:
    return [(u.speaker, u.text) for u in transcript.utterances]


def left(found: Source) -> dict[str, str]:
    return {part.reason: part.text for part in found.left_out}


@pytest.mark.parametrize(
    "body",
    [
        r"ja {\v gjemt} nei",
        r"ja \v gjemt\v0  nei",
        r"ja {\v0\v gjemt\plain} nei",
        r"ja {\deleted\revauthdel1\revdttmdel5 gjemt} nei",
        r"ja {\b\deleted gj{\i emt}}{\deleted0} nei",
        r"ja {\footnote\pard\plain{\super\chftn} gjemt} nei",
        r"ja {\*\annotation{\*\atndate 7}\pard gjemt} nei",
        r"ja {\xe gjemt} nei",
    ],
)
def test_what_nobody_says_is_told_and_not_said(body: str, tmp_path: Path) -> None:
    found = source(tmp_path, body + r"\par")
    assert found.text.split() == ["ja", "nei"]
    assert [part.text for part in found.left_out] == ["gjemt"]


def test_headers_and_footers_are_told_once_and_page_numbers_not_at_all(tmp_path: Path) -> None:
    margins = r"{\header Fortrolig\par}{\headerl\pard Fortrolig\par}{\footerf {\field{\*\fldinst PAGE}{\fldrslt 3}}}"
    found = source(tmp_path, rf"{margins}\pard I: Går det bra?\par")
    assert found.text.rstrip() == "I: Går det bra?"
    assert [part.text for part in found.left_out] == ["Fortrolig"]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (r'{\field{\*\fldinst{HYPERLINK "https://ost.no/x"}}{\fldrslt {\ul skiltet}}} her', "skiltet her"),
        (r"{\field\fldedit{\*\fldinst { FORMTEXT }{\*\datafield 00}}{\fldrslt Nina}} her", "Nina her"),
        (r"{\listtext\pard 1.\tab}Ku", "Ku"),
        (r"{\pntext\f1 a)\tab}{\*\pn\pnlvlbody}Ku", "Ku"),
        (r"{\*\bkmkstart navn}Ku{\*\bkmkend navn}", "Ku"),
        (r"{\pict\wmetafile8 0a0b}{\*\shppict{\pict\bin4 a}b}}}Ku", "Ku"),
        (r"{\object\objemb{\*\objdata 01}{\result Ku}}", "Ku"),
        (r"{\upr{K?}{\*\ud{K\u248 ?}}}", "Kø"),
        (r"\uc0 K\u248 \uc2 k\u248 ??\uc1 e", "Køkøe"),
        (r"K\u248\'f8k\u248?e", "Køkøe"),
        (r"\u-10179?\u-8704? \u-10179? x", "😀  x"),
        (r"\ldblquote Ku\rdblquote\~\endash\line\emdash\bullet\lquote a\rquote", "“Ku”\u00a0–\n—•‘a’"),
        (r"ku\-fjøs e\_post \{a\} \\", "kufjøs e-post {a} \\"),
        (r"{\f1 \'b3\'f3d\'9f} \'f8", "łódź ø"),
        ("f\xf8r \\'f8kt\\\nny", "før økt\nny"),
    ],
)
def test_the_letters_of_a_text(body: str, text: str, tmp_path: Path) -> None:
    assert source(tmp_path, body).text == text


@pytest.mark.parametrize(
    ("head", "letters"),
    [
        (rb"{\rtf1\mac ", rb"\'8c \'be \'bf \'81"),
        (rb"{\rtf1\ansi\ansicpg10000 ", rb"\'8c \'be \'bf \'81"),
        (rb"{\rtf1\pca ", rb"\'86 \'91 \'9b \'8f"),
        (rb"{\rtf1\ansi\ansicpg65001 ", rb"\'c3\'a5 \'c3\'a6 \'c3\'b8 \'c3\'85"),
        (rb"{\rtf1\ansi\ansicpg9999 ", rb"\'e5 \'e6 \'f8 \'c5"),
        (rb"{\rtf1\ansi ", "å æ ø Å".encode()),
    ],
)
def test_code_pages(head: bytes, letters: bytes, tmp_path: Path) -> None:
    assert source(tmp_path, letters, head).text == "å æ ø Å"


def row(*cells: str, before: str = "") -> str:
    edges = "".join(rf"\cellx{3000 * (i + 1)}" for i in range(len(cells)))
    return rf"\trowd{before}{edges}" + "".join(rf"\pard\intbl {cell}\cell" for cell in cells) + "\\row\n"


def test_a_table_with_heads(tmp_path: Path) -> None:
    rows = [row("Nr", "Hvem", "Ytring", before=r"\trhdr")]
    rows += [row(str(i + 1), "Ystersken" if i % 2 else "I", f"Runde {i}\\par med ost") for i in range(4)]
    found = read_transcript(rtf(tmp_path, r"\pard Om ysting\par" + "".join(rows) + r"\pard Takk for nå\par"))
    assert heard(found) == [("Ystersken" if i % 2 else "I", f"Runde {i} med ost") for i in range(4)]
    assert [part.text for part in found.left_out] == ["Om ysting\nTakk for nå"]


def test_a_table_without_heads_and_cells_that_span(tmp_path: Path) -> None:
    across = r"\trowd\cellx6000\pard\intbl Del 2\cell\row "
    rows = [row("I", "Hvor ligger setra?"), row("Budeia", "Innerst i dalen."), across, row("I", "Og veien?")]
    found = read_transcript(rtf(tmp_path, "".join(rows)))
    assert heard(found) == [("I", "Hvor ligger setra?"), ("Budeia", "Innerst i dalen."), ("I", "Og veien?")]
    assert [part.text for part in found.left_out] == ["Del 2"]


def test_bold_names_and_headings(tmp_path: Path) -> None:
    body = r"{\stylesheet{\s0 Normal;}{\s3\b heading 2;}{\s4 toc 1;}}"
    body += r"\pard\s3\outlinelevel1\b Del 1\par\pard\plain\s4 Del 1\tab 2\par\pard\plain\b Ine\b0:\par\pard Hei\par"
    found = source(tmp_path, body)
    assert found.text.splitlines() == ["Del 1", "Ine:", "Hei"]
    assert [found.text[a:b] for a, b in found.titles] == ["Del 1"]
    assert [found.text[a:b] for a, b in found.headings] == ["Del 1", "Ine:"]
    assert left(found) == {"linjer i innholdsfortegnelsen": "Del 1 2"}


def test_a_text_box_is_read_once_after_its_paragraph(tmp_path: Path) -> None:
    old = r"{\shprslt{\*\do{\dptxbxtext B: Fra boksen.\par}}}"
    box = rf"{{\shp{{\*\shpinst{{\sp{{\sn x}}{{\sv 1}}}}{{\shptxt\pard B: Fra boksen.\par}}}}{old}}}"
    found = source(tmp_path, rf"\pard I: Før {box}og etter.\par\pard B: Sist.\par")
    assert found.text.splitlines() == ["I: Før og etter.", "B: Fra boksen.", "B: Sist."]


PLACES = {
    "said": "{0}",
    "hidden": r"{{\v {0}}}",
    "deleted": r"{{\deleted {0}}}",
    "note": r"{{\footnote\pard {0}\par}}",
    "comment": r"{{\*\annotation {0}}}",
    "margin": r"{{\header {0}}}",
    "link": r'{{\field{{\*\fldinst{{HYPERLINK "x"}}}}{{\fldrslt {0}}}}}',
    "box": r"{{\shp{{\*\shpinst{{\shptxt {0}\par}}}}}}",
    "cells": r"\par\trowd\cellx9\cellx900\pard\intbl {0}\cell {0}\cell\row\pard ",
}
WORDS = st.lists(st.sampled_from("ku geit høne Åse sæter blåbær fjøs 😀 melk".split()), min_size=1, max_size=4)


def spelt(text: str) -> str:
    units = text.encode("utf-16-le")
    numbers = [int.from_bytes(units[i : i + 2], "little", signed=True) for i in range(0, len(units), 2)]
    return "".join(chr(n) if 0 < n < 128 else rf"\u{n}?" for n in numbers)


@given(st.lists(st.tuples(st.sampled_from(sorted(PLACES)), WORDS, st.booleans()), min_size=1, max_size=8))
@settings(max_examples=60)
def test_every_letter_is_in_the_text_or_told(
    tmp_path_factory: pytest.TempPathFactory, parts: list[tuple[str, list[str], bool]]
) -> None:
    folder = tmp_path_factory.getbasetemp()
    body, wanted = r"\pard ja ", ["ja"]
    for i, (place, words, ends) in enumerate(parts):
        said = " ".join((*words, f"n{i}"))
        body += PLACES[place].format(spelt(said)) + (r"\par " if ends else " ")
        wanted += said.split() * (2 if place == "cells" else 1)
    found = source(folder, body)
    told = " ".join(part.text for part in found.left_out)
    assert sorted(f"{found.text} {told}".split()) == sorted(wanted)
    assert all(found.text[a:b].strip() == found.text[a:b] for cue in found.cues for a, b in [(cue.start, cue.end)])
