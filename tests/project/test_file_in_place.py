"""A project's file that is put back, replaced or taken away while it is open: noticed, said, and never made anew."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from autokode.base.errors import DataError
from autokode.project import Project, Reviewer
from autokode.project.store.file_mark import check_mark, file_mark
from project_case import small


def put_back(project: Project, copy: Path, way: Callable[[Path, Path], object]) -> None:
    way(copy, project.database.path)


def renamed(copy: Path, path: Path) -> None:
    shutil.copy(copy, path.with_suffix(".ny"))
    path.with_suffix(".ny").replace(path)


def overwritten(copy: Path, path: Path) -> None:
    path.write_bytes(copy.read_bytes())


WAYS = pytest.mark.parametrize("way", [renamed, overwritten])


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return small(tmp_path / "a b #1% å")


def saved(project: Project) -> Path:
    copy = project.folder.parent / "kopi.db"
    shutil.copy(project.database.path, copy)
    return copy


def coded(project: Project, code: str = "makt") -> None:
    project.codings()
    Reviewer(project, project.coder("Anne").id).code(1, 0, 3 + len(project.codings()), code)


def test_a_mark_holds_while_the_file_grows(project: Project) -> None:
    marks = [file_mark(project)]
    for _ in range(3):
        coded(project)
        marks.append(file_mark(project))
    Reviewer(project, project.coder("Anne").id).undo()
    assert len(set(marks)) == 4
    for mark in marks:
        check_mark(project, mark)
    check_mark(Project.open(project.folder), marks[0])


@WAYS
def test_an_older_copy_is_noticed(project: Project, way: Callable[[Path, Path], object]) -> None:
    coded(project)
    copy = saved(project)
    before = file_mark(project)
    coded(project)
    seen = file_mark(project)
    put_back(project, copy, way)
    check_mark(project, before)
    with pytest.raises(DataError, match="annen eller eldre utgave") as found:
        check_mark(project, seen)
    assert "last siden på nytt" in str(found.value)
    coded(project, "språk")  # the numbers are given again, to something else
    assert file_mark(project) != seen
    with pytest.raises(DataError, match="annen eller eldre utgave"):
        check_mark(project, seen)


def test_another_project_is_noticed(project: Project, tmp_path: Path) -> None:
    seen = file_mark(project)
    other = small(tmp_path / "annet")
    overwritten(other.database.path, project.database.path)
    with pytest.raises(DataError, match="annen eller eldre utgave"):
        check_mark(project, seen)


@pytest.mark.parametrize(
    "mark", ["x", "decision", "decision x y", "setting 1 a", "decision -1 a", ";", "coding 1e9", "æ ² x"]
)
def test_what_is_no_mark_does_not_hold(project: Project, mark: str) -> None:
    with pytest.raises(DataError, match="annen eller eldre utgave"):
        check_mark(project, mark)


def test_what_is_written_to_a_file_without_its_name_is_not_taken_for_stored(project: Project) -> None:
    copy = saved(project)
    with project.connected():
        renamed(copy, project.database.path)
        with pytest.raises(DataError, match="det siste er ikke lagret"):
            project.set("theme", "dark")
    assert project.setting("theme") == ""
    project.set("theme", "dark")
    assert project.setting("theme") == "dark"
    with project.connected():
        project.database.path.unlink()
        with pytest.raises(DataError, match="det siste er ikke lagret"):
            project.set("theme", "light")


def test_a_file_that_is_gone_is_not_made_anew(project: Project) -> None:
    gone = project.database.path.with_suffix(".borte")
    project.database.path.replace(gone)
    for ask in (lambda: project.setting("theme"), lambda: project.set("theme", "dark"), project.codings):
        with pytest.raises(DataError, match="er borte; ingenting er lagret") as found:
            ask()
        assert "sikkerhetskopi" in str(found.value)
    assert not project.database.path.exists()
    gone.replace(project.database.path)
    project.set("theme", "dark")
    assert project.setting("theme") == "dark"


def test_no_file_is_readable_by_others(project: Project) -> None:
    before = os.umask(0)
    try:
        coded(project)
        made = Project.create(project.folder.parent / "nytt", project.codebook)
        with made.database.writing() as connection:
            connection.execute("INSERT INTO setting VALUES ('a', 'b')")
            assert isinstance(connection, sqlite3.Connection)
            files = [path for path in made.folder.iterdir() if path.name.startswith("autokode.db")]
            assert len(files) == 2  # with the journal
            assert {path.stat().st_mode & 0o077 for path in files} == {0}
    finally:
        os.umask(before)
