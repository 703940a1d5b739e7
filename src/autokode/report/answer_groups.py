"""Groups of answers that say the same, cut from a tree by Ward's rule, which has no seed."""

import numpy as np
import numpy.typing as npt

from autokode.base.arrays import Floats
from autokode.report.material import unit

SMALLEST, MOST_GROUPS, EACH = 3, 30, 8
"""Answers from which a group is proposed; most groups that are tried, and answers for each of them at the least."""

MOST = 4000
"""Most answers in the tree. Of more, so many are taken at equal steps, and the others go to the nearest group."""

Labels = npt.NDArray[np.int64]


def grouped(rows: Floats, count: int | None = None) -> Labels:
    """The group of each row, int64 (n,), by Ward's rule (Ward 1963); the same rows always give the same groups."""
    from scipy.cluster.hierarchy import linkage

    taken = np.linspace(0, len(rows) - 1, min(len(rows), MOST)).astype(np.int64)
    some = rows[taken]
    tree = linkage(some, "ward")
    labels = _cut(tree, count) if count is not None else _best_cut(tree, some)
    if len(taken) == len(rows):
        return labels
    middles = unit(np.array([some[labels == label].mean(axis=0) for label in np.unique(labels)]))
    return np.asarray((rows @ middles.T).argmax(axis=1))


def _best_cut(tree: Floats, rows: Floats) -> Labels:
    from sklearn.metrics import silhouette_score

    apart = np.clip(1 - rows @ rows.T, 0, None)
    np.fill_diagonal(apart, 0)
    counts = range(SMALLEST, max(SMALLEST, min(MOST_GROUPS, len(rows) // EACH)) + 1)
    cuts = [_cut(tree, count) for count in counts]
    return max(cuts, key=lambda labels: float(silhouette_score(apart, labels, metric="precomputed")))


def _cut(tree: Floats, count: int) -> Labels:
    from scipy.cluster.hierarchy import cut_tree

    return np.asarray(cut_tree(tree, count).ravel(), np.int64)
