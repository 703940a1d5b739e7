"""Read OpenDocument texts (.odt): one line per paragraph, one per table row with tabs between cells."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autokode.base.archive import Archive, parse_xml
from autokode.base.errors import failure
from autokode.base.messages import say
from autokode.corpus.readers.source import Source, source_of_lines, with_text

_PARAGRAPHS = ("p", "h")
_SKIPPED = (
    "tracked-changes",
    "note",
    "annotation",
    "annotation-end",
    "ruby-text",
    "sequence-decls",
    "forms",
    "desc",
    "title",
)
"""Elements whose text nobody says: deleted text, footnotes, comments."""


def read_odt(path: Path) -> Source:
    """Read an .odt without deleted text, footnotes and comments.

    Raises:
        DataError: not a zip archive, not an OpenDocument text, or without text.
    """
    archive = Archive(path)
    if "content.xml" not in archive.names:
        what = "er ikke et OpenDocument-dokument", "is not an OpenDocument text"
        raise failure(*what, where=path, try_next=say("lagre den som .docx", "save it as .docx"))
    root = parse_xml(archive.read("content.xml"), f"{path}: content.xml")
    bold = _bold_styles(root)
    body = next((one for one in root.iter() if _local(one) == "text" and _local(one.getparent()) == "body"), None)
    return with_text(source_of_lines(_lines(body, bold) if body is not None else ()), path, "Word")


def _lines(container: Any, bold: set[str]) -> Iterator[tuple[str, bool]]:
    for element in container:
        name = _local(element)
        if name in _PARAGRAPHS:
            text = _text(element)
            for line in text.split("\n"):
                yield line, name == "h" or _all_bold(element, bold)
        elif name == "table":
            yield from ((row, False) for row in _rows(element, bold))
        elif name not in _SKIPPED:
            yield from _lines(element, bold)


def _rows(table: Any, bold: set[str]) -> Iterator[str]:
    for element in table:
        if _local(element) == "table-row":
            cells = [cell for cell in element if _local(cell) == "table-cell"]
            yield "\t".join(
                " ".join(line.strip() for line, _bold in _lines(cell, bold) if line.strip()) for cell in cells
            )
        elif _local(element) not in _SKIPPED:
            yield from _rows(element, bold)


def _text(element: Any) -> str:
    parts = [element.text or ""]
    for child in element:
        name = _local(child)
        if name == "s":
            count = _attribute(child, "c")
            parts.append(" " * (min(int(count), 1000) if re.fullmatch(r"\d{1,9}", count) else 1))
        elif name in ("tab", "line-break"):
            parts.append("\t" if name == "tab" else "\n")
        elif name and name not in _SKIPPED:
            parts.append(_text(child))
        parts.append(child.tail or "")
    return "".join(" ".join(part.splitlines()) if part != "\n" else part for part in parts)


def _bold_styles(root: Any) -> set[str]:
    """The names of the document's own styles whose text is bold."""
    found = set()
    for style in root.iter():
        if _local(style) == "style":
            weights = [v for child in style for k, v in child.attrib.items() if k.endswith("}font-weight")]
            if "bold" in weights:
                found.add(_attribute(style, "name"))
    return found


def _all_bold(paragraph: Any, bold: set[str]) -> bool:
    if _attribute(paragraph, "style-name") in bold:
        return True
    spans = [child for child in paragraph if _text(child).strip()]
    loose = (paragraph.text or "").strip() or any((child.tail or "").strip() for child in paragraph)
    return bool(spans) and not loose and all(_attribute(span, "style-name") in bold for span in spans)


def _attribute(element: Any, name: str) -> str:
    return next((str(v) for k, v in element.attrib.items() if k.endswith(f"}}{name}")), "")


def _local(element: Any) -> str:
    return element.tag.rpartition("}")[2] if element is not None and isinstance(element.tag, str) else ""
