"""Words of groups of answers: those that name a group, and those that set it apart, in the form in which they are said most."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from autokode.base.messages import say
from autokode.nlp.content_words import carries_content
from autokode.nlp.word_forms import lemmas, normal

NAME, APART = 3, 6
"""Most words of a name, and of what sets a group apart."""

SHORTEST, FEWEST, PRIOR = 4, 2, 0.1
"""Letters of a word that may name; answers of the group that have it; weight of all answers' counts as a prior, as a share."""


STABLE, DOUBTFUL = 0.75, 0.6
"""Mean Jaccard from which a group is stable, and below which it should not be trusted (Hennig 2008, section 4)."""


@dataclass(frozen=True, slots=True)
class GroupWords:
    """What a group of answers is called, and the words that set it apart from the others."""

    name: tuple[str, ...]
    apart: tuple[str, ...]


def stability_in_words(value: float) -> str:
    """What the stability of a group means, for people."""
    if value >= STABLE:
        return say("kommer igjen nesten uendret", "comes again almost unchanged")
    if value >= DOUBTFUL:
        return say("kommer igjen, med andre ytterkanter", "comes again, with other edges")
    return say("henger på enkelte svar", "hangs on single answers")


def content_words(text: str, language: str) -> list[str]:
    """The words of a text that carry content, in lower case, in order.

    >>> content_words("Ja, vi bygger tillit først.", "nb")
    ['bygger', 'tillit']
    """
    return [word for word in re.findall(r"[^\W\d_]+", normal(text)) if carries_content(word, language)]


def words_of_groups(
    words: Sequence[Sequence[str]], labels: npt.NDArray[np.int64], unnamed: frozenset[str] = frozenset()
) -> list[GroupWords]:
    """The words of each group, in the order of the labels.

    A name is of the words of the highest class-based TF-IDF (Grootendorst 2022, BERTopic, section 3.3), each counted once an
    answer; what sets apart has the highest z of the log odds with a Dirichlet prior (Monroe, Colaresi and Quinn 2008).
    """
    said: dict[str, Counter[str]] = {}
    rows: list[set[str]] = []
    for own in words:
        keys = {word: _lemma(word) for word in own if len(word) >= SHORTEST and word not in unnamed}
        for word, key in keys.items():
            said.setdefault(key, Counter())[word] += 1
        rows.append(set(keys.values()))
    vocabulary = sorted(said)
    place = {key: i for i, key in enumerate(vocabulary)}
    names = np.unique(labels)
    counts = np.zeros((len(names), len(vocabulary)))
    for keys_here, group in zip(rows, np.searchsorted(names, labels), strict=True):
        counts[group, [place[key] for key in keys_here]] += 1
    forms = [said[key].most_common(1)[0][0] for key in vocabulary]
    return [
        GroupWords(
            _best(value, counts[i], forms, NAME),
            _best(_log_odds(counts[i], counts.sum(axis=0)), counts[i], forms, APART),
        )
        for i, value in enumerate(_class_tf_idf(counts))
    ]


def _lemma(word: str) -> str:
    return min(lemmas(word), key=lambda lemma: (len(lemma), lemma))


def _class_tf_idf(counts: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    total = counts.sum(axis=0)
    mean = counts.sum() / max(len(counts), 1)
    weight = np.log1p(np.divide(mean, total, out=np.zeros_like(total), where=total > 0))
    return np.asarray(counts / np.maximum(counts.sum(axis=1, keepdims=True), 1) * weight)


def _log_odds(here: npt.NDArray[np.float64], total: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    prior = PRIOR * total
    a, b = here + prior, total - here + prior
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (np.log(a / (a.sum() - a)) - np.log(b / (b.sum() - b))) / np.sqrt(1 / a + 1 / b)
    return np.asarray(np.nan_to_num(z))


def _best(
    values: npt.NDArray[np.float64], here: npt.NDArray[np.float64], forms: Sequence[str], most: int
) -> tuple[str, ...]:
    chosen: list[str] = []
    for i in np.argsort(-values, kind="stable"):
        if len(chosen) == most or values[i] <= 0:
            break
        if here[i] >= FEWEST and all(forms[i][:5] != other[:5] for other in chosen):
            chosen.append(forms[i])
    return tuple(chosen)
