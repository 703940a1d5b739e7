"""Who is who: what was found, gathered into people, places and the rest, each with what stands in its place."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from autokode.base.formatting import one_line
from autokode.pseudonym.kinds import Finding, Kind
from autokode.pseudonym.lists import bases, lists
from autokode.pseudonym.naming import KEPT, Names
from autokode.pseudonym.people import NEUTRAL_PRONOUNS

SHORTEST_PART = 3
"""Letters of the shortest word of a name that is looked for by itself."""


@dataclass(frozen=True, slots=True)
class Entity:
    """One person, place or other thing that is known.

    Attributes:
        kind: what it is.
        forms: how it is named in the material, the fullest first; without genitives.
        becomes: what stands in its place.
        count: how often it was found.
        context: what stands around it in one place, for who is to approve it.
    """

    kind: Kind
    forms: tuple[str, ...]
    becomes: str
    count: int = 0
    context: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A finding with where it is from.

    Attributes:
        finding: what and where.
        letter: the letter of the office whose transcript it stands in, or "".
        participant: whether it is the label of somebody who takes part.
        context: the utterance it is from.
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
    """Everything known, and by what it is replaced."""

    def __init__(self, entities: Iterable[Entity] = (), leave: Collection[str] = ()) -> None:
        """Take entities, and forms that are to be left as they are."""
        self.entities = tuple(entities)
        self.leave = frozenset(_plain(form) for form in leave)
        self._by_form = {**_parts(self.entities), **{_plain(f): e for e in self.entities for f in e.forms}}

    def forms(self) -> dict[str, Kind]:
        """Return every known form with its kind, and the words of people's names that one person alone has."""
        return {form: entity.kind for form, entity in self._by_form.items()}

    def entity_of(self, text: str) -> Entity | None:
        """Return what a name stands for, in the genitive too."""
        return next((self._by_form[_plain(b)] for b in bases(text) if _plain(b) in self._by_form), None)

    def is_left(self, text: str) -> bool:
        """Whether a form is to be left as it is."""
        return any(_plain(base) in self.leave for base in bases(text))

    def replacement(self, finding: Finding) -> str:
        """Return what stands in a finding's place: inflected as it is, in small letters or capitals as it is."""
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
        """The register of what is found, with how often; an entity that stands nowhere is kept with none."""
        counts = Counter(id(entity) for f in findings if (entity := self.entity_of(f.text)) is not None)
        return Register((replace(entity, count=counts[id(entity)]) for entity in self.entities), self.leave)

    def shown(self, cut: Callable[[str, str], str]) -> "Register":
        """The register with each context cut to what is shown: `cut` is called with (context, form)."""
        cut_down = (replace(e, context=cut(e.context, e.forms[0])) if e.context else e for e in self.entities)
        return Register(cut_down, self.leave)

    def extended(
        self,
        mentions: Iterable[Mention],
        *,
        gender: str = KEPT,
        words: Collection[str] = (),
        groups: Mapping[str, str] | None = None,
    ) -> "Register":
        """The register with what is new among mentions.

        Args:
            mentions: in the order in which they are met.
            gender: `KEPT` or `NEUTRAL`.
            words: every word of the material, casefolded: no invented name may be one of them.
            groups: name of an office as the study has it → what it becomes («Kontor A»).
        """
        gathered: list[_Gathered] = [
            _Gathered(e.kind, Counter(dict.fromkeys(e.forms, 0)), becomes=e.becomes, context=e.context)
            for e in self.entities
        ]
        index = {_plain(form): entry for entry in gathered for form in entry.forms}
        offices = {_plain(name): becomes for name, becomes in (groups or {}).items()}
        ordered = sorted(
            mentions, key=lambda m: (not m.participant, m.finding.kind != Kind.PERSON, -len(m.finding.text.split()))
        )
        for mention in ordered:
            text = mention.finding.text
            if self.is_left(text):
                continue
            entry = next((index[_plain(base)] for base in bases(text) if _plain(base) in index), None)
            if entry is None:
                form = _base(text, mention.finding.kind, gathered)
                entry = _joined(form, mention.finding.kind, gathered)
                if entry is None:
                    entry = _Gathered(
                        mention.finding.kind,
                        letter=mention.letter,
                        participant=mention.participant,
                        context=mention.context,
                    )
                    entry.becomes = (
                        offices.get(_plain(form), "") if entry.kind in (Kind.ORGANISATION, Kind.PLACE) else ""
                    )
                    gathered.append(entry)
                index[_plain(form)] = entry
                entry.forms[form] += 1
            else:
                form = next(f for f in entry.forms if _plain(f) in {_plain(b) for b in bases(text)})
                entry.forms[form] += 1
            entry.context = entry.context or mention.context
            entry.participant |= mention.participant
        names = Names(
            gender,
            {*words, *(word for e in gathered for form in e.forms for word in _plain(form).split())},
            {e.becomes for e in gathered},
        )
        used_letters = {m.letter for m in ordered if m.letter}
        for entry in sorted(gathered, key=lambda e: not e.participant):
            if not entry.becomes:
                entry.becomes = (
                    names.person(entry.forms, entry.letter if entry.participant else "", used_letters)
                    if entry.kind == Kind.PERSON
                    else names.placeholder(entry.kind, entry.forms)
                )
        return Register((_entity(entry) for entry in gathered), self.leave)


def _like(new: str, old: str) -> str:
    """A word in small letters or capitals as another one is."""
    if old.islower():
        return new.lower()
    return new.upper() if old.isupper() and len(old) > 3 else new[0].upper() + new[1:]


def _entity(entry: _Gathered) -> Entity:
    forms = sorted(entry.forms, key=lambda form: (-len(form.split()), -entry.forms[form], form))
    return Entity(entry.kind, tuple(forms), entry.becomes, sum(entry.forms.values()), entry.context)


def _base(text: str, kind: Kind, gathered: Iterable[_Gathered]) -> str:
    """A name as it is called when nothing is its: «Berits» → «Berit», «Jonas» as it is."""
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
    """The one person a first name, a surname or «Kari N.» belongs to, or None: nobody's yet, or several people's."""
    if kind != Kind.PERSON:
        return None
    fits = [e for e in gathered if e.kind == kind and any(_same_person(form, other) for other in e.forms)]
    return fits[0] if len(fits) == 1 else None


def _same_person(form: str, other: str) -> bool:
    """Whether one name may be short for the other: one of its words, or the same with initials."""
    words, others = _plain(form).split(), _plain(other).split()
    if len(words) == 1:
        return words[0] in others
    return len(words) == len(others) and all(_initial(a, b) for a, b in zip(words, others, strict=True))


def _initial(word: str, other: str) -> bool:
    short, long = sorted((word.rstrip("."), other.rstrip(".")), key=len)
    return word == other or (len(short) == 1 and long.startswith(short))


def _parts(entities: Iterable[Entity]) -> dict[str, Entity]:
    """The words of people's names that one person alone has and that are no everyday words."""
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
