"""After the page is closed nothing of the interviews and memos is in the browser's profile, nor in the terminal."""

import re
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from autokode import Codebook
from autokode.corpus.readers.source import Source
from autokode.corpus.transcript import from_source
from autokode.project import Project
from autokode.review import app
from autokode.review.session import Session
from profile_case import browser_with, left_in
from review_case import HOST, TOKEN, client_of, let_in, serving, suggest_by_hand

NAMES = ("Solveig Øverås", "Bydel Fjordgløtt", "Torgeir")
SAID = ("Vi melker knallrøde snøfreserkyr tidlig om morgenen.", "Det går i ett med grisetrynefôring hele dagen.")
TEXT = f"I: Hvordan går det i fjøset?\nTorgeir: {SAID[0]}\nI: Og ellers?\nTorgeir: {SAID[1]}\n"
STORED, UNSTORED, SOUGHT = "Hemmelig tanke om kvaltefjell", "Halvferdig tanke om blåveismyr", "lyngheisøk"
SECRETS = {*NAMES, *SAID, STORED, UNSTORED, SOUGHT, "Øverås", "Fjordgløtt", "snøfreserkyr", "grisetrynefôring"}
SECRETS |= {"kvaltefjell", "blåveismyr", "om morgenen"}
CARELESS = "Vanlig side med rødspettemarsj"

TEMPLATES = Path(app.__file__).with_name("templates")

NOT_OFF = """() => [...document.querySelectorAll("input, select, textarea")].filter(
    (one) => (one.getAttribute("autocomplete") ?? one.form?.getAttribute("autocomplete")) !== "off"
).map((one) => one.outerHTML)"""


class Careless(BaseHTTPRequestHandler):
    """A page as others write them: browsers keep its text, its title and what is typed in it."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Cache-Control", "max-age=999")
        self.end_headers()
        self.wfile.write(f"<title>ærfuglfjær</title><p>{CARELESS}</p><textarea></textarea>".encode())

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


@pytest.fixture
def farm(tmp_path: Path) -> Project:
    project = Project.create(tmp_path / "p", Codebook.from_yaml("koder:\n  - navn: makt\n  - navn: språk\n"))
    for name, office, text in ((*NAMES[:2], TEXT), ("intervju_2", "annet", TEXT.replace("fjøset", "låven"))):
        project.add(from_source(Source(text), name, interviewers=["I"]), office=office)
    suggest_by_hand(project, NAMES[0])
    return project


def write_memo(page: Page, text: str) -> None:
    page.locator(".turn.answer").first.focus()
    page.keyboard.press("m")
    expect(page.locator("#memo")).to_be_visible()
    page.locator("#memo-text").fill(text)


def use(page: Page, place: str) -> None:
    """Use all of the page: every view, the list by speaker, a code sought, a decision, a memo stored and one that is not."""
    for view in ("", "missed", "list", "interview/1?turn=1"):
        page.goto(f"{place}{view}")
        assert page.evaluate(NOT_OFF) == []
    page.keyboard.press("a")
    page.locator("#find").fill(SOUGHT)
    write_memo(page, STORED)
    page.get_by_role("button", name="Lagre").click()
    expect(page.locator(".turn.answer .note").first).to_contain_text(STORED)
    page.goto(f"{place}list")
    page.locator("select[name=speaker]").select_option(label="Torgeir")
    page.locator("select[name=office]").select_option(label=NAMES[1])
    page.locator("form.filters button").click()
    expect(page.locator("main")).to_contain_text("knallrøde")
    page.goto(f"{place}interview/1")
    page.locator("#find").fill(SOUGHT)
    write_memo(page, UNSTORED)
    page.wait_for_timeout(3000)  # Chromium writes what a page's fields hold a while after they changed


@pytest.mark.slow
def test_a_profile_and_the_terminal_keep_nothing(farm: Project, tmp_path: Path) -> None:
    profile, careless = tmp_path / "profil", HTTPServer(("127.0.0.1", 0), Careless)
    threading.Thread(target=careless.serve_forever, daemon=True).start()
    with serving(farm.folder, "--coder", "Anne") as (address, process):
        with browser_with(profile) as context:
            page = context.pages[0] if context.pages else context.new_page()
            page.goto(f"http://127.0.0.1:{careless.server_port}/")
            page.locator("textarea").fill("skjærgårdsgrus")
            other = context.new_page()
            other.goto(address.file.as_uri())
            other.wait_for_url(f"{address}**")
            let_in(context, address)
            use(other, address)
        process.terminate()
        told = "".join(process.communicate())
    careless.shutdown()
    careless.server_close()
    kept = left_in(profile, {*SECRETS, CARELESS, "ærfuglfjær", "skjærgårdsgrus"})
    assert set(kept) == {CARELESS, "ærfuglfjær", "skjærgårdsgrus"}, kept  # the browser keeps, and it would be found
    assert not [one for one in SECRETS if one in told]
    assert (tmp_path / "p" / "autokode.db").read_bytes().count(STORED.encode()) > 0


def test_no_answer_is_kept_and_no_field_is_remembered(farm: Project) -> None:
    """What browsers are told: to store no answer, and to remember nothing typed or chosen, even to restore a window."""
    client = client_of(Session(farm, farm.coder("Anne")))
    paths = (
        "",
        "interview/1",
        "list",
        "missed",
        "next",
        "news",
        "static/review.js",
        "colours.css",
        "nothing",
        "interview/99",
    )
    for path in paths:
        answer = client.get(f"/{TOKEN}/{path}", base_url=f"http://{HOST}")
        assert answer.headers["Cache-Control"] == "no-store", path
    for path in ("/", "/elsewhere"):
        assert client.get(path, base_url=f"http://{HOST}").headers["Cache-Control"] == "no-store"
    for template in TEMPLATES.glob("*.html"):
        text = template.read_text(encoding="utf-8")
        for form in re.findall(r"<form[^>]*>", text):
            assert 'autocomplete="off"' in form or template.name == "start.html", (template.name, form)
            # sent by the script alone: before it has run, a browser would put what was written into the address
            assert 'method="dialog"' in form or "data-send" not in form, (template.name, form)
        for field in re.findall(r"<(?:textarea|input)[^>]*>", text):
            assert 'autocomplete="off"' in field or template.name == "suggestions.html", (template.name, field)
