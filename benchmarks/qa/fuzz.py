"""Tries odd and hostile input for a given time and fills docs/hostile.md; tests/workflows/test_fuzz.py tries some of each.

    python -m benchmarks.qa.fuzz [SECONDS] [NAME ...]   tries each target (or those named) so long, in a process of its own
    python -m benchmarks.qa.fuzz --guided [SECONDS]     the same, with changes guided by coverage (pip install -e '.[fuzz]')
    python -m benchmarks.qa.fuzz --tables               fills the table from benchmarks/results/fuzz.json

Seconds are the processor's. What was tried is kept after each target, and added to what was tried before. Each time changes are
drawn anew, and the targets tried least often come first, so that it can be broken off and goes on. A finding is written to
dist/fuzz and named.
"""

import hashlib
import json
import os
import random
import re
import resource
import shutil
import sys
import tempfile
import time
import traceback
from contextlib import nullcontext
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn, Self

from benchmarks import RESULTS, ROOT
from benchmarks.generated import fill, table

os.environ.setdefault("OMP_NUM_THREADS", "1")

OUT = RESULTS / "fuzz.json"
PAGE = ROOT / "docs" / "hostile.md"
KEPT = ROOT / "dist" / "fuzz"
SECONDS = 60.0
ROOM = 3 << 30
"""Bytes of address space that a process may take beyond what it has when it begins."""
REQUESTS = "the page's addresses"
GUIDED = ("autokode", "ruamel", "docx", "openpyxl")
"""Packages whose branches guide the changes."""


class Timed:
    """The cost of an input in seconds of the processor; the tests count calls of functions instead."""

    short, most, unit = "more than a second", 1.0, "s of processor"
    spent = 0.0

    def __enter__(self) -> Self:
        self._began = time.process_time()
        return self

    def __exit__(self, *_error: object) -> None:
        self.spent = time.process_time() - self._began


def targets() -> dict[str, Any]:
    """Every target by its name, in the order of the table."""
    import fuzz_exchange
    import fuzz_models
    import fuzz_tables
    import fuzz_transcripts

    own = (*fuzz_transcripts.TARGETS, *fuzz_exchange.TARGETS, *fuzz_tables.TARGETS, *fuzz_models.TARGETS)
    return {**{target.name: target for target in own}, REQUESTS: None}


def _guided(target: Any, seconds: float, seed: int, told: Path) -> None:
    """Try inputs whose changes coverage guides: half of them atheris's own, half of them ours."""
    import atheris

    from fuzz_case import Trying
    from fuzz_changes import MOSTLY, changed

    trying = Trying(target, told.parent / "room", Timed, nullcontext)  # libFuzzer has an alarm of its own
    corpus = told.parent / "corpus"
    corpus.mkdir()
    for i, one in enumerate(trying.seeds):
        (corpus / str(i)).write_bytes(one)
    _limit()
    end, last = time.process_time() + seconds, told.with_suffix(".input")

    def one(data: bytes) -> None:
        last.write_bytes(data)
        trying.tried(data)
        if time.process_time() > end:
            _tell(told, trying.inputs, trying.findings)
            sys.stderr.flush()
            os._exit(0)

    def change(data: bytes, most: int, number: int) -> bytes:
        choose = random.Random(number)  # noqa: S311 - no secret
        if choose.random() < 0.5:
            return bytes(atheris.Mutate(data, most))
        return changed(data, choose, target.words, trying.seeds)[:most]

    longest = max(MOSTLY, *map(len, trying.seeds))
    options = [
        f"-max_len={longest}",
        f"-seed={seed + 1}",
        "-timeout=60",
        "-rss_limit_mb=0",
        f"-artifact_prefix={told.parent}/",
    ]
    atheris.Setup([sys.argv[0], *options, str(corpus)], one, custom_mutator=change, enable_python_coverage=True)
    atheris.Fuzz()


def _changed(target: Any, seconds: float, seed: int, told: Path) -> None:
    from fuzz_case import Trying
    from fuzz_changes import inputs

    trying = Trying(target, told.parent / "room", Timed)
    _limit()
    end, last = time.process_time() + seconds, told.with_suffix(".input")
    for data in inputs(trying, sys.maxsize, seed):
        last.write_bytes(data)
        trying.tried(data)
        if time.process_time() > end:
            break
    _tell(told, trying.inputs, trying.findings)


def _requests(seconds: float, seed: int, told: Path) -> None:
    from fuzz_page import Page

    page, end = Page(told.parent, Timed), time.process_time() + seconds
    choose = random.Random(seed)  # noqa: S311 - no secret
    while time.process_time() < end:
        page.sent(choose)
    page.looked_through()
    _tell(told, page.requests, page.findings)


