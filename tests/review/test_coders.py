"""A blind coder, and two coders side by side."""

import re

from flask.testing import FlaskClient

from autokode.project import Project, Reviewer
from autokode.review.session import Session
from review_case import client_of, get, post


def test_a_blind_coder_sees_nothing_of_anybody_else(project: Project) -> None:
    project.coder("Kari", blind=True)
    session = Session(project, project.coder("Kari"))
    client = client_of(session)
    source = project.source("kontor_a")
    page = get(client, f"interview/{source.id}")[1]
    assert 'class="item' not in page
    assert "koder blindt" in page
    for screen in (page, get(client, "")[1]):  # suggestions are not promised to who gets none
        assert "Forslag kommer" not in screen
        assert "Oppdater forslag" not in screen
        assert not re.search("[Ff]orslag igjen|Hvor ofte|Godtatt|Modellen har lært|>Forslag<", screen)
    transcript = project.transcript("kontor_a")
    one = transcript.utterances[transcript.answers[0]]
    session.reviewer.code(source.id, one.start, one.end, "makt")
    status, listed = get(client, "list")
    assert status == 200
    assert "<h1>Kodinger <small>1</small>" in listed
    assert one.text[:20] in listed
    anne = project.coder("Anne")
    assert get(client, f"compare/{anne.id}")[0] == 403
    assert not session.learner.nudge(least=0)
    assert post(client, f"resolve/{anne.id}/1/1", {"given": {"makt": True}})[0] == 403


def test_two_coders_side_by_side_settle(client: FlaskClient, project: Project) -> None:
    from autokode.project.views.coder_comparison import compare, settled_codings

    kari, anne = project.coder("Kari"), project.coder("Anne")
    source = project.source("kontor_a")
    transcript = project.transcript("kontor_a")
    reviewer = Reviewer(project, kari.id)
    for index in transcript.answers[:6]:
        reviewer.read(source.id, index)
    one = transcript.utterances[transcript.answers[0]]
    reviewer.code(source.id, one.start, one.end, "makt")
    found = compare(project, anne, kari)
    assert found.read == 6
    difference = next(d for d in found.differences if d.place == (source.id, transcript.answers[0]))
    assert "makt" in difference.second
    page = get(client, f"compare/{kari.id}")[1]
    assert 'data-settle="makt"' in page
    given = {code: code == "makt" for code in (*difference.first, *difference.second)}
    status, _answer = post(client, f"resolve/{kari.id}/{source.id}/{transcript.answers[0]}", {"given": given})
    assert status == 200
    assert not next(d for d in compare(project, anne, kari).differences if d.place == difference.place).open
    settled = [
        c
        for c in settled_codings(project, anne, kari)
        if c.segment.transcript == "kontor_a" and one.start <= c.segment.start < one.end
    ]
    assert {c.code for c in settled} == {"makt", *difference.both}
