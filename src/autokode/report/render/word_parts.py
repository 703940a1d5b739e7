"""Parts of a Word document: pictures and tables with numbered captions, numbered references, a table of contents."""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from autokode.base.formatting import for_xml, one_line
from autokode.base.messages import say
from autokode.corpus.utterance import Place
from autokode.report.plots import WIDE, Picture
from autokode.report.quote import Quote
from autokode.report.render.text_widths import breakable, columns
from autokode.report.render.word_document import TABLE, TEXT_WIDTH, WORD, element, field

if TYPE_CHECKING:
    from docx.document import Document

POINTS = 72 / 2.54
"""Points in a cm."""
BESIDE = 9.0
"""What a cell has beside its text, in points: the margins of the cell, and room for the rounding of widths."""
WHOLE = 12
"""Most rows of a table that is kept on one page."""
DEEPEST_LISTED = 3
"""Deepest level of headings in the table of contents."""


def set_language(run: Any, tag: str) -> None:
    run._element.get_or_add_rPr().append(element("w:lang", val=tag))


class Captions:
    """Numbers tables and pictures as Word does, in fields that count again when somebody moves them."""

    def __init__(self, document: "Document") -> None:
        self.document = document
        self._last = {"table": 0, "figure": 0}

    def add(self, kind: str, text: str) -> Any:
        self._last[kind] += 1
        word = say("Tabell", "Table") if kind == "table" else say("Figur", "Figure")
        caption = self.document.add_paragraph(style="Caption")
        caption.add_run(f"{word} ").bold = True
        for run in field(caption, f"SEQ {word} \\* ARABIC", str(self._last[kind])):
            run.bold = True
        caption.add_run(for_xml(f". {text}"))
        return caption


def add_picture(captions: Captions, picture: Picture) -> None:
    """Add a picture, and under it its number, its title and what it tells."""
    from docx.shared import Inches

    shape = captions.document.add_picture(io.BytesIO(picture.png), width=Inches(WIDE))
    about = shape._inline.docPr
    about.set("descr", for_xml(picture.alt))
    about.set("title", for_xml(picture.caption))
    captions.document.paragraphs[-1].paragraph_format.keep_with_next = True
    captions.add("figure", f"{picture.caption}. {picture.lesson}")


def add_table(
    captions: Captions, title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], *, texts: Sequence[int] = (0,)
) -> None:
    """Add a table under its number and title: light rules, its heading on each page, no row and no word broken.

    Args:
        captions: of the document.
        title: of the table.
        heads, rows: the cells.
        texts: the columns of text; the others hold numbers, and stand to the right.
    """
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    caption = captions.add("table", title)
    caption.paragraph_format.keep_with_next = True
    caption.paragraph_format.space_before, caption.paragraph_format.space_after = Pt(10), Pt(4)
    whole = TEXT_WIDTH * POINTS
    cells = [
        [breakable(for_xml(text), TABLE, whole * (0.45 if len(texts) == 1 else 0.32)) for text in row]
        for row in (heads, *rows)
    ]
    widths = columns(cells, TABLE, whole, BESIDE, texts)
    document = captions.document
    table = document.add_table(len(cells), len(heads))
    _rule(table, widths)
    made = iter(table._cells)
    for number, row in enumerate(cells):
        for column, text in enumerate(row):
            cell = next(made)
            cell.width = Pt(widths[column])
            paragraph = cell.paragraphs[0]
            paragraph.style = document.styles["No Spacing"]
            paragraph.add_run(text).bold = True if not number else None
            if column not in texts:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            if number == 0 or (len(rows) <= WHOLE and number < len(rows)):
                paragraph.paragraph_format.keep_with_next = True
    for row in table.rows:
        row._tr.get_or_add_trPr().append(element("w:cantSplit"))
    table.rows[0]._tr.get_or_add_trPr().append(element("w:tblHeader"))
    document.add_paragraph().paragraph_format.space_after = Pt(4)


