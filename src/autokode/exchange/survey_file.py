"""Reads the table of a survey from a file: .csv and .tsv with any of the usual delimiters, and the largest sheet of an .xlsx."""

import csv
import io
import re
from collections import Counter
from pathlib import Path

from autokode.base.errors import failure, quoted, unreadable
from autokode.base.messages import say
from autokode.base.text_files import read_text
from autokode.corpus.readers.spreadsheet import workbook
from autokode.corpus.survey import Survey, survey_of
from autokode.exchange.table_rows import cell_text

ENDINGS = (".csv", ".tsv", ".xlsx")

MOST_ROWS, MOST_COLUMNS = 50_000, 1000
"""Most respondents and columns of a survey."""

_LOOKED_AT = 50
"""Rows by which delimiters are told apart."""


def read_survey(path: Path) -> Survey:
    """Read a survey.

    Raises:
        DataError: the file cannot be read, has no respondents, or too many.
    """
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise failure(
            f"«{path.name}» er ikke en tabell; ventet {', '.join(ENDINGS)}",
            f"«{path.name}» is no table; expected {', '.join(ENDINGS)}",
            where=path,
            try_next=say("last ned svarene som CSV eller Excel", "download the answers as CSV or Excel"),
        )
    rows = _sheet(path) if ending == ".xlsx" else _csv(path)
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if len(rows) < 2:
        raise failure(
            "tabellen har ingen svar: ventet overskrifter, og en rad for hver som svarte",
            "the table has no answers: expected headings, and a row for each respondent",
            where=path,
            try_next=f"ls -l {quoted(path)}",
        )
    if len(rows) > MOST_ROWS + 1 or max(map(len, rows)) > MOST_COLUMNS:
        raise failure(
            f"tabellen har mer enn {MOST_ROWS} rader eller {MOST_COLUMNS} kolonner",
            f"the table has more than {MOST_ROWS} rows or {MOST_COLUMNS} columns",
            where=path,
            try_next=say("del den opp", "split it"),
        )
    return survey_of(rows)


def _sheet(path: Path) -> list[list[str]]:
    sheets = [[[cell_text(cell) for cell in row] for row in rows] for rows in workbook(path, MOST_ROWS + 4).values()]
    return max(sheets, key=lambda rows: sum(any(row) for row in rows), default=[])


def _csv(path: Path) -> list[list[str]]:
    text = read_text(path)
    stated = re.match(r"sep=(.)\r?\n", text)
    if stated:
        text = text[stated.end() :]
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    try:
        delimiter = stated[1] if stated else _delimiter(text)
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        mend = say("last den ned på nytt, eller lagre den som .xlsx", "download it again, or save it as .xlsx")
        raise unreadable("CSV", error, where=path, try_next=mend) from error


def _delimiter(text: str) -> str:
    """The delimiter by which most rows have as many cells as the first; a question may hold more commas than columns."""

    def fits(delimiter: str) -> tuple[float, int]:
        rows = []
        try:
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
                rows.append(len(row))
                if len(rows) > _LOOKED_AT:
                    break
        except csv.Error:
            return 0.0, 0
        wide = Counter(rows)[rows[0]] / len(rows) if rows and rows[0] > 1 else 0.0
        return wide, rows[0] if rows else 0

    return max(";\t,|", key=fits)
