"""Training and test documents for the project's own Norwegian pipeline, as spaCy takes them.

    python -m benchmarks.build.pipeline.treebanks FOLDER

writes train.spacy (both treebanks, spoken text, and a copy of some of it as a speech recogniser would write it), the same
with Bokmål three and six times, for comparison the written part and each standard alone, tune.spacy, on which a training
is followed, and of each test set dev-NAME.spacy. The treebanks (NDT with NorNE's names) have tags of their own; what they
are in Universal Dependencies is counted on the part that UD gives both ways, its development set, which is never trained
on: the files it is from are left out. Needs shared data.
"""

from benchmarks import ROOT
import itertools
import os
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import spacy
from spacy.tokens import Doc, DocBin, Span
from spacy.util import filter_spans

SHARED = Path(os.environ.get("AUTOKODE_SHARED_DATA", ROOT.parent / "shared" / "data"))
TREEBANKS = {"nb": ("nob", "no_bokmaal-ud-dev"), "nn": ("nno", "no_nynorsk-ud-dev")}
"""Language → folder of the treebank, and the UD set made of some of its files."""

LIA_TRAIN, LIA_DEV = "no_nynorsklia-ud-train", "no_nynorsklia-ud-dev"
HEADER_END = "|"
"""A token that ends a header; no text has it."""

SENTENCES = 10
"""Sentences a document."""

AS_SPEECH = 0.3
"""Share of the documents that are given once more as a speech recogniser writes them: small letters, no punctuation."""

LEFT_OUT = {"nn": {"eint": "Number=Sing", "bu": "Definite=Def"}}
"""Tags of a treebank that UD's edition of it has lost and the other's has, each time: put back, so that both say the same."""

TELLING = {"INFV", "SPRED", "OPRED", "INFPRED", "PUTFYLL"}
"""Relations of what hangs on a word that tell an auxiliary from a verb, and a preposition from an adverb."""

FILLERS = "e", "em", "eh", "ehm", "øh", "øhm"
FILLED, REPEATED, BROKEN = 0.03, 0.03, 0.01
"""Share of the words of such a copy before which a speaker hesitates, that are said twice, or begun and broken off first."""

TUNE = 25
"""One file in so many is not trained on but used to choose."""

CLOSING, OPENING = set(",.;:!?)]}»”%"), set("([{«“")


@dataclass(frozen=True, slots=True)
class Token:
    """A word as a treebank has it.

    Attributes:
        form, lemma: as written; the dictionary form.
        tag, features, relation: the treebank's own; "" where it is UD's.
        below: relations of what hangs on it, those in `TELLING`.
        pos, morph: Universal Dependencies', "" for none.
        name: "O", "B-PER", "I-PER", …; "" where names are not marked.
        space: whether a blank follows.
    """

    form: str
    lemma: str
    tag: str = ""
    features: str = ""
    relation: str = ""
    below: tuple[str, ...] = ()
    pos: str = ""
    morph: str = ""
    name: str = ""
    space: bool = True


Sentence = tuple[Token, ...]
Keys = Callable[[Token], tuple[object, ...]]

BACK_OFF: tuple[Keys, ...] = (
    lambda t: (t.lemma, t.tag, t.features, t.relation, t.below),
    lambda t: (t.lemma, t.tag, t.features, t.below),
    lambda t: (t.lemma, t.tag, t.features),
    lambda t: (t.tag, t.features, t.relation, t.below),
    lambda t: (t.tag, t.features, t.relation),
    lambda t: (t.tag, t.features),
    lambda t: (t.tag,),
)
"""Keys to look a tag up by, the most telling first."""


def treebank(folder: Path) -> dict[str, list[Sentence]]:
    """The sentences of each file of NDT, without what ends headers."""
    return {path.name: [_ndt(rows) for rows in _blocks(path)] for path in sorted(folder.glob("*.conll"))}


def universal(path: Path) -> list[Sentence]:
    """The sentences of a CoNLL-U file."""
    return [
        tuple(
            Token(
                row[1], row[2], pos=row[3], morph="" if row[5] == "_" else row[5], space="SpaceAfter=No" not in row[9]
            )
            for row in rows
            if row[0].isdigit()
        )
        for rows in _blocks(path)
    ]


