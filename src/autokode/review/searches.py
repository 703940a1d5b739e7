"""What a window searches for, kept in memory under a sign: no word of a query stands in an address."""

import threading
from collections import OrderedDict
from dataclasses import astuple, dataclass, field

from autokode.project import Coder, Project
from autokode.project.active_learning.similarity import Similarity, vector_of
from autokode.project.store.searching import Within
from autokode.project.store.utterance_rows import UtteranceId
from autokode.project.store.vocabulary import Vocabulary
from autokode.project.views.search_results import Results, at_places, by_likeness, by_words
from autokode.review.addresses import Veil

KEPT = 200
"""Most searches that are kept; the oldest are forgotten."""

LANGUAGE = "nb"
"""The language of the words' vectors."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A search: the words, where to search, and how.

    Attributes:
        text: as somebody typed it.
        within: the filter.
        alike: whether utterances like the text are looked for, and not its words.
        like: the utterance that others are to be like, in place of a text.
        places: utterances to look at, in place of a search, and what they are called (`title`).
    """

    text: str = field(default="", repr=False)
    within: Within = field(default_factory=Within)
    alike: bool = False
    like: UtteranceId | None = None
    places: tuple[UtteranceId, ...] = ()
    title: str = field(default="", repr=False)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is searched for."""
        return self.like is None and not self.places and not self.text.strip() and self.within == Within()


class Searches:
    """The searches of one server, and the words of its project."""

    def __init__(self, project: Project, veil: Veil) -> None:
        self._project, self._veil = project, veil
        self._asked: OrderedDict[str, Asked] = OrderedDict()
        self._vocabulary: Vocabulary | None = None
        self._lock = threading.Lock()

    def keep(self, asked: Asked) -> str:
        """Keep a search; give the sign that an address has of it."""
        sign = self._veil.sign(repr(astuple(asked)))
        with self._lock:
            self._asked[sign] = asked
            self._asked.move_to_end(sign)
            while len(self._asked) > KEPT:
                self._asked.popitem(last=False)
        return sign

    def asked(self, sign: str) -> Asked | None:
        """The search with a sign; None if it was forgotten, as after a restart."""
        return self._asked.get(sign)

    def vocabulary(self) -> Vocabulary:
        """The words of the project as it is now."""
        with self._lock:
            self._vocabulary = Vocabulary.of(self._project, self._vocabulary)
            return self._vocabulary

    def warm(self) -> None:
        """Find the forms of all words while a person types."""
        threading.Thread(target=self._find_forms, daemon=True).start()

    def _find_forms(self) -> None:
        known = self.vocabulary()
        with self._lock:
            _ = known.by_lemma

    def results(self, coder: Coder, asked: Asked, likeness: Similarity, *, page: int = 0) -> Results:
        """What a search finds, a page of it."""
        if asked.places:
            return at_places(self._project, coder, asked.places, page=page)
        if asked.like is not None:
            vector = likeness.vector(asked.like)
        elif asked.alike:
            vector = vector_of(asked.text, LANGUAGE)
        else:
            return by_words(self._project, coder, asked.text, self.vocabulary(), asked.within, page=page)
        if vector is None:
            return Results((), 0, {}, {}, {})
        return by_likeness(self._project, coder, vector, likeness, asked.within)
