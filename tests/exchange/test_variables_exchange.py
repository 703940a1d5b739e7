"""Variables in .qdpx, both ways: cases and documents of other programs become values, and values go out as they are now."""

from dataclasses import replace
from pathlib import Path

import pytest

from autokode.corpus.codebook import Codebook
from autokode.exchange.code_trees import codebook_of
from autokode.exchange.package.contents import (
    Case,
    CodeNode,
    Document,
    Package,
    PackageCoding,
    PackageSegment,
    User,
    Value,
    Variable,
    guid_of,
)
from autokode.exchange.package_export import package_of
from autokode.exchange.package_import import import_package
from autokode.exchange.refi.reading import read_qdpx
from autokode.exchange.refi.writing import write_qdpx
from autokode.project import Project, Reviewer
from autokode.project.store.steps import take_back_step
from autokode.project.store.variable_changes import Cell, order_values, remove_variable, rename_variable, set_values
from autokode.project.store.variables import values_of
from known_case import known
from removal_case import LEFT, World

TEXT = "Intervjuer: Hva gjør du?\nKari: Jeg steller grisene.\nIntervjuer: Og du?\nOla: Jeg kjører melk.\n"
KARI, OLA = TEXT.index("Jeg steller"), TEXT.index("Jeg kjører")
AGE, ROLE, SCHOOL, NOTE = (guid_of("v", name) for name in ("alder", "rolle", "skole", "note"))


def foreign() -> Package:
    """A package as NVivo or QualCoder writes it: a case for the interview, one by its speaker's name, one by her segments."""
    guids = {name: guid_of("x", name) for name in ("u", "c", "d", "s1", "s2", "k1", "k2", "whole", "ola", "piece")}

    def segment(name: str, coding: str, start: int) -> PackageSegment:
        return PackageSegment(
            guids[name], start, start + 10, codings=(PackageCoding(guids[coding], guids["c"], guids["u"]),)
        )

    return Package(
        "Gård",
        origin="NVivo",
        users=(User(guids["u"], "Nils"),),
        codes=(CodeNode(guids["c"], "dyr"),),
        documents=(
            Document(
                guids["d"],
                "gård",
                TEXT,
                segments=(segment("s1", "k1", KARI), segment("s2", "k2", OLA)),
                values=(Value(NOTE, "Text", "x" * 300),),
            ),
        ),
        variables=(
            Variable(AGE, "Alder", "Integer", "år"),
            Variable(ROLE, "Rolle"),
            Variable(SCHOOL, "Skole"),
            Variable(NOTE, "Merknad"),
        ),
        cases=(
            Case(guids["whole"], "Gården", values=(Value(SCHOOL, "Text", "Sør"),), documents=(guids["d"],)),
            Case(guids["ola"], "ola", values=(Value(ROLE, "Text", "sjåfør"),), documents=(guids["d"],)),
            Case(guids["piece"], "Budeia", values=(Value(AGE, "Integer", "44"),), segments=(guids["s1"],)),
        ),
    )


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project.create(tmp_path / "p", Codebook.from_yaml("koder:\n  - navn: dyr\n"))
    import_package(made, foreign())
    return made


def read(project: Project) -> dict[tuple[str, str], str]:
    found = values_of(project)
    names = {one.id: one.name for one in found.variables}
    return {(speaker, names[number]): text for (_, speaker), own in found.own.items() for number, text in own.items()}


def out(project: Project, folder: Path) -> Package:
    write_qdpx(folder / "ut.qdpx", package_of(project))
    return read_qdpx(folder / "ut.qdpx")


def test_cases_and_documents_become_values(project: Project) -> None:
    assert read(project) == {("Ola", "Rolle"): "sjåfør", ("Kari", "Alder"): "44"}
    assert project.source("gård").office == "Sør"
    assert [coder.name for coder in project.coders] == ["Nils"]
    assert any("lengre enn 200" in one for one in import_package(project, foreign()).remarks)
    before = len(project.decisions())
    import_package(project, foreign())
    assert len(project.decisions()) == before


def test_what_nobody_changed_goes_out_as_it_came(project: Project, tmp_path: Path) -> None:
    found, came = out(project, tmp_path), foreign()
    assert sorted(found.cases, key=repr) == sorted(came.cases, key=repr)
    assert {one.guid for one in found.variables} == {one.guid for one in came.variables}
    assert found.documents[0].values == came.documents[0].values


