"""«Foreslå koder» on the page: cards of uncoded answers, decided one by one; their answers are coded after a preview alone."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from autokode.project import Project, Reviewer
from autokode.project.store.code_cards import Cards, cards_of
from autokode.project.store.coder_changes import code_blind
from autokode.project.store.coders import NEWCOMER, Coder
from autokode.project.store.decision_rows import coded_places
from autokode.project.store.transcript_correction import correct_text
from autokode.review.session import Session
from review_case import CODED, OPEN, client_of, copied, everything, get, post, waited


@pytest.fixture(scope="module")
def proposed(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project for which Anne asked for proposals."""
    project = copied(made, tmp_path_factory.mktemp("proposals") / "prosjekt")
    session = Session(project, project.coder("Anne"))
    client = client_of(session)
    assert 'class="yes" data-send="proposals/look"' in get(client, "proposals")[1]
    before = everything(project)
    assert post(client, "proposals/look", {})[0] == 200
    errand = session.errands.last("proposals")
    assert errand is not None
    waited(lambda: not errand.is_working)
    assert errand.failed == ""
    assert everything(project) == before
    session.close()
    return project.folder


@pytest.fixture
def session(proposed: Path, tmp_path: Path) -> Iterator[Session]:
    """A page of the server that was started anew since."""
    project = copied(proposed, tmp_path / "p")
    session = Session(project, project.coder("Anne"))
    session.learner.nudge = lambda **_options: False  # type: ignore[method-assign]
    yield session
    session.close()


@pytest.fixture
def client(session: Session) -> FlaskClient:
    return client_of(session)


def cards(session: Session) -> Cards:
    found = cards_of(session.project, session.coder)
    assert found is not None
    return found


def act(client: FlaskClient, session: Session, number: int, do: str, **more: object) -> tuple[int, dict[str, object]]:
    return post(client, "proposals/act", {"sign": cards(session).sign, "card": str(number), "do": do, **more})


def test_cards_are_of_answers_that_this_coder_has_not_coded(client: FlaskClient, session: Session) -> None:
    project = session.project
    coded = set().union(*coded_places(project, session.coder).values())
    places = {place for card in cards(session).cards for place in card.places}
    assert len(places) > 10
    assert not places & coded
    assert {place[0] for place in places} >= {project.source(OPEN).id}
    answers = {source.id: set(project.transcript(source.name).answers) for source in project.sources}
    assert all(number in answers[transcript] for transcript, number in places)
    assert len(places) == sum(len(card.places) for card in cards(session).cards)


def test_the_page_shows_each_card_after_a_restart(client: FlaskClient, session: Session) -> None:
    page = get(client, "proposals")[1]
    assert page.count("<article") == len(cards(session).cards)
    for what in ("Skiller seg ut ved:", "Når hvert femte svar tas bort:", "Ta over som kode", "Slå sammen med"):
        assert what in page
    assert re.search(r'href="[^"]*/interview/\d+\?turn=\d+"', page)
    assert cards(session).cards[0].name in page


def test_no_text_is_kept_with_the_cards(session: Session) -> None:
    rows = session.project.database.rows("SELECT value FROM setting WHERE name LIKE 'proposed codes%'")
    said = [turn.text for name in (*CODED, OPEN) for turn in session.project.transcript(name).utterances]
    assert len(rows) == 1
    assert not [text for text in said if len(text) > 40 and text[:40] in rows[0]["value"]]


def test_each_step_by_the_page_and_back(client: FlaskClient, session: Session) -> None:
    before, book = cards(session), session.project.codebook
    first, second = before.cards[:2]
    for do, more in (
        ("rename", {"name": "Mitt navn"}),
        ("merge", {"into": str(second.number)}),
        ("refuse", {}),
        ("take", {"name": "Ny kode", "above": ""}),
    ):
        status, _answer = act(client, session, first.number, do, **more)
        assert status == 200, do
        assert cards(session) != before
        status, answer = post(client, "undo", {})
        assert (status, "Angret" in str(answer["message"])) == (200, True)
        assert cards(session) == before
        assert session.project.codebook == book


def test_answers_of_a_card_are_coded_after_a_preview_alone(client: FlaskClient, session: Session) -> None:
    card = cards(session).cards[0]
    rows = everything(session.project)[0]  # type: ignore[index]
    act(client, session, card.number, "take", name="Foreslått", above="")
    assert everything(session.project)[0] == rows  # type: ignore[index]
    assert "Se svarene og kod dem" in get(client, "proposals")[1]
    _status, answer = post(client, "proposals/answers", {"sign": cards(session).sign, "card": card.number})
    address = str(answer["go"])
    sign = address.rpartition("=")[2]
    page = get(client, f"search?s={sign}")[1]
    assert "Svarene i «Foreslått»" in page
    assert f"<b>{len(card.places)} ytringer</b>" in page
    body = {"s": sign, "all": True, "unit": "turn", "code": "Foreslått", "ticked": []}
    _status, preview = post(client, "search/preview", body)
    assert preview["new"] == len(card.places)
    assert everything(session.project)[0] == rows  # type: ignore[index]
    assert post(client, "search/code", {**body, "mark": preview["mark"]})[0] == 200
    assert coded_places(session.project, session.coder)["Foreslått"] >= set(card.places)
    post(client, "undo", {})
    assert everything(session.project)[0] == rows  # type: ignore[index]


