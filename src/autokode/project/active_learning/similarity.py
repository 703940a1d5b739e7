"""Compares utterances by their vectors, which the project keeps, and finds those that say nearly the same."""

import functools
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz

from autokode.project.store.project import Project
from autokode.project.store.utterance_rows import UtteranceId, keep_vectors_of, vectors_of, without_vectors

NEAR, SAME_WORDS = 0.85, 80.0
"""Bounds for near-identical utterances: cosine of their vectors, and rapidfuzz's ratio of their words, 0–100."""

LONG_ENOUGH = 6
"""Fewest words of an utterance that is compared: many short ones («Ja, nettopp.») are the same by chance."""

_FULL = 127
_BLOCK = 2048


@dataclass(frozen=True, eq=False)
class Similarity:
    """Vectors of utterances.

    Attributes:
        places: (transcript's id, utterance's number) of each row.
        vectors: of length 127 or 0, int8 (n_utterances, n_dimensions).
    """

    places: tuple[UtteranceId, ...]
    vectors: npt.NDArray[np.int8]

    @classmethod
    def of(cls, project: Project) -> "Similarity":
        """Read the vectors that a project keeps."""
        blocks = vectors_of(project)
        places = tuple((transcript, number) for transcript, block in blocks.items() for number in range(len(block)))
        return cls(places, np.concatenate(list(blocks.values())) if blocks else np.zeros((0, 1), np.int8))

    @functools.cached_property
    def row(self) -> dict[UtteranceId, int]:
        """UtteranceId → row."""
        return {place: i for i, place in enumerate(self.places)}

    def to(self, place: UtteranceId, others: Sequence[UtteranceId]) -> npt.NDArray[np.float32]:
        """The cosines of an utterance with others, float32 (n_others,); 0 where there is no vector."""
        if place not in self.row or not others:
            return np.zeros(len(others), np.float32)
        own = self.vectors[self.row[place]].astype(np.float32)
        rows = np.array([self.row.get(other, -1) for other in others])
        found = (self.vectors[rows].astype(np.float32) @ own) / _FULL**2
        return np.where(rows >= 0, found, 0).astype(np.float32)

    def nearest(self, place: UtteranceId, others: Iterable[UtteranceId]) -> UtteranceId | None:
        """Of some utterances, the one that is most like this one, and never itself; None without vectors."""
        own = [other for other in others if other != place]
        if not own or place not in self.row:
            return None
        return own[int(self.to(place, own).argmax())]


def keep_vectors(project: Project, lang: str, progress: Callable[[str, int, int], None] | None = None) -> None:
    """Make the vectors of utterances that have none yet, and keep them in the project, a transcript at a time."""
    from autokode.model.features import forms_of
    from autokode.model.vectors import of_language

    words = of_language(lang)
    if words is None:
        return
    lacking = without_vectors(project, words.sha256)
    for made, (transcript, name) in enumerate(lacking):
        if progress:
            progress(name, made, len(lacking))
        texts = [utterance.text for utterance in project.transcript(name).utterances]
        if not texts:
            continue
        vectors = words.of([forms_of(text, lang) for text in texts])
        length = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit = np.rint(_FULL * vectors / np.where(length > 0, length, 1)).astype(np.int8)
        keep_vectors_of(project, transcript, words.sha256, unit)


def near_identical(likeness: Similarity, texts: dict[UtteranceId, str]) -> list[tuple[UtteranceId, UtteranceId, float]]:
    """Find the pairs of utterances that say nearly the same, with the likeness of their words (0–1), the most alike first.

    Args:
        likeness: vectors of all of them.
        texts: the utterances to compare; those of fewer than `LONG_ENOUGH` words are left out.
    """
    places = [place for place, text in texts.items() if len(text.split()) >= LONG_ENOUGH and place in likeness.row]
    if len(places) < 2:
        return []
    vectors = likeness.vectors[[likeness.row[place] for place in places]].astype(np.float32) / _FULL
    found = []
    for first in range(0, len(places), _BLOCK):
        cosines = vectors[first : first + _BLOCK] @ vectors.T
        for i, j in zip(*np.nonzero(cosines >= NEAR), strict=True):
            one, other = places[first + int(i)], places[int(j)]
            if first + i < j:
                words = alike(texts[one], texts[other])
                if words >= SAME_WORDS:
                    found.append((one, other, words / 100))
    return sorted(found, key=lambda pair: (-pair[2], pair[0], pair[1]))


def alike(one: str, other: str) -> float:
    """How much two texts have the same words in the same order, 0–100, whatever their case, punctuation and white space."""
    return float(fuzz.ratio(_bare(one), _bare(other), score_cutoff=SAME_WORDS))


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
