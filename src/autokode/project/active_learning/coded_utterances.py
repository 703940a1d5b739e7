"""Puts every utterance beside what one coder decided about it: what a model learns from, and what two coders are compared by."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from autokode.corpus.overlap import overlapped
from autokode.corpus.utterance import INTERVIEWER
from autokode.project.store.coders import Coder
from autokode.project.store.decision_rows import decided
from autokode.project.store.followed_names import names_in
from autokode.project.store.project import Project
from autokode.project.store.utterance_rows import UtteranceId, utterances_of

FEWEST = 5
"""Fewest utterances that a coder must have coded or read before a model can learn."""


@dataclass(frozen=True, slots=True)
class CodedUtterance:
    """An utterance with what its coder decided about it.

    Attributes:
        place, text, span: the utterance; the span in code points of its transcript.
        question: the text of the question it answers; "" for none.
        answer: whether somebody else than an interviewer says it.
        read: whether the coder has read it.
        codes: the codes that the coder gave it.
        rejected: the codes that the coder rejected for it.
    """

    place: UtteranceId
    text: str = field(repr=False)
    question: str = field(repr=False)
    answer: bool
    read: bool
    codes: frozenset[str]
    rejected: frozenset[str]
    span: tuple[int, int]

    @property
    def known(self) -> bool:
        """Whether a model can learn from it."""
        return self.answer and (self.read or bool(self.codes or self.rejected))


def coded_utterances_now(project: Project, coder: Coder) -> list[CodedUtterance]:
    """Every utterance with what a coder decided about it, by the names that the codebook now has for the codes."""
    return called(coded_utterances_of(project, coder), names_in(project))


def called(turns: Iterable[CodedUtterance], names: Mapping[str, str]) -> list[CodedUtterance]:
    """The same utterances with other names for codes: name → name."""
    if not names:
        return list(turns)

    def named(codes: frozenset[str]) -> frozenset[str]:
        return frozenset(names.get(code, code) for code in codes)

    return [replace(turn, codes=named(turn.codes), rejected=named(turn.rejected) - named(turn.codes)) for turn in turns]


def coded_utterances_of(project: Project, coder: Coder, *, last: int | None = None) -> Iterator[CodedUtterance]:
    """Yield every utterance of the project with what a coder decided about it, by transcript and number.

    With `last`, what it would have given right after the decision of this number.
    """
    utterances, own = utterances_of(project), decided(project, coder, last=last)
    codes: dict[UtteranceId, set[str]] = {}
    rejected: dict[UtteranceId, set[str]] = {}
    for coding in own.codings:
        for number in overlapped(utterances.get(coding.transcript, ()), coding.start, coding.end):
            codes.setdefault((coding.transcript, number), set()).add(coding.code)
    for verdict in own.verdicts:
        if verdict.rejected:
            rejected.setdefault(verdict.place, set()).add(verdict.code)
    for transcript, within in utterances.items():
        for number, utterance in enumerate(within):
            place = (transcript, number)
            given = frozenset(codes.get(place, ()))
            yield CodedUtterance(
                place=place,
                text=utterance.text,
                question="" if utterance.question is None else within[utterance.question].text,
                answer=utterance.role != INTERVIEWER,
                read=place in own.read,
                codes=given,
                rejected=frozenset(rejected.get(place, set()) - given),
                span=(utterance.start, utterance.end),
            )
