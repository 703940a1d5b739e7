"""What the page shows of the cards of proposed codes: their answers as they are now, and how sure a group is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from autokode.project.store.code_cards import Card, Cards
from autokode.project.store.kept_codings import texts_changed_since
from autokode.project.store.project import Project
from autokode.project.store.utterance_rows import UtteranceId, quotes
from autokode.project.views.similar_utterances import SimilarUtterance, near

TYPICAL = 3
"""Most typical answers that are shown of a card."""


@dataclass(frozen=True, slots=True)
class CardShown:
    """A card with its answers that are where they were: how many, of how many interviews, and the most typical of them."""

    card: Card
    answers: int
    interviews: int
    typical: tuple[SimilarUtterance, ...]


def places_there(project: Project, found: Cards, places: Collection[UtteranceId]) -> list[UtteranceId]:
    """The places of cards whose text is what it was when the cards were made, in order."""
    there = {source.id for source in project.sources} - texts_changed_since(project, found.decision)
    return [place for place in places if place[0] in there]


def cards_shown(project: Project, found: Cards, cards: Sequence[Card]) -> list[CardShown]:
    """Cards as the page shows them."""
    there = {source.id for source in project.sources} - texts_changed_since(project, found.decision)
    typical = {card.number: [p for p in card.typical if p[0] in there][:TYPICAL] for card in cards}
    said = quotes(project, {place for places in typical.values() for place in places})
    shown = []
    for card in cards:
        places = [place for place in card.places if place[0] in there]
        hits = tuple(hit for place in typical[card.number] if (hit := near(place, said)))
        shown.append(CardShown(card, len(places), len({place[0] for place in places}), hits))
    return shown
