"""A transcript: the text of one interview, which never changes, and its utterances."""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from autokode.base.hashing import sha256_of
from autokode.base.messages import say
from autokode.corpus.interviewers import find_interviewers
from autokode.corpus.overlap import first_overlapped
from autokode.corpus.readers import Cue, Source, read_source
from autokode.corpus.speaker_labels import Labelling
from autokode.corpus.utterance import INTERVIEWER, Utterance, find_utterances, with_roles


@dataclass(frozen=True, slots=True)
class Transcript:
    """One interview's text with its utterances; identified by name and SHA-256.

    Attributes:
        name: the file's name without its ending.
        text: the text that every offset points into; it never changes.
        utterances: in order.
        labels: the label grammar that found them (see `autokode.corpus.speaker_labels.GRAMMARS`), "cues" or "none".
        interviewers: the labels taken as interviewers.
        cues: subtitle cues with their times and numbers; empty for other formats.
        notes: sentences that tell people what was inferred.
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
    return from_source(
        read_source(path, encoding), name_of(path), labels=labels, speakers=speakers, interviewers=interviewers
    )


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
    roles = find_interviewers(utterances, interviewers, source.text, notes)
    utterances = tuple(with_roles(utterances, roles))
    return Transcript(
        name=name,
        text=source.text,
        utterances=utterances,
        labels=found.grammar,
        interviewers=roles,
        cues=source.cues,
        notes=(*_what_was_found(source, found, utterances, roles), *notes),
    )


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
            f"lines before the first speaker, which are not utterances: {lines}",
        )
