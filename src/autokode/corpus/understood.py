"""Tells what was understood of a transcript file before anything is stored, so that a person can mend a wrong guess."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from autokode.base.errors import DataError, Problem, failure
from autokode.base.formatting import one_line, shortened
from autokode.base.messages import say
from autokode.base.text_files import read_text
from autokode.corpus.interviewers import asker_of, interviewers_of, is_question
from autokode.corpus.readers import LeftOut
from autokode.corpus.study import CODEBOOK
from autokode.corpus.study_file import DESCRIPTION
from autokode.corpus.transcript import Transcript, name_of, read_transcript, with_interviewers
from autokode.corpus.utterance import UNKNOWN, Utterance

SHOWN = 90
"""Most characters of a speaker's first words."""


@dataclass(frozen=True, slots=True)
class Corrections:
    """What a person says of a file; the rest is inferred.

    Attributes:
        name: of the interview; the file's own without its ending if "".
        office: the group it belongs to.
        interviewers: the labels of those who interview, () for nobody; None to infer them.
        speakers: the labels that are speakers; None to infer them.
    """

    name: str = ""
    office: str = ""
    interviewers: tuple[str, ...] | None = None
    speakers: tuple[str, ...] | None = None

    def without_label(self, label: str, found: "Understood") -> "Corrections":
        """The same with a label that is none: its lines are said by whoever spoke before."""
        left = tuple(one.label for one in found.speakers if one.label and one.label != label)
        return replace(self, speakers=left, interviewers=_among(self.interviewers, left))

    def with_label(self, label: str, found: "Understood") -> "Corrections":
        """The same with one more label that is a speaker's."""
        known = tuple(one.label for one in found.speakers if one.label)
        return replace(self, speakers=(*known, one_line(label)))

    def with_interviewer(self, label: str, found: "Understood") -> "Corrections":
        """The same with a speaker who interviews, or, if the speaker did, no longer."""
        now = tuple(one.label for one in found.speakers if one.interviews)
        return replace(self, interviewers=tuple(one for one in now if one != label) if label in now else (*now, label))


@dataclass(frozen=True, slots=True)
class Speaker:
    """A speaker as found: the label ("" for utterances without one), how much they say and ask, and their first words."""

    label: str
    utterances: int
    words: int
    questions: int
    first_words: str = field(repr=False)
    interviews: bool


@dataclass(frozen=True, slots=True)
class Understood:
    """What was understood of a file.

    Attributes:
        file: what the file is called.
        name: what the interview will be called.
        office: its group, "" for none.
        transcript: as it will be stored; None if the file cannot be read.
        speakers: most talkative first.
        why: how it was found out who interviews.
        left_out: what of the file is in no utterance, with the reason.
        last_s: when the last utterance with a time ends, in seconds; None without times.
        problems: why the file cannot be read.
    """

    file: str
    name: str
    office: str
    transcript: Transcript | None = None
    speakers: tuple[Speaker, ...] = ()
    why: str = ""
    left_out: tuple[LeftOut, ...] = ()
    last_s: float | None = None
    problems: tuple[str, ...] = ()

    @property
    def interviewers(self) -> tuple[str, ...]:
        """The labels of those who interview."""
        return self.transcript.interviewers if self.transcript else ()

    @property
    def labels_can_be_mended(self) -> bool:
        """Whether speakers are found by labels in the text, and not stated by the file's format."""
        return self.transcript is not None and self.transcript.labels != "cues"


def understand(path: Path, corrections: Corrections | None = None, *, file: str = "") -> Understood:
    """Read a file as `autokode add` does, and tell what was understood; nothing is stored, and no error is raised.

    Args:
        path: the file.
        corrections: what a person says of it.
        file: what the file is called, if not as its path says.
    """
    own = corrections or Corrections()
    file = file or path.name
    name = one_line(own.name) or name_of(Path(file))
    try:
        _refuse_other_files(path, file)
        read = read_transcript(path, speakers=own.speakers, interviewers=own.interviewers)
    except DataError as error:
        return Understood(file, name, own.office, problems=tuple(_in_words(error, path)))
    return _told(replace(read, name=name), own, file)


def with_interviewers_of(found: Understood, corrections: Corrections) -> Understood:
    """What was understood of a file, with the interviewers of corrections that say nothing else new; nothing is read again.

    Raises:
        DataError: nobody in it has one of the labels.
    """
    assert found.transcript is not None and corrections.interviewers is not None  # noqa: S101 - asked of no other
    return _told(interviewed_by(found.transcript, corrections.interviewers), corrections, found.file)


