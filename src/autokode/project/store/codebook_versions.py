"""The versions of a project's codebook in its file: reads one, adds one, and takes an edit of the log back or makes it again.

After a version was added, a note says that codebook.yaml is still to be written (`codebook_file`).
"""

import json
import sqlite3
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from autokode.corpus.codebook import Codebook
from autokode.corpus.codebook_tree import patched
from autokode.project.store.code_names import rename_beside
from autokode.project.store.decision_log import CODEBOOK, ChangedElsewhereError, Decision, now

NOTE = "codebook file"
"""The setting that notes which version codebook.yaml has, until it is written anew."""

KEPT = 16
"""Most codebooks that stay read in memory: reading one takes a tenth of a second."""

_read: OrderedDict[str, Codebook] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the codebook: its number, SHA-256 and YAML."""

    number: int
    sha256: str
    yaml: str

    @property
    def codebook(self) -> Codebook:
        found = _read.get(self.sha256)
        if found is None:
            found = Codebook.from_yaml(self.yaml, may_be_empty=True)
            _remember(self.sha256, found)
        return found


def _remember(sha256: str, codebook: Codebook) -> None:
    _read[sha256] = codebook
    while len(_read) > KEPT:
        _read.popitem(last=False)


def newest_version(connection: sqlite3.Connection) -> Version | None:
    """The version in use; None in a project whose making was cut off."""
    row = connection.execute("SELECT version, sha256, yaml FROM codebook ORDER BY version DESC LIMIT 1").fetchone()
    return None if row is None else Version(*row)


def version_numbered(connection: sqlite3.Connection, number: int) -> Version:
    """The version with a number, which there is."""
    return Version(
        *connection.execute("SELECT version, sha256, yaml FROM codebook WHERE version = ?", (number,)).fetchone()
    )


def add_version(connection: sqlite3.Connection, codebook: Codebook) -> Version:
    """Keep a codebook as the newest version, unless it is that already; give the newest version."""
    last = newest_version(connection)
    if last is not None and last.sha256 == codebook.sha256:
        return last
    values = (codebook.sha256, codebook.to_yaml(), now())
    cursor = connection.execute("INSERT INTO codebook (sha256, yaml, added) VALUES (?, ?, ?)", values)
    _remember(codebook.sha256, codebook)
    assert cursor.lastrowid is not None  # noqa: S101 - a row was added
    return Version(cursor.lastrowid, *values[:2])


def edited(
    connection: sqlite3.Connection, before: Version, codebook: Codebook, kind: str, **about: Any
) -> dict[str, Any]:
    """Add the version of an edit, note that the file is to follow, and give what the log keeps of it (`Decision.shown`)."""
    after = add_version(connection, codebook)
    if after.number != before.number:
        connection.execute("INSERT OR IGNORE INTO setting VALUES (?, ?)", (NOTE, str(before.number)))
    return {CODEBOOK: [before.number, after.number], "kind": kind, **about}


def edited_again(connection: sqlite3.Connection, decision: Decision, *, back: bool) -> dict[str, Any] | None:
    """Take the edit of a decision back, or make it again, in the codebook of now; give what the log keeps of that.

    None for a decision that edits no codebook. The decision's other changes are the caller's.

    Raises:
        ChangedElsewhereError: the codes it is about are not as they were.
    """
    if CODEBOOK not in decision.shown or decision.kind != CODEBOOK:
        return None
    first, second = reversed(decision.shown[CODEBOOK]) if back else decision.shown[CODEBOOK]
    before = newest_version(connection)
    if before is None:
        raise ChangedElsewhereError
    old, new = (version_numbered(connection, number).codebook for number in (first, second))
    codebook = patched(before.codebook, old, new)
    if codebook is None:
        raise ChangedElsewhereError
    about = {name: decision.shown[name] for name in ("past", "names", "merged") if name in decision.shown}
    moved = [name for name in ("past", "names") if name in about]
    for name in reversed(moved) if back else moved:
        about[name] = list(reversed(about[name])) if back else about[name]
        rename_beside(connection, *about[name])
    return edited(connection, before, codebook, decision.shown["kind"], **about)


def version_in_file(connection: sqlite3.Connection) -> int | None:
    """The number of the version that codebook.yaml has, if it is still to be written anew."""
    row = connection.execute("SELECT value FROM setting WHERE name = ?", (NOTE,)).fetchone()
    return None if row is None else int(json.loads(row["value"]))


def file_is_written(connection: sqlite3.Connection) -> None:
    """Note that codebook.yaml need not be written."""
    connection.execute("DELETE FROM setting WHERE name = ?", (NOTE,))
