"""The list of names that a person goes through: what was found, where it stands, and what is to become of it.

It is kept in a file for its owner alone until it is used. A decision gives a new list; what nobody decided is replaced as
proposed.
"""

import bisect
import functools
import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from autokode.base.archive import parse_json
from autokode.base.errors import failure
from autokode.base.files import read_bytes, write_whole
from autokode.base.formatting import one_line
from autokode.base.hashing import sha256_of
from autokode.base.messages import say
from autokode.corpus.overlap import overlapped
from autokode.pseudonym.composed import Composed, composed
from autokode.pseudonym.finding import find_known
from autokode.pseudonym.kinds import Finding, Kind
from autokode.pseudonym.lists import WORD
from autokode.pseudonym.naming import KEPT, Names
from autokode.pseudonym.register import Entity, Register
from autokode.pseudonym.who import plain

FORMAT = 1
LONGEST = 80
"""Longest replacement, and longest stretch to add, in characters."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody or something on the list.

    Attributes:
        number: its number on this list.
        kind: the kind of personal data.
        forms: its names, the fullest first.
        becomes: its replacement.
        score: how sure it is, from 0 to 1; no probability.
        keeps: whether it is to stay as it is.
        same_as: the number of the entry that it is the same as, or 0.
        decided: whether a person decided about it.
    """

    number: int
    kind: Kind
    forms: tuple[str, ...]
    becomes: str
    score: float = 1.0
    keeps: bool = False
    same_as: int = 0
    decided: bool = False

    @property
    def seen(self) -> str:
        """A mark of what was decided of it, by which a window says what it shows."""
        return sha256_of(f"{self.becomes} {self.keeps} {self.same_as} {self.decided}")[:12]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something on the list stands: the transcript's number, code points, the text there, its entry (0: a pronoun)."""

    transcript: int
    start: int
    end: int
    text: str = field(repr=False)
    entry: int


