"""Lists of names and words: people in Norway and elsewhere (Faker), other names (names.json), words that go with names.

names.json is made by benchmarks/build/pipeline/names.py of facts in the Norwegian Dependency Treebank with NorNE (CC0), GeoNames
(geonames.org, CC BY 4.0: populated places) and the Unicode CLDR (Unicode-3.0: countries), and of names and towns written down by
hand (given.txt, family.txt and cities.txt beside it).
"""

import functools
import json
import pkgutil
import re
from collections.abc import Iterable, Mapping
from importlib import import_module
from importlib.resources import files

from autokode.base import yaml_files
from autokode.base.extras import missing

try:
    from faker.providers import person
    from rapidfuzz import fuzz, process
except ModuleNotFoundError as error:
    raise missing("pseudonymise", error) from error

WORD = re.compile(r"[^\W\d_]+(?:[-'’.][^\W\d_]+)*['’]?")
"""A word with its joined parts: Anne-Grete, D'Angelo, f.eks; an apostrophe at the end marks a genitive."""


LONG, CLOSE = 6, 88
"""Fewest letters of a name that is recognised by its sound, and the similarity required (of 100)."""

SHORTEST = 4
"""Fewest letters of a known word that explains a longer one."""

_LATIN_NAME = re.compile(r"[A-Z\u00c0-\u00de][a-z\u00df-\u024f]{2,18}")


def bases(form: str) -> tuple[str, ...]:
    """A name as written and without its genitive, the likeliest first.

    >>> bases("Berits"), bases("Jonas'")
    (('Berits', 'Berit'), ('Jonas',))
    """
    bare = form.rstrip("'’")
    if bare != form:
        return (bare,)
    return (form, form[:-1]) if len(form) > 3 and form[-1] in "sS" else (form,)


class Lists:
    """Lists of names by kind, compared without regard to case."""

    def __init__(self, data: dict[str, list[str]], people: Mapping[str, Iterable[str]]) -> None:
        self.common_names = _folded(people["women"]) | _folded(people["men"])
        women, men = _folded(people["all women"]), _folded(people["all men"])
        self.women = _folded(people["women"]) | _folded(data["women"]) | (women - men - _folded(data["men"]))
        self.men = _folded(people["men"]) | _folded(data["men"]) | (men - women - _folded(data["women"]))
        invented_ = {name for by_sex in invented().values() for names in by_sex.values() for name in names}
        self.norwegian = self.common_names | _folded(data["given"]) | _folded(invented_) | among("word_names")
        self.given = self.norwegian | _folded(people["given"])
        self.family = _folded(data["family"]) | _folded(people["family"])
        self.surnames = _folded(data["family"]) - self.common_names
        self.municipalities = _folded(data["municipalities"])
        self.places = self.municipalities | _folded(data["places"])
        self.countries = _folded(data["countries"])
        self._long_places = sorted(name for name in self.places if len(name) >= LONG)
        self._long_given = sorted(name for name in self.norwegian if len(name) >= LONG)
        self.words = _folded(data["words"]) | among("word_names") | among("everyday")
        self.common = _folded(data["common"])
        self.seen = self.common | _folded(data["seen"])

    def is_given(self, form: str) -> bool:
        """Whether a word, or all parts of a double name, are given names."""
        return any(_all_in(self.given, base) for base in bases(form))

    def is_norwegian(self, form: str) -> bool:
        """Whether a word is a given name in Norway, which is recognised in lower case too."""
        return any(_all_in(self.norwegian, base) for base in bases(form))

    def is_family(self, form: str) -> bool:
        return any(_all_in(self.family, base) for base in bases(form))

    def is_place(self, form: str) -> bool:
        return any(base.casefold() in self.places for base in bases(form))

    def is_country(self, form: str) -> bool:
        return any(base.casefold() in self.countries for base in bases(form))

    def is_word(self, form: str) -> bool:
        """Whether a name is also an everyday word."""
        return any(base.casefold() in self.words or base.casefold() in self.common for base in bases(form))

    def is_unknown(self, form: str) -> bool:
        """Whether a word is on no list of words or names: rare, foreign or misspelt."""
        return not any(base.casefold() in self.seen for base in bases(form)) and not self.is_word(form)

    def is_unexplained(self, form: str) -> bool:
        """Whether a word is unknown, and neither ends in a known word (a compound) nor inflects one."""
        folded = form.casefold()
        if not self.is_unknown(form):
            return False
        ends = any(folded[i:] in self.seen for i in range(1, len(folded) - SHORTEST + 1))
        stems = any(
            folded.removesuffix(ending) in self.seen or f"{folded.removesuffix(ending)}e" in self.seen
            for ending in among("endings")
            if folded.endswith(ending) and len(folded) - len(ending) >= SHORTEST
        )
        return not ends and not stems

    def sounds_like(self, form: str) -> str:
        """The kind of a name that recognition may have written as this word, a letter or so apart: "given", "place" or ""."""
        for kind, names in (("place", self._long_places), ("given", self._long_given)):
            if process.extractOne(form.casefold(), names, scorer=fuzz.ratio, score_cutoff=CLOSE):
                return kind
        return ""

    def is_named(self, form: str) -> bool:
        """Whether a word is on any list of names."""
        return self.is_given(form) or self.is_family(form) or self.is_place(form)


