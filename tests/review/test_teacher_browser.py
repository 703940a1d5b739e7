"""The page in a real browser tells that a teacher was used, by its name, and stays the same without one."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from autokode.cli import run
from review_case import copied, serving, window
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
