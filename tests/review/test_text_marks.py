"""A page that shows the text of before a correction stores nothing at its places, whoever corrected, wherever."""

import re

import pytest
from flask.testing import FlaskClient

from autokode.project import Project, Reviewer
from autokode.project.store.text_marks import TextChangedError, text_mark_of
from autokode.project.store.transcript_correction import correct_text, join_turn, split_turn
from review_case import OPEN, everything, first_card, get, post


def corrected(project: Project, way: str) -> None:
    """Another program corrects the second answer."""
    number, transcript, berit = project.source(OPEN).id, project.transcript(OPEN), project.coder("Berit")
    at = transcript.answers[1]
    words = transcript.utterances[at].text
    if way == "words":
        correct_text(project, berit, number, at, f"Altså, {words}", saw=words)
    elif way == "split":
        split_turn(project, berit, number, at, words.index(" ") + 1, saw=words)
    else:
        join_turn(project, berit, number, at, saw=words)


@pytest.mark.parametrize("way", ["words", "split", "join"])
def test_places_of_the_text_before_are_refused_with_a_sentence(client: FlaskClient, project: Project, way: str) -> None:
    number, card = first_card(client, project)
    found = re.search(r'data-text-mark="(\w+)"', get(client, f"interview/{number}")[1])
    assert found
    mark, transcript = found[1], project.transcript(OPEN)
    at = transcript.answers[-1]
    start = transcript.utterances[at].start
    place = {"transcript": number, "text_mark": mark}
    span = {"start": start, "end": start + 4}
    post(client, f"code/{number}", {**place, **span, "code": "makt"})  # at once: the mark is that of the text
    coding = max(one["id"] for one in project.database.rows("SELECT id FROM coding"))
    corrected(project, way)
    before = everything(project)
    for path, body in {
        f"code/{number}": {**span, "code": "språk"},
        f"in-vivo/{number}": {**span, "name": "ny", "above": ""},
        f"coding/{coding}": {"said": "span", **span},
        f"suggestion/{card}": {"said": "accept", **span},
        "same": {"suggestions": [card], "said": "accept"},
        f"read/{number}/{at}": {"read": True},
        "memo": {"about": f"turn/{number}/{at}", "text": "Om dette."},
        f"resolve/1/{number}/{at}": {"given": {"makt": True}},
    }.items():
        status, answer = post(client, path, {**place, **body})
        assert (status, answer["other_text"]) == (409, True), path
        assert "rettet siden du åpnet det" in str(answer["error"])
    assert everything(project) == before
    news = client.get(f"/provesti/news?interview={number}", base_url="http://127.0.0.1:8123").get_json()
    assert news["text_mark"] not in (mark, None)
    place["text_mark"] = news["text_mark"]
    at = project.transcript(OPEN).answers[-1]
    assert post(client, f"read/{number}/{at}", {**place, "read": True})[0] == 200
    memo = {"about": f"transcript/{number}", "text": "Om hele intervjuet.", **place, "text_mark": mark}
    assert post(client, "memo", memo)[0] == 200  # at no place in the text


def test_a_correction_between_the_look_and_the_decision_is_seen(project: Project) -> None:
    number = project.source(OPEN).id
    reviewer = Reviewer(project, project.coder("Anne").id).seeing(number, text_mark_of(project, number))
    at = project.transcript(OPEN).answers[-1]
    assert reviewer.read(number, at).decision is not None
    corrected(project, "words")
    with pytest.raises(TextChangedError):
        reviewer.read(number, at, read=False)
    assert Reviewer(project, project.coder("Berit").id).undo() is not None
    assert reviewer.read(number, at, read=False).decision is not None  # the text is again the one that was seen
