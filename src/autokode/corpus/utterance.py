"""Find the utterances in a text: who speaks and where, with roles, times and the question that each utterance answers."""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from autokode.corpus.cue_turns import Spans, labelled_pieces, voice_pieces
from autokode.corpus.overlap import overlapped
from autokode.corpus.readers import Source
from autokode.corpus.readers.times import in_seconds
from autokode.corpus.speaker_labels import Labelling, Turn, find_turns
from autokode.corpus.stamps import BRACKETED, SPAN, TURN_MARK, bare_stamps, blanked, marked_stamps, stated_times

INTERVIEWER, INFORMANT, UNKNOWN = "interviewer", "informant", "unknown"
OUTSIDE = "outside"
"""Role of a stretch of text that nobody says: `outside.with_outside` adds it where somebody coded such text."""
MIN_QUESTION_WORDS = 4
"""Fewest words of an interviewer's turn that counts as a question without a question mark; «Mm, ja.» is none."""

_LINE_END = re.compile(r"\r\n|\n|\r")
_BLANK_LINES = re.compile(r"(?:\r\n|\n|\r)[ \t]*(?:\r\n|\n|\r)\s*")
_TIMED_LINE = re.compile(rf"(?:\A|(?<=[\r\n]))(?=[ \t]{{0,9}}(?:{BRACKETED}|{SPAN})[ \t]*\S)")

Place = tuple[str, int]
"""An utterance: (transcript's name, index of the utterance in it)."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """One speaker's turn.

    Attributes:
        speaker: the label in the transcript, or "" without labels.
        start, end: code points into `Transcript.text`, half-open, without the label and the time stamps around it.
        text: `Transcript.text[start:end]` with spaces in place of time stamps and labels; it has the same length.
        role: "interviewer", "informant" or "unknown"; "outside" for text that nobody says (see `OUTSIDE`).
        begin_s, end_s: seconds from the start of the recording, or None without times.
        question: index of the utterance whose question this one answers, or None.
    """

    speaker: str
    start: int
    end: int
    text: str = field(repr=False)
    role: str = UNKNOWN
    begin_s: float | None = None
    end_s: float | None = None
    question: int | None = None


def find_utterances(
    source: Source, labels: str | None, speakers: Collection[str] | None
) -> tuple[tuple[Utterance, ...], Labelling]:
    """Find the utterances of a source by its voices, labels or paragraphs, and the labelling that found them."""
    if any(cue.speaker for cue in source.cues) and labels is None and speakers is None:
        return tuple(_from_voices(source)), Labelling("cues", ())
    found = labelling_of(source, labels, speakers)
    turns = found.turns or tuple(_paragraphs(source, found.silent))
    if source.cues and found.turns:
        return tuple(_of_cues(source, turns)), found
    if source.cues:
        return tuple(_utterance(source, "", [(turn.start, turn.end or turn.start)]) for turn in turns), found
    utterances, notes = _with_stated_times(source.text, turns)
    return utterances, replace(found, notes=(*found.notes, *notes))


def labelling_of(source: Source, labels: str | None = None, speakers: Collection[str] | None = None) -> Labelling:
    """Find the turns of a source by the labels in its text."""
    headings = {start for start, _end in source.headings}
    titles = {start for start, _end in source.titles}
    return find_turns(
        source.text,
        grammar=labels,
        speakers=speakers,
        headings=headings,
        titles=titles,
        bold_starts=source.bold_starts,
    )


def with_roles(utterances: Iterable[Utterance], interviewers: Collection[str]) -> Iterator[Utterance]:
    """Give each utterance its role, and each answer the interviewer's last question before it.

    Of an interviewer's utterances one after the other, the last with a question mark counts before one that only is long enough.
    """
    question: int | None = None
    asked = False
    for index, utterance in enumerate(utterances):
        if not interviewers:
            yield utterance
        elif utterance.speaker in interviewers:
            marked = "?" in utterance.text
            if marked or (not asked and len(utterance.text.split()) >= MIN_QUESTION_WORDS):
                question, asked = index, marked
            yield replace(utterance, role=INTERVIEWER)
        else:
            asked = False
            yield replace(utterance, role=INFORMANT, question=question)


def _of_cues(source: Source, turns: Sequence[Turn]) -> Iterator[Utterance]:
    """Yield the utterances of cues whose words say who speaks; cues before the first label are nobody's."""
    for cue in source.cues:
        if cue.end <= turns[0].begin and source.text[cue.start : cue.end].strip():
            yield _utterance(source, "", [(cue.start, cue.end)])
    words = [(turn.label, turn.start, turn.end or turn.start) for turn in turns]
    for label, spans in labelled_pieces(source.text, source.cues, words):
        yield _utterance(source, label, spans)


