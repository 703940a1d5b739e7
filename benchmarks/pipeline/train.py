"""Train a part of the pipeline in rounds, each slower to learn than the one before.

    python benchmarks/pipeline/train.py CORPUS OUT tags|names [--train NAME]

A round is a `spacy train` with config.cfg: the first begins from nothing, a later one from what the one before left, at a
lower learning rate; so a training that was broken off goes on at the round it was in. The two parts share no weights, and
are trained side by side.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import spacy
from spacy.cli.train import train
from spacy.language import Language
from spacy.util import load_config

CONFIG = Path(__file__).with_name("config.cfg")
PARTS = {"tags": ["tok2vec", "morphologizer", "senter", "lemmatizer"], "names": ["ner"]}
DROPOUT = {"tags": 0.1, "names": 0.2}
ROUNDS = ((0.001, 3000), (0.0007, 1500), (0.0004, 1500), (0.0002, 1500), (0.00005, 1500))
"""Learning rate and steps of each round; a step is about 1,000 words."""


@spacy.registry.callbacks("autokode.labels_of_trees")
def labels_of_trees() -> Callable[[Language], None]:
    """Return what mends a lemmatizer that was loaded: spaCy does not keep which label an edit tree has, and would unlearn."""

    def mend(nlp: Language) -> None:
        if "lemmatizer" in nlp.component_names:  # which is switched off while others are initialised
            lemmatizer = nlp.get_pipe("lemmatizer")
            lemmatizer.tree2label = {tree: label for label, tree in enumerate(lemmatizer.cfg["labels"])}

    return mend


def rounds(corpus: Path, out: Path, part: str, name: str, share: float) -> None:
    before: Path | None = None
    for number, (rate, steps) in enumerate(ROUNDS):
        folder = out / f"{part}-{number}"
        if not (folder / "done").exists():
            config = load_config(CONFIG)
            config["nlp"]["pipeline"] = PARTS[part]
            kept = {pipe: config["components"][pipe] for pipe in PARTS[part]}
            config["components"] = {pipe: {"source": str(before)} for pipe in kept} if before else kept
            config["training"]["optimizer"]["learn_rate"] = rate
            config["training"]["dropout"] = DROPOUT[part]
            config["training"]["max_steps"] = max(1, round(steps * share))
            config["initialize"]["after_init"] = {"@callbacks": "autokode.labels_of_trees"}
            config["paths"] |= {"train": str(corpus / f"{name}.spacy"), "dev": str(corpus / "tune.spacy")}
            config["paths"]["vectors"] = str(corpus / "vectors")
            folder.mkdir(parents=True, exist_ok=True)
            config.to_disk(folder / "config.cfg", interpolate=False)
            print(f"{part}, round {number}, learning rate {rate}", file=sys.stderr)
            train(folder / "config.cfg", folder)
            (folder / "done").touch()
        before = folder / "model-last"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("part", choices=PARTS)
    parser.add_argument("--train", default="train", help="of the training sets, the one to take")
    parser.add_argument("--share", type=float, default=1.0, help="of the steps, for a smaller training set")
    args = parser.parse_args()
    rounds(args.corpus, args.out, args.part, args.train, args.share)
