"""Parts of a Word document: the document itself, pictures, tables, languages of runs, links to answers."""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from autokode.base.archive import undated
from autokode.base.formatting import for_xml
from autokode.base.messages import language
from autokode.corpus.utterance import Place
from autokode.report.material import Quote
from autokode.report.plots import Picture

if TYPE_CHECKING:
    from docx.document import Document

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LANG = {"nb": "nb-NO", "en": "en-GB"}
WIDE, FIRST = 15.2, 5.5
"""Width of a table and of its first column, in cm."""
PICTURE = 16
"""Width of a picture, in cm."""


def new_document(title: str) -> "Document":
    import docx

    document = docx.Document()
    document.core_properties.title = for_xml(title)
    document.core_properties.author = ""
    document.core_properties.comments = ""
    document.core_properties.created = document.core_properties.modified = datetime(2000, 1, 1)  # noqa: DTZ001
    for element in document.styles.element.iter(f"{WORD}lang"):
        element.set(f"{WORD}val", LANG[language()])
    document.add_paragraph(for_xml(title), style="Title")
    return document


def saved(document: "Document") -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return undated(buffer.getvalue())


def set_language(run: Any, tag: str) -> None:
    from docx.oxml import OxmlElement

    element = OxmlElement("w:lang")
    element.set(f"{WORD}val", tag)
    run._element.get_or_add_rPr().append(element)


def add_picture(document: "Document", picture: Picture) -> None:
    from docx.shared import Cm

    shape = document.add_picture(io.BytesIO(picture.png), width=Cm(PICTURE))
    about = shape._inline.docPr
    about.set("descr", for_xml(picture.alt))
    about.set("title", for_xml(picture.caption))
    document.add_paragraph(for_xml(picture.caption), style="Caption")


def add_table(document: "Document", heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Add a table that repeats its heading on each page."""
    from docx.oxml import OxmlElement
    from docx.shared import Cm

    table = document.add_table(1 + len(rows), len(heads), style="Light List")
    cells = iter(table._cells)
    for text in [*heads, *(cell for row in rows for cell in row)]:
        next(cells).text = for_xml(text)
    table.autofit = False
    others = (WIDE - FIRST) / max(1, len(heads) - 1)
    for row in table.rows:
        for i, cell in enumerate(row.cells):
            cell.width = Cm(others if i else FIRST)
    repeated = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    document.add_paragraph()


class AnswerLinks:
    """Links from summaries to answers, and the bookmarks of the answers."""

    def __init__(self, document: "Document") -> None:
        self.document = document
        self.bookmarks: dict[Place, str] = {}

    def to(self, paragraph: Any, sentence: Quote) -> None:
        """Add the speaker of a sentence, as a link to its answer."""
        from docx.oxml import OxmlElement

        place = (sentence.transcript, sentence.utterance)
        link = OxmlElement("w:hyperlink")
        link.set(f"{WORD}anchor", self.bookmarks.setdefault(place, f"svar{len(self.bookmarks) + 1}"))
        run = paragraph.add_run(for_xml(f"{sentence.attribution} ({sentence.location})"))
        run.font.underline = True
        paragraph._p.append(link)
        link.append(run._r)

    def bookmark(self, paragraph: Any, name: str) -> None:
        """Put the bookmark that links lead to around a paragraph."""
        from docx.oxml import OxmlElement

        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        for element in (start, end):
            element.set(f"{WORD}id", name.removeprefix("svar"))
        start.set(f"{WORD}name", name)
        paragraph._p.pPr.addnext(start)
        paragraph._p.append(end)
