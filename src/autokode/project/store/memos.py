"""Reads the notes that coders wrote."""

from dataclasses import dataclass

from autokode.project.store.coders import Coder
from autokode.project.store.project import Project


@dataclass(frozen=True, slots=True)
class Memo:
    """A coder's note about "project", "code/NAME", "transcript/ID", "turn/ID/NUMBER" or "coding/ID"."""

    coder: str
    about: str
    text: str


def memos(project: Project) -> list[Memo]:
    """Every memo, in the order of what it is about."""
    with project.database.reading() as connection:
        rows = connection.execute(
            "SELECT coder.name AS coder, about, text FROM memo JOIN coder ON coder.id = memo.coder ORDER BY about, coder.name"
        ).fetchall()
    return [Memo(**dict(row)) for row in rows]


def memo_about(project: Project, coder: Coder, about: str) -> str:
    """A coder's note about one thing; "" if there is none."""
    with project.database.reading() as connection:
        row = connection.execute("SELECT text FROM memo WHERE coder = ? AND about = ?", (coder.id, about)).fetchone()
    return "" if row is None else str(row["text"])
