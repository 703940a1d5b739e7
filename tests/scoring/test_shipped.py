"""Compiled cores that come along are used where they fit and are whole; elsewhere the scorer is compiled, and a log says so."""

import json
import logging
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from autokode.base.extras import EXTRAS, MissingLibraryError
from autokode.model import model_files
from autokode.scoring.engine import object_cache, shipped
from autokode.scoring.engine.reference import ReferenceScorer
from autokode.scoring.engine.scorer import Texts
from autokode.scoring.engine.scorer_choice import COMPILING_FROM, Scorers
from conftest import ROOT

V2 = {"SSE42": True, "POPCNT": True}
AVX2 = {**V2, "AVX2": True, "FMA3": True, "F16C": True}
CASES = ("test_scorer.py", "test_same_bits.py", "test_tokenizer_kernel.py")
"""The tests of the compiled core, which hold for one that comes along too."""


@pytest.fixture(autouse=True)
def not_yet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let every test look for the cores anew, and leave what this process uses as it was."""
    monkeypatch.setattr(object_cache, "_given", [])
    object_cache._from_wheel.cache_clear()
    yield
    object_cache._from_wheel.cache_clear()


@pytest.mark.parametrize(
    ("features", "expected"),
    [
        ({}, []),
        (V2, ["x86-64-v2"]),
        ({**V2, "AVX2": True}, ["x86-64-v2"]),
        (AVX2, ["x86-64-v3", "x86-64-v2"]),
        ({**AVX2, "X86_V2": True, "X86_V3": False}, ["x86-64-v2"]),
        ({"X86_V2": True, "X86_V3": True}, ["x86-64-v3", "x86-64-v2"]),
        ({"ASIMD": True, "NEON": True}, ["arm64"]),
        ({"VSX": True}, []),
    ],
)
def test_a_processor_gets_no_instruction_that_it_lacks(features: dict[str, bool], expected: list[str]) -> None:
    assert shipped.kinds(features) == expected


def test_numpy_still_tells_what_the_processor_has() -> None:
    assert shipped.names()


def test_an_unknown_system_gets_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "sunos5")
    assert shipped.names() == []


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of cores whose only file is no library, with a manifest that believes in it."""
    name = shipped.names()[0]
    (tmp_path / "core").write_bytes(b"no library")
    about = {"file": "core", "sha256": shipped.sha256_of(b"no library")}
    written(tmp_path, {"sources": object_cache.sources(), "cores": {name: about}})
    monkeypatch.setattr(shipped, "FOLDER", tmp_path)
    return tmp_path


