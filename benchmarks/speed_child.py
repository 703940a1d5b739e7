"""The functions that `speed.py` runs in fresh processes; each measures one thing and returns its figures."""

import itertools
import json
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.speed import CODES, LONGEST, SLICE, Row, wc

if TYPE_CHECKING:
    from autokode.scoring.engine.compiled import CompiledScorer
    from autokode.scoring.engine.scorer import Probabilities, Texts


def texts_in(file: str) -> "Texts":
    """Read a file of lines as texts; the line's end, white space, stays with its text."""
    import numpy as np

    from autokode.scoring.engine.layout import PAD
    from autokode.scoring.engine.scorer import Texts

    size = Path(file).stat().st_size
    data = np.zeros(size + PAD, np.uint8)
    with Path(file).open("rb") as stream:
        stream.readinto(memoryview(data)[:size])
    return Texts(data, np.concatenate([[0], np.flatnonzero(data[:size] == ord("\n")) + 1]))


def scorer_of(model: str) -> "CompiledScorer":
    from autokode.model import model_files
    from autokode.scoring.engine.compiled import CompiledScorer

    return CompiledScorer(model_files.load(model))


def slices(texts: "Texts") -> list["Texts"]:
    """Cut texts into parts of about SLICE bytes."""
    import numpy as np

    from autokode.scoring.engine.scorer import Texts

    edges = [*np.searchsorted(texts.offsets, np.arange(0, texts.offsets[-1], SLICE)).tolist(), len(texts)]
    return [Texts(texts.data, texts.offsets[a : b + 1]) for a, b in itertools.pairwise(edges) if a < b]


def in_slices(scorer: "CompiledScorer", texts: "Texts", threads: int) -> list["Probabilities"]:
    """Score texts a slice at a time, by threads that share a scorer."""
    from autokode.scoring.batch.parallel import in_order

    return list(in_order(scorer.probabilities, slices(texts), threads))


def timed(function: Callable[[], object]) -> float:
    begun = time.perf_counter()
    function()
    return time.perf_counter() - begun


def warm(file: str, model: str, rounds: str) -> Row:
    """Second and later passes over texts in memory, each round after one of `wc -w`."""
    from autokode.scoring.engine.scorer import Texts

    texts, scorer = texts_in(file), scorer_of(model)
    strings = texts.strings()
    ways: dict[str, Callable[[], object]] = {
        "one": lambda: scorer.probabilities(texts),
        "one_in_slices": lambda: in_slices(scorer, texts, 1),
        "two": lambda: in_slices(scorer, texts, 2),
        "from_strings": lambda: scorer.probabilities(Texts.of(strings)),
    }
    for way in ways.values():
        way()
    seconds: dict[str, list[float]] = {name: [] for name in ("wc", *ways, "wc_locale_c")}
    for _ in range(int(rounds)):
        seconds["wc"].append(wc(Path(file)))
        for name, way in ways.items():
            seconds[name].append(timed(way))
        seconds["wc_locale_c"].append(wc(Path(file), "C"))
    return {"seconds": seconds}


def cold(file: str, model: str, threads: str) -> Row:
    """Everything from nothing: imports, model, text, an empty table, scores."""
    laps = [time.perf_counter()]
    import autokode.scoring.engine.compiled  # noqa: F401

    laps.append(time.perf_counter())
    scorer = scorer_of(model)
    laps.append(time.perf_counter())
    texts = texts_in(file)
    laps.append(time.perf_counter())
    in_slices(scorer, texts, int(threads))
    laps.append(time.perf_counter())
    names = ("imports", "model", "text", "scores")
    return {name: round(b - a, 4) for name, (a, b) in zip(names, itertools.pairwise(laps), strict=True)}


