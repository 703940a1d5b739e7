"""Changes what a project says of an interview: its name, its group, who interviews. Each is one decision that can be undone.

The decision's step (`step_making`) holds the rows as they were.
"""

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from autokode.base.errors import failure
from autokode.base.formatting import one_line
from autokode.base.messages import say
from autokode.corpus.understood import interviewed_by
from autokode.project.store.coders import Coder, enrolling
from autokode.project.store.corrections import correct
from autokode.project.store.decision_log import INTERVIEW, INTERVIEWERS, NAME, OFFICE, Change, decide
from autokode.project.store.project import Project
from autokode.project.store.reworded_rows import Rewording
from autokode.project.store.transcripts import Source


def source_with(project: Project, number: int) -> Source:
    """Where the transcript with this id came from.

    Raises:
        DataError: there is none.
    """
    found = next((one for one in project.sources if one.id == number), None)
    if found is None:
        raise failure(
            "intervjuet er ikke her lenger; ingenting er endret",
            "the interview is no longer here; nothing was changed",
            try_next=say("last siden på nytt", "load the page again"),
        )
    return found


@dataclass
class Changing:
    """A decision about an interview while it is made: the connection, the interview, and the rows of decisions it changes,
    and what its line in the log tells beside what it changed."""

    connection: sqlite3.Connection
    source: Source
    changes: Sequence[Change] = ()
    shown: dict[str, Any] = field(repr=False, default_factory=dict)


@contextlib.contextmanager
def changing(project: Project, who: Coder, number: int, what: str) -> Iterator[Changing]:
    """Make one decision, with its step, of what the block changes of an interview; none if it changes nothing."""
    with project.step(INTERVIEW), project.database.writing() as connection:
        before = connection.total_changes
        own = Changing(connection, source_with(project, number))
        yield own
        if connection.total_changes != before or own.changes:
            with enrolling(connection, who.name, blind=who.blind or None) as coder:
                shown = {"what": what, **own.shown}
                decide(connection, coder, INTERVIEW, own.changes, place=(number, None), shown=shown, alone=True)


def rename_interview(project: Project, who: Coder, number: int, name: str, *, saw: str) -> bool:
    """Give an interview another name, which nothing else here has; say whether it is another.

    Args:
        project: the project.
        who: decides it.
        number: the interview's id.
        name: the new one.
        saw: the name that the person sees.

    Raises:
        DataError: the name is another's or none, or not the one seen.
    """
    new = one_line(name)
    with changing(project, who, number, NAME) as own:
        check_seen(saw, own.source.name)
        if not new:
            raise failure("et intervju må ha et navn", "an interview must have a name")
        if new == own.source.name:
            return False
        if any(one.name.casefold() == new.casefold() for one in project.sources if one.id != number):
            raise failure(f"et annet intervju heter «{new}»", f"another interview is called «{new}»")
        office = new if own.source.office == own.source.name else own.source.office  # its own group follows it
        own.connection.execute("UPDATE transcript SET name = ?, office = ? WHERE id = ?", (new, office, number))
        _rename_carried(own.connection, own.source.name, new)
    return True


def _rename_carried(connection: sqlite3.Connection, old: str, new: str) -> None:
    """Let the data of other programs follow an interview's name."""
    rewording = Rewording(transcripts={old: new})
    for row in map(dict, connection.execute("SELECT * FROM carried ORDER BY kind, key").fetchall()):
        now = rewording.row("carried", row)
        if now != row:
            connection.execute("DELETE FROM carried WHERE kind = ? AND key = ?", (row["kind"], row["key"]))
            connection.execute("INSERT INTO carried VALUES (:kind, :key, :data)", now)


def regroup_interview(project: Project, who: Coder, number: int, office: str, *, saw: str) -> bool:
    """Give an interview another group (office); none if "". Say whether it is another; else as `rename_interview`."""
    with changing(project, who, number, OFFICE) as own:
        check_seen(saw, own.source.office)
        new = one_line(office) or own.source.name
        if new != own.source.office:
            own.connection.execute("UPDATE transcript SET office = ? WHERE id = ?", (new, number))
    return new != own.source.office


def change_interviewers(project: Project, who: Coder, number: int, names: Sequence[str], *, saw: Sequence[str]) -> bool:
    """Say who interviews; codings stay where they are. Say whether that is something else; else as `rename_interview`.

    Raises:
        DataError: nobody in it has one of the names, or others interviewed than those seen.
    """
    with changing(project, who, number, INTERVIEWERS) as own:
        transcript = project.transcript(own.source.name)
        check_seen(sorted(saw), sorted(transcript.interviewers))
        said = correct(project, interviewed_by(transcript, tuple(names)))
    return bool(said)


def check_seen(saw: Any, now: Any) -> None:
    """Check that a person saw what is there now.

    Raises:
        DataError: it was changed since.
    """
    if saw != now:
        raise failure(
            "dette er endret i et annet vindu i mellomtiden; ingenting er gjort",
            "this was changed in another window in the meantime; nothing was done",
            try_next=say("last siden på nytt", "load the page again"),
        )
