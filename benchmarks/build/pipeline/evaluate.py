"""Measure a pipeline on text it was not trained on: results/pipeline.json, from which pipeline_card.py writes the card.

    python -m benchmarks.build.pipeline.evaluate CORPUS FOLDER [SET=FOLDER …]

FOLDER is the pipeline that ships; each SET is a training set, with the first round of the tags' part on it. Bokmål and
Nynorsk: UD's development sets with NorNE's names. Speech: UD NynorskLIA's development set as transcribed, and as a speech
recogniser would give it (small letters, no punctuation); sentences also on NPSC's normalised text, where a row is a
sentence. Needs shared data.
"""

from benchmarks import RESULTS
import gzip
import itertools
import json
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import spacy
from benchmarks.build.pipeline import treebanks
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.training import Example

from autokode.nlp.sentences import sentences
from autokode.nlp.text_windows import text_parts

OUT = RESULTS / "pipeline.json"
PUBLISHED = treebanks.SHARED / "spacy_nb_meta"
FIGURES = ("token_acc", "pos_acc", "morph_acc", "lemma_acc", "sents_f", "ents_p", "ents_r", "ents_f")
TOGETHER = 10
"""Sentences put together to one utterance."""

REPEATS = 3
Spans = list[tuple[int, int]]


def measured(nlp: Language, corpus: Path) -> dict[str, Any]:
    """All figures of a pipeline."""
    found: dict[str, Any] = {}
    for name in ("nb", "nn", "speech"):
        docs = list(DocBin().from_disk(corpus / f"dev-{name}.spacy").get_docs(nlp.vocab))
        found[name] = scores(nlp, docs)
    spoken = treebanks.universal(treebanks.SHARED / "ud" / f"{treebanks.LIA_DEV}.conllu")
    found["recognised"] = scores(nlp, list(treebanks.documents(nlp.vocab, bare(spoken))))
    found["small"] = scores(nlp, list(treebanks.documents(nlp.vocab, bare(treebanks.split("nb").dev))))
    found["sentences"] = {
        "LIA as transcribed": segmented(nlp, together(treebanks.documents(nlp.vocab, spoken))),
        "LIA as recognised": segmented(nlp, together(treebanks.documents(nlp.vocab, bare(spoken)))),
        "NPSC normalised": segmented(nlp, npsc()),
    }
    return found


def scores(nlp: Language, docs: list[Doc]) -> dict[str, float]:
    """spaCy's own scores of the documents, tokenised again, without figures that the documents have no truth for."""
    result = nlp.evaluate([Example(nlp.make_doc(doc.text), doc) for doc in docs])
    return {name: round(float(result[name]), 4) for name in FIGURES if result.get(name) is not None}


def speed(nlp: Language, texts: list[str]) -> float:
    """Words a second on one core, the best of several passes."""
    words = sum(len(nlp.make_doc(text)) for text in texts)
    best = float("inf")
    for _ in range(REPEATS):
        begun = time.perf_counter()
        for _doc in nlp.pipe(texts):
            pass
        best = min(best, time.perf_counter() - begun)
    return round(words / best)


def bare(spoken: Iterable[treebanks.Sentence]) -> list[treebanks.Sentence]:
    """Recognised sentences without invented hesitations: real speech has its own."""
    return [s for s in (treebanks.small(sentence) for sentence in spoken) if s]


def together(docs: Iterable[Doc]) -> list[tuple[str, Spans]]:
    """(text, sentences) of documents."""
    return [(doc.text, [(s.start_char, s.end_char) for s in doc.sents]) for doc in docs]


