"""Co-occurrence of codes: in one utterance, or in utterances of one interview within a number of turns (`reach`).

N counts all answers, n(a) those with code a, n(ab) those with both codes, m(a) those within reach of an answer with a, and c(ab)
those with a within reach of one with b. Answers behind a pair: c(ab) + c(ba) - n(ab). Jaccard: these divided by
n(a) + n(b) - n(ab). Lift: N (c(ab) + c(ba)) / (n(a) m(b) + n(b) m(a)). In one utterance m = n and c(ab) = n(ab), which gives the
usual figures, such as lift = P(ab) / (P(a) P(b)) (Brin and others, SIGMOD 1997).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from autokode.base.arrays import Floats
from autokode.corpus.utterance import Place
from autokode.report.material import By, Material

On = Literal["utterance", "near"]
Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

FEWEST = 5
"""Fewest interviews for an interval over interviews."""

_CELLS = 1 << 22


@dataclass(frozen=True, slots=True)
class Pair:
    """Co-occurrence of two codes.

    Attributes:
        a, b: the codes.
        count_a, count_b: answers that have each.
        both: answers with both codes; for "near", answers with one code and the other within reach.
        share_a, share_b: share of a's answers with b within reach, and of b's with a, 0-1; 0 for a code without answers.
        jaccard: `both` as a share of the answers with either code, 0-1.
        lift: observed co-occurrence divided by that of independent codes; None if either has no answer.
        interval: 95 % interval of the lift over interviews, or None.
        places: the answers behind `both`, in order.
    """

    a: str
    b: str
    count_a: int
    count_b: int
    both: int
    share_a: float
    share_b: float
    jaccard: float
    lift: float | None
    interval: tuple[float, float] | None
    places: tuple[Place, ...]

    @property
    def turned(self) -> "Pair":
        """The same pair with a and b exchanged."""
        turned = replace(self, a=self.b, b=self.a, count_a=self.count_b, count_b=self.count_a)
        return replace(turned, share_a=self.share_b, share_b=self.share_a)


@dataclass(frozen=True, eq=False)
class CoOccurrences:
    """Co-occurrence of all pairs of codes in a set of answers.

    Attributes:
        codes: the k codes.
        pairs: each pair once, k (k - 1) / 2, in the order of the codes.
        counts: answers of each code, int64 (k,).
        answers, interviews: their numbers.
    """

    codes: tuple[str, ...]
    pairs: tuple[Pair, ...]
    counts: Ints
    answers: int
    interviews: int

    def pair(self, a: str, b: str) -> Pair:
        """The pair of two codes, `a` first.

        Raises:
            KeyError: there is no such pair.
        """
        for pair in self.pairs:
            if {pair.a, pair.b} == {a, b}:
                return pair if pair.a == a else pair.turned
        raise KeyError((a, b))

    @property
    def matrix(self) -> Ints:
        """`both` of each pair, with the answers of each code on the diagonal; symmetrical, int64 (k, k)."""
        table = np.diag(self.counts).astype(np.int64)
        upper = np.triu_indices(len(self.codes), 1)
        table[upper] = [pair.both for pair in self.pairs]
        table.T[upper] = table[upper]
        return table


def co_occurrences(
    material: Material, *, on: On = "utterance", reach: int = 1, resamples: int = 1000, seed: int = 0
) -> CoOccurrences:
    """Count the co-occurrence of all codes in all answers.

    Args:
        material: the codings; only informants' answers count.
        on: "utterance" (both codes in one answer) or "near" (also in answers at most `reach` turns apart in one transcript).
        reach: turns to either side, for "near". An interviewer's turn counts too, since a new question opens a new topic.
        resamples, seed: for the bootstrap over whole interviews, which gives the interval of the lift.
    """
    every = np.arange(len(material.answers))
    return _table(material, every, _reach(on, reach), resamples, seed)


def co_occurrences_by(
    material: Material, by: By, *, on: On = "utterance", reach: int = 1, resamples: int = 1000, seed: int = 0
) -> dict[str, CoOccurrences]:
    """Count co-occurrence separately within each interview, office or speaker («Berit, Kontor B»)."""
    units = material.units(by)
    rows: dict[str, list[int]] = {}
    for i, unit in enumerate(units):
        if unit is None:
            continue
        name, office = unit
        rows.setdefault(", ".join(filter(None, (name, office))) if by == "speaker" else name, []).append(i)
    turns = _reach(on, reach)
    return {name: _table(material, np.array(own), turns, resamples, seed) for name, own in rows.items()}


def _reach(on: On, reach: int) -> int:
    if on not in ("utterance", "near") or reach < 0:
        raise ValueError(f"on={on!r}, reach={reach}; expected on 'utterance' or 'near', reach 0 or more")
    return reach if on == "near" else 0


@dataclass(frozen=True, slots=True)
class _Sums:
    """Counts of each of i interviews: answers (i,), n and m (i, k), c (i, k, k), all float64; see the module's formulas."""

    answers: Floats
    n: Floats
    m: Floats
    c: Floats

    @classmethod
    def of(cls, has: Flags, near: Flags, interviews: list[Ints]) -> "_Sums":
        own = [(has[rows].astype(np.float64), near[rows].astype(np.float64)) for rows in interviews]
        k = has.shape[1]
        return cls(
            np.array([float(len(rows)) for rows in interviews]),
            np.array([h.sum(axis=0) for h, _ in own]).reshape(-1, k),
            np.array([w.sum(axis=0) for _, w in own]).reshape(-1, k),
            np.array([h.T @ w for h, w in own]).reshape(-1, k, k),
        )

    def lift(self, weights: Floats, a: Ints, b: Ints) -> Floats:
        """The lift of pairs with each interview weighted: weights (r, i) -> (r, n_pairs); NaN where undefined."""
        n, m = weights @ self.n, weights @ self.m
        observed = weights @ (self.c[:, a, b] + self.c[:, b, a])
        expected = n[:, a] * m[:, b] + n[:, b] * m[:, a]
        top = (weights @ self.answers)[:, None] * observed
        return np.asarray(np.divide(top, expected, out=np.full_like(top, np.nan), where=expected > 0))


