"""The cost of work without a clock: calls of functions, which do not grow on a busy or slow machine."""

import cProfile
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Self

GUARD_S = 120.0
"""Seconds after which work that never ends is broken off, far beyond any that ends."""


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
    """Count the calls of functions that some work makes."""
    with Counted() as counted:
        work()
    return counted.spent


class NeverEndsError(BaseException):
    """Raised in the midst of work after `GUARD_S`; no `except Exception` of a library catches it."""


@contextmanager
def guarded() -> Iterator[None]:
    """Break off Python code and regular expressions that never end, in the main thread; restores an earlier alarm."""

    def ended(_number: int, _frame: FrameType | None) -> None:
        raise NeverEndsError(f"no end in {GUARD_S} s")

    before = signal.signal(signal.SIGALRM, ended)
    try:
        signal.setitimer(signal.ITIMER_REAL, GUARD_S, GUARD_S)  # again where the first is lost, as in a destructor
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
