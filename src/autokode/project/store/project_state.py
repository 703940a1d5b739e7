"""Names a state of a project, so that a file written from it can be told from files of other projects and of later states."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from autokode.base.hashing import sha256_of
from autokode.project.store.project import Project

STATE = r"([0-9a-f]{8})([0-9a-f]{4})-(\d{1,15})"
"""A state as it is written in a file."""


@dataclass(frozen=True, slots=True)
class State:
    """A state of a project.

    Attributes:
        project: names the project, and copies of its folder.
        moment: names the moment of the last decision.
        decision: the number of the last decision in the log; 0 before there is one.
    """

    project: str
    moment: str
    decision: int

    def __str__(self) -> str:
        return f"{self.project}{self.moment}-{self.decision}"


def state_in(text: str) -> State | None:
    """The state that stands in a text, as `str` writes it; None if there is none."""
    found = re.search(STATE, text)
    return State(found[1], found[2], int(found[3])) if found else None


@contextmanager
def one_state(project: Project) -> Iterator[State]:
    """Hold the state in which a project is: everything that this thread reads in the block is of it, and nobody waits for it."""
    with project.database.snapshot():
        yield state_of(project)


def state_of(project: Project) -> State:
    """The state in which a project is."""
    decision = project.database.number("SELECT max(id) FROM decision")
    return State(_name_of(project), _moment_of(project, decision) or _moment(""), decision)


def was_in(project: Project, state: State) -> bool:
    """Whether a project was in a state, or is in it: another one was not, nor a copy that went another way or is older."""
    with project.database.reading():
        last = project.database.number("SELECT max(seq) FROM sqlite_sequence WHERE name = 'decision'")
        if state.project != _name_of(project) or state.decision > last:
            return False
        moment = _moment_of(project, state.decision)  # None if a removal took the decision out of the log
        return moment is None or moment == state.moment


def was_added(project: Project, number: int, added: str) -> bool:
    """Whether a project has or had a transcript of this number, added then; of one that is gone only the number is known."""
    last = project.database.number("SELECT max(seq) FROM sqlite_sequence WHERE name = 'transcript'")
    rows = project.database.rows("SELECT added FROM transcript WHERE id = ?", (number,))
    return rows[0]["added"] == added if rows else number <= last


def _name_of(project: Project) -> str:
    rows = project.database.rows("SELECT added FROM codebook ORDER BY version LIMIT 1")
    return sha256_of(rows[0]["added"])[:8] if rows else "0" * 8


def _moment_of(project: Project, decision: int) -> str | None:
    rows = project.database.rows("SELECT time FROM decision WHERE id = ?", (decision,))
    return _moment(rows[0]["time"]) if rows else None


def _moment(time: str) -> str:
    return sha256_of(time)[:4]
