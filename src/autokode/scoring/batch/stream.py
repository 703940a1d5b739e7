"""Batches of texts to batches of codes with their probabilities, in order, a few at a time; Arrow in and out."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from autokode.base.errors import DataError, Problem, failure
from autokode.base.messages import say
from autokode.nlp.content_words import LONGEST_SILENT, may_say_nothing, says_nothing
from autokode.scoring.batch.parallel import in_order
from autokode.scoring.batch.parts import Part, column_of, sized
from autokode.scoring.engine.compiled import CompiledScorer
from autokode.scoring.engine.object_cache import call
from autokode.scoring.engine.scorer import Texts


@dataclass(frozen=True, slots=True)
class Wanted:
    """The columns to read, and those to write.

    Attributes:
        text: the column of texts.
        question: the column of the questions they answer, or None.
        top: how many codes to write for a text; None: the probabilities of all.
        threshold: the probability from which a code is among them; None: each code's own.
        keep: the columns to carry over; None: all but those of texts and questions.
    """

    text: str = "text"
    question: str | None = None
    top: int | None = 3
    threshold: float | None = None
    keep: tuple[str, ...] | None = None


def scored(
    parts: Iterable[Part], scorer: CompiledScorer, wanted: Wanted, *, threads: int, skip: bool = False
) -> Iterator[Part]:
    """Yield each part with its codes in place of its texts, in order.

    Args:
        parts: batches of any size.
        scorer: shared by the threads.
        wanted: the columns to read and write.
        threads: batches scored at a time.
        skip: leave out a row whose text is no UTF-8 and report it in `skipped`, instead of raising.

    Raises:
        DataError: a column is missing, holds no text, or a text is no UTF-8.
    """

    if wanted.threshold is not None and not 0 <= wanted.threshold <= 1:
        raise failure(
            f"terskel {wanted.threshold}: ventet fra 0 til 1",
            f"threshold {wanted.threshold}: expected 0 to 1",
            try_next="--threshold 0.5",
        )

    if wanted.top is not None and not (isinstance(wanted.top, int) and wanted.top >= 1):
        raise failure(
            f"top={wanted.top!r}: ventet et helt tall fra 1",
            f"top={wanted.top!r}: expected a whole number from 1",
            try_next="top=3",
        )

    def one(part: Part) -> Part:
        if not part.batch.num_columns:
            return part
        _check_names(part)
        sound = _sound(part, skip=skip)
        batch = _joined_columns(sound, _kept(sound, wanted), _results(sound, scorer, wanted))
        return Part(batch, part.file, part.row, part.done, sound.skipped)

    yield from in_order(one, sized(parts, wanted.text), threads)


def result_names(codes: tuple[str, ...], top: int | None) -> list[str]:
    """The names of the columns that scores are written to."""
    if top is None:
        return [f"p_{code}" for code in codes]
    return [name for k in range(1, top + 1) for name in (f"code_{k}", f"probability_{k}")]


def empty(schema: pa.Schema, scorer: CompiledScorer, wanted: Wanted) -> pa.Table:
    """The result for a table without rows."""
    part = Part(pa.RecordBatch.from_arrays([pa.array([], kind) for kind in schema.types], schema=schema))
    return pa.Table.from_batches([_joined_columns(part, _kept(part, wanted), _results(part, scorer, wanted))])


def texts_of(column: pa.Array) -> Texts:
    """An Arrow array of valid strings as texts, without copying them; null is ""."""
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        column = column.cast(pa.large_string())
    if column.null_count:
        column = pc.fill_null(column, "")
    width = np.dtype(np.int64 if pa.types.is_large_string(column.type) else np.int32)
    _validity, offsets, data = column.buffers()
    first = column.offset * width.itemsize
    ends = np.zeros(1, np.int64)
    if len(column):
        ends = np.frombuffer(offsets, width, len(column) + 1, first).astype(np.int64)
    return Texts(np.frombuffer(data or b"", np.uint8), ends)


def _check_names(part: Part) -> None:
    twice = [n for n, count in Counter(part.batch.schema.names).items() if count > 1]
    if twice:
        mend = say("gi kolonnene hvert sitt navn", "give each column a name of its own")
        raise failure(
            f"flere kolonner heter «{twice[0]}»",
            f"several columns are called «{twice[0]}»",
            where=part.file or None,
            try_next=mend,
        )


def _sound(part: Part, *, skip: bool) -> Part:
    """A part whose strings are all UTF-8, which Arrow does not check when it reads a file."""
    try:
        part.batch.validate(full=True)
    except (pa.ArrowException, UnicodeDecodeError):
        bad = [row for row in range(part.batch.num_rows) if not _is_sound(part.batch.slice(row, 1))]
        what = say("teksten er ikke UTF-8", "the text is not UTF-8")
        problems = [Problem(what, part.file or None, part.row + row + 1) for row in bad]
        if not bad or not skip:
            mend = say(
                "--on-error skip, eller --encoding cp1252 for en tekstfil",
                "--on-error skip, or --encoding cp1252 for a text file",
            )
            raise DataError(problems or Problem(what, part.file or None), try_next=mend) from None
        keep = np.ones(part.batch.num_rows, np.bool_)
        keep[bad] = False
        left = part.batch.filter(pa.array(keep))
        batch = pa.RecordBatch.from_arrays([_without_unused(column) for column in left.columns], schema=left.schema)
        return Part(batch, part.file, part.row, part.done, (*part.skipped, *problems))
    return part


def _without_unused(column: pa.Array) -> pa.Array:
    """Drop from a dictionary column the values that no row has: they may be those of rows left out."""
    if not pa.types.is_dictionary(column.type):
        return column
    return column.dictionary_decode().dictionary_encode().cast(column.type)


def _is_sound(batch: pa.RecordBatch) -> bool:
    try:
        for column in batch.columns:
            _without_unused(column).validate(full=True)
    except (pa.ArrowException, UnicodeDecodeError):
        return False
    return True


def _kept(part: Part, wanted: Wanted) -> dict[str, pa.Array]:
    names = part.batch.schema.names
    keep = wanted.keep
    if keep is None:
        keep = tuple(name for name in names if name not in (wanted.text, wanted.question))
    for name in keep:
        if name not in names:
            raise failure(
                f"har ingen kolonne «{name}»",
                f"has no column «{name}»",
                where=part.file or None,
                try_next=f"--keep {names[0]}",
            )
    return {name: part.batch.column(name) for name in keep}


def _joined_columns(part: Part, kept: dict[str, pa.Array], results: dict[str, pa.Array]) -> pa.RecordBatch:
    taken = [name for name in kept if name in results]
    if taken:
        other = next((f" {name}" for name in kept if name not in results), " text")
        raise failure(
            f"har alt en kolonne «{taken[0]}», som kodene skulle stå i",
            f"already has a column «{taken[0]}», where the codes belong",
            where=part.file or None,
            try_next=f"--keep{other}",
        )
    return pa.RecordBatch.from_pydict(kept | results)


def _results(part: Part, scorer: CompiledScorer, wanted: Wanted) -> dict[str, pa.Array]:
    texts = texts_of(column_of(part, wanted.text))
    questions, asked = (None, None) if wanted.question is None else _questions(column_of(part, wanted.question))
    codes = scorer.model.codes
    probabilities = scorer.padded(texts, questions, asked)
    names = result_names(codes, wanted.top)
    if wanted.top is None:
        return {name: _values(pa.float32(), probabilities[:, k]) for k, name in enumerate(names)}
    thresholds = scorer.model.thresholds
    if wanted.threshold is not None:
        thresholds = np.full(len(codes), wanted.threshold, np.float32)
    chosen = np.empty((len(texts), wanted.top), np.int16)
    own = np.empty((len(texts), wanted.top), np.float32)
    stride, thresholds = probabilities.shape[1], np.ascontiguousarray(thresholds, np.float32)
    call("best", probabilities.ravel(), stride, thresholds, chosen.ravel(), own.ravel(), wanted.top)
    if wanted.threshold is None:
        chosen[:, scorer.model.most :] = -1
        chosen[_silent(texts, chosen[:, 0] >= 0)] = -1
    columns: dict[str, pa.Array] = {}
    for k in range(wanted.top):
        given = chosen[:, k] >= 0
        indices = _values(pa.int16(), chosen[:, k], given)
        columns[names[2 * k]] = pa.DictionaryArray.from_arrays(indices, _strings(codes))
        columns[names[2 * k + 1]] = _values(pa.float32(), own[:, k], given)
    return columns


def _questions(column: pa.Array) -> tuple[Texts, npt.NDArray[np.int32]]:
    """The different questions of a column, and which of them each row answers: many answers follow one question."""
    kept = pc.fill_null(column.cast(pa.large_string()), "").dictionary_encode()
    return texts_of(kept.dictionary), np.frombuffer(
        kept.indices.buffers()[1], np.int32, len(kept), 4 * kept.indices.offset
    )


def _values(kind: pa.DataType, values: npt.NDArray[Any], given: npt.NDArray[np.bool_] | None = None) -> pa.Array:
    """Numbers as an Arrow array, null where not `given`; `pa.array` would import pandas, which takes a tenth of a second."""
    validity = None if given is None else pa.py_buffer(np.packbits(given, bitorder="little"))
    return pa.Array.from_buffers(kind, len(values), [validity, pa.py_buffer(np.ascontiguousarray(values))])


def _strings(texts: tuple[str, ...]) -> pa.Array:
    """The same for strings."""
    raw = [text.encode("utf-8") for text in texts]
    ends = np.cumsum([0, *map(len, raw)]).astype(np.int32)
    return pa.Array.from_buffers(pa.string(), len(raw), [None, pa.py_buffer(ends), pa.py_buffer(b"".join(raw))])


def _silent(texts: Texts, suggested: npt.NDArray[np.bool_]) -> list[int]:
    """The numbers of the texts that have a suggestion and say nothing (see `says_nothing`)."""
    short = np.flatnonzero(suggested & (np.diff(texts.offsets) <= LONGEST_SILENT))
    at, raw = texts.offsets, texts.data.data
    said = (
        (i, bytes(raw[a:b])) for i, a, b in zip(short.tolist(), at[short].tolist(), at[short + 1].tolist(), strict=True)
    )
    return [i for i, text in said if may_say_nothing(text) and says_nothing(text.decode("utf-8"))]
