"""Write tables: a workbook with one sheet per table, or one CSV or Parquet file per table. Same tables, same bytes."""

import io
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autokode.base.archive import undated
from autokode.base.csv_files import csv_text
from autokode.base.files import write_whole
from autokode.base.formatting import for_xml
from autokode.base.messages import say

if TYPE_CHECKING:
    import pyarrow as pa

HEADINGS = {
    "transcript": ("transkripsjon", "transcript"),
    "utterance": ("ytring", "utterance"),
    "speaker": ("taler", "speaker"),
    "office": ("kontor", "office"),
    "start": ("start", "start"),
    "end": ("slutt", "end"),
    "quote": ("sitat", "quote"),
    "code": ("kode", "code"),
    "category": ("kategori", "category"),
    "coder": ("koder", "coder"),
    "time": ("tid", "time"),
    "good": ("godt sitat", "good quote"),
    "suggested": ("foreslått av modell", "suggested by a model"),
    "probability": ("sannsynlighet", "probability"),
    "model": ("modell", "model"),
    "question": ("spørsmål", "question"),
    "evidence": ("ord som teller", "words that count"),
    "decision": ("avgjørelse", "decision"),
    "definition": ("definisjon", "definition"),
    "number": ("nummer", "number"),
    "codable": ("kodbar", "codable"),
    "parent": ("under", "under"),
    "codings": ("kodinger", "codings"),
    "utterances": ("ytringer", "utterances"),
    "answers": ("svar", "answers"),
    "level": ("nivå", "level"),
    "name": ("navn", "name"),
    "units": ("enheter", "units"),
    "agreed": ("enige", "agreed"),
    "kappa": ("kappa", "kappa"),
    "ac1": ("AC1", "AC1"),
    "alpha": ("alfa", "alpha"),
    "interviews": ("intervjuer", "interviews"),
    "offices": ("kontorer", "offices"),
    "speakers": ("informanter", "informants"),
    "quotes": ("sitater", "quotes"),
    "share": ("andel", "share"),
    "kind": ("slag", "kind"),
    "codes": ("alle koder", "all codes"),
    "first": ("første kode", "first code"),
    "second": ("andre kode", "second code"),
    "both": ("svar med begge", "answers with both"),
    "answers of first": ("svar med første", "answers with first"),
    "answers of second": ("svar med andre", "answers with second"),
    "share of first": ("andel av første", "share of first"),
    "share of second": ("andel av andre", "share of second"),
    "jaccard": ("Jaccard", "Jaccard"),
    "lift": ("løft", "lift"),
    "group": ("gruppe", "group"),
    "sentence": ("setning", "sentence"),
    "text": ("tekst", "text"),
    "language": ("språk", "language"),
    "from": ("fra", "from"),
    "to": ("til", "to"),
    "warnings": ("merk", "note"),
    "autokode": ("autokode", "autokode"),
}
"""Name of a column in CSV, Parquet and data frames → its heading in Excel, in Norwegian and English."""

MARK = "autokode"
"""Name of the column that says from what each row was written; Excel shows it if asked to."""

INTERVAL = (" 2.5 %", " 97.5 %")
"""Ends of the names of the columns that hold the ends of a figure's interval."""

LONGEST_CELL = 32_767
"""Length of the longest text that an Excel cell can hold."""
_WIDTHS = {
    "quote": 80,
    "question": 40,
    "definition": 60,
    "evidence": 30,
    "code": 28,
    "category": 28,
    "parent": 28,
    "decision": 14,
    "sentence": 80,
    "text": 110,
    "codes": 40,
    "group": 30,
    "first": 28,
    "second": 28,
}
"""Widths of the columns whose text wraps, in characters."""
_DATED = 19
"""Width of a column of times, in characters."""
_ARROW = 4
"""Width of a heading's filter button, in characters."""
_LINE, _TALLEST = 15, 409
"""Height of a line and of the tallest row that Excel allows, in points."""


