"""Measures the shape of the code, before and after it was put into rooms: docs/decisions/2026-12-01-rooms.md.

    python -m benchmarks.qa.house                measures this tree as «after» (a minute) and fills the table
    python -m benchmarks.qa.house before FOLDER  measures another tree as «before», such as commit 14ab208
    python -m benchmarks.qa.house --tables       fills the table from benchmarks/results/house.json

A room is a folder with modules, or a module in the package's root. `house_calls` counts what calls go through.
"""

import ast
import json
import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from graphlib import TopologicalSorter
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks import RESULTS, ROOT
from benchmarks.generated import fill, table

OUT = RESULTS / "house.json"
PAGE = ROOT / "docs" / "decisions" / "2026-12-01-rooms.md"
TIMES = ("before", "after")
COMPILED = {"compiled", "intrinsic", "njit"}
"""Decorators of what Numba compiles."""

Figures = dict[str, Any]
Arrows = Mapping[str, set[str]]


def measured(tree: Path) -> Figures:
    """Measure one tree."""
    source = tree / "src" / "autokode"
    parsed = {module_of(path, source): ast.parse(path.read_text(encoding="utf-8")) for path in source.rglob("*.py")}
    rooms = rooms_of(parsed, source)
    lengths = [length for module in parsed.values() for length in functions(module)]
    return {
        "rooms": len(set(rooms.values())),
        "floors": floors(arrows := arrows_between(parsed, rooms)),
        "import arrows between rooms": sum(map(len, arrows.values())),
        "modules in the package's root": len([path for path in source.glob("*.py") if path.stem[:2] != "__"]),
        "lines of Python": lines_of(source, "*.py"),
        "statements of Python": sum(isinstance(node, ast.stmt) for one in parsed.values() for node in ast.walk(one)),
        "lines of JavaScript": lines_of(source, "*.js"),
        **{
            f"functions of more than {most} lines{kind}": sum(
                n > most for n, is_compiled in lengths if is_compiled == of
            )
            for kind, of in (("", False), (", compiled", True))
            for most in (40, 50)
        },
        "errors raised in two steps": sum(raised_in_two_steps(one) for one in parsed.values()),
        **calls(tree),
    }


def module_of(path: Path, source: Path) -> str:
    return ".".join(path.relative_to(source).with_suffix("").parts)


def lines_of(source: Path, pattern: str) -> int:
    return sum(path.read_text(encoding="utf-8").count("\n") for path in source.rglob(pattern))


def rooms_of(modules: Iterable[str], source: Path) -> dict[str, str]:
    """Find each module's room; the root's `__init__` and `__main__`, and the `__init__` of a folder of rooms alone, have none."""
    found = {}
    for module in modules:
        folder, _, name = module.rpartition(".")
        alone = {path.stem for path in (source / folder.replace(".", "/")).glob("*.py")} == {"__init__"}
        if folder and not alone:
            found[module] = folder
        elif not folder and not name.startswith("__"):
            found[module] = name
    return found


def arrows_between(parsed: Mapping[str, ast.Module], rooms: Mapping[str, str]) -> Arrows:
    """Room → the rooms it imports from; what a folder of rooms alone passes on comes from its home."""

    @cache
    def home(name: str, of: str) -> str | None:
        """The module that is named by `from name import of`."""
        for module in (f"{name}.{of}", name):
            if module in rooms:
                return module
        init = f"{name}.__init__"
        if f"{name}.{of}.__init__" in rooms:
            return f"{name}.{of}.__init__"
        if init in rooms or init not in parsed:
            return init if init in rooms else None
        return next((home(*one) for one in imported(parsed[init]) if one[1] == of), None)

    arrows: dict[str, set[str]] = {room: set() for room in rooms.values()}
    for module, room in rooms.items():
        found = (home(*one) for one in imported(parsed[module]))
        arrows[room] |= {rooms[one] for one in found if one} - {room}
    return arrows


def imported(module: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield (module, name) of what is imported from the package."""
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "autokode":
            yield from (((node.module or "")[len("autokode.") :], alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.name[len("autokode.") :], "") for alias in node.names if "autokode." in alias.name)


def floors(arrows: Arrows) -> int:
    """The longest chain in the import order of rooms.

    Raises:
        CycleError: rooms import each other.
    """
    floor: dict[str, int] = {}
    for room in TopologicalSorter(arrows).static_order():
        floor[room] = 1 + max((floor[other] for other in arrows[room]), default=0)
    return max(floor.values())


def functions(module: ast.Module) -> Iterator[tuple[int, bool]]:
    """Yield each function's lines, from `def` to its end, and whether it is compiled."""
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef):
            decorators = set().union(*map(names_in, node.decorator_list))
            yield (node.end_lineno or 0) - node.lineno + 1, bool(decorators & COMPILED)


def names_in(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def raised_in_two_steps(module: ast.Module) -> int:
    """Count errors whose message (`say` or `Problem`) is made by the statement before `raise`."""
    count = 0
    for node in ast.walk(module):
        for body in (getattr(node, name, None) for name in ("body", "orelse", "finalbody")):
            for first, then in pairwise(body if isinstance(body, list) else []):
                if isinstance(first, ast.Assign) and isinstance(then, ast.Raise):
                    made, named, used = map(names_in, (first.value, first.targets[0], then))
                    count += bool(made & {"say", "Problem"} and named & used)
    return count


def calls(tree: Path) -> Figures:
    """Count what calls go through, in a process where the tree is what is installed."""
    with tempfile.TemporaryDirectory() as folder:
        project = tomllib.loads((tree / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        about = Path(folder) / "autokode-0.dist-info"  # spaCy finds the tree's own component by its entry point
        about.mkdir()
        (about / "METADATA").write_text("Metadata-Version: 2.1\nName: autokode\nVersion: 0\n", encoding="utf-8")
        points = "".join(
            f"[{group}]\n" + "".join(f"{name} = {to}\n" for name, to in entries.items())
            for group, entries in project["entry-points"].items()
        )
        (about / "entry_points.txt").write_text(points, encoding="utf-8")
        path = os.pathsep.join((str(tree / "src"), folder))
        environment = {**os.environ, "PYTHONPATH": path, "AUTOKODE_CACHE": folder, "LOKY_MAX_CPU_COUNT": "1"}
        command = [sys.executable, "-m", "benchmarks.qa.house_calls", str(tree)]
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True)  # noqa: S603 - our own
    found = json.loads(done.stdout)
    return {
        **{f"files that a call goes through: {name}": len(files) for name, files in found["files"].items()},
        "database connections of one decision on the page": found["connections"],
        "stacks": found["files"],
    }


def tables(found: Mapping[str, Figures]) -> dict[str, str]:
    """Write the generated part of the document."""
    columns = [found.get(time, {}) for time in TIMES]
    names = [name for name in columns[-1] or columns[0] if name != "stacks"]
    rows = [(name, *(f"{one[name]:,}" if name in one else "–" for one in columns)) for name in names]
    return {"house": table(("", *TIMES), rows)}


def main() -> None:
    words = sys.argv[1:]
    found: dict[str, Figures] = json.loads(OUT.read_text(encoding="utf-8")) if OUT.exists() else {}
    if words != ["--tables"]:
        time, tree = words or ("after", str(ROOT))
        found[time] = measured(Path(tree).resolve())
        OUT.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    fill(PAGE, tables(found))


if __name__ == "__main__":
    main()
