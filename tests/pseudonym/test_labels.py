"""A label that names a role stays; in any other, the person's name alone is replaced."""

import pytest

from autokode.pseudonym.labels import is_role, names_in


@pytest.mark.parametrize(
    "label",
    [
        *("I", "B", "P", "I1", "IP6", "M2", "S02", "MK", "I.", "Intv.", "INT", "Int. 2", "R"),
        *(
            "Informant",
            "Informant 2",
            "Informant A",
            "INFORMANT 12",
            "Inf. 3",
            "Deltaker nr 3",
            "Deltaker nr. 3",
            "deltaker 4",
            "Deltager 1",
        ),
        *(
            "Moderator",
            "Ordstyrer",
            "Intervjuer",
            "Intervjuar",
            "Intervjueren",
            "Forsker 1",
            "Taler 1",
            "Ukjent taler",
            "Speaker 2",
        ),
        *(
            "SPEAKER_00",
            "Person 3",
            "Respondent",
            "Elev",
            "Elev 2",
            "Lærer 1",
            "Sykepleier A",
            "Mor",
            "Far",
            "Leder",
            "Ansatt 3",
            "Spørsmål",
            "Svar",
        ),
    ],
)
def test_a_role_is_nobodys_name(label: str) -> None:
    assert is_role(label)
    assert list(names_in(label)) == []


def test_a_word_that_the_material_has_in_small_letters_is_a_role() -> None:
    assert not is_role("Tømmerhugger Hanssen", {"tømmerhugger"})
    assert is_role("Klokkar", {"klokkar"})


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Solfrid", "Solfrid"),
        ("Bo", "Bo"),
        ("Solfrid Myhre", "Solfrid Myhre"),
        ("SOLFRID", "SOLFRID"),
        ("solfrid myhre", "solfrid myhre"),
        ("Solfrid M.", "Solfrid M."),
        ("Solfrid M", "Solfrid M"),
        ("Myhre, Solfrid", "Solfrid Myhre"),
        ("Solfrid, veileder", "Solfrid"),
        ("Solfrid Myhre (she/her)", "Solfrid Myhre"),
        ("Solfrid Myhre | UiB", "Solfrid Myhre"),
        ("Solfrid Myhre - gjest", "Solfrid Myhre"),
        ("Solfrid sin iPhone", "Solfrid"),
        ("Solfrid's iPad", "Solfrid"),
        ("Moderator Solfrid", "Solfrid"),
        ("Solfrid (intervjuer)", "Solfrid"),
        ("Informant 2 Solfrid", "Solfrid"),
        ("solfrid.myhre@eksempel.no", "Solfrid Myhre"),
        ("Anne-Lise Bø", "Anne-Lise Bø"),
    ],
)
def test_the_name_in_a_label_is_found(label: str, name: str) -> None:
    assert not is_role(label)
    assert [named.name for named in names_in(label)] == [name]


def test_what_is_not_the_name_stays_in_the_label() -> None:
    (named,) = names_in("Moderator Solfrid")
    assert "Moderator Solfrid"[named.start : named.end] == "Solfrid"
    (named,) = names_in("Solfrid sin iPhone")
    assert "Solfrid sin iPhone"[named.start : named.end] == "Solfrid"
