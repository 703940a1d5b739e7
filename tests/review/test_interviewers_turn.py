"""Codings on what an interviewer says are shown where they stand, can be taken away there, and are counted alike everywhere."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from autokode.cli import run
from autokode.corpus.codebook import Codebook
from autokode.corpus.readers import Source
from autokode.corpus.transcript import from_source
from autokode.project import Project, Reviewer
from autokode.review.session import Session
from review_case import client_of, get, post, serving, window

TEXT = "I: Hva gjør du på kaia?\nSiv: Jeg fisker mye torsk.\nI: Fint, og du?\nAsk: Jeg jobber der hele dagen.\n"
BOOK = "koder:\n  - navn: makt\n    farge: '#aa3377'\n  - navn: språk\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Anne coded one question, an answer, and a stretch over question and answer."""
    own = Project.create(tmp_path / "p", Codebook.from_yaml(BOOK))
    own.add(from_source(Source(TEXT), "kai", interviewers=["I"]), pseudonymised=True)
    anne = Reviewer(own, own.coder("Anne").id)
    for quote, code in (("Hva gjør du på kaia?", "makt"), ("fisker", "makt"), ("og du?\nAsk: Jeg jobber", "språk")):
        start = TEXT.index(quote)
        anne.code(1, start, start + len(quote), code)
    anne.read(1, 1)
    anne.read(1, 3)
    return own


def shown(html: str) -> list[tuple[int, str]]:
    """(utterance, code) of the codings in the margin."""
    turns = re.split(r'<article class="turn ', html)[1:]
    numbered = [(int(re.findall(r'data-number="(\d+)"', turn)[0]), turn) for turn in turns]
    return [(n, code) for n, turn in numbered for code in re.findall(r'data-coding="\d+" data-code="(\w+)"', turn)]


def test_it_is_in_the_margin_with_its_colour_and_can_be_removed(project: Project) -> None:
    client = client_of(Session(project, project.coder("Anne")))
    page = get(client, "interview/1")[1]
    assert shown(page) == [(0, "makt"), (1, "makt"), (2, "språk"), (3, "språk")]
    asked = page.split('<article class="turn ')[1]
    assert 'class="item coding rgb-aa3377"' in asked and 'data-do="read"' not in asked
    number = int(re.findall(r'data-coding="(\d+)"', asked)[0])
    status, answer = post(client, f"coding/{number}", {"said": "remove"})
    assert status == 200 and shown(str(answer["turns"]["0"])) == []  # type: ignore[index]
    assert post(client, "undo", {})[0] == 200
    assert shown(get(client, "interview/1")[1]) == [(0, "makt"), (1, "makt"), (2, "språk"), (3, "språk")]


def test_everybody_counts_the_same(project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    client, place = client_of(Session(project, project.coder("Anne"))), ["--project", str(project.folder)]
    assert run(["status", *place]) == 0
    assert "2 av 2 svar lest, 3 kodinger" in capsys.readouterr().out
    assert len(re.findall(r'data-coding="(\d+)"', get(client, "interview/1")[1])) == 4  # one of them in two turns
    assert len(set(re.findall(r'data-coding="(\d+)"', get(client, "interview/1")[1]))) == 3
    assert get(client, "list")[1].count("<tr>") - 1 == 3  # and the head
    assert run(["report", *place, "--out", str(tmp_path / "r.html")]) == 0
    told = "1 koding står bare i intervjuernes ytringer, og er ikke talt med (makt 1)"
    assert told in capsys.readouterr().out
    written = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "3 kodinger" in written and told in written


def test_in_a_browser_by_keys_and_mouse(project: Project, browser: Browser) -> None:
    with serving(project.folder, "--coder", "Anne") as (address, _process):
        page = window(browser, address, viewport={"width": 1300, "height": 850})
        page.goto(f"{address}interview/1")
        own = page.locator("#t0 .coding")
        expect(own).to_have_attribute("data-code", "makt")
        own.click()
        page.keyboard.press("x")
        expect(own).to_have_count(0)
        page.keyboard.press("z")
        expect(own).to_have_count(1)
        own.get_by_role("button", name="Fjern").click()
        expect(own).to_have_count(0)
        page.locator("#t0").click()
        page.locator("#codes button", has_text="språk").click()  # the whole turn, as with an answer
        expect(own).to_have_attribute("data-code", "språk")
        page.context.close()
    assert ("språk", "Hva gjør du på kaia?") in {(one.code, one.segment.quote) for one in project.codings("Anne")}
