"""How fast autokode scores, beside `wc -w` and other libraries: the same text, this machine, fresh processes, the least of several.

    python benchmarks/speed.py              measures what benchmarks/results/speed.json lacks (all: about ten minutes on two cores)
    python benchmarks/speed.py --long       … and ten million utterances against one million (minutes, 1 GB of disk)
    python benchmarks/speed.py --only NAME  one row anew: warm, speech, cold, parquet, memory, stages, fasttext, …
    python benchmarks/speed.py --anew       everything anew
    python benchmarks/speed.py --small      a try on a twentieth of the text; keeps its results out of the repository

Needs the regulations and the speech in shared data, and for one peer `pip install fasttext-numpy2-wheel`. Each row is saved
when it is done, so an interrupted run goes on where it was. A word is what `wc -w` counts. Nothing else should run meanwhile.
This process imports nothing large: what it starts would inherit its peak memory.
"""

import argparse
import datetime
import gzip
import itertools
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import generated

if TYPE_CHECKING:
    from autokode.scoring.scorer import Probabilities, Scorer, Texts

ROOT = Path(__file__).parents[1]
OUT = ROOT / "benchmarks" / "results" / "speed.json"
SHARED = Path(os.environ.get("AUTOKODE_SHARED_DATA", ROOT.parent / "shared" / "data"))
WC = shutil.which("wc") or "wc"
LOCALE = "C.UTF-8"
CODES = 24
SLICE = 4 << 20
"""Bytes of text a thread takes at a time."""

SPEECH_COPIES = 10
"""The speech is written so many times over, so that starting `wc` is not half of its time."""

WARM_ROUNDS, COLD_ROUNDS, PEER_PASSES = 9, 5, 3
PEER_LINES = {"fasttext": 200_000, "spacy": 20_000, "sklearn": 8_000, "textcat": 10_000}
"""The first so many lines: ten to twenty seconds a pass."""

SAMPLE_STEP = 8
"""Every so many lines of the whole text are what peers learn from."""

SMALL_LINES = 16_000
FEW, MANY = 1_000_000, 10_000_000
LONGEST = 28
"""Utterances of up to so many words have 12.1 on average."""

PACKAGES = ("autokode", "numpy", "numba", "llvmlite", "pyarrow", "spacy", "scikit-learn", "scipy", "joblib")
PEER_PACKAGES = ("fasttext-numpy2-wheel", "fasttext-wheel", "fasttext")
ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")}

Row = dict[str, Any]


# --- Processes -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ran:
    """A process that ended well: wall time, the most memory it held, and what it wrote."""

    seconds: float
    peak_mb: float
    out: str
    err: str


def run(*command: str | Path, **env: str) -> Ran:
    """Run a command to its end.

    Raises:
        RuntimeError: it failed; with the end of what it said.
    """
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        begun = time.perf_counter()
        process = subprocess.Popen([str(part) for part in command], stdout=out, stderr=err, env={**os.environ, **env})  # noqa: S603
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0), err.seek(0)
        ran = Ran(seconds, usage.ru_maxrss / 1024, out.read(), err.read())
    if process.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))} → {process.returncode}\n{ran.err[-2000:]}")
    return ran


def child(name: str, *args: object, **env: str) -> Row:
    """Run one of CHILDREN in a fresh Python; returns what it found, with its wall time and peak memory."""
    ran = run(sys.executable, __file__, "child", name, *(str(arg) for arg in args), **env)
    found: Row = json.loads(ran.out.splitlines()[-1])
    return {**found, "process_seconds": ran.seconds, "peak_mb": ran.peak_mb}


def score(work: "Work", parquet: Path, threads: int, *options: str) -> Ran:
    """Run `autokode score` on a Parquet file, Parquet out."""
    out = work.folder / "scores.parquet"
    command = ["autokode", "score", parquet, "--model", work.model, "--out", out, "--text", "text", "--top", "3"]
    ran = run(sys.executable, *options, "-m", *command, "--threads", str(threads))
    out.unlink()
    return ran


def wc(file: Path, locale: str = LOCALE) -> float:
    return run(WC, "-w", file, LC_ALL=locale).seconds


def words_in(file: Path) -> int:
    return int(run(WC, "-w", file, LC_ALL=LOCALE).out.split()[0])


