"""«Kod resten automatisk» on the page: nothing tells what the model says, each answer is one decision, the rest one step."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from autokode.corpus.model_coder import model_coder
from autokode.project import Project
from autokode.project.active_learning import rest_sampling
from autokode.project.active_learning.rest_standing import standing
from autokode.project.store.coder_changes import code_blind
from autokode.project.store.utterance_rows import quotes
from autokode.review.learning_process import AFTER
from autokode.review.session import Session
from rest_case import CODE, LIMIT, MODEL, judge_all, rest_project, truly
from review_case import client_of, get, post

BODY = {"code": CODE, "kind": "precision", "stated": "90", "sure": "95", "size": "60"}


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    monkeypatch.setattr(rest_sampling, "_threshold", lambda *_given: LIMIT)
    project = rest_project(tmp_path / "p", given=150, wrong=0)
    found = Session(project, project.known_coder("Kari"))
    found.learner.nudge = lambda **_options: False  # type: ignore[method-assign]
    yield found
    found.close()


@pytest.fixture
def client(session: Session) -> FlaskClient:
    return client_of(session)


def pressed(client: FlaskClient, path: str, nth: int = 0) -> tuple[int, dict[str, object]]:
    """Press a button of the page that sends to an address."""
    buttons = re.findall(rf"data-send=\"({path}[^\"]*)\" data-body='([^']*)'", get(client, f"rest?code={CODE}")[1])
    return post(client, buttons[nth][0], json.loads(buttons[nth][1]))


def test_from_the_promise_to_the_rest_and_back(client: FlaskClient, session: Session) -> None:
    page = get(client, "rest")[1]
    assert "Trekk en stikkprøve" in page and CODE in page
    status, answer = post(client, "rest/draw", BODY)
    assert status == 200 and str(answer["go"]).endswith(f"rest?code={CODE}")
    for given in (0, 1):  # the first button says that it has the code
        assert pressed(client, "rest/judge", given)[0] == 200
    assert post(client, "undo", {})[1]["message"] == "Angret: vurdert svar i stikkprøven"
    judge_all(session.project, session.coder)
    page = get(client, f"rest?code={CODE}")[1]
    assert "Løftet holder" in page and "Kod resten" in page
    assert pressed(client, "rest/code")[0] == 200
    own = session.project.codings(model_coder(MODEL))
    assert len(own) == 90
    one = own[0]
    number = session.project.source(one.segment.transcript).id
    assert f"kodet av {model_coder(MODEL)}" in get(client, f"interview/{number}")[1]
    assert f"kodet av {model_coder(MODEL)}; løftet var" in get(client, "rest")[1]
    assert post(client, "undo", {})[1]["message"] == "Angret: resten kodet automatisk"
    assert not session.project.codings(model_coder(MODEL))
    assert f"kodet av {model_coder(MODEL)}" not in get(client, f"interview/{number}")[1]
    assert post(client, "redo", {})[0] == 200
    assert session.project.codings(model_coder(MODEL)) == own


def test_the_page_tells_nothing_of_what_the_model_says(client: FlaskClient, session: Session) -> None:
    post(client, "rest/draw", BODY)
    shown = set()
    for _ in range(5):
        page = get(client, f"rest?code={CODE}")[1]
        card = page[page.index('class="judge') : page.index("</article>")]
        now = standing(session.project, session.coder, CODE)
        assert now is not None
        place = now.open[0]
        shown.add(now.draw.asked[place])
        words = re.sub(r"<[^>]*>", " ", card).replace(quotes(session.project, [place])[place].text, "")
        assert not re.search(r"0[.,]9|97|decoy|passed|foresl|trukket", words), words
        bodies = [json.loads(body) for body in re.findall(r"data-body='([^']*)'", card)]
        assert [set(body) for body in bodies] == [{"code", "draw", "given"}] * 2
        pressed(client, "rest/judge", 0 if truly(session.project, place) else 1)
    assert "hadde koden" not in get(client, f"rest?code={CODE}")[1]


@pytest.mark.parametrize(
    "change", [{"kind": "luck"}, {"stated": "ja"}, {"sure": None}, {"code": ""}, {"size": "-4"}, {"code": 3}]
)
def test_what_makes_no_sense_is_refused(client: FlaskClient, session: Session, change: dict[str, object]) -> None:
    before = len(session.project.decisions())
    assert post(client, "rest/draw", {**BODY, **change})[0] in (400, 409, 422)
    assert post(client, "rest/judge/1/1", {"code": CODE, "draw": 1, "given": "ja"})[0] == 400
    assert post(client, "rest/judge/1/1", {"code": CODE, "draw": 99, "given": True})[0] == 409
    assert post(client, "rest/code", {"code": CODE})[0] >= 400
    assert len(session.project.decisions()) == before


def test_an_answer_judged_in_another_window_is_not_judged_again(client: FlaskClient, session: Session) -> None:
    post(client, "rest/draw", BODY)
    page = get(client, f"rest?code={CODE}")[1]
    path, body = re.findall(r"data-send=\"(rest/judge[^\"]*)\" data-body='([^']*)'", page)[0]
    assert post(client, path, json.loads(body))[0] == 200
    status, answer = post(client, path, {**json.loads(body), "given": False})
    assert status == 409 and "vurdert alt" in str(answer["error"])


def test_a_model_that_learns_by_itself_waits_for_the_sample(client: FlaskClient, session: Session) -> None:
    for number in range(AFTER + 1):
        session.reviewer.read(1, number)
    assert session.learner._due(AFTER)
    post(client, "rest/draw", BODY)
    assert not session.learner._due(AFTER)
    assert session.learner._due(0)  # who asks for it gets it
    session.reviewer.undo()
    assert session.learner._due(AFTER)


def test_who_codes_blind_gets_none_of_it(session: Session) -> None:
    project: Project = session.project
    ola = project.coder("Ola")
    code_blind(project, ola, blind=True)
    client = client_of(Session(project, project.known_coder("Ola")))
    assert get(client, "rest")[0] == 403
    assert post(client, "rest/draw", BODY)[0] == 403
    assert "rest" not in re.findall(r'href="[^"]*/(\w+)"', get(client, "missed")[1])
