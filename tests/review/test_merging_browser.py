"""A colleague's project is merged in a real browser: looked at first, merged, and taken back."""

import shutil
from pathlib import Path

from playwright.sync_api import Page, expect

from autokode.project import Project, Reviewer
from known_case import known
from review_case import Address


def theirs(project: Project, folder: Path) -> Path:
    """A copy of the project in which Bo read and coded one answer, as the file that he sends."""
    shutil.copytree(project.folder, folder)
    copy = Project.open(folder)
    source = copy.source("kontor_a")
    number = copy.transcript("kontor_a").answers[0]
    turn = copy.transcript("kontor_a").utterances[number]
    bo = Reviewer(copy, copy.coder("Bo", blind=True).id)
    bo.code(source.id, turn.start, turn.end, copy.codebook.codable[0])
    bo.read(source.id, number)
    return folder / "autokode.db"


def test_a_colleagues_project_is_looked_at_merged_and_taken_back(
    page: Page, address: Address, project: Project, tmp_path: Path
) -> None:
    file = theirs(project, tmp_path / "bo")
    before = {key: value for key, value in known(project).items() if key != "coders"}
    page.goto(f"{address}import")
    page.set_input_files("#file", {"name": "fra Bo.db", "mimeType": "application/x", "buffer": file.read_bytes()})
    made = page.locator("#made")
    expect(made).to_contain_text("Dette møtes", timeout=60_000)
    expect(made).to_contain_text("De to er kopier av ett prosjekt.")
    expect(made).to_contain_text("Bo: 1 koding, 1 svar lest")
    expect(made).to_contain_text("ny her, koder blindt")
    assert project.codings("Bo") == ()
    made.get_by_role("button", name="Slå sammen").press("Enter")
    expect(made).to_contain_text("Slått sammen", timeout=60_000)
    assert len(project.codings("Bo")) == 1
    made.get_by_role("button", name="Ta tilbake sammenslåingen").click()
    page.get_by_role("button", name="Ja, gjør det").click()
    expect(made).to_contain_text("Velg en fil")
    assert {key: value for key, value in known(project).items() if key != "coders"} == before
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_file_that_is_no_project_is_refused(page: Page, address: Address, project: Project) -> None:
    page.goto(f"{address}import")
    page.set_input_files("#file", {"name": "notat.db", "mimeType": "application/x", "buffer": b"Ikke et prosjekt."})
    expect(page.locator("#made")).to_contain_text("er skadet eller ikke et prosjekt", timeout=60_000)
    expect(page.locator("#made")).to_contain_text("Ingenting er tatt inn.")
