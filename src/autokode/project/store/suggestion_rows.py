"""Reads suggestions: those of a round, and those that a coder has not decided about."""

from autokode.project.store.project import Coder, Project

Suggested = tuple[int, int, str, int, int, float]
"""(transcript, utterance, code, start, end, probability)."""


def suggestions_in(project: Project, number: int) -> list[Suggested]:
    """The suggestions of the round with this number."""
    with project.database.reading() as connection:
        rows = connection.execute(
            "SELECT transcript, utterance, code, start, end, probability FROM suggestion WHERE round = ?", (number,)
        ).fetchall()
    return [tuple(row) for row in rows]


def lacks_evidence(project: Project, coder: Coder) -> bool:
    """Whether a coder sees suggestions whose evidence is not worked out yet."""
    with project.database.reading() as connection:
        row = connection.execute(
            "SELECT 1 FROM suggestion WHERE evidence = '' AND round = (SELECT round FROM coder WHERE id = ?) LIMIT 1",
            (coder.id,),
        ).fetchone()
    return row is not None
