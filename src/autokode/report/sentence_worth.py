"""Rate quotes and sentences: their flaws (`cost_of`), and the worth of a sentence in a summary (`Topic.worth`)."""

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
from autokode.report.material import Material, unit
from autokode.report.quote import Quote, Span

DEFINED, TELLING = 1.0, 0.5
"""Weight of the codebook's texts in a topic's mean, beside its quotes; weight of telling words beside nearness to that mean."""

STEM, NUMBER = 5, "#"
"""Letters of a stem, by which forms of a word are the same; the stem of all numbers."""

FEWEST_WORDS, ENOUGH = 2, 5
"""Content words below which a text says nothing, and from which it says enough."""

COST = {
    "no content": 1.0,
    "breaks off": 0.5,
    "question": 0.5,
    "thin": 0.5,
    "dangling": 0.3,
    "length": 0.3,
    "no marks": 0.1,
}
"""Cost of each flaw of a text, on the scale of a cosine, the gravest first."""

STORY, GENERAL = 0.6, 0.3
"""Cost of a sentence made only of story words, and gain of one made only of general words."""

_MARK = re.compile(r"[.!?…]")
_ASIDE = re.compile(r"\([^()\n]{0,40}\)")
"""A transcriber's note: (ler), (pause)."""

_NEVER = r"(?!)"
"""Matches nowhere."""
_SUBJECT = r"(?:jeg|je|eg|æ|vi|me|du|de|dei|dæm|døm|han|hainn|hun|hu|ho|hen|det|den|man|en|ein)\b"
_NAME = r"(?-i:[A-ZÆØÅ])\w+|\w{2,}en\b"
_NOUN = (
    rf"{_NAME}|(?:som|på|i|med|fra|frå|andre)\b|"
    r"(?!(?:ville|kunne|skulle|bare|berre|gjerne|ikke|ikkje|alle)\b)(?:\w+ste|\w{2,}[^\Wtd]e)\b"
)
"""After «de», «den»: a noun, an adjective or a qualifier, so that the word does not only point back."""
_NEW = (
    r"(?!(?:er|e|var|va|betyr|vil si)\W+(?:jo\W+)?(?:bare\W+|mest\W+)?(?:det\W+)?at\b)(?:"
    r"(?:\w+\W+){1,4}?(?:å|at|to|tre|fire|fem|noen|nokon|nån|mange|flere|fleire|ingen|my|mye|mykje|få|lite|forskjell|skilnad)\b|"
    r"(?:\w+\W+){1,3}?(?:en|ein|én|ei|et|eit)\b[^,]*\bsom\b|"
    r"(?!(?:er|e|var?|blir|ble)\b)\w+\W+(?:\w+\W+){0,2}?(?:en|ein|én|ei|et|eit)\b)"
)
"""After «det»: something new that it introduces: «det er vanskelig å», «det er en som», «det kom en»."""


@dataclass(frozen=True, slots=True)
class _SentenceRules:
    """Rules for sentences of a language.

    Attributes:
        dangling: matches an opening that depends on what was said before.
        story: words of a single story: who did what once.
        general: words of general statements.
    """

    dangling: re.Pattern[str]
    story: frozenset[str]
    general: frozenset[str]

    @classmethod
    def of(cls, fillers: str, openings: dict[str, str], story: str, general: str) -> "_SentenceRules":
        """Compile the rules; `openings`: opening words, after any fillers → continuations with which they do not dangle."""
        dangling = "|".join(rf"(?:{words})\b(?!\W++(?:{follows}))" for words, follows in openings.items())
        pattern = re.compile(rf"\W*(?:(?:{fillers})\b\W*)*(?:{dangling})", re.IGNORECASE)
        return cls(pattern, frozenset(story.split()), frozenset(general.split()))


