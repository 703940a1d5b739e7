"""What stands beside the package, for those who cite, report, build and install it, says what the package says."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

import autokode
from autokode.base import yaml_files
from benchmarks.qa import wheel as bench
from conftest import ROOT

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
IN_CONDA = {"matplotlib": "matplotlib-base"}
"""Name in the Python registry → in conda, where that is another."""


def read(name: str) -> Any:
    return yaml_files.load_mapping((ROOT / name).read_text(encoding="utf-8"), name)


def wanted(lines: list[str]) -> set[str]:
    """Requirements as conda writes them, without those of autokode itself."""
    split = [re.fullmatch(r"([\w.-]+)(.*)", line) for line in lines if not line.startswith("autokode[")]
    return {f"{IN_CONDA.get(one[1], one[1])} {one[2]}" for one in split if one}


def test_the_version_is_one() -> None:
    recipe, citation = read("recipe/recipe.yaml"), read("CITATION.cff")
    found = {PROJECT["version"], autokode.__version__, str(citation["version"]), str(recipe["context"]["version"])}
    assert found == {PROJECT["version"]}
    written = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## {re.escape(PROJECT['version'])} ", written, re.MULTILINE)


def test_the_citation_says_what_the_package_says() -> None:
    citation = read("CITATION.cff")
    assert citation["cff-version"] == "1.2.0"
    assert {"message", "title", "type"} <= set(citation)
    assert [one["name"] for one in citation["authors"]] == [one["name"] for one in PROJECT["authors"]]
    assert citation["license"] == PROJECT["license"]


def test_the_recipe_asks_for_what_the_package_asks_for() -> None:
    recipe = read("recipe/recipe.yaml")
    own, whole = recipe["outputs"]
    python = f"python {PROJECT['requires-python']}"
    extras = PROJECT["optional-dependencies"]
    names = [*bench.included(extras["all"][0]), "compile"]
    assert set(own["requirements"]["run"]) == wanted(PROJECT["dependencies"]) | {python}
    rest = {one for one in whole["requirements"]["run"] if not one.startswith("autokode ")}
    assert rest == wanted([line for name in names for line in extras[name]])
    built = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["requires"]
    assert wanted(built) <= set(own["requirements"]["host"])
    scripts = [f"{name} = {place}" for name, place in PROJECT["scripts"].items()]
    assert own["build"]["python"]["entry_points"] == scripts


def test_what_the_image_is_made_of_is_there() -> None:
    lines = instructions()
    assert [words for word, words in lines if word == "COPY"] == [". /src", "--from=built /dist /dist"]
    oldest = float(PROJECT["requires-python"].removeprefix(">=3."))
    for word, words in lines:
        if word == "FROM":
            assert float(re.findall(r"python:3\.(\d+)-slim", words)[0]) >= oldest
    assert json.loads(dict(lines)["ENTRYPOINT"]) == list(PROJECT["scripts"])
    left_out = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert ".git" in left_out and not {"src", "models", "training_data", "docs", "constraints.txt"} & set(left_out)


def instructions() -> list[tuple[str, str]]:
    """The instructions of the Dockerfile, each with its words."""
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    parts = [line.partition(" ") for line in lines if line and not line.startswith("#")]
    return [(word, words) for word, _, words in parts]


@pytest.mark.slow
def test_the_image_is_built() -> None:
    docker = shutil.which("docker")
    if not docker or subprocess.run([docker, "info"], capture_output=True, check=False).returncode:  # noqa: S603
        pytest.skip("no Docker runs here")
    subprocess.run([docker, "build", "-q", "-t", "autokode-tried", ROOT], check=True)  # noqa: S603
    run = [docker, "run", "--rm", "--network", "none", "autokode-tried", "demo"]
    told = subprocess.run(run, check=True, capture_output=True, text=True).stdout  # noqa: S603
    assert "Intervjuene er oppdiktet" in told


@pytest.mark.slow
def test_the_steps_of_the_image_work(tmp_path: Path) -> None:
    """Every RUN line but those about the system's own folders, in an empty environment in place of an empty system."""
    src, dist, env = tmp_path / "src", tmp_path / "dist", tmp_path / "env"
    shutil.copytree(ROOT, src, ignore=shutil.ignore_patterns(".git", ".venv", "__pycache__", ".*_cache", ".hypothesis"))
    dist.mkdir()
    bench.ran(sys.executable, "-m", "venv", env, cwd=tmp_path)
    places = {"/src": str(src), "/dist": str(dist), "/tmp": str(tmp_path)}  # noqa: S108 - of the image
    lines = [words for word, words in instructions() if word == "RUN" and not words.startswith("install ")]
    assert len(lines) == 3
    path = f"{env / 'bin'}:/usr/bin:/bin"
    try:
        for line in lines:
            inside = re.sub(r"/(src|dist|tmp)\b", lambda found: places[found[0]], line)
            said = bench.ran("sh", "-c", inside, cwd=tmp_path, PATH=path, HOME=str(tmp_path))
    except subprocess.CalledProcessError as error:
        pytest.fail(f"{error.cmd}\n{error.stdout}{error.stderr}")
    assert "✗" not in said and "autokode[review]" in said
