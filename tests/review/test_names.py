"""The page of names: what is decided there is on the list at once, and what was shown is what is written."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from autokode import DataError
from autokode.corpus.study_file import key_beside
from autokode.project import Project, Reviewer
from autokode.project.store.names_plan import list_beside
from autokode.pseudonym.names_list import read_names_list
from autokode.review import names_work
from autokode.review.session import Session
from names_case import put_list
from pseudonym_case import full_of_names
from review_case import HOST, ORIGIN, TOKEN, client_of

Send = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = full_of_names(tmp_path)
    put_list(made)
    return made


@pytest.fixture
def session(project: Project) -> Session:
    made = Session(project, project.coder("Åshild"))
    made.learner.nudge = lambda **_options: False  # type: ignore[method-assign]
    return made


@pytest.fixture
def client(session: Session) -> FlaskClient:
    return client_of(session)


@pytest.fixture
def send(client: FlaskClient) -> Send:
    def sending(path: str, **body: Any) -> tuple[int, dict[str, Any]]:
        answer = client.post(f"/{TOKEN}/names/{path}", json=body, headers=ORIGIN, base_url=f"http://{HOST}")
        return answer.status_code, answer.get_json()

    return sending


def shown(client: FlaskClient, path: str = "") -> str:
    answer = client.get(f"/{TOKEN}/names{path}", base_url=f"http://{HOST}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def waited(client: FlaskClient) -> dict[str, Any]:
    for _try in range(600):
        state: dict[str, Any] = json.loads(shown(client, "/state"))
        if not state["runs"]:
            return state
        time.sleep(0.1)
    raise AssertionError("the work goes on")


def at_once(session: Session) -> None:
    """Do the work in this process, before the answer."""
    job = session.names

    def begin(task: str, folder: Path, given: dict[str, Any], *, then: Callable[[], object] = lambda: None) -> None:
        job.task, job.failed, job.found = task, "", {}
        try:
            found = names_work.TASKS[task](Project.open(folder), json.loads(json.dumps(given)))
        except DataError as error:
            job.failed = str(error)
            return
        job.found = json.loads(json.dumps(found))
        then()

    job.begin = begin  # type: ignore[method-assign]


def seen(project: Project, number: int) -> str:
    return read_names_list(list_beside(project.folder)).head(number).seen


def test_the_list_is_shown_without_a_name_in_any_address(client: FlaskClient) -> None:
    page = shown(client)
    assert "Kåre Ødegård" in page
    assert "tvilsom" in page
    assert page.count("<tbody") == 3
    addresses = [part.split('"')[0] for part in page.split('href="')[1:]]
    assert not [one for one in addresses if "Kåre" in one or "%C3" in one]
    assert "<mark>Kåre</mark>" in shown(client, "/1/places")
    assert '<mark class="goes" title="→ Tor">Åshild</mark>' in shown(client, "/text/2")


def test_a_decision_is_on_the_list_at_once(client: FlaskClient, project: Project, send: Send) -> None:
    status, answer = send("3", said="keep", seen=seen(project, 3))
    assert (status, list(answer["rows"])) == (200, ["3"])
    assert "blir stående" in answer["rows"]["3"]
    send("1", said="becomes", becomes="Halvor", seen=seen(project, 1))
    _status, answer = send("2", said="merge", into=1, seen=seen(project, 2))
    assert answer["rows"]["2"] == ""
    assert "Skill igjen" in answer["rows"]["1"]
    listed = read_names_list(list_beside(project.folder))
    assert (listed.head(3).keeps, listed.head(2).becomes) == (True, "Halvor")
    assert send("1", said="part", seen=seen(project, 1))[1]["rows"]["2"]


def test_an_entry_that_another_window_changed_is_refused(project: Project, send: Send) -> None:
    old = seen(project, 1)
    send("1", said="keep", seen=old)
    status, answer = send("1", said="becomes", becomes="Halvor", seen=old)
    assert status == 409
    assert "annet vindu" in answer["error"]
    assert read_names_list(list_beside(project.folder)).head(1).becomes == "Magnhild"


def test_what_is_decided_on_the_list_is_undone_on_the_list(client: FlaskClient, project: Project, send: Send) -> None:
    """The project's own decisions stay; a list made anew has nothing to undo."""
    Reviewer(project, project.coder("Åshild").id).memo("project", "et notat")
    decided, path = len(project.decisions()), list_beside(project.folder)
    lists = [read_names_list(path)]
    for number, about in ((3, {"said": "keep"}), (2, {"said": "merge", "into": 1})):
        assert send(str(number), **about, seen=seen(project, number))[0] == 200
        lists.append(read_names_list(path))
    assert send("add", text="bestemmer", kind="virksomhet", becomes="")[0] == 200
    lists.append(read_names_list(path))
    changed = [{"3"}, {"1", "2"}, {"4"}]
    for before, rows in zip(reversed(lists[:-1]), reversed(changed), strict=True):
        _status, answer = send("back/undo")
        assert "Angret i navnelisten: «" in answer["message"] and set(answer["rows"]) == rows
        assert read_names_list(path) == before
    assert "ingenting å angre i navnelisten" in send("back/undo")[1]["message"]
    for after in lists[1:]:
        assert "Gjort om igjen i navnelisten" in send("back/redo")[1]["message"]
        assert read_names_list(path) == after
    send("back/undo")
    send("1", said="keep", seen=seen(project, 1))
    assert send("back/redo")[1]["rows"] == {}  # something else was decided since
    put_list(project)
    found = path.read_bytes()
    assert send("back/undo")[1]["rows"] == {}
    assert path.read_bytes() == found
    assert len(project.decisions()) == decided


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("99", {"said": "keep", "seen": "x"}),
        ("1", {"said": "keep"}),
        ("1", {"said": "dans", "seen": ""}),
        ("add", {"text": "Bodø", "kind": "pronomen", "becomes": ""}),
        ("add", {"text": "", "kind": "person", "becomes": ""}),
        ("add", {"text": "Åshild", "kind": "person", "becomes": ""}),
        ("begin/write", {"sign": "", "mark": ""}),
        ("begin/dans", {}),
    ],
)
def test_what_makes_no_sense_changes_nothing(project: Project, send: Send, path: str, body: dict[str, Any]) -> None:
    before = list_beside(project.folder).read_bytes()
    assert send(path, **({"seen": ""} | body))[0] in (400, 404, 405, 409)
    assert list_beside(project.folder).read_bytes() == before


