"""The setting that asks a language model on this machine: only with the box ticked, and never for who codes blind."""

import pytest
from flask.testing import FlaskClient

from autokode.review.learning_process import Learner
from review_case import post


@pytest.mark.parametrize("sure", [None, False, "on", 1])
def test_nothing_is_asked_without_the_box(client: FlaskClient, sure: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Learner, "_begin", lambda *_options: pytest.fail("began"))
    status, _said = post(client, "settings/teacher", {"address": "http://localhost:1/v1", "model": "m", "sure": sure})
    assert status == 400


def test_the_process_gets_the_address_and_the_model(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    began: list[tuple[str, ...]] = []
    monkeypatch.setattr(Learner, "_begin", lambda _self, *options: began.append(options))
    monkeypatch.setattr(Learner, "_can_learn", lambda _self: True)
    given = {"address": "http://localhost:11434/v1", "model": "llama3.1:8b", "sure": True}
    assert post(client, "settings/teacher", given)[0] == 200
    assert began == [("--teacher", "http://localhost:11434/v1", "--teacher-model", "llama3.1:8b")]
