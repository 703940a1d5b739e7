"""A study in a folder: its codebook, transcripts and codings, and the examples that a model learns from.

codebook.yaml    the tree of codes
*.docx *.txt …   the transcripts
codings.csv      hand-coded segments
study.yaml       optional: which files are transcripts, their office (`group`), interviewers and label grammar
"""

import functools
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict, TypeVar

from autokode.base.errors import DataError, Problem, failure, quoted
from autokode.base.extras import MissingLibraryError
from autokode.base.files import is_there
from autokode.base.hashing import sha256_of_json
from autokode.base.messages import say
from autokode.base.notebook import InNotebook, Shown
from autokode.corpus.codebook import Codebook
from autokode.corpus.coding import Coding, read_codings
from autokode.corpus.model_coder import is_model
from autokode.corpus.overlap import overlapped
from autokode.corpus.study_file import encoding_of, given_of, list_transcripts, no_transcripts
from autokode.corpus.transcript import Transcript, name_of, read_transcript

T = TypeVar("T")
CODEBOOK, CODINGS = "codebook.yaml", "codings.csv"


class ForFit(TypedDict):
    """Keyword arguments of `AutoCoder.fit`."""

    texts: Sequence[str]
    codes: Sequence[Collection[str]]
    contexts: Sequence[str]
    groups: Sequence[str] | None


@dataclass(frozen=True, slots=True)
class Examples:
    """What a model learns from: texts, the questions they answer (`contexts`), their codes, and the interviews they come from."""

    texts: Sequence[str]
    contexts: Sequence[str]
    codes: Sequence[Collection[str]]
    groups: Sequence[str] | None

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str, Collection[str], str]]) -> "Examples":
        """Build examples from rows of (text, question, codes, interview)."""
        own = list(rows)
        return cls([row[0] for row in own], [row[1] for row in own], [row[2] for row in own], [row[3] for row in own])

    def __repr__(self) -> str:
        coded, groups = sum(map(bool, self.codes)), len(set(self.groups or ()))
        return f"<Examples: {len(self.texts)} texts, {coded} with codes, {groups} groups>"

    def at(self, rows: Iterable[int]) -> "Examples":
        """The examples with these numbers, in this order."""
        own = list(rows)
        groups = None if self.groups is None else [self.groups[i] for i in own]
        texts, questions = [self.texts[i] for i in own], [self.contexts[i] for i in own]
        return Examples(texts, questions, [self.codes[i] for i in own], groups)

    def for_fit(self) -> ForFit:
        """The examples as the keyword arguments of `AutoCoder.fit`."""
        return ForFit(texts=self.texts, codes=self.codes, contexts=self.contexts, groups=self.groups)

    @property
    def sha256(self) -> str:
        """SHA-256 of all examples, in hexadecimal."""
        groups = self.groups if self.groups is not None else [""] * len(self.texts)
        rows = [
            [text, question, sorted(codes), group]
            for text, question, codes, group in zip(self.texts, self.contexts, self.codes, groups, strict=True)
        ]
        return sha256_of_json(rows)


@dataclass(frozen=True, slots=True)
class Study(InNotebook):
    """A codebook, transcripts by name, their offices (or schools, …) by transcript name, and codings."""

    codebook: Codebook
    transcripts: dict[str, Transcript]
    offices: dict[str, str]
    codings: tuple[Coding, ...]

    def __repr__(self) -> str:
        counts = len(self.transcripts), len(self.codings), len(self.codebook.codable)
        return "<Study: {} transcripts, {} codings, {} codes>".format(*counts)

    def show(self) -> Shown:
        """The transcripts with their groups and counts to look at."""
        coded = Counter(coding.segment.transcript for coding in self.codings)
        rows = tuple(
            (name, self.offices[name], len(one.utterances), len(one.answers), coded[name])
            for name, one in self.transcripts.items()
        )
        headings = (
            say("transkripsjon", "transcript"),
            say("gruppe", "group"),
            say("ytringer", "utterances"),
            say("svar", "answers"),
            say("kodinger", "codings"),
        )
        return self._shown(headings, rows)

    def examples(self, names: Collection[str] | None = None) -> Examples:
        """The answers of the named transcripts (None for all), each with the codes of the segments that overlap it.

        Interviewers' turns are questions, not examples. Answers that a model alone coded are left out: nobody read them.
        """
        chosen = [name for name in self.transcripts if names is None or name in names]
        by_model = self.places_of(by_model=True).keys() - self.codes_by_utterance().keys()
        places = [(name, i) for name in chosen for i in self.transcripts[name].answers]
        return self.examples_at([place for place in places if place not in by_model])

    def examples_at(self, places: Iterable[tuple[str, int]]) -> Examples:
        """The utterances at these places, (transcript name, index), each with the codes of the segments that overlap it."""
        codes, rows = self.codes_by_utterance(), []
        for name, i in places:
            utterance = self.transcripts[name].utterances[i]
            question = self.transcripts[name].question_of(utterance)
            rows.append((utterance.text, question, tuple(sorted(codes.get((name, i), ()))), name))
        return Examples.of(rows)

    def codes_by_utterance(self) -> dict[tuple[str, int], set[str]]:
        """(transcript name, index of utterance) → the codes of the segments that overlap it, for utterances with any.

        What a model coded without a person is left out: no model learns from it.
        """
        return self.places_of(by_model=False)

    def places_of(self, *, by_model: bool) -> dict[tuple[str, int], set[str]]:
        """As `codes_by_utterance`, of the codings that models made without a person, or of all others."""
        found: dict[tuple[str, int], set[str]] = {}
        for coding in self.codings:
            if is_model(coding.coder) != by_model:
                continue
            segment = coding.segment
            for i in overlapped(self.transcripts[segment.transcript].utterances, segment.start, segment.end):
                found.setdefault((segment.transcript, i), set()).add(coding.code)
        return found


