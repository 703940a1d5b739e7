"""Held-out probabilities: each coded text scored by a model that never saw its interview, in a single training.

The model is a ridge, so leaving an interview out is closed-form (`training.ridge`), not another training.
"""

from collections.abc import Collection, Sequence

import numpy as np
from sklearn.model_selection import GroupKFold, KFold

from autokode.base.arrays import Floats
from autokode.base.errors import failure
from autokode.base.messages import say
from autokode.corpus.codebook import Codebook
from autokode.corpus.study import Examples
from autokode.model import calibration
from autokode.model.vectors import of_language
from autokode.training.fit import Aids, problem_of
from autokode.training.model_selection import FEWEST_INTERVIEWS, MIN_TEXTS_TO_HOLD_OUT, learn_scores
from autokode.training.ridge import Rows
from autokode.training.ridge_problem import Choice
from autokode.training.single_thread import one_thread

MOST_TOGETHER = 4000
"""Most texts that learn from each other. The time grows with the cube of their number: 11,200 answers took a ninth of the
processor's time in parts of this size, beside all at once."""


@one_thread()
def held_out_probabilities(
    examples: Examples,
    codebook: Codebook,
    *,
    lang: str = "nb",
    rejected: Sequence[Collection[str]] = (),
    choice: Choice | None = None,
) -> Floats:
    """The calibrated probability of each codable code for each text, float64 (n_texts, n_codes).

    More than `MOST_TOGETHER` texts are divided into parts of whole interviews, each with a model of its own. With fewer than four
    interviews neighbouring answers are held out together, since there is nothing else to hold out. Calibration has two numbers a
    code, fitted on these same scores.

    Args:
        examples: coded texts with their interviews.
        codebook: their codebook; its codable codes are the columns.
        lang: spaCy language code of the tokenizer.
        rejected: for each text the codes that a person rejected; () for none at all.
        choice: how much each part of a text counts; None to find it.

    Raises:
        DataError: fewer than `MIN_TEXTS_TO_HOLD_OUT` texts.
    """
    if len(examples.texts) < MIN_TEXTS_TO_HOLD_OUT:
        raise failure(
            f"{len(examples.texts)} kodede svar; det trengs {MIN_TEXTS_TO_HOLD_OUT} for å holde noen utenfor",
            f"{len(examples.texts)} coded answers; holding some out takes {MIN_TEXTS_TO_HOLD_OUT}",
            try_next=say("kod noen svar til", "code some more answers"),
        )
    found = np.zeros((len(examples.texts), len(codebook.codable)))
    for rows in _together(examples):
        no = [rejected[i] for i in rows] if len(rejected) else ()
        found[rows] = _of_some(examples.at(rows.tolist()), codebook, lang, no, choice)
    return found


def _together(examples: Examples) -> list[Rows]:
    """The texts that learn from each other: all of them, or whole interviews in parts of about `MOST_TOGETHER` or fewer."""
    texts, groups = len(examples.texts), examples.groups
    count = -(-texts // MOST_TOGETHER)
    if count < 2:
        return [np.arange(texts)]
    by_interview = groups is not None and len(set(groups)) >= count * FEWEST_INTERVIEWS
    splitter = GroupKFold(count) if by_interview else KFold(count)
    return [rows for _rest, rows in splitter.split(np.zeros((texts, 1)), groups=groups if by_interview else None)]


def _of_some(
    examples: Examples, codebook: Codebook, lang: str, rejected: Sequence[Collection[str]], choice: Choice | None
) -> Floats:
    aids = Aids(vectors=of_language(lang), rejected=rejected)
    problem = problem_of(examples, codebook.codable, codebook=codebook, lang=lang, aids=aids)
    learnt = learn_scores(problem, choice, with_curve=False)
    interviews = len(set(examples.groups)) if examples.groups is not None else len(examples.texts)
    scale = calibration.calibrate(learnt.with_question, problem.labels, learnt.uncoded, interviews=interviews)
    return scale.probabilities(learnt.with_question)
