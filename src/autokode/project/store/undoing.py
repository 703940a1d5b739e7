"""Takes back a coder's decisions, the last one first, and makes them again.

What an import took in of a coder's is taken back in one step, and so is made again. A decision that no longer fits what is there
says so; it is passed over only when somebody chooses that, and what is older stays within reach.
"""

import contextlib
import json
import sqlite3
from collections.abc import Iterator, Sequence

from autokode.base.errors import DataError, Problem
from autokode.base.messages import say
from autokode.project.store.code_names import names_after
from autokode.project.store.codebook_versions import edited_again
from autokode.project.store.correction_undoing import last_turn, turn_interview
from autokode.project.store.decision_log import (
    ALONE,
    CODEBOOK,
    IMPORT,
    INTERVIEW,
    LASTING,
    LINES,
    REDO,
    UNDO,
    Change,
    ChangedElsewhereError,
    Decision,
    Row,
    decide,
    decisions_of,
)
from autokode.project.store.places_now import check_places
from autokode.project.store.schema import IN_STEP

_STANDING = (
    "SELECT * FROM decision WHERE coder = :coder AND (kind NOT IN (SELECT value FROM json_each(:lasting)) OR "  # noqa: S608 - ours
    "(kind = :import AND "
    f"EXISTS (SELECT 1 FROM step WHERE {IN_STEP}))) "
    "AND id NOT IN (SELECT decision FROM undone) "
)
"""A coder's decisions that stand and can be taken back."""


class NoLongerFitsError(DataError):
    """Raised where a decision cannot be undone or made again, since what it changed is another now; `decision` is its number."""

    def __init__(self, decision: Decision, *, again: bool) -> None:
        norsk, english = ("gjøres om igjen", "made again") if again else ("angres", "undone")
        what = say(
            f"steget kan ikke {norsk}: det det gjaldt, er endret siden, av en annen koder, en import eller en rettelse",
            f"the step cannot be {english}: what it was about was changed since, by another coder, an import or a correction",
        )
        mend = say("hopp over det, og gå til det forrige", "skip it, and go on to the one before")
        super().__init__(Problem(what), try_next=mend)
        self.decision = decision.id


def undo(connection: sqlite3.Connection, coder: int) -> Decision | None:
    """Take back a coder's last decision that stands, and give it; None if there is none.

    Raises:
        NoLongerFitsError: rows are not what the decision left; nothing is changed.
    """
    last = _last(connection, coder)
    if last is None:
        return None
    together = _together(connection, last)
    with _whole(connection, last, again=False):
        for one in together:
            changes = [change.reversed() for change in reversed(as_called_now(connection, one))]
            _decide(connection, coder, UNDO, changes, one)
        _mark(connection, together, lost=False)
    return last


def redo(connection: sqlite3.Connection, coder: int) -> Decision | None:
    """Make again the decision that was undone last, and give it; None if there is none.

    Raises:
        NoLongerFitsError: rows are not what undoing the decision left; nothing is changed.
    """
    undone = _undone(connection, coder)
    if not undone:
        return None
    first = undone[0]
    step = _step_of(connection, first)
    together = [first] if step is None else [one for one in undone if _step_of(connection, one) == step]
    with _whole(connection, first, again=True):
        for one in together:
            _decide(connection, coder, REDO, as_called_now(connection, one), one)
            connection.execute("DELETE FROM undone WHERE decision = ?", (one.id,))
    return first


def _decide(connection: sqlite3.Connection, coder: int, kind: str, changes: Sequence[Change], of: Decision) -> None:
    """Take a decision back, or make it again; of one about an interview, with the rows of its step."""
    if of.kind == INTERVIEW:
        last = last_turn(connection, of)
        if last.kind in (UNDO, REDO):  # put back what that line did, whoever's rows it moved
            changes = [change.reversed() for change in reversed(as_called_now(connection, last))]
        changes = turn_interview(connection, of, _number_of_step(connection, of), changes)
    else:
        check_places(connection, of.id, changes)
    shown = of.shown if of.kind in LINES else edited_again(connection, of, back=kind == UNDO)
    place = (of.transcript, of.utterance)
    decide(connection, coder, kind, changes, place=place, of=of.id, shown=shown, alone=of.kind in ALONE)


