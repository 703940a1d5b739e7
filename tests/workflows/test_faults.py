"""Faults made on purpose, a few of each; `make bench-faults` makes hundreds."""

import datetime
import json
import os
import resource
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import fault_case
from autokode.cli import run
from autokode.project import Project
from autokode.project.store import database, reviewing
from autokode.project.store.integrity import check
from autokode.project.store.reviewing import Reviewer
from fault_case import CASES, Case, begun, limited
from report_case import decided, study

SLOW = [pytest.param(case, id=case.name) for case in CASES]


@pytest.mark.slow
@pytest.mark.parametrize("case", SLOW)
def test_killed_at_any_moment(case: Case, tmp_path: Path) -> None:
    assert fault_case.killed(case, tmp_path, 8) >= 3


@pytest.mark.slow
@pytest.mark.parametrize("case", SLOW)
def test_on_a_full_disk(case: Case, tmp_path: Path) -> None:
    assert fault_case.small_files(case, tmp_path, 6) >= 1


@pytest.mark.slow
@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in CASES if not case.frugal])
def test_with_little_memory(case: Case, tmp_path: Path) -> None:
    assert fault_case.little_memory(case, tmp_path, 3) >= 1


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in CASES if case.frugal])
def test_some_need_next_to_no_memory(case: Case, tmp_path: Path) -> None:
    with begun(case, tmp_path) as (folder, command):
        ran = limited(command, resource.RLIMIT_AS, 200 << 20)
        assert ran.returncode == 0, ran.stderr
        case.holds(folder, ran.stdout)


@pytest.mark.slow
def test_two_at_once_lose_nothing(tmp_path: Path) -> None:
    assert fault_case.two_at_once(tmp_path, 20) >= 40


def test_a_damaged_model_is_named(tmp_path: Path) -> None:
    assert fault_case.damaged_models(tmp_path, 25) == 25


@pytest.mark.slow
@pytest.mark.parametrize("what", ["*.parquet", "manifest.json"])
def test_a_damaged_part_is_made_again(what: str, tmp_path: Path) -> None:
    assert fault_case.damaged_parts(tmp_path, 8, what=what) == 8


def test_a_damaged_database_is_found(tmp_path: Path) -> None:
    assert fault_case.damaged_databases(tmp_path, 40) > 8


def test_damaged_embeddings_are_made_anew(tmp_path: Path) -> None:
    assert fault_case.damaged_memory(tmp_path, 40) == 40


def test_no_room_for_a_thread_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = tmp_path / "r.jsonl"
    rows.write_text(json.dumps({"id": 1, "text": "Vi bygde tillit."}) + "\n", encoding="utf-8")

    def refuse(message: str) -> None:
        def start(_thread: object) -> None:
            raise RuntimeError(message)

        monkeypatch.setattr(threading.Thread, "start", start)

    refuse("can't start new thread")
    assert run(["score", str(rows), "--out", f"{tmp_path}/ut/"]) == 2
    assert "for lite minne" in capsys.readouterr().err
    refuse("thread already started")
    with pytest.raises(RuntimeError, match="already"):
        run(["score", str(rows), "--out", f"{tmp_path}/ut/"])


