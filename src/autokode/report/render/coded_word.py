"""Coded interviews as a Word file: the codes in a column beside the text or, to be taken in again, as comments."""

from typing import TYPE_CHECKING

from autokode.base.extras import require
from autokode.base.messages import say
from autokode.report.code_colours import line, tint
from autokode.report.coded_text import CodedInterview, CodedText, InMargin, Piece, Row
from autokode.report.render.coded_words import about_interview, about_text, coders_in_margin, goes_on, how_shown
from autokode.report.render.word_document import DARK, GREY, PAGE_WIDTH, TABLE, new_document, saved
from autokode.report.render.word_parts import POINTS
from autokode.report.render.word_xml import (
    RULES,
    Comments,
    append_xml,
    cell_xml,
    in_cell,
    paragraph_xml,
    row_xml,
    run_xml,
    shade_style,
    table_xml,
)

if TYPE_CHECKING:
    from docx.document import Document

PAPER, INK = "#ffffff", f"#{DARK}"
NARROW = 2.0
"""Margins to the left and right of the interviews, in cm."""
NUMBER, BESIDE = 1.0, 4.8
"""Widths of the columns of numbers and of codes, in cm; the text has the rest."""
_QUIET = f'<w:color w:val="{GREY}"/>'
_SMALL = f'<w:sz w:val="{round(2 * TABLE - 2)}"/>'
_BRACKET = f'<w:b/>{_QUIET}<w:vertAlign w:val="superscript"/>'
NOTE = "Notat: ", "Memo: "
"""What stands before a memo in a comment, so that no reader takes it for a code (`exchange.word_comments`)."""


def coded_docx(text: CodedText, *, as_comments: bool = False) -> bytes:
    """Make the .docx file of coded interviews; the same bytes for the same interviews.

    Args:
        text: the interviews.
        as_comments: whether each coding is a comment by its coder, as `autokode import` reads it, and nothing stands beside.
    """
    require("office")
    from docx.shared import Cm

    document = new_document(text.title, subject=say("Kodede intervjuer", "Coded interviews"))
    section = document.sections[0]
    section.left_margin = section.right_margin = Cm(NARROW)
    writer = _CodedWord(document, text, as_comments)
    writer.write()
    return saved(document)


