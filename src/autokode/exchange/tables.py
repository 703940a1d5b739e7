"""Codings and suggestions as tables: for pandas, Polars and R by Arrow, for Excel with one sheet a need, as CSV and Parquet."""

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
        return write_sheets(path, sheets)
    tables = {"": codings_table(project)}
    if suggestions:
        tables[say("forslag", "suggestions")] = suggestions_table(project)
    return write_sheets(path, tables)


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
    """Return the words that speak most for a suggestion, strongest first."""
    if not evidence:
        return ""
    words = [(row[2], str(row[3])) for row in json.loads(evidence)["words"]]
    return ", ".join(word for _weight, word in sorted(words, reverse=True)[:6])