def npsc() -> list[tuple[str, Spans]]:
    """Up to ten consecutive rows of one speaker in parliament, and where each row begins and ends."""
    with gzip.open(treebanks.SHARED / "speech" / "npsc_eval.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    turns: list[list[str]] = []
    before = None
    for row in rows:
        who = (row["recording"], row["speaker"], row["lang"])
        if who != before or len(turns[-1]) == TOGETHER:
            turns.append([])
        turns[-1].append(str(row["normalised"]))
        before = who
    found = []
    for turn in turns:
        starts = [sum(len(said) + 1 for said in turn[:i]) for i in range(len(turn))]
        found.append((" ".join(turn), [(at, at + len(said)) for at, said in zip(starts, turn, strict=True)]))
    return [pair for pair in found if len(pair[1]) > 1]


def segmented(nlp: Language, truth: list[tuple[str, Spans]]) -> dict[str, dict[str, float]]:
    """For each way to find sentences: precision and recall of the beginnings it finds within utterances."""

    def by_pipeline(text: str) -> Spans:
        return [(sentence.start_char, sentence.end_char) for sentence in nlp(text).sents]

    ways: dict[str, Callable[[str], Spans]] = {
        "autokode.nlp.sentences": lambda text: sentences(text, nlp),
        "the pipeline alone": by_pipeline,
        "the scorer's span rule": text_parts,
    }
    return {way: boundaries(find, truth) for way, find in ways.items()}


def boundaries(find: Callable[[str], Spans], truth: list[tuple[str, Spans]]) -> dict[str, float]:
    right = said = true = 0
    for text, spans in truth:
        ours = {start for start, _end in find(text)[1:]}
        theirs = {start for start, _end in spans[1:]}
        right, said, true = right + len(ours & theirs), said + len(ours), true + len(theirs)
    precision, recall = right / max(said, 1), right / max(true, 1)
    f = 2 * precision * recall / (precision + recall) if right else 0.0
    return {
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f": round(f, 4),
        "sentences": true + len(truth),
    }


def published() -> dict[str, float]:
    """The figures that nb_core_news_sm publishes of itself."""
    path = next(PUBLISHED.glob("*.json"))
    said = json.loads(path.read_text(encoding="utf-8"))["performance"]
    return {name: round(float(said[name]), 4) for name in (*FIGURES, "speed")}


def shape_of_published(corpus: Path) -> Language:
    """An untrained pipeline of the parts and sizes that nb_core_news_sm has, to be timed on the same machine.

    Its parts are as its meta.json lists them, of spaCy's default sizes (width 96, depth 4, names with layers of their own).
    """
    nlp = spacy.blank("nb")
    listener = {"@architectures": "spacy.Tok2VecListener.v1", "width": 96, "upstream": "tok2vec"}
    nlp.add_pipe("tok2vec", config={"model": _layers()})
    nlp.add_pipe("morphologizer", config={"model": {"tok2vec": listener}})
    parser = nlp.add_pipe("parser", config={"model": {"tok2vec": listener}})
    nlp.add_pipe("trainable_lemmatizer", name="lemmatizer", config={"model": {"tok2vec": listener}})
    nlp.add_pipe("attribute_ruler").add_patterns([{"patterns": [[{"IS_SPACE": True}]], "attrs": {"POS": "SPACE"}}])
    nlp.add_pipe("ner", config={"model": {"tok2vec": _layers()}})
    docs = list(itertools.islice(DocBin().from_disk(corpus / "train-written.spacy").get_docs(nlp.vocab), 300))
    for doc in docs:
        for token in doc:
            token.head, token.dep_ = (token if token.is_sent_start else token.nbor(-1)), "dep"
    for label in published_labels("parser"):
        parser.add_label(label)
    nlp.initialize(lambda: [Example(nlp.make_doc(doc.text), doc) for doc in docs])
    return nlp


def _layers() -> dict[str, Any]:
    return {
        "@architectures": "spacy.Tok2Vec.v2",
        "embed": {
            "@architectures": "spacy.MultiHashEmbed.v2",
            "width": 96,
            "attrs": ["NORM", "PREFIX", "SUFFIX", "SHAPE", "SPACY", "IS_SPACE"],
            "rows": [5000, 1000, 2500, 2500, 50, 50],
            "include_static_vectors": False,
        },
        "encode": {
            "@architectures": "spacy.MaxoutWindowEncoder.v2",
            "width": 96,
            "depth": 4,
            "window_size": 1,
            "maxout_pieces": 3,
        },
    }


def published_labels(pipe: str) -> list[str]:
    meta = json.loads(next(PUBLISHED.glob("*.json")).read_text(encoding="utf-8"))
    return list(meta["labels"].get(pipe, ()))


def side_by_side(corpus: Path, ours: Language) -> dict[str, float]:
    """Words a second of ours and of a pipeline shaped like the published one, timed in turns on the same text."""
    texts = [doc.text for doc in DocBin().from_disk(corpus / "dev-nb.spacy").get_docs(ours.vocab)]
    other = shape_of_published(corpus)
    rounds = [(speed(ours, texts), speed(other, texts)) for _ in range(3)]
    best, theirs = (max(column) for column in zip(*rounds, strict=True))
    return {"ours": best, "same shape as nb_core_news_sm": theirs, "ratio": round(best / theirs, 2)}


def tagged(nlp: Language, corpus: Path) -> dict[str, dict[str, float]]:
    """The figures of a pipeline of tags alone."""
    spoken = treebanks.universal(treebanks.SHARED / "ud" / f"{treebanks.LIA_DEV}.conllu")
    sets = {
        name: list(DocBin().from_disk(corpus / f"dev-{name}.spacy").get_docs(nlp.vocab))
        for name in ("nb", "nn", "speech")
    }
    sets["recognised"] = list(treebanks.documents(nlp.vocab, bare(spoken)))
    return {name: scores(nlp, docs) for name, docs in sets.items()}


def main(corpus: Path, folder: Path, rounds: list[str]) -> None:
    results: dict[str, Any] = json.loads(OUT.read_text(encoding="utf-8")) if OUT.exists() else {}
    nlp = spacy.load(folder)
    results |= {"published": published(), "pipeline": measured(nlp, corpus), "speed": side_by_side(corpus, nlp)}
    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8")) | {"performance": results["pipeline"]["nb"]}
    (folder / "meta.json").write_text(json.dumps(meta, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    if rounds:
        named = dict(given.split("=", 1) for given in rounds)
        results["first_round"] = {name: tagged(spacy.load(place), corpus) for name, place in named.items()}
    OUT.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
