"""Suggestions and codings of a whole project, by code, interview, speaker, office, probability and what was decided."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from autokode.base.formatting import shortened
from autokode.project.active_learning.similarity import Place
from autokode.project.store.project import Coder, Project
from autokode.project.store.schema import UNDECIDED
from autokode.project.views.similar_utterances import SHORT

STATES = ("undecided", "accepted", "rejected", "hand", "good")
PAGE = 100
"""Rows of a list, at the most."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What is wanted; "" and None let everything through.

    Attributes:
        code, interview, speaker, office: names.
        least, most: probability, 0–1.
        state: one of `STATES`: suggestions nobody decided about, accepted or rejected ones, codings by hand, good quotes.
    """

    code: str = ""
    interview: str = ""
    speaker: str = ""
    office: str = ""
    least: float | None = None
    most: float | None = None
    state: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Filter":
        """Read a filter from a page's address; what makes no sense is passed over."""
        texts = {name: given.get(name, "").strip() for name in ("code", "interview", "speaker", "office", "state")}
        if texts["state"] not in STATES:
            texts["state"] = ""
        return cls(**texts, least=_share(given.get("least", "")), most=_share(given.get("most", "")))

    @property
    def given(self) -> dict[str, Any]:
        """The parts that were given, for an address."""
        return {name: value for name, value in asdict(self).items() if value not in ("", None)}


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the list: where, who, which code, how sure the model was, and what was decided."""

    place: Place
    transcript: str
    office: str
    speaker: str
    code: str
    probability: float | None
    state: str
    quote: str


_SUGGESTED = (
    "SELECT suggestion.transcript, utterance, suggestion.start, suggestion.end, code, probability, 'undecided' AS state, "
    f"0 AS good {UNDECIDED}"
)
_REFUSED = """
SELECT verdict.transcript, utterance, utterance.start, utterance.end, code, probability, 'rejected', 0 FROM verdict
JOIN utterance ON utterance.transcript = verdict.transcript AND utterance.number = verdict.utterance
WHERE coder = :coder AND said != 'accepted'"""
_CODED = """
SELECT coding.transcript, (SELECT max(number) FROM utterance WHERE utterance.transcript = coding.transcript AND
utterance.start <= coding.start), coding.start, coding.end, coding.code, suggestion.probability,
CASE WHEN coding.suggestion IS NULL THEN 'hand' ELSE 'accepted' END, good
FROM coding LEFT JOIN suggestion ON suggestion.id = coding.suggestion WHERE coding.coder = :coder"""


def lines(project: Project, coder: Coder, wanted: Filter, *, page: int = 0) -> tuple[list[Line], int]:
    """Return a page of what a filter lets through, the least sure first, and how many there are in all."""
    parts = [_SUGGESTED, _REFUSED, _CODED] if not coder.blind else [_CODED]
    where = [
        "(:code = '' OR found.code = :code)",
        "(:interview = '' OR transcript.name = :interview)",
        "(:speaker = '' OR utterance.speaker = :speaker)",
        "(:office = '' OR transcript.office = :office)",
        "(:least IS NULL OR found.probability >= :least)",
        "(:most IS NULL OR found.probability <= :most)",
        "(:state = '' OR found.state = :state OR (:state = 'good' AND found.good = 1))",
    ]
    query = (
        f"FROM ({' UNION ALL '.join(parts)}) AS found JOIN transcript ON transcript.id = found.transcript "
        "JOIN utterance ON utterance.transcript = found.transcript AND utterance.number = found.utterance "
        f"WHERE {' AND '.join(where)}"
    )
    values = {**asdict(wanted), "coder": coder.id, "first": page * PAGE, "rows": PAGE}
    with project.database.reading() as connection:
        whole = connection.execute(f"SELECT count(*) {query}", values).fetchone()[0]
        rows = connection.execute(
            "SELECT found.*, name, office, speaker, utterance.text AS said, utterance.start AS first, transcript.id AS place "
            f"{query} ORDER BY found.state != 'undecided', abs(coalesce(found.probability, 0) - 0.5), name, found.start "
            "LIMIT :rows OFFSET :first",
            values,
        ).fetchall()
    found = []
    for row in rows:
        quote = row["said"][max(0, row["start"] - row["first"]) : row["end"] - row["first"]]
        place = (row["place"], row["utterance"])
        state = "good" if row["good"] else row["state"]
        found.append(
            Line(
                place,
                row["name"],
                row["office"],
                row["speaker"],
                row["code"],
                row["probability"],
                state,
                shortened(quote, SHORT),
            )
        )
    return found, whole


def open_places(project: Project, coder: Coder, wanted: Filter | None = None) -> list[Place]:
    """Return the answers a coder has not read yet; with a filter only those with an undecided suggestion it lets through."""
    with project.database.reading() as connection:
        rows = connection.execute(
            "SELECT transcript, number FROM utterance WHERE role != 'interviewer' AND NOT EXISTS (SELECT 1 FROM done WHERE "
            "coder = ? AND done.transcript = utterance.transcript AND done.utterance = utterance.number)",
            (coder.id,),
        ).fetchall()
        left = [(row["transcript"], row["number"]) for row in rows]
        if wanted is None or not wanted.given:
            return left
        values = {**asdict(wanted), "coder": coder.id}
        through = {
            (row["transcript"], row["utterance"])
            for row in connection.execute(
                f"SELECT found.transcript, found.utterance FROM ({_SUGGESTED}) AS found JOIN transcript ON "  # noqa: S608
                "transcript.id = found.transcript JOIN utterance ON utterance.transcript = found.transcript AND "
                "utterance.number = found.utterance WHERE (:code = '' OR found.code = :code) AND (:interview = '' OR "
                "name = :interview) AND (:speaker = '' OR speaker = :speaker) AND (:office = '' OR office = :office) AND "
                "(:least IS NULL OR probability >= :least) AND (:most IS NULL OR probability <= :most)",
                values,
            )
        }
    return [place for place in left if place in through]


def _share(text: str) -> float | None:
    try:
        value = float(text.replace(",", ".").rstrip("% "))
    except ValueError:
        return None
    value = value / 100 if value > 1 else value
    return value if 0 <= value <= 1 else None