def write_sheets(path: Path, tables: "Mapping[str, pa.Table]", *, stated: str = "") -> list[Path]:
    """Write tables as sheets of one .xlsx, or each to its own .csv or .parquet, named by file and table; return the paths.

    Args:
        path: the file.
        tables: title → table.
        stated: what a workbook says in its property `autokode`; nothing if "".

    Raises:
        DataError: the place cannot be written.
    """
    kind = path.suffix.lower()
    if kind == ".xlsx":
        write_whole(path, xlsx_bytes(tables, stated=stated))
        return [path]
    files = {path.with_name("-".join(filter(None, (path.stem, name))) + path.suffix): t for name, t in tables.items()}
    for place, table in files.items():
        write_whole(
            place,
            _parquet(table) if kind == ".parquet" else _csv(table),
        )
    return list(files)


def heading(column: str) -> str:
    """The heading of a column in Excel; a name without one in `HEADINGS`, like a coder's, stays.

    >>> heading("alpha 97.5 %")
    'alfa 97,5 %'
    """
    bound = next((bound for bound in INTERVAL if column.endswith(bound)), "")
    name = column.removesuffix(bound)
    return say(*HEADINGS.get(name, (name, name))) + say(bound.replace(".", ","), bound)


def xlsx_bytes(sheets: "Mapping[str, pa.Table]", *, stated: str = "") -> bytes:
    """Make a workbook with one sheet per table: typed cells, headings that stay in view, a filter.

    Text never becomes a formula, whatever it begins with. A text too long for a cell is cut and ends in «…».
    """
    from xlsxwriter import Workbook

    buffer = io.BytesIO()
    book = Workbook(buffer, {"in_memory": True})  # keeps transcripts out of temporary files
    book.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC)})
    if stated:
        book.set_custom_property(MARK, stated)
    formats = {
        "head": book.add_format({"bold": True}),
        "plain": book.add_format({"valign": "top"}),
        "wrapped": book.add_format({"valign": "top", "text_wrap": True}),
        "time": book.add_format({"valign": "top", "num_format": "yyyy-mm-dd hh:mm:ss"}),
    }
    for title, table in sheets.items():
        _fill(book.add_worksheet(title), table, formats)
    book.close()
    return undated(buffer.getvalue())


def _fill(sheet: Any, table: "pa.Table", formats: Mapping[str, Any]) -> None:
    said = {name: heading(name) for name in table.column_names}
    widths = {
        name: max(_WIDTHS.get(name, _DATED if name == "time" else 14), len(heading) + _ARROW)
        for name, heading in said.items()
    }
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, table.num_rows, max(0, table.num_columns - 1))
    for column, (name, width) in enumerate(widths.items()):
        sheet.set_column(column, column, width, None, {"hidden": name == MARK})
        sheet.write_string(0, column, said[name], formats["head"])
    for number, row in enumerate(table.to_pylist(), 1):
        lines = max((_lines(row[name], widths[name]) for name in row if name in _WIDTHS), default=1)
        if lines > 1:
            sheet.set_row(number, min(_LINE * lines, _TALLEST))
        for column, (name, value) in enumerate(row.items()):
            _put(sheet, (number, column), _cell(name, value), formats, wrapped=name in _WIDTHS)


def _put(sheet: Any, place: tuple[int, int], value: Any, formats: Mapping[str, Any], *, wrapped: bool) -> None:
    if value is None or value == "":
        return
    if isinstance(value, str):
        sheet.write_string(*place, value, formats["wrapped" if wrapped else "plain"])
    elif isinstance(value, bool):
        sheet.write_boolean(*place, value, formats["plain"])
    elif isinstance(value, datetime):
        sheet.write_datetime(*place, value, formats["time"])
    elif not (isinstance(value, float) and math.isnan(value)):
        sheet.write_number(*place, value, formats["plain"])


def _lines(value: Any, width: int) -> int:
    """Count the lines of a wrapped cell, to set the height of its row: not every program does that on opening."""
    paragraphs = value.splitlines() if isinstance(value, str) else ()
    return sum(max(1, -(-len(paragraph) // (width - 2))) for paragraph in paragraphs)


def _cell(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if name == "time" and value:
        try:
            when = datetime.fromisoformat(value)
        except ValueError:
            return value
        return (when.astimezone(UTC) if when.tzinfo else when).replace(tzinfo=None)
    plain = for_xml(value)
    return plain if len(plain) <= LONGEST_CELL else plain[: LONGEST_CELL - 1] + "…"


def _csv(table: "pa.Table") -> str:
    return csv_text(table.column_names, (row.values() for row in table.to_pylist()))


def _parquet(table: "pa.Table") -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    return bytes(sink.getvalue())
