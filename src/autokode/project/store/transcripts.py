"""Stores transcripts: takes them in, gives them back as they were, and checks the files they were read from."""

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from autokode.base.errors import Problem, failure, quoted
from autokode.base.hashing import sha256_of_file
from autokode.base.messages import say
from autokode.corpus.readers import Cue
from autokode.corpus.transcript import Transcript
from autokode.corpus.utterance import Utterance
from autokode.project.store.database import Database
from autokode.project.store.decision_log import now


@dataclass(frozen=True, slots=True)
class Source:
    """Where a transcript came from.

    Attributes:
        id: its number in the project.
        name: the transcript's name.
        office: the office (school, …) it belongs to.
        file: the file it was read from.
        file_sha256: SHA-256 of that file's bytes when it was read.
        added: when it was taken in, as ISO 8601 in UTC.
        utterances, answers: how many there are; an interviewer's utterances are not answers.
    """

    id: int
    name: str
    office: str
    file: str
    file_sha256: str
    added: str
    utterances: int
    answers: int


def sources_in(database: Database, name: str | None = None) -> list[Source]:
    """Where the transcripts came from, by name; with a name, where the one that is called so did."""
    rows = database.rows(
        "SELECT id, name, office, file, file_sha256, added, count(number) AS utterances, "
        "count(number) FILTER (WHERE role != 'interviewer') AS answers "
        "FROM transcript LEFT JOIN utterance ON utterance.transcript = id "
        "WHERE :name IS NULL OR name = :name GROUP BY id ORDER BY name",
        {"name": name},
    )
    return [Source(*row) for row in rows]


def add_transcript(
    database: Database, transcript: Transcript, *, file: str | Path, office: str, pseudonymised: bool
) -> bool:
    """Take in a transcript, as `Project.add` says; False if it is there already, with the same text.

    Raises:
        DataError: a transcript with this name has another text, or the text has characters that no file can hold.
    """
    path = Path(file).absolute() if file else None
    digest = sha256_of_file(path) if path else ""
    about = {**about_of(transcript), "pseudonymised": pseudonymised}
    _check_characters(transcript, file)
    with database.writing() as connection:
        there = connection.execute("SELECT sha256 FROM transcript WHERE name = ?", (transcript.name,)).fetchone()
        if there is not None:
            if there["sha256"] != transcript.sha256:
                raise failure(
                    "en transkripsjon med dette navnet er i prosjektet alt, med en annen tekst; den er ikke rørt",
                    "a transcript of this name is in the project already, with another text; it was not touched",
                    where=str(file) or transcript.name,
                    try_next=say("gi filen et annet navn", "give the file another name"),
                )
            if pseudonymised:
                mark = "UPDATE transcript SET about = json_set(about, '$.pseudonymised', json('true')) WHERE name = ?"
                connection.execute(mark, (transcript.name,))
            return False
        head = (transcript.name, office or transcript.name, str(path or ""), digest, transcript.sha256, transcript.text)
        number = connection.execute(
            "INSERT INTO transcript (name, office, file, file_sha256, sha256, text, about, added) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (*head, json.dumps(about, ensure_ascii=False), now()),
        ).lastrowid
        assert number is not None  # noqa: S101 - SQLite numbers every row
        insert_utterances(connection, number, transcript.utterances)
    return True


def about_of(transcript: Transcript) -> dict[str, Any]:
    """What a project keeps of a transcript beside its text and its utterances, as plain data."""
    return {
        "labels": transcript.labels,
        "interviewers": list(transcript.interviewers),
        "cues": [asdict(cue) for cue in transcript.cues],
        "notes": list(transcript.notes),
    }


def insert_utterances(connection: sqlite3.Connection, number: int, utterances: Iterable[Utterance]) -> None:
    """Write the utterances of the transcript with this number."""
    connection.executemany(
        "INSERT INTO utterance VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (number, i, u.speaker, u.role, u.start, u.end, u.text, u.begin_s, u.end_s, u.question)
            for i, u in enumerate(utterances)
        ],
    )


def _check_characters(transcript: Transcript, file: str | Path) -> None:
    try:
        transcript.text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise failure(
            f"tegn {error.start} er ikke et gyldig tegn",
            f"character {error.start} is not a valid one",
            where=transcript.name,
            try_next=f"autokode transcript {quoted(file)}",
        ) from error


def stored_transcript(database: Database, source: Source) -> Transcript:
    """A transcript as it was read in.

    Raises:
        DataError: its stored text is damaged.
    """
    with database.reading():
        row = database.rows("SELECT * FROM transcript WHERE id = ?", (source.id,))[0]
        turns = database.rows("SELECT * FROM utterance WHERE transcript = ? ORDER BY number", (source.id,))
        about = json.loads(row["about"])
    found = None
    with contextlib.suppress(KeyError, TypeError):  # `add_transcript` did not write this
        found = Transcript(
            name=source.name,
            text=row["text"],
            utterances=tuple(utterance_of(turn) for turn in turns),
            labels=about["labels"],
            interviewers=tuple(about["interviewers"]),
            cues=tuple(Cue(**cue) for cue in about["cues"]),
            notes=tuple(about["notes"]),
        )
    if found is None or found.sha256 != row["sha256"]:
        raise failure(
            "teksten i prosjektet er skadet",
            "the text in the project is damaged",
            where=source.name,
            try_next=say("hent tilbake en sikkerhetskopi av autokode.db", "restore a backup of autokode.db"),
        )
    return found


def text_hashes(database: Database) -> Iterator[tuple[int, str]]:
    """Yield (id, SHA-256 of the text) of every transcript."""
    yield from (tuple(row) for row in database.rows("SELECT id, sha256 FROM transcript ORDER BY id"))


def utterance_of(row: Any) -> Utterance:
    """The utterance that a row of the table holds."""
    return Utterance(**{name: row[name] for name in Utterance.__slots__})


def changed_files(sources: Iterable[Source]) -> Iterator[Problem]:
    """Yield the files that transcripts were read from and that are gone or no longer the same."""
    for source in sources:
        path = Path(source.file)
        if not source.file:
            continue
        if not path.is_file():
            what = say("filen er borte; prosjektet beholder teksten", "the file is gone; the project keeps the text")
            yield Problem(what, source.file)
        elif sha256_of_file(path) != source.file_sha256:
            what = say(
                "filen er endret på disk; prosjektet beholder teksten som ble kodet",
                "the file was changed on disk; the project keeps the text that was coded",
            )
            yield Problem(what, source.file)
