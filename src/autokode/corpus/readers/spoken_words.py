"""What a recogniser heard, piece by piece, and its single words joined into sentences."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

PAUSE_S = 1.5
"""Seconds of silence after which a new sentence begins where no full stop says so."""
_ENDS = re.compile(r"[.?!…]+[»”\"')]*\s*$")
_MARK = re.compile(r"[.,;:?!…%»”)\]]+")
Span = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class Piece:
    """Something a recogniser heard.

    Attributes:
        text: as in the file, with the blanks around it.
        begin, end: as in the file, of any type, or None.
        unit: units per second of plain numbers, if their name states it.
        speaker: label or name, or None.
        is_word: whether it is a single word or mark.
        is_joined: whether the text was made from words.
        identifier: the piece's number or name, or "".
    """

    text: str = field(repr=False)
    begin: Any = None
    end: Any = None
    unit: float | None = None
    speaker: str | None = None
    is_word: bool = False
    is_joined: bool = False
    identifier: str = ""


def sentences_of(words: Sequence[Piece], times: Sequence[Span]) -> Iterator[tuple[int, int, str]]:
    """Yield (first, last, text) of each sentence: up to a full stop, a pause, or another speaker.

    Args:
        words: the words and marks, in order.
        times: begin and end of each, in seconds or None.
    """
    first = 0
    for i in range(1, len(words) + 1):
        if i == len(words) or _parts(words, times, i):
            text = joined([word.text for word in words[first:i]])
            if text.strip():
                yield first, i - 1, text
            first = i


def joined(words: Sequence[str]) -> str:
    """Join words as written: those with blanks of their own as they stand, others by a blank, but for marks after a word.

    >>> joined(["Hei", ",", "du", "."]), joined([" He", "i", " du."])
    ('Hei, du.', 'Hei du.')
    """
    if any(word[:1].isspace() or word[-1:].isspace() for word in words):
        return "".join(words).strip()
    return "".join(word if i == 0 or _MARK.fullmatch(word) else f" {word}" for i, word in enumerate(words))


def _parts(words: Sequence[Piece], times: Sequence[Span], i: int) -> bool:
    """Whether a new sentence begins with word i."""
    if _MARK.fullmatch(words[i].text.strip() or "."):
        return False
    if words[i].speaker != words[i - 1].speaker:
        return True
    before, after = times[i - 1][1], times[i][0]
    pause = before is not None and after is not None and after - before > PAUSE_S
    return pause or _ENDS.search(words[i - 1].text) is not None
