"""Estimates what may have been missed: per code, with an interval, how many utterances have it and are not read yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from autokode.project.active_learning.coded_utterances import CodedUtterance
from autokode.project.store.coders import Coder
from autokode.project.store.followed_names import names_in
from autokode.project.store.project import Project
from autokode.project.store.round_rows import likely, round_shown
from autokode.project.store.utterance_rows import drawn_by_chance

TRUST = 1.0
"""Weight of the model's own probabilities beside the utterances drawn by chance, in codings. With a weight of one the interval
holds in at least 93 of 100 simulated cases where the probabilities are off by a factor of 0.4 to 2.5
(tests/project/test_missed_estimate.py)."""


@dataclass(frozen=True, slots=True)
class Missed:
    """How many utterances that the coder has not read yet have a code.

    Attributes:
        code: the code's name.
        coded: utterances that have it already.
        expected: the estimate.
        interval: its 95 % interval.
        drawn: utterances that chance drew and the coder has read.
        found: how many of these had the code.
    """

    code: str
    coded: int
    expected: float
    interval: tuple[int, int]
    drawn: int
    found: int


def estimate(
    left: npt.NDArray[np.floating], drawn: npt.NDArray[np.floating], found: int
) -> tuple[float, tuple[int, int]]:
    """Estimate how many of the utterances left have a code, with a 95 % interval.

    The calibrated probabilities say how many there should be; the utterances that chance drew say by what factor they are off.
    The factor has a gamma prior with mean 1 and the weight of `TRUST` codings, and the number found among those drawn is taken
    as Poisson. So the factor's posterior is gamma, and the number left is negative binomial (Gelman and others, Bayesian Data
    Analysis, 2.6).

    Args:
        left: probabilities of the utterances left, (n,).
        drawn: probabilities of those that chance drew, as they were when drawn, (m,).
        found: how many of those drawn had the code.
    """
    shape, rate = TRUST + found, TRUST + float(drawn.sum())
    whole = float(left.sum())
    if not left.size:
        return 0.0, (0, 0)
    from scipy.stats import nbinom

    expected = min(whole * shape / rate, float(left.size))
    low, high = nbinom.ppf([0.025, 0.975], shape, rate / (rate + whole)) if whole > 0 else (0, 0)
    return expected, (int(min(low, left.size)), int(min(high, left.size)))


def missed(project: Project, coder: Coder, utterances: Sequence[CodedUtterance]) -> tuple[Missed, ...]:
    """The estimate of each code by the model, in the order of the codebook; () before any model was trained.

    Args:
        project: the project.
        coder: whose.
        utterances: all of the project's, with what the coder decided.
    """
    row = round_shown(project, coder)
    if row is None:
        return ()
    names = names_in(project, codes=row.about["codes"])
    codes = [names.get(code, code) for code in row.about["codes"]]
    blocks = likely(project, row)
    turns = [turn for turn in utterances if turn.answer]
    read = {turn.place: turn for turn in turns if turn.read}
    drawn = {place: _called(was, names) for place, was in drawn_by_chance(project, coder).items()}
    checked = [(was, read[place]) for place, was in drawn.items() if place in read and was]  # drawn with a model's word
    found = []
    for code in project.codebook.codable:
        if code not in codes:
            continue
        k = codes.index(code)
        left = [t for t in turns if not t.read and code not in t.codes | t.rejected and t.place[0] in blocks]
        expected, interval = estimate(
            np.array([blocks[turn.place[0]][turn.place[1], k] for turn in left], np.float64),
            np.array([was.get(code, 0.0) for was, _turn in checked], np.float64),
            hits := sum(code in turn.codes for _was, turn in checked),
        )
        coded = sum(code in turn.codes for turn in turns)
        found.append(Missed(code, coded, round(expected, 1), interval, len(checked), hits))
    return tuple(found)


def sampled(project: Project, coder: Coder, utterances: Sequence[CodedUtterance]) -> tuple[Missed, ...]:
    """The estimate of each code by what chance drew alone, which needs no model; () before any of it was read.

    The arguments are those of `missed`.
    """
    turns = [turn for turn in utterances if turn.answer]
    by_chance = drawn_by_chance(project, coder)
    checked = [turn for turn in turns if turn.read and turn.place in by_chance]
    found = []
    for code in project.codebook.codable if checked else ():
        left = sum(not turn.read and code not in turn.codes | turn.rejected for turn in turns)
        hits = sum(code in turn.codes for turn in checked)
        expected, interval = estimate_by_sample(left, len(checked), hits)
        coded = sum(code in turn.codes for turn in turns)
        found.append(Missed(code, coded, round(expected, 1), interval, len(checked), hits))
    return tuple(found)


def estimate_by_sample(left: int, drawn: int, found: int) -> tuple[float, tuple[int, int]]:
    """Estimate how many of the utterances left have a code, with a 95 % interval, from a random sample alone.

    The share has Jeffreys' prior, so that the number left is beta-binomial (Brown, Cai and DasGupta 2001).

    Args:
        left: how many utterances are left.
        drawn: how many chance drew.
        found: how many of these had the code.
    """
    from scipy.stats import betabinom

    yes, no = found + 0.5, drawn - found + 0.5
    low, high = betabinom.ppf([0.025, 0.975], left, yes, no) if left else (0, 0)
    return left * yes / (yes + no), (int(low), int(high))


def _called(likely: Mapping[str, float], names: Mapping[str, str]) -> dict[str, float]:
    return {names.get(code, code): probability for code, probability in likely.items()}
