"""The units of a comparison: utterances, sentences or characters that two or more coders read, with each coder's codes."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from autokode.corpus.coding import Coding
from autokode.corpus.overlap import overlap, overlapped
from autokode.corpus.transcript import Transcript
from autokode.corpus.utterance import Place
from autokode.nlp.pipeline import norwegian
from autokode.nlp.sentences import sentences

Of = Literal["utterance", "sentence", "character"]
OF: tuple[Of, ...] = ("utterance", "sentence", "character")


@dataclass(frozen=True, slots=True)
class Reading:
    """What one coder read and coded.

    Attributes:
        coder: the name to show.
        codings: the coder's codings.
        read: the utterances the coder has finished with; one of them without a code has none on purpose.
    """

    coder: str
    codings: tuple[Coding, ...]
    read: frozenset[Place]


@dataclass(frozen=True, slots=True)
class Unit:
    """An utterance or a part of one, compared as a whole.

    Attributes:
        transcript, utterance: the transcript's name and the utterance's index in it.
        start, end: code points into the transcript's text, half-open.
        given: each coder's codes, None for a coder who did not read it.
    """

    transcript: str
    utterance: int
    start: int
    end: int
    given: tuple[frozenset[str] | None, ...]

    @property
    def differs(self) -> bool:
        """Whether two coders who read it gave it different codes."""
        return len({codes for codes in self.given if codes is not None}) > 1


def units_of(
    transcripts: Mapping[str, Transcript], readings: Sequence[Reading], of: Of = "utterance"
) -> tuple[Unit, ...]:
    """Gather the units that two or more coders read, by transcript and place.

    Args:
        transcripts: by name.
        readings: one per coder.
        of: "utterance" or "sentence", which have the codes of the codings that overlap them; or "character", where every code
            point has the codes of the codings that cover it. Neighbouring characters with the same codes make one unit.
    """
    given = [_codings_by_place(transcripts, reading) for reading in readings]
    found: list[Unit] = []
    for name, transcript in transcripts.items():
        for i, utterance in enumerate(transcript.utterances):
            place = (name, i)
            if sum(place in reading.read for reading in readings) < 2:
                continue
            own = [
                codings.get(place, ()) if place in r.read else None for codings, r in zip(given, readings, strict=True)
            ]
            for start, end in _spans_of(transcript, utterance.start, utterance.end, own, of):
                codes = (None if spans is None else _over(spans, start, end) for spans in own)
                found.append(Unit(name, i, start, end, tuple(codes)))
    return tuple(_merged(found) if of == "character" else found)


_Spans = Sequence[tuple[int, int, str]]


def _codings_by_place(
    transcripts: Mapping[str, Transcript], reading: Reading
) -> dict[Place, list[tuple[int, int, str]]]:
    """Utterance → the (start, end, code) of the codings that overlap it."""
    found: dict[Place, list[tuple[int, int, str]]] = {}
    for coding in reading.codings:
        name, start, end = coding.segment.transcript, coding.segment.start, coding.segment.end
        for i in overlapped(transcripts[name].utterances, start, end):
            found.setdefault((name, i), []).append((start, end, coding.code))
    return found


def _spans_of(
    transcript: Transcript, start: int, end: int, own: Sequence[_Spans | None], of: Of
) -> Iterator[tuple[int, int]]:
    if of == "utterance":
        yield start, end
    elif of == "sentence":
        for first, last in sentences(transcript.text[start:end], norwegian(own=True)):
            yield start + first, start + last
    else:
        edges = {start, end}
        for spans in own:
            edges.update(edge for span in spans or () for edge in span[:2] if start < edge < end)
        ordered = sorted(edges)
        yield from itertools.pairwise(ordered)


def _over(spans: _Spans, start: int, end: int) -> frozenset[str]:
    return frozenset(code for first, last, code in spans if overlap(first, last, start, end))


def _merged(units: Sequence[Unit]) -> Iterator[Unit]:
    """Join neighbours of one utterance with the same codes."""
    for (transcript, utterance, given), own in itertools.groupby(units, lambda u: (u.transcript, u.utterance, u.given)):
        joined = list(own)
        yield Unit(transcript, utterance, joined[0].start, joined[-1].end, given)
