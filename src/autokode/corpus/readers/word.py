"""Read Word documents (.docx): paragraphs, tables and text boxes in reading order, without what nobody says."""

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from docx import Document
from docx.oxml.ns import qn

from autokode.base.archive import parse_xml
from autokode.base.errors import DataError, failure
from autokode.base.files import read_bytes
from autokode.base.messages import say
from autokode.corpus.readers.blocks import PAGE_END, Cell, Grid, Line, Piece, Words, lines_of
from autokode.corpus.readers.document_text import source_of_blocks
from autokode.corpus.readers.source import Source
from autokode.corpus.readers.word_styles import Styles

MAX_UNPACKED = 500_000_000
"""Largest size, in bytes, that a document may unpack to; a larger one counts as a zip bomb."""


def read_docx(path: Path) -> Source:
    """Read a .docx as if its tracked changes were accepted, without hidden text, notes, comments, headers and footers.

    Raises:
        DataError: the file is empty, not a zip archive, not a Word document, or without text.
    """
    return docx_source(read_bytes(path), str(path))


def docx_source(data: bytes, name: str) -> Source:
    """Read a .docx from its bytes; raises as `read_docx`, naming the file `name`."""
    document = open_docx(data, name)
    with parsed(name):
        return source_of(document, name)


def source_of(document: Any, name: str) -> Source:
    """Read an open document."""
    reader = _Reader(Styles(document.styles.element))
    blocks = list(reader.blocks(document.element.body))
    reader.read_parts(document.part)
    source = source_of_blocks(blocks, reader.words.all())
    if not source.text.strip():
        what = "dokumentet har ingen tekst", "the document holds no text"
        raise failure(*what, where=name, try_next=say("åpne filen i Word", "open the file in Word"))
    return source


def open_docx(data: bytes, name: str) -> Any:
    """Open a file's bytes as a python-docx document.

    Raises:
        DataError: empty, not a zip archive, not a Word document, or a zip bomb.
    """
    if not data:
        raise _unusable(name, "filen er tom", "the file is empty")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = set(archive.namelist())
            unpacked = sum(info.file_size for info in archive.infolist())
    except MemoryError:
        raise
    except Exception as error:  # damaged headers raise BadZipFile, ValueError, struct.error, …
        what = "er ikke et Word-dokument (.docx er et zip-arkiv)", "is not a Word document (a .docx is a zip archive)"
        raise _unusable(name, *what) from error
    if "[Content_Types].xml" not in names or not any(one.startswith("word/") for one in names):
        shown = ", ".join(sorted(names)[:3]) or say("ingenting", "nothing")
        raise _unusable(
            name,
            f"er et zip-arkiv, men ikke et Word-dokument (det inneholder {shown})",
            f"is a zip archive but not a Word document (it holds {shown})",
        )
    if unpacked > MAX_UNPACKED:
        raise _unusable(name, "pakker ut til over 500 MB", "unpacks to more than 500 MB")
    with parsed(name):
        document = Document(BytesIO(data))
        if getattr(document.element, "body", None) is None:
            raise _unusable(name, "har ingen tekst (w:body)", "has no text (w:body)")
        return document


@contextmanager
def parsed(name: str) -> Iterator[None]:
    """Turn whatever python-docx raises in this block into an error for people; `name` is the file to name.

    Raises:
        DataError: for python-docx's KeyError, ValueError, AttributeError, lxml and zlib errors.
    """
    try:
        yield
    except DataError:
        raise
    except MemoryError:
        raise
    except Exception as error:
        raise _unusable(name, f"kan ikke tolkes ({error})", f"cannot be parsed ({error})") from error


def _unusable(name: str, norwegian: str, english: str) -> DataError:
    mend = say("åpne filen i Word og lagre den på nytt som .docx", "open the file in Word and save it again as .docx")
    return failure(norwegian, english, where=name, try_next=mend)


