"""«Kodinger som skiller seg ut» in a real browser: found behind the page, kept, removed and given, by mouse and by keys."""

from playwright.sync_api import Browser, Page, expect

from autokode.project import Project
from autokode.project.store.integrity import check
from browser_case import accessible, fits
from review_case import Address, everything, window


def lines(page: Page) -> int:
    return int(page.locator(".tabs [aria-current]").inner_text().rpartition("(")[2].rstrip(")"))


def test_the_list_is_found_and_decided_about_and_undone(browser: Browser, address: Address, project: Project) -> None:
    page = window(browser, address, viewport={"width": 800, "height": 600})
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(f"{address}missed")
    page.get_by_role("link", name="Se kodinger som skiller seg ut").click()
    page.get_by_role("button", name="Se gjennom kodingene mine").click()
    expect(page.locator(".stands").first).to_be_visible()
    fits(page)
    rows, whole = everything(project)[0], lines(page)  # type: ignore[index]
    first = page.locator(".stands").first.inner_text()

    page.locator(".stands").first.get_by_role("button", name="Behold koden").click()
    expect(page.locator(".tabs [aria-current]")).to_contain_text(f"({whole - 1})")
    expect(page.locator(".stands").first.get_by_role("button").first).to_be_focused()
    assert everything(project)[0] == rows  # type: ignore[index]
    page.keyboard.press("z")
    expect(page.locator("#said")).to_contain_text("Angret: beholdt som det er")
    expect(page.locator(".tabs [aria-current]")).to_contain_text(f"({whole})")
    assert page.locator(".stands").first.inner_text() == first

    page.locator(".stands").first.get_by_role("button", name="Fjern koden").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".tabs [aria-current]")).to_contain_text(f"({whole - 1})")
    assert everything(project)[0] != rows  # type: ignore[index]
    page.keyboard.press("z")
    expect(page.locator(".tabs [aria-current]")).to_contain_text(f"({whole})")
    assert everything(project)[0] == rows  # type: ignore[index]
    accessible(page, page.locator(".stands").first)

    page.get_by_role("link", name="Svar som ligner, uten koden").click()
    expect(page.get_by_role("link", name="Svar som ligner, uten koden")).to_have_attribute("aria-current", "page")
    lacking = lines(page)
    if lacking:
        page.get_by_role("button", name="Gi svaret koden").first.click()
        expect(page.locator(".tabs [aria-current]")).to_contain_text(f"({lacking - 1})")
        page.locator("[data-do=undo]").click()
        expect(page.locator(".tabs [aria-current]")).to_contain_text(f"({lacking})")
    assert everything(project)[0] == rows  # type: ignore[index]

    page.goto(f"{address}standing")
    link = page.locator(".stands a").first
    place = link.get_attribute("href")
    link.click()
    expect(page.locator(".turn.here")).to_be_visible()
    assert place is not None
    assert page.url.endswith(place)
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(f"{address}standing")
    expect(page.locator(".stands").first).to_be_visible()
    fits(page)
    assert wrong == []
    assert {one.kind for one in check(project.folder)} <= {"left"}  # the folder of what is shown
    page.context.close()
