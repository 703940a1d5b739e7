"""The review page without a browser: who gets an answer, what is escaped, what each address decides."""

import html
import json
import os
import random
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from autokode import Codebook, Transcript
from autokode.corpus.codebook import Code
from autokode.corpus.transcript import read_transcript
from autokode.model.calibration import LEVELS
from autokode.project import Project, Reviewer
from autokode.project.active_learning import coder_model
from autokode.project.active_learning import training_round as learning_room
from autokode.project.active_learning.training_round import learn
from autokode.project.store.decision_log import Change, decide, facts, replayed
from autokode.project.store.project import LEAST, MOST, precision_in
from autokode.project.store.round_writing import KEPT
from autokode.review.app import STATIC, create_app
from autokode.review.learning_process import Learner
from autokode.review.session import Session
from autokode.review.text_places import moved, place_of, tidy
from project_case import small
from review_case import OPEN, copied, made_project, serving, shown, suggest_by_hand, taught_project

TOKEN, PORT = "prøvenøkkel".replace("ø", "o"), 8123
HOST = f"127.0.0.1:{PORT}"
ORIGIN = {"Origin": f"http://{HOST}"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_project(tmp_path_factory.mktemp("project") / "prosjekt").folder


@pytest.fixture
def project(made: Path, tmp_path: Path) -> Project:
    return copied(made, tmp_path / "prosjekt")


@pytest.fixture
def client(project: Project) -> Iterator[FlaskClient]:
    session = Session(project, project.coder("Anne"))
    session.learner.nudge = lambda **_options: False  # type: ignore[method-assign] - learning has tests of its own
    yield create_app(session, TOKEN, PORT).test_client()


def get(client: FlaskClient, path: str, **headers: str) -> tuple[int, str]:
    answer = client.get(f"/{TOKEN}/{path}", buffered=True, base_url=f"http://{HOST}", headers=headers)
    return answer.status_code, answer.get_data(as_text=True)


def post(
    client: FlaskClient, path: str, body: object, headers: dict[str, str] | None = None
) -> tuple[int, dict[str, object]]:
    answer = client.post(
        f"/{TOKEN}/{path}", base_url=f"http://{HOST}", json=body, headers=ORIGIN if headers is None else headers
    )
    return answer.status_code, answer.get_json()


def first_card(client: FlaskClient, project: Project) -> tuple[int, int]:
    """Return the id of the interview that is open, and of its first suggestion."""
    source = project.source(OPEN)
    _status, page = get(client, f"interview/{source.id}")
    found = re.search(r'data-suggestion="(\d+)"', page)
    assert found
    return source.id, int(found[1])


# ---- who gets an answer


@pytest.mark.parametrize("path", ["", "interview/1", "list", "missed", "news", "static/review.js"])
def test_nothing_is_answered_without_the_token(client: FlaskClient, path: str) -> None:
    for token in ("", "feil", TOKEN[:-1], TOKEN + "x"):
        answer = client.get(f"/{token}/{path}".replace("//", "/"), buffered=True, base_url=f"http://{HOST}")
        assert answer.status_code == 404
        assert "Kontor" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "host",
    ["ond.example", f"ond.example:{PORT}", "127.0.0.1", "127.0.0.1:80", f"127.0.0.1.ond.example:{PORT}", "[::1]:8123"],
)
def test_another_name_for_this_machine_gets_no_answer(client: FlaskClient, host: str) -> None:
    answer = client.get(f"/{TOKEN}/", buffered=True, base_url=f"http://{HOST}", headers={"Host": host})
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "https://ond.example"},
        {"Origin": f"http://{HOST}.ond.example"},
        {"Origin": f"https://{HOST}"},
        {**ORIGIN, "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_only_the_page_itself_decides(client: FlaskClient, project: Project, headers: dict[str, str]) -> None:
    _transcript, card = first_card(client, project)
    before = len(project.decisions())
    status, _answer = post(client, f"suggestion/{card}", {"said": "accept"}, headers)
    assert status == 403
    assert len(project.decisions()) == before


def test_a_form_of_another_page_cannot_decide(client: FlaskClient, project: Project) -> None:
    _transcript, card = first_card(client, project)
    answer = client.post(
        f"/{TOKEN}/suggestion/{card}", base_url=f"http://{HOST}", data={"said": "accept"}, headers=ORIGIN
    )
    assert answer.status_code == 400


def test_every_answer_is_sealed(client: FlaskClient) -> None:
    for path in ("", "list", "static/review.css", "nowhere"):
        headers = client.get(f"/{TOKEN}/{path}", buffered=True, base_url=f"http://{HOST}").headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http:" not in policy
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"


def test_no_page_asks_for_anything_from_outside(client: FlaskClient, project: Project) -> None:
    source = project.source(OPEN)
    for path in ("", f"interview/{source.id}", "list", "missed"):
        _status, page = get(client, path)
        outside = [
            url for url in re.findall(r'(?:src|href|action)="([^"]*)"', page) if not url.startswith((f"/{TOKEN}/", "#"))
        ]
        assert outside == []
        assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=", page)


@pytest.mark.parametrize(
    ("suffix", "kind"), [(".js", "text/javascript"), (".css", "text/css"), (".svg", "image/svg+xml")]
)
def test_static_files_have_their_type_on_every_platform(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, suffix: str, kind: str
) -> None:
    """Windows' registry may say text/plain, and a browser runs no module of that type."""
    monkeypatch.setattr("mimetypes.guess_type", lambda *_given, **_options: ("text/plain", None))
    files = [file for file in STATIC.iterdir() if file.suffix == suffix]
    assert files
    for file in files:
        answer = client.get(f"/{TOKEN}/static/{file.name}", buffered=True, base_url=f"http://{HOST}")
        assert (answer.status_code, answer.content_type) == (200, f"{kind}; charset=utf-8")
        assert answer.data == file.read_bytes()


def test_modules_import_each_other_from_beside_themselves() -> None:
    """A relative import keeps the token in its address; together they are all that is there."""
    modules = {file.name: file.read_text(encoding="utf-8") for file in STATIC.glob("*.js")}
    imported = {name: re.findall(r'^import .* from "(.*)";$', text, re.MULTILINE) for name, text in modules.items()}
    assert {one for names in imported.values() for one in names} | {"./review.js"} == {f"./{name}" for name in modules}
    assert sum(len(names) for names in imported.values()) == sum(text.count("import") for text in modules.values())
    assert all(text.startswith("// ") for text in modules.values())


@pytest.mark.parametrize(
    "path",
    ["static/../app.py", "static/%2e%2e/app.py", "static//etc/passwd", "interview/../../etc/passwd", "interview/1%00"],
)
def test_no_path_reaches_the_disk(client: FlaskClient, path: str) -> None:
    status, text = get(client, path)
    assert status in (404, 308)
    assert "import" not in text


# ---- what is escaped


def test_a_transcript_and_a_codebook_cannot_speak_html(tmp_path: Path) -> None:
    nasty = "<script>alert('hei')</script> & \"anførsel\" 'enkel' <img src=x onerror=alert(1)> {{ 7 * 7 }}"
    file = tmp_path / "o'brien & <b>sønn.txt"
    file.write_text(f"I: {nasty}?\nKari: {nasty}\n" * 3, encoding="utf-8")
    codebook = Codebook("", (Code("a \"sitat\" <i>og</i> 'fnutt'", definition=nasty),))
    project = Project.create(tmp_path / "prosjekt", codebook)
    project.add(read_transcript(file), office="<u>A</u>", file=file)
    session = Session(project, project.coder("<s>Kari</s>"))
    client = create_app(session, TOKEN, PORT).test_client()
    name = codebook.codable[0]
    utterance = project.transcript(project.sources[0].name).utterances[1]
    status, answer = post(client, "code/1", {"code": name, "start": utterance.start, "end": utterance.end})
    assert status == 200
    post(client, "memo", {"about": "turn/1/1", "text": nasty})
    pages = [get(client, path)[1] for path in ("", "interview/1", "list", "missed")] + [str(answer["turns"])]
    for page in pages:
        assert not re.search(r"<(?:script>|img|i>og|u>|s>|b>sønn)", page)
    assert html.escape(nasty, quote=True).replace("&#x27;", "&#39;").replace("&quot;", "&#34;") in pages[1]


# ---- deciding


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
    number = max(row["id"] for row in _rows(project, "coding"))
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
    row = next(row for row in _rows(project, "coding") if row["id"] == number)
    assert (row["code"], row["good"], row["end"]) == ("makt", 1, one.end)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("suggestion/999999", {"said": "accept"}),
        ("coding/999999", {"said": "remove"}),
        ("code/1", {"code": "ukjent", "start": 0, "end": 5}),
        ("code/1", {"code": "makt", "start": 5, "end": 5}),
        ("code/1", {"code": "makt", "start": 0, "end": 10**9}),
        ("code/1", {"code": "makt", "from": [0, 0], "to": [0, 0]}),
        ("code/999", {"code": "makt", "from": [0, 0], "to": [5, 0]}),
        ("code/1", {"code": "makt", "from": [0, -1], "to": "x"}),
        ("code/1", {"code": "", "start": 0, "end": 5}),
        ("suggestion/1", {"said": "perhaps"}),
        ("same", {"suggestions": "alle"}),
        ("memo", {"about": "coding/999999", "text": "x"}),
        ("read/x/y", {}),
        ("resolve/1/1/1", {"given": []}),
    ],
)
def test_what_makes_no_sense_is_said_and_changes_nothing(
    client: FlaskClient, project: Project, path: str, body: object
) -> None:
    before = _all(project)
    status, _answer = post(client, path, body)
    assert status in (400, 404, 409) or (status == 200 and path == "same")
    assert _all(project) == before


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