class _CodedWord:
    """A Word file that is being written."""

    def __init__(self, document: "Document", text: CodedText, as_comments: bool) -> None:
        self.document, self.text, self.as_comments = document, text, as_comments
        self.comments = Comments(document)
        self.styles = {one.code: f"kode{i}" for i, one in enumerate(text.legend, 1)}
        self.lines = {one.code: line(one.colour, paper=PAPER, ink=INK).lstrip("#") for one in text.legend}
        for one in text.legend:
            name = f"{say('Kode', 'Code')}: {one.code}"
            shade_style(document, self.styles[one.code], name, tint(one.colour, paper=PAPER, ink=INK))
        self.widths = [POINTS * one for one in (NUMBER, PAGE_WIDTH - 2 * NARROW - NUMBER - BESIDE, BESIDE)]

    def write(self) -> None:
        if self.as_comments:
            self.document.element.body.remove(self.document.paragraphs[0]._p)  # the interviews alone are text
        parts = [] if self.as_comments else list(self._front())
        for one in self.text.interviews:
            parts.append(self._heading(one))
            parts += [self._as_paragraph(row) for row in one.rows] if self.as_comments else [self._as_table(one)]
        append_xml(self.document, "".join(parts))
        self.comments.save()

    def _front(self) -> "list[str]":
        about = f"{say('Kodede intervjuer', 'Coded interviews')}: {about_text(self.text)}"
        half = [1.0 * POINTS, 10.0 * POINTS, 2.5 * POINTS]
        heads = ("", say("Kode", "Code"), say("Kodinger", "Codings"))
        rows = [
            row_xml(
                [cell_xml(in_cell(run_xml(head, look="<w:b/>")), w) for head, w in zip(heads, half, strict=True)],
                head=True,
            )
        ]
        for one in self.text.legend:
            fill = tint(one.colour, paper=PAPER, ink=INK).lstrip("#")
            name = self.comments.around(run_xml(one.code), [(who, _note(memo)) for who, memo in one.memos])
            cells = [
                cell_xml(in_cell(""), half[0], look=f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>'),
                cell_xml(in_cell(name), half[1]),
                cell_xml(in_cell(run_xml(str(one.codings))), half[2]),
            ]
            rows.append(row_xml(cells))
        memos = [(who, _note(memo)) for who, memo in self.text.memos]
        return [
            paragraph_xml(self.comments.around(run_xml(about), memos), style="Subtitle"),
            paragraph_xml(run_xml(how_shown())),
            table_xml(rows, half, rules=RULES),
        ]

    def _heading(self, one: CodedInterview) -> str:
        memos = [(who, _note(memo)) for who, memo in one.memos]
        heading = paragraph_xml(self.comments.around(run_xml(one.name), memos), style="Heading1")
        if self.as_comments:
            return heading
        return heading + paragraph_xml(run_xml(about_interview(one), look=_QUIET), look="<w:keepNext/>")

    def _as_table(self, one: CodedInterview) -> str:
        heads = (say("Nr.", "No."), say("Ytring", "Utterance"), say("Koder", "Codes"))
        head = [
            cell_xml(in_cell(run_xml(text, look=f"<w:b/>{_QUIET}")), w)
            for text, w in zip(heads, self.widths, strict=True)
        ]
        rows = [row_xml(head, head=True)]
        for row in one.rows:
            number = in_cell(run_xml("" if row.number is None else str(row.number), look=_QUIET + _SMALL))
            margin = "".join(map(self._in_margin, row.margin)) or in_cell("")
            cells = [number, in_cell(self._words(row)), margin]
            rows.append(row_xml([cell_xml(cell, width) for cell, width in zip(cells, self.widths, strict=True)]))
        return table_xml(rows, self.widths, rules=RULES)

    def _in_margin(self, one: InMargin) -> str:
        number = run_xml(f"{one.number} ", look=_BRACKET) if one.number else ""
        more = " · ".join(filter(None, (coders_in_margin(self.text, one), goes_on() if one.goes_on else "")))
        said = number + run_xml(one.given.code + " ★" * one.given.is_good, look=_SMALL)
        said += run_xml(f" {more}", look=_QUIET + _SMALL) if more else ""
        stripe = f'<w:left w:val="single" w:sz="24" w:space="5" w:color="{self.lines[one.given.code]}"/>'
        return in_cell(said, look=f'<w:pBdr>{stripe}</w:pBdr><w:ind w:left="140"/>')

    def _as_paragraph(self, row: Row) -> str:
        return paragraph_xml(self._words(row))

    def _words(self, row: Row) -> str:
        """A row's words with their colours, brackets and comments."""
        opening = ["" for _ in row.pieces]
        closing = ["" for _ in row.pieces]
        for index, one in enumerate(row.margin):
            there = [i for i, piece in enumerate(row.pieces) if index in piece.shown]
            written = [] if one.goes_on else self._comments_on(one)
            if there and written:
                before, after = self.comments.marks(written)
                opening[there[0]] += before
                closing[there[-1]] += after
        label = run_xml(f"{row.speaker}: ", look="<w:b/>") if row.speaker else ""
        quiet = "<w:i/>" + _QUIET if row.asks or row.number is None else ""
        words = "".join(
            start + self._piece(piece, quiet) + end
            for start, piece, end in zip(opening, row.pieces, closing, strict=True)
        )
        return label + self.comments.around(words, [(who, _note(memo)) for who, memo in row.memos])

    def _comments_on(self, one: InMargin) -> "list[tuple[str, str]]":
        codes = [(who, one.given.code) for who in one.given.coders] if self.as_comments else []
        return [*codes, *((who, _note(memo)) for who, memo in one.given.memos)]

    def _piece(self, piece: Piece, quiet: str) -> str:
        brackets = not self.as_comments
        before = "".join(run_xml(f"[{number}", look=_BRACKET) for number in piece.opens if brackets)
        after = "".join(run_xml(f"{number}]", look=_BRACKET) for number in piece.closes if brackets)
        style = self.styles[piece.codes[0]] if piece.codes else ""
        under = f'<w:u w:val="thick" w:color="{self.lines[piece.codes[1]]}"/>' if piece.codes[1:] else ""
        return before + run_xml(piece.text, style=style, look=quiet + under) + after


def _note(memo: str) -> str:
    return say(*NOTE) + memo
