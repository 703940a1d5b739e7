"""Variables and their values: given, undone and made again, ordered, removed, and true through all that changes an interview."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from autokode import DataError
from autokode.corpus.readers import Source
from autokode.corpus.transcript import from_source
from autokode.project import Project, Reviewer
from autokode.project.store import names_check
from autokode.project.store.database import Database
from autokode.project.store.decision_log import facts, replayed
from autokode.project.store.integrity import check
from autokode.project.store.interview_changes import regroup_interview
from autokode.project.store.names_check import check_project
from autokode.project.store.new_version import bring_version, following
from autokode.project.store.pseudonymising import pseudonymise
from autokode.project.store.removal import contents_of, remove_interviews
from autokode.project.store.repair import repair
from autokode.project.store.restored_names import restore
from autokode.project.store.steps import take_back_step
from autokode.project.store.undoing import NoLongerFitsError
from autokode.project.store.variable_changes import (
    Cell,
    make_variable,
    move_variable,
    order_values,
    remove_variable,
    rename_variable,
    set_values,
)
from autokode.project.store.variables import GROUP, informants_of, values_of
from autokode.pseudonym.key import Key, read_key
from autokode.pseudonym.kinds import Kind
from autokode.pseudonym.register import Entity, Register
from project_case import older_file
from pseudonym_case import plan_of
from removal_case import BOOK, GONE, SAID, World
from trace_case import traces

BLANK = Key(Register())


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "p", tuple(SAID))


def given(world: World, cells: dict[tuple[str, str, str], str], coder: str = "Anne") -> int:
    """Give values: (interview, speaker, variable) → value."""
    who = world.project.known_coder(coder)
    return set_values(
        world.project, who, [Cell(world.ids[name], *rest, value) for (name, *rest), value in cells.items()]
    )


def read(project: Project) -> dict[tuple[int, str, str], str]:
    found = values_of(project)
    names = {one.id: one.name for one in found.variables}
    return {(*unit, names[number]): value for unit, own in found.own.items() for number, value in own.items()}


def renaming(names: dict[str, str]) -> Register:
    return Register(Entity(Kind.PERSON, (name,), new) for name, new in names.items())


def sound(project: Project) -> None:
    assert check(project.folder) == []
    with project.database.reading() as connection:
        assert replayed(connection) == facts(connection)


def test_a_speaker_has_a_value_or_else_the_interviews(world: World) -> None:
    place = world.ids["bakeriet"]
    assert given(world, {("bakeriet", "", "Alder"): "30–49", ("bakeriet", "Kari", "Rolle"): " baker "}) == 2
    found = values_of(world.project)
    role, age = found.variables
    assert (role.name, age.name) == ("Rolle", "Alder")
    assert found.of(place, "Kari", age.id) == "30–49" == found.of(place, "", age.id)
    assert found.of(place, "Kari", role.id) == "baker"
    assert found.of(place, "Intervjuer", role.id) == "" == found.of(world.ids["fjøset"], "Kari", age.id)
    assert informants_of(world.project)[place] == ("Kari",)
    assert given(world, {("bakeriet", "", "alder"): "30–49"}) == 0
    sound(world.project)


def test_every_step_is_undone_and_made_again(world: World) -> None:
    project, anne = world.project, world.project.known_coder("Anne")
    reviewer = Reviewer(project, anne.id)
    states = [(read(project), values_of(project).variables)]

    def step(changed: object) -> None:
        assert changed
        states.append((read(project), values_of(project).variables))

    step(given(world, {("bakeriet", "", "Alder"): "30–49", ("fjøset", "Kari", "Alder"): "18–29"}))
    age = values_of(project).variables[1].id
    step(order_values(project, anne, age, ["30–49", "18–29", "30–49", ""]))
    step(rename_variable(project, anne, age, "Aldersgruppe", saw="Alder"))
    step(make_variable(project, anne, "Bølge", ["før", "etter"]))
    step(move_variable(project, anne, values_of(project).variables[2].id, up=True))
    step(given(world, {("bakeriet", "", "Aldersgruppe"): "", ("fjøset", "", "Bølge"): "etter"}))
    step(remove_variable(project, anne, age) == 1)
    assert [one.name for one in states[-1][1]] == ["Rolle", "Bølge"]
    for state in reversed(states[:-1]):
        assert reviewer.undo() is not None
        assert (read(project), values_of(project).variables) == state
        sound(project)
    for state in states[1:]:
        assert reviewer.redo() is not None
        assert (read(project), values_of(project).variables) == state
    sound(project)


def test_no_value_is_left_without_its_variable(world: World) -> None:
    project, anne = world.project, world.project.known_coder("Anne")
    given(world, {("bakeriet", "", "Alder"): "30–49"})
    age = values_of(project).variables[1].id
    given(world, {("fjøset", "", "Alder"): "50+"}, coder="Berit")
    with pytest.raises(NoLongerFitsError):  # Berit's value would be of nothing
        Reviewer(project, anne.id).undo()
    assert remove_variable(project, anne, age) == 2
    with pytest.raises(NoLongerFitsError):
        Reviewer(project, world.people["Berit"]).undo()
    assert not read(project)
    sound(project)


def test_values_that_changed_meanwhile_are_not_written_over(world: World) -> None:
    anne, place = world.project.known_coder("Anne"), world.ids["bakeriet"]
    given(world, {("bakeriet", "", "Alder"): "30–49"})
    with pytest.raises(DataError, match="annet vindu"):
        set_values(world.project, anne, [Cell(place, "", "Alder", "50+", saw="18–29")])
    assert set_values(world.project, anne, [Cell(place, "", "Alder", "50+", saw="30–49")]) == 1
    with pytest.raises(DataError, match="annet vindu"):
        rename_variable(world.project, anne, 1, "Stilling", saw="Yrke")


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (("", "Gruppe", "A"), "betyr noe annet"),
        (("", " ", "A"), "må ha et navn"),
        (("", "x" * 81, "A"), "80 tegn"),
        (("", "Alder", "x" * 201), "200 tegn"),
        (("Ola", "Alder", "A"), "ingen «Ola»"),
    ],
)
def test_what_cannot_be_a_value_is_refused_and_nothing_is_stored(
    world: World, cell: tuple[str, str, str], said: str
) -> None:
    anne, place = world.project.known_coder("Anne"), world.ids["bakeriet"]
    before = len(world.project.decisions())
    with pytest.raises(DataError, match=said):
        set_values(world.project, anne, [Cell(place, "", "Alder", "30–49"), Cell(place, *cell)])
    assert len(world.project.decisions()) == before
    assert [one.name for one in values_of(world.project).variables] == ["Rolle"]


def test_values_stand_in_the_order_given_and_then_as_people_sort(world: World) -> None:
    project, anne = world.project, world.project.known_coder("Anne")
    given(world, {("bakeriet", "", "Rolle"): "nr. 10", ("fjøset", "", "Rolle"): "nr. 9", (GONE, "", "Rolle"): "leder"})
    role = values_of(project).variables[0]
    assert values_of(project).levels(role) == ("leder", "nr. 9", "nr. 10")
    order_values(project, anne, role.id, ["nr. 10", "ingen", "leder"])
    found = values_of(project)
    assert found.levels(found.variables[0]) == ("nr. 10", "leder", "nr. 9")


def test_the_group_can_be_used_as_a_variable(world: World) -> None:
    project, place = world.project, world.ids["bakeriet"]
    assert [one.id for one in values_of(project).usable] == [1]
    regroup_interview(project, project.known_coder("Anne"), place, "Nord", saw="bakeriet")
    found = values_of(project)
    assert [one.id for one in found.usable] == [1, GROUP]
    assert (found.of(place, "Kari", GROUP), found.of(world.ids["fjøset"], "Kari", GROUP)) == ("Nord", "")
    assert found.levels(found.usable[1]) == ("Nord",)


def test_withdrawn_consent_takes_values_along_also_out_of_the_order(world: World) -> None:
    project, anne = world.project, world.project.known_coder("Anne")
    given(
        world, {(GONE, "Kari", "Rolle"): "girkassemester", (GONE, "", "Rolle"): "delt", ("fjøset", "", "Rolle"): "delt"}
    )
    order_values(project, anne, 1, ["girkassemester", "delt", "ingen"])
    given(world, {(GONE, "Kari", "Rolle"): "veivakselmester"})
    assert contents_of(project, [GONE]).values == 2
    remove_interviews(project, [GONE], by="Anne")
    assert traces({"girkassemester", "veivakselmester"}, project.folder) == {}
    assert read(project) == {(world.ids["fjøset"], "", "Rolle"): "delt"}
    assert values_of(project).variables[0].levels == ("delt", "ingen")
    sound(project)


def test_pseudonymising_sees_values_and_gives_them_back(tmp_path: Path) -> None:
    world = World(tmp_path / "p", tuple(SAID))
    project = world.project
    given(world, {("bakeriet", "Kari", "Rolle"): "sjef for Solbjørg", ("fjøset", "", "Om Solbjørg"): "ja"})
    order_values(project, project.known_coder("Anne"), 1, ["sjef for Solbjørg"])
    before = (read(project), values_of(project))
    register = renaming({"Solbjørg": "Magnhild", "Kari": "Bo"})
    plan = plan_of(project, register)
    pseudonymise(project, plan, BLANK, tmp_path / "key.json", by="Anne")
    assert traces({"Solbjørg"}, project.folder) == {}
    now = read(project)
    assert set(now.values()) == {"sjef for Magnhild", "ja"}
    assert (world.ids["bakeriet"], "Bo", "Rolle") in now
    sound(project)
    restore(project, read_key(tmp_path / "key.json"), by="Anne")
    assert (read(project), values_of(project)) == before
    sound(project)


def test_speakers_follow_to_the_labels_of_a_new_version(world: World) -> None:
    project, place = world.project, world.ids["fjøset"]
    given(world, {("fjøset", "Kari", "Rolle"): "bonde", ("fjøset", "", "Alder"): "50+"})
    before = read(project)
    text = "".join(f"Intervjuer: Hva mer da?\nKari Nes: {said}\n" for said in SAID["fjøset"])
    version = from_source(Source(text), "x")
    saw = following(project, place, version).mark
    bring_version(project, project.known_coder("Anne"), place, version, saw=saw)
    assert read(project) == {(place, "Kari Nes", "Rolle"): "bonde", (place, "", "Alder"): "50+"}
    sound(project)
    world.reviewer("Anne").undo()
    assert read(project) == before
    world.reviewer("Anne").redo()
    assert (place, "Kari Nes", "Rolle") in read(project)
    sound(project)


def test_two_speakers_who_become_one_keep_the_first_ones_value(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "p", BOOK)
    said = ["Kyrne kjenner stemmen min godt.", "Silofôret lukter sterkt om våren.", "Grisene sover om dagen som regel."]
    text = "".join(
        f"Intervjuer: Hva da?\n{who}: {one}\n" for who, one in zip(("Kari", "Ola", "Kari"), said, strict=True)
    )
    project.add(from_source(Source(text), "fjøset"))
    anne = project.coder("Anne")
    set_values(project, anne, [Cell(1, "Kari", "Rolle", "bonde"), Cell(1, "Ola", "Rolle", "avløser")])
    version = from_source(Source(text.replace("Kari:", "Nils:").replace("Ola:", "Nils:")), "x")
    told = following(project, 1, version)
    assert told.values == 1
    bring_version(project, anne, 1, version, saw=told.mark)
    assert read(project) == {(1, "Nils", "Rolle"): "bonde"}
    sound(project)


def test_two_people_of_one_invented_name_keep_a_value_each(tmp_path: Path) -> None:
    world = World(tmp_path / "p", ("bakeriet",))
    given(world, {("bakeriet", "Kari", "Rolle"): "a", ("bakeriet", "Intervjuer", "Rolle"): "b"})
    given(world, {("bakeriet", "Kari", "Rolle"): "", ("bakeriet", "Intervjuer", "Rolle"): ""})
    given(world, {("bakeriet", "Kari", "Rolle"): "c", ("bakeriet", "Intervjuer", "Rolle"): "d"})
    register = renaming({"Kari": "Bo", "Intervjuer": "Bo"})
    pseudonymise(world.project, plan_of(world.project, register), BLANK, tmp_path / "key.json", by="Anne")
    assert set(read(world.project).values()) == {"c", "d"}
    sound(world.project)


def test_an_import_taken_back_leaves_what_was_given_since(world: World) -> None:
    project, anne = world.project, world.project.known_coder("Anne")
    with project.step("import"):
        make_variable(project, anne, "Alder")
        given(world, {("bakeriet", "", "Alder"): "30–49", ("fjøset", "", "Alder"): "50+"})
    given(world, {("fjøset", "", "Alder"): "60+"}, coder="Berit")
    kept = take_back_step(project).kept
    assert read(project) == {(world.ids["fjøset"], "", "Alder"): "60+"}
    assert any("verdi" in one for one in kept) and any("variabel" in one for one in kept)
    sound(project)
    Reviewer(project, anne.id).undo()


def test_a_project_of_format_five_gets_variables(world: World) -> None:
    project = world.project
    with older_file(project) as connection:  # without the log's line about a variable, and without search
        connection.execute("DROP TRIGGER decision_remains")
        connection.execute("DELETE FROM decision")
        connection.execute("PRAGMA user_version = 4")
    led = Project.open(project.folder)
    assert values_of(led).variables == ()
    assert set_values(led, led.known_coder("Anne"), [Cell(world.ids["bakeriet"], "", "Alder", "30–49")]) == 1


def test_lost_rows_are_made_anew_from_the_log(world: World) -> None:
    given(world, {("bakeriet", "", "Alder"): "30–49"})
    before = read(world.project)
    with closing(sqlite3.connect(Database.open(world.project.database.path).path)) as connection, connection:
        connection.execute("DELETE FROM value")
        connection.execute("DELETE FROM variable")
    assert [fault.kind for fault in check(world.project.folder)] == ["rows"]
    repair(world.project.folder)
    assert read(world.project) == before
    assert check(world.project.folder) == []


def test_the_check_for_names_reads_values(world: World) -> None:
    class Nobody:
        def __getattr__(self, name: str) -> object:
            raise AssertionError(name)

    seen: list[str] = []

    def found(texts: list[str], _nlp: object) -> list[list[object]]:
        seen.extend(texts)
        return [[] for _ in texts]

    given(world, {("bakeriet", "", "Rolle"): "sjef for Solbjørg"})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(names_check, "find_all", found)
        check_project(world.project, Nobody())  # type: ignore[arg-type]
    assert "sjef for Solbjørg" in seen and "Rolle" in seen