def _limit() -> None:
    taken = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (taken + ROOM, taken + ROOM))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _tell(told: Path, inputs: int, findings: dict[str, Any]) -> None:
    for short, (finding, data) in findings.items():
        place = KEPT / hashlib.sha256(short.encode()).hexdigest()[:12]
        place.with_suffix(".txt").write_text(finding.full, encoding="utf-8", errors="backslashreplace")
        place.with_suffix(".input").write_bytes(data)
    told.write_text(
        json.dumps({"inputs": inputs, "seconds": round(time.process_time()), "findings": sorted(findings)}),
        encoding="utf-8",
    )


def tried(target: Any, seconds: float, seed: int, *, guided: bool) -> dict[str, Any]:
    """Try one target in a process of its own, on a file system in memory where there is one; returns the counts and findings."""
    KEPT.mkdir(parents=True, exist_ok=True)
    memory = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
    place = Path(tempfile.mkdtemp(dir=memory if memory.is_dir() else None))
    told = place / "told.json"
    child = os.fork()
    if not child:
        _child(target, (seconds, seed, told), guided=guided)
    _child_id, status = os.waitpid(child, 0)
    said = (place / "log").read_text(encoding="utf-8", errors="replace")
    if told.exists():
        found = json.loads(told.read_text(encoding="utf-8"))
    else:
        found = {"inputs": 0, "seconds": 0, "findings": [f"the process ended with {os.waitstatus_to_exitcode(status)}"]}
        for name in ("log", "told.input"):
            if (place / name).exists():
                shutil.copy(place / name, KEPT / f"ended {seed} {name}")
    shutil.rmtree(place)
    branches = [int(number) for number in re.findall(r"cov: (\d+)", said)]
    return {**found, "branches": max(branches, default=0)}


def _child(target: Any, given: tuple[float, int, Path], *, guided: bool) -> NoReturn:
    """Try a target until the time is over, with all that is printed in a file; end the process."""
    place = given[2].parent
    log = os.open(place / "log", os.O_CREAT | os.O_WRONLY)
    os.dup2(log, 1)
    os.dup2(log, 2)
    tempfile.tempdir = str(place)
    try:
        if target is None:
            _requests(*given)
        else:
            (_guided if guided else _changed)(target, *given)
    except BaseException:  # noqa: BLE001 - said in the log
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def campaign(seconds: float, wanted: list[str], *, guided: bool) -> bool:
    """Try targets one after another, those tried least first; returns whether nothing was found."""
    if guided:
        import atheris

        with atheris.instrument_imports(include=list(GUIDED), enable_loader_override=False):
            own = targets()
            for path in (ROOT / "src" / "autokode").glob("*/*.py"):  # those that readers load on use
                if path.parent.name in ("readers", "exchange") and path.stem != "__init__":
                    import_module(f"autokode.{path.parent.name}.{path.stem}")
    else:
        own = targets()
    kept = json.loads(OUT.read_text(encoding="utf-8")) if OUT.exists() else {}
    clean = True
    for name in sorted(wanted or own, key=lambda name: kept.get(name, {}).get("rounds", 0)):
        before = kept.get(name, {"inputs": 0, "seconds": 0, "branches": 0, "rounds": 0, "findings": 0})
        found = tried(own[name], seconds, before["rounds"], guided=guided)
        clean = clean and not found["findings"]
        for short in found["findings"]:
            print(f"    {name}: {short}", flush=True)
        kept[name] = {
            "inputs": before["inputs"] + found["inputs"],
            "seconds": before["seconds"] + found["seconds"],
            "branches": max(before["branches"], found["branches"]),
            "rounds": before["rounds"] + 1,
            "findings": len(found["findings"]),
        }
        OUT.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        print(f"{time.strftime('%H:%M:%S')} {name}: {found['inputs']} inputs, {found['branches']} branches", flush=True)
    return clean


def tables(kept: dict[str, Any]) -> dict[str, str]:
    """The generated part of docs/hostile.md."""
    rows = [
        [name, f"{one['inputs']:,}", f"{one['seconds']:,}", one["branches"] or "–", one["findings"]]
        for name in targets()
        if (one := kept.get(name))
    ]
    sums = [sum(one[what] for one in kept.values()) for what in ("inputs", "seconds", "findings")]
    whole = ["**all**", f"{sums[0]:,}", f"{sums[1]:,}", "", sums[2]]
    return {
        "hostile": table(
            ("read", "inputs", "seconds of processor", "branches reached", "findings left"), [*rows, whole]
        )
    }


if __name__ == "__main__":
    words = sys.argv[1:]
    long = [float(word) for word in words if re.fullmatch(r"\d+(\.\d+)?", word)]
    clean = True
    if "--tables" not in words:
        clean = campaign(
            [*long, SECONDS][0], [word for word in words if not re.match(r"--|\d", word)], guided="--guided" in words
        )
    if PAGE.exists():
        fill(PAGE, tables(json.loads(OUT.read_text(encoding="utf-8"))))
    sys.exit(not clean)
