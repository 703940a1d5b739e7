"""Takes interviews out of a project for good, or all of it: texts, codings, decisions, memos, suggestions, vectors, quotes.

What is left is what the project would be if it had never had them. The log keeps that something was removed, when, by whom and
how much. Files are deleted afterwards (`project_files.finish_removal`).
"""

import contextlib
import json
import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace

from autokode.project.store.code_cards import forget_cards
from autokode.project.store.database import Database
from autokode.project.store.decision_log import ALONE, KEPT, REDO, REST, UNDO, Change, Decision, log
from autokode.project.store.log_rewriting import NOBODY, log_removal, rewrite_log
from autokode.project.store.project import Project
from autokode.project.store.project_files import finish_removal, note_closing, note_removal
from autokode.project.store.removed_carried import remove_carried
from autokode.project.store.removed_levels import values_of_these_alone, without_levels
from autokode.project.store.removed_quotes import Quotes, named_with, take_out_of_codebooks
from autokode.project.store.schema import OWN_TABLES, STAYS
from autokode.project.store.step_making import versions_of

_TABLES = ("suggestion", "likely", "vector", "drawn", "utterance", "recording")
"""Tables whose rows belong to a transcript, and that no decision changes; the log amounts to the others."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a removal takes, in numbers.

    Attributes:
        interviews, utterances, suggestions, vectors: how many; `vectors` counts interviews that have them.
        codings: coder's name → how many.
        memos: about the interviews, their utterances and their codings.
        decisions: lines of the log of which nothing is left.
        carried: things kept for other programs.
        quotes: places in the codebook, in other memos and in notes that quote the interviews.
        values: of variables, the interviews' and their speakers'.
        named: names that codes have or had and that are words of the interviews; they stay.
    """

    interviews: int
    utterances: int
    codings: dict[str, int]
    memos: int
    decisions: int
    suggestions: int
    vectors: int
    carried: int
    quotes: int
    values: int
    named: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """The numbers that the log keeps."""
        own = {"interviews": self.interviews, "utterances": self.utterances, "codings": sum(self.codings.values())}
        return {**own, "memos": self.memos, "decisions": self.decisions}


def contents_of(project: Project, names: Collection[str]) -> Contents:
    """What `remove_interviews` would take; nothing is changed.

    Raises:
        DataError: the project lacks one of them, or is not sound.
    """
    with project.database.writing() as connection:
        connection.execute("SAVEPOINT as_it_is")
        taken, _changed = _take_out(connection, project, names)
        connection.execute("ROLLBACK TO as_it_is")
    return taken


def contents(project: Project) -> Contents:
    """What `close_project` takes, but for quotes, which it does not look for."""
    with project.database.reading() as connection:
        everything = {row["id"] for row in connection.execute("SELECT id FROM transcript")}
        own = _counted(connection, _Gone(everything, set(), Quotes((), ())))
        memos, decisions, carried = connection.execute(
            "SELECT (SELECT count(*) FROM memo), (SELECT count(*) FROM decision), (SELECT count(*) FROM carried)"
        ).fetchone()
    return replace(own, memos=memos, decisions=decisions, carried=carried)


def remove_interviews(project: Project, names: Collection[str], *, by: str, coder: int = NOBODY) -> Contents:
    """Take interviews out of a project, and delete the files that hold something of them.

    No coder sees suggestions afterwards before a model learns anew: those there were learnt with the interviews.

    Args:
        project: the project.
        names: of the interviews.
        by: who removes them, for the log.
        coder: the id of `by` among the project's coders.

    Raises:
        DataError: the project lacks one of them or is not sound, and nothing is changed; or a file cannot be deleted, and the
            next command that opens the project tries again.
    """
    with erasing(project.database) as connection:
        taken, changed = _take_out(connection, project, names)
        log_removal(connection, coder, by, taken.counts)
        note_removal(connection, project.folder, learnt=True, codebook=changed)
    finish_removal(project.folder, project.database)
    return taken


def close_project(project: Project) -> None:
    """Delete all that autokode has of a project, but for codebook.yaml, which is a person's own.

    Raises:
        DataError: a file cannot be deleted; the next command that opens the project tries again.
    """
    with erasing(project.database) as connection:
        for name in STAYS:
            connection.execute(f"DROP TRIGGER IF EXISTS {name}")
        for (table,) in connection.execute(OWN_TABLES).fetchall():
            connection.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
        note_closing(connection)
    finish_removal(project.folder, project.database)


