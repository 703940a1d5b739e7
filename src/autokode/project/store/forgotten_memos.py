"""Takes the texts of memos that do not stand any more out of the log: of deleted memos, and earlier wordings of others."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from autokode.project.store.decision_log import Change, Decision, Row, facts, log
from autokode.project.store.log_rewriting import NOBODY, log_removal, rewrite_log
from autokode.project.store.project import Project
from autokode.project.store.project_files import finish_removal, note_removal
from autokode.project.store.removal import erasing
from autokode.project.store.removed_carried import forget_notes

MemoKey = tuple[int, str]
"""Whose memo it is, by id, and what it is about."""


@dataclass(frozen=True, slots=True)
class OldMemo:
    """A memo of which the log has texts that do not stand any more.

    Attributes:
        key: whose it is and what it is about.
        coder: whose it is, by name.
        wordings: how many such texts.
        deleted: whether the memo is deleted; else it stands with another text.
    """

    key: MemoKey
    coder: str
    wordings: int
    deleted: bool


def old_memos(project: Project) -> list[OldMemo]:
    """The memos of which the log has texts that do not stand any more, by coder and by what they are about."""
    names = {coder.id: coder.name for coder in project.coders}
    with project.database.reading() as connection:
        standing = facts(connection)["memo"]
        texts: dict[MemoKey, set[str]] = {}
        for decision in log(connection):
            for change in decision.changes:
                for row in (change.before, change.after):
                    if change.table == "memo" and row is not None:
                        texts.setdefault(_key(row), set()).add(row["text"])
    found = []
    for key, every in texts.items():
        old = every - {standing[key]["text"]} if key in standing else every
        if old:
            found.append(OldMemo(key, names.get(key[0], ""), len(old), key not in standing))
    return sorted(found, key=lambda one: (one.coder, one.key[1]))


def forget_memos(project: Project, keys: Collection[MemoKey], *, by: str, coder: int = NOBODY) -> None:
    """Take the texts of these memos that do not stand any more out of the log, for good.

    A memo that stands is in the log as if it had been written as it is at its last change; so undo gives no earlier text back.

    Args:
        project: the project.
        keys: the memos.
        by: who asks for it, for the log.
        coder: the id of `by` among the project's coders.

    Raises:
        DataError: the project is not sound, and nothing is changed; or a file cannot be deleted, and the next command that
            opens the project tries again.
    """
    names = {coder.id: coder.name for coder in project.coders}
    with erasing(project.database) as connection:
        standing = {key: row for key, row in facts(connection)["memo"].items() if key in keys}
        last = {
            _key(change.after or change.before or {}): decision.id
            for decision in log(connection)
            for change in decision.changes
            if change.table == "memo"
        }

        def left_of(decision: Decision) -> Decision | None:
            if not decision.changes:
                return decision
            changes = []
            for change in decision.changes:
                key = _key(change.after or change.before or {}) if change.table == "memo" else None
                if key not in keys:
                    changes.append(change)
                elif key in standing and last[key] == decision.id:
                    changes.append(Change("memo", None, standing[key]))
            return replace(decision, changes=tuple(changes)) if changes else None

        counts = {"memos": len(keys), "decisions": rewrite_log(connection, left_of)}
        for who, about in keys:
            row = standing.get((who, about))
            forget_notes(connection, f"{names.get(who, '')}\x1f{about}", row["text"] if row else None)
        log_removal(connection, coder, by, counts)
        note_removal(connection, project.folder)
    finish_removal(project.folder, project.database)


def _key(row: Row) -> MemoKey:
    return row["coder"], row["about"]
