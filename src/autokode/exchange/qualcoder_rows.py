"""Read the rows of a QualCoder project's SQLite file, which may be damaged or malicious."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from autokode.base.errors import failure, quoted
from autokode.base.messages import say
from autokode.exchange.package.contents import guid_of

STEPS, BYTES, ROUNDS = 10_000, 500, 100
"""SQLite may take `STEPS` steps for every `BYTES` bytes of a file, and `ROUNDS` times `STEPS` more. A row of a sound file takes
about twenty bytes and steps."""
_NEEDED = ("code_name", "source", "code_text")


@contextmanager
def open_rows(path: Path) -> Iterator["Rows"]:
    """Open a project folder or its data.qda, read-only; errors of the file in the block become a DataError."""
    file = path / "data.qda" if path.is_dir() else path
    if not file.is_file():
        raise failure(
            "har ingen data.qda; ventet en QualCoder-mappe",
            "has no data.qda; expected a folder of QualCoder's",
            where=path,
            try_next=f"ls {quoted(path)}",
        )
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            limit_work(connection, file.stat().st_size)
            rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            there = {row["name"] for row in rows}
            missing = [table for table in _NEEDED if table not in there]
            if missing:
                raise failure(
                    f"er ikke fra QualCoder (mangler {', '.join(missing)})",
                    f"is not QualCoder's (lacks {missing[0]})",
                    where=file,
                    try_next=say("velg data.qda", "choose data.qda"),
                )
            yield Rows(connection, there, file.stat().st_size)
    except KeyError as error:
        raise failure(
            f"er ikke fra QualCoder (mangler {error})",
            f"is not QualCoder's (lacks {error})",
            where=file,
            try_next=say("velg data.qda", "choose data.qda"),
        ) from error
    except (sqlite3.Error, UnicodeDecodeError, OverflowError, MemoryError) as error:
        raise failure(
            f"kan ikke leses som SQLite ({error})",
            f"cannot be read as SQLite ({error})",
            where=file,
            try_next=say("åpne prosjektet i QualCoder", "open it in QualCoder"),
        ) from error


def limit_work(connection: sqlite3.Connection, size: int) -> None:
    """Limit a connection to the work that a sound file of `size` bytes needs, and run no code of the file.

    In a malicious file, tables can have more rows than the file has bytes, and values that SQLite computes while reading.
    """
    left = iter(range(ROUNDS + size // BYTES))
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, max(1_000_000, 2 * size))
    connection.set_progress_handler(lambda: next(left, None) is None, STEPS)


class Rows:
    """The rows of a database, each table read once; no more text than a file of `size` bytes can hold."""

    def __init__(self, connection: sqlite3.Connection, tables: set[str], size: int) -> None:
        self.connection, self.tables, self.left = connection, tables, size
        self.read: dict[str, list[dict[str, Any]]] = {}

    def of(self, table: str) -> list[dict[str, Any]]:
        if table not in self.read:
            own = self.connection.execute(f"SELECT * FROM {table}") if table in self.tables else ()  # noqa: S608 - our own names
            self.read[table] = [dict(row) for row in own if self._has_room(row)]
        return self.read[table]

    def _has_room(self, row: sqlite3.Row) -> bool:
        """Count the text read so far, and raise if it exceeds the file's size: rows may share a text that the file holds once."""
        self.left -= sum(len(value) for value in row if isinstance(value, str | bytes))
        if self.left < 0:
            raise sqlite3.DataError(
                say("har mer tekst enn filen har plass til", "has more text than the file has room for")
            )
        return True


def guid_for(kind: str, number: Any) -> str:
    """The id of one of QualCoder's rows in a package."""
    return guid_of("qualcoder", kind, number)


def text_in(value: Any) -> str:
    """A cell's value as text; "" for none."""
    return value if isinstance(value, str) else "" if value is None else str(value)
