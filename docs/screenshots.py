"""Pictures of the page's main states, for docs/review and for the guide: `make screenshots`, from the example interviews."""

import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from autokode import read_study
from autokode.project import Project, Reviewer
from autokode.project.active_learning.evidence import explain
from autokode.project.active_learning.training_round import learn
from autokode.project.views.utterance_view import turns_shown

ROOT = Path(__file__).parents[1]
sys.path += [str(ROOT / "tests"), str(ROOT / "tests" / "support")]
from review_case import let_in, serving  # noqa: E402 - the tests' own way to start it
from start_case import started  # noqa: E402

FOLDER = ROOT / "docs" / "review"
GUIDE = ROOT / "docs" / "veileder" / "bilder"
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
            guide(page, address)
            page.emulate_media(color_scheme="dark")
            go(page, f"{address}interview/4?turn={SHOWN}")
            kept(page, "dark")
            page.emulate_media(color_scheme="light")
            page.set_viewport_size({"width": 480, "height": 900})
            go(page, f"{address}interview/4?turn={SHOWN}")
            kept(page, "narrow")
        start(browser, Path(place))
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


def guide(page: Page, address: str) -> None:
    """The pictures of the guide that are of a project."""
    GUIDE.mkdir(exist_ok=True)
    go(page, f"{address}interview/4?turn={SHOWN}")
    kept(page, "lese", GUIDE)
    go(page, f"{address}interviews")
    files = [ROOT / "training_data" / name for name in ("kontor_g.txt", "kontor_h.txt")]
    page.set_input_files("#files", [str(path) for path in files if path.exists()] or str(_some_text()))
    page.get_by_role("button", name="Ta inn alle").wait_for()
    kept(page, "intervjuer", GUIDE)
    page.locator("[data-send$='/drop']").first.wait_for()
    go(page, f"{address}codebook")
    page.locator("[role=treeitem] a").nth(10).click()
    page.wait_for_load_state("networkidle")
    kept(page, "kodebok", GUIDE)
    go(page, f"{address}search")
    page.locator("main input[type=search]").first.fill("stole på")
    page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1500)
    kept(page, "sok", GUIDE)
    go(page, f"{address}names")
    page.get_by_role("button", name="Finn navn").click()
    page.get_by_text("Les etter det som mangler").wait_for(timeout=120_000)
    kept(page, "navn", GUIDE)
    go(page, f"{address}agreement")
    page.get_by_text("Kode for kode").first.wait_for(timeout=120_000)
    kept(page, "samsvar", GUIDE)
    go(page, f"{address}report")
    page.get_by_label("Siter dem likevel").check()
    page.get_by_role("button", name="Lag filen").click()
    page.get_by_role("link", name="Last ned").wait_for(timeout=120_000)
    kept(page, "rapport", GUIDE)


def _some_text() -> Path:
    """An example interview that the project does not have."""
    return next(
        path for path in sorted((ROOT / "training_data").glob("kontor_[i-z].*")) if path.suffix in (".txt", ".docx")
    )


def start(browser: Browser, home: Path) -> None:
    """The start page, with a project and the example opened before."""
    with started(home / "hjem") as (address, _process):
        page = browser.new_page(viewport={"width": 1280, "height": 620}, reduced_motion="reduce")
        let_in(page.context, address)
        go(page, address)
        page.get_by_label("Hva heter du?").fill("Ingrid")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Prøv et eksempel").click()
        page.get_by_role("link", name="Intervjuer").wait_for()
        go(page, address)
        kept(page, "start", GUIDE)


def go(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_load_state("networkidle")


def kept(page: Page, name: str, folder: Path = FOLDER) -> None:
    page.wait_for_timeout(250)
    page.screenshot(path=folder / f"{name}.png")


if __name__ == "__main__":
    main()
