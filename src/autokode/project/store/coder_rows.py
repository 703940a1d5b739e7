"""Who codes in a project and how much each has done, counted in one query."""

from dataclasses import dataclass

from autokode.corpus.model_coder import is_model
from autokode.project.store.coders import Coder
from autokode.project.store.decision_log import SIGHTED
from autokode.project.store.project import Project


@dataclass(frozen=True, slots=True)
class CoderAtWork:
    """A coder, and what they have done.

    Attributes:
        coder: who.
        read: how many answers they have read.
        codings: how many codings they have.
        sighted: when they last stopped to code blind, as ISO 8601 in UTC; "" if they never did.
        may_go: whether nothing of theirs is stored, so that they can be taken away.
    """

    coder: Coder
    read: int
    codings: int
    sighted: str
    may_go: bool


def coders_at_work(project: Project) -> list[CoderAtWork]:
    """The people who code in a project, in the order of their first time."""
    stored = " UNION ALL ".join(
        f"SELECT 1 FROM {table} WHERE coder = own.id"  # noqa: S608 - our own names
        for table in ("decision", "coding", "verdict", "done", "memo", "round")
    )
    rows = project.database.rows(
        "SELECT id, name, blind, "  # noqa: S608 - our own names
        "(SELECT count(*) FROM done JOIN utterance USING (transcript) WHERE coder = own.id AND number = done.utterance "
        "AND role != 'interviewer') AS read, (SELECT count(*) FROM coding WHERE coder = own.id) AS codings, "
        "coalesce((SELECT max(time) FROM decision WHERE coder = own.id AND kind = ?), '') AS sighted, "
        f"NOT EXISTS ({stored}) AS may_go FROM coder AS own ORDER BY id",
        (SIGHTED,),
    )
    return [
        CoderAtWork(
            Coder(row["id"], row["name"], bool(row["blind"])),
            row["read"],
            row["codings"],
            row["sighted"],
            bool(row["may_go"]),
        )
        for row in rows
        if not is_model(row["name"])
    ]


def answers_in(project: Project) -> int:
    """How many answers there are to read."""
    return project.database.number("SELECT count(*) FROM utterance WHERE role != 'interviewer'")


def sighted(project: Project, coder: Coder) -> str:
    """When a coder last stopped to code blind, as ISO 8601 in UTC; "" if they never did."""
    rows = project.database.rows(
        "SELECT max(time) AS at FROM decision WHERE coder = ? AND kind = ?", (coder.id, SIGHTED)
    )
    return rows[0]["at"] or ""