def _blocks(path: Path) -> Iterator[list[list[str]]]:
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        rows = [line.split("\t") for line in block.splitlines() if line and not line.startswith("#")]
        if rows:
            yield rows


def _ndt(rows: list[list[str]]) -> Sentence:
    below: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        below[row[6]].add(row[7])
    return _spaced(
        tuple(
            Token(
                row[1],
                row[2],
                tag=row[3],
                features=row[5],
                relation=row[7],
                below=tuple(sorted(below[row[0]] & TELLING)),
                name=row[9].removeprefix("name="),
            )
            for row in rows
            if row[1] != HEADER_END
        )
    )


def _spaced(sentence: Sentence) -> Sentence:
    """The sentence with blanks where Norwegian has them; the treebank does not say."""
    within, spaced = False, []
    for token, after in itertools.zip_longest(sentence, sentence[1:]):
        quote = token.form == '"'
        within ^= quote
        follows = after is not None and (after.form in CLOSING or (after.form == '"' and within))
        spaced.append(replace(token, space=not (follows or token.form in OPENING or (quote and within))))
    return tuple(spaced)


class Tags:
    """The treebank's tags in Universal Dependencies, counted where both are known."""

    def __init__(self, pairs: Iterable[tuple[Token, Token]]) -> None:
        self._counts: list[dict[tuple[object, ...], Counter[tuple[str, str]]]] = [
            defaultdict(Counter) for _ in BACK_OFF
        ]
        self._lemmas: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
        for own, theirs in pairs:
            for counts, key in zip(self._counts, BACK_OFF, strict=True):
                counts[key(own)][theirs.pos, theirs.morph] += 1
            self._lemmas[own.form.lower(), own.lemma, own.tag][theirs.lemma] += 1

    def of(self, token: Token) -> Token:
        """The token with UD's part of speech, features and lemma."""
        known = (counts[key(token)] for counts, key in zip(self._counts, BACK_OFF, strict=True) if key(token) in counts)
        (pos, morph), _count = next(known, Counter({("X", ""): 1})).most_common(1)[0]
        lemmas = self._lemmas.get((token.form.lower(), token.lemma, token.tag))
        return replace(token, pos=pos, morph=morph, lemma=lemmas.most_common(1)[0][0] if lemmas else token.lemma)


@dataclass(frozen=True, slots=True)
class Split:
    """A treebank in UD's tags: files to train on, and the UD set with names from the treebank.

    Attributes:
        train: the sentences of each file.
        dev: sentences of UD's development set; without those that the treebank does not have.
        pairs: file → words of the development set in both tags.
    """

    train: dict[str, list[Sentence]]
    dev: list[Sentence]
    pairs: dict[str, list[tuple[Token, Token]]]


def split(lang: str) -> Split:
    """Read a treebank; the files that UD's development set is made of, half or more, are not trained on."""
    folder, name = TREEBANKS[lang]
    files, theirs = treebank(SHARED / "ndt" / folder), universal(SHARED / "ud" / f"{name}.conllu")
    where = {tuple(t.form for t in s): (file, s) for file, own in reversed(files.items()) for s in reversed(own)}
    pairs: dict[str, list[tuple[Token, Token]]] = defaultdict(list)
    dev, taken = [], Counter()
    for sentence in theirs:
        found = where.get(tuple(token.form for token in sentence))
        if found:
            file, own = found
            taken[file] += 1
            whole = [_put_back(u, n, lang) for u, n in zip(sentence, own, strict=True)]
            pairs[file] += zip(own, whole, strict=True)
            dev.append(tuple(replace(u, name=n.name) for u, n in zip(whole, own, strict=True)))
    tags = Tags(pair for own in pairs.values() for pair in own)
    forms = {tuple(token.form for token in sentence) for sentence in theirs if len(sentence) > SENTENCES}
    train = {
        file: [tuple(map(tags.of, s)) for s in own if tuple(token.form for token in s) not in forms]
        for file, own in files.items()
        if taken[file] < len(own) / 2
    }
    return Split(train, dev, pairs)


def _put_back(theirs: Token, own: Token, lang: str) -> Token:
    lost = {LEFT_OUT.get(lang, {}).get(feature) for feature in own.features.split("|")} - {None}
    features = {*theirs.morph.split("|"), *lost} - {""}
    return replace(theirs, morph="|".join(sorted(features))) if lost else theirs


