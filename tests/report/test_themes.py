"""Themes, against loops over the codings."""

import math

import numpy as np
import pytest
from hypothesis import given, settings

from autokode.base.errors import DataError
from autokode.corpus.codebook import Code, Codebook
from autokode.corpus.study import read_study
from autokode.report.material import Material, unit, vectors_of
from autokode.report.sentence_worth import cost_of
from autokode.report.theme_sentences import GRAVE, NEGATION, SENTENCE
from autokode.report.themes import QUOTED, QUOTES_EACH, Theme, theme, themes
from conftest import FOURTEEN, ROOT
from material_case import coding, has, interview, materials


@pytest.fixture(scope="module")
def shipped() -> Material:
    return Material.of(read_study(ROOT / "training_data", names=FOURTEEN))


@settings(max_examples=40)
@given(materials())
def test_counts_equal_those_of_plain_loops(material: Material) -> None:
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
            assert len({(c.name, c.office) for c in counts}) == len(counts) == len(set(units) - {None})
        speaking, silent = ({(c.name, c.office) for c in counts} for counts in (one.speaking, one.silent))
        assert speaking.isdisjoint(silent)
        assert speaking | silent == {(c.name, c.office) for c in one.speakers}
        assert speaking == {(c.name, c.office) for c in one.speakers if c.utterances}
        check_places(material, one)


def check_places(material: Material, one: Theme) -> None:
    """Every quote and sentence is at its position, within a segment with that code."""
    codes = set(one.codes)
    for quote in (*one.quotes, *one.summary):
        text = material.transcripts[quote.transcript].text
        assert text[quote.start : quote.end] == quote.text
        inside = [c for c in material.codings if c.segment.transcript == quote.transcript and c.code in codes]
        assert any(c.segment.start <= quote.start and quote.end <= c.segment.end for c in inside)
    for one_, other in zip(one.quotes, one.quotes[1:], strict=False):
        assert one_.transcript != other.transcript or one_.end <= other.start
    spoken = [quote for quote in one.quotes if quote.number is not None]
    assert len(one.summary) <= math.ceil(len(spoken) / QUOTES_EACH) and bool(one.summary) == bool(spoken)
    assert all(sentence.number is not None for sentence in one.summary)
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
        assert all(cost_of(shipped, sentence, SENTENCE) < GRAVE for sentence in one.summary)
        assert cost_of(shipped, one.typical, QUOTED) < GRAVE
    assert sum(one.opposite is not None for one in found) >= 3
    for one in found:
        if one.opposite is not None:
            negated = [bool(NEGATION.search(s.text)) for s in (one.opposite.sentence, one.opposite.against)]
            assert negated[0] != negated[1] and one.opposite.words


def test_the_typical_quote_is_nearer_to_the_mean_than_the_atypical(shipped: Material) -> None:
    """Computed again from the vectors of the texts, not from the module's own."""
    every = {q.span: q for quotes in shipped.quotes.values() for q in quotes}
    said = unit(vectors_of([shipped.spoken_text(q) for q in every.values()], "nb"))
    row = dict(zip(every, unit(said - said.mean(axis=0)), strict=True))
    for name in (
        "brukergruppe",
        "porteføljens størrelse",
        "hvilke kandidater som passer",
        "veilederens faglige bakgrunn",
    ):
        one = theme(shipped, name)
        vectors = np.array([row[quote.span] for quote in one.quotes])
        middle = vectors.sum(axis=0) / np.linalg.norm(vectors.sum(axis=0))
        central = {quote.span: float(v @ middle) for quote, v in zip(one.quotes, vectors, strict=True)}
        assert one.typical is not None and one.atypical is not None
        ranks = sorted(central.values())
        assert central[one.typical.span] > ranks[int(0.8 * len(ranks))]
        assert central[one.atypical.span] < ranks[int(0.35 * len(ranks))]


def test_a_contradiction_is_found_among_similar_sentences() -> None:
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
    assert [q.attribution for q in one.quotes] == [f"– {name}" for name, _ in rows]


def test_interviewers_are_not_quoted_and_unknown_codes_are_named(shipped: Material) -> None:
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
    assert set(above.codes) == {"relasjonsarbeid", "tillit_og_trygghet", "språk", "makt", "brukerbegrepet"}
    assert len(above.quotes) > len(theme(shipped, "relasjonsarbeid").quotes)


