"""Measures what ships: the parts of the wheel and of an installation, their sizes and licences: docs/trust.md.

    python -m benchmarks.qa.wheel           builds the wheel, installs it in an empty environment (a minute) and fills the tables
    python -m benchmarks.qa.wheel --tables  fills the tables from benchmarks/results/wheel.json

Licences of libraries are those of their installed metadata. Needs a package index.
"""

import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from packaging.requirements import Requirement

from autokode.cli.installation import PURPOSES
from benchmarks import RESULTS, ROOT
from benchmarks.generated import fill, table

OUT = RESULTS / "wheel.json"
PAGE = ROOT / "docs" / "trust.md"
LARGEST = 12
"""Installed libraries shown by size."""

NOT_LISTED = ("autokode", "pip")
"""Packages of the environment that are not dependencies."""


@dataclass(frozen=True, slots=True)
class Part:
    """Files of the wheel whose path has one of these beginnings and endings, and their licence."""

    name: str
    beginnings: tuple[str, ...]
    endings: tuple[str, ...]
    licence: str
    source: str


PARTS = (
    Part(
        "models/nb-vectors",
        ("autokode/models/nb-vectors",),
        (".npy", ".json", ".md"),
        "MIT",
        "learnt from the Norwegian Dependency Treebank (CC0), UD NynorskLIA (CC BY-SA 4.0), NPSC (CC0), XED (CC BY 4.0), "
        "laws and regulations (NLOD 2.0), the project's interviews and wordfreq's words (CC BY-SA 4.0), as "
        "multilingual-e5-small (MIT) embeds them",
    ),
    Part(
        "models/nb_autokode_sm",
        ("autokode/models/nb_autokode_sm",),
        ("",),
        "MIT",
        "learnt from the Norwegian Dependency Treebank with NorNE (CC0) and UD NynorskLIA (CC BY-SA 4.0); vectors from "
        "nb-vectors",
    ),
    Part(
        "models/nav-nb",
        ("autokode/models/nav-nb",),
        (".npy", ".json", ".yaml", ".tsv", ".md"),
        "MIT",
        "learnt from the project's interviews and nb-vectors",
    ),
    Part(
        "training_data",
        ("autokode/training_data/",),
        (".docx", ".txt", ".vtt", ".srt", ".csv", ".yaml", ".md"),
        "CC BY 4.0",
        "invented for the project",
    ),
    Part(
        "guide",
        ("autokode/guide/",),
        (".md", ".png"),
        "MIT",
        "written for the project; pictures of its page on the invented example",
    ),
    Part(
        "pseudonym/names.json",
        ("autokode/pseudonym/names.json",),
        ("",),
        "MIT",
        "facts: names and common words of the Norwegian Dependency Treebank with NorNE (CC0), populated places of GeoNames "
        "(CC BY 4.0), countries of the Unicode CLDR (Unicode-3.0), and names and towns written down by hand",
    ),
    Part(
        "compiled cores",
        ("autokode/scoring/engine/cores/",),
        (".so", ".dylib", ".dll", "manifest.json"),
        "MIT",
        "made from the project's own functions when the wheel is built, by Numba (BSD-2) and Zig's linker (MIT)",
    ),
    Part(
        "code, with its pages and its own tables",
        ("autokode/", "autokode-"),
        (
            *(
                ".py",
                "py.typed",
                ".html",
                ".css",
                ".js",
                ".svg",
                ".ico",
                ".icns",
                "/METADATA",
                "/WHEEL",
                "/RECORD",
                "/entry_points.txt",
                "/LICENSE",
            ),
            *("base/nynorsk.json", "pseudonym/invented.json", "pseudonym/words.yaml", "scoring/engine/norwegian.json"),
            "nlp/norwegian_patterns.json",
        ),
        "MIT",
        "written for the project; norwegian.json and norwegian_patterns.json say what spaCy's rules (MIT) do",
    ),
)
"""A file belongs to the first part that matches it."""

INSTALLED = """
import json
from importlib.metadata import distributions
def licence(about):
    stated = (about.get("License") or "").strip()
    classified = [c.split(" :: ")[-1] for c in about.get_all("Classifier") or [] if c.startswith("License ::")]
    return about.get("License-Expression") or ", ".join(classified) or (stated if len(stated) <= 60 else "")
def size(found):
    files = [file.locate() for file in found.files or []]
    return sum(file.stat().st_size for file in files if file.is_file() and file.suffix != ".pyc")
print(json.dumps([
    {"name": one.name, "version": one.version, "licence": licence(one.metadata), "bytes": size(one),
     "requires": one.requires or []}
    for one in sorted(distributions(), key=lambda one: one.name.lower())
]))
"""
"""A script for the environment of the wheel that lists every library there."""

Row = dict[str, Any]


def ran(*command: str | Path, cwd: Path, **environment: str) -> str:
    """Run a command to its end; returns its output.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    known = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(  # noqa: S603 - our own commands
        [str(word) for word in command],
        cwd=cwd,
        env={**known, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def built(place: Path) -> Path:
    """Build the wheel in a folder; returns its path."""
    ran(sys.executable, "-m", "build", "--wheel", "--outdir", place, ROOT, cwd=place)
    (wheel,) = place.glob("*.whl")
    return wheel


def installed(wheel: Path, place: Path, *, extra: str = "all") -> Path:
    """Install a wheel and its dependencies in an empty environment; returns the folder of its programs.

    Args:
        extra: the extra that is installed with it; "" for none.
    """
    ran(sys.executable, "-m", "venv", place / "env", cwd=place)
    programs = place / "env" / "bin"
    constraints = ("--constraint", ROOT / "constraints.txt")
    named = f"{wheel}[{extra}]" if extra else wheel
    ran(programs / "python", "-m", "pip", "install", "--quiet", *constraints, named, cwd=place)
    return programs


def plain(name: str) -> str:
    """A library's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def brought(lines: list[str], libraries: list[Row]) -> set[str]:
    """The names of all libraries that requirements bring along, as they are installed here."""
    known = {plain(one["name"]): one for one in libraries}
    found: set[str] = set()
    todo = [Requirement(line) for line in lines]
    while todo:
        one = todo.pop()
        name = plain(one.name)
        if name in known and name not in found and (one.marker is None or one.marker.evaluate({"extra": ""})):
            found.add(name)
            todo += [Requirement(line) for line in known[name]["requires"]]
    return found


