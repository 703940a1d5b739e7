"""The systems to measure: autokode in its three ways, and peers, each set up as well as its makers would.

A system learns from a `Task`. What peers do is in `linear.py` (scikit-learn) and `neural.py` (fastText, spaCy).
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from autokode import AutoCoder
from autokode.base.errors import AutokodeWarning
from autokode.corpus.study import Examples
from benchmarks.quality import linear, neural
from benchmarks.quality.task import Floats, Learnt, Task, Truth

PROMISE = 0.8
"""Precision that is promised where autokode is asked for the limits that keep it."""


@dataclass(frozen=True, slots=True)
class System:
    """A system to measure.

    Attributes:
        name: as tables show it.
        learn: learns from a task.
        package: the distribution that does it; its version is kept with every result.
        how: how it was set up, for the document.
        probabilities: whether its scores claim to be probabilities.
        encoder: whether a sentence encoder has to read every text that is scored.
        reads: whether an encoder reads anything at all.
        contexts, definitions: whether it is only for sets that have contexts, or definitions.
        ablation: whether it is autokode with a part changed; see `ablation.py`.
        draws: draws at most.
        left_out: says why a task is not measured, or "".
    """

    name: str
    learn: Callable[[Task], Learnt]
    package: str
    how: str
    probabilities: bool = True
    encoder: bool = False
    reads: bool = False
    contexts: bool = False
    definitions: bool = False
    ablation: bool = False
    draws: int = 3
    left_out: Callable[[Task], str] = lambda _task: ""


def autokode(task: Task, encoder: str | None = None, use: str = "teach", *, uncoded: bool = False) -> Learnt:
    """Fit an AutoCoder; at size 0 to one empty text without a code, so to the codebook alone.

    The rest of the pool is given as uncoded texts if an encoder teaches, or if asked.
    """
    learn = task.learn if len(task.learn.texts) else Examples([""], [""], [()], None)
    taught = (uncoded or (encoder is not None and use == "teach")) and len(task.rest.texts) > 0
    coder = AutoCoder(lang=task.lang, encoder=encoder, encoder_use=use)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AutokodeWarning)  # few examples a code are what is measured
        coder.fit(
            learn.texts,
            learn.codes,
            contexts=learn.contexts,
            groups=learn.groups,
            codebook=task.codebook,
            unlabelled=task.rest.texts if taught else None,
            unlabelled_contexts=task.rest.contexts if taught else None,
        )
    columns = [coder.codes_.index(code) for code in task.codes]

    def scores(examples: Examples) -> Floats:
        return coder.predict_proba(examples.texts, examples.contexts)[:, columns].astype(np.float64)

    def said(examples: Examples, _scores: Floats) -> Truth:
        suggested = coder.predict(examples.texts, examples.contexts)
        return np.array([[code in given for code in task.codes] for given in suggested], np.bool_)

    limits = coder.limits(precision=PROMISE)[columns] if hasattr(coder, "limits") else None
    return Learnt(scores, said, limits)


def _of_words(task: Task) -> Learnt:
    return linear.logistic(task, linear.words(task))


def _of_characters(task: Task) -> Learnt:
    return linear.logistic(task, linear.words_and_characters(task))


def _of_characters_with_question(task: Task) -> Learnt:
    return linear.logistic(task, linear.words_and_characters(task, linear.with_question))


def _of_e5(task: Task) -> Learnt:
    return linear.logistic(task, linear.e5(task))


AUTOKODE = System("autokode", autokode, "autokode", "AutoCoder(): the vectors that come along, no encoder")
TAUGHT = System(
    "autokode, taught",
    partial(autokode, encoder="e5", use="teach"),
    "autokode",
    'AutoCoder(encoder="e5"): the rest of the pool is given as uncoded texts; no encoder reads what is scored',
    reads=True,
)
WITH_ENCODER = System(
    "autokode, encoder at scoring",
    partial(autokode, encoder="e5", use="score", uncoded=True),
    "autokode",
    'AutoCoder(encoder="e5", encoder_use="score"), with the rest of the pool as uncoded texts too',
    encoder=True,
    reads=True,
)

SYSTEMS = {
    system.name: system
    for system in (
        AUTOKODE,
        TAUGHT,
        WITH_ENCODER,
        System(
            "word-centroid similarity",
            linear.centroids,
            "scikit-learn",
            "TF-IDF of words, cosine to the mean of each code's texts, as NVivo's pattern coding; suggests the nearest code",
            probabilities=False,
        ),
        System(
            "TF-IDF words, logistic",
            _of_words,
            "scikit-learn",
            "balanced logistic regression a code; suggests from 0.5",
        ),
        System(
            "TF-IDF words + characters, logistic",
            _of_characters,
            "scikit-learn",
            "the same with char_wb 3–5 beside the words",
        ),
        System(
            "TF-IDF question + words + characters, logistic",
            _of_characters_with_question,
            "scikit-learn",
            "the same on the question (the utterance before) and the text as one text",
            contexts=True,
        ),
        System(
            "calibrated LinearSVC",
            linear.support_vectors,
            "scikit-learn",
            "as `qualitative-coding`: CalibratedClassifierCV(LinearSVC), two negatives to a positive, drawn from the coded "
            "texts; a code with fewer than five examples is not learnt and gets 0; words + characters as above, where the "
            "original takes embeddings from a server",
            left_out=linear.too_few,
        ),
        System(
            "fastText",
            neural.fasttext,
            "fasttext-numpy2-wheel",
            "supervised, ova, dim 100, minn 3, maxn 6, lr 1, 25–2,000 epochs: some 50,000 texts seen; small letters",
        ),
        System(
            "spaCy, bag of words",
            neural.spacy_bag,
            "spacy",
            "textcat_multilabel, TextCatBOW.v3 of length 65,536; 300–1,000 updates of 16 texts",
        ),
        System(
            "spaCy, ensemble",
            neural.spacy_ensemble,
            "spacy",
            "textcat_multilabel's own TextCatEnsemble.v2; 200–600 updates of 16 texts; one draw",
            draws=1,
            left_out=neural.too_many_words,
        ),
        System(
            "e5 + logistic",
            _of_e5,
            "scikit-learn",
            "multilingual-e5-small, balanced logistic regression: SetFit's head without its tuning",
            encoder=True,
            reads=True,
        ),
    )
}
"""Name → system, in the order of the tables."""
