"""`score`, the library's twin of `autokode score`: a table of texts in, a table of codes out, both Arrow."""

from typing import TYPE_CHECKING, Any

from autokode.autocoder import AutoCoder
from autokode.base.errors import failure
from autokode.base.extras import require
from autokode.training.inputs import holds_texts, texts_of

if TYPE_CHECKING:
    import pyarrow as pa


def score(
    source: Any,
    coder: AutoCoder,
    *,
    text: str = "text",
    question: str | None = None,
    top: int | None = 3,
    threshold: float | None = None,
    keep: tuple[str, ...] | None = None,
    threads: int | None = None,
) -> "pa.Table":
    """The codes of a table of texts as an Arrow table, a row for each of its rows, in their order.

    The probabilities are those of `AutoCoder.predict_proba`. A null is an empty text.

    Args:
        source: anything with the Arrow C stream interface: a pyarrow Table or RecordBatchReader, a pandas or Polars
            data frame. It is read batch by batch. Texts without a table (a list, a Series, an array) become its only column.
        coder: the model.
        text: the column of texts.
        question: the column of the questions that the texts answer, or None.
        top: how many codes to give a text, most probable first, in columns code_1 (dictionary of string, null where
            there is no more), probability_1 (float32), code_2, …; None: the probability of every code, float32, in
            columns p_ and the code's name.
        threshold: the probability from which a code is among them; None: each code's own.
        keep: the columns to carry over; None: all but those of texts and questions.
        threads: threads that score; None: as many as there are processors. They change nothing but the time.

    Raises:
        DataError: the source is no Arrow stream, lacks a column, or has a text that is no UTF-8.
    """
    require("tables")
    import pyarrow as pa

    from autokode.scoring.batch.parallel import thread_count
    from autokode.scoring.batch.parts import Part
    from autokode.scoring.batch.stream import Wanted, empty, scored

    if holds_texts(source):
        source = pa.table({text: pa.array(texts_of(source, "source"), pa.string())})
    if not hasattr(source, "__arrow_c_stream__") or type(source).__name__ == "LazyFrame":
        raise failure(
            f"fant {type(source).__name__}, ventet en tabell med Arrow-grensesnitt (pyarrow, pandas 2.2, Polars)",
            f"found {type(source).__name__}, expected a table with the Arrow interface (pyarrow, pandas 2.2, Polars)",
            try_next="score(frame.collect(), coder)" if hasattr(source, "collect") else "score(list(texts), coder)",
        )
    reader = pa.RecordBatchReader.from_stream(source)
    wanted = Wanted(text, question, top, threshold, keep)
    scorer = coder.scorer()
    parts = scored(_parts(reader, Part), scorer, wanted, threads=thread_count(threads))
    batches = [part.batch for part in parts]
    return pa.Table.from_batches(batches) if batches else empty(reader.schema, scorer, wanted)


def _parts(reader: Any, part: Any) -> Any:
    row = 0
    for batch in reader:
        yield part(batch, row=row)
        row += batch.num_rows
