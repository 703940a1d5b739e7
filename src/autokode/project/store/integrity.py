"""Checks a project's file: its pages, texts and places, and its rows against the log."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from autokode.base.errors import DataError
from autokode.base.hashing import sha256_of
from autokode.base.messages import say
from autokode.project.store.database import Database
from autokode.project.store.decision_log import facts, replayed
from autokode.project.store.log_rewriting import lawfully_missing
from autokode.project.store.one_coding import DOUBLE
from autokode.project.store.project_files import FILE, is_unfinished
from autokode.project.store.said_index import is_in_step

KEPT = (
    *("setting", "transcript", "utterance", "codebook", "coder", "coding", "verdict", "done", "memo", "resolution"),
    *("decision", "undone", "round", "suggestion", "likely", "vector", "drawn", "carried", "step", "recording"),
    *("variable", "value"),
)
STRAY = (
    ("suggestion", "transcript NOT IN (SELECT id FROM transcript) OR round NOT IN (SELECT id FROM round)"),
    (
        "suggestion",
        "end > (SELECT length(text) FROM transcript WHERE id = suggestion.transcript) OR start < 0 OR start >= end",
    ),
    ("likely", "transcript NOT IN (SELECT id FROM transcript) OR round NOT IN (SELECT id FROM round)"),
    ("likely", "NOT are_shares(probabilities)"),
    ("vector", "transcript NOT IN (SELECT id FROM transcript)"),
    ("vector", "NOT have_one_length(vectors, (SELECT count(*) FROM utterance WHERE transcript = vector.transcript))"),
    ("recording", "transcript NOT IN (SELECT id FROM transcript)"),
    ("drawn", "transcript NOT IN (SELECT id FROM transcript) OR coder NOT IN (SELECT id FROM coder)"),
)
"""Tables that programs fill and can fill again, each with the condition for a row that belongs to nothing or is damaged.

The conditions use functions that `told` gives a connection."""
MISPLACED = (
    "SELECT coding.* FROM coding LEFT JOIN transcript ON transcript.id = coding.transcript WHERE transcript.id IS NULL "
    "OR coding.start < 0 OR coding.start >= coding.end OR coding.end > length(transcript.text)"
)


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault in a project's file.

    Attributes:
        kind: "rights", "left", "removal", "page", "log", "rows", "text", "utterance", "words", "coding", "double" or
            "stray".
        what: the fault in words.
        mend: how `repair` mends it; "" if only a backup helps.
    """

    kind: str
    what: str
    mend: str


def check(folder: Path) -> list[Fault]:
    """Find all faults of a project's file, and change nothing.

    Raises:
        DataError: there is no project, or not even the first page of its file can be read.
    """
    path = folder / FILE
    database = Database.open(path)
    found = [*_rights(path), *_left(folder)]
    pages = list(_pages(path))
    if pages:
        return found + pages
    found += _unfinished(database)
    with database.reading() as connection:
        found += [*_log(connection), *_texts(connection), *_words(connection), *_codings(connection)]
        return [*found, *_doubles(connection), *_strays(told(connection))]


def _rights(path: Path) -> Iterator[Fault]:
    if os.name == "posix" and path.stat().st_mode & 0o077:
        what = say("andre på maskinen kan lese prosjektet", "others on the machine can read the project")
        yield Fault("rights", what, say("gjør filen til din alene", "makes the file yours alone"))


def leftovers(folder: Path) -> list[Path]:
    return sorted(folder.glob(f".{FILE}*"))


def _left(folder: Path) -> Iterator[Fault]:
    left = leftovers(folder)
    if left:
        what = say(f"{len(left)} halvskrevne filer ligger igjen", f"{len(left)} half-written files were left")
        yield Fault("left", what, say("tar dem bort", "takes them away"))


def _unfinished(database: Database) -> Iterator[Fault]:
    if is_unfinished(database):
        what = say(
            "en fjerning ble avbrutt før alle filer var slettet", "a removal was cut off before all files were gone"
        )
        yield Fault("removal", what, say("sletter resten", "deletes the rest"))


def _pages(path: Path) -> Iterator[Fault]:
    try:
        with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            said = [row[0] for row in connection.execute("PRAGMA integrity_check(20)")]
            for table in KEPT:  # SQLite itself accepts text that is no UTF-8
                for _row in connection.execute(f"SELECT * FROM {table}"):  # noqa: S608 - our own names
                    pass
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        said = [_without_text(str(error))]
    if said != ["ok"]:
        what = say(f"filen er skadet: {said[0]}", f"the file is damaged: {said[0]}")
        if len(said) > 1:
            what += say(f" (og {len(said) - 1} til)", f" (and {len(said) - 1} more)")
        yield Fault(
            "page", what, say("flytter alt som kan leses, til en ny fil", "moves all that can be read to a new file")
        )


