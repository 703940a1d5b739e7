"""What every reader gives: the plain text of a file, and the places in it whose speaker or time the file states."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

STAMP = r"\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,6}|-\d(?!\d))?"
"""A time: hh:mm:ss or mm:ss, with parts of a second."""
CLOCK = r"\d{1,2}:\d{1,2}:\d{1,2}(?:[.,]\d{1,6})?"
"""A time as Teams writes it: h:m:s."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A stretch of the text that the file itself sets apart: a subtitle, or a heading in bold.

    Attributes:
        start, end: code points into the text, half-open.
        begin_s, end_s: seconds from the start of the recording, or None.
        speaker: the name the file states, or None.
        identifier: the cue's own number or name in the file, or "".
    """

    start: int
    end: int
    begin_s: float | None = None
    end_s: float | None = None
    speaker: str | None = None
    identifier: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A transcript file as read: its text (never changed from here on) and what the format states about it.

    Attributes:
        text: for .txt the file's own text; for other formats the plain text made from it.
        cues: subtitles in order, empty for formats without them.
        headings: (start, end) of lines that stand alone in bold, which may be names of speakers.
        notes: what was left out or understood, in sentences for people.
    """

    text: str
    cues: tuple[Cue, ...] = ()
    headings: tuple[tuple[int, int], ...] = ()
    notes: tuple[str, ...] = ()


def source_of_cues(parts: Iterable[tuple[str, Cue]], notes: Iterable[str] = ()) -> Source:
    """Join the texts of cues into one, a line a cue, `Name: ` in front where a stated speaker changes."""
    lines: list[str] = []
    cues: list[Cue] = []
    position = 0
    before: str | None = None
    for text, cue in parts:
        label = f"{cue.speaker}: " if cue.speaker and cue.speaker != before else ""
        before = cue.speaker
        start = position + len(label)
        cues.append(replace(cue, start=start, end=start + len(text)))
        lines.append(label + text)
        position += len(label) + len(text) + 1
    return Source("\n".join(lines), tuple(cues), notes=tuple(notes))


def source_of_lines(lines: Iterable[tuple[str, bool]], notes: Iterable[str] = ()) -> Source:
    """Join (line, whether it stands in bold) into one text; lines in bold are headings."""
    texts: list[str] = []
    headings: list[tuple[int, int]] = []
    position = 0
    for line, bold in lines:
        if bold and line.strip():
            headings.append((position, position + len(line)))
        texts.append(line)
        position += len(line) + 1
    return Source("\n".join(texts), headings=tuple(headings), notes=tuple(notes))


def seconds(stamp: str) -> float:
    """A time stamp in seconds: `hh:mm:ss`, `mm:ss`, with `.5`, `,5` or `-5` for parts of a second.

    >>> seconds("01:00:02.5"), seconds("02:06"), seconds("00:00:12-3")
    (3602.5, 126.0, 12.3)
    """
    whole, _, fraction = re.sub("[,-]", ".", stamp).partition(".")
    total = 0
    for part in whole.split(":"):
        total = 60 * total + int(part)
    return float(f"{total}.{fraction or 0}")
