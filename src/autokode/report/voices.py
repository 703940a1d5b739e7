"""What a theme book tells of a code or category: who speaks of it and who does not, quotes worth reading, a draft of a summary.

All of it is chosen by the vectors of what was said, and is the same every time. What is chosen is a suggestion to a reader.
A sentence of a summary says something of the theme on its own: it is of substance, near the middle of what is said, not a detail
of one story, and neither begins in the air nor breaks off.
"""

import functools
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from autokode.content_words import NORWEGIAN, carries_content, function_words
from autokode.errors import DataError, Problem
from autokode.features import Floats, forms_of
from autokode.language import say
from autokode.parts import text_parts
from autokode.report.material import By, Material, Quote, Span, longest, unit, vectors_of
from autokode.vectors import BY_LANGUAGE, load

QUOTED, SENTENCE = (8, 60), (6, 40)
"""Words of a quote and of a sentence that are worth reading on their own."""

FEWEST = 3
"""Quotes below which none is atypical."""

WORTH, BEHIND = 0.6, 0.5
"""What a sentence's worth counts in a summary, where the rest is being unlike those chosen before; how far in worth, a cosine,
it may be behind the best."""

QUOTES_EACH = 2
"""Quotes that there are at least for each sentence of a summary; a theme of any quotes has one."""

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

FIT, GRAVE = 0.3, 0.5
"""Costs from which a sentence gives no interview its first word, and from which it is in a summary only if all cost as much."""

STORY, GENERAL = 0.6, 0.3
"""What a sentence of nothing but words of one story costs, and what one of nothing but words for the general gains."""

NEAR, SAME_WORDS = 0.55, 0.5
"""Two sentences speak of the same from this cosine on, or from this share of words in common (Dice), 0-1."""

NEGATION = re.compile(
    r"\b(?:(?:ikke|ikkje|ikkj|ikkji|ikk|itj|ittj|itte|inte|ente|isje)(?!\s+(?:sant|bare|berre))"
    r"|aldri|ingen|inga|inkje|ingenting|ingenteng|ingensteds|uten|utan|neppe|verken|hverken|korkje)\b",
    re.IGNORECASE,
)
"""Words that negate, Bokmål, Nynorsk and dialect; «ikke sant» and «ikke bare» do not."""

BUT = 0.05
"""What a word of contrast adds to the likeness by which a contradicting sentence is chosen."""

CONTRAST = re.compile(
    r"\b(?:men|derimot|tvert|tvertimot|tvertom|likevel|snarere|imidlertid|motsatt|heller)\b", re.IGNORECASE
)

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


@dataclass(frozen=True, slots=True)
class Count:
    """How much an interview, office or speaker says of a theme.

    Attributes:
        name, office: who; of an office both are its name, and a speaker is the label in the transcript.
        quotes: stretches coded, overlapping ones once.
        utterances: answers with such a stretch.
        answers: all answers of theirs.
    """

    name: str
    office: str
    quotes: int
    utterances: int
    answers: int

    @property
    def share(self) -> float:
        """Answers with the theme as a share of all their answers, 0-1."""
        return self.utterances / self.answers


@dataclass(frozen=True, slots=True)
class Opposite:
    """A quote that may contradict the typical one: a guess from words, for a reader to judge.

    Attributes:
        quote: the whole quote.
        sentence: the sentence in it.
        against: the sentence of the typical quote that is like it.
        likeness: cosine of the two, -1 to 1.
        words: the words of both that negate, of which one of the two has none.
    """

    quote: Quote
    sentence: Quote
    against: Quote
    likeness: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Theme:
    """A code or category as a theme book tells of it.

    Attributes:
        name: the code or category.
        codes: the codes it stands for here, itself or all under it.
        quotes: its quotes, by transcript and place; of overlapping ones the longest.
        interviews, offices, speakers: counts, also of those that say nothing of it, in the order of the transcripts.
        typical: the quote nearest to the middle of all; None without quotes.
        atypical: one far from the middle and from the typical; None of fewer than three quotes.
        opposite: one that may contradict the typical; None where none is found.
        summary: sentences of the quotes, the best first, each at its place; `codes` and `coder` are its quote's.
    """

    name: str
    codes: tuple[str, ...]
    quotes: tuple[Quote, ...]
    interviews: tuple[Count, ...]
    offices: tuple[Count, ...]
    speakers: tuple[Count, ...]
    typical: Quote | None
    atypical: Quote | None
    opposite: Opposite | None
    summary: tuple[Quote, ...]

    @property
    def speaking(self) -> tuple[Count, ...]:
        """The speakers who speak of it, most utterances first."""
        return tuple(sorted((one for one in self.speakers if one.utterances), key=lambda one: -one.utterances))

    @property
    def silent(self) -> tuple[Count, ...]:
        """The speakers who do not."""
        return tuple(one for one in self.speakers if not one.utterances)