def _number_of_step(connection: sqlite3.Connection, decision: Decision) -> int:
    """The number of the step that a decision belongs to.

    Raises:
        ChangedElsewhereError: it is not there any more.
    """
    query = f"SELECT step.id FROM step JOIN decision ON {IN_STEP} WHERE decision.id = ?"  # noqa: S608 - our own words
    row = connection.execute(query, (decision.id,)).fetchone()
    if row is None:
        raise ChangedElsewhereError
    return int(row["id"])


def pass_over(connection: sqlite3.Connection, coder: int, decision: int) -> None:
    """Let a decision be as it is for good, if it is the next to be undone or to be made again (`NoLongerFitsError.decision`)."""
    last, undone = _last(connection, coder), _undone(connection, coder)
    if last is not None and last.id == decision:
        let_stand(connection, _together(connection, last))
    elif undone and undone[0].id == decision:
        let_stand(connection, undone[:1])


def let_stand(connection: sqlite3.Connection, decisions: list[Decision]) -> None:
    """Let decisions stand as they are for good: undo and redo pass them over."""
    _mark(connection, decisions, lost=True)


def as_called_now(connection: sqlite3.Connection, decision: Decision) -> tuple[Change, ...]:
    """The changes of a decision, with codes under the names that they were given since, or of what they were merged into."""
    changes = decision.changes
    if decision.kind == CODEBOOK:  # it fits only where its codes have the names that they had right after it
        return changes
    for old, new in names_after(connection, decision=decision.id, merged=True):
        changes = tuple(
            Change(one.table, _renamed(one.before, old, new), _renamed(one.after, old, new)) for one in changes
        )
    return changes


def _renamed(row: Row | None, old: str, new: str) -> Row | None:
    if row is not None and row.get("code") == old:
        return {**row, "code": new}
    if row is not None and row.get("about") == f"code/{old}":
        return {**row, "about": f"code/{new}"}
    return row


def _together(connection: sqlite3.Connection, last: Decision) -> list[Decision]:
    """A decision and those of its coder's that the same import made and that stand, the last first."""
    step = _step_of(connection, last)
    if step is None:
        return [last]
    query = f"{_STANDING} AND id > :first AND id <= :last ORDER BY id DESC"
    return decisions_of(connection, query, {**_values(last.coder), "first": step[0], "last": step[1]})


def _step_of(connection: sqlite3.Connection, decision: Decision) -> tuple[int, int] | None:
    """The numbers around the decisions of the import that a decision belongs to: after the first, up to the last."""
    query = f"SELECT first, last FROM step JOIN decision ON {IN_STEP} WHERE decision.id = ?"  # noqa: S608 - our own words
    row = connection.execute(query, (decision.id,)).fetchone()
    return None if row is None else tuple(row)


@contextlib.contextmanager
def _whole(connection: sqlite3.Connection, decision: Decision, *, again: bool) -> Iterator[None]:
    """Let all of a block happen, or nothing.

    Raises:
        NoLongerFitsError: something does not fit.
    """
    connection.execute("SAVEPOINT whole")
    try:
        yield
    except ChangedElsewhereError as error:
        connection.execute("ROLLBACK TO whole")
        raise NoLongerFitsError(decision, again=again) from error
    finally:
        connection.execute("RELEASE whole")


def _mark(connection: sqlite3.Connection, decisions: list[Decision], *, lost: bool) -> None:
    rows = [(decision.id, lost) for decision in decisions]
    connection.executemany("INSERT OR REPLACE INTO undone (decision, lost) VALUES (?, ?)", rows)


def _last(connection: sqlite3.Connection, coder: int) -> Decision | None:
    found = decisions_of(connection, f"{_STANDING} ORDER BY id DESC LIMIT 1", _values(coder))
    return found[0] if found else None


def _undone(connection: sqlite3.Connection, coder: int) -> list[Decision]:
    """A coder's decisions that can be made again, the one undone last first."""
    query = "SELECT * FROM decision WHERE coder = ? AND id IN (SELECT decision FROM undone WHERE NOT lost) ORDER BY id"
    return decisions_of(connection, query, (coder,))


def _values(coder: int) -> dict[str, object]:
    return {"coder": coder, "lasting": json.dumps(LASTING), "import": IMPORT}