def test_some_ticked_answers_are_coded_alone(client: FlaskClient, session: Session) -> None:
    card = cards(session).cards[0]
    _status, answer = post(client, "proposals/answers", {"sign": cards(session).sign, "card": card.number})
    body = {"s": str(answer["go"]).rpartition("=")[2], "unit": "turn", "code": "makt"}
    ticked = ["-".join(map(str, place)) for place in card.places[:2]]
    assert post(client, "search/preview", {**body, "ticked": ticked})[1]["new"] == 2


def test_a_corrected_text_takes_its_answers_off_the_cards(client: FlaskClient, session: Session) -> None:
    project = session.project
    place = next(one for card in cards(session).cards for one in card.places if one[0] == project.source(OPEN).id)
    said = project.transcript(OPEN).utterances[place[1]].text
    correct_text(project, session.coder, place[0], place[1], f"{said} Altså.", saw=said)
    assert "Foreslå på nytt for å få dem med." in get(client, "proposals")[1]
    card = next(card for card in cards(session).cards if place in card.places)
    answer = post(client, "proposals/answers", {"sign": cards(session).sign, "card": card.number})[1]
    left = sum(one[0] != place[0] for one in card.places)
    page = get(client, str(answer["go"]).partition("/search")[2].join(["search", ""]))[1]
    assert f"<b>{left} ytring" in page or left == 0


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"do": "take"},
        {"card": 1, "do": "eat"},
        {"card": "x", "do": "refuse"},
        {"card": 1, "do": "rename"},
        {"card": 1, "do": "merge"},
    ],
)
def test_what_makes_no_sense_is_refused(client: FlaskClient, session: Session, body: dict[str, object]) -> None:
    before = everything(session.project)
    assert post(client, "proposals/act", {"sign": cards(session).sign, **body})[0] == 400
    assert post(client, "proposals/answers", {"sign": "no", "card": 1})[0] == 404
    assert everything(session.project) == before


def test_a_taken_name_and_a_card_of_before_are_told(client: FlaskClient, session: Session) -> None:
    status, answer = act(client, session, 1, "take", name="makt", above="")
    assert (status, "fra før" in str(answer["error"])) == (409, True)
    act(client, session, 1, "refuse")
    status, answer = act(client, session, 1, "take", name="Ny", above="")
    assert (status, "i et annet vindu" in str(answer["error"])) == (409, True)


def test_who_codes_blind_gets_none(project: Project) -> None:
    code_blind(project, project.coder("Ola"), blind=True)
    client = client_of(Session(project, project.known_coder("Ola")))
    assert get(client, "proposals")[0] == 403
    for path in ("look", "act", "answers"):
        assert post(client, f"proposals/{path}", {})[0] == 403
    assert "proposals" not in get(client, "codebook")[1]


def test_too_few_answers_are_told(tmp_path: Path, made: Path) -> None:
    project = copied(made, tmp_path / "p")
    reviewer = Reviewer(project, project.coder("Ola").id)
    for source in project.sources:
        text = project.transcript(source.name).text
        reviewer.code(source.id, 0, len(text), "makt")
    session = Session(project, project.known_coder("Ola"))
    client = client_of(session)
    post(client, "proposals/look", {})
    errand = session.errands.last("proposals")
    assert errand is not None
    waited(lambda: not errand.is_working)
    assert "sier nok til å grupperes" in get(client, "proposals")[1]
    session.close()


def test_who_is_new_begins_without_codes(proposed: Path, tmp_path: Path) -> None:
    project = copied(proposed, tmp_path / "p")
    session = Session(project, Coder(NEWCOMER, "Nora", blind=False))
    client = client_of(session)
    post(client, "proposals/look", {})
    errand = session.errands.last("proposals")
    assert errand is not None
    waited(lambda: not errand.is_working)
    assert errand.failed == ""
    assert "Nora" not in [one.name for one in project.coders]
    found = cards_of(project, session.coder)
    assert found is not None
    assert post(client, "proposals/act", {"sign": found.sign, "card": 1, "do": "refuse"})[0] == 200
    assert "Avviste forslag" in get(client, "proposals")[1]
    post(client, "undo", {})
    assert "Avviste forslag" not in get(client, "proposals")[1]
    session.close()
