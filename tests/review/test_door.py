"""The way in to the page: a file for its owner alone, codes that work once, and a cookie for this page alone."""

import os
import re
import stat
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from autokode.project import Project
from autokode.review import door as module
from autokode.review.app import create_app
from autokode.review.door import Door
from autokode.review.guard import COOKIE
from autokode.review.session import Session
from review_case import HOST, PORT, opened, serving

ADDRESS = f"http://{HOST}/"


def code_in(file: Path) -> str:
    found = re.search(r'name="code" value="(\w+)"', file.read_text(encoding="utf-8"))
    assert found
    return found[1]


def test_a_code_works_once_and_for_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    door = Door()
    first, second = door.code(), door.code()
    assert not any(door.take(wrong) for wrong in ("", " ", "feil", "æ", first[:-1], first.upper() + "x"))
    assert door.take(f" {first}\n")
    assert not door.take(first)
    now[0] += module.LIFE_S
    assert not door.take(second)
    assert not door.take(second)


def test_the_file_is_its_owners_alone_and_gets_a_new_code_for_each_use(tmp_path: Path) -> None:
    door, folder = Door(), tmp_path / "dør"
    folder.mkdir(mode=0o755)  # what a killed server left
    (folder / "side.html").write_text("gammelt", encoding="utf-8")
    before = os.umask(0)
    try:
        with door.file(folder, ADDRESS) as file:
            assert [stat.S_IMODE(path.stat().st_mode) for path in (folder, file)] == [0o700, 0o600]
            codes = []
            for _ in range(3):
                codes.append(code_in(file))
                assert door.take(codes[-1])
                assert not door.take(codes[-1])
                assert stat.S_IMODE(file.stat().st_mode) == 0o600
            assert len(set(codes)) == 3
            assert [path.name for path in folder.iterdir()] == ["side.html"]
            left = code_in(file)
    finally:
        os.umask(before)
    assert not folder.exists()
    assert not door.take(left)
    assert not door.take("")


def test_a_code_is_exchanged_for_a_cookie_of_this_page_alone(project: Project) -> None:
    door = Door()
    client = create_app(Session(project, project.coder("Anne")), door, PORT).test_client()
    code = door.code()
    answer = client.post("/", base_url=ADDRESS, data={"code": code}, headers={"Origin": "null"})
    assert answer.status_code == 200
    cookie = answer.headers["Set-Cookie"]
    assert cookie == f"{COOKIE}={door.key}; HttpOnly; Path=/{door.path}/; SameSite=Strict"
    assert door.key not in answer.get_data(as_text=True)  # no address and no page holds it
    assert code not in answer.get_data(as_text=True)
    assert client.get(f"/{door.path}/", base_url=ADDRESS).status_code == 200
    second = create_app(Session(project, project.coder("Anne")), door, PORT).test_client()
    refused = second.post("/", base_url=ADDRESS, data={"code": code})
    assert (refused.status_code, refused.headers.get("Set-Cookie")) == (403, None)
    assert "brukt før" in refused.get_data(as_text=True)


def test_the_script_of_a_page_without_the_key_is_told_so(client: FlaskClient) -> None:
    from review_case import TOKEN

    stranger = client.application.test_client()
    answer = stranger.get(f"/{TOKEN}/news", base_url=ADDRESS, headers={"Autokode-Seen": ""})
    assert (answer.status_code, "nøkkelen" in answer.get_json()["error"]) == (403, True)


FAKE = """#!/bin/sh
echo "$@" > "{0}.part"
for line in /proc/[0-9]*/cmdline; do tr '\\0' ' ' < "$line" 2>/dev/null; echo; done >> "{0}.part"
cat "{1}"/*/.review-*/side.html > "{0}.file"
mv "{0}.part" "{0}"
"""


@pytest.fixture
def fake_browser(tmp_path: Path) -> Callable[[], tuple[str, str]]:
    """A browser that writes its own command line and those of all processes; give them, and the file it was to open."""
    seen, script = tmp_path / "sett", tmp_path / "nettleser"
    script.write_text(FAKE.format(seen, tmp_path), encoding="utf-8")
    script.chmod(0o700)

    def told() -> tuple[str, str]:
        for _ in range(3000):
            if seen.exists():
                return seen.read_text(encoding="utf-8", errors="replace"), Path(f"{seen}.file").read_text("utf-8")
            time.sleep(0.02)
        raise AssertionError("no browser was opened")

    return told


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="no process list to read here")
def test_no_command_line_opens_the_page(
    project: Project, tmp_path: Path, fake_browser: Callable[[], tuple[str, str]]
) -> None:
    """Any user of the machine reads the process list: it names the file, and nothing that is in it."""
    with serving(project.folder, "--coder", "Anne", browser=str(tmp_path / "nettleser")) as (address, _process):
        lines, file = fake_browser()
        assert lines.startswith(address.file.as_uri())
        assert "nettleser file:///" in lines
        (code,) = re.findall(r'value="(\w+)"', file)
        for secret in (code, address.cookie.split("=")[1], address.split("/")[3]):
            assert secret not in lines
        told = f"http://{address.split('/')[2]}/ med koden {code_in(address.file)}"
        assert opened(address.file.as_uri(), told).cookie == address.cookie
        with pytest.raises(AssertionError, match="403"):
            opened(address.file.as_uri(), told)
    assert not list(project.folder.glob(".review-*/*"))
