"""How wide a text is on paper, and how wide the columns of a table must be so that no word breaks."""

import re
from collections.abc import Sequence

CLASSES = (
    (0.34, " \u00a0',./:;IJ\\ijl|í"),
    (0.45, "!()-[]frt¡"),
    (0.57, '"*?L_`cszšžč–§°'),
    (0.62, "FPTYaekovxy«»øåäöéèêóòôáàâ"),
    (0.65, "$0123456789ESbdghnpqu{}üđŋŠ"),
    (0.7, "ABCKRVXZÅÄŽČ"),
    (0.79, "&DGHNOQUØÖÜĐŊ"),
    (0.84, "#+<=>^w~"),
    (1.1, "%@MWmæÆœŒ—…"),
)
"""Width in em → characters that are no wider in DejaVu Sans, the widest of the fonts in which such a file is opened."""

WIDEST = 1.05
"""Width in em of any other character."""

_EM = {character: width for width, characters in CLASSES for character in characters}

SOFT = "\u00ad"
"""A soft hyphen, which shows only where a line breaks."""

BOLD = 1.12
"""How many times as wide bold text is."""

_VOWELS = "aeiouyæøåAEIOUYÆØÅ"
_ONSETS = ("skj", *"pr br tr dr kr gr fr pl bl kl gl fl kj sj tj".split())
"""Consonants that begin a syllable together."""
_LEAST, _MOST = 4, 14
"""Fewest letters on each side of a hyphen, and most between two places for one."""


def width_of(text: str, points: float) -> float:
    """The greatest width of a line of text, in points, at a size of font."""
    return points * sum(_EM.get(character, WIDEST) for character in text)


def longest_word(text: str, points: float) -> float:
    """The width of the widest piece of a text that cannot break, in points."""
    return max(
        (width_of(piece, points) for piece in re.split(rf"[ \t\n]+|{SOFT}|(?<=[-–/])", text) if piece), default=0.0
    )


def breakable(text: str, points: float, most: float) -> str:
    """A text whose words may be hyphenated, if they are wider than `most` points: before a consonant and vowel.

    >>> breakable("ungdomsmedvirkning", 10, 100).replace(SOFT, "-")
    'ungdoms-medvirk-ning'
    """
    if longest_word(text, points) <= most:
        return text
    return "".join(_hyphened(piece) if width_of(piece, points) > most else piece for piece in re.split(r"(\s+)", text))


def _hyphened(word: str) -> str:
    found, since = [], 0
    for i in range(_LEAST, len(word) - _LEAST + 1):
        if i - since >= _LEAST and _begins(word, i):
            found.append(word[since:i])
            since = i
    pieces = [*found, word[since:]]
    cut = [
        piece[i : i + _MOST] for piece in pieces for i in range(0, len(piece), _MOST)
    ]  # an address, say, has no syllables
    return SOFT.join(cut)


def _begins(word: str, i: int) -> bool:
    """Whether a syllable begins at a letter: the consonants that may begin one, and then a vowel."""
    onset = next((own for own in _ONSETS if word.startswith(own, i)), word[i])
    first = word[i : i + 1].isalpha() and word[i] not in _VOWELS
    inside = any(word.startswith(own, i - back) for own in _ONSETS for back in range(1, len(own)))
    return first and not inside and word[i + len(onset) : i + len(onset) + 1] in tuple(_VOWELS)


def columns(
    rows: Sequence[Sequence[str]], points: float, whole: float, beside: float, texts: Sequence[int] = (0,)
) -> list[float]:
    """The widths of columns, in points, that fill `whole`: each as wide as its longest word, and more the more text it has.

    Args:
        rows: the cells, headings first.
        points: size of the font.
        whole: width of the table.
        beside: what each cell has beside its text.
        texts: the columns that wrap; a cell of the others, but for its heading, stays on one line.
    """
    sizes = [BOLD * points, *[points] * (len(rows) - 1)]  # headings are bold
    cells = [list(zip(column, sizes, strict=True)) for column in zip(*rows, strict=True)]
    words = [max(longest_word(text, size) for text, size in column) + beside for column in cells]
    whole_cells = [max((width_of(text, size) for text, size in column[1:]), default=0) + beside for column in cells]
    least = [
        word if i in texts else max(word, cell) for i, (word, cell) in enumerate(zip(words, whole_cells, strict=True))
    ]
    lines = [max(width_of(text, size) for text, size in column) + beside for column in cells]
    spare = whole - sum(least)
    if spare <= 0:
        return [low * whole / sum(least) for low in least]
    more = [line - low for line, low in zip(lines, least, strict=True)]
    if sum(more) > spare:
        return [low + spare * extra / sum(more) for low, extra in zip(least, more, strict=True)]
    rest = spare - sum(more)  # it goes to the first column, so that the numbers stand together
    return [line + (0 if i else rest) for i, line in enumerate(lines)]
