"""Write scores to a Parquet, CSV or JSONL file batch by batch; the file is there whole or not at all."""

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from autokode.base.csv_files import RUNS
from autokode.base.errors import DataError, Problem, failure, quoted
from autokode.base.files import file_whole
from autokode.base.messages import say
from autokode.scoring.batch.formats import COMPRESSED, ending_of

Write = Callable[[pa.RecordBatch], None]

ENDINGS = (".parquet", ".csv", ".jsonl")


def check_ending(path: Path) -> None:
    """Raise an error for a file whose ending names no format that we write.

    Raises:
        DataError: names the endings.
    """
    if ending_of(path) not in ENDINGS or (path.suffix in COMPRESSED and ending_of(path) == ".parquet"):
        what = say(f"ukjent ending på «{path.name}»; ventet", f"unknown ending of «{path.name}»; expected")
        raise DataError(Problem(f"{what} {', '.join(ENDINGS)}"), try_next=f"--out {path.stem or 'koder'}.parquet")


@contextmanager
def opened(path: Path) -> Iterator[Write]:
    """Give a function that writes batches of one schema; the file is there when the block ends without an error.

    Raises:
        DataError: the place cannot be written or is full.
    """
    make = {".parquet": _parquet, ".csv": _csv, ".jsonl": _jsonl}[ending_of(path)]
    try:
        with file_whole(path) as temporary, make(temporary, COMPRESSED.get(path.suffix)) as write:
            yield write
    except DataError:
        raise
    except (pa.ArrowException, ValueError) as error:
        raise failure(
            f"kan ikke skrives som {ending_of(path)}: {error}",
            f"cannot be written as {ending_of(path)}: {error}",
            where=path,
            try_next=f"--out {quoted(path.stem + '.parquet')}",
        ) from error


@contextmanager
def _columns(open_writer: Callable[[pa.Schema], Any]) -> Iterator[Write]:
    """Write batches by one of Arrow's writers, opened with the schema of the first: a batch of another would crash it."""
    writer, schema = None, None

    def write(batch: pa.RecordBatch) -> None:
        nonlocal writer, schema
        if writer is None:
            schema, writer = batch.schema, open_writer(batch.schema)
        writer.write_batch(fitted(batch, schema))

    try:
        yield write
    finally:
        if writer is not None:
            writer.close()


@contextmanager
def _parquet(path: Path, _compression: str | None) -> Iterator[Write]:
    from pyarrow import parquet

    with _columns(lambda schema: parquet.ParquetWriter(path, schema, compression="zstd")) as write:
        yield write


@contextmanager
def _csv(path: Path, compression: str | None) -> Iterator[Write]:
    from pyarrow import csv

    with (
        pa.output_stream(str(path), compression=compression) as stream,
        _columns(lambda schema: csv.CSVWriter(stream, schema)) as write,
    ):
        yield lambda batch: write(_plain(batch))


@contextmanager
def _jsonl(path: Path, compression: str | None) -> Iterator[Write]:
    with pa.output_stream(str(path), compression=compression) as stream:

        def write(batch: pa.RecordBatch) -> None:
            stream.write("".join(f"{_json(row)}\n" for row in batch.to_pylist()).encode("utf-8"))

        yield write


def _plain(batch: pa.RecordBatch) -> pa.RecordBatch:
    """A batch as CSV can hold it; headings, which a file may have given, are guarded as cells are."""
    headings = _flat(pa.array(batch.schema.names, pa.string())).to_pylist()
    return pa.RecordBatch.from_arrays([_flat(column) for column in batch.columns], headings)


def _flat(column: pa.Array) -> pa.Array:
    """A column as CSV can hold it: dictionaries as their values, nested values as JSON, no text that a spreadsheet runs."""
    if pa.types.is_dictionary(column.type):
        return _flat(column.dictionary_decode())
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return pc.replace_substring_regex(column, rf"\A({RUNS})", r"'\1")
    if pa.types.is_nested(column.type) or pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type):
        values = (_text(value) if isinstance(value, bytes) else _json(value) for value in column.to_pylist())
        return _flat(pa.array([None if value == "null" else value for value in values], pa.string()))
    return column


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=_text)


def _text(value: object) -> str:
    """A value that JSON does not know, as text: bytes in Base64, others as Python writes them."""
    return base64.b64encode(value).decode("ascii") if isinstance(value, bytes) else str(value)


def fitted(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """A batch in the schema of the first one written.

    Raises:
        DataError: the files read do not have the same columns.
    """
    if batch.schema.equals(schema):
        return batch
    try:
        if batch.schema.names == schema.names:
            return batch.cast(schema)
    except pa.ArrowException:
        pass
    raise failure(
        f"filene har ikke de samme kolonnene: {', '.join(batch.schema.names)} mot {', '.join(schema.names)}",
        f"the files do not have the same columns: {', '.join(batch.schema.names)} and {', '.join(schema.names)}",
        try_next=say("--keep med kolonner som alle har", "--keep with columns all have"),
    )
