"""What a page shows of utterances: their text in pieces, what is suggested and coded there, and what resembles it."""

import itertools
import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from autokode.corpus.overlap import overlap
from autokode.project.active_learning.similarity import Likeness
from autokode.project.store.project import Coder, Project
from autokode.project.store.schema import NOT_GIVEN, UNDECIDED, overlap_sql
from autokode.project.views.similar_utterances import Examples, Near, Nearest

STRENGTHS = 4
"""Steps in which evidence is marked."""


@dataclass(frozen=True, slots=True)
class Card:
    """A suggestion as shown.

    Attributes:
        id, code, start, end, probability: the suggestion's; the probability is calibrated, 0–1.
        part: the stretch that speaks most for it.
        words: (start, end, strength 1–4, word), strongest first.
        question: what the question adds to the logit.
        explained: whether its evidence is worked out yet.
        unseen: whether the coder has given the code nowhere, so that it is suggested from the codebook alone.
        accepted, rejected: the most similar utterance that was given the code, and the one it was refused for.
    """

    id: int
    code: str
    start: int
    end: int
    part: tuple[int, int]
    probability: float
    words: tuple[tuple[int, int, int, str], ...]
    question: float
    explained: bool
    unseen: bool = False
    accepted: Near | None = None
    rejected: Near | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A coding as shown."""

    id: int
    code: str
    start: int
    end: int
    good: bool
    memo: str
    probability: float | None


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text in which nothing begins or ends.

    Attributes:
        start: code points into the transcript's text.
        text: the stretch; a line break stands alone, as "\\n".
        evidence: suggestion → strength.
        marks: the codings that cover it.
    """

    start: int
    text: str
    evidence: dict[int, int]
    marks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TurnView:
    """An utterance as shown."""

    transcript: int
    number: int
    speaker: str
    role: str
    begin_s: float | None
    start: int
    end: int
    text: str
    question: int | None
    read: bool
    memo: str
    why: str
    cards: tuple[Card, ...]
    marks: tuple[Mark, ...]
    refused: tuple[tuple[str, int | None], ...]
    pieces: tuple[Piece, ...] = field(default=())


def turns_shown(
    project: Project,
    coder: Coder,
    transcript: int,
    *,
    likeness: Likeness | None = None,
    examples: Examples | None = None,
    numbers: Collection[int] | None = None,
) -> list[TurnView]:
    """Return the utterances of a transcript as shown to a coder, all or those with these numbers.

    Raises:
        DataError: the file cannot be read.
    """
    among, values = "", [transcript]
    if numbers is not None:
        among = f" AND number IN ({', '.join('?' * len(numbers))})"
        values += sorted(numbers)
    with project.database.reading() as connection:
        rows = connection.execute(
            f"SELECT * FROM utterance WHERE transcript = ?{among} ORDER BY number",  # noqa: S608 - question marks
            values,
        ).fetchall()
        if not rows:
            return []
        cards = _cards(connection, coder, transcript, [row["number"] for row in rows])
        marks = _marks(connection, coder, transcript, rows[0]["start"], rows[-1]["end"])
        refused = _refused(connection, coder, transcript)
        read = {
            r[0]
            for r in connection.execute(
                "SELECT utterance FROM done WHERE coder = ? AND transcript = ?", (coder.id, transcript)
            )
        }
        why = dict(
            connection.execute(
                "SELECT utterance, why FROM drawn WHERE coder = ? AND transcript = ?", (coder.id, transcript)
            ).fetchall()
        )
        memos = dict(
            connection.execute(
                "SELECT about, text FROM memo WHERE coder = ? AND about LIKE ?", (coder.id, f"turn/{transcript}/%")
            ).fetchall()
        )
        near = Nearest(connection, likeness, examples)
        found = []
        for row in rows:
            place = (transcript, row["number"])
            own = tuple(_beside(card, *near.both(place, card.code)) for card in cards.get(row["number"], ()))
            here = tuple(mark for mark in marks if overlap(mark.start, mark.end, row["start"], row["end"]))
            found.append(
                TurnView(
                    transcript=transcript,
                    number=row["number"],
                    speaker=row["speaker"],
                    role=row["role"],
                    begin_s=row["begin_s"],
                    start=row["start"],
                    end=row["end"],
                    text=row["text"],
                    question=row["question"],
                    read=row["number"] in read,
                    memo=memos.get(f"turn/{transcript}/{row['number']}", ""),
                    why=why.get(row["number"], ""),
                    cards=own,
                    marks=here,
                    refused=tuple(refused.get(row["number"], ())),
                    pieces=tuple(pieces(row["text"], row["start"], own, here)),
                )
            )
    return found


