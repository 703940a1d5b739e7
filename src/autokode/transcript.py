"""A transcript: one interview's text, never changed, and the utterances found in it."""

import bisect
import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from autokode.errors import DataError, Problem
from autokode.labels import BRACKETED_STAMP, Labelling, Turn, find_turns, interviewers_of
from autokode.language import say
from autokode.readers import Cue, Source, read_source
from autokode.readers.source import seconds

INTERVIEWER, INFORMANT, UNKNOWN = "interviewer", "informant", "unknown"
MIN_QUESTION_WORDS = 4
"""An interviewer's turn of fewer words and without a question mark («Mm, ja.») asks nothing."""

_STAMP_IN_TEXT = re.compile(BRACKETED_STAMP)


@dataclass(frozen=True, slots=True)
class Utterance:
    """One speaker's turn.

    Attributes:
        speaker: the label as the transcript has it, or "" where there are none.
        start, end: code points into `Transcript.text`, half-open; the label and the stamps around it are outside.
        text: `Transcript.text[start:end]` with time stamps inside it blanked, so it has the same length.
        role: "interviewer", "informant" or "unknown".
        begin_s, end_s: seconds from the start of the recording, or None where the file has no times.
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


@dataclass(frozen=True, slots=True)
class Transcript:
    """One interview's text with its utterances; identified by name and SHA-256.

    Attributes:
        name: the file's name without its ending.
        text: the text that every offset points into; never changed.
        utterances: in the order of the text.
        labels: name of the label grammar that found them (see `autokode.labels.GRAMMARS`), "cues" or "none".
        interviewers: the labels taken as interviewers.
        cues: subtitle cues with their times and numbers; empty for other formats.
        notes: what was inferred, in sentences for people.
    """

    name: str
    text: str
    utterances: tuple[Utterance, ...]
    labels: str = "none"
    interviewers: tuple[str, ...] = ()
    cues: tuple[Cue, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def sha256(self) -> str:
        """SHA-256 of the text as UTF-8, in hexadecimal."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def speakers(self) -> dict[str, int]:
        """Speaker → number of utterances, most talkative first."""
        return dict(Counter(utterance.speaker for utterance in self.utterances).most_common())

    @property
    def answers(self) -> tuple[int, ...]:
        """Indices of the utterances that are not an interviewer's."""
        return tuple(i for i, utterance in enumerate(self.utterances) if utterance.role != INTERVIEWER)

    def question_of(self, utterance: Utterance) -> str:
        """Return the text of the question an utterance answers, or ""."""
        return "" if utterance.question is None else self.utterances[utterance.question].text

    def utterance_at(self, position: int) -> int | None:
        """Return the index of the utterance that holds a code point, or None."""
        index = bisect.bisect_right([u.start for u in self.utterances], position) - 1
        return index if index >= 0 and position < self.utterances[index].end else None

    def line_of(self, position: int) -> int:
        """Return the 1-based line number of a code point."""
        return len(re.findall(r"\r\n|\n|\r", self.text[:position])) + 1

    def to_dict(self) -> dict[str, Any]:
        """Return the transcript as plain data for JSON; `from_dict` is its inverse."""
        return {"sha256": self.sha256, **asdict(self)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Transcript":
        """Build a transcript from what `to_dict` gave.

        Raises:
            DataError: the text does not have the SHA-256 that is stated.
        """
        transcript = cls(
            name=data["name"],
            text=data["text"],
            utterances=tuple(Utterance(**utterance) for utterance in data["utterances"]),
            labels=data["labels"],
            interviewers=tuple(data["interviewers"]),
            cues=tuple(Cue(**cue) for cue in data["cues"]),
            notes=tuple(data["notes"]),
        )
        if transcript.sha256 != data["sha256"]:
            what = say("teksten er endret etter at den ble lest inn", "the text was changed after it was read in")
            raise DataError(Problem(what, transcript.name))
        return transcript


def read_transcript(
    path: str | Path,
    *,
    labels: str | None = None,
    speakers: Collection[str] | None = None,
    interviewers: Collection[str] | None = None,
    encoding: str | None = None,
) -> Transcript:
    """Read a transcript file (.txt, .docx, .vtt, .srt) and find its speakers and utterances.

    Args:
        path: the file.
        labels: the label grammar, if not the inferred one: a name in `autokode.labels.GRAMMARS`, or "none".
        speakers: the speaker labels, if not the inferred ones.
        interviewers: the labels that are interviewers, if not the inferred ones.
        encoding: the encoding of a text file, if not the inferred one.

    Raises:
        DataError: the file cannot be read as a transcript; says where and what to do.
    """
    path = Path(path)
    return from_source(
        read_source(path, encoding), path.stem, labels=labels, speakers=speakers, interviewers=interviewers
    )


def from_source(
    source: Source,
    name: str,
    *,
    labels: str | None = None,
    speakers: Collection[str] | None = None,
    interviewers: Collection[str] | None = None,
) -> Transcript:
    """Find the utterances of a text already read; the arguments are those of `read_transcript`."""
    if any(cue.speaker for cue in source.cues) and labels is None and speakers is None:
        utterances = tuple(_from_voices(source))
        found = Labelling("cues", ())
    else:
        headings = {start for start, _end in source.headings}
        found = find_turns(source.text, grammar=labels, speakers=speakers, headings=headings)
        utterances = tuple(_from_turns(source, found.turns) if found.turns else _from_paragraphs(source))
    notes = [*found.notes]
    roles = _interviewers(utterances, interviewers, notes)
    utterances = tuple(_with_questions(_with_roles(utterances, roles)))
    return Transcript(
        name=name,
        text=source.text,
        utterances=utterances,
        labels=found.grammar,
        interviewers=roles,
        cues=source.cues,
        notes=(*_what_was_found(source, found, utterances, roles), *notes),
    )


def _from_turns(source: Source, turns: tuple[Turn, ...]) -> Iterator[Utterance]:
    ends = [turn.begin for turn in turns[1:]] + [len(source.text)]
    for turn, end in zip(turns, ends, strict=True):
        yield _utterance(source, turn.label, turn.start, end, turn.stamp)


def _from_voices(source: Source) -> Iterator[Utterance]:
    """Join neighbouring cues of one voice into an utterance."""
    first = 0
    for i in range(1, len(source.cues) + 1):
        if i == len(source.cues) or source.cues[i].speaker != source.cues[first].speaker:
            cue = source.cues[first]
            yield _utterance(source, cue.speaker or "", cue.start, source.cues[i - 1].end, None)
            first = i


def _from_paragraphs(source: Source) -> Iterator[Utterance]:
    """One utterance a cue, a paragraph (text between blank lines), or a line where there are no blank lines."""
    if source.cues:
        spans = [(cue.start, cue.end) for cue in source.cues]
    else:
        blank = re.compile(r"(?:\r\n|\n|\r)[ \t]*(?:\r\n|\n|\r)\s*")
        breaks = list(blank.finditer(source.text)) or list(re.finditer(r"(?:\r\n|\n|\r)", source.text))
        starts = [0] + [match.end() for match in breaks]
        spans = list(zip(starts, [match.start() for match in breaks] + [len(source.text)], strict=True))
    for start, end in spans:
        if source.text[start:end].strip():
            yield _utterance(source, "", start, end, None)


def _utterance(source: Source, speaker: str, start: int, end: int, stamp: str | None) -> Utterance:
    """Build an utterance; stamps and white space at its ends are left out, stamps inside it are blanked."""
    raw = source.text[start:end]
    masked = _STAMP_IN_TEXT.sub(lambda match: " " * len(match[0]), raw)
    stamps = _STAMP_IN_TEXT.findall(raw)
    end = start + len(masked.rstrip())
    start = min(end, start + len(masked) - len(masked.lstrip()))
    begin_s, end_s = _times(source, start, end, stamp, stamps)
    text = masked.strip()
    return Utterance(speaker, start, end, text, begin_s=begin_s, end_s=end_s)


def _times(
    source: Source, start: int, end: int, stamp: str | None, stamps: list[str]
) -> tuple[float | None, float | None]:
    if source.cues:
        inside = [cue for cue in source.cues if cue.start < end and cue.end > start]
        return (inside[0].begin_s, inside[-1].end_s) if inside else (None, None)
    begin_s = seconds(stamp.strip("[](){}#<>")) if stamp else None
    end_s = seconds(stamps[-1].strip("[](){}#<>")) if stamps else None
    return begin_s, end_s


def _interviewers(
    utterances: tuple[Utterance, ...], given: Collection[str] | None, notes: list[str]
) -> tuple[str, ...]:
    counts = Counter(utterance.speaker for utterance in utterances if utterance.speaker)
    asked = Counter(u.speaker for u in utterances if "?" in u.text)
    if given is not None:
        folded = {label.casefold(): label for label in counts}
        unknown = [label for label in given if label.casefold() not in folded]
        if unknown:
            what = say(
                f"ingen heter «{', '.join(unknown)}»; fant {', '.join(counts) or 'ingen talere'}",
                f"nobody is called «{', '.join(unknown)}»; found {', '.join(counts) or 'no speakers'}",
            )
            raise DataError(Problem(what), try_next=f'--interviewer "{next(iter(counts), "NAVN")}"')
        return tuple(folded[label.casefold()] for label in given)
    found = interviewers_of(counts, asked)
    likely = max(counts, key=lambda label: asked[label] / counts[label], default="")
    if not found and len(counts) > 1 and asked[likely]:
        notes.append(
            say(
                f'fant ingen intervjuer; «{likely}» spør mest: --interviewer "{likely}"',
                f'found no interviewer; «{likely}» asks most: --interviewer "{likely}"',
            )
        )
    return found


def _with_roles(utterances: tuple[Utterance, ...], interviewers: tuple[str, ...]) -> Iterator[Utterance]:
    for utterance in utterances:
        if not interviewers:
            yield utterance
        else:
            role = INTERVIEWER if utterance.speaker in interviewers else INFORMANT
            yield replace(utterance, role=role)


def _with_questions(utterances: Iterator[Utterance]) -> Iterator[Utterance]:
    """Give each answer the interviewer's last turn that asks something."""
    asked: int | None = None
    for index, utterance in enumerate(utterances):
        if utterance.role == INTERVIEWER:
            if "?" in utterance.text or len(utterance.text.split()) >= MIN_QUESTION_WORDS:
                asked = index
            yield utterance
        else:
            yield replace(utterance, question=asked)


def _what_was_found(
    source: Source, found: Labelling, utterances: tuple[Utterance, ...], interviewers: tuple[str, ...]
) -> Iterator[str]:
    if found.grammar == "none":
        unit = say("undertekst", "cue") if source.cues else say("avsnitt", "paragraph")
        yield say(
            f"fant ingen talere: én ytring per {unit}, {len(utterances)} i alt",
            f"found no speaker labels: one utterance per {unit}, {len(utterances)} in all",
        )
    else:
        yield say(
            f"talere funnet etter merkemåten «{found.grammar}»: {len(utterances)} ytringer",
            f"speakers found by label grammar «{found.grammar}»: {len(utterances)} utterances",
        )
    if interviewers:
        yield say(f"intervjuer: {', '.join(interviewers)}", f"interviewer: {', '.join(interviewers)}")
    before = source.text[: found.turns[0].begin] if found.turns else ""
    lines = sum(1 for line in re.split(r"[\r\n]+", before) if line.strip())
    if lines:
        yield say(
            f"linjer før første taler, som ikke er ytringer: {lines}",
            f"lines before the first speaker, which are no utterances: {lines}",
        )
