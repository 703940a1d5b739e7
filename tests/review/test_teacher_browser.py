"""The page in a real browser tells that a teacher was used, by its name, and stays the same without one."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from autokode.cli import run
from review_case import copied, serving, waited, window
from teacher_case import chat, served


def never_and_always(request: dict[str, Any]) -> bytes:
    """The answer of a model that gives a code where it reads its name's first letters; enough to agree on some."""
    told = json.loads(request["messages"][1]["content"])
    said = f"{told['question']} {told['answer']}".lower()
    words = {"makt": ("makt", "penge", "bestem"), "språk": ("språk", "ord"), "brukerbegrepet": ("bruker",)}
    return chat([code for code, parts in words.items() if any(part in said for part in parts)])


def test_the_overview_names_the_teacher(
    made: Path, browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTOKODE_CACHE", str(tmp_path / "cache"))
    project = copied(made, tmp_path / "prosjekt")
    words = ["learn", "--project", str(project.folder)]
    with served(never_and_always) as server:
        assert run([*words, "--teacher", server.address, "--teacher-model", "<b>stubb</b>"]) == 0
    with serving(project.folder, "--coder", "Anne") as (address, _process):
        page = window(browser, address)
        page.goto(address)
        learnt = page.get_by_text("Modellen har lært av")
        expect(learnt).to_contain_text("og av koder fra læreren «<b>stubb</b> (127.0.0.1)».")
        page.context.close()


def test_a_teacher_is_asked_from_the_page(
    made: Path, browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTOKODE_CACHE", str(tmp_path / "cache"))
    project = copied(made, tmp_path / "prosjekt")
    with served(never_and_always) as server, serving(project.folder, "--coder", "Anne") as (address, _process):
        page = window(browser, address, viewport={"width": 800, "height": 600})
        page.goto(address + "settings")
        form = page.locator("#teacher")
        form.get_by_label("Hva serveren kaller modellen").fill("stubb")
        form.get_by_role("button", name="Mål den, og lær med den").click()
        assert server.requests == []  # the box is not ticked
        form.get_by_label("Programmet på adressen får").check()
        form.get_by_label("Adressen på denne maskinen").fill("http://example.org/v1")
        form.get_by_role("button", name="Mål den, og lær med den").click()
        expect(page.get_by_text("example.org er ikke denne maskinen").first).to_be_visible()
        form.get_by_label("Adressen på denne maskinen").fill(server.address)
        expect(form.get_by_label("Hva serveren kaller modellen")).to_have_value("stubb")
        form.get_by_label("Programmet på adressen får").check()
        form.get_by_role("button", name="Mål den, og lær med den").click()
        waited(lambda: bool(server.requests) and "Læreren «stubb (127.0.0.1)»" in told(page, address))
        assert all(json.loads(one["messages"][1]["content"])["answer"] for one in server.requests)
        page.context.close()


def told(page: Page, address: str) -> str:
    page.goto(address + "settings")
    return str(page.locator("#teacher").inner_text())
