"""Gives a code to several places at once: one decision, which one step of undo takes back."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from autokode.base.errors import failure
from autokode.base.hashing import sha256_of
from autokode.base.messages import say
from autokode.project.store.coders import Coder
from autokode.project.store.decision_log import Change, decide
from autokode.project.store.outcomes import Outcome
from autokode.project.store.project import Project
from autokode.project.store.review_changes import check_span, new_coding, overlapped_by
from autokode.project.store.reviewing import Reviewer
from autokode.project.store.schema import overlap_sql

Place = tuple[int, int, int]
"""A span of a text: transcript's id, start, end."""

MOST = 2000
"""Most places that are coded at once."""


@dataclass(frozen=True, slots=True)
class Several:
    """Places, parted by whether they are to be coded.

    Attributes:
        new: those to be coded, with their words.
        left: those that have the code already, whole or in part.
        mark: of all this; another one means that something was changed since.
    """

    new: tuple[tuple[Place, str], ...]
    left: tuple[Place, ...]
    mark: str


def parted(project: Project, coder: Coder, places: Sequence[Place], code: str) -> Several:
    """What giving a code to places would do; nothing is changed.

    Raises:
        DataError: a place is no longer in the texts.
    """
    with project.database.reading() as connection:
        return _parted(connection, coder.id, places, code)


def code_several(reviewer: Reviewer, places: Sequence[Place], code: str, *, saw: str) -> Outcome:
    """Give a code to all places that do not have it, in one decision; those that have it are counted as `left`.

    Args:
        reviewer: who gives it.
        places: where.
        code: its name.
        saw: the `mark` of what the person saw (`parted`).

    Raises:
        DataError: the codebook lacks the code, or what the person saw is not so any more. Nothing is changed then.
    """
    reviewer.check_code(code)
    with reviewer.deciding() as (connection, coder):
        found = _parted(connection, coder, places, code)
        if found.mark != saw:
            raise failure(
                "tekstene eller kodingene er endret i mellomtiden; ingenting er kodet",
                "the texts or the codings were changed in the meantime; nothing was coded",
                try_next=say("se gjennom det som blir kodet, en gang til", "look at what will be coded once more"),
            )
        changes: list[Change] = []
        for (transcript, start, end), _words in found.new:
            changes += new_coding(connection, coder, transcript, (start, end), code, pending=changes)
        first = found.new[0][0] if found.new else None
        numbers = overlapped_by(connection, *first) if first else ()
        where = (first[0] if first else None, numbers[0] if numbers else None)
        made = decide(connection, coder, "code", changes, place=where)
    return Outcome(made, where[0], numbers, "code", len(found.left))


def _parted(connection: sqlite3.Connection, coder: int, places: Sequence[Place], code: str) -> Several:
    within = overlap_sql("start", "end", "?", "?")
    query = f"SELECT 1 FROM coding WHERE coder = ? AND transcript = ? AND code = ? AND {within}"  # noqa: S608 - our own words
    words = "SELECT substr(text, ? + 1, ?) FROM transcript WHERE id = ?"
    new: list[tuple[Place, str]] = []
    left: list[Place] = []
    for place in sorted(set(places))[:MOST]:
        transcript, start, end = place
        check_span(connection, transcript, start, end)
        if connection.execute(query, (coder, transcript, code, start, end)).fetchone() is not None:
            left.append(place)
        else:
            said = connection.execute(words, (start, end - start, transcript)).fetchone()[0]
            new.append((place, said))
    return Several(tuple(new), tuple(left), sha256_of(repr((new, left, code))))
