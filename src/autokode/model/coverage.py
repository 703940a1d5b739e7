"""How much of a text a model knows. Of a text in another language, or in a spelling of its own, that is next to nothing."""

from collections.abc import Sequence

import numpy as np

from autokode.base.arrays import Floats, Keys
from autokode.base.messages import say
from autokode.model import features
from autokode.model.linear_model import Contribution, Model
from autokode.model.vectors import of_language
from autokode.nlp.content_words import carries_content

LITTLE = 1 / 3
"""Largest coverage of a text of which the model knows next to nothing."""

WORTH_SAYING = 0.1
"""Share of the texts with content from which somebody is warned that the model knows next to nothing of them."""


def coverage(model: Model, texts: Sequence[str], known: Keys | None = None) -> Floats:
    """The share of each text's different words of content that the model knows, float64 (n_texts,), 0–1.

    A word is known if it stood in a text that the model learnt from, uncoded ones among them, or if it has a vector of the word.
    NaN for a text without words of content, such as «Ja, ikke sant.».

    Args:
        model: what suggests.
        texts: n_texts texts.
        known: sorted keys of the words that count as known, uint64 (n_words,); None for `Model.features`.
    """
    own = [
        [form for form in features.forms_of(text, model.lang) if carries_content(form, model.lang)] for text in texts
    ]
    keys = np.array([features.keys_of(form)[0] for forms in own for form in forms], np.uint64)
    is_known = features.look_up(keys, model.features if known is None else known)[1]
    found, at = np.full(len(own), np.nan), 0
    for row, forms in enumerate(own):
        if forms:
            found[row] = is_known[at : at + len(forms)].mean()
        at += len(forms)
    return found


def known_from(model: Model, texts: Sequence[str]) -> Keys:
    """The sorted keys, uint64 (n_keys,), of what these texts and the vectors of the model's language teach, and nothing else."""
    own, vectors = features.vocabulary([features.forms_of(text, model.lang) for text in texts]), of_language(model.lang)
    return own if vectors is None else features.distinct(np.concatenate([own, vectors.keys]))


def told_of(found: Floats) -> str:
    """Say of how many texts the model knows next to nothing, by their coverage (n_texts,); "" if they are few."""
    little, content = int((found <= LITTLE).sum()), int((~np.isnan(found)).sum())
    if little < max(1, WORTH_SAYING * content):
        return ""
    return say(
        f"modellen kjenner nesten ingen av ordene i {little} av {len(found)} svar; det den foreslår der, er gjetning",
        f"the model knows next to nothing of {little} of {len(found)} answers; what it suggests there is guessing",
    )


class Explanation(list[Contribution]):
    """The contributions to a code's logit, and how much of the text the model knows.

    Attributes:
        coverage: as `coverage` gives it.
        is_guess: whether the model knows next to nothing of the text, so that the probability is little more than the prior.
    """

    def __init__(self, parts: Sequence[Contribution], coverage: float) -> None:
        super().__init__(parts)
        self.coverage = coverage

    @property
    def is_guess(self) -> bool:
        return self.coverage <= LITTLE
