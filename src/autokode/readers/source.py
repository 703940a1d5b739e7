"""What every reader gives: the plain text of a file, and the places in it whose speaker or time the file states."""

import re
from dataclasses import dataclass


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
    """

    text: str
    cues: tuple[Cue, ...] = ()
    headings: tuple[tuple[int, int], ...] = ()


def seconds(stamp: str) -> float:
    """Return a time stamp in seconds: `hh:mm:ss`, `mm:ss`, with `.5`, `,5` or `-5` for parts of a second.

    >>> seconds("01:00:02.5"), seconds("02:06"), seconds("00:00:12-3")
    (3602.5, 126.0, 12.3)
    """
    whole, _, fraction = re.sub("[,-]", ".", stamp).partition(".")
    total = 0
    for part in whole.split(":"):
        total = 60 * total + int(part)
    return float(f"{total}.{fraction or 0}")