def written(folder: Path, manifest: object) -> None:
    (folder / shipped.MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


def manifest_of(folder: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((folder / shipped.MANIFEST).read_text(encoding="utf-8"))
    return found


def refused(caplog: pytest.LogCaptureFixture) -> str:
    """The one line that says why no core is used."""
    with caplog.at_level(logging.INFO, "autokode"):
        assert shipped.load(object_cache.sources()) is None
    (record,) = caplog.records
    return record.getMessage()


def test_a_source_checkout_has_none_and_says_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped, "FOLDER", tmp_path / "cores")
    assert shipped.load(object_cache.sources()) is None
    assert object_cache.origin() == ""


def test_what_is_no_library_is_not_used(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert "cannot be loaded" in refused(caplog)


def test_a_file_that_was_changed_is_not_used(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    (folder / "core").write_bytes(b"no library, changed")
    assert "SHA-256" in refused(caplog)


def test_a_missing_file_is_not_used(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    (folder / "core").unlink()
    assert "cannot be loaded" in refused(caplog)


def test_cores_made_from_other_sources_are_not_used(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    written(folder, {**manifest_of(folder), "sources": "0" * 64})
    assert "other sources" in refused(caplog)


def test_a_broken_manifest_is_no_manifest(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    (folder / shipped.MANIFEST).write_text("{", encoding="utf-8")
    assert "cannot be read" in refused(caplog)


def test_another_processor_gets_none(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(shipped, "_processor", dict)
    assert "no compiled core comes along" in refused(caplog)


def test_a_core_for_a_system_it_was_not_run_on_is_tried_elsewhere_first(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The trial cannot load what is no library, and its process ends with an error; this one goes on."""
    monkeypatch.setenv("AUTOKODE_CACHE", str(folder / "cache"))
    monkeypatch.setattr(shipped, "TRIED_FIRST", tuple(shipped.SYSTEMS.values()))
    assert "failed when it was tried" in refused(caplog)


def test_inside_another_program_there_is_no_trial(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOKODE_CACHE", str(folder / "cache"))
    monkeypatch.setattr(sys, "executable", "/usr/bin/qgis")
    assert not shipped._runs(folder / "core", "0" * 64)


def test_a_core_that_is_not_used_leaves_the_scorer_as_it_was(folder: Path) -> None:
    """The core in the cache, or a new one, is used in its place."""
    keys, slots, bits = np.array([5, 77], np.uint64), np.zeros(32, np.uint64), np.zeros(2, np.uint64)
    object_cache.call("index", keys, slots, bits)
    assert sorted(slots[slots > 0].tolist()) == [5 << 31 | 1, 77 << 31 | 2] and bits.any()


def test_without_numba_and_core_the_reference_scores_all(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in EXTRAS["compile"]:
        monkeypatch.setitem(sys.modules, name, None)
    object_cache._compiled_here.cache_clear()
    scorers = Scorers(model_files.load(ROOT / "models" / "nav-nb"))
    assert isinstance(scorers.of_size(10 * COMPILING_FROM), ReferenceScorer)
    with pytest.raises(MissingLibraryError, match="compile"):
        scorers.compiled.probabilities(Texts.of(["ja"]))


FIRST_USE = """
import logging, sys
from pathlib import Path
logging.basicConfig(level=logging.INFO, format="%(name)s %(levelname)s %(message)s")
from autokode.scoring.engine import shipped
shipped.FOLDER = Path(sys.argv[1])
import numpy as np
from autokode.scoring.engine.object_cache import call
call("index", np.array([5], np.uint64), np.zeros(32, np.uint64), np.zeros(2, np.uint64))
print(sorted({"numba", "llvmlite"} & set(sys.modules)))
"""


def first_use(folder: Path, cache: Path, **env: str) -> tuple[str, str]:
    """What a first use with these cores and an empty cache prints and logs."""
    run = subprocess.run(  # noqa: S603 - ours
        [sys.executable, "-c", FIRST_USE, str(folder)],
        env={**os.environ, "AUTOKODE_CACHE": str(cache), **env},
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout.strip(), run.stderr


@pytest.mark.slow
def test_a_compile_is_logged(folder: Path, tmp_path: Path) -> None:
    (folder / "core").unlink()
    used, logged = first_use(folder, tmp_path / "cache")
    assert used == "['llvmlite', 'numba']"
    assert re.findall(r"autokode (\w+) (\w+) ", logged) == [
        ("WARNING", "compiled"),
        ("INFO", "compiling"),
        ("INFO", "compiled"),
    ]


@pytest.fixture(scope="module")
def cores(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cores as a wheel has them."""
    pytest.importorskip("ziglang")
    made = tmp_path_factory.mktemp("kjerner") / "cores"
    subprocess.run([sys.executable, "-m", "benchmarks.build.cores", str(made)], cwd=ROOT, check=True)  # noqa: S603 - ours
    return made


@pytest.mark.slow
def test_there_is_a_core_for_each_kind_of_processor(cores: Path) -> None:
    listed = manifest_of(cores)["cores"]
    assert isinstance(listed, dict)
    assert {f"linux-{kind}" for kind in ("x86-64-v3", "x86-64-v2", "arm64")} <= set(listed)
    assert {path.name for path in cores.iterdir()} == {about["file"] for about in listed.values()} | {shipped.MANIFEST}


@pytest.mark.slow
@pytest.mark.parametrize("name", shipped.names())
def test_a_core_that_comes_along_needs_no_numba_and_holds_what_the_compiled_one_does(
    name: str, cores: Path, tmp_path: Path
) -> None:
    """The trial, then the tests of the compiled core, with this one in its place."""
    only = tmp_path / "cores"
    shutil.copytree(cores, only)
    manifest = manifest_of(cores)
    about = manifest["cores"][name]  # type: ignore[index]
    written(only, {**manifest, "cores": {name: about}})
    assert first_use(only, tmp_path / "cache") == ("[]", "")
    subprocess.run([sys.executable, "-m", "autokode.scoring.engine.trial", str(only / about["file"])], check=True)  # noqa: S603 - ours
    command = [sys.executable, "-m", "pytest", "-q", "-p", "shipped_core", "-p", "no:cacheprovider", "-m", "not slow"]
    tests = [str(ROOT / "tests" / "scoring" / case) for case in CASES]
    env = {
        **os.environ,
        "AUTOKODE_TEST_CORES": str(only),
        "PYTHONPATH": os.pathsep.join([*sys.path, str(ROOT / "tests" / "support")]),
    }
    ran = subprocess.run([*command, *tests], env=env, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-2000:]
