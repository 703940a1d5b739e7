"""Listening in a real browser: a recording made here is found, linked, and played from the utterance a person is at."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from autokode.project import Project
from autokode.project.store.recordings import link_recording, recordings
from browser_case import accessible, fits
from conftest import ROOT
from review_case import serving, waited, window
from sound_case import recording, talk_project

pytestmark = pytest.mark.browser


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = talk_project(tmp_path)
    made.coder("Anne")
    with made.database.writing() as connection:  # one that has no time
        connection.execute("UPDATE utterance SET begin_s = NULL, end_s = NULL WHERE number = 2")
    return made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return recording(tmp_path / "gartneriet.wav", seconds=90)  # long: its parts come in several answers


@pytest.fixture
def page(project: Project, browser: Browser) -> Iterator[Page]:
    with serving(project.folder) as (address, _process):
        page = window(browser, address, viewport={"width": 1200, "height": 800})
        page.goto(f"{address}interview/1")
        yield page
        page.context.close()


def now(page: Page) -> float:
    return float(page.evaluate("document.querySelector('#sound').currentTime"))


def is_playing(page: Page) -> bool:
    return not page.evaluate("document.querySelector('#sound').paused")


def playing_from(page: Page, start: float) -> None:
    waited(lambda: is_playing(page) and start <= now(page) < start + 3, 10)


def test_it_plays_from_the_utterance_and_stops_after_it(page: Page, project: Project, file: Path) -> None:
    link_recording(project, project.known_coder("Anne"), 1, file)
    page.reload()
    expect(page.locator("#heard-at")).to_have_text("0:00 / 1:30")
    page.locator("#t1").focus()
    page.keyboard.press("h")
    playing_from(page, 2.0)
    expect(page.locator("#t1")).to_have_class("turn answer here saying")
    expect(page.locator("#t0")).not_to_have_class("saying")
    page.keyboard.press("Shift+H")
    waited(lambda: not is_playing(page))
    before = now(page)
    page.keyboard.press("b")
    assert now(page) == pytest.approx(max(0.0, before - 3), abs=0.01)
    page.keyboard.press("f")
    page.keyboard.press("f")
    assert now(page) == pytest.approx(max(0.0, before - 3) + 6, abs=0.01)
    page.locator("#t3 .time").click()
    playing_from(page, 8.0)
    page.locator("#one-utterance").check()
    waited(lambda: not is_playing(page), 10)
    assert now(page) == pytest.approx(11.5, abs=0.4)
    for _ in range(2):
        page.keyboard.press("+")
    assert page.evaluate("document.querySelector('#sound').playbackRate") == 1.5
    page.keyboard.press("-")
    waited(lambda: project.setting("speed – Anne") == "1.25")


def test_an_utterance_without_a_time_says_from_where_it_plays(page: Page, project: Project, file: Path) -> None:
    link_recording(project, project.known_coder("Anne"), 1, file, offset_s=20)
    page.reload()
    page.locator("#t2").focus()
    page.keyboard.press("h")
    expect(page.locator("#said")).to_contain_text("spiller fra den nærmeste før: 2")
    playing_from(page, 22.0)


def test_a_recording_is_found_linked_and_undone(page: Page, project: Project, file: Path) -> None:
    page.keyboard.press("h")
    expect(page.locator("#said")).to_contain_text("ikke knyttet til noe opptak")
    page.get_by_role("link", name="Opptak", exact=True).click()
    accessible(page, page.get_by_role("heading", name="Opptaket av gartneriet"))
    page.get_by_role("button", name="Knytt", exact=True).first.click()
    expect(page.get_by_role("heading", name="Knyttet til")).to_be_visible()
    assert [one.path for one in recordings(project).values()] == [file]
    page.keyboard.press("z")
    expect(page.get_by_role("heading", name="Knyttet til")).to_have_count(0)
    assert recordings(project) == {}


def test_a_file_that_goes_while_it_is_open_is_said(page: Page, project: Project, file: Path) -> None:
    link_recording(project, project.known_coder("Anne"), 1, file)
    file.rename(file.with_name("flyttet.wav"))
    page.reload()
    expect(page.locator("#recording-problem")).to_contain_text(str(file))
    file.with_name("flyttet.wav").rename(file)
    page.reload()
    expect(page.locator("#heard-at")).to_have_text("0:00 / 1:30")
    file.unlink()
    page.evaluate("document.querySelector('#sound').src += '?again'")  # what it has in memory is of the same address
    expect(page.locator("#wrong")).to_contain_text(str(file))


@pytest.mark.parametrize(("size", "scheme"), [((800, 600), "light"), ((390, 844), "dark")])
def test_it_fits_a_small_screen(page: Page, project: Project, file: Path, size: tuple[int, int], scheme: str) -> None:
    width, height = size
    link_recording(project, project.known_coder("Anne"), 1, file)
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.reload()
    expect(page.locator("#heard-at")).to_have_text("0:00 / 1:30")
    fits(page)
    accessible(page, page.locator("#player"))
    box = page.locator("#player").bounding_box()
    assert box is not None and box["y"] + box["height"] <= height + 1 and box["height"] < height / 4
    page.goto(page.url.replace("interview/1", "interviews/1/recording"))
    fits(page)
    accessible(page, page.locator("#recording"))


@pytest.mark.parametrize(
    "sample", sorted((ROOT / "tests" / "cases" / "recordings").iterdir()), ids=lambda path: path.suffix
)
def test_other_kinds_of_recordings_play(page: Page, project: Project, sample: Path) -> None:
    link_recording(project, project.known_coder("Anne"), 1, sample)  # six seconds of one tone
    page.reload()
    expect(page.locator("#heard-at")).to_have_text("0:00 / 0:06")
    page.locator("#t1").focus()
    page.keyboard.press("h")
    playing_from(page, 2.0)