def themes(material: Material, *, sentences: int = 5) -> tuple[Theme, ...]:
    """Return the theme of every code and category, by the tree; a codable one stands for itself alone."""
    names = dict.fromkeys([*(code.name for code in material.codebook), *material.codes])
    heard = _Heard.of(material)
    return tuple(_theme(material, heard, name, material.under(name), sentences) for name in names)


def theme(material: Material, name: str, *, below: bool = False, sentences: int = 5) -> Theme:
    """Return what there is to tell of a code or category.

    Args:
        material: the codings.
        name: a code, or a category that is not codable, which stands for all codes under it.
        below: whether a codable code stands for those under it too.
        sentences: of the summary, at the most.

    Raises:
        DataError: there is no such code.
    """
    if name not in material.codebook and name not in material.codes:
        what = say(f"koden «{name}» er ikke i kodeboken", f"the code «{name}» is not in the codebook")
        raise DataError(Problem(what), try_next=", ".join(material.codes[:5]))
    return _theme(material, _Heard.of(material), name, material.under(name, below=below), sentences)


def _theme(material: Material, heard: "_Heard", name: str, codes: tuple[str, ...], sentences: int) -> Theme:
    quotes = _once(material, codes)
    typical, atypical = _two(material, quotes)
    said = _Said.of(material, quotes)
    most = min(sentences, math.ceil(len(quotes) / QUOTES_EACH))
    texts = [
        text
        for code in dict.fromkeys((name, *codes))
        if code in material.codebook
        for text in material.codebook[code].texts
    ]
    return Theme(
        name,
        codes,
        quotes,
        interviews=_counts(material, codes, quotes, "interview"),
        offices=_counts(material, codes, quotes, "office"),
        speakers=_counts(material, codes, quotes, "speaker"),
        typical=None if typical is None else quotes[typical],
        atypical=None if atypical is None else quotes[atypical],
        opposite=None if typical is None else _opposite(said, quotes, typical),
        summary=tuple(said.sentences[i] for i in _summary(material, said, heard.topic(quotes, " ".join(texts)), most)),
    )


def _once(material: Material, codes: Sequence[str]) -> tuple[Quote, ...]:
    """Return the quotes of codes; where stretches of one utterance overlap, the longest."""
    by_place: dict[tuple[str, int], list[tuple[int, int, Quote]]] = {}
    for code in codes:
        for quote in material.quotes[code]:
            by_place.setdefault((quote.transcript, quote.utterance), []).append((quote.start, quote.end, quote))
    places = sorted(by_place, key=material.row.__getitem__)
    return tuple(quote for place in places for _, _, quote in longest(by_place[place]))


def _counts(material: Material, codes: Sequence[str], quotes: Sequence[Quote], by: By) -> tuple[Count, ...]:
    units = material.units(by)
    columns = [material.codes.index(code) for code in codes]
    has = np.flatnonzero(material.given[:, columns].any(axis=1))
    said = Counter(units[i] for i in has)
    quoted = Counter(units[material.row[quote.transcript, quote.utterance]] for quote in quotes)
    return tuple(Count(*one, quoted[one], said[one], answers) for one, answers in Counter(units).items())


def _readable(material: Material, quotes: Sequence[Quote], ranked: Sequence[int]) -> int | None:
    """Return the first that is worth reading: whole sentences of a fair length, else of a fair length, else the first."""
    fair = [i for i in ranked if _fair(material.said(quotes[i]), QUOTED)]
    return next((i for i in fair if _whole(material, quotes[i])), next(iter(fair), next(iter(ranked), None)))


def _fair(text: str, words: tuple[int, int]) -> bool:
    return words[0] <= len(text.split()) <= words[1]


def _whole(material: Material, quote: Quote) -> bool:
    utterance = material.transcripts[quote.transcript].utterances[quote.utterance]
    parts, said = text_parts(utterance.text), material.said(quote)
    start = quote.start - utterance.start + len(said) - len(said.lstrip())
    end = quote.end - utterance.start - len(said) + len(said.rstrip())
    return start in {first for first, _ in parts} and end in {last for _, last in parts}


def _two(material: Material, quotes: Sequence[Quote]) -> tuple[int | None, int | None]:
    """Return the typical quote and the atypical one: nearest to the middle and far from it, but for what speaks against them."""
    vectors = material.meaning.of(quotes)
    central = vectors @ unit(vectors.sum(axis=0))
    against = np.array([_against(material, quote, QUOTED) for quote in quotes])
    typical = _readable(material, quotes, np.argsort(against - central, kind="stable").tolist())
    if typical is None or len(quotes) < FEWEST:
        return typical, None
    ranked = np.argsort(against + central + vectors @ vectors[typical], kind="stable").tolist()
    return typical, _readable(material, quotes, [i for i in ranked if i != typical])


