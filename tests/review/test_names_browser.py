"""The list of names and the settings in a real browser, by keys alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from autokode.project import Project
from autokode.project.store.names_plan import list_beside
from autokode.pseudonym.names_list import read_names_list
from names_case import put_list
from pseudonym_case import full_of_names
from review_case import Address, serving, window


@pytest.fixture
def listed(tmp_path: Path) -> Project:
    project = full_of_names(tmp_path)
    put_list(project)
    return project


@pytest.fixture
def opened(browser: Browser, listed: Project) -> Iterator[tuple[Page, Address]]:
    with serving(listed.folder, "--coder", "Åshild") as (address, _process):
        page = window(browser, address, viewport={"width": 1200, "height": 850})
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        yield page, address
        assert wrong == []
        page.context.close()


def test_names_are_decided_by_keys_alone(opened: tuple[Page, Address], listed: Project) -> None:
    page, address = opened
    page.goto(f"{address}names")
    page.keyboard.press("/")
    page.keyboard.type("ødegård")
    expect(page.locator("tbody.name:visible")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("r")
    page.keyboard.type("Halvor")
    page.keyboard.press("Enter")
    expect(page.locator("#e1 .becomes")).to_contain_text("Halvor")
    page.keyboard.press("Enter")
    expect(page.locator("#e1 .places li").first).to_contain_text("Kåre")
    page.keyboard.press("k")
    expect(page.locator("#e1")).to_contain_text("blir stående")
    page.keyboard.press("k")
    expect(page.locator("#e1 .becomes")).to_contain_text("Halvor")
    page.keyboard.press("m")
    page.keyboard.type("Åshild")
    page.keyboard.press("Enter")
    expect(page.locator("#e1")).to_have_count(0)
    listing = read_names_list(list_beside(listed.folder))
    assert listing.head(1).number == 2


def test_keys_and_buttons_undo_what_was_decided_on_the_list(opened: tuple[Page, Address], listed: Project) -> None:
    page, address = opened
    decided = len(listed.decisions())
    page.goto(f"{address}names")
    page.locator("#e1 tr").first.focus()
    page.keyboard.press("k")
    expect(page.locator("#e1")).to_contain_text("blir stående")
    page.locator("#name-find").fill("å")
    page.keyboard.press("Control+z")  # the field's own
    page.keyboard.press("Escape")
    expect(page.locator("#e1")).to_contain_text("blir stående")
    for undo, redo in (("z", "y"), ("Control+z", "Control+Shift+z")):
        page.keyboard.press(undo)
        expect(page.locator("#e1")).not_to_contain_text("blir stående")
        page.keyboard.press(redo)
        expect(page.locator("#e1")).to_contain_text("blir stående")
    page.get_by_role("button", name="Angre", exact=True).click()
    expect(page.locator("#e1")).not_to_contain_text("blir stående")
    page.get_by_role("button", name="Angre", exact=True).click()
    expect(page.locator("body")).to_contain_text("ingenting å angre i navnelisten")
    assert len(listed.decisions()) == decided


def test_a_word_is_selected_in_the_text_and_added(opened: tuple[Page, Address], listed: Project) -> None:
    page, address = opened
    page.goto(f"{address}names/text/2")
    page.evaluate(
        "() => { const text = [...document.querySelectorAll('#name-text p')].map((p) => p.lastChild)"
        ".find((node) => node.data?.includes('bestemmer')); const at = text.data.indexOf('bestemmer');"
        "getSelection().setBaseAndExtent(text, at, text, at + 9); }"
    )
    page.keyboard.press("l")
    expect(page.locator("#name-add [name=text]")).to_have_value("bestemmer")
    page.keyboard.press("Enter")
    expect(page.locator("#name-text mark", has_text="bestemmer").first).to_be_visible()
    assert "bestemmer" in {form for entry in read_names_list(list_beside(listed.folder)).heads for form in entry.forms}


def test_a_setting_and_a_name_are_kept(opened: tuple[Page, Address], listed: Project) -> None:
    page, address = opened
    page.goto(f"{address}settings")
    page.get_by_label("Nynorsk").check()
    expect(page.locator("html")).to_have_attribute("lang", "nn")
    page.wait_for_load_state()
    page.get_by_label("mørkt").check()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.wait_for_load_state()
    field = page.locator("#own-name input")
    field.fill("Åshild B.")
    field.press("Enter")
    expect(page.locator(".who")).to_contain_text("Åshild B.")
    with page.expect_download() as held:
        page.get_by_role("button", name="Last ned tryggingskopi").click()
    assert held.value.suggested_filename.startswith("p-sikkerhetskopi-")
    assert "Åshild B." in {coder.name for coder in listed.coders}
