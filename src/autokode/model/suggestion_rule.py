"""The rule of what a model suggests for an answer, and of the sentence that speaks most for each suggestion.

Files, the page, the spaCy component and evaluation all go by it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from autokode.base.arrays import Floats
from autokode.model.calibration import any_of
from autokode.model.linear_model import QUESTION, Model
from autokode.nlp.content_words import carries_content
from autokode.nlp.text_windows import text_parts

CODE, CATEGORY = "code", "category"
"""Levels of what is suggested."""

CATEGORY_THRESHOLD = 0.5
"""Probability from which a category is suggested where its codes are not, unless a promise or threshold says otherwise."""

Words = list[tuple[str, int, int, Floats]]
"""(word, start, end, what it adds to each proposal's logit, float64 (n_proposals,)); code points into the text."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Probabilities from which a model suggests.

    Attributes:
        codes: of each code, float32 (n_codes,).
        category: of a category none of whose codes is suggested; infinity for no categories.
        every: whether all codes from their limit on are suggested, however many they are and whatever the text says.
    """

    codes: npt.NDArray[np.float32]
    category: float = np.inf
    every: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """A code, or a category instead of its codes, that a model suggests for a text.

    Attributes:
        name: of the code or category.
        level: `CODE` or `CATEGORY`.
        probability: 0–1.
        shares: how much of each code's evidence speaks for it, float64 (n_codes,).
    """

    name: str
    level: str
    probability: float
    shares: Floats


def proposals(
    model: Model, texts: Sequence[str], probabilities: npt.NDArray[np.float32], limits: Limits
) -> list[tuple[Proposal, ...]]:
    """Propose for each text its codes, most probable first, then the likely categories that none of these codes belongs to.

    Where the log odds of a category's code k change by a little, those of the category change by p_k / P(category) times as much:
    the derivative of log(P / (1 - P)) for P = 1 - ∏(1 - p_k). So that is the share of k's evidence.

    Args:
        model: what suggests.
        texts: n texts.
        probabilities: what the model says of them, float32 (n_texts, n_codes).
        limits: the probabilities from which to suggest.
    """
    codes = probabilities >= limits.codes if limits.every else model.suggested(texts, probabilities, limits.codes)
    categories = model.suggested_categories(texts, probabilities, codes, limits.category)
    members, unit = list(model.categories.items()), np.eye(len(model.codes))
    found: list[tuple[Proposal, ...]] = [()] * len(texts)
    for i in np.flatnonzero(codes.any(axis=1) | categories.any(axis=1)).tolist():
        row = probabilities[i]
        ranked = [k for k in np.argsort(-row, kind="stable").tolist() if codes[i, k]]
        own = [Proposal(model.codes[k], CODE, float(row[k]), unit[k]) for k in ranked]
        for name, columns in (members[j] for j in np.flatnonzero(categories[i]).tolist()):
            any_code = float(any_of(row[columns]))
            own.append(Proposal(name, CATEGORY, any_code, row * unit[columns].sum(axis=0) / any_code))
        found[i] = tuple(own)
    return found


@dataclass(frozen=True, slots=True)
class Reasons:
    """The evidence for the proposals of a text.

    Attributes:
        words: every word of the text, with what it adds to each proposal.
        question: what the question adds to each, float64 (n_proposals,); zero without a question.
        sentences: for each proposal the sentence that speaks most for it, (start, end) in code points.
    """

    words: Words
    question: Floats
    sentences: list[tuple[int, int]]


def reasons(model: Model, text: str, question: str, proposed: Sequence[Proposal]) -> Reasons:
    """The evidence for one or more proposals of a text that answers a question ("" for none).

    The sentence that speaks most is the one whose words of content add most; of speech without marks it is a window of words.
    """
    shares = np.stack([one.shares for one in proposed], axis=1)
    parts = [(token, start, end, row @ shares) for token, start, end, row in model.contributions(text, question)]
    words = [part for part in parts if part[2]]  # the question and the prior have no place in the text
    of_question = next((row for token, _start, _end, row in parts if token == QUESTION), np.zeros(len(proposed)))
    return Reasons(words, of_question, _sentences(text, words, model.lang, len(proposed)))


def _sentences(text: str, words: Words, lang: str, count: int) -> list[tuple[int, int]]:
    spans = text_parts(text)
    ends = np.array([end for _start, end in spans])
    sums = np.zeros((len(spans), count))
    for token, start, _end, row in words:
        if carries_content(token.lower(), lang):
            sums[min(int(np.searchsorted(ends, start, side="right")), len(spans) - 1)] += row
    return [spans[row] for row in sums.argmax(axis=0).tolist()]
