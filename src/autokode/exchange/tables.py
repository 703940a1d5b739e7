"""Codings and suggestions as tables: for pandas, Polars and R by Arrow, for Excel with one sheet a need, as CSV and Parquet."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autokode.files import write_whole
from autokode.language import say
from autokode.project.carried import made, undecided
from autokode.project.project import Project

if TYPE_CHECKING:
    import pyarrow as pa

HEADINGS = {
    "transcript": ("transkripsjon", "transcript"),
    "utterance": ("ytring", "utterance"),
    "speaker": ("taler", "speaker"),
    "office": ("kontor", "office"),
    "start": ("start", "start"),
    "end": ("slutt", "end"),
    "quote": ("sitat", "quote"),
    "code": ("kode", "code"),
    "category": ("kategori", "category"),
    "coder": ("koder", "coder"),
    "time": ("tid", "time"),
    "good": ("godt sitat", "good quote"),
    "suggested": ("foreslått av modell", "suggested by a model"),
    "probability": ("sannsynlighet", "probability"),
    "model": ("modell", "model"),
    "question": ("spørsmål", "question"),
    "evidence": ("ord som teller", "words that count"),
    "decision": ("avgjørelse", "decision"),
    "definition": ("definisjon", "definition"),
    "number": ("nummer", "number"),
    "codable": ("kodbar", "codable"),
    "parent": ("under", "under"),
    "codings": ("kodinger", "codings"),
    "utterances": ("ytringer", "utterances"),
    "answers": ("svar", "answers"),
}
"""Column, as it is called in CSV, Parquet and frames → its heading in Excel, in Norwegian and English."""

LONGEST_CELL = 32_767
"""Characters an Excel cell can hold."""
_DATE = (1980, 1, 1, 0, 0, 0)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WIDTHS = {"quote": 80, "question": 40, "definition": 60, "evidence": 30, "code": 28, "category": 28, "decision": 14}


def codings_table(project: Project) -> "pa.Table":
    """Return the codings as an Arrow table, a row a coding, in the order of transcripts and places.

    `.to_pandas()` and `polars.from_arrow(…)` make frames of it. Columns: transcript, utterance (index, or null outside all of
    them), speaker, office, start, end (code points, half-open), quote, code, category, coder, time (ISO 8601), good, suggested,
    probability (0–1, of the suggestion it came of, or null), model (SHA-256, or "").
    """
    import pyarrow as pa

    places = _Places(project)
    rows = [
        {
            **places.of(one.transcript, one.start, one.end),
            "code": one.code,
            "category": places.category(one.code),
            "coder": one.coder,
            "time": one.time,
            "good": one.good,
            "suggested": one.probability is not None,
            "probability": one.probability,
            "model": one.model,
        }
        for one in made(project)
    ]
    schema = [
        *_PLACE,
        *(("code", pa.string()), ("category", pa.string()), ("coder", pa.string()), ("time", pa.string())),
    ]
    more = [("good", pa.bool_()), ("suggested", pa.bool_()), ("probability", pa.float64()), ("model", pa.string())]
    return pa.Table.from_pylist(rows, pa.schema([*_typed(schema), *more]))


def suggestions_table(project: Project) -> "pa.Table":
    """Return the suggestions nobody decided yet as an Arrow table, a row a suggestion; columns as in `codings_table`, and

    question (what was asked), evidence (the words that speak most for it) and decision (empty: where a person says yes, no or
    another code, for `autokode import` to take in).
    """
    import pyarrow as pa

    places = _Places(project)
    rows = [
        {
            **places.of(one.transcript, one.start, one.end, one.utterance),
            "question": places.question(one.transcript, one.utterance),
            "code": one.code,
            "category": places.category(one.code),
            "probability": round(one.probability, 4),
            "evidence": _words(one.evidence),
            "decision": "",
            "coder": one.coder,
            "model": one.model,
        }
        for one in undecided(project)
    ]
    schema = [*_PLACE, *((name, "string") for name in ("question", "code", "category")), ("probability", "double")]
    more = [(name, "string") for name in ("evidence", "decision", "coder", "model")]
    return pa.Table.from_pylist(rows, pa.schema(_typed([*schema, *more])))


def codes_table(project: Project) -> "pa.Table":
    """Return the codebook as an Arrow table: code, number, parent, codable, definition, codings (how many there are)."""
    import pyarrow as pa

    counts: dict[str, int] = {}
    for one in made(project):
        counts[one.code] = counts.get(one.code, 0) + 1
    rows = []
    for top in project.codebook.codes:
        for code in top.walk():
            parents = [one.name for one in top.walk() if code in one.codes]
            about = {"code": code.name, "number": code.number, "parent": (parents or [""])[0], "codable": code.codable}
            rows.append({**about, "definition": code.definition, "codings": counts.get(code.name, 0)})
    names = (
        ("code", "string"),
        ("number", "int64"),
        ("parent", "string"),
        ("codable", "bool"),
        ("definition", "string"),
    )
    return pa.Table.from_pylist(rows, pa.schema(_typed([*names, ("codings", "int64")])))


def transcripts_table(project: Project) -> "pa.Table":
    """Return the transcripts as an Arrow table: transcript, office, utterances, answers, codings."""
    import pyarrow as pa

    counts: dict[str, int] = {}
    for one in made(project):
        counts[one.transcript] = counts.get(one.transcript, 0) + 1
    rows = [
        {
            "transcript": one.name,
            "office": one.office,
            "utterances": one.utterances,
            "answers": one.answers,
            "codings": counts.get(one.name, 0),
        }
        for one in project.sources
    ]
    names = [("transcript", "string"), ("office", "string")]
    return pa.Table.from_pylist(
        rows, pa.schema(_typed([*names, *((name, "int64") for name in ("utterances", "answers", "codings"))]))
    )


def write_tables(project: Project, path: str | Path, *, suggestions: bool = False) -> list[Path]:
    """Write codings (and suggestions) to .xlsx, one sheet each, or to .csv or .parquet, one file each; return what was written.

    Raises:
        DataError: the place cannot be written.
    """
    path = Path(path)
    if path.suffix.lower() == ".xlsx":
        sheets = {say("Kodinger", "Codings"): codings_table(project)}
        if suggestions:
            sheets[say("Forslag", "Suggestions")] = suggestions_table(project)
        sheets |= {
            say("Koder", "Codes"): codes_table(project),
            say("Intervjuer", "Interviews"): transcripts_table(project),
        }
        write_whole(path, xlsx_bytes(sheets))
        return [path]
    tables = {path: codings_table(project)}
    if suggestions:
        other = path.with_name(f"{path.stem}-{say('forslag', 'suggestions')}{path.suffix}")
        tables[other] = suggestions_table(project)
    for place, table in tables.items():
        write_whole(place, _parquet(table) if path.suffix.lower() == ".parquet" else _csv(table))
    return list(tables)


def xlsx_bytes(sheets: "Mapping[str, pa.Table]") -> bytes:
    """Return a workbook, a sheet a table: typed cells, headings that stay in view, a filter; the same bytes for the same tables.

    Text is never a formula, whatever it begins with; what is longer than a cell can hold ends in «…».
    """
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    for title, table in sheets.items():
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        for i, name in enumerate(table.column_names, 1):
            sheet.column_dimensions[get_column_letter(i)].width = _WIDTHS.get(name, 14)
        last = get_column_letter(max(1, table.num_columns))
        sheet.auto_filter.ref = f"A1:{last}{table.num_rows + 1}"
        heads = []
        for name in table.column_names:
            cell = WriteOnlyCell(sheet, say(*HEADINGS.get(name, (name, name))))
            cell.font = Font(bold=True)
            heads.append(cell)
        sheet.append(heads)
        for row in table.to_pylist():
            cells = []
            for name, value in row.items():
                cell = WriteOnlyCell(sheet, _cell(name, value))
                if isinstance(value, str) and cell.data_type == "f":
                    cell.data_type = "s"
                if name in _WIDTHS:
                    cell.alignment = Alignment(wrap_text=True, vertical="top")
                cells.append(cell)
            sheet.append(cells)
    buffer = io.BytesIO()
    book.save(buffer)
    return _without_dates(buffer.getvalue())


def _cell(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if name == "time" and value:
        try:
            when = datetime.fromisoformat(value)
        except ValueError:
            return value
        return (when.astimezone(UTC) if when.tzinfo else when).replace(tzinfo=None)
    plain = _NOT_XML.sub("\ufffd", value)
    return plain if len(plain) <= LONGEST_CELL else plain[: LONGEST_CELL - 1] + "…"


def _without_dates(data: bytes) -> bytes:
    """Return an office file without the times at which it was made."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2000-01-01T00:00:00Z", content)
            info = zipfile.ZipInfo(name, _DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, content)
    return buffer.getvalue()


