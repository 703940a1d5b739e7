"""Search and memos in a real browser: coded and undone by mouse and by keys; no memo is written over another window's."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from autokode.project import Project, Reviewer
from autokode.project.store.integrity import check
from browser_case import accessible, arrived
from review_case import Address, window


@pytest.fixture
def opened(browser: Browser, address: Address) -> Iterator[Page]:
    """Anne's window at search."""
    page = window(browser, address, viewport={"width": 1000, "height": 700})
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(f"{address}search")
    yield page
    page.context.close()
    assert wrong == []


def made(project: Project) -> int:
    return sum(coding.code == "makt" for coding in project.codings("Anne"))


def test_what_is_found_is_coded_by_mouse_and_undone(opened: Page, project: Project) -> None:
    before = made(project)
    opened.locator("#search-text").fill("jobb ELLER snakke")
    opened.get_by_role("button", name="Søk", exact=True).click()
    expect(opened.locator(".hit mark").first).to_be_visible()
    assert "jobb" not in opened.url
    expect(opened.locator("#search-code")).to_be_disabled()
    opened.locator("[data-tick=all]").click()
    opened.locator("[data-tick=none]").click()
    expect(opened.locator("#search-code")).to_be_disabled()
    for box in opened.locator(".hit:not(:has(.chip:has-text('makt'))) > input").all()[:2]:
        box.check()
    expect(opened.locator("#search-ticked")).to_have_text("2 avkrysset")
    opened.locator("#search-code").click()
    opened.locator("#choose-list li[data-code=makt]").click()
    expect(opened.locator("#coding-says")).to_contain_text("2 steder blir kodet")
    accessible(opened, opened.locator("#coding"))
    assert made(project) == before
    opened.locator("#coding-do").click()
    expect(opened.locator("#said")).to_contain_text("Kodet med «makt»")
    assert made(project) == before + 2
    expect(opened.locator(".hit .chip", has_text="makt").first).to_be_visible()
    opened.locator("[data-do=undo]").click()
    expect(opened.locator("#said")).to_contain_text("Angret")
    assert made(project) == before
    assert check(project.folder) == []


def test_answers_are_ticked_and_questions_only_where_nothing_else_was_found(opened: Page) -> None:
    opened.locator("#search-text").fill("jobb")
    opened.get_by_role("button", name="Søk", exact=True).click()
    expect(opened.locator(".hit.asks").first).to_be_visible()
    opened.get_by_role("button", name="Kryss av alle svar").click()
    assert opened.locator(".hit.asks > input:checked").count() == 0
    assert opened.locator(".hit:not(.asks) > input:not(:checked)").count() == 0
    opened.get_by_text("Bare i …").click()
    opened.get_by_label("Hvem").select_option("questions")
    opened.get_by_role("button", name="Søk", exact=True).click()
    expect(opened.locator(".hit:not(.asks)")).to_have_count(0)
    opened.get_by_role("button", name="Kryss av alle").click()
    assert opened.locator(".hit > input:not(:checked)").count() == 0


def test_what_is_found_is_coded_by_keys_alone(opened: Page, project: Project) -> None:
    before = made(project)
    expect(opened.locator("#search-text")).to_be_focused()
    opened.keyboard.type("snakke")
    opened.keyboard.press("Enter")
    arrived(opened, opened.locator(".hit").first)
    opened.locator("[data-tick=all]").focus()
    for key in ("Enter", "Tab", "Tab"):
        opened.keyboard.press(key)
    expect(opened.locator("#search-unit")).to_be_focused()
    opened.keyboard.press("s")  # the sentences with a hit
    opened.keyboard.press("Tab")
    opened.keyboard.press("Enter")
    expect(opened.locator("#choose-text")).to_be_focused()
    opened.keyboard.type("makt")
    opened.keyboard.press("Enter")
    expect(opened.locator("#coding-do")).to_be_focused()
    opened.keyboard.press("Enter")
    expect(opened.locator("#said")).to_contain_text("Kodet med «makt»")
    assert made(project) > before
    opened.locator("h1").click()
    opened.keyboard.press("z")
    expect(opened.locator("#said")).to_contain_text("Angret")
    assert made(project) == before


def test_two_windows_and_what_was_looked_at_is_what_is_coded(opened: Page, project: Project) -> None:
    opened.locator("#search-text").fill("snakke")
    opened.keyboard.press("Enter")
    box = opened.locator(".hit:not(:has(.chip)) > input, .hit > input").first
    box.check()
    transcript, number = map(int, (box.get_attribute("data-place") or "").split("-"))
    opened.locator("#search-code").click()
    opened.locator("#choose-list li[data-code=stedet]").or_(
        opened.locator("#choose-list li[data-code]").last
    ).first.click()
    expect(opened.locator("#coding-do")).to_be_focused()
    code = opened.locator("#coding-code").inner_text().strip("«»")
    name = next(source.name for source in project.sources if source.id == transcript)
    one = project.transcript(name).utterances[number]
    Reviewer(project, project.coder("Anne").id).code(transcript, one.start, one.end, code)
    count = len(project.codings("Anne"))
    opened.locator("#coding-do").click()
    expect(opened.locator("#wrong")).to_contain_text("ingenting er kodet")
    assert len(project.codings("Anne")) == count


def test_memos_are_written_and_found_and_not_over_those_of_another_window(
    opened: Page, address: Address, project: Project
) -> None:
    opened.goto(f"{address}memos")
    opened.get_by_role("button", name="Om prosjektet").click()
    opened.keyboard.type("Jeg stolte ikke på opptaket.")
    opened.keyboard.press("Control+Enter")
    expect(opened.locator(".memo .said")).to_have_text("Jeg stolte ikke på opptaket.")
    opened.locator("[data-write-on]").first.select_option(label="makt")
    opened.keyboard.type("Hva er makt?")
    opened.keyboard.press("Control+Enter")
    expect(opened.locator(".memo .said")).to_have_count(2)
    Reviewer(project, project.coder("Anne").id).memo("code/makt", "Fra et annet vindu.")
    opened.get_by_role("button", name="Rediger: Koden «makt»").click()
    opened.locator("#memo-text").fill("Mitt.")
    opened.keyboard.press("Control+Enter")
    expect(opened.locator("#memo-other-text")).to_have_text("Fra et annet vindu.")
    opened.keyboard.press("Control+Enter")  # having seen both
    expect(opened.locator(".memo .said").last).to_have_text("Mitt.")
    opened.locator("#memos-text").fill("stole")
    opened.keyboard.press("Enter")
    expect(opened.locator(".memo")).to_have_count(1)
    with opened.expect_download() as download:
        opened.get_by_role("link", name="Word").click()
    assert download.value.suggested_filename == "notater.docx"


def test_what_is_made_is_in_sight_of_the_button_that_makes_it(opened: Page, address: Address) -> None:
    opened.goto(f"{address}report")
    opened.get_by_text("Flere valg").click()
    opened.get_by_text("Siter dem likevel").click()
    opened.get_by_role("button", name="Lag filen").scroll_into_view_if_needed()
    opened.get_by_role("button", name="Lag filen").click()
    expect(opened.locator("#made .panel").first).to_be_in_viewport(ratio=0.1)
