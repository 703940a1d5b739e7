"""Correcting an interview on its page: one decision each, what cannot follow is told before, and nobody's codings move."""

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect

from autokode.project import Project, Reviewer
from autokode.project.store.integrity import check
from autokode.project.store.text_marks import text_mark_of
from autokode.review.session import Session
from review_case import OPEN, Address, client_of, everything, get, post, window


def sent(client: FlaskClient, project: Project, at: int, **body: object) -> tuple[int, dict[str, object]]:
    number = project.source(OPEN).id
    return post(client, f"correct/{number}/{at}", {"text_mark": text_mark_of(project, number), **body})


def quotes(project: Project, coder: str = "Berit") -> list[str]:
    return sorted(one.segment.quote for one in project.codings(coder) if one.segment.transcript == OPEN)


def coded(project: Project, at: int, words: str, coder: str = "Berit") -> None:
    one = project.transcript(OPEN).utterances[at]
    start = one.start + one.text.index(words)
    Reviewer(project, project.coder(coder).id).code(project.source(OPEN).id, start, start + len(words), "makt")


def test_words_and_speaker_are_one_decision(client: FlaskClient, project: Project) -> None:
    transcript = project.transcript(OPEN)
    at, later = transcript.answers[0], transcript.answers[1]
    one = transcript.utterances[at]
    _first, *rest = one.text.split(" ")
    coded(project, at, " ".join(rest[:3]))
    coded(project, later, transcript.utterances[later].text)
    was, decisions = quotes(project), len(project.decisions())
    words = f"Altså, {one.text}"
    status, answer = sent(client, project, at, do="turn", words=words, speaker="Nils Ås", everywhere=True)
    assert (status, answer["message"]) == (200, "Rettet. Angre: z")
    now = project.transcript(OPEN)
    assert (now.utterances[at].text, now.utterances[at].speaker) == (words, "Nils Ås")
    assert one.speaker not in now.speakers
    assert quotes(project) == was
    assert len(project.decisions()) == decisions + 1
    assert check(project.folder) == []
    assert post(client, "undo", {})[0] == 200
    assert project.transcript(OPEN).text == transcript.text
    assert project.transcript(OPEN).utterances == transcript.utterances
    assert post(client, "redo", {})[0] == 200
    assert project.transcript(OPEN).text == now.text
    assert quotes(project) == was


def test_what_cannot_follow_is_told_before_anything_is_stored(client: FlaskClient, project: Project) -> None:
    at = project.transcript(OPEN).answers[0]
    text = project.transcript(OPEN).utterances[at].text
    gone, *rest = text.split(" ")
    coded(project, at, gone)
    before = everything(project)
    body = {"do": "turn", "words": " ".join(rest), "speaker": project.transcript(OPEN).utterances[at].speaker}
    status, answer = sent(client, project, at, **body)
    assert (status, answer["left"]) == (200, [f"makt (Berit): «{gone}»"])
    assert everything(project) == before
    coded(project, at, rest[0])  # somebody codes meanwhile: the same is lost, and more moves
    assert sent(client, project, at, **body, follows=answer["follows"])[1]["left"] == [f"makt (Berit): «{gone}»"]
    again = sent(client, project, at, **body)[1]
    status, answer = sent(client, project, at, **body, follows=again["follows"])
    assert status == 200 and "left" not in answer
    assert quotes(project) == [rest[0]]
    post(client, "undo", {})
    assert quotes(project) == sorted([gone, rest[0]])


def test_who_codes_blind_is_told_nothing_of_others(project: Project) -> None:
    at = project.transcript(OPEN).answers[0]
    text = project.transcript(OPEN).utterances[at].text
    gone, *rest = text.split(" ")
    coded(project, at, gone)
    blind = project.coder("Cato", blind=True)
    speaker = project.transcript(OPEN).utterances[at].speaker
    body = {"do": "turn", "words": " ".join(rest), "speaker": speaker}
    status, answer = sent(client_of(Session(project, blind)), project, at, **body)
    assert (status, "makt" in str(answer), "Berit" in str(answer)) == (200, False, False)


def test_turns_are_split_by_their_words_and_joined(client: FlaskClient, project: Project) -> None:
    transcript = project.transcript(OPEN)
    at = next(number for number in transcript.answers if len(transcript.utterances[number].text.split()) > 5)
    one = transcript.utterances[at]
    half = len(one.text) // 2
    place = one.text.index(" ", half)
    coded(project, at, one.text[place - 4 : place + 4])
    was = quotes(project)
    before = "\n ".join(one.text[:place].split(" "))  # as a field may have other white space
    assert sent(client, project, at, do="split", before=before, speaker="Nils Ås")[0] == 200
    now = project.transcript(OPEN)
    assert [turn.text for turn in now.utterances[at : at + 2]] == [one.text[:place], one.text[place:].lstrip()]
    assert [turn.speaker for turn in now.utterances[at : at + 2]] == [one.speaker, "Nils Ås"]
    assert sent(client, project, at, do="join")[0] == 200
    assert project.transcript(OPEN).utterances[at].text == one.text
    assert quotes(project) == was
    assert check(project.folder) == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"do": "turn", "words": "", "speaker": "Kari"}, 409),
        ({"do": "turn", "words": 3, "speaker": "Kari"}, 400),
        ({"do": "split", "before": "noe helt annet"}, 409),
        ({"do": "split", "before": ""}, 409),
        ({"do": "hopp"}, 400),
        ({"do": "join", "text_mark": "en annen"}, 409),
        ({"do": "join", "text_mark": None}, 400),
        ({}, 400),
    ],
)
def test_what_makes_no_sense_changes_nothing(
    client: FlaskClient, project: Project, body: dict[str, object], status: int
) -> None:
    before, text = everything(project), project.transcript(OPEN).text
    at = project.transcript(OPEN).answers[0]
    assert sent(client, project, at, **body)[0] == status
    assert sent(client, project, 10**6, do="join")[0] == 409
    assert (everything(project), project.transcript(OPEN).text) == (before, text)


