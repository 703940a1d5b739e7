"""The page's way to a recording: only what was linked is sent, part by part, to the page's own browser alone."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from autokode.project import Project
from autokode.project.store.recordings import link_recording, recordings
from autokode.review import byte_ranges
from autokode.review.byte_ranges import asked_part
from autokode.review.guard import COOKIE
from autokode.review.session import Session
from autokode.review.start.home_folders import HomeFolders, Signs
from review_case import HOST, TOKEN, client_of, get, post
from sound_case import recording, talk_project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return talk_project(tmp_path)


@pytest.fixture
def session(project: Project, tmp_path: Path) -> Session:
    made = Session(project, project.coder("Anne"))
    made.folders = HomeFolders(Signs(), tmp_path)
    return made


@pytest.fixture
def client(session: Session) -> FlaskClient:
    return client_of(session)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return recording(tmp_path / "lyd æ.wav")


def link(project: Project, file: Path) -> None:
    link_recording(project, project.known_coder("Anne"), 1, file)


def ask(client: FlaskClient, range_: str = "", number: int = 1, **headers: str) -> TestResponse:
    asked = {**({"Range": range_} if range_ else {}), **headers}
    return client.get(f"/{TOKEN}/recording/{number}", base_url=f"http://{HOST}", headers=asked)


def test_parts_of_the_recording_are_sent_as_asked_for(client: FlaskClient, project: Project, file: Path) -> None:
    link(project, file)
    content = file.read_bytes()
    for asked, start, end in (
        ("bytes=0-", 0, len(content)),
        ("bytes=44-99", 44, 100),
        ("bytes=-10", len(content) - 10, len(content)),
        (f"bytes={len(content) - 1}-{len(content) + 50}", len(content) - 1, len(content)),
    ):
        answer = ask(client, asked)
        assert (answer.status_code, answer.data) == (206, content[start:end])
        assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/{len(content)}"
        assert answer.headers["Accept-Ranges"] == "bytes" and answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Type"] == "audio/wav"
    for asked in (f"bytes={len(content)}-", "bytes=-0"):
        answer = ask(client, asked)
        assert (answer.status_code, answer.data) == (416, b"")
        assert answer.headers["Content-Range"] == f"bytes */{len(content)}"
    for asked in ("", "bytes=0-1,4-5", "bytes=9-2", "bytes=-", "items=0-1", "bytes=a-b"):
        answer = ask(client, asked)
        assert (answer.status_code, answer.data) == (200, content)
        assert answer.headers["Content-Length"] == str(len(content))
    assert ask(client, "bytes=0-9", **{"If-Range": '"x"'}).status_code == 200


def test_an_answer_has_no_more_than_a_part_of_a_long_recording(
    client: FlaskClient, project: Project, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link(project, file)
    monkeypatch.setattr(byte_ranges, "MOST", 1000)
    content, got = file.read_bytes(), b""
    while len(got) < len(content):
        answer = ask(client, f"bytes={len(got)}-")
        assert answer.status_code == 206 and len(answer.data) <= 1000
        got += answer.data
    assert got == content


@pytest.mark.parametrize("size", [1, 10, 5000])
def test_a_part_lies_within_the_file(size: int) -> None:
    for start in ("", "0", "1", "9", "4999", "999999999999999999"):
        for end in ("", "0", "1", "9", "4999", "999999999999999999"):
            part = asked_part(f"bytes={start}-{end}", size)
            assert part is None or 0 <= part[0] <= part[1] <= size


def test_nothing_is_sent_but_what_is_linked_and_the_same(client: FlaskClient, project: Project, file: Path) -> None:
    assert ask(client).status_code == 404
    link(project, file)
    assert ask(client, number=2).status_code == 404
    for path in ("recording/../1", "recording/1/../../etc/passwd", "recording/-1", "recording/1.wav"):
        assert get(client, path)[0] == 404
    recording(file, tone=441)
    answer = ask(client, "bytes=0-99")
    assert answer.status_code == 409 and b"WAVE" not in answer.data and "et annet enn det" in answer.text
    file.unlink()
    file.symlink_to("/etc/passwd")
    answer = ask(client, "bytes=0-99")
    assert answer.status_code == 409 and "root:" not in answer.text
    status, said = get(client, "recording/1/state")
    assert status == 200 and "ikke her" in said
    assert str(file) in get(client, "interview/1")[1]  # where it was sought


def test_another_page_or_browser_hears_nothing(client: FlaskClient, project: Project, file: Path) -> None:
    link(project, file)
    assert ask(client, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.get(f"/{TOKEN}/recording/1", base_url="http://evil.example:8123").status_code == 404
    client.delete_cookie(COOKIE, domain="127.0.0.1", path=f"/{TOKEN}/")
    assert ask(client).status_code == 403


def test_a_file_is_found_in_folders_and_linked_by_its_sign(
    client: FlaskClient, project: Project, tmp_path: Path
) -> None:
    (tmp_path / "opptak").mkdir()
    file = recording(tmp_path / "opptak" / "dag 1.wav")
    (tmp_path / "opptak" / "notat.txt").write_text("x", encoding="utf-8")
    (tmp_path / "opptak" / ".skjult.wav").write_bytes(file.read_bytes())
    (tmp_path / "opptak" / "lenke.wav").symlink_to("/etc/passwd")
    _status, page = get(client, "interviews/1/recording")
    sign = re.search(r'data-sound-folder="(\w+)">opptak<', page)
    assert sign
    status, answer = post(client, "interviews/1/recording/folder", {"folder": sign[1]})
    html = str(answer["html"])
    assert status == 200 and re.findall(r"♪ ([^<]+)", html) == ["dag 1.wav"]
    found = re.search(r'data-pick-sound="(\w+)"', html)
    assert found
    status, answer = post(client, "interviews/1/recording/link", {"file": found[1], "saw": ""})
    assert status == 200 and "Angre: z" in str(answer["message"])
    assert [one.path for one in recordings(project).values()] == [file]
    assert post(client, "interviews/1/recording/link", {"file": "0" * 16, "saw": str(file)})[0] == 409


def test_a_path_is_typed_moved_forgotten_and_all_is_undone(client: FlaskClient, project: Project, file: Path) -> None:
    to = "interviews/1/recording/"
    assert post(client, to + "link", {"path": f' "{file}" ', "saw": ""})[0] == 200
    assert post(client, to + "link", {"path": "/etc/passwd", "saw": str(file)})[0] == 409
    for offset in ("2,5", "−3", "0"):
        assert post(client, to + "offset", {"offset": offset, "saw": str(file)})[0] == 200
    for offset in ("nan", "inf", "x", "1e9"):
        assert post(client, to + "offset", {"offset": offset, "saw": str(file)})[0] == 409
    assert post(client, to + "forget", {"saw": "noe annet"})[0] == 409
    status, answer = post(client, to + "forget", {"saw": str(file)})
    assert status == 200 and str(file) in str(answer["message"]) and recordings(project) == {}
    offsets = []
    for _ in range(4):
        assert post(client, "undo", {})[1]["again"] is True
        offsets.append(recordings(project)[1].offset_s)
    assert offsets == [0.0, -3.0, 2.5, 0.0]
    post(client, "undo", {})
    assert recordings(project) == {}
    post(client, "redo", {})
    assert recordings(project)[1].path == file


def test_a_decision_from_elsewhere_links_nothing(client: FlaskClient, project: Project, file: Path) -> None:
    body = {"path": str(file), "saw": ""}
    assert post(client, "interviews/1/recording/link", body, headers={"Origin": "http://evil.example"})[0] == 403
    assert post(client, "interviews/1/recording/link", body, headers={})[0] == 403
    assert recordings(project) == {}


def test_the_page_has_a_player_only_with_a_recording(client: FlaskClient, project: Project, file: Path) -> None:
    page = get(client, "interview/1")[1]
    assert 'id="player"' not in page and 'data-do="hear"' not in page
    link(project, file)
    page = get(client, "interview/1")[1]
    assert 'id="player"' in page and page.count('data-do="hear"') == 4
    assert str(file) not in page


def test_the_choices_of_the_player_are_kept(client: FlaskClient, project: Project, file: Path) -> None:
    link(project, file)
    post(client, "setting", {"speed": "1.5", "one_utterance": "on", "follow": "off"})
    post(client, "setting", {"speed": "9"})
    page = get(client, "interview/1")[1]
    assert '<option value="1.5" selected>' in page
    assert re.search(r'id="one-utterance"[^>]* checked', page) and not re.search(r'id="follow"[^>]* checked', page)


def test_backup_and_names_say_what_they_leave(client: FlaskClient, project: Project, file: Path) -> None:
    assert "har ikke lyd" not in get(client, "settings")[1] and "En stemme" not in get(client, "names")[1]
    link(project, file)
    assert "Den har ikke lyd: 1 opptak" in get(client, "settings")[1]
    assert "En stemme er personlig" in get(client, "names")[1]
