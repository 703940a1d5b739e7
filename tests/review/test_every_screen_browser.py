"""Every screen in a real browser, light and dark, wide and narrow, in each language; a new one fails until it is named here."""

import pprint
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from autokode.review.app import create_app
from autokode.review.door import Door
from autokode.review.session import Session
from autokode.review.start.app import create_start_app
from autokode.review.start.known_projects import KnownProjects
from autokode.review.start.life import Life
from autokode.review.start.open_projects import OpenProjects
from browser_case import accessible, fits
from review_case import PORT, window
from screens_case import NO_SCREENS, SCREENS, START_SCREENS, WORK_MS, exported, full_project, walk
from start_case import empty_project, started

SIZES = ((1280, 800), (800, 600), (380, 700))


def endpoints(app: Flask) -> set[str]:
    """What a browser can ask an app for."""
    return {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}


def test_every_address_is_a_screen_or_is_said_to_be_none(tmp_path: Path) -> None:
    project = empty_project(tmp_path / "p", coder="Anne")
    app = create_app(Session(project, project.coder("Anne")), Door(), PORT)
    projects = OpenProjects(KnownProjects(tmp_path / "own"), Life())
    start = create_start_app(projects, PORT)
    assert endpoints(app) == SCREENS.keys() | NO_SCREENS.keys()
    assert endpoints(start) - NO_SCREENS.keys() == START_SCREENS.keys()


@dataclass(frozen=True)
class Visit:
    """A window in which a project is open, the whole addresses of all screens by endpoint, and what went wrong in it."""

    page: Page
    start: str
    root: str
    screens: dict[str, list[str]]
    start_screens: dict[str, list[str]]
    wrong: list[str]


