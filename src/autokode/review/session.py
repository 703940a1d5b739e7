"""One coder at one project, with what the page keeps in memory; all of it can be read from the file again."""

import time
from dataclasses import dataclass
from typing import Any

from autokode.corpus.codebook import Code, Codebook
from autokode.project import Coder, Project, Reviewer
from autokode.project.active_learning.similarity import Similarity
from autokode.project.store.coders import NEWCOMER
from autokode.project.store.decision_rows import decision_and_round
from autokode.project.store.file_mark import check_mark, file_mark
from autokode.project.store.opening import ReplacedError
from autokode.project.store.round_rows import likely_in, round_shown
from autokode.project.store.utterance_rows import UtteranceId, vector_count
from autokode.project.views.similar_utterances import Examples
from autokode.project.views.utterance_view import UtteranceView, turns_shown
from autokode.review.addresses import Veil
from autokode.review.learning_process import Learner

STALE_S = 2.0
"""Age in seconds up to which examples are reused, so that a decision does not wait until they are read again."""

SHARED = ("precision",)
"""Choices that hold for all who code in a project; `autokode learn` reads them."""

COLOURS = 8
"""Number of colours that tell apart the categories to which the codebook gives none."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A code in the page's list: its depth in the tree, and the CSS class of its colour."""

    code: Code
    depth: int
    colour: str


class Session:
    """One coder at one project, as the page shows it."""

    def __init__(self, project: Project, coder: Coder) -> None:
        self.project = project
        self.reviewer = self._reviewing(coder)
        self.learner = Learner(project, coder)
        self.veil = Veil()
        self.codebook_problem = ""
        self._likeness: tuple[int, Similarity] | None = None
        self._examples: tuple[float, Examples] | None = None
        self._mark = ""

    @property
    def coder(self) -> Coder:
        """Who decides; looked up again until something of theirs is stored."""
        if self.learner.coder.id == NEWCOMER:
            known = self.project.known_coder(self.learner.coder.name)
            self.learner.coder = known if known.id != NEWCOMER else self.learner.coder
        return self.learner.coder

    def _reviewing(self, coder: Coder) -> Reviewer:
        return Reviewer(self.project, coder.id, newcomer=coder if coder.id == NEWCOMER else None)

    def setting(self, name: str, default: str = "") -> str:
        """What this coder chose for the page, else what was chosen for the project, else the default."""
        return self.project.setting(self._own(name), self.project.setting(name, default))

    def choose(self, name: str, value: str) -> None:
        """Keep a choice: the dial is the project's, anything else this coder's own."""
        self.project.set(name if name in SHARED else self._own(name), value)

    def _own(self, name: str) -> str:
        return f"{name} – {self.coder.name}"

    def state(self) -> dict[str, Any]:
        """The numbers of the last decision and of the round shown, and the file's mark; a page with others is out of date."""
        decision, shown = decision_and_round(self.project, self.coder)
        self._mark = file_mark(self.project)
        return {"decision": decision, "round": shown, "seen": self._mark}

    def follow_file(self) -> None:
        """Forget what is kept in memory if another file has taken the place of the project's."""
        try:
            check_mark(self.project, self._mark or file_mark(self.project))
        except ReplacedError:
            self._likeness = self._examples = None
            self.project.forget_codebook()
            coder = self.project.known_coder(self.learner.coder.name)
            self.learner.begin_anew(coder)
            self.reviewer = self._reviewing(coder)
        self._mark = file_mark(self.project)

    @property
    def likeness(self) -> Similarity:
        """The vectors of all utterances, read again when there are more of them."""
        count = vector_count(self.project)
        if self._likeness is None or self._likeness[0] != count:
            self._likeness = (count, Similarity.of(self.project))
        return self._likeness[1]

    @property
    def examples(self) -> Examples:
        """The utterances that were given each code, and those it was rejected for; at most `STALE_S` old."""
        at = time.monotonic()
        if self._examples is None or at - self._examples[0] > STALE_S:
            self._examples = (at, Examples.of(self.project, self.coder))
        return self._examples[1]

    def turns(self, transcript: int, numbers: list[int] | None = None) -> list[UtteranceView]:
        """Utterances as shown, with similar ones beside each suggestion."""
        return turns_shown(
            self.project, self.coder, transcript, likeness=self.likeness, examples=self.examples, numbers=numbers
        )

    @property
    def codebook(self) -> Codebook:
        """The codebook as its file has it now; if the file cannot be read, the one before, and `codebook_problem` says why."""
        self.codebook_problem = self.project.codebook_problem()
        return self.project.codebook

    def entries(self) -> list[Entry]:
        """The codes as the page lists them, parents first.

        A code's colour is the codebook's (see `Codebook.colours`), or else the one that the page has for the top of its tree.
        """
        found: list[Entry] = []
        codebook = self.codebook
        given = codebook.colours

        def walk(code: Code, depth: int, own: str) -> None:
            found.append(Entry(code, depth, colour_class(given[code.name]) or own))
            for child in code.codes:
                walk(child, depth + 1, own)

        for index, top in enumerate(codebook.codes):
            walk(top, 0, f"k{index % COLOURS}")
        return found

    def about_round(self) -> dict[str, Any]:
        """The notes on the round shown: codes, reading order, news, its number; {} before there is one."""
        row = round_shown(self.project, self.coder)
        return {} if row is None else {**row.about, "round": row.id, "codebook": row.codebook}

    def likely(self, place: UtteranceId) -> dict[str, float]:
        """Code → probability for an utterance, in the round shown; {} if it has none."""
        row = round_shown(self.project, self.coder)
        if row is None:
            return {}
        codes = row.about["codes"]
        found = likely_in(self.project, row.id, len(codes), place[0])
        return (
            {} if found is None else {code: round(float(p), 4) for code, p in zip(codes, found[place[1]], strict=True)}
        )


def colours_of(entries: list[Entry]) -> dict[str, str]:
    """Code → the CSS class of its colour."""
    return {entry.code.name: entry.colour for entry in entries}


def colour_class(colour: str) -> str:
    """The CSS class of a colour of the codebook, «#rrggbb», or ""."""
    return colour.replace("#", "rgb-")


def colour_styles(codebook: Codebook) -> str:
    """The style sheet for the colours that the codebook gives.

    A line under text is mixed with the ink, so that a light colour is seen on paper and a dark one on black.
    """
    return "".join(
        f".{colour_class(colour)} {{ --k: {colour}; --k-line: color-mix(in srgb, {colour} 65%, var(--ink)); }}\n"
        for colour in sorted(set(codebook.colours.values()) - {""})
    )
