"""A coder gives a code to a span once, on whatever way: by hand, changed, moved, undone, imported, in an older file."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from autokode.corpus.coding import Coding, Segment
from autokode.exchange.package_export import package_of
from autokode.exchange.refi.writing import write_qdpx
from autokode.project import Project, Reviewer
from autokode.project.store import integrity
from autokode.project.store.decision_rows import memos
from autokode.project.store.repair import repair
from autokode.project.store.undoing import NoLongerFitsError
from project_case import older_file, small


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return small(tmp_path / "p")


@pytest.fixture
def anne(project: Project) -> Reviewer:
    return Reviewer(project, project.coder("Anne").id)


def codings(project: Project) -> list[tuple[int, int, str]]:
    return [
        (row["start"], row["end"], row["code"]) for row in project.database.rows("SELECT * FROM coding ORDER BY id")
    ]


def numbers(project: Project) -> list[int]:
    return [row["id"] for row in project.database.rows("SELECT id FROM coding ORDER BY id")]


def test_a_code_changed_to_one_that_is_there_is_one_coding(project: Project, anne: Reviewer, tmp_path: Path) -> None:
    anne.code(1, 0, 6, "makt")
    anne.code(1, 0, 6, "språk")
    power, language = numbers(project)
    anne.good(power)
    anne.memo(f"coding/{power}", "om makt")
    anne.memo(f"coding/{language}", "om språk")
    outcome = anne.recode(power, "språk")
    assert outcome.utterances == (0,)
    assert codings(project) == [(0, 6, "språk")]
    (row,) = project.database.rows("SELECT * FROM coding")
    assert (row["id"], row["good"]) == (language, 1)
    assert {memo.about: memo.text for memo in memos(project)} == {f"coding/{language}": "om språk\n\nom makt"}
    write_qdpx(tmp_path / "ut.qdpx", package_of(project))
    anne.undo()
    assert numbers(project) == [power, language] and len(memos(project)) == 2
    anne.redo()
    assert codings(project) == [(0, 6, "språk")]
    assert integrity.check(project.folder) == []


def test_a_segment_moved_onto_another_is_one_coding(project: Project, anne: Reviewer) -> None:
    anne.code(1, 0, 6, "makt")
    anne.code(1, 0, 3, "makt")
    anne.span(numbers(project)[1], 0, 6)
    assert codings(project) == [(0, 6, "makt")]
    anne.undo()
    assert codings(project) == [(0, 6, "makt"), (0, 3, "makt")]


def test_a_suggestion_changed_to_its_own_code_keeps_its_coding(project: Project, anne: Reviewer) -> None:
    anne.accept(1)
    (row,) = project.database.rows("SELECT * FROM suggestion WHERE id = 1")
    anne.change(1, row["code"])
    assert [code for _start, _end, code in codings(project)] == [row["code"]]


@pytest.mark.parametrize("way", ["add_codings", "code"])
def test_an_undo_never_makes_a_second_one(project: Project, anne: Reviewer, way: str) -> None:
    anne.code(1, 0, 6, "makt")
    anne.code(1, 7, 9, "språk")
    first = numbers(project)[0]
    anne.remove(first)
    text = project.transcript("møte").text
    if way == "add_codings":  # an import brings it back, in a step of its own that the coder takes to stand
        with project.database.writing() as connection:
            connection.execute("UPDATE sqlite_sequence SET seq = seq WHERE name = 'coding'")
        project.add_codings([Coding(Segment("møte", 0, 6, text[:6]), "makt", "Anne")])
        with project.database.writing() as connection:
            connection.execute("DELETE FROM step")
        with pytest.raises(NoLongerFitsError) as found:
            anne.undo()
        assert anne.undo(skip=found.value.decision) is not None  # «språk»
        assert codings(project) == [(0, 6, "makt")]
    else:
        anne.code(1, 0, 6, "makt")
        anne.undo()
        anne.undo()
        assert numbers(project)[0] == first
    assert integrity.check(project.folder) == []


def older(project: Project, then: Callable[[sqlite3.Connection], None]) -> None:
    """Make the file as format 3 had it, and do something in it."""
    with older_file(project) as connection:
        connection.execute("DROP INDEX coding_once")
        connection.execute("DROP TABLE step")
        connection.execute("PRAGMA user_version = 3")
        then(connection)


def doubled(connection: sqlite3.Connection) -> None:
    """Two codings that became the same by a change of code, as format 3 let them, and its line in the log."""
    connection.execute("UPDATE coding SET code = 'språk' WHERE code = 'makt'")
    connection.execute("DROP TRIGGER decision_stays")
    connection.execute("UPDATE decision SET changes = replace(changes, '\"makt\"', '\"språk\"')")


def test_an_older_file_is_led_up_without_doubles(project: Project, anne: Reviewer) -> None:
    for code in ("språk", "makt"):
        anne.code(1, 0, 6, code)
    kept, other = numbers(project)
    anne.good(other)
    anne.memo(f"coding/{other}", "viktig")
    older(project, doubled)
    led = Project.open(project.folder)
    assert numbers(led) == [kept] and led.decisions("Anne")[-1].kind == "repair"
    (row,) = led.database.rows("SELECT * FROM coding")
    assert row["good"] == 1 and [memo.about for memo in memos(led)] == [f"coding/{kept}"]
    assert integrity.check(led.folder) == []


def test_doctor_finds_and_mends_doubles(project: Project, anne: Reviewer) -> None:
    for code in ("språk", "makt"):
        anne.code(1, 0, 6, code)
    with project.database.writing() as connection:
        connection.execute("DROP INDEX coding_once")
        doubled(connection)
        connection.execute(
            "CREATE TRIGGER decision_stays BEFORE UPDATE ON decision BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END"
        )
    assert [fault.kind for fault in integrity.check(project.folder)] == ["double"]
    said, _copy = repair(project.folder)
    assert said == ["1 like kodinger er slått sammen"]
    assert codings(project) == [(0, 6, "språk")] and integrity.check(project.folder) == []


def test_the_database_itself_refuses_a_second_one(project: Project, anne: Reviewer) -> None:
    anne.code(1, 0, 6, "makt")
    columns = "coder, transcript, start, end, code, good, time"
    with pytest.raises(sqlite3.IntegrityError), project.database.writing() as connection:
        connection.execute(f"INSERT INTO coding ({columns}) SELECT {columns} FROM coding")  # noqa: S608 - our own names
