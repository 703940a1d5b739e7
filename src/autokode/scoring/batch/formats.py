"""One reader for each format of a file of utterances; each reads a batch at a time."""

import io
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa

from autokode.base.errors import DataError, Problem, failure
from autokode.base.messages import say
from autokode.scoring.batch.parts import BATCH_ROWS, NOTHING, Part

COMPRESSED = {".gz": "gzip", ".bz2": "bz2", ".zst": "zstd", ".lz4": "lz4", ".br": "brotli"}
BLOCK = 1 << 20
LONGEST_ROW = 1 << 24
"""Most bytes of a row of CSV or of a line; CSV is read in blocks of this size."""
MAX_CELLS = 1 << 23
"""Most cells in a block of JSON lines: each line gets every key that any line of the file has."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """Options for reading.

    Attributes:
        encoding: of text files; None: UTF-8.
        skip: leave out rows and files that cannot be read.
        groups: row groups of a Parquet file, the first and the one after the last; None: all.
        stream: the open Parquet file, where it is not on this machine.
    """

    encoding: str | None = None
    skip: bool = False
    groups: tuple[int, int] | None = None
    stream: BinaryIO | None = None


def ending_of(path: Path) -> str:
    """The ending of a file's name in small letters, without that of a compression: ".csv" for A.CSV.gz."""
    name = path.name.lower()
    for ending in COMPRESSED:
        name = name.removesuffix(ending)
    return Path(name).suffix


@contextmanager
def _opened(path: Path, encoding: str | None) -> Iterator[tuple[Any, BinaryIO]]:
    """Open a file that may be compressed: give a stream of its content as UTF-8, and the file, whose position shows progress."""
    with path.open("rb") as file:
        stream = pa.input_stream(file, compression=COMPRESSED.get(path.suffix.lower()))
        if encoding:
            try:
                "".encode(encoding)
                stream = pa.transcoding_input_stream(stream, encoding, "utf-8")
            except LookupError as error:
                raise failure(
                    f"ukjent tegnkoding «{encoding}»", f"unknown encoding «{encoding}»", try_next="--encoding cp1252"
                ) from error
        yield stream, file