def _rule(table: Any, widths: Sequence[float]) -> None:
    """Give a table its widths, a rule above, below and under its heading, and hairlines between its rows."""
    from docx.shared import Pt

    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Pt(width)
    properties = table._tbl.tblPr
    borders = element("w:tblBorders")
    for side, size, colour in (("top", 6, "595959"), ("bottom", 6, "595959"), ("insideH", 4, "D9D9D9")):
        borders.append(element(f"w:{side}", val="single", sz=size, space=0, color=colour))
    margins = element("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(element(f"w:{side}", w=70, type="dxa"))
    properties.append(element("w:tblW", w=round(20 * sum(widths)), type="dxa")) if properties.find(
        f"{WORD}tblW"
    ) is None else properties.find(f"{WORD}tblW").set(f"{WORD}w", str(round(20 * sum(widths))))
    properties.find(f"{WORD}tblW").set(f"{WORD}type", "dxa")
    layout = properties.find(f"{WORD}tblLayout")
    layout.addprevious(borders)
    layout.addnext(margins)
    for cell in table.rows[0].cells:
        under = element("w:tcBorders")
        under.append(element("w:bottom", val="single", sz=6, space=0, color="595959"))
        cell._tc.get_or_add_tcPr().append(under)


class References:
    """Small numbers behind quotes, which lead to the places in the interviews, listed at the end."""

    def __init__(self) -> None:
        self.cited: dict[Place, list[Quote]] = {}

    def to(self, paragraph: Any, quote: Quote) -> None:
        """Add the number of a quote's answer, as a link to it."""
        place = (quote.transcript, quote.utterance)
        self.cited.setdefault(place, []).append(quote)
        number = [*self.cited].index(place) + 1
        paragraph.add_run("\u00a0")
        link = element("w:hyperlink", anchor=f"sted{number}", history=1)
        run = paragraph.add_run(str(number))
        run.font.superscript = True
        paragraph._p.append(link)
        link.append(run._r)

    def is_whole(self, place: Place, text: str) -> bool:
        """Whether all quotes of an answer are the whole of it, so that it need not be printed again."""
        return all(one_line(quote.text) == one_line(text) for quote in self.cited[place])


def bookmark(paragraph: Any, name: str, number: int) -> None:
    """Put a bookmark that links lead to around a paragraph."""
    paragraph._p.get_or_add_pPr().addnext(element("w:bookmarkStart", id=number, name=name))
    paragraph._p.append(element("w:bookmarkEnd", id=number))


class Contents:
    """The table of contents: a field of Word's that is filled from the start."""

    def __init__(self, document: "Document") -> None:
        self.document = document
        document.add_paragraph(say("Innhold", "Contents"), style="TOC Heading")
        self.place = document.add_paragraph()

    def fill(self, pages: Sequence[int]) -> None:
        """List the headings that the document has by now, with these pages."""
        headings = listed(self.document)
        before = self.place
        for number, (heading, page) in enumerate(zip(headings, pages, strict=True)):
            name = f"_Toc{number + 1:08d}"
            bookmark(heading, name, 10_000 + number)
            line = before.insert_paragraph_before(style=f"toc {level_of(heading)}")
            line.paragraph_format.tab_stops.add_tab_stop(round(TEXT_WIDTH * 360000), *_dotted())
            if number == 0:
                begun = (
                    element("w:fldChar", fldCharType="begin"),
                    element("w:instrText", text=f' TOC \\o "1-{DEEPEST_LISTED}" \\h \\z \\u '),
                    element("w:fldChar", fldCharType="separate"),
                )
                for part in begun:
                    line.add_run()._r.append(part)
            link = element("w:hyperlink", anchor=name, history=1)
            line._p.append(link)
            for text in (heading.text, "\t"):
                run = line.add_run(text)
                link.append(run._r)
            field(line, f"PAGEREF {name} \\h", str(page), parent=link)
        self.place.add_run()._r.append(element("w:fldChar", fldCharType="end"))


def _dotted() -> tuple[Any, Any]:
    from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER

    return WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS


def level_of(paragraph: Any) -> int:
    """The level of a heading; 0 for any other paragraph."""
    name = paragraph.style.name
    return int(name.removeprefix("Heading ")) if name.startswith("Heading ") else 0


def listed(document: "Document") -> list[Any]:
    """The headings that the table of contents lists."""
    return [one for one in document.paragraphs if 1 <= level_of(one) <= DEEPEST_LISTED]
