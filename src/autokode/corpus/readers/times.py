"""Times as tables and recognisers write them, in seconds: clock times, frames, ISO 8601, and numbers of any unit."""

import math
import re
from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from statistics import median
from typing import Any

from autokode.base.messages import say
from autokode.corpus.readers.source import seconds

MILLISECONDS, MICROSECONDS, TICKS = 1e3, 1e6, 1e7
"""Units in a second; a tick is 100 ns."""
LONGEST = 10_000_000.0
"""Seconds above which a number is no time in a recording."""
SLOWEST = 0.04
"""Words per second under which nobody speaks: the number is then in a smaller unit. Speech has 1 to 5, and a reading of
milliseconds as seconds 0.001 to 0.005."""
FRAME_RATES = (25, 30, 50, 60)
"""Frames per second that are tried, since no stamp states its own."""

_CLOCK = re.compile(r"-?\d{1,3}:\d{1,2}(?::\d{1,2})?(?:[.,]\d{1,9})?")
_FRAMES = re.compile(r"(\d{1,3}[:;]\d{1,2}[:;]\d{1,2})[:;](\d{1,2})")
_ISO = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,19}(?:[.,]\d{1,9})?")
_WITH_UNIT = re.compile(r"(\d{1,10}(?:[.,]\d{1,9})?) ?(ms|s|sek|sec)\.?", re.IGNORECASE)
_SPAN = re.compile(r"\s*(?:-->|–|—|\bto\b|\btil\b|-(?=\s|\d+:))\s*")


def span_of(value: Any) -> tuple[Any, Any]:
    """Split a span into begin and end: «0:00,0 - 0:04,5»; a single time has no end.

    >>> span_of("0:00,0 - 0:04,5"), span_of("00:03")
    (('0:00,0', '0:04,5'), ('00:03', None))
    """
    if isinstance(value, str):
        begin, *rest = _SPAN.split(value.strip(" []()#"), maxsplit=1)
        return begin, rest[0] if rest else None
    return value, None


def is_clock(value: Any) -> bool:
    """Whether a cell is a time or a span of times that says so itself, such as 00:12 and not 12."""
    return any(_stated(part, 25) is not None for part in span_of(value)[:1])


def in_seconds(
    spans: Sequence[tuple[Any, Any]], words: Sequence[int], unit: float | None = None
) -> tuple[list[tuple[float | None, float | None]], list[str]]:
    """Convert begins and ends to seconds; the unit of plain numbers is the one in which people speak.

    Args:
        spans: (begin, end) of each utterance as the file has them.
        words: number of words of each utterance.
        unit: units per second of plain numbers, where the file states them.

    Returns:
        (begin, end) in seconds, None where there is none; and sentences that tell what was inferred.
    """
    notes = []
    frames = [int(match[2]) for span in spans for one in span if (match := _FRAMES.fullmatch(str(one).strip()))]
    rate = next((rate for rate in FRAME_RATES if not frames or max(frames) < rate), 100)
    if frames:
        notes.append(
            say(f"tider i bilder, lest som {rate} i sekundet", f"times in frames, read as {rate} a second"),
        )
    stated = [tuple(_stated(one, rate) for one in span) for span in spans]
    plain = [tuple(_plain(one) for one in span) for span in spans]
    if unit is None:
        unit = _unit_of(plain, words)
        if unit != 1:
            name = say("millisekunder", "milliseconds") if unit == MILLISECONDS else "100 ns"
            notes.append(say(f"tider lest som {name}", f"times read as {name}"))
    found = []
    for own, number in zip(stated, plain, strict=True):
        begin, end = (_bounded(a if a is not None else _over(b, unit)) for a, b in zip(own, number, strict=True))
        found.append((begin, end if begin is None or end is None or end >= begin else None))
    return found, notes


def later(begin: Any, length: Any) -> Any:
    """The end of something by its begin and length, in the unit of both, or None.

    >>> later(250, 4250), later("PT0.25S", "PT4.25S")
    (4500.0, '4.5 s')
    """
    plain = _plain(begin), _plain(length)
    if plain[0] is not None and plain[1] is not None:
        return plain[0] + plain[1]
    stated = _stated(begin, FRAME_RATES[0]), _stated(length, FRAME_RATES[0])
    return f"{stated[0] + stated[1]} s" if stated[0] is not None and stated[1] is not None else None


def _unit_of(plain: Iterable[tuple[float | None, ...]], words: Sequence[int]) -> float:
    """The smallest of second, millisecond and tick in which the median utterance is not too slow; a fraction is of seconds."""
    rows = [(begin, end, count) for (begin, end), count in zip(plain, words, strict=True) if begin is not None]
    following = [*(begin for begin, _end, _count in rows[1:]), rows[-1][0]] if rows else []
    if any(not float(one).is_integer() for begin, end, _count in rows for one in (begin, end) if one is not None):
        return 1.0
    lengths = [
        (count, length)
        for (begin, end, count), after in zip(rows, following, strict=True)
        if (length := (after if end is None else end) - begin) > 0 and count
    ]
    pace = median(count / length for count, length in lengths) if lengths else math.inf
    return next((unit for unit in (1.0, MILLISECONDS) if pace * unit >= SLOWEST), TICKS)


def _stated(value: Any, rate: int) -> float | None:
    """The seconds of a value that tells its own unit, or None."""
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, datetime | time):
        return value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6
    if isinstance(value, dict):  # Google: {"seconds": "1", "nanos": 300000000}
        parts = [_plain(value.get(name, 0)) for name in ("seconds", "nanos")]
        return parts[0] + parts[1] / 1e9 if parts[0] is not None and parts[1] is not None else None
    return _spelt(value.strip(" []()#\t"), rate) if isinstance(value, str) else None


def _spelt(text: str, rate: int) -> float | None:
    if match := _FRAMES.fullmatch(text):
        return seconds(match[1].replace(";", ":")) + int(match[2]) / rate
    if _CLOCK.fullmatch(text):
        return seconds(text) if text[0] != "-" else None
    if match := _WITH_UNIT.fullmatch(text):
        return float(match[1].replace(",", ".")) / (MILLISECONDS if match[2].lower() == "ms" else 1)
    if (match := _ISO.fullmatch(text)) and any(match.groups()):
        hours, minutes, rest = (float(part or 0) for part in match.groups())
        return 3600 * hours + 60 * minutes + rest
    return None


def _plain(value: Any) -> float | None:
    """A number without a unit, or None."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value) if 0 <= value < LONGEST * TICKS else None
    text = value.strip() if isinstance(value, str) else ""
    return float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None


def _over(number: float | None, unit: float) -> float | None:
    return None if number is None else number / unit


def _bounded(value: float | None) -> float | None:
    return value if value is not None and value < LONGEST else None
