"""The interviews in a real browser: files are dropped, a guess is mended by a click, all is taken in, and one is removed."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from autokode.project import Project
from browser_case import accessible, arrived
from review_case import Address, waited

pytestmark = pytest.mark.slow

ASKED = "Kari: Hva gjør du på jobb?\nOla: Jeg hjelper folk.\nKari: Hvordan går det?\nOla: Fint, takk.\n" * 4
DROP = """([files]) => {
  const carried = new DataTransfer();
  for (const [name, text] of files) carried.items.add(new File([text], name));
  const about = { dataTransfer: carried, bubbles: true, cancelable: true };
  document.querySelector("#drop").dispatchEvent(new DragEvent("drop", about));
}"""


def dropped(page: Page, *files: tuple[str, str]) -> None:
    page.evaluate(DROP, [[list(one) for one in files]])
    expect(page.locator(".waiting tbody tr")).to_have_count(len(files))


def test_files_are_dropped_mended_taken_in_and_one_is_removed(page: Page, project: Project, address: Address) -> None:
    page.goto(f"{address}interviews")
    dropped(page, ("Ola.txt", ASKED), ("Eva.txt", ASKED.replace("Ola", "Eva")), ("tom.txt", ""))
    expect(page.locator("#take-in")).to_have_text("Ta inn de som kan leses (2)")
    page.get_by_role("link", name="Ola.txt").click()
    expect(page.get_by_role("button", name="Kari stiller spørsmålene")).to_have_attribute("aria-pressed", "true")
    page.locator(".as-read .label", has_text="Ola").first.click()
    expect(page.locator(".speaks", has_text="Ola")).to_have_attribute("aria-pressed", "true")
    page.locator(".speaks", has_text="Kari").press("Enter")
    expect(page.locator(".speaks", has_text="Kari")).to_have_attribute("aria-pressed", "false")
    page.locator("#take-in").click()
    expect(page.locator("#there tbody tr")).to_have_count(5)
    expect(page.locator(".waiting tbody tr")).to_have_count(1)
    assert project.transcript("Ola").interviewers == ("Ola",)
    page.get_by_role("button", name="Dropp tom.txt").click()
    expect(page.locator(".waiting")).to_have_count(0)
    page.get_by_role("link", name="Endre Eva").click()
    page.get_by_role("link", name="Fjern intervjuet …").click()
    page.get_by_role("textbox").fill("Eva")
    page.keyboard.press("Enter")
    expect(page.locator("#sure-yes")).to_have_class("danger")
    page.get_by_role("button", name="Ja, gjør det").click()
    expect(page.locator("h1")).to_have_text("Intervjuet er fjernet")
    assert "Eva" not in {one.name for one in project.sources}
    assert "Eva" not in Path(project.folder / "autokode.db").read_bytes().decode("latin-1")


def test_a_new_version_by_keys_alone_and_a_closed_project(page: Page, project: Project, address: Address) -> None:
    source = project.source("kontor_b")
    text = project.transcript("kontor_b").text
    first = project.transcript("kontor_b").utterances[3].text
    new = Path(project.folder).with_name("ny.txt")
    new.write_text(text.replace(first, f"{first} Det er rettet.", 1), encoding="utf-8")
    page.goto(f"{address}interviews/{source.id}")
    page.locator("#version-file").set_input_files(new)
    arrived(page, page.get_by_role("heading", name="Ny utgave av kontor_b"))
    page.get_by_role("button", name="Ta inn den nye utgaven").press("Enter")
    arrived(page, page.get_by_role("link", name="Teksten før"))
    assert "Det er rettet." in project.transcript("kontor_b").text
    page.keyboard.press("z")
    expect(page.get_by_role("link", name="Teksten før")).to_have_count(0)
    assert project.transcript("kontor_b").text == text
    page.goto(f"{address}close")
    page.get_by_role("textbox").fill("prosjekt")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Ja, gjør det").click()
    accessible(page, page.get_by_role("heading", name="Prosjektet er avsluttet"))
    waited(lambda: not list(project.folder.glob(".review*")))
    assert not list(project.folder.glob("autokode.db*"))
