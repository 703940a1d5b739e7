"""Keeps the index of the words that are said: it follows the utterances by triggers, and holds no word that is gone.

SQLite's FTS5 only notes that a text is gone; its words stay in the index until parts of it are merged. So a transaction that
takes a text away merges all of them before it ends.
"""

import contextlib
import sqlite3

from autokode.project.store.schema import ALL_SAID, WORDS


def clean(connection: sqlite3.Connection) -> None:
    """Take out of the index, in the caller's transaction, what is left of texts that are gone; nothing to do where none is."""
    if connection.execute("SELECT 1 FROM said_left").fetchone() is not None:
        connection.execute("INSERT INTO said (said) VALUES ('optimize')")
        connection.execute("DELETE FROM said_left")


def rebuild(connection: sqlite3.Connection) -> None:
    """Make the index anew from the texts."""
    connection.execute("INSERT INTO said (said) VALUES ('delete-all')")
    connection.execute(ALL_SAID)


def is_in_step(connection: sqlite3.Connection) -> bool:
    """Whether the index holds the words of the utterances, each as often as they say it, and no others."""
    try:
        return _terms(connection, "said_term") == _terms_of_texts(connection)
    except sqlite3.DatabaseError:
        return False


Terms = list[tuple[str, int, int]]
"""Each word with the number of utterances that have it, and how often it is said; in order."""


def _terms(connection: sqlite3.Connection, table: str) -> Terms:
    rows = connection.execute(f"SELECT term, doc, cnt FROM {table} ORDER BY term")  # noqa: S608 - our own name
    return [tuple(row) for row in rows]


def _terms_of_texts(connection: sqlite3.Connection) -> Terms:
    """The words as an index that is made anew, in memory, has them."""
    with contextlib.closing(sqlite3.connect(":memory:")) as fresh:
        fresh.execute(f"CREATE VIRTUAL TABLE own USING {WORDS}")
        fresh.execute("CREATE VIRTUAL TABLE own_term USING fts5vocab(own, row)")
        rows = connection.execute("SELECT (transcript << 32) | number, text FROM utterance")
        fresh.executemany("INSERT INTO own (rowid, text) VALUES (?, ?)", (tuple(row) for row in rows))
        return _terms(fresh, "own_term")