def test_too_much_at_once_is_refused(client: FlaskClient) -> None:
    status, answer = post(client, "memo", {"about": "project", "text": "x" * 300_000})
    assert (status, answer["error"]) == (413, "For mye tekst på én gang.")


def test_the_language_is_one_button_away(client: FlaskClient) -> None:
    assert "Oversikt" in get(client, "")[1]
    post(client, "setting", {"language": "en", "theme": "dark", "nonsense": "x"})
    page = get(client, "")[1]
    assert "Overview" in page
    assert 'data-theme="dark"' in page
    post(client, "setting", {"language": "xx", "theme": "<b>"})
    assert get(client, "")[1] == page


def test_filters_let_through_what_they_say(client: FlaskClient, project: Project) -> None:
    whole = get(client, "list")[1]
    assert re.search(r"<h1>.*?<small>(\d+)</small>", whole)
    for query, wanted in (("code=makt&state=undecided", "makt"), ("state=undecided&most=50", "språk")):
        rows = re.findall(r'<th scope="row">(?:<span[^>]*></span>)?([^<]+)</th>', get(client, f"list?{query}")[1])
        assert set(rows) == {wanted}
    assert "Ingenting passer." in get(client, "list?interview=finnes%20ikke")[1]
    source = project.source(OPEN)
    page = get(client, f"interview/{source.id}?least=0.5")[1]
    assert set(re.findall(r'class="item card[^>]*data-code="([^"]+)"', page)) == {"makt"}


