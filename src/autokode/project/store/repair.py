"""Repairs the faults that `integrity` finds: pages, rights, rows that differ from the log, rows that belong to nothing."""

import contextlib
import itertools
import json
import os
import shutil
import sqlite3
import tempfile
from pathlib import Path

from autokode.base.errors import command_for, failure
from autokode.base.messages import say
from autokode.project.store import decision_log
from autokode.project.store.database import Database, statements
from autokode.project.store.decision_log import Change, decide, insert_into, replayed
from autokode.project.store.integrity import KEPT, MISPLACED, STRAY, check, leftovers, told
from autokode.project.store.one_coding import merge_doubles
from autokode.project.store.project_files import FILE, closed, finish_removal
from autokode.project.store.said_index import rebuild
from autokode.project.store.schema import APPLICATION, FORMAT, TABLES


def repair(folder: Path) -> tuple[list[str], Path]:
    """Mend the faults that can be mended; give the repairs in words, and the copy of the file as it was.

    Codings are only removed by a decision, so the log still has them.

    Raises:
        DataError: as for `check`; or the folder cannot be written.
    """
    path = folder / FILE
    repairs = []
    faults = check(folder)
    if any(fault.kind == "removal" for fault in faults):  # before the copy, which is not to hold what was removed
        if finish_removal(folder, Database.open(path)):
            raise closed(folder)
        repairs.append(say("resten av det som ble fjernet, er slettet", "the rest of what was removed is deleted"))
    copy = _copied(path)
    if any(fault.kind == "page" for fault in faults):
        repairs.append(_salvage(path))
        faults = check(folder)
    kinds = {fault.kind for fault in faults if fault.mend}
    if "rights" in kinds:
        path.chmod(0o600)
        repairs.append(say("filen er nå bare din", "the file is yours alone now"))
    if "left" in kinds:
        for left in leftovers(folder):
            left.unlink(missing_ok=True)
        repairs.append(say("halvskrevne filer er tatt bort", "half-written files are gone"))
    with Database.open(path).writing() as connection:
        if kinds & {"rows", "double"}:
            connection.execute("DROP INDEX IF EXISTS coding_once")
        if "rows" in kinds:
            decision_log.write_facts(connection, replayed(connection))
            repairs.append(say("radene er laget på nytt av loggen", "the rows were made anew from the log"))
        repairs += _words_anew(connection) if "words" in kinds else []
        doubles = merge_doubles(connection)
        if doubles:
            repairs.append(say(f"{doubles} like kodinger er slått sammen", f"{doubles} equal codings were made one"))
        for coder, rows in itertools.groupby(
            connection.execute(f"{MISPLACED} ORDER BY coder").fetchall(), lambda row: row["coder"]
        ):
            changes = [Change("coding", dict(row), None) for row in rows]
            decide(connection, coder, decision_log.REPAIR, changes)
            repairs.append(
                say(
                    f"{len(changes)} kodinger uten plass i teksten er tatt ut; loggen har dem",
                    f"{len(changes)} codings without a place are out; the log has them",
                )
            )
        if "stray" in kinds:
            repairs.append(_without_strays(connection))
    return repairs, copy


def _words_anew(connection: sqlite3.Connection) -> list[str]:
    rebuild(connection)
    return [say("registeret for søk er laget på nytt", "the index for search was made anew")]


def _without_strays(connection: sqlite3.Connection) -> str:
    for table, where in STRAY:
        told(connection).execute(f"DELETE FROM {table} WHERE {where}")  # noqa: S608 - our own words
    return say(
        "rader fra modeller som ikke hører til noe, er tatt bort", "rows of models that belong to nothing are gone"
    )


def _copied(path: Path) -> Path:
    for number in itertools.count(1):
        copy = path.with_name(f"{path.name}.før-reparasjon-{number}")
        if not copy.exists():
            break
    try:
        shutil.copy2(path, copy)
        copy.chmod(0o600)
    except OSError as error:
        raise failure(
            f"kan ikke skrives ({error.strerror}); ingenting er endret",
            f"cannot be written ({error.strerror}); nothing changed",
            where=copy,
            try_next=command_for(error, path.parent),
        ) from error
    return copy


def _salvage(path: Path) -> str:
    """Put all readable rows into a new file, which replaces the old one; say what came along."""
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
            counts = {table: _moved(old, new, table) for table in KEPT}
            _keep_numbers(old, new)
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
    """Copy a table's rows from the front until one cannot be read, then from the back; count them."""
    columns = [row[1] for row in new.execute(f"PRAGMA table_info({table})")]
    keys = [row[1] for row in new.execute(f"PRAGMA table_info({table})") if row[5]] or ["rowid"]
    insert = insert_into(table, columns, or_="IGNORE")
    for order in ("ASC", "DESC"):
        by = ", ".join(f"{key} {order}" for key in keys)
        try:
            for row in old.execute(f"SELECT * FROM {table} NOT INDEXED ORDER BY {by}"):  # noqa: S608 - our own names
                with contextlib.suppress(sqlite3.IntegrityError, IndexError, ValueError, TypeError):
                    if table == "decision":
                        json.loads(row["changes"])
                        json.loads(row["shown"])
                    new.execute(insert, [row[column] for column in columns])
        except sqlite3.DatabaseError:
            continue
        break
    return int(new.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - our own names


def _keep_numbers(old: sqlite3.Connection, new: sqlite3.Connection) -> None:
    """Let the new file go on from the highest number that each table ever gave, so that none is given twice."""
    with contextlib.suppress(sqlite3.DatabaseError):
        for row in old.execute("SELECT name, seq FROM sqlite_sequence").fetchall():
            new.execute("DELETE FROM sqlite_sequence WHERE name = ? AND seq < ?", tuple(row))
            new.execute(
                "INSERT INTO sqlite_sequence SELECT :name, :seq WHERE NOT EXISTS "
                "(SELECT 1 FROM sqlite_sequence WHERE name = :name)",
                dict(row),
            )
