"""What resembles what: vectors of all utterances, kept with the project, and what is near-identical among them."""

import functools
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz

from autokode.project.store.project import Project

Place = tuple[int, int]
"""(transcript's id, utterance's number)."""

NEAR, SAME_WORDS = 0.85, 80.0
"""Near-identical: cosine of the vectors, and rapidfuzz's ratio of the words, 0–100."""

LONG_ENOUGH = 6
"""Words an utterance needs for being like another to mean anything («Ja, nettopp.»)."""

_FULL = 127
_BLOCK = 2048


@dataclass(frozen=True, eq=False)
class Likeness:
    """Vectors of utterances.

    Attributes:
        places: (transcript's id, utterance's number) of each row.
        vectors: of length 127 or 0, int8 (n_utterances, n_dimensions).
    """

    places: tuple[Place, ...]
    vectors: npt.NDArray[np.int8]

    @classmethod
    def of(cls, project: Project) -> "Likeness":
        """Read what is kept with a project."""
        with project.database.reading() as connection:
            rows = connection.execute("SELECT transcript, vectors FROM vector ORDER BY transcript").fetchall()
            counts = dict(
                connection.execute("SELECT transcript, count(*) FROM utterance GROUP BY transcript").fetchall()
            )
        places, blocks = [], []
        for row in rows:
            n = counts.get(row["transcript"], 0)
            if n:
                places += [(row["transcript"], number) for number in range(n)]
                blocks.append(np.frombuffer(row["vectors"], np.int8).reshape(n, -1))
        return cls(tuple(places), np.concatenate(blocks) if blocks else np.zeros((0, 1), np.int8))

    @functools.cached_property
    def row(self) -> dict[Place, int]:
        """Place → row."""
        return {place: i for i, place in enumerate(self.places)}

    def to(self, place: Place, others: Sequence[Place]) -> npt.NDArray[np.float32]:
        """Return the cosines of an utterance with others, float32 (n_others,); 0 where there is no vector."""
        if place not in self.row or not others:
            return np.zeros(len(others), np.float32)
        own = self.vectors[self.row[place]].astype(np.float32)
        rows = np.array([self.row.get(other, -1) for other in others])
        found = (self.vectors[rows].astype(np.float32) @ own) / _FULL**2
        return np.where(rows >= 0, found, 0).astype(np.float32)

    def nearest(self, place: Place, others: Iterable[Place]) -> tuple[Place, float] | None:
        """Return the one of some utterances that is most like this one (never itself), with their cosine."""
        own = [other for other in others if other != place]
        if not own or place not in self.row:
            return None
        cosines = self.to(place, own)
        best = int(cosines.argmax())
        return own[best], float(cosines[best])


def keep_vectors(project: Project, lang: str, progress: Callable[[str, int, int], None] | None = None) -> None:
    """Make the vectors of utterances that have none yet, and keep them in the project, a transcript at a time."""
    from autokode.model.features import forms_of
    from autokode.model.vectors import of_language

    words = of_language(lang)
    if words is None:
        return
    with project.database.reading() as connection:
        lacking = connection.execute(
            "SELECT id, name FROM transcript WHERE id NOT IN (SELECT transcript FROM vector WHERE name = ?)",
            (words.sha256,),
        ).fetchall()
    for done, row in enumerate(lacking):
        if progress:
            progress(row["name"], done, len(lacking))
        texts = [utterance.text for utterance in project.transcript(row["name"]).utterances]
        if not texts:
            continue
        made = words.of([forms_of(text, lang) for text in texts])
        length = np.linalg.norm(made, axis=1, keepdims=True)
        unit = np.rint(_FULL * made / np.where(length > 0, length, 1)).astype(np.int8)
        with project.database.writing() as connection:
            values = (row["id"], words.sha256, unit.tobytes())
            connection.execute("INSERT OR REPLACE INTO vector VALUES (?, ?, ?)", values)


def near_identical(likeness: Likeness, texts: dict[Place, str]) -> list[tuple[Place, Place, float]]:
    """Return the pairs of utterances that say nearly the same, with their likeness 0–1 in words, the most alike first.

    Args:
        likeness: vectors of all of them.
        texts: the utterances to compare; those of fewer than `LONG_ENOUGH` words are passed over.
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
    """Return how much two texts have the same words in the same order, 0–100, without case, marks and white space."""
    return float(fuzz.ratio(_bare(one), _bare(other), score_cutoff=SAME_WORDS))


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
