"""A text with its words and the pipeline's labels, as the rules for names use it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from autokode.pseudonym.composed import Composed
from autokode.pseudonym.lists import WORD, Lists, lists

if TYPE_CHECKING:
    from autokode.nlp.pipeline import Pipeline

SMALL = 4
"""Fewest words of a text without capitals that counts as recognised speech; a shorter one may be a heading or a word."""

_LINE = re.compile(r"[^\r\n]+")
_OPENS = re.compile(r"(?:^|[.?!:…\n])[\s\"«»'“”(–-]*$")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text.

    Attributes:
        start, end: code points, half-open.
        form: as written.
        pos: the pipeline's part of speech (Universal Dependencies).
        name: the pipeline's label of the name it is in ("PER", "ORG", …), or "".
        opens: whether it begins a sentence, so that its capital means nothing.
        joined: whether only blanks stand between it and the word before.
    """

    start: int
    end: int
    form: str
    pos: str
    name: str
    opens: bool
    joined: bool

    @property
    def capital(self) -> bool:
        return self.form[0].isupper()


@dataclass(frozen=True, slots=True)
class TaggedText:
    """A text with its words.

    Attributes:
        text: the text as it is searched: with its letters composed, and without lines in capitals alone.
        words: in order.
        names: (start, end, label) of the pipeline's names.
        small: whether the text has no capitals, as speech recognition writes it.
        composed: leads places of `text` back to the text as it was given.
    """

    text: str = field(repr=False)
    words: tuple[Word, ...] = field(repr=False)
    names: tuple[tuple[int, int, str], ...]
    small: bool
    lists: Lists
    composed: Composed

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The (start, end) of the words from `first` to `last`, inclusive."""
        return self.words[first].start, self.words[last].end


def read_all(texts: Sequence[str], nlp: "Pipeline") -> Iterator[TaggedText]:
    """Run a pipeline with names over texts."""
    given = [Composed.of(text) for text in texts]
    searched = [_LINE.sub(_spoken, one.text) for one in given]
    flat = (text.replace("\n", " ").replace("\r", " ") for text in searched)
    for one, text, doc in zip(given, searched, nlp.pipe(flat), strict=True):
        names = tuple((span.start_char, span.end_char, span.label_) for span in doc.ents)
        words = tuple(_words(text, {token.idx: token.pos_ for token in doc}, names))
        small = len(words) >= SMALL and sum(word.capital for word in words) <= 0.02 * len(words)
        yield TaggedText(text, words, names, small, lists(), one)


def _spoken(line: re.Match[str]) -> str:
    """A line in capitals alone as it would be written: everyday words in small letters, the others with a capital."""
    words = WORD.findall(line[0])
    if len(words) < SMALL or not line[0].isupper():
        return line[0]
    return WORD.sub(lambda word: _written(word[0]), line[0])


def _written(word: str) -> str:
    small, known = word.lower(), lists()
    everyday = known.is_word(word) or small in known.seen
    new = (
        small
        if everyday and (small in known.common or small not in known.common_names)
        else small[:1].upper() + small[1:]
    )
    return new if len(new) == len(word) else word


def opens(text: str, start: int) -> bool:
    """Whether a place begins a sentence, so that a capital there means nothing."""
    return start == 0 or _OPENS.search(text[max(0, start - 8) : start]) is not None


def _words(text: str, tags: dict[int, str], names: tuple[tuple[int, int, str], ...]) -> Iterator[Word]:
    end = 0
    for match in WORD.finditer(text):
        start = match.start()
        name = next((label for first, last, label in names if first <= start < last), "")
        joined = bool(end) and not text[end:start].strip(" \u00a0\n\r")
        yield Word(start, match.end(), match[0], tags.get(start, ""), name, opens(text, start), joined)
        end = match.end()