def _beside(card: Card, accepted: Near | None, rejected: Near | None) -> Card:
    return replace(card, accepted=accepted, rejected=rejected)


def pieces(text: str, offset: int, cards: Iterable[Card], marks: Iterable[Mark]) -> Iterator[Piece]:
    """Cut an utterance's text wherever evidence, a coding or a line begins or ends; joined again it is the same text.

    A line end (LF, CR or both) is a piece of its own, whose text is "\\n", since browsers make that of all of them.
    """
    size = len(text)
    cuts = {0, size}
    words = [
        (start - offset, end - offset, card.id, strength)
        for card in cards
        for start, end, strength, _word in card.words
    ]
    spans = [(max(0, mark.start - offset), min(size, mark.end - offset), mark.id) for mark in marks]
    cuts |= {place for start, end, *_rest in (*words, *spans) for place in (start, end) if 0 <= place <= size}
    at = 0
    while at < size:
        if text[at] in "\r\n":
            width = 2 if text[at : at + 2] == "\r\n" else 1
            cuts -= {at + 1} if width == 2 else set()
            cuts |= {at, at + width}
            at += width
        else:
            at += 1
    for start, end in itertools.pairwise(sorted(cuts)):
        evidence = {card: strength for first, last, card, strength in words if first <= start and end <= last}
        covering = tuple(mark for first, last, mark in spans if first <= start and end <= last)
        own = "\n" if text[start] in "\r\n" else text[start:end]
        yield Piece(offset + start, own, evidence, covering)


def _cards(connection: sqlite3.Connection, coder: Coder, transcript: int, numbers: list[int]) -> dict[int, list[Card]]:
    if coder.blind:
        return {}
    rows = connection.execute(
        f"SELECT * {UNDECIDED} AND transcript = :transcript AND utterance BETWEEN :first AND :last AND {NOT_GIVEN} "
        "ORDER BY utterance, probability DESC, id",
        {"coder": coder.id, "transcript": transcript, "first": numbers[0], "last": numbers[-1]},
    )
    seen = {row[0] for row in connection.execute("SELECT DISTINCT code FROM coding WHERE coder = ?", (coder.id,))}
    own = learnt_here(connection, coder)
    found: dict[int, list[Card]] = {}
    for row in rows:
        shown: dict[str, Any] = json.loads(row["evidence"]) if row["evidence"] else {"words": [], "question": 0.0}
        strongest = max((word[2] for word in shown["words"]), default=1.0)
        words = tuple(
            (start, end, max(1, round(STRENGTHS * contribution / strongest)), word)
            for start, end, contribution, word in shown["words"]
        )
        found.setdefault(row["utterance"], []).append(
            Card(
                id=row["id"],
                code=row["code"],
                start=row["start"],
                end=row["end"],
                part=(row["part_start"], row["part_end"]),
                probability=row["probability"],
                words=words,
                question=shown["question"],
                explained=bool(row["evidence"]),
                unseen=own and row["code"] not in seen,
            )
        )
    return found


def learnt_here(connection: sqlite3.Connection, coder: Coder) -> bool:
    """Return whether the round a coder sees learnt from that coder, and not from others (a model that was given)."""
    row = connection.execute(
        "SELECT about ->> 'given' AS given FROM round JOIN coder ON coder.round = round.id WHERE coder.id = ?",
        (coder.id,),
    ).fetchone()
    return row is not None and not row["given"]


def _marks(connection: sqlite3.Connection, coder: Coder, transcript: int, start: int, end: int) -> list[Mark]:
    within = overlap_sql("coding.start", "coding.end", "?", "?")
    rows = connection.execute(
        "SELECT coding.*, suggestion.probability, memo.text AS memo FROM coding LEFT JOIN suggestion ON "  # noqa: S608
        "suggestion.id = coding.suggestion LEFT JOIN memo ON memo.coder = coding.coder AND "
        f"memo.about = 'coding/' || coding.id WHERE coding.coder = ? AND coding.transcript = ? AND {within} "
        "ORDER BY coding.start, coding.id",
        (coder.id, transcript, start, end),
    )
    return [
        Mark(row["id"], row["code"], row["start"], row["end"], bool(row["good"]), row["memo"] or "", row["probability"])
        for row in rows
    ]


def _refused(connection: sqlite3.Connection, coder: Coder, transcript: int) -> dict[int, list[tuple[str, int | None]]]:
    rows = connection.execute(
        "SELECT utterance, code, suggestion FROM verdict WHERE coder = ? AND transcript = ? AND said != 'accepted' ORDER BY code",
        (coder.id, transcript),
    )
    found: dict[int, list[tuple[str, int | None]]] = {}
    for row in rows:
        found.setdefault(row["utterance"], []).append((row["code"], row["suggestion"]))
    return found
