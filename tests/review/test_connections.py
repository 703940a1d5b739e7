"""One request opens one connection to the project's file, whatever it reads and decides."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from autokode.project import Project
from autokode.project.store import database
from autokode.review.session import Session
from review_case import HOST, OPEN, TOKEN, client_of, made_project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return made_project(tmp_path / "prosjekt")


@pytest.fixture
def client(project: Project) -> Iterator[FlaskClient]:
    yield client_of(Session(project, project.coder("Anne")))


@pytest.fixture
def opened(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> list[sqlite3.Connection]:
    """Collect the connections that are opened, in any thread."""
    connect, found = sqlite3.connect, []

    def heard(*arguments: object, **options: object) -> sqlite3.Connection:
        found.append(connect(*arguments, **options))  # type: ignore[arg-type, call-overload]
        return found[-1]

    monkeypatch.setattr(database.sqlite3, "connect", heard)
    return found


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(f"/{TOKEN}/{path}", base_url=f"http://{HOST}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def is_closed(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("SELECT 1")
    except sqlite3.ProgrammingError:
        return True
    return False


def test_a_decision_opens_one_connection(
    client: FlaskClient, project: Project, opened: list[sqlite3.Connection]
) -> None:
    number = project.source(OPEN).id
    cards = re.findall(r'data-suggestion="(\d+)"', page(client, f"interview/{number}"))
    before = len(project.decisions())
    opened.clear()
    body = {"said": "accept", "transcript": number}
    options = {"base_url": f"http://{HOST}", "headers": {"Origin": f"http://{HOST}"}}
    answer = client.post(f"/{TOKEN}/suggestion/{cards[0]}", json=body, **options)  # type: ignore[arg-type]
    assert answer.status_code == 200
    assert answer.get_json()["turns"]
    assert len(opened) == 1
    assert is_closed(opened[0])
    assert len(project.decisions()) == before + 1


@pytest.mark.parametrize("path", ["", "interview/{open}", "turn/{open}/1", "list", "missed", "news", "compare/{other}"])
def test_a_page_opens_one_connection(
    client: FlaskClient, project: Project, opened: list[sqlite3.Connection], path: str
) -> None:
    names = {"open": project.source(OPEN).id, "other": project.coder("Kari").id}
    opened.clear()
    page(client, path.format(**names))
    assert len(opened) == 1
    assert is_closed(opened[0])


def test_an_answer_that_went_wrong_gives_its_connection_back(
    client: FlaskClient, opened: list[sqlite3.Connection]
) -> None:
    options = {"base_url": f"http://{HOST}", "headers": {"Origin": f"http://{HOST}"}}
    answer = client.post(f"/{TOKEN}/suggestion/999999", json={"said": "accept"}, **options)  # type: ignore[arg-type]
    assert answer.status_code == 409
    assert len(opened) == 1
    assert is_closed(opened[0])
    page(client, "news")
    assert len(opened) == 2
