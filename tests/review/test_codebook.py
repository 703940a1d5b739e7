"""The page of the codebook: every edit, what is refused, what was changed by hand, and codes named after a selection."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from autokode.corpus.codebook_tree import code_mark
from autokode.project import Project
from autokode.review.session import Session
from codebook_case import BOOK, edited_project, everything, in_file, state
from review_case import client_of, get, post


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return edited_project(tmp_path / "p")


@pytest.fixture
def session(project: Project) -> Session:
    return Session(project, project.coder("Anne"))


@pytest.fixture
def client(session: Session) -> FlaskClient:
    return client_of(session)


def shown(client: FlaskClient, session: Session, code: str) -> str:
    status, page = get(client, f"codebook?code={session.veil.sign(code)}")
    assert status == 200
    return page


def edit(client: FlaskClient, project: Project, what: str, code: str, **body: object) -> dict[str, object]:
    mark = code_mark(project.codebook, code)
    status, answer = post(client, f"codebook/{what}", {"code": code, "mark": mark, **body})
    assert status == 200, answer
    return answer


def test_the_tree_and_a_code_are_shown(client: FlaskClient, session: Session) -> None:
    status, page = get(client, "codebook")
    assert status == 200 and page.count('role="treeitem"') == 6 and "Velg en kode for å endre den" in page
    page = shown(client, session, "makt")
    assert "Hvem som bestemmer." in page and "4 kodinger (3 av Anne, 1 av Ola), 3 avgjorte forslag, 2 notater" in page
    assert page.count('name="codings[]"') == 4 and "kodet av Ola" in page
    assert "makt" not in re.findall(r'href="[^"]*codebook\?code=([^"]*)"', page)


def test_who_codes_blind_sees_their_own_codings_alone(project: Project) -> None:
    blind = Session(project, project.coder("Ola", blind=True))
    page = shown(client_of(blind), blind, "makt")
    assert "4 kodinger (1 av deg, 3 av andre)" in page and page.count('name="codings[]"') == 1 and "Anne" not in page


def test_every_edit_and_back_to_the_beginning(client: FlaskClient, project: Project) -> None:
    before = everything(project)
    status, answer = post(client, "codebook/make", {"name": " ny  kode ", "above": "makt"})
    assert status == 200 and answer["message"] == "Laget «ny kode»." and "codebook?code=" in str(answer["go"])
    edit(client, project, "rename", "språk", name="ordbruk")
    edit(client, project, "move", "penger", above="bakgrunn", before="utdanning")
    texts = {"definition": "a\r\nb", "examples": "en\n\nto", "keywords": "x", "colour": "own", "own_colour": "#AA0000"}
    edit(client, project, "change", "makt", **texts, number="7", codable=True)
    code = project.codebook["makt"]
    assert (code.definition, code.examples, code.colour, code.number) == ("a\nb", ("en", "to"), "#aa0000", 7)
    row = next(row for row in state(project)["coding"].values() if row["code"] == "penger")
    edit(client, project, "example", "penger", coding=row["id"])
    assert len(project.codebook["penger"].examples) == 1
    edit(client, project, "split", "penger", name="lønn", codings=[str(row["id"])])
    edit(client, project, "merge", "lønn", into="avmakt", count="1")
    edit(client, project, "delete", "ordbruk", into="", count=5)
    assert in_file(project) == project.codebook and "ordbruk" not in project.codebook
    for _step in range(8):
        status, answer = post(client, "undo", {})
        assert status == 200 and answer["codes"] is True and answer["message"] == "Angret: endring i kodeboken"
    assert everything(project) == before


@pytest.mark.parametrize(
    ("what", "body", "status"),
    [
        ("make", {"name": "makt", "above": ""}, 409),
        ("make", {"name": 3, "above": ""}, 400),
        ("rename", {"code": "makt", "name": "ny", "mark": "gammel"}, 409),
        ("move", {"code": "makt", "mark": "", "above": "penger", "before": ""}, 409),
        ("change", {"code": "makt", "mark": "", "number": "1e9"}, 400),
        ("change", {"code": "makt", "mark": "", "colour": "rød"}, 409),
        ("example", {"code": "makt", "mark": "", "coding": 99}, 404),
        ("split", {"code": "makt", "mark": "", "name": "ny", "codings": "1"}, 400),
        ("delete", {"code": "makt", "mark": "", "into": "", "count": 4}, 400),
        ("merge", {"code": "makt", "into": "språk", "count": 1}, 409),
        ("take", {"sha256": "x", "gone": [1], "now": []}, 400),
        ("take", {"sha256": "x"}, 409),
    ],
)
def test_what_cannot_be_is_refused(
    client: FlaskClient, project: Project, what: str, body: dict[str, object], status: int
) -> None:
    before = everything(project)
    found, answer = post(client, f"codebook/{what}", body)
    assert found == status and answer["error"] and everything(project) == before


def test_what_was_changed_by_hand_is_looked_at_and_taken_in(client: FlaskClient, project: Project) -> None:
    path = project.folder / "codebook.yaml"
    path.write_text(BOOK.replace("navn: språk", "navn: ordbruk").replace("styrer", "x"), encoding="utf-8")
    assert "codebook.yaml er endret utenfor siden." in get(client, "")[1] and "språk" in project.codebook
    page = get(client, "codebook")[1]
    assert "Nye koder:</b> ordbruk" in page and 'value="ordbruk" selected' in page and "(5 kodinger)" in page
    status, answer = post(client, "codebook/make", {"name": "ny", "above": ""})
    assert status == 409 and "endret utenfor siden" in str(answer["error"])
    sign = re.search(r'name="sha256" value="(\w+)"', page)
    assert sign
    status, _answer = post(client, "codebook/take", {"sha256": sign[1], "gone": ["språk"], "now": ["ordbruk"]})
    assert status == 200 and "ordbruk" in project.codebook
    assert "språk" not in {row["code"] for row in state(project)["coding"].values()}
    assert "endret utenfor siden" not in get(client, "codebook")[1]


def test_codes_that_the_codebook_lacks_find_a_home(client: FlaskClient, project: Project) -> None:
    path = project.folder / "codebook.yaml"
    path.write_text(re.sub(r"  - navn: språk\n.*\n", "", BOOK), encoding="utf-8")
    page = get(client, "codebook")[1]
    sign = re.search(r'name="sha256" value="(\w+)"', page)
    assert sign
    assert post(client, "codebook/take", {"sha256": sign[1], "gone": ["språk"], "now": [""]})[0] == 200
    assert "Koden «språk» har 5 kodinger" in get(client, "codebook")[1]
    assert post(client, "codebook/merge", {"code": "språk", "into": "makt"})[0] == 200
    assert "Koden «språk» har" not in get(client, "codebook")[1]


def test_a_code_named_after_a_selection_is_one_step(client: FlaskClient, project: Project) -> None:
    before = everything(project)
    body = {"name": "penger og å snakke", "above": "makt", "start": 9, "end": 28}
    status, answer = post(client, "in-vivo/1", body)
    assert status == 200 and answer["codes"] is True and list(answer["turns"]) == ["0"]  # type: ignore[call-overload]
    assert project.codebook["penger og å snakke"] in project.codebook["makt"].codes
    assert post(client, "in-vivo/1", {**body, "start": 0, "end": 6})[1]["codes"] is False  # given, as it is there now
    for _step in range(2):
        post(client, "undo", {})
    assert everything(project) == before
    assert post(client, "in-vivo/1", {**body, "name": " "})[0] == 400
