"""Chooses what a coder reads next: what teaches most, and now and then one by chance, for the estimate of what was missed."""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from random import Random
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from autokode.project.store.project import Project
from autokode.project.store.utterance_rows import UtteranceId, drawn, keep_drawn

if TYPE_CHECKING:
    from autokode.project.active_learning.similarity import Similarity

TEACHES, CHANCE = "teaches", "chance"
"""Reasons for giving an utterance to a coder to read."""

EVERY = 5
"""One utterance in this many is drawn by chance."""

AHEAD, POOL = 200, 2000
"""How many utterances are put in order for a round, and from how many of the most uncertain ones they are chosen."""


def teaching_order(
    places: Sequence[UtteranceId], known: Sequence[bool], probabilities: npt.NDArray[np.float32], likeness: "Similarity"
) -> list[UtteranceId]:
    """The utterances that would teach most, best first.

    Each time it takes the utterance with the highest uncertainty × novelty ÷ (1 + how many of its interview were taken).
    Uncertainty is Σ p(1 - p) over the codes: the variance of how many codes it has. Novelty is 1 - the highest cosine with an
    utterance that was read or taken, as in maximal marginal relevance (Carbonell and Goldstein 1998).

    Args:
        places: of n answers.
        known: which of them the coder has read or coded.
        probabilities: float32 (n, n_codes).
        likeness: vectors of all utterances; where there are none, novelty is 1.
    """
    left = [i for i, is_known in enumerate(known) if not is_known]
    spread = (probabilities * (1 - probabilities)).sum(axis=1)
    pool = sorted(left, key=lambda i: (-spread[i], places[i]))[:POOL]
    if not pool:
        return []
    rows = np.array([likeness.row.get(place, -1) for place in places])
    own = _unit(likeness, rows[pool])
    novelty = np.ones(len(pool), np.float32)
    read = rows[[i for i, is_known in enumerate(known) if is_known]]
    for first in range(0, len(read), POOL):
        novelty = np.minimum(novelty, 1 - (own @ _unit(likeness, read[first : first + POOL]).T).max(axis=1, initial=0))
    uncertain = spread[pool]
    per_interview: Counter[int] = Counter()
    interviews = np.array([places[i][0] for i in pool])
    chosen: list[UtteranceId] = []
    waiting = np.ones(len(pool), bool)
    for _ in range(min(AHEAD, len(pool))):
        worth = uncertain * np.clip(novelty, 0, 1) / (1 + np.array([per_interview[i] for i in interviews.tolist()]))
        best = int(np.where(waiting, worth, -1).argmax())
        waiting[best] = False
        chosen.append(places[pool[best]])
        per_interview[int(interviews[best])] += 1
        novelty = np.minimum(novelty, 1 - own @ own[best])
    return chosen


def draw(
    project: Project,
    coder: int,
    places: Sequence[UtteranceId],
    order: Sequence[UtteranceId],
    likely: Callable[[UtteranceId], dict[str, float]],
    *,
    by_chance: bool,
    seed: int = 0,
) -> tuple[UtteranceId, str] | None:
    """Choose what the coder reads next, and say why; every `EVERY`th time draw one by chance from all that are left.

    An utterance that was given before and is not read yet comes first.

    Args:
        project, coder: who reads.
        places: the answers to choose from, in reading order.
        order: as `teaching_order` gives it.
        likely: gives code → probability for a place; those of the utterance drawn are kept for the estimate of what was missed.
        by_chance: whether to draw some by chance, which is right only where `places` are all that are left.
        seed: of the draw.
    """
    left = set(places)
    if not left:
        return None
    before = drawn(project, coder)
    for place, why in before.items():
        if place in left:
            return place, why
    if by_chance and (len(before) + 1) % EVERY == 0:
        place, why = _chance(left, len(before), seed), CHANCE
    else:
        place, why = next((place for place in order if place in left), None) or places[0], TEACHES
    keep_drawn(project, coder, place, why, likely(place))
    return place, why


def draw_by_chance(
    project: Project,
    coder: int,
    places: Sequence[UtteranceId],
    likely: Callable[[UtteranceId], dict[str, float]],
    *,
    seed: int = 0,
) -> UtteranceId | None:
    """Draw what the coder reads next from all that are left, each as likely as any other; one drawn before comes first.

    Args:
        project, coder: who reads.
        places: all the answers that are left.
        likely: gives code → probability for a place; {} before there is a model.
        seed: of the draw.
    """
    before = drawn(project, coder)
    waiting = [place for place in places if before.get(place) == CHANCE]
    left = {place for place in places if place not in before}
    if waiting or not left:
        return next(iter(waiting or places), None)
    place = _chance(left, len(before), seed)
    keep_drawn(project, coder, place, CHANCE, likely(place))
    return place


def _chance(left: Collection[UtteranceId], step: int, seed: int) -> UtteranceId:
    return Random(f"{seed} {step}").choice(sorted(left))  # noqa: S311 - no secret


def _unit(likeness: "Similarity", rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    if not len(likeness.vectors):
        return np.zeros((len(rows), 1), np.float32)
    return np.where(rows[:, None] < 0, np.float32(0), likeness.vectors[rows].astype(np.float32) / np.float32(127))
