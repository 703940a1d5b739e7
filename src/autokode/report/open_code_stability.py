"""How stable groups of answers are: how far each comes again where only some of the answers are there.

The grouping itself has no seed. The seed decides which answers are drawn, so a group that hangs on a few of them shows.
"""

import numpy as np
import numpy.typing as npt

from autokode.base.arrays import Floats
from autokode.report.answer_groups import Labels, grouped

SHARE, DRAWS = 0.8, 10
"""Share of the answers in a draw; draws."""


def stability(rows: Floats, labels: Labels, *, draws: int = DRAWS, seed: int = 0) -> dict[int, float]:
    """The mean Jaccard coefficient of each group with the group most like it, over draws (Hennig 2007, clusterwise stability).

    Each draw has `SHARE` of the answers, cut into as many groups. 1 means that the group is always there as it is.

    Args:
        rows: unit vectors of the answers, float64 (n, n_dimensions).
        labels: the group of each, int64 (n,).
        draws: how many.
        seed: of the first draw.

    Returns:
        Label → 0–1.
    """
    names, own = np.unique(labels, return_inverse=True)
    found = [_likest(rows, own, len(names), np.random.default_rng([seed, draw])) for draw in range(draws)]
    means = np.nanmean(np.array(found), axis=0) if found else np.full(len(names), np.nan)
    return {int(name): float(mean) for name, mean in zip(names, means, strict=True)}


def _likest(rows: Floats, own: npt.NDArray[np.intp], count: int, random: np.random.Generator) -> Floats:
    """The best Jaccard of each group in one draw, float64 (count,); NaN where nothing of it was drawn."""
    taken = np.sort(random.choice(len(rows), round(SHARE * len(rows)), replace=False))
    before, after = own[taken], grouped(rows[taken], count)
    shared = np.zeros((count, int(after.max()) + 1))
    np.add.at(shared, (before, after), 1)
    whole = shared.sum(axis=1, keepdims=True) + shared.sum(axis=0, keepdims=True) - shared
    best = (shared / np.maximum(whole, 1)).max(axis=1)
    return np.asarray(np.where(shared.sum(axis=1) > 0, best, np.nan))
