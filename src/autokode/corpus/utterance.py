"""Find the utterances in a text: who speaks and where, with roles, times and the question that each utterance answers."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from autokode.corpus.cue_turns import Spans, labelled_pieces, voice_pieces
from autokode.corpus.overlap import overlapped
from autokode.corpus.readers import Source
from autokode.corpus.readers.source import CLOCK, STAMP, seconds
from autokode.corpus.speaker_labels import BRACKETED_STAMP, Labelling, Turn, find_turns

INTERVIEWER, INFORMANT, UNKNOWN = "interviewer", "informant", "unknown"
OUTSIDE = "outside"
"""Role of a stretch of text that nobody says: `outside.with_outside` adds it where somebody coded such text."""
MIN_QUESTION_WORDS = 4
"""Fewest words of an interviewer's turn that counts as a question without a question mark; «Mm, ja.» is none."""

_LINE_END = r"(?=[ \t]*(?:[\r\n]|\Z))"
_SPOKEN = r"(?!\(\d{1,2}:\d{2}\))"
"""Excludes a short time in round brackets within a line, which somebody says: «vi møttes (14:00) der»."""

_STAMP_IN_TEXT = re.compile(
    rf"{_SPOKEN}{BRACKETED_STAMP}|^[ \t]*{BRACKETED_STAMP}|{BRACKETED_STAMP}{_LINE_END}|\t{STAMP}{_LINE_END}|"
    rf"^[ \t]*{STAMP}{_LINE_END}",
    re.MULTILINE,
)
_ANY_TIME = re.compile(rf"{CLOCK}(?![-\d])|{STAMP}")


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
    text: str
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
    headings = {start for start, _end in source.headings}
    found = find_turns(source.text, grammar=labels, speakers=speakers, headings=headings)
    return tuple(_from_turns(source, found.turns) if found.turns else _from_paragraphs(source)), found


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


def _from_turns(source: Source, turns: tuple[Turn, ...]) -> Iterator[Utterance]:
    for cue in source.cues:
        if cue.end <= turns[0].begin and source.text[cue.start : cue.end].strip():
            yield _utterance(source, "", [(cue.start, cue.end)], None)
    ends = [turn.begin for turn in turns[1:]] + [len(source.text)]
    stamps = {turn.start: turn.stamp for turn in turns}
    words = [(turn.label, turn.start, end) for turn, end in zip(turns, ends, strict=True)]
    for label, spans in labelled_pieces(source.text, source.cues, words):
        yield _utterance(source, label, spans, stamps.get(spans[0][0]))


def _from_voices(source: Source) -> Iterator[Utterance]:
    """Join neighbouring cues of one voice into utterances."""
    for speaker, spans in voice_pieces(source.text, source.cues):
        yield _utterance(source, speaker, spans, None)


def _from_paragraphs(source: Source) -> Iterator[Utterance]:
    """Make an utterance of each cue, of each paragraph between blank lines, or of each line without any blank lines."""
    if source.cues:
        spans = [(cue.start, cue.end) for cue in source.cues]
    else:
        blank = re.compile(r"(?:\r\n|\n|\r)[ \t]*(?:\r\n|\n|\r)\s*")
        breaks = list(blank.finditer(source.text)) or list(re.finditer(r"(?:\r\n|\n|\r)", source.text))
        starts = [0] + [match.end() for match in breaks]
        spans = list(zip(starts, [match.start() for match in breaks] + [len(source.text)], strict=True))
    for start, end in spans:
        if source.text[start:end].strip():
            yield _utterance(source, "", [(start, end)], None)


def _utterance(source: Source, speaker: str, spans: Spans, stamp: str | None) -> Utterance:
    """Build an utterance; drop time stamps and white space at its ends, put spaces in place of stamps and labels inside it."""
    start, end = spans[0][0], spans[-1][1]
    raw = source.text[start:end]
    for (_start, left), (right, _end) in pairwise(spans):
        gap = re.sub(r"[^\r\n]", " ", raw[left - start : right - start])
        raw = raw[: left - start] + gap + raw[right - start :]
    masked = _STAMP_IN_TEXT.sub(lambda match: " " * len(match[0]), raw)
    stamps = list(_STAMP_IN_TEXT.finditer(raw))
    first, last = len(masked) - len(masked.lstrip()), len(masked.rstrip())
    opening = [match[0] for match in stamps if match.end() <= first]
    closing = [match[0] for match in stamps if match.start() >= last]
    start, end = start + min(first, last), start + last
    begin_s, end_s = _times(source, start, end, opening[0] if opening else stamp, closing[-1] if closing else None)
    text = masked.strip()
    return Utterance(speaker, start, end, text, begin_s=begin_s, end_s=end_s)


def _times(
    source: Source, start: int, end: int, opening: str | None, closing: str | None
) -> tuple[float | None, float | None]:
    if source.cues:
        inside = overlapped(source.cues, start, end)
        return (source.cues[inside[0]].begin_s, source.cues[inside[-1]].end_s) if inside else (None, None)
    begin_s = seconds(_ANY_TIME.findall(opening)[0]) if opening else None
    end_s = seconds(_ANY_TIME.findall(closing)[-1]) if closing else None
    return begin_s, end_s
