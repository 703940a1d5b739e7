"""Finds which interview here each interview of another file is, by its text, and where a place of it is here.

An interview is known by its text. One that was corrected since copies of a project parted is known by its number; its places
follow the words.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from autokode.base.errors import DataError, Problem
from autokode.base.hashing import sha256_of
from autokode.base.messages import say
from autokode.corpus.alignment import HALF, Alignment
from autokode.corpus.overlap import overlapped
from autokode.corpus.transcript import Transcript
from autokode.project.store.merge_past import Past
from autokode.project.store.new_version import earlier_texts
from autokode.project.store.project import Project
from autokode.project.store.project_state import was_added
from autokode.project.store.transcripts import Source, stored_transcript, text_hashes

SAME, NEW, CORRECTED, REMOVED, LEFT = "same", "new", "corrected", "removed", "left"
"""What became of an interview: its text is here; it is taken in; its text is another version of one here; it was removed here
before; somebody left it out."""


class Places:
    """Where the places of an interview in another file are here.

    Attributes:
        number: the interview's id here.
        is_same: whether both have the same text and the same turns, so that nothing has to follow.
    """

    def __init__(self, number: int, there: Transcript, here: Transcript) -> None:
        self.number = number
        self._there, self._here = there, here
        self._lines = None if there.text == here.text else Alignment(there.text, here.text)
        turns = [[(one.start, one.end, one.role) for one in text.utterances] for text in (there, here)]
        self.is_same = self._lines is None and turns[0] == turns[1]

    @property
    def kept(self) -> float:
        """The share of the other text's characters that is in the text here."""
        return 1.0 if self._lines is None else self._lines.kept(0, len(self._there.text))

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """Where a span is here; None if its words are not."""
        return (start, end) if self._lines is None else self._lines.moved(start, end)

    def utterance(self, number: int) -> int | None:
        """The utterance here that has most of one of the other file's; None if there is none."""
        if self.is_same:
            return number
        turn = self._there.utterances[number] if number < len(self._there.utterances) else None
        span = turn and self.span(turn.start, turn.end)
        turns = self._here.utterances
        over = overlapped(turns, *span) if span else ()
        if not span or not over:
            return None
        start, end = span
        return max(over, key=lambda i: min(end, turns[i].end) - max(start, turns[i].start))


@dataclass(frozen=True, slots=True)
class InterviewMet:
    """What became of an interview of another file.

    Attributes:
        name: as it is called here, or there if it is not taken in.
        there: as it is called there.
        how: `SAME`, `NEW`, `CORRECTED`, `REMOVED` or `LEFT`.
        number: its id there.
    """

    name: str
    there: str
    how: str
    number: int


def meet_interviews(
    project: Project, other: Project, past: Past, without: Collection[str]
) -> tuple[list[InterviewMet], dict[int, Places]]:
    """Match the interviews of two projects, and take those in that are not here; give id there → where its places are here.

    Raises:
        DataError: an interview of the same name has another text, or names in it were replaced in one file alone.
    """
    met: list[InterviewMet] = []
    places: dict[int, Places] = {}
    problems: list[Problem] = []
    matching = _Matching(project, other, past)
    for source in other.sources:
        if source.name in without:
            met.append(InterviewMet(source.name, source.name, LEFT, source.id))
            continue
        here = matching.of(source)
        theirs = stored_transcript(other.database, source)
        if here is None and matching.is_gone(source):
            met.append(InterviewMet(source.name, source.name, REMOVED, source.id))
        elif here is None:
            here = matching.named(source.name)
            if here is not None:
                problems.append(_another_text(source.name, theirs, project.transcript(here.name)))
                continue
            is_invented = source.name in other.pseudonymised
            project.add(theirs, office=source.office, pseudonymised=is_invented)
            here = project.source(source.name)
            places[source.id] = Places(here.id, theirs, theirs)
            met.append(InterviewMet(source.name, source.name, NEW, source.id))
        else:
            text = stored_transcript(project.database, here)
            own = Places(here.id, theirs, text)
            problems += _apart(project, other, here, source, own)
            places[source.id] = own
            how = SAME if theirs.text == text.text else CORRECTED
            met.append(InterviewMet(here.name, source.name, how, source.id))
    if problems:
        raise DataError(problems, try_next=_instead(problems))
    return met, places


