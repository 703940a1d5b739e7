"""Faults made on purpose, hundreds of them: writes the table of docs/faults.md. tests/test_faults.py makes a few of each.

    python benchmarks/faults.py [SEED]   makes them (a quarter of an hour on two cores) and fills the table
    python benchmarks/faults.py --tables fills the table from benchmarks/results/faults.json

Whatever does not hold ends it with the fault's seed and moment, and the table stays as it was.
"""

import json
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import fault_case
from fault_case import CASES
from generated import fill, table

ROOT = Path(__file__).parents[1]
OUT = ROOT / "benchmarks" / "results" / "faults.json"
PAGE = ROOT / "docs" / "faults.md"
KILLS, LIMITS, MEMORY, DAMAGES, PAGES, SHARING = 50, 25, 10, 400, 40, 20
"""How many of each kind, in each kind of work where it is met; `SHARING` is in seconds."""


def tried(seed: int) -> list[dict[str, object]]:
    """Make all faults; return what was tried, and how often it met the work, row by row."""
    found: list[dict[str, object]] = []

    def row(fault: str, work: str, tried: int, met: int) -> None:
        found.append({"fault": fault, "work": work, "tried": tried, "met": met})
        print(f"{time.strftime('%H:%M:%S')} {fault}: {work}: {met} of {tried}", flush=True)

    for case in CASES:
        with tempfile.TemporaryDirectory() as place:
            row("killed (kill -9)", case.name, KILLS, fault_case.killed(case, Path(place), KILLS, seed))
    for case in CASES:
        with tempfile.TemporaryDirectory() as place:
            row("no room on the disk", case.name, LIMITS, fault_case.small_files(case, Path(place), LIMITS, seed))
    for case in CASES:
        if not case.frugal:
            with tempfile.TemporaryDirectory() as place:
                row("too little memory", case.name, MEMORY, fault_case.little_memory(case, Path(place), MEMORY, seed))
    with tempfile.TemporaryDirectory() as place:
        both = fault_case.two_at_once(Path(place), SHARING)
        row("two people at once", "decisions", both, both)
        row("a bit is flipped", "a model's files", DAMAGES, fault_case.damaged_models(Path(place), DAMAGES, seed))
        row("200 bytes of noise", "a project's file", DAMAGES, fault_case.damaged_databases(Path(place), DAMAGES, seed))
    for what, name in (("*.parquet", "a part of a score"), ("manifest.json", "a score's manifest")):
        with tempfile.TemporaryDirectory() as place:
            row("a bit is flipped", name, PAGES, fault_case.damaged_parts(Path(place), PAGES, seed, what))
    with tempfile.TemporaryDirectory() as place:
        row("a bit is flipped", "kept embeddings", DAMAGES, fault_case.damaged_memory(Path(place), DAMAGES, seed))
    return found


def tables(found: list[dict[str, object]]) -> dict[str, str]:
    """Return the generated part of docs/faults.md."""
    rows = [[line["fault"], line["work"], line["tried"], line["met"]] for line in found]
    sums = ["**all**", "", sum(int(str(line["tried"])) for line in found), sum(int(str(line["met"])) for line in found)]
    return {"faults": table(("fault", "met in", "tried", "had an effect"), [*rows, sums])}


if __name__ == "__main__":
    if "--tables" not in sys.argv:
        seeds = [int(word) for word in sys.argv[1:]]
        OUT.write_text(json.dumps(tried(*seeds or [0]), indent=1) + "\n", encoding="utf-8")
    fill(PAGE, tables(json.loads(OUT.read_text(encoding="utf-8"))))
