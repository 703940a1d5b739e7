"""Gathers what the vectors are learnt from: Norwegian text by source, words by frequency, and phrases cut from the text.

python -m benchmarks.build.vectors.corpus FOLDER        writes FOLDER/NAME.json, a list of texts each
"""

from benchmarks import ROOT
import gzip
import json
import os
import random
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import wordfreq

from autokode import read_study
from autokode.base.files import write_whole

SHARED = Path(os.environ.get("AUTOKODE_SHARED_DATA", ROOT.parent / "shared" / "data"))
SEED = 7
WORD = re.compile(r"[^\W\d_]+(-[^\W\d_]+)*")
SENTENCE_END = re.compile(r"(?<=[.!?;:…])\s+|\n")
NAMES = ("talk", "words1", "phrases1", "law1", "words2", "phrases2", "law2", "words3")


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, texts in stages():
        write_whole(folder / f"{name}.json", json.dumps(texts, ensure_ascii=False))
        print(f"{name}: {len(texts)} texts, {sum(len(text.split()) for text in texts)} words", file=sys.stderr)


def stages() -> Iterator[tuple[str, list[str]]]:
    """Yield named lists of texts, those that teach most first; no text is in two."""
    draw, seen = random.Random(SEED), set[str]()  # noqa: S311 - a reproducible draw
    talk = list(distinct([*treebank(), *spoken(), *subtitles(), *own_interviews()], seen))
    draw.shuffle(talk)
    words = [word for word in wordfreq.top_n_list("nb", 400_000) if WORD.fullmatch(word) and len(word) < 40]
    law = list(distinct(laws(draw), seen))
    draw.shuffle(law)
    yield "talk", talk
    yield "words1", words[:60_000]
    yield "phrases1", list(distinct(phrases(talk, 100_000, 6, draw), seen))
    yield "law1", law[:40_000]
    yield "words2", words[60_000:180_000]
    yield "phrases2", list(distinct(phrases(talk, 150_000, 8, draw), seen))
    yield "law2", law[40_000:]
    yield "words3", words[180_000:]


def distinct(texts: Iterable[str], seen: set[str]) -> Iterator[str]:
    for text in map(str.strip, texts):
        if text and text not in seen:
            seen.add(text)
            yield text


def treebank() -> Iterator[str]:
    """The Norwegian Dependency Treebank in both standards, and spoken dialect from UD LIA's training part."""
    for path in [*sorted(SHARED.glob("ndt/n*/*.conll")), SHARED / "ud" / "no_nynorsklia-ud-train.conllu"]:
        yield from sentences(path)


def documents() -> Iterator[tuple[str, str]]:
    """The treebank's sentences of five words and more, each with the name of the text it is from."""
    for path in sorted(SHARED.glob("ndt/n*/*.conll")):
        yield from ((path.name, text) for text in sentences(path) if len(text.split()) > 4)


def sentences(path: Path) -> Iterator[str]:
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        rows = [line.split("\t") for line in block.splitlines() if line and not line.startswith("#")]
        words = [row[1] for row in rows if row[0].isdigit() and row[1] != "|"]
        text = re.sub(r" ([.,;:!?)\]»])", r"\1", " ".join(words))
        yield re.sub(r"([(\[«]) ", r"\1", text)


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def spoken() -> Iterator[str]:
    """Parliament speech, verbatim and as a recogniser writes it."""
    for row in rows_of(SHARED / "speech" / "npsc_eval.jsonl.gz"):
        yield from (row["text"], row["normalised"])


def subtitles() -> Iterator[str]:
    yield from (row["text"] for row in rows_of(SHARED / "xed" / "no.jsonl"))


def own_interviews() -> Iterator[str]:
    for transcript in read_study(ROOT / "training_data").transcripts.values():
        for utterance in transcript.utterances:
            yield from re.split(r"(?<=[.!?…])\s+", utterance.text)


def laws(draw: random.Random) -> Iterator[str]:
    """Some sentences and the title of each law and regulation."""
    for name, most in (("laws", 60), ("regulations", 12)):
        for row in rows_of(SHARED / "laws" / f"{name}.jsonl.gz"):
            found = [part for text in row["paragraphs"] for part in SENTENCE_END.split(text.lstrip("# "))]
            found = [part for part in found if 4 <= len(part.split()) <= 45]
            draw.shuffle(found)
            yield from (*found[:most], row["title"])


def phrases(texts: list[str], count: int, longest: int, draw: random.Random) -> Iterator[str]:
    """Two to `longest` neighbouring words of a text: how words add up is learnt best from few."""
    for _ in range(count):
        words, size = draw.choice(texts).split(), draw.randint(2, longest)
        if len(words) > size:
            first = draw.randrange(len(words) - size + 1)
            yield " ".join(words[first : first + size]).strip(" ,.;:!?()«»-–")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
