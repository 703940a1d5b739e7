"""A transcript: the text of one interview, which never changes, and its utterances."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from autokode.base.errors import failure
from autokode.base.formatting import shortened
from autokode.base.hashing import sha256_of
from autokode.base.messages import say
from autokode.base.notebook import InNotebook, Shown
from autokode.corpus.interviewers import find_interviewers, interviewers_by_role
from autokode.corpus.overlap import first_overlapped
from autokode.corpus.readers import Cue, LeftOut, Source, read_source
from autokode.corpus.speaker_labels import Labelling
from autokode.corpus.utterance import INFORMANT, INTERVIEWER, UNKNOWN, Utterance, find_utterances, with_roles

SHOWN = 60
"""Most characters that a note shows of what was left out."""


@dataclass(frozen=True, slots=True)
class Transcript(InNotebook):
    """One interview's text with its utterances; identified by name and SHA-256.

    Attributes:
        name: the file's name without its ending.
        text: the text that every offset points into; it never changes.
        utterances: in order.
        labels: the label grammar that found them (see `autokode.corpus.speaker_labels.GRAMMARS`), "cues" or "none".
        interviewers: the labels taken as interviewers.
        cues: subtitle cues with their times and numbers; empty for other formats.
        notes: sentences that tell people what was inferred and what was left out.
        left_out: words of the file that are in no utterance, with the reason.
    """

    name: str
    text: str
    utterances: tuple[Utterance, ...]
    labels: str = "none"
    interviewers: tuple[str, ...] = ()
    cues: tuple[Cue, ...] = ()
    notes: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    def __repr__(self) -> str:
        counts = len(self.utterances), len(self.speakers), len(self.text)
        return "<Transcript {!r}: {} utterances, {} speakers, {} characters>".format(self.name, *counts)

    def show(self, *, text: bool = False) -> Shown:
        """The speakers with their roles and how much each says; with `text`, the utterances instead."""
        if text:
            headings = ("", say("taler", "speaker"), say("tekst", "text"))
            spoken = tuple((number, one.speaker, one.text) for number, one in enumerate(self.utterances, 1))
            return self._shown(headings, spoken)
        roles = {one.speaker: one.role for one in self.utterances}
        words = Counter[str]()
        for one in self.utterances:
            words[one.speaker] += len(one.text.split())
        named = {
            INTERVIEWER: say("intervjueren", "interviewer"),
            INFORMANT: say("informant", "informant"),
            UNKNOWN: say("ukjent", "unknown"),
        }
        rows = tuple((name, named.get(roles[name], ""), count, words[name]) for name, count in self.speakers.items())
        columns = (say("taler", "speaker"), say("rolle", "role"), say("ytringer", "utterances"), say("ord", "words"))
        return self._shown(columns, rows)

    @property
    def sha256(self) -> str:
        """SHA-256 of the text as UTF-8, in hexadecimal."""
        return sha256_of(self.text)

    @property
    def speakers(self) -> dict[str, int]:
        """Speaker → number of utterances, most talkative first."""
        return dict(Counter(utterance.speaker for utterance in self.utterances).most_common())

    @property
    def answers(self) -> tuple[int, ...]:
        """Indices of the utterances that are not an interviewer's."""
        return tuple(i for i, utterance in enumerate(self.utterances) if utterance.role != INTERVIEWER)

    def question_of(self, utterance: Utterance) -> str:
        """The text of the question an utterance answers, or ""."""
        return "" if utterance.question is None else self.utterances[utterance.question].text

    def utterance_at(self, position: int) -> int | None:
        """Find the index of the utterance that holds a code point, or None."""
        return first_overlapped(self.utterances, position, position + 1)

    def to_dict(self) -> dict[str, Any]:
        """Convert to plain data for JSON."""
        return {"sha256": self.sha256, **asdict(self)}


def read_transcript(
    path: str | Path,
    *,
    labels: str | None = None,
    speakers: Collection[str] | None = None,
    interviewers: Collection[str] | None = None,
    encoding: str | None = None,
) -> Transcript:
    """Read a transcript file (`autokode.corpus.readers.ENDINGS`) and find its speakers and utterances.

    Args:
        path: the file.
        labels: the label grammar, unless it is to be inferred: a name in `autokode.corpus.speaker_labels.GRAMMARS`, or "none".
        speakers: the speaker labels, unless they are to be inferred.
        interviewers: the labels of interviewers, unless they are to be inferred.
        encoding: the encoding of a text file, unless it is to be inferred.

    Raises:
        DataError: the file cannot be read as a transcript; says where and what to do.
    """
    path = Path(path)
    source = read_source(path, encoding)
    transcript = from_source(source, name_of(path), labels=labels, speakers=speakers, interviewers=interviewers)
    _refuse_mostly_unread(transcript, path)
    return transcript


