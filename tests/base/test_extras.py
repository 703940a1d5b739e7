"""Extras: a library that is not installed is said with the line that installs it; what needs none works without any."""

import ast
import json
import logging
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from autokode import DataError, load_model
from autokode.base import extras
from autokode.base.extras import EXTRAS, MissingLibraryError, install_line, require
from autokode.nlp import spacy_patterns, tokenizer
from autokode.scoring.engine import scorer_choice
from benchmarks.qa.wheel import included
from conftest import ROOT, texts
from report_case import study
from slim_case import small_study

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ASKED: dict[str, list[str]] = PROJECT["optional-dependencies"]
OURS = set(EXTRAS) & {"compile", "office", "pseudonymise", "report", "review", "spacy", "tables"}

BLOCKED = """
import json, sys
from importlib.abc import MetaPathFinder


class Blocked(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in blocked:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


blocked = set(json.loads(sys.argv.pop(1)))
sys.meta_path.insert(0, Blocked())
"""
"""The beginning of a program in which libraries cannot be imported, as if they were not installed."""

TRIED = """
import contextlib, io
from autokode.base.extras import MissingLibraryError
from autokode.cli import run

said = {}
for case in json.loads(sys.argv[1]):
    if isinstance(case, list):
        with contextlib.redirect_stderr(io.StringIO()) as told, contextlib.redirect_stdout(io.StringIO()):
            status = run(case)
        said[" ".join(case)] = [status, told.getvalue()]
    else:
        try:
            exec(case)
            said[case] = [0, ""]
        except MissingLibraryError as error:
            assert isinstance(error, (ImportError, ValueError)) and error.name in blocked
            said[case] = [2, str(error)]
json.dump(said, sys.stdout)
"""

PYTHON = {
    "compile": ["from autokode import AutoCoder, load_model; load_model('nav-nb').scorer()"],
    "office": [
        "from autokode import read_transcript; read_transcript('kontor_a.docx')",
        "from autokode import read_transcript; read_transcript('svar.html')",
        "from autokode import read_transcript; read_transcript('svar.eaf')",
        "from autokode import read_transcript; read_transcript('svar.xlsx')",
        "from autokode import read_study; read_study('.')",
        "import autokode.exchange.refi.reading",
        "from autokode.exchange.memo_files import memos_docx; memos_docx([], '')",
        "from autokode.base.tables import xlsx_bytes; xlsx_bytes({})",
        "from autokode.report.render.word_document import new_document; new_document('')",
    ],
    "pseudonymise": ["import autokode.pseudonym", "import autokode.pseudonym.numbers"],
    "report": ["from autokode.report.plots import bars; bars([])"],
    "review": [
        "import autokode.review.start.app",
        "from autokode.nlp.word_forms import lemmas; lemmas('gikk')",
        "import autokode.project.active_learning.training_round",
    ],
    "spacy": [
        "from autokode import norwegian; norwegian()",
        "import autokode.integrations.spacy_component",
        "from autokode.nlp.tokenizer import tokenize; tokenize('Hello.', 'en')",
    ],
    "tables": [
        "from autokode import load_model, score; score(['a'], load_model('nav-nb'))",
        "from autokode.suggestion import Suggestions; Suggestions().to_arrow()",
        "from autokode.suggestion import Suggestions; Suggestions().to_pandas()",
        "import autokode.scoring.batch.stream",
    ],
}
"""Extra → lines of Python that need it."""

COMMANDS = {
    "compile": [["score", "svar.txt", "--out", "ut.csv"]],
    "office": [["transcript", "kontor_a.docx"], ["train", ".", "--out", "m"], ["import", "p.qdpx", "--project", "p"]],
    "pseudonymise": [["pseudonymise", ".", "--out", "ut"]],
    "report": [["report", "--project", "p", "--out", "rapport.html"]],
    "review": [["review", "--project", "p"], ["start"], ["learn", "--project", "p"], ["export", "--csv", "ut.csv"]],
    "spacy": [["transcript", "svar.txt", "--sentences"]],
    "tables": [
        ["score", "svar.txt", "--out", "ut.csv"],
        ["agreement", "Kari", "Per", "--project", "p", "--out", "e.csv"],
    ],
}
"""Extra → commands that need it."""


