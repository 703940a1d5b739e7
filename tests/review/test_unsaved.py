"""What a page sends: nothing is done twice, nothing to another coding or another file, and no memo over another one."""

import shutil
from pathlib import Path

from flask.testing import FlaskClient

from autokode.project import Project, Reviewer
from autokode.project.store.pseudonymising import pseudonymise
from autokode.pseudonym.key import Key
from autokode.pseudonym.kinds import Kind
from autokode.pseudonym.register import Entity, Register
from autokode.review.guard import SEEN
from autokode.review.repeats import ONCE
from pseudonym_case import plan_of
from review_case import HOST, OPEN, ORIGIN, TOKEN, first_card, get, post, rows

Said = tuple[int, dict[str, object]]


def sent(client: FlaskClient, path: str, body: object, **headers: str) -> Said:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return post(client, path, body, {**ORIGIN, **named})


def seen(client: FlaskClient) -> str:
    return str(client.get(f"/{TOKEN}/news", base_url=f"http://{HOST}").get_json()["state"]["seen"])


def test_a_decision_that_is_sent_again_is_made_once(client: FlaskClient, project: Project) -> None:
    transcript, card = first_card(client, project)
    post(client, f"suggestion/{card}", {"said": "accept"})
    (coding,) = [row for row in rows(project, "coding") if row["suggestion"] == card]
    first = sent(client, f"coding/{coding['id']}", {"said": "good", "transcript": transcript}, **{ONCE: "a"})
    before = len(project.decisions())
    assert sent(client, f"coding/{coding['id']}", {"said": "good", "transcript": transcript}, **{ONCE: "a"}) == first
    assert len(project.decisions()) == before
    assert sent(client, "undo", {}, **{ONCE: "b"}) == sent(client, "undo", {}, **{ONCE: "b"})
    assert len(project.decisions()) == before + 1
    assert sent(client, "undo", {}, **{ONCE: "c"})[0] == 200
    assert len(project.decisions()) == before + 2
    wrong = {"said": "accept"}
    assert sent(client, "suggestion/999999", wrong, **{ONCE: "d"}) == sent(
        client, "suggestion/999999", wrong, **{ONCE: "d"}
    )


def test_a_coding_is_touched_only_if_it_is_the_one_that_was_seen(client: FlaskClient, project: Project) -> None:
    _transcript, card = first_card(client, project)
    post(client, f"suggestion/{card}", {"said": "accept"})
    (own,) = [row for row in rows(project, "coding") if row["suggestion"] == card]
    there = [own["start"], own["end"], own["code"]]
    before = rows(project, "coding")
    for saw in ([own["start"], own["end"], "språk"], [own["start"], 99999, own["code"]]):
        for said in (
            {"said": "remove"},
            {"said": "good"},
            {"said": "recode", "code": "språk"},
            {"said": "span", "start": 1, "end": 9},
        ):
            status, answer = post(client, f"coding/{own['id']}", {**said, "saw": saw})
            assert (status, "finnes ikke lenger" in str(answer["error"])) == (409, True)
    assert rows(project, "coding") == before
    assert post(client, f"coding/{own['id']}", {"said": "remove", "saw": there})[0] == 200


def test_a_memo_is_not_written_over_one_that_was_not_seen(client: FlaskClient, project: Project) -> None:
    def stored(text: str, was: str | None) -> Said:
        body = {"about": "turn/1/1", "text": text}
        return post(client, "memo", body if was is None else {**body, "was": was})

    assert stored("mitt", "")[0] == 200
    status, answer = stored("hennes", "")
    assert (status, answer["other"]) == (409, "mitt")
    assert "endret et annet sted" in str(answer["error"])
    assert [row["text"] for row in rows(project, "memo")] == ["mitt"]
    assert stored("mitt", "")[0] == 200  # the same text from another window
    assert stored("begge", "mitt")[0] == 200
    assert stored("", "mitt")[1]["other"] == "begge"
    assert stored("", "begge")[0] == 200
    assert stored("sent", "begge")[1]["other"] == ""  # it was removed elsewhere
    assert stored("uten å ha sett", None)[0] == 200


