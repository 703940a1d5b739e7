"""Codes by values of a variable, the quotes behind each cell, and the matrix for R and SPSS."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from autokode import DataError
from autokode.corpus.coding import Coding, Segment
from autokode.corpus.readers import Source
from autokode.corpus.transcript import from_source
from autokode.project import Project
from autokode.project.store.variable_changes import Cell, order_values, set_values
from autokode.project.store.variables import values_of
from autokode.report.answer_matrix import answer_matrix, plain_names
from autokode.report.render.variable_sheets import cells_of, write_matrix
from autokode.report.variable_table import variable_named, variable_table
from removal_case import BOOK

SAID = {
    "en": [("Kari", "Jeg baker brød."), ("Ola", "Jeg kjører varene."), ("Kari", "Deigen hever om natta.")],
    "to": [("Per", "Jeg baker kaker."), ("Per", "Butikken selger dem.")],
}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project.create(tmp_path / "p", BOOK)
    for name, turns in SAID.items():
        text = "".join(f"Intervjuer: Hva da?\n{who}: {said}\n" for who, said in turns)
        made.add(from_source(Source(text), name), office="Nord" if name == "en" else "")
    codings = []
    for name, number, code, coder in [
        ("en", 1, "makt", "Anne"),
        ("en", 1, "makt", "Bo"),
        ("en", 3, "språk", "Anne"),
        ("to", 1, "makt", "Bo"),
    ]:
        one = made.transcript(name).utterances[number]
        codings.append(Coding(Segment(name, one.start, one.end, one.text), code, coder, ""))
    made.add_codings(codings)
    ids = {source.name: source.id for source in made.sources}
    cells = [
        Cell(ids["en"], "Kari", "Rolle", "baker"),
        Cell(ids["to"], "", "Rolle", "baker"),
        Cell(ids["en"], "Ola", "Rolle", "=sjåfør"),
    ]
    set_values(made, made.known_coder("Anne"), cells)
    return made


def test_answers_count_once_for_a_code_by_their_speakers_value(project: Project) -> None:
    found = variable_table(project, variable_named(project, "rolle"))
    assert [(one.value, one.answers, one.interviews, one.speakers) for one in found.columns] == [
        ("baker", 4, 2, 2),
        ("=sjåfør", 1, 1, 1),
    ]
    assert found.codes == ("makt", "språk")
    cell = found.cell("makt", "baker")
    assert (cell.count, cell.share) == (2, 0.5)
    assert cell.interval is not None and cell.interval[0] < 0.5 < cell.interval[1]
    assert [quote.text for quote in cell.quotes] == ["Jeg baker brød.", "Jeg baker kaker."]
    driver = found.cell("språk", "=sjåfør")
    assert (driver.count, driver.share, driver.interval) == (1, 1.0, None)
    assert [quote.text for quote in driver.quotes] == ["Jeg kjører varene."]
    with pytest.raises(KeyError):
        found.cell("tillit", "baker")


def test_only_some_coders_codings_count(project: Project) -> None:
    found = variable_table(project, variable_named(project, "Rolle"), coders=["Anne"])
    assert found.cell("makt", "baker").count == 1
    with pytest.raises(DataError, match="ingen"):
        variable_table(project, variable_named(project, "Rolle"), coders=["Nils"])


def test_the_group_makes_a_table_and_what_has_none_stands_last(project: Project) -> None:
    found = variable_table(project, variable_named(project, "Gruppe"))
    assert [(one.value, one.answers) for one in found.columns] == [("Nord", 3), ("", 2)]
    with pytest.raises(DataError, match="fant «Rolle», «Gruppe»"):
        variable_named(project, "Alder")


def test_columns_stand_in_the_order_given(project: Project) -> None:
    order_values(project, project.known_coder("Anne"), values_of(project).variables[0].id, ["=sjåfør", "baker"])
    found = variable_table(project, variable_named(project, "Rolle"))
    assert [one.value for one in found.columns] == ["=sjåfør", "baker"]
    rows = cells_of(found).to_pylist()
    assert len(rows) == 4
    assert rows[1] | {"share 2.5 %": 0, "share 97.5 %": 0} == {
        "variable": "Rolle",
        "value": "baker",
        "code": "makt",
        "count": 2,
        "answers": 4,
        "share": 0.5,
        "share 2.5 %": 0,
        "share 97.5 %": 0,
        "interviews": 2,
        "speakers": 2,
    }


def test_the_matrix_has_a_row_for_each_answer_and_plain_columns(project: Project, tmp_path: Path) -> None:
    columns = answer_matrix(project)
    assert [one.name for one in columns] == [
        "intervju",
        "taler",
        "ytring",
        "rolle",
        "gruppe",
        "makt",
        "sprak",
        "tillit",
    ]
    assert (columns[6].kind, columns[6].called) == ("kode", "språk")
    paths = write_matrix(tmp_path / "m.parquet", columns)
    assert [path.name for path in paths] == ["m-svar.parquet", "m-kolonner.parquet"]
    matrix = pq.read_table(paths[0])
    rows = matrix.to_pylist()
    assert len(rows) == 5
    assert tuple(rows[0].values()) == ("en", "Kari", 2, "baker", "Nord", 1, 0, 0)
    assert tuple(rows[1].values()) == ("en", "Ola", 4, "=sjåfør", "Nord", 0, 1, 0)
    assert (
        sum(row["makt"] for row in rows)
        == variable_table(project, variable_named(project, "Rolle")).cell("makt", "baker").count
    )


def test_names_are_such_as_r_and_spss_take() -> None:
    names = plain_names(["Språk", "språk", "", "2. bølge", "AND", "x" * 80, "x" * 80, "Ære & ælde", "日本"])
    assert len(set(names)) == len(names)
    assert all(name.isascii() and name.isidentifier() and len(name.encode()) <= 64 for name in names)
    assert names[:2] == ["sprak", "sprak_2"] and names[4] == "and_"
