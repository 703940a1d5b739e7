"""What documents and pages are made of: lines, and grids of cells; and the words in them that nobody says."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from autokode.base.formatting import one_line
from autokode.base.messages import say
from autokode.corpus.readers.source import Cue, LeftOut

Piece = tuple[str, bool]
"""A part of a paragraph: (text, in bold)."""
PAGE_END = "\f"
"""A page's or column's end within a paragraph: a line end, if there are words on both sides of it."""

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
        cues: parts of it with times, counted from its start.
    """

    text: str
    is_bold: bool = False
    is_title: bool = False
    cues: tuple[Cue, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a grid: what it holds, how many columns it spans, and whether it continues the cell above it."""

    blocks: "tuple[Line | Grid, ...]" = ()
    span: int = 1
    is_continued: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of a document: its rows of cells, the first `heads` of which it states to be heads."""

    rows: tuple[tuple[Cell, ...], ...]
    heads: int = 0


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
    return Line("".join(text for text, _bold in pieces), bool(bold) and all(bold), is_title)
