"""Numbers that belong to somebody are found however they are grouped, spoken or lettered; other figures stay."""

import pytest

from autokode.pseudonym.kinds import Finding, Kind, without_overlap
from autokode.pseudonym.numbers import begins_with_birth
from autokode.pseudonym.patterns import find_patterns


def found(text: str) -> list[tuple[str, str]]:
    return [(str(finding.kind), finding.text) for finding in without_overlap(find_patterns(text))]


@pytest.mark.parametrize(
    "number",
    [
        "17097044129",
        "170970 44129",
        "170970-44129",
        "170970–44129",
        "170970.44129",
        "170970 441 29",
        "17 09 70 44129",
        "17.09.70 44129",
        "17.09.70-44129",
        "17-09-70-44129",
        "17 09 70 441 29",
        "570970 44129",
        "174970 44129",
        "178970-44129",
    ],
)
def test_a_national_identity_number_is_found_in_every_grouping(number: str) -> None:
    """Also D-numbers (day + 40) and made-up ones (month + 40 or 80); check digits may be wrong, since they may be misheard."""
    assert found(f"Han sa {number}, og det var alt.") == [("fødselsnummer", number)]


@pytest.mark.parametrize(
    "number", ["1702 97 04412", "17 0 9 70 4 41 29", "17, 09, 70, 44129", "170970 4412", "17 09 70, 44 1 29"]
)
def test_what_is_said_to_be_an_identity_number_is_one_in_any_form(number: str) -> None:
    assert found(f"Personnummeret mitt er {number}.") == [("fødselsnummer", number)]


def test_the_last_five_digits_alone_are_enough() -> None:
    assert found("Fødselsdatoen vet dere, og de siste fem sifrene er 44129.") == [("fødselsnummer", "44129")]


@pytest.mark.parametrize("number", ["201944107212", "2019 44107212", "2019 441072 12", "201944 107212"])
def test_a_duf_number_is_found(number: str) -> None:
    assert found(f"Hun hadde {number} på kortet.") == [("dufnummer", number)]
    assert found(f"DUF-nummeret var {number}.") == [("dufnummer", number)]


@pytest.mark.parametrize(
    "number",
    [
        "6021.07.31245",
        "6021-07-31245",
        "6021 07 31245",
        "60210731245",
        "6021 0731245",
        "6021 0731 245",
        "NO15 6021 0731 245",
        "NO1560210731245",
        "NO 15 6021 07 31245",
        "SE45 5000 0000 0583 9825 7466",
        "DE89 3704 0044 0532 0130 00",
    ],
)
def test_an_account_is_found_in_every_grouping_and_as_iban(number: str) -> None:
    assert found(f"Send det til {number} i dag.") == [("kontonummer", number)]
    assert found(f"Kontonummeret er {number}.") == [("kontonummer", number)]


@pytest.mark.parametrize(
    "number",
    [
        "412 07 655",
        "41 20 76 55",
        "41207655",
        "4120 7655",
        "+47 412 07 655",
        "+4741207655",
        "0047 41207655",
        "412-07-655",
        "0047 412 07 655",
    ],
)
def test_a_phone_number_is_found_in_every_grouping(number: str) -> None:
    assert found(f"Hun svarer på {number} hele dagen.") == [("telefon", number)]


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        ("Bilen har DN 40712 på skiltet.", "kjennemerke", "DN 40712"),
        ("skiltet er dn 40 712 tror jeg", "kjennemerke", "dn 40 712"),
        ("Sjarken heter M-114-HØ.", "kjennemerke", "M-114-HØ"),
        ("Svaret kom som 2023/4471-2 i posten.", "saksnummer", "2023/4471-2"),
        ("Saken fikk nummer 22/00317.", "saksnummer", "22/00317"),
        ("Dommen er 21-114207TVI-TOBU/03.", "saksnummer", "21-114207TVI-TOBU/03"),
        ("Politiet skrev 15022431 4407/21-8.", "saksnummer", "15022431 4407/21-8"),
        ("Det står på sak RK 21-388 et sted.", "saksnummer", "RK 21-388"),
        ("Kundenummeret mitt er 4471203.", "nummer", "4471203"),
        ("HPR-nummer 7712034 står på stempelet.", "nummer", "7712034"),
        ("Det kom fra 10.41.7.220 hjemme hos meg.", "nummer", "10.41.7.220"),
        ("ring meg på ni to syv fire null åtte en tre", "telefon", "ni to syv fire null åtte en tre"),
        ("nummeret er førtien tjue syttiseks femtifem", "telefon", "førtien tjue syttiseks femtifem"),
        (
            "personnummeret er sytten null ni sytti førtifire en tjueni",
            "fødselsnummer",
            "sytten null ni sytti førtifire en tjueni",
        ),
    ],
)
def test_numbers_with_letters_marks_and_words_are_found(text: str, kind: str, number: str) -> None:
    assert found(text) == [(kind, number)]


@pytest.mark.parametrize(
    "text",
    [
        "Vi var 2018 2019 2020 alle årene, og 2019–2020 var verst.",
        "Skoleåret 2021/2022 var rart, og 2021/22 også.",
        "Det kostet 12 450 000 kroner, eller 14 000 000 000 kr i alt.",
        "Versjon 2.14.1 kom klokka 14.30, kl. 20.30-21.45 og 14:30:12.",
        "Møtet var 12.03.2021 og 2021-03-12 på rom 2140.",
        "Det er § 14-5, E18, 3-2 til oss, og 02800 er sentralbordet.",
        "en to tre fire fem seks sju åtte, og så var det full fart",
        "Vi bor i etasje 4, rom 12, og har tjue tretti stykker på lista.",
        "Kontoret har 12 450 besøk, og org.nr. står på døra.",
    ],
)
def test_other_figures_stay(text: str) -> None:
    assert found(text) == []


def test_a_number_is_one_thing_however_it_is_written() -> None:
    from autokode.pseudonym.register import Register
    from autokode.pseudonym.who import Mention

    forms = ("170970 44129", "17 09 70 44129", "170970-44129")
    known, _owners = Register().extended([Mention(Finding(0, 0, Kind.NATIONAL_ID, form)) for form in forms])
    assert [entity.becomes for entity in known.entities] == ["[fødselsnummer 1]"]
    forms = ("6021.07.31245", "NO15 6021 0731 245")
    known, _owners = Register().extended([Mention(Finding(0, 0, Kind.ACCOUNT, form)) for form in forms])
    assert len(known.entities) == 1


def test_birth_dates_of_every_series_begin_an_identity_number() -> None:
    assert [begins_with_birth(digits) for digits in ("17097044129", "57097044129", "17497044129", "17897044129")] == [
        True
    ] * 4
    assert [begins_with_birth(digits) for digits in ("32017044129", "17137044129", "60210731245")] == [False] * 3
