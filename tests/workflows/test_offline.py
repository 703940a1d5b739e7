"""Nothing leaves the machine: the whole workflow and its processes run where every socket but the loopback's is refused."""

import os
import shlex
import socket
import subprocess
import sys
import time
from contextlib import closing
from http.client import HTTPConnection
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from autokode.cli import run
from autokode.cli.group import COMMANDS, module_of
from conftest import ROOT
from docs_case import in_a_tree
from offline.sitecustomize import guard
from review_case import made_project, serving


@pytest.mark.slow
def test_no_command_reaches_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tried: list[str] = []
    guard(monkeypatch.setattr, tried.append)
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as anywhere:  # the guard guards
        for reach in (
            lambda: anywhere.connect(("192.0.2.1", 80)),
            lambda: anywhere.sendto(b"x", ("192.0.2.1", 53)),
            lambda: socket.getaddrinfo("example.org", 80),
        ):
            with pytest.raises(AssertionError, match="reached out"):
                reach()
    assert len(tried) == 3
    tried.clear()
    for served in ("serve", "serve_start_page"):  # the next test's
        monkeypatch.setattr(f"autokode.review.server.{served}", lambda *_given, **_options: None)
    in_a_tree(tmp_path, monkeypatch)
    for name in COMMANDS:
        words = shlex.split(import_module(f"autokode.cli.{module_of(name)}").command.example)
        assert run(words[1:]) == (2 if "close-project" in words else 0), words  # nobody is asked here
    for words in (
        "export --project prosjekt --qdpx p.qdpx --qdc p.qdc --xlsx p.xlsx",
        "import p.qdpx --project prosjekt",
        "score training_data --out koder/",
    ):
        assert run(shlex.split(words)) == 0, words
    capsys.readouterr()
    assert tried == []


def test_the_page_and_the_learning_it_starts_reach_out_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = made_project(tmp_path / "prosjekt")
    out = tmp_path / "out.txt"
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "tests" / "offline"))
    monkeypatch.setenv("AUTOKODE_TEST_OUT", str(out))
    reach = "import socket; socket.create_connection(('192.0.2.1', 80), timeout=1)"
    assert subprocess.run([sys.executable, "-c", reach], capture_output=True, check=False).returncode == 1  # noqa: S603
    assert out.read_text(encoding="utf-8") == "192.0.2.1\n"  # the guard guards in processes of their own
    out.unlink()
    with serving(project.folder, "--coder", "Anne") as (address, _process):
        place = urlsplit(address)
        with closing(HTTPConnection(place.netloc, timeout=600)) as asked:
            own = {"Origin": f"http://{place.netloc}", "Content-Type": "application/json", "Cookie": address.cookie}
            for method, path in (("GET", ""), ("GET", "interview/3"), ("GET", "static/review.js"), ("POST", "learn")):
                asked.request(method, place.path + path, "{}" if method == "POST" else None, own)
                answer = asked.getresponse()
                answer.read()
                assert answer.status == 200, path
        wait_for_a_round(project.database.path)
    assert not out.exists()


def wait_for_a_round(path: Path) -> None:
    """Wait until a second round of suggestions is complete; ten minutes are longer than any machine takes."""
    import sqlite3

    for _try in range(3000):
        with closing(sqlite3.connect(path)) as connection:
            if connection.execute("SELECT count(*) FROM round WHERE ended IS NOT NULL").fetchone()[0] > 1:
                return
        time.sleep(0.2)
    raise AssertionError(f"no round in {os.fspath(path)}")
