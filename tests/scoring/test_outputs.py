"""Files of scores."""

import pyarrow as pa

from autokode.scoring.batch.outputs import _plain


def test_no_spreadsheet_runs_a_text_in_a_csv_of_scores() -> None:
    batch = pa.RecordBatch.from_pydict({"id": ["=1+1", "a-1", "'-x", None], "n": [-1, 2, 3, 4]})
    found = _plain(batch).to_pydict()
    assert found == {"id": ["'=1+1", "a-1", "''-x", None], "n": [-1, 2, 3, 4]}
