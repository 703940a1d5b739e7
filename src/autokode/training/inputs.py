"""Brings what people hand to `AutoCoder` (lists, Series, Arrow and NumPy arrays, frames, sparse matrices) into lists."""

import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from autokode.base.errors import DataError, failure


class Listed(Protocol):
    """A Series of pandas or Polars."""

    def __len__(self) -> int: ...
    def to_list(self) -> list[Any]: ...


class ArrowListed(Protocol):
    """An array of Arrow."""

    def __len__(self) -> int: ...
    def to_pylist(self) -> list[Any]: ...


class Columns(Protocol):
    """A frame of pandas or Polars, or a table of Arrow."""

    def __len__(self) -> int: ...
    @property
    def columns(self) -> Any: ...


class Sparse(Protocol):
    """A sparse matrix of SciPy."""

    @property
    def shape(self) -> tuple[int, ...]: ...
    def toarray(self) -> npt.NDArray[Any]: ...


TextValues = Sequence[str] | npt.NDArray[Any] | Listed | ArrowListed
"""What `texts_of` takes."""

CodeValues = Sequence[Collection[str]] | npt.NDArray[Any] | Listed | ArrowListed | Columns | Sparse
"""What `code_lists_of` takes."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_WRITE = {  # type of a value that is no text → what to write instead
    "bytes": '[t.decode("utf-8") for t in texts]',
    "list": '[" ".join(t) for t in texts]',
    "tuple": '[" ".join(t) for t in texts]',
}
_LISTS = "list, tuple, pandas.Series, polars.Series, pyarrow.Array, numpy.ndarray"
_FRAMES = ("DataFrame", "LazyFrame", "Table", "RecordBatch")
_CODES = 'codes=[["makt"], [], …]'


def texts_of(given: TextValues, name: str = "texts") -> list[str]:
    """The texts of a list, tuple, Series of pandas or Polars, Arrow array, or NumPy array of str or object.

    A missing value (None, NaN, a null of pandas, Polars or Arrow) is a text without words, as in `autokode.score`.

    Args:
        given: the texts.
        name: what the parameter is called, for errors.

    Raises:
        DataError: it is something else, or one of its values is no text; says which row and what to write.
    """
    return [_text(value, row, name) for row, value in enumerate(values_of(given, name))]


def holds_texts(given: Any) -> bool:
    """Whether it is one of the containers that `texts_of` takes."""
    listed = hasattr(given, "to_list") or hasattr(given, "to_pylist")
    return isinstance(given, list | tuple | np.ndarray) or (listed and not _is_frame(given))


def code_lists_of(given: CodeValues, columns: Sequence[str] | None, name: str = "codes") -> list[tuple[str, ...]]:
    """The names of each text's codes.

    Args:
        given: for each text a collection of names, in any of the containers that `texts_of` takes; or a column for each code,
            with 1 or True for the texts that have it: a frame, a NumPy array, a sparse matrix.
        columns: what the columns of an array or a matrix are called, as they have no names; None for "0", "1", …
        name: what the parameter is called, for errors.

    Raises:
        DataError: it is something else; says which row and what to write.
    """
    if is_indicator(given):
        names = list(columns_of(given) if columns is None or _is_frame(given) else columns)
        marks = _marks(given, name)
        if marks.shape[1] != len(names):
            what = f"{name} har {marks.shape[1]} kolonner, ventet {len(names)}"
            raise failure(
                what, f"{name} has {marks.shape[1]} columns, expected {len(names)}", try_next=", ".join(names)
            )
        return [tuple(names[k] for k in np.flatnonzero(row)) for row in marks]
    return [_code_names(value, row, name) for row, value in enumerate(values_of(given, name))]


def is_indicator(given: CodeValues) -> bool:
    """Whether codes are given as columns of 0 and 1."""
    return _is_frame(given) or getattr(given, "ndim", 1) == 2


def columns_of(given: Any) -> list[str]:
    """The names of the columns of 0 and 1: a frame's own, else "0", "1", …

    Raises:
        DataError: it is a frame that is not worked out yet.
    """
    if type(given).__name__ == "LazyFrame":
        what = "codes er en LazyFrame; ventet en tabell", "codes is a LazyFrame; expected a frame"
        raise failure(*what, try_next="codes=codes.collect()")
    if _is_frame(given):
        return [str(column) for column in getattr(given, "column_names", None) or given.columns]
    return [str(k) for k in range(given.shape[1])]


def values_of(given: Any, name: str) -> list[Any]:
    """The values of a list, tuple, Series, Arrow array or NumPy array, as Python's own objects.

    Raises:
        DataError: it is something else.
    """
    kind = type(given).__name__
    if isinstance(given, str | bytes):
        what = f"{name} er én tekst ({kind}); ventet en liste", f"{name} is one text ({kind}); expected a list"
        raise failure(*what, try_next=f"{name}=[…]")
    if _is_frame(given):
        collect = ".collect()" if kind == "LazyFrame" else ""
        what = f"{name} er en hel tabell ({kind}); ventet en kolonne", f"{name} is a whole {kind}; expected a column"
        raise failure(*what, try_next=f'{name}=frame{collect}["text"]')
    if isinstance(given, np.ndarray):
        return _of_array(given, name)
    if isinstance(given, Sequence):
        return list(given)
    for listed in ("to_pylist", "to_list"):
        if hasattr(given, listed) and hasattr(given, "__len__"):
            return list(getattr(given, listed)())
    what = f"{name} er {kind}; ventet {_LISTS}", f"{name} is {kind}; expected {_LISTS}"
    raise failure(*what, try_next=f"{name}=list({name})")


def _of_array(given: npt.NDArray[Any], name: str) -> list[Any]:
    if given.ndim != 1:
        shape = " × ".join(map(str, given.shape)) or "()"
        what = f"{name} er en tabell, {shape}; ventet én rekke", f"{name} is an array of {shape}; expected one row"
        raise failure(*what, try_next=f"{name}={name}[:, 0]")
    if isinstance(given, np.ma.MaskedArray):
        return [None if value is np.ma.masked else value for value in given]
    return list(given.tolist())


def _text(value: Any, row: int, name: str) -> str:
    if isinstance(value, str):
        if _SURROGATE.search(value):
            raise failure(
                f"{name}, rad {row + 1}: teksten har et halvt surrogatpar",
                f"{name}, row {row + 1}: the text has half a surrogate pair",
                try_next='text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")',
            )
        return str(value)
    if _is_missing(value):
        return ""
    kind = type(value).__name__
    what = f"{name}, rad {row + 1}: fant {kind}, ventet str", f"{name}, row {row + 1}: found {kind}, expected str"
    raise failure(*what, try_next=_WRITE.get(kind, "[str(t) for t in texts]"))


def _is_missing(value: Any) -> bool:
    """Whether a value is None, NaN, or pandas' NA or NaT."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(value, float | np.floating) and math.isnan(value)


