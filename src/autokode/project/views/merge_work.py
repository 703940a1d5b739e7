"""Shows who coded what in the interviews that two projects have in common, and how far those who met agree."""

import itertools
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from autokode.agreement.meaning import meaning
from autokode.base.errors import DataError
from autokode.project.store.compared_rows import done_by, places_in
from autokode.project.store.merge_interviews import CORRECTED, NEW, SAME, InterviewMet
from autokode.project.store.project import Project
from autokode.project.views.coder_agreement import coders_agreement

MOST_PAIRS = 6
"""Most pairs of people whose agreement is told."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a person did in an interview: codings, and answers read or coded."""

    name: str
    codings: int
    read: int


@dataclass(frozen=True, slots=True)
class BothRead:
    """Two people, how many answers of an interview both read or coded, and to how many of them they gave the same codes."""

    first: str
    second: str
    read: int
    same: int


@dataclass(frozen=True, slots=True)
class InterviewWork:
    """Who did what in an interview, and on how much those who met agree."""

    interview: str
    people: tuple[Work, ...]
    both: tuple[BothRead, ...]


def work_in(project: Project, interviews: Collection[InterviewMet], came: Collection[str]) -> tuple[InterviewWork, ...]:
    """Count who did what in interviews that met, in their order.

    Args:
        project: after the merge.
        interviews: those of the other file.
        came: the people whose work came; only pairs with one of them are compared.
    """
    numbers = {source.name: source.id for source in project.sources}
    places = places_in(project)
    done = {coder.name: done_by(project, coder, places) for coder in project.coders}
    codings = {
        coder.name: [coding.segment.transcript for coding in project.codings(coder.name)] for coder in project.coders
    }
    found = []
    for one in interviews:
        if one.how not in (SAME, NEW, CORRECTED) or numbers[one.name] not in places:
            continue
        own = {who: each[numbers[one.name]] for who, each in done.items()}
        people = [Work(who, codings[who].count(one.name), len(each.known)) for who, each in own.items()]
        working = [each for each in people if each.codings or each.read]
        both = []
        for first, second in itertools.combinations([each.name for each in working], 2):
            shared = own[first].known & own[second].known
            if shared and {first, second} & set(came):
                same = sum(own[first].codes.get(n, set()) == own[second].codes.get(n, set()) for n in shared)
                both.append(BothRead(first, second, len(shared), same))
        found.append(InterviewWork(one.name, tuple(working), tuple(both)))
    return tuple(found)


def agreement_of(project: Project, work: Collection[InterviewWork]) -> Iterator[str]:
    """Yield, for each pair who read the same, two sentences on how far they agree in the whole project."""
    pairs = dict.fromkeys((both.first, both.second) for one in work for both in one.both)
    for pair in itertools.islice(pairs, MOST_PAIRS):
        try:
            yield " ".join(meaning(coders_agreement(project, pair)))
        except DataError:  # one of them finished no answer, though both gave codes there
            continue
