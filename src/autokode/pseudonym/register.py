"""The register of who is who: people, places and other things that were found, each with its replacement."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from autokode.pseudonym.kinds import Finding, Kind
from autokode.pseudonym.lists import bases, lists
from autokode.pseudonym.name_score import NEUTRAL_PRONOUNS
from autokode.pseudonym.naming import KEPT, Names
from autokode.pseudonym.who import Gathered, Mention, Who, plain

SHORTEST_PART = 3
"""Fewest letters of a word of a name that is searched for by itself."""

SURE = 0.95
"""Score from which an entity is sure."""


@dataclass(frozen=True, slots=True)
class Entity:
    """One known person, place or other thing.

    Attributes:
        kind: the kind of personal data.
        forms: its names in the material without genitives, the fullest first.
        becomes: its replacement.
        count: how often it was found.
        context: the words around one occurrence, for the person who approves the replacement.
        score: how sure it is, from 0 to 1; no probability.
    """

    kind: Kind
    forms: tuple[str, ...]
    becomes: str
    count: int = 0
    context: str = field(default="", repr=False)
    score: float = 1.0

    @property
    def sure(self) -> bool:
        """Whether it is surely personal."""
        return self.score >= SURE


class Register:
    """All known entities and their replacements."""

    def __init__(self, entities: Iterable[Entity] = (), leave: Collection[str] = ()) -> None:
        """Take entities, and forms that are to stay as they are."""
        self.entities = tuple(entities)
        self.leave = frozenset(plain(form) for form in leave)
        self._by_form = {plain(form): entity for entity in self.entities for form in entity.forms}
        self._by_word = _words(self.entities)
        self._forms = {
            **dict.fromkeys(self._by_word, Kind.PERSON),
            **{form: entity.kind for form, entity in self._by_form.items()},
        }

    def forms(self) -> Mapping[str, Kind]:
        """Form → kind, for every known form and for the words of people's names."""
        return self._forms

    def entity_of(self, text: str) -> Entity | None:
        """Find the entity of a name, also in the genitive; None if unknown, or if several people have it."""
        for base in map(plain, bases(text)):
            if base in self._by_form:
                return self._by_form[base]
            if len(self._by_word.get(base, ())) == 1:
                return self._by_word[base][0]
        return None

    def likeliest_of(self, text: str) -> Entity | None:
        """As `entity_of`; of several people who share the name, the first, since any invented name is better than theirs."""
        sharing = (entity for base in map(plain, bases(text)) for entity in self._by_word.get(base, ()))
        return self.entity_of(text) or next(sharing, None)

    def reversed(self) -> "Register":
        """The register that gives each replacement the fullest name that it stands for."""
        return Register(Entity(e.kind, (e.becomes,), e.forms[0]) for e in self.entities if e.becomes and e.forms)

    def is_left(self, text: str) -> bool:
        """Whether a form is to stay as it is."""
        return any(plain(base) in self.leave for base in bases(text))

    def replacement(self, finding: Finding, entity: Entity | None = None) -> str:
        """The replacement of a finding, with the same genitive and case; `entity` says who it is."""
        if finding.kind == Kind.PRONOUN:
            return _like(NEUTRAL_PRONOUNS[finding.text.casefold()], finding.text)
        entity = entity or self.entity_of(finding.text)
        if entity is None:
            raise KeyError(finding.text)
        new = entity.becomes
        if entity.kind == Kind.PERSON and not new.startswith("["):
            new = _like(new, finding.text)
        if not _is_genitive(finding.text, entity):
            return new
        return new + ("'" if new[-1] in "sxzSXZ" else "s")

    def counted(self, found: Iterable[Entity]) -> "Register":
        """Count how often each entity is found; those that are not found stay, with a count of 0."""
        counts = Counter(entity.forms for entity in found)
        return Register((replace(entity, count=counts[entity.forms]) for entity in self.entities), self.leave)

    def shown(self, cut: Callable[[str, str], str]) -> "Register":
        """Shorten each context for showing, by `cut(context, form)`."""
        cut_down = (replace(e, context=cut(e.context, e.forms[0])) if e.context else e for e in self.entities)
        return Register(cut_down, self.leave)

    def in_order(self) -> tuple[Entity, ...]:
        """The entities, the surest first; of equally sure ones by kind, then the most frequent."""
        kinds = list(Kind)
        return tuple(sorted(self.entities, key=lambda e: (-round(e.score, 2), kinds.index(e.kind), -e.count, e.forms)))

    def extended(
        self,
        mentions: Sequence[Mention],
        *,
        gender: str = KEPT,
        words: Collection[str] = (),
        offices: Mapping[str, str] | None = None,
    ) -> "tuple[Register, list[Entity | None]]":
        """Add the new entities among mentions, and say of whom each mention is (None if it is to stay).

        Args:
            mentions: in the order of the material.
            gender: `KEPT` or `NEUTRAL`.
            words: all words of the material, casefolded; no invented name may be one of them.
            offices: the study's name of an office → its replacement («Gruppe A»).
        """
        known = [
            Gathered(e.kind, Counter(dict.fromkeys(e.forms, 0)), becomes=e.becomes, context=e.context, score=e.score)
            for e in self.entities
        ]
        who = Who(known, offices or {})
        kept = [mention for mention in mentions if not self.is_left(mention.finding.text)]
        owners = who.join(kept)
        own = {word for entry in who.gathered for form in entry.forms for word in plain(form).split()}
        names = Names(gender, {*words, *own}, {entry.becomes for entry in who.gathered})
        letters = {mention.letter for mention in mentions if mention.letter}
        for entry in sorted(who.gathered, key=lambda e: not e.participant):
            if not entry.becomes and entry.kind == Kind.PERSON:
                entry.becomes = names.person(entry.forms, entry.letter if entry.participant else "", letters)
            elif not entry.becomes:
                entry.becomes = names.placeholder(entry.kind, entry.forms)
        entities = {id(entry): _entity(entry) for entry in who.gathered}
        of = {id(mention): entities[id(entry)] for mention, entry in zip(kept, owners, strict=True)}
        return Register(entities.values(), self.leave), [of.get(id(mention)) for mention in mentions]


def _like(new: str, old: str) -> str:
    """Give a word the case of another one."""
    if old.islower():
        return new.lower()
    return new.upper() if old.isupper() and len(old) > 3 else new[0].upper() + new[1:]


def _entity(entry: Gathered) -> Entity:
    forms = sorted(entry.forms, key=lambda form: (-len(form.split()), -entry.forms[form], form))
    return Entity(entry.kind, tuple(forms), entry.becomes, sum(entry.forms.values()), entry.context, entry.score)


def _is_genitive(text: str, entity: Entity) -> bool:
    """Whether a text is a genitive of an entity's form, or of a word of a person's name."""
    known = {plain(form) for form in entity.forms}
    if entity.kind == Kind.PERSON:
        known |= {word for form in known for word in form.split()}
    first, *others = map(plain, bases(text))
    if text[-1:] in "'’":
        return True
    return first not in known and any(other in known for other in others)


def _words(entities: Iterable[Entity]) -> dict[str, list[Entity]]:
    """Words of names that are not everyday words → the people who have them."""
    owners: dict[str, list[Entity]] = {}
    for entity in entities:
        if entity.kind == Kind.PERSON:
            for word in {word for form in entity.forms for word in plain(form).split()}:
                if len(word) >= SHORTEST_PART and word.isalpha() and not lists().is_word(word):
                    owners.setdefault(word, []).append(entity)
    return owners
