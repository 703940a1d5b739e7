"""Searches the utterances of a project, by words or by likeness, and shows what it found in context, with the hits marked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from autokode.nlp.text_windows import text_parts
from autokode.nlp.word_forms import normal
from autokode.project.active_learning.similarity import Similarity
from autokode.project.store.coders import Coder
from autokode.project.store.coding_several import Place
from autokode.project.store.hit_rows import HitRow, hit_rows
from autokode.project.store.project import Project
from autokode.project.store.search_query import WORD, Query, Term, read_query
from autokode.project.store.searching import Within, all_places, search
from autokode.project.store.utterance_rows import UtteranceId, reading_order
from autokode.project.store.vocabulary import Vocabulary

PAGE = 50
"""Most utterances on a page of results."""

ALIKE = 100
"""Most utterances that a search by likeness finds."""

LEAST_ALIKE = 0.2
"""Cosine below which utterances are not said to be alike."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Hit:
    """An utterance that was found, and its text in pieces: (text, whether it is what was searched for)."""

    row: HitRow
    pieces: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Results:
    """What a search found.

    Attributes:
        hits: of one page, in reading order, or the most alike first.
        count: of all.
        interviews: transcript's id → how many, in reading order.
        speakers: label → how many, the most first.
        forms: the words that were searched for, and the forms of each that the texts have.
    """

    hits: tuple[Hit, ...]
    count: int
    interviews: Mapping[int, int]
    speakers: Mapping[str, int]
    forms: Mapping[str, tuple[str, ...]]


def by_words(
    project: Project, coder: Coder, text: str, vocabulary: Vocabulary, within: Within | None = None, *, page: int = 0
) -> Results:
    """Find the utterances that have the words of a query (`read_query` says how it is written); no text is an error.

    Args:
        project, coder: whose codings, memos and readings the filter means.
        text: the query; one of no words finds all that the filter lets through.
        vocabulary: of the project (`Vocabulary.of`).
        within: the filter.
        page: which `PAGE` of them to give.
    """
    query = read_query(text)
    with project.connected():
        found = search(
            project, coder, query, vocabulary, within or Within(), page=range(page * PAGE, (page + 1) * PAGE)
        )
        rows = hit_rows(project, coder, found.places)
    marked = Marking(query, vocabulary)
    hits = tuple(Hit(row, tuple(marked.pieces(row.text))) for row in rows)
    forms = {" ".join(term.words): _other_forms(term, vocabulary) for term in query.terms}
    return Results(hits, found.count, found.interviews, found.speakers, forms)


def _other_forms(term: Term, vocabulary: Vocabulary) -> tuple[str, ...]:
    choices = vocabulary.choices(term)
    return tuple(form for own, forms in zip(term.words, choices, strict=True) for form in forms if form != own)


def by_likeness(
    project: Project,
    coder: Coder,
    vector: npt.NDArray[np.float32],
    likeness: Similarity,
    within: Within | None = None,
) -> Results:
    """Find the utterances that are most like a vector, float32 (n_dimensions,); at most `ALIKE`, the most alike first."""
    is_all = within is None or within == Within()
    allowed = None if is_all else all_places(project, coder, Query(()), Vocabulary(()), within or Within())
    places = likeness.most_like(vector, allowed, most=ALIKE, least=LEAST_ALIKE)
    rows = hit_rows(project, coder, places)
    interviews, speakers = _counted(project, rows)
    return Results(tuple(Hit(row, ((row.text, False),)) for row in rows), len(rows), interviews, speakers, {})


def at_places(project: Project, coder: Coder, places: Sequence[UtteranceId], *, page: int = 0) -> Results:
    """Utterances that are known by their places, in the order given; `page` says which `PAGE` of them."""
    rows = hit_rows(project, coder, places)
    interviews, speakers = _counted(project, rows)
    shown = rows[page * PAGE : (page + 1) * PAGE]
    return Results(tuple(Hit(row, ((row.text, False),)) for row in shown), len(rows), interviews, speakers, {})