def ran(program: str, *words: str, without: set[str], cwd: Path) -> str:
    """Run a program in a fresh Python that lacks libraries; give what it wrote."""
    command = [sys.executable, "-c", BLOCKED + program, json.dumps(sorted(without)), *words]
    known = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "AUTOKODE_LANG": "en", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, env=known)  # noqa: S603
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with files of several kinds and a project."""
    folder = tmp_path_factory.mktemp("uten")
    for name in ("codebook.yaml", "kontor_a.docx"):
        shutil.copy(ROOT / "training_data" / name, folder)
    (folder / "svar.txt").write_text("I: Hva er bra?\nAnne: De tar seg god tid.\n", encoding="utf-8")
    (folder / "svar.html").write_text("<p>Anne: De tar seg god tid.</p>", encoding="utf-8")
    (folder / "svar.eaf").write_text("<ANNOTATION_DOCUMENT/>", encoding="utf-8")
    for name in ("svar.xlsx", "p.qdpx"):
        shutil.copy(ROOT / "training_data" / "kontor_a.docx", folder / name)
    study(folder / "p")
    return folder


@pytest.mark.parametrize("extra", sorted(OURS))
def test_what_needs_an_extra_says_the_line_that_installs_it(extra: str, place: Path) -> None:
    cases: list[Any] = [*PYTHON[extra], *COMMANDS[extra]]
    said = json.loads(ran(TRIED, json.dumps(cases), without=set(EXTRAS[extra]), cwd=place))
    for case, (status, told) in said.items():
        assert status == 2, (case, told)
        assert "did not find the library" in told or "fant ikke biblioteket" in told, (case, told)
        assert install_line(extra) in told, (case, told)
        assert "Traceback" not in told


def test_a_program_that_needs_no_extra_runs_without_any(tmp_path: Path) -> None:
    (tmp_path / "ut").mkdir()
    program = (ROOT / "tests" / "cases" / "programs" / "slim.py").read_text(encoding="utf-8")
    without = {name for extra in OURS for name in EXTRAS[extra]} | {"pandas", "polars"}
    ran(program, str(small_study(tmp_path / "studie")), str(tmp_path / "ut"), without=without, cwd=tmp_path)
    assert "sha256" in (tmp_path / "ut" / "modell" / "manifest.json").read_text(encoding="utf-8")


def test_the_table_of_extras_is_that_of_the_package() -> None:
    """Each library stands in pyproject.toml under its extra, or under one that the extra includes."""
    for extra, libraries in EXTRAS.items():
        assert set(libraries.values()) <= bare(extra), extra
    in_all = set(included(ASKED["all"][0]))
    assert in_all == OURS - {"compile"}  # the wheel has the scorer compiled
    needed = {bare_name(line) for line in PROJECT["dependencies"]}
    assert not needed & {library for libraries in EXTRAS.values() for library in libraries.values()}


def test_the_documents_name_the_extra_of_each_library() -> None:
    written = (ROOT / "docs" / "libraries.md").read_text(encoding="utf-8").lower().partition("## for development")[0]
    rows = [line.split(" | ") for line in written.splitlines() if line.startswith("| ")]
    extras_of = {name.strip("| "): cells[0] for cells in rows for name in re.sub(r"\([^)]*\)", "", cells[0]).split(",")}
    for extra in OURS:
        for library in EXTRAS[extra].values():
            assert f"`{extra}`" in extras_of[library.removesuffix("2")], library


def bare_name(line: str) -> str:
    return re.split(r"[^\w.-]", line)[0].lower()


def bare(extra: str) -> set[str]:
    found = set()
    for line in ASKED[extra]:
        if line.startswith("autokode["):
            found |= {name for one in line[9:-1].split(",") for name in bare(one)}
        else:
            found.add(bare_name(line))
    return found


GUARDED_ROOMS = {"review": "review", "scoring/batch": "tables", "exchange/refi": "office"}
"""Rooms that check for their extra before anything of them is imported."""

BEHIND_A_GUARD = {
    "corpus/readers/html_pages": "_source checks; the rest is of what it parsed",
    "corpus/readers/word": "read_source and package_files check",
    "corpus/readers/word_styles": "word alone imports it",
    "exchange/coded_word": "package_files checks",
    "exchange/word_colours": "coded_word alone imports it",
    "nlp/tokenizer": "tokenizer checks; the rest is about what it gave",
    "report/render/page_numbers": "of a document that new_document made",
    "report/render/word_document": "new_document checks; the rest is of a document it made",
    "report/render/word_parts": "of a document that new_document made",
    "report/render/word_xml": "of a document that new_document made",
    "report/plots": "_figure and bars check; the rest draws on their figure",
    "scoring/engine/intrinsics": "object_cache alone compiles",
    "scoring/engine/object_cache": "is_kept and _compiled_here check; the rest is what they call",
}
"""Modules whose imports come after a check elsewhere, and where it is."""


def unguarded(path: Path) -> list[str]:
    """The libraries of our extras that a module imports without a check before, by the line."""
    names = {name for extra in OURS for name in EXTRAS[extra]}
    found = []

    def look(node: ast.AST, *, checked: bool) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
                continue
            inside = checked or (isinstance(child, ast.Try) and "ModuleNotFoundError" in ast.unparse(child))
            if isinstance(child, ast.FunctionDef):
                inside = any(f"require({extra!r}" in ast.unparse(child) for extra in OURS)
            module = child.names[0].name if isinstance(child, ast.Import) else ""
            module = (child.module or "") if isinstance(child, ast.ImportFrom) and not child.level else module
            if module.partition(".")[0] in names and not inside:
                found.append(f"{path}:{child.lineno} {module}")  # type: ignore[attr-defined]
            look(child, checked=inside)

    look(ast.parse(path.read_text(encoding="utf-8")), checked=False)
    return found


def test_every_import_of_an_extra_comes_after_a_check() -> None:
    source = ROOT / "src" / "autokode"
    for room, extra in GUARDED_ROOMS.items():
        assert f'require("{extra}")' in (source / room / "__init__.py").read_text(encoding="utf-8")
    found = {path.relative_to(source).with_suffix("").as_posix(): unguarded(path) for path in source.rglob("*.py")}
    bare_ones = {name for name, lines in found.items() if lines and not name.startswith(tuple(GUARDED_ROOMS))}
    assert bare_ones == set(BEHIND_A_GUARD)


def test_an_error_names_the_file_it_is_about(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(
        DataError, match=r"^a\.docx: fant ikke biblioteket python-docx; det følger med tillegget «office»"
    ):
        require("office", where="a.docx")
    with pytest.raises(ImportError) as caught:
        require("office")
    assert (caught.value.name, caught.value.extra) == ("docx", "office")  # type: ignore[attr-defined]
    assert extras.lacking("tables") is None


def test_a_failed_import_is_explained_where_it_is_a_librarys_of_an_extra() -> None:
    found = extras.explained(ModuleNotFoundError("No module named 'docx.shared'", name="docx.shared"))
    assert isinstance(found, MissingLibraryError) and found.try_next == install_line("office")
    assert extras.explained(ModuleNotFoundError("No module named 'abc_x'", name="abc_x")) is None
    assert extras.explained(ImportError("cannot import name 'Document'", name="docx")) is None
    assert extras.explained(ValueError("docx")) is None


@settings(max_examples=300)
@given(texts)
def test_tokens_are_the_same_without_spacy(text: str) -> None:
    expected = tokenizer.tokenize(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tokenizer, "is_spacy_here", lambda: False)
        tokenizer.by_chunk.cache_clear()
        tokenizer._of_chunk.cache_clear()
        try:
            assert tokenizer.tokenize(text) == expected
        finally:
            tokenizer.by_chunk.cache_clear()
            tokenizer._of_chunk.cache_clear()


def test_the_patterns_that_come_along_are_spacys() -> None:
    if spacy_patterns.shipped()["fingerprint"] != tokenizer.fingerprint("nb"):
        pytest.skip("another spaCy, with other rules")
    assert spacy_patterns.shipped()["patterns"] == tokenizer.patterns("nb")


def test_very_many_texts_without_the_compiled_core_are_told_of_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(scorer_choice, "_told", False)
    monkeypatch.delitem(sys.modules, "autokode.scoring.engine.object_cache", raising=False)
    monkeypatch.setitem(sys.modules, "llvmlite", None)
    scorers = scorer_choice.Scorers(load_model("nav-nb").model_)
    with caplog.at_level(logging.WARNING, "autokode"):
        for _ in range(2):
            assert scorers.of_size(scorer_choice.COMPILING_FROM) is scorers._reference
    assert [record.getMessage().count(install_line("compile")) for record in caplog.records] == [1]
