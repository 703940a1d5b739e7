"""The lines and grids of a document to one text; the rows of a grid of utterances become cues."""

import itertools
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from autokode.base.messages import say
from autokode.corpus.readers import columns
from autokode.corpus.readers.blocks import HEAD_WITHIN, MARK, Grid, Line, is_layout, lines_in, told, unmarked, width_of
from autokode.corpus.readers.source import Cue, LeftOut, Source


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A grid that holds utterances.

    Attributes:
        sequence: its rows in order: an utterance as (text, cue), or a line that is none.
        table: what its columns are, and what of them is left out.
        filled: number of rows that took their speaker from the row above.
    """

    sequence: tuple[Line | tuple[str, Cue], ...]
    table: columns.Table
    filled: int


def source_of_blocks(
    blocks: Iterable[Line | Grid], left_out: Iterable[LeftOut] = (), notes: Iterable[str] = ()
) -> Source:
    """Make one text of a document's lines and grids.

    Where grids of utterances hold at least half of the words, their rows become cues, one line each with `Name: ` in front where
    the speaker changes. Otherwise a row of a grid is a line with tabs between its cells.
    """
    parts = list(_joined(_unframed(blocks)))
    spoken = [_spoken(part) if isinstance(part, Grid) else None for part in parts]
    known = {cue.speaker for own in spoken if own is not None for _text, cue in own.table.parts if cue.speaker}
    for i, part in enumerate(parts):
        if known and isinstance(part, Grid) and spoken[i] is None:
            spoken[i] = _spoken(part, known)
    read = [(part, None if own is None else own.sequence) for part, own in zip(parts, spoken, strict=True)]
    said = sum(len(one[0].split()) for _part, own in read for one in own or () if isinstance(one, tuple))
    rest = (line for part, own in read for line in (lines_in([part]) if own is None else own) if isinstance(line, Line))
    if said < sum(len(line.text.split()) for line in rest if not line.is_title) or not said:
        read, spoken = [(part, None) for part in parts], []
    text = _Text()
    for part, own in read:
        for one in lines_in([part]) if own is None else own:
            text.line(one) if isinstance(one, Line) else text.cue(*one)
    tables = [own for own in spoken if own is not None]
    filled = sum(own.filled for own in tables)
    inferred = dict.fromkeys(note for own in tables for note in own.table.notes)
    if filled:
        nb, en = "rader uten taler har taleren fra raden over", "rows without a speaker have that of the row above"
        inferred[say(f"{filled} {nb}", f"{filled} {en}")] = None
    return Source(
        "\n".join(text.texts),
        tuple(text.cues),
        tuple(text.headings),
        tuple(text.titles),
        tuple(text.bold_starts),
        (*notes, *inferred),
        (*left_out, *(one for own in tables for one in own.table.left_out)),
        tuple(dict.fromkeys(role for own in tables for role in own.table.roles)),
    )


class _Text:
    """The text under construction, with the places of its cues, headings and titles."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.cues: list[Cue] = []
        self.headings: list[tuple[int, int]] = []
        self.titles: list[tuple[int, int]] = []
        self.bold_starts: list[tuple[int, int]] = []
        self._position = 0
        self._speaker: str | None = None

    def line(self, line: Line) -> None:
        place = self._add(line.text)
        if line.text.strip() and line.is_title:
            self.titles.append(place)
        if line.text.strip() and line.is_bold:
            self.headings.append(place)
        if line.bold_start:
            self.bold_starts.append((place[0], place[0] + line.bold_start))
        self.cues += [replace(cue, start=place[0] + cue.start, end=place[0] + cue.end) for cue in line.cues]
        self._speaker = None

    def cue(self, text: str, cue: Cue) -> None:
        label = f"{cue.speaker}: " if cue.speaker and cue.speaker != self._speaker else ""
        start, end = self._add(label + text)
        self.cues.append(replace(cue, start=start + len(label), end=end))
        self._speaker = cue.speaker

    def _add(self, line: str) -> tuple[int, int]:
        place = (self._position, self._position + len(line))
        self.texts.append(line)
        self._position += len(line) + 1
        return place


