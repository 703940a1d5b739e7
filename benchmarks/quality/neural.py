"""Peers made with networks: fastText, and spaCy's text categorisers. They read the text alone.

Few examples are gone through often. Tried on what a draw left of its pool, more steps and other learning rates made fastText
and the bag of words hardly better; the ensemble would gain, and is held to some two minutes.
"""

import random
import re
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from autokode.corpus.study import Examples
from benchmarks.quality.task import Floats, Learnt, Task

EPOCHS, UPDATES = (25, 2000), 50_000
"""fastText goes through its examples this often, within the bounds: as often as makes so many updates."""

BATCH, STEPS = 16, {"bag": (300, 1000), "ensemble": (200, 600)}
"""spaCy's examples an update; least and most updates, between them fifteen times through the examples."""

TIMES_THROUGH = 15
WORDS_AT_MOST = 1_000_000
"""Words that the ensemble may be shown while it learns: some two minutes."""

PIECES = re.compile(r"\w+|[^\w\s]")


def fasttext(task: Task) -> Learnt:
    """Learn one-against-all labels in a process's own temporary file, since that is all the library reads."""
    import fasttext as library

    learn = task.examples
    lines = [f"{_labels(task, given)} {pieces(text)}\n" for text, given in zip(learn.texts, learn.codes, strict=True)]
    epochs = min(max(UPDATES // len(lines), EPOCHS[0]), EPOCHS[1])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "learn.txt"
        path.write_text("".join(lines), encoding="utf-8")
        model = library.train_supervised(
            str(path),
            loss="ova",
            dim=100,
            minn=3,
            maxn=6,
            lr=1.0,
            epoch=epochs,
            bucket=200_000,
            thread=1,
            seed=task.seed,
            verbose=0,
        )

    def scores(examples: Examples) -> Floats:
        labels, found = model.predict([pieces(text) for text in examples.texts], k=-1)
        result = np.zeros((len(labels), len(task.codes) + 1))
        for i, (own, probabilities) in enumerate(zip(labels, found, strict=True)):
            result[i, [int(label.removeprefix("__label__")) for label in own]] = probabilities
        return result[:, :-1].clip(0, 1)

    return Learnt(scores)


def _labels(task: Task, given: Any) -> str:
    """The labels of a text; without a code it has one of its own, since fastText skips lines without any."""
    return " ".join(f"__label__{task.codes.index(code)}" for code in given) or f"__label__{len(task.codes)}"


def pieces(text: str) -> str:
    """Lower-case words with punctuation split off, as fastText's guide advises."""
    return " ".join(PIECES.findall(text.lower()))


def spacy_bag(task: Task) -> Learnt:
    architecture = {
        "@architectures": "spacy.TextCatBOW.v3",
        "exclusive_classes": False,
        "length": 65536,
        "ngram_size": 1,
        "no_output_layer": False,
    }
    return _spacy(task, {"model": architecture}, steps(len(task.examples.texts), "bag"))


def spacy_ensemble(task: Task) -> Learnt:
    return _spacy(task, {}, steps(len(task.examples.texts), "ensemble"))


def steps(texts: int, kind: str) -> int:
    """How many updates are made.

    >>> steps(35, "bag"), steps(701, "bag"), steps(4000, "bag")
    (300, 657, 1000)
    """
    least, most = STEPS[kind]
    return min(max(TIMES_THROUGH * texts // BATCH, least), most)


def too_many_words(task: Task) -> str:
    """Say why the ensemble is not measured, or ""."""
    learn = task.examples
    mean = sum(len(text.split()) for text in learn.texts) / len(learn.texts)
    shown = round(mean * BATCH * steps(len(learn.texts), "ensemble"))
    return f"would be shown {shown} words, which takes over two minutes" if shown > WORDS_AT_MOST else ""


def _spacy(task: Task, config: dict[str, Any], updates: int) -> Learnt:
    from spacy import blank
    from spacy.training import Example
    from spacy.util import fix_random_seed

    fix_random_seed(task.seed)
    nlp = blank(task.lang)
    pipe = nlp.add_pipe("textcat_multilabel", config=config)
    for k in range(len(task.codes)):
        pipe.add_label(str(k))
    truth = task.truth(task.examples)
    examples = [
        Example.from_dict(nlp.make_doc(text), {"cats": {str(k): float(has) for k, has in enumerate(own)}})
        for text, own in zip(task.examples.texts, truth, strict=True)
    ]
    optimizer = nlp.initialize(lambda: examples)
    draw = random.Random(task.seed)  # noqa: S311 - order of examples, no secret
    for _ in range(updates):
        nlp.update(draw.sample(examples, min(BATCH, len(examples))), sgd=optimizer, drop=0.2)

    def scores(found: Examples) -> Floats:
        rows = [[doc.cats[str(k)] for k in range(len(task.codes))] for doc in nlp.pipe(found.texts)]
        return np.array(rows)

    return Learnt(scores)
