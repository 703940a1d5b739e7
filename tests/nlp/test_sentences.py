"""Sentences in speech: with and without marks, quotations and notes."""

import itertools

import pytest
from hypothesis import given
from hypothesis import settings as limited

from autokode import norwegian
from autokode.nlp.sentences import sentences
from conftest import texts


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text, norwegian(own=True))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ja. Vi tok en kaffe. Og så gikk vi.", ["Ja.", "Vi tok en kaffe.", "Og så gikk vi."]),
        ("Da sa jeg: «Kom inn.» Og hun kom.", ["Da sa jeg: «Kom inn.»", "Og hun kom."]),
        ("Jeg vet ikke … kanskje det. Nei. (ler) Det var rart.", None),
        ("Hun heter Åse. (ler) Ja, det gjør hun.", ["Hun heter Åse. (ler)", "Ja, det gjør hun."]),
        ("Vi møttes kl. 12 hos dr. Hansen. Det gikk bra.", ["Vi møttes kl. 12 hos dr. Hansen.", "Det gikk bra."]),
        ("", []),
        ("   ", []),
        ("ja", ["ja"]),
    ],
)
def test_sentences_as_people_see_them(text: str, expected: list[str] | None) -> None:
    found = split(text)
    if expected is not None:
        assert found == expected
    assert not [sentence for sentence in found if sentence.startswith(("(ler)", "»", "…", "kanskje"))]


def test_speech_without_marks_is_split_where_a_sentence_may_begin() -> None:
    said = (
        "ja jeg heter berit og jeg jobber på kontoret vi har mange møter hver uke "
        "og så snakker vi med kandidatene det er veldig fint hva synes du om det"
    )
    found = split(said)
    assert 2 <= len(found) <= 8
    assert " ".join(found) == said
    assert "hva synes du om det" in found


@limited(max_examples=60)
@given(texts)
def test_sentences_cover_the_text_in_order_and_without_its_blanks(text: str) -> None:
    spans = sentences(text, norwegian(own=True))
    assert spans == sorted(spans)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())
    assert all(text[a:b].strip() == text[a:b] != "" for a, b in spans)
