"""Runs thousands of sequences of what people do and fills docs/faults.md; tests/workflows/test_sequences.py runs some.

    python -m benchmarks.qa.sequences [COUNT]   runs the sequences that lack (10,000; an hour on two cores) and fills tables
    python -m benchmarks.qa.sequences --tables  fills the tables from benchmarks/results/sequences.jsonl

A sequence is drawn by its seed, and runs in a project of its own, in files of SQLite's on a file system in memory. Each hundred
is kept when it is done, and runs again the next time if something did not hold; so the run can be broken off and goes on. A
sequence that fails is shortened and written to dist/sequences; once mended, it belongs in tests/cases/sequences.
"""

import json
import re
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from benchmarks import RESULTS, ROOT
from benchmarks.generated import fill, table
from sequence_case import Stage, drawn
from sequence_kinds import KINDS

OUT = RESULTS / "sequences.jsonl"
PAGE = ROOT / "docs" / "faults.md"
CASES = ROOT / "tests" / "cases" / "sequences"
FOUND = ROOT / "dist" / "sequences"
COUNT, BLOCK = 10_000, 100
SECTIONS = {1: "work", 2: "others", 3: "gone"}
"""Part of docs/faults.md → the mark of its table."""


def read() -> dict[int, dict[str, Any]]:
    """The results: first seed of a block → what came of it; the last line on a block counts."""
    lines = OUT.read_text(encoding="utf-8").splitlines() if OUT.exists() else []
    return {block["first"]: block for block in map(json.loads, lines)}


def ran(first: int) -> dict[str, Any]:
    """Run a block of sequences, and write down those that fail, shortened."""
    tried: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    failed = []
    with Stage() as stage:
        for seed in range(first, first + BLOCK):
            one = stage.run(steps := drawn(seed))
            tried += one.tried
            refused += one.refused
            if one.law:
                failed.append([seed, one.kind, one.law])
                least = stage.shortened(steps[: one.at + 1], one.law)
                write(one.law, seed, least, stage.run(least).seen)
    return {
        "first": first,
        "tried": dict(sorted(tried.items())),
        "refused": dict(sorted(refused.items())),
        "failed": failed,
    }


def write(law: str, seed: int, steps: list[tuple[str, int]], seen: str) -> None:
    """Write a sequence that fails, with what was seen."""
    FOUND.mkdir(parents=True, exist_ok=True)
    place = FOUND / f"{re.sub(r'[^a-zæøå0-9]+', '_', law.lower())[:60]}-{seed}"
    place.with_suffix(".json").write_text(
        json.dumps({"law": law, "steps": steps}, ensure_ascii=False), encoding="utf-8"
    )
    place.with_suffix(".txt").write_text(seen, encoding="utf-8")


def run(count: int) -> bool:
    """Run the sequences that lack, saving each block; returns whether all held."""
    known = read()
    lacking = [first for first in range(0, count, BLOCK) if first not in known or known[first]["failed"]]
    with ProcessPoolExecutor() as processes:
        for block in processes.map(ran, lacking):
            known[block["first"]] = block
            with OUT.open("a", encoding="utf-8") as stream:
                stream.write(json.dumps(block, ensure_ascii=False) + "\n")
            print(f"{time.strftime('%H:%M:%S')} {block['first']}: {block['failed'] or 'all held'}", flush=True)
    lines = (json.dumps(known[first], ensure_ascii=False) + "\n" for first in sorted(known))
    OUT.write_text("".join(lines), encoding="utf-8")
    return not any(block["failed"] for block in known.values())


def cases() -> list[dict[str, Any]]:
    """The sequences that failed once and hold now."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(CASES.glob("*.json"))]


def tables(known: dict[int, dict[str, Any]]) -> dict[str, str]:
    """The generated parts of docs/faults.md."""
    tried, refused, failed = Counter[str](), Counter[str](), Counter[str]()
    for block in known.values():
        tried.update(block["tried"])
        refused.update(block["refused"])
        failed.update(kind for _seed, kind, _law in block["failed"])
    mended = Counter(case["kind"] for case in cases())
    parts = {}
    for section, mark in SECTIONS.items():
        rows = [
            [
                kind.what,
                f"{tried[name]:,}",
                f"{tried[name] - failed[name]:,}",
                refused[name] or "–",
                mended[name] or "–",
            ]
            for name, kind in KINDS.items()
            if kind.section == section
        ]
        parts[mark] = table(
            ("what was done", "tried", "held", "of these refused in words", "failed once, mended"), rows
        )
    lines = [[case["law"], case["what"], len(case["steps"])] for case in sorted(cases(), key=lambda one: one["law"])]
    parts["mended"] = table(("what did not hold", "how", "steps"), lines, numbers=False)
    return parts | {"sequences": f"{len(known) * BLOCK:,} sequences, {sum(tried.values()):,} steps."}


def shown_here() -> dict[str, str]:
    """The generated parts, of the results that are kept."""
    return tables(read())


if __name__ == "__main__":
    words = sys.argv[1:]
    held = "--tables" in words or run(*[int(word) for word in words if word.isdigit()] or [COUNT])
    fill(PAGE, shown_here())
    sys.exit(not held)
