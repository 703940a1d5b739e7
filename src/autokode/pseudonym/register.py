"""The register of who is who: people, places and other things that were found, each with its replacement."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from autokode.base.formatting import one_line
from autokode.pseudonym.kinds import Finding, Kind
from autokode.pseudonym.lists import bases, lists
from autokode.pseudonym.naming import KEPT, Names
from autokode.pseudonym.people import NEUTRAL_PRONOUNS

SHORTEST_PART = 3
"""Fewest letters of a word of a name that is searched for by itself."""


@dataclass(frozen=True, slots=True)
class Entity:
    """One known person, place or other thing.

    Attributes:
        kind: the kind of personal data.
        forms: its names in the material without genitives, the fullest first.
        becomes: its replacement.
        count: how often it was found.
        context: the words around one occurrence, for the person who approves the replacement.
    """

    kind: Kind
    forms: tuple[str, ...]
    becomes: str
    count: int = 0
    context: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A finding and its origin.

    Attributes:
        finding: the span and its kind.
        letter: of the office whose transcript it is in, or "".
        participant: whether it is the label of a participant.
        context: the utterance around it.
    """

    finding: Finding
    letter: str = ""
    participant: bool = False
    context: str = ""


@dataclass(slots=True)
class _Gathered:
    kind: Kind
    forms: Counter[str] = field(default_factory=Counter)
    letter: str = ""
    participant: bool = False
    context: str = ""
    becomes: str = ""


class Register:
    """All known entities and their replacements."""

    def __init__(self, entities: Iterable[Entity] = (), leave: Collection[str] = ()) -> None:
        """Take entities, and forms that are to stay as they are."""
        self.entities = tuple(entities)
        self.leave = frozenset(_plain(form) for form in leave)
        self._by_form = {**_parts(self.entities), **{_plain(f): e for e in self.entities for f in e.forms}}

    def forms(self) -> dict[str, Kind]:
        """Form → kind, for every known form and for words of people's names that belong to one person only."""
        return {form: entity.kind for form, entity in self._by_form.items()}

    def entity_of(self, text: str) -> Entity | None:
        """Find the entity of a name, also in the genitive; None if unknown."""
        return next((self._by_form[_plain(b)] for b in bases(text) if _plain(b) in self._by_form), None)

    def is_left(self, text: str) -> bool:
        """Whether a form is to stay as it is."""
        return any(_plain(base) in self.leave for base in bases(text))

    def replacement(self, finding: Finding) -> str:
        """The replacement of a finding, with the same genitive and case."""
        if finding.kind == Kind.PRONOUN:
            return _like(NEUTRAL_PRONOUNS[finding.text.casefold()], finding.text)
        entity = self.entity_of(finding.text)
        if entity is None:
            raise KeyError(finding.text)
        genitive = _plain(finding.text) not in self._by_form
        new = entity.becomes
        if entity.kind == Kind.PERSON and not new.startswith("["):
            new = _like(new, finding.text)
        return new + ("'" if new[-1] in "sxzSXZ" else "s") if genitive else new

    def counted(self, findings: Iterable[Finding]) -> "Register":
        """Count how often each entity is found; those that are not found stay, with a count of 0."""
        counts = Counter(id(entity) for f in findings if (entity := self.entity_of(f.text)) is not None)
        return Register((replace(entity, count=counts[id(entity)]) for entity in self.entities), self.leave)

    def shown(self, cut: Callable[[str, str], str]) -> "Register":
        """Shorten each context for showing, by `cut(context, form)`."""
        cut_down = (replace(e, context=cut(e.context, e.forms[0])) if e.context else e for e in self.entities)
        return Register(cut_down, self.leave)

    def extended(
        self,
        mentions: Iterable[Mention],
        *,
        gender: str = KEPT,
        words: Collection[str] = (),
        offices: Mapping[str, str] | None = None,
    ) -> "Register":
        """Add the new entities among mentions.

        Args:
            mentions: in the order of the material.
            gender: `KEPT` or `NEUTRAL`.
            words: all words of the material, casefolded; no invented name may be one of them.
            offices: the study's name of an office → its replacement («Kontor A»).
        """
        ordered = sorted(
            mentions, key=lambda m: (not m.participant, m.finding.kind != Kind.PERSON, -len(m.finding.text.split()))
        )
        gathered = self._gathered(ordered, {_plain(name): becomes for name, becomes in (offices or {}).items()})
        own = {word for entry in gathered for form in entry.forms for word in _plain(form).split()}
        names = Names(gender, {*words, *own}, {entry.becomes for entry in gathered})
        used_letters = {m.letter for m in ordered if m.letter}
        for entry in sorted(gathered, key=lambda e: not e.participant):
            if not entry.becomes and entry.kind == Kind.PERSON:
                entry.becomes = names.person(entry.forms, entry.letter if entry.participant else "", used_letters)
            elif not entry.becomes:
                entry.becomes = names.placeholder(entry.kind, entry.forms)
        return Register(map(_entity, gathered), self.leave)

    def _gathered(self, mentions: Iterable[Mention], offices: Mapping[str, str]) -> "list[_Gathered]":
        """Join the mentions of each person, place or thing, with those known before; `offices` is name → replacement."""
        gathered = [
            _Gathered(e.kind, Counter(dict.fromkeys(e.forms, 0)), becomes=e.becomes, context=e.context)
            for e in self.entities
        ]
        index = {_plain(form): entry for entry in gathered for form in entry.forms}
        for mention in mentions:
            text, kind = mention.finding.text, mention.finding.kind
            if self.is_left(text):
                continue
            entry = next((index[_plain(base)] for base in bases(text) if _plain(base) in index), None)
            if entry is not None:
                form = next(f for f in entry.forms if _plain(f) in {_plain(b) for b in bases(text)})
            else:
                form = _base(text, kind, gathered)
                entry = _joined(form, kind, gathered)
                if entry is None:
                    becomes = offices.get(_plain(form), "") if kind in (Kind.ORGANISATION, Kind.PLACE) else ""
                    entry = _Gathered(kind, letter=mention.letter, becomes=becomes)
                    gathered.append(entry)
                index[_plain(form)] = entry
            entry.forms[form] += 1
            entry.context = entry.context or mention.context
            entry.participant |= mention.participant
        return gathered


