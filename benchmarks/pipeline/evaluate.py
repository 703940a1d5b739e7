"""Measure a pipeline on text it was not trained on, and write benchmarks/results/pipeline.json and the model card from it.

    python benchmarks/pipeline/evaluate.py CORPUS NAME=FOLDER [NAME=FOLDER …]

The first pipeline is the one that ships, the others are compared with it. Bokmål and Nynorsk: UD's development sets with NorNE's
names. Speech: UD NynorskLIA's development set as transcribed, and as a speech recogniser would give it (small letters, no
punctuation); sentences also on NPSC's normalised text, where a row is a sentence. Needs shared data.
"""

import gzip
import json
import random
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import spacy
import treebanks
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.training import Example

from autokode.sentences import sentences
from autokode.suggestion import text_parts

ROOT = Path(__file__).parents[2]
OUT = ROOT / "benchmarks" / "results" / "pipeline.json"
PUBLISHED = treebanks.SHARED / "spacy_nb_meta"
FIGURES = ("token_acc", "pos_acc", "morph_acc", "lemma_acc", "sents_f", "ents_p", "ents_r", "ents_f")
TOGETHER = 10
"""Sentences put together to one utterance."""

REPEATS = 5
Spans = list[tuple[int, int]]


def measured(nlp: Language, corpus: Path) -> dict[str, Any]:
    """Return all figures of a pipeline."""
    found: dict[str, Any] = {}
    for name in ("nb", "nn", "speech"):
        docs = list(DocBin().from_disk(corpus / f"dev-{name}.spacy").get_docs(nlp.vocab))
        found[name] = scores(nlp, docs)
    written = DocBin().from_disk(corpus / "dev-nb.spacy")
    found["speed"] = speed(nlp, [doc.text for doc in written.get_docs(nlp.vocab)])
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
    """Return spaCy's own scores, tokenised anew; a figure the documents have no truth for is left out."""
    result = nlp.evaluate([Example(nlp.make_doc(doc.text), doc) for doc in docs])
    return {name: round(float(result[name]), 4) for name in FIGURES if result.get(name) is not None}


def speed(nlp: Language, texts: list[str]) -> float:
    """Return words a second on one core, the best of several passes."""
    words = sum(len(nlp.make_doc(text)) for text in texts)
    best = float("inf")
    for _ in range(REPEATS):
        begun = time.perf_counter()
        for _doc in nlp.pipe(texts):
            pass
        best = min(best, time.perf_counter() - begun)
    return round(words / best)


def bare(spoken: Iterable[treebanks.Sentence]) -> list[treebanks.Sentence]:
    """Return sentences as recognised, without invented hesitations: they have their own."""
    return [s for s in (treebanks.small(sentence) for sentence in spoken) if s]


def together(docs: Iterable[Doc]) -> list[tuple[str, Spans]]:
    """Return (text, sentences) of documents."""
    return [(doc.text, [(s.start_char, s.end_char) for s in doc.sents]) for doc in docs]


def npsc() -> list[tuple[str, Spans]]:
    """Return what a speaker says on end in parliament, up to ten rows, and where each row begins and ends."""
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
    """Return for each way to find sentences how many of its beginnings within utterances are right, and how many it finds."""

    def by_pipeline(text: str) -> Spans:
        return [(sentence.start_char, sentence.end_char) for sentence in nlp(text).sents]

    ways: dict[str, Callable[[str], Spans]] = {
        "autokode.sentences": lambda text: sentences(text, nlp),
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
    """Return what nb_core_news_sm says of itself."""
    path = next(PUBLISHED.glob("*.json"))
    said = json.loads(path.read_text(encoding="utf-8"))["performance"]
    return {name: round(float(said[name]), 4) for name in (*FIGURES, "speed")}


def main(corpus: Path, named: list[str]) -> None:
    random.seed(0)
    results: dict[str, Any] = {"published": published(), "pipelines": {}}
    for given in named:
        name, _, folder = given.partition("=")
        results["pipelines"][name] = measured(spacy.load(folder), corpus)
        print(name, results["pipelines"][name], file=sys.stderr)
    OUT.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
