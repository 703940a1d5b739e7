"""Tells which words are forms of the same word, in Bokmål and Nynorsk: «stolte» and «stole», «gikk» and «gå»."""

import functools
import unicodedata
from typing import TYPE_CHECKING

from autokode.base.extras import require

if TYPE_CHECKING:
    from simplemma import Lemmatizer

_LACKING = {"går": "gå", "så": "se", "satt": "sitte", "si": "si"}
"""Forms of the commonest verbs that simplemma leads to no lemma or a wrong one → lemma."""

_NYNORSK_FROM = 4
"""Letters from which a word is taken for Nynorsk too: the shortest are other words there («si», «sin»)."""

_ALONE = frozenset(
    "de dem den denne det dette disse du ei en er et ha har hadde han i jeg kan kunne man meg min mitt mine må måtte om og på "
    "seg sin sitt sine skal skulle som til var vi vil ville være vere vore".split()
)
"""Words so common, and so seldom what somebody looks for, that each is searched for as it is."""


def normal(word: str) -> str:
    """A word as it is compared: NFC and in lower case; æ, ø and å stay what they are."""
    return unicodedata.normalize("NFC", word).lower()


@functools.lru_cache(maxsize=1 << 18)
def lemmas(word: str) -> frozenset[str]:
    """The words that this one may be a form of, itself among them; two words with a lemma in common are forms of one word.

    >>> sorted(lemmas("stolte")), sorted(lemmas("gikk"))
    (['stole', 'stolt', 'stolte'], ['gikk', 'gå'])
    """
    own = normal(word)
    if own in _ALONE or own in _LACKING:
        return frozenset({own, _LACKING.get(own, own)})
    lemmatizer = _lemmatizer()
    found = {own, normal(lemmatizer.lemmatize(own, lang="nb"))}
    if len(own) >= _NYNORSK_FROM:
        found.add(normal(lemmatizer.lemmatize(own, lang="nn")))
    return frozenset(found)


@functools.cache
def _lemmatizer() -> "Lemmatizer":
    require("review")
    from simplemma import Lemmatizer

    return Lemmatizer()
