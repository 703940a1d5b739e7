"""Read web pages (.html, as noScribe and Google Docs write them) and oTranscribe's files (.otr): one line per paragraph."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from autokode.base.archive import parse_json
from autokode.base.errors import failure, unreadable
from autokode.base.extras import require
from autokode.base.messages import say
from autokode.base.text_files import read_text
from autokode.corpus.readers.blocks import Cell, Grid, Line, Piece, Words, lines_of
from autokode.corpus.readers.document_text import source_of_blocks
from autokode.corpus.readers.html_looks import Looks
from autokode.corpus.readers.source import Cue, Source, with_text

_BLOCKS = frozenset("p div li h1 h2 h3 h4 h5 h6 blockquote section article ul ol body pre hr dt dd caption tr".split())
_SILENT = frozenset("script style head title template noscript iframe object svg rt rp".split())
_ANCHOR = re.compile(r"ts_(\d{1,10})_(\d{1,10})(?:_(\w{1,20}))?")
"""noScribe's anchors: begin and end in milliseconds, and the speaker."""
MAX_CHARACTERS = 30_000_000
MAX_SPAN = 100
"""Most columns or rows that a cell is taken to span."""


def read_html(path: Path, encoding: str | None = None) -> Source:
    """Read a page; the times in noScribe's anchors become cues.

    Raises:
        DataError: the page has no text, or more than 30 million characters.
    """
    return _source(read_text(path, encoding), path)


def read_otr(path: Path, encoding: str | None = None) -> Source:
    """Read oTranscribe's file, a web page inside JSON. Time stamps stay in the text, where `find_utterances` recognises them.

    Raises:
        DataError: not JSON, or without text.
    """
    mend = say("lagre den på nytt i oTranscribe", "save it again")
    data = parse_json(read_text(path, encoding), str(path), mend)
    text = data.get("text") if isinstance(data, dict) else None
    if not isinstance(text, str):
        raise failure("har ikke feltet «text»", "lacks the field «text»", where=path, try_next=mend)
    return _source(text, path)


