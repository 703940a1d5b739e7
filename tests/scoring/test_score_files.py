"""Files of scores."""

import csv
import io
from pathlib import Path

import pyarrow as pa

from autokode.base.csv_files import csv_rows
from autokode.scoring.batch.outputs import _plain, opened


def test_no_spreadsheet_runs_a_text_in_a_csv_of_scores() -> None:
    batch = pa.RecordBatch.from_pydict({"id": ["=1+1", "a-1", "'-x", None], "n": [-1, 2, 3, 4]})
    found = _plain(batch).to_pydict()
    assert found == {"id": ["'=1+1", "a-1", "''-x", None], "n": [-1, 2, 3, 4]}


def test_no_spreadsheet_runs_a_heading_or_bytes_in_a_csv_of_scores(tmp_path: Path) -> None:
    """A heading is a code's name, or the name of a column of a file that somebody sent."""
    headings = ["=1+1", "+ energi", "-ro", "@sum", "\tinnrykk", "'=x", "tillit"]
    batch = pa.RecordBatch.from_pydict({name: [0.5] for name in headings} | {"sum": [b"\xfb\xef\xbe"]})
    with opened(tmp_path / "ut.csv") as write:
        write(batch)
    ((_line, row),) = csv_rows((tmp_path / "ut.csv").read_text(encoding="utf-8"), "ut.csv")
    first, second = csv.reader(io.StringIO((tmp_path / "ut.csv").read_text(encoding="utf-8")))
    assert first == [*(f"'{name}" for name in headings[:-1]), "tillit", "sum"]
    assert second[-1] == "'++++"
    assert list(row) == [*(name.strip() for name in headings), "sum"]
