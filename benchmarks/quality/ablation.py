"""Measures what each part of the learner brings: autokode without it, on the same draws of the same sets.

The part is patched out of the library while one task is learnt and tested; a task runs in a process of its own.
"""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from unittest import mock

from autokode.corpus.study import Examples
from autokode.model import features
from autokode.scoring.engine.scorer_choice import Scorers
from autokode.training import model_selection
from autokode.training.ridge_problem import Choice
from benchmarks.quality.systems import AUTOKODE, System, autokode
from benchmarks.quality.task import Floats, Learnt, Task, Truth

SIZES = (5, 20)
"""Examples a code that ablations are measured at."""


def without_vectors() -> contextlib.AbstractContextManager[object]:
    return mock.patch("autokode.autocoder.of_language", lambda _lang: None)


@contextlib.contextmanager
def without_characters() -> Iterator[None]:
    """Words alone, and vectors of words alone; scored by the slow path, whose rules can be changed."""
    with mock.patch.object(features, "NGRAMS", ()), mock.patch.object(Scorers, "_compiled_pays", lambda *_: False):
        features.keys_of.cache_clear()
        yield
    features.keys_of.cache_clear()


def without_choice() -> contextlib.AbstractContextManager[object]:
    return mock.patch.object(model_selection, "_chosen", lambda _problem, _kernels: Choice())


def inside(without: Callable[[], contextlib.AbstractContextManager[object]], task: Task) -> Learnt:
    """Learn and score inside the change."""
    with without():
        learnt = autokode(task)

    def scores(examples: Examples) -> Floats:
        with without():
            return learnt.scores(examples)

    def said(examples: Examples, found: Floats) -> Truth:
        with without():
            return learnt.said(examples, found)

    return Learnt(scores, said, learnt.limits)


def without_definitions(task: Task) -> Learnt:
    return autokode(replace(task, codebook=None))


def without_question(task: Task) -> Learnt:
    learnt = autokode(replace(task, learn=_unasked(task.learn), rest=_unasked(task.rest)))
    return Learnt(
        lambda examples: learnt.scores(_unasked(examples)),
        lambda examples, found: learnt.said(_unasked(examples), found),
        learnt.limits,
    )


def _unasked(examples: Examples) -> Examples:
    return replace(examples, contexts=[""] * len(examples.texts))


def _part(name: str, how: str, learn: Callable[[Task], Learnt], **options: bool) -> System:
    return System(f"{AUTOKODE.name}, {name}", learn, "autokode", how, ablation=True, **options)


ABLATIONS = {
    system.name: system
    for system in (
        _part("without vectors", "words and character n-grams alone", partial(inside, without_vectors)),
        _part("without characters", "words alone, and vectors of words alone", partial(inside, without_characters)),
        _part("without definitions", "the codebook is not given", without_definitions, definitions=True),
        _part("without the question", "no contexts are given", without_question, contexts=True),
        _part(
            "without choices",
            "the question's share and the penalty are not found on what is held out",
            partial(inside, without_choice),
        ),
        _part(
            "with uncoded texts",
            "`unlabelled=` without an encoder: they set the scale of the scores, and teach nothing",
            partial(autokode, uncoded=True),
        ),
    )
}
"""Name → system; tables show what each differs by from autokode."""
