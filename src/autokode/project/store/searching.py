"""Finds utterances by their words, and by who said them, where, and what a coder decided about them."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from autokode.project.store.coders import Coder
from autokode.project.store.project import Project
from autokode.project.store.schema import overlap_sql
from autokode.project.store.search_query import Query
from autokode.project.store.utterance_rows import UtteranceId, reading_order
from autokode.project.store.variables import HAS_VALUE, in_filter
from autokode.project.store.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Within:
    """Which utterances to search; "" and 0 let everything through.

    Attributes:
        interview: the transcript's id.
        speaker, office: names; " " stands for a speaker without a label.
        having: a value of a variable, as `variables.having` names it, of who speaks.
        code: only utterances to which the coder gave this code.
        role: "answers" for all but the interviewer's, "questions" for the interviewer's.
        decided: "coded" or "uncoded" by the coder; "read" or "unread".
        memo: whether only utterances with a memo of the coder's, on them or on a coding in them.
    """

    interview: int = 0
    speaker: str = ""
    office: str = ""
    having: str = ""
    code: str = ""
    role: str = ""
    decided: str = ""
    memo: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """Where a search found something: the places of one page in reading order, and the number of all, by interview and speaker.

    Attributes:
        places: (transcript's id, utterance's number) of the page.
        count: of all.
        interviews: transcript's id → how many, in reading order.
        speakers: label → how many, the most first.
    """

    places: tuple[UtteranceId, ...]
    count: int
    interviews: Mapping[int, int]
    speakers: Mapping[str, int]


_OWN = "coding.coder = :coder AND coding.transcript = utterance.transcript AND " + overlap_sql(
    "utterance.start", "utterance.end", "coding.start", "coding.end"
)
_CODED = f"EXISTS (SELECT 1 FROM coding WHERE {_OWN})"  # noqa: S608 - our own words
_READ = (
    "EXISTS (SELECT 1 FROM done WHERE done.coder = :coder AND done.transcript = utterance.transcript "
    "AND done.utterance = utterance.number)"
)
_CONDITIONS: dict[tuple[str, object], str] = {
    ("role", "answers"): "utterance.role != 'interviewer'",
    ("role", "questions"): "utterance.role = 'interviewer'",
    ("decided", "coded"): _CODED,
    ("decided", "uncoded"): f"NOT {_CODED}",
    ("decided", "read"): _READ,
    ("decided", "unread"): f"NOT {_READ}",
    ("memo", True): (
        "(EXISTS (SELECT 1 FROM memo WHERE memo.coder = :coder AND memo.about = 'turn/' || utterance.transcript || '/' || "  # noqa: S608
        "utterance.number) OR EXISTS (SELECT 1 FROM memo JOIN coding ON memo.about = 'coding/' || coding.id WHERE "
        f"memo.coder = :coder AND {_OWN}))"
    ),
}
"""(field of `Within`, value) → the condition on an utterance."""

_GIVEN = {
    "interview": "utterance.transcript = :interview",
    "speaker": "utterance.speaker = trim(:speaker)",
    "office": "utterance.transcript IN (SELECT id FROM transcript WHERE office = :office)",
    "having": HAS_VALUE,
    "code": f"EXISTS (SELECT 1 FROM coding WHERE {_OWN} AND coding.code = :code)",  # noqa: S608 - our own words
}
"""Field of `Within` → the condition on an utterance, whatever the value."""


def search(
    project: Project, coder: Coder, query: Query, vocabulary: Vocabulary, within: Within, *, page: range
) -> Found:
    """Find the utterances that a query and a filter let through, in the order of the interviews and their text.

    Args:
        project, coder: whose codings, memos and readings the filter means.
        query: as `read_query` gives it; one of nothing lets everything through that the filter does.
        vocabulary: of the project, as it is now.
        within: the filter.
        page: which of them to give, by their order.
    """
    source, values = _source(coder, query, vocabulary, within)
    with project.database.reading() as connection:
        rank = reading_order(project)
        counts = _counts(connection, source, values)
        interviews: dict[int, int] = {}
        speakers: dict[str, int] = {}
        for transcript, speaker, count in counts:
            interviews[transcript] = interviews.get(transcript, 0) + count
            speakers[speaker] = speakers.get(speaker, 0) + count
        ordered = {one: interviews[one] for one in sorted(interviews, key=lambda one: rank[one])}
        places = _page(connection, source, values, ordered, page)
    most = dict(sorted(speakers.items(), key=lambda one: (-one[1], one[0])))
    return Found(tuple(places), sum(interviews.values()), ordered, most)


def all_places(
    project: Project, coder: Coder, query: Query, vocabulary: Vocabulary, within: Within
) -> set[UtteranceId]:
    """All places that a query and a filter let through."""
    source, values = _source(coder, query, vocabulary, within)
    rows = project.database.rows(f"SELECT utterance.transcript, utterance.number {source}", values)
    return {(transcript, number) for transcript, number in rows}


def _source(coder: Coder, query: Query, vocabulary: Vocabulary, within: Within) -> tuple[str, dict[str, Any]]:
    """The end of a query from FROM on, and its values."""
    given = asdict(within)
    conditions = [_CONDITIONS[field, value] for field, value in given.items() if (field, value) in _CONDITIONS]
    conditions += [condition for field, condition in _GIVEN.items() if given[field]]
    tables = "utterance"
    if query:
        tables = (
            "said CROSS JOIN utterance ON utterance.transcript = said.rowid >> 32 "
            "AND utterance.number = said.rowid & 4294967295"
        )
        conditions.append("said MATCH :match")
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return f"FROM {tables}{where}", {
        **given,
        **in_filter(within.having),
        "coder": coder.id,
        "match": vocabulary.match(query),
    }


def _counts(connection: sqlite3.Connection, source: str, values: Mapping[str, Any]) -> Sequence[tuple[int, str, int]]:
    query = f"SELECT utterance.transcript, utterance.speaker, count(*) {source} GROUP BY 1, 2"
    return [tuple(row) for row in connection.execute(query, values)]


def _page(
    connection: sqlite3.Connection, source: str, values: Mapping[str, Any], interviews: Mapping[int, int], page: range
) -> list[UtteranceId]:
    """The places of a page, out of those interviews alone that are on it."""
    found: list[UtteranceId] = []
    before = 0
    own = f"{source}{' AND ' if ' WHERE ' in source else ' WHERE '}utterance.transcript = :own"
    if "said MATCH" in source:
        own += " AND said.rowid BETWEEN :own << 32 AND (:own << 32) + 4294967295"
    query = f"SELECT utterance.number {own} ORDER BY utterance.number LIMIT :rows OFFSET :skip"
    for transcript, count in interviews.items():
        if before + count > page.start and len(found) < len(page):
            given = {**values, "own": transcript, "rows": len(page) - len(found), "skip": max(0, page.start - before)}
            found += [(transcript, number) for (number,) in connection.execute(query, given)]
        before += count
    return found
