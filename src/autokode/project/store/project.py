"""Project: the folder in which interviews are coded, and what was put into it."""

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from autokode.base.errors import DataError, Problem, command_for, failure, quoted
from autokode.base.files import read_bytes, write_whole
from autokode.base.hashing import sha256_of_file
from autokode.base.messages import say
from autokode.base.text_files import read_text
from autokode.corpus.codebook import Codebook
from autokode.corpus.coding import Coding, Segment
from autokode.corpus.readers import Cue
from autokode.corpus.transcript import Transcript
from autokode.corpus.utterance import Utterance
from autokode.project.store import decision_log
from autokode.project.store.database import Database, now
from autokode.project.store.decision_log import Change

FILE, CODEBOOK, MODEL = "autokode.db", "codebook.yaml", "model"
LEAST, MOST = 0.05, 0.95
"""Bounds of a precision that can be asked for."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a transcript came from.

    Attributes:
        id: its number in the project.
        name: the transcript's name.
        office: the group (office, school, …) it belongs to.
        file: the file it was read from.
        file_sha256: SHA-256 of that file's bytes when it was read.
        utterances, answers: how many there are; answers are those that are not an interviewer's.
    """

    id: int
    name: str
    office: str
    file: str
    file_sha256: str
    utterances: int
    answers: int


@dataclass(frozen=True, slots=True)
class Coder:
    """A person who codes; one who codes blind is shown no suggestions and nobody else's codings."""

    id: int
    name: str
    blind: bool