def _table(material: Material, rows: Ints, reach: int, resamples: int, seed: int) -> CoOccurrences:
    has, places = material.coded[rows], [material.answers[i] for i in rows]
    near = _near(material, places, has, reach)
    of_interview: dict[str, list[int]] = {}
    for i, (name, _) in enumerate(places):
        of_interview.setdefault(name, []).append(i)
    sums = _Sums.of(has, near, [np.array(own) for own in of_interview.values()])
    n, c = sums.n.sum(axis=0), sums.c.sum(axis=0)
    pairs: list[Pair] = []
    for i, j, lift, limits in _lifts(sums, resamples, seed):
        cells = np.flatnonzero((has[:, i] & near[:, j]) | (has[:, j] & near[:, i]))
        either = n[i] + n[j] - np.count_nonzero(has[:, i] & has[:, j])
        known = bool(n[i] and n[j])
        pairs.append(
            Pair(
                a=material.codes[i],
                b=material.codes[j],
                count_a=int(n[i]),
                count_b=int(n[j]),
                both=len(cells),
                share_a=float(c[i, j] / n[i]) if n[i] else 0.0,
                share_b=float(c[j, i] / n[j]) if n[j] else 0.0,
                jaccard=float(len(cells) / either) if either else 0.0,
                lift=lift if known else None,
                interval=limits if len(cells) else None,
                places=tuple(places[cell] for cell in cells),
            )
        )
    return CoOccurrences(material.codes, tuple(pairs), has.sum(axis=0), len(rows), len(of_interview))


def _near(material: Material, places: list[Place], has: Flags, reach: int) -> Flags:
    """Whether each answer has a code or lies within `reach` turns of one of these answers with it, bool (n, n_codes)."""
    turns = {name: len(material.transcripts[name].utterances) for name, _ in places}
    reach = min(reach, max(turns.values(), default=0))
    firsts = dict(zip(turns, np.cumsum([0, *(n + reach for n in turns.values())]).tolist(), strict=False))
    rows = [firsts[name] + i for name, i in places]
    every = np.zeros((sum(turns.values()) + reach * len(turns), has.shape[1]), np.bool_)
    every[rows] = has
    wide = every.copy()
    for step in range(1, reach + 1):
        wide[step:] |= every[:-step]
        wide[:-step] |= every[step:]
    return wide[rows]


def _lifts(sums: _Sums, resamples: int, seed: int) -> Iterator[tuple[int, int, float, tuple[float, float] | None]]:
    """Yield each pair of codes with its lift and the middle 95 % of the lifts of resampled interviews.

    The bootstrap draws whole interviews with replacement, since utterances of one interview are alike (Davison and Hinkley,
    Bootstrap Methods, 1997, 3.8), and takes percentiles. It skips resamples in which a lift is undefined.
    """
    interviews, codes = sums.n.shape
    draw = None
    if interviews >= FEWEST and resamples:
        draw = np.random.default_rng(seed).multinomial(interviews, [1 / interviews] * interviews, resamples)
    first, second = np.triu_indices(codes, 1)
    block = max(1, _CELLS // max(resamples, 1))
    for at in range(0, len(first), block):
        a, b = first[at : at + block], second[at : at + block]
        lifts = sums.lift(np.ones((1, interviews)), a, b)[0]
        drawn = None if draw is None else sums.lift(draw.astype(np.float64), a, b)
        for p, (i, j, lift) in enumerate(zip(a.tolist(), b.tolist(), lifts.tolist(), strict=True)):
            found = np.zeros(0) if drawn is None else drawn[~np.isnan(drawn[:, p]), p]
            limits = np.percentile(found, [2.5, 97.5]).tolist() if len(found) else None
            yield i, j, lift, None if limits is None else (limits[0], limits[1])