def test_a_memo_with_other_line_ends_is_the_one_that_was_seen(client: FlaskClient, project: Project) -> None:
    Reviewer(project, project.coder("Anne").id).memo("turn/1/1", "en\r\nto\rtre")
    assert post(client, "memo", {"about": "turn/1/1", "text": "fire", "was": "en\nto\ntre"})[0] == 200


def test_a_page_of_another_file_decides_nothing(client: FlaskClient, project: Project) -> None:
    copy = project.folder / "kopi.db"
    shutil.copy(project.database.path, copy)
    _transcript, card = first_card(client, project)
    sent(client, f"suggestion/{card}", {"said": "accept"}, **{SEEN: seen(client)})
    mark = seen(client)
    shutil.copy(copy, project.database.path)
    before = rows(project, "coding")
    for path, body in (
        (f"suggestion/{card}", {"said": "reject"}),
        ("undo", {}),
        ("memo", {"about": "project", "text": "x"}),
    ):
        status, answer = sent(client, path, body, **{SEEN: mark})
        assert (status, answer["replaced"]) == (409, True)
        assert "last siden på nytt" in str(answer["error"])
    for path in ("news", "turn/1/1", "next?json=1"):
        status, text = get(client, path, **{SEEN: mark})
        assert (status, '"replaced":true' in text.replace(" ", "")) == (409, True)
    assert rows(project, "coding") == before
    assert (
        sent(client, f"suggestion/{card}", {"said": "accept"}, **{SEEN: seen(client)})[0] == 200
    )  # a page loaded again


def test_a_page_from_before_pseudonymising_decides_nothing(
    client: FlaskClient, project: Project, tmp_path: Path
) -> None:
    _transcript, card = first_card(client, project)
    mark, before = seen(client), rows(project, "coding")
    register = Register([Entity(Kind.PERSON, ("Atle",), "Bo")])
    pseudonymise(project, plan_of(project, register), Key(Register()), tmp_path / "nøkkel.json", by="root")
    status, answer = sent(client, f"suggestion/{card}", {"said": "accept"}, **{SEEN: mark})
    assert (status, answer["replaced"]) == (409, True)
    assert len(rows(project, "coding")) == len(before)
    assert sent(client, f"suggestion/{card}", {"said": "accept"}, **{SEEN: seen(client)})[0] == 200


def test_a_session_forgets_what_it_knew_of_the_file_before(project: Project) -> None:
    from autokode.review.session import Session
    from review_case import client_of

    copy = project.folder / "kopi.db"
    shutil.copy(project.database.path, copy)
    session = Session(project, project.known_coder("Siv"))
    client = client_of(session)
    source, turn = project.source(OPEN), project.transcript(OPEN).utterances[1]
    body = {"code": "makt", "start": turn.start, "end": turn.end}
    assert post(client, f"code/{source.id}", body)[0] == 200
    number = session.coder.id
    session.learner._tried = 99999
    shutil.copy(copy, project.database.path)
    assert project.coder("Ola").id == number  # the number was given to somebody else
    get(client, "")
    assert session.learner._tried == 0
    assert post(client, f"code/{source.id}", body)[0] == 200
    assert {coding.coder for coding in project.codings() if coding.segment.transcript == OPEN} == {"Siv"}


def test_a_missing_file_is_said_and_not_made_anew(client: FlaskClient, project: Project) -> None:
    path = project.database.path
    path.replace(path.with_suffix(".borte"))
    status, page = get(client, "")
    assert (status, "er borte" in page, "sikkerhetskopi" in page) == (409, True, True)
    status, answer = post(client, "undo", {})
    assert (status, "er borte" in str(answer["error"])) == (409, True)
    assert get(client, "static/review.css")[0] == 200
    assert not path.exists()
    path.with_suffix(".borte").replace(path)
    assert get(client, "")[0] == 200
