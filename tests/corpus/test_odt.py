"""OpenDocument texts: styles, tables, text boxes, and what nobody says."""

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autokode.corpus.readers import read_source
from autokode.corpus.readers.source import Source
from autokode.corpus.transcript import read_transcript

SPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in [(n, n) for n in ("office", "text", "table", "style")] + [("draw", "drawing")]
)
SPACES += ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
STYLES = """
<style:style style:name="Fet" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="Tynn" style:family="text"><style:text-properties fo:font-weight="normal"/></style:style>
<style:style style:name="Barn" style:family="text" style:parent-style-name="Fet"/>
<style:style style:name="Tung" style:family="text"><style:text-properties fo:font-weight="700"/></style:style>
<style:style style:name="Borte" style:family="text"><style:text-properties text:display="none"/></style:style>
<style:style style:name="Taler" style:family="paragraph"><style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="Heading_20_2" style:display-name="Heading 2" style:family="paragraph" style:parent-style-name="Heading"/>
<style:style style:name="P9" style:family="paragraph" style:parent-style-name="Heading_20_2"/>
<style:style style:name="Tittelen" style:family="paragraph" style:default-outline-level="1"/>
<style:style style:name="Contents_20_1" style:display-name="Contents 1" style:family="paragraph"/>
"""


def write(folder: Path, body: str, page: str = "") -> Path:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(
            "content.xml",
            f"<office:document-content {SPACES}><office:body><office:text>{body}</office:text></office:body>"
            "</office:document-content>",
        )
        archive.writestr(
            "styles.xml",
            f"<office:document-styles {SPACES}><office:styles>{STYLES}</office:styles><office:master-styles>"
            f"<style:master-page>{page}</style:master-page></office:master-styles></office:document-styles>",
        )
    (folder / "t.odt").write_bytes(stream.getvalue())
    return folder / "t.odt"


def read(folder: Path, body: str, page: str = "") -> Source:
    return read_source(write(folder, body, page))


def p(text: str, style: str = "") -> str:
    return f'<text:p text:style-name="{style}">{text}</text:p>'


def span(text: str, style: str) -> str:
    return f'<text:span text:style-name="{style}">{text}</text:span>'


@pytest.mark.parametrize(
    ("line", "is_bold"),
    [
        (p(span("Ragna", "Fet")), True),
        (p(span("Ragna", "Tung") + ":"), True),
        (p(span("Ragna", "Barn")), True),
        (p("Ragna", "Taler"), True),
        (p(span(span("Ragna", "Borte2"), "Fet")), True),
        (p(span("Ragna", "Tynn"), "Taler"), False),
        (p(span("Ragna", "Fet") + " kom"), False),
        (p("Ragna", "Ukjent"), False),
    ],
)
def test_bold_follows_the_styles(line: str, is_bold: bool, tmp_path: Path) -> None:
    found = read(tmp_path, line)
    assert [found.text[a:b] for a, b in found.headings] == ([found.text] if is_bold else [])


@pytest.mark.parametrize(
    "line", ["<text:h>Del 2</text:h>", p("Del 2", "Heading_20_2"), p("Del 2", "P9"), p("Del 2", "Tittelen")]
)
def test_headings_are_titles(line: str, tmp_path: Path) -> None:
    found = read(tmp_path, line + p("Ja."))
    assert [found.text[a:b] for a, b in found.titles] == ["Del 2"]


@pytest.mark.parametrize(
    "gone",
    [
        "<text:note><text:note-citation>1</text:note-citation><text:note-body>{}</text:note-body></text:note>",
        "<office:annotation><dc:creator>Unni</dc:creator><dc:date>2026-01-01</dc:date>{}</office:annotation>",
    ],
)
def test_notes_and_comments_are_told_and_not_said(gone: str, tmp_path: Path) -> None:
    found = read(tmp_path, p("B: Vi " + gone.format(p("står her")) + "drev fiske."))
    assert found.text == "B: Vi drev fiske."
    assert [part.text for part in found.left_out] == ["står her"]


@pytest.mark.parametrize(
    "gone",
    [
        p(span("Ikke ", "Borte") + span("dette", "Borte")),
        f'<text:section text:display="none">{p("Ikke dette")}</text:section>',
        "<text:tracked-changes><text:changed-region><text:deletion><office:change-info><dc:creator>Unni</dc:creator>"
        f"</office:change-info>{p('Ikke dette')}</text:deletion></text:changed-region></text:tracked-changes>",
        f"<text:table-of-content><text:index-body>{p('Ikke dette')}</text:index-body></text:table-of-content>",
        p("Ikke dette", "Contents_20_1"),
        p("<text:placeholder>Ikke dette</text:placeholder>"),
        p('<text:hidden-paragraph text:is-hidden="true"/>Ikke dette'),
    ],
)
def test_what_nobody_says_leaves_no_line(gone: str, tmp_path: Path) -> None:
    found = read(tmp_path, p("B: Før.") + gone + p("I: Etter?"))
    assert found.text == "B: Før.\nI: Etter?"
    assert [part.text for part in found.left_out] == ["Ikke dette"]