class Project:
    """A folder with `autokode.db`, which holds all that was decided, and `codebook.yaml`, which a person edits.

    >>> project = Project.open("prosjekt")  # doctest: +SKIP
    """

    def __init__(self, folder: Path, database: Database) -> None:
        self.folder = folder
        self.database = database
        self._parsed: tuple[str, Codebook] | None = None
        self._read_at: int | None = None

    @classmethod
    def create(cls, folder: str | Path, codebook: Codebook) -> "Project":
        """Make a project in a new or an existing folder. Folder and file are their owner's alone.

        Raises:
            DataError: there is a project already, or the place cannot be written.
        """
        folder = Path(folder)
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise failure(
                f"kan ikke lages ({error.strerror})",
                f"cannot be made ({error.strerror})",
                where=folder,
                try_next=command_for(error, folder.parent),
            ) from error
        project = cls(folder, Database.create(folder / FILE))
        if not (folder / CODEBOOK).exists():
            codebook.write(folder / CODEBOOK)
        project.use_codebook(codebook)
        return project

    @classmethod
    def open(cls, folder: str | Path) -> "Project":
        """Open a project; its codebook file is read again if it was edited.

        Raises:
            DataError: no project, a newer format, a damaged file, a codebook that cannot be read.
        """
        folder = Path(folder)
        project = cls(folder, Database.open(folder / FILE))
        project.read_codebook()
        return project

    def connected(self) -> contextlib.AbstractContextManager[object]:
        """Hold one connection to the file for whatever this thread reads and writes in the block."""
        return self.database.connected()

    # codebook

    @property
    def codebook(self) -> Codebook:
        """The codebook's newest version."""
        with self.database.reading() as connection:
            row = connection.execute("SELECT sha256, yaml FROM codebook ORDER BY version DESC LIMIT 1").fetchone()
        if row is None:
            mend = f"rm {quoted(self.database.path)} && autokode init {quoted(self.folder)}"
            raise failure(
                "har ingen kodebok; det ble ikke laget ferdig",
                "has no codebook; its making was cut off",
                where=self.database.path,
                try_next=mend,
            )
        if self._parsed is None or self._parsed[0] != row["sha256"]:
            self._parsed = row["sha256"], Codebook.from_yaml(row["yaml"])
        return self._parsed[1]

    def read_codebook(self) -> bool:
        """Take in codebook.yaml if a person changed it; return whether there is a new version.

        Raises:
            DataError: the file cannot be read as a codebook; the version before stays in use.
        """
        path = self.folder / CODEBOOK
        if not path.exists():
            write_whole(path, self.codebook.to_yaml())
        changed = path.stat().st_mtime_ns
        if changed == self._read_at:
            return False
        self._read_at = changed
        return self.use_codebook(Codebook.from_yaml(read_text(path), str(path)))

    def earlier_codebook(self, sha256: str) -> Codebook | None:
        """The version of the codebook with this SHA-256; None if the project never had it."""
        with self.database.reading() as connection:
            row = connection.execute("SELECT yaml FROM codebook WHERE sha256 = ?", (sha256,)).fetchone()
        return None if row is None else Codebook.from_yaml(row["yaml"])

    def use_codebook(self, codebook: Codebook) -> bool:
        """Keep a codebook as the newest version, unless it is that already; return whether it is new."""
        with self.database.writing() as connection:
            last = connection.execute("SELECT sha256 FROM codebook ORDER BY version DESC LIMIT 1").fetchone()
            if last is not None and last["sha256"] == codebook.sha256:
                return False
            values = (codebook.sha256, codebook.to_yaml(), now())
            connection.execute("INSERT INTO codebook (sha256, yaml, added) VALUES (?, ?, ?)", values)
        return True

    def replace_codebook(self, codebook: Codebook) -> None:
        """Put a codebook in place of the one in use, in the file too; the file as it was stays beside it (codebook.yaml.bak)."""
        path = self.folder / CODEBOOK
        if path.exists():
            write_whole(path.with_name(f"{CODEBOOK}.bak"), read_bytes(path))
        codebook.write(path)
        self.use_codebook(codebook)

    # transcripts

    def add(
        self, transcript: Transcript, *, file: str | Path = "", office: str = "", pseudonymised: bool = False
    ) -> bool:
        """Take in a transcript; return False if it is there already, with the same text.

        Args:
            transcript: as `read_transcript` gave it.
            file: the file it was read from, to tell later whether it was changed.
            office: the group (office, school, …) it belongs to; its own name if "".
            pseudonymised: whether all names in it are invented, so that it may be quoted in a report; a transcript that is
                there already is marked so too.

        Raises:
            DataError: a transcript of this name has another text, or the text has characters that no file can hold.
        """
        path = Path(file).absolute() if file else None
        digest = sha256_of_file(path) if path else ""
        about = {
            "labels": transcript.labels,
            "interviewers": list(transcript.interviewers),
            "cues": [asdict(cue) for cue in transcript.cues],
            "notes": list(transcript.notes),
            "pseudonymised": pseudonymised,
        }
        try:
            transcript.text.encode("utf-8")
        except UnicodeEncodeError as error:
            raise failure(
                f"tegn {error.start} er ikke et gyldig tegn",
                f"character {error.start} is not a valid one",
                where=transcript.name,
                try_next=f"autokode transcript {quoted(file)}",
            ) from error
        with self.database.writing() as connection:
            there = connection.execute("SELECT sha256 FROM transcript WHERE name = ?", (transcript.name,)).fetchone()
            if there is not None:
                if there["sha256"] == transcript.sha256:
                    if pseudonymised:
                        _mark_pseudonymised(connection, transcript.name)
                    return False
                mend = say("gi filen et annet navn", "give the file another name")
                raise failure(
                    "en transkripsjon med dette navnet er i prosjektet alt, med en annen tekst; den er ikke rørt",
                    "a transcript of this name is in the project already, with another text; it was not touched",
                    where=str(file) or transcript.name,
                    try_next=mend,
                )
            cursor = connection.execute(
                "INSERT INTO transcript (name, office, file, file_sha256, sha256, text, about, added) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    transcript.name,
                    office or transcript.name,
                    str(path or ""),
                    digest,
                    transcript.sha256,
                    transcript.text,
                    json.dumps(about, ensure_ascii=False),
                    now(),
                ),
            )
            connection.executemany(
                "INSERT INTO utterance VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (cursor.lastrowid, i, u.speaker, u.role, u.start, u.end, u.text, u.begin_s, u.end_s, u.question)
                    for i, u in enumerate(transcript.utterances)
                ],
            )
        return True

    @property
    def sources(self) -> list[Source]:
        """The transcripts of the project, in the order of their names."""
        with self.database.reading() as connection:
            rows = connection.execute(
                "SELECT id, name, office, file, file_sha256, count(number) AS utterances, "
                "count(number) FILTER (WHERE role != 'interviewer') AS answers "
                "FROM transcript LEFT JOIN utterance ON utterance.transcript = id GROUP BY id ORDER BY name"
            ).fetchall()
        return [Source(**dict(row)) for row in rows]

    def source(self, name: str) -> Source:
        """Return the transcript of a name.

        Raises:
            DataError: there is none.
        """
        found = [source for source in self.sources if source.name == name]
        if not found:
            names = ", ".join(source.name for source in self.sources) or say("ingen", "none")
            raise failure(
                f"prosjektet har ingen «{name}»; fant {names}",
                f"the project has no «{name}»; found {names}",
                try_next=f"autokode add FIL --project {quoted(self.folder)}",
            )
        return found[0]

    def transcript(self, name: str) -> Transcript:
        """Return a transcript as it was read in.

        Raises:
            DataError: there is none of that name, or its stored text is damaged.
        """
        source = self.source(name)
        with self.database.reading() as connection:
            row = connection.execute("SELECT * FROM transcript WHERE id = ?", (source.id,)).fetchone()
            turns = connection.execute(
                "SELECT * FROM utterance WHERE transcript = ? ORDER BY number", (source.id,)
            ).fetchall()
            about = json.loads(row["about"])
        found = None
        with contextlib.suppress(KeyError, TypeError):  # what stands in it is not what `add` writes
            found = Transcript(
                name=name,
                text=row["text"],
                utterances=tuple(utterance_of(turn) for turn in turns),
                labels=about["labels"],
                interviewers=tuple(about["interviewers"]),
                cues=tuple(Cue(**cue) for cue in about["cues"]),
                notes=tuple(about["notes"]),
            )
        if found is None or found.sha256 != row["sha256"]:
            mend = say("hent tilbake en sikkerhetskopi av autokode.db", "restore a backup of autokode.db")
            raise failure(
                "teksten i prosjektet er skadet", "the text in the project is damaged", where=name, try_next=mend
            )
        return found

    @property
    def pseudonymised(self) -> frozenset[str]:
        """The names of the transcripts that somebody said hold no real names."""
        with self.database.reading() as connection:
            rows = connection.execute(
                "SELECT name FROM transcript WHERE json_extract(about, '$.pseudonymised')"
            ).fetchall()
        return frozenset(row["name"] for row in rows)

    def changed_files(self) -> Iterator[Problem]:
        """Yield what became of the files that transcripts were read from: gone, or no longer the same."""
        for source in self.sources:
            path = Path(source.file)
            if not source.file:
                continue
            if not path.is_file():
                what = say(
                    "filen er borte; prosjektet beholder teksten", "the file is gone; the project keeps the text"
                )
                yield Problem(what, source.file)
            elif sha256_of_file(path) != source.file_sha256:
                what = say(
                    "filen er endret på disk; prosjektet beholder teksten som ble kodet",
                    "the file was changed on disk; the project keeps the text that was coded",
                )
                yield Problem(what, source.file)

    # coders and their codings

    @property
    def coders(self) -> list[Coder]:
        """Everybody who coded, in the order of their first time."""
        with self.database.reading() as connection:
            rows = connection.execute("SELECT id, name, blind FROM coder ORDER BY id").fetchall()
        return [Coder(row["id"], row["name"], bool(row["blind"])) for row in rows]

    def coder(self, name: str, *, blind: bool | None = None) -> Coder:
        """Return the coder of a name, a new one if there is none; `blind` sets whether they code blind."""
        with self.database.writing() as connection:
            connection.execute("INSERT OR IGNORE INTO coder (name) VALUES (?)", (name,))
            if blind is not None:
                connection.execute("UPDATE coder SET blind = ? WHERE name = ?", (int(blind), name))
        return next(coder for coder in self.coders if coder.name == name)

    def add_codings(self, codings: Iterable[Coding], *, complete: bool = True, coder: str = "") -> int:
        """Take in codings made elsewhere; return how many are new.

        Args:
            codings: their quotes must stand at their offsets, as `read_codings(transcripts=…)` sees to.
            complete: whether their coders went through all of these transcripts, so that an answer without a code has none.
            coder: who made those that do not say.

        Raises:
            DataError: a transcript that is not in the project, or a quote that does not stand where it should.
        """
        by_coder: dict[str, list[Coding]] = {}
        for coding in codings:
            by_coder.setdefault(coding.coder or coder or say("ukjent", "unknown"), []).append(coding)
        places = {source.name: source.id for source in self.sources}
        self._check_quotes([coding.segment for own in by_coder.values() for coding in own], places)
        people = {name: self.coder(name).id for name in by_coder}
        new = 0
        with self.database.writing() as connection:
            for name, own in by_coder.items():
                changes = _new_codings(connection, people[name], own, places)
                new += len(changes)
                if complete:
                    read = {places[coding.segment.transcript] for coding in own}
                    changes += [
                        change for place in sorted(read) for change in _all_read(connection, people[name], place)
                    ]
                decision_log.decide(connection, people[name], decision_log.IMPORT, changes)
        return new

    def _check_quotes(self, segments: list[Segment], places: dict[str, int]) -> None:
        names = {segment.transcript for segment in segments}
        texts = {name: self.transcript(name).text for name in names & set(places)}
        problems = list(_misplaced(segments, texts))
        if problems:
            raise DataError(problems, try_next=say("rett kodingene", "mend the codings"))

    def codings(self, coder: str | None = None) -> tuple[Coding, ...]:
        """Return the codings of a coder, or of all, in the order of transcripts and places."""
        with self.database.reading() as connection:
            rows = connection.execute(
                "SELECT coding.transcript AS transcript, start, end, code, coder.name AS coder, time FROM coding "
                "JOIN coder ON coder.id = coding.coder WHERE ? IS NULL OR coder.name = ?",
                (coder, coder),
            ).fetchall()
            texts = {
                row["id"]: (row["name"], row["text"])
                for row in connection.execute("SELECT id, name, text FROM transcript")
            }
        found = []
        for row in rows:
            name, text = texts[row["transcript"]]
            segment = Segment(name, row["start"], row["end"], text[row["start"] : row["end"]])
            found.append(Coding(segment, row["code"], row["coder"], row["time"]))
        return tuple(sorted(found))

    def decisions(self, coder: str | None = None) -> list[decision_log.Decision]:
        """Return the log of what was decided, by one coder or by all, in order."""
        who = None if coder is None else self.coder(coder).id
        with self.database.reading() as connection:
            return decision_log.log(connection, coder=who)

    # settings

    def setting(self, name: str, default: str = "") -> str:
        """Return what was chosen for the page (language, theme, …), or the default."""
        with self.database.reading() as connection:
            row = connection.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
        return default if row is None else str(row["value"])

    @property
    def precision(self) -> float | None:
        """The share of what is suggested that somebody wants to be right; None for the usual (`AutoCoder.predict`)."""
        return precision_in(self.setting("precision"))

    def set(self, name: str, value: str) -> None:
        """Keep a choice."""
        with self.database.writing() as connection:
            connection.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, value))


