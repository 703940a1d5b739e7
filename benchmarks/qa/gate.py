"""Compares quality and speed with the committed figures, set by set; fails where one is lost or was not measured.

    python -m benchmarks.qa.gate [--only quality|speed] [--json FILE]   measures anew (eight minutes on two cores) and judges
    python -m benchmarks.qa.gate --tables                               fills the table of docs/trust.md

Quality is measured on the same draws with the same seeds as what is committed, speed as a ratio to peers in the same run.
Needs the sets in shared data; while speed is measured nothing else should run. `judging.py` says what each figure may lose.
"""

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks import RESULTS, ROOT, speed
from benchmarks.generated import fill, table
from benchmarks.qa.judging import TOLERANCES, Figures, Key, closed, judge, shown

PAGE = ROOT / "docs" / "trust.md"
SYSTEM, SIZES = "autokode", (5, 20)
"""The system of quality.jsonl that is measured again, without an encoder, and its sizes, with every draw and set."""


OF_QUALITY = {"average precision": "average_precision", "F1 of what is suggested": "micro_f1"}
OF_SPEED = {
    "warm": ("regulations", "times the speed of wc -w", "of_wc"),
    "speech": ("speech", "times the speed of wc -w", "of_wc"),
    "spacy": ("regulations, spaCy's tokenizer", "times a library's speed", "times"),
    "sklearn": ("regulations, scikit-learn's logistic regression", "times a library's speed", "times"),
    "memory": ("regulations, Parquet to Parquet", "MB beyond libraries", "beyond_mb"),
}
"""Row of speed.json → its set, figure and field."""

TRIES = 3
"""Tries before a row counts as lost: a real loss shows each time."""


def quality_of(path: Path) -> Figures:
    """The figures of quality.jsonl, or of a file like it, that the gate looks at: means over draws."""
    from benchmarks.quality.rows import Results, read
    from benchmarks.quality.sets import SETS

    results = Results(read(path))
    found = {
        Key(f"{name}, {size} a code", figure): results.mean(name, size, SYSTEM, field)
        for name in SETS
        for size in SIZES
        for figure, field in OF_QUALITY.items()
    }
    return {key: round(value, 4) for key, value in found.items() if value is not None}


def held_out(evaluation: Mapping[str, float]) -> Figures:
    """The figures of one evaluation of the own interviews, each held out once."""
    fields = ("macro_average_precision", "micro_f1", "calibration_error")
    figures = ("average precision", "F1 of what is suggested", "calibration error")
    return {
        Key("own interviews, each held out", figure): evaluation[f] for figure, f in zip(figures, fields, strict=True)
    }


def speed_of(rows: Mapping[str, speed.Row]) -> Figures:
    return {
        Key(name, figure): rows[row][field]
        for row, (name, figure, field) in OF_SPEED.items()
        if field in rows.get(row, {})
    }


def committed(parts: Sequence[str]) -> Figures:
    """The committed figures in benchmarks/results."""
    found: Figures = {}
    if "speed" in parts:
        found |= speed_of(json.loads((RESULTS / "speed.json").read_text(encoding="utf-8"))["rows"])
    if "quality" in parts:
        found |= held_out(json.loads((RESULTS / "interviews.json").read_text(encoding="utf-8"))["evaluation"])
        found |= quality_of(RESULTS / "quality.jsonl")
    return found


def measured(parts: Sequence[str]) -> Figures:
    """Measure again; speed first, as its processes would inherit this one's memory."""
    found: Figures = {}
    if "speed" in parts:
        with tempfile.TemporaryDirectory(prefix="autokode-gate-") as folder:
            found |= speed_now(speed.Work(Path(folder), small=False), committed(("speed",)))
    if "quality" in parts:
        from autokode import evaluate, read_study
        from benchmarks.quality import run

        told("own interviews")
        found |= held_out(evaluate(read_study(ROOT / "training_data"), seed=0).to_dict())
        with tempfile.TemporaryDirectory(prefix="autokode-gate-") as folder:
            out = Path(folder) / "quality.jsonl"
            failed = run.run([cell for cell in run.cells() if cell.system == SYSTEM and cell.size in SIZES], out)
            if failed:  # a mean over the draws that did not fail would be another figure
                sys.exit(
                    f"{run.cell_of(failed[0])}\n{failed[0]['failed']}\nthe gate is closed: {len(failed)} draws failed"
                )
            found |= quality_of(out)
    return found


def speed_now(work: speed.Work, known: Figures) -> Figures:
    """Measure every row of speed, and again where it seems lost; a row that cannot be measured is left out."""
    about, found = speed.prepare(work), Figures()
    for row in OF_SPEED:
        for _try in range(TRIES):
            told(row)
            now = speed_of({row: speed.ROWS[row](work, about)})
            found |= now
            if all(one.passes for one in judge({key: known[key] for key in now if key in known}, now)):
                break
    return found


def told(what: str) -> None:
    print(f"{what} …", file=sys.stderr, flush=True)


def shown_here() -> dict[str, str]:
    """The generated part of docs/trust.md: the figures that are compared, and what each may lose."""
    figures = committed(("speed", "quality"))
    rows = []
    for figure, tolerance in TOLERANCES.items():
        sets = dict.fromkeys(re.sub(r", \d+ a code$", "", key.set) for key in figures if key.figure == figure)
        may_lose = f"{tolerance.loss:.0%} of it" if tolerance.of_committed else str(tolerance.loss)
        rows.append((figure, "; ".join(sets), may_lose, tolerance.reason))
    return {"gate": table(("figure", "sets", "may lose", "why so much"), rows, numbers=False)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=("quality", "speed"))
    parser.add_argument("--tables", action="store_true")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the judgements")
    options = parser.parse_args()
    if options.tables:
        fill(PAGE, shown_here())
        return
    parts = (options.only,) if options.only else ("speed", "quality")
    judged = judge(committed(parts), measured(parts))
    print(shown(judged))
    if options.json:
        rows = [{**asdict(one), "verdict": one.verdict} for one in judged]
        options.json.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    reason = closed(judged)
    if reason:
        sys.exit(f"the gate is closed: {reason}")


if __name__ == "__main__":
    main()