def test_what_comes_next_is_drawn_by_chance_one_time_in_five(client: FlaskClient, project: Project) -> None:
    whys = []
    for _step in range(10):
        answer = client.get(f"/{TOKEN}/next?json=1", buffered=True, base_url=f"http://{HOST}").get_json()
        whys.append(answer["why"])
        post(client, f"read/{answer['transcript']}/{answer['number']}", {})
    assert [i for i, why in enumerate(whys) if why == "chance"] == [4, 9]


def test_a_broken_codebook_is_said_on_the_page_and_the_one_before_stays(client: FlaskClient, project: Project) -> None:
    (project.folder / "codebook.yaml").write_text("koder: [", encoding="utf-8")
    page = get(client, "")[1]
    assert "Kodeboken kan ikke leses" in page
    assert "relasjonsarbeid" in page


def test_a_transcript_changed_on_disk_is_said_on_the_page(tmp_path: Path) -> None:
    file = tmp_path / "møte.txt"
    file.write_text("Kari: Hei på deg.\nOla: Hei, hei.\nKari: Ja.\nOla: Nei.\n", encoding="utf-8")
    project = Project.create(tmp_path / "prosjekt", Codebook.from_yaml("koder:\n  - navn: makt\n"))
    project.add(read_transcript(file), file=file)
    client = create_app(Session(project, project.coder("Kari")), TOKEN, PORT).test_client()
    assert "endret på disk" not in get(client, "")[1]
    file.write_text("Kari: Noe annet.\n", encoding="utf-8")
    assert "endret på disk" in get(client, "")[1]
    file.unlink()
    assert "filen er borte" in get(client, "")[1]


# ---- the dial


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return taught_project(tmp_path_factory.mktemp("taught") / "prosjekt").folder