@pytest.mark.parametrize(
    "error",
    [
        ImportError("x.so: failed to map segment from shared object"),
        SystemError("error return without exception set"),
        MemoryError(),
    ],
)
def test_what_else_says_that_there_was_no_memory(
    error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(with_: Exception) -> None:
        def plan(*_given: object) -> None:
            raise with_

        monkeypatch.setattr("autokode.scoring.batch.shard_plan.plan", plan)

    fail(error)
    assert run(["score", "x.csv", "--out", f"{tmp_path}/ut/"]) == 2
    assert "for lite minne" in capsys.readouterr().err
    if error.args:  # anything else of the kind is a fault of ours
        fail(type(error)("something else"))
        with pytest.raises(type(error), match="something else"):
            run(["score", "x.csv", "--out", f"{tmp_path}/ut/"])


def test_a_clock_that_goes_backwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = study(tmp_path / "p")
    decided(project)
    began = datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC)
    ticks = iter(range(10_000))

    def earlier() -> str:
        return (began - datetime.timedelta(hours=next(ticks))).isoformat(timespec="milliseconds")

    for module in (database, reviewing, sys.modules["autokode.project.store.decision_log"]):
        if hasattr(module, "now"):
            monkeypatch.setattr(module, "now", earlier)
    reviewer = Reviewer(project, project.coder("Nina").id)
    source = project.sources[0]
    one = project.transcript(source.name).utterances[project.transcript(source.name).answers[0]]
    for start in range(one.start, one.start + 5):
        reviewer.code(source.id, start, start + 3, "åpningstid")
    reviewer.undo()
    reviewer.undo()
    reviewer.redo()
    assert next(ticks) > 5
    assert check(project.folder) == []
    own = [coding.segment.start for coding in project.codings() if coding.coder == "Nina"]
    assert sorted(own) == [one.start + i for i in range(4)]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of twelve megabytes, where one may be made."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    made = mount and subprocess.run(  # noqa: S603 - the system's own
        [mount, "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if not made or made.returncode:
        pytest.skip("a file system can only be made by root; tests of full disks by file size run everywhere")
    yield place
    subprocess.run([str(shutil.which("umount")), str(place)], check=True)  # noqa: S603 - the system's own


def test_a_small_file_system_that_is_full(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project = study(small_disk / "p")
    decided(project)
    before = project.codings()
    where = ["--project", str(project.folder)]
    filler = small_disk / "fyll"
    for left in (200_000, 60_000, 20_000, 4_000, 0):
        free = shutil.disk_usage(small_disk).free
        with filler.open("ab") as stream:
            stream.write(b"x" * max(0, free - left))
        out = str(small_disk / "o.xlsx")
        for words in (["export", "--xlsx", out, *where], ["report", "--out", str(small_disk / "r.html"), *where]):
            assert run(words) in (0, 2)
        assert "Traceback" not in capsys.readouterr().err
        assert project.codings() == before
        assert check(project.folder) == []
        for path in small_disk.glob("[or].*"):
            path.unlink()
    assert run(["export", "--xlsx", out, *where]) == 2
    assert "kan ikke skrives" in capsys.readouterr().err
    filler.unlink()
    assert run(["export", "--xlsx", out, *where]) == 0


def test_a_folder_that_may_only_be_read(small_disk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = study(small_disk / "p")
    decided(project)
    mount = str(shutil.which("mount"))
    subprocess.run([mount, "-o", "remount,ro", str(small_disk)], check=True)  # noqa: S603 - the system's own
    try:
        where = ["--project", str(project.folder)]
        text = small_disk.parent / "nytt.txt"
        text.write_text("Kari: Hva?\nAnna: Det.\n", encoding="utf-8")
        assert run(["doctor", "--repair", *where]) == 0  # there is nothing to repair
        for words in (
            ["add", str(text), *where],
            ["learn", *where, "--coder", "Kari"],
            ["export", "--qdpx", str(small_disk / "o.qdpx"), *where],
            ["score", str(text), "--out", f"{small_disk}/ut/"],
            ["init", str(small_disk / "ny")],
        ):
            capsys.readouterr()
            assert run(words) == 2, words
            err = capsys.readouterr().err
            assert "Traceback" not in err
            assert "autokode: " in err
        assert run(["status", *where]) == 0
    finally:
        subprocess.run([mount, "-o", "remount,rw", str(small_disk)], check=True)  # noqa: S603 - the system's own


@pytest.fixture
def somebody_else() -> Iterator[Callable[[], None]]:
    """A function that makes this process a user who owns nothing, until the test ends."""
    own = os.geteuid()

    def become() -> None:
        if own == 0:
            os.seteuid(65534)

    yield become
    os.seteuid(own)


def test_a_project_of_somebody_else(
    tmp_path: Path, somebody_else: Callable[[], None], capsys: pytest.CaptureFixture[str]
) -> None:
    project = study(tmp_path / "p")
    commands = (["status"], ["doctor"], ["add", str(tmp_path / "ny.txt")], ["export", "--csv", str(tmp_path / "o.csv")])
    (tmp_path / "ny.txt").write_text("Kari: Hva?\nAnna: Det.\n", encoding="utf-8")
    for words in commands:  # what they load lies where not everybody may look
        assert run([*words, "--project", str(project.folder)]) in (0, 1)
    project.database.path.chmod(0)
    capsys.readouterr()
    somebody_else()
    for words in commands:
        assert run([*words, "--project", str(project.folder)]) == 2, words
        assert "kan ikke brukes" in capsys.readouterr().err


def test_limits_are_limits(tmp_path: Path) -> None:
    """The tool that the other tests rely on does limit."""
    path = tmp_path / "x"
    program = f"with open({str(path)!r}, 'wb') as file: file.write(b'x' * 5000)"
    assert limited([sys.executable, "-c", program], resource.RLIMIT_FSIZE, 1000).returncode == 1
    assert path.stat().st_size <= 1000


def test_cases_are_made_once_and_copied(tmp_path: Path) -> None:
    for _ in range(2):
        with begun(CASES[0], tmp_path) as (folder, command):
            assert Project.open(folder / "p").codings()
            assert command[-1] == "Nina"
        assert not folder.exists()
