"""Find the cues in the lines of a subtitle file (WebVTT, SubRip, SubViewer's .sbv, lyrics), however well it was written.

A timing line opens a cue, and all lines up to the next one are its words, blank lines or not: only the next cue's number or name
and the file's own comments are not. So a fault in one cue costs that cue its time, never its words.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from autokode.corpus.readers.source import seconds

Fault = tuple[str, str]
"""What was mended in some cues, in Norwegian and in English; the lines follow it in a note."""

BACKWARDS = (
    "undertekster som slutter før de begynner, lest uten slutt",
    "cues that end before they begin, read without it",
)
UNREAD = (
    "tidslinjer som ikke kan leses, ordene er med uten tid",
    "timing lines that cannot be read, their words are kept",
)
UNUSUAL = "tidslinjer skrevet på uvanlig vis, lest likevel", "timing lines written in an unusual way, read all the same"
UNSEPARATED = "undertekster uten blank linje foran, skilt likevel", "cues without a blank line before them, told apart"
PARTED = "undertekster med blanke linjer i, alle ordene er med", "cues with blank lines in them, all words are kept"

LONGEST_TIMING = 200
"""Most characters at the start of a line in which a timing is looked for."""
FEWEST_DIGITS, MOST_LETTERS = 3, 4
"""What a line with an arrow has at least and at most to be a timing line that cannot be read, and no words."""

_CLOCK = r"(?:\d{1,6}:)?\d{1,3}:\d{1,2}(?:[.,]\d{1,9}|:\d{1,3})?(?![\w:])"
_EXACT = r"(?:\d{1,6}:\d{1,3}:\d{1,2}(?:[.,]\d{1,9})?|\d{1,3}:\d{1,2}[.,]\d{1,9})(?![\w:])"
"""A time that nobody takes for a time of day: with hours, minutes and seconds, or with parts of a second."""
_ARROW = r"(?:[-–—−=]{1,5} ?[-–—−]{0,5}(?:>|&gt;)|→)"
_TIMING = re.compile(
    rf"\s*(?:(?P<number>\d{{1,9}})\s+)?\[?(?:(?P<begin>{_CLOCK})\s*{_ARROW}\s*(?P<end>{_CLOCK})"
    rf"|(?P<begin2>{_EXACT})\s{{0,3}}[ ,;–-]\s{{0,3}}(?P<end2>{_EXACT})(?=\]?\s*$))\]?(?P<rest>.*)$"
)
_LYRIC = re.compile(rf"\s*\[(?P<begin>{_CLOCK})\](?P<rest>.*)$")
_USUAL = re.compile(
    r"((\d{2,}:)?\d\d:\d\d\.\d{3}[ \t]+-->[ \t]+(\d{2,}:)?\d\d:\d\d\.\d{3}|\d\d:\d\d:\d\d,\d{3} --> \d\d:\d\d:\d\d,\d{3}|"
    r"\d{1,2}:\d\d:\d\d\.\d{3},\d{1,2}:\d\d:\d\d\.\d{3})(\s|$)"
)
_FOURTH = re.compile(r":(\d{3}|\d\d?)$")
_SETTING = re.compile(r"\b(?:align|position|line|size|vertical|region)\s?:\s?[^\s:]+|\b[A-Z]\d?:-?[\d.]+%?(?=\s|$)")
_LOOSE = re.compile(r"(?<=\d) ?([:.,]) ?(?=\d\d? ?[:.,]|\d\d\d?\b)")
_HINT = re.compile(rf"\d\s?:\s?\d|{_ARROW}")
_GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{13,}\S*", re.IGNORECASE)
_TOKEN = re.compile(r"[\w./:#-]+")
_NOTE = re.compile(r"NOTE(?:\s|$)")
_STYLE = re.compile(r"(?:STYLE|REGION)\s*$")


@dataclass(frozen=True, slots=True)
class RawCue:
    """A cue as its file has it: the number of its timing line, times in seconds, its name, and its lines with their tags."""

    line: int
    begin_s: float | None
    end_s: float | None
    identifier: str
    lines: tuple[str, ...] = field(repr=False)


@dataclass(slots=True)
class CueFile:
    """The cues of a file, the lines before the first, its comments, and the lines where something was mended."""

    cues: list[RawCue] = field(default_factory=list)
    head: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    faults: dict[Fault, list[int]] = field(default_factory=dict)

    def mend(self, fault: Fault, line: int) -> None:
        """Remember that a fault was mended in a line, counted from 1."""
        self.faults.setdefault(fault, []).append(line)


@dataclass(frozen=True, slots=True)
class _Timing:
    begin_s: float | None
    end_s: float | None
    number: str = ""
    words: str = field(default="", repr=False)
    fault: Fault | None = None


def find_cues(lines: Sequence[str], *, comments: bool, lyrics: bool = False) -> CueFile:
    """Find the cues in the lines of a file.

    Args:
        comments: whether NOTE, STYLE and REGION open blocks that nobody says; without it they are words like others.
        lyrics: whether a time in square brackets opens each line, as in .lrc.
    """
    found = CueFile()
    if comments:
        lines = list(_without_comments(lines, found))
    timings = {number: timing for number, line in enumerate(lines) if (timing := _timing(line, lyrics))}
    places = list(timings)
    openings = places if lyrics else list(_openings(lines, places))
    found.head = [line for line in lines[: openings[0] if openings else len(lines)] if line.strip()]
    for place, opening, end in zip(places, openings, [*openings, len(lines)][1:], strict=True):
        if place != places[0] and not lyrics and lines[opening - 1].strip():
            found.mend(UNSEPARATED, place + 1)
        name = " ".join(line.strip() for line in lines[opening:place]).strip()
        found.cues.append(_cue(place + 1, name, timings[place], lines[place + 1 : end], found))
    return found


def _cue(number: int, name: str, timing: _Timing, lines: Sequence[str], found: CueFile) -> RawCue:
    """Make a cue of the timing in line `number` and the lines below it."""
    if timing.fault:
        found.mend(timing.fault, number)
    end_s = timing.end_s
    if timing.begin_s is not None and end_s is not None and end_s < timing.begin_s:
        found.mend(BACKWARDS, number)
        end_s = None
    last = max((at for at, line in enumerate(lines) if line.strip()), default=0)
    if "" in lines[:last]:
        found.mend(PARTED, number)
    words = tuple(line for line in (timing.words, *lines) if line.strip())
    return RawCue(number, timing.begin_s, end_s, timing.number or name, words)


def _without_comments(lines: Sequence[str], found: CueFile) -> Iterator[str]:
    """Yield the lines, with blank ones in place of NOTE, STYLE and REGION blocks, which end at a blank line.

    A comment may hold a cue; then the timing line is the first after NOTE alone. A comment with words ends before a cue.
    """
    opened, before_blank, has_words = "", False, False
    for line in lines:
        opens = before_blank and (_NOTE.match(line) or _STYLE.match(line))
        before_blank = not line.strip()
        if before_blank or (opened == "NOTE" and has_words and _timing(line, False)):
            opened = ""
        said = line
        if opens:
            opened, said = opens[0].strip(), line[opens.end() :]
            has_words = bool(said.strip())
        if opened == "NOTE" and said.strip():
            found.comments.append(said.strip())
        yield "" if opened else line


def _timing(line: str, lyrics: bool) -> _Timing | None:
    """Read a timing line, or a line that tries to be one."""
    if lyrics:
        lyric = _LYRIC.match(line)
        return _Timing(_seconds(lyric["begin"]), None, words=lyric["rest"]) if lyric else None
    start = line[:LONGEST_TIMING]
    if not _HINT.search(start):
        return None
    match = _TIMING.match(_LOOSE.sub(r"\1", line))
    if not match:
        return _tried(_SETTING.sub("", start))
    begin, end = (_seconds(match[name] or match[f"{name}2"]) for name in ("begin", "end"))
    words = _SETTING.sub("", match["rest"]).strip()
    return _Timing(begin, end, match["number"] or "", words, None if _USUAL.match(line.strip()) else UNUSUAL)


def _tried(line: str) -> _Timing | None:
    """Read what one can of a line that looks like a timing line: an arrow, digits, and hardly a letter."""
    arrow = re.search(_ARROW, line)
    digits, letters = sum(map(str.isdigit, line)), sum(map(str.isalpha, line))
    if not arrow or digits < FEWEST_DIGITS or letters > MOST_LETTERS:
        return None
    left = re.search(rf"(?:^|(?<=\s)){_CLOCK}\s*$", line[: arrow.start()])
    right = re.match(rf"\s*({_CLOCK})(?=\s|$)", line[arrow.end() :])
    return _Timing(_seconds(left[0]) if left else None, _seconds(right[1]) if right else None, fault=UNREAD)


def _seconds(stamp: str) -> float:
    """Convert a time as `seconds` does; a third colon is before milliseconds, or before frames, which are left out."""
    if stamp.count(":") == 3:
        stamp = _FOURTH.sub(lambda match: f".{match[1]}" if len(match[1]) == 3 else "", stamp)
    return seconds(stamp.strip())


def _openings(lines: Sequence[str], places: Sequence[int]) -> Iterator[int]:
    """Yield where each cue begins: at the line of its number or name, if it has one, or else at its timing line."""
    above = [_last_words(lines, place) for place in places]
    numbers = [line is not None and lines[line].strip().isdecimal() for line in above]
    direct = [number and line == place - 1 for number, line, place in zip(numbers, above, places, strict=True)]
    numbered = 2 * sum(numbers if numbers[:1] == [True] else direct) >= len(places)
    named = sum(_is_named(lines, line, place) for line, place in zip(above, places, strict=True))
    last = -1
    for line, place, before in zip(above, places, [-1, *places][: len(places)], strict=True):
        if line is None or line <= before:
            yield place
            continue
        text = lines[line].strip()
        apart = line == 0 or not lines[line - 1].strip()
        if text.isdecimal() and len(text) < 10:
            next_one = last < int(text) <= last + 10 and numbered
            is_name = (apart and (numbered or line == place - 1)) or next_one or (before < 0 and line == place - 1)
            last = int(text) if is_name else last
        elif _GUID.fullmatch(text):
            is_name = True
        else:
            most = 5 * named >= 4 * len(places) > 10 or named == len(places) > 1
            often = most and not re.search(r"[.!?…]$", text)
            token = _TOKEN.fullmatch(text) is not None and (before < 0 or re.search(r"\d", text) is not None)
            is_name = apart and line == place - 1 and (often or token)
        yield line if is_name else place


def _last_words(lines: Sequence[str], place: int) -> int | None:
    """The last line above a place that is not blank, or None."""
    return next((number for number in range(place - 1, -1, -1) if lines[number].strip()), None)


def _is_named(lines: Sequence[str], line: int | None, place: int) -> bool:
    return line is not None and line == place - 1 and (line == 0 or not lines[line - 1].strip())
