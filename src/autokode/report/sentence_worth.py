"""What a quote or a sentence is worth to a reader: what speaks against it, and what a sentence of a summary is worth."""

import functools
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from autokode.base.arrays import Floats
from autokode.model.features import forms_of
from autokode.model.vectors import BY_LANGUAGE, load
from autokode.nlp.content_words import NORWEGIAN, carries_content, function_words
from autokode.report.material import Material, Quote, Span, unit

DEFINED, TELLING = 1.0, 0.5
"""What the codebook's words for a theme count in its middle beside all that was said of it; what telling words count beside
being near the middle."""

STEM, NUMBER = 5, "#"
"""Letters by which forms of a word are taken for the same; what all numbers are taken for."""

FEWEST_WORDS, ENOUGH = 2, 5
"""Words of content below which a stretch says nothing, and from which it says enough."""

COST = {
    "says nothing": 1.0,
    "breaks off": 0.5,
    "question": 0.5,
    "thin": 0.5,
    "in the air": 0.3,
    "length": 0.3,
    "no marks": 0.1,
}
"""What speaks against a stretch, as cosines, gravest first; where there is nothing better, the last are put up with first."""

STORY, GENERAL = 0.6, 0.3
"""What a sentence of nothing but words of one story costs, and what one of nothing but words for the general gains."""

_MARK = re.compile(r"[.!?…]")
_ASIDE = re.compile(r"\([^()\n]{0,40}\)")
"""What a transcriber notes: (ler), (pause)."""

_NEVER = r"(?!)"
"""Matches nowhere."""
_SUBJECT = r"(?:jeg|je|eg|æ|vi|me|du|de|dei|dæm|døm|han|hainn|hun|hu|ho|hen|det|den|man|en|ein)\b"
_NAME = r"(?-i:[A-ZÆØÅ])\w+|\w{2,}en\b"
_NOUN = (
    rf"{_NAME}|(?:som|på|i|med|fra|frå|andre)\b|"
    r"(?!(?:ville|kunne|skulle|bare|berre|gjerne|ikke|ikkje|alle)\b)(?:\w+ste|\w{2,}[^\Wtd]e)\b"
)
"""After «de», «den»: a noun, an adjective or what tells which, so that it does not only point back."""
_NEW = (
    r"(?!(?:er|e|var|va|betyr|vil si)\W+(?:jo\W+)?(?:bare\W+|mest\W+)?(?:det\W+)?at\b)(?:"
    r"(?:\w+\W+){1,4}?(?:å|at|to|tre|fire|fem|noen|nokon|nån|mange|flere|fleire|ingen|my|mye|mykje|få|lite|forskjell|skilnad)\b|"
    r"(?:\w+\W+){1,3}?(?:en|ein|én|ei|et|eit)\b[^,]*\bsom\b|"
    r"(?!(?:er|e|var?|blir|ble)\b)\w+\W+(?:\w+\W+){0,2}?(?:en|ein|én|ei|et|eit)\b)"
)
"""After «det»: something new, which it only opens for: «det er vanskelig å», «det er en som», «det kom en»."""


@dataclass(frozen=True, slots=True)
class _Tongue:
    """How sentences of a language are read.

    Attributes:
        air: matches an opening that hangs on what was said before.
        story: words of one story, for who did what once.
        general: words for what is so as a rule.
    """

    air: re.Pattern[str]
    story: frozenset[str]
    general: frozenset[str]

    @classmethod
    def of(cls, fillers: str, openings: dict[str, str], story: str, general: str) -> "_Tongue":
        """Read the tables: openings, after any fillers → what follows where they do not hang in the air."""
        hanging = "|".join(rf"(?:{words})\b(?!\W++(?:{follows}))" for words, follows in openings.items())
        air = re.compile(rf"\W*(?:(?:{fillers})\b\W*)*(?:{hanging})", re.IGNORECASE)
        return cls(air, frozenset(story.split()), frozenset(general.split()))


