"""Put the two trained parts together and write the pipeline, at most 20 MB.

python -m benchmarks.build.pipeline.assemble CORPUS TRAINED OUT
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import spacy
import srsly
from confection import Config
from spacy.language import Language
from spacy.strings import StringStore
from spacy.tokens import Doc, DocBin
from benchmarks.build.pipeline.train import PARTS, ROUNDS

VERSION = "1.0.0"
SPACY = ">=3.8.7,<3.9.0"
"""Versions of spaCy with which the pipeline gives the same; its tests were run with the first and the last of them."""

SPACE = {"patterns": [[{"IS_SPACE": True}]], "attrs": {"POS": "SPACE"}}
"""The rule for white space that is a token of its own: it is no word."""

MAX_BYTES = 20_000_000
SOURCES = [
    {
        "name": "Norwegian Dependency Treebank (NDT), Bokmål and Nynorsk",
        "url": "https://www.nb.no/sprakbanken/ressurskatalog/oai-nb-no-sbr-10/",
        "license": "CC0 1.0",
        "author": "National Library of Norway",
    },
    {
        "name": "NorNE: Norwegian Named Entities",
        "url": "https://github.com/ltgoslo/norne",
        "license": "CC0 1.0",
        "author": "Jørgensen, Aasmoe, Ruud Husevåg, Øvrelid, Velldal",
    },
    {
        "name": "UD Norwegian Bokmaal and Nynorsk, development sets: how the treebank's tags are called there",
        "url": "https://github.com/UniversalDependencies",
        "license": "CC BY-SA 4.0",
        "author": "Øvrelid, Jørgensen, Hohle, Velldal",
    },
    {
        "name": "UD Norwegian NynorskLIA, training part",
        "url": "https://github.com/UniversalDependencies/UD_Norwegian-NynorskLIA",
        "license": "CC BY-SA 4.0",
        "author": "Øvrelid, Kåsen, Hagen, Nøklestad, Solberg, Johannessen",
    },
    {
        "name": "autokode nb-vectors",
        "url": "models/nb-vectors.md",
        "license": "MIT",
        "author": "The autokode authors",
    },
]


def assembled(trained: Path) -> Language:
    """The pipeline of both parts' last rounds."""
    nlp = spacy.load(last(trained, "tags"))
    nlp.add_pipe("attribute_ruler").add_patterns([SPACE])
    nlp.add_pipe(*PARTS["names"], source=spacy.load(last(trained, "names")))
    nlp.meta.update(
        name="autokode_sm",
        version=VERSION,
        description="Norwegian, Bokmål and Nynorsk, written and spoken. Components: " + ", ".join(nlp.pipe_names) + ".",
        author="The autokode authors",
        license="MIT",
        sources=SOURCES,
    )
    return nlp


def last(trained: Path, part: str) -> Path:
    return trained / f"{part}-{len(ROUNDS[part]) - 1}" / "model-last"


def lighten(folder: Path) -> None:
    """Remove from a saved pipeline the words of its training that it does not use."""
    nlp = spacy.load(folder)
    blank = set(spacy.blank("nb").vocab.strings)
    labels = {
        label
        for name in nlp.pipe_names
        for label in getattr(nlp.get_pipe(name), "labels", ())
        if isinstance(label, str)
    }
    trees = {
        nlp.vocab.strings[n]
        for n in _numbers(srsly.read_msgpack(folder / "lemmatizer" / "trees"))
        if n in nlp.vocab.strings
    }
    features = {string for string in nlp.vocab.strings if "=" in string or string.isupper()}
    StringStore(sorted(blank | labels | trees | features)).to_disk(folder / "vocab" / "strings.json")


def tidy(folder: Path) -> None:
    """Remove from a saved pipeline's configuration its paths and what only training needs."""
    config = Config().from_disk(folder / "config.cfg", interpolate=False)
    config["paths"] = dict.fromkeys(config["paths"])
    config["initialize"]["after_init"] = None
    config.to_disk(folder / "config.cfg", interpolate=False)


def _numbers(data: Any) -> Iterator[int]:
    if isinstance(data, int):
        yield data
    elif isinstance(data, dict | list | tuple):
        for item in data.values() if isinstance(data, dict) else data:
            yield from _numbers(item)


def same(before: Language, after: Language, corpus: Path) -> bool:
    """Whether two pipelines give the same for the development set."""
    texts = [doc.text for doc in DocBin().from_disk(corpus / "dev-nb.spacy").get_docs(before.vocab)]
    return all(_said(a) == _said(b) for a, b in zip(before.pipe(texts), after.pipe(texts), strict=True))


def _said(doc: Doc) -> list[tuple[Any, ...]]:
    return [(t.pos_, str(t.morph), t.lemma_, t.is_sent_start, t.ent_iob_, t.ent_type_) for t in doc]


def main(corpus: Path, trained: Path, out: Path) -> None:
    nlp = assembled(trained)
    nlp.to_disk(out)
    lighten(out)
    tidy(out)
    if not same(nlp, spacy.load(out), corpus):
        raise SystemExit("the lighter pipeline says something else")
    meta = json.loads((out / "meta.json").read_text(encoding="utf-8"))
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    meta |= {"size": f"{size / 1e6:.0f} MB", "spacy_version": SPACY}
    (out / "meta.json").write_text(json.dumps(meta, indent=2, ensure_ascii=False))
    print(f"{size / 1e6:.1f} MB", file=sys.stderr)
    if size > MAX_BYTES:
        raise SystemExit(f"more than {MAX_BYTES} bytes")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