def spoken(
    interviews: dict[str, list[str]], *, lang: str = "nb", other: tuple[str, ...] = (), **texts: str
) -> Material:
    """Material in which every answer is coded «tid», except `other`, which is coded «ro»."""
    talks = {name: interview(name, [("Anne", one) for one in said]) for name, said in interviews.items()}
    talks["annet"] = interview("annet", [("Bo", one) for one in other])
    codings = [
        coding(talk, u.start, u.end, "ro" if name == "annet" else "tid")
        for name, talk in talks.items()
        for u in talk.utterances
    ]
    return Material(Codebook("b", (Code("tid", **texts), Code("ro")), lang), talks, {}, tuple(codings))


def summed_up(*said: str, lang: str = "nb", **more: object) -> list[str]:
    """The summary of some answers, all coded."""
    return [one.text for one in theme(spoken({"i": list(said)}, lang=lang, **more), "tid").summary]  # type: ignore[arg-type]


def cost(said: str, lang: str = "nb") -> float:
    """The cost of an answer as one sentence of a summary."""
    material = spoken({"i": [said]}, lang=lang)
    return cost_of(material, material.quotes["tid"][0], SENTENCE)


SOUND = {
    "nb": "Frivillige på biblioteket trenger kurs, varme og opplæring av bibliotekaren.",
    "nn": "Frivillige på biblioteket treng kurs, varme og opplæring av bibliotekaren.",
    "en": "Volunteers at the library need courses, warmth and training from librarians.",
}
NOTHING = (
    "Jeg kan ikke gå i detalj.",
    "Og ring før det er noe.",
    "Nei, det er vel bare sånn det er.",
    "Ja, ikke sant, jo da.",
)
BUSES = ("Bussen kjører tidlig.", "Sjåføren venter på ferga.", "Toget er innstilt.", "Veien er stengt om vinteren.")
GOOD = [
    SOUND["nb"],
    "Bibliotekaren holder kurs for frivillige som trenger opplæring og varme.",
    "Opplæring på biblioteket gir de frivillige kurs og varme fra bibliotekaren.",
    "Kurs for frivillige er varme og opplæring, sier bibliotekaren på biblioteket.",
]


@pytest.mark.parametrize(
    ("lang", "hanging"),
    [
        ("nb", "Og {}"),
        ("nb", "Men altså, {}"),
        ("nb", "Så {}"),
        ("nb", "For {}"),
        ("nb", "For de {}"),
        ("nb", "Eller {}"),
        ("nb", "Nei, men {}"),
        ("nb", "Ja, altså, og {}"),
        ("nb", "Da trenger {}"),
        ("nb", "Fordi {}"),
        ("nb", "Derfor trenger {}"),
        ("nb", "Det trenger {}"),
        ("nb", "Det er bare at {}"),
        ("nb", "Dette trenger {}"),
        ("nb", "De har sagt at {}"),
        ("nb", "Hun mener at {}"),
        ("nb", "Vi har tatt det opp at {}"),
        ("nb", "At {}"),
        ("nb", "Hvor {}"),
        ("nb", "Ikke at {}"),
        ("nb", "«Skal vi ha barnevakt?» {}"),
        ("nb", "Ja … {}"),
        ("nb", "{} …"),
        ("nb", "{}?"),
        ("nn", "Dei meiner at {}"),
        ("nn", "Då treng {}"),
        ("nn", "Ho seier at {}"),
        ("nn", "Difor, ja, fordi {}"),
        ("nn", "Førr æ meine at {}"),
        ("nn", "Å så e det sånn at {}"),
        ("en", "And {}"),
        ("en", "Well, but {}"),
        ("en", "They say that {}"),
        ("en", "That is how {}"),
        ("en", "Because {}"),
    ],
)
def test_dangling_and_broken_off_sentences_are_avoided(lang: str, hanging: str) -> None:
    sound = SOUND[lang]
    first = hanging.format(sound[0].lower() + sound[1:-1]) + ("" if hanging[-1] in "…?" else ".")
    assert summed_up(first, sound, lang=lang) == [sound]
    only = summed_up(first, lang=lang)
    assert len(only) == 1 and only[0] in first  # where there is nothing else, it is better than nothing


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("nb", "Det er vanskelig å skaffe frivillige til verv og oppgaver i laget."),
        ("nb", "Det kom en ny bibliotekar med kurs og varme i høst."),
        ("nb", "Det er en bibliotekar som holder kursene varme og ryddige."),
        ("nb", "For meg er biblioteket varme, kurs og bøker på en hylle."),
        ("nb", "Å lære bort kurs og varme krever erfaring og tålmodighet."),
        ("nb", "Da jeg begynte, hadde biblioteket verken kurs, varme eller bøker."),
        ("nb", "De som besøker biblioteket, lærer norsk, sanger og dikt."),
        ("nb", "Den beste bibliotekaren vår holder kurs om varme og bøker."),
        ("nb", "De gamle på bygda låner romaner, krim og kokebøker der."),
        ("nb", "Så lenge biblioteket har kurs, bøker og varme, kommer ungdommene dit."),
        ("nb", "Om biblioteket stenger tidlig, så mister ungdommene kurs og varme."),
        ("nb", "Han Arne på biblioteket holder kurs om varme og bøker."),
        ("nb", "Når biblioteket stenger tidlig, mister ungdommene kurs, varme og bøker."),
        ("nb", "Nei, biblioteket stenger tidlig, og ungdommene mister kurs og varme."),
        ("nb", "(ler) Biblioteket stenger tidlig, og ungdommene mister kurs og varme."),
        ("nb", "biblioteket stenger tidlig. ungdommene mister kurs, bøker og varme"),
        ("nn", "Dei som kjem på biblioteket, lærer norsk, songar og dikt."),
        ("nn", "Det er vanskeleg å lokke ungdom til kurs på biblioteket."),
        ("nn", "Æ låne romana, krim og tegneseria på biblioteket kvar veke."),
        ("en", "It takes courage to ask a librarian for reading courses."),
        ("en", "Those courses at the library teach reading, warmth and patience."),
        ("en", "Volunteers who read aloud need courses, warmth and patience."),
    ],
)
def test_a_sentence_that_makes_sense_alone_costs_nothing(lang: str, said: str) -> None:
    assert cost(said, lang) == 0


