"""Finds words of a removed interview in what stays: an anchor example, a memo about a code, a note of another program."""

import re
import sqlite3
from collections.abc import Iterable
from dataclasses import replace

from autokode.corpus.codebook import Code, Codebook

RUN = 5
"""Fewest words in a row that count as a quote, where no interview that stays has them too."""

GAP = "[…]"
"""Stands where a quote was."""

_WORD = re.compile(r"\w+")


class Quotes:
    """The words that stand in a row in removed interviews and in no other.

    Args:
        gone: the texts of the removed interviews.
        left: the texts of those that stay.
    """

    def __init__(self, gone: Iterable[str], left: Iterable[str]) -> None:
        self._gone, self._left = ([_words(text) for text in texts] for texts in (gone, left))
        self._runs = {run for words in self._gone for run in _runs_of(words)}
        for words in self._left:
            self._runs.difference_update(_runs_of(words))

    def without(self, text: str) -> str:
        """A text with `GAP` in the place of each quote."""
        places = [(word.start(), word.end()) for word in _WORD.finditer(text)]
        quoted = [i for i, run in enumerate(_runs_of(_words(text))) if run in self._runs]
        spans: list[tuple[int, int]] = []
        for i in quoted:
            start, end = places[i][0], places[i + RUN - 1][1]
            if spans and start <= spans[-1][1]:
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((start, end))
        for start, end in reversed(spans):
            text = text[:start] + GAP + text[end:]
        return text

    def has(self, text: str) -> bool:
        """Whether a text quotes the removed interviews, or is, with two words or more, a quote of them as a whole."""
        words = _words(text)
        if any(run in self._runs for run in _runs_of(words)):
            return True
        return len(words) > 1 and _stands(words, self._gone) and not _stands(words, self._left)

    def without_in(self, codebook: Codebook) -> Codebook:
        """A codebook without the examples that are quotes, and without quotes in its other texts."""
        return replace(codebook, codes=tuple(self._without_in_code(code) for code in codebook.codes))

    def _without_in_code(self, code: Code) -> Code:
        examples = tuple(example for example in code.examples if not self.has(example))
        return replace(
            code,
            examples=examples,
            keywords=tuple(word for word in code.keywords if self.without(word) == word),
            definition=self.without(code.definition),
            use_when=self.without(code.use_when),
            not_when=self.without(code.not_when),
            codes=tuple(self._without_in_code(child) for child in code.codes),
        )


def named_with(connection: sqlite3.Connection, quotes: Quotes) -> tuple[str, ...]:
    """The names of codes, in any version of the codebook, that are quotes."""
    books = [Codebook.from_yaml(yaml, may_be_empty=True) for (yaml,) in connection.execute("SELECT yaml FROM codebook")]
    return tuple(sorted(name for name in {code.name for book in books for code in book} if quotes.has(name)))


def take_out_of_codebooks(connection: sqlite3.Connection, quotes: Quotes) -> tuple[int, bool]:
    """Take quotes out of every version of the codebook; give how many codes of the newest had some, and whether any had."""
    codes = 0
    for row in connection.execute("SELECT * FROM codebook ORDER BY version").fetchall():
        before = Codebook.from_yaml(row["yaml"], may_be_empty=True)
        after = quotes.without_in(before)
        codes = sum(replace(a, codes=()) != replace(b, codes=()) for a, b in zip(before, after, strict=True))
        if after != before:
            values = (after.to_yaml(), after.sha256)
            connection.execute("UPDATE codebook SET yaml = ?, sha256 = ? WHERE version = ?", (*values, row["version"]))
            connection.execute("UPDATE round SET codebook = ? WHERE codebook = ?", (after.sha256, row["sha256"]))
    return codes, codes > 0


def _stands(words: list[str], texts: Iterable[list[str]]) -> bool:
    """Whether words stand in a row in one of some texts."""
    return any(f" {' '.join(words)} " in f" {' '.join(text)} " for text in texts)


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _runs_of(words: list[str]) -> list[tuple[str, ...]]:
    return [tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1)]