def _against(material: Material, quote: Quote, length: tuple[int, int]) -> float:
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
        "length": not _fair(text, length),
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
class _Topic:
    """What a theme is about.

    Attributes:
        heard: all that was heard.
        middle: of what is said of it and of what the codebook says of it, of length 1; float64 (n_dimensions,).
        telling: stem of a word of content → how telling it is.
    """

    heard: "_Heard"
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
class _Heard:
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
    def of(cls, material: Material) -> "_Heard":
        lang = material.codebook.language
        said = {quote.span: material.said(quote) for quotes in material.quotes.values() for quote in quotes}
        vectors = _content(said.values(), lang)
        middle = vectors.mean(axis=0) if said else vectors.sum(axis=0)
        stems = tuple(_stems(text, lang) for text in said.values())
        return cls(lang, {span: i for i, span in enumerate(said)}, stems, unit(vectors - middle), middle)

    def placed(self, texts: Iterable[str]) -> Floats:
        """Return the vectors of other texts among these, float64 (n_texts, n_dimensions)."""
        return unit(_content(texts, self.lang) - self.middle)

    def topic(self, quotes: Sequence[Quote], defined: str) -> _Topic:
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
        return _Topic(self, unit(middle + DEFINED * self.placed([defined])[0]) if defined else middle, telling)


def _content(texts: Iterable[str], lang: str) -> Floats:
    """Return the vectors of the words of content of texts, each counted once, of length 1; of all words of a text without."""
    counted = []
    for forms in (forms_of(text, lang) for text in texts):
        counted.append(Counter(form for form in forms if carries_content(form, lang)) or forms)
    return unit(load(BY_LANGUAGE.get(lang, BY_LANGUAGE["nb"])).of(counted))


@dataclass(frozen=True, slots=True, eq=False)
class _Said:
    """Every sentence of some quotes: as a quote itself, the number of its quote, its words, its vector (n, n_dimensions)."""

    sentences: tuple[Quote, ...]
    of_quote: tuple[int, ...]
    texts: tuple[str, ...]
    vectors: Floats

    @classmethod
    def of(cls, material: Material, quotes: Sequence[Quote]) -> "_Said":
        rows = []
        for i, quote in enumerate(quotes):
            said = material.said(quote)
            for start, end in text_parts(said):
                own = replace(quote, start=quote.start + start, end=quote.start + end, text=quote.text[start:end])
                rows.append((own, i, said[start:end]))
        sentences, numbers, texts = zip(*rows, strict=True) if rows else ((), (), ())
        vectors = unit(vectors_of(texts, material.codebook.language))
        return cls(sentences, numbers, texts, unit(vectors - material.meaning.middle))


def _opposite(said: _Said, quotes: Sequence[Quote], typical: int) -> Opposite | None:
    """Return the sentence most like one of the typical quote's, of which the one is negated and the other not."""
    fair = [i for i, text in enumerate(said.texts) if _fair(text, SENTENCE)]
    negated = {i: tuple(NEGATION.findall(said.texts[i])) for i in fair}
    words = {i: set(re.findall(r"\w+", NEGATION.sub(" ", said.texts[i].casefold()))) for i in fair}
    ranked = []
    for i in fair:
        if said.of_quote[i] == typical:
            others = [j for j in fair if said.of_quote[j] != typical and bool(negated[j]) != bool(negated[i])]
            for j, cosine in zip(others, (said.vectors[others] @ said.vectors[i]).tolist(), strict=True):
                if cosine >= NEAR or _dice(words[i], words[j]) >= SAME_WORDS:
                    ranked.append((cosine + BUT * bool(CONTRAST.search(said.texts[j])), -i, -j, cosine))
    if not ranked:
        return None
    _, i, j, cosine = max(ranked)
    return Opposite(
        quotes[said.of_quote[-j]], said.sentences[-j], said.sentences[-i], cosine, negated[-i] or negated[-j]
    )


def _dice(one: set[str], other: set[str]) -> float:
    """Return the words two sentences have in common as a share of all of theirs, 0-1 (Dice 1945)."""
    return 2 * len(one & other) / max(len(one) + len(other), 1)


def _summary(material: Material, said: _Said, topic: _Topic, count: int) -> list[int]:
    """Return the sentences of a summary, by maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998).

    One with a grave cost is chosen only where all have, and none that is far behind the best. As long as an interview with a fit
    sentence has none yet, the next is from such a one; so each has one, or as many as fit. An interview without is silent.
    """
    against = np.array([_against(material, sentence, SENTENCE) for sentence in said.sentences])
    vectors = topic.heard.placed(said.texts)
    worth = np.array([topic.worth(*each) for each in zip(said.texts, vectors, strict=True)]) - against
    left = np.flatnonzero(against < GRAVE).tolist() or list(range(len(against)))
    best = max((worth[i] for i in left), default=0.0)
    left = [i for i in left if worth[i] >= best - BEHIND]
    interviews = [sentence.transcript for sentence in said.sentences]
    nearest = np.zeros(len(against))
    chosen: list[int] = []
    while left and len(chosen) < count:
        shown = {interviews[i] for i in chosen}
        new = [i for i in left if against[i] < FIT and interviews[i] not in shown] or left
        chosen.append(max(new, key=lambda i: (WORTH * worth[i] - (1 - WORTH) * nearest[i], -i)))
        left.remove(chosen[-1])
        nearest = np.maximum(nearest, vectors @ vectors[chosen[-1]])
    return chosen