def _folded(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name.casefold() for name in names)


def _all_in(names: frozenset[str], form: str) -> bool:
    folded = form.casefold()
    return folded in names or ("-" in folded and all(part in names for part in folded.split("-")))


@functools.cache
def lists() -> Lists:
    """The lists that come with autokode."""
    return Lists(json.loads((files(__package__) / "names.json").read_text(encoding="utf-8")), faker_names())


@functools.cache
def faker_names() -> dict[str, frozenset[str]]:
    """Faker's names of people: the most common in Norway (Statistics Norway), and others in Latin letters.

    Returns:
        "women", "men": given names in Norway; "all women", "all men": also elsewhere; "given", "family": given names and
        surnames in Norway and elsewhere.
    """
    providers = [
        import_module(f"{person.__name__}.{module.name}").Provider
        for module in pkgutil.iter_modules(person.__path__)
        if module.ispkg
    ]
    norway = [provider for provider in providers if provider.__module__.endswith("no_NO")]
    return {
        "women": _told(norway, "first_names_female"),
        "men": _told(norway, "first_names_male"),
        "all women": _told(providers, "first_names_female"),
        "all men": _told(providers, "first_names_male"),
        "given": _told(providers, "first_names", "first_names_female", "first_names_male"),
        "family": _told(providers, "last_names"),
    }


def _told(providers: Iterable[type], *attributes: str) -> frozenset[str]:
    """The names of Faker's providers that are one capitalised word in Latin letters."""
    listed = (getattr(provider, attribute, ()) for provider in providers for attribute in attributes)
    names = (name for names in listed if isinstance(names, dict | list | tuple) for name in names)
    return frozenset(name for name in names if isinstance(name, str) and _LATIN_NAME.fullmatch(name))


@functools.cache
def words() -> dict[str, tuple[str, ...]]:
    """The word lists of words.yaml."""
    name = "words.yaml"
    data = yaml_files.load_mapping((files(__package__) / name).read_text(encoding="utf-8"), name)
    return {key: tuple(map(str, listed)) for key, listed in data.items()}


@functools.cache
def among(key: str) -> frozenset[str]:
    """A word list of words.yaml as a set, casefolded."""
    return frozenset(word.casefold() for word in words()[key])


def either(key: str) -> str:
    """A regular expression that matches any word of a list, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words()[key], key=len, reverse=True))


@functools.cache
def invented() -> dict[str, dict[str, tuple[str, ...]]]:
    """Letter → "woman" or "man" → invented given names with that initial."""
    data = json.loads((files(__package__) / "invented.json").read_text(encoding="utf-8"))
    return {letter: {sex: tuple(names.split()) for sex, names in by_sex.items()} for letter, by_sex in data.items()}
