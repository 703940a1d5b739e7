"""An interview's recording: linked by its path, undone and redone, forgotten with the interview, never copied or reworded."""

import contextlib
import os
import sqlite3
from pathlib import Path

import pytest

from autokode import DataError
from autokode.project import Project, Reviewer
from autokode.project.store.coders import Coder
from autokode.project.store.database import Database
from autokode.project.store.integrity import check
from autokode.project.store.interview_changes import rename_interview
from autokode.project.store.project_files import FILE
from autokode.project.store.recordings import (
    likely_recordings,
    link_recording,
    move_recording,
    recordings,
    unlink_recording,
)
from autokode.project.store.removal import close_project, remove_interviews
from autokode.project.store.reworded_rows import Rewording
from autokode.project.store.steps import take_back_step
from autokode.project.views.recording_words import recordings_stay, voices_stay
from autokode.project.views.removal_preview import closing_preview, removal_preview
from sound_case import recording, talk_project

NAME = "gartneriet"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return talk_project(tmp_path)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "lyd").mkdir()
    return recording(tmp_path / "lyd" / "opptak å.wav")


def anne(project: Project) -> Coder:
    return project.known_coder("Anne")


def number(project: Project) -> int:
    return project.source(NAME).id


def link(project: Project, file: Path, offset: float | None = None) -> bool:
    return link_recording(project, anne(project), number(project), file, offset_s=offset)


def linked(project: Project) -> list[tuple[Path, float]]:
    return [(one.path, one.offset_s) for one in recordings(project).values()]


def sound(project: Project) -> None:
    assert check(project.folder) == []


def test_only_the_place_is_kept_and_nothing_is_copied(project: Project, file: Path) -> None:
    before = {path: path.stat().st_size for path in project.folder.iterdir()}
    assert link(project, file)
    assert not link(project, file)
    found = recordings(Project.open(project.folder))[number(project)]
    assert (found.path, found.size, found.kind, found.problem()) == (file, file.stat().st_size, "audio/wav", None)
    grown = sum(path.stat().st_size for path in project.folder.iterdir()) - sum(before.values())
    assert set(project.folder.iterdir()) == set(before) and grown < file.stat().st_size / 2
    assert file.read_bytes()[2000:2400] not in (project.folder / FILE).read_bytes()
    sound(project)


def test_a_link_to_a_file_is_kept_as_the_file_itself(project: Project, file: Path, tmp_path: Path) -> None:
    (tmp_path / "snarvei.wav").symlink_to(file)
    link(project, tmp_path / "snarvei.wav")
    assert linked(project) == [(file, 0.0)]


def test_each_is_undone_and_made_again(project: Project, file: Path, tmp_path: Path) -> None:
    other = recording(tmp_path / "annet.wav", tone=200)
    link(project, file)
    reviewer = Reviewer(project, project.coder("Anne").id)
    move_recording(project, anne(project), number(project), -2.5)
    link(project, other)
    unlink_recording(project, anne(project), number(project))
    states: list[list[tuple[Path, float]]] = [[], [(other, -2.5)], [(file, -2.5)], [(file, 0.0)], []]
    assert linked(project) == states[0]
    for wanted in states[1:]:
        assert reviewer.undo() is not None
        assert linked(project) == wanted
        sound(project)
    for wanted in states[-2::-1]:
        assert reviewer.redo() is not None
        assert linked(project) == wanted
    sound(project)


def test_the_command_undo_takes_it_back_too(project: Project, file: Path) -> None:
    link(project, file)
    take_back_step(project)
    assert linked(project) == []
    sound(project)


def test_the_link_follows_another_name(project: Project, file: Path) -> None:
    link(project, file)
    rename_interview(project, anne(project), number(project), "drivhuset", saw=NAME)
    assert linked(project) == [(file, 0.0)]


@pytest.mark.parametrize("offset", [float("nan"), float("inf"), 86_401.0, -1e9])
def test_an_offset_is_a_time_within_a_day(project: Project, file: Path, offset: float) -> None:
    link(project, file)
    with pytest.raises(DataError, match="sekunder"):
        move_recording(project, anne(project), number(project), offset)
    assert linked(project) == [(file, 0.0)]