def forget_late_learning(project: Project) -> None:
    """Delete what models learnt while an interview was removed, since they may have learnt with it."""
    with erasing(project.database) as connection:
        _forget_learning(connection)
        for table in ("vector", "drawn"):
            connection.execute(f"DELETE FROM {table} WHERE transcript NOT IN (SELECT id FROM transcript)")  # noqa: S608 - ours
        note_removal(connection, project.folder, learnt=True)
    finish_removal(project.folder, project.database)


def _forget_learning(connection: sqlite3.Connection) -> None:
    """Take from every coder the suggestions of models that learnt with what is removed; those decided about stay."""
    kept = " UNION ".join(f"SELECT suggestion FROM {t} WHERE suggestion IS NOT NULL" for t in ("verdict", "coding"))  # noqa: S608
    forget_cards(connection)
    connection.execute("UPDATE coder SET round = NULL")
    connection.execute(f"DELETE FROM suggestion WHERE id NOT IN ({kept})")  # noqa: S608 - our own words
    connection.execute("DELETE FROM likely")
    connection.execute("UPDATE round SET about = json_set(about, '$.order', json('[]'), '$.news', json('{}'))")


@contextlib.contextmanager
def erasing(database: Database) -> Iterator[sqlite3.Connection]:
    """Give a connection to write to, as `Database.writing`, that overwrites what it deletes with zeros."""
    with database.writing() as connection:
        connection.execute("PRAGMA secure_delete = ON")
        yield connection


def _take_out(connection: sqlite3.Connection, project: Project, names: Collection[str]) -> tuple[Contents, bool]:
    """Take transcripts out of every table; give what that is, and whether the codebook in use quoted them."""
    ids = {name: number for number, name in connection.execute("SELECT id, name FROM transcript") if name in names}
    for name in sorted(set(names) - set(ids)):
        project.source(name)  # says which there are
    gone = _Gone.of(connection, set(ids.values()))
    counted = _counted(connection, gone)
    decisions = rewrite_log(connection, gone.left_of)
    carried = remove_carried(connection, ids, gone.codings, gone.is_about, gone.quotes.without)
    named = named_with(connection, gone.quotes)
    codes, changed = take_out_of_codebooks(connection, gone.quotes)
    for table in _TABLES:
        connection.execute(f"DELETE FROM {table} WHERE transcript IN (SELECT value FROM json_each(?))", (gone.ids,))  # noqa: S608
    connection.execute("DELETE FROM transcript WHERE id IN (SELECT value FROM json_each(?))", (gone.ids,))
    _forget_learning(connection)
    quotes = counted.quotes + codes
    return replace(counted, decisions=decisions, carried=carried, quotes=quotes, named=named), changed


