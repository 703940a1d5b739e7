"""Export codings and suggestions as tables: Arrow (for pandas, Polars and R), Excel workbooks, CSV and Parquet."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autokode.base.messages import say
from autokode.base.tables import write_sheets
from autokode.corpus.overlap import first_overlapped
from autokode.project.store.foreign_data import made, undecided
from autokode.project.store.project import Project

if TYPE_CHECKING:
    import pyarrow as pa


def codings_table(project: Project) -> "pa.Table":
    """The codings as an Arrow table: one row per coding, ordered by transcript and position.

    `.to_pandas()` and `polars.from_arrow(…)` convert it. Columns: transcript, utterance (index; null if it overlaps none),
    speaker, office, start, end (code points, half-open), quote, code, category, coder, time (ISO 8601), good, suggested,
    probability (0–1, of the accepted suggestion, or null), model (SHA-256, or "").
    """
    import pyarrow as pa

    columns = _SegmentColumns(project)
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
        for one in made(project)
    ]
    schema = [
        *_SEGMENT,
        *(("code", pa.string()), ("category", pa.string()), ("coder", pa.string()), ("time", pa.string())),
    ]
    more = [("good", pa.bool_()), ("suggested", pa.bool_()), ("probability", pa.float64()), ("model", pa.string())]
    return pa.Table.from_pylist(rows, pa.schema([*_typed(schema), *more]))


def suggestions_table(project: Project) -> "pa.Table":
    """The undecided suggestions as an Arrow table, one row per suggestion.

    Columns as in `codings_table`, and: question, evidence (the words that speak most for the code), decision (empty: a person
    writes yes, no or another code, and `autokode import` reads it).
    """
    import pyarrow as pa

    columns = _SegmentColumns(project)
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
        for one in undecided(project)
    ]
    schema = [*_SEGMENT, *((name, "string") for name in ("question", "code", "category")), ("probability", "double")]
    more = [(name, "string") for name in ("evidence", "decision", "coder", "model")]
    return pa.Table.from_pylist(rows, pa.schema(_typed([*schema, *more])))


def codes_table(project: Project) -> "pa.Table":
    """The codebook as an Arrow table: code, number, parent, codable, definition, codings (a count)."""
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
    """The transcripts as an Arrow table: transcript, office, and the numbers of utterances, answers and codings."""
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
    """Write codings (and suggestions) to .xlsx, one sheet each, or to .csv or .parquet, one file each; return the paths.

    Raises:
        DataError: the path cannot be written.
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
        return write_sheets(path, sheets)
    tables = {"": codings_table(project)}
    if suggestions:
        tables[say("forslag", "suggestions")] = suggestions_table(project)
    return write_sheets(path, tables)


_SEGMENT = (
    *(("transcript", "string"), ("utterance", "int64"), ("speaker", "string"), ("office", "string")),
    *(("start", "int64"), ("end", "int64"), ("quote", "string")),
)


def _typed(names: Any) -> "list[tuple[str, pa.DataType]]":
    import pyarrow as pa

    types = {"string": pa.string(), "int64": pa.int64(), "double": pa.float64(), "bool": pa.bool_()}
    return [(name, types[kind] if isinstance(kind, str) else kind) for name, kind in names]


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
