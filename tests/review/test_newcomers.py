"""Nobody becomes a coder by opening a page, and nobody's page tells of what another coder did."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from autokode.project import Coder, Project, Reviewer
from autokode.project.store.coders import NEWCOMER
from autokode.review.session import Session
from project_case import small
from review_case import client_of, get, post

SHOWN = ("", "interview/1", "interview/1?turn=2", "list", "missed", "news", "next", "turn/1/1", "span/1/1?step=wider")


@pytest.fixture
def room(tmp_path: Path) -> Project:
    """A project in which Anne has coded and been suggested something, and nobody else."""
    project = small(tmp_path / "p")
    anne = Reviewer(project, project.coder("Anne").id)
    anne.accept(1)
    anne.read(1, 0)
    anne.read(1, 1)
    anne.memo("turn/1/1", "Annes notat")
    return project


def opened(project: Project, name: str, *, blind: bool = False) -> FlaskClient:
    known = project.known_coder(name)
    session = Session(project, known if known.id else Coder(NEWCOMER, name, blind))
    session.learner.nudge_soon = lambda: None  # type: ignore[method-assign]
    return client_of(session)


def names(project: Project) -> list[str]:
    return [coder.name for coder in project.coders]


def test_a_page_that_was_only_read_makes_no_coder(room: Project) -> None:
    client = opened(room, "Ola")
    for path in SHOWN:
        assert get(client, path)[0] in (200, 302), path
    for path, body in [
        ("undo", {}),
        ("redo", {}),
        ("learn", {}),
        ("setting", {"theme": "dark"}),
        ("memo", {"about": "project", "text": " "}),
        ("read/1/0", {"read": False}),
        ("code/1", {"code": "finnes ikke", "start": 0, "end": 4}),
        ("suggestion/1", {"said": "accept"}),
        ("coding/1", {"said": "remove"}),
    ]:
        post(client, path, body)
    assert names(room) == ["Anne"]
    assert room.setting("theme") == ""


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("read/1/2", {}),
        ("code/1", {"code": "makt", "start": 0, "end": 7}),
        ("memo", {"about": "project", "text": "Mitt første notat"}),
    ],
)
def test_the_first_thing_stored_makes_a_coder(room: Project, path: str, body: dict[str, object]) -> None:
    client = opened(room, "Ola", blind=True)
    assert post(client, path, body)[0] == 200
    assert [(coder.name, coder.blind) for coder in room.coders] == [("Anne", False), ("Ola", True)]
    assert len(room.decisions("Ola")) == 1
    assert post(client, "undo", {})[0] == 200  # the page knows who decides now
    assert len(room.decisions("Ola")) == 2
    assert names(room) == ["Anne", "Ola"]


def test_a_page_says_under_which_name_one_codes_until_something_is_stored(room: Project) -> None:
    client = opened(room, "root")
    assert "Du koder som <b>root</b>" in get(client, "")[1]
    assert re.search('href="[^"]*/coders">Et annet navn</a>', get(client, "")[1])
    post(client, "read/1/2", {})
    assert "Du koder som" not in get(client, "")[1]


def test_a_second_coders_page_tells_nothing_of_the_first(room: Project) -> None:
    client = opened(room, "Ola")
    for path in SHOWN:
        page = get(client, path)[1]
        for trace in ("Anne", "data-suggestion", "data-coding", 'class="pair"', "Annes notat", "sammenlign"):
            assert trace not in page, (path, trace)
    assert '"decision":0,"round":0' in get(client, "news")[1].replace(" ", "").replace("\n", "")
    assert "Lest <b>0</b> av 4" in get(client, "")[1]
    post(client, "read/1/3", {})  # not read by Anne: still nothing to compare
    assert "Anne" not in get(client, "")[1]
    post(client, "read/1/0", {})
    assert "Anne: <a" in get(client, "")[1]


def test_each_coder_chooses_how_their_own_page_looks(room: Project) -> None:
    anne, ola = opened(room, "Anne"), opened(room, "Ola")
    post(ola, "setting", {"language": "en", "theme": "dark", "order": "reading"})
    assert "Overview" in get(ola, "")[1]
    assert 'data-theme="dark"' in get(ola, "")[1]
    assert "Oversikt" in get(anne, "")[1]
    assert 'data-theme="dark"' not in get(anne, "")[1]
    post(ola, "setting", {"precision": "0.8"})  # the dial is the project's: `autokode learn` reads it
    assert room.precision == 0.8
