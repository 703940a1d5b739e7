"""The tables of rich text, which come as a stream of cells and rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from autokode.corpus.readers.blocks import Cell, Grid, Line

SAME_EDGE = 60
"""Twips (1/20 point) within which the right edges of two cells count as one."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A row: its cells, their right edges in twips, which of them continue the cell above, and whether it is a head."""

    cells: tuple[tuple[Line, ...], ...]
    edges: tuple[int, ...]
    merged: tuple[bool, ...]
    is_head: bool


class Rows:
    """Gathers the cells and rows of a table until it ends."""

    def __init__(self) -> None:
        self._rows: list[_Row] = []
        self._cells: list[tuple[Line, ...]] = []
        self._cell: list[Line] = []
        self._define()

    def _define(self) -> None:
        self._edges: list[int] = []
        self._merged: list[bool] = []
        self._is_merged = self._is_head = False

    def follow(self, word: str, number: int) -> None:
        """Follow the control words that say what a row looks like."""
        if word == "trowd":
            self._define()
        elif word == "trhdr":
            self._is_head = True
        elif word == "clvmrg":
            self._is_merged = True
        elif word == "cellx":
            self._edges.append(number)
            self._merged.append(self._is_merged)
            self._is_merged = False

    def add(self, lines: Sequence[Line], *, ends_cell: bool) -> None:
        """Add lines to the cell; `ends_cell` if the cell is whole with them."""
        self._cell += lines
        if ends_cell:
            self._cells.append(tuple(self._cell))
            self._cell = []

    def end_row(self) -> None:
        if self._cell:
            self.add((), ends_cell=True)
        if self._cells:
            own = (tuple(self._edges), tuple(self._merged)) if len(self._edges) == len(self._cells) else ((), ())
            self._rows.append(_Row(tuple(self._cells), *own, self._is_head))
            self._cells = []

    def take(self) -> Grid | None:
        """The table that was gathered, which ends here, or None."""
        self.end_row()
        rows, self._rows = self._rows, []
        if not rows:
            return None
        edges = sorted({edge for row in rows for edge in row.edges})
        columns: dict[int, int] = {}
        for edge in edges:
            before = max(columns, default=edge - 2 * SAME_EDGE)
            columns[edge] = columns.get(before, 0) + (edge - before > SAME_EDGE)
        heads = next((i for i, row in enumerate(rows) if not row.is_head), 0)
        return Grid(tuple(tuple(_cells(row, columns)) for row in rows), heads)


def _cells(row: _Row, columns: dict[int, int]) -> list[Cell]:
    if not row.edges:
        return [Cell(lines) for lines in row.cells]
    ends = [columns[edge] for edge in row.edges]
    spans = [max(1, end - before) for before, end in zip([0, *ends], ends, strict=False)]
    return [Cell(lines, span, merged) for lines, span, merged in zip(row.cells, spans, row.merged, strict=True)]
