"""The addresses that only show: what stands on the page, in which language, and what a filter lets through."""

import html
import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from autokode import Codebook
from autokode.corpus.codebook import Code
from autokode.corpus.transcript import read_transcript
from autokode.project import Project
from autokode.project.store.foreign_data import made, take_notes
from autokode.project.store.reviewing import Reviewer
from autokode.project.store.round_rows import round_shown
from autokode.project.views.utterance_view import UtteranceView
from autokode.review.session import Session
from project_case import small
from review_case import HOST, OPEN, TOKEN, client_of, get, post, suggest_by_hand


def test_a_transcript_and_a_codebook_cannot_speak_html(tmp_path: Path) -> None:
    nasty = "<script>alert('hei')</script> & \"anførsel\" 'enkel' <img src=x onerror=alert(1)> {{ 7 * 7 }}"
    file = tmp_path / "o'brien & <b>sønn.txt"
    file.write_text(f"I: {nasty}?\nKari: {nasty}\n" * 3, encoding="utf-8")
    codebook = Codebook("", (Code("a \"sitat\" <i>og</i> 'fnutt'", definition=nasty),))
    project = Project.create(tmp_path / "prosjekt", codebook)
    project.add(read_transcript(file), office="<u>A</u>", file=file)
    session = Session(project, project.coder("<s>Kari</s>"))
    client = client_of(session)
    name = codebook.codable[0]
    utterance = project.transcript(project.sources[0].name).utterances[1]
    status, answer = post(client, "code/1", {"code": name, "start": utterance.start, "end": utterance.end})
    assert status == 200
    post(client, "memo", {"about": "turn/1/1", "text": nasty})
    pages = [get(client, path)[1] for path in ("", "interview/1", "list", "missed")] + [str(answer["turns"])]
    for page in pages:
        assert not re.search(r"<(?:script>|img|i>og|u>|s>|b>sønn)", page)
    assert html.escape(nasty, quote=True).replace("&#x27;", "&#39;").replace("&quot;", "&#34;") in pages[1]


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
    post(client, "setting", {"order": "teaching"})
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
    client = client_of(Session(project, project.coder("Kari")))
    assert "endret på disk" not in get(client, "")[1]
    file.write_text("Kari: Noe annet.\n", encoding="utf-8")
    assert "endret på disk" in get(client, "")[1]
    file.unlink()
    assert "filen er borte" in get(client, "")[1]


def test_a_card_says_that_only_the_codebook_speaks_for_it(tmp_path: Path) -> None:
    project = small(tmp_path / "p")
    client = client_of(Session(project, project.coder("Anne")))
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
    client = client_of(Session(project, project.coder("Anne")))
    assert "bare ut fra kodeboken" not in get(client, "")[1]


HUGE = "9" * 30
QUERIES = (
    "page=-1",
    f"page={HUGE}",
    f"turn={HUGE}",
    "turn=-5",
    "least=nan",
    "least=1e999",
    "most=-1&least=%00",
    "code=%00&speaker=%ED%A0%80",
    f"round={HUGE}&decision={HUGE}",
    f"json=1&transcript={HUGE}&number=1",
    f"start={HUGE}&end=1&step=wider",
    "start=-5&end=3&step=narrower",
)


@pytest.mark.parametrize(
    ("path", "status", "others"),
    [
        ("", 200, {}),
        ("interview/1", 200, {}),
        ("list", 200, {f"page={HUGE}": 400}),
        ("missed", 200, {}),
        ("compare/2", 200, {}),
        ("news", 200, {}),
        ("next", 302, {f"json=1&transcript={HUGE}&number=1": 200}),
        ("span/1/1", 404, {f"start={HUGE}&end=1&step=wider": 200, "start=-5&end=3&step=narrower": 200}),
        ("same/1", 200, {}),
        ("turn/1/1", 200, {}),
        (f"turn/1/{HUGE}", 400, {}),
        (f"same/{HUGE}", 400, {}),
    ],
)
def test_whatever_is_asked_is_answered_in_words(
    client: FlaskClient, project: Project, path: str, status: int, others: dict[str, int]
) -> None:
    project.coder("Kari")
    found = {query: get(client, f"{path}?{query}")[0] for query in QUERIES}
    assert found == {query: others.get(query, status) for query in QUERIES}


def test_what_others_wrote_about_a_coding_stands_under_it(tmp_path: Path) -> None:
    project = small(tmp_path / "p")
    anne, ola = project.coder("Anne"), project.coder("Ola")
    Reviewer(project, anne.id).code(1, 0, 6, "makt")
    (coding,) = made(project)
    Reviewer(project, anne.id).memo(f"coding/{coding.id}", "mitt eget")
    take_notes(project, "Ola", {f"coding/{coding.id}": "Er dette makt?"})
    page = get(client_of(Session(project, anne)), "interview/1")[1]
    assert '<p class="note">mitt eget</p>' in page and '<p class="note"><b>Ola:</b> Er dette makt?</p>' in page
    assert 'data-memo="mitt eget"' in page
    blind = project.coder("Anne", blind=True)
    assert "Er dette makt?" not in get(client_of(Session(project, blind)), "interview/1")[1]
    assert "mitt eget" not in get(client_of(Session(project, ola)), "interview/1")[1]


def test_the_page_is_in_nynorsk_where_a_coder_wants_it(client: FlaskClient) -> None:
    assert post(client, "setting", {"language": "nn"})[0] == 200
    page = get(client, "missed")[1]
    assert '<html lang="nn"' in page
    assert "Kva manglar?" in page
    assert "Hva mangler?" not in page
    assert "Innstillingar" in get(client, "settings")[1]


def test_a_page_never_says_it_is_newer_than_what_it_shows(
    client: FlaskClient, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page with an older number asks for what it lacks; with a newer one it would wait in vain."""
    source, before = project.source(OPEN), round_shown(project, project.coder("Anne"))
    assert before is not None

    def read_then_learn(own: Session, *args: Any, **options: Any) -> list[UtteranceView]:
        found = turns(own, *args, **options)
        suggest_by_hand(project)
        return found

    turns = Session.turns
    monkeypatch.setattr(Session, "turns", read_then_learn)
    _status, page = get(client, f"interview/{source.id}")
    assert f'data-round="{before.id}"' in page
    after = round_shown(project, project.coder("Anne"))
    assert after is not None and after.id > before.id
