"""WordprocessingML as text, for documents of so many runs that objects would take too long; and a document's comments."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from autokode.base.formatting import for_xml
from autokode.report.render.word_document import WORD

if TYPE_CHECKING:
    from docx.document import Document

NAMESPACE = WORD.strip("{}")
RULES = '<w:insideH w:val="single" w:sz="4" w:space="0" w:color="D9D9D9"/>'
"""Hairlines between the rows of a table."""
_BLANKS = re.compile(r"[^\S\n\t]{2,}")
"""Several blanks, as they stand in place of a time stamp."""


def run_xml(text: str, *, style: str = "", look: str = "") -> str:
    """A run; line ends and tabs stay.

    Args:
        text: what it says.
        style: the id of its character style.
        look: further properties, as XML.
    """
    if not text:
        return ""
    parts = re.split(r"(\n|\t)", _BLANKS.sub(" ", for_xml(text.replace("\r\n", "\n").replace("\r", "\n"))))
    inner = "".join(
        {"\n": "<w:br/>", "\t": "<w:tab/>"}.get(part) or f'<w:t xml:space="preserve">{escape(part)}</w:t>'
        for part in parts
        if part
    )
    own = (f"<w:rStyle w:val={quoteattr(style)}/>" if style else "") + look
    return f"<w:r>{f'<w:rPr>{own}</w:rPr>' if own else ''}{inner}</w:r>"


def paragraph_xml(inner: str, *, style: str = "", look: str = "") -> str:
    """A paragraph of runs; the arguments are as in `run_xml`."""
    own = (f"<w:pStyle w:val={quoteattr(style)}/>" if style else "") + look
    return f"<w:p>{f'<w:pPr>{own}</w:pPr>' if own else ''}{inner}</w:p>"


def cell_xml(inner: str, width: float, *, look: str = "") -> str:
    """A cell of paragraphs; `width` in points."""
    return f'<w:tc><w:tcPr><w:tcW w:w="{round(20 * width)}" w:type="dxa"/>{look}</w:tcPr>{inner}</w:tc>'


def in_cell(inner: str, *, look: str = "") -> str:
    """A paragraph of runs in the style of tables."""
    return paragraph_xml(inner, style="NoSpacing", look=look)


def row_xml(cells: Iterable[str], *, head: bool = False) -> str:
    """A row of cells; a head is repeated on each page."""
    return f"<w:tr>{'<w:trPr><w:tblHeader/></w:trPr>' if head else ''}{''.join(cells)}</w:tr>"


def table_xml(rows: Iterable[str], widths: Iterable[float], *, rules: str) -> str:
    """A table of fixed widths, in points; `rules` are its borders, as XML."""
    twips = [round(20 * width) for width in widths]
    grid = "".join(f'<w:gridCol w:w="{one}"/>' for one in twips)
    about = (
        f'<w:tblW w:w="{sum(twips)}" w:type="dxa"/><w:tblBorders>{rules}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar>'
    )
    return f"<w:tbl><w:tblPr>{about}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def append_xml(document: "Document", xml: str) -> None:
    """Add elements at the end of a document's text, as the last that is done to it.

    The whole is read again: to move so many elements from one tree to another takes lxml ten times as long.
    """
    from docx.opc.oxml import serialize_part_xml
    from docx.oxml import parse_xml

    before = serialize_part_xml(document.element)
    at = before.rindex(b"<w:sectPr")
    part: Any = document.part
    part._element = parse_xml(before[:at] + xml.encode() + before[at:])


class Comments:
    """The comments of a document, with no time, so that the same content gives the same bytes."""

    def __init__(self, document: "Document") -> None:
        self._document = document
        self._made: list[str] = []

    def around(self, inner: str, written: Iterable[tuple[str, str]]) -> str:
        """Runs with comments on all of them: (author, text) of each."""
        before, after = self.marks(written)
        return before + inner + after

    def marks(self, written: Iterable[tuple[str, str]]) -> tuple[str, str]:
        """What stands before and after the runs that comments are about."""
        before = after = ""
        for author, text in written:
            number = len(self._made)
            self._made.append(_comment(number, author, text))
            before += f'<w:commentRangeStart w:id="{number}"/>'
            after += f'<w:commentRangeEnd w:id="{number}"/><w:r><w:commentReference w:id="{number}"/></w:r>'
        return before, after

    def save(self) -> None:
        """Put the comments into the document."""
        from docx.oxml import parse_xml

        if self._made:
            part: Any = self._document.part._comments_part
            part.element.extend(parse_xml(f'<w:comments xmlns:w="{NAMESPACE}">{"".join(self._made)}</w:comments>'))


def _comment(number: int, author: str, text: str) -> str:
    initials = "".join(word[0] for word in for_xml(author).split())[:4]
    lines = "".join(paragraph_xml(run_xml(line)) for line in re.split(r"\r\n|\r|\n", text))
    about = f'w:id="{number}" w:author={quoteattr(for_xml(author))} w:initials={quoteattr(initials)}'
    return f"<w:comment {about}>{lines}</w:comment>"


def shade_style(document: "Document", style: str, name: str, colour: str) -> None:
    """Add a character style with a colour behind its text, «#rrggbb».

    A style, and no highlight on the runs: Word then selects all that has it, and autokode's own reader, which takes highlights
    for codes, does not take it for one more.
    """
    from docx.oxml import parse_xml

    shown = quoteattr(re.sub(r"[,;]", " ", for_xml(name)))  # which part names in Word's styles
    document.styles.element.append(
        parse_xml(
            f'<w:style xmlns:w="{NAMESPACE}" w:type="character" w:customStyle="1" w:styleId="{style}"><w:name w:val={shown}/>'
            f'<w:qFormat/><w:rPr><w:shd w:val="clear" w:color="auto" w:fill="{colour.lstrip("#")}"/></w:rPr></w:style>'
        )
    )
