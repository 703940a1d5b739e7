"""Reads the log's numbers: the last decision, and how much was decided since."""

from collections.abc import Sequence

from autokode.project.store.coders import Coder
from autokode.project.store.project import Project


def last_decision(project: Project, coder: Coder | None = None) -> int:
    """The number of the last decision in the log, a coder's or anybody's; 0 if there is none."""
    who = None if coder is None else coder.id
    with project.database.reading() as connection:
        query = "SELECT coalesce(max(id), 0) FROM decision WHERE ? IS NULL OR coder = ?"
        return int(connection.execute(query, (who, who)).fetchone()[0])


def decision_and_round(project: Project, coder: Coder) -> tuple[int, int]:
    """The numbers of the last decision (anybody's) and of the round that a coder sees, 0 where there is none; of one moment."""
    with project.database.reading() as connection:
        row = connection.execute(
            "SELECT (SELECT coalesce(max(id), 0) FROM decision), coalesce(round, 0) FROM coder WHERE id = ?",
            (coder.id,),
        ).fetchone()
    return row[0], row[1]


def utterances_decided(project: Project, coder: Coder, *, after: int) -> dict[int, list[int]]:
    """Where a coder decided anything after the decision `after`: transcript's id → utterances' numbers."""
    with project.database.reading() as connection:
        rows = connection.execute(
            "SELECT DISTINCT transcript, utterance FROM decision WHERE id > ? AND coder = ? AND utterance IS NOT NULL",
            (after, coder.id),
        ).fetchall()
    found: dict[int, list[int]] = {}
    for row in rows:
        found.setdefault(row["transcript"], []).append(row["utterance"])
    return found


def new_decisions(project: Project, coder: Coder, kinds: Sequence[str], *, after: int) -> int:
    """How many of a coder's decisions of some kinds are newer than `after` and than what the coder's model learnt from."""
    marks = ", ".join("?" * len(kinds))
    with project.database.reading() as connection:
        row = connection.execute(
            "SELECT count(*) FROM decision WHERE coder = ? AND id > max(?, coalesce((SELECT decision FROM round JOIN coder ON "  # noqa: S608 - marks
            f"coder.round = round.id WHERE coder.id = ?), 0)) AND kind IN ({marks})",
            (coder.id, after, coder.id, *kinds),
        ).fetchone()
    return int(row[0])


def utterances_with_decisions(project: Project, coder: Coder, kinds: Sequence[str], *, enough: int) -> bool:
    """Whether a coder decided anything, of these kinds, in `enough` utterances; an import counts as that many."""
    marks = ", ".join("?" * len(kinds))
    with project.database.reading() as connection:
        row = connection.execute(
            "SELECT count(DISTINCT transcript || '/' || utterance) >= ? OR count(*) FILTER (WHERE kind = 'import') > 0 "  # noqa: S608 - marks
            f"FROM decision WHERE coder = ? AND kind IN ({marks})",
            (enough, coder.id, *kinds),
        ).fetchone()
    return bool(row[0])