def test_headers_are_told(tmp_path: Path) -> None:
    number = p("<text:page-number>3</text:page-number>")
    page = f"<style:header>{p('Fortrolig')}</style:header><style:footer>{number}</style:footer>"
    found = read(tmp_path, p("B: Ja."), page)
    assert [part.text for part in found.left_out] == ["Fortrolig"]


def test_a_text_box_is_read_after_its_paragraph(tmp_path: Path) -> None:
    box = f"<draw:frame><draw:text-box>{p('B: I boksen.')}</draw:text-box></draw:frame>"
    assert (
        read(tmp_path, p(f"I: Før {box}og etter.") + p("B: Sist.")).text == "I: Før og etter.\nB: I boksen.\nB: Sist."
    )


def test_spaces_tabs_links_and_ruby(tmp_path: Path) -> None:
    body = p(
        'Ku<text:s text:c="2"/>og\n   <text:a>geit</text:a><text:tab/>å<text:line-break/>et so\u00adft '
        "<text:ruby><text:ruby-base>漢</text:ruby-base><text:ruby-text>kan</text:ruby-text></text:ruby>"
    )
    assert read(tmp_path, body).text == "Ku  og geit\tå\net soft 漢"


def cell(text: str, more: str = "") -> str:
    return f"<table:table-cell {more}>{p(text)}</table:table-cell>"


def row(*cells: str) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def test_a_table_with_heads_spans_and_merged_cells(tmp_path: Path) -> None:
    two_rows, three_columns = "table:number-rows-spanned='2'", "table:number-columns-spanned='3'"
    covered = "<table:covered-table-cell/>"
    rows = [
        row(cell("0:03"), cell("Oddvar", two_rows), cell("Garna sto ute.")),
        row(cell("0:09"), covered, cell("Hele natta.")),
        row(cell("Pause", three_columns), '<table:covered-table-cell table:number-columns-repeated="2"/>'),
        row(cell("0:20"), cell("I"), cell("Hvor da?")),
    ]
    heads = f"<table:table-header-rows>{row(cell('Tid'), cell('Hvem'), cell('Tekst'))}</table:table-header-rows>"
    rows.insert(0, heads)
    found = read_transcript(write(tmp_path, p("Intervju 4") + f"<table:table>{''.join(rows)}</table:table>"))
    assert [(cue.speaker, found.text[cue.start : cue.end], cue.begin_s) for cue in found.cues] == [
        ("Oddvar", "Garna sto ute.", 3.0),
        ("Oddvar", "Hele natta.", 9.0),
        ("I", "Hvor da?", 20.0),
    ]
    assert [part.text for part in found.left_out] == ["Intervju 4\nPause"]


WORDS = st.lists(st.sampled_from("torsk sei lange Åse brosme hyse 😀 uer".split()), min_size=1, max_size=4)
PLACES = {
    "said": "{0}",
    "bold": span("{0}", "Fet"),
    "hidden": span("{0}", "Borte"),
    "note": f"<text:note><text:note-body>{p('{0}')}</text:note-body></text:note>",
    "box": f"<draw:frame><draw:text-box>{p('{0}')}</draw:text-box></draw:frame>",
    "link": "<text:a>{0}</text:a>",
    "comment": f"<office:annotation>{p('{0}')}</office:annotation>",
    "deleted": "</text:p><text:tracked-changes><text:deletion>"
    + p("{0}")
    + "</text:deletion></text:tracked-changes><text:p>",
    "table": f"</text:p><table:table><table:table-row>{cell('{0}')}{cell('{0}')}</table:table-row></table:table><text:p>",
}


@given(st.lists(st.tuples(st.sampled_from(sorted(PLACES)), WORDS), min_size=1, max_size=8))
@settings(max_examples=60)
def test_every_letter_is_in_the_text_or_told(
    tmp_path_factory: pytest.TempPathFactory, parts: list[tuple[str, list[str]]]
) -> None:
    body, wanted = "<text:p>ja ", ["ja"]
    for i, (place, words) in enumerate(parts):
        said = " ".join((*words, f"n{i}"))
        body += PLACES[place].format(said) + " "
        wanted += said.split() * (2 if place == "table" else 1)
    found = read(tmp_path_factory.getbasetemp(), body + "</text:p>")
    told = " ".join(part.text for part in found.left_out)
    assert sorted(f"{found.text} {told}".split()) == sorted(wanted)