@pytest.fixture
def dialled(taught: Path, tmp_path: Path) -> Iterator[tuple[FlaskClient, Project, Session]]:
    """A page of suggestions that were learnt, with no model of its own learnt unless a test asks for it."""
    project = copied(taught, tmp_path / "lært")
    session = Session(project, project.coder("Anne"))
    session.learner.nudge_soon = lambda: None  # type: ignore[method-assign]
    yield create_app(session, TOKEN, PORT).test_client(), project, session
    session.learner.stop()


def waited(holds: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def news(client: FlaskClient) -> dict[str, object]:
    return dict(client.get(f"/{TOKEN}/news", buffered=True, base_url=f"http://{HOST}").get_json())


def dial(client: FlaskClient, value: object) -> dict[str, object]:
    """Move the dial as the page does, and wait until what is suggested follows it; return what is new."""
    status, _answer = post(client, "setting", {"precision": value})
    assert status == 200
    waited(lambda: not news(client)["turning"])
    return news(client)


def cards(client: FlaskClient, project: Project) -> set[tuple[str, str]]:
    """Return (utterance, code) of the cards of the open interview."""
    page = get(client, f"interview/{project.source(OPEN).id}")[1]
    turns = re.split(r'<article [^>]*id="t', page)[1:]
    return {
        (turn.split('"')[0], code)
        for turn in turns
        for code in re.findall(r'class="item card[^>]*data-code="([^"]+)', turn)
    }


def stands(client: FlaskClient, path: str = "") -> str:
    """Return what the page says that the dial stands at."""
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
    held = _rows(project, "coding"), _rows(project, "verdict")
    decided = {(str(row["utterance"]), str(row["code"])) for row in held[1]}
    assert len(decided) == 2
    decisions = project.decisions()
    for value in ("0.8", "0.35", "usual"):
        dial(client, value)
        assert (_rows(project, "coding"), _rows(project, "verdict")) == held
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
    project.add(Transcript("møte", "Hei på deg.", read_transcript_utterances("Hei på deg.")))
    client = create_app(Session(project, project.coder("Anne")), TOKEN, PORT).test_client()
    assert post(client, "setting", {"precision": "0.8"})[1]["message"] == "Gjelder når det kommer forslag."
    waited(lambda: not news(client)["turning"])
    assert news(client)["failed"] == ""
    assert project.precision == 0.8


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


def test_a_damaged_probability_is_no_ground_for_suggestions(dialled: tuple[FlaskClient, Project, Session]) -> None:
    client, project, _session = dialled
    before = shown(project)
    with project.database.writing() as connection:
        connection.execute("UPDATE likely SET probabilities = x'003c' WHERE transcript = 1")
    assert "ikke her lenger" in str(dial(client, "0.8")["failed"])
    assert shown(project) == before


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
    assert (LEVELS[0], LEVELS[-1]) == (LEAST, MOST)
    assert precision_in(" 0,8 ") == 0.8


def test_a_blind_coder_has_no_dial(project: Project) -> None:
    session = Session(project, project.coder("Kari", blind=True))
    client = create_app(session, TOKEN, PORT).test_client()
    assert 'id="dial"' not in get(client, "")[1]
    assert not dial(client, "0.8")["failed"]


# ---- why so little, and what is left standing


def test_a_card_says_that_only_the_codebook_speaks_for_it(tmp_path: Path) -> None:
    project = small(tmp_path / "p")
    client = create_app(Session(project, project.coder("Anne")), TOKEN, PORT).test_client()
    project.set("language", "nb")
    alone = "bare ut fra kodeboken: ingen eksempler ennå"

    def said() -> dict[str, bool]:
        page = get(client, "interview/1")[1]
        found = re.findall(r'class="item card[^>]*data-code="([^"]+)"(.*?)class="span"', page, re.DOTALL)
        return {code: alone in card for code, card in found}

    def listed() -> dict[str, str]:
        page = get(client, "")[1]
        return dict(re.findall(r'code=[^>]*>(\w+)</a>(?: <small class="bare">([^<]*)</small>)?</th>', page))

    assert said() == {"makt": True, "språk": True}
    assert listed() == {"makt": "bare ut fra kodeboken", "språk": "bare ut fra kodeboken"}
    turns = project.transcript("møte").utterances
    for number, wanted in ((0, "nesten bare ut fra kodeboken"), (1, "")):
        post(client, "code/1", {"code": "makt", "start": turns[number].start, "end": turns[number].end})
        assert said() == {"makt": False, "språk": True}
        assert listed() == {"makt": wanted, "språk": "bare ut fra kodeboken"}
    with project.database.writing() as connection:  # a model that came from others had examples of theirs
        connection.execute("UPDATE round SET about = json_set(about, '$.given', 'nav-nb')")
    assert said() == {"makt": False, "språk": False}
    assert listed() == {"makt": "", "språk": ""}


def test_before_anything_is_suggested_nothing_is_said_of_where_it_comes_from(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "p", Codebook.from_yaml("koder:\n  - navn: makt\n"))
    client = create_app(Session(project, project.coder("Anne")), TOKEN, PORT).test_client()
    assert "bare ut fra kodeboken" not in get(client, "")[1]


def promised(client: FlaskClient) -> tuple[str, int]:
    """Return what the chart says (promised → accepted, how many), and how many were left standing."""
    page = get(client, "")[1]
    chart = re.search(r'id="chart-title">[^:]*:(.*?)</title>', page)
    left = re.search(r"Med er <b>(\d+)</b> forslag du lot stå", page)
    return " ".join(chart[1].split()) if chart else "", int(left[1]) if left else 0


def test_a_suggestion_left_standing_counts_as_not_accepted(tmp_path: Path) -> None:
    project = small(tmp_path / "p")
    client = create_app(Session(project, project.coder("Anne")), TOKEN, PORT).test_client()
    ids = {(row["utterance"], row["code"]): row["id"] for row in _suggested(project)}
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
    client = create_app(Session(project, project.coder("Anne")), TOKEN, PORT).test_client()
    ids = {(row["utterance"], row["code"]): row["id"] for row in _suggested(project)}
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
    client = create_app(Session(project, project.coder("Anne")), TOKEN, PORT).test_client()
    key = {"coder": project.coder("Anne").id, "transcript": 1, "utterance": 0}
    with project.database.writing() as connection:
        decide(connection, key["coder"], "done", [Change("done", None, key)], place=(1, 0))
    assert promised(client) == ("", 0)


@pytest.mark.parametrize("seen", ["alle", [1.5], [True], [None], {"1": 1}, [[1]]])
def test_what_was_seen_is_a_list_of_numbers(client: FlaskClient, project: Project, seen: object) -> None:
    before = _all(project)
    source, number = project.source(OPEN).id, project.transcript(OPEN).answers[0]
    assert post(client, f"read/{source}/{number}", {"seen": seen})[0] == 400
    assert _all(project) == before
    assert post(client, f"read/{source}/{number}", {"seen": [999_999, 10**30]})[0] == 200


# ---- a blind coder, and two side by side


def test_a_blind_coder_sees_nothing_of_anybody_else(project: Project) -> None:
    project.coder("Kari", blind=True)
    session = Session(project, project.coder("Kari"))
    client = create_app(session, TOKEN, PORT).test_client()
    source = project.source("kontor_a")
    page = get(client, f"interview/{source.id}")[1]
    assert 'class="item' not in page
    assert "koder blindt" in page
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


# ---- places


@given(st.text(alphabet="aå👩🏽‍💻é\u0301\r\n 中", max_size=40), st.data())
def test_a_browsers_place_is_the_code_point_it_means(text: str, data: st.DataObject) -> None:
    """The browser counts in UTF-16 from the start of a piece, in which a line end of any kind is one unit."""
    from autokode.project.views.utterance_view import pieces

    cut = list(pieces(text, 0, (), ()))
    assert "".join(piece.text for piece in cut) == text.replace("\r\n", "\n").replace("\r", "\n")
    if not cut:
        return
    piece = data.draw(st.sampled_from(cut))
    end = next((other.start for other in cut if other.start > piece.start), len(text))
    units = len(piece.text.encode("utf-16-le")) // 2
    assert place_of(text, piece.start, 0) == piece.start
    assert place_of(text, piece.start, units) == end
    for n, at in enumerate(range(piece.start, end)) if piece.text != "\n" else ():
        before = len(piece.text[:n].encode("utf-16-le")) // 2
        assert place_of(text, piece.start, before) == at


def test_a_selection_takes_whole_letters_and_no_white_space() -> None:
    text = "  Hei e\u0301 👩🏽‍💻 der "
    start, end = tidy(text, 0, text.index("\u0301"))
    assert text[start:end] == "Hei e\u0301"
    start, end = tidy(text, text.index("👩"), text.index("👩") + 1)
    assert text[start:end] == "👩🏽‍💻"
    assert tidy("   ", 0, 3)[0] >= tidy("   ", 0, 3)[1]


def test_wider_and_narrower_go_by_word_sentence_and_utterance() -> None:
    text = "Ja. Vi tok en kaffe. Det var fint."
    turn = (0, len(text))
    shown = lambda span: text[span[0] : span[1]]  # noqa: E731
    sentence = moved(text, turn, turn, "narrower", anchor=4)
    assert shown(sentence) == "Vi tok en kaffe."
    word = moved(text, sentence, turn, "narrower", anchor=7)
    assert shown(word) == "tok"
    assert moved(text, word, turn, "wider") == sentence
    assert moved(text, sentence, turn, "wider") == turn
    assert shown(moved(text, word, turn, "end_later")) == "tok en"
    assert shown(moved(text, word, turn, "begin_earlier")) == "Vi tok"
    assert shown(moved(text, sentence, turn, "end_earlier")) == "Vi tok en"
    assert shown(moved(text, sentence, turn, "begin_later")) == "tok en kaffe."
    assert moved(text, word, turn, "end_earlier") == word


@given(
    st.text(min_size=1, max_size=60),
    st.integers(0, 60),
    st.integers(0, 60),
    st.sampled_from(["wider", "narrower", "end_later", "end_earlier", "begin_earlier", "begin_later"]),
)
def test_a_moved_span_stays_in_its_utterance(text: str, a: int, b: int, step: str) -> None:
    start, end = sorted((min(a, len(text)), min(b, len(text))))
    first, last = moved(text, (start, end), (0, len(text)), step)
    assert 0 <= first < last <= len(text)


# ---- starting it


def run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "autokode", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        env={**os.environ, "AUTOKODE_LANG": "nb", **environment},
    )


