"""Pictures of the review page's main states: `make screenshots` writes docs/review/*.png from the example interviews."""

import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from autokode import read_study
from autokode.project import Project, Reviewer
from autokode.project.active_learning.evidence import explain
from autokode.project.active_learning.training_round import learn
from autokode.project.views.utterance_view import turns_shown

ROOT = Path(__file__).parents[1]
sys.path += [str(ROOT / "tests"), str(ROOT / "tests" / "support")]
from review_case import let_in, serving  # noqa: E402 - the tests' own way to start it

FOLDER = ROOT / "docs" / "review"
SHOWN = 23
"""Utterance to show, with all its suggestions undecided."""
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as play:
        project = made(Path(place) / "prosjekt")
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        with serving(project.folder, "--coder", "Anne") as (address, _process):
            page = browser.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
            let_in(page.context, address)
            light(page, address)
            page.emulate_media(color_scheme="dark")
            go(page, f"{address}interview/4?turn={SHOWN}")
            kept(page, "dark")
            page.emulate_media(color_scheme="light")
            page.set_viewport_size({"width": 480, "height": 900})
            go(page, f"{address}interview/4?turn={SHOWN}")
            kept(page, "narrow")
        browser.close()


def made(folder: Path) -> Project:
    """Make a project: Anne coded three interviews and decided about some of the fourth; Kari coded one blind."""
    study = read_study(ROOT / "training_data", names={f"kontor_{letter}" for letter in "abcdef"})
    project = Project.create(folder, study.codebook)
    for name, transcript in study.transcripts.items():
        project.add(transcript, office=study.offices[name])
    coded = [c for c in study.codings if c.segment.transcript in ("kontor_a", "kontor_b", "kontor_c")]
    project.add_codings([replace(c, coder="Anne") for c in coded])
    project.add_codings(
        [replace(c, coder="Kari") for c in coded if c.segment.transcript == "kontor_a" and c.code != "språk"]
    )
    anne = project.coder("Anne")
    learn(project, anne)
    explain(project, anne)
    reviewer = Reviewer(project, anne.id)
    source, given = project.source("kontor_d"), study.codes_by_utterance()
    cards = [(turn.number, card) for turn in turns_shown(project, anne, source.id) for card in turn.cards]
    for number, card in cards[:40]:
        if number == SHOWN:
            continue
        right = card.suggestion.code in given.get((source.name, number), ())
        (reviewer.accept if right else reviewer.reject)(card.suggestion.id)
        reviewer.read(source.id, number)
    return project


def light(page: Page, address: str) -> None:
    go(page, address)
    kept(page, "overview")
    go(page, f"{address}interview/4?turn={SHOWN}")
    kept(page, "reading")
    page.keyboard.press("c")
    page.keyboard.type("mat")
    kept(page, "choosing")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    kept(page, "keys")
    for name, path in (("list", "list?state=undecided&code=makt"), ("missing", "missed"), ("comparing", "compare/2")):
        go(page, address + path)
        kept(page, name)


def go(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_load_state("networkidle")


def kept(page: Page, name: str) -> None:
    page.wait_for_timeout(250)
    page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()