def _like(new: str, old: str) -> str:
    """Give a word the case of another one."""
    if old.islower():
        return new.lower()
    return new.upper() if old.isupper() and len(old) > 3 else new[0].upper() + new[1:]


def _entity(entry: _Gathered) -> Entity:
    forms = sorted(entry.forms, key=lambda form: (-len(form.split()), -entry.forms[form], form))
    return Entity(entry.kind, tuple(forms), entry.becomes, sum(entry.forms.values()), entry.context)


def _base(text: str, kind: Kind, gathered: Iterable[_Gathered]) -> str:
    """A name without its genitive: «Berits» → «Berit», but «Jonas» → «Jonas»."""
    text = one_line(text)
    forms = bases(text)
    if kind == Kind.PERSON and len(text.split()) == 1:
        parts = {word for e in gathered if e.kind == kind for form in e.forms for word in _plain(form).split()}
        forms = tuple(form for form in forms if _plain(form) in parts) or forms
    if len(forms) == 1 or kind not in (Kind.PERSON, Kind.PLACE, Kind.ORGANISATION, Kind.TITLE):
        return forms[0] if kind in (Kind.PERSON, Kind.PLACE, Kind.ORGANISATION) else text
    last, known = text.split()[-1], lists()
    heard = {
        f.casefold()
        for names in (known.given, known.family, known.places)
        for f in (last, last[:-1])
        if f.casefold() in names
    }
    if last[:-1].casefold() in heard and last.casefold() not in heard:
        return forms[1]
    return text


def _joined(form: str, kind: Kind, gathered: list[_Gathered]) -> _Gathered | None:
    """Find the one person to whom a first name, a surname or «Kari N.» belongs; None for nobody or several people."""
    if kind != Kind.PERSON:
        return None
    fits = [e for e in gathered if e.kind == kind and any(_same_person(form, other) for other in e.forms)]
    return fits[0] if len(fits) == 1 else None


def _same_person(form: str, other: str) -> bool:
    """Whether one name may be short for the other: one of its words, or its words with initials."""
    words, others = _plain(form).split(), _plain(other).split()
    if len(words) == 1:
        return words[0] in others
    return len(words) == len(others) and all(_initial(a, b) for a, b in zip(words, others, strict=True))


def _initial(word: str, other: str) -> bool:
    short, long = sorted((word.rstrip("."), other.rstrip(".")), key=len)
    return word == other or (len(short) == 1 and long.startswith(short))


def _parts(entities: Iterable[Entity]) -> dict[str, Entity]:
    """Words of names that belong to one person only and are not everyday words → that person."""
    owners: dict[str, list[Entity]] = {}
    for entity in entities:
        if entity.kind == Kind.PERSON:
            for word in {word for form in entity.forms for word in _plain(form).split()}:
                owners.setdefault(word, []).append(entity)
    return {
        word: found[0]
        for word, found in owners.items()
        if len(found) == 1 and len(word) >= SHORTEST_PART and word.isalpha() and not lists().is_word(word)
    }


def _plain(form: str) -> str:
    return one_line(form.casefold())
