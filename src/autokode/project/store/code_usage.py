"""Reads what each code has been given to: how many codings of whom, and the codings themselves with their words."""

from dataclasses import dataclass, field

from autokode.project.store.coders import Coder
from autokode.project.store.project import Project
from autokode.project.store.schema import overlap_sql

_OVERLAPS = overlap_sql("utterance.start", "utterance.end", "coding.start", "coding.end")


@dataclass(frozen=True, slots=True)
class CodingOf:
    """A coding of a code: its number, coder's name, transcript (id, name), first utterance, speaker, and quote."""

    id: int
    coder: str
    transcript: int
    name: str
    utterance: int
    speaker: str
    quote: str = field(repr=False)
    good: bool


def coding_counts(project: Project) -> dict[str, dict[str, int]]:
    """Code → coder's name → how many codings."""
    query = "SELECT code, coder.name, count(*) FROM coding JOIN coder ON coder.id = coder GROUP BY code, coder ORDER BY coder"
    found: dict[str, dict[str, int]] = {}
    for code, name, count in project.database.rows(query):
        found.setdefault(code, {})[name] = count
    return found


def codings_of(project: Project, code: str, *, coder: Coder | None = None, most: int) -> list[CodingOf]:
    """The first codings of a code in the order of transcripts and places, of one coder or of all."""
    rows = project.database.rows(
        "SELECT coding.id, coder.name AS coder, coding.transcript, transcript.name, good, "  # noqa: S608 - our own words
        "substr(transcript.text, coding.start + 1, coding.end - coding.start) AS quote, "
        f"(SELECT min(number) FROM utterance WHERE utterance.transcript = coding.transcript AND {_OVERLAPS}) AS number, "
        f"(SELECT speaker FROM utterance WHERE utterance.transcript = coding.transcript AND {_OVERLAPS} LIMIT 1) AS speaker "
        "FROM coding JOIN coder ON coder.id = coding.coder JOIN transcript ON transcript.id = coding.transcript "
        "WHERE code = :code AND (:coder IS NULL OR coding.coder = :coder) ORDER BY transcript.name, coding.start, coding.id "
        "LIMIT :most",
        {"code": code, "coder": None if coder is None else coder.id, "most": most},
    )
    return [
        CodingOf(
            id=row["id"],
            coder=row["coder"],
            transcript=row["transcript"],
            name=row["name"],
            utterance=row["number"] or 0,
            speaker=row["speaker"] or "",
            quote=row["quote"],
            good=bool(row["good"]),
        )
        for row in rows
    ]
