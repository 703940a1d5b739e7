"""What the words around a word say for and against its being a person's name. Each cue has a weight: about log odds."""

import re
from collections.abc import Iterator

from autokode.pseudonym.lists import among, words
from autokode.pseudonym.tagged_text import TaggedText, Word

_FILLED = (
    "ho|hun|han|ham|henne|det|meg|mæ|seg|dem|hu|me|dei|vi|altså|eh|ehm|øh|liksom|bare|berre|egentlig|jo|da|visst|vel|"
    "for|no|nå|faktisk"
)
_INTRODUCED = re.compile(
    r"\b(?:heter|heite|heiter|heitte|hete|hette|hetta|hitte|het|kalles|kalla(?:r|st)?|kalte|kaller|"
    r"navnet(?: mitt| hans| hennes)? er|namnet(?: mitt)? er|døpt|oppkalt etter|fornavn|etternavn)"
    rf"(?: (?:{_FILLED}))*[ ,:«\"]+$",
    re.IGNORECASE,
)
_SIGNED = re.compile(r"\b(?:hilsen|mvh|helsing)[ ,:]+$", re.IGNORECASE)

_THINGS = [word for word in (*words()["things"], *words()["organisations"]) if len(word) > 2]
_LONG = "|".join(re.escape(word) for word in _THINGS if len(word) > 3 or word in ("båt", "bil"))
_SHORT = "|".join(re.escape(word) for word in _THINGS if len(word) < 4)
_THING = re.compile(rf"(?:\w*(?:{_LONG})|{_SHORT})(?:m?e[nt]|a|n|ene|er)?", re.IGNORECASE)
_IS_THING = re.compile(
    r" (?:er|var|blir|ble|vart) (?:jo |altså |bare )?(?:en|et|ei|ein|eit|den|det|vår|vårt) (?:[a-zæøå]+e?t? )?"
    rf"(?:\w*(?:{_LONG})|{_SHORT})(?:en|et|a|n)?\b",
    re.IGNORECASE,
)
"""What says that a word names a thing: «Zorbas er et program»."""

_PRO = frozenset("han hun ho hu hin n 'n a".split())
_SMALL = frozenset("lille vesle gamle vetle unge nye andre store".split())
_OBJECTS = frozenset("meg mæ deg dæ oss dere dokker seg sæ det den dem".split())
_SUBJECTS = frozenset("jeg eg æ je vi du han hun ho man dere dokker de dei dem".split())
_OWNERS = frozenset("min mi mitt din di ditt sin si sitt vår vårt hans hennes hennar deres dykkar mine dine".split())
_MYSELF = frozenset("jeg eg æ je meg mæ du".split())
_AFTERWORDS = frozenset("sin sitt si sine selv sjøl sjølv".split())
_FILLERS = _OWNERS | frozenset("som jo nå no da altså ennå enno bare berre".split())

_BEFORE = (
    ("han, hun", _PRO, 2.0),
    ("in", frozenset(("i", "inni", "via", "gjennom")), -3.0),
    ("on", frozenset(("på", "inn", "ut", "opp", "ned", "fra", "frå", "mot")), -1.5),
    ("with", frozenset(("hos", "med", "til", "uten")), 0.5),
    ("article", among("articles"), -1.5),
    ("done to", among("to_people"), 1.0),
    ("used", among("using"), -1.5),
)
"""Cue, the words that give it right before a word, and its weight; the first that fits counts."""

_PRONOUN_AFTER = re.compile(r"[,.?!] ?(?:[–-] )?(?:han|hun|ho|hu)\b", re.IGNORECASE)
_PRONOUN_NEXT = re.compile(r"[^.?!\n]{1,80}[.?!] (?:Han|Hun|Ho|Hu)\b")
_FINITE = ("VERB", "AUX")

OF_THINGS = ("a thing is called", "said of a thing", "is a thing")
"""The cues that say that a word names a thing."""


def cues(reading: TaggedText, index: int) -> float:
    """The sum of the cues at a word: above 0 if they say that it is a person's name."""
    return sum(weight for _cue, weight in weighed(reading, index))