def _from_voices(source: Source) -> Iterator[Utterance]:
    """Join neighbouring cues of one voice into utterances."""
    for speaker, spans in voice_pieces(source.text, source.cues):
        yield _utterance(source, speaker, spans)


def _paragraphs(source: Source, silent: Sequence[tuple[int, int]]) -> Iterator[Turn]:
    """Yield, without a speaker, each cue; or each paragraph between blank lines, each line without any blank lines.

    Lines that begin with a time are paragraphs of their own where most do.
    """
    text = source.text
    if source.cues:
        breaks = [(one.end, two.start) for one, two in pairwise(source.cues)]
        first, last = source.cues[0].start, source.cues[-1].end
    else:
        breaks = [match.span() for match in _BLANK_LINES.finditer(text)] or [m.span() for m in _LINE_END.finditer(text)]
        timed = [match.start() for match in _TIMED_LINE.finditer(text)]
        if len(timed) > 1 and 2 * len(timed) >= sum(1 for line in text.splitlines() if line.strip()):
            breaks += [(start, start) for start in timed]
        first, last = 0, len(text)
    position = first
    for start, end in (*sorted((*breaks, *silent)), (last, last)):
        if text[position:start].strip():
            yield Turn("", position, position, end=start)
        position = max(position, end)


def _utterance(source: Source, speaker: str, spans: Spans) -> Utterance:
    """Build an utterance of the words of cues, with their times."""
    words = _words(source.text, spans[0][0], spans[-1][1], [(left, right) for (_, left), (right, _) in pairwise(spans)])
    inside = overlapped(source.cues, words.start, words.end)
    begin_s, end_s = (source.cues[inside[0]].begin_s, source.cues[inside[-1]].end_s) if inside else (None, None)
    return Utterance(speaker, words.start, words.end, words.text, begin_s=begin_s, end_s=end_s)


def _with_stated_times(text: str, turns: Sequence[Turn]) -> tuple[tuple[Utterance, ...], list[str]]:
    """Build the utterances of turns, with the times of the stamps beside the labels and the words."""
    bare = bare_stamps(text)
    found = [_words(text, turn.start, turn.end or turn.start, bare) for turn in turns]
    stamps = [(words.opening or turn.stamp, words.closing) for words, turn in zip(found, turns, strict=True)]
    opened = [stated_times(opening) if opening else (None, None) for opening, _closing in stamps]
    spans = [
        (begin, (stated_times(closing)[1] or stated_times(closing)[0]) if closing else end)
        for (begin, end), (_opening, closing) in zip(opened, stamps, strict=True)
    ]
    times, notes = in_seconds(spans, [0] * len(spans))
    return tuple(
        Utterance(turn.label, words.start, words.end, words.text, begin_s=begin_s, end_s=end_s)
        for turn, words, (begin_s, end_s) in zip(turns, found, times, strict=True)
    ), notes


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a span: without white space and stamps at its ends, and with spaces in place of the stamps inside."""

    start: int
    end: int
    text: str = field(repr=False)
    opening: str | None
    closing: str | None


def _words(text: str, start: int, end: int, unsaid: Sequence[tuple[int, int]]) -> _Words:
    """The words of a span of the text.

    Args:
        unsaid: spans of the text, in order, that are no words: stamps that only their neighbours show to be such, labels.
    """
    raw = text[start:end]
    own = unsaid[bisect_left(unsaid, (start, start)) : bisect_left(unsaid, (end, end))]
    stamps = sorted({*marked_stamps(raw), *((begin - start, min(stop, end) - start) for begin, stop in own)})
    masked = blanked(raw, sorted([*stamps, *(match.span() for match in TURN_MARK.finditer(raw))]))
    first, last = len(masked) - len(masked.lstrip()), len(masked.rstrip())
    opening = next((raw[a:b] for a, b in stamps if b <= first), None)
    closing = next((raw[a:b] for a, b in reversed(stamps) if a >= last), None)
    return _Words(start + min(first, last), start + last, masked.strip(), opening, closing)
