"""Learning in the background: when it begins, and the dial moved meanwhile."""

import os
import subprocess
import time
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from autokode.project import Project, Reviewer
from autokode.project.active_learning import training_round as learning_room
from autokode.project.active_learning.training_round import learn
from autokode.review.learning_process import Learner
from autokode.review.session import Session
from autokode.review.work_apart import BEHIND, running
from project_case import small
from review_case import dial, news, post, shown, waited


def test_learning_waits_for_enough_and_does_not_try_again_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = small(tmp_path / "p")
    reviewer, learner = Reviewer(project, project.coder("Anne").id), Learner(project, project.coder("Anne"))
    started: list[list[str]] = []

    class Ended:
        returncode = 2

        def __init__(self, command: list[str], **_options: object) -> None:
            started.append(command)

        def poll(self) -> int:
            return 2

        def communicate(self) -> tuple[str, str]:
            return "", "autokode: noe er galt\nPrøv: noe annet\n"

    monkeypatch.setattr(subprocess, "Popen", Ended)
    for _time in range(6):
        reviewer.accept(1)
        reviewer.undo()
    assert not learner.nudge()  # many decisions, but of one utterance
    small_turns = len(project.transcript("møte").utterances)
    monkeypatch.setattr("autokode.review.learning_process.FEWEST", small_turns)
    for number in range(small_turns):
        reviewer.read(1, number)
    assert learner.nudge()
    assert started[0][-2:] == ["--coder", "Anne"]
    for _wait in range(100):
        time.sleep(0.01)
        if learner.failed:
            break
    assert learner.failed == "noe er galt"
    assert not learner.nudge()  # not with nothing new
    assert len(started) == 1


@pytest.mark.slow
def test_the_dial_is_moved_while_a_model_is_learnt(dialled: tuple[FlaskClient, Project, Session]) -> None:
    """What is shown follows at once where the model behind it still stands, and what is learnt then follows too."""
    client, _project, session = dialled
    base = session.state()["round"]
    assert session.learner.nudge(least=0)
    assert news(client)["learning"]
    dial(client, "0.8")
    waited(lambda: session.about_round().get("learnt_in", session.state()["round"]) > base)
    waited(lambda: not news(client)["turning"])
    assert not news(client)["learning"]
    assert session.about_round()["precision"] == 0.8
    assert news(client)["failed"] == ""


def test_more_or_less_of_what_was_learnt_is_not_what_is_being_learnt(
    dialled: tuple[FlaskClient, Project, Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a process learns, the dial brings rounds of its own; none of them is the one that is waited for."""
    client, project, session = dialled

    class Running:
        def poll(self) -> None:
            return None

    learner = session.learner
    monkeypatch.setattr(learner, "_process", Running())
    monkeypatch.setattr(learner, "_from", learner._learnt_in())
    assert news(client)["learning"]
    for value in ("0.8", "0.35"):
        assert dial(client, value)["learning"]
    assert not learner.nudge(least=0)
    learn(project, project.coder("Anne"))
    assert not news(client)["learning"]
    monkeypatch.undo()


def test_while_a_model_takes_the_place_of_another_the_dial_waits(
    dialled: tuple[FlaskClient, Project, Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, project, session = dialled
    before = shown(project)
    learning = [True]
    monkeypatch.setattr(Learner, "learning", property(lambda _self: learning[0]))
    (project.folder / "model").rename(project.folder / "borte")
    assert post(client, "setting", {"precision": "0.8"})[0] == 200
    time.sleep(0.5)
    assert news(client)["turning"]
    assert (shown(project), news(client)["failed"]) == (before, "")
    (project.folder / "borte").rename(project.folder / "model")
    waited(lambda: not news(client)["turning"])
    learning[0] = False
    assert session.about_round()["precision"] == 0.8
    assert shown(project) < before


def test_a_round_that_takes_over_meanwhile_is_not_pushed_aside(
    dialled: tuple[FlaskClient, Project, Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    _client, project, session = dialled
    anne, write = project.coder("Anne"), learning_room.write_round
    project.set("precision", "0.8")
    learnt: list[int] = []

    def meanwhile(*arguments: object) -> int:
        number = write(*arguments)  # type: ignore[arg-type]
        monkeypatch.setattr(learning_room, "write_round", write)
        learnt.append(learn(project, anne).id)
        return number

    monkeypatch.setattr(learning_room, "write_round", meanwhile)
    assert learning_room.suggest_again(project, anne) is None
    assert session.state()["round"] == learnt[0]
    with project.database.reading() as connection:
        strays = connection.execute("SELECT id FROM round WHERE about ->> 'learnt_in' IS NOT NULL").fetchall()
        lost = connection.execute("SELECT 1 FROM suggestion WHERE round NOT IN (SELECT id FROM round)").fetchall()
    assert (strays, lost) == ([], [])


@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="Windows has other priorities")
def test_long_work_gives_way_to_the_page() -> None:
    with running("json.tool", stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert os.getpriority(os.PRIO_PROCESS, process.pid) >= BEHIND
        process.communicate("{}")
