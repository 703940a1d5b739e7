"""What documents and pages are made of: lines, and grids of cells; and the words in them that nobody says."""

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from autokode.base.formatting import one_line
from autokode.base.messages import say
from autokode.corpus.readers.columns import has_heads
from autokode.corpus.readers.source import Cue, LeftOut

Piece = tuple[str, bool]
"""A part of a paragraph: (text, in bold)."""
PAGE_END = "\f"
"""A page's or column's end within a paragraph: a line end, if there are words on both sides of it."""

MARK = re.compile("[\U0010fff0-\U0010ffff]\\d+[\U0010fff0-\U0010ffff]")
"""A mark put into a document in memory to find places in its text (`autokode.exchange.coded_word`): no part of its words."""
HEAD_WITHIN = 6
"""Among how many rows at the top the heads of a grid are looked for; rows above them are facts about the interview."""
LAYOUT = 3
"""Fewest lines of a cell before the row's last that make a grid a layout: its cells are read one after the other."""
TITLE = re.compile(
    r"(?:heading|overskrift|rubrik)(?: ?\d)?|(?:sub)?title|(?:under|mellom)?tittel|(?:toc|inn) ?(?:heading|overskrift)"
)
"""Names of styles that are headings, in small letters; Word keeps English names in its files, other programs do not."""
CONTENTS = re.compile(r"(?:toc|inn|innh|contents) ?\d|table of (?:figures|contents)|innholdsfortegnelse.*")
"""Names of styles of the lines of a table of contents, in small letters."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a document.

    Attributes:
        text: its words.
        is_bold: whether all of them are bold.
        is_title: whether the document states it to be a heading.
        bold_start: how many characters at its beginning are bold, where the others are not: they may be a speaker's name.
        cues: parts of it with times, counted from its start.
    """

    text: str = field(repr=False)
    is_bold: bool = False
    is_title: bool = False
    bold_start: int = 0
    cues: tuple[Cue, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a grid: what it holds, how many columns it spans, and whether it continues the cell above it.

    Attributes:
        lines: its lines with text, also those of grids in it.
        text: these on one line.
    """

    blocks: "tuple[Line | Grid, ...]" = ()
    span: int = 1
    is_continued: bool = False
    lines: tuple[Line, ...] = field(init=False, repr=False)
    text: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        # once for each cell, since grids lie in cells of grids
        object.__setattr__(self, "lines", tuple(line for line in lines_in(self.blocks) if line.text.strip()))
        object.__setattr__(self, "text", on_one_line(" ".join(line.text for line in self.lines)))


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of a document: its rows of cells, the first `heads` of which it states to be heads."""

    rows: tuple[tuple[Cell, ...], ...]
    heads: int = 0


def is_layout(grid: Grid) -> bool:
    """Whether a grid only places things on the page: one column, or long cells side by side."""
    return all(len(row) == 1 for row in grid.rows) or any(
        len(cell.lines) >= LAYOUT or any(isinstance(block, Grid) for block in cell.blocks)
        for row in grid.rows
        for cell in [cell for cell in row if cell.lines][:-1]
    )


def lines_in(blocks: Iterable[Line | Grid]) -> Iterator[Line]:
    """Yield the lines of blocks: a row of a grid is a line with tabs, or in a layout the lines of its cells."""
    for block in blocks:
        if isinstance(block, Line):
            yield block
        elif is_layout(block):
            yield from (line for row in block.rows for cell in row for line in cell.lines)
        else:
            for i, row in enumerate(block.rows):
                is_head = i < block.heads or (i < HEAD_WITHIN and has_heads(unmarked(cell.text for cell in row)))
                yield from (replace(line, is_title=line.is_title or is_head) for line in told(row))


def told(row: Sequence[Cell]) -> Iterator[Line]:
    """Yield a row as a line with tabs between its cells; the last cell keeps its line ends."""
    last = max((i for i, cell in enumerate(row) if cell.lines), default=-1)
    if last >= 0:
        first, *others = (replace(line, text=on_one_line(line.text)) for line in row[last].lines)
        is_alone = not any(cell.lines for cell in row[:last])
        texts = [*(cell.text for cell in row[:last]), first.text, *[""] * (len(row) - 1 - last)]
        yield replace(first, text="\t".join(texts), is_bold=first.is_bold and is_alone, bold_start=0)
        yield from others


def width_of(grid: Grid) -> int:
    """The number of a grid's columns."""
    return max((sum(cell.span for cell in row) for row in grid.rows), default=0)


def unmarked(texts: Iterable[str]) -> list[str]:
    """Texts without their marks."""
    return [MARK.sub("", text) for text in texts]


def on_one_line(text: str) -> str:
    """A text on one line, as `one_line` makes it, in which marks count for nothing."""
    if not MARK.search(text):
        return one_line(text)
    marks_first = re.sub(rf"(\s+)((?:{MARK.pattern})+)", r"\2\1", text)
    opening = re.match(rf"(?:{MARK.pattern})*", marks_first)
    assert opening is not None  # noqa: S101 - it may match nothing
    return opening[0] + one_line(marks_first[opening.end() :])


@dataclass
class Words:
    """Gathers the words of a document that nobody says, by kind."""

    kinds: dict[str, list[str]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return sum(map(len, self.kinds.values()))

    def add(self, kind: str, text: str, *, joins: bool = False) -> None:
        """Keep a piece of words, one of the kinds in `_REASONS`; `joins` if it goes on where the last of its kind ended."""
        own = self.kinds.setdefault(kind, [])
        if joins and own:
            own[-1] += text
        elif text.strip():
            own.append(text)

    def all(self) -> Iterator[LeftOut]:
        """Yield all pieces, by kind."""
        for kind, reason in _REASONS.items():
            pieces = [one_line(piece) for piece in self.kinds.get(kind, ())]
            if kind == "margin":  # the same on every page, with nothing but its number
                pieces = [piece for piece in dict.fromkeys(pieces) if any(map(str.isalpha, piece))]
            if pieces:
                yield LeftOut(say(*reason), "\n".join(pieces))


_REASONS = {
    "deleted": ("slettede eller overstrøkne tekstbiter", "deleted or struck pieces of text"),
    "hidden": ("skjulte tekstbiter", "hidden pieces of text"),
    "contents": ("linjer i innholdsfortegnelsen", "lines of the table of contents"),
    "note": ("fotnoter eller sluttnoter", "footnotes or endnotes"),
    "comment": ("kommentarer", "comments"),
    "margin": ("topptekster eller bunntekster", "headers or footers"),
    "placeholder": ("ledetekster i felt som ikke er fylt ut", "prompts of fields that are not filled in"),
    "embedded": ("innebygde dokumenter", "embedded documents"),
}


def lines_of(pieces: Iterable[Piece], *, is_title: bool = False) -> Iterator[Line]:
    """Yield the lines of a paragraph; a line is bold if all its letters and digits are."""
    whole = "".join(text for text, _bold in pieces)
    first, last = len(whole) - len(whole.lstrip()), len(whole.rstrip())
    position = 0
    line: list[Piece] = []
    for text, bold in pieces:
        for part in re.split(f"([\n{PAGE_END}])", text):
            is_inside = first < position < last
            if part == "\n" or (part == PAGE_END and is_inside):
                yield _line(line, is_title)
                line = []
            elif part != PAGE_END:
                line.append((part, bold))
            position += len(part)
    yield _line(line, is_title)


def _line(pieces: list[Piece], is_title: bool) -> Line:
    bold = [bold for text, bold in pieces if any(map(str.isalnum, text))]
    first = itertools.takewhile(lambda piece: piece[1] or not any(map(str.isalnum, piece[0])), pieces)
    start = "".join(text for text, _bold in first).rstrip() if any(bold) and not all(bold) else ""
    return Line("".join(text for text, _bold in pieces), bool(bold) and all(bold), is_title, len(start))
