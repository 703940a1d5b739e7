"""Times one peer on a text, line by line, in a process of its own; `speed.py` runs it.

python -m benchmarks.peers NAME TEXT SAMPLE FOLDER PASSES     prints JSON

TEXT is what is timed; the peers that need it are trained on SAMPLE, with labels drawn at random: only speed counts here.
Reading the text, training and loading are not timed; each pass begins with a list of strings and ends with all results.
"""

import json
import random
import sys
import time
import warnings
from collections.abc import Callable
from importlib.metadata import packages_distributions, version
from pathlib import Path

LABELS = [f"c{k}" for k in range(24)]
TOP = 3
SEED = 0
SKLEARN_SAMPLE, TEXTCAT_SAMPLE = 5_000, 500
"""Lines of the sample that these two learn from; the others learn from all."""

Peer = tuple[Callable[[list[str]], object], str]
"""What to time, and how it was set up."""


def fasttext(sample: list[str], folder: Path) -> Peer:
    import fasttext as library

    draw = random.Random(SEED)  # noqa: S311 - labels at random, no secret
    path = folder / "fasttext.train"
    path.write_text("".join(f"__label__{draw.choice(LABELS)} {line}\n" for line in sample), encoding="utf-8")
    model = library.train_supervised(str(path), minn=3, maxn=6, loss="ova", epoch=1, thread=2, verbose=0)
    path.unlink()
    how = (
        f"supervised, {len(LABELS)} labels, minn=3, maxn=6, loss=ova, else its defaults; learnt from {len(sample)} lines "
        f"spread over the text; predict(lines, k={TOP}), Python"
    )
    return lambda lines: model.predict(lines, k=TOP), how


def spacy(_sample: list[str], _folder: Path) -> Peer:
    from spacy import blank

    nlp = blank("nb")
    return lambda lines: sum(len(doc) for doc in nlp.pipe(lines)), 'blank("nb").pipe: tokens only'


def sklearn(sample: list[str], _folder: Path) -> Peer:
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.pipeline import FeatureUnion, make_pipeline

    sample = spread(sample, SKLEARN_SAMPLE)
    union = FeatureUnion(
        [
            ("word", TfidfVectorizer(max_features=200_000)),
            ("char", TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), max_features=200_000)),
        ]
    )
    model = make_pipeline(union, OneVsRestClassifier(LogisticRegression(max_iter=5)))
    truth = np.random.default_rng(SEED).random((len(sample), len(LABELS))) < 0.1
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # five steps are too few to converge, and as fast to predict with
        model.fit(sample, truth)
    widths = [len(vectorizer.vocabulary_) for _name, vectorizer in union.transformer_list]
    how = (
        f"TfidfVectorizer of words ({widths[0]}) and char_wb 3–5 ({widths[1]}; 200,000 at most of each), one "
        f"LogisticRegression for each of {len(LABELS)} labels; fitted on {len(sample)} lines; predict_proba"
    )
    return model.predict_proba, how


def textcat(sample: list[str], _folder: Path) -> Peer:
    from spacy import blank
    from spacy.training import Example

    draw = random.Random(SEED)  # noqa: S311 - labels at random, no secret
    nlp = blank("nb")
    architecture = {
        "@architectures": "spacy.TextCatBOW.v3",
        "exclusive_classes": False,
        "length": 262144,
        "ngram_size": 1,
        "no_output_layer": False,
    }
    pipe = nlp.add_pipe("textcat_multilabel", config={"model": architecture})
    for label in LABELS:
        pipe.add_label(label)
    sample = spread(sample, TEXTCAT_SAMPLE)
    examples = [
        Example.from_dict(nlp.make_doc(line), {"cats": {label: float(draw.random() < 0.1) for label in LABELS}})
        for line in sample
    ]
    nlp.initialize(lambda: examples)
    how = (
        f'blank("nb") with textcat_multilabel, spacy.TextCatBOW.v3, {len(LABELS)} labels, length 262144, initialised on '
        f"{len(sample)} lines; pipe"
    )
    return lambda lines: [doc.cats for doc in nlp.pipe(lines)], how


PEERS: dict[str, tuple[Callable[[list[str], Path], Peer], str]] = {
    "fasttext": (fasttext, "fasttext-numpy2-wheel"),
    "spacy": (spacy, "spacy"),
    "sklearn": (sklearn, "scikit-learn"),
    "textcat": (textcat, "spacy"),
}
"""Name → what sets it up, and the package to install."""


def spread(sample: list[str], most: int) -> list[str]:
    return sample[:: max(1, len(sample) // most)][:most]


def lines_of(path: str) -> list[str]:
    return Path(path).read_text(encoding="utf-8").removesuffix("\n").split("\n")


def timed(predict: Callable[[list[str]], object], lines: list[str], passes: int) -> list[float]:
    seconds = []
    for _ in range(passes):
        begun = time.perf_counter()
        predict(lines)
        seconds.append(round(time.perf_counter() - begun, 4))
    return seconds


def main(name: str, text: str, sample: str, folder: str, passes: str) -> dict[str, object]:
    make, package = PEERS[name]
    try:
        predict, how = make(lines_of(sample), Path(folder))
    except ImportError as error:
        return {"not_measured": f"{error}; pip install {package}"}
    module = package if package == "spacy" else name
    installed = packages_distributions().get(module, [package])[0]
    return {
        "package": f"{installed} {version(installed)}",
        "how": how,
        "seconds": timed(predict, lines_of(text), int(passes)),
    }


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:]), ensure_ascii=False))
