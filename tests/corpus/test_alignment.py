"""Two versions of a text beside each other: the edits make the one of the other, and places are found where their words are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autokode.corpus import alignment
from autokode.corpus.alignment import Alignment

OLD = "Kari: Vi må snakke sammen om det på jobben.\nOla: Ja.\nKari: Hva sa du?\nOla: At det er greit.\n"
NEW = "Kari Berg: Vi må prate sammen om det der på jobben.\nOla: Jo.\nOla: At det er greit.\nPål: Nei.\n"


def moved(quote: str) -> str | None:
    lines = Alignment(OLD, NEW)
    start = OLD.index(quote)
    span = lines.moved(start, start + len(quote))
    return None if span is None else NEW[slice(*span)]


@pytest.mark.parametrize(
    ("quote", "now"),
    [
        ("Vi må snakke sammen", "Vi må prate sammen"),
        ("om det på jobben.", "om det der på jobben."),
        ("sammen", "sammen"),
        ("snakke", None),
        ("Hva sa du?", None),
        ("At det er greit.", "At det er greit."),
    ],
)
def test_places_follow_their_words(quote: str, now: str | None) -> None:
    assert moved(quote) == now


WORDS = st.lists(st.sampled_from(["jeg", "æ", "går", ".", "\n", " ", "  ", "hjem", "på", "Ola:"]), max_size=40).map(
    "".join
)


@pytest.mark.parametrize("careful", [0, alignment.CAREFUL])
@given(old=WORDS, new=WORDS)
def test_the_edits_make_the_new_text_and_places_hold_words(careful: int, old: str, new: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(alignment, "CAREFUL", careful)
        lines = Alignment(old, new)
    assert lines.edits.apply(old) == new
    assert lines.edits.inverse().apply(new) == old
    assert (lines.kept(0, len(old)) == 1) or old != new
    for start in range(0, len(old), 3):
        span = lines.moved(start, min(start + 4, len(old)))
        if span is not None:
            assert 0 <= span[0] < span[1] <= len(new)
            assert new[slice(*span)].strip() == new[slice(*span)]
