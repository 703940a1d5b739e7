"""Coefficients of agreement, computed from patterns: a pattern is the values that all coders gave one unit.

Every function takes `patterns`, int64 (p, m): the value 0 … v-1 that each of m coders gave, or -1 for a coder who did not read
the unit; and `counts`, float64 (r, p): how many units have each pattern, in r samples at once. Each returns float64 (r,), NaN
where the coefficient is undefined: if all coders always gave the same value, there is no agreement beyond chance.
"""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from itertools import combinations

import numpy as np
import numpy.typing as npt

from autokode.base.arrays import Floats

Values = npt.NDArray[np.int64]


def share_agreed(patterns: Values, counts: Floats) -> Floats:
    """The share of pairs of coders who gave a unit the same value, mean over units that two or more read, 0–1."""
    said, read = _said(patterns), (patterns >= 0).sum(axis=1)
    pairs = read * (read - 1)
    same = (said * (said - 1)).sum(axis=1)
    own = pairs > 0
    return _divided(counts[:, own] @ (same[own] / pairs[own]), counts[:, own].sum(axis=1))


def cohen_kappa(patterns: Values, counts: Floats) -> Floats:
    """Cohen's kappa (1960); for more than two coders the mean over all pairs (Light 1971).

    (p_o - p_e) / (1 - p_e), where p_e is the agreement of two coders by chance, each with their own shares of the values. The
    mean leaves out pairs for which kappa is undefined.
    """
    size = int(patterns.max(initial=0)) + 1
    found = []
    for one, other in combinations(range(patterns.shape[1]), 2):
        both = (patterns[:, one] >= 0) & (patterns[:, other] >= 0)
        own, total = counts[:, both], counts[:, both].sum(axis=1)
        first, second = (_share_of_values(patterns[both, k], own, size) for k in (one, other))
        agreed = _divided(own @ (patterns[both, one] == patterns[both, other]), total)
        chance = _divided((first * second).sum(axis=1), total**2)
        found.append(_divided(agreed - chance, 1 - chance))
    return mean_of_known(np.array(found).reshape(len(found), len(counts)))


def gwet_ac1(patterns: Values, counts: Floats, values: int = 2) -> Floats:
    """Gwet's AC1 (2008, British Journal of Mathematical and Statistical Psychology 61, 29–48).

    (p_o - p_e) / (1 - p_e), where p_e is the sum of π(1-π) over the values, divided by their number less 1, and π is the mean
    over units of the share of coders who gave the value. Like the others, undefined where only one value was ever given.

    Args:
        patterns, counts: as above.
        values: the number of possible values, given or not; 2 or more.
    """
    said, read = _said(patterns, values), (patterns >= 0).sum(axis=1)
    own = read > 1
    share = _divided(counts[:, own] @ (said[own] / read[own][:, None]), counts[:, own].sum(axis=1)[:, None])
    chance = (share * (1 - share)).sum(axis=1) / (values - 1)
    found = _divided(share_agreed(patterns, counts) - chance, 1 - chance)
    return np.asarray(np.where(share.max(axis=1, initial=0) >= 1, np.nan, found))


def krippendorff_alpha(patterns: Values, counts: Floats, distance: Floats) -> Floats:
    """Krippendorff's alpha, 1 - D_o / D_e (Krippendorff 2011, "Computing Krippendorff's alpha-reliability").

    D_o is the mean distance between two coders' values of one unit, D_e the mean distance between any two values of any units.

    Args:
        patterns, counts: as above.
        distance: between values, 0–1, symmetric with a zero diagonal, float64 (v, v); `nominal` for yes and no.
    """
    said, read = _said(patterns, len(distance)), (patterns >= 0).sum(axis=1)
    own = read > 1
    apart = ((said[own] @ distance) * said[own]).sum(axis=1) / (read[own] - 1)
    observed = counts[:, own] @ apart
    each = counts[:, own] @ said[own]
    total = each.sum(axis=1)
    expected = ((each @ distance) * each).sum(axis=1)
    return 1 - _divided(observed * (total - 1), expected)


def nominal(values: int) -> Floats:
    """The distance between values: 0 if they are the same, else 1; float64 (values, values)."""
    return 1 - np.eye(values)


def masi(first: AbstractSet[str], second: AbstractSet[str]) -> float:
    """The distance between two sets of codes, 0–1: 1 - Jaccard × monotonicity (Passonneau, LREC 2006).

    Monotonicity is 1 for equal sets, 2/3 if one holds the other, 1/3 if they only overlap, and 0 if they share no code. Giving no
    code is a choice too: two empty sets are equal, and an empty set shares nothing with another.

    >>> masi({"makt"}, {"makt", "språk"})
    0.6666666666666667
    """
    if first == second:
        return 0.0
    shared = len(first & second)
    if not shared:
        return 1.0
    return 1 - shared / len(first | second) * (2 / 3 if first < second or second < first else 1 / 3)


OF_ONE_CODE: dict[str, Callable[[Values, Floats], Floats]] = {
    "agreed": share_agreed,
    "kappa": cohen_kappa,
    "ac1": gwet_ac1,
    "alpha": lambda patterns, counts: krippendorff_alpha(patterns, counts, nominal(2)),
}
"""Measure → its function, for a code that is given (1), not given (0) or not read (-1); `results.MEASURES` has the headings."""


def mean_of_known(table: Floats) -> Floats:
    """The mean of each column without NaN, float64 (n, r) → (r,); NaN where nothing else is."""
    known = ~np.isnan(table)
    return _divided(np.where(known, table, 0).sum(axis=0), known.sum(axis=0).astype(np.float64))


def _said(patterns: Values, values: int = 0) -> Floats:
    """How many coders gave each value to a unit of each pattern, float64 (p, v)."""
    size = max(values, int(patterns.max(initial=0)) + 1)
    return np.stack([(patterns == value).sum(axis=1) for value in range(size)], axis=1).astype(np.float64)


def _share_of_values(values: Values, counts: Floats, size: int) -> Floats:
    """How many units one coder gave each value, float64 (r, size)."""
    return np.asarray(counts @ (values[:, None] == np.arange(size)).astype(np.float64))


def _divided(top: Floats, bottom: Floats) -> Floats:
    """Divide; NaN where the divisor is 0."""
    bottom = np.broadcast_to(bottom, top.shape)
    return np.divide(top, bottom, out=np.full_like(top, np.nan), where=bottom > 0)
