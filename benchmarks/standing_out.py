"""Measures whether codings that stand out are errors: known errors are put into studies that nothing was tuned to.

    python -m benchmarks.standing_out            measures, fills docs/agreement.md
    python -m benchmarks.standing_out --tables   fills the tables alone

Needs `pip install cleanlab==2.9.0` (Apache-2.0), the peer. In each draw a tenth of a study's codings get another code, drawn by
how often codes are used, or are taken away; then all are ranked. Everybody ranks by the same held-out probabilities. Intervals
are 95 % by bootstrap over whole interviews, with the mean over the draws in each. Besides, the time of 28 interviews of 400
answers, drawn from the example interviews.
"""

import argparse
import json
import time
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from autokode import read_study
from autokode.base.arrays import Floats
from autokode.corpus.study import Examples
from autokode.evaluation.held_out import held_out_probabilities
from autokode.evaluation.label_doubt import doubt_of_given, doubt_of_missing
from autokode.training.model_selection import average_precision
from benchmarks import RESULTS, ROOT
from benchmarks.generated import fill, table

OUT = RESULTS / "standing_out.json"
PAGE = ROOT / "docs" / "agreement.md"
STUDIES = {"hjemmehjelp": "home care", "idrettslag": "sports clubs", "english": "academics, English"}
DRAWS, SHARE, RESAMPLES = 10, 0.1, 500
INTERVIEWS, EACH = 28, 400

Truth = npt.NDArray[np.bool_]
Ranked = list[tuple[Truth, dict[str, Floats], npt.NDArray[np.int64]]]
"""For each draw: which of the ranked are errors, each system's scores, and the answer of each."""


def spoilt(given: Truth, kind: str, random: np.random.Generator) -> tuple[Truth, Truth]:
    """The codes with errors put in, and where the errors are, bool (n_texts, n_codes) each."""
    found, wrong = given.copy(), np.zeros_like(given)
    cells, often = np.argwhere(given), given.sum(axis=0)
    for row, column in cells[random.choice(len(cells), round(SHARE * len(cells)), replace=False)]:
        free = often * ~(found[row] | given[row])
        if kind == "wrong" and free.any():
            other = random.choice(len(often), p=free / free.sum())
            found[row, column], found[row, other], wrong[row, other] = False, True, True
        elif kind == "removed":
            found[row, column], wrong[row, column] = False, True
    return found, wrong


def scores(kind: str, probabilities: Floats, given: Truth) -> dict[str, Floats]:
    """How much each system doubts each cell, float64 (n_texts, n_codes)."""
    from cleanlab.internal.multilabel_scorer import ClassLabelScorer, MultilabelScorer

    own = doubt_of_given if kind == "wrong" else doubt_of_missing
    labels = given.astype(np.int64)
    peers = {
        name: -MultilabelScorer(base_scorer=ClassLabelScorer.SELF_CONFIDENCE).get_class_label_quality_scores(
            labels, probabilities, base_scorer_kwargs={"adjust_pred_probs": adjusted}
        )
        for name, adjusted in (("cleanlab", False), ("cleanlab, adjusted", True))
    }
    plain = np.where(given, 1 - probabilities, probabilities)
    return {"autokode": own(probabilities, given), **peers, "probability alone": plain}


def ranked(examples: Examples, codebook: Any, kind: str) -> Ranked:
    """Every draw of a study."""
    codes = codebook.codable
    truth = np.array([[code in own for code in codes] for own in examples.codes])
    found: Ranked = []
    for draw in range(DRAWS):
        given, wrong = spoilt(truth, kind, np.random.default_rng([11, draw]))
        named = [[codes[k] for k in np.flatnonzero(own)] for own in given]
        probabilities = held_out_probabilities(replace(examples, codes=named), codebook, lang=codebook.language)
        chosen = given if kind == "wrong" else ~given
        cells = {name: each[chosen] for name, each in scores(kind, probabilities, given).items()}
        found.append((wrong[chosen], cells, np.argwhere(chosen)[:, 0]))
    return found


def figures(found: Ranked, groups: npt.NDArray[np.str_]) -> dict[str, list[float]]:
    """System → mean average precision over the draws with its interval; of «random» the share of errors."""
    names, random = sorted(set(groups.tolist())), np.random.default_rng(0)
    rows = [[np.flatnonzero(groups[at] == name) for name in names] for _wrong, _cells, at in found]
    picks = [np.arange(len(names)), *random.integers(0, len(names), (RESAMPLES, len(names)))]
    drawn: dict[str, list[float]] = {}
    for pick in picks:
        each: dict[str, list[float]] = {}
        for (wrong, cells, _at), of in zip(found, rows, strict=True):
            own = np.concatenate([of[i] for i in pick])
            if not wrong[own].any():
                continue
            for system, score in cells.items():
                each.setdefault(system, []).append(average_precision(wrong[own], score[own]))
            each.setdefault("random", []).append(float(wrong[own].mean()))
        for system, values in each.items():
            drawn.setdefault(system, []).append(float(np.mean(values)))
    return {
        system: [round(v, 4) for v in (values[0], *np.percentile(values[1:], [2.5, 97.5]).tolist())]
        for system, values in drawn.items()
    }


def of_size() -> dict[str, float]:
    """The time to hold out each of `INTERVIEWS` interviews of `EACH` answers, in seconds, of the clock and of the processor."""
    study = read_study(ROOT / "training_data")
    examples = study.examples()
    some = np.random.default_rng(0).integers(0, len(examples.texts), INTERVIEWS * EACH).tolist()
    large = replace(examples.at(some), groups=[f"{i // EACH:02d}" for i in range(len(some))])
    clock, processor = time.perf_counter(), time.process_time()
    held_out_probabilities(large, study.codebook)
    return {
        "seconds": round(time.perf_counter() - clock, 1),
        "processor_seconds": round(time.process_time() - processor, 1),
    }


def measured() -> dict[str, Any]:
    rows = []
    for folder, name in STUDIES.items():
        study = read_study(ROOT / "benchmarks" / "studies" / folder)
        examples = study.examples()
        for kind in ("wrong", "removed"):
            found = figures(ranked(examples, study.codebook, kind), np.array(examples.groups))
            rows.append({"study": name, "errors": kind, "figures": found})
    return {"rows": rows, "size": of_size()}


def tables(found: dict[str, Any]) -> dict[str, str]:
    """The page's tables."""
    systems = list(found["rows"][0]["figures"])
    said = {"wrong": "wrong codes", "removed": "codes taken away"}
    lines = []
    for row in found["rows"]:
        cells = [row["figures"][system] for system in systems]
        shown = [f"{mean:.3f} ({low:.3f}–{high:.3f})" for mean, low, high in cells]
        lines.append([f"{row['study']}, {said[row['errors']]}", *shown])
    size = found["size"]
    clock, processor = size["seconds"], size["processor_seconds"]
    time_ = f"28 interviews of 400 answers took {clock:.0f} s by the clock, {processor:.0f} s of processor."
    return {"standing out": table(["average precision", *systems], lines), "standing out time": time_}


def main() -> None:
    """Measure, and write the results and the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tables", action="store_true", help="fill the tables from the results that are there")
    if not parser.parse_args().tables:
        OUT.write_text(json.dumps(measured(), indent=1) + "\n", encoding="utf-8")
    fill(PAGE, tables(json.loads(OUT.read_text(encoding="utf-8"))))


if __name__ == "__main__":
    main()
