"""«Mine prosjekter» in a real browser: from nothing to a new project by keys alone, and back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from autokode.project import Project
from browser_case import accessible, arrived
from review_case import window
from start_case import empty_project, environment, started


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home directory with two folders, one of them with a project that Anne coded in."""
    (tmp_path / "Dokumenter").mkdir()
    (tmp_path / "studier").mkdir()
    empty_project(tmp_path / "studier" / "skole", coder="Anne")
    return tmp_path


@pytest.fixture
def page(browser: Browser, home: Path) -> Iterator[Page]:
    """A window of Kari's that was let in by the file; nothing goes wrong in it."""
    assert environment(home)["HOME"] == str(home)
    with started(home) as (address, _process):
        opened = window(browser, address, viewport={"width": 1000, "height": 700})
        wrong: list[str] = []
        opened.on("pageerror", lambda error: wrong.append(str(error)))
        opened.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        opened.goto(address)
        yield opened
        opened.context.close()
        assert [text for text in wrong if "409" not in text and "404" not in text] == []


def press_on(page: Page, name: str, role: str = "button") -> None:
    """Go to an element by the Tab key alone, and press Enter."""
    wanted = page.get_by_role(role, name=name, exact=True).first  # type: ignore[arg-type]
    arrived(page, wanted)
    for _ in range(40):
        if wanted.evaluate("element => element === document.activeElement"):
            page.keyboard.press("Enter")
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key does not come to «{name}»")


def test_from_an_empty_page_to_a_new_project_by_keys_alone(page: Page, home: Path) -> None:
    expect(page.get_by_label("Hva heter du?")).to_be_focused()
    page.keyboard.type("Kari Bø")  # over what the page suggests
    page.keyboard.press("Enter")
    press_on(page, "Nytt prosjekt", "link")
    expect(page.get_by_label("Navn", exact=True)).to_be_focused()
    page.keyboard.type("Min studie")
    expect(page.locator(".becomes")).to_have_text("~/Dokumenter/Min studie")
    expect(page.locator(".trail b")).to_have_text("Dokumenter")
    press_on(page, "Hjemmemappen")
    press_on(page, "studier")
    expect(page.locator(".trail b")).to_be_focused()
    expect(page.locator(".becomes")).to_have_text("~/studier/Min studie")
    press_on(page, "Lag prosjektet")
    expect(page.locator("h1")).to_have_text("Oversikt")
    expect(page.locator("header")).to_contain_text("Min studie")
    assert Project.open(home / "studier" / "Min studie").codebook.codes == ()
    page.reload()
    expect(page.locator("h1")).to_have_text("Oversikt")
    press_on(page, "Mine prosjekter", "link")
    expect(page.locator(".known")).to_contain_text("Kari Bø")
    press_on(page, "Åpne Min studie")
    expect(page.locator("header")).to_contain_text("Min studie")


def test_a_project_is_found_among_the_folders_and_somebody_says_who_they_are(page: Page) -> None:
    expect(page.get_by_label("Hva heter du?")).to_be_visible()
    page.get_by_role("button", name="Fortsett").click()
    expect(page.locator(".ways")).to_be_visible()
    page.get_by_role("link", name="Åpne et prosjekt").click()
    page.get_by_role("button", name="studier").click()
    expect(page.get_by_text("prosjekt – åpne")).to_be_visible()
    page.get_by_role("button", name="skole").click()
    expect(page.get_by_role("heading", name="Hvem koder i skole?")).to_be_visible()
    page.get_by_role("button", name="Anne").click()
    expect(page.locator("header")).to_contain_text("skole")
    page.get_by_role("link", name="Mine prosjekter").click()
    expect(page.locator(".known")).to_be_visible()
    page.get_by_role("button", name="skole", exact=True).click()
    expect(page.locator("header")).to_contain_text("skole")
    closed = page.url
    page.get_by_role("link", name="Mine prosjekter").click()
    page.get_by_role("button", name="Lukk skole").click()
    page.get_by_role("button", name="Ja").click()
    expect(page.locator(".chip")).to_have_count(0)
    page.goto(closed)
    accessible(page, page.get_by_role("heading", name="Denne siden er lukket"))
    page.get_by_role("link", name="Mine prosjekter").click()
    page.get_by_role("button", name="Ta skole av listen").click()
    expect(page.locator(".empty")).to_be_visible()
    page.get_by_role("link", name="Nytt prosjekt").click()
    page.get_by_label("Navn", exact=True).fill("a/b")
    page.get_by_role("button", name="Lag prosjektet").click()
    expect(page.locator("#wrong")).to_contain_text("kan ikke ha /")


def test_who_closes_a_project_for_good_comes_back_to_a_list_without_it(page: Page, home: Path) -> None:
    page.get_by_role("button", name="Fortsett").click()
    page.get_by_role("link", name="Åpne et prosjekt").click()
    page.get_by_role("button", name="studier").click()
    page.get_by_role("button", name="skole").click()
    page.get_by_role("button", name="Anne").click()
    expect(page.locator("header .project")).to_have_text("skole")
    page.get_by_text("Meny", exact=True).click()
    page.get_by_role("link", name="Intervjuer", exact=True).click()
    page.get_by_role("link", name="Avslutt prosjektet …").click()
    page.get_by_label("Skriv navnet").fill("skole")
    page.get_by_role("button", name="Avslutt for godt …").click()
    page.get_by_role("button", name="Ja, gjør det").click()
    expect(page.locator("h1")).to_have_text("Prosjektet er avsluttet")
    expect(page.get_by_role("button")).to_have_count(0)  # nothing is left to be done to it
    assert not (home / "studier" / "skole" / "autokode.db").exists()
    page.get_by_role("main").get_by_role("link", name="Til Mine prosjekter").click()
    expect(page.locator("h1")).to_have_text("Mine prosjekter")
    expect(page.locator(".empty")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("skole")
