"""What two projects' files have in common before they are merged: the log up to where copies of one project parted, or the state
of the other file that was merged before."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autokode.corpus.codebook import Codebook
from autokode.project.store.decision_log import (
    CODEBOOK,
    INTERVIEW,
    PSEUDONYMISED,
    REDO,
    REMOVAL,
    RENAME,
    REPAIR,
    RESTORED,
    UNDO,
)
from autokode.project.store.foreign_data import keep, kept
from autokode.project.store.project import Project
from autokode.project.store.project_state import state_of

MERGE = "merge"
"""The kind of a merge's step, and of the note that says which state of another file was merged."""

_OF_ALL = (CODEBOOK, RENAME, INTERVIEW, PSEUDONYMISED, RESTORED, REMOVAL, REPAIR)
"""Kinds of decisions that are about the whole project, and may change rows of people who decided nothing."""


@dataclass(frozen=True, slots=True)
class Past:
    """What two projects have in common.

    Attributes:
        is_copy: whether they began as copies of one project.
        parted: the number of the last decision that is in both logs; 0 if there is none.
        decision: the number of the last decision of the other file that counts as known here: where they parted, or the last that
            was merged.
        codebook: the codebook of that time; None for none.
        coders: id in the other file → id here, of the coders with decisions in both logs.
        interviews: ids in the other file of the interviews it had when it was merged last.
        left: ids in the other file of interviews that were left out then.
    """

    is_copy: bool
    parted: int
    decision: int
    codebook: Codebook | None
    coders: Mapping[int, int]
    interviews: frozenset[int] = frozenset()
    left: frozenset[int] = frozenset()


def past_of(project: Project, other: Project) -> Past:
    """Find what a project has in common with another one."""
    is_copy = state_of(project).project == state_of(other).project
    parted, coders = _shared_log(project, other) if is_copy else (0, {})
    codebook = _shared_codebook(project, other) if is_copy else None
    earlier = _merged_before(project, other)
    if earlier is None:
        return Past(is_copy, parted, parted, codebook, coders)
    interviews, left = (frozenset(earlier[name]) for name in ("interviews", "left"))
    return Past(is_copy, parted, max(earlier["decision"], parted), codebook, coders, interviews, left)


def note_merge(project: Project, other: Project, left: frozenset[int]) -> None:
    """Note, in the merge's step, the state of the other file that was merged, and which of its interviews were left out."""
    state = state_of(other)
    rows = other.database.rows("SELECT time FROM decision WHERE id = ?", (state.decision,))
    about = {
        "decision": state.decision,
        "time": rows[0]["time"] if rows else "",
        "interviews": [source.id for source in other.sources],
        "left": sorted(left),
    }
    keep(project, {(MERGE, str(state)): about})


def workers(project: Project, after: int) -> tuple[frozenset[int], frozenset[int]]:
    """The coders who decided something after a decision: in this file, and in others that were merged into it."""
    marks = ", ".join("?" * len(_OF_ALL))
    query = (
        "SELECT DISTINCT coder, EXISTS (SELECT 1 FROM step WHERE step.kind = ? AND decision.id > step.first "  # noqa: S608 - marks
        f"AND decision.id <= step.last) AS merged FROM decision WHERE id > ? AND kind NOT IN ({marks}) "
        "AND NOT (kind IN (?, ?) AND json_extract(shown, '$.codebook') IS NOT NULL)"
    )
    rows = project.database.rows(query, (MERGE, after, *_OF_ALL, UNDO, REDO))
    found: dict[bool, set[int]] = {False: set(), True: set()}
    for coder, merged in rows:
        found[bool(merged)].add(coder)
    return frozenset(found[False]), frozenset(found[True])


def corrected_since(project: Project, after: int) -> frozenset[int]:
    """The ids of the interviews about which something was decided after a decision, so that places in them may have moved."""
    query = (
        "SELECT DISTINCT transcript FROM decision WHERE id > ? AND transcript IS NOT NULL AND (kind = ? OR (kind IN (?, ?) "
        "AND of IN (SELECT id FROM decision WHERE kind = ?)))"
    )
    rows = project.database.rows(query, (after, INTERVIEW, UNDO, REDO, INTERVIEW))
    return frozenset(number for (number,) in rows)


def _shared_log(project: Project, other: Project) -> tuple[int, dict[int, int]]:
    """The last decision in both logs, and the coders of all that are: id there → id here. Removals may have taken some out."""
    query = "SELECT id, time, coder, kind, transcript, utterance FROM decision ORDER BY id"
    own = {tuple(row) for row in project.database.rows(query)}
    both = [row for row in map(tuple, other.database.rows(query)) if row in own]
    return (both[-1][0], {row[2]: row[2] for row in both if row[2] > 0}) if both else (0, {})


def _shared_codebook(project: Project, other: Project) -> Codebook | None:
    query = "SELECT version, sha256, added, yaml FROM codebook ORDER BY version"
    own = {tuple(row)[:3] for row in project.database.rows(query)}
    both = [row for row in other.database.rows(query) if tuple(row)[:3] in own]
    return Codebook.from_yaml(both[-1]["yaml"], may_be_empty=True) if both else None


def _merged_before(project: Project, other: Project) -> dict[str, Any] | None:
    """The last state of the other file that was merged here; None if none was."""
    query = "SELECT time FROM decision WHERE id = ?"
    name = state_of(other).project
    found = None
    for state, about in sorted(kept(project, MERGE).items(), key=lambda one: one[1]["decision"]):
        rows = other.database.rows(query, (about["decision"],))
        if state.startswith(name) and [row["time"] for row in rows] == [about["time"]] * bool(about["time"]):
            found = about
    return found
