"""The core rooms with a line changed on purpose, hundreds of times: does a test go red? Writes the tables of docs/mutants.md.

    python -m benchmarks.qa.mutants [ROOM ...]   tries the sample; goes on where it was broken off
    python -m benchmarks.qa.mutants --again      tries survivors anew that have no reason, after tests were added
    python -m benchmarks.qa.mutants --tables     fills the tables from benchmarks/results/mutants.json

Cosmic Ray changes the lines, in a copy of the tree, never in the tree itself; of each place in the code one change is
possible, and those with the lowest SHA-256 are the sample, so that it stays nearly the same when code elsewhere changes.
"""

import json
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks import RESULTS
from benchmarks.generated import fill, table
from benchmarks.qa.changes import ROOT, Place, difference, places, shown

FORKED = multiprocessing.get_context("forkserver")
OUT = RESULTS / "mutants.json"
PAGE = ROOT / "docs" / "mutants.md"
HEAVY = ["pytest", "spacy", "sklearn.linear_model", "scipy.sparse", "pyarrow.dataset", "docx", "lxml.etree"]
"""Imported once; every mutant's process is forked with them."""


@dataclass(frozen=True)
class Room:
    """Files that are changed, how many changes are drawn, and the tests that should find them, quick ones first."""

    files: str
    drawn: int
    tests: str
    without: str = "nothing"


ROOMS = {
    "coding": Room("coding", 30, "coding"),
    "model": Room("model", 40, "model vectors shipped_model", "same_model"),
    "training": Room(
        "training ridge learner problem calibration design", 30, "ridge calibration learner promise autocoder model"
    ),
    "exchange": Room("exchange/*", 24, "tables refi qualcoder marked_word exchange_cli"),
    "scoring: shards, places": Room(
        "scoring/planning scoring/shards scoring/places", 20, "shards", "killed_at_any_moment"
    ),
    "scoring: scorer, table, parallel": Room(
        "scoring/scorer scoring/table scoring/parallel",
        15,
        "scoring shards score",
        "lose_no_digits or killed_at_any_moment",
    ),
    "scoring: stream, inputs, outputs": Room("scoring/stream scoring/inputs scoring/outputs", 20, "outputs score"),
    "scoring, compiled": Room(
        "scoring/kernel scoring/plain scoring/machine scoring/layout scoring/rules scoring/native",
        12,
        "scoring plain native",
        "all_short_chunks or lose_no_digits",
    ),
}
"""`without` leaves out single tests that take long."""
PATIENCE = 2
"""A mutant has this many times as long as the tests take without one, and half a minute."""


def sample(room: Room) -> tuple[list[Place], int]:
    """Return the places to change, and among how many they were drawn."""
    paths = [path for file in room.files.split() for path in (ROOT / "src" / "autokode").glob(f"{file}.py")]
    every = [place for path in paths for place in places(str(path.relative_to(ROOT)))]
    return sorted(every, key=lambda place: place.rank)[: room.drawn], len(every)


def copied(place: Path) -> None:
    """Copy what may be changed; what only is read is linked."""
    for name in ("src", "tests"):
        shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in ROOT.iterdir():
        if path.name not in {"src", "tests", ".git", ".venv", ".hypothesis", ".pytest_cache"}:
            (place / path.name).symlink_to(path)
    (place / "cache").mkdir()


class Quick:
    """What fails is not made smaller first, which takes minutes."""

    def pytest_sessionstart(self) -> None:
        from hypothesis import Phase, settings

        own = settings.get_profile("autokode")
        settings.register_profile("mutants", own, phases=(Phase.explicit, Phase.generate), database=None)
        settings.load_profile("mutants")


def run_tests(tree: str, cache: str, room: Room, keep: bool) -> None:
    """Run pytest in this process, which was forked for it; its exit code is the process's."""
    os.setsid()
    os.chdir(tree)
    os.environ |= {"PYTHONPATH": f"{tree}/src", "AUTOKODE_CACHE": cache}
    sys.path.insert(0, f"{tree}/src")
    sys.dont_write_bytecode = not keep
    with Path(tree, "output").open("w", encoding="utf-8") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    import pytest

    options = ["-x", "-m", "not slow", "-k", f"not ({room.without})", "-p", "no:cacheprovider", "--hypothesis-seed=0"]
    os._exit(pytest.main([*(f"tests/test_{name}.py" for name in room.tests.split()), *options], plugins=[Quick()]))


