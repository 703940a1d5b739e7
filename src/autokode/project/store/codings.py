"""Stores codings that were made elsewhere, and gives back those of the project."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping

from autokode.base.errors import Problem
from autokode.base.messages import say
from autokode.corpus.coding import Coding, Segment
from autokode.corpus.model_coder import is_model
from autokode.project.store import decision_log
from autokode.project.store.coders import enrolling
from autokode.project.store.database import Database
from autokode.project.store.decision_log import Change, now
from autokode.project.store.one_coding import put_coding


def take_codings(
    database: Database, by_coder: Mapping[str, Iterable[Coding]], places: Mapping[str, int], *, complete: bool
) -> int:
    """Take in codings, one decision a coder, and count how many are new.

    Args:
        database: the project's.
        by_coder: coder's name → codings, whose quotes stand where they say.
        places: transcript's name → id.
        complete: whether their coders read all answers of these transcripts; no model does.
    """
    new = 0
    with database.writing() as connection:
        for name, own in by_coder.items():
            codings = list(own)
            with enrolling(connection, name) as coder:
                changes = _new_codings(connection, coder, codings, places)
                new += len(changes)
                if complete and not is_model(name):  # a model reads nothing
                    for transcript in sorted({places[coding.segment.transcript] for coding in codings}):
                        changes += _all_read(connection, coder, transcript)
                decision_log.decide(connection, coder, decision_log.IMPORT, changes)
    return new


def codings_in(database: Database, coder: str | None) -> tuple[Coding, ...]:
    """The codings of a coder, or of all, in the order of transcripts and places."""
    with database.reading():
        rows = database.rows(
            "SELECT transcript, start, end, code, coder.name AS coder, time FROM coding "
            "JOIN coder ON coder.id = coding.coder WHERE ? IS NULL OR coder.name = ?",
            (coder, coder),
        )
        texts = {number: (name, text) for number, name, text in database.rows("SELECT id, name, text FROM transcript")}
    found = []
    for transcript, start, end, code, who, time in rows:
        name, text = texts[transcript]
        found.append(Coding(Segment(name, start, end, text[start:end]), code, who, time))
    return tuple(sorted(found))


def misplaced(segments: Iterable[Segment], texts: Mapping[str, str]) -> Iterator[Problem]:
    """Yield the segments whose transcript is not in `texts` (name → text), or whose quote does not stand where they say."""
    for segment in segments:
        if segment.transcript not in texts:
            yield Problem(
                say(f"prosjektet har ingen «{segment.transcript}»", f"the project has no «{segment.transcript}»")
            )
        elif texts[segment.transcript][segment.start : segment.end] != segment.quote:
            what = say(
                f"sitatet står ikke på {segment.start}–{segment.end}", f"the quote does not stand at {segment.start}"
            )
            yield Problem(what, segment.transcript)


def _new_codings(
    connection: sqlite3.Connection, coder: int, codings: list[Coding], places: Mapping[str, int]
) -> list[Change]:
    first = decision_log.next_coding(connection)
    changes: list[Change] = []
    seen = set()
    for coding in codings:
        segment = coding.segment
        place = (places[segment.transcript], segment.start, segment.end, coding.code)
        if place not in seen:
            seen.add(place)
            row = decision_log.coding_row(first + len(changes), coder, place)
            row |= {"suggestion": None, "time": coding.time or now()}
            changes += put_coding(connection, None, row)
    return changes


def _all_read(connection: sqlite3.Connection, coder: int, transcript: int) -> list[Change]:
    rows = connection.execute(
        "SELECT number FROM utterance WHERE transcript = ? AND role != 'interviewer' AND number NOT IN "
        "(SELECT utterance FROM done WHERE coder = ? AND done.transcript = utterance.transcript)",
        (transcript, coder),
    )
    return [
        Change("done", None, {"coder": coder, "transcript": transcript, "utterance": row["number"]}) for row in rows
    ]
