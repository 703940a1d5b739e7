"""Withdrawn consent on the page: what goes is shown first, asked twice, and gone byte for byte; what lies outside stays."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from autokode.base.errors import DataError
from autokode.project import Project
from autokode.project.store.codebook_editing import CodebookEditor
from autokode.project.store.integrity import check
from autokode.review.page_locks import only_one
from autokode.review.session import Session
from removal_case import GONE, LEFT, SAID, World, needles
from review_case import HOST, ORIGIN, TOKEN, client_of
from trace_case import traces

BESIDE = ("nøkkel.json", "navneliste.json", "sikkerhetskopi-2026-12-02.zip")


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path / "prosjekt", list(SAID))
    reviewer, number = made.reviewer("Anne"), made.ids[GONE]
    reviewer.code(number, 30, 60, "makt")
    reviewer.memo(f"transcript/{number}", "Om den som skrudde girkassen.")
    (tmp_path / "prosjekt" / "rapport.txt").write_text("min egen", encoding="utf-8")
    for rest in BESIDE:
        (tmp_path / f"prosjekt-{rest}").touch()
    return made


@pytest.fixture
def anne(world: World) -> FlaskClient:
    session = Session(world.project, world.project.coder("Anne"))
    session.learner.nudge = lambda **_options: False  # type: ignore[method-assign]
    return client_of(session)


def shown(client: FlaskClient, path: str) -> str:
    answer = client.get(f"/{TOKEN}/{path}", base_url=f"http://{HOST}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def sent(client: FlaskClient, path: str, typed: str, *, saw: str = "") -> dict[str, object]:
    form = f"{path}/contents" if path.endswith("remove") else path
    saw = saw or re.findall(r'name="saw" value="(\w+)"', shown(client, form))[0]
    answer = client.post(
        f"/{TOKEN}/{path}", json={"typed": typed, "saw": saw}, base_url=f"http://{HOST}", headers=ORIGIN
    )
    found = answer.get_json()
    assert isinstance(found, dict)
    return {**found, "status": answer.status_code}


def test_an_interview_is_removed_byte_for_byte(anne: FlaskClient, world: World, tmp_path: Path) -> None:
    path = f"interviews/{world.ids[GONE]}/remove"
    told = shown(anne, f"{path}/contents")
    for what in ("6 ytringer", "1 koding (Anne 1)", "1 notat", "rapport.txt", *BESIDE):
        assert what in told
    session = anne.application.config["SESSION"]
    sign = session.incoming.begin("verkstedet.txt", 9)
    session.incoming.add(sign, 0, b"girkassen")
    told = shown(anne, f"{path}/contents")
    assert "filer som er valgt på siden, og ikke tatt inn" in told
    assert ".incoming" not in told  # no names that only the program knows
    assert set(traces(needles(), tmp_path)) == needles()
    assert sent(anne, path, "bakeriet")["status"] == 409  # another's name
    assert sent(anne, path, GONE, saw="0" * 16)["status"] == 409  # the page shows something else
    assert len(world.project.sources) == 3
    answer = sent(anne, path, GONE)
    assert "Intervjuet er fjernet" in str(answer["html"])
    assert "rapport.txt" in str(answer["html"])
    assert traces(needles() | {GONE}, tmp_path) == {}
    assert [one.name for one in world.project.sources] == list(LEFT)
    assert world.project.removals[0].by == "Anne"
    assert check(world.project.folder) == []
    assert GONE not in shown(anne, "interviews")


def test_codes_named_with_its_words_are_told_of(anne: FlaskClient, world: World) -> None:
    """A code named after a selection is a quote; it keeps its name, and the page says so before and after."""
    own = CodebookEditor(world.reviewer("Anne"))
    own.in_vivo(world.ids[GONE], 41, 64, "skrudde girkassen sammen")
    own.in_vivo(world.ids[GONE], 41, 64, "knakk da lærlingen")
    own.rename("knakk da lærlingen", "ulykke")
    own.make("gir det mening")
    path = f"interviews/{world.ids[GONE]}/remove"
    kept, before = "Koden «skrudde girkassen sammen» heter med ord", "«knakk da lærlingen», som en kode het før"
    told, done = shown(anne, f"{path}/contents"), str(sent(anne, path, GONE)["html"])
    for text in (told, done):
        assert kept in text and before in text and "«gir det mening»" not in text
    assert {"skrudde girkassen sammen", "ulykke"} <= {code.name for code in world.project.codebook}


def test_the_number_will_do_and_an_open_page_of_another_will_not(anne: FlaskClient, world: World) -> None:
    number = world.ids[GONE]
    with only_one(world.project.folder, "Anne"), only_one(world.project.folder, "Berit"):
        assert "annen koder" in str(sent(anne, f"interviews/{number}/remove", str(number))["error"])
    with only_one(world.project.folder, "Anne"):  # the page itself
        assert sent(anne, f"interviews/{number}/remove", str(number))["status"] == 200


def test_the_project_is_closed_from_its_own_page(anne: FlaskClient, world: World, tmp_path: Path) -> None:
    ended: list[bool] = []
    anne.application.config["SESSION"].end = lambda: ended.append(True)
    told = shown(anne, "close")
    assert "3 intervjuer" in told
    assert [rest for rest in BESIDE if f"prosjekt-{rest}" not in told] == []
    assert sent(anne, "close", "noe annet")["status"] == 409
    assert not ended
    with only_one(world.project.folder, "Anne"):
        answer = sent(anne, "close", "prosjekt")
    assert "Prosjektet er avsluttet" in str(answer["html"])
    assert ended == [True]
    assert sorted(path.name for path in world.project.folder.iterdir() if path.suffix != ".lock") == [
        "codebook.yaml",
        "rapport.txt",
    ]
    assert traces(needles() | {*SAID[LEFT[0]]}, tmp_path) == {}
    with pytest.raises(DataError):
        Project.open(world.project.folder)
