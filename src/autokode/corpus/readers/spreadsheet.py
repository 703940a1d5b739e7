"""Read tables of utterances (.csv, .tsv, .xlsx): one utterance per row."""

import csv
import io
import itertools
import re
import warnings
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from autokode.base.archive import Archive
from autokode.base.csv_files import csv_cells
from autokode.base.errors import failure, quoted, unreadable
from autokode.base.files import read_bytes
from autokode.base.formatting import one_line
from autokode.base.messages import say
from autokode.base.text_files import read_text
from autokode.corpus.readers.source import STAMP, Cue, Source, seconds, source_of_cues

_NAMES = {
    "speaker": "taler taleren speaker navn name deltaker deltakar participant person rolle hvem who label",
    "text": "tekst text ytring utterance innhold content transcript transkripsjon sagt utsagn replikk svar answer",
    "begin": "start begin fra tid time tidspunkt timestamp from begynnelse start_time",
    "end": "slutt end til to stop end_time",
}
"""Column → its possible headings."""
MAX_ROWS = 500_000
MAX_CELLS = 20_000_000
"""Most cells of a workbook, empty ones before the last of a row included."""
_SPELT = re.compile("_x((?!D[89A-F])[0-9A-F]{4})_", re.IGNORECASE)


def read_sheet(path: Path, encoding: str | None = None) -> Source:
    """Read a table with a column of text, and columns of speakers and times (seconds or mm:ss) if there are any.

    Raises:
        DataError: not a table, or without a recognisable column of text.
    """
    rows = next(iter(workbook(path).values()), []) if path.suffix.lower() == ".xlsx" else _csv(path, encoding)
    rows = [row for row in rows if row and any(str(cell).strip() for cell in row if cell is not None)]
    columns, rows = _columns(rows)
    if "text" not in columns:
        found = ", ".join(str(cell) for cell in (rows[0] if rows else []) if cell is not None)[:100]
        raise failure(
            f"fant kolonnene {found or 'ingen'}; ventet en «tekst», og gjerne «taler», «start» og «slutt»",
            f"found columns {found or 'none'}; expected «text», and perhaps «speaker», «start» and «end»",
            where=path,
            line=1,
            try_next=say("gi kolonnene navn i første rad", "name them in the first row"),
        )
    parts = [part for row in rows for part in _part(row, columns)]
    if not parts:
        what = "har ingen tekst under overskriftene", "has no text under its headings"
        raise failure(*what, where=path, try_next=f"ls -l {quoted(path)}")
    shown = ", ".join(f"{name} {number + 1}" for name, number in columns.items())
    return source_of_cues(parts, [say(f"kolonner: {shown}", f"columns: {shown}")])


def _columns(rows: list[list[Any]]) -> tuple[dict[str, int], list[list[Any]]]:
    """Find the columns and the rows under the headings; two columns without headings are speaker and text."""
    if not rows:
        return {}, rows
    heads = [str(cell or "").strip().casefold() for cell in rows[0]]
    columns: dict[str, int] = {}
    for name, words in _NAMES.items():
        number = next((i for i, head in enumerate(heads) if head in words.split() and i not in columns.values()), None)
        if number is not None:
            columns[name] = number
    if "text" in columns:
        return columns, rows[1:]
    width = max(len(row) for row in rows)
    filled = [[str(cell or "").strip() for cell in row] + [""] * (width - len(row)) for row in rows]
    lengths = [sum(len(row[i]) for row in filled) / len(filled) for i in range(width)]
    if columns or width not in (2, 3) or len(rows) < 2 or lengths[-1] != max(lengths) or lengths[-1] < 8:
        return columns, rows
    timed = all(_seconds(row[0]) is not None for row in filled)
    if width == 3:
        return ({"begin": 0, "speaker": 1, "text": 2} if timed else {}), rows
    return ({"begin": 0, "text": 1} if timed else {"speaker": 0, "text": 1}), rows


def _part(row: list[Any], columns: dict[str, int]) -> Iterator[tuple[str, Cue]]:
    cells = {name: row[i] if i < len(row) else None for name, i in columns.items()}
    text = one_line(str(cells["text"] if cells["text"] is not None else ""))
    speaker = one_line(str(cells.get("speaker") or "")).rstrip(":").strip()
    if text:
        yield text, Cue(0, 0, _seconds(cells.get("begin")), _seconds(cells.get("end")), speaker or None)


def _seconds(value: Any) -> float | None:
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, datetime | time):
        return value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value) if 0 <= value < 10_000_000 else None
    text = str(value or "").strip().strip("[]()#")
    if re.fullmatch(STAMP, text):
        return seconds(text)
    return float(text.replace(",", ".")) if re.fullmatch(r"\d{1,7}([.,]\d{1,6})?", text) else None


def _csv(path: Path, encoding: str | None) -> list[list[Any]]:
    text = read_text(path, encoding)
    stated = re.match(r"sep=(.)\r?\n", text)
    if stated:
        text = text[stated.end() :]
    try:
        return [list(row) for row in csv_cells(text, delimiters=stated[1] if stated else ",;\t|")]
    except csv.Error as error:
        mend = say("lagre den på nytt fra Excel", "save it again")
        raise unreadable("CSV", error, where=path, try_next=mend) from error


def workbook(path: Path, rows: int = MAX_ROWS) -> dict[str, list[list[Any]]]:
    """Read the cells of a workbook's sheets, by title, with a limit on rows; text as Excel shows it.

    Raises:
        DataError: the file is not a workbook, or unpacks to more than a workbook should.
    """
    from openpyxl import load_workbook

    data = read_bytes(path)
    archive = Archive(path, data)
    for name in archive.names:
        archive.read(name)  # raises if it unpacks to too much
    left, blank = MAX_CELLS, list[Any]()
    found: dict[str, list[list[Any]]] = {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns about parts that are not read here
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            for sheet in book.worksheets:
                sheet.reset_dimensions()  # openpyxl would fill a sheet up to the size that it states
                table = found[sheet.title] = []
                for row in itertools.islice(sheet.iter_rows(values_only=True), rows):
                    left -= 1 + len(row)
                    if left < 0:
                        raise ValueError(say(f"over {MAX_CELLS} celler", f"more than {MAX_CELLS} cells"))
                    table.append([_unspelt(cell) for cell in row] if row else blank)  # many empty rows share one list
            book.close()
    except MemoryError:
        raise
    except Exception as error:  # openpyxl raises KeyError, IndexError, ValueError and XML errors
        mend = say("lagre den på nytt som .xlsx", "save it again as .xlsx")
        raise unreadable(say("Excel-fil", "an Excel file"), error, where=path, try_next=mend) from error
    return found


def _unspelt(cell: Any) -> Any:
    """Replace the escapes of Excel's files by characters: _x000D_ is a line end (ECMA-376, ST_Xstring)."""
    return _SPELT.sub(lambda match: chr(int(match[1], 16)), cell) if isinstance(cell, str) else cell