def _counted(project: Project, rows: Sequence[HitRow]) -> tuple[dict[int, int], dict[str, int]]:
    rank = reading_order(project)
    interviews: dict[int, int] = {}
    speakers: dict[str, int] = {}
    for row in sorted(rows, key=lambda one: rank[one.place[0]]):
        interviews[row.place[0]] = interviews.get(row.place[0], 0) + 1
        speakers[row.speaker] = speakers.get(row.speaker, 0) + 1
    return interviews, dict(sorted(speakers.items(), key=lambda one: (-one[1], one[0])))


class Marking:
    """Finds what a query means in a text: the spans of its words and phrases."""

    def __init__(self, query: Query, vocabulary: Vocabulary) -> None:
        self._query = query
        self._choices = {term: vocabulary.choices(term) for term in (*query.terms, *query.without)}

    def fits(self, text: str) -> bool:
        """Whether a text has what the query asks for."""
        words = _words(text)
        has = {term: bool(list(self._found(term, words))) for term in self._choices}
        return all(any(has[term] for term in group) for group in self._query.groups) and not any(
            has[term] for term in self._query.without
        )

    def spans(self, text: str) -> list[Span]:
        """Half-open spans of code points, in order; those that overlap are one."""
        words = _words(text)
        joined: list[Span] = []
        for start, end in sorted(span for term in self._query.terms for span in self._found(term, words)):
            if joined and start < joined[-1][1]:
                joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
            else:
                joined.append((start, end))
        return joined

    def _found(self, term: Term, words: list[tuple[int, int, str]]) -> Iterator[Span]:
        choices = self._choices[term]
        for at in range(len(words) - len(choices) + 1):
            own = words[at : at + len(choices)]
            *before, last = [word for _start, _end, word in own]
            fits = all(word in forms for word, forms in zip(before, choices[:-1], strict=True))
            if fits and (last in choices[-1] or (term.begins and last.startswith(term.words[-1]))):
                yield own[0][0], own[-1][1]

    def pieces(self, text: str) -> Iterator[tuple[str, bool]]:
        """The text in pieces: (piece, whether it is what was searched for)."""
        at = 0
        for start, end in self.spans(text):
            if start > at:
                yield text[at:start], False
            yield text[start:end], True
            at = end
        if at < len(text):
            yield text[at:], False


def _words(text: str) -> list[tuple[int, int, str]]:
    return [(match.start(), match.end(), normal(match[0])) for match in WORD.finditer(text)]


def places_of(hits: Sequence[Hit], *, sentences: bool) -> list[Place]:
    """The spans to code: the whole of each utterance, or the sentences with a hit (the whole where nothing is marked)."""
    found: list[Place] = []
    for hit in hits:
        text, start, transcript = hit.row.text, hit.row.start, hit.row.place[0]
        whole = (len(text) - len(text.lstrip()), len(text.rstrip()))
        spans = _sentences_with_hits(hit) if sentences else []
        found += [(transcript, start + a, start + b) for a, b in spans or [whole] if a < b]
    return found


def _sentences_with_hits(hit: Hit) -> list[Span]:
    marked, at = [], 0
    for piece, is_hit in hit.pieces:
        if is_hit:
            marked.append((at, at + len(piece)))
        at += len(piece)
    return [(a, b) for a, b in text_parts(hit.row.text) if any(max(a, start) < min(b, end) for start, end in marked)]


def hits_at(
    project: Project, coder: Coder, places: Sequence[UtteranceId], text: str, vocabulary: Vocabulary
) -> list[Hit]:
    """Utterances as `by_words` shows them, in the order given; those that are gone are left out."""
    marked = Marking(read_query(text), vocabulary)
    return [Hit(row, tuple(marked.pieces(row.text))) for row in hit_rows(project, coder, places)]
