"""The rooms: which may import which, how little `import autokode` loads, how few names it offers."""

import ast
import json
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import autokode
from conftest import ROOT

SOURCE = ROOT / "src" / "autokode"

ROOMS = [
    "base",
    "corpus.readers",
    "corpus",
    "nlp",
    "agreement",
    "model",
    "training",
    "scoring.engine",
    "scoring.batch",
    "front door",
    "integrations",
    "evaluation",
    "pseudonym",
    "project.store",
    "project.active_learning",
    "project.views",
    "exchange.package",
    "exchange.refi",
    "exchange",
    "report",
    "report.render",
    "review",
    "cli",
]
"""Every room, each after all that it may import. The front door is the modules in the package's root."""

FRONT_DOOR = {"autocoder", "suggestion", "batch"}

FACADES = {"project": "project.store", "scoring": "scoring.engine"}
"""Folders that hold rooms alone → the room whose names they pass on."""

LIBRARIES = {
    "click": {"cli"},
    "dask": {"scoring.batch"},
    "distributed": {"scoring.batch"},
    "docx": {"corpus.readers", "pseudonym", "exchange", "report.render"},
    "faker": {"pseudonym"},
    "filelock": {"scoring.batch", "review"},
    "flask": {"review"},
    "botocore": {"scoring.batch"},
    "fsspec": {"scoring.batch"},
    "jinja2": {"report.render"},
    "joblib": {"scoring.batch", "evaluation"},
    "llvmlite": {"scoring.engine"},
    "lxml": {"base", "corpus.readers", "exchange.refi"},
    "markdown_it": {"review"},
    "matplotlib": {"report"},
    "numba": {"scoring.engine"},
    "openpyxl": {"corpus.readers"},
    "phonenumbers": {"pseudonym"},
    "platformdirs": {"base"},
    "pyarrow": {"base", "agreement", "scoring.batch", "front door", "exchange", "report.render"},
    "rapidfuzz": {"corpus", "pseudonym", "project.active_learning"},
    "rich": {"cli"},
    "ruamel": {"base"},
    "scipy": {"model", "training", "evaluation", "project.active_learning", "report"},
    "simplemma": {"nlp"},
    "sklearn": {"training", "front door", "evaluation", "report"},
    "spacy": {"nlp", "integrations"},
    "sqlite3": {"project.store", "exchange"},
    "stdnum": {"pseudonym"},
    "threadpoolctl": {"training"},
    "waitress": {"review"},
    "werkzeug": {"review"},
    "xlsxwriter": {"base"},
}
"""Library → the rooms that import it, and no others."""


def module_of(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path): path for path in sorted(SOURCE.rglob("*.py")) if module_of(path)}


