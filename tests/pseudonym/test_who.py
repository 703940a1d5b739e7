"""One person has one invented name: with and without surname, with initials, in the genitive; two people remain two."""

from collections.abc import Sequence

from autokode.pseudonym.kinds import Finding, Kind
from autokode.pseudonym.register import Entity, Register
from autokode.pseudonym.who import Mention, same_person, sound


def mention(
    text: str, transcript: int = 0, speaker: str = "", *, label: bool = False, introduced: bool = False
) -> Mention:
    return Mention(Finding(0, 0, Kind.PERSON, text), "A", label, text, transcript, speaker, introduced)


def owners(mentions: Sequence[Mention]) -> list[str]:
    """The invented name of each mention."""
    _register, found = Register().extended(mentions)
    return [entity.becomes if entity else "" for entity in found]


def joined(*names: str) -> bool:
    return len(set(owners([mention(name) for name in names]))) == 1


def test_a_person_is_one_by_full_name_first_name_surname_and_genitive() -> None:
    assert joined("Solfrid", "Solfrid Myhre", "Myhre", "Solfrids", "Solfrid Myhres", "Myhres")
    assert joined("Jonas", "Jonas'", "Jonas Ekre")
    assert joined("Nils", "Nils Ekre", "Nils'")
    assert joined("Rolf Haukås", "Haukås", "Rolf")


def test_initials_and_middle_names_may_be_left_out() -> None:
    assert joined("Bernt L. Ekre", "Bernt Ekre", "Bernt", "B. Ekre", "Ekre")
    assert joined("Solfrid M.", "Solfrid Myhre", "Solfrid")
    assert joined("Yusuf Abdi Warsame", "Yusuf", "Yusuf Abdi", "Abdi Warsame", "Warsame")
    assert joined("Siri Torp Ekre", "Siri Ekre Torp")
    assert joined("Anne-Lise Bø", "Anne Lise Bø")


def test_one_name_in_two_spellings_is_one_person() -> None:
    assert joined("Marit Aasen", "Marit Åsen", "Marit")
    assert joined("Mohammed", "Mohamed")
    assert joined("Mehari", "Mehary")
    assert not joined("Anna", "Anne")
    assert sound("kristian") == sound("christian")


def test_two_people_with_one_first_name_remain_two() -> None:
    assert not joined("Solfrid Myhre", "Solfrid Ekre")
    assert not same_person("Solfrid M.", "Solfrid Ekre")
    assert len(set(owners([mention("Solfrid Myhre"), mention("Solfrid Ekre"), mention("Per Ekre")]))) == 3


def test_a_double_first_name_is_not_the_first_half_alone() -> None:
    assert not joined("Jan Erik", "Jan Erik", "Jan")
    assert not joined("Per Arne", "Per Arne Myhre", "Per")
    assert joined("Anne Marie Myhre", "Anne")
    assert not joined("Anne-Lise", "Anne")


def test_a_name_that_fits_two_is_the_one_named_last_before_it() -> None:
    solfrids = [
        mention("Solfrid Myhre"),
        mention("Solfrid"),
        mention("Solfrid Ekre"),
        mention("Solfrid"),
        mention("Solfrids"),
    ]
    first, short, second, later, genitive = owners(solfrids)
    assert first == short != second == later == genitive


def test_a_name_before_any_full_one_is_the_one_that_comes_first() -> None:
    short, first, second = owners([mention("Solfrid"), mention("Solfrid Myhre"), mention("Solfrid Ekre")])
    assert short == first != second


def test_nobody_speaks_of_themselves_by_name_unless_they_introduce_themselves() -> None:
    both = [mention("Solfrid Myhre", label=True), mention("Solfrid Ekre", label=True)]
    said = mention("Solfrid", speaker="Solfrid Ekre")
    assert owners([*both, said])[2] == owners(both)[0]
    said = mention("Solfrid", speaker="Solfrid Ekre", introduced=True)
    assert owners([*both, said])[2] == owners(both)[1]


def test_a_name_of_several_people_is_no_form_of_one_so_the_list_can_be_read_again() -> None:
    register, _found = Register().extended([mention("Solfrid Myhre"), mention("Solfrid Ekre"), mention("Solfrid")])
    assert sorted(form for entity in register.entities for form in entity.forms) == ["Solfrid Ekre", "Solfrid Myhre"]
    assert "solfrid" in register.forms()
    assert register.entity_of("Solfrid") is None


def test_known_people_keep_their_names_and_take_new_forms() -> None:
    known = Register([Entity(Kind.PERSON, ("Solfrid Myhre",), "Tale")])
    register, (entity, other) = known.extended([mention("Solfrid"), mention("Ekre")])
    assert entity is not None and other is not None
    assert entity.becomes == "Tale" != other.becomes
    assert register.entity_of("Solfrids") is entity


def test_a_known_person_without_an_invented_name_gets_one() -> None:
    register, _found = Register([Entity(Kind.PERSON, ("Lillegutt",), "")]).extended([])
    assert register.entities[0].becomes
