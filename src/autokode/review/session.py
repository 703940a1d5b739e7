"""What a running page keeps in memory: the project, who codes, and what can be read again from the file at any time."""

import time
from dataclasses import dataclass
from typing import Any

from autokode.base.errors import DataError
from autokode.base.messages import say
from autokode.corpus.codebook import Code, Codebook
from autokode.project import Coder, Project, Reviewer
from autokode.project.active_learning.similarity import Likeness
from autokode.project.store.decision_rows import decision_and_round
from autokode.project.store.round_rows import likely_in, round_shown
from autokode.project.store.utterance_rows import Place
from autokode.project.store.vector_rows import vector_count
from autokode.project.views.similar_utterances import Examples
from autokode.project.views.utterance_view import TurnView, turns_shown
from autokode.review.learning_process import Learner

STALE_S = 2.0
"""Seconds for which what resembles a suggestion is taken from what was read before: a decision is not to wait for it."""

COLOURS = 8
"""Colours that categories are told apart by."""


STEPS = ("0.8", "0.65", "usual", "0.35")
"""Steps of the dial, fewest and surest first: the precision asked for, as the project's settings have it."""

_USUAL = 0.499
"""Where the usual stands among them: it is a precision of 0.5, and a number of suggestions in any case."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the dial: as the settings have it, what it is called, and what it means in plain words."""

    value: str
    name: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A code as the page lists it: how deep in the tree, which colour, whether it can be given."""

    code: Code
    depth: int
    colour: int


class Session:
    """One coder at one project, as the page shows it."""

    def __init__(self, project: Project, coder: Coder) -> None:
        self.project = project
        self.coder = coder
        self.reviewer = Reviewer(project, coder.id)
        self.learner = Learner(project, coder)
        self.codebook_problem = ""
        self._likeness: tuple[int, Likeness] | None = None
        self._examples: tuple[float, Examples] | None = None

    def state(self) -> dict[str, int]:
        """Return the numbers of the last decision and of the round that is shown; what has changed, shows in them."""
        decision, shown = decision_and_round(self.project, self.coder)
        return {"decision": decision, "round": shown}

    @property
    def likeness(self) -> Likeness:
        """The vectors of all utterances, read again when there are more of them."""
        count = vector_count(self.project)
        if self._likeness is None or self._likeness[0] != count:
            self._likeness = (count, Likeness.of(self.project))
        return self._likeness[1]

    @property
    def examples(self) -> Examples:
        """Where codes were given and refused, at most `STALE_S` old."""
        at = time.monotonic()
        if self._examples is None or at - self._examples[0] > STALE_S:
            self._examples = (at, Examples.of(self.project, self.coder))
        return self._examples[1]

    def turns(self, transcript: int, numbers: list[int] | None = None) -> list[TurnView]:
        """Return utterances as shown, with what resembles them."""
        return turns_shown(
            self.project, self.coder, transcript, likeness=self.likeness, examples=self.examples, numbers=numbers
        )

    @property
    def codebook(self) -> Codebook:
        """The codebook, with what a person changed in its file; one that cannot be read is passed over, and said."""
        try:
            self.project.read_codebook()
            self.codebook_problem = ""
        except DataError as error:
            self.codebook_problem = str(error)
        return self.project.codebook

    def entries(self) -> list[Entry]:
        """Return the codes as the page lists them, parents first."""
        found: list[Entry] = []

        def walk(code: Code, depth: int, colour: int) -> None:
            found.append(Entry(code, depth, colour))
            for child in code.codes:
                walk(child, depth + 1, colour)

        for index, top in enumerate(self.codebook.codes):
            walk(top, 0, index % COLOURS)
        return found

    def dial(self) -> tuple[list[Step], int]:
        """Return the steps of the dial, and at which of them it stands; another precision, asked for elsewhere, is a step too."""
        precision = self.project.precision
        chosen = "usual" if precision is None else f"{precision:g}"
        values = sorted({*STEPS, chosen}, key=lambda value: -(_USUAL if value == "usual" else float(value)))
        return [_step(value) for value in values], values.index(chosen)

    def about_round(self) -> dict[str, Any]:
        """Return what is known of the round that is shown: codes, order, news; {} before there is one."""
        row = round_shown(self.project, self.coder)
        return {} if row is None else {**row.about, "round": row.id, "codebook": row.codebook}

    def likely(self, place: Place, about: dict[str, Any]) -> dict[str, float]:
        """Return the probability of each code for an utterance, as the round that is shown has it."""
        if not about:
            return {}
        found = likely_in(self.project, about["round"], len(about["codes"]), place[0])
        if found is None:
            return {}
        return {code: round(float(p), 4) for code, p in zip(about["codes"], found[place[1]], strict=True)}


def _step(value: str) -> Step:
    named = {
        "0.8": (
            say("færrest", "fewest"),
            say("omtrent åtte av ti er riktige", "about eight in ten are right"),
        ),
        "0.65": (say("færre", "fewer"), say("omtrent to av tre er riktige", "about two in three are right")),
        "usual": (say("vanlig", "usual"), say("omtrent hvert annet er riktig", "about every second one is right")),
        "0.35": (say("flere", "more"), say("omtrent hvert tredje er riktig", "about one in three is right")),
    }
    if value not in named:
        share = round(100 * float(value))
        return Step(
            value,
            say("eget valg", "own choice"),
            say(f"omtrent {share} av 100 er riktige", f"about {share} in 100 are right"),
        )
    return Step(value, *named[value])
