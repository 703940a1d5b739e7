"""How fast autokode scores, beside `wc -w` and other libraries: one text, one machine, fresh processes, the least of several.

    python -m benchmarks.speed              measures what benchmarks/results/speed.json lacks (all: ten minutes on two cores)
    python -m benchmarks.speed --long       … and ten million utterances against one million (minutes, half a GB of disk)
    python -m benchmarks.speed --only NAME  one row anew: warm, speech, cold, parquet, memory, stages, fasttext, …
    python -m benchmarks.speed --anew       everything anew
    python -m benchmarks.speed --small      a try on a twentieth of the text; keeps its results out of the repository

Needs the regulations and the speech in shared data, and for one peer `pip install fasttext-numpy2-wheel`. Each row is saved
when it is done, so an interrupted run goes on where it was. A word is what `wc -w` counts. Nothing else should run meanwhile.
This process imports nothing large: what it starts would inherit its peak memory.
"""

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
from typing import Any

from benchmarks import RESULTS, ROOT, generated

OUT = RESULTS / "speed.json"
SHARED = Path(os.environ.get("AUTOKODE_SHARED_DATA", ROOT.parent / "shared" / "data"))
WC = shutil.which("wc") or "wc"
LOCALE = "C.UTF-8"
CODES = 24
SLICE = 4 << 20
"""Bytes of text a thread takes at a time."""

SPEECH_COPIES = 10
"""The speech is written so many times over, so that starting `wc` is not half of its time."""

WARM_ROUNDS, COLD_ROUNDS, LONG_ROUNDS, PEER_PASSES = 9, 5, 3, 3
PEER_LINES = {"fasttext": 60_000, "spacy": 50_000, "sklearn": 20_000, "textcat": 40_000}
"""The first so many lines: ten to twenty seconds a pass."""

SAMPLE_STEP = 8
"""Every so many lines of the whole text are what peers learn from."""

SMALL_LINES = 16_000
START, FEW, MANY = 20_000, 1_000_000, 10_000_000
"""Utterances: as many as hold every different one, and what is compared."""

LONGEST = 26
"""Utterances of up to so many words have about twelve on average."""

PACKAGES = ("autokode", "numpy", "numba", "llvmlite", "pyarrow", "spacy", "scikit-learn", "scipy", "joblib")
ANSWER = "import sys; sys.path.insert(0, sys.argv[1]); from benchmarks.speed_child import answer; answer(*sys.argv[2:])"
"""The program of a fresh Python: it imports the module, so that it need not be compiled each time."""

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"), "1")

Row = dict[str, Any]


# --- Processes -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ran:
    """A process that succeeded: wall time, peak memory in MB, and its output."""

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
    """Run one of `speed_child.CHILDREN` in a fresh Python; returns what it found, with its wall time and peak memory."""
    ran = run(sys.executable, "-c", ANSWER, ROOT, name, *(str(arg) for arg in args), **env)
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
        """A file with the first so many lines of the laws, every `step`th."""
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
        "laws_are": "shared data, laws/regulations.jsonl.gz: a paragraph a line, line ends in it as spaces, no empty ones",
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
        where["start_and_exit"] = round(best["process_seconds"] - sum(where.values()), 4)
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
        "modules": only["imported"],
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
        "warm": {name: of_whole(found[name], whole, words) for name in shown},
        "parquet": {name: of_whole(files[name], whole, words) for name in ("reading", "scoring", "writing")},
    }


def of_whole(seconds: float, whole: float, words: int) -> Row:
    return {"ns_per_word": round(seconds / words * 1e9, 2), "share": round(seconds / whole, 3)}


