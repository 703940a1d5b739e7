"""The result of every reader: the plain text of a file, and the speakers and times that its format states."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from autokode.base.errors import failure
from autokode.base.messages import say

STAMP = r"\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,6}|-\d(?![\d:]))?"
"""A time: hh:mm:ss or mm:ss, with parts of a second."""
CLOCK = r"\d{1,2}:\d{1,2}:\d{1,2}(?:[.,]\d{1,6})?"
"""A time as Teams writes it: h:m:s."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A span of the text with a time or a speaker stated by the file, such as a subtitle.

    Attributes:
        start, end: code points into the text, half-open.
        begin_s, end_s: seconds from the start of the recording, or None.
        speaker: the name the file states, or None.
        identifier: the cue's number or name in the file, or "".
    """

    start: int
    end: int
    begin_s: float | None = None
    end_s: float | None = None
    speaker: str | None = None
    identifier: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Words of a file that are in no utterance, and why. Nothing is left out in silence: a note tells of each reason.

    Attributes:
        reason: a plural in the reader's language, such as «linjer før første taler».
        text: the words, as the file has them.
        is_speech: whether somebody may have said them. A file with more such words left out than read is refused.
    """

    reason: str
    text: str = field(repr=False)
    is_speech: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """A transcript file that was read: its text, which never changes from here on, and what the format states.

    Attributes:
        text: of a .txt file unchanged; of other formats the plain text made from the file.
        cues: in order; empty for formats without them.
        headings: (start, end) of lines in bold, which may be names of speakers.
        titles: (start, end) of lines that the file states to be headings or heads of a table; nobody says them, but they may
            be names of speakers too.
        bold_starts: (start, end) of the beginnings in bold of lines whose other words are not; they may be names of speakers.
        notes: sentences that tell people what was inferred.
        left_out: words of the file that are not in `text`.
        roles: (speaker, role) that the file states, such as a table with a column of each.
    """

    text: str = field(repr=False)
    cues: tuple[Cue, ...] = field(default=(), repr=False)
    headings: tuple[tuple[int, int], ...] = ()
    titles: tuple[tuple[int, int], ...] = ()
    bold_starts: tuple[tuple[int, int], ...] = ()
    notes: tuple[str, ...] = field(default=(), repr=False)
    left_out: tuple[LeftOut, ...] = ()
    roles: tuple[tuple[str, str], ...] = ()


def with_text(source: Source, where: object, program: str) -> Source:
    """Check that a source has text; `program` is where to open the file otherwise.

    Raises:
        DataError: there is none.
    """
    if not source.text.strip():
        mend = say(f"åpne filen i {program}", f"open the file in {program}")
        raise failure("har ingen tekst", "holds no text", where=where, try_next=mend)
    return source


def source_of_cues(
    parts: Iterable[tuple[str, Cue]], notes: Iterable[str] = (), left_out: Iterable[LeftOut] = ()
) -> Source:
    """Join the texts of cues, one line per cue, with `Name: ` in front where the stated speaker changes."""
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
    return Source("\n".join(lines), tuple(cues), notes=tuple(notes), left_out=tuple(left_out))


def source_of_lines(lines: Iterable[tuple[str, bool]], notes: Iterable[str] = ()) -> Source:
    """Join lines, (text, in bold), into one text; lines in bold are headings."""
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
    """Convert a time stamp to seconds: `hh:mm:ss` or `mm:ss`, with `.5`, `,5` or `-5` for parts of a second.

    >>> seconds("01:00:02.5"), seconds("02:06"), seconds("00:00:12-3")
    (3602.5, 126.0, 12.3)
    """
    whole, _, fraction = re.sub("[,-]", ".", stamp).partition(".")
    total = 0
    for part in whole.split(":"):
        total = 60 * total + int(part)
    return float(f"{total}.{fraction or 0}")