def stages(file: str, model: str, rounds: str) -> Row:
    """Where the time of a warm pass goes: each kernel over the same groups of texts; and what reading the bytes takes."""
    import numpy as np

    from autokode.scoring.engine.layout import BYTES, TEXTS

    texts, scorer = texts_in(file), scorer_of(model)
    parts = list(groups(texts.offsets.tolist(), TEXTS, BYTES))
    words = np.frombuffer(texts.data[: len(texts.data) // 8 * 8], np.uint64)
    total = compiled_sum()
    ways: dict[str, Callable[[], object]] = {
        "pass": lambda: scorer.probabilities(texts),
        "reading_compiled": lambda: total(words),
        "reading_numpy": words.sum,
    }
    for way in ways.values():
        way()
    kernels(scorer, texts, parts)
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    spent = []
    for _ in range(int(rounds)):
        for name, way in ways.items():
            seconds[name].append(timed(way))
        spent.append(kernels(scorer, texts, parts))
    calls = kernels(
        scorer, texts, [(0, 0)] * len(parts)
    )  # what calling them from Python takes; `squashing` is called once
    best = {name: min(once[name] for once in spent) for name in spent[0]}
    own = {name: best[name] - (0.0 if name == "squashing" else calls[name]) for name in best}
    return {name: min(times) for name, times in seconds.items()} | own


def compiled_sum() -> Callable[[Any], Any]:
    import numba
    import numpy as np

    @numba.njit(nogil=True)
    def total(numbers: Any) -> Any:
        result = np.uint64(0)
        for number in numbers:
            result += number
        return result

    return total


def kernels(scorer: "CompiledScorer", texts: "Texts", parts: list[tuple[int, int]]) -> dict[str, float]:
    """Run the kernels of a pass one by one, over the groups that `kernel.run` makes; returns the seconds of each."""
    import numpy as np

    from autokode.scoring.engine.layout import Work
    from autokode.scoring.engine.object_cache import call

    block = scorer._text
    arrays, stride = block.table.arrays, block.stride
    data, offsets = texts.data, texts.offsets
    work = Work.of(int(np.diff(offsets).max()), stride)
    sums = np.zeros(len(texts) * stride, np.float32)
    spent, clock = np.zeros(3), time.perf_counter
    for first, last in parts:
        at = [clock()]
        chunks = call("split", data, offsets, first, last, work.edges, work.ends)
        at.append(clock())
        lost = call("find", data, int(offsets[first]), chunks, arrays, work, stride)
        at.append(clock())
        call("add", work, last - first, arrays.rows, stride, sums, first)
        at.append(clock())
        spent += np.diff(at)
        if lost:
            raise RuntimeError(f"{lost} chunks are not in the table, which should be warm")
    asked = np.zeros(len(texts), np.bool_)
    asked_for, logits = asked.view(np.uint8), np.empty(stride, np.float32)
    squashing = timed(lambda: call("finish", sums, sums, asked_for, *scorer._biases, stride, logits, sums))
    return dict(zip(("splitting", "finding", "adding"), spent.tolist(), strict=True)) | {"squashing": squashing}


def groups(offsets: list[int], most_texts: int, most_bytes: int) -> Iterator[tuple[int, int]]:
    first, n = 0, len(offsets) - 1
    while first < n:
        last = first + 1
        while last < n and last - first < most_texts and offsets[last + 1] - offsets[first] <= most_bytes:
            last += 1
        yield first, last
        first = last


def parquet_stages(parquet: str, model: str, out: str) -> Row:
    """What reading, scoring with a warm table and writing take of `autokode score`, one after the other in one thread."""
    from autokode.scoring.batch.formats import ReadOptions
    from autokode.scoring.batch.inputs import find_inputs, read_parts
    from autokode.scoring.batch.outputs import opened
    from autokode.scoring.batch.stream import Wanted, scored

    scorer = scorer_of(model)
    found: dict[str, float] = {}
    for _ in range(2):
        begun = time.perf_counter()
        read = list(read_parts(find_inputs((Path(parquet),)), ReadOptions()))
        found["reading"] = time.perf_counter() - begun
        begun = time.perf_counter()
        done = list(scored(iter(read), scorer, Wanted(), threads=1))
        found["scoring"] = time.perf_counter() - begun
        begun = time.perf_counter()
        with opened(Path(out)) as write:
            for part in done:
                write(part.batch)
        found["writing"] = time.perf_counter() - begun
    Path(out).unlink()
    return found


def parquet_of(text: str, parquet: str) -> Row:
    """Write the lines of a file as the column `text` of a Parquet file, as pyarrow does it unasked."""
    import pyarrow as pa
    from pyarrow import parquet as pq

    lines = Path(text).read_text(encoding="utf-8").removesuffix("\n").split("\n")
    pq.write_table(pa.table({"text": lines}), parquet)
    return {}


def model_of(folder: str) -> Row:
    """Write nav-nb with its first columns a second time, under new names, so that it has CODES."""
    import dataclasses

    import numpy as np

    from autokode.base import resources
    from autokode.model import model_files

    model = model_files.load(resources.model_folder("nav-nb"))
    more = CODES - len(model.codes)
    wide = {
        name: np.concatenate([array, array[..., :more]], axis=-1)
        for name in ("weights", "question_weights", "bias", "bias_alone", "thresholds", "limits", "encoder_weights")
        for array in [getattr(model, name)]
    }
    codes = (*model.codes, *(f"{code} (again)" for code in model.codes[:more]))
    model_files.save(dataclasses.replace(model, codes=codes, codebook=None, **wide), folder)
    return {}


def repeated(text: str, parquet: str, rows: str) -> Row:
    """Write so many utterances to a Parquet file, the same ones over and over, a batch at a time."""
    import pyarrow as pa
    from pyarrow import parquet as pq

    lines = Path(text).read_text(encoding="utf-8").removesuffix("\n").split("\n")
    lines = [line for line in dict.fromkeys(lines) if 0 < len(line.split()) <= LONGEST]
    left, words = int(rows), 0
    whole = pa.table({"text": lines})
    with pq.ParquetWriter(parquet, whole.schema, use_dictionary=False) as writer:
        while left > 0:
            writer.write_table(whole[:left])
            words += sum(len(line.split()) for line in lines[:left])
            left -= len(lines)
    return {"words": words, "distinct": len(lines), "bytes": Path(parquet).stat().st_size}


def imports(names: str) -> Row:
    """Import modules, as many as can be imported by themselves."""
    import importlib

    imported = 0
    for name in Path(names).read_text(encoding="utf-8").split():
        with suppress(Exception):  # parts of other packages, some only for what is not here
            importlib.import_module(name)
            imported += 1
    return {"imported": imported}


CHILDREN: dict[str, Callable[..., Row]] = {
    function.__name__: function
    for function in (warm, cold, stages, parquet_stages, parquet_of, model_of, repeated, imports)
}


def answer(name: str, *args: str) -> None:
    print(json.dumps(CHILDREN[name](*args)))
