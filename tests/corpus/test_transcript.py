"""Transcripts: offsets into an unchanged text, questions and answers, times, and notes on what was inferred."""

import json
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from autokode.base.errors import DataError
from autokode.corpus.readers import Source
from autokode.corpus.transcript import Transcript, from_source, read_transcript
from autokode.corpus.utterance import INFORMANT, INTERVIEWER
from conftest import speech, texts
from transcript_case import from_json

INTERVIEW = "Gruppeintervju A\n\nI: Hvem følger dere opp?\nAnne: Unge, stort sett.\nI: Mm.\nAnne: Og noen eldre.\n"


def read(text: str, tmp_path: Path, **options: object) -> Transcript:
    path = tmp_path / "intervju.txt"
    path.write_bytes(text.encode("utf-8"))
    return read_transcript(path, **options)  # type: ignore[arg-type]


def test_an_utterance_knows_its_speaker_place_role_and_question(tmp_path: Path) -> None:
    transcript = read(INTERVIEW, tmp_path)
    assert transcript.text == INTERVIEW
    assert [(u.speaker, u.role) for u in transcript.utterances] == [
        ("I", INTERVIEWER),
        ("Anne", INFORMANT),
        ("I", INTERVIEWER),
        ("Anne", INFORMANT),
    ]
    last = transcript.utterances[-1]
    assert INTERVIEW[last.start : last.end] == last.text == "Og noen eldre."
    assert transcript.question_of(last) == "Hvem følger dere opp?"  # «Mm.» asks nothing
    assert transcript.answers == (1, 3)
    assert "utelatt: 1 linjer før første taler («Gruppeintervju A»)" in transcript.notes


@given(st.lists(st.tuples(st.sampled_from(["Intervjuer", "Anne", "Åse-Marie"]), speech), min_size=4, max_size=20))
@example([("Intervjuer", "a"), ("Anne", "a"), ("Intervjuer", "a"), ("Anne", "a"), ("Åse-Marie", "a")])
def test_what_was_said_by_whom_is_read_back(turns: list[tuple[str, str]]) -> None:
    turns = [("Intervjuer", "hva tenker dere om det"), ("Anne", "ja"), ("Åse-Marie", "nei"), *turns]
    for line_end in ("\n", "\r\n", "\r", "\n\n"):
        text = line_end.join(f"{speaker}: {said}" for speaker, said in turns)
        transcript = from_source(Source(text), "intervju")
        assert [(u.speaker, u.text) for u in transcript.utterances] == turns


@given(texts)
def test_offsets_are_true_in_any_text(text: str) -> None:
    transcript = from_source(Source(text), "intervju")
    assert transcript.text == text
    before = 0
    for utterance in transcript.utterances:
        assert before <= utterance.start <= utterance.end <= len(text)
        assert len(utterance.text) == utterance.end - utterance.start
        assert text[utterance.start : utterance.end] == utterance.text
        before = utterance.end


@given(texts.filter(str.strip))
def test_a_transcript_survives_json(text: str) -> None:
    transcript = from_source(Source(text), "intervju åæø")
    assert from_json(json.dumps(transcript.to_dict())) == transcript


def test_a_changed_text_is_noticed(tmp_path: Path) -> None:
    data = read(INTERVIEW, tmp_path).to_dict()
    with pytest.raises(AssertionError, match="teksten er endret"):
        from_json(json.dumps({**data, "text": data["text"] + " "}))


def test_stamps_are_not_text_but_times_and_never_lost(tmp_path: Path) -> None:
    text = "I: Hva tenker du om det? #00:00:12-3#\nB: Jo, altså [00:00:15] jeg tror #00:00:20-1#\nI: Og så?\nB: Nei."
    question, answer, *_ = read(text, tmp_path).utterances
    assert (question.text, question.end_s) == ("Hva tenker du om det?", 12.3)
    assert answer.text == "Jo, altså            jeg tror"
    assert text[answer.start : answer.end] == "Jo, altså [00:00:15] jeg tror"
    assert answer.end_s == 20.1


def test_a_stamp_before_the_label_is_when_the_turn_begins(tmp_path: Path) -> None:
    utterances = read("02:06 T: Ja?\n01:02:09 K: Ja.\n02:11:30 T: Når?", tmp_path).utterances
    assert [u.begin_s for u in utterances] == [126.0, 3729.0, 7890.0]


def test_without_labels_there_is_one_utterance_a_paragraph_and_it_says_so(tmp_path: Path) -> None:
    transcript = read("Først en ting.\nSom går over to linjer.\n\nSå en annen ting.", tmp_path)
    assert [u.text for u in transcript.utterances] == ["Først en ting.\nSom går over to linjer.", "Så en annen ting."]
    assert transcript.notes == ("fant ingen talere: én ytring per avsnitt, 2 i alt",)


def test_the_interviewer_can_be_given_or_is_asked_for(tmp_path: Path) -> None:
    text = "Taler 1: Hva gjør dere?\nTaler 2: Alt.\nTaler 1: Alt?\nTaler 2: Ja."
    transcript = read(text, tmp_path)
    assert transcript.interviewers == ()
    assert 'fant ingen intervjuer; «Taler 1» spør mest: --interviewer "Taler 1"' in transcript.notes
    assert read(text, tmp_path, interviewers=["taler 1"]).interviewers == ("Taler 1",)
    with pytest.raises(DataError, match="ingen heter «Kari»; fant Taler 1, Taler 2"):
        read(text, tmp_path, interviewers=["Kari"])


def test_places_are_found_again(tmp_path: Path) -> None:
    transcript = read(INTERVIEW, tmp_path)
    assert transcript.utterance_at(INTERVIEW.index("Unge")) == 1
    assert transcript.utterance_at(0) is None


def test_five_megabytes_without_a_line_break_are_one_utterance(tmp_path: Path) -> None:
    text = "det er jo sånn at hen ikke vil " * 160_000
    transcript = read(text, tmp_path)
    assert len(transcript.utterances) == 1
    assert transcript.utterances[0].end == len(text) - 1


def test_a_stamp_before_the_first_word_is_a_beginning_and_one_after_the_last_an_end(tmp_path: Path) -> None:
    utterances = read("I: [00:00:05] Hei?\nB: Ja [00:00:09]\nI: Og [00:00:10] så?\nB: Nei.", tmp_path).utterances
    assert [(u.begin_s, u.end_s) for u in utterances] == [(5.0, None), (None, 9.0), (None, None), (None, None)]


def test_a_stamp_on_a_line_of_its_own_is_no_text(tmp_path: Path) -> None:
    utterances = read("I: Hei på deg?\n00:00:10\nÅse: Jo {00:00:12}\nI: Ja?\nÅse: Nei", tmp_path).utterances
    assert [" ".join(u.text.split()) for u in utterances] == ["Hei på deg?", "Jo", "Ja?", "Nei"]
