"""`autokode` as a user starts it: found by a second start, back after a kill, ended by itself, its troubles shown."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from autokode.review.start.life import Life
from start_case import door_file, environment, started


def again(home: Path, *words: str, browser: str = "true") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "autokode", *words],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
        env=environment(home, browser),
    )


def test_a_second_start_finds_the_page_and_a_killed_one_does_not_stand_in_the_way(tmp_path: Path) -> None:
    with started(tmp_path) as (address, process):
        second = again(tmp_path, "--no-browser")
        assert (second.returncode, second.stderr) == (0, "")
        assert second.stdout == f"autokode kjører alt; veien inn er denne filen:\n  {address.file.as_uri()}\n"
        assert address.split("/")[3] not in second.stdout
        process.kill()
        process.wait()
    assert door_file(tmp_path).exists()  # the killed server's
    old = door_file(tmp_path).read_text(encoding="utf-8")
    with started(tmp_path) as (address, process):
        assert address.file.read_text(encoding="utf-8") != old
        process.terminate()
        process.wait()
    assert not door_file(tmp_path).exists()


def test_what_goes_wrong_at_a_start_from_the_menu_is_shown_in_the_browser(tmp_path: Path) -> None:
    """There is no terminal: the browser is given a page that says what happened."""
    shown, browser = tmp_path / "vist", tmp_path / "nettleser"
    browser.write_text(f'#!/bin/sh\nprintf %s "$1" > "{shown}"\n', encoding="utf-8")
    browser.chmod(0o700)
    (tmp_path / ".own").write_text("en fil der mappen skulle vært", encoding="utf-8")
    assert again(tmp_path, "start", "--from-menu", browser=str(browser)).returncode == 2
    page = Path(shown.read_text(encoding="utf-8").removeprefix("file://"))
    said = page.read_text(encoding="utf-8")
    page.unlink()
    assert "autokode kunne ikke starte" in said
    assert str(tmp_path / ".own") in said


def test_the_server_ends_by_itself_when_its_time_is_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from autokode.review.server import Ways, serve_start_page

    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AUTOKODE_HOME", str(tmp_path / "eget"))
    monkeypatch.setattr(Life, "is_over", lambda _self: True)
    files: list[Path] = []

    def told(ways: Ways) -> None:
        files.append(ways.file)
        assert ways.file.exists()

    def running(_file: Path) -> None:
        raise AssertionError("nothing runs")

    for _ in range(2):  # and the lock is let go
        began = time.monotonic()
        serve_start_page(port=0, browser=False, told=told, running=running)
        assert time.monotonic() - began < 60
    assert len(files) == 2
    assert not files[0].exists()