_TONGUES = {
    "nb": _Tongue.of(
        fillers="ja|jo|nei|næi|nja|tja|joda|jada|neida|åh?|eh+m?|altså|liksom|vel|ok(?:ei)?|mhm|hm+|unnskyld",
        openings={
            "og|men|eller|fordi|derfor|difor|dermed|deretter|etterpå|likevel|dessuten|dessutan|at|enn|der|dit|sånn?t?|slikt?|"
            "i stedet|bare at|som sagt|ikke|ikkje|itj": _NEVER,
            "så": r"(?:lenge|mange|langt|snart|mye|mykje|fort)\b",
            "da|då": _SUBJECT,
            "for|førr": r"(?:meg|mæ|deg|dæ|oss|dem|dæm|dei|dere|dykk|min|mi|en|et|ei|ein|eit|å|noen|nokon|nån|mange|alle|folk|"
            r"ordens|eksempel|\w+ år)\b",
            "å": rf"(?!{_SUBJECT}|(?:så|da|då|når|hvis|viss|før)\b)",
            "om": r".*,\W*så\b",
            "hva|kva|ka|hvor|kor|hvem|kven|hvordan|korleis|hvorfor|kvifor": r"som\b",
            "de|dei|den|dem|dæm|døm|dom|begge|denne|dette|disse|desse": _NOUN,
            "han|hainn|hun|hu|ho|hen": rf"{_NAME}|som\b",
            "det": f"{_NOUN}|{_NEW}",
            r"(?:\w+\W+){1,6}?det": r"(?!(?:opp|bort|ut|inn|i|på|til|etterpå|når|og|da|no|nå|der|her)\b)",
        },
        story="han hainn hun hu ho hen ham henne hans hennes hennar sa spurte spurde svarte fortalte ringte gikk gjekk kom satt "
        "sat sto stod ble blei vart fikk fekk tok hadde trodde trudde tenkte visste ville skulle skrev skreiv leste skjønte "
        "begynte sluttet slutta dro kjørte stilte la",
        general="man alltid ofte mange fleste alle aldri ingen noen nokon folk vi må bør skal kan viktig vanlig vanligvis hver "
        "kvar du dere",
    ),
    "en": _Tongue.of(
        fillers="yes|yeah|no|nope|well|ok(?:ay)?|oh|uh|um|er|right|sure|you know|i mean",
        openings={
            "and|but|so|or|because|cause|cos|then|also|which|whereas|plus|not|what|where|who|how|why": _NEVER,
            "it": r"(?:\w+\W+){1,4}?(?:to|that|when|who)\b",
            "this|that|these|those": r"(?!(?:is|was|are|were|s|has|have|had|would|will|can|could|does|did|do|means|meant|made|"
            r"makes|just|really)\b)",
            "they|he|she|them|him|her": "who",
        },
        story="he she him her his said asked told answered called went came sat stood got took had was thought knew wanted began "
        "left drove once yesterday",
        general="you one always often usually never most many all everyone nobody people we must should can every important",
    ),
}
_UNKNOWN = _Tongue(re.compile(_NEVER), frozenset(), frozenset())


def has_length(text: str, words: tuple[int, int]) -> bool:
    """Tell whether a text has no fewer and no more words than the two."""
    return words[0] <= len(text.split()) <= words[1]


def cost_of(material: Material, quote: Quote, length: tuple[int, int]) -> float:
    """Return what speaks against a quote or sentence: the sum of its costs.

    It breaks off where its utterance goes on without a mark, and begins in the air with a small letter where its utterance
    begins with a capital. Speech without marks has neither, as it is cut anywhere.
    """
    utterance = material.transcripts[quote.transcript].utterances[quote.utterance]
    rest = utterance.text[quote.end - utterance.start :].strip()
    lang, text = material.codebook.language, _ASIDE.sub("", material.said(quote)).strip()
    end, marked, content = text.rstrip("»”\"')] "), bool(_MARK.search(utterance.text)), len(_stems(text, lang))
    small = _first(text).islower() and _first(utterance.text).isupper()
    anothers = re.match(r"[«“\"][^»”\"]*[.!?…]", text)
    faults: dict[str, float] = {
        "says nothing": content < FEWEST_WORDS,
        "breaks off": end.endswith(("…", "...", "-", "–", "—", ","))
        or bool(marked and rest and not _MARK.match(end[-1:])),
        "question": end.endswith("?"),
        "thin": max(0, ENOUGH - content) / ENOUGH,
        "in the air": bool(small or anothers or _tongue(lang).air.match(text)),
        "length": not has_length(text, length),
        "no marks": not marked,
    }
    return sum(COST[fault] * share for fault, share in faults.items())