_RULES = {
    "nb": _SentenceRules.of(
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
    "en": _SentenceRules.of(
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
_UNKNOWN = _SentenceRules(re.compile(_NEVER), frozenset(), frozenset())


def has_length(text: str, words: tuple[int, int]) -> bool:
    """Whether a text has at least the first and at most the second number of words."""
    return words[0] <= len(text.split()) <= words[1]


def cost_of(material: Material, quote: Quote, length: tuple[int, int]) -> float:
    """Sum the costs of the flaws of a quote or sentence.

    A text breaks off if its utterance goes on without a punctuation mark, and dangles if it begins with a small letter in an
    utterance that begins with a capital. A transcript without punctuation has neither flaw, since it may be cut anywhere.
    """
    utterance = material.transcripts[quote.transcript].utterances[quote.utterance]
    rest = utterance.text[quote.end - utterance.start :].strip()
    lang, text = material.codebook.language, _ASIDE.sub("", material.spoken_text(quote)).strip()
    end, marked, content = text.rstrip("»”\"')] "), bool(_MARK.search(utterance.text)), len(_stems(text, lang))
    small = _first(text).islower() and _first(utterance.text).isupper()
    quotation = re.match(r"[«“\"][^»”\"]*[.!?…]", text)
    flaws: dict[str, float] = {
        "no content": content < FEWEST_WORDS,
        "breaks off": end.endswith(("…", "...", "-", "–", "—", ","))
        or bool(marked and rest and not _MARK.match(end[-1:])),
        "question": end.endswith("?"),
        "thin": max(0, ENOUGH - content) / ENOUGH,
        "dangling": bool(small or quotation or _rules(lang).dangling.match(text)),
        "length": not has_length(text, length),
        "no marks": not marked,
    }
    return sum(COST[flaw] * share for flaw, share in flaws.items())


def _first(text: str) -> str:
    return text.lstrip("«“\"'([–-… ")[:1]


def _rules(lang: str) -> _SentenceRules:
    return _RULES.get("nb" if lang in NORWEGIAN else lang, _UNKNOWN)


@functools.lru_cache(maxsize=1 << 14)
def _stems(text: str, lang: str) -> frozenset[str]:
    """The stems of the content words of a text, numbers included."""
    forms = [form for form in forms_of(text, lang) if len(form) > 1 and form not in function_words(lang)]
    return frozenset(form[:STEM] if carries_content(form, lang) else NUMBER for form in forms)


@dataclass(frozen=True, slots=True, eq=False)
class Topic:
    """The topic of a theme.

    Attributes:
        quote_words: the words of all quotes of the study.
        mean: of its quotes and the codebook's texts, of length 1; float64 (n_dimensions,).
        telling: stem of a content word → how telling it is.
    """

    quote_words: "QuoteWords"
    mean: Floats
    telling: dict[str, float]

    def worth(self, text: str, vector: Floats) -> float:
        """The worth of a sentence in a summary: nearness to the mean and telling words; story words cost, general words gain."""
        stems, rules = _stems(text, self.quote_words.lang), _rules(self.quote_words.lang)
        words: list[str] = re.findall(r"\w+", text)
        telling = sum(self.telling.get(stem, 0.0) for stem in stems) / math.sqrt(max(len(stems), ENOUGH))
        names = sum(len(word) > 1 and word.istitle() for word in words[1:])
        story = names + sum(word.lower() in rules.story for word in words)
        general = sum(word.lower() in rules.general for word in words)
        return float(vector @ self.mean) + TELLING * telling - (STORY * story - GENERAL * general) / max(len(words), 1)


@dataclass(frozen=True, slots=True, eq=False)
class QuoteWords:
    """The content words of all quotes of a study.

    Attributes:
        lang: the language of the codebook.
        row: a quote's span → its row.
        stems: of each quote.
        vectors: of their content words: unit vectors minus their mean, scaled to length 1; float64 (n_quotes, n_dimensions).
        mean: that mean, float64 (n_dimensions,).
    """

    lang: str
    row: dict[Span, int]
    stems: tuple[frozenset[str], ...]
    vectors: Floats
    mean: Floats

    @classmethod
    def of(cls, material: Material) -> "QuoteWords":
        lang = material.codebook.language
        texts = {quote.span: material.spoken_text(quote) for quotes in material.quotes.values() for quote in quotes}
        vectors = _content(texts.values(), lang)
        mean = vectors.mean(axis=0) if texts else vectors.sum(axis=0)
        stems = tuple(_stems(text, lang) for text in texts.values())
        return cls(lang, {span: i for i, span in enumerate(texts)}, stems, unit(vectors - mean), mean)

    def centred(self, texts: Iterable[str]) -> Floats:
        """Vectors of other texts minus the same mean, of length 1, float64 (n_texts, n_dimensions)."""
        return unit(_content(texts, self.lang) - self.mean)

    def topic(self, quotes: Sequence[Quote], defined: str) -> Topic:
        """The topic of some quotes and of the codebook's texts about them.

        A word is telling by p · ln(p / q): p is the share of these quotes with the word, less one quote, since a sentence belongs
        to a quote itself; q is the share of the other quotes.
        """
        rows = [self.row[quote.span] for quote in quotes]
        mean = unit(self.vectors[rows].sum(axis=0))
        own = Counter(stem for i in rows for stem in self.stems[i])
        others = Counter(stem for i in set(self.row.values()) - set(rows) for stem in self.stems[i])
        shares = {
            stem: ((n - 1) / len(rows), (others[stem] + 1) / (len(self.stems) - len(rows) + 1))
            for stem, n in own.items()
        }
        telling = {stem: p * math.log(p / q) for stem, (p, q) in shares.items() if p > q}
        return Topic(self, unit(mean + DEFINED * self.centred([defined])[0]) if defined else mean, telling)


def _content(texts: Iterable[str], lang: str) -> Floats:
    """Vectors of the content words of texts, each counted once, or of all words of a text without them; of length 1."""
    counted = []
    for forms in (forms_of(text, lang) for text in texts):
        counted.append(Counter(form for form in forms if carries_content(form, lang)) or forms)
    return unit(load(BY_LANGUAGE.get(lang, BY_LANGUAGE["nb"])).of(counted))
