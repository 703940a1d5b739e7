"""«Hva mangler?» from the first day: what is not read, which codes were not used, and answers drawn by chance to read."""

import re
from pathlib import Path

from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from autokode import Codebook
from autokode.corpus.readers import Source
from autokode.corpus.transcript import from_source
from autokode.project import Coder, Project
from autokode.project.store.coders import NEWCOMER
from autokode.review.session import Session
from review_case import HOST, TOKEN, Address, client_of, get, post

SAID = "".join(f"I: Og så?\nKari: Vi gjorde det {number} ganger.\n" for number in range(20))


def begun(tmp_path: Path, coder: Coder | None = None) -> tuple[FlaskClient, Project]:
    project = Project.create(tmp_path / "p", Codebook.from_yaml("koder:\n  - navn: makt\n  - navn: språk\n"))
    project.add(from_source(Source(SAID), "tur"))
    return client_of(Session(project, coder or project.coder("Anne"))), project


def led_to(client: FlaskClient, path: str) -> tuple[int, int]:
    answer = client.get(f"/{TOKEN}/{path}", buffered=True, base_url=f"http://{HOST}")
    found = re.search(r"/interview/(\d+)\?turn=(\d+)$", answer.headers["Location"])
    assert found
    return int(found[1]), int(found[2])


def test_it_says_something_before_anything_is_read(tmp_path: Path) -> None:
    client, _project = begun(tmp_path)
    page = get(client, "missed")[1]
    assert "<small>20 svar</small>" in page
    assert re.search(r"Koder du ikke har brukt <small>2</small>", page)
    assert "Les et tilfeldig svar" in page
    assert "Overslaget kommer når du har lest et tilfeldig svar" in get(client, "missed/found")[1]


def test_random_answers_are_read_one_after_the_other_and_give_an_estimate(tmp_path: Path) -> None:
    client, project = begun(tmp_path)
    post(client, "setting", {"order": "chance"})
    place = led_to(client, "missed/next")
    assert led_to(client, "missed/next") == place  # until it is read
    assert "trukket tilfeldig" in get(client, f"turn/{place[0]}/{place[1]}")[1]
    seen = []
    for step in range(5):
        seen.append(place)
        utterance = project.transcript("tur").utterances[place[1]]
        if step < 2:
            post(client, "code/1", {"code": "makt", "start": utterance.start, "end": utterance.end})
        post(client, f"read/{place[0]}/{place[1]}", {})
        place = led_to(client, "next")
    assert len(set(seen)) == 5 and seen != sorted(seen)
    assert re.search(r"Koder du ikke har brukt <small>1</small>", get(client, "missed")[1])
    page = get(client, "missed/found")[1]
    assert "Tilfeldige svar lest så langt: 5." in page
    assert re.search(r">makt</a></th><td class=\"number\">2</td>.*?2 av 5", page)
    assert "Overslaget er andelen du fant" in page


def test_who_has_stored_nothing_is_led_to_an_answer_and_stays_unknown(tmp_path: Path) -> None:
    client, project = begun(tmp_path, Coder(NEWCOMER, "Ola", blind=False))
    assert led_to(client, "missed/next")[1] in project.transcript("tur").answers
    assert not project.coders


def test_when_all_is_read_it_leads_nowhere_else(tmp_path: Path) -> None:
    client, project = begun(tmp_path)
    for number in project.transcript("tur").answers:
        post(client, f"read/1/{number}", {})
    answer = client.get(f"/{TOKEN}/missed/next", buffered=True, base_url=f"http://{HOST}")
    assert answer.headers["Location"].endswith("/missed")
    assert "Alle svar er lest." in get(client, "missed")[1]


def test_without_interviews_it_says_so(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "p", Codebook.from_yaml("koder:\n  - navn: makt\n"))
    assert "Ingen svar å lese ennå." in get(client_of(Session(project, project.coder("Anne"))), "missed")[1]


def test_what_is_counted_is_said_in_the_singular_and_the_plural(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "p", Codebook.from_yaml("koder:\n  - navn: makt\n"))
    project.add(from_source(Source("I: Hva?\nKari: Vi gikk.\n"), "tur"))
    client = client_of(Session(project, project.coder("Anne")))
    utterance = project.transcript("tur").utterances[1]
    post(client, "code/1", {"code": "makt", "start": utterance.start, "end": utterance.end})
    page = get(client, "")[1]
    assert "av 1 svar" in page and "<b>1</b> koding<" in page and "<b>0</b> forslag igjen" in page
    post(client, "setting", {"language": "en"})
    page = get(client, "")[1]
    assert "of 1 answer<" in page and "<b>1</b> coding<" in page and "<b>0</b> suggestions left" in page


def test_what_takes_a_while_comes_after_the_page(page: Page, address: Address) -> None:
    page.goto(address + "missed")
    expect(page.get_by_role("heading", name="Nesten like, kodet ulikt")).to_be_visible()
    expect(page.get_by_text("Regner ut")).to_have_count(0)
