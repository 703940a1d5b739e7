"""The page of a report in a real browser: search, groups, dark and narrow, and nothing fetched from anywhere."""

from pathlib import Path
from typing import Any

import pytest

from autokode.report.book import book_of
from autokode.report.data_checks import material_of
from autokode.report.methods import methods_of
from autokode.report.render.page import page
from report_case import study


@pytest.fixture
def file(tmp_path: Path) -> Path:
    project = study(tmp_path / "p")
    out = tmp_path / "rapport.html"
    out.write_text(page(book_of(project, material_of(project), methods_of(project))), encoding="utf-8")
    return out


def shown(tab: Any, selector: str) -> int:
    return int(tab.locator(f"{selector}:visible").count())


def test_search_and_groups_leave_what_was_asked_for(browser: Any, file: Path) -> None:
    from playwright.sync_api import expect

    tab = browser.new_page()
    said: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    tab.on(
        "request", lambda request: said.append(request.url) if not request.url.startswith(("file:", "data:")) else None
    )
    tab.goto(file.as_uri())
    answers = shown(tab, ".place")
    assert answers == 22 and shown(tab, ".all .quote") == 0  # folded until asked for
    tab.fill("#find", "KROKEN bak")
    expect(tab.locator("#found")).to_have_text("sitater: 2, svar: 1")
    assert (shown(tab, ".place"), shown(tab, ".all .quote"), shown(tab, ".theme")) == (
        1,
        2,
        2,
    )  # of the code and its category
    tab.fill("#find", "")
    tab.select_option("#group", "Bibliotek C")
    expect(tab.locator("#found")).to_contain_text("svar: 7")
    assert shown(tab, ".place") == 7 and not tab.locator("#oversikt").is_visible()
    tab.select_option("#group", "")
    expect(tab.locator("#found")).to_have_text("")
    assert shown(tab, ".place") == answers and tab.locator("#oversikt").is_visible()
    assert not said
    tab.close()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("dark", 380)])
def test_everybody_can_read_it(browser: Any, file: Path, scheme: str, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    tab = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    tab.goto(file.as_uri())
    found = Axe().run(tab)
    assert found.violations_count == 0, found.generate_report()
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    tab.close()
