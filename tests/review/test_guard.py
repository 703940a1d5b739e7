"""Who gets an answer: this machine, by a browser with the key, from the page itself."""

import re

import pytest
from flask.testing import FlaskClient

from autokode.project import Project
from autokode.review.guard import COOKIE
from review_case import HOST, KEY, OPEN, ORIGIN, PORT, TOKEN, first_card, get, post


@pytest.mark.parametrize("path", ["", "interview/1", "list", "missed", "news", "static/review.js"])
def test_nothing_is_answered_without_path_and_key(client: FlaskClient, path: str) -> None:
    stranger = client.application.test_client()
    for first, status in (("feil", 404), (TOKEN[:-1], 404), (TOKEN + "x", 404), (TOKEN, 403)):
        for key in ("", "feil", KEY + "x", "ø"):
            stranger.set_cookie(COOKIE, key, domain="127.0.0.1", path="/")
            answer = stranger.get(f"/{first}/{path}", buffered=True, base_url=f"http://{HOST}")
            assert (answer.status_code, COOKIE in str(answer.headers)) == (status, False)
            assert "ontor" not in answer.get_data(as_text=True)
    assert get(client, path)[0] == 200


def test_where_a_code_is_asked_for_nothing_is_told_of_the_project(client: FlaskClient, project: Project) -> None:
    stranger = client.application.test_client()
    asked = stranger.get("/", base_url=f"http://{HOST}").get_data(as_text=True)
    wrong = stranger.post("/", base_url=f"http://{HOST}", data={"code": "feil"})
    for page in (asked, wrong.get_data(as_text=True)):
        text = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
        assert "Mine prosjekter" in text
        assert not re.search(rf"Anne|ontor|\b{project.folder.name}\b|{TOKEN}|{KEY}", text)
    assert (wrong.status_code, wrong.headers.get("Set-Cookie")) == (403, None)


@pytest.mark.parametrize(
    "host",
    ["ond.example", f"ond.example:{PORT}", "127.0.0.1", "127.0.0.1:80", f"127.0.0.1.ond.example:{PORT}", "[::1]:8123"],
)
def test_another_name_for_this_machine_gets_no_answer(client: FlaskClient, host: str) -> None:
    answer = client.get(f"/{TOKEN}/", buffered=True, base_url=f"http://{HOST}", headers={"Host": host})
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "https://ond.example"},
        {"Origin": f"http://{HOST}.ond.example"},
        {"Origin": f"https://{HOST}"},
        {**ORIGIN, "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_only_the_page_itself_decides(client: FlaskClient, project: Project, headers: dict[str, str]) -> None:
    _transcript, card = first_card(client, project)
    before = len(project.decisions())
    status, _answer = post(client, f"suggestion/{card}", {"said": "accept"}, headers)
    assert status == 403
    assert len(project.decisions()) == before


def test_a_form_of_another_page_cannot_decide(client: FlaskClient, project: Project) -> None:
    _transcript, card = first_card(client, project)
    answer = client.post(
        f"/{TOKEN}/suggestion/{card}", base_url=f"http://{HOST}", data={"said": "accept"}, headers=ORIGIN
    )
    assert answer.status_code == 400


def test_too_much_at_once_is_refused(client: FlaskClient) -> None:
    status, answer = post(client, "memo", {"about": "project", "text": "x" * 300_000})
    assert (status, answer["error"]) == (413, "For mye tekst på én gang.")


def test_every_answer_is_sealed(client: FlaskClient) -> None:
    paths = ("", "list", "static/review.css", "nowhere", "turn/1/1", "turn/99/1", "next")
    for path in ("/", "/feil/", *(f"/{TOKEN}/{path}" for path in paths)):
        headers = client.get(path, buffered=True, base_url=f"http://{HOST}").headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http:" not in policy
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"


def test_no_page_asks_for_anything_from_outside(client: FlaskClient, project: Project) -> None:
    source = project.source(OPEN)
    for path in ("", f"interview/{source.id}", "list", "missed"):
        _status, page = get(client, path)
        outside = [
            url for url in re.findall(r'(?:src|href|action)="([^"]*)"', page) if not url.startswith((f"/{TOKEN}/", "#"))
        ]
        assert outside == []
        assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=", page)


@pytest.mark.parametrize(
    "path",
    ["static/../app.py", "static/%2e%2e/app.py", "static//etc/passwd", "interview/../../etc/passwd", "interview/1%00"],
)
def test_no_path_reaches_the_disk(client: FlaskClient, path: str) -> None:
    status, text = get(client, path)
    assert status == 404
    assert "import" not in text
