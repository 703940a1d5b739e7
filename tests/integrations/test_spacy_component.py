"""The component for spaCy: the same probabilities as the model, in the places where spaCy's users look."""

import tempfile
from pathlib import Path

import numpy as np
import pytest
import spacy

from autokode import load_model, read_transcript, suggest
from autokode.suggestion import explained

TEXTS = [
    "Vi bruker tid på å bli kjent, og det er viktig at de føler seg trygge.",
    "ja",
    "",
    "Jeg har pengene, og det er makt. Da må jeg være forsiktig med hva jeg sier til dem.",
]


def pipeline() -> spacy.language.Language:
    nlp = spacy.blank("nb")
    nlp.add_pipe("autokode", config={"model": "nav-nb"})
    return nlp


def test_cats_are_the_models_probabilities() -> None:
    coder = load_model("nav-nb")
    docs = list(pipeline().pipe(TEXTS))
    expected = coder.predict_proba(TEXTS)
    found = np.array([[doc.cats[code] for code in coder.codes_] for doc in docs])
    np.testing.assert_allclose(found, expected, atol=1e-6)
    assert [doc.cats for doc in docs] == [pipeline()(text).cats for text in TEXTS]


def test_spans_are_what_is_suggested_with_scores() -> None:
    coder = load_model("nav-nb")
    for doc, suggested in zip(pipeline().pipe(TEXTS), coder.predict(TEXTS), strict=True):
        group = doc.spans["autokode"]
        assert {span.label_ for span in group} == (set(suggested) if doc.text else set())
        assert [round(doc.cats[span.label_], 6) for span in group] == [
            round(score, 6) for score in group.attrs["scores"]
        ]
        assert all(span.text in doc.text for span in group)
    assert len(doc.spans["autokode"]) > 0
    assert any(len(span) < len(doc) for span in doc.spans["autokode"])  # a sentence, not all of it


def test_the_question_counts() -> None:
    nlp = pipeline()
    doc = nlp.make_doc("Det tar tid, det.")
    asked = nlp.make_doc("Det tar tid, det.")
    asked.user_data["context"] = "Hvordan jobber dere med relasjonen til kandidatene?"
    assert nlp(doc).cats["relasjonsarbeid"] < nlp(asked).cats["relasjonsarbeid"]


def test_a_pipeline_is_kept_on_disk_with_its_model() -> None:
    nlp = pipeline()
    with tempfile.TemporaryDirectory() as folder:
        nlp.to_disk(folder)
        assert not list(Path(folder).rglob("*.pkl"))
        again = spacy.load(folder)
    assert again(TEXTS[0]).cats == nlp(TEXTS[0]).cats


def test_a_model_that_is_not_there_is_said_in_words() -> None:
    with pytest.raises(ValueError, match=r"finnes ikke|ingen modell"):
        spacy.blank("nb").add_pipe("autokode", config={"model": "ingen"})


def test_the_sentence_is_the_one_that_files_and_the_page_show(tmp_path: Path) -> None:
    """One rule says which sentence speaks most: for a spaCy document, a suggestion in a file, and the page's evidence."""
    coder = load_model("nav-nb")
    said = " ".join(
        TEXTS[0:1] * 2 + [TEXTS[3], "Ja. Og så er det jo det med tillit, at de stoler på oss. Kaffen var kald."]
    )
    path = tmp_path / "a.txt"
    path.write_text(f"I: Hva er viktig?\nAnne: {said}\nI: Ja?\nAnne: {TEXTS[0]}", encoding="utf-8")
    transcript = read_transcript(path)
    nlp = pipeline()
    compared = 0
    for index in transcript.answers:
        utterance = transcript.utterances[index]
        doc = nlp.make_doc(utterance.text)
        doc.user_data["context"] = transcript.question_of(utterance)
        spans = {span.label_: (span.start_char, span.end_char) for span in nlp(doc).spans["autokode"]}
        found = [s for s in suggest(coder, transcript) if s.utterance == index and s.level == "code"]
        assert {s.code for s in found} == set(spans)
        on_page = explained(coder, transcript, index, {s.code: s.probability for s in found})
        for one, shown in zip(found, on_page, strict=True):
            place = (one.part_start - utterance.start, one.part_end - utterance.start)
            assert spans[one.code] == place and (shown.part_start, shown.part_end) == (one.part_start, one.part_end)
            compared += 1
    assert compared >= 2
