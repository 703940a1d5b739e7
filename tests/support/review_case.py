"""A small project to review, a client that asks its page, and a server that shows it as a user starts one."""

import contextlib
import functools
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

from flask.testing import FlaskClient

from autokode import Transcript, read_study
from autokode.corpus.utterance import Utterance
from autokode.project import Project
from autokode.project.active_learning.evidence import explain
from autokode.project.active_learning.training_round import learn
from autokode.project.store.decision_log import facts, now
from autokode.review.app import create_app
from autokode.review.door import Door
from autokode.review.guard import COOKIE
from autokode.review.session import Session
from conftest import ROOT

CODED, OPEN = ("kontor_a", "kontor_b"), "kontor_c"
TOKEN, KEY, PORT = "provesti", "provenokkel", 8123
"""The page's path and key, in tests that ask an app."""
HOST = f"127.0.0.1:{PORT}"
ORIGIN = {"Origin": f"http://{HOST}"}


def made_project(folder: Path) -> Project:
    """A project of three example interviews, two of them coded by Anne; the third has made-up suggestions."""
    study = read_study(ROOT / "training_data", names={*CODED, OPEN})
    project = Project.create(folder, study.codebook)
    for name, transcript in study.transcripts.items():
        project.add(transcript, office=study.offices[name], file=next((ROOT / "training_data").glob(f"{name}.*")))
    project.add_codings([replace(c, coder="Anne") for c in study.codings if c.segment.transcript in CODED])
    suggest_by_hand(project)
    return project


def taught_project(folder: Path) -> Project:
    """The same project with suggestions that a model learnt, all with their words."""
    project = made_project(folder)
    learn(project, project.coder("Anne"))
    explain(project, project.coder("Anne"))
    return project


def shown(project: Project, coder: str = "Anne") -> set[tuple[int, int, str, float]]:
    """(transcript, utterance, code, probability) of what is suggested to a coder now."""
    with project.database.reading() as connection:
        rows = connection.execute(
            "SELECT transcript, utterance, code, probability FROM suggestion JOIN coder ON coder.round = suggestion.round "
            "WHERE name = ?",
            (coder,),
        )
        return {tuple(row) for row in rows}


def suggest_by_hand(project: Project, name: str = OPEN, coder: str = "Anne") -> None:
    """Write a round of suggestions: makt (0.8) and språk (0.4) for every answer of an interview."""
    who = project.coder(coder)
    source = project.source(name)
    transcript = project.transcript(name)
    about = {"codes": ["makt", "språk"], "order": [], "news": {}, "learnt_from": 0, "suggestions": 0}
    with project.database.writing() as connection:
        decision = connection.execute("SELECT max(id) FROM decision").fetchone()[0] or 0
        number = connection.execute(
            "INSERT INTO round (coder, model, codebook, began, ended, decision, about) VALUES (?, 'prøve', '', ?, ?, ?, ?)",
            (who.id, now(), now(), decision, json.dumps(about)),
        ).lastrowid
        for index in transcript.answers:
            one = transcript.utterances[index]
            words = [[one.start + m.start(), one.start + m.end(), 1.0, m[0]] for m in re.finditer(r"\w+", one.text)][:2]
            shown = json.dumps({"words": words, "question": 0.0})
            for code, probability in (("makt", 0.8), ("språk", 0.4)):
                place = (number, source.id, index, code, one.start, one.end, one.start, one.end, probability, shown)
                connection.execute(
                    "INSERT INTO suggestion (round, transcript, utterance, code, start, end, part_start, part_end, probability, "
                    "evidence) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    place,
                )
        connection.execute("UPDATE coder SET round = ? WHERE id = ?", (number, who.id))


class Address(str):
    """The address of a page that is served, with the key that a browser got for a code, and the file that leads there."""

    cookie: str
    file: Path


@contextlib.contextmanager
def serving(folder: Path, *options: str, browser: str = "") -> Iterator[tuple[Address, "subprocess.Popen[str]"]]:
    """Start `autokode review` as a user would; yields the address that a code leads to, and the process.

    Args:
        folder: the project's.
        options: of the command.
        browser: a program to open as the browser; none if "".
    """
    command = [sys.executable, "-m", "autokode", "review", "--project", str(folder), *options]
    command += [] if browser else ["--no-browser"]
    process = subprocess.Popen(  # noqa: S603 - our own interpreter
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "AUTOKODE_LANG": "nb", "BROWSER": browser},
    )
    try:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line.strip())
            if lines[-1].startswith("Avslutt"):
                yield opened(*(one for one in lines if "://" in one)), process
                return
        _out, err = process.communicate()
        raise AssertionError(f"no address: {lines} {err}")
    finally:
        ended = process.poll()
        process.terminate()
        _out, err = process.communicate()
        if ended is not None:  # by itself, or by a test that kills it; pytest shows this of a test that fails
            sys.stderr.write(f"the server had ended with {ended}: {err}")
        assert "Traceback" not in err, err


