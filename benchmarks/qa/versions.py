"""The lowest and the highest versions of what autokode stands on, each in an environment of its own: docs/trust.md.

    python -m benchmarks.qa.versions [PYTHON …]   tries them (half an hour on two cores) and fills the table
    python -m benchmarks.qa.versions --tables     fills the table from benchmarks/results/versions.json

Interpreters are those named, else python3.11, python3.12, … where they are on the path. The lowest versions that pyproject.toml
allows are tried on the oldest Python; the highest that fit together on each. Every environment has the wheel, what it needs, and
pytest and hypothesis; it is removed when its tests have run. Needs uv on the path.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from benchmarks import RESULTS, ROOT
from benchmarks.generated import fill, table

OUT = RESULTS / "versions.json"
PAGE = ROOT / "docs" / "trust.md"
OLDEST, NEWEST = 11, 14
"""Minor versions of Python 3 that are looked for."""

TOOLS = ("pytest", "hypothesis")
TESTED = """
autocoder calibration codebook coding component doctor features model more_readers outputs personal pipeline project_file
pseudonymise readers report review ridge scoring sentences study transcript vectors
""".split()
"""Tests that need nothing else: every library that autokode stands on is used in some of them."""

OF_LOWEST = (
    "-W",
    "ignore::DeprecationWarning",
    "--deselect",
    "tests/exchange/test_outputs.py::test_agreement_as_it_is_shown[en]",
)
"""What old libraries say of each other is not ours; and before rich 15 a column of that golden file is a blank narrower."""

Row = dict[str, Any]


def requirements() -> dict[str, str]:
    """Return what pyproject.toml asks for, name → bounds."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = [line.split(">")[0] for line in project["dependencies"]]
    return {name: line.removeprefix(name) for name, line in zip(names, project["dependencies"], strict=True)}


def ran(*command: str | Path, cwd: Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=cwd, capture_output=True, text=True, check=False)  # noqa: S603 - our own commands
    if check and done.returncode:
        raise SystemExit(f"{' '.join(words)} → {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    return done


def installed(place: Path, python: str, *, lowest: bool) -> Path:
    """Make an environment with the wheel and what it needs; return its interpreter."""
    ran(python, "-m", "venv", "--without-pip", place / "env", cwd=place)
    inside = place / "env" / "bin" / "python"
    resolution = ("--resolution", "lowest-direct" if lowest else "highest", "--python", inside)
    ran("uv", "pip", "compile", "-q", *resolution, "-o", "all.txt", ROOT / "pyproject.toml", cwd=place)
    ran("uv", "build", "-q", "--wheel", "--python", inside, "-o", place, ROOT, cwd=place)
    (wheel,) = place.glob("*.whl")
    ran("uv", "pip", "install", "-q", "--python", inside, "-r", "all.txt", wheel, *TOOLS, cwd=place)
    return inside


def tried(python: str, *, lowest: bool) -> Row:
    """Return the versions that one environment has, and how its tests and the demo went."""
    with tempfile.TemporaryDirectory(prefix="autokode-versions-") as folder:
        place = Path(folder)
        inside = installed(place, python, lowest=lowest)
        listed = json.loads(ran("uv", "pip", "list", "--python", inside, "--format", "json", cwd=place).stdout)
        versions = {one["name"]: one["version"] for one in listed}
        counts = tests_run(inside, place, lowest=lowest)
        demo = ran(inside.parent / "autokode", "demo", cwd=place, check=False)
        return {
            "python": ran(inside, "-c", "import platform; print(platform.python_version())", cwd=place).stdout.strip(),
            "resolution": "lowest" if lowest else "highest",
            "versions": {name: versions[name.replace(".", "-")] for name in requirements()},
            **counts,
            "demo": demo.returncode == 0,
        }


def tests_run(inside: Path, place: Path, *, lowest: bool) -> Row:
    """Run the tests, and by themselves those that failed: some are against the clock, and fail on a busy machine."""
    fixed = (
        *(OF_LOWEST if lowest else ()),
        "-m",
        "not slow",
        "-o",
        f"cache_dir={place / 'kept'}",
        f"--junitxml={place / 'results.xml'}",
    )
    chosen = [f"tests/test_{name}.py" for name in TESTED]
    ran(inside, "-m", "pytest", *fixed, *chosen, cwd=ROOT, check=False)
    found = counted(place / "results.xml")
    if found["failed"]:
        again = ran(inside, "-m", "pytest", *fixed, "--last-failed", *chosen, cwd=ROOT, check=False)
        print(again.stdout[-5000:], file=sys.stderr)
        second = counted(place / "results.xml")
        found = {**found, "passed": found["passed"] + second["passed"], "failed": second["failed"]}
    return found


def counted(results: Path) -> Row:
    """Return how many tests passed and were skipped, and the names of those that failed."""
    cases = ElementTree.parse(results).getroot().iter("testcase")  # noqa: S314 - written by our own pytest
    of = {case: {part.tag for part in case} for case in cases}
    failed = sorted(
        f"{case.get('classname')}::{case.get('name')}" for case, tags in of.items() if tags & {"failure", "error"}
    )
    skipped = sum("skipped" in tags for tags in of.values())
    return {"passed": len(of) - len(failed) - skipped, "skipped": skipped, "failed": failed}


def interpreters() -> list[str]:
    found = (shutil.which(f"python3.{minor}") for minor in range(OLDEST, NEWEST + 1))
    return [python for python in found if python and not ran(python, "-V", cwd=ROOT, check=False).returncode]


def not_here(rows: Sequence[Row]) -> list[str]:
    """Return the Pythons that were looked for and not tried."""
    there = {row["python"].rsplit(".", 1)[0] for row in rows}
    return [f"3.{minor}" for minor in range(OLDEST, NEWEST + 1) if f"3.{minor}" not in there]


def tables(rows: Sequence[Row]) -> dict[str, str]:
    """Return the generated part of docs/trust.md."""
    heads = ["", "asked for", *(f"{row['resolution']}, {row['python']}" for row in rows)]
    lines = [
        [name, bounds, *(row["versions"].get(name, "–") for row in rows)] for name, bounds in requirements().items()
    ]
    lines += [
        ["tests that passed", "", *(str(row["passed"]) for row in rows)],
        ["failed", "", *(str(len(row["failed"])) for row in rows)],
        ["skipped", "", *(str(row["skipped"]) for row in rows)],
        ["`autokode demo`", "", *("runs" if row["demo"] else "fails" for row in rows)],
    ]
    missing = f"\n\nNot to be had where this was tried: Python {', '.join(not_here(rows))}." if not_here(rows) else ""
    return {"versions": table(heads, lines) + missing}


def shown_here() -> dict[str, str]:
    """Return the generated parts of docs/trust.md as the committed results have them."""
    return tables(json.loads(OUT.read_text(encoding="utf-8")))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pythons", nargs="*", metavar="PYTHON")
    parser.add_argument("--tables", action="store_true")
    asked = parser.parse_args()
    if not asked.tables:
        pythons = asked.pythons or interpreters()
        rows = [tried(pythons[0], lowest=True), *(tried(python, lowest=False) for python in pythons)]
        OUT.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
        if any(row["failed"] or not row["demo"] for row in rows):
            sys.exit("something failed; see benchmarks/results/versions.json")
    fill(PAGE, shown_here())


if __name__ == "__main__":
    main()
