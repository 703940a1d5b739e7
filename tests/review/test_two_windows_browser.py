"""Two windows on one project in a real browser: what one has decided, the other never overwrites without having seen it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from autokode.project import Project
from autokode.project.store.transcript_correction import correct_text, split_turn
from browser_case import arrived
from names_case import put_list
from review_case import Address, window

CODED = 'transcript,start,end,quote,code,coder,time\nkontor_c,{start},{end},"{quote}",makt,Anne,2026-11-22\n'


@pytest.fixture
def windows(browser: Browser, address: Address) -> Iterator[tuple[Page, Page]]:
    """Two windows of one browser."""
    one = window(browser, address, viewport={"width": 1100, "height": 800})
    two = one.context.new_page()
    wrong: list[str] = []
    for page in (one, two):
        page.on("pageerror", lambda error: wrong.append(str(error)))
    yield one, two
    one.context.close()
    assert wrong == []


def opened(windows: tuple[Page, Page], where: str) -> tuple[Page, Page]:
    """Both windows at an address."""
    for page in windows:
        page.goto(where)
    return windows


def at_code(windows: tuple[Page, Page], address: Address, code: str) -> tuple[Page, Page]:
    """Both windows at a code of the codebook."""
    for page in opened(windows, f"{address}codebook"):
        page.locator(f"[role=treeitem][data-code={code}] a").click()
        arrived(page, page.get_by_role("heading", name=code, exact=False))
        expect(page.locator("#texts-of-code")).to_be_visible()
    return windows


def test_a_code_changed_in_another_window_is_seen_before_it_is_changed(
    windows: tuple[Page, Page], address: Address, project: Project
) -> None:
    one, two = at_code(windows, address, "makt")
    one.get_by_label("Definisjon").fill("Den ene.")
    two.get_by_label("Definisjon").fill("Den andre.")
    one.locator("#texts-of-code").get_by_role("button", name="Lagre").click()
    expect(one.locator("#said")).to_contain_text("Lagret")
    two.locator("#texts-of-code").get_by_role("button", name="Lagre").click()
    expect(two.locator("#wrong")).to_contain_text("endret i et annet vindu")
    expect(two.get_by_label("Definisjon")).to_have_value("Den andre.")  # what she wrote is there still
    assert project.codebook["makt"].definition == "Den ene."
    two.once("dialog", lambda dialog: dialog.accept())  # the browser asks, since something is not stored
    two.reload()
    expect(two.get_by_label("Definisjon")).to_have_value("Den ene.")
    two.get_by_label("Definisjon").fill("Begge.")
    two.locator("#texts-of-code").get_by_role("button", name="Lagre").click()
    expect(two.locator("#said")).to_contain_text("Lagret")
    assert project.codebook["makt"].definition == "Begge."


def test_a_code_deleted_in_another_window_takes_no_codings(
    windows: tuple[Page, Page], address: Address, project: Project
) -> None:
    one, two = at_code(windows, address, "makt")
    given = len(project.codings("Anne"))
    one.locator("form[data-send='codebook/delete'] select").select_option("")
    one.get_by_role("button", name="Slett").click()
    one.get_by_role("button", name="Ja, gjør det").click()
    expect(one.locator("#said")).to_contain_text("Slettet")
    left = len(project.codings("Anne"))
    assert left < given
    two.get_by_role("button", name="Slå sammen", exact=True).click()
    two.get_by_role("button", name="Ja, gjør det").click()
    expect(two.locator("#wrong")).to_contain_text("endret i et annet vindu")
    assert len(project.codings("Anne")) == left
    one.keyboard.press("z")
    expect(one.locator("[role=treeitem][data-code=makt]")).to_be_visible()
    assert len(project.codings("Anne")) == given


def test_an_interview_is_not_named_over_another_windows_name(
    windows: tuple[Page, Page], address: Address, project: Project
) -> None:
    source = project.source("kontor_b")
    one, two = opened(windows, f"{address}interviews/{source.id}")
    for page, name in ((one, "Første"), (two, "Andre")):
        page.locator("form[data-send$=name] input[name=name]").fill(name)
    one.get_by_role("button", name="Gi nytt navn").click()
    arrived(one, one.get_by_role("heading", name="Første"))
    two.get_by_role("button", name="Gi nytt navn").click()
    expect(two.locator("#wrong")).to_contain_text("endret i et annet vindu")
    assert {one.id: one.name for one in project.sources}[source.id] == "Første"


def test_a_name_decided_in_another_window_is_not_decided_again(
    windows: tuple[Page, Page], address: Address, project: Project
) -> None:
    put_list(project)
    one, two = opened(windows, f"{address}names")
    for page in windows:
        page.locator("#name-table tr[tabindex='0']").focus()
    one.keyboard.press("k")
    expect(one.locator("#name-table tbody.keeps")).to_have_count(1)
    two.keyboard.press("k")
    expect(two.locator("#wrong")).not_to_be_empty()
    expect(two.locator("#name-table tbody.keeps")).to_have_count(0)
    two.reload()
    expect(two.locator("#name-table tbody.keeps")).to_have_count(1)


def test_an_import_looked_at_in_two_windows_is_taken_in_once(
    windows: tuple[Page, Page], address: Address, project: Project
) -> None:
    transcript = project.transcript("kontor_c")
    answer = transcript.utterances[transcript.answers[1]]
    one, two = opened(windows, f"{address}import")
    content = CODED.format(start=answer.start, end=answer.end, quote=answer.text.replace('"', '""')).encode()
    one.set_input_files("#file", {"name": "kodet.csv", "mimeType": "text/csv", "buffer": content})
    expect(one.locator("#made")).to_contain_text("Dette vil skje")
    two.reload()
    expect(two.locator("#made")).to_contain_text("Dette vil skje")
    before = len(project.codings())
    one.get_by_role("button", name="Ta inn").click()
    expect(one.locator("#made")).to_contain_text("Tatt inn")
    assert len(project.codings()) == before + 1
    two.get_by_role("button", name="Ta inn").click()
    expect(two.locator("#wrong")).to_contain_text("i et annet vindu")
    assert len(project.codings()) == before + 1
    two.reload()
    expect(two.locator("#made")).to_contain_text("Tatt inn")


def test_what_is_given_in_a_text_that_was_corrected_is_refused_and_nothing_is_lost(
    windows: tuple[Page, Page], address: Address, project: Project
) -> None:
    source, transcript = project.source("kontor_c"), project.transcript("kontor_c")
    at, later = transcript.answers[0], transcript.answers[1]
    one, _two = windows
    one.goto(f"{address}interview/{source.id}?turn={later}")
    one.locator(f"#t{later}").focus()
    one.keyboard.press("m")
    one.locator("#memo-text").fill("Om dette svaret.")
    words = transcript.utterances[at].text
    split_turn(project, project.coder("Berit"), source.id, at, words.index(" ") + 1, saw=words)  # in another program
    one.locator("#memo").get_by_role("button", name="Lagre").click()
    expect(one.locator("#memo-wrong")).to_contain_text("rettet siden du åpnet det")
    expect(one.locator("#memo-text")).to_have_value("Om dette svaret.")
    one.locator("#memo").get_by_role("button", name="Lukk").click()
    before = len(project.decisions())
    one.locator(f"#t{later}").focus()
    one.keyboard.press("l")
    one.keyboard.type("tillit")
    one.keyboard.press("Enter")
    expect(one.locator("#wrong")).to_contain_text("teksten i intervjuet er rettet")
    assert len(project.decisions()) == before
    one.get_by_role("button", name="Vis den nye teksten").click()
    expect(one.locator(f"#t{later + 1} .text")).to_have_text(transcript.utterances[later].text)
    expect(one.locator("#wrong")).to_contain_text("Om dette svaret.")  # still at hand, and its place is another by now
    one.locator(f"#t{later + 1}").focus()
    one.keyboard.press("l")
    one.keyboard.type("tillit")
    one.keyboard.press("Enter")
    expect(one.locator(f"#t{later + 1} .coding")).to_have_count(1)


def test_a_page_hears_that_its_text_was_corrected(
    windows: tuple[Page, Page], address: Address, project: Project
) -> None:
    source, transcript = project.source("kontor_c"), project.transcript("kontor_c")
    one, _two = windows
    one.goto(f"{address}interview/{source.id}")
    at = transcript.answers[0]
    words = transcript.utterances[at].text
    correct_text(project, project.coder("Berit"), source.id, at, f"Altså, {words}", saw=words)
    expect(one.locator("#news")).to_contain_text("Teksten i intervjuet er rettet")
    expect(one.locator(f"#t{at} .text")).to_have_text(words)  # nothing moves before somebody asks for it
    one.keyboard.press("r")
    expect(one.locator(f"#t{at} .text")).to_have_text(f"Altså, {words}")
    expect(one.locator("#news")).to_be_empty()
