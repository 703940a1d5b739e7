"""What a coded transcript shows: every line, every code, and where each begins and ends; and the colours behind words."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autokode import Codebook
from autokode.corpus.outside import unsaid_lines
from autokode.corpus.readers.source import Source
from autokode.corpus.transcript import from_source
from autokode.report.code_colours import LINE, PALETTE, READABLE, STRAY, colours_of, contrast, line, tint
from autokode.report.coded_text import GivenCode, Row, coded_interview, legend_of
from autokode.report.render.coded_page import DARK, LIGHT
from conftest import ROOT

SAID = "Det regner ute.\n\nI: Hva skjer?\n\nKari: Vi går en tur, og så ringer vi.\n\nDel 2: Arbeid\n\nKari: Ja.\n"
TALK = from_source(Source(SAID), "gåtur")
BOOK = Codebook.from_yaml(
    "koder:\n- navn: tur\n  farge: '#ffdd00'\n  koder:\n  - navn: ute\n- navn: telefon\n- navn: ubrukt\n"
)


def on(words: str, code: str, *coders: str) -> GivenCode:
    start = SAID.index(words)
    return GivenCode(start, start + len(words), code, coders or ("Anne",))


def said(row: Row) -> str:
    return "".join(piece.text for piece in row.pieces)


def test_every_line_is_shown_once_also_those_that_nobody_says() -> None:
    shown = coded_interview(TALK, [on("Vi går", "tur")])
    assert [(row.number, row.speaker, said(row)) for row in shown.rows] == [
        (None, "", "Det regner ute."),
        (1, "I", "Hva skjer?"),
        (2, "Kari", "Vi går en tur, og så ringer vi."),
        (None, "", "Del 2: Arbeid"),
        (3, "Kari", "Ja."),
    ]
    assert [row.asks for row in shown.rows] == [False, True, False, False, False]


def test_labels_on_lines_of_their_own_are_no_text() -> None:
    turns = "KARI\nVi går.\n\nOLA\nJa, det gjør vi.\n\n"
    own = from_source(Source(turns * 3), "x")
    assert set(own.speakers) == {"KARI", "OLA"} and not list(unsaid_lines(own))


def test_one_place_needs_no_brackets_and_several_have_them() -> None:
    alone = coded_interview(TALK, [on("Vi går en tur", "tur", "Anne", "Berit"), on("Vi går en tur", "ute")]).rows[2]
    assert [(one.given.code, one.number) for one in alone.margin] == [("tur", 0), ("ute", 0)]
    assert all(not piece.opens and not piece.closes for piece in alone.pieces)
    row = coded_interview(TALK, [on("Vi går en tur", "tur"), on("en tur, og så ringer", "telefon")]).rows[2]
    assert [(one.given.code, one.number) for one in row.margin] == [("tur", 1), ("telefon", 2)]
    assert [(piece.text, piece.codes, piece.opens, piece.closes) for piece in row.pieces] == [
        ("Vi går ", ("tur",), (1,), ()),
        ("en tur", ("tur", "telefon"), (2,), (1,)),
        (", og så ringer", ("telefon",), (), (2,)),
        (" vi.", (), (), ()),
    ]


def test_a_code_across_utterances_goes_on_and_counts_once() -> None:
    across = GivenCode(SAID.index("ringer"), SAID.index("Ja.") + 3, "tur", ("Anne",))
    shown = coded_interview(TALK, [across])
    assert [one.goes_on for row in shown.rows for one in row.margin] == [False, True, True]
    assert shown.codings == 1 and [said(row) for row in shown.rows][-1] == "Ja."


@given(st.lists(st.tuples(st.integers(0, len(SAID)), st.integers(0, len(SAID)), st.sampled_from(["tur", "ute"]))))
def test_pieces_are_the_text_and_show_every_code_where_it_is(spans: list[tuple[int, int, str]]) -> None:
    codes = list(
        {(min(a, b), max(a, b), code): GivenCode(min(a, b), max(a, b), code, ("A",)) for a, b, code in spans}.values()
    )
    shown = coded_interview(TALK, codes)
    for row in shown.rows:
        for index, one in enumerate(row.margin):
            covered = "".join(piece.text for piece in row.pieces if index in piece.shown)
            assert covered and covered in said(row)
            assert covered in SAID[one.given.start : one.given.end] or row.number is None
        opened = [number for piece in row.pieces for number in piece.opens]
        closed = [number for piece in row.pieces for number in piece.closes]
        assert sorted(opened) == sorted(closed) == sorted({one.number for one in row.margin} - {0})
    words = [said(row) for row in shown.rows if row.number is not None]
    assert words == [one.text for one in TALK.utterances]
    assert all(one <= other for one, other in pairwise(row.number for row in shown.rows if row.number is not None))


def test_a_legend_has_the_codes_used_in_the_order_of_the_codebook_and_strays_last() -> None:
    legend = legend_of(BOOK, [on("Ja.", "løs"), on("Vi går", "telefon", "A", "B"), on("en tur", "ute")], {})
    assert [(one.code, one.colour, one.codings) for one in legend] == [
        ("ute", "#ffdd00", 1),
        ("telefon", PALETTE[1], 2),
        ("løs", STRAY, 1),
    ]
    assert set(colours_of(BOOK)) == {code.name for code in BOOK}


@given(st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}"))
def test_words_are_readable_on_every_colour_and_lines_are_seen(colour: str) -> None:
    for paper, ink in (LIGHT, DARK):
        assert contrast(ink, tint(colour, paper=paper, ink=ink)) >= READABLE
        assert contrast(paper, line(colour, paper=paper, ink=ink)) >= LINE


def test_categories_have_the_colours_of_the_page() -> None:
    sheet = (ROOT / "src/autokode/review/static/review.css").read_text(encoding="utf-8")
    assert tuple(re.findall(r"--k\d: (#\w+)", sheet)[: len(PALETTE)]) == PALETTE


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_page_has_the_papers_that_contrasts_are_counted_on(name: str) -> None:
    page = (ROOT / "src/autokode/report/render/templates/coded.html").read_text(encoding="utf-8")
    paper, ink = LIGHT if name == "light" else DARK
    assert f"--text: {ink};" in page and f"--back: {paper};" in page