def speed(words: int, seconds: list[float]) -> Row:
    return {"words_per_second": round(words / min(seconds)), "seconds": [round(s, 4) for s in seconds]}


# --- Texts and the model ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Work:
    """Where the texts and the model lie; `small` for a try."""

    folder: Path
    small: bool

    @property
    def laws(self) -> Path:
        return self.folder / "laws.txt"

    @property
    def speech(self) -> Path:
        return self.folder / "speech.txt"

    @property
    def parquet(self) -> Path:
        return self.folder / "laws.parquet"

    @property
    def model(self) -> Path:
        return self.folder / "model24"

    def rounds(self, wanted: int) -> int:
        return 2 if self.small else wanted

    def size(self, wanted: int) -> int:
        return wanted // 20 if self.small else wanted

    def part(self, name: str, first: int, step: int = 1) -> Path:
        """Return a file with the first so many lines of the laws, every `step`th."""
        path = self.folder / f"{name}.txt"
        with self.laws.open("rb") as lines, path.open("wb") as out:
            out.writelines(line for n, line in enumerate(lines) if n < first and n % step == 0)
        return path


def prepare(work: Work) -> Row:
    """Write the texts and the model, once; returns what they are."""
    if not SHARED.is_dir():
        sys.exit(f"the texts are not here: {SHARED}")
    lines = write_lines(work.laws, itertools.islice(regulations(), SMALL_LINES if work.small else None))
    spoken = write_lines(work.speech, utterances() * SPEECH_COPIES)
    child("parquet_of", work.laws, work.parquet)
    child("model_of", work.model)
    return {
        "laws": {"lines": lines, "words": words_in(work.laws), "bytes": work.laws.stat().st_size},
        "speech": {"lines": spoken, "words": words_in(work.speech), "bytes": work.speech.stat().st_size},
        "laws_are": "shared data, laws/regulations.jsonl.gz: a paragraph a line, line ends inside it as spaces, empty ones left out",
        "speech_is": f"shared data, speech/*.jsonl.gz: `normalised`, an utterance a line, {SPEECH_COPIES} times over",
        "model": f"nav-nb widened to {CODES} codes: its first columns of every array a second time, under new names",
        "word": f"what wc -w counts in the locale {LOCALE}",
    }


def write_lines(path: Path, lines: Iterable[str]) -> int:
    count = 0
    with path.open("w", encoding="utf-8") as out:
        for line in lines:
            out.write(f"{line}\n")
            count += 1
    return count


def regulations() -> Iterator[str]:
    with gzip.open(SHARED / "laws" / "regulations.jsonl.gz", "rt", encoding="utf-8") as rows:
        for row in rows:
            for paragraph in json.loads(row)["paragraphs"]:
                if paragraph.strip():
                    yield paragraph.replace("\n", " ")


