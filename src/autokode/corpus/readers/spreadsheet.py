"""Read tables of utterances (.csv, .tsv, .xlsx): one utterance per row."""

import csv
import io
import itertools
import re
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from autokode.base.archive import Archive
from autokode.base.csv_files import csv_cells
from autokode.base.errors import failure, quoted, unreadable
from autokode.base.extras import require
from autokode.base.files import read_bytes
from autokode.base.messages import say
from autokode.base.text_files import read_text
from autokode.corpus.readers.columns import read_rows
from autokode.corpus.readers.source import LeftOut, Source, source_of_cues

MAX_ROWS = 500_000
MAX_CELLS = 20_000_000
"""Most cells of a workbook, empty ones before the last of a row included."""
_SPELT = re.compile("_x((?!D[89A-F])[0-9A-F]{4})_", re.IGNORECASE)


def read_sheet(path: Path, encoding: str | None = None) -> Source:
    """Read a table with a column of text, and columns of speakers and times (seconds or mm:ss) if there are any.

    Raises:
        DataError: not a table, or without a recognisable column of text.
    """
    sheets = workbook(path) if path.suffix.lower() == ".xlsx" else {"": _csv(path, encoding)}
    rows = next(iter(sheets.values()), [])
    table = read_rows(row for row in rows if row)
    if table is None:
        found = ", ".join(str(cell) for cell in (rows[0] if rows else []) if cell is not None)[:100]
        raise failure(
            f"fant kolonnene {found or 'ingen'}; ventet en «tekst», og gjerne «taler», «start» og «slutt»",
            f"found columns {found or 'none'}; expected «text», and perhaps «speaker», «start» and «end»",
            where=path,
            line=1,
            try_next=say("gi kolonnene navn i første rad", "name them in the first row"),
        )
    if not table.parts:
        what = "har ingen tekst under overskriftene", "has no text under its headings"
        raise failure(*what, where=path, try_next=f"ls -l {quoted(path)}")
    left_out = (*table.left_out, *_other_sheets(sheets))
    return replace(source_of_cues(table.parts, table.notes, left_out), roles=table.roles)


def _other_sheets(sheets: dict[str, list[list[Any]]]) -> Iterator[LeftOut]:
    """Yield the words of the sheets after the first."""
    for title, rows in list(sheets.items())[1:]:
        cells = [" ".join(str(cell) for cell in row if cell is not None) for row in rows if row]
        if any(cells):
            yield LeftOut(
                say(
                    f"rader i arket «{title}»; bare det første leses",
                    f"rows of sheet «{title}»; only the first is read",
                ),
                "\n".join(cells),
                is_speech=read_rows(row for row in rows if row) is not None,
            )


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
    require("office", where=path)
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
