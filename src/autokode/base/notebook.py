"""What a notebook or an interpreter shows of an object that was asked to `.show()`: a table, as HTML or as plain text."""

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from autokode.base.messages import say

MOST_ROWS = 60
"""Rows shown at the most, so that a notebook stays small; what is left out is counted below the table."""

MISSING = "–"
"""Stands for a number that there is not."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A table with a line above and one below, which a notebook shows as HTML and an interpreter as text.

    Attributes:
        title: the line above.
        headings: of the columns.
        rows: a cell for each column. Texts stand to the left, numbers and «–», a missing one, to the right; None is empty.
        note: the line below, or "".
    """

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    note: str = ""

    def _repr_html_(self) -> str:
        head = "".join(f'<th style="text-align:left">{escape(one)}</th>' for one in self.headings)
        body = "".join(f"<tr>{''.join(map(_html_cell, row))}</tr>" for row in self.rows[:MOST_ROWS])
        below = "".join(f"<p><small>{escape(line)}</small></p>" for line in self._below())
        return (
            f"<div><p><b>{escape(self.title)}</b></p>"
            f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{below}</div>"
        )

    def __repr__(self) -> str:
        shown = self.rows[:MOST_ROWS]
        table = [self.headings, *([_plain(cell) for cell in row] for row in shown)]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        is_text = [all(map(_is_text, column)) for column in zip(*shown, strict=True)] or [True] * len(widths)
        lines = [
            "  ".join(
                cell.ljust(width) if left else cell.rjust(width)
                for cell, width, left in zip(row, widths, is_text, strict=True)
            ).rstrip()
            for row in table
        ]
        return "\n".join([self.title, *lines, *self._below()])

    def _below(self) -> Sequence[str]:
        left_out = len(self.rows) - MOST_ROWS
        more = [say(f"… og {left_out} til", f"… and {left_out} more")] if left_out > 0 else []
        return [*more, *([self.note] if self.note else [])]


class InNotebook:
    """Gives an object the HTML that a notebook shows of it: what `show` gives where nothing more is asked for."""

    __slots__ = ()

    @abstractmethod
    def show(self) -> Shown:
        """The object as a table to look at."""

    def _shown(self, headings: Sequence[str], rows: Iterable[tuple[object, ...]], note: str = "") -> Shown:
        """A table below what the object's repr says between < and >."""
        return Shown(repr(self)[1:-1], tuple(headings), tuple(rows), note)

    def _repr_html_(self) -> str:
        return self.show()._repr_html_()


def _plain(cell: object) -> str:
    if isinstance(cell, str):
        return cell.replace("\r", " ").replace("\n", " ")
    return "" if cell is None else f"{cell:.2f}" if isinstance(cell, float) else str(cell)


def _is_text(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and cell != MISSING)


def _html_cell(cell: object) -> str:
    text = escape(_plain(cell))
    if not _is_text(cell):
        return f'<td style="text-align:right">{text}</td>'
    depth = len(text) - len(text.lstrip())
    return f'<td style="text-align:left;padding-left:{0.5 + depth * 0.6:.1f}em">{text.lstrip()}</td>'
