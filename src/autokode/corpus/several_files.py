"""Reads several transcripts with one set of options: a name that is given need occur in one of them only."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from autokode.base.errors import DataError, Problem
from autokode.base.messages import say
from autokode.corpus.readers import STATES_ENCODING, Source, read_source
from autokode.corpus.transcript import Transcript, from_source, read_transcript, with_interviewers

Key = TypeVar("Key", bound=Hashable)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody states about transcripts; None and () leave it to be inferred, as in `read_transcript`."""

    labels: str | None = None
    speakers: tuple[str, ...] = ()
    interviewers: tuple[str, ...] = ()
    encoding: str | None = None

    def __bool__(self) -> bool:
        return self != Given()

    def of(self, source: Source | Transcript, name: str) -> Transcript:
        """Find the utterances of a text by what is given; those of one read before stay where nothing else is given of them.

        Raises:
            DataError: a name that is given is not in it.
        """
        if isinstance(source, Transcript):
            if self.labels is None and not self.speakers:
                return replace(with_interviewers(source, self.interviewers), name=name)
            source = Source(source.text)
        return from_source(
            source,
            name,
            labels=self.labels,
            speakers=self.speakers or None,
            interviewers=self.interviewers or None,
        )


def read_transcripts(paths: Sequence[Path], given: Given) -> list[Transcript]:
    """Read transcript files. The notes of each say which of the options that were given changed nothing there.

    Raises:
        DataError: files that cannot be read, all of them; or a name that is in none of the files.
    """
    own = dict.fromkeys(paths, given)
    if len(own) > 1 and (given.speakers or given.interviewers):
        sources = _each(list(own), lambda path: read_source(path, given.encoding))
        own = names_in_each(dict(zip(own, sources, strict=True)), given)
    return _each(paths, lambda path: _read(path, own[path], tuple(changed_nothing(given, own[path], path.suffix))))


def names_in_each(sources: Mapping[Key, Source | Transcript], given: Given) -> dict[Key, Given]:
    """What of the given holds for each text: all but the names that it does not have.

    Raises:
        DataError: a name is in none of the texts.
    """
    own = {key: replace(given, speakers=(), interviewers=()) for key in sources}
    for name in given.speakers:
        own = _where_possible(own, sources, speaker=name)
    for name in given.interviewers:
        own = _where_possible(own, sources, interviewer=name)
    return own


def changed_nothing(given: Given, own: Given, ending: str) -> Iterator[str]:
    """Yield a note for each option that changed nothing in a transcript.

    Args:
        given: what was stated.
        own: what of it held for this transcript.
        ending: of its file.
    """
    for option, names, held in (
        ("--speaker", given.speakers, own.speakers),
        ("--interviewer", given.interviewers, own.interviewers),
    ):
        lacking = ", ".join(f"«{name}»" for name in names if name not in held)
        if lacking:
            yield say(
                f"{option} endret ingenting: {lacking} er ikke her", f"{option} changed nothing: no {lacking} here"
            )
    if given.encoding and ending.lower() in STATES_ENCODING:
        yield say(
            f"--encoding endret ingenting: en {ending}-fil sier selv hvilken tegnkoding den har",
            f"--encoding changed nothing: a {ending} file states its own encoding",
        )


def _where_possible(
    before: Mapping[Key, Given], sources: Mapping[Key, Source | Transcript], *, speaker: str = "", interviewer: str = ""
) -> dict[Key, Given]:
    """What is given of each text, with a name more where the text has it.

    Raises:
        DataError: no text has it.
    """
    found, errors = dict(before), []
    for key, source in sources.items():
        one = before[key]
        speakers = (*one.speakers, speaker) if speaker else one.speakers
        more = replace(one, speakers=speakers, interviewers=(*one.interviewers, interviewer) if interviewer else ())
        try:
            more.of(source, str(key))
            found[key] = more
        except DataError as error:
            errors.append(_placed(error, key))
    if errors and len(errors) == len(sources):
        raise _joined(errors)
    return found


def _read(path: Path, given: Given, notes: tuple[str, ...]) -> Transcript:
    found = read_transcript(
        path,
        labels=given.labels,
        speakers=given.speakers or None,
        interviewers=given.interviewers or None,
        encoding=given.encoding,
    )
    return replace(found, notes=(*found.notes, *notes))


def _each(paths: Sequence[Path], read: Callable[[Path], T]) -> list[T]:
    """Read every file.

    Raises:
        DataError: the problems of all files.
    """
    found: list[T] = []
    errors: list[DataError] = []
    for path in paths:
        try:
            found.append(read(path))
        except DataError as error:
            errors.append(_placed(error, path) if len(paths) > 1 else error)
    if errors:
        raise _joined(errors)
    return found


def _placed(error: DataError, place: object) -> DataError:
    """The error with its file named in every problem."""
    return DataError([replace(one, file=one.file or str(place)) for one in error.problems], try_next=error.try_next)


def _joined(errors: Sequence[DataError]) -> DataError:
    """One error of several, with the first one's next command."""
    problems: list[Problem] = [problem for error in errors for problem in error.problems]
    return DataError(problems, try_next=errors[0].try_next)
