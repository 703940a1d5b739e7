"""Invented names: participants' by their office's letter, others' spread over the alphabet, of the gender that is known."""

from collections import Counter

from autokode.pseudonym.lists import invented
from autokode.pseudonym.naming import KEPT, NEUTRAL, Names

WOMEN = "Solfrid Ragnhild Mathilde Fatima Agnieszka Justyna Ingeborg Turid Zainab Wenche Torill Hilde Berit Astrid Guro".split()
MEN = "Bernt Halvor Kåre Krzysztof Piotr Steinar Torgeir Øystein Magnus Sindre Erlend Ivar Trygve Eskil Samuel".split()


def invent(
    people: list[str], *, words: set[str] | None = None, letter: str = "", letters: str = "ABC", gender: str = KEPT
) -> list[str]:
    names = Names(gender, words or set(), set())
    return [names.person([person], letter, letters) for person in people]


def of(sex: str) -> set[str]:
    return {name for by_sex in invented().values() for name in by_sex.get(sex, ())}


def test_others_than_participants_get_names_all_over_the_alphabet() -> None:
    given = invent([*WOMEN, *MEN])
    letters = Counter(name[0] for name in given)
    assert len(letters) >= 15
    assert max(letters.values()) <= 3
    assert not {"A", "B", "C"} & set(letters)


def test_no_invented_name_begins_as_the_true_one() -> None:
    people = [*WOMEN, *MEN]
    assert all(name[0] != person[0] for name, person in zip(invent(people), people, strict=True))


def test_gender_is_kept_where_it_is_known() -> None:
    assert set(invent(WOMEN)) <= of("woman")
    assert set(invent(MEN)) <= of("man")
    assert set(invent(["Solfrid", "Bernt"], gender=NEUTRAL)) <= of("either")


def test_participants_get_their_offices_letter() -> None:
    assert {name[0] for name in invent(WOMEN[:5], letter="B")} == {"B"}


def test_no_invented_name_is_a_word_of_the_material_or_given_twice() -> None:
    first = invent(WOMEN)
    second = invent(WOMEN, words={name.casefold() for name in first})
    assert not set(first) & set(second)
    many = invent([f"Person{number}" for number in range(600)])
    assert len(set(many)) == 600
    assert many[-1].startswith("[person ")
