"""Variables in a real browser: pasted, undone, typed in, in a table that leads to its quotes, and chosen in a file."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from autokode.project import Project
from autokode.project.store.variables import values_of
from browser_case import accessible, arrived, fits
from review_case import Address

pytestmark = pytest.mark.slow

SHEET = "intervju\tBølge\nkontor_a\t1\nkontor_b\t2\nkontor_c\t2\n"


def test_values_are_pasted_undone_typed_in_and_counted(page: Page, project: Project, address: Address) -> None:
    page.goto(f"{address}interviews")
    page.get_by_role("link", name="Variabler …").click()
    arrived(page, page.get_by_role("heading", name="Variabler", exact=True))
    page.locator("textarea[name=text]").fill(SHEET)
    page.get_by_role("button", name="Se hva som endres").click()
    expect(page.locator("#plan tbody tr")).to_have_count(3)
    accessible(page, page.locator("#plan"))
    assert not values_of(project).variables
    page.get_by_role("button", name="Lagre (3)").click()
    expect(page.locator("#all-variables h2", has_text="Bølge")).to_be_visible()
    expect(page.locator("#plan tbody tr")).to_have_count(0)
    page.get_by_role("heading", name="Variabler", exact=True).click()
    for _step in range(2):
        page.keyboard.press("z")
    expect(page.locator("#all-variables h2", has_text="Bølge")).to_have_count(0)
    for _step in range(2):
        page.keyboard.press("y")
    expect(page.locator("#all-variables .chip")).to_have_text(["1 1", "2 2"])
    page.get_by_role("link", name="Gi verdier kontor_c").click()
    arrived(page, page.get_by_role("heading", name="Verdier for kontor_c"))
    page.locator("input[name='value[]']").first.fill("3")
    page.locator("input[name='value[]']").first.press("Enter")
    expect(page.locator("#said")).to_contain_text("Lagret, verdier: 1")
    page.get_by_role("link", name="Alle variabler").click()
    arrived(page, page.get_by_role("link", name="Koder mot Bølge"))
    page.get_by_role("link", name="Koder mot Bølge").press("Enter")
    arrived(page, page.locator("table.crossed"))
    for width in (1280, 380):
        page.set_viewport_size({"width": width, "height": 700})
        fits(page)
    page.locator("table.crossed td a").first.click()
    accessible(page, page.locator("#quotes"))
    with page.expect_download() as held:
        page.get_by_role("link", name=".xlsx").click()
    assert held.value.suggested_filename == "koder-og-verdier.xlsx"


def test_a_sheet_is_chosen_in_a_file_and_one_that_is_none_is_refused(
    page: Page, project: Project, address: Address, tmp_path: Path
) -> None:
    sheet, picture = tmp_path / "ark.csv", tmp_path / "bilde.csv"
    sheet.write_text("\ufeffintervju;Rolle\nkontor_a;leder\n", encoding="utf-8")
    picture.write_text("en;to\n1;2\n", encoding="utf-8")
    page.goto(f"{address}variables")
    page.locator("#sheet-file").set_input_files(picture)
    expect(page.get_by_role("alert").filter(has_text="ingen kolonne sier")).to_be_visible()
    page.locator("#sheet-file").set_input_files(sheet)
    page.get_by_role("button", name="Lagre (1)").click()
    expect(page.locator("#all-variables .chip")).to_have_text(["leder 1"])
    page.goto(f"{address}list")
    page.locator("select[name=having]").select_option(label="leder")
    assert values_of(project).variables[0].name == "Rolle"