def test_a_word_is_added_and_said_how_often(project: Project, send: Send, client: FlaskClient) -> None:
    status, answer = send("add", text=" bestemmer, ", kind="virksomhet", becomes="")
    assert (status, answer["count"]) == (200, 4)
    assert "[virksomhet 1]" in answer["message"]
    assert "[virksomhet 1]" in shown(client)


def test_the_project_is_rewritten_as_previewed_and_given_back(
    client: FlaskClient, project: Project, session: Session, send: Send
) -> None:
    at_once(session)
    send("3", said="keep", seen=seen(project, 3))
    assert send("begin/preview")[0] == 200
    page = shown(client, "/preview")
    assert "<del>Kåre Ødegård</del> <ins>Magnhild</ins>" in page
    assert "KÅRE, åshild, Kåres" in page
    found = session.names.found
    sign, mark = found["sign"], found["mark"]
    send("2", said="becomes", becomes="Oline", seen=seen(project, 2))
    send("begin/write", sign=sign, mark=mark)
    assert "endret siden forhåndsvisningen" in shown(client)
    assert "Åshild" in project.transcript("Kåre Ødegård").text
    send("begin/preview")
    session.incoming.add(session.incoming.begin("Kåre.txt", 5), 0, "Kåre".encode())
    send("begin/write", sign=session.names.found["sign"], mark=session.names.found["mark"])
    assert session.understanding.all() == []  # a file with names that waited is gone
    page = shown(client)
    assert "Prosjektet er pseudonymisert" in page
    assert session.coder.name.startswith("Oline")
    assert session.coder in project.coders
    assert "Ødegård" not in "".join(project.transcript(source.name).text for source in project.sources)
    assert not list_beside(project.folder).exists()
    assert key_beside(project.folder).stat().st_mode & 0o777 == 0o600
    send("begin/undo")
    assert "Navnene er ført tilbake" in shown(client)
    assert session.coder.name == "Åshild"
    assert "Kåre Ødegård" in {source.name for source in project.sources}


@pytest.mark.slow
def test_long_work_is_done_in_a_process_and_asked_for(client: FlaskClient, project: Project, send: Send) -> None:
    send("1", said="becomes", becomes="Halvor", seen=seen(project, 1))
    assert send("begin/search", gender="kept")[0] == 200
    assert send("begin/check")[0] == 409  # one at a time
    assert "Leter etter navn" in shown(client)
    assert waited(client)["task"] == "search"
    listed = read_names_list(list_beside(project.folder))
    assert "Halvor" in {one.becomes for one in listed.heads}
    send("begin/check")
    assert waited(client)["task"] == "check"
    assert "Kåre Ødegård" in shown(client, "/check")


def test_work_that_is_stopped_is_said(client: FlaskClient, session: Session, send: Send) -> None:
    send("begin/search", gender="kept")
    session.names.stop()
    assert waited(client)["task"] == ""
    assert "stanset" in shown(client)


def test_the_list_can_be_discarded(client: FlaskClient, project: Project, send: Send) -> None:
    assert send("drop")[0] == 200
    assert not list_beside(project.folder).exists()
    assert "Finn navn" in shown(client)
    assert client.get(f"/{TOKEN}/names/text/1", base_url=f"http://{HOST}").status_code == 404
    assert client.get(f"/{TOKEN}/names/preview", base_url=f"http://{HOST}").status_code == 404


def test_a_damaged_list_is_said(client: FlaskClient, project: Project) -> None:
    list_beside(project.folder).write_text("[]", encoding="utf-8")
    answer = client.get(f"/{TOKEN}/names", base_url=f"http://{HOST}")
    assert answer.status_code == 409
    assert "navneliste" in answer.get_data(as_text=True)
