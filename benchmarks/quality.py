"""Few examples a code: how well the rest is coded, with and without the vectors, on sets that nobody here wrote.

python benchmarks/quality.py        writes benchmarks/results/quality.json and the tables of it (some minutes)
"""

import json
import os
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from sklearn.metrics import average_precision_score

import generated
from autokode.calibration import sigmoid
from autokode.errors import AutokodeWarning
from autokode.study import Examples
from autokode.training import learn
from autokode.vectors import of_language

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("AUTOKODE_SHARED_DATA", ROOT.parent / "shared" / "data"))
OUT = ROOT / "benchmarks" / "results" / "quality.json"
SIZES = (2, 5, 10, 20, 50, None)
"""Examples a code; None: all there are."""

DRAWS = 5
SETS = {"SIB-200, Bokmål": "nob", "SIB-200, Nynorsk": "nno"}
SYSTEMS = {"words and n-grams": False, "with vectors": True}
TARGETS = {5: 0.58, 10: 0.66, 20: 0.73, None: 0.83}
"""Mean average precision that is aimed at on SIB-200 Bokmål."""


def rows_of(name: str, part: str) -> list[dict[str, Any]]:
    lines = (SHARED / "sib200" / f"{name}_{part}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def drawn(rows: list[dict[str, Any]], codes: list[str], size: int | None, draw: int) -> list[dict[str, Any]]:
    """Return `size` examples of each code, or all."""
    if size is None:
        return rows
    random = np.random.default_rng(draw)
    of_code = [[i for i, row in enumerate(rows) if code in row["codes"]] for code in codes]
    chosen = {i for own in of_code for i in random.choice(own, min(size, len(own)), replace=False).tolist()}
    return [rows[i] for i in sorted(chosen)]


def mean_precision(name: str, size: int | None, draw: int, *, vectors: bool) -> float:
    """Macro average precision on the development and test parts, learnt from a draw of the training part."""
    train, test = rows_of(name, "train"), rows_of(name, "dev") + rows_of(name, "test")
    codes = sorted({code for row in train for code in row["codes"]})
    chosen = drawn(train, codes, size, draw)
    examples = Examples([row["text"] for row in chosen], [""] * len(chosen), [row["codes"] for row in chosen], None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AutokodeWarning)
        model = learn(examples, codes, codebook=None, lang="nb", seed=0, vectors=of_language("nb") if vectors else None)
    found = sigmoid(model.logits([row["text"] for row in test], [""] * len(test)))
    truth = np.array([[code in row["codes"] for code in codes] for row in test])
    return float(np.mean([average_precision_score(truth[:, k], found[:, k]) for k in range(len(codes))]))


def measure() -> list[dict[str, Any]]:
    results = []
    for set_name, name in SETS.items():
        for size in SIZES:
            for system, vectors in SYSTEMS.items():
                draws = range(DRAWS if size else 1)
                values = Parallel(n_jobs=2)(delayed(mean_precision)(name, size, d, vectors=vectors) for d in draws)
                row = {"set": set_name, "size": size, "system": system, "values": [round(v, 4) for v in values]}
                print(row, file=sys.stderr)
                results.append(row)
    return results


def document(results: list[dict[str, Any]]) -> str:
    """Return the table: mean over draws, and their lowest and highest."""
    lines = []
    for set_name in SETS:
        for size in SIZES:
            own = [row["values"] for row in results if (row["set"], row["size"]) == (set_name, size)]
            target = TARGETS.get(size) if set_name == "SIB-200, Bokmål" else None
            cells = [f"{np.mean(v):.3f}" + (f" ({min(v):.3f}–{max(v):.3f})" if len(v) > 1 else "") for v in own]
            lines.append([set_name, size or "all (701)", *cells, f"{target:.2f}" if target else "–"])
    return generated.table(("set", "examples a code", *SYSTEMS, "aimed at"), lines)


def main() -> None:
    found = measure()
    OUT.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    generated.fill(ROOT / "models" / "nb-vectors.md", {"few": document(found)})


if __name__ == "__main__":
    main()