def _spoken(grid: Grid, known: Collection[str] = ()) -> _Spoken | None:
    """Read a grid as utterances: by its heads, its times, `known` speakers or ones who come back; None if it holds others."""
    if is_layout(grid):
        return None
    rows = _texts(grid)
    head = next((i for i, row in enumerate(rows[:HEAD_WITHIN]) if columns.has_heads(unmarked(row))), None)
    heads = [] if head is None else unmarked(rows[head])
    below = [i for i in range(0 if head is None else head + 1, len(rows)) if unmarked(rows[i]) != heads]
    across = {i for i in below if len(grid.rows[i]) < len(rows[i]) and sum(map(bool, rows[i])) == 1}
    kept = [i for i in below if i not in across]
    found = columns.by_heads(heads) if heads else columns.by_content([unmarked(rows[i]) for i in kept]) if kept else {}
    if "text" not in found:
        return None
    said = [i for i in kept if MARK.sub("", rows[i][found["text"]])]
    filled = _fill_down([rows[i] for i in said], found["speaker"]) if "speaker" in found else 0
    table = columns.table_of([_with_marks(rows[i], found["text"]) for i in said], found, heads)
    if not heads and not _is_talk(table, found, known):
        return None
    parts = dict(zip(said, table.parts, strict=True))
    sequence: list[Line | tuple[str, Cue]] = [line for row in grid.rows[: head or 0] for line in told(row)]
    for i in below:
        sequence += [parts[i]] if i in parts else list(told(grid.rows[i]))
    return _Spoken(tuple(sequence), table, filled)


def _fill_down(rows: list[list[str]], speaker: int) -> int:
    """Give each row without a speaker the one of the row above, and count these rows."""
    filled = 0
    for above, row in itertools.pairwise(rows):
        if not row[speaker] and above[speaker]:
            row[speaker] = MARK.sub("", above[speaker])
            filled += 1
    return filled


def _is_talk(table: columns.Table, found: dict[str, int], known: Collection[str]) -> bool:
    """Whether a grid without heads is of utterances: it has times, or speakers of whom one is known or comes back."""
    speakers = [cue.speaker for _text, cue in table.parts if cue.speaker]
    return "begin" in found or len(set(speakers)) < len(speakers) or not set(speakers).isdisjoint(known)


def _texts(grid: Grid) -> list[list[str]]:
    """The text of each cell, by row and column; a cell that spans is followed by empty ones, one that continues is repeated."""
    width = max((sum(cell.span for cell in row) for row in grid.rows), default=0)
    rows: list[list[str]] = []
    for row in grid.rows:
        texts: list[str] = []
        for cell in row:
            above = rows[-1][len(texts)] if rows and cell.is_continued else ""
            short = above if len(above) <= columns.LONGEST_NAME else ""
            texts += [cell.text or short, *[""] * (cell.span - 1)]
        rows.append(texts + [""] * (width - len(texts)))
    return rows


def _with_marks(row: Sequence[str], words: int) -> list[str]:
    """A row with all its marks in the cell of the words, so that none is lost with a label."""
    marks = "".join(mark for i, text in enumerate(row) if i != words for mark in MARK.findall(text))
    return [marks + text if i == words else MARK.sub("", text) for i, text in enumerate(row)]


def _unframed(blocks: Iterable[Line | Grid]) -> Iterator[Line | Grid]:
    """Yield the blocks, of a grid that only places things on the page those in its cells."""
    for block in blocks:
        if isinstance(block, Grid) and is_layout(block):
            inner = (one for row in block.rows for cell in row for one in _unframed(cell.blocks))
            yield from (one for one in inner if isinstance(one, Grid) or one.text.strip())
        else:
            yield block


def _joined(blocks: Iterable[Line | Grid]) -> Iterator[Line | Grid]:
    """Yield the blocks; grids of one row and one width that follow each other, one for each utterance, become one."""
    waiting: list[Line | Grid] = []  # a grid of such rows, and the blank lines after it
    for block in blocks:
        last = waiting[0] if waiting else None
        is_row = isinstance(block, Grid) and len(block.rows) == 1
        if is_row and isinstance(block, Grid) and isinstance(last, Grid) and width_of(block) == width_of(last):
            waiting = [Grid((*last.rows, *block.rows))]
        elif last is not None and isinstance(block, Line) and not block.text.strip():
            waiting.append(block)
        else:
            yield from waiting
            waiting = [block] if is_row else []
            yield from [] if is_row else [block]
    yield from waiting
