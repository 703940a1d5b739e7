"""What a theme book tells of a code, against loops over what was coded."""

import numpy as np
import pytest
from hypothesis import given, settings

from autokode.codebook import Code, Codebook
from autokode.errors import DataError
from autokode.report.material import Material, unit, vectors_of
from autokode.report.voices import NEGATION, QUOTED, SENTENCE, Theme, theme, themes
from autokode.study import read_study
from conftest import ROOT
from test_together import coding, has, interview, materials


@pytest.fixture(scope="module")
def shipped() -> Material:
    return Material.of(read_study(ROOT / "training_data"))


@settings(max_examples=40)
@given(materials())
def test_counts_are_those_of_the_loops(material: Material) -> None:
    for one in themes(material):
        codes = material.under(one.name)
        for by, counts in (("interview", one.interviews), ("office", one.offices), ("speaker", one.speakers)):
            units = material.units(by)  # type: ignore[arg-type]
            for count in counts:
                places = [
                    p for p, own in zip(material.answers, units, strict=True) if own == (count.name, count.office)
                ]
                assert count.answers == len(places) > 0
                assert count.utterances == sum(any(has(material, place, code) for code in codes) for place in places)
            assert len({(c.name, c.office) for c in counts}) == len(counts) == len(set(units))
        assert {c.name for c in one.speaking}.isdisjoint(set()) and len(one.speaking) + len(one.silent) == len(
            one.speakers
        )
        check_places(material, one)


def check_places(material: Material, one: Theme) -> None:
    """Every quote and sentence stands where it says, within a stretch that somebody coded so."""
    codes = set(one.codes)
    for quote in (*one.quotes, *one.summary):
        text = material.transcripts[quote.transcript].text
        assert text[quote.start : quote.end] == quote.text
        inside = [c for c in material.codings if c.segment.transcript == quote.transcript and c.code in codes]
        assert any(c.segment.start <= quote.start and quote.end <= c.segment.end for c in inside)
    for one_, other in zip(one.quotes, one.quotes[1:], strict=False):
        assert one_.transcript != other.transcript or one_.end <= other.start
    chosen = [one.typical, one.atypical, one.opposite.quote if one.opposite else None]
    assert all(quote is None or quote in one.quotes for quote in chosen)
    assert (one.typical is None) == (not one.quotes)
    assert one.atypical is None or (len(one.quotes) >= 3 and one.atypical != one.typical)


def test_themes_of_the_shipped_interviews(shipped: Material) -> None:
    found = themes(shipped)
    assert [one.name for one in found] == [code.name for code in shipped.codebook]
    for one in found:
        check_places(shipped, one)
        assert one.quotes and one.typical is not None and one.atypical is not None and 0 < len(one.summary) <= 5
        assert QUOTED[0] <= len(one.typical.text.split()) <= QUOTED[1]
        assert all(SENTENCE[0] <= len(sentence.text.split()) <= SENTENCE[1] for sentence in one.summary)
        assert len({sentence.transcript for sentence in one.summary}) == 5  # as many voices as fit
    assert sum(one.opposite is not None for one in found) >= 3
    for one in found:
        if one.opposite is not None:
            negated = [bool(NEGATION.search(s.text)) for s in (one.opposite.sentence, one.opposite.against)]
            assert negated[0] != negated[1] and one.opposite.words


def test_the_typical_quote_is_nearer_to_the_middle_than_the_atypical(shipped: Material) -> None:
    """Reckoned anew from the vectors of what was said, not with the room's own."""
    every = {q.span: q for quotes in shipped.quotes.values() for q in quotes}
    said = unit(vectors_of([shipped.said(q) for q in every.values()], "nb"))
    row = dict(zip(every, unit(said - said.mean(axis=0)), strict=True))
    for name in ("makt", "språk", "oppfølging", "avslutning"):
        one = theme(shipped, name)
        vectors = np.array([row[quote.span] for quote in one.quotes])
        middle = vectors.sum(axis=0) / np.linalg.norm(vectors.sum(axis=0))
        central = {quote.span: float(v @ middle) for quote, v in zip(one.quotes, vectors, strict=True)}
        assert one.typical is not None and one.atypical is not None
        ranks = sorted(central.values())
        assert central[one.typical.span] > ranks[int(0.8 * len(ranks))]
        assert central[one.atypical.span] < ranks[int(0.35 * len(ranks))]


def test_a_contradiction_is_found_among_sentences_that_are_alike() -> None:
    rows = [
        ("Anne", "Kandidatene trenger ro og god tid hos oss på kontoret hver uke."),
        ("Bo", "Kandidatene trenger god tid og ro hos oss på kontoret."),
        ("Cato", "Men kandidatene trenger ikke ro og god tid hos oss på kontoret."),
        ("Dag", "Jeg kjører buss til jobben hver eneste dag og leser avisa."),
    ]
    talk = interview("i", [("I", "Hva trengs?"), *rows])
    codings = tuple(coding(talk, u.start, u.end, "tid") for u in talk.utterances[1:])
    one = theme(Material(Codebook("b", (Code("tid"),)), {"i": talk}, {}, codings), "tid")
    assert one.opposite is not None and one.opposite.quote.speaker == "Cato" and one.opposite.words == ("ikke",)
    assert one.typical is not None and one.typical.speaker in ("Anne", "Bo")
    assert one.atypical is not None and one.atypical.speaker == "Dag"
    assert [q.attribution for q in one.quotes] == [f"- «{name}», «i»" for name, _ in rows]


def test_interviewers_are_not_quoted_and_unknown_codes_are_told(shipped: Material) -> None:
    talk = interview("i", [("I", "Hva gjør dere med tiden?"), ("Anne", "Vi venter.")])
    whole = coding(talk, 0, len(talk.text), "tid")
    one = theme(Material(Codebook("b", (Code("tid"), Code("ro"))), {"i": talk}, {}, (whole,)), "tid")
    assert [quote.text for quote in one.quotes] == ["Vi venter."]
    nothing = theme(Material(Codebook("b", (Code("tid"), Code("ro"))), {"i": talk}, {}, (whole,)), "ro")
    assert (nothing.quotes, nothing.typical, nothing.opposite, nothing.summary) == ((), None, None, ())
    assert [c.name for c in nothing.silent] == ["Anne"] and not nothing.speaking
    with pytest.raises(DataError, match="koden «fred» er ikke i kodeboken"):
        theme(shipped, "fred")
    above = theme(shipped, "relasjonsarbeid", below=True)
    assert set(above.codes) == {"relasjonsarbeid", "tillit_og_trygghet", "språk", "makt", "brukerbegrepet"} & set(
        above.codes
    )
    assert len(above.quotes) > len(theme(shipped, "relasjonsarbeid").quotes)