def test_a_second_server_is_refused_and_says_where_the_first_is(project: Project) -> None:
    with serving(project.folder, "--coder", "Anne") as (address, _process):
        second = run("review", "--project", str(project.folder), "--coder", "Anne", "--no-browser")
        assert second.returncode == 2
        assert address in second.stderr
        port = address.split(":")[2].split("/")[0]
        assert oct((project.folder / ".review.address").stat().st_mode & 0o777) == "0o600"
        other = Project.create(project.folder.parent / "annet", project.codebook)
        other.add(Transcript("møte", "Hei på deg.", read_transcript_utterances("Hei på deg.")))
        taken = run("review", "--project", str(other.folder), "--port", port, "--no-browser")
        assert taken.returncode == 2
        assert f"porten {port} er i bruk" in taken.stderr


def test_windows_closed_in_mid_answer_do_not_end_the_server(project: Project) -> None:
    """A browser that reloads lets its connections go at once (RST), and the server may be writing to them."""
    with serving(project.folder, "--coder", "Anne") as (address, process):
        place = urlsplit(address)
        assert place.hostname is not None and place.port is not None
        for i in range(150):
            with socket.create_connection((place.hostname, place.port), timeout=10) as client:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                request = f"GET {place.path}interview/1?turn=1 HTTP/1.1\r\nHost: {place.netloc}\r\n\r\n"
                client.sendall(request.encode())
                time.sleep(0.0004 * (i % 50))
        assert process.poll() is None
        patience = 90  # seconds, behind all that was asked before, on a busy machine
        with closing(HTTPConnection(place.netloc, timeout=patience)) as asked:
            asked.request("GET", place.path)
            answer = asked.getresponse()
            assert (answer.status, "</html>" in answer.read().decode()) == (200, True)


