"""The component for spaCy: the same probabilities as the model, in the places where spaCy's users look."""

import tempfile
from pathlib import Path

import numpy as np
import pytest
import spacy

from autokode import load_model

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
