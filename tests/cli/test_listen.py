"""`autokode listen`: an interview and its recording, from a terminal."""

from pathlib import Path

import pytest

from autokode.cli import run
from autokode.project import Project
from autokode.project.store.recordings import recordings
from sound_case import recording, talk_project

NAME = "gartneriet"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return talk_project(tmp_path)


def listen(project: Project, *words: str) -> int:
    return run(["listen", *words, "--project", str(project.folder), *(["--coder", "Anne"] if len(words) > 1 else [])])


def test_a_file_beside_the_transcript_is_offered_and_not_taken(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = recording(tmp_path / "gartneriet.wav")
    assert listen(project, NAME) == 0
    out = capsys.readouterr().out
    assert f"  {file}\n" in out and f"listen {NAME} {file}" in out
    assert recordings(project) == {}


def test_it_is_linked_moved_and_forgotten(project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = recording(tmp_path / "lyd.wav")
    assert listen(project, NAME, str(file)) == 0
    assert "Ingenting er kopiert" in capsys.readouterr().out
    assert listen(project, NAME, "--offset", "-1.5") == 0
    assert "teksten begynner -1,500 s inn" in capsys.readouterr().out
    assert [one.offset_s for one in recordings(project).values()] == [-1.5]
    assert listen(project) == 0
    assert f"{NAME}: {file}" in capsys.readouterr().out
    assert listen(project, NAME, "--remove") == 0
    assert f"ikke slettet: {file}" in capsys.readouterr().out
    assert recordings(project) == {} and file.exists()


def test_what_is_wrong_is_said_with_the_next_command(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert listen(project, NAME, "--remove") == 2
    assert "ikke knyttet til noe opptak" in capsys.readouterr().err
    assert listen(project, "ukjent", str(tmp_path)) == 2
    assert listen(project, NAME, str(tmp_path / "gartneriet.vtt")) == 2
    assert "ffmpeg -i" in capsys.readouterr().err
    assert listen(project, NAME, "a.wav", "--remove") == 2
    assert run(["listen", "--remove", "--project", str(project.folder)]) == 2


def test_a_file_that_is_gone_is_said(project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = recording(tmp_path / "lyd.wav")
    listen(project, NAME, str(file))
    file.unlink()
    capsys.readouterr()
    assert listen(project, NAME) == 0
    assert f"✗ {file}: opptaket er ikke her" in capsys.readouterr().out


def test_a_backup_says_that_it_has_no_sound(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "kopi.zip"
    assert run(["backup", "--project", str(project.folder), "--out", str(out)]) == 0
    assert "har ikke lyd" not in capsys.readouterr().out
    out.unlink()
    listen(project, NAME, str(recording(tmp_path / "lyd.wav")))
    assert run(["backup", "--project", str(project.folder), "--out", str(out)]) == 0
    assert "Den har ikke lyd: 1 opptak" in capsys.readouterr().out


def test_a_removal_says_that_the_recording_stays(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = recording(tmp_path / "lyd.wav")
    listen(project, NAME, str(file))
    capsys.readouterr()
    assert run(["remove", NAME, "--project", str(project.folder), "--yes"]) == 0
    out = capsys.readouterr().out
    assert f"ligger utenfor og blir: {file}" in out and file.exists()
