"""Tokens and features against a reference of plain loops."""

import math
import zlib
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy import blank

from autokode.base.errors import DataError
from autokode.model.features import WORD_KEY, forms_of, keys_of, look_up, matrix, normal_form, vocabulary
from autokode.nlp.tokenizer import MAX_CHUNK, tokenize
from conftest import speech, texts

NLP = blank("nb")


def reference_row(text: str) -> dict[int, float]:
    """The formula in loops: count / √n over words and 3–5-grams inside their boundaries."""
    counts: Counter[int] = Counter()
    for token in NLP.tokenizer(text):
        form = normal_form(token.text)
        if not form:
            continue
        framed = f"<{form}>"
        counts[WORD_KEY + zlib.crc32(framed.encode())] += 1
        for size in (3, 4, 5):
            for start in range(len(framed) - size + 1):
                counts[zlib.crc32(framed[start : start + size].encode())] += 1
    total = sum(counts.values())
    return {key: count / math.sqrt(total) for key, count in counts.items()}


@given(st.lists(texts | speech, max_size=6))
def test_feature_rows_are_the_formula(several: list[str]) -> None:
    counted = [forms_of(text, "nb") for text in several]
    keys = vocabulary(counted)
    rows = matrix(counted, keys)
    assert rows.shape == (len(several), len(keys))
    assert rows.dtype == np.float64
    for row, text in enumerate(several):
        expected = reference_row(text)
        found = {int(keys[column]): value for column, value in zip(rows[row].indices, rows[row].data, strict=True)}
        assert found == pytest.approx(expected)


def test_unknown_features_count_in_the_length_only() -> None:
    keys = vocabulary([forms_of("makt", "nb")])
    alone = matrix([forms_of("makt", "nb")], keys)
    beside = matrix([forms_of("makt xyz", "nb")], keys)
    n, m = len(keys_of("makt")), len(keys_of("xyz"))
    np.testing.assert_allclose(beside.toarray(), alone.toarray() * math.sqrt(n / (n + m)))


def test_no_text_and_no_vocabulary_give_empty_rows() -> None:
    assert matrix([], vocabulary([])).shape == (0, 0)
    assert matrix([forms_of("", "nb"), forms_of(" … ", "nb")], vocabulary([forms_of("ja", "nb")])).nnz == 0
    assert not look_up(np.array([1], np.uint64), np.zeros(0, np.uint64))[1].any()


def test_forms_are_equal_however_they_are_composed() -> None:
    assert normal_form("SPRA\u030aK") == "språk"
    assert normal_form("(…)") == normal_form("") == ""


@given(texts)
def test_tokens_are_spacys_without_white_space(text: str) -> None:
    expected = [(token.text, token.idx) for token in NLP.tokenizer(text) if not token.is_space]
    assert [(token.text, token.start) for token in tokenize(text)] == expected
    assert all(text[token.start : token.end] == token.text for token in tokenize(text))


@pytest.mark.parametrize(
    "text", ["f.eks. bl.a. kl. 12.30", "ta'kke «ja»", "(ler) … – ja!", "https://nav.no/a?b=1, æøå"]
)
def test_norwegian_abbreviations_and_addresses_stay_whole(text: str) -> None:
    assert [token.text for token in tokenize(text)] == [token.text for token in NLP.tokenizer(text)]


@pytest.mark.parametrize("text", ["(" * 200_000, "a" * 1_000_000, "ja " + ")." * 50_000 + " nei"])
def test_endless_chunks_take_no_time_and_say_nothing(text: str) -> None:
    assert set(forms_of(text, "nb")) <= {"ja", "nei"}
    assert "".join(token.text for token in tokenize(text)) == text.replace(" ", "")


def test_a_chunk_of_the_longest_kind_is_still_a_word() -> None:
    assert set(forms_of("å" * MAX_CHUNK, "nb")) == {"å" * MAX_CHUNK}


def test_an_unknown_language_says_so() -> None:
    with pytest.raises(DataError, match="spaCy kjenner ikke språket «nynorsk»"):
        tokenize("ja", "nynorsk")