def weighed(reading: TaggedText, index: int) -> Iterator[tuple[str, float]]:
    """Yield each cue at a word with its weight."""
    yield from _announcing(reading, index)
    if index:
        yield from _before(reading, index)
    yield from _around(reading, index)
    yield from _after(reading, index)
    if reading.words[index].opens or not reading.words[index].capital:
        yield from _as_a_word(reading, index)


def _announcing(reading: TaggedText, index: int) -> Iterator[tuple[str, float]]:
    """Cues of what announces a name: «hun heter», «hilsen», «doktor», «programmet»."""
    word = reading.words[index]
    before = reading.text[max(0, word.start - 60) : word.start]
    introduced = _INTRODUCED.search(before)
    if introduced:
        thing = _is_thing(before[: introduced.start()])
        yield ("a thing is called", -4.0) if thing else ("introduced", 3.0)
    if _SIGNED.search(before):
        yield "signed", 2.0
    if not index:
        return
    previous = reading.words[index - 1]
    apart = reading.text[previous.end : word.start].strip(' «"“')
    if apart in ("", ",") and _is_thing(previous.form) and not _is_person_noun(previous):
        yield "said of a thing", -3.0
    if _is_titled(reading, index):
        yield "titled", 3.0


def _before(reading: TaggedText, index: int) -> Iterator[tuple[str, float]]:
    """Cues of the word before."""
    word, previous = reading.words[index], reading.words[index - 1]
    form = previous.form.casefold()
    if form in among("address"):
        if word.capital and (word.joined or "," in reading.text[previous.end : word.start]):
            yield "addressed", 1.5
    elif not word.joined:
        return
    elif form in _SMALL:
        pronoun = index > 1 and reading.words[index - 2].form.casefold() in _PRO
        yield "small", 2.0 if pronoun else 0.7
    elif previous.pos == "NUM":
        yield "counted", -1.5
    else:
        fits = ((cue, weight) for cue, forms, weight in _BEFORE if form in forms)
        cue, weight = next(fits, ("", 0.0))
        if cue and not (cue == "in" and _owns(reading, index)):
            yield cue, weight


def _around(reading: TaggedText, index: int) -> Iterator[tuple[str, float]]:
    """Cues of how a word is written, and of what stands on both sides."""
    word = reading.words[index]
    after = reading.text[word.end : word.end + 2]
    if "-" in word.form and word.form.rsplit("-", 1)[1].islower() and word.capital:
        yield "compound", -3.0
    if after[:1] == "»" and reading.text[word.start - 1 : word.start] == "«":
        yield "quoted", -1.0
    if any(_is_beside(reading, index, other) for other in (index - 2, index - 1, index + 1, index + 2)):
        yield "beside a name", 1.5
    if _is_vocative(reading, index):
        yield "apart", 0.5


def _after(reading: TaggedText, index: int) -> Iterator[tuple[str, float]]:
    """Cues of what comes after."""
    word = reading.words[index]
    if re.match(r" ?\d", reading.text[word.end : word.end + 2]):
        yield "numbered", -1.5
    if _IS_THING.match(reading.text, word.end):
        yield "is a thing", -3.0
    if _PRONOUN_AFTER.match(reading.text, word.end):
        yield "han, hun after", 1.5
    if _PRONOUN_NEXT.match(reading.text, word.end):
        yield "han, hun next", 0.7
    following = reading.words[index + 1] if index + 1 < len(reading.words) else None
    if following is None or not following.joined:
        return
    if following.form.casefold() in _AFTERWORDS:
        yield "owns", 1.5
    elif following.pos in _FINITE:
        yield "does", 1.0 if following.form.casefold() in among("saying") else 0.5


def _as_a_word(reading: TaggedText, index: int) -> Iterator[tuple[str, float]]:
    """Cues where a capital says nothing: «Stein på stein», «Liv og død», «Even meg her», «Storm fra vest»."""
    word, form = reading.words[index], reading.words[index].form.casefold()
    rest = reading.words[index + 1 : index + 6]
    near = rest if word.capital else rest[:2]
    if any(other.form.casefold() == form and not other.capital for other in near):
        yield "said twice", -4.0
    if re.match(r", \w+(?:, \w+)* (?:og|eller) [a-zæøå]", reading.text[word.end : word.end + 60]):
        yield "a list of words", -2.0
    if not rest or not rest[0].joined:
        return
    first, second = rest[0].form.casefold(), rest[1] if len(rest) > 1 else None
    if first in ("og", "eller") and second is not None and not _may_be_name(reading, second):
        yield "and a word", -3.0
    if first in _OBJECTS:
        yield "an object", -3.0
    if word.capital:
        yield from _as_no_subject(reading, index, rest[0], second)


