"""Measures the cost of scoring very many utterances, and where more threads and workers stop helping: docs/scale.md.

    python -m benchmarks.scale           measures (three minutes on two cores, half a GB of disk) and fills the tables
    python -m benchmarks.scale --tables  fills the tables from benchmarks/results/scale.json

Needs the speech in shared data: what people said in parliament and in free talk, the first half of one utterance and the
second of another drawn by chance, so that few are the same.
Every row is a fresh process, the least of three, model and output in it; results of earlier rounds are removed. Nothing else
should run meanwhile.
"""

import gzip
import json
import os
import platform
import random
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks import RESULTS, ROOT
from benchmarks.generated import fill, table

OUT = RESULTS / "scale.json"
PAGE = ROOT / "docs" / "scale.md"
SHARED = Path(os.environ.get("AUTOKODE_SHARED_DATA", ROOT.parent / "shared" / "data"))
FILES, ROWS = 20, 500_000
SMALL_FILES, SMALL_ROWS = 2_000, 100
ROUNDS = 3
HOURS = 1_000_000
"""The estimate's assumption: so many hours of speech."""


def speech() -> tuple[list[str], float]:
    """The utterances, and the words spoken an hour."""
    said, words, seconds = [], 0, 0.0
    for name in ("npsc_eval", "nbtale3"):
        with gzip.open(SHARED / "speech" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                said.append(row["normalised"])
                words += len(row["normalised"].split())
                seconds += row["end"] - row["start"]
    return said, words / seconds * 3600


def write(folder: Path, said: list[str], files: int, rows: int) -> tuple[int, int]:
    """Write files of texts drawn by chance; returns their words and bytes of text."""
    import pyarrow as pa
    from pyarrow import parquet

    folder.mkdir()
    choose = random.Random(0)  # noqa: S311 - texts, no secrets
    cut = [text.split() for text in said]
    first = [" ".join(parts[: len(parts) // 2 + 1]) for parts in cut]
    second = [" ".join(parts[len(parts) // 2 + 1 :]) for parts in cut]
    words = size = 0
    for i in range(files):
        pairs = zip(choose.choices(first, k=rows), choose.choices(second, k=rows), strict=True)
        texts = [f"{a} {b}".rstrip() for a, b in pairs]
        words += sum(text.count(" ") + 1 for text in texts)
        size += sum(len(text.encode()) for text in texts)
        parquet.write_table(
            pa.table({"id": range(i * rows, (i + 1) * rows), "text": texts}), folder / f"{i:05d}.parquet"
        )
    return words, size


def timed(command: list[str], out: Path) -> tuple[float, float]:
    """The least seconds of several fresh processes, and the most memory of one, in MB."""
    least, most = float("inf"), 0.0
    for _ in range(ROUNDS):
        shutil.rmtree(out, ignore_errors=True)
        begun = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603 - our own interpreter
        _pid, status, used = os.wait4(process.pid, 0)
        least, most = min(least, time.perf_counter() - begun), max(most, used.ru_maxrss / 1024)
        if status:
            raise SystemExit(f"{' '.join(command)}: {status}")
    return least, most


def measured() -> dict[str, Any]:
    """Measure all rows."""
    said, an_hour = speech()
    found: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as place:
        large, small, out = Path(place) / "large", Path(place) / "small", Path(place) / "out"
        with ProcessPoolExecutor(1, get_context("spawn")) as other:  # what this process starts would inherit its memory
            words, size = other.submit(write, large, said, FILES, ROWS).result()
            other.submit(write, small, said, SMALL_FILES, SMALL_ROWS).result()
        autokode = [sys.executable, "-m", "autokode", "score"]
        for threads in (1, 2, 4):
            seconds, memory = timed([*autokode, str(large), "--out", f"{out}/", "--threads", str(threads)], out)
            found.append(
                {"how": f"folder, {threads} thread{'s' * (threads > 1)}", "seconds": seconds, "memory": memory}
            )
            written = sum(file.stat().st_size for file in out.glob("*.parquet"))
        seconds, memory = timed(
            [*autokode, str(large), "--out", f"{out}.parquet", "--threads", "2"], Path(f"{out}.parquet")
        )
        found.append({"how": "one file, 2 threads", "seconds": seconds, "memory": memory})
        for workers in (1, 2):
            found.append(
                {"how": f"Dask, {workers} worker{'s' * (workers > 1)} of one thread", **dask(large, out, workers)}
            )
        few, _ = timed([*autokode, str(small), "--out", f"{out}/", "--threads", "2"], out)
        half, _ = timed([*autokode, str(small / "00000.parquet"), "--out", f"{out}/", "--threads", "2"], out)
    return {
        "machine": {"processor": platform.processor() or platform.machine(), "cores": len(os.sched_getaffinity(0))},
        "utterances": FILES * ROWS,
        "words": words,
        "text_bytes": size,
        "written_bytes": written,
        "words_an_hour": an_hour,
        "rows": found,
        "shard_ms": 1000 * (few - half) / (SMALL_FILES - 1),
    }


def dask(inputs: Path, out: Path, workers: int) -> dict[str, float]:
    """Measure on a cluster of this machine that has scored something before, as a running cluster has."""
    from dask.distributed import LocalCluster

    with LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None, host="127.0.0.1") as cluster:
        command = [sys.executable, "-m", "autokode", "score", "--dask", cluster.scheduler_address, "--out", f"{out}/"]
        seconds, _memory_of_the_client = timed([*command, str(inputs)], out)
    return {"seconds": seconds}


def tables(found: dict[str, Any]) -> dict[str, str]:
    """The generated parts of docs/scale.md."""
    millions = found["utterances"] / 1e6
    first = found["rows"][0]["seconds"]
    lines = [
        [
            row["how"],
            f"{row['seconds']:.1f}",
            f"{row['seconds'] / millions:.2f}",
            f"{found['words'] / row['seconds'] / 1e6:.1f}",
            f"{first / row['seconds']:.2f}",
            f"{row['memory']:.0f}" if "memory" in row else "–",
        ]
        for row in found["rows"]
    ]
    heads = ("", "seconds", "seconds a million utterances", "million words/s", "× one thread", "MB at most")
    about = (
        f"{millions:.0f} million utterances of {found['words'] / found['utterances']:.0f} words "
        f"({found['text_bytes'] / 2**20:.0f} MB of text) in {FILES} files, on "
        f"{found['machine']['cores']} cores; {found['written_bytes'] / 2**20:.0f} MB are written. A shard costs "
        f"{found['shard_ms']:.1f} ms whatever is in it, measured on {SMALL_FILES:,} files of {SMALL_ROWS} utterances."
    )
    two = found["rows"][1]["seconds"]
    words = HOURS * found["words_an_hour"]
    utterances = words / (found["words"] / found["utterances"])
    core_hours = utterances / 1e6 * (two / millions) * 2 / 3600
    share = utterances / found["utterances"]
    text, written = (share * found[key] / 2**30 for key in ("text_bytes", "written_bytes"))
    estimate = (
        f"People spoke {found['words_an_hour']:,.0f} words an hour in the recordings measured here. A national library with "
        f"{HOURS:,} hours of transcribed speech (an assumption; put in your own) has {words / 1e9:.1f} billion words in "
        f"{utterances / 1e6:,.0f} million such utterances: {text:,.0f} GB of text, {core_hours:.1f} core hours at the speed of "
        f"two threads above, so {core_hours * 30:.0f} minutes on a laptop of two cores, and {written:,.0f} GB of codes. Words "
        "nobody said before cost more than words met again, and reading from where the text lies may be what takes most time."
    )
    return {"cost": f"{about}\n\n{table(heads, lines)}", "estimate": estimate}


if __name__ == "__main__":
    if "--tables" not in sys.argv:
        OUT.write_text(json.dumps(measured(), indent=1) + "\n", encoding="utf-8")
    fill(PAGE, tables(json.loads(OUT.read_text(encoding="utf-8"))))