@dataclass(frozen=True, slots=True)
class NamesList:
    """All that was found, with what a person decided.

    Attributes:
        texts: a mark of the texts that were searched.
        entries: number → entry.
        places: where they stand, in order.
        offices: name of an office → its replacement.
        leave: what is to stay, and is nobody's name: labels of roles.
        standing: words with a capital that are not on the list.
        left_alone: interviews that came pseudonymised.
        gender: as in `autokode.pseudonym.plan`.
    """

    texts: str = field(repr=False)
    entries: Mapping[int, Entry]
    places: tuple[Place, ...] = field(repr=False)
    offices: Mapping[str, str] = field(default_factory=dict)
    leave: tuple[str, ...] = ()
    standing: tuple[str, ...] = ()
    left_alone: tuple[str, ...] = ()
    gender: str = KEPT

    @property
    def sign(self) -> str:
        """A mark of the whole list."""
        return sha256_of(self._json())

    def _json(self) -> str:
        data = {
            "format": FORMAT,
            **{name: getattr(self, name) for name in ("texts", "leave", "standing", "left_alone")},
        }
        data |= {"offices": dict(self.offices), "gender": self.gender}
        data["entries"] = [asdict(entry) for entry in self.entries.values()]
        data["places"] = [(one.transcript, one.start, one.end, one.text, one.entry) for one in self.places]
        return json.dumps(data, ensure_ascii=False, separators=(",", ":"))

    def write(self, path: Path) -> None:
        """Write the list as JSON, readable by its owner alone; whole or not at all."""
        write_whole(path, self._json())

    def head(self, number: int) -> Entry:
        """The entry that another one is the same as; itself, if it is nobody else.

        Raises:
            DataError: no such entry.
        """
        if number not in self.entries:
            raise failure(
                "står ikke i listen lenger", "is on the list no longer", try_next=say("let på nytt", "search")
            )
        entry = self.entries[number]
        return self.head(entry.same_as) if entry.same_as else entry

    def places_in(self, transcript: int) -> list[Place]:
        """The places in a transcript, in order."""
        return [place for place in self.places if place.transcript == transcript]

    def members(self, number: int) -> list[Entry]:
        """Those that are the same as an entry, in order."""
        return [entry for entry in self.entries.values() if entry.same_as and self.head(entry.number).number == number]

    @property
    def heads(self) -> list[Entry]:
        """Those that are the same as nobody else, the surest first; of equally sure ones by kind, then the most frequent."""
        kinds, counts = list(Kind), self.counts
        own = (entry for entry in self.entries.values() if not entry.same_as)
        return sorted(own, key=lambda e: (-round(e.score, 2), kinds.index(e.kind), -counts[e.number], e.forms))

    @property
    def counts(self) -> Counter[int]:
        """Number of an entry → how often it stands, with those that are the same."""
        heads = {number: self.head(number).number for number in self.entries}
        return Counter(heads[place.entry] for place in self.places if place.entry)

    def entities(self) -> dict[int, Entity]:
        """Number of a head → what it is for a register; those that stay are not among them."""
        found = {}
        for entry in self.heads:
            if not entry.keeps:
                forms = [*entry.forms, *(form for one in self.members(entry.number) for form in one.forms)]
                found[entry.number] = Entity(entry.kind, tuple(dict.fromkeys(forms)), entry.becomes, 0, "", entry.score)
        return found

    def register(self) -> Register:
        """Who is who, and what is to stay."""
        entities = self.entities()
        taken = {plain(form) for entity in entities.values() for form in entity.forms}
        stays = {
            form
            for number, entry in self.entries.items()
            if self.head(number).keeps
            for form in entry.forms
            if plain(form) not in taken
        }
        return Register(entities.values(), {*self.leave, *stays})

    # decisions

    def keep(self, number: int, *, keeps: bool = True) -> "NamesList":
        """Let an entry stay as it is, or have it replaced after all."""
        return self._with(replace(self.head(number), keeps=keeps, decided=True))

    def replace_by(self, number: int, becomes: str) -> "NamesList":
        """Choose what an entry becomes.

        Raises:
            DataError: it is nothing, too long, somebody's own name, or what somebody else becomes.
        """
        entry, new = self.head(number), self._replacement(becomes)
        other = next((e for e in self.heads if e.number != entry.number and plain(e.becomes) == plain(new)), None)
        if other is not None and not other.keeps:
            raise failure(
                f"«{other.forms[0]}» blir «{new}» alt",
                f"«{other.forms[0]}» becomes «{new}» already",
                try_next=say(
                    "velg et annet navn, eller slå dem sammen om de er samme", "another name, or merge the two"
                ),
            )
        return self._with(replace(entry, becomes=new, keeps=False, decided=True))

    def _replacement(self, becomes: str) -> str:
        new = composed(one_line(becomes))
        if not any(map(str.isalnum, new)) or len(new) > LONGEST or not new.isprintable():
            raise failure(f"skriv et navn på høyst {LONGEST} tegn", f"write a name of at most {LONGEST} characters")
        named = {plain(form): entry for entry in self.entries.values() for form in entry.forms}
        if plain(new) in named and not self.head(named[plain(new)].number).keeps:
            raise failure(
                f"«{new}» er et navn i materialet selv",
                f"«{new}» is a name in the material itself",
                try_next=say("velg et navn som ingen har", "choose a name that nobody has"),
            )
        return new

    def merge(self, number: int, into: int) -> "NamesList":
        """Take an entry for the same as another, which it gets the replacement of.

        Raises:
            DataError: they are one already, or of different kinds.
        """
        one, other = self.head(number), self.head(into)
        if one.number == other.number:
            raise failure("de to er alt den samme", "the two are the same already")
        if one.kind != other.kind:
            raise failure(
                f"en {one.kind} og en {other.kind} kan ikke være den samme",
                f"of different kinds: {one.kind} and {other.kind}",
            )
        return self._with(replace(one, same_as=other.number, decided=True), replace(other, decided=True))

    def part(self, number: int) -> "NamesList":
        """Take all that was merged into an entry for somebody else again."""
        members = self.members(self.head(number).number)
        return self._with(*(replace(one, same_as=0) for one in members))

    def add(
        self,
        text: str,
        kind: Kind,
        texts: Mapping[int, str],
        *,
        becomes: str = "",
        into: int = 0,
        avoid: Collection[str] = (),
    ) -> "tuple[NamesList, Entry]":
        """Add something that was not found, with every place where it stands; give the list and the new entry.

        What is found nowhere as a name is, such as an everyday word in small letters, is taken where it stands as it is written.

        Args:
            text: the word or words.
            kind: the kind of data.
            texts: transcript's number → its text.
            becomes: its replacement; one is invented if "".
            into: the number of an entry that it is the same as, or 0.
            avoid: names of which no invented name may have a word.

        Raises:
            DataError: it is nothing or too long, stands nowhere as whole words, or is on the list already.
        """
        form = composed(one_line(text)).strip(' .,;:!?»«"()')
        if not any(map(str.isalnum, form)) or len(form) > LONGEST:
            raise failure(f"marker høyst {LONGEST} tegn av et ord", f"select at most {LONGEST} characters of words")
        known = {plain(known): entry for entry in self.entries.values() for known in entry.forms}
        if plain(form) in known:
            shown = self.head(known[plain(form)].number)
            raise failure(
                f"«{form}» står i listen alt, under «{shown.forms[0]}»",
                f"«{form}» is on the list already, under «{shown.forms[0]}»",
            )
        number = max(self.entries, default=0) + 1
        new = self._replacement(becomes) if becomes else self._invented(form, kind, texts, avoid)
        entry = Entry(number, kind, (form,), new, same_as=self.head(into).number if into else 0, decided=True)
        if into and self.head(into).kind != kind:
            entry = replace(entry, kind=self.head(into).kind)
        found = list(_places(form, entry.kind, number, texts)) or list(_as_written(form, number, texts))
        if not found:
            raise failure(
                f"«{form}» står ikke i noe intervju som hele ord",
                f"«{form}» stands in no interview as whole words",
                try_next=say("marker hele ord", "select whole words"),
            )
        added = replace(self, places=_joined(self.places, found))
        return added._with(entry), entry

    def _invented(self, form: str, kind: Kind, texts: Mapping[int, str], avoid: Collection[str]) -> str:
        forms = [one for entry in self.entries.values() for one in entry.forms]
        words = {*_words(tuple(texts.values())), *_words((*avoid, *forms))}
        names = Names(self.gender, words, {entry.becomes for entry in self.entries.values()})
        return names.person([form], "", []) if kind == Kind.PERSON else names.placeholder(kind, [form])

    def _with(self, *changed: Entry) -> "NamesList":
        return replace(self, entries={**self.entries, **{entry.number: entry for entry in changed}})


