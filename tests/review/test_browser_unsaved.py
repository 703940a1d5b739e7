"""What a person typed or decided and the server did not store, in a real browser: it stays on the screen until it is stored."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from autokode.project import Project
from review_case import OPEN, Address, rows, waited, window

LONG_MS = 4000
"""Longer than the page takes to ask for news, twice."""


@pytest.fixture(autouse=True)
def between(page: Page) -> None:
    """Let the browser ask Playwright about every request from the first one on: on a busy machine one went past it else."""
    page.route("**/no-such-address", lambda route: route.continue_())
    page.reload()


def refused(route: Route) -> None:
    route.fulfill(status=409, json={"error": "disken er full"})


def lost(route: Route) -> None:
    """The server does what it is asked, and its answer is lost."""
    route.fetch()
    route.abort()


def turn_of(page: Page) -> str:
    return f"#t{page.locator('.turn.here').get_attribute('data-number')}"


def opened_memo(page: Page, text: str) -> None:
    page.locator(turn_of(page)).focus()
    page.keyboard.press("m")
    expect(page.locator("#memo")).to_be_visible()
    page.locator("#memo-text").fill(text)


def test_a_decision_without_an_answer_is_sent_until_it_has_one(page: Page, project: Project) -> None:
    turn = turn_of(page)
    page.route("**/suggestion/*", lambda route: route.abort())
    page.keyboard.press("a")
    expect(page.locator("#wrong")).to_contain_text("Ikke lagret ennå")
    page.wait_for_timeout(LONG_MS)
    expect(page.locator("#wrong")).to_contain_text("(1)")
    page.keyboard.press("l")  # another one waits behind it
    page.keyboard.type("tillit")
    page.keyboard.press("Enter")
    expect(page.locator("#wrong")).to_contain_text("(2)")
    expect(page.locator(f"{turn} .coding")).to_have_count(0)
    page.unroute("**/suggestion/*")
    expect(page.locator(f"{turn} .coding")).to_have_count(2)
    expect(page.locator("#wrong p")).to_have_count(0)
    assert [one.kind for one in project.decisions("Anne")[-2:]] == ["accept", "code"]


def test_what_was_stored_without_an_answer_is_not_done_twice(page: Page, project: Project) -> None:
    turn = turn_of(page)
    page.keyboard.press("a")
    expect(page.locator(f"{turn} .coding")).to_have_count(1)
    page.locator(f"{turn} .coding").focus()
    page.route("**/coding/*", lost, times=1)
    page.keyboard.press("q")
    expect(page.locator(f"{turn} .good")).to_have_count(1)
    expect(page.locator("#wrong p")).to_have_count(0)
    assert [one.kind for one in project.decisions("Anne")[-2:]] == ["accept", "good"]


@pytest.mark.slow
def test_what_was_refused_is_said_until_it_is_put_away_or_stored(page: Page, project: Project) -> None:
    turn = turn_of(page)
    page.route("**/suggestion/*", refused)
    page.keyboard.press("a")
    expect(page.locator("#wrong")).to_contain_text("Ikke lagret: disken er full")
    page.wait_for_timeout(LONG_MS)
    expect(page.locator("#wrong")).to_contain_text("Ikke lagret: disken er full")
    page.unroute("**/suggestion/*")
    page.keyboard.press("l")
    page.keyboard.type("tillit")
    page.keyboard.press("Enter")
    expect(page.locator(f"{turn} .coding")).to_have_count(1)
    expect(page.locator("#wrong")).to_contain_text("disken er full")  # that one is still not stored
    page.locator(f"{turn} .card").first.focus()
    page.keyboard.press("a")
    expect(page.locator(f"{turn} .coding")).to_have_count(2)
    expect(page.locator("#wrong p")).to_have_count(0)
    page.route("**/undo", refused)
    page.keyboard.press("z")
    page.locator("#wrong").get_by_role("button", name="Lukk").click()
    expect(page.locator("#wrong p")).to_have_count(0)


def test_a_memo_that_was_refused_stays_in_its_dialog(page: Page, project: Project) -> None:
    turn = turn_of(page)
    page.route("**/memo", refused)
    opened_memo(page, "Dette vil jeg ikke miste.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#memo-wrong")).to_contain_text("disken er full")
    expect(page.locator("#memo-text")).to_have_value("Dette vil jeg ikke miste.")
    page.unroute("**/memo")
    page.get_by_role("button", name="Lagre").click()
    expect(page.locator("#memo")).not_to_be_visible()
    expect(page.locator(f"{turn} .note")).to_contain_text("Dette vil jeg ikke miste.")
    assert [row["text"] for row in rows(project, "memo")] == ["Dette vil jeg ikke miste."]


def test_a_closed_dialog_keeps_what_was_typed(page: Page, project: Project) -> None:
    turn = turn_of(page)
    opened_memo(page, "Halvferdig tanke")
    page.keyboard.press("Escape")
    notice = page.locator("#wrong")
    expect(notice).to_contain_text("Ikke lagret: notatet «Halvferdig tanke»")
    page.wait_for_timeout(LONG_MS)
    expect(notice).to_contain_text("Halvferdig tanke")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.evaluate("location.reload()")
    waited(lambda: page.evaluate("1") and asked == ["beforeunload"], 20)
    expect(page.locator(turn)).to_be_visible()
    notice.get_by_role("button", name="Åpne").click()
    expect(page.locator("#memo-text")).to_have_value("Halvferdig tanke")
    page.locator("#memo-text").press_sequentially(" og mer")
    page.get_by_role("button", name="Lagre").click()
    expect(page.locator(f"{turn} .note")).to_contain_text("Halvferdig tanke og mer")
    expect(page.locator("#wrong p")).to_have_count(0)
    opened_memo(page, "Noe annet")
    page.keyboard.press("Escape")
    notice.get_by_role("button", name="Forkast").click()
    expect(page.locator("#wrong p")).to_have_count(0)
    page.locator(turn).focus()
    page.keyboard.press("m")
    expect(page.locator("#memo-text")).to_have_value("Halvferdig tanke og mer")
    page.keyboard.press("Escape")
    expect(page.locator("#wrong p")).to_have_count(0)  # nothing was typed
    assert [row["text"] for row in rows(project, "memo")] == ["Halvferdig tanke og mer"]


def test_a_memo_waits_for_the_server_through_a_closed_dialog(page: Page, project: Project) -> None:
    turn = turn_of(page)
    page.route("**/memo", lambda route: route.abort())
    opened_memo(page, "Uten server")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#memo-wrong")).to_contain_text("Ikke lagret ennå")
    page.keyboard.press("Escape")
    expect(page.locator("#wrong")).to_contain_text("Ikke lagret: notatet «Uten server»")
    page.unroute("**/memo")
    expect(page.locator(f"{turn} .note")).to_contain_text("Uten server")
    expect(page.locator("#wrong p")).to_have_count(0)


def test_two_windows_do_not_write_over_each_others_memo(
    page: Page, browser: Browser, address: Address, project: Project
) -> None:
    other = window(browser, address, viewport={"width": 1300, "height": 850})
    other.goto(page.url)
    expect(other.locator(".item.here")).to_be_visible()
    turn = turn_of(page)
    opened_memo(other, "fra det andre vinduet")
    opened_memo(page, "fra det første")
    page.keyboard.press("Control+Enter")
    expect(page.locator(f"{turn} .note")).to_contain_text("fra det første")
    other.keyboard.press("Control+Enter")
    expect(other.locator("#memo-wrong")).to_contain_text("endret et annet sted")
    expect(other.locator("#memo-other-text")).to_have_text("fra det første")
    expect(other.locator("#memo-text")).to_have_value("fra det andre vinduet")
    assert [row["text"] for row in rows(project, "memo")] == ["fra det første"]
    other.locator("#memo-text").fill("fra begge")
    other.keyboard.press("Control+Enter")
    expect(other.locator(f"{turn} .note")).to_contain_text("fra begge")
    assert [row["text"] for row in rows(project, "memo")] == ["fra begge"]
    page.bring_to_front()
    expect(page.locator(f"{turn} .note")).to_contain_text("fra begge")
    other.context.close()


@pytest.mark.slow
def test_a_file_put_back_by_another_program_stops_the_page(page: Page, project: Project, tmp_path: Path) -> None:
    turn, copy = turn_of(page), tmp_path / "kopi.db"
    shutil.copy(project.database.path, copy)
    page.keyboard.press("a")
    expect(page.locator(f"{turn} .coding")).to_have_count(1)
    shutil.copy(copy, tmp_path / "ny.db")
    (tmp_path / "ny.db").replace(project.database.path)
    expect(page.locator("#wrong")).to_contain_text("byttet ut med en annen eller eldre utgave")  # without a key pressed
    decided = len(project.decisions())
    page.locator(f"{turn} .coding").focus()
    page.keyboard.press("x")
    opened_memo(page, "Dette skrev jeg")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#memo-wrong")).to_contain_text("ingenting lagres før siden er lastet på nytt")
    expect(page.locator("#memo-text")).to_have_value("Dette skrev jeg")
    page.keyboard.press("Escape")
    page.wait_for_timeout(LONG_MS)
    expect(page.locator("#wrong")).to_contain_text("byttet ut med en annen eller eldre utgave")
    assert len(project.decisions()) == decided
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Last siden på nytt").click()
    expect(page.locator(f"{turn} .coding")).to_have_count(0)
    expect(page.locator("#wrong p")).to_have_count(0)
    page.locator(f"{turn} .card").first.focus()
    page.keyboard.press("a")
    expect(page.locator(f"{turn} .coding")).to_have_count(1)
    assert [c.code for c in project.codings("Anne") if c.segment.transcript == OPEN] == ["makt"]
