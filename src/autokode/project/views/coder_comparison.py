"""Compares two coders: where they agree, where they differ, and the version they settle on."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from autokode.corpus.coding import Coding
from autokode.project.active_learning.coded_utterances import CodedUtterance
from autokode.project.active_learning.similarity import Similarity, near_identical
from autokode.project.store.coders import Coder
from autokode.project.store.compared_rows import asked_and_said, done_by_both
from autokode.project.store.decision_rows import settled
from autokode.project.store.followed_names import names_in
from autokode.project.store.project import Project
from autokode.project.store.utterance_rows import UtteranceId


@dataclass(frozen=True, slots=True)
class Difference:
    """An utterance that both coders read and gave different codes.

    Attributes:
        place: the utterance.
        text, question: what is said there, and the question it answers.
        both: codes that both gave.
        first, second: codes that only the first or only the second gave.
        settled: code → whether the utterance is to have it, for those that were settled.
    """

    place: UtteranceId
    text: str = field(repr=False)
    question: str = field(repr=False)
    both: tuple[str, ...]
    first: tuple[str, ...]
    second: tuple[str, ...]
    settled: dict[str, bool]

    @property
    def open(self) -> bool:
        return any(code not in self.settled for code in (*self.first, *self.second))


@dataclass(frozen=True, slots=True)
class Comparison:
    """The codes that two coders gave to the utterances that both read.

    Attributes:
        read: how many utterances both read.
        same: on how many of them they gave the same codes.
        per_code: code → (only the first, only the second, both).
        differences: the utterances where they differ, in order.
    """

    read: int
    same: int
    per_code: dict[str, tuple[int, int, int]]
    differences: tuple[Difference, ...]


def compare(project: Project, first: Coder, second: Coder) -> Comparison:
    """Compare what two coders gave to the utterances that both read."""
    names = names_in(project)
    agreed = {
        place: {names.get(code, code): has for code, has in codes.items()}
        for place, codes in settled(project, first, second).items()
    }
    per_code = {code: [0, 0, 0] for code in project.codebook.codable}
    own, other = done_by_both(project, first, second)
    read = same = 0
    differing: list[tuple[UtteranceId, tuple[tuple[str, ...], ...]]] = []
    for transcript in own:
        both = own[transcript].known & other[transcript].known
        coded = sorted(both & (own[transcript].codes.keys() | other[transcript].codes.keys()))
        read += len(both)
        same += len(both) - len(coded)  # who gave no code agrees with another who gave none
        for number in coded:
            ours, theirs = (
                {names.get(code, code) for code in done[transcript].codes.get(number, ())} for done in (own, other)
            )
            parts = tuple(tuple(sorted(part)) for part in (ours - theirs, theirs - ours, ours & theirs))
            for slot, codes in enumerate(parts):
                for code in codes:
                    per_code.setdefault(code, [0, 0, 0])[slot] += 1
            same += ours == theirs
            if ours != theirs:
                differing.append(((transcript, number), parts))
    texts = asked_and_said(project, [place for place, _parts in differing])
    differences = [
        Difference(place, texts[place][1], texts[place][0], both, one, two, agreed.get(place, {}))
        for place, (one, two, both) in differing
    ]
    counts = {code: (slots[0], slots[1], slots[2]) for code, slots in per_code.items() if any(slots)}
    return Comparison(read, same, counts, tuple(differences))


def settled_codings(project: Project, first: Coder, second: Coder) -> tuple[Coding, ...]:
    """The version that two coders settled on: codings that both made, and those they settled where they differ.

    A coding keeps the span of the coder who made it (the first's, where both did).
    """
    differences = {difference.place: difference for difference in compare(project, first, second).differences}
    transcripts = {source.name: (source.id, project.transcript(source.name)) for source in project.sources}
    names = names_in(project)
    own, other = (project.codings(coder.name) for coder in (first, second))
    kept: dict[tuple[UtteranceId, str], list[Coding]] = {}
    for coding in (replace(one, code=names.get(one.code, one.code)) for one in (*own, *other)):
        number, transcript = transcripts[coding.segment.transcript]
        index = transcript.utterance_at(coding.segment.start)
        place = (number, index if index is not None else -1)
        difference = differences.get(place)
        lone = difference is not None and coding.code in (*difference.first, *difference.second)
        if difference is not None and lone and not difference.settled.get(coding.code, False):
            continue
        there = kept.setdefault((place, coding.code), [])
        if not there or there[0].coder == coding.coder:
            there.append(coding)
    return tuple(sorted(coding for codings in kept.values() for coding in codings))


def inconsistent(
    utterances: Iterable[CodedUtterance], likeness: Similarity
) -> list[tuple[CodedUtterance, CodedUtterance, float]]:
    """Find pairs of utterances that say nearly the same and that their coder coded differently, the most alike first."""
    known = {one.place: one for one in utterances if one.known}
    coded = {place for place, one in known.items() if one.codes}
    pairs = near_identical(likeness, {place: one.text for place, one in known.items()}, coded)
    return [(known[a], known[b], alike) for a, b, alike in pairs if known[a].codes != known[b].codes]
