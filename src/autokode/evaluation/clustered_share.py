"""The interval of a share of answers that come in clusters: those of one interview are alike, and tell less than others."""

import numpy as np
import numpy.typing as npt

CONFIDENCE = 0.95

Counts = npt.NDArray[np.int64]


def clustered_interval(having: Counts, answers: Counts) -> tuple[float, float] | None:
    """The 95 % interval of a share of answers, each cluster (interview) counted as one draw; None for fewer than two clusters.

    Wilson's interval (1927, "Probable inference") for an effective number of answers: all of them divided by the design effect,
    and by the square of t with one degree of freedom less than there are clusters over the normal quantile (Korn and Graubard
    1998, "Confidence intervals for proportions with small expected number of positive counts", with Wilson's interval in place
    of the exact one as in Franco, Little, Louis and Slud 2019, "Comparative study of confidence intervals for proportions in
    complex sample surveys"). The design effect is the linearised variance of a ratio (Cochran 1977, "Sampling techniques",
    6.3) over that of as many answers apart, and is at least 1. Where no answer has the code, or all do, nothing can be
    estimated: each cluster counts as one answer.

    Args:
        having: answers with the code in each cluster, int64 (n_clusters,).
        answers: all answers of each cluster, int64 (n_clusters,); a cluster without one does not count.
    """
    from scipy.stats import norm, t  # here: pages that open need not wait for it

    there = answers > 0
    having, answers = having[there], answers[there]
    clusters, whole = len(answers), int(answers.sum())
    if clusters < 2:
        return None
    share = float(having.sum() / whole)
    spread = (having - share * answers).astype(np.float64)
    variance = clusters / (clusters - 1) * float((spread**2).sum()) / whole**2
    apart = share * (1 - share) / whole
    effective = float(whole)
    if apart == 0:
        effective = float(clusters)
    elif variance > apart:
        effective = whole * apart / variance
    normal = float(norm.ppf((1 + CONFIDENCE) / 2))
    few = float(t.ppf((1 + CONFIDENCE) / 2, clusters - 1)) / normal
    return wilson_of(share, effective / few**2, normal)


def wilson_of(share: float, answers: float, normal: float) -> tuple[float, float]:
    """Wilson's interval of a share, 0–1, for a number of answers that need not be whole, and a normal quantile."""
    square = normal**2 / answers
    middle = (share + square / 2) / (1 + square)
    half = normal / (1 + square) * float(np.sqrt(share * (1 - share) / answers + square / (4 * answers)))
    return max(0.0, middle - half), min(1.0, middle + half)
