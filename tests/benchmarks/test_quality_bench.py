"""The quality benchmark: what it tests on shares no group with what it learns from, and its tables are its results."""

import doctest
import json
from collections import Counter
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from autokode.training import model_selection
from autokode.training.ridge_problem import Choice
from benchmarks import generated
from benchmarks.quality import ablation, measures, neural, rows, run, sets, systems, table, targets
from benchmarks.quality.task import Task
from conftest import needs_shared

SETS = [pytest.param(name, marks=() if name in sets.OWN_SPLITS else needs_shared) for name in sets.SETS]


@pytest.mark.parametrize("name", SETS)
def test_pool_and_test_share_no_group(name: str) -> None:
    coded = sets.load(name, 0)
    assert 0 < len(coded.pool.texts) <= sets.POOL
    assert 0 < len(coded.test.texts) <= sets.TEST
    if coded.pool.groups is None or coded.test.groups is None:
        assert not set(coded.pool.texts) & set(coded.test.texts)
    else:
        assert not set(coded.pool.groups) & set(coded.test.groups)


@pytest.mark.parametrize("name", SETS)
def test_a_draw_has_the_examples_it_says_and_leaves_the_rest(name: str) -> None:
    coded = sets.load(name, 0)
    there = Counter(code for given in coded.pool.codes for code in given)
    learn, rest = sets.drawn(coded, 5, 1)
    has = Counter(code for given in learn.codes for code in given)
    assert all(has[code] >= min(5, there[code]) for code in coded.codes)
    assert len(learn.texts) + len(rest.texts) == len(coded.pool.texts)
    assert Counter([*learn.texts, *rest.texts]) == Counter(coded.pool.texts)
    shares = [sum(not given for given in part.codes) / len(part.codes) for part in (learn, coded.pool)]
    assert shares[0] == pytest.approx(shares[1], abs=0.02)


def test_another_draw_of_the_own_interviews_holds_out_others() -> None:
    first, second = (set(sets.load("Own interviews", draw).test.groups or ()) for draw in (0, 1))
    assert len(first) == len(second) == sets.OWN_HELD_OUT
    assert first != second