def name_of(path: Path) -> str:
    """The name of a file without its ending; bytes that are not UTF-8 become U+FFFD."""
    return path.stem.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def from_source(
    source: Source,
    name: str,
    *,
    labels: str | None = None,
    speakers: Collection[str] | None = None,
    interviewers: Collection[str] | None = None,
) -> Transcript:
    """Find the utterances of a text that was read before; the arguments are those of `read_transcript`."""
    utterances, found = find_utterances(source, labels, speakers)
    notes = [*source.notes, *found.notes]
    stated = interviewers if interviewers is not None else interviewers_by_role(source.roles) or None
    roles = find_interviewers(utterances, stated, source.text, notes)
    utterances = tuple(with_roles(utterances, roles))
    left_out = (*source.left_out, *_outside(source, found))
    return Transcript(
        name=name,
        text=source.text,
        utterances=utterances,
        labels=found.grammar,
        interviewers=roles,
        cues=source.cues,
        notes=(*_what_was_found(source, found, utterances, roles), *_left_out_notes(left_out), *notes),
        left_out=left_out,
    )


def with_interviewers(transcript: Transcript, names: Collection[str]) -> Transcript:
    """A transcript in which these speakers interview; the same one if there are no names.

    Raises:
        DataError: nobody in it has one of the names.
    """
    if not names:
        return transcript
    plain = tuple(replace(one, role=UNKNOWN, question=None) for one in transcript.utterances)
    roles = find_interviewers(plain, names, transcript.text, [])
    return replace(transcript, utterances=tuple(with_roles(plain, roles)), interviewers=roles)


def _outside(source: Source, found: Labelling) -> Iterator[LeftOut]:
    """Yield the lines before the first speaker that are in no cue, or without labels all lines that are in no cue."""
    yield from found.left_out
    end = found.turns[0].begin if found.turns else len(source.text)
    cues = [cue for cue in source.cues if cue.start < end]
    if not (found.turns or cues):
        return
    starts = [*(cue.start - len(f"{cue.speaker}: " if cue.speaker else "") for cue in cues), end]
    told = {line for part in found.left_out for line in part.text.splitlines()}
    between = [
        line.strip()
        for last, start in zip([0, *(cue.end for cue in cues)], starts, strict=True)
        for line in source.text[last:start].splitlines()
        if line.strip() and line.strip() not in told
    ]
    if any(between):
        reason = say("linjer utenfor tabellen eller undertekstene", "lines outside the table or the cues")
        if found.turns:
            reason = say("linjer før første taler", "lines before the first speaker")
        yield LeftOut(reason, "\n".join(between))


def _refuse_mostly_unread(transcript: Transcript, path: Path) -> None:
    """Refuse a file that left more words of speech out than it read.

    Raises:
        DataError: says how many words were read, and of how many.
    """
    read = sum(len(utterance.text.split()) for utterance in transcript.utterances)
    unread = sum(len(part.text.split()) for part in transcript.left_out if part.is_speech)
    if unread > read or not transcript.utterances:
        raise failure(
            f"bare {read} av {read + unread} ord ble lest som ytringer; ventet utsagn med eller uten talere",
            f"only {read} of {read + unread} words were read as utterances; expected speech, with or without speakers",
            where=path,
            try_next=say(
                "åpne filen og se etter, eller lagre den som .txt", "open the file and look, or save it as .txt"
            ),
        )


def _left_out_notes(left_out: tuple[LeftOut, ...]) -> Iterator[str]:
    """Yield a sentence for each reason: how many lines, and the first words."""
    by_reason: dict[str, list[str]] = {}
    for part in left_out:
        by_reason.setdefault(part.reason, []).extend(line for line in part.text.splitlines() if line.strip())
    for reason, lines in by_reason.items():
        shown = shortened(lines[0].strip(), SHOWN) if lines else ""
        yield say(f"utelatt: {len(lines)} {reason} («{shown}»)", f"left out: {len(lines)} {reason} («{shown}»)")


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
        speakers = {utterance.speaker for utterance in utterances}
        if len(speakers) == 1 and len(utterances) > 1:
            alone = next(iter(speakers))
            yield say(
                f"fant bare én taler, «{alone}»: står de andre uten navn?",
                f"found only one speaker, «{alone}»: are the others without names?",
            )
    if interviewers:
        yield say(f"intervjuer: {', '.join(interviewers)}", f"interviewer: {', '.join(interviewers)}")