def test_the_text_as_it_was_taken_in_is_within_reach(client: FlaskClient, project: Project) -> None:
    number, at = project.source(OPEN).id, project.transcript(OPEN).answers[0]
    one = project.transcript(OPEN).utterances[at]
    assert f'href="/provesti/interviews/{number}/before"' in get(client, f"interview/{number}")[1]
    assert get(client, f"interviews/{number}/before")[0] == 302
    for words in ("Først rettet.", "Så rettet igjen."):
        assert sent(client, project, at, do="turn", words=words, speaker=one.speaker)[0] == 200
    answer = client.get(
        f"/provesti/interviews/{number}/before", base_url="http://127.0.0.1:8123", follow_redirects=True, buffered=True
    )
    assert one.text.split(" ")[0] in answer.get_data(as_text=True)
    assert "Først rettet" not in answer.get_data(as_text=True)


def test_by_keys_and_buttons_in_a_browser(page: Page, project: Project, browser: Browser, address: Address) -> None:
    transcript, number = project.transcript(OPEN), project.source(OPEN).id
    at = transcript.answers[0]
    one = transcript.utterances[at]
    other = window(browser, address)
    other.goto(f"{address}interview/{number}?turn={at}")
    page.locator(f"#t{at}").focus()
    page.keyboard.press("t")
    expect(page.locator("#correct-words")).to_have_value(one.text)
    page.locator("#correct-words").fill(f"Altså, {one.text}")
    page.keyboard.press("Escape")  # by mistake: what was typed is still there
    expect(page.locator("#wrong")).to_contain_text("Ikke lagret: rettelsen")
    page.get_by_role("button", name="Åpne").click()
    expect(page.locator("#correct-words")).to_have_value(f"Altså, {one.text}")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#correct")).not_to_be_visible()
    expect(page.locator(f"#t{at} .text")).to_have_text(f"Altså, {one.text}")
    expect(page.locator(f"#t{at}")).to_be_focused()
    expect(page.locator("#wrong p")).to_have_count(0)
    expect(other.locator("#news")).to_contain_text("Teksten i intervjuet er rettet")
    other.context.close()
    page.locator(f"#t{at} .mend").click()
    page.locator("#correct summary").click()
    page.locator("#correct-words").evaluate("(field) => field.setSelectionRange(7, 7)")
    page.get_by_role("button", name="Del ved markøren").click()
    expect(page.locator(f"#t{at} .text")).to_have_text("Altså,")
    expect(page.locator(f"#t{at + 1} .text")).to_have_text(one.text)
    page.keyboard.press("t")
    page.locator("#correct summary").click()
    page.get_by_role("button", name="Slå sammen med den neste").click()
    expect(page.locator(f"#t{at} .text")).to_have_text(f"Altså, {one.text}")
    page.keyboard.press("z")
    for text in ("Altså,", f"Altså, {one.text}", one.text):
        expect(page.locator(f"#t{at} .text")).to_have_text(text)
        if text != one.text:
            page.locator("[data-do=undo]").click()  # a click waits for the page's scripts, a key does not
    assert project.transcript(OPEN).utterances == transcript.utterances
    page.locator("[data-do=redo]").click()
    expect(page.locator(f"#t{at} .text")).to_have_text(f"Altså, {one.text}")


def test_what_cannot_follow_is_shown_in_the_dialog(page: Page, project: Project) -> None:
    at = project.transcript(OPEN).answers[0]
    text = project.transcript(OPEN).utterances[at].text
    gone, *rest = text.split(" ")
    coded(project, at, gone)
    page.locator(f"#t{at}").focus()
    page.keyboard.press("t")
    page.locator("#correct-words").fill(" ".join(rest))
    page.locator("#correct").get_by_role("button", name="Lagre").click()
    expect(page.locator("#correct-list")).to_contain_text(f"makt (Berit): «{gone}»")
    assert project.transcript(OPEN).utterances[at].text == text
    page.get_by_role("button", name="Rett likevel").click()
    expect(page.locator(f"#t{at} .text")).to_have_text(" ".join(rest))
    assert quotes(project) == []
