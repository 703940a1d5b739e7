"""Read OpenDocument texts (.odt): paragraphs, tables and text boxes in reading order, without what nobody says."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autokode.base.archive import Archive, parse_xml
from autokode.base.errors import failure
from autokode.base.messages import say
from autokode.corpus.readers.blocks import CONTENTS, TITLE, Cell, Grid, Line, Piece, Words, lines_of
from autokode.corpus.readers.document_text import source_of_blocks
from autokode.corpus.readers.source import Source, with_text

_KINDS = {"tracked-changes": "deleted", "note": "note", "annotation": "comment", "placeholder": "placeholder"}
_KINDS |= {f"{name}-index": "contents" for name in ("alphabetical", "illustration", "table", "object", "user")}
_KINDS |= {"table-of-content": "contents", "bibliography": "contents", "hidden-text": "hidden"}
"""Elements whose words nobody says → their kind."""
_NO_WORDS = frozenset(
    "change-info ruby-text sequence-decls forms desc title script annotation-end note-citation".split()
)
_LETTERS = {"tab": "\t", "line-break": "\n"}
_BOXES = frozenset(("text-box", "custom-shape", "rect", "ellipse"))
MAX_REPEATED = 63
"""Most cells that a cell is taken to stand for, since a hostile file may state any number."""


def read_odt(path: Path) -> Source:
    """Read an .odt as if its changes were accepted, without hidden text, notes, comments, headers and footers.

    Raises:
        DataError: not a zip archive, not an OpenDocument text, or without text.
    """
    archive = Archive(path)
    if "content.xml" not in archive.names:
        what = "er ikke et OpenDocument-dokument", "is not an OpenDocument text"
        raise failure(*what, where=path, try_next=say("lagre den som .docx", "save it as .docx"))
    root = parse_xml(archive.read("content.xml"), f"{path}: content.xml")
    common = parse_xml(archive.read("styles.xml"), f"{path}: styles.xml") if "styles.xml" in archive.names else None
    reader = _Reader(_Styles([one for one in (common, root) if one is not None]))
    body = next((one for one in root.iter() if _local(one) == "text" and _local(one.getparent()) == "body"), None)
    blocks = list(reader.blocks(body)) if body is not None else []
    for page in () if common is None else common.iter():
        if re.match(r"(?:header|footer)(?:-|$)", _local(page)) and _local(page.getparent()) == "master-page":
            for paragraph in page:
                reader.words.add("margin", _plain(paragraph))
    return with_text(source_of_blocks(blocks, reader.words.all()), path, "Word")


@dataclass(frozen=True, slots=True)
class _Look:
    """How text looks: bold or not, hidden or not; None where it is as what it stands in."""

    is_bold: bool | None = None
    is_hidden: bool | None = None

    def within(self, outer: "_Look") -> "_Look":
        return _Look(
            *(b if a is None else a for a, b in ((self.is_bold, outer.is_bold), (self.is_hidden, outer.is_hidden)))
        )


class _Styles:
    """The styles of a document by family and name, with those they are based on."""

    def __init__(self, roots: list[Any]) -> None:
        self._styles: dict[tuple[str, str], Any] = {}
        for root in roots:
            for style in root.iter():
                if _local(style) in ("style", "default-style"):
                    self._styles[_attribute(style, "family"), _attribute(style, "name")] = style

    def look(self, element: Any, family: str) -> _Look:
        found = _Look()
        for style in self._chain(element, family):
            properties = [child for child in style if _local(child) == "text-properties"]
            weight = next((_attribute(one, "font-weight") for one in properties), "")
            display = next((_attribute(one, "display") for one in properties), "")
            is_bold = weight == "bold" or (weight.isdecimal() and int(weight[:4]) >= 600) if weight else None
            found = found.within(_Look(is_bold, display == "none" if display else None))
        return found

    def is_title(self, paragraph: Any) -> bool:
        own = self._chain(paragraph, "paragraph")
        levels = (_attribute(style, "default-outline-level") for style in own)
        return _local(paragraph) == "h" or any(map(TITLE.fullmatch, self._names(own))) or any(levels)

    def is_contents(self, paragraph: Any) -> bool:
        return any(map(CONTENTS.fullmatch, self._names(self._chain(paragraph, "paragraph"))))

    def _names(self, chain: list[Any]) -> list[str]:
        names = [_attribute(style, "display-name") or _attribute(style, "name") for style in chain]
        return [name.replace("_20_", " ").casefold() for name in names]

    def _chain(self, element: Any, family: str) -> list[Any]:
        """An element's style and those it is based on, nearest first, and then the document's usual one."""
        found: dict[str, Any] = {}
        name = _attribute(element, "style-name")
        while name not in found:
            style = self._styles.get((family, name), self._styles.get(("", name)))
            if style is None:
                break
            found[name] = style
            name = _attribute(style, "parent-style-name")
        return list(found.values())


class _Reader:
    """Reads the elements of a document; `words` gathers what is left out."""

    def __init__(self, styles: _Styles) -> None:
        self.words = Words()
        self._styles = styles
        self._last_kind = ""

    def blocks(self, container: Any) -> Iterator[Line | Grid]:
        """Yield the lines and grids of a container, in reading order."""
        for element in container:
            name = _local(element)
            if name in ("p", "h"):
                yield from self._paragraph(element)
            elif name in ("table", "sub-table"):
                yield Grid(*self._rows(element))
            elif name in _KINDS or (name == "section" and _attribute(element, "display") == "none"):
                self._leave_out(_KINDS.get(name, "hidden"), element)
            elif name not in _NO_WORDS:
                yield from self.blocks(element)

    def _paragraph(self, element: Any) -> Iterator[Line | Grid]:
        before, boxes, self._last_kind = self.words.count, list[Any](), ""
        pieces = list(self._pieces(element, self._styles.look(element, "paragraph"), boxes))
        if self._styles.is_contents(element):
            self.words.add("contents", "".join(text for text, _bold in pieces))
        elif any(text.strip() for text, _bold in pieces) or (self.words.count == before and not boxes):
            yield from lines_of(pieces, is_title=self._styles.is_title(element))
        for box in boxes:
            yield from self.blocks(box)

    def _pieces(self, element: Any, look: _Look, boxes: list[Any]) -> Iterator[Piece]:
        """Yield the pieces of text of an element in a paragraph; hidden ones are left out."""
        yield from self._said(element.text, look)
        for child in element:
            name = _local(child)
            if name == "s":
                count = _attribute(child, "c")
                yield from self._said("", look, " " * (min(int(count), 1000) if re.fullmatch(r"\d{1,9}", count) else 1))
            elif name in _LETTERS:
                yield from self._said("", look, _LETTERS[name])
            elif name in _BOXES:
                boxes.append(child)
            elif name in _KINDS:
                self._leave_out(_KINDS[name], child)
            elif name == "hidden-paragraph":
                look = _Look(is_hidden=_attribute(child, "is-hidden") != "false").within(look)
            elif name and name not in _NO_WORDS:
                own = self._styles.look(child, "text") if name in ("span", "a") else _Look()
                yield from self._pieces(child, own.within(look), boxes)
            yield from self._said(child.tail, look)

    def _said(self, text: str | None, look: _Look, letters: str = "") -> Iterator[Piece]:
        """Yield a text with one space for each of its runs of white space, and letters as they are."""
        text = re.sub(r"[ \t\r\n]+", " ", (text or "").replace("\u00ad", "")) + letters
        if text and look.is_hidden:
            self.words.add("hidden", text, joins=self._last_kind == "hidden")
            self._last_kind = "hidden"
        elif text:
            self._last_kind = ""
            yield text, bool(look.is_bold)

    def _leave_out(self, kind: str, element: Any) -> None:
        """Gather the words of an element that nobody says, each paragraph for itself."""
        paragraphs = [one for one in element.iter() if _local(one) in ("p", "h")]
        for paragraph in paragraphs or [element]:
            self.words.add(kind, _plain(paragraph))

    def _rows(self, table: Any) -> tuple[tuple[tuple[Cell, ...], ...], int]:
        """A table's rows, and how many of them are stated to be heads."""
        rows: list[tuple[Cell, ...]] = []
        heads = 0
        for element in table:
            name = _local(element)
            if name == "table-row":
                rows.append(tuple(self._cells(element)))
            elif name in ("table-header-rows", "table-rows", "table-row-group"):
                inner, own = self._rows(element)
                heads = len(inner) if name == "table-header-rows" and not rows else heads
                heads = max(heads, own if not rows else 0)
                rows += inner
        return tuple(rows), heads

    def _cells(self, row: Any) -> Iterator[Cell]:
        covered = 0  # cells to come under one that spans columns
        for element in row:
            times = _number(element, "number-columns-repeated")
            if _local(element) == "table-cell":
                span = _number(element, "number-columns-spanned")
                cell = Cell(tuple(self.blocks(element)), span)
                yield from [cell, *[Cell()] * (times - 1)]
                covered = span - 1
            elif _local(element) == "covered-table-cell":
                yield from [Cell(is_continued=True)] * max(0, times - covered)
                covered = max(0, covered - times)


def _plain(element: Any) -> str:
    """The words of an element, with a space for each of the elements that stand for one."""
    if _local(element) in _NO_WORDS:
        return ""
    blank = " " if _local(element) in ("s", "tab", "line-break", "p") else ""
    return blank + (element.text or "") + "".join(_plain(child) + (child.tail or "") for child in element)


def _number(element: Any, name: str) -> int:
    stated = _attribute(element, name)
    return min(int(stated), MAX_REPEATED) if re.fullmatch(r"[1-9]\d{0,6}", stated) else 1


def _attribute(element: Any, name: str) -> str:
    return next((str(v) for k, v in element.attrib.items() if k.endswith(f"}}{name}")), "")


def _local(element: Any) -> str:
    return element.tag.rpartition("}")[2] if element is not None and isinstance(element.tag, str) else ""
