"""Same inputs, same seed: same bytes, whatever the threads and the order of Python's sets, in fresh processes."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event, Thread, get_ident
from typing import Any

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from autokode import AutoCoder
from autokode.corpus.coding import read_codings, write_codings
from autokode.corpus.study import Study
from autokode.training import fit, single_thread
from autokode.training.model_selection import learn_scores
from autokode.training.single_thread import one_thread
from conftest import FOURTEEN, ROOT
from counting import GUARD_S

MATERIAL = ROOT / "training_data"
CHAIN = """
import sys
from threadpoolctl import threadpool_limits
from autokode.cli import run
material, threads, *more = sys.argv[1:]
import scipy.linalg  # its library must be there to be told how many threads
threadpool_limits(int(threads))  # the environment's number is cut to the processors there are; this one is not
steps = [
    ["train", material, "--out", "modell"],
    ["suggest", f"{material}/kontor_c.vtt", "--model", "modell", "--out", "forslag.csv"],
    ["suggest", f"{material}/kontor_c.vtt", "--model", "modell", "--out", "forslag.json"],
    ["score", material, "--model", "modell", "--out", "koder.parquet", "--threads", threads],
    ["score", material, "--model", "modell", "--out", "koder.csv", "--threads", threads, "--all"],
    ["score", material, "--model", "modell", "--out", "deler/", "--threads", threads],
    *([["evaluate", material, "--out", "tall.json"]] if more else []),
]
sys.exit(max(run(step) for step in steps))
"""
"""All that a study goes through from codings to codes, in one process."""


def made(
    place: Path, material: Path, threads: int, *more: str, hash_seed: int = 0, **environment: str
) -> dict[str, bytes]:
    """Every file that the chain writes, by name; in the same place each time, as a manifest may name it."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "LOKY_MAX_CPU_COUNT")
    told = {**dict.fromkeys(names, str(threads)), "PYTHONHASHSEED": str(hash_seed), **environment}
    ran = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", CHAIN, str(material), str(threads), *more],
        cwd=place,
        env={**os.environ, **told},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    found = {str(path.relative_to(place)): path.read_bytes() for path in sorted(place.rglob("*")) if path.is_file()}
    return {name: content for name, content in found.items() if not name.endswith(".lock")}


def differing(found: dict[str, bytes], expected: dict[str, bytes]) -> list[str]:
    return sorted(name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name))


def blas_threads() -> set[int]:
    return {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}


@pytest.mark.slow
def test_a_study_is_the_same_bytes_with_one_thread_and_four(two_offices: Path, tmp_path: Path) -> None:
    first = made(tmp_path / "sted", two_offices, 1)
    assert {"modell/weights.npy", "modell/manifest.json", "forslag.csv", "koder.parquet", "deler/manifest.json"} <= set(
        first
    )
    assert differing(made(tmp_path / "sted", two_offices, 4, hash_seed=12345), first) == []


@pytest.fixture
def two_offices(tmp_path: Path) -> Path:
    """The interviews of two offices with their codings, as a folder."""
    return study_of(("kontor_b", "kontor_c"), tmp_path / "materiale")


def study_of(names: Sequence[str], place: Path) -> Path:
    """Copy interviews with their codings and the codebook into a folder of their own."""
    place.mkdir(exist_ok=True)
    for path in (MATERIAL / "codebook.yaml", *(next(MATERIAL.glob(f"{name}.*")) for name in names)):
        shutil.copy(path, place)
    codings = [c for c in read_codings(MATERIAL / "codings.csv") if Path(c.segment.transcript).stem in names]
    write_codings(place / "codings.csv", codings)
    return place


@pytest.fixture(scope="module")
def fourteen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first fourteen interviews as a study of their own: all of them take ten minutes to evaluate once."""
    return study_of(FOURTEEN, tmp_path_factory.mktemp("fjorten"))


@pytest.mark.slow
@pytest.mark.parametrize(("threads", "hash_seed"), [(2, 1), (3, 4294967295)])
def test_many_interviews_are_the_same_bytes_evaluated_too(
    fourteen: Path, tmp_path: Path, threads: int, hash_seed: int
) -> None:
    """With evaluation in one process and in several."""
    place = tmp_path / "sted"
    first = made(place, fourteen, 1, "evaluate")
    assert "tall.json" in first
    assert differing(made(place, fourteen, threads, "evaluate", hash_seed=hash_seed), first) == []


@pytest.mark.slow
def test_the_shipped_model_is_what_all_interviews_give_on_this_kind_of_processor(tmp_path: Path) -> None:
    """Elsewhere a weight in two thousand may differ in its last bits, as linear algebra is written for each processor."""
    found = made(tmp_path / "sted", MATERIAL, 2)
    weights, shipped = (
        np.load(folder / "weights.npy").astype(np.float64)
        for folder in (tmp_path / "sted" / "modell", ROOT / "models" / "nav-nb")
    )
    assert {name for name in found if name.startswith("modell/")} == {
        f"modell/{path.name}" for path in (ROOT / "models" / "nav-nb").iterdir()
    }
    np.testing.assert_allclose(weights, shipped, rtol=2**-10, atol=1e-5)
    assert (weights != shipped).mean() < 0.01


@pytest.fixture
def learnt(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """What training found before it was rounded, and how many threads it was found with."""
    seen: list[Any] = []

    def spy(*given: Any, **named: Any) -> Any:
        found = learn_scores(*given, **named)
        seen.append((blas_threads(), found))
        return found

    monkeypatch.setattr(fit.model_selection, "learn_scores", spy)
    yield seen


def test_training_reckons_in_one_thread_whatever_is_allowed(three_offices: Study, learnt: list[Any]) -> None:
    """Compared before rounding, which would hide that most sums differ in their last bits."""
    examples = three_offices.examples(("kontor_b", "kontor_c"))
    aside = three_offices.examples(("kontor_a",))
    for threads in (1, 2):
        with threadpool_limits(threads, user_api="blas"):
            AutoCoder().fit(
                examples.texts, examples.codes, examples.contexts, examples.groups, unlabelled=aside.texts[:60]
            )
            assert blas_threads() == {threads}
    (one, first), (two, second) = learnt
    assert one == two == {1}
    for name in ("alphas", "with_question", "without_question", "curve"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name), name)
    assert first.chosen == second.chosen


def test_two_trainings_at_a_time_each_have_one_thread_and_leave_the_setting_as_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before, seen, came, both = blas_threads(), [], set(), Event()

    class Telling:
        """A lock that tells when both threads have come to it."""

        lock = single_thread._ONE_AT_A_TIME

        def __enter__(self) -> bool:
            came.add(get_ident())
            if len(came) == 2:
                both.set()
            return self.lock.__enter__()

        def __exit__(self, *error: object) -> None:
            self.lock.__exit__(*error)

    def train() -> None:
        with one_thread(), one_thread():
            seen.append(blas_threads())
            assert both.wait(GUARD_S)  # the other is waiting, or was here
            seen.append(blas_threads())

    monkeypatch.setattr(single_thread, "_ONE_AT_A_TIME", Telling())
    threads = [Thread(target=train) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [{1}] * 4
    assert blas_threads() == before
    with pytest.raises(ZeroDivisionError), one_thread():
        raise ZeroDivisionError
    assert blas_threads() == before