@functools.lru_cache(maxsize=2)
def _words(texts: tuple[str, ...]) -> frozenset[str]:
    """The words of texts, casefolded."""
    return frozenset(word.casefold() for text in texts for word in WORD.findall(composed(text)))


def _places(form: str, kind: Kind, number: int, texts: Mapping[int, str]) -> Iterator[Place]:
    forms = Register([Entity(kind, (form,), "")]).forms()
    words = {plain(one).split()[0] for one in forms}
    for transcript, text in texts.items():
        small = composed(text).casefold()
        if not any(word in small for word in words):
            continue
        for one in find_known(text, forms, anywhere=set(forms)):
            yield Place(transcript, one.start, one.end, one.text, number)


def _as_written(form: str, number: int, texts: Mapping[int, str]) -> Iterator[Place]:
    either = r"\s+".join(map(re.escape, form.split()))
    words = re.compile(rf"(?<!\w){either}(?!\w)")
    for transcript, text in texts.items():
        one = Composed.of(text)
        for match in words.finditer(one.text):
            yield Place(transcript, *one.span(*match.span()), match[0], number)


def _joined(places: Iterable[Place], added: Iterable[Place]) -> tuple[Place, ...]:
    """Places with more of them, neither overlapping among themselves; of two that overlap the longer stays, or else the old."""
    own: dict[int, list[Place]] = {}
    for place in places:
        own.setdefault(place.transcript, []).append(place)
    new: dict[int, list[Place]] = {}
    for place in added:
        new.setdefault(place.transcript, []).append(place)
    for transcript, more in new.items():
        here = own.setdefault(transcript, [])
        for place in more:
            under = overlapped(here, place.start, place.end)
            if all(here[index].end - here[index].start < place.end - place.start for index in under):
                first = under[0] if under else bisect.bisect_left(here, place.start, key=lambda one: one.start)
                here[first : first + len(under)] = [place]
    return tuple(place for transcript in sorted(own) for place in own[transcript])


def read_names_list(path: Path) -> NamesList:
    """Read a list that `NamesList.write` wrote.

    Raises:
        DataError: it is missing or damaged.
    """
    raw = read_bytes(path)
    try:
        data: dict[str, Any] = parse_json(raw, str(path), "")
        if data["format"] != FORMAT:
            raise ValueError(f"format {data['format']}")
        entries = [Entry(**{**one, "kind": Kind(one["kind"]), "forms": tuple(one["forms"])}) for one in data["entries"]]
        places = tuple(Place(*one) for one in data["places"])
        words = {name: tuple(data[name]) for name in ("leave", "standing", "left_alone")}
        return NamesList(
            data["texts"],
            {entry.number: entry for entry in entries},
            places,
            offices=dict(data["offices"]),
            gender=data["gender"],
            **words,
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise failure(
            "er ingen navneliste som kan leses",
            "is no readable list of names",
            where=path,
            try_next=say("slett filen, og let på nytt", "delete the file, and search again"),
        ) from error


def finding_of(place: Place, kind: Kind) -> Finding:
    """A place as the finding it was."""
    return Finding(place.start, place.end, kind, place.text)