class _Reader:
    """Reads the elements of a document; `words` gathers what is left out."""

    def __init__(self, styles: Styles) -> None:
        self.words = Words()
        self._styles = styles
        self._fields: list[bool] = []  # of each open field, whether its result has begun
        self._hidden: Any = None  # the last hidden run
        self._carried: list[Piece] = []  # a paragraph whose end is deleted goes on in the next

    def blocks(self, container: Any) -> Iterator[Line | Grid]:
        """Yield the lines and grids of a container, in reading order."""
        for element in _chosen(container):
            name = _local(element)
            if name == "p":
                yield from self._paragraph(element)
            elif name == "tbl":
                yield self._grid(element)
            elif name == "altChunk":
                self.words.add("embedded", "altChunk")
            elif name not in _NOT_READ:
                yield from self.blocks(element)
        if self._carried:
            yield from lines_of(self._carried)
            self._carried = []

    def read_parts(self, part: Any) -> None:
        """Gather the words of notes, comments, headers and footers."""
        for relation in part.rels.values():
            kind = _PARTS.get(relation.reltype.rpartition("/")[2])
            if kind is None or relation.is_external:
                continue
            for element in parse_xml(relation.target_part.blob, str(relation.target_part.partname)):
                if element.get(qn("w:type"), "normal") == "normal":  # and not the line over notes
                    self.words.add(kind, "".join(_plain(element)))

    def _paragraph(self, element: Any) -> Iterator[Line | Grid]:
        before = self.words.count
        boxes: list[Any] = []
        pieces = [*self._carried, *self._pieces(element, element, boxes)]
        self._carried = []
        if self._styles.is_contents(element):
            self.words.add("contents", "".join(text for text, _bold in pieces))
        elif element.find(f"{qn('w:pPr')}/{qn('w:rPr')}/{qn('w:del')}") is not None:
            self._carried = pieces
        elif any(text.strip() for text, _bold in pieces) or (self.words.count == before and not boxes):
            yield from lines_of(pieces, is_title=self._styles.is_title(element))
        for box in boxes:
            yield from self.blocks(box)

    def _pieces(self, container: Any, paragraph: Any, boxes: list[Any]) -> Iterator[Piece]:
        """Yield a paragraph's pieces of text, also those in links, inserted text, content controls and what else holds runs."""
        for element in _chosen(container):
            name = _local(element)
            if name == "r":
                yield from self._run(element, paragraph, boxes)
            elif name == "del":
                self.words.add("deleted", "".join(_plain(element)))
            elif name in ("oMath", "oMathPara"):
                yield "".join(one.text or "" for one in element.iter() if _local(one) == "t"), False
            elif name == "sdt" and element.find(f"{qn('w:sdtPr')}/{qn('w:showingPlcHdr')}") is not None:
                self.words.add("placeholder", "".join(_plain(element)))
            elif name not in _NOT_READ:
                yield from self._pieces(element, paragraph, boxes)

    def _run(self, run: Any, paragraph: Any, boxes: list[Any]) -> Iterator[Piece]:
        text = "".join(self._spelt(run, paragraph, boxes))
        if text and self._styles.is_on(run, paragraph, "w:vanish"):
            self.words.add("hidden", text, joins=self._hidden is not None and run.getprevious() is self._hidden)
            self._hidden = run
        elif text:
            yield text, self._styles.is_on(run, paragraph, "w:b")

    def _spelt(self, run: Any, paragraph: Any, boxes: list[Any]) -> Iterator[str]:
        for element in _chosen(run):
            name = _local(element)
            if name == "fldChar":
                self._field(element.get(qn("w:fldCharType")))
            elif name in ("drawing", "pict", "object"):
                boxes += [box for box in element.iter(_BOX) if next(box.iterancestors(_BOX, _RUN)).tag == _RUN]
            elif name == "ruby":
                base = element.find(qn("w:rubyBase"))
                yield from (text for text, _bold in self._pieces(base if base is not None else (), paragraph, boxes))
            elif name == "delText":
                self.words.add("deleted", element.text or "")
            elif all(self._fields):
                yield _character(element)

    def _field(self, kind: str) -> None:
        """Follow the beginnings, results and ends of fields; what stands before a field's result is its code."""
        if kind == "begin":
            self._fields.append(False)
        elif self._fields and kind == "separate":
            self._fields[-1] = True
        elif self._fields and kind == "end":
            self._fields.pop()

    def _grid(self, table: Any) -> Grid:
        rows = list(_inside(table, "tr"))
        stated = [row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in rows]
        heads = next((i for i, is_head in enumerate(stated) if not is_head), len(rows))
        return Grid(tuple(tuple(self._cells(row)) for row in rows), heads if heads < len(rows) else 0)

    def _cells(self, row: Any) -> Iterator[Cell]:
        skipped = _number(row, "w:trPr", "w:gridBefore", usual=0)
        yield from [Cell()] * min(skipped, MAX_SPAN)
        for cell in _inside(row, "tc"):
            merged = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
            is_continued = merged is not None and merged.get(qn("w:val"), "continue") == "continue"
            span = min(max(1, _number(cell, "w:tcPr", "w:gridSpan", usual=1)), MAX_SPAN)
            yield Cell(tuple(self.blocks(cell)), span, is_continued)


