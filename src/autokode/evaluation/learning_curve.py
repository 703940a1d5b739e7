"""Learning curves: what more examples of a code would bring, told from what fewer of them brought.

The error falls as a power of the examples, 1 - AP = a · n^-b (Cortes and others 1994, "Learning curves: asymptotic values
and rate of convergence"). A code's own b is as noisy as three points are, so it is drawn half way to all codes' mean.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

MORE = 8
"""Examples more that a figure is given for."""

SATURATED = 0.01
"""Average precision that so many more must bring at least, for a code not to be called saturated."""

MOST = 200
"""Examples beyond which nothing is foretold."""


@dataclass(frozen=True, slots=True)
class Curve:
    """The learning curve of one code.

    Attributes:
        code: its name.
        examples: texts that have it, of those learnt from when measured; may be broken, as it is a mean over folds.
        average_precision: with so many, on interviews held out.
        rate: b, at least 0.
    """

    code: str
    examples: float
    average_precision: float
    rate: float

    def with_more(self, more: float = MORE) -> float:
        """Return the average precision to expect with so many examples more."""
        ratio = (self.examples + more) / max(self.examples, 1.0)
        return float(round(1 - (1 - self.average_precision) * ratio**-self.rate, 4))

    @property
    def saturated(self) -> bool:
        """Whether some examples more would bring next to nothing."""
        return self.with_more() - self.average_precision < SATURATED

    def more_for(self, average_precision: float) -> int | None:
        """Return how many examples more would bring so much; None if that is too many to foretell."""
        if self.average_precision >= average_precision:
            return 0
        if self.rate <= 0 or average_precision >= 1:
            return None
        ratio = ((1 - self.average_precision) / (1 - average_precision)) ** (1 / self.rate)
        more = int(np.ceil(max(self.examples, 1.0) * ratio - self.examples))
        return more if more <= MOST else None


def curves(points: Mapping[str, Sequence[Sequence[float]]]) -> dict[str, Curve]:
    """Return the curve of each code, from the points [examples, average precision] that a model's manifest has.

    Codes without points, as where too little was held out, are left out.
    """
    own = {code: _rate(of_code) for code, of_code in points.items() if len(of_code) > 1}
    common = float(np.mean(list(own.values()))) if own else 0.0
    return {
        code: Curve(code, points[code][-1][0], points[code][-1][1], max(0.0, (rate + common) / 2))
        for code, rate in own.items()
    }


def _rate(points: Sequence[Sequence[float]]) -> float:
    """Return b by least squares in logarithms; 0 where the points have no two numbers of examples."""
    examples, precision = np.array(points, np.float64).T
    x, y = np.log(np.maximum(examples, 0.5)), np.log(np.clip(1 - precision, 1e-3, 1))
    spread = ((x - x.mean()) ** 2).sum()
    return float(-((x - x.mean()) * (y - y.mean())).sum() / spread) if spread > 1e-9 else 0.0