def test_what_was_changed_goes_out_as_it_is_now(project: Project, tmp_path: Path) -> None:
    anne = project.coder("Anne")
    number = project.source("gård").id
    cells = [("Kari", "Alder", "45 år"), ("", "Alder", "50"), ("Ola", "Rolle", ""), ("Kari", "Rolle", "budeie")]
    set_values(project, anne, [Cell(number, *cell) for cell in cells])
    ids = {one.name: one.id for one in values_of(project).variables}
    rename_variable(project, anne, ids["Rolle"], "Stilling", saw="Rolle")
    found = out(project, tmp_path)
    names = {one.guid: one for one in found.variables}
    assert (names[AGE].kind, names[AGE].description, names[ROLE].name) == ("Text", "år", "Stilling")
    cases = {one.name: [(one.variable, one.text) for one in one.values] for one in found.cases}
    assert cases == {
        "Gården": [(SCHOOL, "Sør")],
        "ola": [],
        "Budeia": [(AGE, "45 år")],
        "Kari, gård": [(ROLE, "budeie")],
    }
    assert (AGE, "50") in [(one.variable, one.text) for one in found.documents[0].values]
    (kari,) = (one for one in found.cases if one.name == "Kari, gård")
    assert kari.segments == (guid_of("x", "s1"),)


def test_a_variable_that_was_removed_does_not_go_out(project: Project, tmp_path: Path) -> None:
    ids = {one.name: one.id for one in values_of(project).variables}
    remove_variable(project, project.coder("Anne"), ids["Alder"])
    found = out(project, tmp_path)
    assert AGE not in {one.guid for one in found.variables}
    assert AGE not in {value.variable for case in found.cases for value in case.values}
    Reviewer(project, project.coder("Anne").id).undo()
    assert AGE in {value.variable for case in out(project, tmp_path).cases for value in case.values}


def test_a_value_that_stands_here_is_not_written_over(project: Project) -> None:
    set_values(project, project.coder("Anne"), [Cell(1, "Kari", "Alder", "45")])
    import_package(project, foreign())
    assert read(project)["Kari", "Alder"] == "45"


def test_an_import_is_taken_back_with_its_values(tmp_path: Path) -> None:
    made = Project.create(tmp_path / "p", Codebook.from_yaml("koder:\n  - navn: dyr\n"))
    import_package(made, foreign())
    assert not take_back_step(made).kept
    assert values_of(made).variables == ()
    assert not made.sources


def test_variables_come_home_with_the_order_of_their_values(tmp_path: Path) -> None:
    world = World(tmp_path / "p", LEFT)
    project, anne = world.project, world.project.known_coder("Anne")
    place = world.ids["bakeriet"]
    cells = [
        ("", "Skole", "Nord"),
        ("Kari", "Rolle", "baker"),
        ("Kari", "Bølge", "2"),
        ("Intervjuer", "Rolle", "forsker"),
    ]
    set_values(project, anne, [Cell(place, *cell) for cell in cells])
    order_values(project, anne, 1, ["lærling", "forsker", "baker"])
    package = out(project, tmp_path)
    other = Project.create(tmp_path / "q", codebook_of(package)[0])
    import_package(other, package)
    assert known(other) == known(project)
    assert values_of(other).variables[0].levels == ("lærling", "forsker", "baker")
    assert other.source("bakeriet").office == "bakeriet"
    assert out(other, tmp_path) == out(project, tmp_path)
    assert {one.name for one in package.cases} == {"Kari, bakeriet", "Intervjuer, bakeriet"}


def test_a_program_that_drops_our_own_file_keeps_speakers_values(tmp_path: Path) -> None:
    world = World(tmp_path / "p", LEFT)
    place = world.ids["bakeriet"]
    kari = world.project.transcript("bakeriet").utterances[1]
    world.reviewer("Anne").code(place, kari.start, kari.end, "makt")
    set_values(world.project, world.project.known_coder("Anne"), [Cell(place, "Kari", "Rolle", "baker")])
    package = replace(out(world.project, tmp_path), own=None, origin="NVivo")
    other = Project.create(tmp_path / "q", codebook_of(package)[0])
    import_package(other, package)
    assert read(other) == {("Kari", "Rolle"): "baker"}
