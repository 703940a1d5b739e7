"""Results, one line of JSON each, and their means over draws."""

import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from benchmarks import RESULTS
from benchmarks.quality import measures

OUT = RESULTS / "quality.jsonl"
SIZES = (0, 2, 5, 10, 20, 50, None)
"""Examples a code: 0, the definition alone; None, all there are."""

Row = dict[str, Any]


class Cell(NamedTuple):
    """The set, size, draw and system of one result."""

    set: str
    size: int | None
    draw: int
    system: str


def cell_of(row: Row) -> Cell:
    return Cell(*(row[name] for name in Cell._fields))


def read(path: Path = OUT) -> list[Row]:
    """The results that are there; none if there is no file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


class Results:
    """Results by set, size and system; what was not measured has no rows."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows
        self._by: dict[tuple[str, int | None, str], list[Row]] = {}
        for row in rows:
            if "not_measured" not in row:
                self._by.setdefault((row["set"], row["size"], row["system"]), []).append(row)

    def of(self, set_name: str, size: int | None, system: str) -> list[Row]:
        """A result for each draw."""
        return self._by.get((set_name, size, system), [])

    def mean(self, set_name: str, size: int | None, system: str, figure: str = "average_precision") -> float | None:
        """A figure's mean over draws; None where it was not measured."""
        values = [row[figure] for row in self.of(set_name, size, system) if row[figure] is not None]
        return float(np.mean(values)) if values else None

    def interval(self, set_name: str, size: int | None, system: str) -> tuple[float, float]:
        """The 95 % interval of mean average precision: the draws' variance, shared by them, and the bootstrap's.

        The test is the same in every draw, so the bootstrap's variance is not divided by their number.
        """
        rows = self.of(set_name, size, system)
        values = [row["average_precision"] for row in rows]
        variance = np.mean([row["deviation"] ** 2 for row in rows])
        if len(rows) > 1:
            variance += np.var(values, ddof=1) / len(rows)
        return measures.interval(float(np.mean(values)), float(np.sqrt(variance)))

    def promised(self, set_name: str, size: int | None, system: str) -> tuple[int, int, int] | None:
        """The suggestions shown under the promise, those right, and the pairs to find, summed over draws."""
        rows = [row for row in self.of(set_name, size, system) if row["promised"] is not None]
        if not rows:
            return None
        shown, right = (sum(row["promised"][name] for row in rows) for name in ("shown", "right"))
        return shown, right, sum(row["positives"] for row in rows)