def read_transcript_utterances(text: str) -> tuple[object, ...]:
    from autokode.corpus.utterance import Utterance

    return (Utterance("Kari", 0, len(text), text),)


def test_a_killed_server_leaves_no_lock_behind(project: Project) -> None:
    with serving(project.folder, "--coder", "Anne") as (_address, process):
        process.kill()
        process.wait()
    with serving(project.folder, "--coder", "Anne") as (address, _process):
        assert address.startswith("http://127.0.0.1:")


def test_several_coders_must_say_who_they_are(project: Project) -> None:
    project.coder("Kari")
    said = run("review", "--project", str(project.folder), "--no-browser")
    assert said.returncode == 2
    assert "Anne, Kari" in said.stderr


def test_a_project_without_interviews_says_what_to_do(tmp_path: Path) -> None:
    run("init", str(tmp_path / "p"))
    said = run("review", "--project", str(tmp_path / "p"), "--no-browser")
    assert said.returncode == 2
    assert "autokode add" in said.stderr


def test_an_interrupt_before_it_listens_leaves_nothing(project: Project) -> None:
    from autokode.review.server import serve

    def interrupted(_address: str) -> None:
        assert (project.folder / ".review.address").exists()
        raise KeyboardInterrupt

    for _ in range(2):  # and the lock is let go
        with pytest.raises(KeyboardInterrupt):
            serve(project, project.coder("Anne"), port=0, browser=False, told=interrupted)
        assert not (project.folder / ".review.address").exists()


