"""Whether a project's file is sound, and what can be mended: pages, texts, places, and the rows against the log."""

import contextlib
import itertools
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autokode.errors import DataError, Problem
from autokode.language import say
from autokode.project import decisions
from autokode.project.database import Database, statements
from autokode.project.decisions import FACTS, Change, State, decide, facts, log, replayed
from autokode.project.project import FILE
from autokode.project.schema import APPLICATION, FORMAT, TABLES
from autokode.transcript import sha256_of

_TABLES = (
    *("setting", "transcript", "utterance", "codebook", "coder", "coding", "verdict", "done", "memo", "resolution"),
    *("decision", "undone", "round", "suggestion", "likely", "vector", "drawn", "carried"),
)
_STRAY = (
    ("suggestion", "transcript NOT IN (SELECT id FROM transcript) OR round NOT IN (SELECT id FROM round)"),
    (
        "suggestion",
        "end > (SELECT length(text) FROM transcript WHERE id = suggestion.transcript) OR start < 0 OR start >= end",
    ),
    ("likely", "transcript NOT IN (SELECT id FROM transcript) OR round NOT IN (SELECT id FROM round)"),
    ("vector", "transcript NOT IN (SELECT id FROM transcript)"),
    ("drawn", "transcript NOT IN (SELECT id FROM transcript) OR coder NOT IN (SELECT id FROM coder)"),
)
"""What programs made and can make again, and when it belongs to nothing."""
_MISPLACED = (
    "SELECT coding.* FROM coding LEFT JOIN transcript ON transcript.id = coding.transcript WHERE transcript.id IS NULL "
    "OR coding.start < 0 OR coding.start >= coding.end OR coding.end > length(transcript.text)"
)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it should be.

    Attributes:
        kind: "rights", "left", "page", "log", "rows", "text", "utterance", "coding" or "stray".
        what: what was found, in words.
        mend: what `repair` does about it; "" where only a copy from before helps.
    """

    kind: str
    what: str
    mend: str


def check(folder: Path) -> list[Fault]:
    """Return all that is wrong with a project's file; nothing is changed.

    Raises:
        DataError: there is no project, or its file is so damaged that not even its first page can be read.
    """
    path = folder / FILE
    database = Database.open(path)
    found = [*_rights(path), *_left(folder)]
    pages = list(_pages(path))
    if pages:
        return found + pages
    with database.reading() as connection:
        return [*found, *_log(connection), *_texts(connection), *_codings(connection), *_strays(connection)]


def repair(folder: Path) -> tuple[list[str], Path]:
    """Mend what `check` says can be mended; return what was done, and the copy of the file as it was.

    Codings are only taken away by a decision, so the log has them still.

    Raises:
        DataError: as for `check`; or the folder cannot be written.
    """
    path = folder / FILE
    copy = _copied(path)
    done = []
    faults = check(folder)
    if any(fault.kind == "page" for fault in faults):
        done.append(_salvage(path))
        faults = check(folder)
    kinds = {fault.kind for fault in faults if fault.mend}
    if "rights" in kinds:
        path.chmod(0o600)
        done.append(say("filen er nå bare din", "the file is yours alone now"))
    if "left" in kinds:
        for left in _leftovers(folder):
            left.unlink(missing_ok=True)
        done.append(say("halvskrevne filer er tatt bort", "half-written files are gone"))
    with Database.open(path).writing() as connection:
        if "rows" in kinds:
            _write_facts(connection, replayed(connection))
            done.append(say("radene er laget på nytt av loggen", "the rows were made anew from the log"))
        for coder, rows in itertools.groupby(
            connection.execute(f"{_MISPLACED} ORDER BY coder").fetchall(), lambda row: row["coder"]
        ):
            changes = [Change("coding", dict(row), None) for row in rows]
            gone = {change.before["id"] for change in changes if change.before}
            decide(connection, coder, decisions.REPAIR, changes)
            _not_to_be_undone(connection, coder, gone)
            done.append(
                say(
                    f"{len(changes)} kodinger uten plass i teksten er tatt ut; loggen har dem",
                    f"{len(changes)} codings without a place are out; the log has them",
                )
            )
        if "stray" in kinds:
            for table, where in _STRAY:
                connection.execute(f"DELETE FROM {table} WHERE {where}")  # noqa: S608 - our own words
            done.append(
                say("forslag som ikke hører til noe, er tatt bort", "suggestions that belong to nothing are gone")
            )
    return done, copy


# what may be wrong


def _rights(path: Path) -> Iterator[Fault]:
    if os.name == "posix" and path.stat().st_mode & 0o077:
        what = say("andre på maskinen kan lese prosjektet", "others on the machine can read the project")
        yield Fault("rights", what, say("gjør filen til din alene", "makes the file yours alone"))


def _leftovers(folder: Path) -> list[Path]:
    return sorted(folder.glob(f".{FILE}*"))


def _left(folder: Path) -> Iterator[Fault]:
    left = _leftovers(folder)
    if left:
        what = say(f"{len(left)} halvskrevne filer ligger igjen", f"{len(left)} half-written files were left")
        yield Fault("left", what, say("tar dem bort", "takes them away"))


def _pages(path: Path) -> Iterator[Fault]:
    try:
        with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            said = [row[0] for row in connection.execute("PRAGMA integrity_check(20)")]
            for table in _TABLES:  # what is no UTF-8 is in order to SQLite
                for _row in connection.execute(f"SELECT * FROM {table}"):  # noqa: S608 - our own names
                    pass
    except sqlite3.DatabaseError as error:
        said = [_without_text(str(error))]
    if said != ["ok"]:
        what = say(f"filen er skadet: {said[0]}", f"the file is damaged: {said[0]}")
        if len(said) > 1:
            what += say(f" (og {len(said) - 1} til)", f" (and {len(said) - 1} more)")
        yield Fault(
            "page", what, say("flytter alt som kan leses, til en ny fil", "moves all that can be read to a new file")
        )


def _without_text(said: str) -> str:
    """Return SQLite's words without what it cites of the file, which may be somebody's."""
    return said.split(" with text", maxsplit=1)[0]


def _log(connection: sqlite3.Connection) -> Iterator[Fault]:
    numbers = [row["id"] for row in connection.execute("SELECT id FROM decision ORDER BY id")]
    missing = (numbers[-1] - len(numbers)) if numbers else 0
    try:
        stated = replayed(connection) if not missing else None
    except (KeyError, TypeError, ValueError, AttributeError):
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
        if sha256_of(text.encode("utf-8", "surrogatepass")) != row["sha256"]:
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
    """Return whether an utterance is what stands at its place, but for time stamps that are blanked in it."""
    if not 0 <= start <= end <= len(text) or len(said) != end - start:
        return False
    return all(b in (a, " ") for a, b in zip(text[start:end], said, strict=True))


def _codings(connection: sqlite3.Connection) -> Iterator[Fault]:
    count = len(connection.execute(_MISPLACED).fetchall())
    if count:
        what = say(f"{count} kodinger har ingen plass i teksten", f"{count} codings have no place in the text")
        yield Fault(
            "coding",
            what,
            say("tar dem ut ved en avgjørelse, så loggen har dem", "takes them out by a decision, so the log has them"),
        )


def _strays(connection: sqlite3.Connection) -> Iterator[Fault]:
    count = sum(
        connection.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchone()[0]  # noqa: S608 - our own words
        for table, where in _STRAY
    )
    if count:
        what = say(f"{count} rader fra modeller hører ikke til noe", f"{count} rows of models belong to nothing")
        yield Fault(
            "stray", what, say("tar dem bort; de kan læres på nytt", "takes them away; they can be learnt again")
        )


# mending


def _not_to_be_undone(connection: sqlite3.Connection, coder: int, codings: set[int]) -> None:
    """Mark the decisions about codings that are gone, so that undo goes on to the ones before them."""
    for decision in log(connection, coder=coder):
        rows = [change.after or change.before or {} for change in decision.changes if change.table == "coding"]
        if decision.kind not in decisions.LASTING and any(row.get("id") in codings for row in rows):
            connection.execute("INSERT OR REPLACE INTO undone (decision, lost) VALUES (?, 1)", (decision.id,))


def _copied(path: Path) -> Path:
    for number in itertools.count(1):
        copy = path.with_name(f"{path.name}.før-reparasjon-{number}")
        if not copy.exists():
            break
    try:
        shutil.copy2(path, copy)
        copy.chmod(0o600)
    except OSError as error:
        what = say(
            f"kan ikke skrives ({error.strerror}); ingenting er endret",
            f"cannot be written ({error.strerror}); nothing changed",
        )
        raise DataError(Problem(what, str(copy)), try_next=f"df -h {path.parent}") from error
    return copy


def _salvage(path: Path) -> str:
    """Put all rows that can be read into a new file, which takes the old one's place; return what came along."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(handle)
    fresh = Path(name)
    try:
        with (
            contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as old,
            contextlib.closing(sqlite3.connect(fresh, isolation_level=None)) as new,
        ):
            old.row_factory = sqlite3.Row
            old.text_factory = lambda data: data.decode("utf-8", "replace")
            for statement in statements(TABLES):
                new.execute(statement)
            counts = {table: _moved(old, new, table) for table in _TABLES}
            new.execute(f"PRAGMA application_id = {APPLICATION}")
            new.execute(f"PRAGMA user_version = {FORMAT}")
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    shown = (
        ("transcript", "transkripsjoner", "transcripts"),
        ("coding", "kodinger", "codings"),
        ("decision", "avgjørelser", "decisions"),
    )
    listed = ", ".join(say(f"{counts[table]} {nb}", f"{counts[table]} {en}") for table, nb, en in shown)
    return say(f"ny fil med alt som kunne leses: {listed}", f"a new file with all that could be read: {listed}")


