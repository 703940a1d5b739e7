"""What a theme book tells of a code or category: who speaks of it and who does not, quotes worth reading, a draft of a summary.

All of it is chosen by the vectors of what was said, and is the same every time. What is chosen is a suggestion to a reader.
A sentence of a summary says something of the theme on its own: it is of substance, near the middle of what is said, not a detail
of one story, and neither begins in the air nor breaks off.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from autokode.base.arrays import Floats
from autokode.base.errors import failure
from autokode.nlp.text_windows import text_parts
from autokode.report.material import By, Material, Quote, longest, unit, vectors_of
from autokode.report.sentence_worth import Heard, Topic, cost_of, has_length

QUOTED, SENTENCE = (8, 60), (6, 40)
"""Words of a quote and of a sentence that are worth reading on their own."""

FEWEST = 3
"""Quotes below which none is atypical."""

WORTH, BEHIND = 0.6, 0.5
"""What a sentence's worth counts in a summary, where the rest is being unlike those chosen before; how far in worth, a cosine,
it may be behind the best."""

QUOTES_EACH = 2
"""Quotes that there are at least for each sentence of a summary; a theme of any quotes has one."""

FIT, GRAVE = 0.3, 0.5
"""Costs from which a sentence gives no interview its first word, and from which it is in a summary only if all cost as much."""

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
    heard = Heard.of(material)
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
        raise failure(
            f"koden «{name}» er ikke i kodeboken",
            f"the code «{name}» is not in the codebook",
            try_next=", ".join(material.codes[:5]),
        )
    return _theme(material, Heard.of(material), name, material.under(name, below=below), sentences)


def _theme(material: Material, heard: "Heard", name: str, codes: tuple[str, ...], sentences: int) -> Theme:
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
    fair = [i for i in ranked if has_length(material.said(quotes[i]), QUOTED)]
    return next((i for i in fair if _whole(material, quotes[i])), next(iter(fair), next(iter(ranked), None)))


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
    against = np.array([cost_of(material, quote, QUOTED) for quote in quotes])
    typical = _readable(material, quotes, np.argsort(against - central, kind="stable").tolist())
    if typical is None or len(quotes) < FEWEST:
        return typical, None
    ranked = np.argsort(against + central + vectors @ vectors[typical], kind="stable").tolist()
    return typical, _readable(material, quotes, [i for i in ranked if i != typical])


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
    fair = [i for i, text in enumerate(said.texts) if has_length(text, SENTENCE)]
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


def _summary(material: Material, said: _Said, topic: Topic, count: int) -> list[int]:
    """Return the sentences of a summary, by maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998).

    One with a grave cost is chosen only where all have, and none that is far behind the best. As long as an interview with a fit
    sentence has none yet, the next is from such a one; so each has one, or as many as fit. An interview without is silent.
    """
    against = np.array([cost_of(material, sentence, SENTENCE) for sentence in said.sentences])
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