@pytest.fixture(scope="module")
def visit(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    """Anne's window, in which everything that needs time was made."""
    home = tmp_path_factory.mktemp("home")
    full_project(home / "study")
    with started(home) as (address, _process):
        page = window(browser, address, viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
        wrong = listen(page)
        who, root = open_project(page, address, "study")
        screens = walk(page, root, exported(home / "more", "five"))
        start = {endpoint: [address + path for path in paths] for endpoint, paths in START_SCREENS.items()}
        page.goto(address + "guide")
        start["guide.chapter"] += [str(page.locator(".chapters a").last.evaluate("link => link.href"))]
        start["home.who"] += [who]
        assert wrong == []
        yield Visit(page, address, root, screens, start, wrong)
        page.context.close()


def listen(page: Page) -> list[str]:
    """What goes wrong in a window from now on: errors, answers that are none, requests to elsewhere."""
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("response", lambda answer: wrong.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None)
    page.on("requestfailed", lambda asked: None if is_left(str(asked.failure)) else wrong.append(asked.url))
    page.on("request", lambda asked: None if is_here(asked.url) else wrong.append(asked.url))
    return wrong


def is_left(failure: str) -> bool:
    """Whether a request ended because its page was left."""
    return "ERR_ABORTED" in failure


def is_here(url: str) -> bool:
    return url.startswith(("http://127.0.0.1:", "data:"))


def open_project(page: Page, start: str, name: str) -> tuple[str, str]:
    """Open a project from the start page as Anne; return the address where one is asked who one is, and the project's."""
    page.goto(start)
    page.get_by_role("button", name="Fortsett").click()
    page.get_by_role("link", name="Åpne et prosjekt").click()
    page.get_by_role("button", name=name).click()
    expect(page.locator("h1")).to_contain_text("Hvem koder")
    who = page.url
    page.get_by_role("button", name="Anne").click()
    expect(page.locator("header .project")).to_have_text(name)
    return who, urljoin(page.url, ".")


def prepared(visit: Visit, endpoint: str) -> list[str]:
    """The addresses of a screen of the project, when it has something to show."""
    task = {"names.preview": "preview", "names.checked": "check"}.get(endpoint)
    if task:  # the page keeps the last of the two
        visit.page.goto(f"{visit.root}names")
        visit.page.locator(f"[data-send='names/begin/{task}']").click()
        visit.page.wait_for_url(visit.screens[endpoint][0], timeout=WORK_MS)
    return visit.screens[endpoint]


def show(page: Page, address: str) -> None:
    """Open a screen, and wait for what takes a while to compute."""
    page.goto(address)
    expect(page.locator("[data-errand], [data-later]")).to_have_count(0, timeout=WORK_MS)


def look(visit: Visit, addresses: list[str]) -> None:
    """Nothing keeps anybody out of these screens, none is too wide, and nothing goes wrong on them."""
    page = visit.page
    for address in addresses:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            show(page, address)
            for width, height in SIZES:
                page.set_viewport_size({"width": width, "height": height})
                fits(page)
                accessible(page, page.locator("h1").first)
    assert visit.wrong == []


@pytest.mark.slow
@pytest.mark.parametrize("endpoint", SCREENS)
def test_a_screen_of_a_project_is_for_everybody(visit: Visit, endpoint: str) -> None:
    look(visit, prepared(visit, endpoint))


@pytest.mark.slow
@pytest.mark.parametrize("endpoint", START_SCREENS)
def test_a_screen_of_my_projects_is_for_everybody(visit: Visit, endpoint: str) -> None:
    look(visit, visit.start_screens[endpoint])


@pytest.mark.slow
@pytest.mark.parametrize(("key", "dialog"), [("?", "#help"), ("l", "#choose"), ("m", "#memo"), ("s", "#same")])
def test_the_dialogs_of_reading_are_for_everybody(visit: Visit, key: str, dialog: str) -> None:
    page = visit.page
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.goto(f"{visit.root}interview/2?turn=1")
        page.keyboard.press(key)
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            accessible(page, page.locator(dialog))
    assert visit.wrong == []


OWN = re.compile("språk|Bokmål|stole på|nøkkel")
"""Norwegian words that stand as they are: a code of the project's, a language's name for itself, an example, a file's name."""
OF_OTHERS = {
    "nn": re.compile(
        r"\b(ikke|hvor|hva|hvem|noe|jeg|fra|intervjuene|kodene|kodingene|forslagene|svarene|None)\b", re.IGNORECASE
    ),
    "en": re.compile(r"\b(ikke|ikkje|og|på|til|som|det|den|fra|av|hva)\b|[æøå]", re.IGNORECASE),
}
"""Language → what tells that a text is in another one."""
UNFILLED = re.compile(r"\bundefined\b|\bNaN\b|[{}]|\[object")
"""What stands where a text has not got what belongs in it."""
SEEN = """() => {
  document.querySelectorAll("#made table").forEach((one) => one.remove()); // from a file that was made in another language
  const told = [...document.querySelectorAll("[aria-label], [title], [placeholder]")].filter((one) => one.checkVisibility())
    .flatMap((one) => ["aria-label", "title", "placeholder"].map((name) => one.getAttribute(name) ?? ""));
  return [document.body.innerText, ...told].join("\\n");
}"""
GUIDE = ("guide.overview", "guide.chapter")
"""Longer texts, which are in Bokmål where the page is in Nynorsk."""


@pytest.mark.slow
@pytest.mark.parametrize("language", ["nn", "en"])
def test_every_screen_is_in_the_language_that_was_chosen(visit: Visit, language: str) -> None:
    page, found = visit.page, []
    choose_language(visit, language)
    for endpoint, address in every_address(visit):
        show(page, address)
        text = OWN.sub("", page.evaluate(SEEN))
        told = UNFILLED if endpoint in GUIDE and language == "nn" else OF_OTHERS[language]
        shown = page.locator("html").get_attribute("lang")
        wrong = [line for line in text.splitlines() if told.search(line) or UNFILLED.search(line)]
        found += [(endpoint, address, shown, wrong)] if wrong or shown != language else []
    choose_language(visit, "nb")
    assert not found, pprint.pformat(found, width=200)
    assert visit.wrong == []


def every_address(visit: Visit) -> Iterator[tuple[str, str]]:
    """Yield (endpoint, address) of each screen but a report, which stays in the language in which it was made."""
    for endpoint in sorted(SCREENS.keys() - {"errands.view"}):
        for address in prepared(visit, endpoint):
            yield endpoint, address
    for endpoint, addresses in visit.start_screens.items():
        for address in addresses:
            yield endpoint, address


def choose_language(visit: Visit, language: str) -> None:
    """Choose the language of the project's pages, and of the start page."""
    page = visit.page
    page.goto(f"{visit.root}settings")
    page.locator(f"[name=language][value={language}]").check()
    expect(page.locator("html")).to_have_attribute("lang", language)
    page.goto(visit.start)
    page.locator(f"button[lang={language}]").click()
    expect(page.locator("html")).to_have_attribute("lang", language)
