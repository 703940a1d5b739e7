"""Checks a promise about codings that nobody has looked at by a random sample of them: acceptance sampling, exact.

The codings that a model would give are a finite list, and the sample is drawn from it without replacement. So the number right
in the sample is hypergeometric, whatever the codings are and however alike those of one interview are: no design effect is
needed, since no interviews are drawn (Cochran 1977, "Sampling techniques", 2.4; the limits: Buonaccorsi 1987, "A note on
confidence intervals for proportions in finite populations"). Each look at a sample spends a part of the permitted error.
"""

from dataclasses import dataclass

import numpy as np

ERROR = 0.05
"""Greatest share of studies in which a promise that does not hold may be taken for one that does, over all looks together, where
nobody states another."""

FEWEST = 20
"""Fewest codings to draw, if there are as many."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What a sample said of a list.

    Attributes:
        whole: how many the list has.
        drawn: how many of these were drawn, each as likely as any other.
        right: how many of those drawn were right.
    """

    whole: int
    drawn: int
    right: int


def error_of_look(look: int, error: float = ERROR) -> float:
    """The error that the look with this number, from 1, may spend: `error` / (look × (look + 1)); all together spend `error`.

    The first spends half, so that its limit is the lower end of a 95 % interval (Lan and DeMets 1983, "Discrete sequential
    boundaries for clinical trials": a spending that is fixed beforehand holds for any number of looks).

    >>> [round(error_of_look(look), 4) for look in (1, 2, 3)]
    [0.025, 0.0083, 0.0042]
    """
    return error / (look * (look + 1))


def at_least(sample: Sample, error: float) -> int:
    """The fewest right ones in the whole list with which so many in the sample are no rarer than `error`."""
    from scipy.stats import hypergeom

    if not sample.right:
        return 0
    numbers = np.arange(sample.right, sample.whole - (sample.drawn - sample.right) + 1)
    chance = hypergeom.sf(sample.right - 1, sample.whole, numbers, sample.drawn)
    return int(numbers[np.argmax(chance > error)])


def at_most(sample: Sample, error: float) -> int:
    """The most right ones in the whole list with which so few in the sample are no rarer than `error`."""
    return sample.whole - at_least(Sample(sample.whole, sample.drawn, sample.drawn - sample.right), error)


def least_precision(given: Sample, error: float, *, read: int, read_right: int) -> float:
    """The least share right, 0–1, of the codings that are left when those read are taken out; 1 if none is left.

    Args:
        given: the sample of the codings that would be given.
        error: that the look may spend.
        read: how many of the list somebody has read by now, drawn or not.
        read_right: how many of these were right.
    """
    left = given.whole - read
    return max(0, at_least(given, error) - read_right) / left if left else 1.0


def most_precision(given: Sample, error: float) -> float:
    """The greatest share right, 0–1, of the codings that would be given, as far as the sample shows."""
    return at_most(given, error) / given.whole if given.whole else 1.0


def most_recall(given: Sample, passed: Sample, error: float) -> float:
    """The greatest share, 0–1, of the right codings that would be given; each limit spends half the error."""
    found, missed = at_most(given, error / 2), at_least(passed, error / 2)
    return found / (found + missed) if found + missed else 1.0


def least_recall(given: Sample, passed: Sample, error: float, *, read_right: int, read_missed: int) -> float:
    """The least share, 0–1, of the right codings left that would be given; 1 if none is left. Each limit spends half the error.

    Args:
        given: the sample of the codings that would be given.
        passed: the sample of those that would not; `right` counts the ones that should be (elusion).
        error: that the look may spend.
        read_right, read_missed: how many right ones of the two lists somebody has read by now.
    """
    found = max(0, at_least(given, error / 2) - read_right)
    missed = max(0, at_most(passed, error / 2) - read_missed)
    return found / (found + missed) if found + missed else 1.0


def to_draw(whole: int, expected: float, stated: float, error: float) -> int:
    """How many of a list to draw: the fewest with which the promise holds for what is left if as many are right as expected.

    Where the expected share (0–1) does not exceed the stated one, no sample is enough, and it is the whole list.
    """
    low, high = min(FEWEST, whole), whole
    while low < high:
        middle = (low + high) // 2
        right = int(expected * middle)
        if least_precision(Sample(whole, middle, right), error, read=middle, read_right=right) >= stated:
            high = middle
        else:
            low = middle + 1
    return low


def to_draw_for_recall(
    given: tuple[int, float], passed: tuple[int, float], stated: float, error: float
) -> tuple[int, int]:
    """How many of two lists to draw, as many of each as there are: the fewest with which a promise of recall is kept.

    Args:
        given: of the codings that would be given: how many, and the share expected to be right (0–1).
        passed: the same of those that would not be given.
        stated: the recall promised.
        error: that the look may spend.
    """

    def samples(drawn: int) -> tuple[Sample, Sample]:
        (whole, share), (others, missed) = given, passed
        one, two = min(drawn, whole), min(drawn, others)
        return Sample(whole, one, int(share * one)), Sample(others, two, -int(-missed * two // 1))

    most = max(given[0], passed[0])
    low, high = min(FEWEST, most), most
    while low < high:
        middle = (low + high) // 2
        found, lost = samples(middle)
        if least_recall(found, lost, error, read_right=0, read_missed=0) >= stated:
            high = middle
        else:
            low = middle + 1
    return min(low, given[0]), min(low, passed[0])