def test_sentences_without_content_are_a_last_resort() -> None:
    said = ["Biblioteket stenger klokka fire på lørdager, og da er folk på jobb.", SOUND["nb"]]
    assert set(summed_up(*NOTHING, *said)) == set(said) and all(cost(one) > 1 for one in NOTHING)
    assert summed_up(*NOTHING) and set(summed_up(*NOTHING)) < set(NOTHING)
    assert summed_up("Mhm.") == ["Mhm."]


def test_a_sentence_costs_less_the_more_content_it_has() -> None:
    said = (
        "Kurs er det vi har nå i år.",
        "Kurs, varme og bøker er det vi har.",
        "Kurs, varme, bøker, krim og dikt er det vi har.",
    )
    costs = [cost(one) for one in said]
    assert costs == sorted(costs, reverse=True) and len(set(costs)) == 3 and costs[2] == 0
    assert cost("Kurs, varme, bøker, krim, dikt.") > 0  # too short
    assert cost("(ler) Og " + SOUND["nb"]) == cost("Og " + SOUND["nb"]) > 0  # a note is not said
    last = "Ja. " + SOUND["nb"].removesuffix(".")  # nobody wrote the last mark
    assert summed_up(last, "Og " + SOUND["nb"]) == [last.removeprefix("Ja. ")]


def test_a_question_is_not_chosen_even_if_nearer_to_the_mean() -> None:
    needs = [
        f"Hvorfor {word} frivillige på biblioteket kurs, varme og opplæring?"
        for word in ("trenger", "ønsker", "savner")
    ]
    far = "Bibliotekaren stenger døra klokka fire, og da er gangen mørk."
    assert summed_up(*needs, far, other=BUSES) == [far]


def test_each_interview_with_a_fit_sentence_is_in_the_summary_first() -> None:
    for fit, heard in ((GOOD[3], {"a", "b"}), ("Og " + GOOD[3][0].lower() + GOOD[3][1:], {"a"})):
        one = theme(spoken({"a": GOOD[:3], "b": [fit], "c": list(NOTHING)}, other=BUSES), "tid", sentences=2)
        assert {sentence.transcript for sentence in one.summary} == heard and len(one.summary) == 2
    assert {sentence.transcript for sentence in theme(spoken({"a": GOOD, "c": list(NOTHING)}), "tid").summary} == {"a"}


