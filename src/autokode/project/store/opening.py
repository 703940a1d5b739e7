"""Opens a project's file for SQLite: the one that is there, and never a new one; says when another took its place.

Programs that keep folders alike on several machines put whole files back, also while autokode has them open. SQLite then refuses
to write to the file that lost its name.
"""

import sqlite3
from pathlib import Path

from autokode.base.errors import DataError, Problem
from autokode.base.messages import say

MOVED = "SQLITE_READONLY_DBMOVED"
"""SQLite's name for the error when its open file is no longer the one of that name."""


def connection_to(path: Path, *, wait_s: float) -> sqlite3.Connection:
    """Open a file that is there, to read and to write.

    Raises:
        sqlite3.OperationalError: there is none, or it cannot be opened.
    """
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=wait_s, isolation_level=None)


class ReplacedError(DataError):
    """Raised where another file took the place of the project's."""


def replaced(path: Path) -> ReplacedError:
    """Make the error for a file in whose place another one was put."""
    what = say(
        "er byttet ut med en annen eller eldre utgave mens den var i bruk, kanskje av et program som synkroniserer mapper; det "
        "siste er ikke lagret",
        "was replaced by another or an older copy while it was in use, perhaps by a program that synchronises folders; the last "
        "step was not stored",
    )
    mend = say(
        "stans synkroniseringen av mappen, legg den riktige filen tilbake, og last siden på nytt",
        "stop synchronising the folder, put the right file back, and load the page again",
    )
    return ReplacedError(Problem(what, str(path)), try_next=mend)
