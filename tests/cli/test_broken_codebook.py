"""A codebook.yaml that cannot be read is said by every command and page for as long as it is so; the version before is used."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from autokode.cli import run
from autokode.project import Project
from autokode.review.session import Session
from report_case import study
from review_case import client_of, get

BROKEN = "koder:\n  - navn: [\n"
SAID = "Kodeboken kan ikke leses; den forrige brukes: versjon 1 fra "
Call = Callable[..., tuple[int, str]]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    monkeypatch.chdir(tmp_path)
    study(tmp_path / "p")
    Path("k.csv").write_text("transcript,start,end,quote,code,coder\n", encoding="utf-8")
    monkeypatch.setattr("autokode.review.server.serve", lambda *_rest, **_options: None)

    def called(*words: str) -> tuple[int, str]:
        status = run([*words, "--project", "p"])
        captured = capsys.readouterr()
        return status, captured.out + captured.err

    return called


COMMANDS = [
    "status",
    "learn --coder Kari",
    "review --coder Kari --no-browser",
    "report --out r.html",
    "methods",
    "agreement",
    "export --csv ut.csv",
    "export --qdc ut.qdc",
    "add k.csv",
    "import k.csv",
    "coders",
    "doctor",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_it_every_time_and_goes_on_with_the_version_before(call: Call, command: str) -> None:
    usual, _out = call(*command.split())
    path = Path("p/codebook.yaml")
    whole = path.read_text(encoding="utf-8")
    path.write_text(BROKEN, encoding="utf-8")
    for _time in range(3):
        status, out = call(*command.split())
        assert SAID in out and ", 4 koder, til den er rettet." in out and "p/codebook.yaml:" in out
        assert status == (1 if command == "doctor" else usual)
    assert path.read_text(encoding="utf-8") == BROKEN
    path.write_text(whole.replace("Å ha et stille sted", "Et stille sted"), encoding="utf-8")
    status, out = call(*command.split())
    assert SAID not in out and status == usual
    assert Project.open("p").codebook["ro"].definition.startswith("Et stille sted")


@pytest.mark.parametrize("command", ["codebook --rename ro stillhet", "remove anna --yes", "import bok.qdc"])
def test_what_would_write_over_it_or_search_it_is_not_done(call: Call, command: str) -> None:
    assert call("export", "--qdc", "bok.qdc")[0] == 0
    path = Path("p/codebook.yaml")
    path.write_text(BROKEN, encoding="utf-8")
    for _time in range(2):
        status, out = call(*command.split())
        assert status == 2 and "p/codebook.yaml:" in out
    assert path.read_text(encoding="utf-8") == BROKEN and len(Project.open("p", read=False).sources) == 6


def test_every_page_says_it_until_it_is_mended(call: Call) -> None:
    project = Project.open("p")
    client = client_of(Session(project, project.coder("Kari")))
    other = project.coder("Per").id
    pages = ("", "interview/1", "list", "missed", f"compare/{other}")
    path = Path("p/codebook.yaml")
    whole, was = path.read_text(encoding="utf-8"), path.stat().st_mtime_ns
    path.write_text(BROKEN, encoding="utf-8")
    for _time in range(3):
        for page in pages:
            status, html = get(client, page)
            assert status == 200 and SAID in html and "fellesskap" in get(client, "interview/1")[1]
    os.utime(path, ns=(was, was))  # as a program that keeps folders alike may leave it
    assert SAID in get(client, "")[1]
    path.write_text(whole.replace("navn: ro\n", "navn: stillhet\n"), encoding="utf-8")
    for page in pages:
        assert SAID not in get(client, page)[1]
    assert "codebook.yaml er endret utenfor siden" in get(client, "interview/1")[1]  # taken in after a look
    assert "heter nå «stillhet»" in get(client, "codebook")[1]