def _as_no_subject(reading: TaggedText, index: int, first: Word, second: Word | None) -> Iterator[tuple[str, float]]:
    """Cues that a word that begins a sentence is not its subject; `first` and `second` follow it."""
    if first.pos == "ADP" and not any(other.pos in _FINITE for other in _clause(reading, index)):
        yield "no verb", -1.5
    if first.pos in _FINITE and second is not None and second.form.casefold() in _SUBJECTS:
        yield "not the subject", -3.0
    if first.pos == "NOUN":
        yield "before a noun", -1.0


def _may_be_name(reading: TaggedText, word: Word) -> bool:
    return word.capital or (reading.small and reading.lists.is_given(word.form))


def _clause(reading: TaggedText, index: int) -> list[Word]:
    """The words after a word up to the next mark."""
    end = re.compile(r"[.,;:?!…\n]").search(reading.text, reading.words[index].end)
    return [word for word in reading.words[index + 1 :] if end is None or word.end <= end.start()]


def _owns(reading: TaggedText, index: int) -> bool:
    """Whether a word is a genitive before a noun: «i Mattis' tilfelle»."""
    following = reading.words[index + 1] if index + 1 < len(reading.words) else None
    return reading.words[index].form[-1:] in "s'’" and following is not None and following.pos == "NOUN"


def _is_beside(reading: TaggedText, index: int, other: int) -> bool:
    """Whether «og» or a comma joins a word to a sure name, or «og» to «jeg»: «Wojtek og Agnieszka», «jeg og Dag»."""
    if not 0 <= other < len(reading.words):
        return False
    first, last = sorted((index, other))
    between = reading.text[reading.words[first].end : reading.words[last].start].strip(" ")
    if between not in ("og", ",", "eller"):
        return False
    word, lists = reading.words[other], reading.lists
    sure = lists.is_norwegian(word.form) and not lists.is_word(word.form) and (word.capital or reading.small)
    return sure or (between == "og" and other < index and word.form.casefold() in _MYSELF)


def _is_thing(before: str) -> bool:
    """Whether the last noun of the words before names a thing: «programmet heter», «hunden som», «båten »."""
    said = re.findall(r"\w+", re.split(r"[.?!…\n]", before)[-1])[-4:]
    while said and said[-1].casefold() in _FILLERS:
        said.pop()
    return bool(said) and _THING.fullmatch(said[-1]) is not None


def _is_titled(reading: TaggedText, index: int) -> bool:
    """Whether a title, or a noun for people, stands before: «doktor Berg», «sjefen min Torbjørn», «søsteren, Wenche»."""
    word, previous = reading.words[index], reading.words[index - 1]
    apart = reading.text[previous.end : word.start].strip(" «")
    if apart not in ("", ","):
        return False
    if previous.form.casefold() in _OWNERS and index > 1 and previous.joined:
        previous = reading.words[index - 2]
    elif apart and not previous.form.casefold().endswith(("en", "a", "et")):
        return False
    return previous.form.casefold() in among("before_names") or _is_person_noun(previous)


def _is_person_noun(word: Word) -> bool:
    form = word.form.casefold()
    if form in among("kinds_of_people"):
        return True
    noun = word.pos == "NOUN" or (word.opens and word.capital)
    return noun and len(form) > 5 and form.endswith(tuple(among("people_ends")))


def _is_vocative(reading: TaggedText, index: int) -> bool:
    """Whether a name stands apart as when somebody is spoken to: «takk, Kari.», «Kari, kan du …»."""
    word = reading.words[index]
    before, after = reading.text[: word.start].rstrip(' «"'), reading.text[word.end :].lstrip(' »"')
    apart_before = word.opens or before[-1:] in (",", "-", "–")
    apart_after = not after or after[0] in ",.?!…\n»"
    alone = word.opens and after[:1] in ("", ".", "\n")
    return apart_before and apart_after and not alone
