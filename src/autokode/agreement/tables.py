"""Agreement as tables: one with the figures, one with the disagreements and their quotes."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from autokode.agreement.results import MEASURES, Agreement, Row, warning
from autokode.base.extras import require
from autokode.base.messages import say

if TYPE_CHECKING:
    require("tables")
    import pyarrow as pa

LEVELS = {
    "code": ("kode", "code"),
    "category": ("kategori", "category"),
    "mean": ("snitt av kodene", "mean of the codes"),
    "sets": ("hele kodesett (MASI)", "whole sets (MASI)"),
}
"""Level of a row → its name in Norwegian and English."""

_PLACE = ("transcript", "utterance", "speaker", "start", "end", "quote")


def tables_of(found: Agreement) -> "dict[str, pa.Table]":
    """Two Arrow tables by title: the figures and the disagreements.

    Columns of the first: level, name, units, how many units each coder gave it to (one column per coder), agreed, kappa, ac1,
    alpha (1 or less; null where undefined), each with the ends of its 95 % interval, and warnings. Columns of the second:
    transcript, utterance, speaker, start, end (code points, half-open), quote, and each coder's codes, null for a coder who did
    not read the unit.
    """
    require("tables")
    import pyarrow as pa

    names = _columns(found.coders)
    figures = [_figures(row, names) for row in found.rows]
    rows = [
        {name: getattr(one, name) for name in _PLACE}
        | {name: None if codes is None else "; ".join(codes) for name, codes in zip(names, one.given, strict=True)}
        for one in found.disagreements
    ]
    whole = ("utterance", "start", "end")
    schema = pa.schema([(name, pa.int64() if name in whole else pa.string()) for name in (*_PLACE, *names)])
    return {
        say("Enighet", "Agreement"): pa.Table.from_pylist(figures),
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


def name_of(row: Row) -> str:
    """The name of a row as people are shown it."""
    return row.name or say(*LEVELS[row.level])


def _columns(coders: tuple[str, ...]) -> list[str]:
    """A column name for each coder, unlike that of every other column."""
    taken = {*_PLACE, "level", "name", "units", *MEASURES}
    names = []
    for coder in coders:
        name = coder
        while name in taken:
            name += "'"
        taken.add(name)
        names.append(name)
    return names


def _figures(row: Row, names: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {"level": say(*LEVELS[row.level]), "name": row.name, "units": row.units}
    found |= dict(zip(names, row.given, strict=True))
    for measure in MEASURES:
        figure = getattr(row, measure)
        low, high = figure.interval if figure is not None and figure.interval else (None, None)
        found |= {measure: None if figure is None else figure.value, f"{measure} 2.5 %": low, f"{measure} 97.5 %": high}
    return {**found, "warnings": "; ".join(warning(kind) for kind in row.warnings)}
