"""The compiled core is made once, kept for its owner alone, and never loaded when it is not what it should be."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from autokode.base.cache import read_cached
from autokode.scoring.engine import spacy_rules
from autokode.scoring.engine.object_cache import call
from conftest import ROOT

SCORE = """
import sys, time
from autokode.model import model_files
from autokode.model.linear_model import Model
from autokode.scoring.engine.compiled import CompiledScorer
from autokode.scoring.engine.scorer import Texts
scorer = CompiledScorer(model_files.load(sys.argv[1]))
print(scorer.probabilities(Texts.of(["Hei på deg, f.eks. på www.nav.no."])).tolist())
print(sorted({"numba", "spacy", "scipy", "sklearn"} & set(sys.modules)), file=sys.stderr)
"""


def scored(cache: Path, model: Path) -> tuple[str, str]:
    run = subprocess.run(
        [sys.executable, "-c", SCORE, str(model)],
        env={**os.environ, "AUTOKODE_CACHE": str(cache)},
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout, run.stderr


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A cache folder after a first run, and what the run printed."""
    cache = tmp_path_factory.mktemp("cache") / "autokode"
    printed, imported = scored(cache, MODEL)
    assert "numba" in imported
    return cache, printed


MODEL = ROOT / "models" / "nav-nb"


def core_in(cache: Path) -> Path:
    (found,) = cache.glob("core-*.o")
    return found


@pytest.mark.slow
def test_the_second_run_imports_neither_numba_nor_spacy(first: tuple[Path, str]) -> None:
    cache, printed = first
    again, imported = scored(cache, MODEL)
    assert again == printed
    if spacy_rules.knows("nb"):
        assert imported.strip() == "[]"


def test_what_is_kept_is_its_owners_alone(first: tuple[Path, str]) -> None:
    cache, _printed = first
    assert cache.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in cache.iterdir()} == {0o600}


def test_a_kept_core_that_was_cut_or_that_others_may_write_is_not_loaded(first: tuple[Path, str]) -> None:
    path = core_in(first[0])
    whole = path.read_bytes()
    assert read_cached(path) == whole[:-32]
    path.chmod(0o666)
    assert read_cached(path) is None
    path.chmod(0o600)
    for broken in (b"", whole[:-1], whole[:100], whole[:-32] + bytes(32), bytes([whole[0] ^ 1]) + whole[1:]):
        path.write_bytes(broken)
        assert read_cached(path) is None
    assert read_cached(path.with_name("missing")) is None
    path.write_bytes(whole)


@pytest.mark.slow
def test_where_nothing_may_be_kept_it_works_all_the_same(tmp_path: Path, first: tuple[Path, str]) -> None:
    """The cache folder is a file, so it cannot be made."""
    place = tmp_path / "cache"
    place.write_text("", encoding="utf-8")
    assert scored(place, MODEL)[0] == first[1]


@pytest.mark.slow
def test_a_broken_core_and_broken_rules_are_made_anew(tmp_path: Path, first: tuple[Path, str]) -> None:
    for path in first[0].iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes()[:-5])
    assert scored(tmp_path, MODEL)[0] == first[1]
    assert core_in(tmp_path).read_bytes() == core_in(first[0]).read_bytes()


def test_arrays_of_another_kind_are_refused_before_they_are_read() -> None:
    keys, slots, bits = np.zeros(2, np.uint64), np.zeros(32, np.uint64), np.zeros(2, np.uint64)
    with pytest.raises(TypeError, match="argument 1: found int64"):
        call("index", keys.astype(np.int64), slots, bits)
    with pytest.raises(TypeError, match="contiguous"):
        call("index", keys, slots[::2], bits)
    with pytest.raises(TypeError, match="found 2 arguments, expected 3"):
        call("index", keys, slots)