def _first(text: str) -> str:
    return text.lstrip("«“\"'([–-… ")[:1]


def _tongue(lang: str) -> _Tongue:
    return _TONGUES.get("nb" if lang in NORWEGIAN else lang, _UNKNOWN)


@functools.lru_cache(maxsize=1 << 14)
def _stems(text: str, lang: str) -> frozenset[str]:
    """Return the words of content of a text by their stems, numbers among them."""
    forms = [form for form in forms_of(text, lang) if len(form) > 1 and form not in function_words(lang)]
    return frozenset(form[:STEM] if carries_content(form, lang) else NUMBER for form in forms)


@dataclass(frozen=True, slots=True, eq=False)
class Topic:
    """What a theme is about.

    Attributes:
        heard: all that was heard.
        middle: of what is said of it and of what the codebook says of it, of length 1; float64 (n_dimensions,).
        telling: stem of a word of content → how telling it is.
    """

    heard: "Heard"
    middle: Floats
    telling: dict[str, float]

    def worth(self, text: str, vector: Floats) -> float:
        """Return what a sentence is worth in a summary: near the middle, with telling words, and not one story's."""
        stems, tongue = _stems(text, self.heard.lang), _tongue(self.heard.lang)
        words: list[str] = re.findall(r"\w+", text)
        told = sum(self.telling.get(stem, 0.0) for stem in stems) / math.sqrt(max(len(stems), ENOUGH))
        names = sum(len(word) > 1 and word.istitle() for word in words[1:])
        story = names + sum(word.lower() in tongue.story for word in words)
        general = sum(word.lower() in tongue.general for word in words)
        return float(vector @ self.middle) + TELLING * told - (STORY * story - GENERAL * general) / max(len(words), 1)


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """All quotes of a study by their words of content.

    Attributes:
        lang: the language of the codebook.
        row: a quote's span → its row.
        stems: of each quote.
        vectors: of its words of content, of length 1 less their mean, again at length 1; float64 (n_quotes, n_dimensions).
        middle: that mean, float64 (n_dimensions,).
    """

    lang: str
    row: dict[Span, int]
    stems: tuple[frozenset[str], ...]
    vectors: Floats
    middle: Floats

    @classmethod
    def of(cls, material: Material) -> "Heard":
        lang = material.codebook.language
        said = {quote.span: material.said(quote) for quotes in material.quotes.values() for quote in quotes}
        vectors = _content(said.values(), lang)
        middle = vectors.mean(axis=0) if said else vectors.sum(axis=0)
        stems = tuple(_stems(text, lang) for text in said.values())
        return cls(lang, {span: i for i, span in enumerate(said)}, stems, unit(vectors - middle), middle)

    def placed(self, texts: Iterable[str]) -> Floats:
        """Return the vectors of other texts among these, float64 (n_texts, n_dimensions)."""
        return unit(_content(texts, self.lang) - self.middle)

    def topic(self, quotes: Sequence[Quote], defined: str) -> Topic:
        """Return what quotes and the codebook's texts on them are about.

        A word is telling by p · ln(p / q): p is the share of these quotes that have it, but for one, since a sentence is of one
        itself, and q that of the others.
        """
        rows = [self.row[quote.span] for quote in quotes]
        middle = unit(self.vectors[rows].sum(axis=0))
        own = Counter(stem for i in rows for stem in self.stems[i])
        others = Counter(stem for i in set(self.row.values()) - set(rows) for stem in self.stems[i])
        shares = {
            stem: ((n - 1) / len(rows), (others[stem] + 1) / (len(self.stems) - len(rows) + 1))
            for stem, n in own.items()
        }
        telling = {stem: p * math.log(p / q) for stem, (p, q) in shares.items() if p > q}
        return Topic(self, unit(middle + DEFINED * self.placed([defined])[0]) if defined else middle, telling)


def _content(texts: Iterable[str], lang: str) -> Floats:
    """Return the vectors of the words of content of texts, each counted once, of length 1; of all words of a text without."""
    counted = []
    for forms in (forms_of(text, lang) for text in texts):
        counted.append(Counter(form for form in forms if carries_content(form, lang)) or forms)
    return unit(load(BY_LANGUAGE.get(lang, BY_LANGUAGE["nb"])).of(counted))
