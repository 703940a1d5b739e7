"""One coder at one project, with what the page keeps in memory; all of it can be read from the file again."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from autokode.base.errors import DataError
from autokode.corpus.codebook import Code, Codebook
from autokode.project import Coder, Project, Reviewer
from autokode.project.active_learning.similarity import Similarity
from autokode.project.store.coders import NEWCOMER, OF
from autokode.project.store.decision_rows import decision_and_round
from autokode.project.store.file_mark import check_mark, file_mark
from autokode.project.store.opening import ReplacedError
from autokode.project.store.rewritings import rewritings
from autokode.project.store.round_rows import likely_in, round_shown
from autokode.project.store.utterance_rows import UtteranceId, vectors_mark
from autokode.project.views.similar_utterances import Examples
from autokode.project.views.utterance_view import UtteranceView, turns_shown
from autokode.review.addresses import Veil
from autokode.review.errands import Errands
from autokode.review.incoming_files import Incoming
from autokode.review.incoming_reading import IncomingReading
from autokode.review.learning_process import Learner
from autokode.review.names_file import NamesFile
from autokode.review.names_job import NamesJob
from autokode.review.searches import Searches
from autokode.review.start.home_folders import HomeFolders, Signs

STALE_S = 2.0
"""Age in seconds up to which examples are reused, so that a decision does not wait until they are read again."""

SHARED = ("precision",)
"""Choices that hold for all who code in a project; `autokode learn` reads them."""

COLOURS = 8
"""Number of colours that tell apart the categories to which the codebook gives none."""

LINES = 4
"""Most lines under a text, one for each of the codings that overlap there; the stripes beside it show all."""


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
        self.page = coder.name  # whose page it is by its lock; the coder's name may become another one
        self.reviewer = self._reviewing(coder)
        self.learner = Learner(project, coder)
        self.teacher = ("http://localhost:11434/v1", "")  # the address and the model that the form shows
        self.veil = Veil()
        self.searches = Searches(project, self.veil)
        self.names, self.names_file = NamesJob(), NamesFile(project)
        self.incoming = Incoming(project.folder, coder.name)
        self.understanding = IncomingReading(self.incoming)
        self.sheet: list[list[str]] = []  # rows of values that wait, until somebody stores them
        self.survey: Any = None  # the survey that waits (`screens.survey.Waiting`)
        self.survey_step = 0  # the step that took one in here
        self.counted: tuple[object, Any] | None = None  # the last table of codes by values, and what it was counted of
        self.errands = Errands(project.folder, coder.name)
        self.folders = HomeFolders(Signs())
        self.end: Callable[[], None] = lambda: None  # lets go of the project, where a server shows it
        self.codebook_problem = ""
        self.codebook_by_hand: Codebook | None = None
        self._likeness: tuple[str, Similarity] | None = None
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

    @property
    def order(self) -> str:
        """What this coder reads next: "reading" (as it was said), "teaching" (most useful to the model) or "chance"."""
        return self.setting("order", "reading")

    def choose(self, name: str, value: str) -> None:
        """Keep a choice: the dial is the project's, anything else this coder's own.

        With English, the Norwegian of before is kept, which the page leads back to.
        """
        before = self.setting(name)
        if name == "language" and value == "en" and before in ("nb", "nn"):
            self.choose("norwegian", before)
        self.project.set(name if name in SHARED else self._own(name), value)

    def _own(self, name: str) -> str:
        return f"{name}{OF}{self.coder.name}"

    def forget(self) -> None:
        """Forget what is kept in memory of the texts, since some are gone or others."""
        self._likeness = self._examples = self.counted = None

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
            self.forget()
            self.project.forget_codebook()
            self.become(self._coder_now())
        self._mark = file_mark(self.project)
        own = self.learner.coder  # another page may have renamed them, or ended their blind coding
        self.learner.coder = next((one for one in self.project.coders if one.id == own.id), own)

    def become(self, coder: Coder) -> None:
        """Go on as the coder as the file has them now."""
        self.learner.begin_anew(coder)
        self.reviewer = self._reviewing(coder)

    def _coder_now(self) -> Coder:
        """Who decides, in a file that changed: by the name, or if pseudonymising gave another one, by the number."""
        was = self.learner.coder
        known = self.project.known_coder(was.name)
        if known.id == NEWCOMER and rewritings(self.project):
            return next((one for one in self.project.coders if one.id == was.id), known)
        return known

    @property
    def is_working(self) -> bool:
        """Whether something is being learnt or made for this coder in the background."""
        return self.learner.busy or self.names.runs or self.errands.is_working

    def close(self) -> None:
        """End what works in the background, and remove files that wait; whatever was decided is on disk already."""
        self.learner.stop()
        self.names.stop()
        self.clear_files()

    def drop_files(self) -> None:
        """Remove the files that wait, with what was understood of them."""
        for sign in list(self.incoming.files):
            self.understanding.drop(sign)

    def clear_files(self) -> None:
        """Remove the files that wait, also those of a server that was killed."""
        self.errands.clear()
        self.incoming.clear()

    @property
    def likeness(self) -> Similarity:
        """The vectors of all utterances, read again when there are more of them or a text is another one."""
        mark = vectors_mark(self.project)
        if self._likeness is None or self._likeness[0] != mark:
            self._likeness = (mark, Similarity.of(self.project))
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

    def look_at_codebook(self) -> None:
        """See whether a person changed codebook.yaml: `codebook_by_hand` is what they made of it, `codebook_problem` says if it
        cannot be read. Neither is used before somebody takes it in, unless there are no codes yet.
        """
        self.codebook_problem, self.codebook_by_hand = "", None
        try:
            self.codebook_by_hand = self.project.codebook_by_hand()
        except DataError as error:
            self.codebook_problem = self.project.codebook_unread(error)
        if self.codebook_by_hand is not None and not self.codebook.codes:
            self.project.use_codebook(self.codebook_by_hand)
            self.codebook_by_hand = None

    @property
    def codebook(self) -> Codebook:
        """The codebook's newest version."""
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
    """The style sheet for the colours that the codebook gives, and for the lines under text in any colour of the page.

    A line under text is mixed with the ink, so that a light colour is seen on paper and a dark one on black.
    """
    given = sorted(set(codebook.colours.values()) - {""})
    named = {colour_class(colour): colour for colour in given}
    own = [f".{name} {{ --k: {colour}; }}\n" for name, colour in named.items()]
    lined = {**{f"k{number}": f"var(--k{number})" for number in range(COLOURS)}, **named}
    lines = [
        f".u{line}-{name} {{ --u{line}: color-mix(in srgb, {colour} 70%, var(--ink)); }}\n"
        for name, colour in lined.items()
        for line in range(LINES)
    ]
    return "".join(own + lines)