_NOT_READ = frozenset(
    "pPr rPr tblPr tblGrid trPr tcPr sdtPr sdtEndPr sectPr del moveFrom instrText commentRangeStart".split()
)
"""Elements that hold no text, or whose text is not there any more; what is moved stands at its new place."""
_PARTS = {"footnotes": "note", "endnotes": "note", "comments": "comment", "header": "margin", "footer": "margin"}
"""Last word of a relation's type → the kind of words in its part."""
_BOX, _RUN = qn("w:txbxContent"), qn("w:r")
MAX_SPAN = 63
"""Most columns of a table in Word."""
_CHARACTERS = {"tab": "\t", "ptab": "\t", "cr": "\n", "noBreakHyphen": "-"}
_SYMBOLS = {0x4A: "☺", 0x4B: "😐", 0x4C: "☹", 0xDF: "←", 0xE0: "→", 0xE8: "→", 0xFB: "✗", 0xFC: "✓"}
"""Characters of the font Wingdings that Word puts in place of :) and ->, and lists of ticks."""


def _character(element: Any) -> str:
    """The text of an element in a run: its letters, or what stands for a tab, a line end or a symbol."""
    name = _local(element)
    if name == "t":
        return re.sub(r"[\r\n]+", " ", (element.text or "").replace("\u00ad", ""))
    if name == "br":
        return "\n" if element.get(qn("w:type"), "textWrapping") == "textWrapping" else PAGE_END
    if name == "sym":
        stated = str(element.get(qn("w:char"), ""))
        code = int(stated, 16) if re.fullmatch(r"[0-9A-Fa-f]{2,4}", stated) else 0xFFFD
        code -= 0xF000 if 0xF000 <= code < 0xF100 else 0
        is_own = not re.match("wingdings|webdings|symbol", str(element.get(qn("w:font"), "")), re.IGNORECASE)
        return chr(code) if is_own and not 0xD800 <= code < 0xE000 and code >= 32 else _SYMBOLS.get(code, "\ufffd")
    return _CHARACTERS.get(name, "")


def _plain(element: Any) -> Iterator[str]:
    """Yield the letters of an element, with a space after each paragraph and for each tab."""
    for one in element.iter():
        name = _local(one)
        if name in ("t", "delText"):
            yield one.text or ""
        elif name in ("p", "tab", "br"):
            yield " "


def _chosen(container: Any) -> Iterator[Any]:
    """Yield the children; of the same content in several versions (mc:AlternateContent) only the first that has text."""
    for element in container:
        if _local(element) == "AlternateContent":
            texts = [one for one in element if any(_local(inner) == "t" for inner in one.iter())]
            yield from texts[0] if texts else ()
        elif isinstance(element.tag, str):
            yield element


def _inside(element: Any, name: str) -> Iterator[Any]:
    """Yield the children of a name, also those in content controls, but none of a table within a cell."""
    for child in _chosen(element):
        if _local(child) == name:
            yield child
        elif _local(child) in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
            yield from _inside(child, name)


def _number(element: Any, properties: str, name: str, *, usual: int) -> int:
    found = element.find(f"{qn(properties)}/{qn(name)}")
    value = "" if found is None else str(found.get(qn("w:val")))
    return int(value) if re.fullmatch(r"\d{1,4}", value) else usual


def _local(element: Any) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