@dataclass(frozen=True, slots=True)
class _Gone:
    """Transcripts that are taken out: their ids, the numbers of all codings they ever had, and the words they alone have.

    `levels` are the values of variables that they alone ever had.
    """

    transcripts: set[int]
    codings: set[int]
    quotes: Quotes = field(repr=False)
    levels: frozenset[tuple[int, str]] = frozenset()

    @classmethod
    def of(cls, connection: sqlite3.Connection, transcripts: set[int]) -> "_Gone":
        texts: dict[bool, list[str]] = {True: [], False: []}
        for query in (
            "SELECT id, text FROM transcript",
            "SELECT transcript, group_concat(text, ' ') FROM utterance GROUP BY 1",
        ):
            for transcript, text in connection.execute(query):
                texts[transcript in transcripts].append(text)
        texts[True] += versions_of(connection, transcripts)
        own = values_of_these_alone(connection, transcripts)
        return cls(transcripts, _codings_ever(connection, transcripts), Quotes(texts[True], texts[False]), own)

    @property
    def ids(self) -> str:
        """The transcripts' ids as JSON, for a query."""
        return json.dumps(sorted(self.transcripts))

    def is_about(self, subject: str) -> bool:
        """Whether what a memo is about belongs to the transcripts."""
        kind, _, rest = subject.partition("/")
        number = rest.partition("/")[0]
        among = {"transcript": self.transcripts, "turn": self.transcripts, "coding": self.codings}.get(kind, set())
        return number.isdecimal() and int(number) in among

    def left_of(self, decision: Decision) -> Decision | None:
        """What is left of a decision; None if all it changed belongs to the transcripts."""
        is_line = KEPT in decision.shown or (decision.kind in (*ALONE, UNDO, REDO) and not decision.changes)
        if is_line and decision.transcript not in self.transcripts:
            return decision
        own = [change for change in decision.changes if self.has(change)]
        changes = tuple(change for change in map(self._without_words, decision.changes) if not self.has(change))
        changes = tuple(change for change in changes if change.before != change.after)
        if not changes:
            return replace(decision, changes=()) if decision.kind == REST else None  # that and why it was coded stays
        shown = dict(decision.shown)
        if own and "suggestions" in shown:
            judged = {
                row["suggestion"]
                for change in own
                for row in (change.before, change.after)
                if row and "suggestion" in row
            }
            shown["suggestions"] = [one for one in shown["suggestions"] if one["suggestion"] not in judged]
        transcript, utterance = decision.transcript, decision.utterance
        if transcript in self.transcripts:
            rows = [change.after or change.before or {} for change in changes]
            places = [(row["transcript"], row["utterance"]) for row in rows if "utterance" in row]
            transcript, utterance = places[0] if places else (None, None)
        return replace(decision, transcript=transcript, utterance=utterance, changes=changes, shown=shown)

    def has(self, change: Change) -> bool:
        """Whether a change is of a row about the transcripts."""
        row = change.after or change.before or {}
        return self.is_about(row["about"]) if change.table == "memo" else row.get("transcript") in self.transcripts

    def _without_words(self, change: Change) -> Change:
        """A change without quotes of the transcripts in memos, and without values that they alone had in a variable's order."""
        if change.table == "variable":
            return without_levels(change, self.levels)
        if change.table != "memo":
            return change
        rows = (change.before, change.after)
        before, after = (row and {**row, "text": self.quotes.without(row["text"])} for row in rows)
        return Change(change.table, before, after)


def forget_in_log(connection: sqlite3.Connection, transcripts: set[int]) -> None:
    """Take all that the log holds of transcripts out of it; that there were decisions about them stays.

    Nothing of theirs stands in the tables any more.
    """
    gone = _Gone(transcripts, _codings_ever(connection, transcripts), Quotes((), ()))

    def left(decision: Decision) -> Decision:
        changes = tuple(change for change in decision.changes if not gone.has(change))
        here = decision.transcript in transcripts
        return replace(decision, changes=changes, shown={} if here else decision.shown)

    rewrite_log(connection, left)


def _codings_ever(connection: sqlite3.Connection, transcripts: set[int]) -> set[int]:
    """The numbers of all codings that transcripts ever had."""
    return {
        row["id"]
        for decision in log(connection)
        for change in decision.changes
        for row in (change.before, change.after)
        if change.table == "coding" and row is not None and row["transcript"] in transcripts
    }


def _counted(connection: sqlite3.Connection, gone: _Gone) -> Contents:
    def count(table: str) -> int:
        query = f"SELECT count(*) FROM {table} WHERE transcript IN (SELECT value FROM json_each(?))"  # noqa: S608 - ours
        return int(connection.execute(query, (gone.ids,)).fetchone()[0])

    codings = connection.execute(
        "SELECT name, count(*) FROM coding JOIN coder ON coder.id = coding.coder WHERE transcript IN "
        "(SELECT value FROM json_each(?)) GROUP BY name ORDER BY name",
        (gone.ids,),
    )
    memos = connection.execute("SELECT about, text FROM memo").fetchall()
    own = [memo for memo in memos if gone.is_about(memo["about"])]
    quoting = sum(gone.quotes.without(memo["text"]) != memo["text"] for memo in memos if memo not in own)
    return Contents(
        interviews=len(gone.transcripts),
        utterances=count("utterance"),
        codings=dict(map(tuple, codings)),
        memos=len(own),
        decisions=0,
        suggestions=count("suggestion"),
        vectors=count("vector"),
        carried=0,
        quotes=quoting,
        values=count("value"),
    )