def included(line: str) -> list[str]:
    """The extras that a requirement of the package on itself names.

    >>> included("autokode[office,tables]")
    ['office', 'tables']
    """
    return line.removeprefix("autokode[").removesuffix("]").split(",")


def of_extras(libraries: list[Row]) -> dict[str, set[str]]:
    """What the package itself ("") and each extra in `all` bring along, every extra beyond what the package has."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]

    def lines(extra: str) -> list[str]:
        own = [included(one) for one in extras[extra] if "autokode[" in one]
        other = [one for one in extras[extra] if "autokode[" not in one]
        return [*other, *(line for names in own for name in names for line in lines(name))]

    base = brought(project["dependencies"], libraries)
    (whole,) = extras["all"]
    names = included(whole)
    return {"": base, **{name: brought(lines(name), libraries) - base for name in names}}


def part_of(name: str) -> Part:
    """The part that a file of the wheel belongs to.

    Raises:
        LookupError: to none, so nobody has stated its licence.
    """
    for part in PARTS:
        if name.startswith(part.beginnings) and name.endswith(part.endings):
            return part
    raise LookupError(name)


def measured() -> Row:
    """Build and install the wheel, and measure its parts and libraries."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        wheel = built(place)
        with ZipFile(wheel) as archive:
            files = [(part_of(info.filename).name, info) for info in archive.infolist() if not info.is_dir()]
        parts = {
            part.name: {
                "files": sum(name == part.name for name, _ in files),
                "bytes": sum(info.file_size for name, info in files if name == part.name),
                "packed": sum(info.compress_size for name, info in files if name == part.name),
            }
            for part in PARTS
        }
        libraries = json.loads(ran(installed(wheel, place) / "python", "-c", INSTALLED, cwd=place))
        ours = [one for one in libraries if one["name"] not in NOT_LISTED]
        return {
            "python": platform.python_version(),
            "wheel_bytes": wheel.stat().st_size,
            "parts": parts,
            "libraries": ours,
        }


def megabytes(size: int) -> str:
    return f"{size / 2**20:.1f}"


def under(licence: str, libraries: list[Row]) -> list[str]:
    return [
        f"{one['name']} {one['version']}" for one in libraries if one["licence"].removesuffix(" License") == licence
    ]


def tables(found: Row) -> dict[str, str]:
    """The generated parts of docs/trust.md."""
    parts, libraries = found["parts"], found["libraries"]
    unpacked, others = (sum(one["bytes"] for one in group) for group in (parts.values(), libraries))
    sizes = [
        (part.name, parts[part.name]["files"], *(megabytes(parts[part.name][key]) for key in ("packed", "bytes")))
        for part in PARTS
    ]
    sizes.append(
        (
            "**the wheel**",
            sum(one["files"] for one in parts.values()),
            megabytes(found["wheel_bytes"]),
            megabytes(unpacked),
        )
    )
    large = sorted(libraries, key=lambda one: -one["bytes"])[:LARGEST]
    shown = ", ".join(f"{one['name']} {megabytes(one['bytes'])}" for one in large)
    groups = of_extras(libraries)
    weight = {plain(one["name"]): one["bytes"] for one in libraries}
    base = sum(weight[name] for name in groups[""])
    about = (
        f"Installed, autokode takes {megabytes(unpacked)} MB. `pip install autokode` brings {len(groups[''])} libraries of "
        f"{megabytes(base)} MB, `autokode[all]` {len(libraries)} of {megabytes(others)} MB; the largest, in MB: {shown}. "
        "What Python compiles of them when they are installed is not counted."
    )
    parted = [
        (
            f"`{name}`" if name else "`pip install autokode`",
            PURPOSES[name][1] if name else "learning, suggesting, measuring, from text files and in Python",
            len(found),
            megabytes(sum(weight[one] for one in found)),
        )
        for name, found in groups.items()
    ]
    own = [(part.name, part.licence, part.source) for part in PARTS]
    licences = sorted({one["licence"].removesuffix(" License") for one in libraries})
    theirs = [(licence, ", ".join(under(licence, libraries))) for licence in licences]
    return {
        "sizes": f"{table(('', 'files', 'MB in the wheel', 'MB unpacked'), sizes)}\n\n{about}",
        "extras": table(("extra", "for", "libraries", "MB"), parted, numbers=False),
        "own": table(("", "licence", "what it is made of"), own, numbers=False),
        "libraries": table(("licence, as they say", "libraries"), theirs, numbers=False),
    }


def shown_here() -> dict[str, str]:
    """The generated parts of docs/trust.md as the committed results have them."""
    return tables(json.loads(OUT.read_text(encoding="utf-8")))


if __name__ == "__main__":
    if "--tables" not in sys.argv:
        OUT.write_text(json.dumps(measured(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    fill(PAGE, shown_here())
