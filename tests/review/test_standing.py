"""«Kodinger som skiller seg ut»: found behind the page, decided one by one, and refused to who codes blind."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from autokode.project import Project, Reviewer
from autokode.project.store.codebook_editing import CodebookEditor
from autokode.project.store.coder_changes import code_blind
from autokode.project.store.integrity import check
from autokode.project.store.removal import remove_interviews
from autokode.review.session import Session
from review_case import CODED, client_of, copied, everything, get, post, waited

BUTTON = r"data-send=\"({0}[^\"]*)\" data-body='([^']*)'"


@pytest.fixture(scope="module")
def shown(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """A session in which all was looked through."""
    project = copied(made, tmp_path_factory.mktemp("standing") / "prosjekt")
    session = Session(project, project.coder("Anne"))
    session.learner.nudge = lambda **_options: False  # type: ignore[method-assign]
    client = client_of(session)
    assert "Se gjennom kodingene mine" in get(client, "standing")[1]
    assert post(client, "standing/look", {})[0] == 200
    errand = session.errands.last("standing")
    assert errand is not None
    waited(lambda: not errand.is_working)
    assert errand.failed == ""
    yield session
    session.close()


@pytest.fixture
def client(shown: Session) -> Iterator[FlaskClient]:
    """Its client; what a test decides is undone after it."""
    before = everything(shown.project)[0]  # type: ignore[index]
    yield client_of(shown)
    while everything(shown.project)[0] != before and shown.reviewer.undo():  # type: ignore[index]
        pass


def count(client: FlaskClient, which: int = 0) -> int:
    """How many lines a list has, the codings' or the other one."""
    return int(re.findall(r'href="[^"]*/standing[^"]*"[^>]*>[^<(]+\((\d+)\)', get(client, "standing")[1])[which])


def pressed(client: FlaskClient, path: str, *, page: str = "standing") -> str:
    """Press the first button that sends to an address, as the page would; give the address."""
    found = re.search(BUTTON.format(path), get(client, page)[1])
    assert found, path
    status, _answer = post(client, found[1], json.loads(found[2].replace("&#34;", '"')))
    assert status == 200
    return found[1]


def test_the_result_holds_places_and_no_texts(shown: Session) -> None:
    errand = shown.errands.last("standing")
    assert errand is not None
    assert errand.result is not None
    texts = {turn.text for name in CODED for turn in shown.project.transcript(name).utterances if len(turn.text) > 20}
    assert not [text for text in texts if text[:20] in str(errand.result)]
    assert not list(errand.folder.iterdir())


def test_each_line_says_where_and_why_and_leads_there(client: FlaskClient) -> None:
    page = get(client, "standing")[1]
    assert count(client) > 0
    assert page.count("<article") == min(count(client), 40)
    assert page.count("sannsynlig at svaret har koden.") == page.count("<article")
    assert "Svar med koden som ligner mest:" in page
    assert re.search(r'href="[^"]*/interview/\d+\?turn=\d+"', page)


def test_what_is_kept_is_off_the_list_and_undoing_brings_it_back(client: FlaskClient, shown: Session) -> None:
    before, rows = count(client), everything(shown.project)[0]  # type: ignore[index]
    pressed(client, "standing/keep")
    assert count(client) == before - 1
    assert everything(shown.project)[0] == rows  # type: ignore[index]
    assert post(client, "undo", {})[1]["message"] == "Angret: beholdt som det er"
    assert count(client) == before
    assert post(client, "redo", {})[0] == 200
    assert count(client) == before - 1
    assert post(client, "undo", {})[0] == 200
    assert {one.kind for one in check(shown.project.folder)} <= {"left"}  # the folder of what is shown


@pytest.mark.parametrize("path", ["coding/"])
def test_a_removed_coding_is_off_the_list_until_it_is_undone(client: FlaskClient, path: str) -> None:
    before = count(client)
    pressed(client, path)
    assert count(client) == before - 1
    post(client, "undo", {})
    assert count(client) == before


def test_a_renamed_code_and_a_kept_one_are_followed(client: FlaskClient, shown: Session) -> None:
    before = count(client)
    pressed(client, "standing/keep")
    kept = shown.project.decisions("Anne")[-1].shown["kept"]["code"]
    CodebookEditor(shown.reviewer).rename(kept, "et annet navn")
    assert count(client) == before - 1
    shown.reviewer.undo()
    shown.reviewer.undo()
    assert count(client) == before


def test_what_another_window_changed_is_refused(client: FlaskClient, shown: Session) -> None:
    found = re.search(BUTTON.format("standing/keep"), get(client, "standing")[1])
    assert found
    pressed(client, "coding/")
    before = everything(shown.project)
    status, answer = post(client, found[1], json.loads(found[2]))
    assert status == 409
    assert "endret i et annet vindu" in str(answer["error"])
    assert everything(shown.project) == before


def test_a_place_in_a_text_that_was_corrected_since_is_refused(client: FlaskClient, shown: Session) -> None:
    found = re.search(BUTTON.format("standing/keep"), get(client, "standing")[1])
    assert found
    before = everything(shown.project)
    status, answer = post(client, found[1], {**json.loads(found[2]), "text_mark": "another"})
    assert (status, answer.get("other_text")) == (409, True)
    assert everything(shown.project) == before


@pytest.mark.parametrize("body", [{}, {"code": "makt"}, {"code": "makt", "given": "ja"}, {"given": True}])
def test_what_makes_no_sense_is_refused(client: FlaskClient, shown: Session, body: dict[str, object]) -> None:
    before = everything(shown.project)
    assert post(client, "standing/keep/1/1", body)[0] == 400
    assert everything(shown.project) == before


def test_a_removed_interview_is_off_the_list(made: Path, tmp_path: Path, shown: Session) -> None:
    project = copied(made, tmp_path / "p")
    session = Session(project, project.coder("Anne"))
    errand = shown.errands.last("standing")
    assert errand is not None
    session.errands._last["standing"] = errand
    client = client_of(session)
    before = count(client)
    remove_interviews(project, [CODED[0]], by="Anne")
    assert 0 < count(client) < before
    assert CODED[0] not in get(client, "standing")[1]


def test_who_codes_blind_gets_no_list(project: Project) -> None:
    ola = project.coder("Ola")
    code_blind(project, ola, blind=True)
    client = client_of(Session(project, project.known_coder("Ola")))
    assert get(client, "standing")[0] == 403
    assert post(client, "standing/look", {})[0] == 403
    assert post(client, "standing/keep/1/1", {"code": "makt", "given": False, "text_mark": "x"})[0] == 403
    assert "standing" not in get(client, "missed")[1]


def test_who_coded_nothing_is_told_so(project: Project) -> None:
    Reviewer(project, project.coder("Ola").id).read(1, 1)
    session = Session(project, project.known_coder("Ola"))
    client = client_of(session)
    post(client, "standing/look", {})
    errand = session.errands.last("standing")
    assert errand is not None
    waited(lambda: not errand.is_working)
    assert "har ikke gitt noen koder ennå" in get(client, "standing")[1]
    session.close()
