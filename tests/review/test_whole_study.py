"""A whole study on the page, from the empty start page to a report in Word: by mouse, and by keys alone."""

import io
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from autokode.project import Project
from browser_case import arrived
from review_case import window
from start_case import started

CHOIR = """Intervjuer: Hva er det som får deg til å komme tilbake hver tirsdag?
Astrid: Det er jo ikke sangen aleine, altså. Vi drikker kaffe først, og da får jeg høre hvordan alle har det.
Intervjuer: Hva skjer om noen blir borte?
Astrid: Da ringer vi. Jeg ble sjuk i fjor vinter, og det sto en gryte suppe på trappa før helga.
Intervjuer: Og dirigenten?
Astrid: Hun bestemmer, det gjør hun, men hun spør oss først.
"""
"""An invented interview about a choir."""


def by_mouse(_page: Page, target: Locator) -> None:
    target.click()


def by_keys(page: Page, target: Locator) -> None:
    """Go to an element with the tabulator, as somebody without a mouse does, and press it."""
    arrived(page, target)
    for _ in range(120):
        if target.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("Tab")
    else:
        raise AssertionError(f"no key leads to {target}")
    kind = target.evaluate("element => element.type || element.tagName")
    page.keyboard.press("Space" if kind in ("checkbox", "radio") else "Enter")


def typed(page: Page, field: Locator, text: str, press: Callable[[Page, Locator], None]) -> None:
    """Write in a field, and send its form by Enter."""
    arrived(page, field)
    if press is by_mouse:
        field.click()
    else:
        for _ in range(60):
            if field.evaluate("element => element === document.activeElement"):
                break
            page.keyboard.press("Tab")
    page.keyboard.press("Control+a")
    page.keyboard.type(text)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("press", [by_mouse, by_keys])
def test_from_an_empty_start_page_to_a_report_in_word(
    browser: Browser, tmp_path: Path, press: Callable[[Page, Locator], None]
) -> None:
    (tmp_path / "Dokumenter").mkdir()
    with started(tmp_path) as (address, _process):
        page = window(browser, address, viewport={"width": 1300, "height": 850})
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(address)
        typed(page, page.get_by_label("Hva heter du?"), "Ingrid", press)
        press(page, page.get_by_role("link", name="Nytt prosjekt"))
        typed(page, page.get_by_label("Navn", exact=True), "Korstudien", press)

        press(page, page.get_by_role("link", name="Legg til intervjuer"))
        page.locator("#files").wait_for(state="attached")
        page.wait_for_load_state("networkidle")
        page.set_input_files("#files", {"name": "astrid.txt", "mimeType": "text/plain", "buffer": CHOIR.encode()})
        press(page, page.get_by_role("button", name="Ta inn alle"))
        expect(page.get_by_role("link", name="astrid", exact=True)).to_be_visible()

        press(page, page.get_by_role("link", name="Kodebok", exact=True))
        typed(page, page.locator("#new-name"), "å høre til", press)
        expect(page.get_by_role("treeitem", name="å høre til")).to_be_visible()

        press(page, page.get_by_role("link", name="Les", exact=True))
        answer = page.locator(".turn.answer").first
        answer.wait_for()
        page.wait_for_load_state("networkidle")
        if press is by_mouse:
            answer.locator(".text").select_text()
            page.locator("#codes button", has_text="å høre til").click()
        else:
            page.keyboard.press("l")
            page.keyboard.type("å høre")
            page.keyboard.press("Enter")
        expect(page.locator(".item.coding", has_text="å høre til")).to_have_count(1)
        page.keyboard.press("Enter")
        expect(page.locator(".turn.read")).to_have_count(1)

        press(page, page.get_by_role("link", name="Rapport", exact=True))
        press(page, page.get_by_label("Siter dem likevel"))
        press(page, page.get_by_role("button", name="Lag filen, og se på den"))
        download = page.get_by_role("link", name="Last ned")
        download.wait_for(timeout=60_000)
        with page.expect_download() as brought:
            press(page, download)
        document = docx.Document(io.BytesIO(Path(brought.value.path()).read_bytes()))
        text = "\n".join(paragraph.text for paragraph in document.paragraphs)
        assert brought.value.suggested_filename.endswith(".docx")
        assert "å høre til" in text
        assert "Vi drikker kaffe først" in text
        assert wrong == []
        page.context.close()
    (place,) = tmp_path.rglob("autokode.db")
    project = Project.open(place.parent)
    assert [(coding.code, coding.coder) for coding in project.codings()] == [("å høre til", "Ingrid")]
