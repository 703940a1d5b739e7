"""Read Word documents (.docx): one line per paragraph, one per table row with tabs between cells."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from docx import Document
from docx.oxml.ns import qn

from autokode.base.errors import DataError, failure
from autokode.base.files import read_bytes
from autokode.base.formatting import one_line
from autokode.base.messages import say
from autokode.corpus.readers.source import Source, source_of_lines

MAX_UNPACKED = 500_000_000
"""Largest size, in bytes, that a document may unpack to; a larger one counts as a zip bomb."""


def read_docx(path: Path) -> Source:
    """Read a .docx, without text that tracked changes deleted and with text that they inserted.

    Raises:
        DataError: the file is empty, not a zip archive, not a Word document, or without text.
    """
    return docx_source(read_bytes(path), str(path))


def docx_source(data: bytes, name: str) -> Source:
    """Read a .docx from its bytes; raises as `read_docx`, naming the file `name`."""
    document = open_docx(data, name)
    with parsed(name):
        return source_of(document.element.body, name)


def source_of(body: Any, name: str) -> Source:
    """Read the body of an open document."""
    source = source_of_lines(_lines(body))
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


def _lines(container: Any) -> Iterator[tuple[str, bool]]:
    """Yield (text, in bold) of every paragraph and table row, in reading order."""
    for element in container:
        if element.tag == qn("w:p"):
            runs = list(_runs(element))
            text = "".join(run.text for run in runs)
            spoken = [run for run in runs if run.text.strip()]
            bold = bool(spoken) and (_is_heading(element) or all(_is_bold(run) for run in spoken))
            for line in text.split("\n"):
                yield line, bold
        elif element.tag == qn("w:tbl"):
            for row in _inside(element, qn("w:tr")):
                yield "\t".join(_cell_text(cell) for cell in _inside(row, qn("w:tc"))), False
        elif element.tag == qn("w:customXml"):
            yield from _lines(element)
        elif element.tag == qn("w:sdt"):
            content = element.find(qn("w:sdtContent"))
            if content is not None:
                yield from _lines(content)


def _inside(element: Any, tag: str) -> Iterator[Any]:
    """Yield the children with a tag, also those in content controls, but none of a table within a cell."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag in (qn("w:sdt"), qn("w:sdtContent")):
            yield from _inside(child, tag)


def _cell_text(cell: Any) -> str:
    return " ".join(one_line(text) for text, _bold in _lines(cell) if text.strip())


def _runs(paragraph: Any) -> Iterator[Any]:
    """Yield a paragraph's runs, also those in links, inserted text and content controls; not deleted text."""
    for element in paragraph:
        if element.tag == qn("w:r"):
            if not _is_on(element, "w:vanish"):
                yield element
        elif element.tag in _TRANSPARENT:
            yield from _runs(element)


_TRANSPARENT = {
    qn(f"w:{name}")
    for name in (
        *("hyperlink", "ins", "moveTo", "customXml", "bdo", "dir"),
        *("smartTag", "sdt", "sdtContent", "fldSimple"),
    )
}


def _is_bold(run: Any) -> bool:
    return _is_on(run, "w:b")


def _is_on(run: Any, tag: str) -> bool:
    found = run.rPr.find(qn(tag)) if run.rPr is not None else None
    return found is not None and found.get(qn("w:val")) not in ("0", "false", "off")


def _is_heading(paragraph: Any) -> bool:
    style = paragraph.pPr.find(qn("w:pStyle")) if paragraph.pPr is not None else None
    return style is not None and str(style.get(qn("w:val"))).startswith(("Heading", "Overskrift"))
