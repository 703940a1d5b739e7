"""Finds what to show beside a suggestion: the most similar utterances, and suggestions for near-identical ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from autokode.base.formatting import shortened
from autokode.project.active_learning.similarity import NEAR, SAME_WORDS, Similarity, alike
from autokode.project.store.coders import Coder
from autokode.project.store.decision_rows import coded_places, rejected_places
from autokode.project.store.followed_names import names_in
from autokode.project.store.project import Project
from autokode.project.store.round_rows import suggestion_with, undecided_of
from autokode.project.store.utterance_rows import Quote, UtteranceId, quotes

SHORT = 160
"""Code points of a quote shown beside a suggestion."""


Places = dict[str, frozenset[UtteranceId]]
"""Code → utterances."""


@dataclass(frozen=True, slots=True)
class SimilarUtterance:
    """Another utterance, shown beside a suggestion because it resembles the one that the suggestion is for."""

    place: UtteranceId
    transcript: str
    speaker: str
    quote: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Examples:
    """Where a coder gave each code, and where they rejected it: code → places."""

    given: Places
    rejected: Places

    @classmethod
    def of(cls, project: Project, coder: Coder) -> "Examples":
        names = names_in(project)
        return cls(*(_called(places(project, coder), names) for places in (coded_places, rejected_places)))


def _called(places: Places, names: Mapping[str, str]) -> Places:
    found: dict[str, frozenset[UtteranceId]] = {}
    for code, own in places.items():
        found[names.get(code, code)] = found.get(names.get(code, code), frozenset()) | own
    return found


def nearest(
    place: UtteranceId, code: str, likeness: Similarity | None, examples: Examples | None
) -> tuple[UtteranceId | None, UtteranceId | None]:
    """The most similar utterance that was given a code, and the most similar one for which it was rejected."""
    if likeness is None or examples is None:
        return None, None
    given, rejected = (where.get(code, frozenset()) for where in (examples.given, examples.rejected))
    return likeness.nearest(place, given), likeness.nearest(place, rejected)


def near(place: UtteranceId | None, said: Mapping[UtteranceId, Quote]) -> SimilarUtterance | None:
    """Add to a hit the names and text that `said` has for its place; None for no hit."""
    if place is None:
        return None
    quote = said[place]
    return SimilarUtterance(place, quote.transcript, quote.speaker, shortened(quote.text, SHORT))


def near_suggestions(
    project: Project, coder: Coder, suggestion: int, likeness: Similarity
) -> list[tuple[int, str, str, str]]:
    """(suggestion, transcript, speaker, quote) of undecided suggestions of the same code in near-identical utterances."""
    own = suggestion_with(project, suggestion)
    if own is None or coder.blind:
        return []
    others = [other for other in undecided_of(project, coder, own.code) if other.id != suggestion]
    cosines = likeness.to(own.place, [other.place for other in others])
    alikes = [other for other, cosine in zip(others, cosines.tolist(), strict=True) if cosine >= NEAR]
    said = quotes(project, {own.place, *(other.place for other in alikes)})
    return [
        (other.id, quote.transcript, quote.speaker, shortened(quote.text, SHORT))
        for other in alikes
        if alike(said[own.place].text, (quote := said[other.place]).text) >= SAME_WORDS
    ]
