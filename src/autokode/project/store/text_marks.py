"""Tells whether somebody who gives places in an interview sees the text that is there, and not one from before a correction."""

import sqlite3
from collections.abc import Mapping

from autokode.base.errors import DataError, Problem
from autokode.base.hashing import sha256_of
from autokode.base.messages import say
from autokode.project.store.project import Project


class TextChangedError(DataError):
    """Raised where places are given in a text that is another one by now, by its words or by its utterances."""

    def __init__(self) -> None:
        what = say(
            "teksten i intervjuet er rettet siden du åpnet det; ingenting er endret",
            "the text of the interview was corrected since you opened it; nothing was changed",
        )
        mend = say("vis teksten slik den er nå, og gjør det en gang til", "show the text as it is now, and do it again")
        super().__init__(Problem(what), try_next=mend)


def text_mark(connection: sqlite3.Connection, transcript: int) -> str:
    """A mark of an interview's text and of where its utterances begin and end; "" if there is no such interview."""
    row = connection.execute(
        "SELECT sha256, (SELECT group_concat(start || '-' || end) FROM (SELECT start, end FROM utterance "
        "WHERE transcript = :id ORDER BY number)) AS turns FROM transcript WHERE id = :id",
        {"id": transcript},
    ).fetchone()
    return "" if row is None else sha256_of(f"{row['sha256']} {row['turns']}")[:12]


def text_mark_of(project: Project, transcript: int) -> str:
    """The mark of an interview's text as it is now."""
    with project.database.reading() as connection:
        return text_mark(connection, transcript)


def text_marks(project: Project) -> dict[int, str]:
    """Interview's id → the mark of its text as it is now: for work that takes a while, and places rows by these texts."""
    with project.database.reading() as connection:
        numbers = [row["id"] for row in connection.execute("SELECT id FROM transcript ORDER BY id").fetchall()]
        return {number: text_mark(connection, number) for number in numbers}


def changed_texts(connection: sqlite3.Connection, marks: Mapping[int, str]) -> list[int]:
    """The interviews whose text is another one than the one with their mark, by id."""
    return [number for number, mark in marks.items() if text_mark(connection, number) != mark]


def check_text(connection: sqlite3.Connection, transcript: int, saw: str) -> None:
    """Check that the text with a mark is there now.

    Raises:
        TextChangedError: another one is.
    """
    if text_mark(connection, transcript) != saw:
        raise TextChangedError
