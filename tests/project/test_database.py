"""Blocks of the database: what is of one moment, what is on disk, and which connection serves them."""

import contextlib
import sqlite3
from pathlib import Path

import pytest

from autokode.project.store.database import Database
from autokode.project.store.opening import connection_to

COUNT, ADD = "SELECT count(*) FROM setting", "INSERT INTO setting VALUES (?, '')"


@pytest.fixture
def file(tmp_path: Path) -> Database:
    return Database.create(tmp_path / "prøve.db")


def test_everything_read_in_a_block_is_of_one_moment(file: Database) -> None:
    with file.reading() as outer, file.reading() as inner:
        assert inner is outer
    with file.connected(), file.reading() as first:
        assert first.execute(COUNT).fetchone()[0] == 0
        with file.reading() as again:
            assert again is first


def test_a_held_connection_serves_block_after_block(file: Database) -> None:
    with file.connected() as held:
        with file.writing() as connection:
            assert connection is held
            connection.execute(ADD, ("a",))
        with file.reading() as connection:
            assert connection is held
            assert connection.execute(COUNT).fetchone()[0] == 1
        with Database.open(file.path).reading() as other:  # it is on disk, for everybody
            assert other.execute(COUNT).fetchone()[0] == 1
        with pytest.raises(ZeroDivisionError), file.writing() as connection:
            connection.execute(ADD, ("b",))
            raise ZeroDivisionError
        with pytest.raises(ZeroDivisionError), file.reading():
            raise ZeroDivisionError
        with file.writing() as connection:
            assert connection.execute(COUNT).fetchone()[0] == 1
    with file.reading() as connection:
        assert connection is not held


def test_nobody_waits_for_who_reads_a_snapshot(file: Database) -> None:
    with file.writing() as connection:
        connection.execute(ADD, ("a",))
    with file.snapshot():
        with file.reading() as reader:
            assert file.number(COUNT) == 1
            other = Database.open(file.path)
            with contextlib.closing(connection_to(file.path, wait_s=0)) as writer:
                writer.execute(ADD, ("b",))  # at once, although the reader is not done
            assert file.number(COUNT) == 1
            with pytest.raises(sqlite3.OperationalError):
                reader.execute(ADD, ("c",))  # what is only read cannot be lost
        with file.snapshot():
            assert file.number(COUNT) == 1
        with file.writing() as connection:
            connection.execute(ADD, ("d",))
        assert file.number(COUNT) == 1
        assert other.number(COUNT) == 3
    assert file.number(COUNT) == 3
