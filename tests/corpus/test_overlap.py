"""Spans overlap if they share a code point, in Python and in SQL."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autokode.corpus.overlap import first_overlapped, overlap, overlapped
from autokode.project.store.schema import overlap_sql


@dataclass(frozen=True)
class Stood:
    start: int
    end: int


POSITIONS = st.integers(0, 30)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((0, 5), (4, 9), True),
        ((4, 9), (0, 5), True),
        ((0, 9), (3, 4), True),
        ((3, 4), (3, 4), True),
        ((0, 5), (5, 9), False),  # they touch
        ((0, 5), (7, 9), False),
        ((0, 9), (3, 3), False),  # an empty span has no code point to share
        ((3, 3), (0, 9), False),
        ((3, 3), (3, 3), False),
    ],
)
def test_spans_overlap_if_they_share_a_code_point(one: tuple[int, int], other: tuple[int, int], expected: bool) -> None:
    assert overlap(*one, *other) is expected
    assert expected == bool(set(range(*one)) & set(range(*other)))


@given(st.lists(POSITIONS, max_size=12), POSITIONS, POSITIONS)
def test_the_search_finds_what_a_walk_through_all_spans_finds(edges: list[int], start: int, end: int) -> None:
    ordered = sorted(edges)
    spans = [
        Stood(first, last) for first, last in zip(ordered[::2], ordered[1::2], strict=False)
    ]  # some empty, some touch
    expected = tuple(i for i, span in enumerate(spans) if overlap(start, end, span.start, span.end))
    assert overlapped(spans, start, end) == expected
    assert first_overlapped(spans, start, end) == (expected[0] if expected else None)


@given(POSITIONS, POSITIONS, POSITIONS, POSITIONS)
def test_the_database_overlaps_by_the_same_rule(start: int, end: int, other_start: int, other_end: int) -> None:
    query = f"SELECT {overlap_sql('?1', '?2', '?3', '?4')}"
    with closing(sqlite3.connect(":memory:")) as connection:
        (said,) = connection.execute(query, (start, end, other_start, other_end)).fetchone()
    assert bool(said) is overlap(start, end, other_start, other_end)
