"""The training data of the project's own pipeline: UD's tags, blanks as Norwegian has them, nothing of the tests."""

import itertools
import random

import pytest
import spacy

from benchmarks.build.pipeline import treebanks
from benchmarks.build.pipeline.treebanks import Token
from conftest import needs_shared


@needs_shared
@pytest.mark.slow  # ten seconds a language, to read the treebanks
@pytest.mark.parametrize("lang", treebanks.TREEBANKS)
def test_tags_become_those_of_ud_in_files_that_were_not_counted(lang: str) -> None:
    found = treebanks.split(lang)
    files = sorted(found.pairs)
    right, whole = [0, 0], 0
    for part in range(5):
        counted = [pair for place, file in enumerate(files) if place % 5 != part for pair in found.pairs[file]]
        tags = treebanks.Tags(counted)
        for own, theirs in (pair for file in files[part::5] for pair in found.pairs[file]):
            mapped = tags.of(own)
            right[0] += mapped.pos == theirs.pos
            right[1] += mapped.morph == theirs.morph
            whole += 1
    assert whole > 30_000
    assert min(right) > 0.995 * whole
    spaces = [own.space == theirs.space for pairs in found.pairs.values() for own, theirs in pairs]
    assert sum(spaces) > 0.99 * len(spaces)
    trained = {tuple(t.form for t in s) for sentences in found.train.values() for s in sentences}
    assert not [s for s in found.dev if len(s) > treebanks.SENTENCES and tuple(t.form for t in s) in trained]


def test_documents_have_sentences_names_and_blanks() -> None:
    names = ("O", "B-PER", "I-PER", "B-ORG", "O", "O")
    forms = ("Her", "er", "Kari", "NAV", "(", "x")
    sentence = treebanks._spaced(tuple(Token(f, f.lower(), pos="X", name=n) for f, n in zip(forms, names, strict=True)))
    (doc,) = treebanks.documents(spacy.blank("nb").vocab, [sentence, sentence])
    assert doc.text.strip() == "Her er Kari NAV (x Her er Kari NAV (x"
    assert [span.text for span in doc.ents] == ["er Kari", "NAV"] * 2
    assert len(list(doc.sents)) == 2


def test_a_recogniser_writes_small_letters_and_no_punctuation() -> None:
    said = (Token("Ja", "ja", pos="INTJ"), Token(",", "$,", pos="PUNCT"), Token("Åse", "Åse", pos="PROPN"))
    assert [token.form for token in treebanks.small(said)] == ["ja", "åse"]
    assert treebanks.as_speech([said[1:2]], random.Random(0)) == []


def test_speech_has_hesitations_that_are_no_words_and_break_no_name() -> None:
    name = (Token("Kari", "Kari", pos="PROPN", name="B-PER"), Token("Moe", "Moe", pos="PROPN", name="I-PER"))
    said = (*name, Token("kom", "komme", pos="VERB", name="O"))
    (spoken,) = treebanks.as_speech([said * 300], random.Random(0))
    put_in = [token for token in spoken if token.pos == "X"]
    assert 10 < len(put_in) < 100
    assert {token.name for token in put_in} == {"O"}
    assert all(after.name == "I-PER" for before, after in itertools.pairwise(spoken) if before.name == "B-PER")
    assert len(spoken) > 900 + len(put_in)  # some words are said twice


def test_features_that_uds_nynorsk_lost_are_put_back() -> None:
    own, theirs = Token("huset", "hus", features="appell|nøyt|bu|eint"), Token("huset", "hus", morph="Gender=Neut")
    assert treebanks._put_back(theirs, own, "nn").morph == "Definite=Def|Gender=Neut|Number=Sing"
    assert treebanks._put_back(theirs, own, "nb") == theirs