def test_nothing_changes_where_another_path_was_seen(project: Project, file: Path, tmp_path: Path) -> None:
    link(project, file)
    other = recording(tmp_path / "annet.wav", tone=200)
    for saw in ("", str(other)):
        with pytest.raises(DataError, match="annet vindu"):
            link_recording(project, anne(project), number(project), other, saw=saw)
        with pytest.raises(DataError, match="annet vindu"):
            unlink_recording(project, anne(project), number(project), saw=saw)
    assert linked(project) == [(file, 0.0)]


def test_what_is_no_recording_is_not_linked(project: Project, tmp_path: Path) -> None:
    for path in (tmp_path / "gartneriet.vtt", tmp_path, tmp_path / "borte.wav", Path("/etc/passwd"), Path("a\0b")):
        with pytest.raises(DataError):
            link(project, path)
    with pytest.raises(DataError, match="ikke knyttet"):
        unlink_recording(project, anne(project), number(project))
    assert linked(project) == [] and project.coders == []


def test_it_is_offered_by_name_and_by_what_the_file_says(project: Project, tmp_path: Path) -> None:
    assert likely_recordings(project.source(NAME)) == []
    (tmp_path / "gartneriet.mp3").write_bytes(b"no recording")
    beside = recording(tmp_path / "Gartneriet.wav")
    assert likely_recordings(project.source(NAME)) == [beside]
    assert linked(project) == []


def test_a_file_that_is_gone_or_changed_is_said(project: Project, file: Path) -> None:
    link(project, file)
    found = recordings(project)[number(project)]
    recording(file, tone=441)
    assert "et annet enn det" in str(found.problem()) and str(file) in str(found.problem())
    file.unlink()
    assert "ikke her" in str(found.problem()) and str(file) in str(found.problem())


def test_a_removal_forgets_the_link_and_leaves_the_recording(project: Project, file: Path) -> None:
    link(project, file)
    preview = removal_preview(project, [NAME])
    assert file in preview.stays and any(str(file) in line for line in preview.warnings)
    assert list(recordings_stay(project, ["en annen"])) == []
    remove_interviews(project, [NAME], by="Anne")
    assert linked(project) == [] and file.exists()
    assert file.name.encode() not in (project.folder / FILE).read_bytes()
    sound(project)


def test_a_closed_project_leaves_the_recording_and_says_where(project: Project, file: Path) -> None:
    link(project, file)
    assert file in closing_preview(project).stays
    close_project(project)
    assert file.exists() and not (project.folder / FILE).exists()


def test_other_names_leave_the_path_and_warn_of_the_voice(project: Project, file: Path) -> None:
    assert list(voices_stay(project)) == []
    link(project, file)
    assert "stemme" in next(voices_stay(project))
    row = {"transcript": 1, "path": str(file), "size": 3, "fingerprint": "ab", "kind": "audio/wav", "offset_s": 0.0}
    assert Rewording(said=lambda _text: "X").row("recording", row) == row


def test_a_project_of_the_format_before_gets_the_table(project: Project, file: Path) -> None:
    with contextlib.closing(sqlite3.connect(project.database.path)) as connection, connection:
        for table in ("recording", "value", "variable"):  # all of that format's step
            connection.execute(f"DROP TABLE {table}")
        connection.execute("PRAGMA user_version = 5")
    Database.open(project.database.path)
    opened = Project.open(project.folder)
    assert (project.folder / f"{FILE}.format-5").exists()
    assert linked(opened) == [] and link(opened, file)
    sound(opened)


def test_a_link_of_no_interview_is_found(project: Project, file: Path) -> None:
    link(project, file)
    with project.database.writing() as connection:
        connection.execute("UPDATE recording SET transcript = 99")
    assert [fault.kind for fault in check(project.folder)] == ["stray"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_said(project: Project, file: Path) -> None:
    file.chmod(0)
    with pytest.raises(DataError, match="kan ikke leses"):
        link(project, file)
