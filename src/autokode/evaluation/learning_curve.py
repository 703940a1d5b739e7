"""Learning curves: the gain from more examples of a code, estimated from what fewer of them gave.

The error falls as a power of the examples, 1 - AP = a · n^-b (Cortes and others 1994, "Learning curves: asymptotic values
and rate of convergence"). A code's own b rests on three points and is noisy, so it is drawn half way to the mean of all codes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

MORE = 8
"""Number of further examples for which the expected gain is shown."""

SATURATED = 0.01
"""Smallest expected gain in average precision (from `MORE` further examples) for which a code is not yet saturated."""

MOST = 200
"""Most further examples to predict for."""


@dataclass(frozen=True, slots=True)
class Curve:
    """The learning curve of one code.

    Attributes:
        code: its name.
        examples: texts with the code that the measured models learnt from; a mean over folds, so it may be a fraction.
        average_precision: with that many, on interviews held out.
        rate: b, at least 0.
    """

    code: str
    examples: float
    average_precision: float
    rate: float

    def with_more(self, more: float = MORE) -> float:
        """The expected average precision with `more` further examples."""
        ratio = (self.examples + more) / max(self.examples, 1.0)
        return float(round(1 - (1 - self.average_precision) * ratio**-self.rate, 4))

    @property
    def saturated(self) -> bool:
        """Whether `MORE` further examples are expected to gain less than `SATURATED`."""
        return self.with_more() - self.average_precision < SATURATED

    def more_for(self, average_precision: float) -> int | None:
        """The number of further examples that would give this average precision; None if it is too many to predict."""
        if self.average_precision >= average_precision:
            return 0
        if self.rate <= 0 or average_precision >= 1:
            return None
        ratio = ((1 - self.average_precision) / (1 - average_precision)) ** (1 / self.rate)
        more = int(np.ceil(max(self.examples, 1.0) * ratio - self.examples))
        return more if more <= MOST else None


def curves(points: Mapping[str, Sequence[Sequence[float]]]) -> dict[str, Curve]:
    """The curve of each code, from the points [examples, average precision] in a model's manifest.

    Codes without points are left out, as happens where too little was held out.
    """
    own = {code: _rate(of_code) for code, of_code in points.items() if len(of_code) > 1}
    common = float(np.mean(list(own.values()))) if own else 0.0
    return {
        code: Curve(code, points[code][-1][0], points[code][-1][1], max(0.0, (rate + common) / 2))
        for code, rate in own.items()
    }


def _rate(points: Sequence[Sequence[float]]) -> float:
    """b by least squares in logarithms; 0 where all points have the same number of examples."""
    examples, precision = np.array(points, np.float64).T
    x, y = np.log(np.maximum(examples, 0.5)), np.log(np.clip(1 - precision, 1e-3, 1))
    spread = ((x - x.mean()) ** 2).sum()
    return float(-((x - x.mean()) * (y - y.mean())).sum() / spread) if spread > 1e-9 else 0.0
