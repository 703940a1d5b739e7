"""Import tables: codings made elsewhere, and suggestions that somebody decided in Excel."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from autokode.base.csv_files import csv_rows
from autokode.base.errors import DataError, Problem, failure, quoted
from autokode.base.files import read_bytes
from autokode.base.messages import say
from autokode.base.tables import HEADINGS
from autokode.base.text_files import read_text
from autokode.corpus.codebook import Codebook
from autokode.corpus.coding import Coding, codings_of
from autokode.corpus.outside import outside_remark
from autokode.corpus.readers.spreadsheet import workbook
from autokode.project.store.code_names import now_called
from autokode.project.store.foreign_data import Open, undecided
from autokode.project.store.project import Project
from autokode.project.store.reviewing import Reviewer

YES = frozenset("ja j yes y x godta godtatt godkjent accept accepted ok 1 true sann".split())
NO = frozenset("nei n no avvis avvist reject rejected 0 false usann".split())
MAX_ROWS = 1_000_000

Rows = list[tuple[int, dict[str, str]]]


@dataclass(frozen=True, slots=True)
class ImportedTable:
    """Result of an import: the numbers of new codings and of suggestions by decision, and remarks on rows left out."""

    codings: int = 0
    accepted: int = 0
    rejected: int = 0
    changed: int = 0
    left: int = 0
    remarks: tuple[str, ...] = ()


def import_table(project: Project, table: Any, *, coder: str = "", complete: bool = False) -> ImportedTable:
    """Import codings, or decisions on suggestions, from a table.

    Args:
        project: the project.
        table: a file (.csv, .tsv, .xlsx, .parquet), or an Arrow-compatible table (pandas, Polars, pyarrow).
        coder: coder of the codings that name none; decisions belong to the coder who got the suggestions.
        complete: whether coders read all of every transcript in which they had no codings before; never where the table also
            has suggestions, which hold only what somebody has to decide.

    Raises:
        DataError: the table cannot be read, lacks columns or has invalid rows; the message names all of them.
    """
    name = str(table) if isinstance(table, str | Path) else say("tabellen", "the table")
    sheets = _file_rows(Path(table)) if isinstance(table, str | Path) else {"": _arrow_rows(table)}
    imported = ImportedTable()
    used = False
    decides = any(rows and "decision" in rows[0][1] for rows in sheets.values())
    for title, rows in sheets.items():
        where = f"{name}: {title}" if title else name
        columns = set(rows[0][1]) if rows else set()
        if "decision" in columns:
            own = _decisions(project, rows, where)
        elif {"transcript", "start", "end", "code"} <= columns:
            own = _codings(project, rows, where, coder=coder, complete=complete and not decides)
        else:
            continue
        used = True
        imported = ImportedTable(*(one + more for one, more in zip(astuple(imported), astuple(own), strict=True)))
    if not used:
        what = say(
            "har verken kodinger (transcript, start, end, quote, code) eller forslag (med decision)",
            "has neither codings (transcript, start, end, quote, code) nor suggestions (with decision)",
        )
        if not any(sheets.values()):
            what = say("har ingen rader", "has no rows")
        raise DataError(
            Problem(what, name), try_next=f"autokode export --project {quoted(project.folder)} --xlsx kodinger.xlsx"
        )
    return imported


def _codings(project: Project, rows: Rows, name: str, *, coder: str, complete: bool) -> ImportedTable:
    transcripts = {source.name: project.transcript(source.name) for source in project.sources}
    whole = []
    for line, row in rows:
        there = transcripts.get(row.get("transcript", ""))
        start, end = _whole_number(row.get("start", "")), _whole_number(row.get("end", ""))
        if there is not None and row.get("quote") and start is not None and end is not None:
            stands = there.text[start:end]
            row = {**row, "quote": stands if _same_text(stands, row["quote"]) else row["quote"]}  # noqa: PLW2901
        whole.append((line, row))
    found = codings_of(whole, name, transcripts=transcripts, codebook=project.codebook)
    found = tuple(replace(one, coder=one.coder or coder or say("ukjent", "unknown")) for one in found)
    before = {(one.coder, one.segment.transcript) for one in project.codings()}
    first = [one for one in found if (one.coder, one.segment.transcript) not in before]
    new = project.add_codings(first, complete=complete)
    new += project.add_codings([one for one in found if one not in set(first)], complete=False)
    remarks = (outside_remark(transcripts, (one.segment for one in found)), _read_remark(first, complete=complete))
    return ImportedTable(codings=new, remarks=tuple(filter(None, remarks)))


def _read_remark(codings: Iterable[Coding], *, complete: bool) -> str:
    """A sentence on whether those who are new to an interview count as having read all of it; "" for nobody."""
    pairs = sorted({(one.coder, one.segment.transcript) for one in codings})
    shown = ", ".join(f"{coder}: {transcript}" for coder, transcript in pairs[:5]) + " …" * (len(pairs) > 5)
    if not pairs:
        return ""
    if complete:
        return say(
            f"regnes som lest til ende, så svar uten kode er uten med vilje; ellers --partly ({shown})",
            f"counts as read to the end, so answers without a code have none on purpose; otherwise --partly ({shown})",
        )
    return say(
        f"regnes som delvis lest: svar uten kode er ikke lest ennå ({shown})",
        f"counts as read in part: answers without a code were not read yet ({shown})",
    )


def _decisions(project: Project, rows: Rows, name: str) -> ImportedTable:
    waiting = {(one.coder, one.transcript, one.utterance, one.code): one for one in undecided(project)}
    transcripts = {source.name: project.transcript(source.name).text for source in project.sources}
    ids = {person.name: person.id for person in project.coders}
    codebook, names = project.codebook, project.names_since()
    problems: list[Problem] = []
    plan: list[tuple[Open, str]] = []
    gone = left = 0
    for line, row in rows:
        said = row.get("decision", "").strip()
        if not said:
            left += 1
            continue
        wanted = _parse_decision(said, codebook)
        if wanted is None:
            what = say(
                f"avgjørelse «{said[:40]}»; ventet ja, nei eller en kode",
                f"decision «{said[:40]}»; expected yes, no or a code",
            )
            problems.append(Problem(what, name, line))
            continue
        code = row.get("code", "")
        suggestion = _suggestion_of({**row, "code": code if code in codebook else now_called(code, names)}, waiting)
        if suggestion is None or not _same_text(
            transcripts[suggestion.transcript][suggestion.start : suggestion.end], row.get("quote", "")
        ):
            gone += 1
            continue
        plan.append((suggestion, wanted))
    if problems:
        raise DataError(problems, try_next=say("rett cellene i tabellen", "mend these cells in the table"))
    counts = {"accepted": 0, "rejected": 0, "changed": 0}
    for suggestion, wanted in plan:
        reviewer = Reviewer(project, ids[suggestion.coder])
        if wanted in ("yes", f"code {suggestion.code}"):
            reviewer.accept(suggestion.id)
            counts["accepted"] += 1
        elif wanted == "no":
            reviewer.reject(suggestion.id)
            counts["rejected"] += 1
        else:
            reviewer.change(suggestion.id, wanted.removeprefix("code "))
            counts["changed"] += 1
    remark = say(
        f"{gone} forslag er avgjort eller borte siden; ikke rørt", f"{gone} suggestions were decided or are gone since"
    )
    return ImportedTable(0, **counts, left=left, remarks=(remark,) if gone else ())


def _parse_decision(said: str, codebook: Codebook) -> str | None:
    """Interpret a decision as "yes", "no" or "code NAME"; None if it is none of these."""
    code = codebook.find(said)
    if code is not None and not said.isdigit():
        return f"code {code}"
    plain = said.casefold().strip(" .!")
    return "yes" if plain in YES else "no" if plain in NO else f"code {code}" if code else None


def _suggestion_of(row: Mapping[str, str], waiting: Mapping[tuple[str, str, int, str], Open]) -> Open | None:
    utterance = _whole_number(row.get("utterance", ""))
    if utterance is None:
        return None
    return waiting.get((row.get("coder", ""), row.get("transcript", ""), utterance, row.get("code", "")))


def _whole_number(written: str) -> int | None:
    """The whole number in a cell, or None."""
    return int(written) if re.fullmatch(r"\d{1,15}", written) else None


def _same_text(text: str, quote: str) -> bool:
    """Whether a quote equals the text, apart from white space, control characters and a cut-off end, which spreadsheets cause."""
    plain, other = (
        "".join(c for c in one if c.isprintable() and not c.isspace() and c != "\ufffd") for one in (text, quote)
    )
    return plain == other or (quote.endswith("…") and plain.startswith(other[:-1]) and len(quote) > 1000)


def _file_rows(path: Path) -> dict[str, Rows]:
    ending = path.suffix.lower()
    if ending == ".xlsx":
        sheets = workbook(path, MAX_ROWS + 1)
        return {title: list(_sheet_rows(title, rows)) for title, rows in sheets.items()}
    if ending == ".parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        data = read_bytes(path)
        try:
            return {"": _arrow_rows(pq.read_table(pa.BufferReader(data)))}
        except (pa.ArrowException, OSError, ValueError) as error:
            raise failure(
                f"kan ikke leses som Parquet ({error})",
                f"cannot be read as Parquet ({error})",
                where=path,
                try_next=f"file {quoted(path)}",
            ) from error
    rows = [(line, _named(row)) for line, row in csv_rows(read_text(path), str(path))]
    return {"": rows}


def _sheet_rows(title: str, rows: list[list[Any]]) -> Iterator[tuple[int, dict[str, str]]]:
    if len(rows) > MAX_ROWS:
        raise failure(
            f"har mer enn {MAX_ROWS} rader",
            f"has more than {MAX_ROWS} rows",
            where=title,
            try_next=say("del opp arket", "split the sheet"),
        )
    columns: list[str] = []
    for line, cells in enumerate(rows, 1):
        if not columns:
            columns = [_text(cell) for cell in cells]
        elif any(cell is not None for cell in cells):
            yield line, _named(dict(zip(columns, map(_text, cells), strict=False)))


def _arrow_rows(table: Any) -> Rows:
    import pyarrow as pa

    try:
        found = table if isinstance(table, pa.Table) else pa.table(table)
    except (TypeError, ValueError, pa.ArrowException) as error:
        kind = type(table).__name__
        raise failure(
            f"{kind} er ingen tabell som kan leses",
            f"{kind} is no table that can be read",
            try_next="pandas, Polars, pyarrow",
        ) from error
    return [
        (i, _named({name: _text(value) for name, value in row.items()})) for i, row in enumerate(found.to_pylist(), 2)
    ]


def _named(row: Mapping[str, str]) -> dict[str, str]:
    """Give the columns of a row their English names, whichever language their headings are in."""
    names = {heading: name for name, both in HEADINGS.items() for heading in (name, *both)}
    return {names.get(column.strip().casefold(), column.strip().casefold()): value for column, value in row.items()}


def _text(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if isinstance(value, datetime) else str(value)