def row_long(work: Work, _about: Row) -> Row:
    """Ten million utterances against one million: the time that each takes beyond starting, and the memory."""
    sizes = {"start": START, "few": work.size(FEW), "many": work.size(MANY)}
    files = {name: work.folder / f"{name}.parquet" for name in sizes}
    facts = {name: child("repeated", work.speech, files[name], size) for name, size in sizes.items()}
    runs: dict[str, list[Ran]] = {name: [] for name in sizes}
    for _ in range(LONG_ROUNDS):
        for name, file in files.items():
            runs[name].append(score(work, file, 2))
    for file in files.values():
        file.unlink()
    found = {
        name: {
            "utterances": size,
            **{key: facts[name][key] for key in ("words", "distinct", "bytes")},
            **speed(facts[name]["words"], [ran.seconds for ran in runs[name]]),
            "peak_mb": round(max(ran.peak_mb for ran in runs[name]), 1),
        }
        for name, size in sizes.items()
    }
    start, few, many = (min(ran.seconds for ran in runs[name]) for name in sizes)
    return {
        **found,
        "time_ratio": ratio(many, few),
        "time_ratio_beyond_start": ratio(many - start, few - start) if few > start else None,
        "memory_ratio": ratio(found["many"]["peak_mb"], found["few"]["peak_mb"]),
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


# --- Results ---------------------------------------------------------------------------------------------------------------


def table(results: Row) -> str:
    """The targets and what was measured, ratios first, as a Markdown table."""
    rows = results["rows"]
    lines = [
        *warm_lines(rows.get("warm")),
        *of_wc_lines(
            rows.get("cold"), "everything from nothing: a fresh process, its imports, model, text, empty table", 0.4
        ),
        *of_wc_lines(rows.get("parquet"), "Parquet to Parquet with three codes, the whole command", 0.6),
        *(peer_line(rows.get(name), *target) for name, target in PEER_TARGETS.items()),
        memory_line(rows.get("memory")),
        long_line(rows.get("long")),
        speech_line(rows.get("speech")),
    ]
    return generated.table(("what", "target", "measured", "met?"), lines, numbers=False)


Line = tuple[str, str, str, str]
PEER_TARGETS: dict[str, tuple[str, float | None]] = {
    "fasttext": ("fastText, subwords, three labels", 50),
    "spacy": ("spaCy, tokens only", 150),
    "sklearn": ("scikit-learn, TF-IDF of words and characters, logistic regression", 500),
    "textcat": ("spaCy, text categoriser on a bag of words", None),
}
NOT_MEASURED = "not measured"


def met(reached: bool) -> str:
    return "yes" if reached else "no"


def rate(row: Row) -> str:
    return f"{row['words_per_second'] / 1e6:.3g} M words/s"


def warm_lines(row: Row | None) -> list[Line]:
    one, two = "text in memory, table warm, one thread", "the same, two threads"
    if row is None:
        return [(one, "≥ 2 × wc -w", NOT_MEASURED, "–"), (two, "≥ 1.8 × one thread", NOT_MEASURED, "–")]
    of_wc = f"{row['of_wc']:.2f} × ({rate(row['one'])}; wc -w {rate(row['wc'])})"
    strings = row["from_strings"]
    strings = f"{strings['words_per_second'] / row['wc']['words_per_second']:.2f} × wc -w ({rate(strings)})"
    of_one = f"{row['two_of_one']:.2f} × ({rate(row['two'])})"
    return [
        (one, "≥ 2 × wc -w", of_wc, met(row["of_wc"] >= 2)),
        (two, "≥ 1.8 × one thread", of_one, met(row["two_of_one"] >= 1.8)),
        ("from a list of Python strings, one thread", "–", strings, "–"),
    ]


def of_wc_lines(row: Row | None, what: str, target: float) -> list[Line]:
    lines = []
    for key, threads in (("two", "two threads"), ("one", "one thread")):
        name, wanted = f"{what}, {threads}", f"≥ {target} × wc -w"
        if row is None:
            lines.append((name, wanted, NOT_MEASURED, "–"))
        else:
            of_wc = row[f"{key}_of_wc"]
            lines.append((name, wanted, f"{of_wc:.2f} × ({rate(row[key])})", met(of_wc >= target)))
    return lines


def peer_line(row: Row | None, what: str, target: float | None) -> Line:
    wanted = "–" if target is None else f"≥ {target} ×"
    if row is None or "not_measured" in row:
        return what, wanted, NOT_MEASURED + (f": {row['not_measured']}" if row else ""), "–"
    shown = f"{row['times']:.3g} × ({rate(row['peer'])}; ours {rate(row['ours'])}; first {row['lines']} lines)"
    return f"{what} ({row['package']})", wanted, shown, "–" if target is None else met(row["times"] >= target)


def memory_line(row: Row | None) -> Line:
    what, target = "peak memory of that command beyond the interpreter and libraries", "≤ 300 MB"
    if row is None:
        return what, target, NOT_MEASURED, "–"
    shown = f"{row['beyond_mb']:.0f} MB ({row['scoring_mb']:.0f} less {row['imports_mb']:.0f})"
    return what, target, shown, met(row["beyond_mb"] <= 300)


def long_line(row: Row | None) -> Line:
    what, target = "ten million utterances against one million", "time ≤ 10 × + 10 %, memory the same (+ 10 %)"
    if row is None:
        return what, target, NOT_MEASURED, "–"
    beyond, memory = row["time_ratio_beyond_start"], row["memory_ratio"]
    shown = (
        f"time {row['time_ratio']:.1f} × ({beyond or 0:.1f} × beyond starting; {min(row['many']['seconds']):.0f} s, "
        f"{rate(row['many'])}), memory {memory:.2f} × ({row['few']['peak_mb']:.0f} → {row['many']['peak_mb']:.0f} MB)"
    )
    return what, target, shown, met(max(beyond or 0, row["time_ratio"]) <= 11 and memory <= 1.1)


def speech_line(row: Row | None) -> Line:
    what = "speech in memory, table warm, one thread"
    return (what, "–", NOT_MEASURED if row is None else f"{row['of_wc']:.2f} × wc -w ({rate(row['one'])})", "–")


STAGES = {
    "splitting": "splitting at white space",
    "finding": "hashing and looking up",
    "adding": "adding rows",
    "squashing": "the logistic function",
    "rest": "the rest of the pass",
    "pass": "the whole pass, timed by itself",
    "reading_compiled": "for comparison: adding up the bytes, eight at a time, compiled",
    "reading_numpy": "the same by NumPy",
}


def stages_table(results: Row) -> str:
    """The stages of a warm pass in one thread and their times, as a Markdown table."""
    found = results["rows"]["stages"]["warm"]
    rows = [(name, f"{found[key]['ns_per_word']:.2f}", f"{found[key]['share']:.0%}") for key, name in STAGES.items()]
    return generated.table(("what", "ns a word", "share"), rows)


def machine() -> Row:
    return {
        "processor": processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "wc": run(WC, "--version").out.splitlines()[0],
        "packages": {name: installed for name in PACKAGES if (installed := installed_version(name))},
    }


def processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))


