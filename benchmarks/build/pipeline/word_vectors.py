"""Short vectors of the commonest words for the pipeline, from those that autokode's models stand on.

    python -m benchmarks.build.pipeline.word_vectors CORPUS

writes CORPUS/vectors: a pipeline without parts whose words have vectors. A vector is that of `autokode.model.vectors` (word and
character n-grams), of length one, turned to its principal components; the words are the commonest of wordfreq's and those
the treebanks have three times.
"""

import sys
from collections import Counter
from pathlib import Path

import numpy as np
import spacy
from spacy.tokens import DocBin
from spacy.vectors import Vectors
from wordfreq import top_n_list

from autokode.model import vectors
from autokode.model.features import normal_form

WORDS, OFTEN, DIMENSIONS = 30_000, 3, 48


def main(corpus: Path) -> None:
    nlp = spacy.blank("nb")
    seen = Counter(
        token.lower_ for doc in DocBin().from_disk(corpus / "train-written.spacy").get_docs(nlp.vocab) for token in doc
    )
    words = [*dict.fromkeys([*top_n_list("nb", WORDS), *(word for word, n in seen.items() if n >= OFTEN)])]
    known = vectors.load("nb-vectors")
    whole = known.of([Counter({normal_form(word): 1}) for word in words])
    lengths = np.linalg.norm(whole, axis=1)
    kept = lengths > 0
    whole = whole[kept] / lengths[kept, None]
    centred = whole - whole.mean(axis=0)
    _left, sizes, directions = np.linalg.svd(centred, full_matrices=False)
    short = centred @ directions[:DIMENSIONS].T
    short /= np.linalg.norm(short, axis=1, keepdims=True) + 1e-9
    names = [word for word, keep in zip(words, kept, strict=True) if keep]
    nlp.vocab.vectors = Vectors(
        strings=nlp.vocab.strings, data=short.astype(np.float32), keys=names, name="nb_autokode", attr="LOWER"
    )
    nlp.to_disk(corpus / "vectors")
    share = (sizes[:DIMENSIONS] ** 2).sum() / (sizes**2).sum()
    print(f"{len(names)} words, {DIMENSIONS} dimensions with {share:.0%} of the variance", file=sys.stderr)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
