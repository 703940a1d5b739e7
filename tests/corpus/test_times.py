"""Times as tables and recognisers write them."""

from datetime import time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autokode.corpus.readers.times import in_seconds, is_clock, span_of


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("00:01:02.5", 62.5),
        ("1:02,5", 62.5),
        ("[00:12]", 12),
        ("PT1M2.5S", 62.5),
        ("PT0.25S", 0.25),
        ("1.300s", 1.3),
        ("250 ms", 0.25),
        ("00:00:04:12", 4.48),
        ("00;00;04;12", 4.48),
        ({"seconds": "1", "nanos": 300_000_000}, 1.3),
        (timedelta(seconds=5), 5),
        (time(0, 1, 2), 62),
        (0.25, 0.25),
        ("0,25", 0.25),
        ("om litt", None),
        (-3, None),
        (True, None),
        (float("nan"), None),
        (None, None),
    ],
)
def test_a_time_is_read_in_whatever_form(value: Any, expected: float | None) -> None:
    (found,), _notes = in_seconds([(value, None)], [3])
    assert found == (pytest.approx(expected), None)


def test_a_stamp_with_frames_is_read_and_said() -> None:
    found, notes = in_seconds([("00:00:04:12", "00:00:09:29"), ("00:00:10:00", "00:00:12:15")], [5, 4])
    assert found[0] == pytest.approx((4.4, 9 + 29 / 30))
    assert notes == ["tider i bilder, lest som 30 i sekundet"]


SPEECH = st.lists(st.tuples(st.integers(1, 30), st.integers(0, 5)), min_size=3, max_size=30)


@given(SPEECH, st.sampled_from([1, 1000, 10_000_000]), st.booleans(), st.booleans())
def test_the_unit_is_the_one_in_which_people_speak(
    said: list[tuple[int, int]], unit: int, with_ends: bool, as_text: bool
) -> None:
    spans: list[tuple[Any, Any]] = []
    now = 0
    for words, pause in said:
        begin, now = now, now + 1 + words // 3
        spans.append((begin * unit, now * unit if with_ends else None))
        now += pause
    if as_text:
        spans = [(str(begin), None if end is None else str(end)) for begin, end in spans]
    found, _notes = in_seconds(spans, [words for words, _pause in said])
    assert [begin for begin, _end in found] == [int(begin) / unit for begin, _end in spans]


def test_an_end_before_its_begin_is_dropped() -> None:
    assert in_seconds([("00:05", "00:03")], [4])[0] == [(5.0, None)]


def test_spans_and_clocks_are_told_from_numbers() -> None:
    assert span_of("0:00,0 - 0:04,5") == ("0:00,0", "0:04,5")
    assert span_of("00:00:01.000 --> 00:00:04.000") == ("00:00:01.000", "00:00:04.000")
    assert span_of(12) == (12, None)
    assert is_clock("0:00 – 0:04")
    assert not is_clock("12")
    assert not is_clock("kl. 12:30")
