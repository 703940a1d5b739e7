"""The addresses that decide: each is one decision, and what makes no sense changes nothing."""

import json
import random

import pytest
from flask.testing import FlaskClient

from autokode.project import Project
from autokode.project.store.decision_log import facts, replayed
from review_case import HOST, OPEN, ORIGIN, TOKEN, everything, first_card, post, rows


def test_a_suggestion_is_accepted_and_undone(client: FlaskClient, project: Project) -> None:
    transcript, card = first_card(client, project)
    before = project.codings("Anne")
    status, answer = post(client, f"suggestion/{card}", {"said": "accept", "transcript": transcript})
    assert status == 200
    turns = answer["turns"]
    assert isinstance(turns, dict)
    assert f'data-suggestion="{card}"' not in next(iter(turns.values()))
    assert len(project.codings("Anne")) == len(before) + 1
    _status, again = post(client, f"suggestion/{card}", {"said": "accept", "transcript": transcript})
    assert again["message"] == "Det var bestemt slik fra før."
    assert len(project.codings("Anne")) == len(before) + 1
    _status, undone = post(client, "undo", {"transcript": transcript})
    assert undone["message"] == "Angret: godtatt"
    assert project.codings("Anne") == before


def test_what_was_shown_is_in_the_log(client: FlaskClient, project: Project) -> None:
    transcript, card = first_card(client, project)
    post(client, f"suggestion/{card}", {"said": "reject", "transcript": transcript})
    last = project.decisions("Anne")[-1]
    shown = last.shown["suggestions"][0]
    assert (last.kind, shown["probability"], shown["model"], len(shown["evidence"]["words"])) == (
        "reject",
        0.8,
        "prøve",
        2,
    )


def test_each_way_to_decide_keeps_log_and_tables_together(client: FlaskClient, project: Project) -> None:
    source = project.source(OPEN)
    transcript = project.transcript(OPEN)
    one = transcript.utterances[transcript.answers[0]]
    place = {"transcript": source.id}
    post(client, f"code/{source.id}", {**place, "code": "språk", "start": one.start, "end": one.start + 5})
    number = max(row["id"] for row in rows(project, "coding"))
    for path, body in (
        (f"coding/{number}", {"said": "good"}),
        (f"coding/{number}", {"said": "span", "start": one.start, "end": one.end}),
        (f"coding/{number}", {"said": "recode", "code": "makt"}),
        ("memo", {"about": f"coding/{number}", "text": "et notat"}),
        (f"read/{source.id}/{transcript.answers[0]}", {}),
        (f"coding/{number}", {"said": "remove"}),
        ("undo", {}),
        ("redo", {}),
        ("undo", {}),
    ):
        status, answer = post(client, path, {**place, **body})
        assert (status, answer.get("error")) == (200, None), path
    with project.database.reading() as connection:
        assert replayed(connection) == facts(connection)
    row = next(row for row in rows(project, "coding") if row["id"] == number)
    assert (row["code"], row["good"], row["end"]) == ("makt", 1, one.end)


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("suggestion/999999", {"said": "accept"}, 409),
        ("coding/999999", {"said": "remove"}, 409),
        ("code/1", {"code": "ukjent", "start": 0, "end": 5}, 409),
        ("code/1", {"code": "makt", "start": 5, "end": 5}, 409),
        ("code/1", {"code": "makt", "start": 0, "end": 10**9}, 409),
        ("code/1", {"code": "makt", "from": [0, 0], "to": [0, 0]}, 409),
        ("code/999", {"code": "makt", "from": [0, 0], "to": [5, 0]}, 404),
        ("code/1", {"code": "makt", "from": [0, -1], "to": "x"}, 400),
        ("code/1", {"code": "", "start": 0, "end": 5}, 400),
        ("suggestion/1", {"said": "perhaps"}, 400),
        ("same", {"suggestions": "alle"}, 400),
        ("memo", {"about": "coding/999999", "text": "x"}, 409),
        ("read/x/y", {}, 404),
        ("resolve/1/1/1", {"given": []}, 400),
    ],
)
def test_what_makes_no_sense_is_said_and_changes_nothing(
    client: FlaskClient, project: Project, path: str, body: object, status: int
) -> None:
    before = everything(project)
    assert post(client, path, body)[0] == status
    assert everything(project) == before


@pytest.mark.parametrize("seen", ["alle", [1.5], [True], [None], {"1": 1}, [[1]]])
def test_what_was_seen_is_a_list_of_numbers(client: FlaskClient, project: Project, seen: object) -> None:
    before = everything(project)
    source, number = project.source(OPEN).id, project.transcript(OPEN).answers[0]
    assert post(client, f"read/{source}/{number}", {"seen": seen})[0] == 400
    assert everything(project) == before
    assert post(client, f"read/{source}/{number}", {"seen": [999_999, 10**30]})[0] == 200


ODD = {
    "null": None,
    "true": True,
    "-1": -1,
    "huge": 10**30,
    "1.5": 1.5,
    "empty": "",
    "word": "makt",
    "NUL": "\0",
    "half a character": "\ud800",
    "[]": [],
    "[1]": [1],
    "[[1, 2]]": [[1, 2]],
    "{}": {},
    "object": {"a": 1},
    "long": "x" * 3000,
    "[huge, 1]": [10**30, 1],
    "[1, -5]": [1, -5],
}
ANY = dict.fromkeys(ODD, 200)
"""For what the page sends along, and nothing is decided by."""

