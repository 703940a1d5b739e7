"""A small coded project with something on every screen, and the screens' addresses, by endpoint.

What is said in it is English, so that a word of the interface that is not in its language can be told from it.
"""

from pathlib import Path

from playwright.sync_api import Page

from autokode import Codebook, Transcript
from autokode.corpus.readers.source import Source
from autokode.corpus.transcript import from_source
from autokode.exchange.export_files import write_export
from autokode.exchange.package_files import read_package
from autokode.exchange.package_import import import_package
from autokode.project import Project, Reviewer
from autokode.project.store.new_version import bring_version, following
from autokode.project.store.variable_changes import Cell, set_values
from autokode.pseudonym.kinds import Kind
from names_case import put_list
from review_case import suggest_by_hand

BOOK = "koder:\n  - navn: work\n    koder:\n      - navn: makt\n      - navn: språk\n"
"""The two codes that `suggest_by_hand` suggests."""
SAID = "Q: What do you do?\nKari: Coffee first. Then the telephone.\nQ: And then?\nKari: Then we talk with people.\n"
NAMED = ((Kind.PERSON, ("Kari",), "Tone", 1.0), (Kind.PERSON, ("Coffee",), "Eli", 0.5))
MENDED = SAID.replace("Then we talk", "After that we talk")
NEWER = MENDED.replace("with people", "with somebody")

WORK_MS = 120_000
"""How long to wait for a report or the like, which a process makes."""

SCREENS = {
    "pages.overview": [""],
    "pages.interview": ["interview/1?turn=1", "interview/1?turn=3"],
    "agreement.overview": ["agreement"],
    "agreement.comparison": ["compare/2"],
    "codebook.overview": ["codebook"],
    "coders.overview": ["coders"],
    "errands.view": [],
    "guide.overview": ["guide"],
    "guide.chapter": [],
    "interviews.about": ["interviews/1"],
    "interviews.overview": ["interviews"],
    "listening.about": ["interviews/1/recording"],
    "memos.overview": ["memos", "memos?kind=code"],
    "missing.overview": ["missed"],
    "names.overview": ["names"],
    "names.text": ["names/text/1"],
    "names.preview": ["names/preview"],
    "names.checked": ["names/check"],
    "proposals.overview": ["proposals"],
    "removal.interview": ["interviews/1/remove"],
    "removal.project": ["close"],
    "rest.overview": ["rest"],
    "report.overview": ["report", "report?what=methods", "report?what=export"],
    "search.overview": ["search"],
    "settings.overview": ["settings"],
    "standing.overview": ["standing"],
    "suggestions.overview": ["list"],
    "taking_in.overview": ["import"],
    "survey.overview": ["survey"],
    "variables.overview": ["variables"],
    "variables.of": ["variables/of/1"],
    "variables.table": ["variables/table/1"],
    "versions.look": [],
    "versions.before": [],
}
"""Endpoint → addresses of a project's screens. Those that hold a sign or a number are found on the page."""

START_SCREENS = {
    "home.overview": [""],
    "home.new": ["new"],
    "home.find": ["open"],
    "home.who": [],
    "guide.overview": ["guide"],
    "guide.chapter": [],
}
"""The same of «Mine prosjekter»."""

NO_SCREENS = {
    "start": "before somebody is let in",
    "static": "files",
    "guide.shown": "a picture",
    "pages.colours": "a style sheet",
    "pages.next_turn": "leads on",
    "versions.original": "leads on",
    "missing.by_chance": "leads on",
    "pages.turn": "a piece of a page",
    "names.places": "a piece of a page",
    "removal.contents": "a piece of a page",
    "missing.found": "a piece of a page",
    "pages.span": "data",
    "pages.same": "data",
    "pages.news": "data",
    "names.state": "data",
    "errands.state": "data",
    "listening.state": "data",
    "listening.sound": "a file",
    "errands.file": "a file",
    "memos.file": "a file",
    "settings.backup": "a file",
    "variables.form_file": "a file",
    "variables.matrix_file": "a file",
    "variables.table_file": "a file",
}
"""Endpoint → what it answers with, where that is no screen."""


def said(name: str, text: str = SAID) -> Transcript:
    return from_source(Source(text), name, interviewers=["Q"])


