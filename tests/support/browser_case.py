"""What the tests in a real browser share: a page that is there to be looked at, and that keeps nobody out."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect


def arrived(page: Page, shown: Locator) -> None:
    """Wait for the page that shows this, and until it listens to keys.

    A click that goes on to another address does so when the server has answered, and the page there hears a key when its scripts
    have run: what comes before that is lost.
    """
    expect(shown).to_be_visible()
    page.wait_for_load_state()


def accessible(page: Page, shown: Locator) -> None:
    """Axe finds nothing on the page that shows this."""
    arrived(page, shown)
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200], one["nodes"][0]["failureSummary"]) for one in found] == []


def fits(page: Page) -> None:
    """Nothing on a page has to be scrolled to sideways."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} scrolls sideways by {wide}"
