"""Codings outside the utterances: the stretch that holds them, and what it leaves alone."""

from hypothesis import given
from hypothesis import strategies as st

from autokode.corpus.outside import is_outside, numbers_of, with_outside
from autokode.corpus.overlap import overlapped
from autokode.corpus.readers import Source
from autokode.corpus.transcript import Transcript, from_source
from autokode.corpus.utterance import INFORMANT, OUTSIDE, Utterance

TEXT = (
    "Notat: det regnet hele dagen.\nBåten lå fortøyd ved bryggen.\n\nI: Hvor mange er dere om bord?\n"
    "Per: Vi er fire.\nI: Hele året?\nPer: Nei, bare om vinteren.\n\nSlutt på opptaket, motoren gikk.\n"
)


def interview() -> Transcript:
    said = from_source(Source(TEXT), "båten", interviewers=["I"])
    last = said.utterances[-1]
    end = TEXT.index("vinteren.") + len("vinteren.")  # what follows is nobody's
    utterances = (*said.utterances[:-1], Utterance(last.speaker, last.start, end, TEXT[last.start : end], INFORMANT))
    return Transcript("båten", TEXT, utterances, interviewers=("I",))


def span(quote: str) -> tuple[int, int]:
    return TEXT.index(quote), TEXT.index(quote) + len(quote)


def stretches(*quotes: str) -> list[str]:
    found = with_outside(interview(), [span(quote) for quote in quotes])
    assert all(TEXT[one.start : one.end] == one.text for one in found.utterances)
    return [one.text for one in found.utterances if one.role == OUTSIDE]


def test_a_stretch_is_the_whole_lines_that_hold_codings() -> None:
    assert stretches("regnet") == ["Notat: det regnet hele dagen."]
    assert stretches("regnet", "fortøyd ved") == ["Notat: det regnet hele dagen.\nBåten lå fortøyd ved bryggen."]
    assert stretches("motoren gikk") == ["Slutt på opptaket, motoren gikk."]
    assert stretches("det", "opptaket") == ["Notat: det regnet hele dagen.", "Slutt på opptaket, motoren gikk."]


def test_a_coding_that_overlaps_an_utterance_is_not_outside() -> None:
    start, end = TEXT.index("bryggen"), TEXT.index("mange")
    assert not is_outside(interview(), start, end)
    assert with_outside(interview(), [(start, end)]) == interview()
    assert with_outside(interview(), []) == interview()


def test_only_the_label_of_the_next_speaker_is_cut_off_unless_it_was_coded() -> None:
    assert stretches("bryggen.") == ["Båten lå fortøyd ved bryggen."]
    start = TEXT.index("Per: Vi")
    found = with_outside(interview(), [(start, start + 3)])
    assert [one.text for one in found.utterances if one.role == OUTSIDE] == ["Per"]


def test_questions_and_numbers_stay_those_of_the_utterances() -> None:
    before, after = interview(), with_outside(interview(), [span("regnet"), span("motoren")])
    assert [one.role for one in after.utterances] == [OUTSIDE, *(one.role for one in before.utterances), OUTSIDE]
    assert numbers_of(after) == (None, 0, 1, 2, 3, None)
    answer = after.utterances[2]
    assert after.question_of(answer) == before.question_of(before.utterances[1]) == "Hvor mange er dere om bord?"
    assert after.answers == (0, 2, 4, 5)


def test_white_space_alone_is_no_stretch() -> None:
    place = TEXT.index("\n\nI: Hvor")
    assert with_outside(interview(), [(place + 1, place + 2)]) == interview()


lines = st.lists(
    st.sampled_from(["Per: ja visst", "I: nå?", "# Del to", "  ", "(pause) lenge", "Per: 😀 æ"]), max_size=8
)


@given(lines, st.data())
def test_every_coding_of_text_overlaps_an_utterance_or_a_stretch(rows: list[str], data: st.DataObject) -> None:
    text, utterances = "", []
    for row in rows:
        if ": " in row:
            begin = len(text) + row.index(": ") + 2
            utterances.append(Utterance(row.split(":")[0], begin, len(text) + len(row), row.split(": ")[1]))
        text += row + data.draw(st.sampled_from(["\n", "\r\n", "\r"]))
    transcript = Transcript("t", text, tuple(utterances))
    ends = st.integers(0, len(text))
    spans = [tuple(sorted(pair)) for pair in data.draw(st.lists(st.tuples(ends, ends), max_size=5))]
    found = with_outside(transcript, spans)
    assert [one for one in found.utterances if one.role != OUTSIDE] == utterances
    assert list(found.utterances) == sorted(found.utterances, key=lambda one: one.start)
    for start, end in spans:
        if text[start:end].strip():
            assert overlapped(found.utterances, start, end)
    assert with_outside(found, spans) == found
