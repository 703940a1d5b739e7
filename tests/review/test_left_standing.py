"""Promised and kept: a suggestion left standing in an utterance that was read counts as rejected."""

import re
from pathlib import Path

from flask.testing import FlaskClient

from autokode.project.store.decision_log import Change, decide
from autokode.review.session import Session
from project_case import small
from review_case import client_of, get, post, suggest_by_hand, suggestion_ids


def promised(client: FlaskClient) -> tuple[str, int]:
    """The chart in words (promised → accepted, how many), and how many suggestions were left standing."""
    page = get(client, "")[1]
    chart = re.search(r'id="chart-title">[^:]*:(.*?)</title>', page)
    left = re.search(r"Med er <b>(\d+)</b> forslag du lot stå", page)
    return " ".join(chart[1].split()) if chart else "", int(left[1]) if left else 0


def test_a_suggestion_left_standing_counts_as_not_accepted(tmp_path: Path) -> None:
    project = small(tmp_path / "p")
    client = client_of(Session(project, project.coder("Anne")))
    ids = suggestion_ids(project)
    post(client, f"suggestion/{ids[0, 'makt']}", {"said": "accept"})
    assert promised(client) == ("80 → 100 (1);", 0)
    post(client, "read/1/0", {"seen": [ids[0, "språk"]]})
    assert promised(client) == ("40 → 0 (1); 80 → 100 (1);", 1)
    shown_then = project.decisions("Anne")[-1].shown["suggestions"]
    assert [(one["code"], one["probability"], one["suggestion"]) for one in shown_then] == [
        ("språk", 0.4, ids[0, "språk"])
    ]
    post(client, "read/1/1", {})  # of who does not say what was seen: what was suggested
    assert promised(client) == ("40 → 0 (2); 80 → 50 (2);", 3)
    post(client, "read/1/2", {"seen": []})  # a filter hid them
    assert promised(client) == ("40 → 0 (2); 80 → 50 (2);", 3)
    suggest_by_hand(project, "møte")  # another round does not change what was left
    assert promised(client) == ("40 → 0 (2); 80 → 50 (2);", 3)
    post(client, f"suggestion/{ids[3, 'makt']}", {"said": "reject"})  # on a page that still has it
    post(client, "read/1/3", {"seen": [ids[3, "makt"], ids[3, "språk"], ids[2, "makt"]]})
    assert [one["code"] for one in project.decisions("Anne")[-1].shown["suggestions"]] == ["språk"]
    assert promised(client) == ("40 → 0 (3); 80 → 33 (3);", 4)


def test_what_is_led_back_or_decided_later_is_not_left_standing(tmp_path: Path) -> None:
    project = small(tmp_path / "p")
    client = client_of(Session(project, project.coder("Anne")))
    ids = suggestion_ids(project)
    nothing, both = ("", 0), ("40 → 0 (1); 80 → 0 (1);", 2)
    post(client, "read/1/0", {})
    assert promised(client) == both
    post(client, "undo", {})
    assert promised(client) == nothing
    post(client, "redo", {})
    assert promised(client) == both
    post(client, "read/1/0", {"read": False})
    assert promised(client) == nothing
    post(client, "undo", {})
    assert promised(client) == both
    post(client, f"suggestion/{ids[0, 'makt']}", {"said": "accept"})
    assert promised(client) == ("40 → 0 (1); 80 → 100 (1);", 1)
    one = project.transcript("møte").utterances[0]
    post(client, "code/1", {"code": "språk", "start": one.start, "end": one.end})
    assert promised(client) == ("80 → 100 (1);", 0)


def test_decisions_of_before_what_was_shown_was_kept_are_passed_over(tmp_path: Path) -> None:
    project = small(tmp_path / "p")
    client = client_of(Session(project, project.coder("Anne")))
    key = {"coder": project.coder("Anne").id, "transcript": 1, "utterance": 0}
    with project.database.writing() as connection:
        decide(connection, key["coder"], "done", [Change("done", None, key)], place=(1, 0))
    assert promised(client) == ("", 0)