def _csv(table: "pa.Table") -> str:
    stream = io.StringIO()
    stream.write(",".join(table.column_names) + "\n")
    writer = csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    for row in table.to_pylist():
        writer.writerow(
            [
                "" if value is None else str(value).lower() if isinstance(value, bool) else value
                for value in row.values()
            ]
        )
    return stream.getvalue()


def _parquet(table: "pa.Table") -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    return bytes(sink.getvalue())


_PLACE = (
    *(("transcript", "string"), ("utterance", "int64"), ("speaker", "string"), ("office", "string")),
    *(("start", "int64"), ("end", "int64"), ("quote", "string")),
)


def _typed(names: Any) -> "list[tuple[str, pa.DataType]]":
    import pyarrow as pa

    types = {"string": pa.string(), "int64": pa.int64(), "double": pa.float64(), "bool": pa.bool_()}
    return [(name, types[kind] if isinstance(kind, str) else kind) for name, kind in names]


class _Places:
    """What stands at a place, and who says it."""

    def __init__(self, project: Project) -> None:
        self.offices = {source.name: source.office for source in project.sources}
        self.transcripts = {source.name: project.transcript(source.name) for source in project.sources}
        self.categories = {code: category for category, codes in project.codebook.categories.items() for code in codes}

    def of(self, name: str, start: int, end: int, utterance: int | None = None) -> dict[str, Any]:
        transcript = self.transcripts[name]
        index = utterance if utterance is not None else next(self._overlapping(name, start, end), None)
        return {
            "transcript": name,
            "utterance": index,
            "speaker": "" if index is None else transcript.utterances[index].speaker,
            "office": self.offices[name],
            "start": start,
            "end": end,
            "quote": transcript.text[start:end],
        }

    def _overlapping(self, name: str, start: int, end: int) -> Iterator[int]:
        transcript = self.transcripts[name]
        first = transcript.utterance_at(start)
        if first is not None:
            yield first
        yield from (i for i, one in enumerate(transcript.utterances) if one.start < end and one.end > start)

    def category(self, code: str) -> str:
        return self.categories.get(code, "")

    def question(self, name: str, utterance: int) -> str:
        transcript = self.transcripts[name]
        return transcript.question_of(transcript.utterances[utterance])


def _words(evidence: str) -> str:
    """Return the words that speak most for a suggestion, strongest first."""
    if not evidence:
        return ""
    words = [(row[2], str(row[3])) for row in json.loads(evidence)["words"]]
    return ", ".join(word for _weight, word in sorted(words, reverse=True)[:6])
