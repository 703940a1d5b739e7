"""Says in words what SQLite finds wrong with a project's file, and what to do."""

import contextlib
import difflib
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from autokode.base.errors import DataError, Problem, failure, quoted
from autokode.base.messages import say
from autokode.project.store.opening import MOVED, replaced


@contextlib.contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into errors in words."""
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
        raise  # our mistake, not a fault of the file
    except sqlite3.OperationalError as error:
        raise _said(error, path) from error
    except (sqlite3.DatabaseError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise failure(
            f"er skadet eller ikke et prosjekt ({error})",
            f"is damaged or no project ({error})",
            where=path,
            try_next=doctor(path),
        ) from error


def _said(error: sqlite3.OperationalError, path: Path) -> DataError:
    text = str(error)
    if getattr(error, "sqlite_errorname", "") == MOVED:
        return replaced(path)
    if "locked" in text or "busy" in text:
        what = say("er i bruk av et annet program; ingenting er endret", "is used by another program; nothing changed")
        mend = say("vent litt, og prøv igjen", "wait a little, and try again")
    elif "full" in text or "disk I/O" in text:
        what = say("disken er full; det siste ble ikke lagret", "the disk is full; the last step was not stored")
        mend = f"df -h {quoted(path.parent)}"
    elif "decode" in text:  # SQLite quotes the text, which may be personal: leave it out
        what = say("er skadet: tekst som ikke kan leses", "is damaged: text that cannot be read")
        mend = f"autokode doctor --project {quoted(path.parent)} --repair"
    elif not path.exists():
        what = say("er borte; ingenting er lagret", "is gone; nothing was stored")
        mend = say(
            "legg filen tilbake, eller en sikkerhetskopi av den, og last siden på nytt",
            "put the file back, or a backup of it, and load the page again",
        )
    else:
        what = say(f"kan ikke brukes ({text}); ingenting er endret", f"cannot be used ({text}); nothing was changed")
        mend = f"ls -l {quoted(path)}"
    return DataError(Problem(what, str(path)), try_next=mend)


def no_project(path: Path) -> DataError:
    """Make the error for a folder without a project; it names a project beside, below or above it."""
    folder = path.parent
    beside = sorted(there.parent for place in (folder, folder.parent) for there in place.glob(f"*/{path.name}"))
    above = [place for place in folder.absolute().parents if (place / path.name).is_file()]
    near = difflib.get_close_matches(folder.name, [place.name for place in beside], n=1, cutoff=0)
    found = [place for place in beside if place.name in near] + above
    make = f"autokode init {quoted(folder)}"
    other = f"--project {quoted(found[0])}" if found else ""
    return failure(
        "finnes ikke; ventet et prosjekt",
        "does not exist; expected a project",
        where=path,
        try_next=say(f"{other}, eller {make}", f"{other}, or {make}") if other else make,
    )


def doctor(path: Path) -> str:
    """The command that mends a project's file."""
    doctor = f"autokode doctor --project {quoted(path.parent)} --repair"
    return say(f"{doctor}, eller en sikkerhetskopi", f"{doctor}, or a backup")
