"""Train a part of the pipeline in rounds, each slower to learn than the one before.

    python -m benchmarks.build.pipeline.train CORPUS OUT tags|names [--only SET]

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
ROUNDS = {
    "tags": (
        (0.001, 3000, ""),
        (0.0007, 1500, ""),
        (0.0004, 1500, "-nb3"),
        (0.0002, 1500, "-nb6"),
        (0.00005, 1500, "-nb6"),
    ),
    "names": ((0.001, 3000, ""), (0.0007, 1500, ""), (0.0004, 1500, ""), (0.0002, 1500, ""), (0.00005, 1500, "")),
}
"""Learning rate, steps (about 1,000 words each) and training set of each round. Lemmas are others in Bokmål and in Nynorsk where
forms are the same («er»: være, vere), so that Bokmål is given three and six times towards the end."""


@spacy.registry.callbacks("autokode.labels_of_trees")
def labels_of_trees() -> Callable[[Language], None]:
    """Build the call that mends a loaded lemmatizer: spaCy does not save which label an edit tree has, and would unlearn."""

    def mend(nlp: Language) -> None:
        if "lemmatizer" in nlp.component_names:  # which is switched off while others are initialised
            lemmatizer = nlp.get_pipe("lemmatizer")
            lemmatizer.tree2label = {tree: label for label, tree in enumerate(lemmatizer.cfg["labels"])}

    return mend


def rounds(corpus: Path, out: Path, part: str, only: str | None) -> None:
    """Train the rounds of a part that are not there yet; `only` is another training set, for its first round alone."""
    before: Path | None = None
    for number, (rate, steps, given) in enumerate(ROUNDS[part][:1] if only else ROUNDS[part]):
        folder = out / f"{part}-{number}"
        if not (folder / "done").exists():
            config = load_config(CONFIG)
            config["nlp"]["pipeline"] = PARTS[part]
            kept = {pipe: config["components"][pipe] for pipe in PARTS[part]}
            config["components"] = {pipe: {"source": str(before)} for pipe in kept} if before else kept
            config["training"]["optimizer"]["learn_rate"] = rate
            config["training"]["dropout"] = DROPOUT[part]
            config["training"]["max_steps"] = steps
            config["initialize"]["after_init"] = {"@callbacks": "autokode.labels_of_trees"}
            config["paths"]["train"] = str(corpus / f"{only or 'train' + given}.spacy")
            config["paths"]["dev"] = str(corpus / "tune.spacy")
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
    parser.add_argument("--only", metavar="SET", help="for comparison: the first round alone, on another training set")
    args = parser.parse_args()
    rounds(args.corpus, args.out, args.part, args.only)