def outcome(tree: Path, room: Room, seconds: float, *, keep: bool = False) -> str:
    """Run tests in the copied tree: `survived` if all are green."""
    with tempfile.TemporaryDirectory() as cache:
        shutil.copytree(tree / "cache", cache, dirs_exist_ok=True)
        place = str(tree / "cache") if keep else cache
        process = FORKED.Process(target=run_tests, args=(str(tree), place, room, keep))
        process.start()
        process.join(seconds)
        if process.exitcode is None:
            os.killpg(process.pid or 0, signal.SIGKILL)
            process.join()
            return "timed out"
        return "survived" if process.exitcode == 0 else "killed"


def tried(tree: Path, place: Place, room: Room, seconds: float) -> dict[str, str]:
    """Change a place in the copied tree, run tests, and put back what was there."""
    path = tree / place.file
    before = path.read_text(encoding="utf-8")
    after = place.changed(before)
    for kept in path.parent.glob(f"__pycache__/{path.stem}.*"):
        kept.unlink()
    path.write_text(after, encoding="utf-8")
    nearest = sorted(room.tests.split(), key=lambda name: name not in place.file)  # sooner red
    now = outcome(tree, replace(room, tests=" ".join(nearest)), seconds)
    path.write_text(before, encoding="utf-8")
    return {"change": difference(before, after), "now": now}


def try_room(name: str, results: dict[str, Any], *, again: bool) -> None:
    """Try what is drawn of a room and was not tried before, or what survived without a reason; save each."""
    room = ROOMS[name]
    drawn, count = sample(room)
    done = results.setdefault(name, {"places": count, "mutants": {}})
    left = [place for place in drawn if is_to_try(done["mutants"].get(place.rank), again)]
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        copied(tree)
        since = time.monotonic()
        if left and outcome(tree, room, 3600, keep=True) != "survived":
            raise SystemExit(f"{name}: red without a mutant\n{(tree / 'output').read_text(encoding='utf-8')}")
        patience = PATIENCE * (time.monotonic() - since) + 30
        for place in left:
            found = tried(tree, place, room, patience)
            old = done["mutants"].setdefault(place.rank, {"first": found["now"]})
            old |= {"where": f"{place.file}:{place.line}", **found}
            OUT.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
            print(f"{time.strftime('%H:%M:%S')} {name}: {old['now']}: {old['where']}\n{old['change']}", flush=True)


def is_to_try(old: dict[str, str] | None, again: bool) -> bool:
    return old is None or (again and old["now"] == "survived" and "equivalent" not in old.get("reason", ""))


def tables(results: dict[str, Any]) -> dict[str, str]:
    """Return the generated parts of docs/mutants.md: counts, and the survivors that are left with their reasons."""
    rows = [[name, room["places"], *counts(list(room["mutants"].values()))] for name, room in results.items()]
    rows.append(["**all**", *(sum(column) for column in list(zip(*rows, strict=True))[1:])])
    headings = ("room", "places", "tried", "killed", "timed out", "survived", "killed since", "code gone", "left")
    left = [one for room in results.values() for one in room["mutants"].values() if is_left(one)]
    lines = [f"* `{one['where'][13:]}` {shown(one['change'])}: {one.get('reason')}" for one in left]
    return {"mutants": table(headings, rows), "left": "\n".join(sorted(lines))}


def counts(mutants: list[dict[str, str]]) -> list[int]:
    """Return how many were tried, came to which end at first, and are killed since, gone with their code, or left."""
    first = Counter(one["first"] for one in mutants)
    gone = sum("code gone" in one.get("reason", "") for one in mutants)
    left = sum(map(is_left, mutants))
    ends = [first["killed"], first["timed out"], first["survived"]]
    return [len(mutants), *ends, first["survived"] - gone - left, gone, left]


def is_left(one: dict[str, str]) -> bool:
    return one["now"] == "survived" and "code gone" not in one.get("reason", "")


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    results = json.loads(OUT.read_text(encoding="utf-8")) if OUT.exists() else {}
    if "--tables" not in sys.argv:
        os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # threads that wait for each other are slow
        FORKED.set_forkserver_preload(HEAVY)
        for name in words or ROOMS:
            try_room(name, results, again="--again" in sys.argv)
    fill(PAGE, tables(results))
