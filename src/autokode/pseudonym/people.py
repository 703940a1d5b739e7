"""Find names of people: by lists, by the pipeline, and by how people are introduced, addressed and titled."""

import re
from collections.abc import Iterator

from autokode.pseudonym.kinds import Finding, Kind
from autokode.pseudonym.lists import among
from autokode.pseudonym.tagged_text import TaggedText, Word

_INTRODUCED = re.compile(
    r"\b(?:heter|heite|heiter|heitte|hete|hette|hetta|hitte|het|kalles|kalla(?:r|st)?|kalte|kaller|"
    r"navnet(?: mitt| hans| hennes)? er|namnet(?: mitt)? er|døpt|oppkalt etter|som heter|hilsen|mvh|fornavn|etternavn)"
    r"(?: (?:ho|hun|han|meg|mæ|seg|dem|hu|me|altså|eh|ehm|øh|liksom|bare|egentlig|jo|da|visst|vel|for|no|nå))*[ ,:«\"]+$",
    re.IGNORECASE,
)
_INITIALS = re.compile(
    r"(?<![\w.])(?:[A-ZÆØÅ]\. ?)+[A-ZÆØÅ][a-zæøåéü]+(?:-[A-ZÆØÅ][a-zæøå]+)*(?:s\b)?|(?<![\w.])(?:[A-ZÆØÅ]\.){2,3}(?![\w])"
)
NEUTRAL_PRONOUNS = {
    **dict.fromkeys(("han", "hun", "ho", "hu", "ham", "henne"), "hen"),
    **dict.fromkeys(("hans", "hennes", "hennar"), "hens"),
}
"""Pronoun → its gender-neutral replacement."""


def find_people(reading: TaggedText) -> Iterator[Finding]:
    """Yield names of people; findings may overlap."""
    for start, end, label in reading.names:
        if label == "PER":
            yield from _by_pipeline(reading, start, end)
    for match in _INITIALS.finditer(reading.text):
        yield Finding(match.start(), match.end(), Kind.PERSON, match[0])
    index = 0
    while index < len(reading.words):
        last = _name_from(reading, index)
        if last is not None:
            start, end = reading.span(index, last)
            start = _with_kin(reading, start)
            yield Finding(start, end, Kind.PERSON, reading.text[start:end])
        index = index + 1 if last is None else last + 1


def find_pronouns(reading: TaggedText) -> Iterator[Finding]:
    """Yield pronouns that reveal a gender."""
    for word in reading.words:
        if word.form.casefold() in NEUTRAL_PRONOUNS and word.pos in ("PRON", "DET"):
            yield Finding(word.start, word.end, Kind.PRONOUN, word.form)


def _by_pipeline(reading: TaggedText, start: int, end: int) -> Iterator[Finding]:
    """Yield the pipeline's names of people, trimmed of words that are not names."""
    named = [word for word in reading.words if start <= word.start < end]
    while named and not _may_begin(reading, named[0]):
        named = named[1:]
    while named and not _may_end(reading, named[-1]):
        named = named[:-1]
    if named:
        first, last = _with_kin(reading, named[0].start), named[-1].end
        yield Finding(first, last, Kind.PERSON, reading.text[first:last])


def _with_kin(reading: TaggedText, start: int) -> int:
    """Where a name begins if it includes the word before it: «Bestemor Åse» is a name, «tante Åse» is not."""
    before = next((w for w in reading.words if w.end < start and reading.text[w.end : start].isspace()), None)
    if before is None or not before.capital:
        return start
    form = before.form.casefold()
    named = before.opens and form not in among("before_names") and not _is_something_else(reading, before)
    named = named and (before.pos == "PROPN" or form not in reading.lists.common)
    return before.start if named or form in among("kin") else start


def _may_begin(reading: TaggedText, word: Word) -> bool:
    lists, form = reading.lists, word.form.casefold()
    if _is_something_else(reading, word) or form in NEUTRAL_PRONOUNS:
        return False
    if len(word.form) == 1 or lists.is_country(form):
        return False
    if lists.is_given(form) or lists.is_family(form):
        return word.capital or reading.small or not lists.is_word(form)
    if lists.is_word(form) or lists.is_place(form):
        return False
    return (word.capital or reading.small) and (not word.opens or word.pos in ("PROPN", "X"))


def _may_end(reading: TaggedText, word: Word) -> bool:
    known = reading.lists.is_given(word.form) or reading.lists.is_family(word.form)
    return known or ((word.capital or reading.small) and not reading.lists.is_word(word.form))


