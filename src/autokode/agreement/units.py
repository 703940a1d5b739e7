"""The units of a comparison: utterances, sentences or characters that two or more coders read, with each coder's codes."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from autokode.corpus.coding import Coding
from autokode.corpus.outside import numbers_of, with_outside
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
        answers_alone: whether the coder never codes anything but answers, as a model.
    """

    coder: str
    codings: tuple[Coding, ...]
    read: frozenset[Place]
    answers_alone: bool = False


@dataclass(frozen=True, slots=True)
class Unit:
    """An utterance, a stretch of text outside the utterances, or a part of one, compared as a whole.

    Attributes:
        transcript, utterance: the transcript's name and the utterance's index in it; None outside the utterances.
        speaker: who says it; "" outside the utterances and without labels.
        start, end: code points into the transcript's text, half-open.
        given: each coder's codes, None for a coder who did not read it.
    """

    transcript: str
    utterance: int | None
    speaker: str
    start: int
    end: int
    given: tuple[frozenset[str] | None, ...]

    @property
    def differs(self) -> bool:
        """Whether two coders who read it gave it different codes."""
        return len({codes for codes in self.given if codes is not None}) > 1


_Spans = Sequence[tuple[int, int, str]]
"""(start, end, code) of codings."""


def units_of(
    transcripts: Mapping[str, Transcript], readings: Sequence[Reading], of: Of = "utterance"
) -> tuple[Unit, ...]:
    """Gather the units that two or more coders read, by transcript and place.

    Every utterance may be one, and so may a stretch outside the utterances that holds codings. What is no answer, and holds a
    coding that stands in no answer, counts as read by whoever read the answer after it (the last answer, where none follows).

    Args:
        transcripts: by name.
        readings: one per coder.
        of: "utterance" or "sentence", which have the codes of the codings that overlap them; or "character", where every code
            point has the codes of the codings that cover it. Neighbouring characters with the same codes make one unit.
    """
    found: list[Unit] = []
    given_in = [_spans_by_transcript(reading) for reading in readings]
    for name, transcript in transcripts.items():
        spans = [own.get(name, []) for own in given_in]
        whole = with_outside(transcript, (span[:2] for own in spans for span in own))
        read = [_read_in(whole, name, readings[k], spans, k) for k in range(len(readings))]
        for i, (utterance, number) in enumerate(zip(whole.utterances, numbers_of(whole), strict=True)):
            if sum(i in places for places in read) < 2:
                continue
            own = [given if i in places else None for given, places in zip(spans, read, strict=True)]
            for start, end in _spans_of(whole, utterance.start, utterance.end, own, of):
                codes = (None if given is None else _over(given, start, end) for given in own)
                found.append(Unit(name, number, utterance.speaker, start, end, tuple(codes)))
    return tuple(_merged(found) if of == "character" else found)


def left_out(readings: Sequence[Reading], units: Sequence[Unit]) -> tuple[Reading, ...]:
    """The readings with only the codings that stand in no unit that their coder read, so that no figure counts them."""
    places: dict[str, list[Unit]] = {}
    for unit in units:
        places.setdefault(unit.transcript, []).append(unit)
    return tuple(
        replace(reading, codings=tuple(coding for coding in reading.codings if not _stands(coding, k, places)))
        for k, reading in enumerate(readings)
    )


def _stands(coding: Coding, coder: int, places: Mapping[str, Sequence[Unit]]) -> bool:
    units, segment = places.get(coding.segment.transcript, ()), coding.segment
    return any(units[i].given[coder] is not None for i in overlapped(units, segment.start, segment.end))


def _spans_by_transcript(reading: Reading) -> dict[str, list[tuple[int, int, str]]]:
    found: dict[str, list[tuple[int, int, str]]] = {}
    for coding in reading.codings:
        segment = coding.segment
        found.setdefault(segment.transcript, []).append((segment.start, segment.end, coding.code))
    return found


def _read_in(whole: Transcript, name: str, reading: Reading, spans: Sequence[_Spans], coder: int) -> frozenset[int]:
    """The indices of what one coder has read in a transcript with its stretches outside the utterances.

    Args:
        whole, name: the transcript, and the name by which `reading` knows it.
        reading, coder: the coder's, and its number among `spans`.
        spans: each coder's codings in this transcript.
    """
    index = {number: i for i, number in enumerate(numbers_of(whole)) if number is not None}
    read = {i for number, i in index.items() if (name, number) in reading.read}
    if reading.answers_alone:
        return frozenset(read)
    answers = set(whole.answers) & set(index.values())
    for i in _coded_outside(whole, answers, spans):
        beside = min((a for a in answers if a > i), default=max(answers, default=None))
        if beside in read or (beside is None and spans[coder]):
            read.add(i)
    return frozenset(read)


def _coded_outside(whole: Transcript, answers: set[int], spans: Sequence[_Spans]) -> set[int]:
    """The indices of what is no answer and holds a coding that stands in no answer."""
    over = (set(overlapped(whole.utterances, start, end)) for own in spans for start, end, _code in own)
    return {i for places in over if not places & answers for i in places}


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
    """Join neighbours without anything between them that have the same codes."""
    for joined in _runs(units):
        first = joined[0]
        yield Unit(first.transcript, first.utterance, first.speaker, first.start, joined[-1].end, first.given)


def _runs(units: Sequence[Unit]) -> Iterator[list[Unit]]:
    run: list[Unit] = []
    for unit in units:
        last = run[-1] if run else unit
        same = (last.transcript, last.utterance, last.given) == (unit.transcript, unit.utterance, unit.given)
        if run and not (same and last.end == unit.start):
            yield run
            run = []
        run.append(unit)
    if run:
        yield run