def _moved(old: sqlite3.Connection, new: sqlite3.Connection, table: str) -> int:
    """Move a table's rows, from the front as far as it goes, then from the back; return how many."""
    columns = [row[1] for row in new.execute(f"PRAGMA table_info({table})")]
    keys = [row[1] for row in new.execute(f"PRAGMA table_info({table})") if row[5]] or ["rowid"]
    marks = ", ".join("?" * len(columns))
    insert = f"INSERT OR IGNORE INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - our own names
    for order in ("ASC", "DESC"):
        by = ", ".join(f"{key} {order}" for key in keys)
        try:
            for row in old.execute(f"SELECT * FROM {table} NOT INDEXED ORDER BY {by}"):  # noqa: S608 - our own names
                with contextlib.suppress(sqlite3.IntegrityError, IndexError, ValueError):
                    if table == "decision":
                        json.loads(row["changes"])
                        json.loads(row["shown"])
                    new.execute(insert, [row[column] for column in columns])
        except sqlite3.DatabaseError:
            continue
        break
    return int(new.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - our own names


def _write_facts(connection: sqlite3.Connection, state: State) -> None:
    for table, rows in state.items():
        columns = [column for group in FACTS[table] for column in group]
        marks = ", ".join("?" * len(columns))
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - a name from FACTS
        connection.executemany(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})",  # noqa: S608 - names from FACTS
            [[row[column] for column in columns] for row in rows.values()],
        )
