"""Agreement as tables: one with the figures, one with the disagreements and their quotes."""

from pathlib import Path
from typing import TYPE_CHECKING

from autokode.agreement.results import PLACE, Agreement, coder_columns
from autokode.base.extras import require
from autokode.base.messages import say

if TYPE_CHECKING:
    import pyarrow as pa


def tables_of(found: Agreement) -> "dict[str, pa.Table]":
    """Two Arrow tables by title: the figures and the disagreements.

    Columns of the first: those of `Agreement.columns`. Columns of the second: transcript, utterance, speaker, start, end (code
    points, half-open), quote, and each coder's codes, null for a coder who did not read the unit.
    """
    require("tables")
    import pyarrow as pa

    names = coder_columns(found.coders)
    rows = [
        {name: getattr(one, name) for name in PLACE}
        | {name: None if codes is None else "; ".join(codes) for name, codes in zip(names, one.given, strict=True)}
        for one in found.disagreements
    ]
    whole = ("utterance", "start", "end")
    schema = pa.schema([(name, pa.int64() if name in whole else pa.string()) for name in (*PLACE, *names)])
    return {
        say("Enighet", "Agreement"): found.to_arrow(),
        say("Uenigheter", "Disagreements"): pa.Table.from_pylist(rows, schema=schema),
    }


def write_agreement(path: Path, found: Agreement) -> list[Path]:
    """Write figures and disagreements to .xlsx, one sheet each, or to two files, .csv or .parquet; return the paths.

    Raises:
        DataError: the path cannot be written.
    """
    from autokode.base.tables import write_sheets

    tables = tables_of(found)
    if path.suffix.lower() != ".xlsx":
        tables = dict(zip(("", say("uenigheter", "disagreements")), tables.values(), strict=True))
    return write_sheets(path, tables)
