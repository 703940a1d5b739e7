"""Reads the memos of a coder with what each is about, also where that is a coding that was removed, or a code that is gone."""

import json
import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from autokode.corpus.codebook import Codebook
from autokode.project.store.coders import Coder
from autokode.project.store.decision_log import Row
from autokode.project.store.project import Project
from autokode.project.store.review_changes import overlapped_by
from autokode.project.store.utterance_rows import reading_order

KINDS = ("project", "code", "transcript", "turn", "coding")
"""What memos are about, in the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class AboutMemo:
    """A memo and what it is about.

    Attributes:
        about: as it is stored: "project", "code/NAME", "transcript/ID", "turn/ID/NUMBER" or "coding/ID".
        text: the memo.
        kind: one of `KINDS`.
        code: the code that it is about, or that the coding has or had; "" for none.
        interview, speaker: names; "" for none.
        transcript, utterance: the place, by id and number; None for none.
        quote: the words that it is about; "" for none.
        gone: whether the coding was removed, or the code is not in the codebook.
    """

    about: str
    text: str = field(repr=False)
    kind: str
    code: str = ""
    interview: str = ""
    speaker: str = ""
    transcript: int | None = None
    utterance: int | None = None
    quote: str = field(default="", repr=False)
    gone: bool = False


def memos_of(project: Project, coder: Coder) -> list[AboutMemo]:
    """A coder's memos: on the project, on codes by name, then on interviews, utterances and codings in reading order."""
    known = project.codebook
    with project.database.reading() as connection:
        rows = connection.execute("SELECT about, text FROM memo WHERE coder = ? ORDER BY about", (coder.id,)).fetchall()
        codings = last_codings(connection, {int(a.split("/")[1]) for a, _ in rows if a.startswith("coding/")})
        found = [_memo(connection, about, text, known, codings) for about, text in rows]
        rank = reading_order(project)
    return sorted(
        found,
        key=lambda one: (
            KINDS.index(one.kind),
            rank.get(one.transcript or 0, -1),
            -1 if one.utterance is None else one.utterance,
            one.code.casefold(),
            one.about,
        ),
    )


def last_codings(connection: sqlite3.Connection, numbers: Collection[int]) -> dict[int, tuple[Row, bool]]:
    """Codings by number: the row that stands or, of those removed, the last row that the log has; and whether it stands."""
    found: dict[int, tuple[Row, bool]] = {}
    for row in connection.execute(
        "SELECT * FROM coding WHERE id IN (SELECT value FROM json_each(?))", (_list(numbers),)
    ):
        found[row["id"]] = (dict(row), True)
    lost = set(numbers) - set(found)
    if lost:
        rows = connection.execute(
            "SELECT coalesce(change.value ->> 2, change.value ->> 1) AS row FROM decision, json_each(changes) AS change "
            "WHERE change.value ->> 0 = 'coding' AND coalesce(change.value ->> '$[2].id', change.value ->> '$[1].id') IN "
            "(SELECT value FROM json_each(?)) ORDER BY decision.id, change.key",
            (_list(lost),),
        )
        found |= {own["id"]: (own, False) for own in (json.loads(row["row"]) for row in rows)}
    return found


def _list(numbers: Collection[int]) -> str:
    return json.dumps(sorted(numbers))


def _memo(
    connection: sqlite3.Connection, about: str, text: str, known: Codebook, codings: Mapping[int, tuple[Row, bool]]
) -> AboutMemo:
    kind, _, rest = about.partition("/")
    if kind == "code":
        return AboutMemo(about, text, kind, code=rest, gone=rest not in known)
    if kind == "coding":
        coding, stands = codings.get(int(rest), ({}, False))
        if not coding:
            return AboutMemo(about, text, kind, gone=True)
        span = (coding["transcript"], coding["start"], coding["end"])
        numbers = overlapped_by(connection, *span)
        name, speaker, said = _said(connection, span[0], numbers[0] if numbers else None, span[1:])
        place = (span[0], numbers[0] if numbers else None)
        return AboutMemo(about, text, kind, coding["code"], name, speaker, *place, said, gone=not stands)
    if kind in ("transcript", "turn"):
        numbers = tuple(map(int, rest.split("/")))
        utterance = numbers[1] if kind == "turn" else None
        name, speaker, said = _said(connection, numbers[0], utterance)
        return AboutMemo(about, text, kind, "", name, speaker, numbers[0], utterance, said)
    return AboutMemo(about, text, "project")


def _said(
    connection: sqlite3.Connection, transcript: int, utterance: int | None, span: tuple[int, ...] = ()
) -> tuple[str, str, str]:
    """The interview's name, the speaker, and the words: of the span, else of the utterance, else none."""
    row = connection.execute(
        "SELECT name, coalesce(speaker, ''), CASE WHEN :size THEN substr(transcript.text, :start + 1, :size) "
        "ELSE coalesce(utterance.text, '') END FROM transcript LEFT JOIN utterance ON utterance.transcript = id "
        "AND number = :number WHERE id = :id",
        {
            "id": transcript,
            "number": utterance,
            "start": span[0] if span else 0,
            "size": span[1] - span[0] if span else 0,
        },
    ).fetchone()
    return tuple(row) if row else ("", "", "")
