"""Runs what the documents show: README's library lines, docstrings, every example in the help."""

import doctest
import json
import logging
import re
import shlex
from importlib import import_module
from pathlib import Path

import pytest
from test_rooms import HOUSE, LIBRARIES, ROOMS, SOURCE

from autokode.cli import run
from autokode.cli.group import COMMANDS, module_of
from conftest import ROOT
from docs_case import in_a_tree

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_shows_the_two_commands() -> None:
    assert "make demo" in README
    assert "make test" in README


def test_the_readmes_library_lines_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_a_tree(tmp_path, monkeypatch)
    blocks = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert blocks
    for block in blocks:
        exec(compile(block, "README.md", "exec"), {})  # noqa: S102 - our own README
    assert (tmp_path / "forslag.csv").exists()


DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "models").glob("*.md"))]


def test_the_documents_python_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_a_tree(tmp_path, monkeypatch)
    for words in (
        "init prosjekt --codebook training_data/codebook.yaml",
        "add training_data --project prosjekt --partly",
        "learn --project prosjekt --coder enighet",
    ):
        assert run(shlex.split(words)) == 0
    ran = 0
    for path in DOCUMENTS[1:]:
        for block in re.findall(r"```python\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL):
            if "pyspark" in block:  # tests/scoring/test_shards.py runs it, where Spark is installed
                continue
            exec(compile(block, str(path), "exec"), {})  # noqa: S102 - our own document
            ran += 1
    logging.getLogger("autokode").setLevel(logging.NOTSET)  # one of them asks for messages
    assert ran == 10


def test_every_command_in_the_documents_is_one() -> None:
    """Every command and option in the documents exists and takes the values shown."""
    tried = 0
    for path in DOCUMENTS:
        for line in re.findall(r"^    (?:\$ )?autokode (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE):
            name, *words = shlex.split(line, comments=True)
            command = import_module(f"autokode.cli.{module_of(name)}").command
            command.make_context(name, words)
            tried += 1
    assert tried > 25


@pytest.mark.parametrize("room", HOUSE)
def test_docstrings_are_true(room: str) -> None:
    assert doctest.testmod(import_module(f"autokode.{room}")).failed == 0


def test_some_docstrings_hold_examples() -> None:
    tried = sum(doctest.testmod(import_module(f"autokode.{room}")).attempted for room in HOUSE)
    assert tried >= 5


@pytest.mark.slow
def test_every_example_in_the_help_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_a_tree(tmp_path, monkeypatch)
    served: list[str] = []  # pages would be served until somebody stops them; tests/review/test_server.py starts them
    for name in ("serve", "serve_start_page"):
        monkeypatch.setattr(f"autokode.review.server.{name}", lambda *_rest, **_options: served.append(""))
    for name in COMMANDS:  # in this order, so that train has made the model that suggest uses
        words = shlex.split(import_module(f"autokode.cli.{module_of(name)}").command.example)
        assert words[:2] == ["autokode", name]
        assert run(words[1:]) == (2 if "close-project" in words else 0), words  # nobody is asked here
    assert len(served) == 2


def test_the_tables_of_what_survives_are_generated(monkeypatch: pytest.MonkeyPatch) -> None:
    from benchmarks import exchange
    from benchmarks.generated import filled

    written = exchange.PAGE.read_text(encoding="utf-8")
    assert filled(written, exchange.parts()) == written
    cells = re.findall(r"(\d+) of (\d+)", written)
    assert len(cells) > 100 and all(kept == whole for kept, whole in cells)  # what cannot survive has «–» and is named


@pytest.mark.parametrize(
    "name",
    [
        "clustered_share",
        "coverage",
        "qa.faults",
        "qa.gate",
        "qa.house",
        "open_codes",
        "qa.sequences",
        "scale",
        "standing_out",
        "survey",
        "trust_sample",
        "qa.versions",
        "qa.wheel",
    ],
)
def test_the_tables_of_benchmarks_are_generated(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from benchmarks.generated import filled

    script = import_module(f"benchmarks.{name}")
    written = script.PAGE.read_text(encoding="utf-8")
    if hasattr(script, "shown_here"):
        parts = script.shown_here()
    else:
        parts = script.tables(json.loads(script.OUT.read_text(encoding="utf-8")))
    assert filled(written, parts) == written


def test_the_tables_of_mutants_are_generated_and_every_survivor_has_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    from benchmarks.generated import filled
    from benchmarks.qa import mutants

    results = json.loads(mutants.OUT.read_text(encoding="utf-8"))
    written = mutants.PAGE.read_text(encoding="utf-8")
    assert filled(written, mutants.tables(results)) == written
    assert set(results) == set(mutants.ROOMS)
    every = [one for room in results.values() for one in room["mutants"].values()]
    assert len(every) > 150
    assert all("reason" in one for one in every if one["first"] == "survived")


ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")


def test_documents_name_every_room() -> None:
    for room in ROOMS:
        assert f"`{room}`" in ARCHITECTURE, room


LIBRARY_NAMES = {
    "docx": "python-docx",
    "markdown_it": "markdown-it-py",
    "jinja2": "Jinja",
    "ruamel": "ruamel.yaml",
    "sklearn": "scikit-learn",
    "sqlite3": "SQLite",
    "stdnum": "python-stdnum",
}
"""Name under which a library is imported → its name in the map, where that is another."""
PART_OF_ANOTHER = {"botocore", "distributed", "werkzeug"}


def test_the_map_has_the_rooms_in_their_order_with_their_libraries() -> None:
    rows = re.findall(r"^\| `([\w .]+)` \| [^|]+ \|([^|]*)\|$", ARCHITECTURE, re.MULTILINE)
    assert [room for room, _libraries in rows] == ROOMS
    for room, libraries in rows:
        own = {
            LIBRARY_NAMES.get(name, name).lower()
            for name in set(LIBRARIES) - PART_OF_ANOTHER
            if room in LIBRARIES[name]
        }
        assert {name.strip().lower() for name in libraries.split(",")} - {""} == own, room


def test_the_architecture_is_one_page_and_its_paths_exist() -> None:
    assert len(ARCHITECTURE.splitlines()) <= 120
    paths = re.findall(r"`([\w./]+/[\w.]*|\w+\.py)`", ARCHITECTURE)
    assert len(paths) > 25
    for path in paths:
        assert (ROOT / path).exists() or (SOURCE / path).exists(), path


def test_the_names_to_change_stand_in_the_files_beside_them() -> None:
    table = ARCHITECTURE.partition("## Where to change what")[2].partition("## ")[0]
    tried = 0
    for line in [row for row in table.splitlines() if row.startswith("| ")][1:]:
        told = re.findall(r"`([^`]+)`", line.split("|")[2])
        files = [SOURCE / name for name in told if "." in name]
        text = "".join(path.read_text(encoding="utf-8") for path in files)
        names = [name for name in told if "." not in name and "/" not in name]
        assert all(re.search(rf"\b{name}\b", text) for name in names), line
        tried += len(names)
    assert tried >= 6


PAGES = [ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md")]
PAGES += sorted(path for folder in ("docs", "models", "training_data") for path in (ROOT / folder).rglob("*.md"))
PAGES = [
    page for page in PAGES if ROOT / "docs" / "site" not in page.parents
]  # their links are the site's: test_site.py


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_to_files_and_headings(page: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if link.startswith("https://"):
            continue
        name, _, heading = link.partition("#")
        target = page.parent / name if name else page
        assert target.exists(), link
        if heading:
            titles = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert heading in {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}, link


def test_every_make_target_in_the_documents_is_one() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    named = set(re.findall(r"(?:`|^    )(?:AUTOKODE_GOLDEN=write )?make ([a-z-]+)", text, re.MULTILINE))
    assert len(named) > 20
    assert named <= targets


def test_every_decision_is_in_the_index_under_its_date() -> None:
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    names = [path.name for path in sorted(folder.glob("2*.md"))]
    assert re.findall(r"\((2[^)]+\.md)\)", index) == names
    for name in names:
        assert (folder / name).read_text(encoding="utf-8").startswith(f"# {name[:10]}: "), name
