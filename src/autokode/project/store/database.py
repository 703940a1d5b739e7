"""Opens a project's SQLite file. A write is one transaction, on disk when it returns; errors are said in words."""

import contextlib
import functools
import os
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

from autokode.base.errors import command_for, failure, quoted
from autokode.base.files import is_there, write_whole
from autokode.base.log import log
from autokode.project.store.database_errors import doctor, in_words, no_project
from autokode.project.store.decision_log import Values
from autokode.project.store.one_coding import merge_doubles
from autokode.project.store.opening import connection_to
from autokode.project.store.said_index import clean
from autokode.project.store.schema import APPLICATION, FORMAT, TABLES, UPGRADES

WAIT_S = 20.0
"""Seconds that a writer waits for another program's transaction before it gives up."""


class Database:
    """A project's file. `reading()` and `writing()` give connections for one block; `connected()` holds one for many blocks.

    SQLite writes a rollback journal with its strictest setting (`synchronous=EXTRA`): whatever was confirmed is in the one file,
    even if the program or the machine is killed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._held = threading.local()

    @classmethod
    def create(cls, path: Path) -> "Database":
        """Make an empty file of the newest format, readable by its owner alone.

        Raises:
            DataError: there is a file already, or the place cannot be written.
        """
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        except FileExistsError as error:
            raise failure(
                "finnes allerede",
                "is there already",
                where=path,
                try_next=f"autokode status --project {quoted(path.parent)}",
            ) from error
        except OSError as error:
            raise failure(
                f"kan ikke skrives ({error.strerror})",
                f"cannot be written ({error.strerror})",
                where=path,
                try_next=command_for(error, path.parent),
            ) from error
        made = cls(path)
        with made.writing() as connection:
            for statement in statements(TABLES):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION}")
            connection.execute(f"PRAGMA user_version = {FORMAT}")
        return made

    @classmethod
    def open(cls, path: Path) -> "Database":
        """Open a file; copy one of an older format beside itself, and upgrade it to the newest.

        Raises:
            DataError: no such file, no project, a newer format, a damaged file.
        """
        if not is_there(path) or not path.is_file():
            raise no_project(path)
        opened = cls(path)
        with opened.reading() as connection:
            application = connection.execute("PRAGMA application_id").fetchone()[0]
            number = connection.execute("PRAGMA user_version").fetchone()[0]
        if application != APPLICATION:
            raise failure(
                "er ikke et autokode-prosjekt", "is no autokode project", where=path, try_next="autokode init prosjekt"
            )
        if number > FORMAT:
            raise failure(
                f"har format {number}; denne autokode kan lese til og med {FORMAT}. Ingenting er endret",
                f"has format {number}; this autokode reads up to {FORMAT}. Nothing was changed",
                where=path,
                try_next="pip install --upgrade autokode",
            )
        if number < FORMAT:
            opened._upgrade()
        opened._check_columns()
        return opened

    def _check_columns(self) -> None:
        with self.reading() as connection:
            lacking = _newest_columns() - _columns(connection)
        if lacking:
            shown = ", ".join(sorted(lacking)[:3])
            raise failure(
                f"er skadet eller ikke et prosjekt (mangler {shown})",
                f"is damaged or no project (lacks {shown})",
                where=self.path,
                try_next=doctor(self.path),
            )

    def _upgrade(self) -> None:
        with self.writing() as connection:  # the second of two programs waits here, and then finds it upgraded
            number = connection.execute("PRAGMA user_version").fetchone()[0]
            if number < FORMAT:
                write_whole(self.path.with_name(f"{self.path.name}.format-{number}"), connection.serialize())
            for step in range(number, FORMAT):
                for statement in statements(UPGRADES[step]):
                    connection.execute(statement)
            merge_doubles(connection)
            connection.execute(f"PRAGMA user_version = {FORMAT}")
        log.info("upgraded a project from format %d to %d", number, FORMAT)

    @contextlib.contextmanager
    def connected(self) -> Iterator[sqlite3.Connection]:
        """Hold one connection for all that this thread reads and writes in the block."""
        held: sqlite3.Connection | None = getattr(self._held, "connection", None)
        if held is not None:
            yield held
            return
        with in_words(self.path), contextlib.closing(self._opened()) as connection:
            self._held.connection = connection
            try:
                yield connection
            finally:
                self._held.connection = None

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give a connection to read from: everything read in the block, by functions called in it too, is of one moment."""
        with in_words(self.path), self.connected() as connection:
            if connection.in_transaction:
                yield connection
                return
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[None]:
        """Let this thread read from a copy in memory, made now: all it reads in the block is of one moment, and no writer waits.

        What it writes goes to the file, and is not in the copy.
        """
        if self._copy is not None:
            yield
            return
        held: sqlite3.Connection | None = getattr(self._held, "connection", None)
        with in_words(self.path), contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as copy:
            with self.reading() as connection:
                connection.backup(copy)
            copy.row_factory = sqlite3.Row
            copy.execute("PRAGMA query_only = ON")
            self._held.connection = self._held.copy = copy
            try:
                yield
            finally:
                self._held.connection, self._held.copy = held, None

    @property
    def _copy(self) -> sqlite3.Connection | None:
        """The copy that this thread reads from; None outside `snapshot`."""
        return getattr(self._held, "copy", None)

    def rows(self, query: str, values: Values = ()) -> list[sqlite3.Row]:
        """All rows of a query; in a block of `reading()`, of the same moment as the rest of the block."""
        with self.reading() as connection:
            return connection.execute(query, values).fetchall()

    def number(self, query: str, values: Values = ()) -> int:
        """The one number that a query finds, like a count; 0 for NULL."""
        return int(self.rows(query, values)[0][0] or 0)

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Give a connection to write to; when the block ends all of it is on disk, after an error none of it.

        Raises:
            DataError: the disk is full, the file may not be written, another program keeps it or put another file in its place.
        """
        if self._is_writing():
            yield self._held.connection
            return
        with in_words(self.path), self._idle() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                clean(connection)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    @contextlib.contextmanager
    def together(self) -> Iterator[sqlite3.Connection]:
        """Make one transaction of all that this thread writes in the block: none of it is on disk if the block ends in an error.

        Raises:
            DataError: as for `writing`.
        """
        if self._is_writing():
            yield self._held.connection
            return
        with self.connected(), self.writing() as connection:
            self._held.is_writing = True
            try:
                yield connection
            finally:
                self._held.is_writing = False

    def _is_writing(self) -> bool:
        return bool(getattr(self._held, "is_writing", False))

    def pack(self) -> None:
        """Write the file anew without the room that deleted rows had, so that nothing of them is in any page.

        Raises:
            DataError: the disk is full, or another program keeps the file.
        """
        with in_words(self.path), contextlib.closing(self._opened()) as connection:
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("PRAGMA temp_store = MEMORY")  # no copy in the folder for temporary files
            connection.execute("VACUUM")

    @contextlib.contextmanager
    def _idle(self) -> Iterator[sqlite3.Connection]:
        """Give the connection that this thread holds; a new one if it holds none or a copy, or is in a transaction."""
        held: sqlite3.Connection | None = getattr(self._held, "connection", None)
        if held is not None and held is not self._copy and not held.in_transaction:
            yield held
            return
        with contextlib.closing(self._opened()) as connection:
            yield connection

    def _opened(self) -> sqlite3.Connection:
        connection = connection_to(self.path, wait_s=WAIT_S)
        try:
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA synchronous = EXTRA")
            connection.execute(
                "PRAGMA secure_delete = ON"
            )  # what is deleted is overwritten, whatever the build of SQLite
        except BaseException:
            connection.close()
            raise
        return connection


@functools.cache
def _newest_columns() -> frozenset[str]:
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(TABLES)
        return _columns(connection)


def _columns(connection: sqlite3.Connection) -> frozenset[str]:
    """The columns of all tables, as TABLE.COLUMN."""
    rows = connection.execute(
        "SELECT own.name || '.' || of.name FROM sqlite_master AS own, pragma_table_info(own.name) AS of "
        "WHERE own.type = 'table' AND own.name NOT LIKE 'sqlite_%' AND own.name NOT LIKE 'said_%'"
    )
    return frozenset(name for (name,) in rows)


def statements(script: str) -> Iterator[str]:
    """Split SQL into statements; `executescript` would end the transaction that is open."""
    text = ""
    for line in script.splitlines():
        text += line.split("--")[0] + "\n"
        if sqlite3.complete_statement(text):
            yield text
            text = ""
