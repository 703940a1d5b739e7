"""Judges figures for `gate.py`: what each may lose, and the verdict on one that lost more or is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from benchmarks.generated import table


class Key(NamedTuple):
    """A set and a figure measured on it."""

    set: str
    figure: str


@dataclass(frozen=True, slots=True)
class Tolerance:
    """What a figure may lose: a share of the committed one, or so much outright."""

    loss: float
    of_committed: bool = False
    higher_is_better: bool = True
    reason: str = ""


SAME_DRAWS = (
    "the same texts, seeds and versions give the same digits; another processor may move the last, and tip a choice"
)
NOISE = (
    "a ratio of two times of one run, each the least of several: it moves by a fifth on a machine that others use too"
)
SHORT = "ours takes some hundredths of a second where the library takes ten: whatever else runs in that moment shows"
TOLERANCES = {
    "average precision": Tolerance(0.005, reason=SAME_DRAWS),
    "F1 of what is suggested": Tolerance(0.01, reason=f"{SAME_DRAWS}; a text on the threshold tips over whole"),
    "calibration error": Tolerance(0.005, higher_is_better=False, reason=SAME_DRAWS),
    "times the speed of wc -w": Tolerance(0.3, of_committed=True, reason=NOISE),
    "times a library's speed": Tolerance(0.5, of_committed=True, reason=SHORT),
    "MB beyond libraries": Tolerance(
        0.15, of_committed=True, higher_is_better=False, reason="which threads meet which batches moves it"
    ),
}
"""Figure → what may be lost before the gate closes, and why so much."""

Figures = dict[Key, float]


@dataclass(frozen=True, slots=True)
class Judged:
    """A figure as committed and as it is now; None where it is missing."""

    key: Key
    committed: float | None
    now: float | None

    @property
    def gain(self) -> float:
        """By how much the figure is better now; below 0, worse."""
        up = (self.now or 0.0) - (self.committed or 0.0)
        return up if TOLERANCES[self.key.figure].higher_is_better else -up

    @property
    def allowed(self) -> float:
        tolerance = TOLERANCES[self.key.figure]
        return tolerance.loss * (self.committed or 0.0) if tolerance.of_committed else tolerance.loss

    @property
    def verdict(self) -> str:
        if self.now is None:
            return "not measured"
        if self.committed is None:
            return "nothing committed"
        if not self.gain >= -self.allowed - 1e-9:  # so that what is no number is lost too
            return "lost"
        return "better" if self.gain > self.allowed + 1e-9 else "held"

    @property
    def passes(self) -> bool:
        return self.verdict in ("held", "better")


def judge(committed: Mapping[Key, float], now: Mapping[Key, float]) -> list[Judged]:
    """A judgement of every figure that is committed or measured."""
    return [Judged(key, committed.get(key), now.get(key)) for key in dict.fromkeys([*committed, *now])]


def closed(judged: Sequence[Judged]) -> str | None:
    """Why the gate is closed; None if it is open."""
    if not any(one.now is not None for one in judged):
        return "nothing was measured"
    failed = [f"{one.key.set}, {one.key.figure}: {one.verdict}" for one in judged if not one.passes]
    return "; ".join(failed) or None


def shown(judged: Sequence[Judged]) -> str:
    """The judgements as a table."""
    rows = [
        (
            one.key.set,
            one.key.figure,
            *("–" if value is None else f"{value:.4g}" for value in (one.committed, one.now)),
            "–" if None in (one.committed, one.now) else f"{one.gain:+.3g}",
            f"{one.allowed:.3g}",
            one.verdict,
        )
        for one in judged
    ]
    return table(("set", "figure", "committed", "now", "better by", "may lose", "verdict"), rows)
