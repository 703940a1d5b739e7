"""The Nynorsk of the interface: every text has a form, and what is filled in stays."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autokode.base.messages import language, reading_in, say
from autokode.base.nynorsk import GAP, _patterns, catalogue, in_nynorsk
from autokode.cli.group import COMMANDS
from said_texts import said_texts

BOKMAL = re.compile(
    r"\b(ikke|hvor|hva|hvem|noe|jeg|fra|intervjuene|kodene|kodingene|forslagene|ytringene|svarene)\b", re.IGNORECASE
)
"""Words that Nynorsk has not. «Fra» is «frå»."""

TYPED = re.compile(rf"--[a-z-]+|autokode (?:{'|'.join(COMMANDS)})\b|\w+\.(?:yaml|db|csv|docx|qdpx)")
"""What a person types as it stands."""


def test_every_text_of_the_page_has_a_form_in_nynorsk() -> None:
    missing = {text: path.name for text, path in said_texts().items() if text not in catalogue()}
    assert not missing, f"{len(missing)} texts have no form in src/autokode/base/nynorsk.json"


def test_the_catalogue_holds_nothing_else() -> None:
    assert not set(catalogue()) - set(said_texts())


def test_a_form_has_the_gaps_and_the_marks_of_its_text() -> None:
    for text, form in catalogue().items():
        assert text.count(GAP) == form.count(GAP), text
        assert text[-1:] == form[-1:] or text[-1:].isalpha(), text
        assert TYPED.findall(text) == TYPED.findall(form), text


def test_a_form_is_no_bokmal() -> None:
    assert not {form for form in catalogue().values() if BOKMAL.search(form.replace("fra-", ""))}


def test_what_is_filled_in_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    forms = {"{} av {} svar er lest.": "{} av {} svar er lesne.", "Ikke lest": "Ikkje lese"}
    monkeypatch.setattr("autokode.base.nynorsk.catalogue", lambda: forms)
    in_nynorsk.cache_clear()
    _patterns.cache_clear()
    try:
        assert in_nynorsk("3 av 10 svar er lest.") == "3 av 10 svar er lesne."
        assert in_nynorsk("Ikke lest") == "Ikkje lese"
        assert in_nynorsk("noe helt annet") == "noe helt annet"
    finally:
        in_nynorsk.cache_clear()
        _patterns.cache_clear()


@given(st.text())
def test_any_text_is_answered(text: str) -> None:
    assert isinstance(in_nynorsk(text), str)


def test_longer_texts_are_in_bokmal_where_the_page_is_in_nynorsk() -> None:
    with reading_in("nn"):
        assert language() == "nb"
        assert say("xyz", "abc") == "xyz"
    with reading_in("en"):
        assert say("xyz", "abc") == "abc"
