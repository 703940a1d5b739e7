"""Time stamps in a text: where they stand, and which times they state."""

import re
from bisect import bisect_right

from autokode.corpus.readers.source import CLOCK, STAMP, seconds

_FRAMES = r"\d{1,2}[:;]\d{2}[:;]\d{2}[:;]\d{2}"
"""A time with frames in place of parts of a second, as Premiere writes it."""
TIME = rf"(?:{_FRAMES}|{STAMP}|{CLOCK})"
SPAN = rf"(?:{TIME}(?:[ ]{{0,3}}(?:-{{0,2}}>|–|—|-)[ ]{{0,3}}{TIME})?)"
"""A time, or a beginning and an end."""
IN_WORDS = (
    r"(?:\d{1,2} (?:timer?|hours?) )?(?:\d{1,2} (?:minutt(?:er|ar)?|minutes?) )?\d{1,2} (?:sekund(?:er|ar)?|seconds?)"
)
"""A time as Teams shows it on its page: «1 minutt 3 sekunder»."""
TURN_MARK = re.compile(r"\[SPEAKER[_ ]TURN\]")
"""Where whisper.cpp hears somebody else begin, without saying who."""
BRACKETED = rf"(?:[\[(#<{{][ ]?{SPAN}[ ]?[\])#>}}])"

_LINE_END = r"(?=[ \t]*(?:[\r\n]|\Z))"
_SPOKEN = r"(?!\(\d{1,2}:\d{2}\))"
"""Excludes a short time in round brackets within a line, which somebody says: «vi møttes (14:00) der»."""
_DASH = r"(?:[ \t]{1,3}[-–][ \t]{1,3}(?=\S))?"
"""aTrain's dash between a stamp and the words."""
_MARKED = re.compile(
    rf"(?:{_SPOKEN}{BRACKETED}|^[ \t]*{BRACKETED}|{BRACKETED}{_LINE_END}){_DASH}|\t{SPAN}{_LINE_END}|"
    rf"^[ \t]*{SPAN}{_LINE_END}",
    re.MULTILINE,
)
"""A stamp that shows itself to be one by its brackets or its place."""
_BARE = re.compile(rf"(?P<first>^[ \t]*)?(?<![\w:;.,])(?P<span>{SPAN})(?![\d:]|[ ]?[\])}}>]){_DASH}", re.MULTILINE)
_OF_THE_CLOCK = re.compile(r"(?:\bkl\.?|\bklokk(?:a|en)|\bo'?clock)\s*\Z", re.IGNORECASE)
_NOT_LINE_END = re.compile(r"[^\r\n]")
FEWEST_BARE = 2
"""Lines that begin with a stamp without brackets, from which on such stamps are known to be the file's way."""


def marked_stamps(text: str) -> list[tuple[int, int]]:
    """Find the stamps in brackets, at a line's end after a tab, and alone on a line."""
    return [match.span() for match in _MARKED.finditer(text)]


def bare_stamps(text: str) -> list[tuple[int, int]]:
    """Find the stamps without brackets among the words, as oTranscribe leaves them: «og så 02:06 gikk vi».

    A time with seconds and hours is one. «14:00» may be a time of the day: it is a stamp only in a file whose lines begin with
    such stamps, and only if it lies between that of its own line and the next.
    """
    found = list(_BARE.finditer(text))
    first = [match for match in found if match["first"] is not None]
    places = [match.start() for match in first]
    times = [starts_at(match["span"]) for match in first]
    known = len(first) >= FEWEST_BARE and times == sorted(times)

    def is_stamp(match: re.Match[str]) -> bool:
        if _OF_THE_CLOCK.search(text, max(0, match.start() - 12), match.start()):
            return False
        if len(re.findall("[:;]", match["span"])) > 1:
            return True
        line = bisect_right(places, match.start())
        return known and (
            match["first"] is not None
            or times[line - 1] <= starts_at(match["span"]) <= (times[line] if line < len(times) else 86400)
        )

    return [match.span() for match in found if is_stamp(match)]


def stated_times(stamp: str) -> tuple[str, str | None]:
    """The beginning and the end that a stamp states, as `readers.times` reads them; a single time has no end.

    >>> stated_times("(00:00:00 - 00:00:04)"), stated_times("#00:02:06-3#")
    (('00:00:00', '00:00:04'), ('00:02:06.3', None))
    """
    if in_words := re.fullmatch(IN_WORDS, stamp, re.IGNORECASE):
        units = {word[0].lower(): int(number) for number, word in re.findall(r"(\d+) (\w+)", in_words[0])}
        return f"{units.get('t', units.get('h', 0))}:{units.get('m', 0):02}:{units['s']:02}", None
    if re.fullmatch(r"[\d.,]+\t[\d.,]+", stamp):  # Audacity: seconds
        begin, end = stamp.split("\t")
        return f"{begin} s", f"{end} s"
    times = [re.sub(r"-(\d)$", r".\1", time).replace(";", ":") for time in re.findall(TIME, stamp)]
    return times[0], times[-1] if len(times) > 1 else None


def starts_at(stamp: str) -> float:
    """The seconds at which a stamp begins, without its frames."""
    time, _end = stated_times(stamp)
    return seconds(":".join(time.split(":")[:3]))


def blanked(text: str, spans: list[tuple[int, int]]) -> str:
    """A text with spaces in place of the characters of spans, but for line ends; it has the same length."""
    pieces, before = [], 0
    for start, end in sorted(spans):
        if end > before:
            first = max(start, before)
            pieces += [text[before:first], _NOT_LINE_END.sub(" ", text[first:end])]
            before = end
    return "".join((*pieces, text[before:]))
