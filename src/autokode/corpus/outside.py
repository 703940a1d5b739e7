"""Codings outside the utterances: in a field note before the first speaker, in a heading, or in other text that nobody says.

Whatever counts codings counts these too. `with_outside` makes an utterance of nobody's of each stretch of text between two
utterances that holds such codings, so that the rest of a program need not tell it from the others.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from autokode.base.formatting import counted
from autokode.base.messages import say
from autokode.corpus.coding import Segment
from autokode.corpus.overlap import overlap, overlapped
from autokode.corpus.transcript import Transcript
from autokode.corpus.utterance import OUTSIDE, Utterance

LINE_ENDS = "\r\n"


def is_outside(transcript: Transcript, start: int, end: int) -> bool:
    """Whether a span overlaps no utterance of anybody's."""
    over = overlapped(transcript.utterances, start, end)
    return all(transcript.utterances[i].role == OUTSIDE for i in over)


def outside_remark(transcripts: Mapping[str, Transcript], segments: Iterable[Segment]) -> str:
    """A sentence on how many segments stand outside the utterances, and what that means; "" for none."""
    count = sum(is_outside(transcripts[one.transcript], one.start, one.end) for one in segments)
    if not count:
        return ""
    return say(
        f"{counted(count, 'koding', 'kodinger')} står utenfor ytringene (før første taler, i en overskrift eller annet som ingen "
        "sier): med i enighet og rapport, men modellen lærer ikke av det",
        f"{counted(count, 'coding stands', 'codings stand')} outside the utterances (before the first speaker, in a heading or "
        "elsewhere): in agreement and report, but no model learns from it",
    )


def with_outside(transcript: Transcript, spans: Iterable[tuple[int, int]]) -> Transcript:
    """Add the stretches between utterances in which spans lie, as utterances without a speaker and with the role `OUTSIDE`.

    A stretch holds the whole lines of the spans between two utterances, but for the label of the one that follows on its line.

    Args:
        transcript: the transcript; comes back as it is if no span lies outside its utterances.
        spans: (start, end) of codings, in code points of its text.
    """
    outside = sorted({span for span in spans if span[0] < span[1] and is_outside(transcript, *span)})
    if not outside:
        return transcript
    said = [(i, one) for i, one in enumerate(transcript.utterances) if one.role != OUTSIDE]
    stretches = [(None, one) for one in _stretches(transcript.text, [one for _i, one in said], outside)]
    places: list[tuple[int | None, Utterance]] = sorted([*said, *stretches], key=lambda place: place[1].start)
    moved = {before: now for now, (before, _utterance) in enumerate(places)}
    utterances = (one if one.question is None else replace(one, question=moved[one.question]) for _i, one in places)
    return replace(transcript, utterances=tuple(utterances))


def unsaid_lines(transcript: Transcript) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each line between the utterances that has words beside the label of the utterance that follows."""
    text, said = transcript.text, [one for one in transcript.utterances if one.role != OUTSIDE and one.start < one.end]
    begins = [0, *(one.end for one in said)]
    for begin, after in zip(begins, [*said, None], strict=True):
        start = begin
        for line in text[begin : len(text) if after is None else after.start].splitlines(keepends=True):
            end = start + len(line)
            words = line if after is None or not after.speaker else line.replace(after.speaker, "", 1)
            is_whole = after is None or line.rstrip(LINE_ENDS) != line
            if is_whole and any(map(str.isalpha, words)):
                yield start, end
            start = end


def numbers_of(transcript: Transcript) -> tuple[int | None, ...]:
    """The number of each utterance among those that somebody says, from 0; None for text outside the utterances."""
    found: list[int | None] = []
    count = 0
    for utterance in transcript.utterances:
        found.append(None if utterance.role == OUTSIDE else count)
        count += utterance.role != OUTSIDE
    return tuple(found)


def _stretches(text: str, said: Sequence[Utterance], outside: Sequence[tuple[int, int]]) -> Iterator[Utterance]:
    spoken = [one for one in said if one.start < one.end]
    begins = [0, *(one.end for one in spoken)]
    ends = [*(one.start for one in spoken), len(text)]
    for begin, end in zip(begins, ends, strict=True):
        own = [span for span in outside if overlap(*span, begin, end)]
        if not own:
            continue
        first, last = min(start for start, _end in own), max(end for _start, end in own)
        start = max(begin, *(text.rfind(mark, begin, first) + 1 for mark in LINE_ENDS))
        stretch = text[start : _end_of_line(text, last, end)]
        start += len(stretch) - len(stretch.lstrip())
        if stretch.strip():
            yield Utterance("", start, start + len(stretch.strip()), stretch.strip(), OUTSIDE)


def _end_of_line(text: str, last: int, end: int) -> int:
    """The end of the line that a stretch ends on; where another utterance's label follows on the line, the stretch's own end."""
    found = [at for mark in LINE_ENDS if (at := text.find(mark, last - 1, end)) >= 0]
    return min(found) if found else end if end == len(text) else last
