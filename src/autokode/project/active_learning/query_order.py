"""What to read next: what teaches most, with a share by chance so that what was missed can be estimated."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from random import Random
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from autokode.project.store.database import now
from autokode.project.store.project import Project

if TYPE_CHECKING:
    from autokode.project.active_learning.similarity import Likeness, Place

TEACHES, CHANCE = "teaches", "chance"
"""Why an utterance was given to be read."""

EVERY = 5
"""One in so many is drawn by chance."""

AHEAD, POOL = 200, 2000
"""Utterances put in order for a round, and the most uncertain ones they are chosen from."""


def teaching_order(
    places: "Sequence[Place]", known: Sequence[bool], probabilities: npt.NDArray[np.float32], likeness: "Likeness"
) -> "list[Place]":
    """Return the utterances that would teach most, the first one most of all.

    One after the other the highest of uncertainty × novelty ÷ (1 + how many of its interview were chosen): uncertainty is
    Σ p(1 - p) over the codes, the variance of how many it has; novelty is 1 - the highest cosine with what was read or chosen (as
    in maximal marginal relevance, Carbonell and Goldstein 1998).

    Args:
        places: of n answers.
        known: which of them were read or coded.
        probabilities: float32 (n, n_codes).
        likeness: vectors of all; without any, novelty is 1.
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
    chosen: list[Place] = []
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
    places: "Sequence[Place]",
    order: "Sequence[Place]",
    likely: "Mapping[Place, dict[str, float]]",
    *,
    by_chance: bool,
    seed: int = 0,
) -> "tuple[Place, str] | None":
    """Return what the coder reads next, and why; every `EVERY`th time one drawn by chance from all that are left.

    What was given before and is not read yet comes first.

    Args:
        project, coder: whose turn it is.
        places: the answers to choose from.
        order: as `teaching_order` has it.
        likely: place → code → probability, kept for the estimate of what was missed where chance drew it.
        by_chance: whether some are drawn by chance; only right where `places` are all that are left.
        seed: of the draw.
    """
    left = set(places)
    if not left:
        return None
    with project.database.writing() as connection:
        rows = connection.execute("SELECT transcript, utterance, why FROM drawn WHERE coder = ?", (coder,)).fetchall()
        before = {(row["transcript"], row["utterance"]): row["why"] for row in rows}
        for place, why in before.items():
            if place in left:
                return place, why
        if by_chance and (len(before) + 1) % EVERY == 0:
            place, why = Random(f"{seed} {len(before)}").choice(sorted(left)), CHANCE  # noqa: S311 - no secret
        else:
            place, why = next((place for place in order if place in left), None) or min(left), TEACHES
        kept = json.dumps(likely.get(place, {}), ensure_ascii=False)
        connection.execute("INSERT INTO drawn VALUES (?, ?, ?, ?, ?, ?)", (coder, *place, why, now(), kept))
    return place, why


def _unit(likeness: "Likeness", rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    found = (
        likeness.vectors[rows].astype(np.float32) / 127
        if len(likeness.vectors)
        else np.zeros((len(rows), 1), np.float32)
    )
    found[rows < 0] = 0
    return np.asarray(found, np.float32)
