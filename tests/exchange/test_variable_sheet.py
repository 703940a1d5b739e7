"""Values from a sheet: understood, planned before anything is stored, stored as one step; and the form, filled in."""

from pathlib import Path

import pytest

from autokode import DataError
from autokode.base.csv_files import csv_text
from autokode.base.tables import write_sheets
from autokode.exchange.variable_sheet import form, pasted, planned, sheet_in, take_sheet
from autokode.project import Project
from autokode.project.store.steps import take_back_step
from autokode.project.store.variable_changes import Cell, set_values
from autokode.project.store.variables import values_of
from removal_case import SAID, World


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return World(tmp_path / "p", tuple(SAID)).project


def take(project: Project, text: str) -> dict[tuple[str, str], dict[str, str]]:
    take_sheet(project, project.known_coder("Anne"), planned(project, pasted(text)))
    return read(project)


def read(project: Project) -> dict[tuple[str, str], dict[str, str]]:
    found, names = values_of(project), {source.id: source.name for source in project.sources}
    called = {one.id: one.name for one in found.variables}
    return {(names[unit[0]], unit[1]): {called[k]: v for k, v in own.items()} for unit, own in found.own.items()}


@pytest.mark.parametrize(
    "text",
    [
        "Intervju\tTaler\tAlder\nbakeriet\tKari\t30–49\n",
        "intervju;taler;Alder\r\nBAKERIET.docx;kari;30–49\r\n",
        'transcript,speaker,Alder\n"bakeriet","Kari","30–49"\n',
        "\ufeffFil\tInformant\tAlder\tGruppe\n bakeriet \tKari\t30–49\tA\n\n",
    ],
)
def test_sheets_of_all_shapes_are_understood(project: Project, text: str) -> None:
    assert take(project, text) == {("bakeriet", "Kari"): {"Alder": "30–49"}}


def test_without_such_headings_the_first_column_says_whose(project: Project) -> None:
    assert take(project, "hvem\tRolle\nfjøset\tbonde\n") == {("fjøset", ""): {"Rolle": "bonde"}}
    assert take(project, "hvem\tRolle\nKari\tprater\n")["verkstedet", "Kari"] == {"Rolle": "prater"}
    with pytest.raises(DataError, match="ingen kolonne sier"):
        planned(project, pasted("hvem\tRolle\nNils\tbonde\n"))
    for text in ("", "intervju\tAlder\n"):
        with pytest.raises(DataError, match="ingen rader"):
            planned(project, pasted(text))


def test_what_does_not_fit_is_said_and_left_out(project: Project) -> None:
    text = "intervju\ttaler\tAlder\tTaler\tgruppe\tAlder\n" + "\n".join(
        [
            "bakeriet\t\t30–49",
            "bakeren\t\t1",
            "bakeriet\tNils\t2",
            "\t\t3",
            "bakeriet\t\t50+",
            "fjøset\t\t" + "x" * 201,
            "fjøset",
        ]
    )
    plan = planned(project, pasted(text))
    assert [(cell.speaker, cell.variable, cell.value, cell.saw) for cell in plan.cells] == [("", "Alder", "30–49", "")]
    assert [line.where for line in plan.lines] == ["bakeriet"]
    said = "\n".join(plan.problems)
    for part in (
        "gruppen endres",
        "«Alder» står to ganger",
        "rad 3: ingen intervju",
        "rad 4: ingen «Nils»",
        "rad 5: verken",
    ):
        assert part in said
    for part in ("«Alder» er gitt to ganger", "rad 7: en verdi kan ha 200 tegn", "«Taler» betyr noe annet"):
        assert part in said
    assert read(project) == {}


def test_a_plan_is_of_what_stands_and_is_one_step(project: Project) -> None:
    take(project, "intervju\tAlder\nbakeriet\t30–49\n")
    plan = planned(project, pasted("intervju\talder\tBølge\nbakeriet\t50+\t1\nfjøset\t30–49\t\n"))
    assert [(one.where, one.variable, one.before, one.after) for one in plan.lines] == [
        ("bakeriet", "Alder", "30–49", "50+"),
        ("bakeriet", "Bølge", "", "1"),
        ("fjøset", "Alder", "", "30–49"),
    ]
    assert (plan.new, plan.same) == (("Bølge",), 0)
    set_values(project, project.known_coder("Berit"), [Cell(project.source("bakeriet").id, "", "Alder", "60+")])
    with pytest.raises(DataError, match="annet vindu"):
        take_sheet(project, project.known_coder("Anne"), plan)
    assert read(project) == {("bakeriet", ""): {"Alder": "60+"}}
    take_sheet(project, project.known_coder("Anne"), planned(project, pasted("intervju\tBølge\nfjøset\t2\n")))
    take_back_step(project)
    assert [one.name for one in values_of(project).variables] == ["Rolle", "Alder"]


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_the_form_comes_back_as_it_was_also_what_looks_like_a_formula(
    project: Project, tmp_path: Path, ending: str
) -> None:
    values = {"Rolle": '=HYPERLINK("x")', "@Alder": "+50", "Merknad": 'a; b, "c"'}
    cells = [Cell(project.source("bakeriet").id, "Kari", name, value) for name, value in values.items()]
    set_values(project, project.known_coder("Anne"), cells)
    before = read(project)
    (path,) = write_sheets(tmp_path / f"skjema{ending}", {"" if ending == ".csv" else "skjema": form(project)})
    if ending == ".csv":
        assert "'=HYPERLINK" in path.read_text(encoding="utf-8") and "'@Alder" in path.read_text(encoding="utf-8")
    plan = planned(project, sheet_in(path))
    assert (plan.cells, plan.same, plan.problems) == ((), 3, ())
    path.write_bytes(path.read_bytes().replace(b"'+50", b"'+60") if ending == ".csv" else path.read_bytes())
    if ending == ".csv":
        assert [cell.value for cell in planned(project, sheet_in(path)).cells] == ["+60"]
    assert read(project) == before


def test_any_table_is_planned_or_refused_in_words(project: Project) -> None:
    for text in (
        "\x00\t\x00\n\x00\t\x00",
        "intervju\n\n",
        'intervju\tA\n"x',
        csv_text(["intervju", "A"], [["bakeriet", "\ud800"]]),
    ):
        try:
            planned(project, pasted(text))
        except DataError as error:
            assert str(error)
