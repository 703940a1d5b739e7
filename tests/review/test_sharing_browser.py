"""Two coders share a project in a real browser: blind coding, agreement, disagreements, a report, and a project taken home."""

import io
import re
from pathlib import Path

import docx
from playwright.sync_api import Browser, Page, expect

from autokode.project import Project
from review_case import Address, rows, serving, window

ANSWERS = 3
"""How many answers the second coder reads."""


def chosen(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.locator("#sure-yes")).to_have_class("yes")  # nothing is lost by it
    page.get_by_role("button", name="Ja, gjør det").click()


def downloaded(page: Page, name: str) -> bytes:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=f"Last ned {name}").click()
    assert waiting.value.suggested_filename == name
    return Path(waiting.value.path()).read_bytes()


def test_a_second_coder_codes_blind_and_they_settle_by_keys(page: Page, address: Address, project: Project) -> None:
    page.goto(f"{address}coders")
    page.get_by_label("Navn", exact=True).fill("Kari")
    page.get_by_role("button", name="Legg til").click()
    expect(page.locator("#people")).to_contain_text("koder blindt")
    chosen(page, "Kod som Kari")
    expect(page.locator(".who")).to_contain_text("Kari · koder blindt")
    assert page.url.rsplit("/", 2)[-2] != address.rstrip("/").rsplit("/", 1)[-1]
    karis = page.url

    source = project.source("kontor_a")
    numbers = project.transcript("kontor_a").answers[:ANSWERS]
    page.goto(f"{karis}interview/{source.id}?turn={numbers[0]}")
    expect(page.locator(f"#t{numbers[0]}.here")).to_be_visible()
    assert page.locator(".card, .coding").count() == 0
    for number in numbers:
        page.locator(f"#t{number}").focus()
        page.keyboard.press("l")
        page.keyboard.type("makt")
        page.keyboard.press("Enter")
        expect(page.locator(f"#t{number} .coding")).to_have_count(1)
        page.keyboard.press("Enter")
        expect(page.locator(f"#t{number}")).to_have_class(re.compile(r"\bread\b"))
    assert page.request.get(f"{karis}agreement").status == 403
    page.goto(f"{karis}coders")
    chosen(page, "Kod som Anne")
    expect(page.locator(".who")).to_contain_text("Anne")
    assert "har ikke nøkkelen" in page.request.get(f"{karis}coders").text()  # it was handed back
    look_at_agreement(page, address)
    settle_by_keys(page, project)
    page.goto(f"{address}coders")
    chosen(page, "Avslutt blind koding")
    expect(page.locator("#people")).to_contain_text("blindt til")


def look_at_agreement(page: Page, address: Address) -> None:
    page.goto(f"{address}agreement")
    expect(page.locator("#figures")).to_contain_text("Anne og Kari har begge lest")
    expect(page.locator("#figures .chip")).to_contain_text("få svar")
    assert downloaded(page, "enighet.xlsx").startswith(b"PK")
    expect(page.locator(".files")).to_contain_text("er lastet ned")
    page.get_by_role("link", name="Gå gjennom uenighetene med Kari").click()


def settle_by_keys(page: Page, project: Project) -> None:
    whole = page.locator(".difference").count()
    assert whole
    expect(page.locator("#settled")).to_contain_text(f"Avgjort 0 av {whole}")
    first = page.locator(".difference").first
    code = str(first.locator("[data-settle]").first.get_attribute("data-settle"))
    place = [int(str(first.get_attribute(f"data-{name}"))) for name in ("transcript", "number")]
    page.keyboard.press("j")
    expect(first).to_be_focused()
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.locator("#settled")).to_contain_text(f"Avgjort 1 av {whole}")
    settled = [one for one in rows(project, "resolution") if one["given"]]
    assert [(one["transcript"], one["utterance"], one["code"]) for one in settled] == [(*place, code)]
    page.keyboard.press("z")
    expect(page.locator("#settled")).to_contain_text(f"Avgjort 0 av {whole}")
    page.keyboard.press("y")
    expect(page.locator("#settled")).to_contain_text(f"Avgjort 1 av {whole}")


def test_a_report_is_downloaded_and_a_project_taken_home(
    page: Page, address: Address, project: Project, browser: Browser, tmp_path: Path
) -> None:
    page.goto(f"{address}report")
    page.get_by_label("Siter dem likevel").check()
    page.get_by_role("button", name="Lag filen").click()
    expect(page.locator("#made")).to_contain_text("Navn på kodere")
    with page.context.expect_page() as tab:
        page.get_by_role("link", name="Se på rapporten").click()
    expect(tab.value.locator("h1").first).to_be_visible()
    assert tab.value.evaluate("window.origin") == "null"  # cut off from the page
    tab.value.close()
    document = docx.Document(io.BytesIO(downloaded(page, "rapport.docx")))
    assert any("makt" in paragraph.text for paragraph in document.paragraphs)

    page.goto(f"{address}report?what=export")
    page.get_by_label(".qdpx").check()
    page.get_by_role("button", name="Lag filen").click()
    expect(page.locator("#made")).to_contain_text("hele intervjuene")
    content = downloaded(page, "prosjekt.qdpx")

    home = Project.create(tmp_path / "hjem", project.codebook)
    with serving(home.folder, "--coder", "Berit") as (found, _process):
        other = window(browser, found)
        other.goto(f"{found}import")
        other.set_input_files("#file", {"name": "ut.qdpx", "mimeType": "application/zip", "buffer": content})
        expect(other.locator("#made")).to_contain_text("Dette vil skje")
        assert home.sources == []
        other.get_by_role("button", name="Ta inn").click()
        expect(other.locator("#made")).to_contain_text("Tatt inn")
        given = [{(c.segment, c.code, c.coder) for c in one.codings()} for one in (home, project)]
        assert given[0] == given[1]
        chosen(other, "Ta tilbake importen")
        expect(other.locator("#made")).to_contain_text("Velg en fil")
        assert home.sources == []
        other.context.close()


def test_coded_interviews_are_looked_at_and_downloaded_with_keys_alone(page: Page, address: Address) -> None:
    page.set_default_timeout(60_000)
    expect.set_options(timeout=60_000)
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{address}report?what=export")
    page.get_by_label("Skriv ut også det som kan ha ekte navn i seg").press("Space")
    page.get_by_role("button", name="Lag filen").press("Enter")
    expect(page.locator("#made")).to_contain_text("hele intervjuene")
    with page.context.expect_page() as tab:
        page.get_by_role("link", name="Se på de kodede intervjuene").press("Enter")
    shown = tab.value
    for width in (1100, 390):
        shown.set_viewport_size({"width": width, "height": 800})
        assert shown.evaluate("document.documentElement.scrollWidth") == width
        assert shown.locator(".codes li").first.is_visible() and shown.locator("mark").first.is_visible()
    shown.close()
    document = docx.Document(io.BytesIO(downloaded(page, "kodede intervjuer.docx")))
    assert len(document.tables) == 3  # the legend, and the two interviews that are coded
