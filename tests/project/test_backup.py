"""A backup holds all of a project, is readable by its owner alone, and never lands on top of anything."""

import json
import sqlite3
import zipfile
from pathlib import Path

import pytest

from autokode import DataError
from autokode.cli import run
from autokode.project import Project, Reviewer
from autokode.project.store.backup import MANIFEST, back_up, restore_backup
from autokode.project.store.integrity import check
from pseudonym_case import dump, full_of_names


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return full_of_names(tmp_path)


def test_what_is_restored_is_what_was_backed_up(project: Project, tmp_path: Path) -> None:
    (project.folder / "model").mkdir()
    (project.folder / "model" / "weights.npy").write_bytes(b"1")
    made = back_up(project, tmp_path / "kopi.zip", with_models=True)
    assert made.files == ("autokode.db", "codebook.yaml", "model/weights.npy")
    assert made.archive.stat().st_mode & 0o777 == 0o600
    back = restore_backup(made.archive, tmp_path / "ny" / "mappe")
    assert dump(back.folder) == dump(project.folder)
    assert (back.folder / "codebook.yaml").read_bytes() == (project.folder / "codebook.yaml").read_bytes()
    assert check(back.folder) == []
    assert back.folder.stat().st_mode & 0o777 == 0o700
    assert {path.name for path in tmp_path.iterdir() if path.name.startswith(".")} == set()


def test_a_backup_is_of_one_moment_while_somebody_writes(project: Project, tmp_path: Path) -> None:
    with project.database.writing() as connection:
        connection.execute("INSERT INTO setting VALUES ('halvt', 'halvt')")
        back_up(Project.open(project.folder, read=False), tmp_path / "kopi.zip")
    back = restore_backup(tmp_path / "kopi.zip", tmp_path / "ny")
    assert back.setting("halvt") == ""
    assert project.setting("halvt") == "halvt"


def test_nothing_is_written_over(project: Project, tmp_path: Path) -> None:
    back_up(project, tmp_path / "kopi.zip")
    with pytest.raises(DataError, match="finnes allerede"):
        back_up(project, tmp_path / "kopi.zip")
    before = dump(project.folder)
    with pytest.raises(DataError, match="ikke tom"):
        restore_backup(tmp_path / "kopi.zip", project.folder)
    assert dump(project.folder) == before


@pytest.mark.parametrize("name", ["../ut.txt", "model/../../ut", "notat.txt", "model/.."])
def test_an_archive_with_other_files_is_refused(project: Project, tmp_path: Path, name: str) -> None:
    archive = back_up(project, tmp_path / "kopi.zip").archive
    with zipfile.ZipFile(archive) as pack:
        about = json.loads(pack.read(MANIFEST))
        data = pack.read("autokode.db")
    about["files"][name] = {"size": 1, "sha256": "0"}
    with zipfile.ZipFile(tmp_path / "ond.zip", "w") as pack:
        pack.writestr("autokode.db", data)
        pack.writestr(name, "x")
        pack.writestr(MANIFEST, json.dumps(about))
    with pytest.raises(DataError, match="sikkerhetskopi"):
        restore_backup(tmp_path / "ond.zip", tmp_path / "ny" / "mappe")
    assert not (tmp_path / "ny" / "mappe").exists()
    assert not (tmp_path / "ut.txt").exists()


@pytest.mark.parametrize("at", [0, 100, -30, -2000])
def test_a_damaged_archive_is_refused(project: Project, tmp_path: Path, at: int) -> None:
    archive = back_up(project, tmp_path / "kopi.zip").archive
    data = bytearray(archive.read_bytes())
    data[at] ^= 0xFF
    data[at + 1] ^= 0xFF
    archive.write_bytes(data)
    try:
        back = restore_backup(archive, tmp_path / "ny")
    except DataError:
        assert not (tmp_path / "ny").exists()
    else:  # a byte that nothing reads, such as a time
        assert dump(back.folder) == dump(project.folder)


def test_a_lying_size_is_refused(project: Project, tmp_path: Path) -> None:
    archive = back_up(project, tmp_path / "kopi.zip").archive
    with zipfile.ZipFile(archive) as pack:
        about = json.loads(pack.read(MANIFEST))
        parts = {name: pack.read(name) for name in about["files"]}
    about["files"]["codebook.yaml"]["size"] = 3
    with zipfile.ZipFile(archive, "w") as pack:
        for name, data in parts.items():
            pack.writestr(name, data)
        pack.writestr(MANIFEST, json.dumps(about))
    with pytest.raises(DataError, match=r"codebook\.yaml"):
        restore_backup(archive, tmp_path / "ny")


def test_what_cannot_be_opened_is_no_backup(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(_database: object, copy: Path) -> None:
        sqlite3.connect(copy).executescript("CREATE TABLE a (b)")

    monkeypatch.setattr("autokode.project.store.backup.copy_database", half)
    with pytest.raises(DataError, match="prosjekt"):
        back_up(project, tmp_path / "kopi.zip")
    assert not (tmp_path / "kopi.zip").exists()


def test_the_commands_back_up_and_restore(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Reviewer(project, project.coder("Åshild").id).memo("project", "etterpå")
    assert run(["backup", "--project", "p", "--out", "kopi.zip"]) == 0
    assert "Nøkkelen til pseudonymene er ikke med" in capsys.readouterr().out
    assert run(["restore", "kopi.zip", "q"]) == 0
    assert dump(tmp_path / "q") == dump(project.folder)
    assert run(["restore", "kopi.zip", "q"]) == 2