def documents(vocab: spacy.vocab.Vocab, sentences: Sequence[Sentence]) -> Iterator[Doc]:
    """Documents of `SENTENCES` sentences, with every annotation of their words."""
    for first in range(0, len(sentences), SENTENCES):
        part = sentences[first : first + SENTENCES]
        tokens = [token for sentence in part for token in sentence]
        doc = Doc(
            vocab,
            words=[token.form for token in tokens],
            spaces=[token.space for token in tokens],
            pos=[token.pos for token in tokens],
            morphs=[token.morph for token in tokens],
            lemmas=[token.lemma for token in tokens],
            sent_starts=[place == 0 for sentence in part for place in range(len(sentence))],
        )
        if all(token.name for token in tokens):
            doc.set_ents(filter_spans(_names(doc, tokens)))
        else:
            doc.set_ents([], missing=[doc[:]])
        yield doc


def _names(doc: Doc, tokens: Sequence[Token]) -> list[Span]:
    spans, first = [], None
    for place, token in enumerate([*tokens, Token("", "", name="O")]):
        goes_on = first is not None and token.name == f"I-{tokens[first].name[2:]}"
        if first is not None and not goes_on:
            spans.append(Span(doc, first, place, label=tokens[first].name[2:]))
            first = None
        if token.name != "O" and not goes_on:
            first = place
    return spans


def small(sentence: Sentence) -> Sentence:
    """A sentence in small letters without punctuation, as a speech recogniser writes it."""
    return tuple(replace(token, form=token.form.lower(), space=True) for token in sentence if token.pos != "PUNCT")


def as_speech(sentences: Sequence[Sentence], drawn: random.Random) -> list[Sentence]:
    """Sentences as a speech recogniser writes them: `small`, with hesitations."""
    spoken = (tuple(_hesitant(small(sentence), drawn)) for sentence in sentences)
    return [sentence for sentence in spoken if sentence]


def _hesitant(sentence: Sentence, drawn: random.Random) -> Iterator[Token]:
    for token in sentence:
        broken = token.form[: drawn.randint(1, 3)] + "-"
        if not token.name.startswith("I-"):
            for before, share in ((drawn.choice(FILLERS), FILLED), (broken, BROKEN)):
                if drawn.random() < share:
                    yield Token(before, before, pos="X", name=token.name and "O")
            if drawn.random() < REPEATED and token.name in ("", "O"):
                yield token
        yield token


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    vocab, drawn = spacy.blank("nb").vocab, random.Random(0)  # noqa: S311 - which documents are copied is no secret
    told: dict[str, list[Doc]] = {}
    spoken: dict[str, list[Doc]] = {}
    tune: list[Doc] = []
    for lang in TREEBANKS:
        found = split(lang)
        write(folder / f"dev-{lang}.spacy", documents(vocab, found.dev))
        told[lang], spoken[lang] = [], []
        for place, sentences in enumerate(found.train.values()):
            if place % TUNE == TUNE // 2:
                tune += documents(vocab, sentences)
                continue
            told[lang] += documents(vocab, sentences)
            for first in range(0, len(sentences), SENTENCES):
                if drawn.random() < AS_SPEECH:
                    spoken[lang] += documents(vocab, as_speech(sentences[first : first + SENTENCES], drawn))
    write(folder / "dev-speech.spacy", documents(vocab, universal(SHARED / "ud" / f"{LIA_DEV}.conllu")))
    lia = universal(SHARED / "ud" / f"{LIA_TRAIN}.conllu")
    spoken["nn"] += [*documents(vocab, lia), *documents(vocab, as_speech(lia, drawn))]
    write(folder / "tune.spacy", tune)
    written, heard = [*itertools.chain(*told.values())], [*itertools.chain(*spoken.values())]
    write(folder / "train.spacy", [*written, *heard])
    for times in (3, 6):
        write(folder / f"train-nb{times}.spacy", [*written, *heard, *told["nb"] * (times - 1)])
    write(folder / "train-written.spacy", written)
    for lang in TREEBANKS:
        write(folder / f"train-only-{lang}.spacy", [*told[lang], *spoken[lang]])


def write(path: Path, found: Iterable[Doc]) -> None:
    docs = DocBin(docs=found, store_user_data=False)
    docs.to_disk(path)
    print(f"{path.name}: {len(docs)} documents", file=sys.stderr)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
