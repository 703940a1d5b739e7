"""A trial of a compiled core in a process of its own: `python -m autokode.scoring.engine.trial PATH` fails if it is wrong."""

import ctypes
import sys

import numpy as np

from autokode.base import resources
from autokode.model import model_files
from autokode.scoring.engine import object_cache
from autokode.scoring.engine.compiled import CompiledScorer
from autokode.scoring.engine.reference import ReferenceScorer
from autokode.scoring.engine.scorer import Texts

TEXTS = ["", "Vi brukte lang tid på å bli kjent, f.eks. over en kaffe.", "x" * 70 + " «ja»\u00a0… (:D 漢", "æøå " * 300]
"""Invented texts: plain ones, one for spaCy's patterns, and one longer than the float32 part of a sum."""


def is_right(path: str) -> bool:
    """Whether the core at this path gives the reference's probabilities for a few texts."""
    object_cache.use(ctypes.CDLL(path), path)
    model = model_files.load(resources.model_folder("nav-nb"))
    texts = Texts.of(TEXTS * 3)
    found, expected = (kind(model).probabilities(texts, texts) for kind in (CompiledScorer, ReferenceScorer))
    return np.array_equal(found, expected)


if __name__ == "__main__":
    sys.exit(not is_right(sys.argv[1]))