def utterances() -> list[str]:
    found = []
    for path in sorted((SHARED / "speech").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as rows:
            found += [json.loads(row)["normalised"] for row in rows]
    return found


# --- What runs in a process of its own -------------------------------------------------------------------------------------


def texts_in(file: str) -> "Texts":
    """Read a file of lines as texts; the line's end, white space, stays with its text."""
    import numpy as np

    from autokode.scoring.machine import PAD
    from autokode.scoring.scorer import Texts

    size = Path(file).stat().st_size
    data = np.zeros(size + PAD, np.uint8)
    with Path(file).open("rb") as stream:
        stream.readinto(memoryview(data)[:size])
    return Texts(data, np.concatenate([[0], np.flatnonzero(data[:size] == ord("\n")) + 1]))


def scorer_of(model: str) -> "Scorer":
    from autokode.model import Model
    from autokode.scoring.scorer import Scorer

    return Scorer(Model.load(model))


def slices(texts: "Texts") -> list["Texts"]:
    """Cut texts into parts of about SLICE bytes."""
    import numpy as np

    edges = np.searchsorted(texts.offsets, np.arange(0, texts.offsets[-1], SLICE)).tolist() + [len(texts)]
    return [texts._replace(offsets=texts.offsets[a : b + 1]) for a, b in itertools.pairwise(edges) if a < b]


def in_slices(scorer: "Scorer", texts: "Texts", threads: int) -> list["Probabilities"]:
    """Score texts a slice at a time, by threads that share a scorer."""
    from autokode.scoring.parallel import in_order

    return list(in_order(scorer.probabilities, slices(texts), threads))


def timed(function: Callable[[], object]) -> float:
    begun = time.perf_counter()
    function()
    return time.perf_counter() - begun


def warm(file: str, model: str, rounds: str) -> Row:
    """Second and later passes over texts in memory, each round after one of `wc -w`."""
    from autokode.scoring.scorer import Texts

    texts, scorer = texts_in(file), scorer_of(model)
    strings = texts.strings()
    ways: dict[str, Callable[[], object]] = {
        "wc": lambda: wc(Path(file)),
        "one": lambda: scorer.probabilities(texts),
        "one_in_slices": lambda: in_slices(scorer, texts, 1),
        "two": lambda: in_slices(scorer, texts, 2),
        "wc_locale_c": lambda: wc(Path(file), "C"),
        "from_strings": lambda: scorer.probabilities(Texts.of(strings)),
    }
    for way in ways.values():
        way()
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(int(rounds)):
        for name, way in ways.items():
            seconds[name].append(wc_seconds if (wc_seconds := 0.0) else timed(way))
    return {"seconds": seconds}


def cold(file: str, model: str, threads: str) -> Row:
    """Everything from nothing: imports, model, text, an empty table, scores; with the time since the process began to live."""
    laps = [time.perf_counter()]
    import autokode.scoring.scorer  # noqa: F401

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

    texts, scorer = texts_in(file), scorer_of(model)
    one_pass = [timed(lambda: scorer.probabilities(texts)) for _ in range(int(rounds) + 1)][1:]
    spent = [kernels(scorer, texts) for _ in range(int(rounds) + 1)][1:]
    words = np.frombuffer(texts.data[: len(texts.data) // 8 * 8], np.uint64)
    total = compiled_sum()
    total(words)
    return {
        "pass": min(one_pass),
        **{name: min(seconds[name] for seconds in spent) for name in spent[0]},
        "reading_compiled": min(timed(lambda: total(words)) for _ in range(int(rounds))),
        "reading_numpy": min(timed(lambda: words.sum()) for _ in range(int(rounds))),
    }


def compiled_sum() -> Callable[[Any], Any]:
    import numba
    import numpy as np

    @numba.njit(nogil=True)
    def total(numbers: Any) -> Any:
        result = np.uint64(0)
        for number in numbers:
            result += number
        return result

    return total  # type: ignore[no-any-return]


def kernels(scorer: "Scorer", texts: "Texts") -> dict[str, float]:
    """Run the kernels of a pass one by one, over the groups that `kernel.run` makes; returns the seconds of each."""
    import numpy as np

    from autokode.scoring import kernel

    block = scorer._text
    table, stride = block.table.arrays, np.uint64(block.stride)
    data, offsets = texts.data.view(), texts.offsets
    data.flags.writeable = False
    room = max(kernel.BYTES, int(np.diff(offsets).max())) + 2 * kernel.TEXTS + 80
    edges, ends = np.empty(room, np.uint32), np.empty(kernel.TEXTS, np.uint64)
    ids, missing = np.empty(room // 2, np.uint64), np.empty(room // 2, np.uint64)
    sums = np.empty(len(texts) * block.stride, np.float32)
    chunks, lost, clock = 0, 0, time.perf_counter
    splitting = finding = adding = 0.0
    for first, last in groups(offsets.tolist(), kernel.TEXTS, kernel.BYTES):
        begun = clock()
        n = kernel.split(data, offsets, first, last, edges, ends)
        split_at = clock()
        base = np.uint64(offsets[first])
        lost += kernel.find(data, base, edges, np.uint64(n), *table, stride, ids, missing)
        found_at = clock()
        kernel.add(ids, ends, last - first, table.rows, stride, sums, np.uint64(first))
        added_at = clock()
        splitting, finding, adding = splitting + split_at - begun, finding + found_at - split_at, adding + added_at - found_at
        chunks += int(n)
    if lost:
        raise RuntimeError(f"{lost} of {chunks} chunks are not in the table, which should be warm")
    asked = np.zeros(len(texts), np.bool_)
    squashing = timed(lambda: kernel.finish(sums, sums, asked, *scorer._biases, stride, sums))
    return {"splitting": splitting, "finding": finding, "adding": adding, "squashing": squashing, "chunks": chunks}


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
    from autokode.scoring.inputs import Reading, find_inputs, read_parts
    from autokode.scoring.outputs import opened
    from autokode.scoring.stream import Wanted, scored

    scorer = scorer_of(model)
    found: dict[str, float] = {}
    for _ in range(2):
        begun = time.perf_counter()
        read = list(read_parts(find_inputs((Path(parquet),)), Reading()))
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

    from autokode import shipped
    from autokode.model import Model

    model = Model.load(shipped.model_folder("nav-nb"))
    more = CODES - len(model.codes)
    wide = {
        name: np.concatenate([array, array[..., :more]], axis=-1)
        for name in ("weights", "question_weights", "bias", "bias_alone", "thresholds")
        for array in [getattr(model, name)]
    }
    codes = (*model.codes, *(f"{code} (again)" for code in model.codes[:more]))
    dataclasses.replace(model, codes=codes, codebook=None, **wide).save(folder)
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

    failed = []
    for name in Path(names).read_text(encoding="utf-8").split():
        try:
            importlib.import_module(name)
        except Exception:  # noqa: BLE001 - parts of other packages, some only for what is not here
            failed.append(name)
    return {"failed": failed}


CHILDREN: dict[str, Callable[..., Row]] = {
    function.__name__: function
    for function in (warm, cold, stages, parquet_stages, parquet_of, model_of, repeated, imports)
}


# --- Rows ------------------------------------------------------------------------------------------------------------------


def row_warm(work: Work, about: Row) -> Row:
    return warm_row(work, work.laws, about["laws"]["words"])


def row_speech(work: Work, about: Row) -> Row:
    return warm_row(work, work.speech, about["speech"]["words"])


def warm_row(work: Work, file: Path, words: int) -> Row:
    found = child("warm", file, work.model, work.rounds(WARM_ROUNDS))["seconds"]
    ways = {name: speed(words, seconds) for name, seconds in found.items()}
    one, two = min(found["one"]), min(found["two"])
    return {**ways, "of_wc": ratio(min(found["wc"]), one), "two_of_one": ratio(one, two)}


def row_cold(work: Work, about: Row) -> Row:
    words = about["laws"]["words"]
    child("cold", work.laws, work.model, 2)  # so that the compiled code is kept, and the text in the page cache
    counted: list[float] = []
    runs: dict[str, list[Row]] = {"one": [], "two": []}
    for _ in range(work.rounds(COLD_ROUNDS)):
        counted.append(wc(work.laws))
        runs["one"].append(child("cold", work.laws, work.model, 1))
        runs["two"].append(child("cold", work.laws, work.model, 2))
    found: Row = {"wc": speed(words, counted)}
    for threads, all_runs in runs.items():
        best = min(all_runs, key=lambda ran: ran["process_seconds"])
        where = {name: best[name] for name in ("imports", "model", "text", "scores")}
        found[threads] = {**speed(words, [ran["process_seconds"] for ran in all_runs]), "seconds_within": where}
        found[f"{threads}_of_wc"] = ratio(min(counted), best["process_seconds"])
    return found


def row_parquet(work: Work, about: Row) -> Row:
    words = about["laws"]["words"]
    score(work, work.parquet, 2)
    counted: list[float] = []
    runs: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(work.rounds(COLD_ROUNDS)):
        counted.append(wc(work.laws))
        for threads, seconds in runs.items():
            seconds.append(score(work, work.parquet, threads).seconds)
    return {
        "wc": speed(words, counted),
        "two": speed(words, runs[2]),
        "one": speed(words, runs[1]),
        "two_of_wc": ratio(min(counted), min(runs[2])),
        "one_of_wc": ratio(min(counted), min(runs[1])),
        "file": f"{work.parquet.stat().st_size} bytes, snappy, one column; out: zstd, three codes with probabilities",
    }


def row_memory(work: Work, _about: Row) -> Row:
    """Peak memory of the process of the row `parquet`, and of one that only imports the modules it had imported."""
    score(work, work.parquet, 2)
    listed = work.folder / "imported.txt"
    told = score(work, work.parquet, 2, "-X", "importtime").err.splitlines()
    names = [line.rsplit("|", 1)[-1].strip() for line in told if line.startswith("import time:")][1:]
    listed.write_text("\n".join(dict.fromkeys(names)), encoding="utf-8")
    only = child("imports", listed)
    peak = max(score(work, work.parquet, 2).peak_mb for _ in range(2))
    return {
        "scoring_mb": round(peak, 1),
        "imports_mb": round(only["peak_mb"], 1),
        "beyond_mb": round(peak - only["peak_mb"], 1),
        "modules": len(names),
        "not_imported": only["failed"],
    }


def row_stages(work: Work, about: Row) -> Row:
    words = about["laws"]["words"]
    found = child("stages", work.laws, work.model, work.rounds(WARM_ROUNDS))
    whole = found["pass"]
    names = ("splitting", "finding", "adding", "squashing")
    found["rest"] = whole - sum(found[name] for name in names)
    shown = (*names, "rest", "pass", "reading_compiled", "reading_numpy")
    files = child("parquet_stages", work.parquet, work.model, work.folder / "stages.parquet")
    return {
        "chunks": found["chunks"],
        "warm": {name: of_whole(found[name], whole, words) for name in shown},
        "parquet": {
            name: of_whole(files[name], whole, words) for name in ("reading", "scoring", "writing")
        },
    }


def of_whole(seconds: float, whole: float, words: int) -> Row:
    return {"ns_per_word": round(seconds / words * 1e9, 2), "share": round(seconds / whole, 3)}


def row_long(work: Work, _about: Row) -> Row:
    """Ten million utterances against one million: the time that each takes beyond starting, and the memory."""
    runs: dict[str, Row] = {}
    for name, rows, passes in (("start", 1000, 3), ("few", FEW, 3), ("many", MANY, 2)):
        path = work.folder / f"{name}.parquet"
        size = rows if name == "start" else work.size(rows)
        facts = child("repeated", work.speech, path, size)
        done = [score(work, path, 2) for _ in range(passes)]
        runs[name] = {
            "utterances": size,
            **{key: facts[key] for key in ("words", "distinct", "bytes")},
            **speed(facts["words"], [ran.seconds for ran in done]),
            "peak_mb": round(max(ran.peak_mb for ran in done), 1),
        }
        path.unlink()
    start, few, many = (min(runs[name]["seconds"]) for name in ("start", "few", "many"))
    return {
        **runs,
        "time_ratio": ratio(many, few),
        "time_ratio_beyond_start": ratio(many - start, few - start),
        "memory_ratio": ratio(runs["many"]["peak_mb"], runs["few"]["peak_mb"]),
    }


def peer(name: str) -> Callable[[Work, Row], Row]:
    def row(work: Work, _about: Row) -> Row:
        part = work.part(f"{name}.part", work.size(PEER_LINES[name]))
        sample = work.part("sample", 10**9, SAMPLE_STEP)
        words = words_in(part)
        command = (ROOT / "benchmarks" / "peers.py", name, part, sample, work.folder, str(work.rounds(PEER_PASSES)))
        try:
            found = json.loads(run(sys.executable, *command, **ONE_THREAD).out.splitlines()[-1])
        except RuntimeError as error:
            return {"not_measured": str(error).splitlines()[-1]}
        if "not_measured" in found:
            return found
        ours = child("warm", part, work.model, work.rounds(COLD_ROUNDS))["seconds"]["one"]
        return {
            "package": found["package"],
            "how": found["how"],
            "lines": work.size(PEER_LINES[name]),
            "words": words,
            "peer": speed(words, found["seconds"]),
            "ours": speed(words, ours),
            "times": ratio(min(found["seconds"]), min(ours)),
        }

    return row


ROWS: dict[str, Callable[[Work, Row], Row]] = {
    "warm": row_warm,
    "speech": row_speech,
    "cold": row_cold,
    "parquet": row_parquet,
    "memory": row_memory,
    "stages": row_stages,
    **{name: peer(name) for name in PEER_LINES},
    "long": row_long,
}


def ratio(a: float, b: float) -> float:
    return round(a / b, 3)
