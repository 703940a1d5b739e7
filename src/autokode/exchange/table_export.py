"""Export codings and suggestions as tables: Arrow (for pandas, Polars and R), Excel workbooks, CSV and Parquet."""

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autokode.base.extras import require
from autokode.base.messages import say
from autokode.base.tables import MARK, write_sheets
from autokode.corpus.overlap import first_overlapped
from autokode.exchange.row_marks import Marker
from autokode.project.store.foreign_data import made, undecided
from autokode.project.store.project import Project
from autokode.project.store.project_state import one_state

if TYPE_CHECKING:
    import pyarrow as pa


def codings_table(project: Project) -> "pa.Table":
    """The codings as an Arrow table: one row per coding, ordered by transcript and position.

    `.to_pandas()` and `polars.from_arrow(…)` convert it. Columns: transcript, utterance (index; null if it overlaps none),
    speaker, office, start, end (code points, half-open), quote, code, category, coder, time (ISO 8601), good, suggested,
    probability (0–1, of the accepted suggestion, or null), model (SHA-256, or ""), autokode (the mark by which
    `autokode import` knows what the project had then; see `row_marks`).
    """
    columns, codings = _SegmentColumns(project), made(project)
    rows = [
        {
            **columns.of(one.transcript, one.start, one.end),
            "code": one.code,
            "category": columns.category(one.code),
            "coder": one.coder,
            "time": one.time,
            "good": one.good,
            "suggested": one.probability is not None,
            "probability": one.probability,
            "model": one.model,
        }
        for one in codings
    ]
    types = _SEGMENT | dict.fromkeys(("code", "category", "coder", "time"), "string")
    types |= {"good": "bool", "suggested": "bool", "probability": "double", "model": "string"}
    return _marked(project, rows, types, [one.id for one in codings])


def suggestions_table(project: Project) -> "pa.Table":
    """The undecided suggestions as an Arrow table, one row per suggestion.

    Columns as in `codings_table`, and: question, evidence (the words that speak most for the code), decision (empty: a person
    writes yes, no or another code, and `autokode import` reads it).
    """
    columns, waiting = _SegmentColumns(project), undecided(project)
    rows = [
        {
            **columns.of(one.transcript, one.start, one.end, one.utterance),
            "question": columns.question(one.transcript, one.utterance),
            "code": one.code,
            "category": columns.category(one.code),
            "probability": round(one.probability, 4),
            "evidence": _words(one.evidence),
            "decision": "",
            "coder": one.coder,
            "model": one.model,
        }
        for one in waiting
    ]
    types = _SEGMENT | dict.fromkeys(("question", "code", "category"), "string") | {"probability": "double"}
    types |= dict.fromkeys(("evidence", "decision", "coder", "model"), "string")
    return _marked(project, rows, types, [one.id for one in waiting])


def codes_table(project: Project) -> "pa.Table":
    """The codebook as an Arrow table: code, number, parent, codable, definition, codings (a count)."""
    counts = Counter(one.code for one in made(project))
    rows = []
    for top in project.codebook.codes:
        for code in top.walk():
            parents = [one.name for one in top.walk() if code in one.codes]
            about = {"code": code.name, "number": code.number, "parent": (parents or [""])[0], "codable": code.codable}
            rows.append({**about, "definition": code.definition, "codings": counts[code.name]})
    types = {"code": "string", "number": "int64", "parent": "string", "codable": "bool", "definition": "string"}
    return _table(rows, types | {"codings": "int64"})


def transcripts_table(project: Project) -> "pa.Table":
    """The transcripts as an Arrow table: transcript, office, and the numbers of utterances, answers and codings."""
    counts = Counter(one.transcript for one in made(project))
    rows = [
        {
            "transcript": one.name,
            "office": one.office,
            "utterances": one.utterances,
            "answers": one.answers,
            "codings": counts[one.name],
        }
        for one in project.sources
    ]
    types = {"transcript": "string", "office": "string"}
    return _table(rows, types | dict.fromkeys(("utterances", "answers", "codings"), "int64"))


def write_tables(project: Project, path: str | Path, *, suggestions: bool = False) -> list[Path]:
    """Write codings (and suggestions) to .xlsx, one sheet each, or to .csv or .parquet, one file each; return the paths.

    Raises:
        DataError: the path cannot be written.
    """
    path = Path(path)
    with one_state(project) as state:
        is_book, tables = path.suffix.lower() == ".xlsx", {"": codings_table(project)}
        if suggestions:
            tables[say("forslag", "suggestions")] = suggestions_table(project)
        if is_book:
            tables = {title.capitalize() or say("Kodinger", "Codings"): table for title, table in tables.items()}
            tables |= {
                say("Koder", "Codes"): codes_table(project),
                say("Intervjuer", "Interviews"): transcripts_table(project),
            }
        stated = str(state) if is_book else ""
    return write_sheets(path, tables, stated=stated)


_SEGMENT = {
    "transcript": "string",
    "utterance": "int64",
    "speaker": "string",
    "office": "string",
    "start": "int64",
    "end": "int64",
    "quote": "string",
}
"""Column about a segment → its type."""


def _marked(project: Project, rows: list[dict[str, Any]], types: dict[str, str], things: list[int]) -> "pa.Table":
    """A table whose rows are marked as those of codings or suggestions with these numbers."""
    marker = Marker(project)
    marked = [{**row, MARK: marker.of(thing, row)} for row, thing in zip(rows, things, strict=True)]
    return _table(marked, types | {MARK: "string"})


def _table(rows: list[dict[str, Any]], types: dict[str, str]) -> "pa.Table":
    require("tables")
    import pyarrow as pa

    return pa.Table.from_pylist(rows, pa.schema(list(types.items())))


class _SegmentColumns:
    """Columns about a segment: its transcript, utterance, speaker, office, position and quote."""

    def __init__(self, project: Project) -> None:
        self.offices = {source.name: source.office for source in project.sources}
        self.transcripts = {source.name: project.transcript(source.name) for source in project.sources}
        self.categories = {code: category for category, codes in project.codebook.categories.items() for code in codes}

    def of(self, name: str, start: int, end: int, utterance: int | None = None) -> dict[str, Any]:
        transcript = self.transcripts[name]
        index = utterance if utterance is not None else first_overlapped(transcript.utterances, start, end)
        return {
            "transcript": name,
            "utterance": index,
            "speaker": "" if index is None else transcript.utterances[index].speaker,
            "office": self.offices[name],
            "start": start,
            "end": end,
            "quote": transcript.text[start:end],
        }

    def category(self, code: str) -> str:
        return self.categories.get(code, "")

    def question(self, name: str, utterance: int) -> str:
        transcript = self.transcripts[name]
        return transcript.question_of(transcript.utterances[utterance])


def _words(evidence: str) -> str:
    """The words that speak most for a suggestion, strongest first."""
    if not evidence:
        return ""
    words = [(row[2], str(row[3])) for row in json.loads(evidence)["words"]]
    return ", ".join(word for _weight, word in sorted(words, reverse=True)[:6])
