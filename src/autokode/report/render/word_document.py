"""A Word document in Word's own styles, made quiet: A4, one scale of sizes, dark grey rules; and the file of it."""

import io
from datetime import datetime
from typing import TYPE_CHECKING, Any

from autokode.base.archive import undated
from autokode.base.extras import require
from autokode.base.formatting import for_xml
from autokode.base.messages import interface_language, say

if TYPE_CHECKING:
    from docx.document import Document

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LANG = {"nb": "nb-NO", "nn": "nn-NO", "en": "en-GB"}
FONT, BODY, SMALL, TABLE = "Calibri", 11.0, 9.0, 9.5
"""The font; sizes of text, of references, and of tables, in points."""
LINE = 1.15
"""Line spacing of text."""
PAGE_WIDTH, PAGE_HEIGHT, MARGIN = 21.0, 29.7, 2.5
"""A4 and its margins, in cm."""
TEXT_WIDTH, TEXT_HEIGHT = PAGE_WIDTH - 2 * MARGIN, PAGE_HEIGHT - 2 * MARGIN
DARK, GREY = "1F2328", "595959"
INDENT = 1.0
"""Indent of a quote, in cm."""

STYLES: dict[str, dict[str, Any]] = {
    "Normal": {"size": BODY, "after": 6, "line": LINE},
    "Title": {"size": 26, "bold": True, "after": 6, "line": 1.05},
    "Subtitle": {"size": 12, "colour": GREY, "after": 14, "line": LINE},
    "TOC Heading": {"size": 14, "bold": True, "before": 12, "after": 6, "follows": True},
    "Heading 1": {"size": 18, "bold": True, "before": 0, "after": 10, "follows": True, "page": True},
    "Heading 2": {"size": 14, "bold": True, "before": 20, "after": 6, "follows": True},
    "Heading 3": {"size": 12, "bold": True, "before": 16, "after": 4, "follows": True},
    "Heading 4": {"size": BODY, "bold": True, "before": 12, "after": 4, "follows": True},
    "Quote": {"after": 8, "line": LINE, "left": INDENT, "right": INDENT, "whole": True},
    "Caption": {"size": SMALL, "colour": GREY, "before": 4, "after": 14, "line": 1.05},
    "List Bullet": {"after": 3, "line": LINE},
    "No Spacing": {"size": TABLE, "before": 2, "after": 2, "line": 1.0},
    "toc 1": {"before": 4, "after": 1, "bold": True, "line": 1.0},
    "toc 2": {"after": 1, "line": 1.0, "left": 0.5},
    "toc 3": {"after": 1, "line": 1.0, "left": 1.0, "colour": GREY},
    "endnote text": {"size": SMALL, "after": 5, "line": 1.0, "left": 0.9, "first": -0.9, "whole": True},
    "Header": {"size": SMALL, "colour": GREY},
    "Footer": {"size": SMALL, "colour": GREY},
}
"""Style → how it looks: lengths in points but for the indents `left`, `right` and `first`, in cm."""


def new_document(title: str, *, subject: str = "") -> "Document":
    """A document with a title, page numbers and nothing else."""
    require("office")
    import docx

    document = docx.Document()
    about = document.core_properties
    about.title, about.subject, about.language = for_xml(title), for_xml(subject), LANG[interface_language()]
    about.author = about.comments = about.keywords = ""
    about.created = about.modified = datetime(2000, 1, 1)  # noqa: DTZ001
    for element in document.styles.element.iter(f"{WORD}lang"):
        element.set(f"{WORD}val", LANG[interface_language()])
    _on_a4(document)
    for name, look in STYLES.items():
        _restyle(document, name, look)
    _numbered(document, title)
    document.add_paragraph(for_xml(title), style="Title")
    return document


def saved(document: "Document") -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return undated(buffer.getvalue())


def element(tag: str, **attributes: object) -> Any:
    """An element of Word's, with attributes of Word's; `text` is its text."""
    from docx.oxml import OxmlElement

    made = OxmlElement(tag)
    for name, value in attributes.items():
        if name == "text":
            made.text = str(value)
            made.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        else:
            made.set(f"{WORD}{name}", str(value))
    return made


def field(paragraph: Any, code: str, shown: str, *, parent: Any = None) -> list[Any]:
    """Add a field, which shows `shown` until somebody updates it; returns its runs."""
    parts = (
        element("w:fldChar", fldCharType="begin"),
        element("w:instrText", text=f" {code} "),
        element("w:fldChar", fldCharType="separate"),
        element("w:t", text=shown),
        element("w:fldChar", fldCharType="end"),
    )
    runs = []
    for part in parts:
        run = paragraph.add_run()
        run._r.append(part)
        if parent is not None:
            parent.append(run._r)
        runs.append(run)
    return runs


def _on_a4(document: "Document") -> None:
    from docx.shared import Cm

    section = document.sections[0]
    section.page_width, section.page_height = Cm(PAGE_WIDTH), Cm(PAGE_HEIGHT)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(MARGIN)
    section.header_distance = section.footer_distance = Cm(1.25)
    section.different_first_page_header_footer = True


def _restyle(document: "Document", name: str, look: dict[str, Any]) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Cm, Pt, RGBColor

    known = name in [style.name for style in document.styles]
    style = document.styles[name] if known else document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=True)
    for tag in ("rPr", "pPr"):  # what the template says, but for the numbering of lists and the level of headings
        old = style.element.find(f"{WORD}{tag}")
        for child in () if old is None else list(old):
            if child.tag not in (f"{WORD}numPr", f"{WORD}outlineLvl"):
                old.remove(child)
    if not known:
        style.base_style = document.styles["Normal"]
    if name == "Normal":
        _font_everywhere(document)
    font, paragraph = style.font, style.paragraph_format
    font.size, font.bold, font.italic = Pt(look.get("size", BODY)), look.get("bold", False), False
    font.color.rgb = RGBColor.from_string(look.get("colour", DARK))
    paragraph.space_before, paragraph.space_after = Pt(look.get("before", 0)), Pt(look.get("after", 0))
    paragraph.line_spacing = look.get("line", 1.0)
    paragraph.keep_with_next, paragraph.keep_together = look.get("follows", False), look.get("whole", False)
    paragraph.page_break_before, paragraph.widow_control = look.get("page", False), True
    for side, length in (("left_indent", "left"), ("right_indent", "right"), ("first_line_indent", "first")):
        if length in look:
            setattr(paragraph, side, Cm(look[length]))


def _font_everywhere(document: "Document") -> None:
    """Name the font where the template takes it from its theme."""
    for fonts in document.styles.element.iter(f"{WORD}rFonts"):
        fonts.attrib.clear()
        for script in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(f"{WORD}{script}", FONT)


def _numbered(document: "Document", title: str) -> None:
    """Put the title at the head of each page but the first, and the page's number at its foot."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    section = document.sections[0]
    section.header.paragraphs[0].add_run(for_xml(title))
    for footer in (section.footer, section.first_page_footer):
        foot = footer.paragraphs[0]
        foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
        if footer is section.footer:
            foot.add_run(say("Side ", "Page "))
            field(foot, "PAGE", "2")
