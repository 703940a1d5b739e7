"""The words that the utterances of a project say, and which of them a search finds: the forms of its words."""

import functools
import itertools
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator

from autokode.nlp.word_forms import lemmas, normal
from autokode.project.store.project import Project
from autokode.project.store.search_query import Query, Term

MOST_PHRASES = 200
"""Most phrases that a term's forms are written out to; of more, each two words that follow each other are to be there so."""


class Vocabulary:
    """The words of some texts, as their index has them.

    Attributes:
        mark: the state of the index that they were read from.
    """

    def __init__(self, words: Iterable[str], mark: bytes = b"") -> None:
        self.mark = mark
        self._same: dict[str, list[str]] = {}
        for word in words:
            self._same.setdefault(normal(word), []).append(word)

    @classmethod
    def of(cls, project: Project, known: "Vocabulary | None" = None) -> "Vocabulary":
        """The words of a project; those `known` if they are the same still."""
        with project.database.reading() as connection:
            mark = _mark(connection)
            if known is not None and known.mark == mark:
                return known
            return cls((word for (word,) in connection.execute("SELECT term FROM said_term")), mark)

    @functools.cached_property
    def by_lemma(self) -> dict[str, list[str]]:
        """Lemma → the words that may be forms of it. The first time takes a second for each ten thousand words."""
        found: dict[str, list[str]] = {}
        for word in self._same:
            for lemma in lemmas(word):
                found.setdefault(lemma, []).append(word)
        return found

    def forms(self, word: str) -> tuple[str, ...]:
        """The words, of those that are said, that are forms of a word; the word itself first."""
        others = sorted({one for lemma in lemmas(word) for one in self.by_lemma.get(lemma, ())})
        return tuple(dict.fromkeys([word, *others]))

    def choices(self, term: Term) -> list[tuple[str, ...]]:
        """For each word of a term the words that may stand in its place; of a beginning only that."""
        last = len(term.words) - 1
        return [
            (word,) if term.exact or (term.begins and i == last) else self.forms(word)
            for i, word in enumerate(term.words)
        ]

    def match(self, query: Query) -> str:
        """The query in the language of SQLite's FTS5; "" for a query of nothing."""
        if not query:
            return ""
        found = " AND ".join(f"({' OR '.join(map(self._match, group))})" for group in query.groups)
        without = " OR ".join(map(self._match, query.without))
        return f"({found}) NOT ({without})" if without else found

    def _match(self, term: Term) -> str:
        choices = self.choices(term)
        size = 1
        for forms in choices:
            size *= len(forms)
        if size <= MOST_PHRASES or len(choices) == 1:
            return f"({' OR '.join(self._phrases(choices, begins=term.begins))})"
        pairs = []
        for i in range(len(choices) - 1):
            phrases = self._phrases(choices[i : i + 2], begins=term.begins and i == len(choices) - 2)
            pairs.append(f"({' OR '.join(itertools.islice(phrases, 4 * MOST_PHRASES))})")
        return f"({' AND '.join(pairs)})"

    def _phrases(self, choices: list[tuple[str, ...]], *, begins: bool) -> Iterator[str]:
        written = [[one for word in words for one in (word, *self._same.get(word, ()))] for words in choices]
        if begins:  # a text may have its letters parted from their accents
            written[-1].append(unicodedata.normalize("NFD", written[-1][0]))
        for phrase in itertools.product(*(dict.fromkeys(words) for words in written)):
            yield f'"{" ".join(phrase)}"' + " *" * begins


def _mark(connection: sqlite3.Connection) -> bytes:
    """The state of the index: the row in which FTS5 keeps how it is laid out, which changes with every text."""
    row = connection.execute("SELECT block FROM said_data WHERE id = 10").fetchone()
    return bytes(row[0]) if row else b""