def test_it_stops_cleanly_on_interrupt(project: Project) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # tests run in a shell's background have it ignored
    with serving(project.folder, "--coder", "Anne") as (_address, process):
        started = time.monotonic()
        process.send_signal(2)
        process.wait(timeout=15)
        assert time.monotonic() - started < 10
    assert not (project.folder / ".review.address").exists()


def _rows(project: Project, table: str) -> list[dict[str, object]]:
    with project.database.reading() as connection:
        return list(facts(connection)[table].values())


def _suggested(project: Project) -> list[dict[str, int]]:
    with project.database.reading() as connection:
        return [dict(row) for row in connection.execute("SELECT * FROM suggestion")]


def _all(project: Project) -> object:
    with project.database.reading() as connection:
        return facts(connection), connection.execute("SELECT count(*) FROM decision").fetchone()[0]


ODD = [
    None,
    True,
    -1,
    10**30,
    1.5,
    "",
    "makt",
    "\0",
    "\ud800",
    [],
    [1],
    [[1, 2]],
    {},
    {"a": 1},
    "x" * 3000,
    [10**30, 1],
    [1, -5],
]
PLACES = ["suggestion/1", "same", "code/1", "coding/1", "read/1/1", "memo", "undo", "redo", "resolve/2/1/1", "setting"]
PLACES += [re.sub(r"\d+$", "9" * 25, path) for path in PLACES if path[-1].isdigit()]
KEYS = [
    "code",
    "start",
    "end",
    "from",
    "to",
    "suggestions",
    "about",
    "text",
    "given",
    "transcript",
    "wanted",
    "read",
    "seen",
    "language",
    "precision",
]
SAID = ["accept", "reject", "change", "remove", "good", "recode", "span"]
ABOUT = ["coding/1", "turn/1/2", "turn/" + "9" * 30 + "/1", "code/makt", "project", "///"]


def test_whatever_is_sent_is_answered_in_words(client: FlaskClient, project: Project) -> None:
    chance = random.Random(5)
    project.coder("Kari")
    answered = set()
    for _try in range(1500):
        body: object = {key: chance.choice(ODD) for key in chance.sample(KEYS, chance.randint(0, 6))}
        if isinstance(body, dict) and chance.random() < 0.8:
            body |= {"said": chance.choice(SAID), "about": chance.choice(ABOUT)}
        if chance.random() < 0.05:
            body = chance.choice(ODD)
        path = chance.choice(PLACES)
        answer = client.post(
            f"/{TOKEN}/{path}",
            base_url=f"http://{HOST}",
            data=json.dumps(body),
            content_type="application/json",
            headers=ORIGIN,
        )
        answered.add(answer.status_code)
        assert answer.status_code in (200, 400, 403, 404, 409), (path, body)
    assert {200, 400, 409} <= answered
    with project.database.reading() as connection:
        assert replayed(connection) == facts(connection)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "interview/1",
        "list",
        "missed",
        "compare/2",
        "news",
        "next",
        "span/1/1",
        "same/1",
        "turn/1/1",
        "turn/1/" + "9" * 30,
        "same/" + "9" * 30,
    ],
)
def test_whatever_is_asked_is_answered_in_words(client: FlaskClient, project: Project, path: str) -> None:
    project.coder("Kari")
    huge = "9" * 30
    for query in (
        "page=-1",
        f"page={huge}",
        f"turn={huge}",
        "turn=-5",
        "least=nan",
        "least=1e999",
        "most=-1&least=%00",
        "code=%00&speaker=%ED%A0%80",
        f"round={huge}&decision={huge}",
        f"json=1&transcript={huge}&number=1",
        f"start={huge}&end=1&step=wider",
        "start=-5&end=3&step=narrower",
    ):
        status, _text = get(client, f"{path}?{query}")
        assert status in (200, 302, 400, 404, 409), query
