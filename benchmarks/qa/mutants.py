"""Changes lines of the core rooms on purpose, hundreds of times: does a test go red? Writes the tables of docs/mutants.md.

    python -m benchmarks.qa.mutants [ROOM ...]   tries the sample; resumes an earlier run
    python -m benchmarks.qa.mutants --again      tries survivors again that are not equivalent, after tests were added
    python -m benchmarks.qa.mutants --tables     fills the tables from benchmarks/results/mutants.json

Cosmic Ray's operators change the lines, in a copy of the tree. Each place in the code has one change, and the places with the
lowest SHA-256 are the sample, which therefore stays nearly the same when code elsewhere changes.
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

from benchmarks import RESULTS, ROOT
from benchmarks.generated import fill, table
from benchmarks.qa.changes import Place, difference, places, shown

FORKED = multiprocessing.get_context("forkserver")
OUT = RESULTS / "mutants.json"
PAGE = ROOT / "docs" / "mutants.md"
HEAVY = ["pytest", "spacy", "sklearn.linear_model", "scipy.sparse", "pyarrow.dataset", "docx", "lxml.etree"]
"""Modules that are imported once, before every mutant's process is forked."""


@dataclass(frozen=True)
class Room:
    """Files to change, how many changes to draw, and the tests that should find them, quick ones first.

    `files` are patterns under src/autokode, `tests` are paths under tests without `test_`; `without` leaves out slow tests.
    """

    files: str
    drawn: int
    tests: str
    without: str = "nothing"

    def paths(self) -> list[Path]:
        return [path for name in self.files.split() for path in (ROOT / "src" / "autokode").glob(f"{name}.py")]

    def test_files(self) -> list[str]:
        return ["tests/{}/test_{}.py".format(*name.split("/")) for name in self.tests.split()]


ROOMS = {
    "corpus.coding": Room("corpus/coding", 30, "corpus/coding"),
    "model": Room(
        "model/linear_model model/model_files model/suggestion_rule",
        40,
        "model/linear_model model/vectors workflows/what_is_suggested evaluation/shipped_model",
        "same_model",
    ),
    "training": Room(
        "training/fit training/ridge training/many_rows training/model_selection training/ridge_problem training/feature_rows "
        "model/calibration model/thresholds",
        30,
        "training/ridge model/calibration model/thresholds training/model_selection evaluation/reliability "
        "workflows/autocoder model/linear_model",
    ),
    "exchange": Room(
        "exchange/* exchange/package/* exchange/refi/*",
        24,
        "exchange/tables exchange/refi exchange/qualcoder exchange/coded_word cli/exchange_cli",
    ),
    "scoring.batch: shards, storage": Room(
        "scoring/batch/shard_plan scoring/batch/shard_runner scoring/batch/storage",
        20,
        "scoring/shards",
        "killed_at_any_moment",
    ),
    "scoring: scorer, row table, parallel": Room(
        "scoring/engine/compiled scoring/engine/reference scoring/engine/row_table scoring/batch/parallel",
        15,
        "scoring/scorer scoring/same_bits scoring/shards scoring/batch",
        "lose_no_digits or killed_at_any_moment",
    ),
    "scoring.batch: stream, inputs, outputs": Room(
        "scoring/batch/parts scoring/batch/stream scoring/batch/formats scoring/batch/outputs",
        20,
        "exchange/outputs scoring/batch",
    ),
    "scoring.engine, compiled": Room(
        "scoring/engine/kernel scoring/engine/tokenizer_kernel scoring/engine/table_kernel scoring/engine/row_kernel "
        "scoring/engine/intrinsics scoring/engine/layout scoring/engine/spacy_rules scoring/engine/object_cache",
        12,
        "scoring/scorer scoring/tokenizer_kernel scoring/object_cache",
        "all_short_chunks or lose_no_digits",
    ),
}
PATIENCE = 2
"""How many times as long as without a mutant the tests may take, and half a minute more."""


def sample(room: Room) -> tuple[list[Place], int]:
    """Draw the places to change; also gives among how many they were drawn."""
    every = [place for path in room.paths() for place in places(str(path.relative_to(ROOT)))]
    return sorted(every, key=lambda place: place.rank)[: room.drawn], len(every)


def copied(place: Path) -> None:
    """Copy what tests may change, and link the rest of the tree."""
    for name in ("src", "tests"):
        shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in ROOT.iterdir():
        if path.name not in {"src", "tests", ".git", ".venv", ".hypothesis", ".pytest_cache"}:
            (place / path.name).symlink_to(path)
    (place / "cache").mkdir()


class Quick:
    """A plugin that keeps hypothesis from shrinking a failing example, which takes minutes."""

    def pytest_sessionstart(self) -> None:
        from hypothesis import Phase, settings

        own = settings.get_profile("autokode")
        settings.register_profile("mutants", own, phases=(Phase.explicit, Phase.generate), database=None)
        settings.load_profile("mutants")


def run_tests(tree: str, cache: str, room: Room, keep: bool) -> None:
    """Run pytest in this process, which was forked for it, and end with pytest's exit code."""
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
    os._exit(pytest.main([*room.test_files(), *options], plugins=[Quick()]))


def outcome(tree: Path, room: Room, seconds: float, *, keep: bool = False) -> str:
    """Run the room's tests in the copied tree: `survived`, `killed` or `timed out`."""
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
    """Change a place in the copied tree, run the tests, and put the old text back."""
    path = tree / place.file
    before = path.read_text(encoding="utf-8")
    after = place.changed(before)
    for kept in path.parent.glob(f"__pycache__/{path.stem}.*"):
        kept.unlink()
    path.write_text(after, encoding="utf-8")
    nearest = sorted(room.tests.split(), key=lambda name: name.split("/")[1] not in place.file)  # sooner red
    now = outcome(tree, replace(room, tests=" ".join(nearest)), seconds)
    path.write_text(before, encoding="utf-8")
    return {"change": difference(before, after), "now": now}


def try_room(name: str, results: dict[str, Any], *, again: bool) -> None:
    """Try a room's drawn places that are new (with `again` also survivors that nobody called equivalent); save each result."""
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
    """Write the generated parts of docs/mutants.md: counts, and the survivors that are left with their reasons."""
    rows = [[name, room["places"], *counts(list(room["mutants"].values()))] for name, room in results.items()]
    rows.append(["**all**", *(sum(column) for column in list(zip(*rows, strict=True))[1:])])
    headings = ("room", "places", "tried", "killed", "timed out", "survived", "killed since", "code gone", "left")
    left = [one for room in results.values() for one in room["mutants"].values() if is_left(one)]
    lines = [f"* `{one['where'][13:]}` {shown(one['change'])}: {one.get('reason')}" for one in left]
    return {"mutants": table(headings, rows), "left": "\n".join(sorted(lines))}


def counts(mutants: list[dict[str, str]]) -> list[int]:
    """Count those tried, how each ended at first, and those killed since, deleted with their code, or left."""
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