def _without_text(said: str) -> str:
    """SQLite's message without the text it quotes from the file, which may be personal."""
    return said.split(" with text", maxsplit=1)[0]


def _log(connection: sqlite3.Connection) -> Iterator[Fault]:
    numbers = [row["id"] for row in connection.execute("SELECT id FROM decision ORDER BY id")]
    missing = (numbers[-1] - len(numbers) - lawfully_missing(connection)) if numbers else 0
    try:
        stated = replayed(connection) if not missing else None
    except DataError:
        stated = None
    if stated is None:
        what = say("avgjørelser mangler i loggen", "decisions are missing from the log") + f" ({missing})" * bool(
            missing
        )
        yield Fault("log", what, "")
    elif stated != facts(connection):
        what = say("radene er ikke det loggen sier", "the rows are not what the log says")
        yield Fault("rows", what, say("lager dem på nytt av loggen", "makes them anew from the log"))


def _texts(connection: sqlite3.Connection) -> Iterator[Fault]:
    for row in connection.execute("SELECT id, name, sha256, text FROM transcript ORDER BY id").fetchall():
        text = row["text"]
        if sha256_of(text) != row["sha256"]:
            what = say(
                f"{row['name']}: teksten er ikke den som ble tatt inn",
                f"{row['name']}: the text is not the one taken in",
            )
            yield Fault("text", what, "")
        turns = connection.execute(
            "SELECT start, end, text FROM utterance WHERE transcript = ? ORDER BY number", (row["id"],)
        )
        wrong = sum(not _stands(text, turn["start"], turn["end"], turn["text"]) for turn in turns)
        if wrong:
            what = say(
                f"{row['name']}: {wrong} ytringer står ikke der de skal",
                f"{row['name']}: {wrong} utterances are not where they should be",
            )
            yield Fault("utterance", what, "")


def _stands(text: str, start: int, end: int, said: str) -> bool:
    """Whether an utterance is the text at its place, apart from time stamps blanked in it."""
    if not 0 <= start <= end <= len(text) or len(said) != end - start:
        return False
    return all(b in (a, " ") for a, b in zip(text[start:end], said, strict=True))


def _words(connection: sqlite3.Connection) -> Iterator[Fault]:
    if not is_in_step(connection):
        what = say(
            "registeret for søk har ikke de ordene som står i tekstene",
            "the index for search has not the words that are in the texts",
        )
        yield Fault("words", what, say("lager det på nytt av tekstene", "makes it anew from the texts"))


def _codings(connection: sqlite3.Connection) -> Iterator[Fault]:
    count = len(connection.execute(MISPLACED).fetchall())
    if count:
        what = say(f"{count} kodinger har ingen plass i teksten", f"{count} codings have no place in the text")
        yield Fault(
            "coding",
            what,
            say("tar dem ut ved en avgjørelse, så loggen har dem", "takes them out by a decision, so the log has them"),
        )


def _doubles(connection: sqlite3.Connection) -> Iterator[Fault]:
    count = len(connection.execute(DOUBLE).fetchall())
    is_held = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'coding_once'").fetchone() is not None
    if count or not is_held:
        what = say(
            f"{count} kodinger er like en annen av samme koder" if count else "like kodinger er ikke utelukket",
            f"{count} codings equal another one of their coder's" if count else "equal codings are not ruled out",
        )
        yield Fault("double", what, say("slår dem sammen ved en avgjørelse", "makes them one by a decision"))


def told(connection: sqlite3.Connection) -> sqlite3.Connection:
    """Give a connection the functions that the conditions in `STRAY` use, and return it."""
    connection.create_function("are_shares", 1, _are_shares, deterministic=True)
    connection.create_function("have_one_length", 2, _have_one_length, deterministic=True)
    return connection


def _are_shares(data: bytes) -> bool:
    """Whether all of the float16 numbers are 0–1."""
    if len(data) % 2:
        return False
    values = np.frombuffer(data, np.float16)
    return bool(((values >= 0) & (values <= 1)).all())


def _have_one_length(data: bytes, count: int) -> bool:
    """Whether int8 (count, n_dimensions) are vectors of length 0 or, apart from rounding, 127."""
    if not count or len(data) % count:
        return not data
    lengths = np.linalg.norm(np.frombuffer(data, np.int8).reshape(count, -1).astype(np.float32), axis=1)
    return bool(((lengths == 0) | (abs(lengths - 127) < 0.5 * (len(data) // count) ** 0.5)).all())


def _strays(connection: sqlite3.Connection) -> Iterator[Fault]:
    count = sum(
        connection.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchone()[0]  # noqa: S608 - our own words
        for table, where in STRAY
    )
    if count:
        what = say(
            f"{count} rader fra modeller hører ikke til noe, eller er skadet",
            f"{count} rows of models belong to nothing, or are damaged",
        )
        yield Fault(
            "stray", what, say("tar dem bort; de kan læres på nytt", "takes them away; they can be learnt again")
        )