def test_sentences_far_behind_the_best_are_left_out_of_a_summary() -> None:
    far = "Sjåføren kjører bussen til ferga og toget, for veien er stengt om vinteren."
    assert set(summed_up(far, *GOOD[:2], *NOTHING, other=BUSES)) == set(GOOD[:2])


def test_sentences_of_a_summary_differ() -> None:
    needs = [SOUND["nb"].replace("trenger", word) for word in ("trenger", "ønsker", "savner")]
    loans = [f"Ungdommene {word} tegneserier, krim og spill etter skolen." for word in ("låner", "leser", "henter")]
    first, second, _ = summed_up(*needs, *loans, other=BUSES)
    assert (first in needs) != (second in needs)


def test_words_of_many_quotes_of_this_theme_alone_come_first() -> None:
    """Numbers are in no vector, so only the telling words can decide."""
    without = "Porteføljen min er på kandidater, familier, telefoner og vedtak i måneden."
    numbered = "Porteføljen min er på førtiåtte kandidater, familier, telefoner og vedtak i måneden."
    others = [f"Det er {number}." for number in ("femtito", "sekstien", "åttifire")]
    assert summed_up(without, numbered, *others)[0] == without  # there is no other code, and so nothing to tell apart
    assert summed_up(without, numbered, *others, other=BUSES)[0] == numbered
    assert summed_up(without, numbered, *others, other=tuple(others))[0] == without


def test_general_statements_come_before_stories() -> None:
    """Both have the same content words."""
    story = "På jobben skulle han hente nøkler, skjemaer og kaffe for henne."
    rule = "På jobben må man alltid hente nøkler, skjemaer og kaffe for folk."
    plain = "På jobben er det å hente nøkler, skjemaer og kaffe igjen."
    named = "På jobben er det å hente Nøkler, Skjemaer og Kaffe igjen."
    assert (summed_up(story, plain), summed_up(plain, rule), summed_up(named, plain)) == ([plain], [rule], [plain])


def test_the_codebooks_texts_are_in_the_mean() -> None:
    said = (
        "Bussen kjører skoleelever gjennom tunnelen før frokost.",
        "Sykepleieren måler blodtrykk og temperatur før frokost.",
    )
    assert summed_up(*said, definition="Buss, tog og tunnel: hvordan elever reiser til skolen.") == [said[0]]
    assert summed_up(*said, definition="Sykepleie: blodtrykk, temperatur og medisiner.") == [said[1]]


def test_speech_without_punctuation_is_quoted_all_the_same() -> None:
    flat = (
        "vi har egentlig altfor dårlig tid til opplæring av de frivillige på biblioteket for bibliotekaren holder kurs og "
        "ordner varme og bøker til alle sammen hele dagen og så kommer ungdommene etter skolen og vil låne tegneserier og "
        "spill og da blir det kø foran skranken helt til vi stenger klokka fire og låser døra"
    )
    one = theme(spoken({"flat": [flat], "punktum": [SOUND["nb"], *NOTHING]}), "tid")
    assert {sentence.transcript for sentence in one.summary} == {"flat", "punktum"}
    assert one.summary[0].text == SOUND["nb"]  # what is cut anywhere comes after
    windows = [sentence.text for sentence in one.summary if sentence.transcript == "flat"]
    assert windows and all(text in flat and len(text.split()) <= 25 for text in windows)
    assert theme(spoken({"flat": [flat]}), "tid").summary[0].text in flat
    within = theme(spoken({"i": ["Ja. " + flat[0].upper() + flat[1:] + ". Nei."], "j": [SOUND["nb"]]}), "tid")
    assert [sentence.text for sentence in within.summary] == [SOUND["nb"]]  # there a window does break off


def test_the_typical_quote_says_something_and_stands_on_its_own() -> None:
    empty = "Ja, det er vel bare sånn som det er på biblioteket, det er det vel."
    hanging = [f"Og {SOUND['nb'][0].lower()}{SOUND['nb'][1:]}"] * 4
    other = "Ungdommene låner tegneserier på biblioteket når kursene er ferdige."
    one = theme(spoken({"i": [empty, *hanging, SOUND["nb"], other]}), "tid")
    assert one.typical is not None and one.typical.text == SOUND["nb"]
    assert one.atypical is not None and one.atypical.text == other
