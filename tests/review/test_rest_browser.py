"""«Kod resten automatisk» in a real browser: a promise, a sample judged by keys and by mouse, the rest coded, and all undone."""

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from autokode.corpus.model_coder import is_model
from autokode.project import Project
from autokode.project.active_learning.rest_standing import standing
from autokode.project.store.integrity import check
from browser_case import accessible, arrived, fits
from rest_case import CODE, judge_all, taught_rest_project
from review_case import everything, serving, window


def judge_one(page: Page, number: int) -> None:
    """Judge the answer that is shown by its key, and wait for the next."""
    shown = page.locator(".judge .quote")
    expect(page.locator(".judge .small").first).to_contain_text(f"{number} / ")
    arrived(page, shown)
    page.keyboard.press("a" if "penger" in shown.inner_text() else "x")
    expect(page.locator(".judge .small").first).to_contain_text(f"{number + 1} / ")


def by_models(project: Project) -> int:
    return sum(is_model(one.coder) for one in project.codings())


def test_the_rest_is_coded_after_a_blind_sample_and_undone(browser: Browser, tmp_path: Path) -> None:
    project = taught_rest_project(tmp_path / "p")
    with serving(project.folder) as (address, _process):
        page = window(browser, address, viewport={"width": 800, "height": 600})
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(f"{address}missed")
        page.get_by_role("link", name="Kod resten av en kode").click()
        page.locator("select[name=code]").select_option(CODE)
        page.locator("select[name=stated]").select_option("80")
        page.locator("input[name=size]").fill("25")
        fits(page)
        page.get_by_role("button", name="Trekk en stikkprøve").click()
        expect(page.locator(".judge")).to_be_visible()
        accessible(page, page.locator(".judge"))
        for number in (1, 2, 3):
            judge_one(page, number)
        expect(page.locator(".judge .quote")).to_be_focused()
        page.keyboard.press("z")
        expect(page.locator("#said")).to_contain_text("Angret: vurdert svar i stikkprøven")
        expect(page.locator(".judge .small").first).to_contain_text("3 / ")
        now = standing(project, project.known_coder("Kari"), CODE)
        assert now is not None and len(now.judged) == 2
        page.get_by_role("button", name="Har den ikke").focus()
        fits(page)
        page.set_viewport_size({"width": 360, "height": 640})
        fits(page)

        judge_all(project, project.known_coder("Kari"))
        page.reload()
        expect(page.locator("#verdict")).to_contain_text("Løftet holder")
        fits(page)
        before = everything(project)[0]  # type: ignore[index]
        page.get_by_role("button", name="Kod resten", exact=False).click()
        page.locator("#sure-yes").click()
        expect(page.locator("li", has_text="kodet av modell")).to_be_visible()
        count = by_models(project)
        assert count > 5
        page.keyboard.press("z")
        expect(page.locator("#said")).to_contain_text("Angret: resten kodet automatisk")
        expect(page.locator("#verdict")).to_contain_text("Løftet holder")
        assert everything(project)[0] == before  # type: ignore[index]
        page.keyboard.press("y")
        expect(page.locator("li", has_text="kodet av modell")).to_be_visible()
        assert by_models(project) == count

        page.goto(f"{address}interview/{project.source('to').id}")
        mark = page.locator(".by-model").first
        accessible(page, mark)
        expect(mark).to_contain_text("kodet av modell ")
        fits(page)
        assert wrong == []
        page.context.close()
    assert not check(project.folder)