def _parquet(path: Path, reading: ReadOptions) -> Iterator[Part]:
    from pyarrow import parquet

    size = path.stat().st_size if reading.stream is None else 0
    # by default, Arrow would keep every column chunk that it has read
    with parquet.ParquetFile(reading.stream or path, pre_buffer=False, buffer_size=BLOCK) as file:
        first, last = reading.groups or (0, file.num_row_groups)
        rows = max(1, file.metadata.num_rows)
        begun = row = sum(file.metadata.row_group(i).num_rows for i in range(first))
        for batch in file.iter_batches(BATCH_ROWS // 4, row_groups=range(first, last)):
            row += batch.num_rows
            yield Part(batch, row=row - batch.num_rows, done=size * row // rows)
        if row == begun:
            yield Part(_no_rows(file.schema_arrow))


def _arrow(path: Path, _reading: ReadOptions) -> Iterator[Part]:
    size = path.stat().st_size
    row = 0
    with pa.memory_map(str(path)) as source:
        if source.read(6) == b"ARROW1":
            file = pa.ipc.open_file(source)
            schema = file.schema
            batches = (file.get_batch(i) for i in range(file.num_record_batches))
            count = file.num_record_batches
        else:
            source.seek(0)
            file = pa.ipc.open_stream(source)
            schema, batches, count = file.schema, iter(file), 0
        for i, batch in enumerate(batches):
            _check_places(batch)
            yield Part(batch, row=row, done=size * (i + 1) // count if count else source.tell())
            row += batch.num_rows
        if not row:
            yield Part(_no_rows(schema))


def _check_places(batch: pa.RecordBatch) -> None:
    """Check that a batch's arrays stay inside their buffers: Arrow believes what such a file says of itself.

    Raises:
        pa.ArrowInvalid: they do not. Text that is no UTF-8 is found later, row by row.
    """
    bytes_of = {pa.string(): pa.binary(), pa.large_string(): pa.large_binary(), pa.string_view(): pa.binary_view()}
    for column in batch.columns:
        column.validate()
        (column.view(bytes_of[column.type]) if column.type in bytes_of else column).validate(full=True)


def _no_rows(schema: pa.Schema) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.array([], kind) for kind in schema.types], schema=schema)


def _csv_columns(path: Path, reading: ReadOptions) -> tuple[str, list[str]]:
    """The delimiter and the column names of a CSV file.

    Raises:
        DataError: a quote is never closed.
        pa.ArrowInvalid: the file is empty.
    """
    with _opened(path, reading.encoding) as (stream, _file):
        head = _block(stream).removeprefix(b"\xef\xbb\xbf")
        quotes = head.count(b'"')
        while block := _block(stream):
            quotes += block.count(b'"')
    if not head.strip():
        raise pa.ArrowInvalid(say("filen er tom", "the file is empty"))
    first = head.lstrip().splitlines()[0]
    delimiter = max((b",", b";", b"\t"), key=first.count).decode()
    names = _csv_rows(io.BytesIO(head + b"\n"), delimiter, 2 * BLOCK, lambda _row: "skip").schema.names
    if quotes % 2:
        raise failure(
            "et anførselstegn lukkes aldri",
            "a quote is never closed",
            where=path,
            try_next=say("rett det i filen", "mend it in the file"),
        )
    return delimiter, names


def _csv_rows(
    stream: Any,
    delimiter: str,
    block: int,
    on_bad_row: Callable[[Any], str],
    types: dict[str, pa.DataType] | None = None,
) -> Any:
    """Arrow's reader of a CSV file, in blocks of so many bytes; columns without a type get one from their content."""
    from pyarrow import csv

    with _quiet():
        return csv.open_csv(
            stream,
            csv.ReadOptions(block_size=block, use_threads=False),
            csv.ParseOptions(delimiter=delimiter, newlines_in_values=True, invalid_row_handler=on_bad_row),
            csv.ConvertOptions(column_types=types, check_utf8=False),
        )


def _csv(path: Path, reading: ReadOptions) -> Iterator[Part]:
    delimiter, names = _csv_columns(path, reading)
    bad: list[Problem] = []

    def on_bad_row(row: Any) -> str:
        what = say(
            f"fant {row.actual_columns} kolonner, ventet {row.expected_columns}",
            f"found {row.actual_columns} columns, expected {row.expected_columns}",
        )
        bad.append(Problem(what, str(path), row.number))
        return "skip" if reading.skip else "error"

    with _opened(path, reading.encoding) as (stream, file):
        try:
            rows = _csv_rows(stream, delimiter, LONGEST_ROW, on_bad_row, dict.fromkeys(names, pa.string()))
            row = 0
            while (batch := _next(rows)) is not None:
                yield Part(batch, row=row, done=file.tell(), skipped=tuple(bad))
                row += batch.num_rows + len(bad)
                bad.clear()
        except pa.ArrowInvalid:
            if bad and not reading.skip:
                raise DataError(bad[-1:], try_next="--on-error skip") from None
            raise
    if bad:
        yield Part(NOTHING, row=row, skipped=tuple(bad))


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Arrow from printing a traceback for a row that is no UTF-8; we report the row ourselves."""
    before = sys.unraisablehook
    sys.unraisablehook = lambda _about: None
    try:
        yield
    finally:
        sys.unraisablehook = before


def _next(rows: Any) -> pa.RecordBatch | None:
    with _quiet():
        return next(rows, None)


def _block(stream: Any) -> bytes:
    """The next bytes of a stream; Arrow's own `read` leaks its buffer when it fails."""
    found: bytes = stream.read_buffer(BLOCK).to_pybytes()
    return found


def _lines(path: Path, reading: ReadOptions) -> Iterator[tuple[list[bytes], int, int]]:
    """Yield lines without their ends, how many came before, and how many bytes of the file have been read."""
    with _opened(path, reading.encoding) as (stream, file):
        rest, count = b"", 0
        while block := _block(stream):
            *lines, rest = (rest + block).split(b"\n")
            if len(rest) > LONGEST_ROW:
                raise failure(
                    "en linje er over 16 MB",
                    "a line is longer than 16 MB",
                    where=path,
                    line=count + len(lines) + 1,
                    try_next=say("del den opp", "split it"),
                )
            if lines:
                yield _ended(lines, count), count, file.tell()
            count += len(lines)
        if rest:
            yield _ended([rest], count), count, file.tell()


def _ended(lines: list[bytes], count: int) -> list[bytes]:
    if count == 0:
        lines[0] = lines[0].removeprefix(b"\xef\xbb\xbf")
    return [line.removesuffix(b"\r") for line in lines]


def _text(path: Path, reading: ReadOptions) -> Iterator[Part]:
    for lines, row, done in _lines(path, reading):
        numbers = pa.array(range(row + 1, row + len(lines) + 1), pa.int64())
        batch = pa.RecordBatch.from_pydict({"line": numbers, "text": pa.array(lines, pa.binary()).view(pa.string())})
        yield Part(batch, row=row, done=done)


def _jsonl(path: Path, reading: ReadOptions) -> Iterator[Part]:
    """Read an object a line, twice: first for the keys. Strings stay as they are; other values become their JSON."""
    names: dict[str, None] = {}
    for lines, row, _done in _lines(path, reading):
        for value in _objects(lines, path, row, []):
            names |= dict.fromkeys(value)
    for lines, row, done in _lines(path, reading):
        bad: list[Problem] = []
        found = list(_objects(lines, path, row, bad))
        if bad and not reading.skip:
            raise DataError(bad, try_next="--on-error skip")
        if len(names) * len(found) > MAX_CELLS:
            raise failure(
                f"har {len(names)} ulike nøkler; for mange",
                f"has {len(names)} different keys; too many",
                where=path,
                try_next=say("ta med bare text og id", "keep text and id only"),
            )
        columns = {name: pa.array([_cell(value.get(name)) for value in found], pa.string()) for name in names}
        yield Part(pa.RecordBatch.from_pydict(columns), row=row, done=done, skipped=tuple(bad))


def _objects(lines: list[bytes], path: Path, row: int, bad: list[Problem]) -> Iterator[dict[str, Any]]:
    """Yield the JSON object of each line that is not blank; lines without one go to `bad`."""
    for number, line in enumerate(lines, row + 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
            if not isinstance(value, dict):
                raise ValueError(say("ventet et objekt", "expected an object"))
            json.dumps(value, ensure_ascii=False).encode("utf-8")  # fails for half a surrogate pair
        except (ValueError, RecursionError) as error:
            reason = getattr(error, "reason", error)
            what = say(f"ingen gyldig JSON-linje ({reason})", f"no valid line of JSON ({reason})")
            bad.append(Problem(what, str(path), number))
        else:
            yield value


def _cell(value: object) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _transcript(path: Path, reading: ReadOptions) -> Iterator[Part]:
    from autokode.corpus.transcript import read_transcript  # a tenth of a second, of which tables need nothing

    transcript = read_transcript(path, encoding=reading.encoding)
    answers = [transcript.utterances[i] for i in transcript.answers]
    columns = {
        "transcript": pa.array([transcript.name] * len(answers), pa.string()),
        "utterance": pa.array([i + 1 for i in transcript.answers], pa.int64()),
        "speaker": pa.array([utterance.speaker for utterance in answers], pa.string()),
        "start": pa.array([utterance.start for utterance in answers], pa.int64()),
        "end": pa.array([utterance.end for utterance in answers], pa.int64()),
        "question": pa.array([transcript.question_of(utterance) for utterance in answers], pa.string()),
        "text": pa.array([utterance.text for utterance in answers], pa.string()),
    }
    yield Part(pa.RecordBatch.from_pydict(columns), done=path.stat().st_size)


KINDS: dict[str, Callable[[Path, ReadOptions], Iterator[Part]]] = {
    ".parquet": _parquet,
    ".arrow": _arrow,
    ".csv": _csv,
    ".tsv": _csv,
    ".jsonl": _jsonl,
    ".txt": _text,
    ".docx": _transcript,
}
"""Kind of file → what reads it; ".docx" stands for every transcript."""
