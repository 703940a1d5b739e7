"""Results that are tables as well: for pandas, Polars, Arrow and CSV, whichever somebody has."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from autokode.base.csv_files import csv_text
from autokode.base.errors import failure
from autokode.base.extras import require

if TYPE_CHECKING:
    import pyarrow as pa

TEXT, WHOLE, NUMBER, TEXTS = "text", "whole", "number", "texts"
"""Kinds of columns: str, int64, float64, list of str."""


class AsTable:
    """Gives a result the methods of a table. Where a value is missing, frames have a null and CSV an empty cell."""

    __slots__ = ()

    @abstractmethod
    def columns(self) -> Mapping[str, str]:
        """Name of each column → its kind: `TEXT`, `WHOLE`, `NUMBER` or `TEXTS`."""

    @abstractmethod
    def table_rows(self) -> Sequence[Mapping[str, Any]]:
        """The rows: name of the column → value; a missing name is a missing value."""

    def to_arrow(self) -> "pa.Table":
        """The table as an Arrow table.

        Raises:
            MissingLibraryError: pyarrow is not installed.
        """
        require("tables")
        import pyarrow as pa

        kinds = {TEXT: pa.string(), WHOLE: pa.int64(), NUMBER: pa.float64(), TEXTS: pa.list_(pa.string())}
        schema = pa.schema([(name, kinds[kind]) for name, kind in self.columns().items()])
        return pa.Table.from_pylist(list(self.table_rows()), schema)

    def to_pandas(self) -> Any:
        """The table as a pandas data frame.

        Raises:
            DataError: pandas is not installed.
        """
        return _library("pandas") and self.to_arrow().to_pandas()

    def to_polars(self) -> Any:
        """The table as a Polars data frame.

        Raises:
            DataError: Polars is not installed.
        """
        return _library("polars").from_arrow(self.to_arrow())

    def to_csv(self) -> str:
        """The table as CSV; texts of a list stand in one cell, with « | » between them."""
        names = list(self.columns())
        return csv_text(names, ([_cell(row.get(name)) for name in names] for row in self.table_rows()))


def _cell(value: Any) -> Any:
    return " | ".join(value) if isinstance(value, list | tuple) else value


def _library(name: str) -> Any:
    """A library that somebody has, or not.

    Raises:
        DataError: it is not installed.
    """
    try:
        return import_module(name)
    except ImportError as error:
        raise failure(
            f"{name} er ikke installert", f"{name} is not installed", try_next=f"pip install {name}"
        ) from error
