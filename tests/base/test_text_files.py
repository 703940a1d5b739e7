"""Encodings of text files: those of Norwegian texts are told apart by the letters that come out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autokode.base.text_files import decode, encoding_of

SENTENCES = [
    "Røkteren så på været.",
    "å",
    "Åse: ja\rOla: nei, på øya\r",
    "ÆRLIG TALT, BÅTEN SANK",
    "«Så dro vi» – og “så” … kom’an hjem",
    "Éva og Siân fra Göteborg på kafé",
    "Hun sa: „nei” og gikk",
    "kl. 12–14 på Ås",
    "Ø. Ødegård",
]


@pytest.mark.parametrize("page", ["windows-1252", "mac-roman", "utf-8", "utf-16"])
@pytest.mark.parametrize("text", SENTENCES)
def test_a_text_comes_back_from_its_encoding(text: str, page: str) -> None:
    data = text.encode(page)
    assert decode(data, "t.txt") == text
    assert encoding_of(data) == ("utf-16-le" if page == "utf-16" else page)


@pytest.mark.parametrize(
    "text", ["det’s", "• ett\n• to", "ja… nei", "“ja”", "2 € – 3 £", "Muñoz, Šimon og João", "100 °C", "§ 4"]
)
def test_marks_alone_are_of_windows(text: str) -> None:
    assert decode(text.encode("windows-1252"), "t.txt") == text


WORDS = st.lists(
    st.sampled_from("vi så båten ute på havet Åse rodde øst da «ja» – hva Ærlig blå en é".split()), min_size=1
)


@given(WORDS, st.sampled_from(["windows-1252", "mac-roman"]))
def test_any_norwegian_words(words: list[str], page: str) -> None:
    text = " ".join((*words, "på"))
    assert decode(text.encode(page), "t.txt") == text


def test_a_stated_encoding_is_believed() -> None:
    assert decode("på".encode("mac-roman"), "t.txt", "windows-1252") == "pŒ"
