"""Replacements: invented names by office and gender, numbered placeholders for the rest; each is given once."""

import itertools
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from autokode.pseudonym.kinds import Kind
from autokode.pseudonym.lists import WORD, invented, lists

KEPT, NEUTRAL = "kept", "neutral"
"""Gender of invented names: as the old names, or neutral names and pronouns."""

LETTERS = "MTHKSELRGBFINVOJAPDCUY"
"""The usual initials of names, in the order in which they are given."""

_BY_KIND = {
    Kind.PERSON: "person",
    Kind.PLACE: "sted",
    Kind.ORGANISATION: "virksomhet",
    Kind.ADDRESS: "adresse",
    Kind.PHONE: "telefon",
    Kind.EMAIL: "e-post",
    Kind.WEB: "nettadresse",
    Kind.NATIONAL_ID: "fødselsnummer",
    Kind.DUF: "duf-nummer",
    Kind.ACCOUNT: "kontonummer",
    Kind.CASE: "saksnummer",
    Kind.PLATE: "kjennemerke",
    Kind.NUMBER: "nummer",
    Kind.COMPANY_ID: "organisasjonsnummer",
    Kind.BIRTH_DATE: "fødselsdato",
    Kind.TITLE: "tittel",
}
_WORKPLACES = (
    ("NAV-kontor", r"^nav\b"),
    ("kommune", r"\bkommune$"),
    ("barnehage", r"barneha[gv]e"),
    ("skole", r"sk[ou]le|videreg|vidareg|\bvgs\b|gymnas"),
    ("sykehus", r"s[yj]u?kehus|sjukehus"),
    ("universitet", r"universitet|h[øo][gy]e?skole|høgskule"),
    ("bedrift", r"\b(?:as|asa|sa|ba|da|ans)$"),
)
"""Placeholder of a workplace → a pattern of its name."""


class Names:
    """Invented names and numbered placeholders, each given once."""

    def __init__(self, gender: str, words: set[str], used: set[str]) -> None:
        self._gender = gender
        self._words = words
        self._used = {name.casefold() for name in used}
        self._letters = Counter(name[:1] for name in used if name[:1].isalpha())

    def person(self, forms: Iterable[str], letter: str, office_letters: Collection[str]) -> str:
        """Invent a name for a person.

        Args:
            forms: the person's names.
            letter: of a participant's office; "" for others, whose invented names spread over the letters that are no office's
                and that none of their own names begins with.
            office_letters: the letters of all offices.
        """
        own = list(forms)
        sex = _gender_of(own) if self._gender == KEPT else ""
        for first in [letter] if letter else self._spread(own, office_letters):
            for name in _pool(first, sex, self._gender):
                if name.casefold() not in self._used and name.casefold() not in self._words:
                    self._used.add(name.casefold())
                    self._letters[first] += 1
                    return name
        return self._numbered(f"deltaker-{letter.lower()}" if letter else _BY_KIND[Kind.PERSON])

    def _spread(self, forms: Iterable[str], office_letters: Collection[str]) -> list[str]:
        """The letters for a person who is no participant, those given least before first."""
        initials = {word[:1].upper() for form in forms for word in form.split()}
        free = [letter for letter in LETTERS if letter not in office_letters and letter not in initials]
        rare = [letter for letter in invented() if letter not in {*LETTERS, *office_letters, *initials}]
        return [*sorted(free, key=lambda letter: self._letters[letter]), *rare]

    def placeholder(self, kind: Kind, forms: Iterable[str]) -> str:
        """Make the next placeholder of a kind: «[kommune 1]», «[bedrift 2]», «[telefon 1]»."""
        form, what = max(forms, key=len).casefold(), _BY_KIND[kind]
        if kind == Kind.PLACE and form in lists().municipalities:
            what = "kommune"
        elif kind == Kind.ORGANISATION:
            what = next((name for name, pattern in _WORKPLACES if re.search(pattern, form)), what)
        return self._numbered(what)

    def _numbered(self, what: str) -> str:
        numbered = (f"[{what} {number}]" for number in itertools.count(1))
        found = next(name for name in numbered if name not in self._used)
        self._used.add(found)
        return found


def _pool(letter: str, sex: str, gender: str) -> Iterator[str]:
    by_sex = invented().get(letter[:1], {})
    women, men, either = by_sex.get("woman", ()), by_sex.get("man", ()), by_sex.get("either", ())
    if gender == NEUTRAL:
        yield from either
    elif sex:
        yield from (women if sex == "woman" else men)
    else:
        yield from either
        yield from itertools.chain.from_iterable(zip(women, men, strict=False))


def _gender_of(forms: Iterable[str]) -> str:
    """The gender of the first given name on the lists: "woman", "man" or ""."""
    known = lists()
    pools = {
        sex: {name.casefold() for by_sex in invented().values() for name in by_sex.get(sex, ())}
        for sex in ("woman", "man")
    }
    for form in forms:
        for word in WORD.findall(form):
            first = word.casefold().split("-")[0]
            woman, man = first in known.women or first in pools["woman"], first in known.men or first in pools["man"]
            if woman != man:
                return "woman" if woman else "man"
    return ""
