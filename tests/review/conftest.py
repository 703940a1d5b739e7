"""The projects, clients and browser windows that the tests of the page share."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from autokode.project import Project
from autokode.review.session import Session
from review_case import (
    OPEN,
    PATIENCE_MS,
    Address,
    client_of,
    copied,
    made_project,
    once_loaded,
    serving,
    taught_project,
    window,
)

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

expect.set_options(timeout=PATIENCE_MS)
for _name in ("focus", "press"):  # as `review_case.keys_wait` does for keys
    setattr(Locator, _name, once_loaded(getattr(Locator, _name)))


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_project(tmp_path_factory.mktemp("project") / "prosjekt").folder


@pytest.fixture(scope="session")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return taught_project(tmp_path_factory.mktemp("taught") / "prosjekt").folder


@pytest.fixture
def project(made: Path, tmp_path: Path) -> Project:
    """Three interviews, the third with suggestions made by hand."""
    return copied(made, tmp_path / "prosjekt")


@pytest.fixture
def client(project: Project) -> FlaskClient:
    """Anne's page, which learns nothing: learning has tests of its own."""
    session = Session(project, project.coder("Anne"))
    session.learner.nudge = lambda **_options: False  # type: ignore[method-assign]
    return client_of(session)


@pytest.fixture
def dialled(taught: Path, tmp_path: Path) -> Iterator[tuple[FlaskClient, Project, Session]]:
    """Anne's page with suggestions that a model learnt; it learns anew only where a test asks for it."""
    project = copied(taught, tmp_path / "lært")
    session = Session(project, project.coder("Anne"))
    session.learner.nudge_soon = lambda: None  # type: ignore[method-assign]
    yield client_of(session), project, session
    session.learner.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.skip("no browser: apt-get install chromium, and run again")
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield opened
        opened.close()


@pytest.fixture
def address(project: Project) -> Iterator[Address]:
    """Anne's page, served as a user starts it."""
    with serving(project.folder, "--coder", "Anne") as (found, _process):
        yield found


@pytest.fixture
def page(browser: Browser, address: Address, project: Project) -> Iterator[Page]:
    """Anne's window at the interview that is open; nothing goes wrong in it, and it asks for nothing from outside."""
    opened = window(browser, address, viewport={"width": 1300, "height": 850})
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    opened.on(
        "request",
        lambda request: wrong.append(request.url) if not request.url.startswith("http://127.0.0.1:") else None,
    )
    opened.goto(f"{address}interview/{project.source(OPEN).id}?turn=1")
    yield opened
    opened.context.close()
    assert [text for text in wrong if "409" not in text and "net::ERR_FAILED" not in text] == []
