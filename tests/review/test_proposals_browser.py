"""«Foreslå koder» in a real browser: from the codebook to a code with its answers coded, and back to the beginning."""

from playwright.sync_api import Browser, Page, expect

from autokode.project import Project
from autokode.project.store.integrity import check
from browser_case import accessible, arrived, fits
from review_case import Address, everything, window


def count(page: Page) -> int:
    return page.locator("article.stands").count()


def test_cards_are_made_decided_and_their_answers_coded(browser: Browser, address: Address, project: Project) -> None:
    page = window(browser, address, viewport={"width": 800, "height": 600})
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(f"{address}codebook")
    page.get_by_role("link", name="Foreslå koder …").click()
    page.get_by_role("button", name="Foreslå koder").click()
    expect(page.locator("article.stands").first).to_be_visible()
    rows, book, whole = everything(project)[0], project.codebook, count(page)  # type: ignore[index]
    fits(page)

    first = page.locator("article.stands").first
    cards_are_changed_and_undone(page, whole)
    first.get_by_label("Navn").fill("Foreslått kode")
    first.get_by_label("Navn").press("Enter")
    expect(page.get_by_role("button", name="Se svarene og kod dem …")).to_be_visible()
    assert "Foreslått kode" in project.codebook
    assert everything(project)[0] == rows  # type: ignore[index]
    accessible(page, first)
    page.reload()
    page.get_by_role("button", name="Se svarene og kod dem …").click()
    arrived(page, page.locator(".hit").first)
    expect(page.get_by_text("Svarene i «Foreslått kode»")).to_be_visible()
    page.locator("[data-tick=all]").click()
    page.locator("#search-code").click()
    page.locator("#choose-list li[data-code='Foreslått kode']").click()
    expect(page.locator("#coding-says")).to_contain_text("blir kodet")
    assert everything(project)[0] == rows  # type: ignore[index]
    page.locator("#coding-do").click()
    expect(page.locator("#said")).to_contain_text("Kodet med «Foreslått kode»")
    assert [one for one in project.codings("Anne") if one.code == "Foreslått kode"]
    page.locator("[data-do=undo]").click()
    expect(page.locator("#said")).to_contain_text("Angret: kodet")
    page.goto(f"{address}proposals")
    page.locator("h1").click()
    page.keyboard.press("z")
    expect(page.locator("#said")).to_contain_text("Angret: endring i kodeboken")
    assert project.codebook == book
    assert everything(project)[0] == rows  # type: ignore[index]
    expect(first.get_by_role("button", name="Ta over som kode")).to_be_visible()
    page.keyboard.press("y")
    expect(page.get_by_role("button", name="Se svarene og kod dem …")).to_be_visible()
    on_a_phone_in_the_dark(page)
    assert wrong == []
    assert {one.kind for one in check(project.folder)} <= {"left"}  # the folder of what is shown
    page.context.close()


def on_a_phone_in_the_dark(page: Page) -> None:
    page.locator("[data-set=theme]").click()
    expect(page.locator("html[data-theme=dark]")).to_be_visible()
    page.set_viewport_size({"width": 360, "height": 640})
    page.reload()
    expect(page.locator("article.stands").first).to_be_visible()
    fits(page)
    accessible(page, page.locator("article.stands").first)


def cards_are_changed_and_undone(page: Page, whole: int) -> None:
    first = page.locator("article.stands").first
    first.get_by_label("Navn").fill("Det vi kaller det")
    first.get_by_role("button", name="Gi kortet navnet").click()
    expect(first.locator("h2")).to_contain_text("Det vi kaller det")
    first.get_by_role("button", name="Slå sammen", exact=True).click()
    expect(page.locator("article.stands")).to_have_count(whole - 1)
    expect(page.locator("article.stands").first.get_by_text("Satt sammen av deg.")).to_be_visible()
    page.locator("article.stands").last.get_by_role("button", name="Avvis").click()
    expect(page.get_by_text("Avviste forslag (1)")).to_be_visible()
    expect(page.locator("article.stands")).to_have_count(whole - 2)
    page.locator("h1").click()
    for _step in range(3):
        page.keyboard.press("z")
        expect(page.locator("#said")).to_contain_text("Angret: endring av en foreslått kode")
        page.evaluate("document.querySelector('#said').textContent = ''")
    expect(page.locator("article.stands")).to_have_count(whole)
    expect(first.locator("h2")).not_to_contain_text("Det vi kaller det")
