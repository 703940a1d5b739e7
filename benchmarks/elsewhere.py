"""Counts what nav-nb suggests on free talk about nothing in its codebook: every suggestion is wrong, so fewer is better.

python -m benchmarks.elsewhere [MODEL]     writes benchmarks/results/elsewhere.json; needs the speech in shared data
"""

import gzip
import itertools
import json
import os
import sys
from collections import Counter
from pathlib import Path

from autokode import load_model
from benchmarks import RESULTS, ROOT

OUT = RESULTS / "elsewhere.json"
SHARED = Path(os.environ.get("AUTOKODE_SHARED_DATA", ROOT.parent / "shared" / "data"))
TURN = 60
"""Words a turn: as long as the median answer of the interviews."""


def monologues() -> list[str]:
    """One text a speaker."""
    with gzip.open(SHARED / "speech" / "nbtale3.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    groups = itertools.groupby(rows, key=lambda row: row["speaker"])
    return [" ".join(row["normalised"] for row in group) for _speaker, group in groups]


def measured(model: str, texts: list[str]) -> dict[str, object]:
    said = load_model(model).predict(texts)
    codes = Counter(code for codes in said for code in codes)
    return {
        "texts": len(texts),
        "without_suggestion": round(sum(not codes for codes in said) / len(said), 4),
        "suggestions_per_text": round(sum(map(len, said)) / len(said), 4),
        "most_often": codes.most_common(4),
    }


def main() -> None:
    if not SHARED.is_dir():
        sys.exit(f"the speech is not here: {SHARED}")
    whole = monologues()
    words = [text.split() for text in whole]
    turns = [" ".join(w[i : i + TURN]) for w in words for i in range(0, len(w) - TURN + 1, TURN)]
    model = sys.argv[1] if len(sys.argv) > 1 else "nav-nb"
    found = {"turns": measured(model, turns), "monologues": measured(model, whole)}
    print(json.dumps(found, ensure_ascii=False, indent=1))
    if model == "nav-nb":
        OUT.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
