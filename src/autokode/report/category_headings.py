"""Headings of suggested categories: the words that set the quotes of a group of codes apart from all others."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from autokode.base.arrays import Floats
from autokode.corpus.codebook import folded
from autokode.model.features import forms_of
from autokode.nlp.content_words import function_words
from autokode.report.material import Material

WORDS, PRIOR = 3, 0.1
"""Most words of a heading; weight of the whole material's word counts as a prior, as a share."""

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class HeadingEvidence:
    """Counts from which headings are made.

    Attributes:
        both: answers with both of two codes, int64 (k, k).
        words: the words that a heading may have, in alphabetical order.
        counts: quotes of each code with each word, float64 (k, n_words).
    """

    both: npt.NDArray[np.int64]
    words: Words
    counts: Floats


def heading_evidence(material: Material) -> HeadingEvidence:
    """Count the quotes of each code with each word; only words of two interviews or more, if there are two."""
    lang, k = material.codebook.language, len(material.codes)
    names = {label for t in material.transcripts.values() for label in t.speakers} | {*material.offices.values()}
    excluded = function_words(lang).union(*(forms_of(name, lang) for name in names))
    interviews_of: dict[str, set[str]] = {}
    counts: list[Counter[str]] = [Counter() for _ in range(k)]
    for own, code in zip(counts, material.codes, strict=True):
        for quote in material.quotes[code]:
            forms = [word for word in forms_of(material.spoken_text(quote), lang) if len(word) > 3 and word.isalpha()]
            own.update(forms)
            for word in forms:
                interviews_of.setdefault(word, set()).add(quote.transcript)
    least = min(2, len({name for found in interviews_of.values() for name in found}))
    words = tuple(sorted(word for word, found in interviews_of.items() if len(found) >= least and word not in excluded))
    table = np.array([[own[word] for word in words] for own in counts], np.float64).reshape(k, len(words))
    given = material.coded.astype(np.int64)
    return HeadingEvidence(given.T @ given, words, table)


def distinctive_words(evidence: HeadingEvidence, own: Sequence[int]) -> Words:
    """The words that most set a group's quotes apart, by z of the log odds with a Dirichlet prior; the best first.

    Monroe, Colaresi and Quinn, Fightin' Words, Political Analysis 2008, equations 15, 19 and 22.
    """
    here = evidence.counts[own].sum(axis=0)
    there = evidence.counts.sum(axis=0) - here
    prior = PRIOR * (here + there)
    a, b = here + prior, there + prior
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (np.log(a / (a.sum() - a)) - np.log(b / (b.sum() - b))) / np.sqrt(1 / a + 1 / b)
    chosen: list[str] = []
    for i in np.argsort(-np.nan_to_num(z), kind="stable"):
        word = evidence.words[i]
        if len(chosen) < WORDS and here[i] >= 2 and z[i] > 0 and all(word[:5] != other[:5] for other in chosen):
            chosen.append(word)
    return tuple(chosen)


def free_name(name: str, taken: set[str]) -> str:
    """The name, with a number if it is among `taken` (folded names); the result is added to `taken`."""
    free, number = name, 2
    while folded(free) in taken:
        free, number = f"{name} {number}", number + 1
    taken.add(folded(free))
    return free