def _source(markup: str, path: Path) -> Source:
    require("office")
    from lxml import etree, html

    if len(markup) > MAX_CHARACTERS:
        what = "er over 30 millioner tegn", "has more than 30 million characters"
        raise failure(*what, where=path, try_next=say("del opp filen", "split the file"))
    markup = re.sub(r"^\s*<\?xml[^>]*\?>", "", markup)
    try:
        root = html.document_fromstring(
            markup, parser=html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise unreadable("HTML", error, where=path, try_next=say("lagre den som .txt", "save it as .txt")) from error
    page = _Page(Looks(root))
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            page.close(element)
        elif not page.open(element):
            walk.skip_subtree()
    return with_text(source_of_blocks(page.blocks(), page.words.all()), path, say("en nettleser", "a browser"))


class _Page:
    """Gathers the lines and grids of a page, element by element; `words` gathers what is left out."""

    def __init__(self, looks: Looks) -> None:
        self.words = Words()
        self._looks = looks
        self._levels: list[list[Line | Grid]] = [[]]  # of the page, and of each open cell
        self._tables: list[_Table] = []
        self._pieces: list[Piece] = []
        self._length = 0
        self._cues: list[tuple[int, int, Cue]] = []  # begin and end in the paragraph, and the times
        self._anchor: tuple[int, Cue] | None = None
        self._bold = [False]
        self._titles = self._kept = 0

    def open(self, element: Any) -> bool:
        """Begin an element; False if nothing in it is read."""
        tag = element.tag
        kind = "silent" if tag in _SILENT else self._looks.unsaid(element)
        if kind:
            if kind != "silent":
                self.words.add(kind, "".join(_plain(element)))
            if tag in _BLOCKS or tag == "table":
                self._end_paragraph()
            return False
        own = self._looks.is_bold(element)
        self._bold.append(self._bold[-1] if own is None else own)
        if tag in _BLOCKS or tag == "table":
            self._end_paragraph()
        if tag == "br":
            self._add("\n")
        elif tag == "table":
            self._tables.append(_Table())
        elif tag in ("td", "th") and self._tables:
            self._end_paragraph()
            self._levels.append([])
        elif tag == "a" and (match := _ANCHOR.fullmatch(element.get("name", ""))):
            self._anchor = self._length, Cue(0, 0, int(match[1]) / 1000, int(match[2]) / 1000)
        self._titles += self._looks.is_title(element)
        self._kept += tag == "pre"
        self._say(element.text)
        return True

    def close(self, element: Any) -> None:
        """End an element that was read, or skip one that was not; then comes the text after it."""
        tag = element.tag
        if tag not in _SILENT and not self._looks.unsaid(element):
            if tag in _BLOCKS or tag in ("table", "td", "th"):
                self._end_paragraph()
            if tag == "a" and self._anchor is not None:
                self._cues.append((self._anchor[0], self._length, self._anchor[1]))
                self._anchor = None
            elif tag in ("td", "th") and self._tables:
                self._tables[-1].cell(element, tuple(self._levels.pop()))
            elif tag == "tr" and self._tables:
                self._tables[-1].end_row()
            elif tag == "table":
                self._levels[-1].append(self._tables.pop().grid())
            self._bold.pop()
            self._titles -= self._looks.is_title(element)
            self._kept -= tag == "pre"
        self._say(element.tail)

    def blocks(self) -> list[Line | Grid]:
        """The blocks, after the last element."""
        self._end_paragraph()
        return self._levels[0]

    def _say(self, text: str | None) -> None:
        text = (text or "").replace("\u00ad", "")
        self._add(re.sub(r"\r\n?", "\n", text) if self._kept else re.sub(r"[ \t\r\n\f]+", " ", text))

    def _add(self, text: str) -> None:
        if not self._kept and (not self._pieces or self._pieces[-1][0].endswith((" ", "\n"))):
            text = text.lstrip(" ")
        if text:
            self._pieces.append((text, self._bold[-1]))
            self._length += len(text)

    def _end_paragraph(self) -> None:
        if self._anchor is not None:
            self._cues.append((self._anchor[0], self._length, self._anchor[1]))
            self._anchor = 0, self._anchor[1]
        begin = 0
        for line in lines_of(self._pieces, is_title=bool(self._titles)):
            end = begin + len(line.text)
            inside = (_within(line.text, first - begin, last - begin, cue) for first, last, cue in self._cues)
            if line.text.strip():
                cues = tuple(cue for cue in inside if cue is not None)
                self._levels[-1].append(replace(line, text=line.text.rstrip(), cues=cues))
            begin = end + 1
        self._pieces, self._length, self._cues = [], 0, []


def _within(line: str, first: int, last: int, cue: Cue) -> Cue | None:
    """A cue's part of a line, without white space at its ends; None if there is none."""
    first, last = max(0, first), min(len(line), last)
    said = line[first:last] if first < last else ""
    first += len(said) - len(said.lstrip())
    return Cue(first, first + len(said.strip()), cue.begin_s, cue.end_s) if said.strip() else None


class _Table:
    """A table under construction."""

    def __init__(self) -> None:
        self._rows: list[list[Cell]] = []
        self._row: list[Cell] = []
        self._below: dict[int, int] = {}  # column → how many more rows the cell above spans
        self._heads = 0
        self._is_head = True

    def cell(self, element: Any, blocks: tuple[Line | Grid, ...]) -> None:
        self._continue()
        at = sum(one.span for one in self._row)
        rows, columns = (_span(element, name) for name in ("rowspan", "colspan"))
        self._row.append(Cell(blocks, columns))
        self._is_head = self._is_head and element.tag == "th"
        if rows > 1:
            self._below |= dict.fromkeys(range(at, at + columns), rows)

    def end_row(self) -> None:
        if self._row:
            self._continue()
            self._below = {column: rows - 1 for column, rows in self._below.items() if rows > 1}
            self._heads += self._is_head and self._heads == len(self._rows)
            self._rows.append(self._row)
        self._row, self._is_head = [], True

    def grid(self) -> Grid:
        self.end_row()
        return Grid(tuple(map(tuple, self._rows)), self._heads if self._heads < len(self._rows) else 0)

    def _continue(self) -> None:
        """Add the cells that the ones above span, where the row has come to them."""
        while self._below.get(sum(cell.span for cell in self._row), 0) > 0 and len(self._row) < MAX_SPAN:
            self._row.append(Cell(is_continued=True))


def _span(element: Any, name: str) -> int:
    stated = str(element.get(name, "1")).strip()
    return min(int(stated), MAX_SPAN) if re.fullmatch(r"[1-9]\d{0,5}", stated) else 1


def _plain(element: Any) -> Iterator[str]:
    """Yield the words of an element that nobody says."""
    from lxml import etree

    for event, one in etree.iterwalk(element, events=("start", "end")):
        if event == "start" and one.tag not in _SILENT:
            yield " " * (one.tag in _BLOCKS or one.tag in ("br", "td"))
            yield one.text or ""
        elif event == "end" and one is not element:
            yield one.tail or ""
