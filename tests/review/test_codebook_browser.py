"""The codebook in a browser, by mouse and by keys: codes move, nothing written is lost, a selection becomes a code."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from autokode.project import Project
from browser_case import arrived
from review_case import Address


@pytest.fixture
def book(page: Page, address: Address) -> Iterator[Page]:
    page.goto(f"{address}codebook")
    yield page


def order(page: Page, count: int = 4) -> list[str | None]:
    return [item.get_attribute("data-code") for item in page.get_by_role("treeitem").all()[:count]]


def test_codes_move_by_keys_and_by_dragging_and_come_back(book: Page) -> None:
    first = order(book)
    book.get_by_role("treeitem").first.focus()
    book.keyboard.press("ArrowDown")
    book.keyboard.press("Alt+ArrowDown")
    expect(book.get_by_role("treeitem").nth(1)).to_have_attribute("data-code", str(first[2]))
    expect(book.get_by_role("treeitem").nth(2)).to_be_focused()
    book.keyboard.press("z")
    expect(book.get_by_role("treeitem").nth(1)).to_have_attribute("data-code", str(first[1]))
    dragged, to = book.get_by_role("treeitem").nth(3), book.get_by_role("treeitem").nth(1)
    dragged.drag_to(to, target_position={"x": 60, "y": 2})
    expect(book.get_by_role("treeitem").nth(1)).to_have_attribute("data-code", str(first[3]))
    book.keyboard.press("z")
    expect(book.get_by_role("treeitem").nth(3)).to_have_attribute("data-code", str(first[3]))


def test_what_is_written_is_kept_until_it_is_stored(book: Page, project: Project) -> None:
    code = str(order(book)[1])
    book.get_by_role("treeitem").nth(1).focus()
    book.keyboard.press("Enter")
    arrived(book, book.get_by_role("heading", name=code))
    book.get_by_label("Definisjon").fill("Skrevet nå.")
    book.get_by_role("treeitem").nth(1).focus()
    book.keyboard.press("Alt+ArrowDown")
    expect(book.locator("#said")).to_contain_text("Lagre det du har skrevet først")
    book.get_by_role("button", name="Angre").click()  # something else is taken back meanwhile, or nothing
    expect(book.get_by_label("Definisjon")).to_have_value("Skrevet nå.")
    book.locator("#texts-of-code").get_by_role("button", name="Lagre").click()
    expect(book.locator("#said")).to_contain_text("Lagret")
    assert project.codebook[code].definition == "Skrevet nå."


def test_a_code_is_made_split_and_deleted_without_a_mouse(book: Page, project: Project) -> None:
    book.get_by_label("Ny kode", exact=True).focus()
    book.keyboard.type("helt ny")
    book.keyboard.press("Enter")
    arrived(book, book.get_by_role("heading", name="helt ny"))
    assert "helt ny" in project.codebook
    book.get_by_role("button", name="Slett").focus()
    book.keyboard.press("Enter")
    expect(book.locator("#sure-text")).to_contain_text("Slette «helt ny»?")
    book.keyboard.press("Tab")
    book.locator("#sure").get_by_role("button").first.press("Enter")
    expect(book.get_by_role("heading", name="helt ny")).to_be_hidden()
    assert "helt ny" not in project.codebook


def test_a_selection_becomes_a_code_and_is_undone(page: Page, project: Project) -> None:
    page.locator("#t1 .text span").first.dblclick()
    page.keyboard.press("Shift+V")
    expect(page.locator("#vivo-name")).to_be_focused()
    page.locator("#vivo-name").fill("sagt selv")
    page.keyboard.press("Enter")
    expect(page.locator("#t1 .coding", has_text="sagt selv")).to_be_visible()
    expect(page.locator("#codes", has_text="sagt selv")).to_be_visible()
    page.keyboard.press("z")
    expect(page.locator("#t1 .coding", has_text="sagt selv")).to_have_count(0)
    expect(page.locator("#codes", has_text="sagt selv")).to_have_count(0)
    assert "sagt selv" not in project.codebook


def test_a_name_that_no_code_has_makes_one(page: Page, project: Project) -> None:
    page.locator("#t1").focus()
    page.keyboard.press("l")
    page.keyboard.type("makt")
    expect(page.locator("#choose-new")).to_be_hidden()  # there is one
    page.keyboard.type(" over ventetid")
    expect(page.locator("#choose-new")).to_have_text("Lag ny kode «makt over ventetid»")
    page.keyboard.press("Enter")
    expect(page.locator("#t1 .coding", has_text="makt over ventetid")).to_be_visible()
    assert "makt over ventetid" in project.codebook
    page.keyboard.press("l")
    page.keyboard.type("over vente")
    page.keyboard.press("Escape")
    page.keyboard.press("c")  # a coding gets another code only from those that are there
    page.keyboard.type("enda en")
    expect(page.locator("#choose-new")).to_be_hidden()


def test_a_code_is_made_by_mouse_from_the_selection_or_the_utterance(page: Page, project: Project) -> None:
    page.locator("#t1 .text span").first.dblclick()
    page.locator("aside").get_by_role("button", name="Ny kode").click()
    assert page.locator("#vivo-name").input_value()
    page.locator("#vivo-name").fill("sagt selv")
    page.get_by_role("button", name="Lag koden og gi den").click()
    expect(page.locator("#t1 .coding", has_text="sagt selv")).to_be_visible()
    page.locator("aside").get_by_role("button", name="Ny kode").click()
    expect(page.locator("#vivo-quote")).to_have_text("Hele ytringen")
    expect(page.locator("#vivo-name")).to_have_value("")
    expect(page.locator("#vivo-above")).to_have_value("")  # also when the list was renewed
    page.locator("#vivo-name").fill("alt hun sa")
    page.keyboard.press("Enter")
    expect(page.locator("#t1 .coding", has_text="alt hun sa")).to_be_visible()
    page.locator("#t1 .text span").first.dblclick()
    page.keyboard.press("v")  # with a selection, as good as Shift+V
    expect(page.locator("#vivo-name")).to_be_focused()
