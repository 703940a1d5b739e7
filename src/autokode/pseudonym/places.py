"""Find organisations, places and rare titles: by the pipeline, by lists, and by typical endings of such names."""

import re
from collections.abc import Iterator

from autokode.pseudonym.kinds import Finding, Kind
from autokode.pseudonym.lists import LONG, among, either, words
from autokode.pseudonym.tagged_text import TaggedText, Word

_KINDS = {"ORG": Kind.ORGANISATION, "GPE_LOC": Kind.PLACE, "LOC": Kind.PLACE, "GPE_ORG": Kind.PLACE}
"""The pipeline's label → kind; products, events and derived words are ignored."""

_TITLE = re.compile(
    rf"\b(?:administrerende )?(?:{either('titles')}|\w*(?:{either('title_ends')}))(?:en|n|a|eren|aren)?s?\b",
    re.IGNORECASE,
)
_TIED = re.compile(r"(?: (?:for|i|på|ved|til|av|hos|her|oppe|nede|ute|inne|borte|heime|hjemme))* ?", re.IGNORECASE)
_GROWN_TOGETHER = re.compile(rf"\w{{3,}}(?:{either('organisation_ends')})s?", re.IGNORECASE)
_CHAIN_END = re.compile(rf" (?:{either('chain_ends')})\b", re.IGNORECASE)
LONGEST_FORM = 3
"""Letters of the longest company form (ASA); in lower case such a form may be any word (da, sa, il)."""

_WORKS = re.compile(
    r"\b(?:jobb\w*|arbeid\w*|ansatt\w*|tilsett\w*|praksis\w*|lærling\w*|vikar\w*|begynt\w*|slutta?\w*|utplasser\w*|stilling\w*|leder|leiar|sjef\w*)"
    r"(?: [a-zæøå]+){0,3} (?:i|på|hos|ved|for) $",
    re.IGNORECASE,
)
"""What stands before a place of work."""

_LIVES = re.compile(
    r"\b(?:bor|bodde|budde|bur|bu|vokst\w*|oppvokst|vaks|født|fødd|kom|kommer|kjem|kjæm|flytt\w*|dro|drog|reis\w*|hjemme|heime|hjem|heim|"
    r"oppe|nede|ute|borte|hytt\w+|hus|leilighet|gård|gard|bygd\w*|skole|skule|mottak|jobb\w*|arbeid\w*|rundt|utenfor|utanfor)"
    r"(?: \w+){0,2} (?:i|til|te|på|ved|mot|utenfor|utanfor|rundt) $",
    re.IGNORECASE,
)
"""What stands before a place that no list has: «vi bodde i Fjellgrenda»."""

_FROM = ("fra", "frå", "ifra")
_STREET = re.compile(rf"\w{{4,}}(?:{either('sure_streets')})")
_SECOND_HALF = ("skole", "skule")


def find_places(reading: TaggedText) -> Iterator[Finding]:
    """Yield organisations and places; findings may overlap."""
    yield from _by_pipeline(reading)
    for index, word in enumerate(reading.words):
        if word.form.casefold() == "nav":
            yield from _office(reading, index)
        if _is_organisation_word(reading, index):
            yield from _organisation(reading, index)
        if word.form.casefold() in among("leads"):
            yield from _led(reading, index)
        if word.capital and not word.opens and _GROWN_TOGETHER.fullmatch(word.form) and not _is_public(word.form):
            yield _at(reading, Kind.ORGANISATION, word.start, word.end)
        if _is_place(reading, index):
            yield from _place(reading, index)
        elif _is_chain(reading, index):
            yield from _branch(reading, index)
        elif _is_run(reading, index) or _is_workplace(reading, index):
            yield _at(reading, Kind.ORGANISATION, *reading.span(index, _capitals_from(reading, index + 1) - 1))


def find_titles(reading: TaggedText, named: list[Finding]) -> Iterator[Finding]:
    """Yield rare titles that identify one person together with a place or an organisation right beside them."""
    ends = [(f.start, f.end) for f in named if f.kind in (Kind.PLACE, Kind.ORGANISATION)]
    for match in _TITLE.finditer(reading.text):
        after = any(match.end() <= start and _TIED.fullmatch(reading.text[match.end() : start]) for start, _end in ends)
        before = any(end <= match.start() and not reading.text[end : match.start()].strip(" -") for _start, end in ends)
        there = re.match(r",? (?:der|her|hos oss)\b", reading.text[match.end() :])
        sole = match[0].casefold().startswith(words()["sole_titles"])
        if after or before or there or sole:
            yield _at(reading, Kind.TITLE, *match.span())


def _at(reading: TaggedText, kind: Kind, start: int, end: int) -> Finding:
    return Finding(start, end, kind, reading.text[start:end])


def _by_pipeline(reading: TaggedText) -> Iterator[Finding]:
    for start, end, label in reading.names:
        kind, text = _KINDS.get(label), reading.text[start:end]
        own = [word for word in reading.words if start <= word.start < end]
        if kind is None or not own or _is_nobodys(text) or reading.lists.is_country(text) or len(text) < 2:
            continue
        if any(_names_something(reading, word) for word in own):
            yield _at(reading, _kind_of(reading, own, kind), own[0].start, own[-1].end)


