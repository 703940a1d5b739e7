"""The shape of the house: which room may import which, how light the door is, how few names stand on it."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import autokode
from conftest import ROOT

SOURCE = ROOT / "src" / "autokode"

ROOMS = [
    "language",
    "text",
    "errors",
    "files",
    "cache",
    "archive",
    "sheets",
    "readers.source",
    "readers.decode",
    "readers.word",
    "readers.rtf",
    "readers.odt",
    "readers.elan",
    "readers.recognised",
    "readers.web",
    "readers.sheet",
    "readers.subtitles",
    "readers",
    "labels",
    "utterance",
    "transcript",
    "yamlfile",
    "codebook",
    "coding",
    "study",
    "content_words",
    "tokens",
    "features",
    "parts",
    "shipped",
    "pipeline",
    "sentences",
    "agreement.coefficients",
    "agreement.units",
    "agreement.comparing",
    "agreement",
    "vectors",
    "encoder",
    "calibration",
    "curve",
    "promise",
    "model",
    "scoring.layout",
    "scoring.rules",
    "scoring.machine",
    "scoring.plain",
    "scoring.kernel",
    "scoring.native",
    "scoring.table",
    "scoring.scorer",
    "scoring.parallel",
    "scoring.stream",
    "scoring.inputs",
    "scoring.outputs",
    "scoring.places",
    "scoring.planning",
    "scoring.shards",
    "scoring",
    "health",
    "steady",
    "design",
    "ridge",
    "problem",
    "learner",
    "training",
    "arguments",
    "autocoder",
    "batch",
    "suggestion",
    "component",
    "evaluation",
    "pseudonym.kinds",
    "pseudonym.lists",
    "pseudonym.reading",
    "pseudonym.patterns",
    "pseudonym.people",
    "pseudonym.places",
    "pseudonym.finding",
    "pseudonym.naming",
    "pseudonym.register",
    "pseudonym.edits",
    "pseudonym.writing",
    "pseudonym.key",
    "pseudonym.listing",
    "pseudonym.plan",
    "pseudonym.folder",
    "pseudonym.checking",
    "pseudonym",
    "project.schema",
    "project.database",
    "project.decisions",
    "project.project",
    "project.acting",
    "project.carried",
    "project",
    "project.likeness",
    "project.heard",
    "project.order",
    "project.learning",
    "project.missed",
    "project.near",
    "project.turns",
    "project.progress",
    "project.listing",
    "project.comparing",
    "project.soundness",
    "project.mending",
    "agreement.readings",
    "agreement.tables",
    "report.material",
    "report.together",
    "report.grouping",
    "report.worth",
    "report.voices",
    "report.gathering",
    "report.repeating",
    "report.methods",
    "report.methods_text",
    "report.plots",
    "report.book",
    "report.page",
    "report.word",
    "report.workbook",
    "report",
    "exchange.package",
    "exchange.counting",
    "exchange.trees",
    "exchange.checking",
    "exchange.refi_names",
    "exchange.refi_elements",
    "exchange.refi_read",
    "exchange.refi_write",
    "exchange.qualcoder",
    "exchange.marked_word",
    "exchange.readers",
    "exchange.outgoing",
    "exchange.incoming",
    "exchange.tables",
    "exchange.decided",
    "exchange",
    "review.spans",
    "review.guard",
    "review.learner",
    "review.session",
    "review.pages",
    "review.actions",
    "review.app",
    "review.server",
    "review",
    "cli.usage",
    "cli.group",
    "cli.opening",
    "cli.screen",
    "cli.show",
    "cli.transcript",
    "cli.codebook",
    "cli.init",
    "cli.add",
    "cli.review",
    "cli.learn",
    "cli.status",
    "cli.export",
    "cli.import_",
    "cli.agreement",
    "cli.report",
    "cli.methods",
    "cli.train",
    "cli.suggest",
    "cli.score",
    "cli.evaluate",
    "cli.pseudonymise",
    "cli.doctor",
    "cli.demo",
    "cli",
    "__main__",
]
"""Every module, each after all it may import. `readers.*` are read through `readers`, which comes after them."""

ONLY_PLACE = {
    "docx": {"readers.word", "pseudonym.writing", "exchange.marked_word", "report.word"},
    "openpyxl": {"readers.sheet"},
    "xlsxwriter": {"sheets"},
    "webvtt": {"readers.subtitles"},
    "ruamel": {"yamlfile"},
    "spacy": {"tokens", "pipeline", "component"},
    "rapidfuzz": {"pseudonym.lists", "project.likeness"},
    "faker": {"pseudonym.lists"},
    "stdnum": {"pseudonym.patterns"},
    "phonenumbers": {"pseudonym.patterns"},
    "click": {
        "cli",
        "cli.usage",
        "cli.group",
        "cli.transcript",
        "cli.codebook",
        "cli.train",
        "cli.suggest",
        "cli.score",
        "cli.evaluate",
        "cli.demo",
        "cli.show",
        "cli.pseudonymise",
        "cli.opening",
        "cli.init",
        "cli.add",
        "cli.review",
        "cli.learn",
        "cli.status",
        "cli.export",
        "cli.import_",
        "cli.agreement",
        "cli.report",
        "cli.methods",
        "cli.doctor",
    },
    "flask": {"review.guard", "review.pages", "review.actions", "review.app"},
    "werkzeug": {"review.pages", "review.actions", "review.app"},
    "waitress": {"review.server"},
    "filelock": {"review.server", "scoring.shards"},
    "fsspec": {"scoring.places"},
    "botocore": {"scoring.places"},
    "dask": {"scoring.parallel"},
    "distributed": {"scoring.parallel"},
    "sqlite3": {
        "project.database",
        "project.decisions",
        "project.project",
        "project.acting",
        "project.near",
        "project.turns",
        "project.soundness",
        "project.mending",
        "exchange.qualcoder",
    },
    "rich": {"cli.screen", "cli.show", "cli.agreement", "cli.pseudonymise"},
    "sklearn": {"learner", "autocoder", "evaluation"},
    "scipy": {"features", "ridge", "design", "project.missed", "report.grouping", "report.plots"},
    "threadpoolctl": {"steady"},
    "joblib": {"evaluation", "scoring.parallel"},
    "numba": {"scoring.machine"},
    "llvmlite": {"scoring.machine", "scoring.native"},
    "platformdirs": {"cache"},
    "pyarrow": {
        "sheets",
        "scoring.stream",
        "scoring.inputs",
        "scoring.outputs",
        "scoring.planning",
        "scoring.shards",
        "batch",
        "exchange.tables",
        "exchange.decided",
        "agreement.tables",
        "report.workbook",
    },
    "matplotlib": {"report.plots"},
    "jinja2": {"report.page"},
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
            modules = {name for name in names if name.removeprefix("autokode.") in ROOMS}
            found |= modules or {node.module}
    return found


def test_every_module_is_in_the_list() -> None:
    assert set(MODULES) == set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_from_rooms_before_it(room: str) -> None:
    before = set(ROOMS[: ROOMS.index(room)])
    own = {name.removeprefix("autokode.") for name in imports_of(MODULES[room]) if name.startswith("autokode.")}
    assert {name for name in own if name in ROOMS} <= before


@pytest.mark.parametrize("room", ROOMS)
def test_a_library_is_imported_in_its_room_alone(room: str) -> None:
    tops = {name.split(".")[0] for name in imports_of(MODULES[room])}
    assert not {library for library, rooms in ONLY_PLACE.items() if library in tops and room not in rooms}


def test_nothing_can_unpickle_or_reach_out() -> None:
    forbidden = {"pickle", "dill", "cloudpickle", "socket", "urllib", "requests", "httpx", "http"}
    for path in MODULES.values():
        assert not {name.split(".")[0] for name in imports_of(path)} & forbidden, path


def test_the_front_door_has_at_most_a_dozen_names() -> None:
    assert len(autokode.__all__) <= 12
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
"""Opens the door, and tells which modules that took, what was reached but modules, and how many calls of functions."""
SLOW_TO_LOAD = set("asyncio concurrent ctypes email http logging multiprocessing socket sqlite3 ssl unittest".split())
"""What is slow to load of Python's own library."""