def installed_version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def save(path: Path, results: Row) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def measure(work: Work, path: Path, only: list[str], *, long: bool, anew: bool) -> Row:
    """Measure the rows that are missing and save each when it is done; those of another machine are not mixed in."""
    here = machine()
    results: Row = {"machine": here, "rows": {}}
    if path.exists() and not anew:
        results = json.loads(path.read_text(encoding="utf-8"))
        if results["machine"] != here:
            sys.exit(f"{path} is from another machine or other packages: --anew measures everything here")
    names = only or [name for name in ROWS if lacks(results["rows"], name) and (name != "long" or long)]
    if not names:
        return results
    results["texts"] = prepare(work)
    for name in names:
        print(f"{name} …", file=sys.stderr)
        begun = time.perf_counter()
        row = ROWS[name](work, results["texts"])
        results["rows"][name] = {**row, "at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")}
        save(path, results)
        print(f"{name}: {row.get('not_measured') or f'{time.perf_counter() - begun:.0f} s'}", file=sys.stderr)
    return results


def lacks(rows: Row, name: str) -> bool:
    return name not in rows or "not_measured" in rows[name]


@contextmanager
def folder_of(wanted: str | None) -> Iterator[Path]:
    if wanted is None:
        with tempfile.TemporaryDirectory(prefix="autokode-speed-") as folder:
            yield Path(folder)
    else:
        Path(wanted).mkdir(parents=True, exist_ok=True)
        yield Path(wanted)


def main() -> None:
    import argparse  # not by the processes that are measured

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", default=[], choices=ROWS, metavar="NAME")
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--anew", action="store_true")
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--work", metavar="FOLDER", help="for texts, model and outputs; else a temporary one")
    parser.add_argument("--out", metavar="FILE", type=Path, help="for the results; else benchmarks/results/speed.json")
    options = parser.parse_args()
    with folder_of(options.work) as folder:
        work = Work(folder, options.small)
        path = options.out or (folder / "speed.json" if options.small else OUT)
        results = measure(work, path, options.only, long=options.long, anew=options.anew)
    print(table(results))
    if "stages" in results["rows"]:
        print(f"\n{stages_table(results)}")
    if path == OUT:
        for document, parts in documents().items():
            generated.fill(document, parts)


def documents() -> dict[Path, dict[str, str]]:
    """The tables in the documents, by document and name."""
    results = json.loads(OUT.read_text(encoding="utf-8"))
    return {
        ROOT / "README.md": {"speed": table(results)},
        ROOT / "docs" / "decisions" / "2026-11-23-score-table.md": {"speed": stages_table(results)},
    }


if __name__ == "__main__":
    main()