def imports_of(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            modules = {name for name in names if name.removeprefix("autokode.") in MODULES}
            found |= modules or {node.module}
    return found


def room_of(module: str) -> str:
    """The room in which a module lies: the longest of `ROOMS` that its name begins with."""
    if module in FRONT_DOOR:
        return "front door"
    module = FACADES.get(module, module)
    return max((room for room in ROOMS if f"{module}.".startswith(f"{room}.")), key=len)


HOUSE = {name: path for name, path in MODULES.items() if name != "__main__"}


@pytest.mark.parametrize("module", HOUSE)
def test_a_room_imports_only_from_rooms_before_it(module: str) -> None:
    room = room_of(module)
    own = {name.removeprefix("autokode.") for name in imports_of(HOUSE[module]) if name.startswith("autokode.")}
    assert {room_of(name) for name in own} <= set(ROOMS[: ROOMS.index(room) + 1])


@pytest.mark.parametrize("module", HOUSE)
def test_a_library_is_imported_in_its_rooms_alone(module: str) -> None:
    tops = {name.split(".")[0] for name in imports_of(HOUSE[module])}
    assert not {library for library in tops & set(LIBRARIES) if room_of(module) not in LIBRARIES[library]}


@pytest.mark.parametrize("library", LIBRARIES)
def test_every_room_named_for_a_library_imports_it(library: str) -> None:
    using = {room_of(name) for name, path in HOUSE.items() if library in {i.split(".")[0] for i in imports_of(path)}}
    assert using == LIBRARIES[library]


READS_SQL = ("project.store.", "exchange.qualcoder")
"""The modules that may speak SQL: the project's store, and the reader of another program's file."""


@pytest.mark.parametrize("module", [name for name in HOUSE if not name.startswith(READS_SQL)])
def test_no_other_module_speaks_sql_or_opens_a_connection(module: str) -> None:
    tree = ast.parse(HOUSE[module].read_text(encoding="utf-8"))
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert not attributes & {"execute", "executemany", "executescript", "reading", "writing", "database"}
    assert not (attributes | names) & {"sqlite3", "Connection", "Database"}


def test_every_room_says_what_it_holds_and_what_it_may_import() -> None:
    for folder in sorted({path.parent for path in HOUSE.values()} - {SOURCE}):
        said = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")))
        assert said and "mports" in said, folder  # "Imports …", "It imports …"


def test_few_modules_lie_in_the_root() -> None:
    assert {path.stem for path in SOURCE.glob("*.py")} == FRONT_DOOR | {"__init__", "__main__"}


def test_modules_within_a_room_import_in_one_direction() -> None:
    """No circle of imports, not even inside a room."""
    graph = {
        name: {i.removeprefix("autokode.") for i in imports_of(path) if i.removeprefix("autokode.") in HOUSE} - {name}
        for name, path in HOUSE.items()
    }
    assert list(TopologicalSorter(graph).static_order())


REACHES_OUT = "integrations.local_server"
"""The one module that opens a socket, to a program on this machine that a user names."""


def test_nothing_can_unpickle_or_reach_out() -> None:
    forbidden = {"pickle", "dill", "cloudpickle", "socket", "ssl", "urllib", "requests", "httpx", "http"}
    reaching = {
        name: found
        for name, path in MODULES.items()
        if (found := {one.split(".")[0] for one in imports_of(path)} & forbidden)
    }
    assert reaching == {REACHES_OUT: {"socket", "ssl", "urllib", "http"}}


def test_only_a_teacher_that_somebody_names_leads_to_the_socket() -> None:
    """Who imports what opens the socket, and who imports that: nobody but the command's options."""
    using = {name for name, path in HOUSE.items() if f"autokode.{REACHES_OUT}" in imports_of(path)}
    assert using == {"integrations.language_model"}
    naming = {name for name, path in HOUSE.items() if "autokode.integrations.language_model" in imports_of(path)}
    assert naming == {"cli.teacher"}


def test_the_front_door_has_at_most_a_dozen_names_and_the_switch_of_language() -> None:
    assert len(set(autokode.__all__) - {"set_language"}) <= 12
    stable = {"AutoCoder", "Codebook", "Transcript", "load_model", "read_transcript"}
    assert stable <= set(autokode.__all__)
    assert all(callable(getattr(autokode, name)) for name in autokode.__all__)
    assert set(autokode.__all__) <= set(dir(autokode))
    with pytest.raises(AttributeError, match="no attribute 'autocoder_'"):
        autokode.autocoder_  # noqa: B018 - the error is what is tested


OPENING = """
import sys
from runpy import run_module

before, opened, calls = set(sys.modules), [], 0
reached = {"open", "subprocess.Popen", "socket.connect", "sqlite3.connect", "ctypes.dlopen"}


def hear(event, about):
    if event in reached and ".py" not in str(about[0]):
        opened.append(f"{event} {about[0]}")


def count(_frame, event, _about):
    global calls
    calls += event in ("call", "c_call")


sys.addaudithook(hear)
sys.setprofile(count)
try:
    if len(sys.argv) > 1:
        run_module("autokode", run_name="__main__", alter_sys=True)
    else:
        import autokode
except SystemExit:
    pass
sys.setprofile(None)
loaded = sorted(set(sys.modules) - before)
import json

json.dump([loaded, opened, calls], sys.stderr)
"""
"""A program that imports autokode (or runs a command) and lists the modules loaded, what else was opened, and the calls made."""
SLOW_TO_LOAD = set("asyncio concurrent ctypes email http logging multiprocessing socket sqlite3 ssl unittest".split())
"""Modules of the standard library that are slow to load."""


@pytest.mark.parametrize(("words", "others", "most"), [([], set(), 30_000), (["--help"], {"click"}, 300_000)])
def test_the_door_opens_with_next_to_nothing(words: list[str], others: set[str], most: int) -> None:
    """Counts, without a clock, the modules loaded, what else is opened, and the calls (a quarter of `most` is usual)."""
    run = subprocess.run([sys.executable, "-c", OPENING, *words], check=True, capture_output=True, text=True)  # noqa: S603
    modules, opened, calls = json.loads(run.stderr)
    tops = {name.split(".")[0] for name in modules}
    assert not tops & SLOW_TO_LOAD
    assert {name for name in tops if name not in sys.stdlib_module_names} == {"autokode", *others}
    rooms = {name for name in modules if name.startswith("autokode.") and not name.startswith("autokode.cli")}
    assert rooms <= {"autokode.base", "autokode.base.errors", "autokode.base.messages"}
    assert opened == []
    assert calls <= most


ANALYSIS = {"scipy", "sklearn", "spacy", "pandas", "pyarrow", "numba", "docx", "openpyxl", "rich"}
"""Libraries that are loaded where something is worked out, and never to open a door."""


@pytest.mark.parametrize(
    ("modules", "heavy"),
    [("autokode, autokode.cli.group", {*ANALYSIS, "numpy", "ruamel"}), ("autokode.review.start.app", ANALYSIS)],
    ids=["command", "page"],
)
def test_opening_loads_nothing_heavy(modules: str, heavy: set[str]) -> None:
    script = f"import {modules}, sys; print(*{{m.split('.')[0] for m in sys.modules}})"
    run = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)  # noqa: S603
    assert not set(run.stdout.split()) & heavy


def test_too_little_memory_is_never_taken_for_a_bad_file() -> None:
    """Code that catches every exception of a library lets MemoryError through first."""
    found = 0
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Try):
                caught = [ast.unparse(handler.type) if handler.type else "" for handler in node.handlers]
                if "Exception" in caught:
                    found += 1
                    assert "MemoryError" in caught[: caught.index("Exception")], (path, node.lineno)
    assert found >= 7