def full_project(folder: Path) -> Project:
    """Two coders, suggestions, memos, an interview with a new version, an imported one, and a list of names."""
    project = Project.create(folder, Codebook.from_yaml(BOOK))
    for name in ("one", "two"):
        project.add(said(name), office="north")
    anne, kari = (Reviewer(project, project.coder(name).id) for name in ("Anne", "Kari"))
    suggest_by_hand(project, "one")
    anne.accept(1)
    anne.reject(2)
    for about in ("turn/1/1", "code/makt", "transcript/1", "project"):
        anne.memo(about, "To be thought of.")
    one = project.transcript("one").utterances[1]
    kari.code(1, one.start, one.end, "språk")
    anne.read(1, 1)
    kari.read(1, 1)
    told = following(project, 1, said("one", MENDED))
    bring_version(project, project.coder("Anne"), 1, said("one", MENDED), saw=told.mark)
    import_package(project, read_package(exported(folder.with_name("other"), "three")))
    suggest_by_hand(project, "two")
    put_list(project, NAMED, ("Telephone",))
    set_values(project, project.coder("Anne"), [Cell(1, "", "Age", "30–49"), Cell(2, "Kari", "Age", "50+")])
    return project


def exported(folder: Path, name: str) -> Path:
    """A project file with one coded interview of that name."""
    other = Project.create(folder, Codebook.from_yaml(BOOK))
    other.add(said(name))
    one = other.transcript(name).utterances[1]
    berit = Reviewer(other, other.coder("Berit").id)
    berit.code(1, one.start, one.end, "makt")
    berit.read(1, 1)
    path = folder.with_suffix(".qdpx")
    write_export(other, path)
    return path


def walk(page: Page, root: str, package: Path) -> dict[str, list[str]]:
    """Endpoint → the whole addresses of a project's screens, once each has something to show.

    Args:
        page: of the project.
        root: the project's address.
        package: a file that import shows.
    """
    found = {endpoint: [root + path for path in paths] for endpoint, paths in SCREENS.items()}
    page.goto(f"{root}interviews/1")
    found["versions.before"] += [link_at(page, "Teksten før")]
    page.set_input_files("#version-file", {"name": "one.txt", "mimeType": "text/plain", "buffer": NEWER.encode()})
    page.get_by_role("button", name="Ta inn den nye utgaven").wait_for()
    found["versions.look"] += [page.url]
    page.goto(f"{root}interviews")
    page.set_input_files("#files", {"name": "four.txt", "mimeType": "text/plain", "buffer": SAID.encode()})
    page.get_by_role("link", name="four.txt").wait_for()
    found["interviews.overview"] += [link_at(page, "four.txt")]
    page.goto(f"{root}codebook")
    found["codebook.overview"] += [str(page.get_by_role("treeitem").nth(1).locator("a").evaluate("link => link.href"))]
    page.goto(f"{root}guide")
    found["guide.chapter"] += [str(page.locator(".chapters a").last.evaluate("link => link.href"))]
    page.goto(f"{root}search")
    page.locator("#search-text").fill("coffee")
    page.keyboard.press("Enter")
    page.locator(".hit").first.wait_for()
    found["search.overview"] += [page.url]
    page.goto(f"{root}report")
    page.get_by_label("Siter dem likevel").check()
    page.get_by_role("button", name="Lag filen, og se på den").click()
    page.get_by_role("link", name="Se på rapporten").wait_for(timeout=WORK_MS)
    found["errands.view"] += [link_at(page, "Se på rapporten")]
    page.goto(f"{root}report?what=export")
    page.get_by_label(".csv").check()
    page.get_by_role("button", name="Lag filen, og se på den").click()
    page.locator("#made table").wait_for(timeout=WORK_MS)
    page.goto(f"{root}import")
    page.set_input_files("#file", package)
    page.get_by_role("button", name="Ta inn").wait_for(timeout=WORK_MS)
    page.goto(f"{root}agreement")
    page.locator("#figures table").wait_for(timeout=WORK_MS)
    return found


def link_at(page: Page, name: str) -> str:
    """Where a link leads."""
    return str(page.get_by_role("link", name=name).first.evaluate("link => link.href"))