def precision_in(text: str) -> float | None:
    """Return the precision that a text says, with a decimal point or comma; None if it is no number that can be asked for.

    >>> precision_in("0,8"), precision_in("usual"), precision_in("80")
    (0.8, None, None)
    """
    with contextlib.suppress(ValueError):
        found = float(text.strip().replace(",", "."))
        return found if LEAST <= found <= MOST else None
    return None


def utterance_of(row: Any) -> Utterance:
    """Return the utterance that a row of the table holds."""
    return Utterance(
        speaker=row["speaker"],
        start=row["start"],
        end=row["end"],
        text=row["text"],
        role=row["role"],
        begin_s=row["begin_s"],
        end_s=row["end_s"],
        question=row["question"],
    )


def _mark_pseudonymised(connection: sqlite3.Connection, name: str) -> None:
    connection.execute(
        "UPDATE transcript SET about = json_set(about, '$.pseudonymised', json('true')) WHERE name = ?", (name,)
    )


def _new_codings(
    connection: sqlite3.Connection, coder: int, codings: list[Coding], places: dict[str, int]
) -> list[Change]:
    rows = connection.execute("SELECT transcript, start, end, code FROM coding WHERE coder = ?", (coder,))
    have = {tuple(row) for row in rows}
    first = decision_log.next_coding(connection)
    changes: list[Change] = []
    for coding in codings:
        segment = coding.segment
        place = (places[segment.transcript], segment.start, segment.end, coding.code)
        if place not in have:
            have.add(place)
            where = dict(zip(("transcript", "start", "end", "code"), place, strict=True))
            row = {"id": first + len(changes), "coder": coder, **where, "good": 0, "suggestion": None}
            changes.append(Change("coding", None, {**row, "time": coding.time or now()}))
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


def _misplaced(segments: list[Segment], texts: dict[str, str]) -> Iterator[Problem]:
    for segment in segments:
        if segment.transcript not in texts:
            what = say(f"prosjektet har ingen «{segment.transcript}»", f"the project has no «{segment.transcript}»")
            yield Problem(what)
        elif texts[segment.transcript][segment.start : segment.end] != segment.quote:
            what = say(
                f"sitatet står ikke på {segment.start}–{segment.end}", f"the quote does not stand at {segment.start}"
            )
            yield Problem(what, segment.transcript)
