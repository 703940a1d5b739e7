"""Reads and keeps which utterances a coder was given to read, and why."""

import json
from collections.abc import Mapping

from autokode.project.store.coders import Coder
from autokode.project.store.database import now
from autokode.project.store.project import Project
from autokode.project.store.utterance_rows import Place


def drawn(project: Project, coder: int) -> dict[Place, str]:
    """What a coder was given to read, by transcript and number: place → why."""
    with project.database.reading() as connection:
        rows = connection.execute("SELECT transcript, utterance, why FROM drawn WHERE coder = ?", (coder,)).fetchall()
    return {(row["transcript"], row["utterance"]): row["why"] for row in rows}


def drawn_by_chance(project: Project, coder: Coder) -> dict[Place, dict[str, float]]:
    """What chance gave a coder to read: place → code → probability, as it was then."""
    with project.database.reading() as connection:
        rows = connection.execute("SELECT * FROM drawn WHERE coder = ? AND why = 'chance'", (coder.id,)).fetchall()
    return {(row["transcript"], row["utterance"]): json.loads(row["probabilities"]) for row in rows}


def keep_drawn(project: Project, coder: int, place: Place, why: str, likely: Mapping[str, float]) -> None:
    """Keep that a coder is given an utterance to read, with its probabilities; once is enough."""
    row = (coder, *place, why, now(), json.dumps(dict(likely), ensure_ascii=False))
    with project.database.writing() as connection:
        connection.execute("INSERT OR IGNORE INTO drawn VALUES (?, ?, ?, ?, ?, ?)", row)
