"""Themes: for each code or category who speaks of it and who does not, quotes worth reading, and a draft of a summary.

All choices follow from vectors of the texts and are the same every time; they are suggestions to a person. A sentence of a
summary must make sense on its own: it has content, lies near the mean of the theme, tells no single story, and neither dangles
nor breaks off.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter

import numpy as np

from autokode.base.errors import failure
from autokode.corpus.overlap import longest
from autokode.nlp.text_windows import text_parts
from autokode.report.material import By, Material, unit
from autokode.report.quote import Quote
from autokode.report.sentence_worth import QuoteWords, cost_of, has_length
from autokode.report.theme_sentences import Opposite, Sentences, opposite_of, summary_of

QUOTED = (8, 60)
"""Fewest and most words of a quote that is worth reading on its own."""

FEWEST = 3
"""Fewest quotes of which one is called atypical."""

QUOTES_EACH = 2
"""Quotes per sentence of a summary; any quote at all gives one sentence."""


@dataclass(frozen=True, slots=True)
class Count:
    """How much an interview, office or speaker says about a theme.

    Attributes:
        name, office: the transcript's name, the office's or the speaker's label; and the office.
        quotes: coded segments; overlapping ones count once.
        utterances: answers with such a segment.
        answers: all their answers.
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
class Theme:
    """A code or category in a theme book.

    Attributes:
        name: the code or category.
        codes: the codes it stands for here, itself or all under it.
        quotes: its quotes, in order; of overlapping ones the longest.
        interviews, offices, speakers: counts in the order of the transcripts, zeros included.
        typical: the quote nearest to the mean of all; None without quotes. Like `atypical` and `opposite` an informant's, unless
            the theme has quotes from outside the utterances alone.
        atypical: a quote far from the mean and from the typical one; None if there are fewer than three.
        opposite: a quote that may contradict the typical one, or None.
        summary: sentences of the informants' quotes, the best first, with their positions; `codes` and `coder` are those of the
            quote.
    """

    name: str
    codes: tuple[str, ...]
    quotes: tuple[Quote, ...] = field(repr=False)
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
        """The speakers who do not speak of it."""
        return tuple(one for one in self.speakers if not one.utterances)


def themes(material: Material, *, sentences: int = 5) -> tuple[Theme, ...]:
    """The themes of every code and category, in the order of the codebook; a codable one stands for itself alone."""
    names = dict.fromkeys([*(code.name for code in material.codebook), *material.codes])
    quote_words = QuoteWords.of(material)
    return tuple(_theme(material, quote_words, name, material.under(name), sentences) for name in names)


def theme(material: Material, name: str, *, below: bool = False, sentences: int = 5) -> Theme:
    """The theme of a code or category.

    Args:
        material: the codings.
        name: a code, or a category that is not codable, which stands for all codes under it.
        below: let a codable code stand for the codes under it too.
        sentences: most sentences of the summary.

    Raises:
        DataError: there is no such code.
    """
    if name not in material.codebook and name not in material.codes:
        raise failure(
            f"koden «{name}» er ikke i kodeboken",
            f"the code «{name}» is not in the codebook",
            try_next=", ".join(material.codes[:5]),
        )
    return _theme(material, QuoteWords.of(material), name, material.under(name, below=below), sentences)


def _theme(material: Material, quote_words: QuoteWords, name: str, codes: tuple[str, ...], sentences: int) -> Theme:
    quotes = _quotes_of(material, codes)
    spoken = tuple(quote for quote in quotes if quote.number is not None)
    chosen = spoken or quotes  # text outside the utterances stands for a theme only where nobody speaks of it
    typical, atypical = _typical_and_atypical(material, chosen)
    found = Sentences.of(material, chosen)
    most = min(sentences, math.ceil(len(spoken) / QUOTES_EACH))
    texts = [
        text
        for code in dict.fromkeys((name, *codes))
        if code in material.codebook
        for text in material.codebook[code].texts
    ]
    topic = quote_words.topic(quotes, " ".join(texts))
    return Theme(
        name,
        codes,
        quotes,
        interviews=_counts(material, codes, quotes, "interview"),
        offices=_counts(material, codes, quotes, "office"),
        speakers=_counts(material, codes, quotes, "speaker"),
        typical=None if typical is None else chosen[typical],
        atypical=None if atypical is None else chosen[atypical],
        opposite=None if typical is None else opposite_of(found, chosen, typical),
        summary=tuple(found.quotes[i] for i in summary_of(material, found, topic, most)),
    )


def _quotes_of(material: Material, codes: Sequence[str]) -> tuple[Quote, ...]:
    """The quotes of codes, in order; of overlapping ones in an utterance the longest."""
    by_place: dict[tuple[str, int], list[Quote]] = {}
    for code in codes:
        for quote in material.quotes[code]:
            by_place.setdefault((quote.transcript, quote.utterance), []).append(quote)
    places = sorted(by_place, key=material.row.__getitem__)
    in_order = (sorted(by_place[place], key=attrgetter("start")) for place in places)
    return tuple(quote for quotes in in_order for quote in longest(quotes, attrgetter("start", "end")))


def _counts(material: Material, codes: Sequence[str], quotes: Sequence[Quote], by: By) -> tuple[Count, ...]:
    units = material.units(by)
    columns = [material.codes.index(code) for code in codes]
    has = np.flatnonzero(material.coded[:, columns].any(axis=1))
    coded = Counter(units[i] for i in has)
    quoted = Counter(units[material.row[quote.transcript, quote.utterance]] for quote in quotes)
    known = Counter(one for one in units if one is not None)
    return tuple(Count(*one, quoted[one], coded[one], answers) for one, answers in known.items())


def _readable(material: Material, quotes: Sequence[Quote], ranked: Sequence[int]) -> int | None:
    """The first quote of fair length in whole sentences; or else of fair length; or else the first."""
    fair = [i for i in ranked if has_length(material.spoken_text(quotes[i]), QUOTED)]
    return next((i for i in fair if _whole(material, quotes[i])), next(iter(fair), next(iter(ranked), None)))


def _whole(material: Material, quote: Quote) -> bool:
    utterance = material.transcripts[quote.transcript].utterances[quote.utterance]
    parts, text = text_parts(utterance.text), material.spoken_text(quote)
    start = quote.start - utterance.start + len(text) - len(text.lstrip())
    end = quote.end - utterance.start - len(text) + len(text.rstrip())
    return start in {first for first, _ in parts} and end in {last for _, last in parts}


def _typical_and_atypical(material: Material, quotes: Sequence[Quote]) -> tuple[int | None, int | None]:
    """The typical and the atypical quote: nearest to the mean and far from it, each weighed against its flaws."""
    vectors = material.meaning.of(quotes)
    central = vectors @ unit(vectors.sum(axis=0))
    costs = np.array([cost_of(material, quote, QUOTED) for quote in quotes])
    typical = _readable(material, quotes, np.argsort(costs - central, kind="stable").tolist())
    if typical is None or len(quotes) < FEWEST:
        return typical, None
    ranked = np.argsort(costs + central + vectors @ vectors[typical], kind="stable").tolist()
    return typical, _readable(material, quotes, [i for i in ranked if i != typical])
