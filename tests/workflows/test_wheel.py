"""The wheel as somebody gets it: in an empty environment, without development tools, far from the repository."""

import json
import platform
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest

from benchmarks.qa import wheel as bench
from conftest import ROOT
from slim_case import small_study

pytestmark = pytest.mark.slow
UNREACHED = (
    "NewConnectionError",
    "ConnectTimeoutError",
    "NameResolutionError",
    "ProxyError",
    "Temporary failure in name resolution",
)
"""Messages of pip where no package index can be reached."""


def or_skipped(error: subprocess.CalledProcessError) -> None:
    said = f"{error.stdout}{error.stderr}"
    if any(word in said for word in UNREACHED):
        pytest.skip("no package index can be reached from here")
    pytest.fail(said[-4000:])


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    try:
        return bench.built(tmp_path_factory.mktemp("hjul"))
    except subprocess.CalledProcessError as error:
        or_skipped(error)
        raise


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    try:
        return bench.installed(wheel, tmp_path_factory.mktemp("miljø"))
    except subprocess.CalledProcessError as error:
        or_skipped(error)
        raise


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of a user who never ran autokode."""
    return tmp_path_factory.mktemp("hjemme")


def called(programs: Path, home: Path, *words: str) -> str:
    told = {
        "HOME": str(home),
        "AUTOKODE_CACHE": str(home / "cache"),
        "PYTHONWARNINGS": "error",
        "MPLCONFIGDIR": str(home / "mpl"),
    }
    return bench.ran(programs / "autokode", *words, cwd=home, **told)


def test_an_installation_of_links_works(wheel: Path, home: Path, tmp_path: Path) -> None:
    """Where an installer lays links to its store, the models that come along are links too."""
    try:
        bench.ran(sys.executable, "-m", "venv", tmp_path / "uv", cwd=tmp_path)
        bench.ran(tmp_path / "uv" / "bin" / "python", "-m", "pip", "install", "--quiet", "uv", cwd=tmp_path)
        uv, place = tmp_path / "uv" / "bin" / "uv", tmp_path / "env"
        bench.ran(uv, "venv", "--quiet", "--python", sys.executable, place, cwd=tmp_path)
        words = ("--link-mode=symlink", "--constraint", ROOT / "constraints.txt", f"{wheel}[all]")
        known = {"VIRTUAL_ENV": str(place), "UV_CACHE_DIR": str(tmp_path / "store")}
        bench.ran(uv, "pip", "install", "--quiet", *words, cwd=tmp_path, **known)
    except subprocess.CalledProcessError as error:
        or_skipped(error)
    assert next(place.rglob("models/nav-nb/bias.npy")).is_symlink()
    assert "✗" not in called(place / "bin", home, "doctor")


def names(listed: list[str]) -> set[str]:
    return {re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", one)[0]).lower() for one in listed}


def test_every_file_has_a_licence(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        inside = [info.filename for info in archive.infolist()]
    parts = {bench.part_of(name).name for name in inside}
    assert parts == {part.name for part in bench.PARTS}
    assert not [
        name for name in inside if "__pycache__" in name or "/." in name or name.startswith(("tests", "benchmarks"))
    ]
    assert any(name.endswith("licenses/LICENSE") for name in inside)


def test_nothing_of_development_comes_along(programs: Path) -> None:
    found = bench.ran(programs / "python", "-m", "pip", "list", "--format", "freeze", cwd=programs)
    there = names(found.splitlines())
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    users = {one for extra in bench.of_extras([]) if extra for one in extras[extra]}
    others = [one for group in extras.values() for one in group if one not in users and not one.startswith("autokode")]
    assert "autokode" in there
    assert not there & names(others)
    assert not there & {"pytest", "mypy", "ruff", "hypothesis"}


def test_the_libraries_are_those_listed(programs: Path) -> None:
    """Names and licences; versions and sizes follow when `make bench-wheel` is run."""
    found = json.loads(bench.ran(programs / "python", "-c", bench.INSTALLED, cwd=programs))
    committed = json.loads(bench.OUT.read_text(encoding="utf-8"))
    own = {(one["name"], one["licence"]) for one in found if one["name"] not in bench.NOT_LISTED}
    assert own and all(licence for _name, licence in own)
    if committed["python"].split(".")[:2] == platform.python_version_tuple()[:2]:  # another Python may need others
        assert own == {(one["name"], one["licence"]) for one in committed["libraries"]}


def test_the_demo_runs(programs: Path, home: Path) -> None:
    assert "Intervjuene er oppdiktet" in called(programs, home, "demo")
    assert list(home.rglob("forslag.csv"))


def test_the_doctor_finds_nothing_amiss(programs: Path, home: Path) -> None:
    said = called(programs, home, "doctor")
    assert "✗" not in said
    assert said.count("ikke installert") == 7  # the extras that are not in `all`


def test_a_transcript_of_ones_own_is_coded(programs: Path, home: Path) -> None:
    text = "I: Hvordan snakker dere med kandidatene?\nAnne: Språket i vedtakene var vanskelig, så vi ringte heller.\n"
    (home / "mitt intervju æ.txt").write_text(text, encoding="utf-8")
    called(programs, home, "suggest", "mitt intervju æ.txt", "--out", "forslag.csv")
    assert "språk" in (home / "forslag.csv").read_text(encoding="utf-8")
    called(programs, home, "score", "mitt intervju æ.txt", "--out", "koder.parquet")
    assert (home / "koder.parquet").stat().st_size > 0


@pytest.fixture(scope="module")
def slim(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an installation without any extra."""
    return bench.installed(wheel, tmp_path_factory.mktemp("liten"), extra="")


