"""What a theme book tells of a code or category: who speaks of it and who does not, quotes worth reading, a draft of a summary.

All of it is chosen by the vectors of what was said, and is the same every time. What is chosen is a suggestion to a reader.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from autokode.errors import DataError, Problem
from autokode.features import Floats
from autokode.language import say
from autokode.parts import text_parts
from autokode.report.material import By, Material, Quote, longest, unit, vectors_of

QUOTED, SENTENCE = (8, 60), (6, 40)
"""Words of a quote and of a sentence that are worth reading on their own."""

FEWEST = 3
"""Quotes below which none is atypical."""

CENTRAL = 0.7
"""What being central counts in a summary; the rest is being unlike the sentences chosen before."""

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
        summary: sentences of the quotes, the most central first, each at its place; `codes` and `coder` are its quote's.
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
    return tuple(theme(material, name, sentences=sentences) for name in names)


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
    codes = material.under(name, below=below)
    quotes = _once(material, codes)
    vectors = material.meaning.of(quotes)
    middle = unit(vectors.sum(axis=0))
    typical, atypical = _two(material, quotes, vectors, middle)
    said = _Said.of(material, quotes)
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
        summary=tuple(said.sentences[i] for i in _summary(said, middle, sentences)),
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


def _two(material: Material, quotes: Sequence[Quote], vectors: Floats, middle: Floats) -> tuple[int | None, int | None]:
    """Return the typical quote and the atypical one."""
    central = vectors @ middle
    typical = _readable(material, quotes, np.argsort(-central, kind="stable").tolist())
    if typical is None or len(quotes) < FEWEST:
        return typical, None
    ranked = np.argsort(central + vectors @ vectors[typical], kind="stable").tolist()
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


def _summary(said: _Said, middle: Floats, count: int) -> list[int]:
    """Return the sentences of a summary, by maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998).

    As long as an interview has none yet, the next is from such a one; so each has one, or as many as fit.
    """
    interviews = [sentence.transcript for sentence in said.sentences]
    fair = {i for i, text in enumerate(said.texts) if _fair(text, SENTENCE)}
    heard = {interviews[i] for i in fair}
    left = [i for i, name in enumerate(interviews) if i in fair or name not in heard]
    central, nearest = said.vectors @ middle, np.zeros(len(interviews))
    chosen: list[int] = []
    while left and len(chosen) < count:
        shown = {interviews[i] for i in chosen}
        new = [i for i in left if interviews[i] not in shown] or left
        best = max(new, key=lambda i: (CENTRAL * central[i] - (1 - CENTRAL) * nearest[i], -i))
        chosen.append(best)
        left.remove(best)
        nearest = np.maximum(nearest, said.vectors @ said.vectors[best])
    return chosen