def opened(file: str, told: str = "") -> Address:
    """Get the key to a page by the code in its file, or by typing the one of the line `told`, which names the address too."""
    door = Path(unquote(urlsplit(file).path))
    if told:
        place, *_words, code = told.split()
    else:
        place, code = re.findall(r'(?:action|value)="([^"]+)"', door.read_text(encoding="utf-8"))
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    with contextlib.closing(HTTPConnection(urlsplit(place).netloc, timeout=90)) as asked:
        asked.request("POST", "/", urlencode({"code": code}), headers)
        answer = asked.getresponse()
        page = answer.read().decode("utf-8")
    inside = re.search(r'href="(/[^"]+/)"', page)
    assert inside, f"{answer.status}: {page}"
    found = Address(place.rstrip("/") + inside[1])
    found.cookie = (answer.getheader("Set-Cookie") or "").split(";")[0]
    found.file = door
    return found


def let_in(context: Any, address: Address) -> None:
    """Give a browser's context (Playwright's) the key to a page, as if a code had been typed in it."""
    place, (name, _, value) = urlsplit(address), address.cookie.partition("=")
    own = {"domain": str(place.hostname), "path": place.path, "httpOnly": True, "sameSite": "Strict"}
    context.add_cookies([{"name": name, "value": value, **own}])


CLICKS_WAIT = """
const still = new CSSStyleSheet();
still.replaceSync("html { pointer-events: none !important }");
document.adoptedStyleSheets = [still];
addEventListener("load", () => { document.adoptedStyleSheets = []; });
"""
"""A script for each page of a window: nothing can be clicked, so Playwright waits, until the page's own scripts have run."""

PATIENCE_MS = 180_000
"""How long a test waits for what a page should show; a machine that is busy with other things may need seconds."""


def window(browser: Any, address: Address, **options: Any) -> Any:
    """A window of a browser of its own (Playwright's) that was let in."""
    context = browser.new_context(**options)
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(CLICKS_WAIT)
    context.on("page", keys_wait)
    let_in(context, address)
    return context.new_page()


def keys_wait(page: Any) -> None:
    """Let the keys of a window wait, as clicks do, until the page's own scripts have run: no person is as fast as a test."""
    for name in ("press", "type"):
        setattr(page.keyboard, name, once_loaded(getattr(page.keyboard, name), page))


def once_loaded(act: Callable[..., Any], page: Any = None) -> Callable[..., Any]:
    """An act of a keyboard of a page, or of a locator (its first argument), that waits until the page is loaded."""

    @functools.wraps(act)
    def waits(*args: Any, **options: Any) -> Any:
        (page or args[0].page).wait_for_load_state()
        return act(*args, **options)

    return waits


def client_of(session: Session) -> FlaskClient:
    """A client that has the key to a session's page."""
    client = create_app(session, Door(path=TOKEN, key=KEY), PORT).test_client()
    for domain in ("127.0.0.1", "localhost"):  # the second is a test client's own name where a request gives none
        client.set_cookie(COOKIE, KEY, domain=domain, path=f"/{TOKEN}/")
    return client


def copied(folder: Path, to: Path) -> Project:
    """A copy of a project, to be changed."""
    shutil.copytree(folder, to, dirs_exist_ok=True)
    return Project.open(to)


def one_turn(name: str = "møte", text: str = "Hei på deg.") -> Transcript:
    """A transcript of one utterance."""
    return Transcript(name, text, (Utterance("Kari", 0, len(text), text),))


def get(client: FlaskClient, path: str, **headers: str) -> tuple[int, str]:
    answer = client.get(f"/{TOKEN}/{path}", buffered=True, base_url=f"http://{HOST}", headers=headers)
    return answer.status_code, answer.get_data(as_text=True)


def post(
    client: FlaskClient, path: str, body: object, headers: dict[str, str] | None = None
) -> tuple[int, dict[str, object]]:
    answer = client.post(
        f"/{TOKEN}/{path}", base_url=f"http://{HOST}", json=body, headers=ORIGIN if headers is None else headers
    )
    return answer.status_code, answer.get_json()


def news(client: FlaskClient) -> dict[str, object]:
    return dict(client.get(f"/{TOKEN}/news", buffered=True, base_url=f"http://{HOST}").get_json())


def dial(client: FlaskClient, value: object) -> dict[str, object]:
    """Move the dial as the page does, and wait until what is suggested follows it; return what is new."""
    status, _answer = post(client, "setting", {"precision": value})
    assert status == 200
    waited(lambda: not news(client)["turning"])
    return news(client)


def waited(holds: Callable[[], object], seconds: float = 180) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def first_card(client: FlaskClient, project: Project) -> tuple[int, int]:
    """The id of the interview that is open, and of its first suggestion."""
    source = project.source(OPEN)
    _status, page = get(client, f"interview/{source.id}")
    found = re.search(r'data-suggestion="(\d+)"', page)
    assert found
    return source.id, int(found[1])


def rows(project: Project, table: str) -> list[dict[str, object]]:
    """The rows of a table as the log of decisions has them."""
    with project.database.reading() as connection:
        return list(facts(connection)[table].values())


def everything(project: Project) -> object:
    """All tables that the log keeps, and how many decisions there are."""
    with project.database.reading() as connection:
        return facts(connection), connection.execute("SELECT count(*) FROM decision").fetchone()[0]


def suggestion_ids(project: Project) -> dict[tuple[int, str], int]:
    """The id of each suggestion, by utterance and code."""
    with project.database.reading() as connection:
        found = connection.execute("SELECT utterance, code, id FROM suggestion ORDER BY id")
        return {(utterance, code): number for utterance, code, number in found}
