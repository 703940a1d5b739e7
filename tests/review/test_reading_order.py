"""What comes next before there is a model: the interviews as they are listed, each from its beginning to its end."""

from pathlib import Path

from flask.testing import FlaskClient

from autokode import Codebook, Transcript
from autokode.corpus.utterance import Utterance
from autokode.project import Project
from autokode.review.session import Session
from review_case import HOST, TOKEN, client_of, post, suggest_by_hand

NAMES = ("intervju 10", "intervju 2", "Anne", "intervju 1")
ANSWERS = 5


def walk(name: str) -> Transcript:
    """A transcript of some answers, each after a question."""
    text, utterances = "", []
    for i in range(2 * ANSWERS):
        said = f"{'Svar' if i % 2 else 'Spørsmål'} {i} i {name}."
        role = "informant" if i % 2 else "interviewer"
        utterances.append(Utterance("Siv" if i % 2 else "I", len(text), len(text) + len(said), said, role))
        text += said + "\n"
    return Transcript(name, text, tuple(utterances))


def made(folder: Path) -> tuple[Project, FlaskClient, Session]:
    project = Project.create(folder, Codebook.from_yaml("koder:\n  - navn: makt\n  - navn: språk\n"))
    for name in NAMES:
        project.add(walk(name))
    session = Session(project, project.known_coder("Siv"))
    session.learner.nudge_soon = lambda: None  # type: ignore[method-assign]
    return project, client_of(session), session


def next_place(client: FlaskClient, query: str = "") -> tuple[int, int, str]:
    answer = client.get(f"/{TOKEN}/next?json=1{query}", buffered=True, base_url=f"http://{HOST}").get_json()
    return answer["transcript"], answer["number"], answer["why"]


def test_interviews_come_whole_and_in_the_order_of_the_list(tmp_path: Path) -> None:
    project, client, _session = made(tmp_path / "p")
    ids = {source.name: source.id for source in project.sources}
    assert list(ids) == ["Anne", "intervju 1", "intervju 2", "intervju 10"]
    found = []
    for _step in range(len(NAMES) * ANSWERS):
        transcript, number, why = next_place(client)
        assert why == ""
        found.append((transcript, number))
        post(client, f"read/{transcript}/{number}", {})
    assert found == [(number, 2 * i + 1) for number in ids.values() for i in range(ANSWERS)]
    assert next_place(client)[0] is None


def test_who_stands_in_an_interview_goes_on_there_and_then_to_those_left_behind(tmp_path: Path) -> None:
    project, client, _session = made(tmp_path / "p")
    ids = {source.name: source.id for source in project.sources}
    assert next_place(client, f"&transcript={ids['intervju 2']}&number=5")[:2] == (ids["intervju 2"], 7)
    assert next_place(client, f"&transcript={ids['intervju 2']}&number=9")[:2] == (ids["intervju 10"], 1)
    assert next_place(client, f"&transcript={ids['intervju 10']}&number=9")[:2] == (ids["Anne"], 1)


def test_looking_at_what_comes_next_stores_nothing(tmp_path: Path) -> None:
    project, client, _session = made(tmp_path / "p")
    next_place(client)
    assert project.coders == []
    with project.database.reading() as connection:
        assert connection.execute("SELECT count(*) FROM drawn").fetchone()[0] == 0


def test_what_teaches_most_comes_first_to_who_chose_it_once_there_is_a_round(tmp_path: Path) -> None:
    project, client, session = made(tmp_path / "p")
    post(client, "read/1/1", {})
    suggest_by_hand(project, "intervju 2", "Siv")
    assert session.coder.name == "Siv"
    assert next_place(client)[2] == ""
    post(client, "setting", {"order": "teaching"})
    assert next_place(client)[2] == "teaches"
