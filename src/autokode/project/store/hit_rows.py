"""Reads what a search shows of the utterances it found: who says what, the question before, the coder's codings and memos."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from autokode.project.store.coders import Coder
from autokode.project.store.project import Project
from autokode.project.store.schema import overlap_sql
from autokode.project.store.utterance_rows import UtteranceId


@dataclass(frozen=True, slots=True)
class HitRow:
    """An utterance that was found.

    Attributes:
        place: (transcript's id, utterance's number).
        interview, office: names.
        speaker, role, start, text: of the utterance.
        question: the text that it answers; "" for none.
        codes: those that the coder gave there, in the order of the text.
        memo: whether the coder has a memo on it.
    """

    place: UtteranceId
    interview: str
    office: str
    speaker: str
    role: str
    start: int
    text: str = field(repr=False)
    question: str = field(repr=False)
    codes: tuple[str, ...]
    memo: bool


_QUERY = (
    "SELECT transcript.name, office, utterance.speaker, utterance.role, utterance.start, utterance.text, "
    "coalesce(question.text, '') AS question, memo.text IS NOT NULL AS memo, utterance.end "
    "FROM utterance JOIN transcript ON transcript.id = utterance.transcript "
    "LEFT JOIN utterance AS question ON question.transcript = utterance.transcript AND question.number = utterance.question "
    "LEFT JOIN memo ON memo.coder = ? AND memo.about = 'turn/' || utterance.transcript || '/' || utterance.number "
    "WHERE utterance.transcript = ? AND utterance.number = ?"
)
_CODES = (
    "SELECT code FROM coding WHERE coder = ? AND transcript = ? AND "  # noqa: S608 - our own words
    f"{overlap_sql('start', 'end', '?', '?')} ORDER BY start, id"
)


def hit_rows(project: Project, coder: Coder, places: Sequence[UtteranceId]) -> list[HitRow]:
    """What is shown of utterances, in the order given; those that are gone are left out."""
    found = []
    with project.database.reading() as connection:
        for place in places:
            row = connection.execute(_QUERY, (coder.id, *place)).fetchone()
            if row is None:
                continue
            codes = connection.execute(_CODES, (coder.id, place[0], row["start"], row["end"]))
            own = tuple(dict.fromkeys(code for (code,) in codes))
            name, office, speaker, role, start, text, question, memo, _end = row
            found.append(HitRow(place, name, office, speaker, role, start, text, question, own, bool(memo)))
    return found
