"""Scores and codings of a known calibration."""

import numpy as np

from autokode.model.calibration import sigmoid

RANDOM = np.random.default_rng(0)


def drawn(slope: float, shift: float, texts: int = 4000, codes: int = 1) -> tuple[np.ndarray, np.ndarray]:
    scores = RANDOM.normal(size=(texts, codes))
    return scores, RANDOM.random((texts, codes)) < sigmoid(slope * scores + shift)