class _Matching:
    """Finds the interviews of a project that those of another one are; each is found once."""

    def __init__(self, project: Project, other: Project, past: Past) -> None:
        self._project, self._other, self._past = project, other, past
        self._own = {one.id: one for one in project.sources}
        self._texts, self._theirs = (dict(text_hashes(one.database)) for one in (project, other))
        self._taken: set[int] = set()

    def of(self, source: Source) -> Source | None:
        """The interview here that one of the other file is; None if there is none."""
        own = self._own.get(source.id)
        if self._past.is_copy and own is not None and own.added == source.added:
            return self._take(own)
        text = self._theirs[source.id]
        same = [one for one in self._own.values() if self._texts[one.id] == text and one.id not in self._taken]
        if same:
            return self._take(next((one for one in same if one.name == source.name), same[0]))
        named = self.named(source.name)
        if named is not None and named.id not in self._taken and self._is_version(named, source, text):
            return self._take(named)
        return None

    def named(self, name: str) -> Source | None:
        return next((one for one in self._own.values() if one.name == name), None)

    def is_gone(self, source: Source) -> bool:
        """Whether an interview was here, and was removed."""
        if source.id in self._past.interviews and source.id not in self._past.left:
            return True
        return self._past.is_copy and was_added(self._project, source.id, source.added)

    def _take(self, own: Source) -> Source:
        self._taken.add(own.id)
        return own

    def _is_version(self, own: Source, source: Source, text: str) -> bool:
        """Whether one of two texts was corrected to the other."""
        earlier = {sha256_of(one) for _step, _time, one in earlier_texts(self._project, own.id)}
        theirs = {sha256_of(one) for _step, _time, one in earlier_texts(self._other, source.id)}
        return text in earlier or self._texts[own.id] in theirs


def _apart(project: Project, other: Project, here: Source, source: Source, places: Places) -> Iterator[Problem]:
    """Yield why two texts of one interview cannot be merged."""
    invented = here.name in project.pseudonymised, source.name in other.pseudonymised
    if places.kept < 1 and invented[0] != invented[1]:
        one, two = ("her", "der") if invented[0] else ("der", "her")
        first, second = ("here", "there") if invented[0] else ("there", "here")
        yield Problem(
            say(
                f"«{here.name}» er pseudonymisert {one}, men ikke {two}: tekstene er ikke de samme",
                f"«{here.name}» is pseudonymised {first}, and not {second}: the texts are not the same",
            )
        )
    elif places.kept < HALF:
        yield _another_text(here.name, other.transcript(source.name), project.transcript(here.name))


def _another_text(name: str, theirs: Transcript, own: Transcript) -> Problem:
    """Say that an interview of the same name has another text, and where they begin to differ, without any of the words."""
    turn = _first_apart(theirs, own)
    return Problem(
        say(
            f"«{name}» har en annen tekst i den andre filen: {len(theirs.text)} tegn mot {len(own.text)} her, ulike fra "
            f"ytring {turn}",
            f"«{name}» has another text in the other file: {len(theirs.text)} characters against {len(own.text)} here, "
            f"different from utterance {turn} on",
        )
    )


def _first_apart(theirs: Transcript, own: Transcript) -> int:
    """The number, counted from 1, of the first utterance in which two texts differ."""
    pairs: Mapping[int, tuple[str, str]] = dict(
        enumerate(zip((t.text for t in theirs.utterances), (o.text for o in own.utterances), strict=False))
    )
    return 1 + next((i for i, (one, two) in pairs.items() if one != two), len(pairs))


def _instead(problems: list[Problem]) -> str:
    name = problems[0].what.split("«")[1].split("»")[0]
    return say(
        f'rett den ene teksten (autokode correct), gi det ene intervjuet et annet navn, eller utelat det: --without "{name}"',
        f'correct one of the texts (autokode correct), give one interview another name, or leave it out: --without "{name}"',
    )