def read_study(
    folder: str | Path,
    *,
    codings: str | Path | None = None,
    names: Collection[str] | None = None,
    codebook: Codebook | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> Study:
    """Read a study's folder.

    Args:
        folder: the folder with the files listed above.
        codings: a file of codings to read instead of the folder's codings.csv.
        names: the transcripts to read, with their codings; None for all.
        codebook: the codebook where the folder has none; None if it must have one.
        progress: called with (transcript name, number of transcripts read, number of all).

    Raises:
        DataError: all problems of all files together.
    """
    folder = Path(folder)
    problems: list[Problem] = []
    _check_folder(folder)
    own = codebook
    if own is None or is_there(folder / CODEBOOK):
        own = _collect(problems, lambda: Codebook.read(folder / CODEBOOK))
    entries = list_transcripts(folder)
    listed = [entry for entry in entries if names is None or name_of(Path(entry["file"])) in names]
    left_out = {name_of(Path(entry["file"])) for entry in entries if entry not in listed}
    transcripts, offices = _read_transcripts(folder, listed, problems, progress)
    found: tuple[Coding, ...] | None = ()
    path = Path(codings) if codings is not None else folder / CODINGS
    if is_there(path) or codings is not None:
        known = None if problems else transcripts
        read = functools.partial(read_codings, path, transcripts=known, codebook=own, leave_out=left_out)
        found = _collect(problems, read)
    if problems:
        mend = say("rett filene og kjør kommandoen igjen", "mend the files and run the command again")
        first = f"autokode codebook {quoted(folder / CODEBOOK)}" if own is None else mend
        raise DataError(problems, try_next=first)
    if own is None or found is None or not transcripts:
        raise no_transcripts(folder)
    return Study(own, transcripts, offices, found)


def _read_transcripts(
    folder: Path,
    entries: list[dict[str, Any]],
    problems: list[Problem],
    progress: Callable[[str, int, int], None] | None,
) -> tuple[dict[str, Transcript], dict[str, str]]:
    """Read the listed transcripts: by name, and their offices by name; adds to `problems`."""
    transcripts: dict[str, Transcript] = {}
    offices: dict[str, str] = {}
    for number, entry in enumerate(entries):
        path = folder / entry["file"]
        name = name_of(path)
        if progress:
            progress(name, number, len(entries))
        if name in transcripts:
            what = say(f"to transkripter heter «{name}»", f"two transcripts are called «{name}»")
            problems.append(Problem(what, str(path)))
        read = functools.partial(read_transcript, path, encoding=encoding_of(entry), **given_of(entry))
        transcript = _collect(problems, read)
        if transcript is not None:
            transcripts[name] = transcript
            offices[name] = str(entry.get("group") or name)
    return transcripts, offices


def _collect(problems: list[Problem], read: Callable[[], T]) -> T | None:
    try:
        return read()
    except MissingLibraryError:  # no file to mend
        raise
    except DataError as error:
        problems.extend(error.problems)
        return None


def _check_folder(folder: Path) -> None:
    if not folder.is_dir():
        what = say("er ingen mappe", "is not a folder") if folder.exists() else say("finnes ikke", "does not exist")
        raise DataError(Problem(what, str(folder)), try_next="autokode train training_data")
    if not any(folder.iterdir()):
        raise failure(
            f"mappen er tom; ventet {CODEBOOK}, transkripter og {CODINGS}",
            f"the folder is empty; expected {CODEBOOK}, transcripts and {CODINGS}",
            where=folder,
            try_next="autokode demo",
        )
