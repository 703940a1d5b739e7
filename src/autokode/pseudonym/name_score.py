"""How much speaks for a word being a person's name, about log odds.

The score is a prior by lists, capitals and the pipeline, the cues right there (`cues`), and those at the word's other places
(`usage`).
"""

import functools
import re

from autokode.pseudonym.cues import cues
from autokode.pseudonym.lists import Lists, among
from autokode.pseudonym.tagged_text import TaggedText, Word
from autokode.pseudonym.usage import Usage

NEVER = -9.0
"""The score of a word that is no name whatever stands around it."""

HARDLY = -5.0
"""Score up to which a word does not even go on a name that stands beside it."""

UNLIKELY = 0.3
"""What cues elsewhere count where a word begins a sentence, is an everyday word, and its own cues speak against it."""

NEUTRAL_PRONOUNS = {
    **dict.fromkeys(("han", "hun", "ho", "hu", "ham", "henne"), "hen"),
    **dict.fromkeys(("hans", "hennes", "hennar"), "hens"),
}
"""Pronoun → its gender-neutral replacement."""

_CLOSED = frozenset("som at om og i å for til av med fra hos når da hvis men eller er var har hadde tor or".split())
"""Words of speech in small letters that are on lists of names; «tor helge» is one all the same."""

_NOBODYS = ("public", "chains", "brands", "talk", "before_names")
_ENDINGS = ("s", "n", "en", "et", "a", "ene", "er")
_BY_LABEL = {
    "PER": 1.5,
    "ORG": -1.0,
    "GPE_LOC": -1.0,
    "LOC": -1.0,
    "GPE_ORG": -1.0,
    "PROD": -1.5,
    "EVT": -1.5,
    "DRV": -1.5,
}
_UNHEARD = 0.8
"""What the pipeline's label counts for a word that no list knows."""

_WORDS_POS = frozenset(("INTJ", "ADJ", "ADV", "VERB", "AUX", "PRON", "DET", "ADP", "SCONJ", "CCONJ", "NUM"))


def score(reading: TaggedText, index: int, usage: Usage) -> float:
    """The score of a word; names score from `people.FROM`."""
    prior = _prior(reading, index, usage)
    if prior == NEVER:
        return NEVER
    word, own = reading.words[index], cues(reading, index)
    elsewhere = usage.elsewhere(word, own)
    unlikely = own < 0 and word.opens and usage.is_everyday(usage.base(word))
    return prior + own + elsewhere * (UNLIKELY if unlikely else 1.0)


def _prior(reading: TaggedText, index: int, usage: Usage) -> float:
    word, lists = reading.words[index], reading.lists
    form = usage.base(word)
    if not _may_be(reading, index, form):
        return NEVER
    everyday, listed = usage.is_everyday(form), lists.is_given(form) or lists.is_family(form)
    value = _by_lists(lists, form, everyday=everyday, opens=word.opens and not reading.small, small=not word.capital)
    if _is_nobodys(form):
        value -= 6.0
    if form in among("months"):
        value -= 2.0 if lists.is_given(form) else 6.0
    if lists.is_place(form) and not lists.is_norwegian(form):
        value -= 1.5
    acronym = word.form.isupper() and (len(word.form) < 5 or not listed)
    if acronym or re.search(r"[a-zæøå][A-ZÆØÅ]", word.form):
        value -= 4.0
    return value + _by_pipeline(word, heard=listed or everyday)


def _may_be(reading: TaggedText, index: int, form: str) -> bool:
    """Whether a word may be a name at all."""
    word, lists = reading.words[index], reading.lists
    if not (word.capital or reading.small) or len(word.form) < 2 or lists.is_country(form) or form in among("roles"):
        return False
    if form in NEUTRAL_PRONOUNS and not word.name:
        return False
    if word.capital:
        return True
    following = reading.words[index + 1] if index + 1 < len(reading.words) else None
    double = following is not None and following.joined and lists.is_norwegian(following.form)
    if form in _CLOSED:
        return double and following is not None and following.form not in _CLOSED
    listed = lists.is_given(form) or lists.is_family(form)
    return form not in among("articles") | among("talk") and (listed or not lists.is_word(form))


def _by_lists(lists: Lists, form: str, *, everyday: bool, opens: bool, small: bool) -> float:
    """What lists say of a word that begins a sentence (`opens`) or is in small letters."""
    if lists.is_norwegian(form):
        known = 4.0 if not everyday else 0.0 if opens else 2.5
        return known - small * (3.0 if form in lists.common else 1.0)
    if lists.is_given(form) or lists.is_family(form):
        doubt = 2.0 * (everyday or form in lists.seen) + 1.5 * opens + 1.5 * small
        return (2.5 if lists.is_given(form) else 1.5) - doubt
    if everyday:
        return -4.0 - 2.0 * opens
    return -2.0 * (not lists.is_unexplained(form)) - 1.0 * opens - 0.5 * small


def _is_nobodys(form: str) -> bool:
    """Whether a word, or what it is inflected of («Volvoen»), is a product, a public body, or said to somebody."""
    stems = (form.removesuffix(ending) for ending in _ENDINGS if form.endswith(ending) and len(form) - len(ending) > 2)
    return form in _known_as_nobodys() or any(stem in _known_as_nobodys() for stem in stems)


@functools.cache
def _known_as_nobodys() -> frozenset[str]:
    return frozenset().union(*map(among, _NOBODYS))


def _by_pipeline(word: Word, *, heard: bool) -> float:
    """What the pipeline says; of a word that no list knows (not `heard`), its part of speech says nothing."""
    value = _BY_LABEL.get(word.name, 0.0)
    if word.name == "PER" and not heard:
        value = _UNHEARD
    return value - (heard and word.pos in _WORDS_POS) + 0.5 * (word.pos == "PROPN")
