"""Personal data is found by its form, by names and by known names, as often as the documents state."""

import json

import pytest

from autokode import norwegian
from autokode.pseudonym import Kind, Register, find
from autokode.pseudonym.finding import find_known
from autokode.pseudonym.kinds import Finding, without_overlap
from autokode.pseudonym.register import Entity
from autokode.pseudonym.who import Mention
from benchmarks import generated, personal
from conftest import ROOT

RESULTS = json.loads((ROOT / "benchmarks" / "results" / "personal.json").read_text(encoding="utf-8"))


def kinds(text: str) -> list[tuple[str, str]]:
    return [(str(finding.kind), finding.text) for finding in find(text, norwegian(own=True))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ring 900 12 345, +47 22 33 44 55 eller 0047 91234567.", ["900 12 345", "+47 22 33 44 55", "0047 91234567"]),
        ("nummeret er nittito førti atten sekstisju", ["nittito førti atten sekstisju"]),
        ("Skriv til kari.nordmann@eksempel.no!", ["kari.nordmann@eksempel.no"]),
        (
            "kari punktum nordmann krøllalfa eksempel punktum no",
            ["kari punktum nordmann krøllalfa eksempel punktum no"],
        ),
        ("Se www.eksempel.no og https://eksempel.no/a?b=1.", ["www.eksempel.no", "https://eksempel.no/a?b=1"]),
        ("Hun bor i Storgata 14 B, 0184 Oslo.", ["Storgata 14 B, 0184 Oslo"]),
        ("i nedre torggate 4 3015 drammen", ["nedre torggate 4 3015 drammen"]),
        ("Kontoen er 1234.56.78903.", ["1234.56.78903"]),
        ("Orgnummeret er 974 760 673.", ["974 760 673"]),
        ("Personnummeret er 010190 12345, tror jeg.", ["010190 12345"]),
        ("Hun er født 3. mai 1979.", ["3. mai 1979"]),
        ("jeg er født tolvte i tredje nittensyttini", ["tolvte i tredje nittensyttini"]),
    ],
)
def test_what_has_a_form_is_found(text: str, expected: list[str]) -> None:
    assert [stretch for _kind, stretch in kinds(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "Vi betalte 12 500 kroner klokka 14.30, og det er § 14 a, 80 prosent, [00:12:31].",
        "Vi snakker om AAP, KVP og CV i NAV, og Stortinget bestemmer.",
        "I Norge og Polen er det norsk og polsk.",
        "123 456 789 er ikke noe, 2019 2020 heller ikke, og 12 345 678 901 kroner er penger.",
    ],
)
def test_what_only_looks_like_it_is_left(text: str) -> None:
    assert kinds(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Da ringte Kari Nordmann meg fra Drammen.", [("person", "Kari Nordmann"), ("sted", "Drammen")]),
        ("da ringte berit til meg fra drammen", [("person", "berit"), ("sted", "drammen")]),
        ("Jonas' mor og Berits far kom.", [("person", "Jonas'"), ("person", "Berits")]),
        ("fru Hansen sa at Bestemor Åse kom.", [("person", "Hansen"), ("person", "Åse")]),
        ("Jeg jobber på NAV Sagene.", [("virksomhet", "NAV Sagene")]),
        ("Vi bodde i Skrapdalsgrenda da.", [("sted", "Skrapdalsgrenda")]),
        ("Det var fint. Og Sørøya er langt unna.", [("sted", "Sørøya")]),
        ("Kari Lomvika gikk. Lomvika sa nei.", [("person", "Kari Lomvika")]),
        ("Hun jobber på Fotspora hver dag.", [("virksomhet", "Fotspora")]),
        ("Han vasker for Hegg Vaskeri.", [("virksomhet", "Hegg Vaskeri")]),
        ("Hun gikk på Bjerke videregående skole.", [("virksomhet", "Bjerke videregående skole")]),
        ("Ordføreren i Løten kom.", [("tittel", "Ordføreren"), ("sted", "Løten")]),
    ],
)
def test_names_are_found(text: str, expected: list[tuple[str, str]]) -> None:
    assert kinds(text) == expected


def test_placeholders_are_not_searched() -> None:
    assert kinds("Hun bor i [kommune 1] og jobber på Kontor A, før i Gruppe B.") == []


def test_of_two_findings_that_overlap_the_longer_is_kept() -> None:
    short, long = Finding(0, 4, Kind.PERSON, "Anne"), Finding(0, 10, Kind.PERSON, "Anne-Grete")
    assert without_overlap([short, long]) == [long]


