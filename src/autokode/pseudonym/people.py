"""Find names of people: words that score enough (`name_score`), with the neighbours that make a full name of them."""

import math
import re
from collections.abc import Iterator, Sequence

from autokode.pseudonym.kinds import Finding, Kind
from autokode.pseudonym.lists import among, either
from autokode.pseudonym.name_score import HARDLY, NEUTRAL_PRONOUNS, score
from autokode.pseudonym.tagged_text import TaggedText, Word
from autokode.pseudonym.usage import Usage

FROM = 0.5
"""Score from which a word is taken for a name."""

UNSURE = 2.5
"""Highest score of a name that is on no list and that nothing announces."""

SURELY = 4.0
"""Score from which a name takes an everyday word before it along: «Tran Van Minh»."""

_INITIALS = re.compile(
    r"(?<![\w.])(?:[A-ZÆØÅ]\. ?)+[A-ZÆØÅ][a-zæøåéü]+(?:-[A-ZÆØÅ][a-zæøå]+)*(?:s\b)?|(?<![\w.])(?:[A-ZÆØÅ]\.){2,3}(?![\w])"
)
_PLACE = re.compile(rf"\w{{3,}}(?:{either('place_ends')})s?", re.IGNORECASE)
"""A word that ends as the names of places do: it is on no list, and a person's name in its stead would mislead."""

_INITIAL = re.compile(r"[A-ZÆØÅ]\.?")
_NO_INITIALS = "iåæoe"
"""Words of one letter."""


def find_people(reading: TaggedText, usage: Usage) -> Iterator[Finding]:
    """Yield names of people, and of places that sound like one; findings may overlap."""
    for match in _INITIALS.finditer(reading.text):
        surname = match[0].split()[-1]
        if reading.lists.is_family(surname) or not reading.lists.is_word(surname):
            yield Finding(match.start(), match.end(), Kind.PERSON, match[0], 0.9)
    scores = [score(reading, index, usage) for index in range(len(reading.words))]
    index = 0
    while index < len(scores):
        if scores[index] < FROM:
            index += 1
            continue
        first = last = index
        while first and _goes_before(reading, first, usage, scores):
            first -= 1
        while last + 1 < len(scores) and _goes_on(reading, last + 1, usage, scores):
            last += 1
        while last > index and reading.words[last].form.casefold() in among("particles"):
            last -= 1
        if last == first or reading.words[last].form.casefold() not in among("organisations"):  # «Hegg Vaskeri»
            yield _found(reading, first, last, scores, usage)
        index = last + 1


def find_pronouns(reading: TaggedText) -> Iterator[Finding]:
    """Yield pronouns that reveal a gender."""
    for word in reading.words:
        if word.form.casefold() in NEUTRAL_PRONOUNS and word.pos in ("PRON", "DET"):
            yield Finding(word.start, word.end, Kind.PRONOUN, word.form)


def _found(reading: TaggedText, first: int, last: int, scores: Sequence[float], usage: Usage) -> Finding:
    start, end = reading.span(first, last)
    end += reading.text[end : end + 1] == "." and _INITIAL.fullmatch(reading.words[last].form) is not None
    best = max(scores[first : last + 1]) + (last > first)
    kind = Kind.PERSON
    if not any(_is_known(reading, word, usage) for word in reading.words[first : last + 1]):
        best = min(best, UNSURE)
        if first == last and _PLACE.fullmatch(reading.words[first].form):
            kind = Kind.PLACE
    return Finding(start, end, kind, reading.text[start:end], 1 / (1 + math.exp(-best)))


def _is_known(reading: TaggedText, word: Word, usage: Usage) -> bool:
    return reading.lists.is_given(word.form) or reading.lists.is_family(word.form) or usage.is_told(word)


def _goes_before(reading: TaggedText, index: int, usage: Usage, scores: Sequence[float]) -> bool:
    """Whether the word before belongs to the name that begins at a word: «Zlatka Berg», not «Hei Kari»."""
    word, before, lists = reading.words[index], reading.words[index - 1], reading.lists
    form = before.form.casefold()
    if not (word.joined and before.capital) or "\n" in reading.text[before.end : word.start]:
        return False
    if scores[index - 1] <= HARDLY or form in among("kinds_of_people") | among("before_names"):
        return False
    if not before.opens:
        return not lists.is_word(form) or lists.is_given(form)
    if lists.is_given(form) or lists.is_family(form):
        return not lists.is_word(form) or (form not in lists.common and scores[index] > SURELY)
    return lists.is_unexplained(form) and not usage.small[form] and not lists.is_given(word.form)


def _goes_on(reading: TaggedText, index: int, usage: Usage, scores: Sequence[float]) -> bool:
    """Whether a word belongs to the name before it."""
    word, before = reading.words[index], reading.words[index - 1]
    between = reading.text[before.end : word.start]
    initial = _INITIAL.fullmatch(before.form) is not None and between.strip(" ") == "."
    if not (word.joined or initial) or "\n" in between or _is_genitive(reading, before, usage):
        return False
    if word.form.casefold() in among("particles"):
        following = reading.words[index + 1] if index + 1 < len(reading.words) else None
        named = following is not None and (following.capital or reading.lists.is_family(following.form))
        return named and following is not None and following.joined
    if not before.capital:
        return _goes_on_in_small(reading, word)
    if _INITIAL.fullmatch(word.form):
        return True
    return word.capital and scores[index] > HARDLY and (not word.form.isupper() or before.form.isupper())


def _goes_on_in_small(reading: TaggedText, word: Word) -> bool:
    """Whether a word belongs to the name in small letters before it."""
    lists = reading.lists
    if len(word.form) == 1:
        return reading.small and word.form not in _NO_INITIALS
    if (lists.is_family(word.form) or lists.is_given(word.form)) and not lists.is_word(word.form):
        return True
    unheard = reading.small and len(word.form) > 3 and lists.is_unexplained(word.form)
    return unheard or (word.name == "PER" and word.pos in ("PROPN", "X"))


def _is_genitive(reading: TaggedText, word: Word, usage: Usage) -> bool:
    """Whether a word ends a name: «Jonas' mor», «Karis Per»."""
    bare = word.form.removesuffix("s")
    return word.form[-1:] in "'’" or (
        bare != word.form and reading.lists.is_given(bare) and bare.casefold() == usage.base(word)
    )
