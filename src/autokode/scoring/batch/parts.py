"""Batches of rows on their way from a file to its codes, in sizes that suit a thread."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pyarrow as pa

from autokode.base.errors import Problem, failure

BATCH_BYTES = 4 << 20
"""Bytes of text scored at a time by one thread."""

BATCH_ROWS = 1 << 16

NOTHING = pa.RecordBatch.from_pydict({})
"""A batch without columns, for a part that only reports what was left out."""

_TEXT_TYPES = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view, pa.types.is_null)


@dataclass(frozen=True, slots=True)
class Part:
    """A batch of rows.

    Attributes:
        batch: the rows.
        file: their file, for messages; "" for none.
        row: how many rows of the file come before.
        done: bytes of the input up to its end.
        skipped: the rows or files left out, each as a problem.
    """

    batch: pa.RecordBatch
    file: str = ""
    row: int = 0
    done: int = 0
    skipped: tuple[Problem, ...] = field(default=())


def sized(parts: Iterable[Part], text: str) -> Iterator[Part]:
    """Cut large batches and join small ones of the same file; `text` is the column of texts."""
    waiting: list[Part] = []
    for part in parts:
        batch = part.batch
        small = batch.num_columns and batch.num_rows < BATCH_ROWS // 8 and batch.nbytes < BATCH_BYTES // 8
        enough = sum(p.batch.num_rows for p in waiting) >= BATCH_ROWS // 8
        if waiting and (not small or enough or part.file != waiting[0].file):
            yield _joined(waiting)
            waiting = []
        if small:
            waiting.append(part)
        else:
            yield from _cut(part, text) if batch.num_columns else [part]
    if waiting:
        yield _joined(waiting)


def _joined(parts: list[Part]) -> Part:
    first, last = parts[0], parts[-1]
    if len(parts) == 1:
        return first
    skipped = tuple(problem for part in parts for problem in part.skipped)
    table = pa.Table.from_batches([part.batch for part in parts]).combine_chunks()
    return Part(table.to_batches()[0] if len(table) else first.batch, first.file, first.row, last.done, skipped)


def _cut(part: Part, text: str) -> Iterator[Part]:
    """Yield a part in pieces of about BATCH_BYTES of text."""
    column = column_of(part, text)
    size = max(1, column.nbytes)
    rows = max(1, min(BATCH_ROWS, part.batch.num_rows * BATCH_BYTES // size))
    for first in range(0, max(1, part.batch.num_rows), rows):
        skipped = part.skipped if first == 0 else ()
        yield Part(part.batch.slice(first, rows), part.file, part.row + first, part.done, skipped)


def column_of(part: Part, name: str) -> pa.Array:
    """A column of texts.

    Raises:
        DataError: there is no such column, or it holds something else.
    """
    if name not in part.batch.schema.names:
        found = ", ".join(part.batch.schema.names)
        raise failure(
            f"har ingen kolonne «{name}»; fant {found}",
            f"has no column «{name}»; found {found}",
            where=part.file or None,
            try_next=_other_column(part),
        )
    column = part.batch.column(name)
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if not any(is_text(kind) for is_text in _TEXT_TYPES):
        raise failure(
            f"kolonnen «{name}» er {kind}, ventet tekst",
            f"the column «{name}» is {kind}, expected text",
            where=part.file or None,
            try_next=_other_column(part),
        )
    return column


def _other_column(part: Part) -> str:
    texts = [f.name for f in part.batch.schema if any(is_text(f.type) for is_text in _TEXT_TYPES)]
    return f"--text {(texts or part.batch.schema.names)[0]}"
