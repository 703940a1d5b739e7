"""Edits map every position of the old text to the new one, and their inverse maps it back."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autokode.corpus.edits import Edit, Edits
from conftest import texts


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, Edits]:
    """Any text with replacements, some of them empty, some side by side."""
    text = draw(texts)
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=12)))
    spans = [span for span in itertools.pairwise(cuts) if draw(st.booleans())]
    new = st.text("Aåæ é[1]😀\n", max_size=8)
    return text, Edits(Edit(start, end, text[start:end], draw(new)) for start, end in spans)


@given(edited())
def test_the_way_back_gives_the_old_text_again(case: tuple[str, Edits]) -> None:
    text, edits = case
    assert edits.inverse().apply(edits.apply(text)) == text


@given(edited(), st.data())
def test_a_segment_between_edits_is_the_same_words_and_comes_back(case: tuple[str, Edits], data: st.DataObject) -> None:
    text, edits = case
    inside = {place for edit in edits.edits for place in range(edit.start, edit.end)}
    free = [place for place in range(len(text)) if place not in inside]
    if not free:
        return
    start = data.draw(st.sampled_from(free))
    end = start + 1
    while end < len(text) and end not in inside and data.draw(st.booleans()):
        end += 1
    new_start, new_end = edits.segment(start, end)
    assert edits.apply(text)[new_start:new_end] == text[start:end]
    gone_beside_it = any(not e.new and (e.end == start or e.start == end) for e in edits.edits)
    if not gone_beside_it:
        assert edits.inverse().segment(new_start, new_end) == (start, end)


@given(edited(), st.data())
def test_a_segment_over_edits_holds_just_what_its_stretches_became(
    case: tuple[str, Edits], data: st.DataObject
) -> None:
    text, edits = case
    bounds = sorted({0, len(text), *(p for e in edits.edits for p in (e.start, e.end))})
    start, end = sorted((data.draw(st.sampled_from(bounds)), data.draw(st.sampled_from(bounds))))
    new_start, new_end = edits.segment(start, end)
    within = Edits(
        Edit(e.start - start, e.end - start, e.old, e.new) for e in edits.edits if start <= e.start and e.end <= end
    )
    if start < end:
        assert edits.apply(text)[new_start:new_end] == within.apply(text[start:end])


def test_a_segment_that_cuts_a_name_holds_the_whole_new_one() -> None:
    text = "Da ringte Kari Nordmann meg."
    edits = Edits([Edit(10, 23, "Kari Nordmann", "Anne")])
    start, end = edits.segment(text.index("Nordmann"), len(text))
    assert edits.apply(text)[start:end] == "Anne meg."
    start, end = edits.segment(0, text.index("Nordmann"))
    assert edits.apply(text)[start:end] == "Da ringte Anne"


def test_stretches_side_by_side_that_are_gone_come_back_in_their_order() -> None:
    edits = Edits([Edit(0, 1, "b", ""), Edit(1, 3, "ac", ""), Edit(3, 4, "a", "")])
    assert edits.inverse().apply(edits.apply("baca.")) == "baca."


def test_edits_refuse_another_text_and_each_other() -> None:
    with pytest.raises(ValueError, match="does not stand"):
        Edits([Edit(0, 4, "Kari", "Anne")]).apply("Kåre sa det")
    with pytest.raises(ValueError, match="overlap"):
        Edits([Edit(0, 4, "Kari", "Anne"), Edit(3, 5, "i ", "x")])
