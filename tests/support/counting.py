"""What work costs, without a clock: calls of functions, which no other program and no slow machine make more of."""

import cProfile
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Self

GUARD_S = 120.0
"""Seconds after which what never ends is broken off. Nothing that ends is anywhere near it."""


class Counted:
    """Counts the calls of functions, Python's and C's, that this thread makes in its block; `spent` has them afterwards."""

    spent = 0

    def __enter__(self) -> Self:
        self._profile = cProfile.Profile()
        self._profile.enable()
        return self

    def __exit__(self, *_error: object) -> None:
        self._profile.disable()
        self.spent = sum(one.callcount for one in self._profile.getstats())


def calls_of(work: Callable[[], object]) -> int:
    """How many calls of functions some work makes."""
    with Counted() as counted:
        work()
    return counted.spent


class NeverEndsError(BaseException):
    """Raised where work stands after `GUARD_S`; no `except Exception` of a library takes it."""


@contextmanager
def guarded() -> Iterator[None]:
    """Break off what never ends: code in Python and regular expressions, in the main thread; whose alarm is taken is restored."""

    def ended(_number: int, _frame: FrameType | None) -> None:
        raise NeverEndsError(f"no end in {GUARD_S} s")

    before = signal.signal(signal.SIGALRM, ended)
    try:
        signal.setitimer(signal.ITIMER_REAL, GUARD_S, GUARD_S)  # again where the first is lost, as in a destructor
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