def _name_from(reading: TaggedText, index: int) -> int | None:
    """Find the last word of the name that begins at a word, or None."""
    word = reading.words[index]
    if not (_given(reading, index) or _told(reading, index) or _listed(reading, index)):
        return None
    last = index
    while last + 1 < len(reading.words) and _goes_on(reading, last + 1, word.capital):
        last += 1
    while last > index and reading.words[last].form.casefold() in among("particles"):
        last -= 1
    return last


def _given(reading: TaggedText, index: int) -> bool:
    """Whether a word is a given name, or a name for which there is no other explanation."""
    word, lists = reading.words[index], reading.lists
    if lists.is_country(word.form) or _is_something_else(reading, word):
        return False
    if lists.is_given(word.form):
        return _given_name(reading, word)
    told = word.pos in ("PROPN", "X") or word.name == "PER"
    if lists.is_place(word.form) or word.name in ("ORG", "GPE_LOC", "GPE_ORG", "LOC"):
        return False
    if word.capital and not word.form.isupper() and len(word.form) > 1:
        if not word.opens:
            return not lists.is_word(word.form) or word.pos == "PROPN"
        known = word.pos == "PROPN" and (lists.is_unknown(word.form) or lists.is_family(word.form))
        return known or lists.is_unexplained(word.form)
    heard = (told and lists.is_unknown(word.form)) or lists.is_unexplained(word.form)
    return reading.small and len(word.form) > 3 and heard


def _given_name(reading: TaggedText, word: Word) -> bool:
    """Whether a word on the list of given names is used as one here."""
    if reading.lists.is_word(word.form):
        return word.name == "PER" or (word.capital and (not word.opens or word.pos == "PROPN"))
    told = word.pos in ("PROPN", "X") or word.name == "PER"
    unlikely = not reading.lists.is_norwegian(word.form) and not reading.lists.is_unexplained(word.form)
    return word.capital or told or (reading.small and not unlikely)


def _is_something_else(reading: TaggedText, word: Word) -> bool:
    form, lists = word.form.casefold(), reading.lists
    known = among("public") | among("chains") | among("before_names")
    if form in known or form.removesuffix("s") in known:
        return True
    if lists.is_norwegian(form) or word.name == "PER":
        return False
    return word.name in ("PROD", "EVT", "DRV") or lists.is_place(form)


def _told(reading: TaggedText, index: int) -> bool:
    """Whether the words before announce a name."""
    word = reading.words[index]
    before = reading.words[index - 1].form.casefold() if index else ""
    if word.capital and word.joined and before in among("before_names"):
        return True
    unheard = reading.small and not reading.lists.is_word(word.form)
    plain = word.capital or word.pos == "PROPN" or word.name == "PER" or unheard
    places = word.name in ("GPE_LOC", "GPE_ORG", "LOC") or reading.lists.is_place(word.form)
    return plain and not places and bool(_INTRODUCED.search(reading.text[max(0, word.start - 60) : word.start]))


def _listed(reading: TaggedText, index: int) -> bool:
    """Whether a possible name stands beside a certain one: «Ali, Li og Bo», «dag og berit»."""
    word = reading.words[index]
    possible = word.capital or (reading.small and reading.lists.is_norwegian(word.form))
    if not possible or not reading.lists.is_given(word.form) or _is_something_else(reading, word):
        return False
    return any(
        _given(reading, other)
        for other in (index - 1, index + 1, index - 2, index + 2)
        if _beside(reading, index, other)
    )


def _beside(reading: TaggedText, index: int, other: int) -> bool:
    """Whether only a comma or «og» stands between two words."""
    if not 0 <= other < len(reading.words):
        return False
    first, last = sorted((index, other))
    between = reading.text[reading.words[first].end : reading.words[last].start]
    return between.strip(" ,") in ("", "og", "eller") and between.strip(" ") != ""


def _goes_on(reading: TaggedText, index: int, capital: bool) -> bool:
    word, lists = reading.words[index], reading.lists
    if not word.joined or "\n" in reading.text[reading.words[index - 1].end : word.start]:
        return False
    if reading.words[index - 1].form[-1:] in "'’":
        return False
    following = reading.words[index + 1] if index + 1 < len(reading.words) else None
    if word.form.casefold() in among("particles"):
        return following is not None and following.joined and (following.capital or lists.is_family(following.form))
    if capital:
        return word.capital and not word.form.isupper() and word.name not in ("ORG", "GPE_ORG")
    if reading.small and lists.is_unknown(word.form) and len(word.form) > 3:
        return True
    known = lists.is_family(word.form) or lists.is_given(word.form)
    return (known and (not lists.is_word(word.form) or word.name == "PER")) or (
        word.name == "PER" and word.pos == "PROPN"
    )
