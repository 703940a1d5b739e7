"""How often each code is used in each group, or in each interview where nobody named groups: the first figure of a report."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from autokode.base.arrays import Floats
from autokode.base.formatting import percent
from autokode.base.messages import say
from autokode.report.material import Material
from autokode.report.quote import group_named

Ints = npt.NDArray[np.int64]

FEWEST = 10
"""Fewest answers of a group whose shares are compared in words."""

ALIKE = 0.05
"""Difference between shares below which groups are called alike."""


@dataclass(frozen=True, eq=False)
class Shares:
    """Answers with each code in each group.

    Attributes:
        by: what the columns are.
        codes: the codes, those with most answers first.
        units: names of the groups or interviews, in the order of the transcripts.
        answers: all answers of each, int64 (n_units,).
        counts: those with each code, int64 (n_codes, n_units).
    """

    by: Literal["group", "interview"]
    codes: tuple[str, ...]
    units: tuple[str, ...]
    answers: Ints
    counts: Ints

    @property
    def shares(self) -> Floats:
        """Answers with each code as a share of the group's answers, 0-1, float64 (n_codes, n_units)."""
        return np.asarray(self.counts / np.maximum(1, self.answers))

    @property
    def whole(self) -> Floats:
        """Answers with each code as a share of all, 0-1, float64 (n_codes,)."""
        return np.asarray(self.counts.sum(axis=1) / max(1, int(self.answers.sum())))

    def lesson(self) -> str:
        """One sentence on what differs most between groups."""
        enough = np.flatnonzero(self.answers >= FEWEST)
        if len(enough) < 2 or not len(self.codes):
            return say(
                f"{self._all()} har for få svar til å sammenlignes.",
                f"{self._all()} have too few answers to be compared.",
            )
        shares = self.shares[:, enough]
        spread = shares.max(axis=1) - shares.min(axis=1)
        code = int(spread.argmax())
        if spread[code] < ALIKE:
            points = max(1, round(100 * float(spread[code])))
            return say(
                f"{self._all()} ligner hverandre: ingen kode skiller dem med mer enn {points} prosentpoeng.",
                f"{self._all()} are alike: no code sets them apart by more than {points} percentage points.",
            )
        high, low = int(enough[shares[code].argmax()]), int(enough[shares[code].argmin()])
        most, least = percent(self.shares[code, high]), percent(self.shares[code, low])
        return say(
            f"{self._all()} skiller seg mest i «{self.codes[code]}»: {most} av svarene i {self._named(high)} og {least} i "
            f"{self._named(low)}.",
            f"{self._all()} differ most in «{self.codes[code]}»: {most} of the answers in {self._named(high)} and {least} in "
            f"{self._named(low)}.",
        )

    def _all(self) -> str:
        return say("Gruppene", "The groups") if self.by == "group" else say("Intervjuene", "The interviews")

    def _named(self, unit: int) -> str:
        return group_named(self.units[unit])


def shares_of(material: Material) -> Shares | None:
    """Count the codes of each group, or else of each interview; None if there is one of either only."""
    by: Literal["group", "interview"] = "group" if len(material.groups) > 1 else "interview"
    own = [material.group(name) if by == "group" else name for name, _ in material.answers]
    units = material.groups if by == "group" else tuple(dict.fromkeys(own))
    if len(units) < 2:
        return None
    of_unit = np.array([[one == unit for one in own] for unit in units], np.int64)  # (n_units, n_answers)
    counts = (of_unit @ material.coded).T
    order = np.argsort(-counts.sum(axis=1), kind="stable")
    codes = tuple(material.codes[i] for i in order)
    return Shares(by, codes, units, of_unit.sum(axis=1), counts[order])
