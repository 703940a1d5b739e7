"""CSV files: one way to write them, and a reader for those that Excel saves."""

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator
from typing import Protocol

from autokode.base.errors import failure, unreadable
from autokode.base.messages import say

RUNS = r"'*[=+\-@\t\r]"
"""Beginning of a text that a spreadsheet would run as a formula, or one that is kept from it already."""
_RUNS = re.compile(RUNS)


def csv_text(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Write a table as CSV: commas, LF, texts in quotation marks, `true` and `false`, an empty text for None.

    A text or a heading that begins with = + - @, a tab or CR gets an apostrophe in front, so that no spreadsheet runs it;
    `csv_rows` takes it away again.
    """
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerow(map(_cell, columns))
    writer = csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)  # an unquoted CR would end the row
    writer.writerows(map(_cell, row) for row in rows)
    return stream.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, str) and _RUNS.match(value):
        return f"'{value}"
    return "" if value is None else str(value).lower() if isinstance(value, bool) else value


def _as_written(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _RUNS.match(cell) else cell


def csv_lists(text: str) -> list[list[str]]:
    """The cells of a CSV text, or of what a spreadsheet puts on the clipboard, as they were written; rows of blanks are left out.

    Raises:
        csv.Error: a quotation mark is misplaced.
    """
    header = text.split("\n", 1)[0]
    cells = csv_cells(text, delimiters="\t" if "\t" in header else ",;", strict=True)
    rows = ([_as_written(cell) for cell in row] for row in cells)
    return [row for row in rows if any(cell.strip() for cell in row)]


class Cells(Protocol):
    """The cells of each row; the part of `csv.reader` that is used here."""

    line_num: int

    def __iter__(self) -> "Cells": ...
    def __next__(self) -> list[str]: ...


def csv_cells(text: str, *, delimiters: str = ",;\t", strict: bool = False) -> Cells:
    """Read the cells of a CSV text; of `delimiters`, the one that is most frequent in the header separates them.

    Raises:
        csv.Error: while iterating, if `strict` and a quotation mark is misplaced.
    """
    header = text.split("\n", 1)[0]
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))  # a quote may be a whole interview
    return csv.reader(io.StringIO(text, newline=""), delimiter=max(delimiters, key=header.count), strict=strict)


def csv_rows(
    text: str, name: str, *, needed: Collection[str] = (), example: str | None = None
) -> Iterator[tuple[int, dict[str, str]]]:
    """Read the rows of a CSV file with commas, semicolons or tabs: (line number, column → text).

    Args:
        text: the file's text.
        name: the file to name in errors.
        needed: the columns that must be there, in lower case.
        example: a correct header, shown if one of them is missing.

    Raises:
        DataError: a needed column is missing, or a quotation mark is misplaced.
    """
    reader = csv_cells(text, strict=True)
    try:
        columns = [_as_written(column).strip().lower() for column in next(reader)]
        missing = [column for column in needed if column not in columns]
        if missing:
            raise failure(
                f"mangler kolonne {', '.join(missing)}; fant {', '.join(columns)}",
                f"has no column {', '.join(missing)}; found {', '.join(columns)}",
                where=name,
                line=1,
                try_next=example,
            )
        line = reader.line_num + 1
        for row in reader:
            cells = [_as_written(cell) for cell in row]
            if any(cell.strip() for cell in cells):
                yield line, dict(zip(columns, cells, strict=False))
            line = reader.line_num + 1
    except csv.Error as error:
        mend = say('anførselstegn i teksten dobles: ""', 'double the quotes inside a text: ""')
        raise unreadable("CSV", error, where=name, line=reader.line_num, try_next=mend) from error
