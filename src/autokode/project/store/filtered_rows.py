"""Reads suggestions and codings of a whole project by filter: code, interview, speaker, office, value of a variable …"""

from dataclasses import asdict, dataclass, field
from typing import Any

from autokode.project.store.coders import Coder
from autokode.project.store.project import Project
from autokode.project.store.schema import UNDECIDED, overlap_sql
from autokode.project.store.utterance_rows import UtteranceId
from autokode.project.store.variables import HAS_VALUE, in_filter


@dataclass(frozen=True, slots=True)
class Filter:
    """Which suggestions and codings to show; "" and None let everything through.

    Attributes:
        code, interview, speaker, office: names.
        least, most: bounds of the probability, 0–1.
        having: a value of a variable, as `variables.having` names it, of who speaks.
        state: "undecided", "accepted" or "rejected" for suggestions; "hand" for codings made without one; "good" for good quotes.
    """

    code: str = ""
    interview: str = ""
    speaker: str = ""
    office: str = ""
    having: str = ""
    least: float | None = None
    most: float | None = None
    state: str = ""

    @property
    def given(self) -> dict[str, Any]:
        """The fields that were given, for an address."""
        return {name: value for name, value in asdict(self).items() if value not in ("", None)}


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the list: where, who, which code, how sure the model was, what was decided, and the text.

    A coding outside the utterances stands at the one before it (or the first), and has no speaker.
    """

    place: UtteranceId
    transcript: str
    office: str
    speaker: str
    code: str
    probability: float | None
    state: str
    quote: str = field(repr=False)


_SUGGESTED = (
    "SELECT suggestion.transcript, utterance, suggestion.start, suggestion.end, code, probability, 'undecided' AS state, "
    f"0 AS good {UNDECIDED}"
)
_REJECTED = """
SELECT verdict.transcript, utterance, utterance.start, utterance.end, code, probability, 'rejected', 0 FROM verdict
JOIN utterance ON utterance.transcript = verdict.transcript AND utterance.number = verdict.utterance
WHERE coder = :coder AND said != 'accepted'"""
_OVERLAPS = overlap_sql("utterance.start", "utterance.end", "coding.start", "coding.end")
_CODED = f"""
SELECT coding.transcript, coalesce(
    (SELECT min(number) FROM utterance WHERE utterance.transcript = coding.transcript AND {_OVERLAPS}),
    (SELECT max(number) FROM utterance WHERE utterance.transcript = coding.transcript AND utterance.start <= coding.start),
    (SELECT min(number) FROM utterance WHERE utterance.transcript = coding.transcript)) AS utterance,
coding.start, coding.end, coding.code, suggestion.probability,
CASE WHEN coding.suggestion IS NULL THEN 'hand' ELSE 'accepted' END AS state, good
FROM coding LEFT JOIN suggestion ON suggestion.id = coding.suggestion WHERE coding.coder = :coder"""  # noqa: S608
"""A coding is listed at the first utterance it overlaps; one that overlaps none, at the one before it, or else at the first."""
_OUTSIDE = (
    f"NOT {overlap_sql('found.start', 'found.end', 'utterance.start', 'utterance.end')}"
    " AS outside, substr(transcript.text, found.start + 1, found.end - found.start) AS whole"
)
"""Whether a row lies outside the utterance that it is listed at, and its text in the transcript."""

_THROUGH = (
    "(:code = '' OR found.code = :code) AND (:interview = '' OR transcript.name = :interview) AND "
    "(:speaker = '' OR utterance.speaker = :speaker) AND (:office = '' OR transcript.office = :office) AND "
    f"(:having = '' OR {HAS_VALUE}) AND "
    "(:least IS NULL OR found.probability >= :least) AND (:most IS NULL OR found.probability <= :most)"
)


def filtered_lines(project: Project, coder: Coder, wanted: Filter, *, first: int, rows: int) -> tuple[list[Line], int]:
    """Read at most `rows` rows that a filter lets through, the least sure first, from number `first` on; and count all."""
    parts = [_CODED] if coder.blind else [_SUGGESTED, _REJECTED, _CODED]
    query = (
        f"{_from(' UNION ALL '.join(parts))} AND "
        "(:state = '' OR found.state = :state OR (:state = 'good' AND found.good = 1))"
    )
    values = {
        **asdict(wanted),
        **in_filter(wanted.having),
        "coder": coder.id,
        "codable": project.codable,
        "first": first,
        "rows": rows,
    }
    with project.database.reading():
        whole = project.database.number(f"SELECT count(*) {query}", values)
        found = project.database.rows(
            f"SELECT found.*, name, office, speaker, utterance.text AS said, utterance.start AS first, {_OUTSIDE} "
            f"{query} ORDER BY found.state != 'undecided', abs(coalesce(found.probability, 0) - 0.5), name, found.start "
            "LIMIT :rows OFFSET :first",
            values,
        )
    return [_line(row) for row in found], whole


def undecided_through(project: Project, coder: Coder, wanted: Filter) -> set[UtteranceId]:
    """The utterances with an undecided suggestion that a filter lets through, whatever its `state`."""
    values = {**asdict(wanted), **in_filter(wanted.having), "coder": coder.id, "codable": project.codable}
    rows = project.database.rows(f"SELECT found.transcript, found.utterance {_from(_SUGGESTED)}", values)
    return {(transcript, utterance) for transcript, utterance in rows}


def _from(found: str) -> str:
    return (
        f"FROM ({found}) AS found JOIN transcript ON transcript.id = found.transcript "
        "JOIN utterance ON utterance.transcript = found.transcript AND utterance.number = found.utterance "
        f"WHERE {_THROUGH}"
    )


def _line(row: Any) -> Line:
    return Line(
        place=(row["transcript"], row["utterance"]),
        transcript=row["name"],
        office=row["office"],
        speaker="" if row["outside"] else row["speaker"],
        code=row["code"],
        probability=row["probability"],
        state="good" if row["good"] else row["state"],
        quote=row["whole"]
        if row["outside"]
        else row["said"][max(0, row["start"] - row["first"]) : row["end"] - row["first"]],
    )
