"""Tests the lowest and the highest versions of the dependencies, each in an environment of its own: docs/trust.md.

    python -m benchmarks.qa.versions [PYTHON …]   tries them (half an hour on two cores) and fills the table
    python -m benchmarks.qa.versions --tables     fills the table from benchmarks/results/versions.json

Interpreters are those named, else python3.11, python3.12, … where they are on the path. The lowest versions that pyproject.toml
allows are tried on the oldest Python; the highest that fit together on each. Every environment has the wheel, its
dependencies and the tools of the tests, and is removed after its tests. Needs uv on the path.
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
from benchmarks.qa.wheel import included

OUT = RESULTS / "versions.json"
PAGE = ROOT / "docs" / "trust.md"
OLDEST, NEWEST = 11, 14
"""Minor versions of Python 3 that are looked for."""

TOOLS = ("pytest", "hypothesis", "playwright")
TESTED = [
    "tests/{}/test_{}.py".format(*name.split("/"))
    for name in """
    cli/doctor corpus/codebook corpus/coding corpus/reader_formats corpus/readers corpus/study corpus/transcript exchange/outputs
    integrations/spacy_component model/calibration model/features model/linear_model model/vectors nlp/pipeline nlp/sentences
    project/project_file pseudonym/personal pseudonym/pseudonymise report/report review/actions review/guard review/pages
    scoring/scorer training/ridge workflows/autocoder
    """.split()
]
"""Tests that need no other library; each library that autokode depends on is used in some of them."""

OF_LOWEST = (
    "-W",
    "ignore::DeprecationWarning",
    "--deselect",
    "tests/exchange/test_outputs.py::test_the_output_of_agreement[en]",
)
"""Options for the lowest versions: old libraries warn of each other; before rich 15 a column of that golden file is narrower."""

Row = dict[str, Any]


def requirements() -> dict[str, str]:
    """What pyproject.toml requires, with the extras `all` and `compile`: name → bounds."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    (whole,) = extras["all"]
    parts = [*included(whole), "compile"]
    lines = {*project["dependencies"], *(one for part in parts for one in extras[part])}
    found = {line.split(">")[0]: line for line in sorted(lines) if not line.startswith("autokode[")}
    return {name: line.removeprefix(name) for name, line in found.items()}


def ran(*command: str | Path, cwd: Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=cwd, capture_output=True, text=True, check=False)  # noqa: S603 - our own commands
    if check and done.returncode:
        raise SystemExit(f"{' '.join(words)} → {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    return done


def installed(place: Path, python: str, *, lowest: bool) -> Path:
    """Make an environment with the wheel and its dependencies; gives its interpreter."""
    ran(python, "-m", "venv", "--without-pip", place / "env", cwd=place)
    inside = place / "env" / "bin" / "python"
    resolution = ("--resolution", "lowest-direct" if lowest else "highest", "--python", inside)
    extras = ("--extra", "all", "--extra", "compile")
    ran("uv", "pip", "compile", "-q", *resolution, *extras, "-o", "all.txt", ROOT / "pyproject.toml", cwd=place)
    ran("uv", "build", "-q", "--wheel", "--python", inside, "-o", place, ROOT, cwd=place)
    (wheel,) = place.glob("*.whl")
    ran("uv", "pip", "install", "-q", "--python", inside, "-r", "all.txt", wheel, *TOOLS, cwd=place)
    return inside


def tried(python: str, *, lowest: bool) -> Row:
    """Try one environment: its versions, and how its tests and the demo went."""
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
    """Run the tests, then those that failed once more: some measure time, and fail on a busy machine."""
    fixed = (
        *(OF_LOWEST if lowest else ()),
        "-m",
        "not slow",
        "-o",
        f"cache_dir={place / 'kept'}",
        f"--junitxml={place / 'results.xml'}",
    )
    ran(inside, "-m", "pytest", *fixed, *TESTED, cwd=ROOT, check=False)
    found = counted(place / "results.xml")
    if found["failed"]:
        again = ran(inside, "-m", "pytest", *fixed, "--last-failed", *TESTED, cwd=ROOT, check=False)
        print(again.stdout[-5000:], file=sys.stderr)
        second = counted(place / "results.xml")
        found = {**found, "passed": found["passed"] + second["passed"], "failed": second["failed"]}
    return found


def counted(results: Path) -> Row:
    """Count the tests that passed and were skipped, and name those that failed."""
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
    """The versions of Python that were looked for and not found."""
    there = {row["python"].rsplit(".", 1)[0] for row in rows}
    return [f"3.{minor}" for minor in range(OLDEST, NEWEST + 1) if f"3.{minor}" not in there]


def tables(rows: Sequence[Row]) -> dict[str, str]:
    """Write the generated part of docs/trust.md."""
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
    """Write the generated part of docs/trust.md from the committed results."""
    return tables(json.loads(OUT.read_text(encoding="utf-8")))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pythons", nargs="*", metavar="PYTHON")
    parser.add_argument("--tables", action="store_true")
    options = parser.parse_args()
    if not options.tables:
        pythons = options.pythons or interpreters()
        rows = [tried(pythons[0], lowest=True), *(tried(python, lowest=False) for python in pythons)]
        OUT.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
        if any(row["failed"] or not row["demo"] for row in rows):
            sys.exit("something failed; see benchmarks/results/versions.json")
    fill(PAGE, shown_here())


if __name__ == "__main__":
    main()
