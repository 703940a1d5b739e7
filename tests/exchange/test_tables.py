"""Codings and suggestions as tables and back: Excel with decisions, pandas, Polars, Arrow, CSV and Parquet."""

import io
from pathlib import Path

import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from autokode.base.errors import DataError
from autokode.base.tables import HEADINGS, write_sheets, xlsx_bytes
from autokode.corpus.codebook import Code, Codebook
from autokode.corpus.coding import Coding, Segment
from autokode.corpus.readers import Source
from autokode.corpus.transcript import from_source
from autokode.exchange.table_export import codings_table, suggestions_table, write_tables
from autokode.exchange.table_import import import_table
from autokode.project import Project
from autokode.project.store.foreign_data import undecided
from report_case import study
from review_case import OPEN, copied, made_project


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_project(tmp_path_factory.mktemp("tabell") / "p").folder


@pytest.fixture
def project(made: Path, tmp_path: Path) -> Project:
    return copied(made, tmp_path / "p")


@pytest.fixture(scope="module")
def uncoded(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = Project.open(made)
    other = Project.create(tmp_path_factory.mktemp("uten koder") / "q", project.codebook)
    for source in project.sources:
        other.add(project.transcript(source.name), office=source.office)
    return other.folder


@pytest.fixture
def empty(uncoded: Path, tmp_path: Path) -> Project:
    """A project with the same transcripts and codes, without codings."""
    return copied(uncoded, tmp_path / "q")


def test_no_two_columns_share_a_heading() -> None:
    for language in (0, 1):
        headings = [pair[language].casefold() for pair in HEADINGS.values()]
        assert len(set(headings)) == len(headings), sorted(h for h in headings if headings.count(h) > 1)


def test_codings_return_from_every_kind_of_table(project: Project, empty: Project, tmp_path: Path) -> None:
    table = codings_table(project)
    expected = project.codings()
    assert table.num_rows == len(expected) > 100
    ways = {
        "arrow": table,
        "pandas": table.to_pandas(),
        "polars": pl.from_arrow(table),
        **{kind: write_tables(project, tmp_path / f"k.{kind}")[0] for kind in ("csv", "xlsx", "parquet")},
    }
    for i, way in enumerate(ways.values()):
        other = copied(empty.folder, tmp_path / f"q{i}")
        assert import_table(other, way).codings == len(expected)
        assert [(c.segment, c.code, c.coder) for c in other.codings()] == [
            (c.segment, c.code, c.coder) for c in expected
        ]
        assert import_table(other, way).codings == 0


def test_a_coding_that_begins_in_a_label_belongs_to_the_utterance_after_it(tmp_path: Path) -> None:
    text = "I: Hva da?\nÅse: Det er jeg som bestemmer."
    project = Project.create(tmp_path / "p", Codebook("b", (Code("makt"),)))
    project.add(from_source(Source(text), "a"))
    start = text.index("Åse")
    project.add_codings([Coding(Segment("a", start, len(text), text[start:]), "makt", "K")])
    (row,) = codings_table(project).to_pylist()
    assert (row["utterance"], row["speaker"], row["quote"]) == (1, "Åse", text[start:])


def test_decisions_made_in_excel_return(project: Project, tmp_path: Path) -> None:
    (path,) = write_tables(project, tmp_path / "til Ola.xlsx", suggestions=True)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Kodinger", "Forslag", "Koder", "Intervjuer"]
    sheet = book["Forslag"]
    heads = [cell.value for cell in sheet[1]]
    column = heads.index("avgjørelse") + 1
    waiting = undecided(project)
    assert sheet.max_row == len(waiting) + 1
    for row, said in ((2, "ja"), (3, "Nei"), (4, "relasjonsarbeid"), (5, "x"), (6, "10")):
        sheet.cell(row, column).value = said
    book.save(path)
    before = len(project.codings())
    taken = import_table(project, path)
    assert (taken.accepted, taken.rejected, taken.changed, taken.codings) == (2, 1, 2, 0)
    assert taken.left == len(waiting) - 5
    assert len(undecided(project)) == len(waiting) - 5
    assert len(project.codings()) == before + 4
    again = import_table(project, path)
    assert (again.accepted, again.remarks) == (0, ("5 forslag er avgjort slik her alt",))


def test_a_word_that_is_no_decision_changes_nothing(project: Project) -> None:
    frame = suggestions_table(project).to_pandas()
    frame.loc[0, "decision"], frame.loc[1, "decision"], frame.loc[2, "decision"] = "ja", "kanskje", "tja"
    before = len(undecided(project))
    with pytest.raises(DataError) as caught:
        import_table(project, frame)
    assert "3: avgjørelse «kanskje»; ventet ja, nei eller en kode" in str(caught.value)
    assert len(caught.value.problems) == 2
    assert len(undecided(project)) == before


def test_sheets_are_typed_with_a_frozen_heading_and_a_filter(project: Project, tmp_path: Path) -> None:
    (path,) = write_tables(project, tmp_path / "k.xlsx")
    sheet = openpyxl.load_workbook(path)["Kodinger"]
    assert sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["P"].hidden and not sheet.column_dimensions["O"].hidden  # the mark is no reader's
    assert sheet.auto_filter.ref == f"A1:P{sheet.max_row}"
    heads = {cell.value: cell.column for cell in sheet[1]}
    kinds = {name: type(sheet.cell(2, heads[name]).value).__name__ for name in ("start", "tid", "godt sitat", "sitat")}
    assert kinds == {"start": "int", "tid": "datetime", "godt sitat": "bool", "sitat": "str"}


def test_every_cell_is_readable_when_the_file_opens(tmp_path: Path) -> None:
    """Columns fit headings with their buttons and times; rows fit wrapped text."""
    long = "ord og " * 60
    rows = pa.table(
        {"quote": ["kort", long, "en\nto\ntre"], "time": ["2026-03-01T10:00:00"] * 3, "suggested": [True] * 3}
    )
    (path,) = write_sheets(tmp_path / "t.xlsx", {"A": rows})
    sheet = openpyxl.load_workbook(path)["A"]
    assert sheet.column_dimensions["B"].width >= len("2026-03-01 10:00:00")
    assert sheet.column_dimensions["C"].width > len("foreslått") + 2 and sheet.row_dimensions[1].height >= 27
    assert sheet["C1"].alignment.wrap_text
    assert [sheet.row_dimensions[row].height for row in (2, 3, 4)] == [None, 67.5, 40.5]
    assert {cell.alignment.vertical for row in sheet.iter_rows(min_row=2) for cell in row} == {"top"}


def test_the_same_project_gives_the_same_bytes(project: Project, tmp_path: Path) -> None:
    for kind in ("xlsx", "csv", "parquet"):
        first = write_tables(project, tmp_path / f"a.{kind}", suggestions=True)
        second = write_tables(project, tmp_path / f"b.{kind}", suggestions=True)
        assert [one.read_bytes() for one in first] == [one.read_bytes() for one in second]
        assert all(one.stat().st_mode & 0o077 == 0 for one in first)
    assert [one.name for one in first] == ["a.parquet", "a-forslag.parquet"]


ODD = [
    "=1+1",
    "+4790000000",
    "-nei",
    "@sum",
    'sa "nei", så',
    "linje\r\nto",
    "e\u0301 😀 \u00a0 æ",
    "\ttab",
    "\x0bloddrett",
    "'hermet",
]


def test_odd_quotes_return_and_are_never_formulas(tmp_path: Path) -> None:
    text = "".join(f"Anne: {said}.\n" for said in ODD) + "Anne: " + "lang " * 9000
    project = Project.create(tmp_path / "p", Codebook.from_yaml("koder:\n- navn: '=kode'\n"))
    project.add(from_source(Source(text), "=navn"))
    spans = [(text.index(said), text.index(said) + len(said)) for said in [*ODD, ("lang " * 9000).strip()]]
    project.add_codings([Coding(Segment("=navn", a, b, text[a:b]), "=kode", "Kari") for a, b in spans])
    for kind in ("xlsx", "csv", "parquet"):
        (path,) = write_tables(project, tmp_path / f"k.{kind}")
        other = Project.create(tmp_path / kind, project.codebook)
        other.add(project.transcript("=navn"))
        assert import_table(other, path).codings == len(spans)
        assert [c.segment for c in other.codings()] == [c.segment for c in project.codings()]
    sheet = openpyxl.load_workbook(tmp_path / "k.xlsx")["Kodinger"]
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.xlsx", b"ikke excel", "er ikke et zip-arkiv"),
        ("a.parquet", b"PAR1tull", "kan ikke leses som Parquet"),
        ("a.csv", b"navn;alder\nKari;47\n", "har verken kodinger"),
        (
            "a.csv",
            b"transcript,start,end,quote,code\nborte,0,5,x,makt\n",
            "transkripsjonen «borte» finnes ikke",
        ),
        ("a.csv", f"transcript,start,end,quote,code\n{OPEN},0,5,helt feil,makt\n".encode(), "sitatet er «helt feil»"),
    ],
)
def test_invalid_tables_raise_in_plain_words(
    name: str, content: bytes, message: str, project: Project, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    before = project.codings()
    with pytest.raises(DataError, match=message):
        import_table(project, tmp_path / name)
    assert project.codings() == before
    with pytest.raises(DataError, match="er ingen tabell"):
        import_table(project, 7)


def test_frames_have_the_types_people_count_on(project: Project) -> None:
    frame = codings_table(project).to_pandas()
    assert frame.groupby("code").size().sum() == len(frame)
    assert (frame["quote"].str.len() == frame["end"] - frame["start"]).all()
    assert isinstance(pl.from_arrow(codings_table(project)), pl.DataFrame)
    assert isinstance(frame, pd.DataFrame)
    odds = suggestions_table(project)
    assert odds.schema.field("probability").type == pa.float64()
    assert set(odds["decision"].to_pylist()) == {""}


def test_an_empty_workbook_has_its_headings() -> None:
    table = pa.table({"code": pa.array([], pa.string())})
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_bytes({"Ark": table})))["Ark"]
    assert [cell.value for cell in sheet[1]] == ["kode"]


def test_a_table_without_rows_says_so(tmp_path: Path) -> None:
    project = study(tmp_path / "p")
    with pytest.raises(DataError, match="har ingen rader"):
        import_table(project, suggestions_table(project))