def test_known_forms_are_found_wherever_they_stand_the_longest_first() -> None:
    known = {"Anne": Kind.PERSON, "Anne-Grete": Kind.PERSON, "Stein": Kind.PERSON, "K+B (AS)": Kind.ORGANISATION}
    text = "Annes mor, ANNE-GRETE, og anne. Stein på stein, Annette. K+B (AS)."
    assert [f.text for f in find_known(text, known)] == ["Annes", "ANNE-GRETE", "anne", "K+B (AS)"]
    assert [f.text for f in find_known("Stein, og Stein på stein.", known)] == ["Stein"]
    assert [f.text for f in find_known("Stein på stein.", known, anywhere={"stein"})] == ["Stein"]


def register(*names: str, gender: str = "kept", letter: str = "A", words: tuple[str, ...] = ()) -> Register:
    mentions = [Mention(Finding(0, 0, Kind.PERSON, name), letter, True) for name in names]
    return Register().extended(mentions, gender=gender, words=words)[0]


def test_participants_get_the_letter_of_their_office_and_the_gender_they_have() -> None:
    people = {
        entity.forms[0]: entity.becomes for entity in register("Kari Nordmann", "Per Hansen", letter="B").entities
    }
    assert people["Kari Nordmann"] in ("Berit", "Bente", "Borghild", "Beate", "Birgit")
    assert people["Per Hansen"][0] == "B"
    assert people["Per Hansen"] not in people["Kari Nordmann"]


def test_a_first_name_or_surname_alone_is_the_one_person_who_has_it() -> None:
    one = register("Kari Nordmann", "Kari", "Nordmann")
    assert len(one.entities) == 1
    two = register("Kari Nordmann", "Kari Olsen", "Kari")
    assert len(two.entities) == 3


def test_replacements_bend_as_the_names_do() -> None:
    known = Register(
        [Entity(Kind.PERSON, ("Kari Nordmann", "Kari"), "Anne"), Entity(Kind.PLACE, ("Løten",), "[kommune 1]")]
    )

    def new(text: str, kind: Kind = Kind.PERSON) -> str:
        return known.replacement(Finding(0, len(text), kind, text))

    assert [new("Kari"), new("Karis"), new("kari"), new("KARI"), new("Kari Nordmanns")] == [
        *("Anne", "Annes", "anne", "ANNE", "Annes"),
    ]
    assert new("Løtens", Kind.PLACE) == "[kommune 1]s"


def test_no_replacement_is_a_word_of_the_material_or_given_twice() -> None:
    many = register(*(f"Person{i} Etternavn{i}" for i in range(60)), words=("anne", "atle"))
    becomes = [entity.becomes for entity in many.entities]
    assert len(set(becomes)) == 60
    assert not {"Anne", "Atle"} & set(becomes)
    assert "[deltaker-a 1]" in becomes


def test_gender_may_be_left_out() -> None:
    (one,) = register("Kari", gender="neutral").entities
    assert one.becomes in ("Alex", "Ariel", "Andri")


def test_what_is_left_is_left() -> None:
    known, owners = Register((), ["Liv"]).extended([Mention(Finding(0, 3, Kind.PERSON, "Livs"))])
    assert owners == [None]
    assert known.entities == ()
    assert known.is_left("Livs")


def test_the_committed_figures_are_those_of_the_rules_and_not_below_what_they_were() -> None:
    for name in ("development", "development_2", "held_out"):
        found = personal.measured(ROOT / "tests" / "personal" / f"{name}.txt")
        assert found["recall_people"] == pytest.approx(RESULTS[name]["recall_people"], abs=0.01)
        assert found["recall_others"] == pytest.approx(RESULTS[name]["recall_others"], abs=0.01)
        assert found["precision"] == pytest.approx(RESULTS[name]["precision"], abs=0.01)
    held_out = RESULTS["held_out"]
    assert held_out["utterances"] >= 150
    assert held_out["recall_others"] >= 0.94
    assert held_out["recall_people"] >= 0.94
    assert held_out["precision"] >= 0.96


def test_the_documents_tables_are_those_of_the_results() -> None:
    document = (ROOT / "docs" / "pseudonymise.md").read_text(encoding="utf-8")
    assert generated.filled(document, personal.parts(RESULTS)) == document, "make bench-personal"
