"""Compares two coders: where they agree, where they differ, and the version they settle on."""

from dataclasses import dataclass, replace

from autokode.corpus.coding import Coding
from autokode.project.active_learning.coded_utterances import CodedUtterance, coded_utterances_now
from autokode.project.active_learning.similarity import Similarity, near_identical
from autokode.project.store.coders import Coder
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
    text: str
    question: str
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
    own, other = (coded_utterances_now(project, coder) for coder in (first, second))
    names = names_in(project)
    agreed = {
        place: {names.get(code, code): has for code, has in codes.items()}
        for place, codes in settled(project, first, second).items()
    }
    per_code = {code: [0, 0, 0] for code in project.codebook.codable}
    read = same = 0
    differences = []
    for a, b in zip(own, other, strict=True):
        if not (_read(a) and _read(b)):
            continue
        read += 1
        same += a.codes == b.codes
        one, two, both = (tuple(sorted(part)) for part in (a.codes - b.codes, b.codes - a.codes, a.codes & b.codes))
        for slot, codes in enumerate((one, two, both)):
            for code in codes:
                per_code.setdefault(code, [0, 0, 0])[slot] += 1
        if a.codes != b.codes:
            differences.append(Difference(a.place, a.text, a.question, both, one, two, agreed.get(a.place, {})))
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
    project: Project, coder: Coder, likeness: Similarity
) -> list[tuple[CodedUtterance, CodedUtterance, float]]:
    """Find pairs of utterances that say nearly the same and that one coder coded differently, the most alike first."""
    turns = {turn.place: turn for turn in coded_utterances_now(project, coder) if turn.known}
    pairs = near_identical(likeness, {place: turn.text for place, turn in turns.items()})
    return [(turns[a], turns[b], alike) for a, b, alike in pairs if turns[a].codes != turns[b].codes]


def _read(turn: CodedUtterance) -> bool:
    return turn.answer and (turn.read or bool(turn.codes))