def _code_names(value: Any, row: int, name: str) -> tuple[str, ...]:
    if isinstance(value, np.ndarray) or hasattr(value, "to_list"):
        value = value.tolist() if isinstance(value, np.ndarray) else value.to_list()
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Collection):
        raise _no_codes(row, name, type(value).__name__, "en samling kodenavn", "a collection of code names")
    for code in value:
        if not isinstance(code, str):
            raise _no_codes(
                row, name, f"{type(value).__name__}[{type(code).__name__}]", "kodenavn (str)", "code names (str)"
            )
    return tuple(str(code) for code in value)


def _no_codes(row: int, name: str, kind: str, nb: str, en: str) -> DataError:
    what = f"{name}, rad {row + 1}: fant {kind}, ventet {nb}", f"{name}, row {row + 1}: found {kind}, expected {en}"
    return failure(*what, try_next=_CODES.replace("codes", name))


def _is_frame(given: Any) -> bool:
    return type(given).__name__ in _FRAMES and hasattr(type(given), "columns")


def _marks(given: Any, name: str) -> npt.NDArray[np.bool_]:
    """Columns of 0 and 1 as bool (n_texts, n_codes).

    Raises:
        DataError: there are other values in them.
    """
    if hasattr(given, "toarray"):
        array = np.asarray(given.toarray())
    elif _is_frame(given):
        listed = given.columns if hasattr(given, "column_names") else (given[column] for column in given.columns)
        array = np.array([_column(one) for one in listed], object).T.reshape(len(given), -1)
    else:
        array = np.asarray(given)
    wrong = next(((row, value) for row, value in _outside(array)), None)
    if wrong is not None:
        row, value = wrong
        what = f"{name}, rad {row + 1}: fant {value!r}", f"{name}, row {row + 1}: found {value!r}"
        raise failure(
            f"{what[0]}, ventet 0 eller 1", f"{what[1]}, expected 0 or 1", try_next=_CODES.replace("codes", name)
        )
    return array.astype(bool)


def _column(values: Any) -> list[Any]:
    return list(values.to_pylist() if hasattr(values, "to_pylist") else values.to_list())


def _outside(array: npt.NDArray[Any]) -> Iterable[tuple[int, Any]]:
    """Yield (row, value) of what is neither 0 nor 1; a short word for a value that is a text, which is not repeated."""
    if array.dtype == bool:
        return
    for row, values in enumerate(array.tolist()):
        for value in values:
            if not isinstance(value, bool | int | float) or value not in (0, 1):
                yield row, type(value).__name__ if isinstance(value, str | bytes) else value
