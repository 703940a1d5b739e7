"""Builds what the page shows of utterances: their text in pieces, what is suggested and coded there, and what resembles it."""

import itertools
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from autokode.corpus.overlap import overlap, overlapped
from autokode.corpus.utterance import Utterance
from autokode.project.active_learning.similarity import Similarity
from autokode.project.store.coders import Coder
from autokode.project.store.project import Project
from autokode.project.store.shown_rows import CodingShown, SuggestionShown, UtterancesShown, utterances_shown
from autokode.project.store.utterance_rows import quotes
from autokode.project.views.similar_utterances import Examples, SimilarUtterance, near, nearest

STRENGTHS = 4
"""Steps in which the page shows how strong evidence is."""


@dataclass(frozen=True, slots=True)
class Card:
    """A suggestion with what the page shows beside it.

    Attributes:
        words: (start, end, strength 1–4, word), strongest first.
        question: what the question adds to the logit.
        unseen: whether the coder has given the code nowhere, so that it is suggested from the codebook alone.
        accepted, rejected: the most similar utterance that was given the code, and the one for which it was rejected.
    """

    suggestion: SuggestionShown
    words: tuple[tuple[int, int, int, str], ...] = field(repr=False)
    question: float
    unseen: bool
    accepted: SimilarUtterance | None
    rejected: SimilarUtterance | None


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of an utterance's text in which no evidence and no coding begins or ends.

    Attributes:
        start: code points into the transcript's text.
        text: the piece; a line break stands alone, as "\\n".
        evidence: suggestion → strength.
        codings: the ids of the codings that cover it.
    """

    start: int
    text: str = field(repr=False)
    evidence: dict[int, int]
    codings: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A coding's line under the text, counted from the topmost, and its code."""

    line: int
    code: str


@dataclass(frozen=True, slots=True)
class UtteranceView:
    """An utterance as shown.

    Attributes:
        by_models: (code, model) of what models coded there without a person.
        little_known: whether the model knows next to nothing of its words.
    """

    transcript: int
    number: int
    utterance: Utterance
    read: bool
    memo: str = field(repr=False)
    why: str
    cards: tuple[Card, ...] = field(repr=False)
    codings: tuple[CodingShown, ...] = field(repr=False)
    rejected: tuple[tuple[str, int | None, str], ...]
    pieces: tuple[Piece, ...] = field(repr=False)
    by_models: tuple[tuple[str, str], ...] = ()
    little_known: bool = False

    @property
    def marks(self) -> dict[int, Mark]:
        """Coding → its line under the text; codings that overlap have lines of their own."""
        found: dict[int, Mark] = {}
        ends: list[int] = []
        for coding in sorted(self.codings, key=lambda one: (one.start, -one.end)):
            line = next((i for i, end in enumerate(ends) if end <= coding.start), len(ends))
            ends[line : line + 1] = [coding.end]
            found[coding.id] = Mark(line, coding.code)
        return found


def turns_shown(
    project: Project,
    coder: Coder,
    transcript: int,
    *,
    likeness: Similarity | None = None,
    examples: Examples | None = None,
    numbers: Collection[int] | None = None,
) -> list[UtteranceView]:
    """The utterances of a transcript as shown to a coder, all or those with these numbers.

    Raises:
        DataError: the file cannot be read.
    """
    shown = utterances_shown(project, coder, transcript, numbers)
    if shown is None:
        return []
    hits = [nearest((transcript, one.utterance), one.code, likeness, examples) for one in shown.suggestions]
    said = quotes(project, {place for both in hits for place in both if place is not None})
    cards: dict[int, list[Card]] = {}
    for one, (accepted, rejected) in zip(shown.suggestions, hits, strict=True):
        card = _card(one, near(accepted, said), near(rejected, said), unseen=one.code in shown.unseen)
        cards.setdefault(one.utterance, []).append(card)
    codings: dict[int, list[CodingShown]] = {}
    places, utterances = list(shown.utterances), list(shown.utterances.values())
    for coding in shown.codings:
        for index in overlapped(utterances, coding.start, coding.end):
            codings.setdefault(places[index], []).append(coding)
    return [
        _turn(shown, transcript, number, tuple(cards.get(number, ())), tuple(codings.get(number, ())))
        for number in shown.utterances
    ]


def _turn(
    shown: UtterancesShown, transcript: int, number: int, cards: tuple[Card, ...], codings: tuple[CodingShown, ...]
) -> UtteranceView:
    own = shown.utterances[number]
    return UtteranceView(
        transcript=transcript,
        number=number,
        utterance=own,
        read=number in shown.read,
        memo=shown.memos.get(number, ""),
        why=shown.why.get(number, ""),
        cards=cards,
        codings=codings,
        rejected=tuple(shown.rejected.get(number, ())),
        pieces=tuple(pieces(own.text, own.start, cards, codings)),
        by_models=tuple(
            (code, model) for code, model, start, end in shown.by_models if overlap(start, end, own.start, own.end)
        ),
        little_known=number in shown.little_known,
    )


def _card(
    one: SuggestionShown, accepted: SimilarUtterance | None, rejected: SimilarUtterance | None, *, unseen: bool
) -> Card:
    evidence = one.evidence or {"words": [], "question": 0.0}
    strongest = max((word[2] for word in evidence["words"]), default=1.0)
    return Card(
        suggestion=one,
        words=tuple(
            (start, end, max(1, round(STRENGTHS * contribution / strongest)), word)
            for start, end, contribution, word in evidence["words"]
        ),
        question=evidence["question"],
        unseen=unseen,
        accepted=accepted,
        rejected=rejected,
    )


def pieces(text: str, offset: int, cards: Iterable[Card], codings: Iterable[CodingShown]) -> Iterator[Piece]:
    """Cut an utterance's text wherever evidence, a coding or a line begins or ends; joined again it is the same text.

    A line end (LF, CR or both) is a piece of its own, whose text is "\\n", since browsers make that of all of them.
    """
    size = len(text)
    cuts = {0, size}
    words = [
        (start - offset, end - offset, card.suggestion.id, strength)
        for card in cards
        for start, end, strength, _word in card.words
    ]
    spans = [(max(0, coding.start - offset), min(size, coding.end - offset), coding.id) for coding in codings]
    cuts |= {place for start, end, *_rest in (*words, *spans) for place in (start, end) if 0 <= place <= size}
    at = 0
    while at < size:
        if text[at] in "\r\n":
            width = 2 if text[at : at + 2] == "\r\n" else 1
            cuts -= {at + 1} if width == 2 else set()
            cuts |= {at, at + width}
            at += width
        else:
            at += 1
    for start, end in itertools.pairwise(sorted(cuts)):
        evidence = {card: strength for first, last, card, strength in words if first <= start and end <= last}
        covering = tuple(coding for first, last, coding in spans if first <= start and end <= last)
        own = "\n" if text[start] in "\r\n" else text[start:end]
        yield Piece(offset + start, own, evidence, covering)
