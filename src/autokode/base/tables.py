"""Write tables: a workbook with one sheet per table, or one CSV or Parquet file per table. Same tables, same bytes."""

import io
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autokode.base.archive import undated
from autokode.base.csv_files import csv_text
from autokode.base.extras import require
from autokode.base.files import write_whole
from autokode.base.formatting import for_xml
from autokode.base.messages import say

if TYPE_CHECKING:
    import pyarrow as pa

HEADINGS = {
    "transcript": ("transkripsjon", "transcript"),
    "utterance": ("ytring", "utterance"),
    "speaker": ("taler", "speaker"),
    "office": ("gruppe", "group"),
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
    "offices": ("grupper", "groups"),
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
    "proposal": ("forslag til kategori", "suggested category"),
    "sentence": ("setning", "sentence"),
    "text": ("tekst", "text"),
    "language": ("språk", "language"),
    "from": ("fra", "from"),
    "to": ("til", "to"),
    "warnings": ("merk", "note"),
    "variable": ("variabel", "variable"),
    "value": ("verdi", "value"),
    "count": ("svar med koden", "answers with the code"),
    "column": ("kolonne", "column"),
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
    "quote": 90,
    "question": 40,
    "definition": 60,
    "evidence": 30,
    "code": 30,
    "category": 26,
    "parent": 26,
    "decision": 14,
    "sentence": 90,
    "text": 110,
    "codes": 26,
    "proposal": 30,
    "first": 28,
    "second": 28,
    "name": 20,
    "office": 20,
    "speaker": 12,
    "transcript": 14,
}
"""Greatest widths of the columns whose text wraps, in characters; a column is no wider than what it holds."""
_DATED = 19
"""Width of a column of times, in characters."""
_OTHER = (7, 30)
"""Least and greatest width of any other column, in characters."""
_NARROW = 5
"""Width of a column whose heading stands on end, in characters."""
_ARROW = 4
"""Width of a heading's filter button, in characters."""
_LINE, _TALLEST = 13.5, 409
"""Height of a line and of the tallest row that Excel allows, in points."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What is special in how a sheet is laid out.

    Attributes:
        on_end: the column from which on headings stand on end, over narrow columns of numbers.
        printed: the first columns that are printed; all if None.
    """

    on_end: int | None = None
    printed: int | None = None


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
    """The heading of a column in Excel; a name without one in `HEADINGS`, like a coder's, or with a blank before it, stays.

    >>> heading("alpha 97.5 %")
    'alfa 97,5 %'
    """
    bound = next((bound for bound in INTERVAL if column.endswith(bound)), "")
    name = column.removesuffix(bound)
    return say(*HEADINGS.get(name, (name.strip(), name.strip()))) + say(bound.replace(".", ","), bound)


def xlsx_bytes(
    sheets: "Mapping[str, pa.Table]", *, stated: str = "", layouts: "Mapping[str, Layout] | None" = None
) -> bytes:
    """Make a workbook with one sheet per table: typed cells, headings that stay in view, a filter.

    Each prints on A4 on its side, as wide as a page, with its headings on each page. Text never becomes a formula, whatever it
    begins with. A text too long for a cell is cut and ends in «…».

    Args:
        sheets: title → table.
        stated: what the workbook says in its property `autokode`; nothing if "".
        layouts: title → what is special in how its sheet is laid out.
    """
    require("office")
    from xlsxwriter import Workbook

    buffer = io.BytesIO()
    book = Workbook(buffer, {"in_memory": True})  # keeps transcripts out of temporary files
    book.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC)})
    if stated:
        book.set_custom_property(MARK, stated)
    cell = {"valign": "top", "font_size": 10}
    head = {
        "bold": True,
        "font_size": 10,
        "text_wrap": True,
        "valign": "bottom",
        "bottom": 1,
        "bottom_color": "#595959",
    }
    formats = {
        "head": book.add_format(head),
        "on end": book.add_format(head | {"rotation": 90, "align": "center"}),
        "plain": book.add_format(cell),
        "wrapped": book.add_format(cell | {"text_wrap": True}),
        "time": book.add_format(cell | {"num_format": "yyyy-mm-dd hh:mm:ss"}),
        "share": book.add_format(cell | {"num_format": "0.00"}),
    }
    for title, table in sheets.items():
        sheet = book.add_worksheet(title)
        layout = (layouts or {}).get(title, Layout())
        _on_paper(sheet, title)
        if layout.printed is not None:
            sheet.print_area(0, 0, table.num_rows, layout.printed - 1)
        _fill(sheet, table, formats, table.num_columns if layout.on_end is None else layout.on_end)
    book.close()
    return undated(buffer.getvalue())


def _on_paper(sheet: Any, title: str) -> None:
    sheet.set_paper(9)  # A4
    sheet.set_landscape()
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer(f"&L{title.replace('&', '&&')}&R&P / &N")


def _fill(sheet: Any, table: "pa.Table", formats: Mapping[str, Any], on_end: int) -> None:
    said, rows = {name: heading(name) for name in table.column_names}, table.to_pylist()
    widths = {
        name: _width(name, said[name], (row[name] for row in rows), on_end=column >= on_end)
        for column, name in enumerate(table.column_names)
    }
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, table.num_rows, max(0, table.num_columns - 1))
    if on_end < table.num_columns:
        longest = max(len(said[name]) for name in table.column_names[on_end:])
        sheet.set_row(0, min(6 * longest + 30, _TALLEST / 2))
    else:
        sheet.set_row(0, _LINE * max((_lines(said[name], widths[name] - _ARROW + 2) for name in widths), default=1))
    for column, (name, width) in enumerate(widths.items()):
        sheet.set_column(column, column, width, None, {"hidden": name == MARK})
        sheet.write_string(0, column, said[name], formats["on end" if column >= on_end else "head"])
    for number, row in enumerate(rows, 1):
        lines = max((_lines(row[name], widths[name]) for name in row if name in _WIDTHS), default=1)
        if lines > 1:
            sheet.set_row(number, min(_LINE * lines, _TALLEST))
        for column, (name, value) in enumerate(row.items()):
            _put(sheet, (number, column), _cell(name, value), formats, wrapped=name in _WIDTHS)


def _width(name: str, said: str, values: Iterable[Any], *, on_end: bool) -> int:
    """The width of a column: as wide as what it holds, and as a word of its heading, within limits."""
    if on_end:
        return _NARROW
    if name == "time":
        return max(_DATED, len(said) + _ARROW)
    longest = (
        max((6 if isinstance(value, float) else len(str(value)) for value in values if value is not None), default=0)
        + 2
    )
    word = max((len(word) for word in said.split()), default=0) + _ARROW
    return max(min(longest, _WIDTHS.get(name, _OTHER[1])), word, _OTHER[0])


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
        sheet.write_number(*place, value, formats["share" if isinstance(value, float) else "plain"])


def _lines(value: Any, width: int) -> int:
    """Count the lines of a wrapped cell, to set the height of its row: not every program does that on opening."""
    paragraphs = value.splitlines() if isinstance(value, str) else ()
    return sum(max(1, -(-len(paragraph) // round(1.08 * width))) for paragraph in paragraphs)


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
    require("tables")
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    return bytes(sink.getvalue())