def _told(transcript: Transcript, own: Corrections, file: str) -> Understood:
    times = [one.end_s or one.begin_s for one in transcript.utterances if one.begin_s is not None]
    return Understood(
        file=file,
        name=transcript.name,
        office=one_line(own.office),
        transcript=transcript,
        speakers=tuple(_speakers(transcript)),
        why=_why(transcript, own),
        left_out=transcript.left_out,
        last_s=times[-1] if times else None,
    )


def holds_codings(path: Path) -> bool:
    """Whether a file is a table of codings; any other table is a transcript with one utterance per row."""
    if path.suffix.lower() != ".csv" or not path.is_file():
        return False
    heads = _heads(path)
    return not {"tekst", "text", "ytring", "utterance"} & set(heads) or "code" in heads


def _heads(path: Path) -> list[str]:
    """The headings of a table with commas, semicolons or tabs, in lower case."""
    first = read_text(path).lower().partition("\n")[0].replace('"', "").strip()
    return [head.strip() for head in re.split(r"[,;\t]", first)]


def _refuse_other_files(path: Path, file: str) -> None:
    """Refuse what belongs to a study and is no interview.

    Raises:
        DataError: it is; says what it is.
    """
    if Path(file).name in (CODEBOOK, DESCRIPTION):
        raise failure("hører til en studie, og er ikke et intervju", "belongs to a study, and is no interview")
    if holds_codings(path) and not {"code", "kode"} & set(_heads(path)):
        raise failure(
            "er en tabell uten kolonnen «tekst»; svarene i en spørreundersøkelse tas inn med autokode survey",
            "is a table without a column “text”; answers of a survey are taken in by autokode survey",
        )
    if holds_codings(path):
        raise failure("er en tabell med kodinger, og ikke et intervju", "is a table of codings, and no interview")


def interviewed_by(transcript: Transcript, names: tuple[str, ...]) -> Transcript:
    """A transcript in which these speakers interview, and no others; nobody does if there are no names.

    Raises:
        DataError: nobody in it has one of the names.
    """
    if names:
        return with_interviewers(transcript, names)
    plain = tuple(replace(one, role=UNKNOWN, question=None) for one in transcript.utterances)
    return replace(transcript, utterances=plain, interviewers=())


def _among(names: tuple[str, ...] | None, known: tuple[str, ...]) -> tuple[str, ...] | None:
    return None if names is None else tuple(one for one in names if one in known)


def _speakers(transcript: Transcript) -> Iterator[Speaker]:
    said: dict[str, list[Utterance]] = {}
    for utterance in transcript.utterances:
        said.setdefault(utterance.speaker, []).append(utterance)
    for label in transcript.speakers:
        own = said[label]
        yield Speaker(
            label=label,
            utterances=len(own),
            words=sum(len(one.text.split()) for one in own),
            questions=sum(is_question(one.text) for one in own),
            first_words=shortened(one_line(own[0].text), SHOWN),
            interviews=label in transcript.interviewers,
        )


def _why(transcript: Transcript, own: Corrections) -> str:
    """How it was found out who interviews."""
    found = transcript.interviewers
    if own.interviewers is not None:
        return say("du har sagt det", "you said so")
    if not found:
        return say("ingen merkelapp sier det, og ingen spør mest", "no label says so, and nobody asks most")
    counts = Counter(one.speaker for one in transcript.utterances if one.speaker)
    asked = Counter(one.speaker for one in transcript.utterances if is_question(one.text))
    heading = transcript.text[: transcript.utterances[0].start]
    if not interviewers_of(counts, asked, heading) and asker_of(counts, asked) in found:
        questions, turns = asked[found[0]], counts[found[0]]
        return say(
            f"spør mest: {questions} av {turns} ytringer er spørsmål",
            f"asks most: {questions} of {turns} utterances are questions",
        )
    return say("merkelappen eller filen sier det", "the label or the file says so")


def _in_words(error: DataError, path: Path) -> Iterator[str]:
    """The problems without the place where the file waits, which says nothing to a person."""
    for problem in error.problems:
        yield str(Problem(problem.what, None, problem.line))
    step = re.split(r",? (?:og så|and then): ", error.try_next or "")[0]  # without the command that comes after it
    if step and path.name not in step and "autokode" not in step:
        yield step
