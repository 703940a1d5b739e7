"""Takes back the last import or the like, whole (`step_making`). What was changed since stays, and is said."""

import itertools
import json
import sqlite3
from collections import Counter
from dataclasses import dataclass, field

from autokode.base.errors import failure, quoted
from autokode.base.formatting import counted
from autokode.base.messages import say
from autokode.corpus.codebook import Codebook
from autokode.project.store.correction_undoing import last_turn, turn_interview
from autokode.project.store.decision_log import (
    INTERVIEW,
    UNDO,
    Change,
    decide,
    decisions_of,
    insert_into,
    is_held,
    key_of,
    row_of,
)
from autokode.project.store.decision_rows import codes_used
from autokode.project.store.one_coding import put_coding
from autokode.project.store.project import Project
from autokode.project.store.removal import forget_in_log
from autokode.project.store.step_making import KEYS, Noted, row_at, row_hash, turn_step
from autokode.project.store.undoing import as_called_now, let_stand

_BELONGING = ("suggestion", "likely", "vector", "drawn", "utterance", "recording")
"""Tables whose rows go with a transcript, beside those of decisions."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step that can be taken back.

    Attributes:
        id: its number.
        time: when, as ISO 8601 in UTC.
        kind: "add", "import" or "interview".
        first, last: the numbers around its decisions: after `first`, up to `last`.
        rows: the other rows it changed.
    """

    id: int
    time: str
    kind: str
    first: int
    last: int
    rows: tuple[Noted, ...] = field(repr=False)

    @property
    def interviews(self) -> list[int]:
        """The ids of the transcripts it added."""
        return [row.key[0] for row in self.rows if row.table == "transcript" and row.before is None]


@dataclass
class TakenBack:
    """What taking back a step did.

    Attributes:
        interviews: how many transcripts are gone again.
        codings: how many codings are gone again.
        kept: sentences on what was changed since, and stays.
    """

    interviews: int = 0
    codings: int = 0
    kept: list[str] = field(default_factory=list)


def last_step(project: Project) -> Step | None:
    """The last step that was not taken back; None if there is none."""
    rows = project.database.rows("SELECT * FROM step WHERE NOT undone ORDER BY id DESC LIMIT 1")
    if not rows:
        return None
    given = {name: rows[0][name] for name in ("id", "time", "kind", "first", "last")}
    noted = (Noted(table, tuple(key), before, after) for table, key, before, after in json.loads(rows[0]["rows"]))
    return Step(**given, rows=tuple(noted))


def decisions_in(project: Project, step: Step) -> dict[str, int]:
    """Coder's name → how many decisions of a step are theirs."""
    query = (
        "SELECT name, count(*) FROM decision JOIN coder ON coder.id = coder WHERE decision.id > ? AND decision.id <= ? "
        "GROUP BY name ORDER BY name"
    )
    return dict(map(tuple, project.database.rows(query, (step.first, step.last))))


def take_back_step(project: Project) -> TakenBack:
    """Take back the last step; what was changed since stays.

    Raises:
        DataError: there is no step to take back.
    """
    done = TakenBack()
    with project.database.together() as connection:
        step = last_step(project)
        if step is None:
            raise failure(
                "ingen import å ta tilbake",
                "no import to take back",
                where=project.folder,
                try_next=f"autokode status --project {quoted(project.folder)}",
            )
        if step.kind == INTERVIEW:  # whole, or not at all: codings stand in the text that it brought
            _take_back_change(connection, step)
            return done
        _take_back_decisions(connection, step, done)
        _take_back_codebook(project, connection, step, done)
        _take_back_interviews(connection, step, done)
        _take_back_rows(connection, step, done)
        own = "decision IN (SELECT id FROM decision WHERE id > ? AND id <= ?)"
        connection.execute(f"UPDATE undone SET lost = 1 WHERE {own}", (step.first, step.last))  # noqa: S608 - our own words
        connection.execute("UPDATE step SET undone = 1 WHERE id = ?", (step.id,))
        gone = {number for number in step.interviews if row_at(connection, "transcript", [number]) is None}
        if gone:
            forget_in_log(connection, gone)
    project.write_codebook_file()
    return done


def _take_back_change(connection: sqlite3.Connection, step: Step) -> None:
    """Take back a decision about an interview.

    Raises:
        DataError: what it changed was changed since.
    """
    query = "SELECT * FROM decision WHERE id > ? AND id <= ? AND kind = ?"
    made = decisions_of(connection, query, (step.first, step.last, INTERVIEW))
    if not made:
        turn_step(connection, step.id)
    for decision in made:
        last = last_turn(connection, decision)
        back = [change.reversed() for change in reversed(as_called_now(connection, last))]
        back = turn_interview(connection, decision, step.id, back)
        place = (decision.transcript, None)
        decide(connection, decision.coder, UNDO, back, place=place, of=decision.id, alone=True)
        let_stand(connection, [decision])


