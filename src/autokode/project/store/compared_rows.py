"""What two coders gave to each answer, read in few rows: no text is read but where they differ."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from autokode.corpus.overlap import overlapped_in
from autokode.project.store.coders import Coder
from autokode.project.store.project import Project
from autokode.project.store.utterance_rows import UtteranceId


@dataclass(frozen=True, slots=True)
class Places:
    """Where the utterances of a transcript are: their starts and ends, in order, and which of them are answers."""

    starts: list[int]
    ends: list[int]
    answers: frozenset[int]


@dataclass(frozen=True, slots=True)
class Done:
    """What a coder did in a transcript: the answers that they read or gave a code, and utterance → its codes."""

    known: frozenset[int]
    codes: dict[int, set[str]]


def places_in(project: Project) -> dict[int, Places]:
    """Transcript's id → where its utterances are."""
    rows = project.database.rows(
        "SELECT transcript, json_group_array(start), json_group_array(end), json_group_array(role != 'interviewer') "
        "FROM (SELECT * FROM utterance ORDER BY transcript, number) GROUP BY transcript"
    )
    found = {}
    for transcript, *columns in rows:
        starts, ends, answers = map(json.loads, columns)
        found[transcript] = Places(starts, ends, frozenset(i for i, so in enumerate(answers) if so))
    return found


def done_by(project: Project, coder: Coder, places: dict[int, Places]) -> dict[int, Done]:
    """Transcript's id → what a coder did there; codes as the codings name them."""
    query = "SELECT transcript, json_group_array(utterance) FROM done WHERE coder = ? GROUP BY transcript"
    read = {transcript: set(json.loads(numbers)) for transcript, numbers in project.database.rows(query, (coder.id,))}
    codes: dict[int, dict[int, set[str]]] = {}
    query = "SELECT transcript, start, end, code FROM coding WHERE coder = ?"
    for transcript, start, end, code in project.database.rows(query, (coder.id,)):
        own, there = places[transcript], codes.setdefault(transcript, {})
        for number in overlapped_in(own.starts, own.ends, start, end):
            there.setdefault(number, set()).add(code)
    return {
        transcript: Done(own.answers & (read.get(transcript, set()) | given.keys()), given)
        for transcript, own in places.items()
        for given in [codes.get(transcript, {})]
    }


def done_by_both(project: Project, first: Coder, second: Coder) -> tuple[dict[int, Done], dict[int, Done]]:
    """What each of two coders did in each transcript, both of one moment."""
    with project.database.reading():
        places = places_in(project)
        return done_by(project, first, places), done_by(project, second, places)


def asked_and_said(project: Project, places: Iterable[UtteranceId]) -> dict[UtteranceId, tuple[str, str]]:
    """Place → the question that the utterance there answers, "" for none, and its text."""
    query = (
        "SELECT coalesce(asked.text, ''), own.text FROM utterance AS own LEFT JOIN utterance AS asked ON "
        "asked.transcript = own.transcript AND asked.number = own.question WHERE own.transcript = ? AND own.number = ?"
    )
    with project.database.reading() as connection:
        return {place: tuple(connection.execute(query, place).fetchone()) for place in places}
