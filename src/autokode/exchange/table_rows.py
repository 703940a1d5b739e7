"""Reads the rows of tables: of .csv, .tsv, .xlsx and .parquet files, and of frames, with columns under their English names."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from autokode.base.archive import Archive
from autokode.base.csv_files import csv_rows
from autokode.base.errors import failure, quoted
from autokode.base.extras import require
from autokode.base.files import read_bytes
from autokode.base.messages import say
from autokode.base.tables import HEADINGS
from autokode.base.text_files import read_text
from autokode.corpus.readers.spreadsheet import workbook

MAX_ROWS = 1_000_000

Rows = list[tuple[int, dict[str, str]]]
"""(line, column → text)."""

_PROPERTIES = "docProps/custom.xml"
"""The part of a workbook with what programs note about it."""


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet, or the one table of a file.

    Attributes:
        file: the file's name.
        title: the sheet's; "" where there is but one table.
        rows: its rows.
    """

    file: str
    title: str
    rows: Rows = field(repr=False)

    @property
    def name(self) -> str:
        """What errors call it."""
        return f"{self.file}: {self.title}" if self.title else self.file

    def row(self, line: int) -> str:
        """What remarks call a row."""
        return f"{self.title}, " * bool(self.title) + say(f"rad {line}", f"row {line}")

    @property
    def columns(self) -> frozenset[str]:
        return frozenset(self.rows[0][1]) if self.rows else frozenset()


@dataclass(frozen=True, slots=True)
class Tables:
    """All tables of a file.

    Attributes:
        name: the file.
        tables: its sheets, or the one table.
        stated: what a workbook says in its properties, as XML; "" for other files.
    """

    name: str
    tables: tuple[Table, ...]
    stated: str = ""


def read_tables(source: Any) -> Tables:
    """Read the tables of a file (.csv, .tsv, .xlsx, .parquet), or an Arrow-compatible table (pandas, Polars, pyarrow).

    Raises:
        DataError: it cannot be read.
    """
    if not isinstance(source, str | Path):
        name = say("tabellen", "the table")
        return Tables(name, (Table(name, "", _arrow_rows(source)),))
    path = Path(source)
    tables = tuple(Table(str(path), title, rows) for title, rows in _file_rows(path).items())
    return Tables(str(path), tables, _properties(path) if path.suffix.lower() == ".xlsx" else "")


def whole_number(written: str) -> int | None:
    """The whole number in a cell, or None."""
    return int(written) if re.fullmatch(r"\d{1,15}", written) else None


def same_text(text: str, quote: str) -> bool:
    """Whether a quote equals the text, apart from white space, control characters and a cut-off end, which spreadsheets cause."""
    plain, other = (
        "".join(c for c in one if c.isprintable() and not c.isspace() and c != "\ufffd") for one in (text, quote)
    )
    return plain == other or (quote.endswith("…") and plain.startswith(other[:-1]) and len(quote) > 1000)


def _properties(path: Path) -> str:
    archive = Archive(path, read_bytes(path))
    return archive.read(_PROPERTIES).decode("utf-8", "replace") if _PROPERTIES in archive.names else ""


def _file_rows(path: Path) -> dict[str, Rows]:
    ending = path.suffix.lower()
    if ending == ".xlsx":
        sheets = workbook(path, MAX_ROWS + 1)
        return {title: list(_sheet_rows(title, rows)) for title, rows in sheets.items()}
    if ending == ".parquet":
        require("tables")
        import pyarrow as pa
        import pyarrow.parquet as pq

        data = read_bytes(path)
        try:
            return {"": _arrow_rows(pq.read_table(pa.BufferReader(data)))}
        except (pa.ArrowException, OSError, ValueError) as error:
            raise failure(
                f"kan ikke leses som Parquet ({error})",
                f"cannot be read as Parquet ({error})",
                where=path,
                try_next=f"file {quoted(path)}",
            ) from error
    rows = [(line, _named(row)) for line, row in csv_rows(read_text(path), str(path))]
    return {"": rows}


def _sheet_rows(title: str, rows: list[list[Any]]) -> Iterator[tuple[int, dict[str, str]]]:
    if len(rows) > MAX_ROWS:
        raise failure(
            f"har mer enn {MAX_ROWS} rader",
            f"has more than {MAX_ROWS} rows",
            where=title,
            try_next=say("del opp arket", "split the sheet"),
        )
    columns: list[str] = []
    for line, cells in enumerate(rows, 1):
        if not columns:
            columns = [cell_text(cell) for cell in cells]
        elif any(cell is not None for cell in cells):
            yield line, _named(dict(zip(columns, map(cell_text, cells), strict=False)))


def _arrow_rows(table: Any) -> Rows:
    require("tables")
    import pyarrow as pa

    try:
        found = table if isinstance(table, pa.Table) else pa.table(table)
    except (TypeError, ValueError, pa.ArrowException) as error:
        kind = type(table).__name__
        raise failure(
            f"{kind} er ingen tabell som kan leses",
            f"{kind} is no table that can be read",
            try_next="pandas, Polars, pyarrow",
        ) from error
    return [
        (i, _named({name: cell_text(value) for name, value in row.items()}))
        for i, row in enumerate(found.to_pylist(), 2)
    ]


def _named(row: Mapping[str, str]) -> dict[str, str]:
    """Give the columns of a row their English names, whichever language their headings are in."""
    names = {heading: name for name, both in HEADINGS.items() for heading in (name, *both)} | {"kontor": "office"}
    return {names.get(column.strip().casefold(), column.strip().casefold()): value for column, value in row.items()}


def cell_text(value: Any) -> str:
    """What a cell shows, as a text; "" for nothing."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if isinstance(value, datetime) else str(value)