def _take_back_decisions(connection: sqlite3.Connection, step: Step, done: TakenBack) -> None:
    """Undo what still fits of a step's decisions, the last first; they are not made again."""
    query = (
        "SELECT * FROM decision WHERE id > ? AND id <= ? AND kind NOT IN ('undo', 'redo', 'rename') "
        "AND id NOT IN (SELECT decision FROM undone) ORDER BY id DESC"
    )
    left: Counter[str] = Counter()
    for decision in decisions_of(connection, query, (step.first, step.last)):
        back = [change.reversed() for change in reversed(as_called_now(connection, decision))]
        fits = [_fits(connection, change) for change in back]
        fitting = list(itertools.compress(back, fits))
        left.update(change.table for change, holds in zip(back, fits, strict=True) if not holds)
        place = (decision.transcript, decision.utterance)
        decide(connection, decision.coder, UNDO, fitting, place=place, of=decision.id)
        let_stand(connection, [decision])
        done.codings += sum(change.table == "coding" and change.after is None for change in fitting)
    done.kept += [_said_of(table, count) for table, count in left.items()]


def _fits(connection: sqlite3.Connection, change: Change) -> bool:
    row = change.before or change.after
    if row is None or row_of(connection, change.table, *key_of(change.table, row)) != change.before:
        return False
    if change.table != "coding" or change.after is None:
        return is_held(connection, change)
    return put_coding(connection, change.before, change.after) == [change]


def _said_of(table: str, count: int) -> str:
    names = {
        "coding": (("koding", "kodinger"), ("coding", "codings")),
        "verdict": (("svar på et forslag", "svar på forslag"), ("answer on a suggestion", "answers on suggestions")),
        "done": (("lesemerke", "lesemerker"), ("read mark", "read marks")),
        "memo": (("notat", "notater"), ("memo", "memos")),
        "resolution": (("oppgjør", "oppgjør"), ("settled answer", "settled answers")),
        "variable": (("variabel", "variabler"), ("variable", "variables")),
        "value": (("verdi av en variabel", "verdier av variabler"), ("value of a variable", "values of variables")),
    }
    norsk, english = names[table]
    return say(
        f"{counted(count, *norsk)} er endret siden, og står", f"{counted(count, *english)} changed since, and left"
    )


def _take_back_codebook(project: Project, connection: sqlite3.Connection, step: Step, done: TakenBack) -> None:
    """Put the codebook of before in use again, unless it was changed since or its codes are used."""
    versions = [row for row in step.rows if row.table == "codebook" and row.before is None]
    if not versions:
        return
    newest = connection.execute("SELECT * FROM codebook ORDER BY version DESC LIMIT 1").fetchone()
    first = versions[0].key[0]
    earlier = connection.execute(
        "SELECT * FROM codebook WHERE version < ? ORDER BY version DESC LIMIT 1", (first,)
    ).fetchone()
    if earlier is None or newest["version"] != versions[-1].key[0]:
        done.kept.append(say("kodeboken er endret siden, og står", "the codebook was changed since, and stays"))
        return
    codebook = Codebook.from_yaml(earlier["yaml"], may_be_empty=True)
    lost = {code.name for code in project.codebook} - {code.name for code in codebook}
    used = sorted(lost & set(codes_used(project)))
    if used:
        shown = ", ".join(f"«{code}»" for code in used[:3])
        done.kept.append(say(f"kodeboken står: {shown} er i bruk", f"the codebook stays: {shown} is in use"))
        return
    project.put_codebook(codebook)


def _take_back_interviews(connection: sqlite3.Connection, step: Step, done: TakenBack) -> None:
    """Take the step's transcripts out again, but for those of which something is stored."""
    for number in step.interviews:
        name = connection.execute("SELECT name FROM transcript WHERE id = ?", (number,)).fetchone()
        if name is None:
            continue
        if _is_used(connection, number):
            kept = say(
                f"«{name[0]}» står: noen har kodet i det siden, eller gitt det verdier",
                f"«{name[0]}» stays: somebody has coded in it since, or gave it values",
            )
            done.kept.append(kept)
            continue
        for table in _BELONGING:
            connection.execute(f"DELETE FROM {table} WHERE transcript = ?", (number,))  # noqa: S608 - our own names
        connection.execute("DELETE FROM transcript WHERE id = ?", (number,))
        done.interviews += 1
    if done.interviews:  # the reading order names utterances of transcripts that are gone
        connection.execute("UPDATE round SET about = json_set(about, '$.order', json('[]'))")


def _is_used(connection: sqlite3.Connection, transcript: int) -> bool:
    """Whether something that somebody decided is about a transcript."""
    facts = [f"SELECT 1 FROM {t} WHERE transcript = :id" for t in ("coding", "verdict", "done", "resolution", "value")]  # noqa: S608
    facts.append("SELECT 1 FROM memo WHERE about = 'transcript/' || :id OR about LIKE 'turn/' || :id || '/%'")
    return connection.execute(" UNION ALL ".join(facts), {"id": transcript}).fetchone() is not None


def _take_back_rows(connection: sqlite3.Connection, step: Step, done: TakenBack) -> None:
    """Put the other rows back as they were, but for those that were changed since."""
    new = set(step.interviews)
    changed = 0
    for row in reversed(step.rows):
        if row.table == "codebook" or (row.table in ("transcript", "utterance") and row.key[0] in new):
            continue
        if row_hash(row_at(connection, row.table, row.key)) != row.after:
            changed += 1
            continue
        where = " AND ".join(f"{column} = ?" for column in KEYS[row.table])
        connection.execute(f"DELETE FROM {row.table} WHERE {where}", row.key)  # noqa: S608 - our own names
        if row.before is not None:
            connection.execute(insert_into(row.table, row.before), tuple(row.before.values()))
    if changed:
        done.kept.append(
            say(f"{changed} andre ting er endret siden, og står", f"{changed} other things were changed since")
        )
