"""Corrects what a project holds of a transcript that it has: its office, and who speaks where, as a new reading has it.

The text stays: offsets count in it. Who interviews can change at any time. Other utterances can take the place of those that are
there as long as nobody has decided anything in them, since decisions name utterances by their numbers.
"""

import json
import sqlite3

from autokode.base.errors import failure, quoted
from autokode.base.messages import say
from autokode.corpus.transcript import Transcript
from autokode.corpus.utterance import INTERVIEWER, Utterance
from autokode.project.store.decision_log import VARIABLES
from autokode.project.store.project import Project
from autokode.project.store.transcripts import about_of, insert_utterances, utterance_of


def correct(project: Project, transcript: Transcript, *, office: str = "", reread: bool = True) -> tuple[str, ...]:
    """Correct a transcript that the project has, and say what changed; () if nothing did.

    Args:
        project: the project.
        transcript: the same text as it is to be read.
        office: the office it belongs to; "" leaves it.
        reread: whether the transcript's utterances and interviewers are to be those of `transcript`.

    Raises:
        DataError: its utterances are others than those in which somebody decided something.
    """
    source = project.source(transcript.name)
    said = []
    with project.database.writing() as connection:
        if office and office != source.office:
            connection.execute("UPDATE transcript SET office = ? WHERE id = ?", (office, source.id))
            said.append(say(f"gruppe: {source.office} → {office}", f"office: {source.office} → {office}"))
        if reread:
            rows = connection.execute("SELECT * FROM utterance WHERE transcript = ? ORDER BY number", (source.id,))
            said += _reread(project, connection, source.id, transcript, tuple(utterance_of(row) for row in rows))
    return tuple(said)


def _reread(
    project: Project, connection: sqlite3.Connection, number: int, transcript: Transcript, before: tuple[Utterance, ...]
) -> list[str]:
    after = transcript.utterances
    if after == before:
        return []
    same_turns = [_turn(one) for one in before] == [_turn(one) for one in after]
    if not same_turns and _is_decided(connection, number):
        raise failure(
            "noen har bestemt noe i dette intervjuet alt; ytringene kan ikke deles på en annen måte",
            "somebody decided something in this interview already; its utterances cannot be split another way",
            where=transcript.name,
            try_next=say(
                f"ta det inn i et nytt prosjekt: autokode init NYTT; koderne: autokode coders --project {quoted(project.folder)}",
                f"take it into a new project: autokode init NEW; the coders: autokode coders --project {quoted(project.folder)}",
            ),
        )
    made_again = ("suggestion", "likely", "vector", "drawn") if not same_turns else ()
    for table in made_again:
        connection.execute(f"DELETE FROM {table} WHERE transcript = ?", (number,))  # noqa: S608 - our own names
    connection.execute("DELETE FROM utterance WHERE transcript = ?", (number,))
    insert_utterances(connection, number, after)
    kept = json.loads(connection.execute("SELECT about FROM transcript WHERE id = ?", (number,)).fetchone()["about"])
    about = {**kept, **about_of(transcript), "pseudonymised": kept.get("pseudonymised", False)}
    connection.execute("UPDATE transcript SET about = ? WHERE id = ?", (json.dumps(about, ensure_ascii=False), number))
    _clear_questions(connection, number)
    interviewers = ", ".join(transcript.interviewers) or say("ingen", "none")
    turns = say(f"{len(after)} ytringer, før {len(before)}; ", f"{len(after)} utterances, before {len(before)}; ")
    return [turns * (not same_turns) + say(f"intervjuer: {interviewers}", f"interviewer: {interviewers}")]


def _turn(utterance: Utterance) -> tuple[str, int, int]:
    return utterance.speaker, utterance.start, utterance.end


def _is_decided(connection: sqlite3.Connection, number: int) -> bool:
    """Whether a decision of the log is about a transcript, undone or not; an import names it in its changes alone."""
    row = connection.execute(
        "SELECT 1 FROM decision WHERE transcript = ? OR (transcript IS NULL AND kind != ? AND changes LIKE ?) LIMIT 1",
        (number, VARIABLES, f'%"transcript": {number},%'),
    ).fetchone()
    return row is not None


def _clear_questions(connection: sqlite3.Connection, number: int) -> None:
    """Remove the suggestions for turns that are now an interviewer's, unless somebody decided about them."""
    connection.execute(
        "DELETE FROM suggestion WHERE transcript = :number AND utterance IN (SELECT number FROM utterance WHERE "
        "transcript = :number AND role = :role) AND id NOT IN (SELECT suggestion FROM verdict WHERE suggestion IS NOT NULL "
        "UNION SELECT suggestion FROM coding WHERE suggestion IS NOT NULL)",
        {"number": number, "role": INTERVIEWER},
    )
