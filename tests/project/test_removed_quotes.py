"""Quotes of a removed interview in what stays: five words in a row that no other interview has, or a whole anchor example."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autokode.project.store.removed_quotes import GAP, RUN, Quotes
from conftest import speech

GONE = "Kari: Solbjørg skrudde girkassen sammen alene i vinter.\nKari: Ja, det gjør vi alle sammen her."
LEFT = "Ola: Ja, det gjør vi alle sammen her."


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Solbjørg skrudde girkassen sammen alene", GAP),
        ("Se «Solbjørg skrudde girkassen sammen alene i vinter»!", f"Se «{GAP}»!"),
        ("se: SOLBJØRG SKRUDDE – girkassen\n(sammen) alene, sa hun", f"se: {GAP}, sa hun"),
        ("Solbjørg skrudde girkassen sammen", "Solbjørg skrudde girkassen sammen"),  # four words
        ("Ja, det gjør vi alle sammen her.", "Ja, det gjør vi alle sammen her."),  # said elsewhere too
        ("alene i vinter: Solbjørg skrudde girkassen", "alene i vinter: Solbjørg skrudde girkassen"),
        (
            "skrudde girkassen sammen alene i, og igjen skrudde girkassen sammen alene i",
            f"{GAP}, og igjen {GAP}",
        ),
        ("", ""),
    ],
)
def test_a_run_of_words_is_a_quote(text: str, left: str) -> None:
    assert Quotes([GONE], [LEFT]).without(text) == left


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("girkassen sammen", True),
        ("Skrudde girkassen?", True),
        ("girkassen", False),
        ("det gjør vi", False),
        ("kassen sammen", False),
        ("Hun sa at Solbjørg skrudde girkassen sammen alene.", True),
        ("Hun skrudde girkassen", False),
    ],
)
def test_a_short_example_is_a_quote_as_a_whole(text: str, quoted: bool) -> None:
    assert Quotes([GONE], [LEFT]).has(text) is quoted


@given(st.lists(speech, min_size=1, max_size=4), st.lists(speech, max_size=4), speech)
def test_nothing_of_a_run_is_left(gone: list[str], left: list[str], around: str) -> None:
    quotes = Quotes(gone, left)
    for text in gone:
        found = quotes.without(f"{around} – {text} – {around}")
        assert not quotes.has(found) or len(found.split()) < RUN or GAP in found
        assert quotes.without(found) == found
