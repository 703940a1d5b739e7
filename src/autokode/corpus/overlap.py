"""The rule for which utterances a coding overlaps; `project.store.schema.overlap_sql` is the same rule in SQL.

A span is half-open, in code points of one transcript's text. Two spans overlap if they share at least one code point. So spans
that only touch do not overlap, and an empty span overlaps nothing. A coding gives its code to every utterance that it overlaps;
where one utterance must represent the coding, as in a table, it is the first.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Protocol, TypeVar

S = TypeVar("S")
_START, _END = attrgetter("start"), attrgetter("end")


class Span(Protocol):
    """Anything with a start and an end: an utterance, a segment, a cue."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


def overlap(start: int, end: int, other_start: int, other_end: int) -> bool:
    """Whether two spans share at least one code point.

    >>> overlap(0, 5, 4, 9), overlap(0, 5, 5, 9), overlap(0, 5, 3, 3)
    (True, False, False)
    """
    return max(start, other_start) < min(end, other_end)


def longest(spans: Iterable[S], place: Callable[[S], tuple[int, int]]) -> list[S]:
    """Drop each span that overlaps a longer one, or one of its length given before it; the others in order.

    >>> longest([(0, 5), (4, 12), (12, 13)], lambda span: span)
    [(4, 12), (12, 13)]
    """
    kept: list[S] = []
    for span in sorted(spans, key=lambda span: place(span)[0] - place(span)[1]):
        if not any(overlap(*place(span), *place(other)) for other in kept):
            kept.append(span)
    return sorted(kept, key=place)


def overlapped(spans: Sequence[Span], start: int, end: int) -> tuple[int, ...]:
    """Find the indices of the spans that overlap start–end; `spans` are sorted and disjoint, as utterances are."""
    first = bisect_right(spans, start, key=_END)
    last = bisect_left(spans, end, lo=first, key=_START)
    return tuple(i for i in range(first, last) if overlap(start, end, spans[i].start, spans[i].end))


def overlapped_in(starts: Sequence[int], ends: Sequence[int], start: int, end: int) -> tuple[int, ...]:
    """As `overlapped`, of spans that are given as a list of starts and one of ends.

    >>> overlapped_in([0, 5, 9], [5, 9, 12], 4, 9), overlapped_in([0, 5], [5, 9], 5, 5)
    ((0, 1), ())
    """
    first = bisect_right(ends, start)
    last = bisect_left(starts, end, lo=first)
    return tuple(i for i in range(first, last) if overlap(start, end, starts[i], ends[i]))


def first_overlapped(spans: Sequence[Span], start: int, end: int) -> int | None:
    """Find the index of the first span that overlaps start–end, or None; `spans` as in `overlapped`."""
    return next(iter(overlapped(spans, start, end)), None)
