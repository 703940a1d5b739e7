"""Lists what stands out among a coder's own codings: codes unlike the others of their code, and answers near a code without it.

Nothing is changed: it is a list to look at. A code that was rejected there, or that the coder keeps as it is, is decided, and
does not come back here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from autokode.base.arrays import Floats
from autokode.base.errors import failure, quoted
from autokode.base.formatting import percent
from autokode.base.messages import say
from autokode.corpus.study import Examples
from autokode.evaluation.label_doubt import Truth, doubt_of_given, doubt_of_missing
from autokode.project.active_learning.coded_utterances import CodedUtterance, coded_utterances_now
from autokode.project.active_learning.similarity import Similarity
from autokode.project.store.coders import Coder
from autokode.project.store.kept_codings import Kept, kept_by
from autokode.project.store.project import Project
from autokode.project.store.utterance_rows import UtteranceId

EVEN = 0.5
"""Probability below which a coding stands out, and from which a code not given does: the model says rather the opposite."""

LEAST_SAID = 0.01
"""Smallest probability that is written as a number: «0 %» would say that it cannot be."""

SHOWN = 2
"""How many of the code's other answers are named beside each."""


@dataclass(frozen=True, slots=True)
class StandsOut:
    """A code in an answer that stands out.

    Attributes:
        place: the answer.
        code: the code that it has, or lacks.
        given: whether it has it.
        probability: of the code, by a model that never saw the interview.
        rival: the likeliest code that the answer does not have, and its probability; None if it has all, or lacks this one.
        likest: the answers with the code that are most like this one, at most `SHOWN`; () without vectors.
    """

    place: UtteranceId
    code: str
    given: bool
    probability: float
    rival: tuple[str, float] | None
    likest: tuple[UtteranceId, ...]


@dataclass(frozen=True, slots=True)
class StandingOut:
    """What stands out, the most doubtful first.

    Attributes:
        codings: codes that were given.
        lacking: codes that were not given, in answers that the coder has read or coded.
        answers: how many answers were looked at.
        interviews: how many interviews they are from.
    """

    codings: tuple[StandsOut, ...]
    lacking: tuple[StandsOut, ...]
    answers: int
    interviews: int


def standing_out(project: Project, coder: Coder) -> StandingOut:
    """Look through all that a coder has coded or read.

    Raises:
        DataError: the coder codes blind, has coded nothing, or too few answers to hold any out.
    """
    from autokode.evaluation.held_out import held_out_probabilities  # loads scikit-learn, which the page does without

    if coder.blind:
        raise failure(
            f"{coder.name} koder blindt, og får ikke vite hvilke koder som kan mangle",
            f"{coder.name} codes blind, and is not told which codes may be lacking",
            try_next=f"autokode coders --project {quoted(project.folder)}",
        )
    names = {source.id: source.name for source in project.sources}
    turns = [turn for turn in coded_utterances_now(project, coder) if turn.known]
    turns.sort(key=lambda turn: (names[turn.place[0]], turn.place[1]))
    codebook = project.codebook
    codable = codebook.codable
    own = [sorted(turn.codes & set(codable)) for turn in turns]
    if not any(own):
        raise failure(
            f"{coder.name} har ikke gitt noen koder ennå",
            f"{coder.name} has not given any codes yet",
            try_next=f"autokode review --project {quoted(project.folder)}",
        )
    rows = zip(turns, own, strict=True)
    examples = Examples.of((turn.text, turn.question, codes, names[turn.place[0]]) for turn, codes in rows)
    rejected = [sorted(turn.rejected & set(codable)) for turn in turns]
    probabilities = held_out_probabilities(examples, codebook, rejected=rejected)
    given, said_no = _indicators(own, codable), _indicators(rejected, codable)
    doubted, lacking = doubt_of_given(probabilities, given), doubt_of_missing(probabilities, given | said_no)
    found = _Found(turns, codable, probabilities, given, Similarity.of(project), kept_by(project, coder))
    return StandingOut(
        found.in_order(doubted, (probabilities < EVEN) & given),
        found.in_order(lacking, (probabilities >= EVEN) & ~given & ~said_no),
        len(turns),
        len({turn.place[0] for turn in turns}),
    )


def why(one: StandsOut) -> str:
    """The sentence that says why it stands out."""
    likely = percent(one.probability) if one.probability >= LEAST_SAID else f"under {percent(LEAST_SAID)}"
    if not one.given:
        return say(
            f"Ut fra det du har kodet i andre intervjuer, er det {likely} sannsynlig at svaret har koden; du har ikke gitt den.",
            f"From what you coded in other interviews, the answer has the code with {likely} probability; you did not give it.",
        )
    first = say(
        f"Ut fra det du har kodet i andre intervjuer, er det bare {likely} sannsynlig at svaret har koden.",
        f"From what you coded in other interviews, the answer has the code with only {likely} probability.",
    )
    if one.rival is None or one.rival[1] <= one.probability:
        return first
    code, its = one.rival[0], percent(one.rival[1])
    return first + say(f" «{code}», som det ikke har, er {its}.", f" «{code}», which it lacks, has {its}.")


def _indicators(codes: Sequence[Sequence[str]], codable: Sequence[str]) -> Truth:
    return np.array([[code in own for code in codable] for own in codes], np.bool_).reshape(len(codes), len(codable))


@dataclass(frozen=True, slots=True)
class _Found:
    """Answers with their held-out probabilities, float64 (n, n_codes), and codes, bool (n, n_codes)."""

    turns: Sequence[CodedUtterance]
    codable: Sequence[str]
    probabilities: Floats
    given: Truth
    likeness: Similarity
    kept: Kept

    def in_order(self, doubts: Floats, chosen: Truth) -> tuple[StandsOut, ...]:
        """Those chosen, by falling doubt; of equal ones in reading order."""
        cells = np.argwhere(chosen)
        order = np.argsort(-doubts[chosen], kind="stable")
        return tuple(self._one(row, column) for row, column in cells[order].tolist() if not self._is_kept(row, column))

    def _is_kept(self, row: int, column: int) -> bool:
        return self.kept.has(self.turns[row].place, self.codable[column], given=bool(self.given[row, column]))

    def _one(self, row: int, column: int) -> StandsOut:
        given, place = bool(self.given[row, column]), self.turns[row].place
        others = [self.turns[i].place for i in np.flatnonzero(self.given[:, column]).tolist() if i != row]
        cosines = self.likeness.to(place, others)
        likest = [others[i] for i in np.argsort(-cosines, kind="stable")[:SHOWN] if cosines[i] > 0]
        return StandsOut(
            place,
            self.codable[column],
            given,
            float(self.probabilities[row, column]),
            self._rival(row) if given else None,
            tuple(likest),
        )

    def _rival(self, row: int) -> tuple[str, float] | None:
        free = np.flatnonzero(~self.given[row])
        if not len(free):
            return None
        best = free[self.probabilities[row, free].argmax()]
        return self.codable[best], float(self.probabilities[row, best])
