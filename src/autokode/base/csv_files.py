"""CSV files: one way to write them, and a reader for those that Excel saves."""

import csv
import io
from collections.abc import Collection, Iterable, Iterator

from autokode.base.errors import failure
from autokode.base.messages import say


def csv_text(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Write a table as CSV: commas, LF, texts in quotation marks, `true` and `false`, an empty text for None."""
    stream = io.StringIO()
    stream.write(",".join(columns) + "\n")
    writer = csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)  # an unquoted CR would end the row
    writer.writerows(map(_cell, row) for row in rows)
    return stream.getvalue()


def _cell(value: object) -> object:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else value


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
    header = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=header.count)
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))  # a quote may be a whole interview
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        columns = [column.strip().lower() for column in next(reader)]
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
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, dict(zip(columns, cells, strict=False))
            line = reader.line_num + 1
    except csv.Error as error:
        raise failure(
            f"kan ikke leses som CSV ({error})",
            f"cannot be read as CSV ({error})",
            where=name,
            line=reader.line_num,
            try_next=say('anførselstegn i teksten dobles: ""', 'double the quotes inside a text: ""'),
        ) from error