@pytest.mark.parametrize(("words", "others", "most"), [([], set(), 30_000), (["--help"], {"click"}, 300_000)])
def test_the_door_opens_with_next_to_nothing(words: list[str], others: set[str], most: int) -> None:
    """No clock: which modules are loaded, that nothing else is opened, and how much is done (a quarter of `most` is usual)."""
    run = subprocess.run([sys.executable, "-c", OPENING, *words], check=True, capture_output=True, text=True)  # noqa: S603
    modules, opened, calls = json.loads(run.stderr)
    tops = {name.split(".")[0] for name in modules}
    assert not tops & SLOW_TO_LOAD
    assert {name for name in tops if name not in sys.stdlib_module_names} == {"autokode", *others}
    rooms = {name for name in modules if name.startswith("autokode.") and not name.startswith("autokode.cli")}
    assert rooms <= {"autokode.errors", "autokode.language"}
    assert opened == []
    assert calls <= most


def test_importing_loads_nothing_heavy() -> None:
    script = "import autokode, autokode.cli.group, sys; print(*{m.split('.')[0] for m in sys.modules})"
    run = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)  # noqa: S603
    assert not set(run.stdout.split()) & {"numpy", "scipy", "sklearn", "spacy", "rich", "docx", "ruamel"}


def test_too_little_memory_is_never_taken_for_a_bad_file() -> None:
    """Whoever catches whatever a library raises lets MemoryError through first."""
    found = 0
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Try):
                caught = [ast.unparse(handler.type) if handler.type else "" for handler in node.handlers]
                if "Exception" in caught:
                    found += 1
                    assert "MemoryError" in caught[: caught.index("Exception")], (path, node.lineno)
    assert found >= 8
