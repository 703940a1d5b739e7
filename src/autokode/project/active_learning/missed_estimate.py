"""What may have been missed: per code an estimate, with an interval, of how many passages have it and are not coded yet."""

import json
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import nbinom

from autokode.project.active_learning.coded_utterances import turns_of
from autokode.project.store.project import Coder, Project

TRUST = 1.0
"""What the model's own probabilities count beside what chance drew, in codings: with one, the interval holds in 93 of 100
simulated cases or more where the probabilities are off by a factor of 0.4 to 2.5 (tests/project/test_missed_estimate.py)."""


@dataclass(frozen=True, slots=True)
class Missed:
    """How many utterances that were not read yet have a code.

    Attributes:
        code: the code's name.
        coded: utterances that have it already.
        expected: the estimate.
        interval: its 95 % interval.
        drawn: utterances that chance drew and that were read.
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
    """Return how many of the utterances left have a code, and a 95 % interval.

    The calibrated probabilities say how many there would be; what chance drew says by what factor they are off. The factor has
    a gamma prior with mean 1 that counts as much as `TRUST` codings; the number found among those drawn is taken as Poisson, so
    that the factor's posterior is gamma and the number left negative binomial (Gelman and others, Bayesian Data Analysis, 2.6).

    Args:
        left: probabilities of the utterances left, (n,).
        drawn: probabilities of those that chance drew, as they were then, (m,).
        found: how many of those drawn had the code.
    """
    shape, rate = TRUST + found, TRUST + float(drawn.sum())
    whole = float(left.sum())
    if not left.size:
        return 0.0, (0, 0)
    expected = min(whole * shape / rate, float(left.size))
    low, high = nbinom.ppf([0.025, 0.975], shape, rate / (rate + whole)) if whole > 0 else (0, 0)
    return expected, (int(min(low, left.size)), int(min(high, left.size)))


def missed(project: Project, coder: Coder) -> tuple[Missed, ...]:
    """Return the estimate of each code, in the order of the codebook; () before anything was learnt."""
    with project.database.reading() as connection:
        row = connection.execute(
            "SELECT round.id, about FROM round JOIN coder ON coder.round = round.id WHERE coder.id = ?", (coder.id,)
        ).fetchone()
        if row is None:
            return ()
        blocks = connection.execute(
            "SELECT transcript, probabilities FROM likely WHERE round = ?", (row["id"],)
        ).fetchall()
        chance = connection.execute("SELECT * FROM drawn WHERE coder = ? AND why = 'chance'", (coder.id,)).fetchall()
    codes: list[str] = json.loads(row["about"])["codes"]
    likely = {one["transcript"]: unpacked(one["probabilities"], len(codes)) for one in blocks}
    turns = [turn for turn in turns_of(project, coder) if turn.answer]
    read = {turn.place: turn for turn in turns if turn.read}
    checked = [
        (json.loads(one["probabilities"]), read[place])
        for one in chance
        if (place := (one["transcript"], one["utterance"])) in read
    ]
    found = []
    for code in project.codebook.codable:
        if code not in codes:
            continue
        k = codes.index(code)
        open_ = [
            t for t in turns if not t.read and code not in t.codes and code not in t.refused and t.place[0] in likely
        ]
        left = np.array([likely[turn.place[0]][turn.place[1], k] for turn in open_], np.float64)
        drawn = np.array([probabilities.get(code, 0.0) for probabilities, _turn in checked], np.float64)
        hits = sum(code in turn.codes for _probabilities, turn in checked)
        expected, interval = estimate(left, drawn, hits)
        coded = sum(code in turn.codes for turn in turns)
        found.append(Missed(code, coded, round(expected, 1), interval, len(checked), hits))
    return tuple(found)


def unpacked(blob: bytes, codes: int) -> npt.NDArray[np.float16]:
    """Return the probabilities of a transcript's utterances, float16 (n_utterances, n_codes)."""
    return np.frombuffer(blob, np.float16).reshape(-1, codes)
