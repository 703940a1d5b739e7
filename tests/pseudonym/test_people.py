"""Names of people are found by lists and by how a text uses a word; what is said to somebody, roles, products and words stay."""

import pytest

from autokode import norwegian
from autokode.pseudonym.finding import find_all
from autokode.pseudonym.kinds import Kind


def people(*lines: str) -> list[str]:
    """The names found in lines that belong together."""
    found = find_all(lines, norwegian(own=True))
    return [finding.text for line in found for finding in line if finding.kind == Kind.PERSON]


@pytest.mark.parametrize(
    "said",
    [
        "Hei",
        "Hallo",
        "Halla",
        "Heisann",
        "God morgen",
        "God dag",
        "Kjære",
        "Stakkars",
        "Unnskyld",
        "Takk",
        "Nettopp",
        "Ha det",
        "Hør",
        "Velkommen",
        "Uff",
    ],
)
def test_what_is_said_to_somebody_stays(said: str) -> None:
    assert people(f"{said} Solfrid.") == ["Solfrid"]
    assert people(f"{said}, Solfrid!") == ["Solfrid"]


@pytest.mark.parametrize(
    "title", ["Fru", "Herr", "Doktor", "Rektor", "Lensmann", "Tante", "Bestemor", "Advokat", "Politiinspektør", "Lærer"]
)
def test_a_form_of_address_stays(title: str) -> None:
    assert people(f"{title} Myhre ringte i går.") == ["Myhre"]


def test_roles_in_speech_are_nobody() -> None:
    assert (
        people(
            "Jeg er enig med Informant 2 og Deltaker nr 3, og Moderator sa det samme.", "Speaker 1 og SPEAKER_00 lo."
        )
        == []
    )


@pytest.mark.parametrize(
    "text",
    [
        "Vi bruker Vigilo og Visma, og alt ligger på Teams.",
        "Jeg lager en PowerPoint, og så legger de den ut på Snap.",
        "Kahoot hver fredag, og Gerica når vi er ute.",
        "Vi kjørte Toyota, men Volvoen var bedre.",
        "Det var Alzheimer, og Parkinson i tillegg.",
        "Eneboliger er dyre, og Leiligheter er dyrere.",
        "Programmet heter Fossegrim, og Fossegrim er et system som henger.",
        "Mhm. Neida. Herregud. Jøss. Hysj.",
        "Vi tok i bruk Skolespor, og nå går alt i Skolespor.",
    ],
)
def test_products_and_words_with_a_capital_are_nobody(text: str) -> None:
    assert people(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Stein på stein bygger vi.",
        "Liv og død er det samme.",
        "Even meg her og even meg der.",
        "Storm fra vest og regn i fjellet.",
        "Dag ut og dag inn.",
        "Per i dag er det ingen.",
        "Hans måte å si det på er rar.",
        "Bjørn har vi sett mange av.",
        "Sol i Alta, snø i Vadsø.",
        "Berg, dal og fjell er det her.",
    ],
)
def test_a_word_that_may_be_a_name_is_none_where_it_is_used_as_a_word(text: str) -> None:
    assert people(text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Stein sa at han ville slutte.", "Stein"),
        ("Da ringte Liv meg.", "Liv"),
        ("Jeg og Storm tok saken.", "Storm"),
        ("Hun heter Juni.", "Juni"),
        ("De kalte ham Kniven.", "Kniven"),
        ("Sjefen min, Dag, var streng.", "Dag"),
        ("Mannen min Even er kokk.", "Even"),
        ("Ho Ristin va her.", "Ristin"),
        ("Broren min, Qasimbay, kom først.", "Qasimbay"),
        ("Espen L. Rygg signerte.", "Espen L. Rygg"),
        ("Det var S. Myhre som skrev det.", "S. Myhre"),
    ],
)
def test_a_word_is_a_name_where_it_is_used_as_one(text: str, name: str) -> None:
    assert people(text) == [name]


def test_one_place_says_what_a_word_is_in_another() -> None:
    assert people("Kona mi, Zerihun, lager mat.", "Da kom Zerihun inn.") == ["Zerihun", "Zerihun"]
    assert people("Programmet Zerihun er nytt.", "Da kom Zerihun inn igjen på skjermen, og Zerihun hang.") == []


def test_without_capitals_names_are_found_and_words_are_not() -> None:
    lines = (
        "vi er fem stykker det er vidar som er sjef og så er det en som heter stein",
        "ok så stein er deltid men det var stein på stein for oss",
        "det var liv i det og sol hver dag",
        "jeg og tor helge kjører sammen med krzysztof k",
    )
    assert people(*lines) == ["vidar", "stein", "stein", "tor helge", "krzysztof k"]


def test_a_compound_is_nobody() -> None:
    assert people("Rema-posene og Tine-melka sto der, og Lånekasse-saken.") == []
