"""Keeps data of other programs that autokode does not use, reads what an export needs, and stores what an import brings."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from autokode.project.store import decision_log
from autokode.project.store.coders import enrolled, enrolling
from autokode.project.store.decision_log import Change, Row, decide, row_of
from autokode.project.store.one_coding import put_coding
from autokode.project.store.project import Project
from autokode.project.store.review_changes import rejections
from autokode.project.store.schema import not_given_sql, not_said_sql
from autokode.project.store.utterance_rows import UtteranceId


@dataclass(frozen=True, slots=True)
class Made:
    """A coding with its origin.

    Attributes:
        id: its number in the project.
        coder, transcript, start, end, code, time, good: the coding.
        probability, model: of the suggestion it came of, and the model's SHA-256; None and "" if a person made it by hand.
    """

    id: int
    coder: str
    transcript: str
    start: int
    end: int
    code: str
    time: str
    good: bool
    probability: float | None
    model: str


@dataclass(frozen=True, slots=True)
class Open:
    """A suggestion that a coder sees and has not decided about."""

    id: int
    coder: str
    transcript: str
    utterance: int
    start: int
    end: int
    code: str
    probability: float
    model: str
    evidence: str = field(repr=False)


def keep(project: Project, things: Mapping[tuple[str, str], Any]) -> None:
    """Keep data by (kind, key), in place of earlier data of the same kind and key."""
    rows = [(*place, json.dumps(data, ensure_ascii=False, sort_keys=True)) for place, data in things.items()]
    with project.database.writing() as connection:
        put = "INSERT INTO carried VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET data = excluded.data WHERE data != excluded.data"
        connection.executemany(put, rows)


def kept(project: Project, kind: str) -> dict[str, Any]:
    """The data kept of one kind: key → data."""
    rows = project.database.rows("SELECT key, data FROM carried WHERE kind = ? ORDER BY key", (kind,))
    return {row["key"]: json.loads(row["data"]) for row in rows}


def made(project: Project) -> list[Made]:
    """Every coding with its origin, in the order of transcripts and places."""
    rows = project.database.rows(
        "SELECT coding.id, coder.name AS coder, transcript.name AS transcript, coding.start, coding.end, coding.code, "
        "coding.time, coding.good, suggestion.probability, round.model FROM coding "
        "JOIN coder ON coder.id = coding.coder JOIN transcript ON transcript.id = coding.transcript "
        "LEFT JOIN suggestion ON suggestion.id = coding.suggestion LEFT JOIN round ON round.id = suggestion.round "
        "ORDER BY transcript.name, coding.start, coding.end, coding.code, coder.name, coding.id"
    )
    return [Made(**{**dict(row), "good": bool(row["good"]), "model": row["model"] or ""}) for row in rows]


def undecided(project: Project) -> list[Open]:
    """Every suggestion that waits: its coder said nothing of it, and did not give its code there; in the order of places."""
    waiting = f"{not_said_sql('coder.id')} AND {not_given_sql('coder.id')}"
    rows = project.database.rows(
        "SELECT suggestion.id, coder.name AS coder, transcript.name AS transcript, suggestion.utterance, suggestion.start, "  # noqa: S608 - ours
        "suggestion.end, suggestion.code, suggestion.probability, round.model, suggestion.evidence FROM suggestion "
        "JOIN round ON round.id = suggestion.round JOIN coder ON coder.round = round.id "
        f"JOIN transcript ON transcript.id = suggestion.transcript WHERE {waiting} "
        "ORDER BY transcript.name, suggestion.start, suggestion.end, suggestion.code, coder.name"
    )
    return [Open(**dict(row)) for row in rows]


def suggestion_owners(project: Project) -> dict[int, str]:
    """The number of every suggestion → the name of the coder it was made for."""
    rows = project.database.rows(
        "SELECT suggestion.id, coder.name FROM suggestion JOIN round ON round.id = suggestion.round "
        "JOIN coder ON coder.id = round.coder"
    )
    return dict(map(tuple, rows))


def read_marks(project: Project) -> dict[tuple[str, int], tuple[int, ...]]:
    """(coder, transcript's id) → numbers of the utterances that the coder has read, in order."""
    found: dict[tuple[str, int], list[int]] = {}
    for coder, transcript, number in project.database.rows(
        "SELECT name, transcript, utterance FROM done JOIN coder ON coder.id = done.coder ORDER BY 1, 2, 3"
    ):
        found.setdefault((coder, transcript), []).append(number)
    return {place: tuple(numbers) for place, numbers in found.items()}


def take_reading(
    project: Project,
    coder: str,
    read: Iterable[UtteranceId],
    verdicts: Iterable[tuple[UtteranceId, str, str, float | None]],
) -> None:
    """Take in what a coder read and said of suggestions elsewhere, in one decision; what is said here already stays.

    Args:
        project, coder: whose they are.
        read: the utterances read.
        verdicts: (utterance, code, what was said, the suggestion's probability).
    """
    with project.database.writing() as connection, enrolling(connection, coder) as who:
        changes = []
        for place in dict.fromkeys(read):
            key: Row = {"coder": who, "transcript": place[0], "utterance": place[1]}
            if row_of(connection, "done", *key.values()) is None:
                changes.append(Change("done", None, key))
        for place, code, said, probability in verdicts:
            key = {"coder": who, "transcript": place[0], "utterance": place[1], "code": code}
            if row_of(connection, "verdict", *key.values()) is None:
                told = {"said": said, "suggestion": None, "probability": probability}
                changes.append(Change("verdict", None, {**key, **told}))
        decide(connection, who, decision_log.IMPORT, changes)


def settled_answers(project: Project) -> list[tuple[str, str, int, int, str, bool]]:
    """What coders settled where they differed: their names, transcript's id, utterance, code, whether it is to have it."""
    rows = project.database.rows(
        "SELECT one.name, other.name, transcript, utterance, code, given FROM resolution "
        "JOIN coder AS one ON one.id = first JOIN coder AS other ON other.id = second ORDER BY 1, 2, 3, 4, 5"
    )
    return [(*tuple(row)[:5], bool(row["given"])) for row in rows]


def take_settled(project: Project, answers: Iterable[tuple[str, str, UtteranceId, str, bool]]) -> None:
    """Take in what two coders settled elsewhere: names, utterance, code, whether it is to have it; what is settled here stays."""
    with project.database.writing() as connection:
        changes: dict[int, list[Change]] = {}
        for one, other, place, code, given in answers:
            first, second = sorted(enrolled(connection, name).id for name in (one, other))
            key: Row = {"first": first, "second": second, "transcript": place[0], "utterance": place[1], "code": code}
            if row_of(connection, "resolution", *key.values()) is None:
                changes.setdefault(first, []).append(Change("resolution", None, {**key, "given": int(given)}))
        for coder, own in changes.items():
            decide(connection, coder, decision_log.IMPORT, own)


def take_notes(project: Project, coder: str, notes: Mapping[str, str], good: Iterable[int] = ()) -> int:
    """Take in a coder's memos and good quotes from elsewhere, in one decision, and count how many are new.

    If the coder has a memo about the same thing, it stays, and the new text goes under it.
    """
    changes = []
    with project.database.writing() as connection, enrolling(connection, coder) as who:
        for about, text in notes.items():
            before = row_of(connection, "memo", who, about)
            if before is not None and f"\n\n{text}\n\n" in f"\n\n{before['text']}\n\n":
                continue
            whole = text if before is None else f"{before['text']}\n\n{text}"
            after: Row = {"coder": who, "about": about, "text": whole}
            changes.append(Change("memo", before, after))
        for coding in good:
            row = row_of(connection, "coding", coding)
            if row is not None and not row["good"]:
                changes.append(Change("coding", row, {**row, "good": 1}))
        decide(connection, who, decision_log.IMPORT, changes)
    return len(changes)


def alter_codings(project: Project, wanted: Mapping[int, Mapping[str, Any]]) -> None:
    """Give codings other codes, places or marks as good quotes, each in one decision of its coder.

    Args:
        project: the project.
        wanted: coding's number → column → what it is to hold; a coding that is gone is left.
    """
    with project.database.writing() as connection:
        for number, columns in wanted.items():
            before = row_of(connection, "coding", number)
            if before is None:
                continue
            after = {**before, **columns}
            changes = put_coding(connection, before, after)
            if after["code"] != before["code"]:
                changes += rejections(connection, before["coder"], before)
            decide(connection, before["coder"], decision_log.IMPORT, changes)