def _kind_of(reading: TaggedText, own: list[Word], kind: Kind) -> Kind:
    """The kind of a place or organisation by its own words: a chain, a school, a town."""
    if own[0].form.casefold() in among("chains") or (
        len(own) > 1 and own[-1].form.casefold() in among("organisations")
    ):
        return Kind.ORGANISATION
    return Kind.PLACE if len(own) == 1 and reading.lists.is_place(own[0].form) else kind


def _names_something(reading: TaggedText, word: Word) -> bool:
    """Whether the pipeline's name is not just an everyday word, such as one that opens a sentence."""
    if reading.lists.is_place(word.form):
        return True
    if reading.lists.is_word(word.form) or word.form.casefold() in among("roles"):
        return False
    return (word.capital and not word.opens) or (word.pos in ("PROPN", "X") and (word.capital or reading.small))


def _is_public(text: str) -> bool:
    """Whether all words of a name, with or without genitive, belong to bodies that everybody deals with."""
    return _all_among(text, among("public"))


def _is_nobodys(text: str) -> bool:
    """Whether all words of a name are public bodies, products, or words of talk and roles: «Vigilo», «Hei»."""
    return _all_among(text, among("public") | among("brands") | among("talk") | among("roles"))


def _all_among(text: str, known: frozenset[str]) -> bool:
    parts = [part for part in re.split(r"[\s-]+", text.casefold()) if part]
    return all(part in known or part.removesuffix("s") in known for part in parts)


def _is_place(reading: TaggedText, index: int) -> bool:
    word, lists = reading.words[index], reading.lists
    if lists.is_country(word.form) or _is_public(word.form) or len(word.form) < 3:
        return False
    led = _before(reading, index) in among("prepositions")
    if not lists.is_place(word.form):
        return _sounds_like_place(reading, index, led)
    if lists.is_word(word.form) or lists.is_given(word.form) or lists.is_family(word.form):
        return word.name in _KINDS or ((word.capital or (reading.small and not lists.is_word(word.form))) and led)
    small = led and (reading.small or word.form not in lists.seen)
    return word.capital or small or word.pos == "PROPN" or word.name in _KINDS


def _sounds_like_place(reading: TaggedText, index: int, led: bool) -> bool:
    """Whether an unknown word after «fra», «i», … is a place: by its sound, its ending, or because people come from there."""
    word, lists = reading.words[index], reading.lists
    if led and reading.small and _STREET.fullmatch(word.form):
        return True
    if (
        not led
        or not lists.is_unknown(word.form)
        or lists.is_norwegian(word.form)
        or not (word.capital or reading.small)
    ):
        return False
    heard = reading.small and len(word.form) > 4 and word.pos in ("PROPN", "X") and lists.is_unexplained(word.form)
    lived = word.capital and not word.opens and lists.is_unexplained(word.form)
    if heard or (lived and _LIVES.search(reading.text[max(0, word.start - 40) : word.start])):
        return True
    return _before(reading, index) in _FROM or (len(word.form) >= LONG and lists.sounds_like(word.form) == "place")


def _place(reading: TaggedText, index: int) -> Iterator[Finding]:
    """Yield a place, or an organisation that begins with one: «Rakkestad Mølle»."""
    last = _capitals_from(reading, index + 1) - 1 if reading.words[index].capital else index
    first = index
    while first and reading.words[first].joined and _names_a_branch(reading.words[first - 1]):
        first -= 1
    alone = first == index and (last == index or reading.lists.is_place(reading.words[last].form))
    yield _at(reading, Kind.PLACE if alone else Kind.ORGANISATION, *reading.span(first, last))


def _names_a_branch(word: Word) -> bool:
    """Whether the word before a place makes it a branch: «DPS Jessheim», «Avdeling Lade»."""
    form = word.form.casefold()
    short = word.form.isupper() and 1 < len(form) < 6
    return short or form in among("branches") or (word.capital and not word.opens and not _is_public(form))


def _branch(reading: TaggedText, index: int) -> Iterator[Finding]:
    """Yield a chain's shop: «Rema 1000», «Coop Extra Jessheim», «kiwi stovner»."""
    more = _CHAIN_END.match(reading.text, reading.words[index].end)
    end = more.end() if more else reading.words[index].end
    following = next((i for i in range(index + 1, len(reading.words)) if reading.words[i].start >= end), None)
    if following is not None and not reading.text[end : reading.words[following].start].strip():
        named = reading.words[following]
        if reading.lists.is_place(named.form) or (named.capital and not named.opens):
            end = reading.words[max(following, _capitals_from(reading, following) - 1)].end
    yield _at(reading, Kind.ORGANISATION, reading.words[index].start, end)


