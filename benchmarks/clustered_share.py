"""Measures how often the interval of a share holds where answers of one interview are alike: `make bench-clustered-share`.

Studies are simulated: the shares of interviews are beta about the true share, and the answers of an interview have the code with
its share. Writes docs/decisions/2026-12-03-variables.md.
"""

import json
from collections.abc import Callable
from itertools import product

import numpy as np
import numpy.typing as npt
from scipy.stats import t

from autokode.evaluation.clustered_share import Counts, clustered_interval
from autokode.evaluation.reliability import wilson
from benchmarks import RESULTS, ROOT
from benchmarks.generated import fill, table

OUT = RESULTS / "clustered_share.json"
PAGE = ROOT / "docs" / "decisions" / "2026-12-03-variables.md"
STUDIES = 1000
SHARES, INTERVIEWS, ALIKE = (0.05, 0.2, 0.5), (3, 6, 12), (0.0, 0.1, 0.2, 0.4)
"""True shares, numbers of interviews, and how alike answers of one interview are (intraclass correlation)."""
SHORTEST, LONGEST = 10, 60
"""Answers of an interview: any number from the first up to the second is as likely."""

Interval = tuple[float, float]


def _wilson(having: Counts, answers: Counts) -> Interval:
    return wilson(int(having.sum()), int(answers.sum()))


def _clustered(having: Counts, answers: Counts) -> Interval:
    found = clustered_interval(having, answers)
    assert found is not None  # noqa: S101 - there are several interviews
    return found


def _wald(having: Counts, answers: Counts) -> Interval:
    """The same variance, with the interval that most programs give: the share and t standard errors to either side."""
    count, whole = len(answers), answers.sum()
    share = having.sum() / whole
    error = (count / (count - 1) * ((having - share * answers) ** 2).sum()) ** 0.5 / whole
    half = t.ppf(0.975, count - 1) * error
    return share - half, share + half


RULES: dict[str, Callable[[Counts, Counts], Interval]] = {
    "by interview (autokode)": _clustered,
    "share ± t standard errors, by interview": _wald,
    "Wilson, every answer by itself": _wilson,
}


def study(random: np.random.Generator, share: float, interviews: int, alike: float) -> tuple[Counts, Counts]:
    """Answers with the code, and all answers, of each interview, int64 (n_interviews,)."""
    answers = random.integers(SHORTEST, LONGEST + 1, interviews)
    own: npt.NDArray[np.float64] = np.full(interviews, share)
    if alike:
        spread = 1 / alike - 1  # of a beta the intraclass correlation is 1 / (a + b + 1)
        own = random.beta(spread * share, spread * (1 - share), interviews)
    return random.binomial(answers, own), answers


def measured() -> list[dict[str, object]]:
    """For each rule and kind of study: the share of intervals that hold the true share, and their mean width."""
    rows: list[dict[str, object]] = []
    for alike, interviews, share in product(ALIKE, INTERVIEWS, SHARES):
        random = np.random.default_rng(0)
        studies = [study(random, share, interviews, alike) for _ in range(STUDIES)]
        for name, rule in RULES.items():
            found = np.array([rule(*one) for one in studies])
            held = float(((found[:, 0] <= share) & (share <= found[:, 1])).mean())
            width = float((found[:, 1] - found[:, 0]).mean())
            about = {"alike": alike, "interviews": interviews, "share": share}
            rows.append({"rule": name, **about, "held": held, "width": width})
    return rows


def tables(rows: list[dict[str, object]]) -> dict[str, str]:
    """The page's table."""
    lines = []
    for name in RULES:
        for alike in ALIKE:
            own = [row for row in rows if row["rule"] == name and row["alike"] == alike]
            cells = [[float(str(row["held"])) for row in own if row["interviews"] == count] for count in INTERVIEWS]
            every = [float(str(row["held"])) for row in own]
            lines.append(
                [name, f"{alike:g}", *(f"{np.mean(one):.1%}" for one in cells), f"{min(every):.1%}–{max(every):.1%}"]
            )
    head = ["interval", "alike", *(f"{count} interviews" for count in INTERVIEWS), "least–most"]
    return {"clustered share": table(head, lines)}


def main() -> None:
    """Measure, and write the results and the page."""
    rows = measured()
    OUT.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    fill(PAGE, tables(rows))


if __name__ == "__main__":
    main()
