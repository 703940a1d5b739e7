"""Compares utterances by their vectors, which the project keeps, and finds those that say nearly the same."""

import functools
import itertools
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from autokode.base.extras import missing
from autokode.project.store.project import Project
from autokode.project.store.text_marks import text_mark_of
from autokode.project.store.utterance_rows import UtteranceId, keep_vectors_of, vectors_of, without_vectors

try:
    from rapidfuzz import fuzz
except ModuleNotFoundError as error:
    raise missing("review", error) from error

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

    def vector(self, place: UtteranceId) -> npt.NDArray[np.float32] | None:
        """The vector of an utterance, float32 (n_dimensions,); None if it has none."""
        return self.vectors[self.row[place]].astype(np.float32) if place in self.row else None

    def most_like(
        self, vector: npt.NDArray[np.float32], among: Collection[UtteranceId] | None, *, most: int, least: float
    ) -> list[UtteranceId]:
        """The utterances whose vectors are most like one, the most alike first.

        Args:
            vector: of any length; nothing is like one of length 0.
            among: the utterances to choose from; None for all.
            most: how many at most.
            least: cosine that is still alike.
        """
        length = float(np.linalg.norm(vector))
        if not length or self.vectors.shape[1:] != vector.shape:
            return []
        own = (vector / length).astype(np.float32)
        cosines = np.empty(len(self.vectors), np.float32)
        for first in range(0, len(cosines), _BLOCK):
            cosines[first : first + _BLOCK] = self.vectors[first : first + _BLOCK].astype(np.float32) @ own
        order = np.argsort(-cosines, kind="stable")
        order = order[: int((cosines >= least * _FULL).sum())].tolist()
        alike = (self.places[i] for i in order if among is None or self.places[i] in among)
        return list(itertools.islice(alike, most))


def vector_of(text: str, lang: str) -> npt.NDArray[np.float32] | None:
    """The vector of a text, float32 (n_dimensions,); None for a language without vectors of words."""
    from autokode.model.features import forms_of
    from autokode.model.vectors import of_language

    words = of_language(lang)
    return None if words is None else words.of([forms_of(text, lang)])[0].astype(np.float32)


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
        mark = text_mark_of(project, transcript)
        texts = [utterance.text for utterance in project.transcript(name).utterances]
        if not texts:
            continue
        vectors = words.of([forms_of(text, lang) for text in texts])
        length = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit = np.rint(_FULL * vectors / np.where(length > 0, length, 1)).astype(np.int8)
        keep_vectors_of(project, transcript, words.sha256, unit, mark)


def near_identical(
    likeness: Similarity, texts: dict[UtteranceId, str], of: Collection[UtteranceId]
) -> list[tuple[UtteranceId, UtteranceId, float]]:
    """Find the pairs of utterances that say nearly the same, with the likeness of their words (0–1), the most alike first.

    Args:
        likeness: vectors of all of them.
        texts: the utterances to compare; those of fewer than `LONG_ENOUGH` words are left out.
        of: those of them that one of a pair must be.
    """
    able = [place for place, text in texts.items() if len(text.split()) >= LONG_ENOUGH and place in likeness.row]
    first = [place for place in able if place in of]
    if len(able) < 2 or not first:
        return []
    places = first + [place for place in able if place not in of]
    vectors = likeness.vectors[[likeness.row[place] for place in places]].astype(np.float32) / _FULL
    bare = functools.cache(lambda i: _bare(texts[places[i]]))
    found = []
    for begin in range(0, len(first), _BLOCK):
        cosines = vectors[begin : min(begin + _BLOCK, len(first))] @ vectors[begin:].T
        for i, j in begin + np.argwhere(cosines >= NEAR):
            words = fuzz.ratio(bare(i), bare(j), score_cutoff=SAME_WORDS) if i < j else 0
            if words:
                found.append((*sorted((places[i], places[j])), words / 100))
    return sorted(found, key=lambda pair: (-pair[2], pair[0], pair[1]))


def alike(one: str, other: str) -> float:
    """How much two texts have the same words in the same order, 0–100, whatever their case, punctuation and white space."""
    return float(fuzz.ratio(_bare(one), _bare(other), score_cutoff=SAME_WORDS))


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
