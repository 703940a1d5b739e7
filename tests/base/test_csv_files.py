"""CSV: texts come back as they were written, and errors name column and line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autokode.base.csv_files import csv_rows, csv_text
from autokode.base.errors import DataError

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=5))
def test_texts_come_back_as_they_were_written(rows: list[tuple[str, str]]) -> None:
    read = [(row["first"], row["second"]) for _line, row in csv_rows(csv_text(["first", "second"], rows), "x.csv")]
    assert read == [row for row in rows if any(cell.strip() for cell in row)]  # blank rows are skipped


@pytest.mark.parametrize("text", ["=1+1", "+47 900", "-2", "@SUM(A1)", "\t=1", "\r=1", "'=1", "- Ja, sa hun"])
def test_no_spreadsheet_runs_a_text_and_it_reads_back_the_same(text: str) -> None:
    written = csv_text(["sitat"], [[text]])
    assert written == f'sitat\n"\'{text}"\n'
    assert list(csv_rows(written, "x.csv")) == [(2, {"sitat": text})]


def test_an_apostrophe_before_a_word_and_a_negative_number_stay() -> None:
    assert csv_text(["a", "b"], [["'kke", -1]]) == 'a,b\n"\'kke",-1\n'
    assert next(csv_rows("a\n'kke\n", "x.csv"))[1] == {"a": "'kke"}


def test_numbers_truth_values_and_nothing_are_written_plainly() -> None:
    assert csv_text(["a", "b", "c", "d"], [[1, 0.5, True, None]]) == 'a,b,c,d\n1,0.5,"true",""\n'


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_excel_separates_columns_by_what_the_header_has_most_of(delimiter: str) -> None:
    text = delimiter.join(["Kode", " Sitat "]) + "\n" + delimiter.join(["makt", '"ja, nei; og\tså"'])
    assert list(csv_rows(text, "x.csv")) == [(2, {"kode": "makt", "sitat": "ja, nei; og\tså"})]


def test_a_row_has_the_number_of_its_first_line() -> None:
    assert [line for line, _row in csv_rows('a\n"over\nto"\nx\n', "x.csv")] == [2, 4]


def test_a_missing_column_and_a_misplaced_quotation_mark_are_named() -> None:
    with pytest.raises(DataError, match=r"x\.csv:1: mangler kolonne b; fant a") as caught:
        list(csv_rows("a\n1\n", "x.csv", needed=("a", "b"), example="a,b"))
    assert caught.value.try_next == "a,b"
    with pytest.raises(DataError, match=r"x\.csv:3: kan ikke leses som CSV"):
        list(csv_rows('a\n1\n"ja"nei\n', "x.csv"))


def test_headings_are_no_formulas_either_and_keep_their_commas() -> None:
    written = csv_text(["@Anne", "=1+Kari", "Berg, Per"], [[1, 2, 3]])
    assert written.splitlines()[0] == "'@Anne,'=1+Kari,\"Berg, Per\""
    assert [row for _line, row in csv_rows(written, "x.csv")] == [{"@anne": "1", "=1+kari": "2", "berg, per": "3"}]
