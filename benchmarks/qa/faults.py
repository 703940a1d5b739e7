"""Makes hundreds of faults on purpose and writes the table of docs/faults.md; tests/workflows/test_faults.py makes a few.

    python -m benchmarks.qa.faults [SEED]   makes them (an hour on two cores) and fills the table; resumes
    python -m benchmarks.qa.faults --tables fills the table from benchmarks/results/faults.json

A failed assertion ends the run, and the table stays as it was. Remove the results to begin again with the same seed.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import fault_case
from benchmarks import RESULTS, ROOT
from benchmarks.generated import fill, table
from fault_case import CASES

OUT = RESULTS / "faults.json"
PAGE = ROOT / "docs" / "faults.md"
KILLS, LIMITS, MEMORY, DAMAGES, PAGES, SHARING = 50, 12, 5, 400, 20, 500
"""How often each fault is made in each kind of work; `SHARING` is the decisions of each of two people."""

Fault = tuple[str, str, int, Callable[[Path], int]]
"""The fault, the work it meets, how often, and a function that makes it in a folder and counts how often it had an effect."""


def faults(seed: int) -> Iterator[Fault]:
    """Yield every fault."""
    for case in CASES:
        yield "killed (kill -9)", case.name, KILLS, partial(fault_case.killed, case, times=KILLS, seed=seed)
    for case in CASES:
        yield "no room on the disk", case.name, LIMITS, partial(fault_case.small_files, case, times=LIMITS, seed=seed)
    for case in CASES:
        if not case.frugal:
            made = partial(fault_case.little_memory, case, times=MEMORY, seed=seed)
            yield "too little memory", case.name, MEMORY, made
    for fault, work, times, made in (
        ("a bit is flipped", "a model's files", DAMAGES, fault_case.damaged_models),
        ("200 bytes of noise", "a project's file", DAMAGES, fault_case.damaged_databases),
        ("a bit is flipped", "kept embeddings", DAMAGES, fault_case.damaged_memory),
        ("a bit is flipped", "a part of a score", PAGES, fault_case.damaged_parts),
        ("a bit is flipped", "a score's manifest", PAGES, partial(fault_case.damaged_parts, what="manifest.json")),
    ):
        yield fault, work, times, partial(made, times=times, seed=seed)
    yield "two people at once", "decisions", 0, partial(fault_case.two_at_once, least=SHARING)


def tried(seed: int) -> dict[str, Any]:
    """Make every fault that this seed lacks, saving each; returns the rows."""
    found: dict[str, Any] = json.loads(OUT.read_text(encoding="utf-8")) if OUT.exists() else {}
    if found.get("seed") != seed:
        found = {"seed": seed, "rows": []}
    before = {(row["fault"], row["work"]) for row in found["rows"]}
    for fault, work, times, make in faults(seed):
        if (fault, work) in before:
            continue
        with tempfile.TemporaryDirectory() as place:
            met = make(Path(place))
        found["rows"].append({"fault": fault, "work": work, "tried": times or met, "met": met})
        OUT.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        print(f"{time.strftime('%H:%M:%S')} {fault}: {work}: {met} of {times or met}", flush=True)
    return found


def tables(found: dict[str, Any]) -> dict[str, str]:
    """The generated part of docs/faults.md."""
    lines = found["rows"]
    rows = [[f"{line['fault']}: {line['work']}", line["tried"], line["met"]] for line in lines]
    sums = ["**all**", sum(line["tried"] for line in lines), sum(line["met"] for line in lines)]
    return {"faults": table(("fault: work", "tried", "had an effect"), [*rows, sums])}


if __name__ == "__main__":
    if "--tables" not in sys.argv:
        tried(*[int(word) for word in sys.argv[1:]] or [0])
    fill(PAGE, tables(json.loads(OUT.read_text(encoding="utf-8"))))
