"""What stands out: errors put in on purpose rank high, and the closed form is what trainings without the interview give."""

import dataclasses

import numpy as np
import pytest

from autokode import read_study
from autokode.base.errors import DataError
from autokode.corpus.codebook import Codebook
from autokode.corpus.study import Examples
from autokode.evaluation.held_out import _together, held_out_probabilities
from autokode.evaluation.label_doubt import doubt_of_given, doubt_of_missing
from autokode.training import model_selection
from autokode.training.ridge_problem import Choice
from conftest import ROOT

STUDY = ROOT / "benchmarks" / "studies" / "idrettslag"


def test_a_coding_with_a_likelier_rival_stands_out_more_than_a_rare_one() -> None:
    probabilities = np.array([[0.1, 0.9], [0.1, 0.02], [0.9, 0.1]])
    given = np.array([[True, False], [True, False], [True, False]])
    doubts = doubt_of_given(probabilities, given)
    assert doubts[0, 0] > doubts[1, 0] > doubts[2, 0]
    assert np.isnan(doubts[:, 1]).all()


def test_an_answer_with_every_code_has_a_doubt_all_the_same() -> None:
    doubts = doubt_of_given(np.array([[0.2, 0.8], [0.0, 1.0]]), np.ones((2, 2), bool))
    assert np.isfinite(doubts).all()
    assert doubts[0, 0] > doubts[0, 1]


def test_a_code_that_was_given_is_not_lacking() -> None:
    doubts = doubt_of_missing(np.array([[0.2, 0.8]]), np.array([[False, True]]))
    assert np.isfinite(doubts[0, 0])
    assert np.isnan(doubts[0, 1])


def test_no_answer_moves_its_own_probability(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one interview has been coded as changes nothing of its own scores but the calibration all share."""
    study = read_study(STUDY)
    examples = study.examples()
    seen = []
    monkeypatch.setattr(
        "autokode.evaluation.held_out.calibration.calibrate",
        lambda scores, *_args, **_more: seen.append(scores) or _Plain(),
    )
    groups = list(examples.groups or ())
    held_out_probabilities(examples, study.codebook, choice=Choice())
    part = model_selection.parts(len(groups), groups)[0]
    swapped = list(examples.codes)
    for row, other in zip(part, reversed(part), strict=True):  # the same codes as often, on other answers of the fold
        swapped[row] = examples.codes[other]
    held_out_probabilities(dataclasses.replace(examples, codes=swapped), study.codebook, choice=Choice())
    assert np.allclose(seen[0][part], seen[1][part], atol=1e-9)
    rest = np.setdiff1d(np.arange(len(groups)), part)
    assert not np.allclose(seen[0][rest], seen[1][rest], atol=1e-4)


class _Plain:
    def probabilities(self, scores: np.ndarray) -> np.ndarray:
        return scores


def test_wrong_codes_rank_above_the_plain_probability() -> None:
    study = read_study(STUDY)
    examples, codes = study.examples(), study.codebook.codable
    random = np.random.default_rng(3)
    given = np.array([[code in own for code in codes] for own in examples.codes])
    wrong = np.zeros_like(given)
    cells = np.argwhere(given)
    for row, column in cells[random.choice(len(cells), 20, replace=False)]:
        other = random.choice(np.flatnonzero(~given[row]))
        given[row, column], given[row, other], wrong[row, other] = False, True, True
    named = [[codes[k] for k in np.flatnonzero(own)] for own in given]
    probabilities = held_out_probabilities(dataclasses.replace(examples, codes=named), study.codebook, lang="nb")
    ours, plain = doubt_of_given(probabilities, given)[given], 1 - probabilities[given]
    truth = wrong[given]
    precision = model_selection.average_precision
    assert precision(truth, ours) > precision(truth, plain) > 2 * truth.mean()


def test_very_many_answers_are_parted_by_interview(monkeypatch: pytest.MonkeyPatch) -> None:
    study = read_study(STUDY)
    examples = study.examples()
    codes = study.codebook.codable
    truth = np.array([[code in own for code in codes] for own in examples.codes])
    whole = held_out_probabilities(examples, study.codebook, choice=Choice())
    monkeypatch.setattr("autokode.evaluation.held_out.MOST_TOGETHER", 100)
    monkeypatch.setattr("autokode.evaluation.held_out.FEWEST_INTERVIEWS", 2)
    parts = _together(examples)
    names = np.array(examples.groups)
    assert sorted(np.concatenate(parts).tolist()) == list(range(len(names)))
    assert len(parts) == 2
    assert not set(names[parts[0]]) & set(names[parts[1]])
    parted = held_out_probabilities(examples, study.codebook, choice=Choice())
    assert np.isfinite(parted).all()
    precision = model_selection.mean_average_precision
    assert precision(truth, parted) > 0.6 * precision(truth, whole)


def test_too_few_answers_say_how_many_it_takes() -> None:
    book = Codebook.from_yaml("koder:\n  - navn: makt\n")
    few = Examples.of(("Sjefen bestemmer.", "", ["makt"], name) for name in "abc")
    with pytest.raises(DataError, match="3"):
        held_out_probabilities(few, book)
