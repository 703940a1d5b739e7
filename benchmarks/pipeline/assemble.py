"""Put the two trained parts together, measure the whole, and write it with its scores and sources, and its card.

python benchmarks/pipeline/assemble.py CORPUS TRAINED OUT
"""

import sys
from pathlib import Path

import spacy
from spacy.language import Language
from train import PARTS, ROUNDS

VERSION = "1.0.0"
SPACE = {"patterns": [[{"IS_SPACE": True}]], "attrs": {"POS": "SPACE"}}
"""What the attribute ruler says: white space that is a token of its own is no word."""


def assembled(trained: Path) -> Language:
    """Return the pipeline of both parts' last rounds."""
    last = len(ROUNDS) - 1
    nlp = spacy.load(trained / f"tags-{last}" / "model-last")
    nlp.add_pipe("attribute_ruler").add_patterns([SPACE])
    nlp.add_pipe(*PARTS["names"], source=spacy.load(trained / f"names-{last}" / "model-last"))
    return nlp


if __name__ == "__main__":
    assembled(Path(sys.argv[2])).to_disk(sys.argv[3])
