"""The dial: how many suggestions, at once and without learning anew."""

import re
import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from autokode import Codebook
from autokode.model.thresholds import PROMISES
from autokode.project import Project
from autokode.project.active_learning import coder_model
from autokode.project.active_learning.training_round import learn
from autokode.project.store.decision_log import facts, replayed
from autokode.project.store.project import LEAST, MOST, precision_in
from autokode.project.store.round_writing import KEPT
from autokode.review.session import Session
from review_case import OPEN, client_of, dial, get, news, one_turn, post, rows, shown, waited


def cards(client: FlaskClient, project: Project) -> set[tuple[str, str]]:
    """(utterance, code) of the cards of the open interview."""
    page = get(client, f"interview/{project.source(OPEN).id}")[1]
    turns = re.split(r'<article [^>]*id="t', page)[1:]
    return {
        (turn.split('"')[0], code)
        for turn in turns
        for code in re.findall(r'class="item card[^>]*data-code="([^"]+)', turn)
    }


def stands(client: FlaskClient, path: str = "") -> str:
    """The step that the page says the dial stands at."""
    found = re.search(r'type="range" id="dial"[^>]*aria-valuetext="([^"]+)"', get(client, path)[1])
    assert found
    return found[1]


def test_the_dial_shows_fewer_and_surer_or_more_at_once_and_learns_nothing(
    dialled: tuple[FlaskClient, Project, Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, project, session = dialled
    monkeypatch.setattr(coder_model, "fit_turns", None)
    begun: list[tuple[str, ...]] = []
    monkeypatch.setattr(session.learner, "_begin", lambda *options: begun.append(options))
    before, model = cards(client, project), (project.folder / "model" / "manifest.json").stat().st_mtime_ns
    usual = shown(project)
    assert stands(client) == "vanlig: omtrent hvert annet er riktig"
    said = dial(client, "0.8")
    fewest = cards(client, project)
    assert stands(client) == stands(client, "interview/1") == "færrest: omtrent åtte av ti er riktige"
    assert 0 < len(fewest) < len(before)
    assert fewest < before
    assert str(said["said"]).startswith("Ingen nye forslag; ")
    assert begun == []  # every word of the fewer was found before
    dial(client, "0.65")
    fewer = cards(client, project)
    dial(client, "0.35")
    more = cards(client, project)
    assert fewest < fewer < before < more
    assert set(begun) == {("--words",)}
    dial(client, "usual")
    assert shown(project) == usual
    assert cards(client, project) == before
    assert (project.folder / "model" / "manifest.json").stat().st_mtime_ns == model
    assert session.about_round()["precision"] is None


def test_what_was_decided_stays_whatever_the_dial_says(dialled: tuple[FlaskClient, Project, Session]) -> None:
    client, project, _session = dialled
    source = project.source(OPEN)
    page = get(client, f"interview/{source.id}")[1]
    ids = [int(number) for number in re.findall(r'data-suggestion="(\d+)"', page)]
    _status, answer = post(client, f"suggestion/{ids[0]}", {"said": "accept"})
    post(client, f"suggestion/{ids[1]}", {"said": "reject"})
    assert answer["turns"]
    held = rows(project, "coding"), rows(project, "verdict")
    decided = {(str(row["utterance"]), str(row["code"])) for row in held[1]}
    assert len(decided) == 2
    decisions = project.decisions()
    for value in ("0.8", "0.35", "usual"):
        dial(client, value)
        assert (rows(project, "coding"), rows(project, "verdict")) == held
        assert not decided & cards(client, project)
    assert project.decisions() == decisions
    on_a_page_of_the_first_round = f"suggestion/{ids[2]}"
    assert post(client, on_a_page_of_the_first_round, {"said": "accept"})[0] == 200
    with project.database.reading() as connection:
        assert replayed(connection) == facts(connection)


def test_of_quick_moves_the_last_one_holds(dialled: tuple[FlaskClient, Project, Session]) -> None:
    client, project, session = dialled
    dial(client, "0.65")
    wanted = shown(project)
    dial(client, "usual")
    for value in ("0.8", "0.35", "usual", "0.8", "0.65"):
        assert post(client, "setting", {"precision": value})[0] == 200
    waited(lambda: not news(client)["turning"])
    assert session.about_round()["precision"] == 0.65
    assert shown(project) == wanted
    with project.database.reading() as connection:
        kept = connection.execute("SELECT count(DISTINCT round) FROM suggestion").fetchone()[0]
    assert kept == 2 + KEPT  # the training before, this one's own round, and the last of it


def test_a_model_that_is_gone_is_said_and_the_choice_is_kept(dialled: tuple[FlaskClient, Project, Session]) -> None:
    client, project, session = dialled
    before = shown(project)
    shutil.move(project.folder / "model", project.folder / "borte")
    said = dial(client, "0.8")
    assert "ikke her lenger" in str(said["failed"])
    assert shown(project) == before
    assert stands(client).startswith("færrest")
    for number in project.transcript(OPEN).answers[:9]:  # so that what is learnt now is another model
        session.reviewer.read(project.source(OPEN).id, number)
    learn(project, project.coder("Anne"))
    assert session.about_round()["precision"] == 0.8
    assert len(shown(project)) < len(before)
    assert dial(client, "0.65")["failed"] == ""
    shutil.rmtree(project.folder / "model")
    shutil.copytree(project.folder / "borte", project.folder / "model")
    now = shown(project)
    assert "ikke her lenger" in str(dial(client, "0.35")["failed"])  # the model of another round
    assert shown(project) == now
    (project.folder / "model" / "limits.npy").write_bytes(b"")
    assert "skadet" in str(dial(client, "0.8")["failed"])


def test_without_suggestions_the_choice_waits_for_them(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "p", Codebook.from_yaml("koder:\n  - navn: makt\n"))
    project.add(one_turn())
    client = client_of(Session(project, project.coder("Anne")))
    assert post(client, "setting", {"precision": "0.8"})[1]["message"] == "Gjelder når det kommer forslag."
    waited(lambda: not news(client)["turning"])
    assert news(client)["failed"] == ""
    assert project.precision == 0.8


@pytest.mark.parametrize("value", ["2", "0.01", "nan", "", "færre", 0.8, None, ["0.8"], "0.8" + "0" * 40])
def test_the_dial_has_only_its_steps(client: FlaskClient, project: Project, value: object) -> None:
    dial(client, value)
    assert project.setting("precision") == ""
    assert project.precision is None


def test_a_precision_asked_for_in_the_terminal_is_a_step_of_the_dial(client: FlaskClient, project: Project) -> None:
    project.set("precision", "0.72")
    page = get(client, "")[1]
    assert re.findall(r'<option value="\d" data-value="([^"]+)"', page) == ["0.8", "0.72", "0.65", "usual", "0.35"]
    assert stands(client) == "eget valg: omtrent 72 av 100 er riktige"
    dial(client, "usual")
    assert "0.72" not in get(client, "")[1]
    dial(client, "0.72")  # led back, on a page that was loaded before
    assert project.precision == 0.72
    post(client, "setting", {"language": "en"})
    assert stands(client) == "own choice: about 72 in 100 are right"
    assert (PROMISES[0], PROMISES[-1]) == (LEAST, MOST)
    assert precision_in(" 0,8 ") == 0.8


def test_a_blind_coder_has_no_dial(project: Project) -> None:
    session = Session(project, project.coder("Kari", blind=True))
    client = client_of(session)
    assert 'id="dial"' not in get(client, "")[1]
    assert not dial(client, "0.8")["failed"]


def test_a_damaged_probability_is_no_ground_for_suggestions(dialled: tuple[FlaskClient, Project, Session]) -> None:
    client, project, _session = dialled
    before = shown(project)
    with project.database.writing() as connection:
        connection.execute("UPDATE likely SET probabilities = x'003c' WHERE transcript = 1")
    assert "ikke her lenger" in str(dial(client, "0.8")["failed"])
    assert shown(project) == before
