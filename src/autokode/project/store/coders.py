"""Who codes in a project. Somebody becomes one of its coders with the first thing of theirs that is stored, and not before."""

import contextlib
import difflib
import re
import sqlite3
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from autokode.base.formatting import one_line
from autokode.project.store.database import Database

NEWCOMER = 0
"""The id of somebody of whom nothing is stored yet; SQLite's ids begin at 1."""

ALIKE = 0.75
"""Least ratio of `difflib` between two names for the one to be asked about as a slip of the other."""

OF = " – "
"""Stands between a choice and the coder whose it is, in the name of a setting."""

LONGEST = 80
"""Longest name of a coder that somebody may give, in characters."""

_TELLING = re.compile(r"\d+|\b\w\b")
"""Parts of a name that tell people apart on purpose: «Koder 1» and «Koder 2», «Koder A» and «Koder B»."""


@dataclass(frozen=True, slots=True)
class Coder:
    """A person who codes; one who codes blind is shown no suggestions and nobody else's codings.

    Attributes:
        id: the number in the project, or `NEWCOMER`.
        name: as the person wrote it.
        blind: whether they code blind.
    """

    id: int
    name: str
    blind: bool = False


def everyone_in(database: Database) -> list[Coder]:
    """The people of whom something is stored, and the models that coded without a person, in the order of their first time."""
    rows = database.rows("SELECT id, name, blind FROM coder ORDER BY id")
    return [Coder(number, name, bool(blind)) for number, name, blind in rows]


def enrolled(connection: sqlite3.Connection, name: str, *, blind: bool | None = None) -> Coder:
    """The coder with this name, made in the caller's transaction if there is none; `blind` sets whether they code blind."""
    connection.execute("INSERT OR IGNORE INTO coder (name) VALUES (?)", (name,))
    if blind is not None:
        connection.execute("UPDATE coder SET blind = ? WHERE name = ?", (int(blind), name))
    number, is_blind = connection.execute("SELECT id, blind FROM coder WHERE name = ?", (name,)).fetchone()
    return Coder(number, name, bool(is_blind))


@contextlib.contextmanager
def enrolling(connection: sqlite3.Connection, name: str, *, blind: bool | None = None) -> Iterator[int]:
    """Give the id of the coder with this name for the block; one who is new and has stored nothing when it ends is not kept."""
    is_new = connection.execute("SELECT 1 FROM coder WHERE name = ?", (name,)).fetchone() is None
    coder = enrolled(connection, name, blind=blind).id
    yield coder
    if is_new:
        dropped(connection, coder)


def dropped(connection: sqlite3.Connection, coder: int) -> bool:
    """Take a coder out of the project if nothing of theirs is stored; say whether that is so."""
    stored = " UNION ALL ".join(
        f"SELECT 1 FROM {table} WHERE coder = :coder"  # noqa: S608 - our own names
        for table in ("decision", "coding", "verdict", "done", "memo", "round")
    )
    connection.execute(f"DELETE FROM coder WHERE id = :coder AND NOT EXISTS ({stored})", {"coder": coder})  # noqa: S608
    gone = connection.execute("SELECT 1 FROM coder WHERE id = ?", (coder,)).fetchone() is None
    if gone:
        connection.execute("DELETE FROM drawn WHERE coder = ?", (coder,))
    return gone


def renamed(connection: sqlite3.Connection, coder: Coder, name: str) -> None:
    """Give a coder another name; what they decided, and chose for the page, stays theirs."""
    connection.execute("UPDATE coder SET name = ? WHERE id = ?", (name, coder.id))
    for row in connection.execute("SELECT name, value FROM setting").fetchall():
        choice, dash, who = row["name"].partition(OF)
        if dash and who == coder.name:
            connection.execute("DELETE FROM setting WHERE name IN (?, ?)", (row["name"], f"{choice}{OF}{name}"))
            connection.execute("INSERT INTO setting VALUES (?, ?)", (f"{choice}{OF}{name}", row["value"]))


def as_known(written: str, known: Collection[str], *, any_case: bool = False) -> str:
    """The known name that differs in blanks and the encoding of letters alone, with `any_case` also in case; else as written.

    >>> as_known("A\u030ase ", ["Åse"]), as_known("åse", ["Åse"]), as_known("åse", ["Åse"], any_case=True)
    ('Åse', 'åse', 'Åse')
    """
    if written in known:
        return written
    plain = _folded if any_case else _composed
    same = [name for name in known if plain(name) == plain(written)]
    return same[0] if len(same) == 1 else written


def likeliest(written: str, known: Collection[str]) -> str:
    """The known name that somebody probably meant by one that is not known, or "".

    >>> likeliest("Ane", ["Anne", "Kari"]), likeliest("Koder 2", ["Koder 1"])
    ('Anne', '')
    """
    plain = {_folded(name): name for name in known if name != written}
    wanted = _folded(written)
    same_person = [name for name in plain if _TELLING.findall(name) == _TELLING.findall(wanted)]
    near = difflib.get_close_matches(wanted, same_person, n=1, cutoff=ALIKE)
    longer = [
        name for name in plain if (wanted and f"{name} ".startswith(f"{wanted} ")) or wanted.startswith(f"{name} ")
    ]
    return plain[(near or longer)[0]] if near or longer else ""


def _composed(name: str) -> str:
    return one_line(unicodedata.normalize("NFC", name))


def _folded(name: str) -> str:
    return _composed(name).casefold()
