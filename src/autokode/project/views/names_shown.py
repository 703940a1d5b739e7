"""What the page shows of a list of names: where an entry stands, and an interview's text with all that is on the list."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from autokode.corpus.overlap import overlapped
from autokode.corpus.utterance import Utterance
from autokode.project.store.project import Project
from autokode.project.store.transcripts import Source
from autokode.pseudonym.names_list import NamesList, Place

MOST, AROUND = 30, 140
"""Most places of an entry that are shown; most characters of the utterance on each side."""


@dataclass(frozen=True, slots=True)
class PlaceShown:
    """A place of an entry: the interview, the utterance (-1 outside all), who says it, and the words around."""

    transcript: int
    name: str
    utterance: int
    speaker: str
    before: str = field(repr=False)
    text: str = field(repr=False)
    after: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a text; `entry` is the number of the head that it is, 0 for one that is none."""

    text: str = field(repr=False)
    entry: int = 0


@dataclass(frozen=True, slots=True)
class Said:
    """An utterance in parts."""

    number: int
    speaker: str
    parts: tuple[Part, ...]


def places_shown(project: Project, listed: NamesList, number: int) -> list[PlaceShown]:
    """Where an entry, and those that are the same, stand: the first `MOST` places, spread over the interviews."""
    head = listed.head(number).number
    own = [place for place in listed.places if place.entry and listed.head(place.entry).number == head]
    step = max(1, len(own) / MOST)
    chosen = [own[int(at * step)] for at in range(min(MOST, len(own)))]
    names = {source.id: source.name for source in project.sources}
    found = []
    for transcript in dict.fromkeys(place.transcript for place in chosen):
        one = project.transcript(names[transcript])
        for place in (place for place in chosen if place.transcript == transcript):
            found.append(_shown(place, names[transcript], one.text, one.utterances))
    return found


def _shown(place: Place, name: str, text: str, utterances: tuple[Utterance, ...]) -> PlaceShown:
    under = overlapped(utterances, place.start, place.end)
    one = utterances[under[0]] if under else None
    start, end = (one.start, one.end) if one else (place.start, place.end)
    first, last = max(start, place.start - AROUND), min(end, place.end + AROUND)
    return PlaceShown(
        place.transcript,
        name,
        under[0] if under else -1,
        one.speaker if one else "",
        "… " * (first > start) + text[first : place.start],
        text[place.start : place.end],
        text[place.end : last] + " …" * (last < end),
    )


def text_shown(project: Project, listed: NamesList, source: Source) -> list[Said]:
    """An interview's utterances, with all that is on the list marked."""
    one = project.transcript(source.name)
    places = listed.places_in(source.id)
    found = []
    for at, utterance in enumerate(one.utterances):
        under = [places[index] for index in overlapped(places, utterance.start, utterance.end)]
        found.append(Said(at, utterance.speaker, tuple(_parts(one.text, utterance, under, listed))))
    return found


def _parts(text: str, one: Utterance, places: list[Place], listed: NamesList) -> Iterator[Part]:
    at = one.start
    for place in places:
        start, end = max(place.start, one.start), min(place.end, one.end)
        yield Part(text[at:start])
        yield Part(text[start:end], listed.head(place.entry).number if place.entry else 0)
        at = end
    yield Part(text[at : one.end])