NO_CODE = {"word": 200, "NUL": 409, "half a character": 409, "long": 409}
NO_PLACE = {"-1": 409, "huge": 409}
HERE = {"start": 0, "end": 50}
SELECTED = {"from": [0, 0], "to": [0, 9]}


@pytest.mark.parametrize(
    ("path", "body", "field", "answers"),
    [
        ("suggestion/1", {"said": "accept"}, "said", {}),
        ("suggestion/1", {"said": "change", "code": "språk"}, "code", NO_CODE),
        ("suggestion/1", {"said": "accept", **HERE}, "start", ANY | NO_PLACE),
        ("suggestion/1", {"said": "accept", **HERE}, "end", ANY | NO_PLACE),
        ("same", {"said": "reject", "suggestions": [1]}, "said", {}),
        ("same", {"said": "reject", "suggestions": [1]}, "suggestions", {"[]": 200, "[1]": 200, "[1, -5]": 409}),
        ("code/1", {"code": "makt", **HERE}, "code", NO_CODE),
        ("code/1", {"code": "makt", **HERE}, "start", NO_PLACE),
        ("code/1", {"code": "makt", **HERE}, "end", NO_PLACE),
        ("code/1", {"code": "makt", **SELECTED}, "from", {"[huge, 1]": 200}),
        ("code/1", {"code": "makt", **SELECTED}, "to", {"[huge, 1]": 200}),
        ("coding/1", {"said": "recode", "code": "makt"}, "said", {}),
        ("coding/1", {"said": "recode", "code": "makt"}, "code", NO_CODE),
        ("coding/1", {"said": "span", **HERE}, "start", NO_PLACE),
        ("coding/1", {"said": "span", **HERE}, "end", NO_PLACE),
        ("read/1/1", {"read": True}, "read", ANY),
        ("read/1/1", {"seen": [1]}, "seen", {"null": 200, "[]": 200, "[1]": 200, "[huge, 1]": 200, "[1, -5]": 200}),
        ("memo", {"about": "turn/1/2", "text": "x"}, "about", {**NO_CODE, "word": 409}),
        ("memo", {"about": "turn/1/2", "text": "x"}, "text", {"empty": 200, "word": 200, "NUL": 200, "long": 200}),
        ("resolve/2/1/1", {"given": {"makt": True}}, "given", {"object": 200}),
        ("setting", {"language": "nb"}, "language", ANY),
        ("setting", {"precision": "0.8"}, "precision", ANY),
        ("undo", {"transcript": 1}, "transcript", ANY),
        ("undo", {"wanted": {}}, "wanted", ANY),
    ],
)
def test_each_odd_value_gets_the_same_answer_every_time(
    client: FlaskClient, project: Project, *, path: str, body: dict[str, object], field: str, answers: dict[str, int]
) -> None:
    """What makes no sense gets 400, what names nothing there is 409, and the rest is taken."""
    project.coder("Kari")
    assert send(client, path, body) == 200
    found = {}
    for name, value in ODD.items():
        found[name] = send(client, path, {**body, field: value})
        if found[name] == 200:
            send(client, "undo", {})
    assert found == {name: answers.get(name, 400) for name in ODD}


def send(client: FlaskClient, path: str, body: object) -> int:
    """Post as a browser would, half characters and all."""
    return client.post(
        f"/{TOKEN}/{path}",
        base_url=f"http://{HOST}",
        data=json.dumps(body),
        content_type="application/json",
        headers=ORIGIN,
    ).status_code


KEYS = "code start end from to suggestions about text given transcript wanted read seen language precision".split()
SAID = ["accept", "reject", "change", "remove", "good", "recode", "span"]
ABOUT = ["coding/1", "turn/1/2", "turn/" + "9" * 30 + "/1", "code/makt", "project", "///"]
HUGE = "9" * 25
ANSWERS = {
    "suggestion/1": {200, 400},
    "same": {400},
    "code/1": {400},
    "coding/1": {200, 400, 409},
    "read/1/1": {200, 400},
    "memo": {200, 400, 409},
    "undo": {200, 400},
    "redo": {200, 400},
    "resolve/2/1/1": {200, 400},
    "setting": {200, 400},
    f"suggestion/{HUGE}": {400},
    f"code/{HUGE}": {400},
    f"coding/{HUGE}": {400},
    f"read/1/{HUGE}": {400},
    f"resolve/2/1/{HUGE}": {400},
}
"""What each address answers to bodies of odd values; a body that is no object is 400 everywhere."""


def test_whatever_is_sent_is_answered_in_words(client: FlaskClient, project: Project) -> None:
    chance, odd, paths = random.Random(5), list(ODD.values()), list(ANSWERS)
    project.coder("Kari")
    answered: dict[str, set[int]] = {}
    for _try in range(1500):
        body: object = {key: chance.choice(odd) for key in chance.sample(KEYS, chance.randint(0, 6))}
        if isinstance(body, dict) and chance.random() < 0.8:
            body |= {"said": chance.choice(SAID), "about": chance.choice(ABOUT)}
        if chance.random() < 0.05:
            body = chance.choice(odd)
        path = chance.choice(paths)
        answered.setdefault(path, set()).add(send(client, path, body))
    assert answered == ANSWERS
    with project.database.reading() as connection:
        assert replayed(connection) == facts(connection)