def test_a_small_installation_is_small_and_does_the_work(slim: Path, home: Path, tmp_path: Path) -> None:
    """Everything in its site-packages counts, also pip and what Python compiled."""
    files = [path for path in slim.parent.rglob("lib/**/*") if path.is_file() and not path.is_symlink()]
    assert sum(path.stat().st_size for path in files) < 500_000_000
    study = small_study(tmp_path / "studie")
    program = ROOT / "tests" / "cases" / "programs" / "slim.py"
    (tmp_path / "ut").mkdir()
    bench.ran(
        slim / "python", "-W", "error", program, study, tmp_path / "ut", cwd=tmp_path, AUTOKODE_CACHE=str(tmp_path)
    )
    called(slim, home, "suggest", str(study / "kontor_c.vtt"), "--out", str(tmp_path / "forslag.csv"))
    assert "✗" not in called(slim, home, "doctor")


def test_a_small_installation_says_what_to_install(slim: Path, home: Path) -> None:
    for words, extra in ((["demo"], "office"), (["start"], "review"), (["score", "a.txt", "--out", "b.csv"], "tables")):
        with pytest.raises(subprocess.CalledProcessError) as caught:
            called(slim, home, *words)
        assert f'pip install "autokode[{extra}]"' in caught.value.stderr
        assert "Traceback" not in caught.value.stderr


def test_help_is_shown(programs: Path, home: Path) -> None:
    assert called(programs, home, "--help").startswith("Bruk: autokode")


PROGRAM = ROOT / "tests" / "cases" / "programs" / "typed.py"
MISTAKE = '\ncoder.fit(3, [["x"]])\n'


@pytest.mark.parametrize("checker", ["mypy", "pyright"])
def test_a_program_is_checked_against_its_types(checker: str, programs: Path, tmp_path: Path) -> None:
    python = str(programs / "python")
    commands = {
        "mypy": ["-m", "mypy", "--strict", "--cache-dir", str(tmp_path), "--python-executable", python],
        "pyright": ["-m", "pyright", "--pythonpath", python],
    }
    program = tmp_path / "program.py"
    for mistake, is_wrong in (("", False), (MISTAKE, True)):
        program.write_text(PROGRAM.read_text(encoding="utf-8") + mistake, encoding="utf-8")
        command = [sys.executable, *commands[checker], str(program)]
        ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)  # noqa: S603 - ours
        assert (ran.returncode != 0) == is_wrong, ran.stdout + ran.stderr
        assert ("fit" in ran.stdout) == is_wrong, ran.stdout