def _capitals_from(reading: TaggedText, index: int) -> int:
    """The index after a run of capitalised words: «Mek og Montasje»."""
    words = reading.words
    while index < len(words) and words[index].joined and words[index].capital:
        index += 1
        linked = index + 1 < len(words) and words[index].form in ("og", "&") and words[index + 1].capital
        if linked and not reading.lists.is_named(words[index + 1].form):
            index += words[index].joined and words[index + 1].joined
    return index


def _before(reading: TaggedText, index: int) -> str:
    return reading.words[index - 1].form.casefold() if index and reading.words[index].joined else ""


def _office(reading: TaggedText, index: int) -> Iterator[Finding]:
    """Yield a named office that begins with «NAV»: «NAV Sagene», «nav lillestrøm»."""
    last = index
    while last + 1 < len(reading.words) and _in_office(reading, last + 1):
        last += 1
    if last > index:
        yield _at(reading, Kind.ORGANISATION, *reading.span(index, last))


def _in_office(reading: TaggedText, index: int) -> bool:
    word = reading.words[index]
    if not word.joined or _is_public(word.form):
        return False
    if not word.capital and word.form.casefold() in among("modifiers") and index + 1 < len(reading.words):
        return reading.lists.is_place(reading.words[index + 1].form)
    known = reading.lists.is_place(word.form) and not reading.lists.is_word(word.form)
    heard = reading.small and (
        reading.lists.is_unexplained(word.form) or reading.lists.sounds_like(word.form) == "place"
    )
    named = word.name in ("GPE_LOC", "LOC") or (word.name == "ORG" and word.pos == "PROPN")
    return word.capital or known or heard or named


def _is_organisation_word(reading: TaggedText, index: int) -> bool:
    word, form = reading.words[index], reading.words[index].form.casefold()
    if not index or not word.joined:
        return False
    if len(form) <= LONGEST_FORM and not word.form.isupper():
        return reading.small and form == "as" and reading.lists.is_unknown(reading.words[index - 1].form)
    return form in among("organisations") or form.removesuffix("s") in among("organisations")


def _led(reading: TaggedText, index: int) -> Iterator[Finding]:
    """Yield an organisation recognised by its first word: «Stiftelsen Fotfestet», «kafé Måken»."""
    last = _capitals_from(reading, index + 1) - 1
    if last == index and reading.small and index + 1 < len(reading.words):
        following = reading.words[index + 1]
        last += following.joined and len(following.form) > 2 and reading.lists.is_unexplained(following.form)
    if last > index:
        yield _at(reading, Kind.ORGANISATION, *reading.span(index, last))


def _organisation(reading: TaggedText, index: int) -> Iterator[Finding]:
    """Yield an organisation recognised by its last word: «Bjerke videregående», «Fjordbygg AS»."""
    first = last = index
    while first and reading.words[first].joined and _in_name(reading, first - 1):
        first -= 1
        if first > 1 and reading.words[first - 1].form in ("og", "&") and reading.words[first - 2].capital:
            first -= 2 * (reading.words[first].joined and reading.words[first - 1].joined)
    if last + 1 < len(reading.words) and reading.words[last + 1].form.casefold() in _SECOND_HALF:
        last += reading.words[last + 1].joined
    if first < index:
        yield _at(reading, Kind.ORGANISATION, *reading.span(first, last))


def _in_name(reading: TaggedText, index: int) -> bool:
    """Whether a word before «skole», «AS», … belongs to the name."""
    word, lists = reading.words[index], reading.lists
    if _is_public(word.form) or lists.is_country(word.form):
        return False
    if word.capital and (not word.opens or word.pos in ("PROPN", "X") or lists.is_unexplained(word.form)):
        return True
    if reading.small and len(word.form) > 2 and lists.is_unknown(word.form):
        return True
    placed = lists.is_place(word.form) and not lists.is_word(word.form)
    return placed or (word.name in ("ORG", "GPE_ORG") and word.pos == "PROPN")


def _is_run(reading: TaggedText, index: int) -> bool:
    """Whether a word begins two or more capitalised ones that no list knows as people: «Åpen Hånd», «Hegg Vaskeri»."""
    word = reading.words[index]
    if not word.capital or word.opens or (index and reading.words[index - 1].capital and word.joined):
        return False
    run = reading.words[index : _capitals_from(reading, index + 1)]
    known = any(reading.lists.is_given(other.form) or other.name == "PER" for other in run)
    return len(run) > 1 and not known and not _is_nobodys(" ".join(other.form for other in run))


def _is_workplace(reading: TaggedText, index: int) -> bool:
    """Whether somebody works at a word that nobody knows: «hun jobber på Fotfestet»."""
    word = reading.words[index]
    unknown = word.capital and not word.opens and not reading.lists.is_named(word.form) and not _is_nobodys(word.form)
    return unknown and _WORKS.search(reading.text[max(0, word.start - 50) : word.start]) is not None


def _is_chain(reading: TaggedText, index: int) -> bool:
    word = reading.words[index]
    form = word.form.casefold()
    if form not in among("chains") and form.removesuffix("s") not in among("chains"):
        return False
    return (word.capital and not word.opens) or word.name == "ORG" or _before(reading, index) in among("prepositions")
