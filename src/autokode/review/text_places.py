"""Finds places in a text: the code points of what a person selected in a browser, and wider and narrower spans."""

import re
import unicodedata

from autokode.corpus.overlap import overlap
from autokode.nlp.text_windows import text_parts

STEPS = ("wider", "narrower", "end_later", "end_earlier", "begin_earlier", "begin_later")
_JOINER, _EMOJI_TONES = "\u200d", range(0x1F3FB, 0x1F400)


def place_of(text: str, piece: int, units: int) -> int:
    """Convert a place in a browser to a code point: `units` UTF-16 units into the piece of text that begins at `piece`.

    The page holds the place of each piece, so that the browser counts from there only; any line end (LF, CR or both) is one unit.
    """
    place = piece
    if text[place : place + 2] == "\r\n":
        return place + (2 if units > 0 else 0)
    while units > 0 and place < len(text):
        units -= 2 if ord(text[place]) > 0xFFFF else 1
        place += 1
    return place


def tidy(text: str, start: int, end: int) -> tuple[int, int]:
    """Trim the white space at a span's ends, and widen it to whole letters with their accents and whole emoji."""
    start, end = max(0, min(start, end)), min(len(text), max(start, end))
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while 0 < start < len(text) and _continues(text, start):
        start -= 1
    while end < len(text) and end > start and _continues(text, end):
        end += 1
    return start, end


def moved(
    text: str, span: tuple[int, int], turn: tuple[int, int], step: str, anchor: int | None = None
) -> tuple[int, int]:
    """Make a span wider or narrower within its utterance.

    Args:
        text: the transcript's text.
        span: (start, end) in code points.
        turn: the utterance's span.
        step: one of `STEPS`: to the next larger or smaller of word, sentence and utterance, or one end by a word.
        anchor: a code point to keep when it gets narrower; the span's first if None.
    """
    start, end = max(span[0], turn[0]), min(span[1], turn[1])
    sentences = [(turn[0] + a, turn[0] + b) for a, b in text_parts(text[turn[0] : turn[1]])]
    words = [(turn[0] + m.start(), turn[0] + m.end()) for m in re.finditer(r"\S+", text[turn[0] : turn[1]])]
    if not words or start >= end:
        return turn
    if step == "wider":
        touched = [one for one in sentences if overlap(*one, start, end)] or [turn]
        whole = (touched[0][0], touched[-1][1])
        return whole if whole[0] < start or whole[1] > end else (words[0][0], words[-1][1])
    if step == "narrower":
        at = start if anchor is None or not start <= anchor < end else anchor
        inside = (one for one in (*sentences, *words) if start <= one[0] <= at < one[1] <= end and one != (start, end))
        return next(inside, (start, end))
    return _by_word(words, start, end, step)


def _by_word(words: list[tuple[int, int]], start: int, end: int, step: str) -> tuple[int, int]:
    inside = [word for word in words if overlap(*word, start, end)]
    if step == "end_later":
        return start, min((b for _a, b in words if b > end), default=end)
    if step == "begin_earlier":
        return max((a for a, _b in words if a < start), default=start), end
    if len(inside) < 2:
        return start, end
    return (start, inside[-2][1]) if step == "end_earlier" else (inside[1][0], end)


def _continues(text: str, at: int) -> bool:
    """Whether the character at this place belongs to the one before it."""
    return (
        unicodedata.category(text[at]) in ("Mn", "Me", "Mc")
        or text[at] == _JOINER
        or ord(text[at]) in _EMOJI_TONES
        or text[at - 1] == _JOINER
    )
