"""Measures how often a promise about codings that nobody looked at holds after a sample: `make bench-trust-sample`.

Studies are simulated: a model's codings in twelve interviews, right or wrong much alike within an interview. Writes
docs/decisions/2026-12-02-sampling-for-trust.md.
"""

import json
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from autokode.evaluation.acceptance import Sample, error_of_look, least_precision
from autokode.evaluation.reliability import wilson
from benchmarks import RESULTS, ROOT
from benchmarks.generated import fill, table

OUT = RESULTS / "trust_sample.json"
PAGE = ROOT / "docs" / "decisions" / "2026-12-02-sampling-for-trust.md"
STATED, STUDIES, INTERVIEWS, EACH, DRAWN = 0.9, 2000, 12, 50, 80
TRUE, LOOKS = (0.80, 0.88, 0.95, 0.98), (1, 5)

Rule = Callable[[Sample, int], float]
"""The share that a look with this number, from 1, says there is at least."""

RULES: dict[str, Rule] = {
    "exact, each look spends its part": lambda sample, look: least_precision(
        sample, error_of_look(look), read=sample.drawn, read_right=sample.right
    ),
    "exact, looks not counted": lambda sample, _look: least_precision(
        sample, error_of_look(1), read=sample.drawn, read_right=sample.right
    ),
    "Wilson, looks not counted": lambda sample, _look: wilson(sample.right, sample.drawn)[0],
    "the share of the sample": lambda sample, _look: sample.right / sample.drawn,
    "no check": lambda _sample, _look: 1.0,
}


def study(random: np.random.Generator, share: float) -> npt.NDArray[np.bool_]:
    """Whether each coding is right, bool (n,); the shares of interviews are beta with this mean and a sum of four."""
    own = random.beta(4 * share, 4 * (1 - share), INTERVIEWS)
    return (random.random((INTERVIEWS, EACH)) < own[:, None]).ravel()


def passes(random: np.random.Generator, left: npt.NDArray[np.bool_], rule: Rule, looks: int) -> tuple[bool, bool]:
    """Whether a look says that the promise is kept, and whether it is not kept all the same."""
    for look in range(1, looks + 1):
        drawn = random.permutation(len(left))[:DRAWN]
        sample = Sample(len(left), len(drawn), int(left[drawn].sum()))
        left = np.delete(left, drawn)
        if rule(sample, look) >= STATED:
            return True, bool(left.mean() < STATED)
    return False, False


def measured() -> list[dict[str, object]]:
    """For each rule, number of looks and true share: the shares of studies that pass, and that pass and break the promise."""
    rows: list[dict[str, object]] = []
    for name, rule in RULES.items():
        for looks in LOOKS:
            for share in TRUE:
                random = np.random.default_rng(0)
                found = np.array([passes(random, study(random, share), rule, looks) for _ in range(STUDIES)])
                passed, misled = found.mean(axis=0).tolist()
                rows.append({"rule": name, "looks": looks, "share": share, "passed": passed, "misled": misled})
    return rows


def tables(rows: list[dict[str, object]]) -> dict[str, str]:
    """The page's table."""
    cells = {(row["rule"], row["looks"], row["share"]): row for row in rows}
    lines = []
    for name in RULES:
        for looks in LOOKS:
            own = [cells[name, looks, share] for share in TRUE]
            lines.append([f"{name}, {looks}", *(f"{one['misled']:.1%} of {one['passed']:.0%}" for one in own)])
    return {"trust sample": table(["rule, and most looks", *(f"{share:.0%} right" for share in TRUE)], lines)}


def main() -> None:
    """Measure, and write the results and the page."""
    rows = measured()
    OUT.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    fill(PAGE, tables(rows))


if __name__ == "__main__":
    main()
