"""Reads what a person types to search. Anything typed is a query.

stole på            both words, in any form, anywhere in the utterance
«stole på»          the words beside each other, in any form; also "stole på"
=stolte             this form alone
tillit*             words that begin so
tillit ELLER trygg  either (also OR, |)
jobb UTEN praksis   the first without the second (also NOT, -praksis)
"""

import re
from dataclasses import dataclass

from autokode.nlp.word_forms import normal

LONGEST, MOST_WORDS = 1000, 32
"""Characters and words of a query that are read; the rest is left out."""

WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")
"""A word as the index has it: letters and digits, with accents of their own."""

_PIECE = re.compile(
    r"""(?P<minus>(?<!\S)[-−–](?=\S))?(?P<equals>=)?
    (?:[«"“”](?P<quoted>[^«»"“”]*)[»"“”]?|(?P<plain>[^\s«»"“”]+))""",
    re.VERBOSE,
)
_EITHER, _WITHOUT = ("ELLER", "OR", "|"), ("UTEN", "NOT")


@dataclass(frozen=True, slots=True)
class Term:
    """Words beside each other, in lower case.

    Attributes:
        words: one or more.
        exact: whether only these forms count.
        begins: whether the last word is the beginning of a word.
    """

    words: tuple[str, ...]
    exact: bool = False
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for: one term of each group is to be there, and none of `without`."""

    groups: tuple[tuple[Term, ...], ...]
    without: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.groups)

    @property
    def terms(self) -> tuple[Term, ...]:
        """The terms to find, without those that are not to be there."""
        return tuple(term for group in self.groups for term in group)


def read_query(text: str) -> Query:
    """Read a query; what says nothing is left out, and a query of nothing finds nothing.

    >>> read_query("stole ELLER tillit* -lån")
    Query(groups=((Term(words=('stole',), exact=False, begins=False), Term(words=('tillit',), exact=False, begins=True)),), \
without=(Term(words=('lån',), exact=False, begins=False),))
    """
    groups: list[list[Term]] = []
    without: list[Term] = []
    either = leave_out = False
    left = MOST_WORDS
    for piece in _PIECE.finditer(text[:LONGEST]):
        plain = piece["plain"]
        if plain in _EITHER or plain in _WITHOUT:
            either, leave_out = plain in _EITHER and bool(groups), plain in _WITHOUT
            continue
        said = piece["quoted"] if plain is None else plain
        words = tuple(normal(word) for word in WORD.findall(normal(said)))[:left]
        if not words:
            continue
        left -= len(words)
        term = Term(words, exact=bool(piece["equals"]), begins=said.rstrip().endswith("*"))
        if leave_out or piece["minus"]:
            without.append(term)
        elif either:
            groups[-1].append(term)
        else:
            groups.append([term])
        either = leave_out = False
    return Query(tuple(map(tuple, groups)), tuple(without))
