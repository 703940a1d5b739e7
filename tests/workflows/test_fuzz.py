"""Odd and hostile input, some of each kind; `make bench-fuzz` tries as much as one has time for."""

import json
import random
import re
from pathlib import Path

import pytest

import counting
import fuzz_exchange
import fuzz_models
import fuzz_page
import fuzz_tables
import fuzz_transcripts
from fuzz_case import CALLS, Target, Trying, told
from fuzz_changes import inputs

_ALL = (*fuzz_transcripts.TARGETS, *fuzz_exchange.TARGETS, *fuzz_tables.TARGETS, *fuzz_models.TARGETS)
TARGETS = [pytest.param(one, id=one.name) for one in _ALL]
SLOW = {
    "decisions, .xlsx",
    ".qdpx into a project",
    "manifest of methods",
    "decisions, .csv",
    "decisions, .parquet",
    "study.yaml",
}
"""Readers of which some thirty inputs take a second."""


@pytest.mark.parametrize("target", TARGETS)
def test_readers_return_or_say_what_is_wrong(target: Target, tmp_path: Path) -> None:
    trying = Trying(target, tmp_path)
    for data in inputs(trying, 20 if target.name in SLOW else 100, seed=1):
        trying.tried(data)
    assert not trying.findings, told(trying.findings)


@pytest.mark.slow
@pytest.mark.parametrize("target", TARGETS)
def test_readers_return_or_say_what_is_wrong_more_often(target: Target, tmp_path: Path) -> None:
    trying = Trying(target, tmp_path)
    for data in inputs(trying, 60 if target.name in SLOW else 500, seed=2):
        trying.tried(data)
    assert not trying.findings, told(trying.findings)


def _sent(count: int, seed: int, place: Path) -> None:
    page, choose = fuzz_page.Page(place), random.Random(seed)
    for _ in range(count):
        page.sent(choose)
    page.looked_through()
    assert not page.findings, told(page.findings)
    assert {200, 302, 400, 403, 404, 405, 409} <= page.answers.keys()


def test_every_address_answers_and_the_project_stays_sound(tmp_path: Path) -> None:
    _sent(500, 1, tmp_path)


@pytest.mark.slow
def test_every_address_answers_to_much_more(tmp_path: Path) -> None:
    _sent(5000, 2, tmp_path)


def test_the_page_is_asked_at_every_address_it_has(tmp_path: Path) -> None:
    page = fuzz_page.Page(tmp_path)
    addresses = {rule.rule.split("/")[2] for rule in page.rules if rule.rule != "/"}
    assert {"", "interview", "list", "suggestion", "resolve", "setting", "static"} <= addresses
    assert {"said", "start", "suggestions", "given", "speaker", "anchor", "theme", "code"} <= set(fuzz_page.ASKED)


def test_what_is_looked_for_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tool itself finds each thing that a reader must not do."""
    room = tmp_path / "room"

    def read(path: Path) -> None:
        said = path.read_bytes()
        if said == b"raise":
            raise KeyError("x")
        if said == b"work":
            for _ in range(CALLS + 1):
                len(said)
        if said == b"loop":
            while True:
                pass
        if said == b"match":
            re.match(r"(a|a)*b", "a" * 200)  # would take longer than there is
        if said == b"write":
            (tmp_path / "elsewhere").write_text("x", encoding="utf-8")
        if said == b"leave":
            (room / "left").write_text("x", encoding="utf-8")
        if said == b"run":
            import subprocess

            subprocess.run(["true"], check=True)  # noqa: S607 - what must not be
        if said == b"keep":
            bytearray(1 << 30)[::4096] = bytes((1 << 30) // 4096)

    trying = Trying(Target("x", list, fuzz_transcripts.as_file("x"), read), room)
    assert trying.tried(b"well") is None
    for said, short in (
        (b"raise", "KeyError at test_fuzz.py"),
        (b"work", "too many calls"),
        (b"write", "out of its place"),
        (b"leave", "out of its place"),
        (b"run", "out of its place"),
        (b"keep", "memory"),
    ):
        found = trying.tried(said)
        assert found is not None, said
        assert found.short.startswith(short), said
    monkeypatch.setattr(counting, "GUARD_S", 0.1)
    for said in (b"loop", b"match"):
        found = trying.tried(said)
        assert found is not None and found.short == "no end", said


def test_the_table_of_the_document_is_generated(monkeypatch: pytest.MonkeyPatch) -> None:
    from benchmarks.generated import filled
    from benchmarks.qa import fuzz

    kept = json.loads(fuzz.OUT.read_text(encoding="utf-8"))
    written = fuzz.PAGE.read_text(encoding="utf-8")
    assert filled(written, fuzz.tables(kept)) == written
    assert set(kept) == set(fuzz.targets())
    assert not any(one["findings"] for one in kept.values())
