"""Tables of codes by values, and the matrix of answers, as sheets of a workbook or as CSV and Parquet files."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from autokode.base.extras import require
from autokode.base.messages import say
from autokode.base.tables import write_sheets
from autokode.report.answer_matrix import MatrixColumn
from autokode.report.variable_table import VariableTable

if TYPE_CHECKING:
    import pyarrow as pa

KINDS = (".xlsx", ".csv", ".parquet")

_COLUMNS = (
    *(
        "variable",
        "value",
        "code",
        "count",
        "answers",
        "share",
        "share 2.5 %",
        "share 97.5 %",
        "interviews",
        "speakers",
    ),
)


def write_variable_table(path: Path, found: VariableTable) -> list[Path]:
    """Write a table, one row for each cell; give the files.

    Raises:
        DataError: the place cannot be written.
    """
    title = say("koder og verdier", "codes and values") if path.suffix.lower() == ".xlsx" else ""
    return write_sheets(path, {title: cells_of(found)})


def write_matrix(path: Path, columns: Sequence[MatrixColumn]) -> list[Path]:
    """Write a matrix, and what its columns stand for as a sheet or a file of its own; give the files.

    Raises:
        DataError: the place cannot be written.
    """
    require("tables")
    import pyarrow as pa

    text, whole = pa.string(), pa.int64()
    matrix = pa.table({one.name: pa.array(one.cells, _kind(one, text, whole)) for one in columns})
    legend = pa.table(
        {
            "column": pa.array([one.name for one in columns], text),
            "kind": pa.array([one.kind for one in columns], text),
            "name": pa.array([one.called for one in columns], text),
        }
    )
    return write_sheets(path, {say("svar", "answers"): matrix, say("kolonner", "columns"): legend})


def _kind(one: MatrixColumn, text: "pa.DataType", whole: "pa.DataType") -> "pa.DataType":
    return whole if one.cells and isinstance(one.cells[0], int) else text


def cells_of(found: VariableTable) -> "pa.Table":
    """One row for each cell: variable, value, code, count, answers, share with its interval, interviews, speakers."""
    require("tables")
    import pyarrow as pa

    rows = [
        {
            "variable": found.variable,
            "value": column.value,
            "code": code,
            "count": cell.count,
            "answers": column.answers,
            "share": cell.share,
            "share 2.5 %": cell.interval and cell.interval[0],
            "share 97.5 %": cell.interval and cell.interval[1],
            "interviews": column.interviews,
            "speakers": column.speakers,
        }
        for code, own in zip(found.codes, found.cells, strict=True)
        for column, cell in zip(found.columns, own, strict=True)
    ]
    text, count, share = pa.string(), pa.int64(), pa.float64()
    kinds = [text, text, text, count, count, share, share, share, count, count]
    return pa.Table.from_pylist(rows, pa.schema(list(zip(_COLUMNS, kinds, strict=True))))
