"""Tell who is who: join the mentions of one person, place or thing, and find whom a first name alone means.

Two people with one first name remain two. A name that fits several people is, at each of its places, the one of them who was
named last before it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from autokode.base.formatting import one_line
from autokode.pseudonym.composed import composed
from autokode.pseudonym.kinds import Finding, Kind
from autokode.pseudonym.lists import bases, lists


@dataclass(frozen=True, slots=True)
class Mention:
    """A finding and its origin.

    Attributes:
        finding: the span and its kind.
        letter: of the office whose transcript it is in, or "".
        participant: whether it is the label of a participant.
        context: the utterance around it.
        transcript: the number of the transcript.
        speaker: the label of the utterance it is in, or "".
        introduced: whether the speaker says it of themselves: «jeg heter Kari».
    """

    finding: Finding
    letter: str = ""
    participant: bool = False
    context: str = field(default="", repr=False)
    transcript: int = -1
    speaker: str = ""
    introduced: bool = False


@dataclass(slots=True, eq=False)
class Gathered:
    """What is said of one person, place or thing."""

    kind: Kind
    forms: Counter[str] = field(default_factory=Counter)
    letter: str = ""
    participant: bool = False
    context: str = field(default="", repr=False)
    becomes: str = ""
    score: float = 0.0

    def take(self, form: str, mention: Mention) -> None:
        """Add a mention under a form of the name."""
        self.forms[form] += 1
        self.context = self.context or mention.context
        self.letter = self.letter or mention.letter
        self.participant |= mention.participant
        self.score = max(self.score, mention.finding.score)


def plain(form: str) -> str:
    """A form as it is compared: in small, composed letters; a number by its digits alone, without the code of Norway.

    >>> plain("Kari  Berg"), plain("NO93 8601 1117 947") == plain("8601-11-17947"), plain("+47 900 12 345")
    ('kari berg', True, '90012345')
    """
    if re.fullmatch(r"(?:\+|NO)?[\d\s.,/\u2010-\u2015-]+", form, re.IGNORECASE):
        digits = re.sub(r"\D", "", form)
        return (
            digits[2:]
            if form[:2].casefold() == "no"
            else re.sub(r"^47", "", digits)
            if form[0] == "+"
            else re.sub(r"^0047", "", digits)
        )
    return one_line(composed(composed(form).casefold()))


class Who:
    """Joins mentions, given in the order of the material, to the entities they are of."""

    def __init__(self, known: Iterable[Gathered], offices: Mapping[str, str]) -> None:
        """Take entities known before, and the replacements of offices by name."""
        self.gathered = list(known)
        self._offices = {plain(name): becomes for name, becomes in offices.items()}
        self._index = {(e.kind, plain(form)): e for e in self.gathered for form in e.forms}
        self._said: frozenset[str] = frozenset()

    def join(self, mentions: Sequence[Mention]) -> list[Gathered]:
        """The entity of each mention; a name that fits nobody known is somebody new."""
        self._said = frozenset(word.casefold() for mention in mentions for word in mention.finding.text.split())
        names = [self._name(mention.finding) for mention in mentions]
        several = self._add_people(names, mentions)
        first = self._first(names, mentions)
        last: dict[int, dict[int, int]] = defaultdict(dict)
        owners: list[Gathered] = []
        for number, (name, mention) in enumerate(zip(names, mentions, strict=True)):
            kind, here = mention.finding.kind, last[mention.transcript]
            entity, form = self._index.get((kind, plain(name))), name
            if entity is None and kind == Kind.PERSON:
                entity = self._nearest(several[plain(name)], mention, first[mention.transcript] | here)
                form = next(iter(entity.forms)) if entity else name  # a form of several people is no form of one
            if entity is None:
                office = self._offices.get(plain(name), "") if kind in (Kind.ORGANISATION, Kind.PLACE) else ""
                entity = self._add(name, Gathered(kind, becomes=office))
            here[id(entity)] = number
            entity.take(_form(entity, form), mention)
            owners.append(entity)
        return owners

    def _add_people(self, names: Sequence[str], mentions: Sequence[Mention]) -> defaultdict[str, list[Gathered]]:
        """Add the people, full names first; give the names that fit several, with these."""
        pairs = list(zip(names, mentions, strict=True))
        people = {
            name: number for number, (name, m) in reversed(list(enumerate(pairs))) if m.finding.kind == Kind.PERSON
        }
        labels = {name for name, mention in pairs if mention.participant}
        for name in sorted(people, key=lambda name: (-len(name.split()), name not in labels, people[name])):
            if len(name.split()) > 1:
                self._place(name, [e for e in self._people() if any(same_person(name, form) for form in e.forms)])
        singles = sorted((name for name in people if len(name.split()) == 1), key=lambda name: people[name])
        return self._singles(singles, _doubles([name for name in names if name in people], labels), labels)

    def _first(self, names: Sequence[str], mentions: Sequence[Mention]) -> dict[int, dict[int, int]]:
        """Transcript → entity → minus the number of its first mention there that is of nobody else."""
        found: dict[int, dict[int, int]] = defaultdict(dict)
        for number, (name, mention) in enumerate(zip(names, mentions, strict=True)):
            entity = self._index.get((mention.finding.kind, plain(name)))
            if entity is not None:
                found[mention.transcript].setdefault(id(entity), -number)
        return found

    def _people(self) -> list[Gathered]:
        return [entity for entity in self.gathered if entity.kind == Kind.PERSON]

    def _add(self, name: str, entity: Gathered) -> Gathered:
        entity.forms[name] += 0
        self._index[entity.kind, plain(name)] = entity
        self.gathered.append(entity)
        return entity

    def _place(self, name: str, fits: list[Gathered]) -> None:
        """Add a full name to the one person whom it fits, or as somebody new."""
        if (Kind.PERSON, plain(name)) in self._index:
            return
        if len(fits) == 1:
            fits[0].forms[name] += 0
            self._index[Kind.PERSON, plain(name)] = fits[0]
        else:
            self._add(name, Gathered(Kind.PERSON))

    def _singles(self, singles: list[str], doubles: set[str], labels: set[str]) -> defaultdict[str, list[Gathered]]:
        """Add first names and surnames alone to whom they fit; those that fit several people, with these, but a label is one."""
        several: defaultdict[str, list[Gathered]] = defaultdict(list)
        for name in singles:
            fits = [
                entity
                for entity in self._people()
                if any(
                    _short_for(plain(name), plain(form), doubles) and (" " in form or not {name, form} <= labels)
                    for form in entity.forms
                )
            ]
            if len(fits) > 1 and (Kind.PERSON, plain(name)) not in self._index:
                several[plain(name)] = fits
            if len(fits) < 2 or name in labels:
                self._place(name, fits)
        return several

    def _nearest(self, fits: list[Gathered], mention: Mention, last: Mapping[int, int]) -> Gathered | None:
        """Of the people whom a name fits, the one named last before it, or else first, in its transcript; not who speaks."""
        own = (
            [e for e in fits if any(plain(form) == plain(mention.speaker) for form in e.forms)]
            if mention.speaker
            else []
        )
        if mention.introduced and own:
            return own[0]
        here = [e for e in fits if id(e) in last]
        others = [e for e in here if e not in own] or here
        return max(others, key=lambda e: last[id(e)], default=None)

    def _name(self, finding: Finding) -> str:
        """The name of a finding without its genitive: «Berits» → «Berit», but «Jonas» → «Jonas»."""
        text = one_line(finding.text)
        forms = bases(text)
        if (
            len(forms) > 1
            and re.search(r"(?:ås|us|is|nes)$", text)
            and text.split()[-1][:-1].casefold() not in self._said
        ):
            forms = forms[:1]
        if finding.kind not in (Kind.PERSON, Kind.PLACE, Kind.ORGANISATION) or len(forms) == 1:
            return forms[0] if finding.kind in (Kind.PERSON, Kind.PLACE, Kind.ORGANISATION) else text
        last, known = text.split()[-1].casefold(), lists()
        if any((finding.kind, plain(form)) in self._index for form in forms):
            return next(form for form in forms if (finding.kind, plain(form)) in self._index)
        listed = known.given | known.family | known.places
        bare = last[:-1] in self._said if last in listed else last[:-1] in listed or last[:-1] in self._said
        return forms[1] if bare else text


def _form(entity: Gathered, name: str) -> str:
    return next((form for form in entity.forms if plain(form) == plain(name)), name)


def same_person(name: str, other: str) -> bool:
    """Whether two full names may be one person's: initials and middle names may be left out.

    >>> same_person("Samuel L. Hagen", "Samuel Hagen"), same_person("Kari Olsen", "Kari Nordmann")
    (True, False)
    """
    short, long = sorted((_words(name), _words(other)), key=len)
    if len(short) < 2:
        return False
    if sorted(short) == sorted(long):
        return True
    if short in (long[: len(short)], long[-len(short) :]):
        return True
    middle = iter(long[1:-1])
    ends = _initial(short[0], long[0]) and _initial(short[-1], long[-1])
    return ends and all(any(_initial(word, other) for other in middle) for word in short[1:-1])


def _words(name: str) -> list[str]:
    """The words of a name as they sound: «Aase» and «Åse» are the same."""
    return [sound(word) for word in re.split(r"[\s-]+|(?<=\.)(?=\w)", plain(name)) if word]


_SPELT = (
    *(
        ("aa", "å"),
        ("ae", "æ"),
        ("oe", "ø"),
        ("ö", "ø"),
        ("ä", "æ"),
        ("é", "e"),
        ("ij", "i"),
        ("y", "i"),
        ("j", "i"),
        ("ii", "i"),
    ),
    *(("ph", "f"), ("th", "t"), ("ch", "k"), ("ck", "k"), ("c", "k"), ("w", "v"), ("z", "s"), ("q", "k")),
    *(("mm", "m"), ("ss", "s"), ("dd", "d")),
)
"""Spellings → one of them, in this order; «nn» stays, since Ane and Anne are two names."""


def sound(word: str) -> str:
    """A name as it sounds, in one of its spellings.

    >>> sound("aase") == sound("åse"), sound("mohammed") == sound("mohamed"), sound("ane") == sound("anne")
    (True, True, False)
    """
    for spelt, one in _SPELT:
        word = word.replace(spelt, one)
    return word


def _initial(word: str, other: str) -> bool:
    short, long = sorted((word.rstrip("."), other.rstrip(".")), key=len)
    return word == other or (len(short) == 1 and long.startswith(short))


def _short_for(name: str, full: str, doubles: set[str]) -> bool:
    """Whether one word is short for a full name: «Marit» for «Marit Aase», but not «Jan» for «Jan Erik»."""
    words = full.split()
    if len(words) == 1:
        return sound(name) == sound(full)
    double = " ".join(words[:2]) in doubles
    last = [part for word in words[1 + double :] for part in (word, *word.split("-"))]
    return sound(name) in map(sound, [*words[: 1 - double], *last])


def _doubles(names: Sequence[str], labels: Collection[str]) -> set[str]:
    """The pairs of words that are one given name: «Jan Erik», and «Anne Marie» where it also stands without a surname."""
    known, counts = lists(), Counter(map(plain, names))
    heads = Counter(" ".join(name.split()[:2]) for name in counts if len(name.split()) > 2)
    bare = {plain(label) for label in labels}
    pairs = (
        name for name in counts if len(name.split()) == 2 and all(word in known.norwegian for word in name.split())
    )
    return {
        pair
        for pair in pairs
        if pair.split()[1] not in known.surnames
        and (
            heads[pair]
            or counts[pair] > 1
            or (pair.split()[1] in known.common_names and (bare & set(pair.split()) or not counts[pair.split()[0]]))
        )
    }
