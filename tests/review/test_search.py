"""The page of search: what it shows, what it codes, and that no word of a query stands in an address."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from autokode.project import Project, Reviewer
from review_case import OPEN, get, post

BLANK = {"speaker": "", "office": "", "code": "", "role": "", "decided": "", "interview": "0", "memo": False}


def address(client: FlaskClient, text: str = "", **given: Any) -> str:
    status, answer = post(client, "search/find", {"text": text, "way": "words", **BLANK, **given})
    assert status == 200
    return str(answer["go"]).split("/", 2)[2]


def sign(where: str) -> str:
    return where.partition("s=")[2]


def test_hits_are_marked_and_no_word_of_them_is_in_the_address(client: FlaskClient) -> None:
    where = address(client, "jobb", role="answers")
    assert "jobb" not in where
    status, html = get(client, where)
    assert status == 200
    assert "<mark>jobb" in html
    assert get(client, "search")[0] == 200
    assert "Søket er ikke i minnet lenger" in get(client, "search?s=0123456789abcdef")[1]
    assert "Ingenting passer" in get(client, address(client, "kvernhusnaust"))[1]
    assert address(client, "  ") == "search"


@pytest.mark.parametrize("text", ['"', "(((", "NEAR(a b)", "* *", "a" * 5000, "<script>alert(1)</script>", "\0"])
def test_whatever_is_typed_is_answered(client: FlaskClient, text: str) -> None:
    status, html = get(client, address(client, text))
    assert status == 200
    assert "<script>alert" not in html


@pytest.mark.parametrize(
    "broken", [{"interview": "x"}, {"text": 3}, {"like": "1"}, {"like": "a-b"}, {"like": "9" * 30 + "-1"}]
)
def test_a_broken_request_is_refused(client: FlaskClient, broken: dict[str, object]) -> None:
    assert post(client, "search/find", {"text": "", **BLANK, **broken})[0] == 400


def test_what_was_ticked_is_coded_in_one_step_after_a_look(client: FlaskClient, project: Project) -> None:
    source = project.source(OPEN)
    answers = project.transcript(OPEN).answers[:3]
    ticked = [f"{source.id}-{number}" for number in answers]
    s = sign(address(client, "", interview=str(source.id)))
    body = {"s": s, "ticked": ticked, "all": False, "unit": "turn", "code": "makt"}
    one = project.transcript(OPEN).utterances[answers[0]]
    Reviewer(project, project.coder("Anne").id).code(source.id, one.start, one.end, "makt")
    before = len(project.codings("Anne"))
    status, seen = post(client, "search/preview", body)
    assert (status, seen["new"]) == (200, 2)
    assert "2 steder blir kodet. 1 sted har koden fra før" in str(seen["says"])
    assert len(project.codings("Anne")) == before
    status, told = post(client, "search/code", {**body, "mark": seen["mark"]})
    assert (status, len(project.codings("Anne"))) == (200, before + 2)
    assert "Kodet med «makt»" in str(told["message"])
    assert (
        post(client, "search/code", {**body, "mark": seen["mark"]})[0] == 409
    )  # from a window that shows what was before
    post(client, "undo", {})
    assert len(project.codings("Anne")) == before


def test_all_that_was_found_or_only_its_sentences_are_coded(client: FlaskClient, project: Project) -> None:
    s = sign(address(client, "jobb", role="answers"))
    body = {"s": s, "all": True, "unit": "sentence", "code": "makt"}
    seen = post(client, "search/preview", body)[1]
    assert seen["new"]
    assert all("jobb" in one["quote"].lower() for one in seen["shown"])  # type: ignore[attr-defined]
    assert post(client, "search/code", {**body, "mark": seen["mark"]})[0] == 200
    new = [c for c in project.codings("Anne") if c.code == "makt" and "jobb" in c.segment.quote.lower()]
    assert len(new) >= int(str(seen["new"]))
    assert post(client, "search/preview", {**body, "s": "x"})[0] == 409


def test_what_is_alike_is_found_once_there_are_vectors(client: FlaskClient, project: Project) -> None:
    assert "Gjør klart" in get(client, "search")[1]
    assert post(client, "search/vectors", {})[0] == 200
    assert "Gjør klart" not in get(client, "search")[1]
    html = get(client, address(client, "å snakke et språk de forstår", way="alike"))[1]
    assert '<li class="hit' in html
    source, number = project.source(OPEN).id, project.transcript(OPEN).answers[0]
    _status, answer = post(client, "search/find", {"like": f"{source}-{number}"})
    html = get(client, str(answer["go"]).split("/", 2)[2])[1]
    assert "Lignende:" in html
    assert f'data-place="{source}-{number}"' in html  # the one it is like comes first


def test_all_that_was_found_means_answers_unless_the_interviewer_was_asked_for(
    client: FlaskClient, project: Project
) -> None:
    text = project.transcript(OPEN)
    asks = [one for one in text.utterances if one.role == "interviewer"]
    source = str(project.source(OPEN).id)
    for given in ({}, {"speaker": asks[0].speaker}):
        s = sign(address(client, "", interview=source, **given))
        seen = post(client, "search/preview", {"s": s, "all": True, "unit": "turn", "code": "språk"})[1]
        assert seen["new"] == (len(asks) if given else len(text.answers))
