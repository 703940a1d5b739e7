"""A trained model: a few arrays, its codebook and a manifest. Nothing in it can run code.

    logit_k(text, question) = bias_k + (1/√n) Σ weights[feature, k] + (1/√m) Σ question_weights[feature, k]

with n and m the numbers of features of the text and of the question it answers; a text without a question has a bias of its own.
The probability is the logistic function of the logit. It is calibrated: weights and bias hold each code's factor and shift.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from autokode.base.arrays import Floats, Keys
from autokode.base.errors import failure
from autokode.corpus.codebook import Codebook
from autokode.model import encoder as encoders
from autokode.model import features
from autokode.model.calibration import any_of
from autokode.model.thresholds import DEFAULT_PRECISION, PROMISES
from autokode.nlp.content_words import says_nothing
from autokode.nlp.tokenizer import tokenize

PRIOR, QUESTION, ENCODER = "(prior)", "(question)", "(encoder)"
"""Names of the parts of an explanation that are no words of the text; their span is (0, 0)."""

TOP_WORDS = 20


class Contribution(NamedTuple):
    """A token (or the question, or the prior), its place in code points, and its contribution to a code's logit."""

    token: str
    start: int
    end: int
    contribution: float


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """The arrays that give scores, and the facts about them.

    Attributes:
        lang: spaCy language code of the tokenizer.
        codes: code names, in column order.
        features: sorted feature keys, uint64 (n_features,).
        weights: float32 (n_features, n_codes), rounded to float16 values, so that they take half the room on disk.
        question_features, question_weights: the same for the question that the text answers.
        bias: float32 (n_codes,).
        bias_alone: the bias of a text that answers no question, float32 (n_codes,).
        thresholds: probability from which a code is suggested, float32 (n_codes,).
        encoder_weights: of a sentence encoder's dimensions, float32 (n_dimensions, n_codes); no rows where no encoder is
            part of the score, as is usual.
        most: largest number of codes to suggest for a text.
        limits: probability from which a promise of precision or recall is kept, as `thresholds.promise_limits` gives them;
            float32 (2, n_levels, n_codes).
        top_words: code → its words of most weight, for human eyes; a code with none is left out.
        codebook: the codebook it was trained with, or None.
        manifest: JSON-able facts: versions, seed, data hashes, figures.
    """

    lang: str
    codes: tuple[str, ...]
    features: Keys
    weights: npt.NDArray[np.float32]
    question_features: Keys
    question_weights: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]
    bias_alone: npt.NDArray[np.float32]
    thresholds: npt.NDArray[np.float32]
    encoder_weights: npt.NDArray[np.float32]
    limits: npt.NDArray[np.float32]
    most: int
    top_words: dict[str, tuple[tuple[str, float], ...]]
    codebook: Codebook | None
    manifest: dict[str, Any]

    @property
    def categories(self) -> dict[str, list[int]]:
        """Category of the codebook → the columns of its codes that the model has; {} without a codebook."""
        if self.codebook is None:
            return {}
        return {
            name: [self.codes.index(code) for code in own if code in self.codes]
            for name, own in self.codebook.categories.items()
        }

    def suggested(
        self, texts: Sequence[str], probabilities: npt.NDArray[np.float32], least: npt.NDArray[np.float32]
    ) -> npt.NDArray[np.bool_]:
        """Decide which codes are suggested, bool (n_texts, n_codes).

        A code is suggested from its probability in `least` (n_codes,) on, but no more than `most` codes a text, the most probable
        (the first of equal ones), and none for a text that says nothing («Ja, ikke sant.»). `proposals` names them.
        """
        found = probabilities >= least
        for row in np.flatnonzero(found.sum(axis=1) > self.most).tolist():
            over = np.flatnonzero(found[row])
            found[row, over[np.argsort(-probabilities[row, over], kind="stable")[self.most :]]] = False
        return _of_content(texts, np.asarray(found))

    def suggested_categories(
        self,
        texts: Sequence[str],
        probabilities: npt.NDArray[np.float32],
        codes: npt.NDArray[np.bool_],
        least: float,
    ) -> npt.NDArray[np.bool_]:
        """Decide which of `categories` are suggested instead of their codes, bool (n_texts, n_categories).

        A category of two or more codes is suggested where `codes` (n_texts, n_codes) has none of them, but the probability of
        having any of them is `least` or more; none for a text that says nothing.
        """
        found = np.zeros((len(texts), len(self.categories)), np.bool_)
        for column, own in enumerate(self.categories.values()):
            if len(own) > 1:
                found[:, column] = ~codes[:, own].any(axis=1) & (any_of(probabilities[:, own]) >= least)
        return _of_content(texts, found)

    def thresholds_for(self, precision: float | None = None) -> npt.NDArray[np.float32]:
        """The probability from which each code is suggested, float32 (n_codes,).

        `precision`, 0.05–0.95, is the share of the suggestions that should be right. None gives the model's own thresholds, which
        training sets (`thresholds.default_thresholds`); a precision below the default never gives fewer suggestions than they do.
        """
        if precision is None:
            return self.thresholds
        promised = self.limits[0, level_of(precision)]
        return np.asarray(promised if precision >= DEFAULT_PRECISION else np.minimum(promised, self.thresholds))

    def embedded(self, texts: Sequence[str]) -> Floats:
        """What the encoder adds to the logits, float64 (n_texts, n_codes); zero where it is no part of the score."""
        if not len(self.encoder_weights):
            return np.zeros((len(texts), len(self.codes)))
        found = encoders.of(self.manifest.get("encoder"))
        if found is None:
            raise failure(
                "modellens enkoder har ikke noe navn",
                "the model's encoder has no name",
                try_next='AutoCoder(encoder="e5", encoder_use="score")',
            )
        weights = self.encoder_weights.astype(np.float64)
        added = [(vector[:, None] * weights).sum(axis=0) for vector in found.encode(texts)]  # each text by itself
        return np.stack(added) if added else np.zeros((0, len(self.codes)))

    def _prior(self, questions: Sequence[str]) -> Floats:
        answering = np.array([bool(question) for question in questions])
        return np.where(answering[:, None], self.bias, self.bias_alone).astype(np.float64)

    def _block(self, texts: Sequence[str], keys: Keys, weights: npt.NDArray[np.float32]) -> Floats:
        rows = features.matrix([features.forms_of(text, self.lang) for text in texts], keys)
        used = np.unique(rows.indices)
        return np.asarray(rows[:, used] @ weights[used].astype(np.float64))

    def contributions(self, text: str, question: str) -> list[tuple[str, int, int, Floats]]:
        """(token, start, end, contribution to each code's logit) for every word, then the question, then the prior.

        The last item is float64 (n_codes,); summed over the list it is the logit.
        """
        tokens = [(token, features.normal_form(token.text)) for token in tokenize(text, self.lang)]
        tokens = [(token, form) for token, form in tokens if form]
        sizes = {form: len(features.keys_of(form)) for form in {form for _token, form in tokens}}
        length = sum(sizes[form] for _token, form in tokens)
        rows = {form: self._row(form) / np.sqrt(length) for form in sizes}
        words = [(token.text, token.start, token.end, rows[form]) for token, form in tokens]
        of_question = self._block([question], self.question_features, self.question_weights)[0]
        parts = [(QUESTION, 0, 0, of_question)] if question else []
        parts += [(ENCODER, 0, 0, self.embedded([text])[0])] if len(self.encoder_weights) else []
        return [*words, *parts, (PRIOR, 0, 0, self._prior([question])[0])]

    def _row(self, form: str) -> Floats:
        keys = np.array(features.keys_of(form), np.uint64)
        places, known = features.look_up(keys, self.features)
        return np.asarray(self.weights[places[known]].sum(axis=0, dtype=np.float64))


def _of_content(texts: Sequence[str], found: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Withdraw what is suggested for texts that say nothing."""
    found[[i for i in np.flatnonzero(found.any(axis=1)).tolist() if says_nothing(texts[i])]] = False
    return found


def level_of(promise: float) -> int:
    """The row of `Model.limits` for a promise: that of the step itself, or of the next stricter one."""
    return int(np.searchsorted(PROMISES, promise - 1e-9))
