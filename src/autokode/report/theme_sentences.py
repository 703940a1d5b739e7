"""Sentences of a theme's quotes: those of a summary, and the one that may contradict the typical quote."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from autokode.base.arrays import Floats
from autokode.nlp.text_windows import text_parts
from autokode.report.material import Material, unit, vectors_of
from autokode.report.quote import Quote
from autokode.report.sentence_worth import Topic, cost_of, has_length

SENTENCE = (6, 40)
"""Fewest and most words of a sentence that is worth reading on its own."""

WORTH, BEHIND = 0.6, 0.5
"""Weight of a sentence's worth in a summary, the rest being its difference from the sentences before; how far its worth, on the
scale of a cosine, may lie behind the best."""

FIT, GRAVE = 0.3, 0.5
"""Cost from which a sentence does not represent its interview, and from which a summary takes it only if all cost as much."""

NEAR, SAME_WORDS = 0.55, 0.5
"""Lowest cosine, or lowest share of common words (Dice, 0-1), of two sentences about the same."""

NEGATION = re.compile(
    r"\b(?:(?:ikke|ikkje|ikkj|ikkji|ikk|itj|ittj|itte|inte|ente|isje)(?!\s+(?:sant|bare|berre))"
    r"|aldri|ingen|inga|inkje|ingenting|ingenteng|ingensteds|uten|utan|neppe|verken|hverken|korkje)\b",
    re.IGNORECASE,
)
"""Negations in Bokmål, Nynorsk and dialects; «ikke sant» and «ikke bare» are none."""

BUT = 0.05
"""Addition to the likeness of a sentence with a word of contrast, in the choice of a contradicting one."""

CONTRAST = re.compile(
    r"\b(?:men|derimot|tvert|tvertimot|tvertom|likevel|snarere|imidlertid|motsatt|heller)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Opposite:
    """A quote that may contradict the typical one: a guess from words, for a person to judge.

    Attributes:
        quote: the whole quote.
        sentence: the sentence in it.
        against: the similar sentence of the typical quote.
        likeness: cosine of the two, -1 to 1.
        words: the negations, which only one of the two has.
    """

    quote: Quote
    sentence: Quote
    against: Quote
    likeness: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Sentences:
    """The n sentences of some quotes: each as a quote, the number of its quote, its text, its vector (n, n_dimensions)."""

    quotes: tuple[Quote, ...] = field(repr=False)
    of_quote: tuple[int, ...]
    texts: tuple[str, ...] = field(repr=False)
    vectors: Floats

    @classmethod
    def of(cls, material: Material, quotes: Sequence[Quote]) -> "Sentences":
        rows = []
        for i, quote in enumerate(quotes):
            text = material.spoken_text(quote)
            for start, end in text_parts(text):
                own = replace(quote, start=quote.start + start, end=quote.start + end, text=quote.text[start:end])
                rows.append((own, i, text[start:end]))
        own_quotes, numbers, texts = zip(*rows, strict=True) if rows else ((), (), ())
        vectors = unit(vectors_of(texts, material.codebook.language))
        return cls(own_quotes, numbers, texts, unit(vectors - material.meaning.mean))


def opposite_of(sentences: Sentences, quotes: Sequence[Quote], typical: int) -> Opposite | None:
    """The sentence most like one of the typical quote's, where only one of the two is negated; None if there is none."""
    fair = [i for i, text in enumerate(sentences.texts) if has_length(text, SENTENCE)]
    negated = {i: tuple(NEGATION.findall(sentences.texts[i])) for i in fair}
    words = {i: set(re.findall(r"\w+", NEGATION.sub(" ", sentences.texts[i].casefold()))) for i in fair}
    ranked = []
    for i in fair:
        if sentences.of_quote[i] == typical:
            others = [j for j in fair if sentences.of_quote[j] != typical and bool(negated[j]) != bool(negated[i])]
            for j, cosine in zip(others, (sentences.vectors[others] @ sentences.vectors[i]).tolist(), strict=True):
                if cosine >= NEAR or _dice(words[i], words[j]) >= SAME_WORDS:
                    ranked.append((cosine + BUT * bool(CONTRAST.search(sentences.texts[j])), -i, -j, cosine))
    if not ranked:
        return None
    _, i, j, cosine = max(ranked)
    return Opposite(
        quotes[sentences.of_quote[-j]], sentences.quotes[-j], sentences.quotes[-i], cosine, negated[-i] or negated[-j]
    )


def _dice(one: set[str], other: set[str]) -> float:
    """Common words of two sentences as a share of all their words, 0-1 (Dice 1945)."""
    return 2 * len(one & other) / max(len(one) + len(other), 1)


def summary_of(material: Material, sentences: Sentences, topic: Topic, count: int) -> list[int]:
    """Choose at most `count` sentences by maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998); return their numbers.

    Sentences of grave cost come in only if all are such; sentences far behind the best never do. While an interview with a fit
    sentence (cost below `FIT`) has none in the summary, the next one comes from such an interview.
    """
    against = np.array([cost_of(material, one, SENTENCE) for one in sentences.quotes])
    vectors = topic.quote_words.centred(sentences.texts)
    worth = np.array([topic.worth(*each) for each in zip(sentences.texts, vectors, strict=True)]) - against
    left = np.flatnonzero(against < GRAVE).tolist() or list(range(len(against)))
    best = max((worth[i] for i in left), default=0.0)
    left = [i for i in left if worth[i] >= best - BEHIND]
    interviews = [one.transcript for one in sentences.quotes]
    nearest = np.zeros(len(against))
    chosen: list[int] = []
    while left and len(chosen) < count:
        shown = {interviews[i] for i in chosen}
        new = [i for i in left if against[i] < FIT and interviews[i] not in shown] or left
        chosen.append(max(new, key=lambda i: (WORTH * worth[i] - (1 - WORTH) * nearest[i], -i)))
        left.remove(chosen[-1])
        nearest = np.maximum(nearest, vectors @ vectors[chosen[-1]])
    return chosen