def test_average_precision_is_that_of_scikit_learn_with_ties_and_resamples() -> None:
    random = np.random.default_rng(3)
    scores = np.round(random.random((60, 4)), 1)
    truth = random.random((60, 4)) < scores / 2
    groups = [str(i // 3) for i in range(60)]
    counts = measures.resampled(groups, 60, 0)[:5]
    assert np.all(counts.reshape(5, 20, 3) == counts.reshape(5, 20, 3)[:, :, :1])
    expected = [
        np.mean([average_precision_score(truth[:, k], scores[:, k], sample_weight=own) for k in range(4)])
        for own in counts
    ]
    assert measures.average_precisions(scores, truth, counts) == pytest.approx(expected)


def test_calibration_error_is_none_for_few_and_nothing_for_the_true_probability() -> None:
    probabilities = np.full((1000, 2), 0.25)
    truth = (np.arange(2000) % 4 == 0).reshape(1000, 2)
    assert measures.calibration_error(probabilities, truth) == pytest.approx(0, abs=0.01)
    assert measures.calibration_error(probabilities + 0.5, truth) == pytest.approx(0.5, abs=0.01)
    assert measures.calibration_error(probabilities[:100], truth[:100]) is None


@needs_shared
def test_one_cell_is_measured_and_not_again() -> None:
    row = run.measured(rows.Cell("SIB-200, Bokmål", 2, 0, "word-centroid similarity"))
    assert row["learnt_from"] == 14
    assert 0 < row["average_precision"] < 1
    assert rows.cell_of(row) in run.cells()


def test_what_is_there_is_skipped_and_anew_takes_it_out(tmp_path: Path) -> None:
    out, wanted = tmp_path / "quality.jsonl", run.cells()[:3]
    out.write_text(
        "".join(json.dumps(cell._asdict() | {"not_measured": "so"}) + "\n" for cell in wanted[:2]),
        encoding="utf-8",
    )
    assert run.to_do(wanted, out, anew=False) == wanted[2:]
    assert run.to_do(wanted[:1], out, anew=True) == wanted[:1]
    assert [rows.cell_of(row) for row in rows.read(out)] == wanted[1:2]


def test_targets_and_exceptions_follow_the_figures() -> None:
    def row(system: str, figure: float, draw: int) -> rows.Row:
        return {
            **rows.Cell("SIB-200, Bokmål", 5, draw, system)._asdict(),
            "average_precision": figure,
            "deviation": 0.01,
            "promised": {"shown": 40, "right": 20},
            "positives": 100,
        }

    found = rows.Results([row("autokode", 0.58, 0), row("autokode", 0.60, 1), row("fastText", 0.61, 0)])
    assert found.promised("SIB-200, Bokmål", 5, "autokode") == (80, 40, 200)
    low, high = found.interval("SIB-200, Bokmål", 5, "autokode")
    assert (low, high) == pytest.approx((0.59 - 1.96 * 0.0002**0.5, 0.59 + 1.96 * 0.0002**0.5))
    assert next(targets.few(found))[2:] == ("0.590", "yes")
    assert next(targets.promises(found))[2:] == ("0 of 1 within; 1 below, 0 above", "no")
    assert targets.exceptions(found) == ["SIB-200, Bokmål, 5 a code: fastText 0.610, autokode 0.590"]


def test_an_ablation_leaves_out_what_it_says_and_puts_it_back() -> None:
    learn, rest = sets.drawn(sets.load("Own interviews", 0), 2, 0)
    coded = sets.load("Own interviews", 0)
    task = Task(learn, rest, coded.codes, coded.codebook, coded.lang, 0)
    some, before = sets.picked(coded.test, range(20)), model_selection._chosen
    as_it_is = systems.AUTOKODE.learn(task).scores(some)
    for name, part in ablation.ABLATIONS.items():
        if name.endswith("without choices"):
            continue  # of so few examples nothing else than the usual is chosen; see below
        assert not np.allclose(part.learn(task).scores(some), as_it_is, atol=1e-3), name
    np.testing.assert_array_equal(systems.AUTOKODE.learn(task).scores(some), as_it_is)
    with ablation.without_choice():
        assert model_selection._chosen(None, None) == Choice()  # type: ignore[arg-type]
    assert model_selection._chosen is before
    sizes = {cell.size for cell in run.cells() if cell.system in ablation.ABLATIONS}
    assert sizes == set(ablation.SIZES)


def test_a_changed_part_is_shown_against_autokode_over_the_sizes() -> None:
    def row(system: str, size: int, figure: float) -> rows.Row:
        return {
            **rows.Cell("SIB-200, Bokmål", size, 0, system)._asdict(),
            "average_precision": figure,
            "deviation": 0.01,
        }

    part = next(iter(ablation.ABLATIONS))
    figures = ((5, 0.5, 0.42), (20, 0.7, 0.70))
    found = [
        row(system, size, figure)
        for size, *two in figures
        for system, figure in zip(("autokode", part), two, strict=True)
    ]
    table_ = table.of_ablations(rows.Results(found))
    assert "| 0.600 |" in table_
    assert "| −0.040 |" in table_
    assert table.of_ablations(rows.Results(found[:2])).count("–") >= 1


def test_the_documents_tables_are_those_of_the_results() -> None:
    found = rows.Results(rows.read())
    for path, parts in ((table.DOCUMENT, table.parts(found)), (table.VECTORS, {"few": table.of_targets(found)})):
        document = path.read_text(encoding="utf-8")
        assert generated.filled(document, parts) == document, f"{path}: python -m benchmarks.quality.table"


@pytest.mark.parametrize("module", [targets, neural])
def test_docstrings_are_true(module: ModuleType) -> None:
    assert doctest.testmod(module).failed == 0
