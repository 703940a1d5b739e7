"""The log of decisions. Each holds the rows it changed, before and after, so that it can be undone.

Seven tables (`FACTS`) hold the result of all decisions, and only decisions change them. A decision is one transaction: its rows
and its line in the log are on disk together, or neither is.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from autokode.base.errors import DataError, Problem, failure
from autokode.base.messages import say

Row = dict[str, Any]

Values = Sequence[Any] | Mapping[str, Any]
"""What stands in a query's question marks, or by name."""

CODED = ("transcript", "start", "end", "code")
"""Columns that say what a coding is: a code on a span."""

FACTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "coding": (("id",), ("coder", *CODED, "good", "suggestion", "time")),
    "verdict": (("coder", "transcript", "utterance", "code"), ("said", "suggestion", "probability")),
    "done": (("coder", "transcript", "utterance"), ()),
    "memo": (("coder", "about"), ("text",)),
    "resolution": (("first", "second", "transcript", "utterance", "code"), ("given",)),
    "variable": (("id",), ("name", "place", "levels")),
    "value": (("transcript", "speaker", "variable"), ("value",)),
}
"""Table → the columns of its key, and the others."""

UNDO, REDO, IMPORT, REPAIR, REMOVAL, RENAME = "undo", "redo", "import", "repair", "removal", "rename"
CODEBOOK = "codebook"
"""Kind of a decision that edits the codebook, which may change the rows of all coders; `shown` says how."""
INTERVIEW = "interview"
"""The kind of a decision about an interview itself: its name, group, interviewers, text or recording. Its step has the rows."""
NAME, OFFICE, INTERVIEWERS, TEXT, RECORDING = "name", "office", "interviewers", "text", "recording"
"""What a decision about an interview changes (`what` among its `shown`)."""
VARIABLES = "variables"
"""The kind of a decision about variables: their values, names and order."""
PSEUDONYMISED, RESTORED = "pseudonymised", "restored"
"""Kinds of lines that say when the whole project got other names, and the old ones again; they change no row themselves."""

SIGHTED = "sighted"
"""Kind of a line that says when a coder stopped to code blind; it changes no row."""

KEEP, KEPT = "keep", "kept"
"""Kind of a decision that something which stands out is right as it is; it changes no row. `kept` among its `shown` says what."""

CARD = "card"
"""Kind of a decision about the card of a proposed code; it changes no row. `card` among its `shown` says what."""

LINES = (KEEP, CARD)
"""Kinds of decision whose line in the log is all there is to them; undoing one, and making it again, says the same."""

DRAW, JUDGE, REST = "draw", "judge", "rest"
"""Kinds of decisions on coding the rest automatically: a sample is drawn, one of it is judged blind, the rest is coded."""

ALONE = (INTERVIEW, *LINES, DRAW, JUDGE, REST)
"""Kinds of decisions that are lines of the log even where they change no row."""

LASTING = (UNDO, REDO, IMPORT, REPAIR, REMOVAL, RENAME, PSEUDONYMISED, RESTORED, SIGHTED)
"""Kinds of decision that undo skips."""


def now() -> str:
    """The time as ISO 8601 in UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class ChangedElsewhereError(DataError):
    """Raised where a row is not what a change says it was before, and where what it is to be cannot be stored."""

    def __init__(self) -> None:
        what = say(
            "dette er endret et annet sted i mellomtiden; ingenting ble gjort",
            "this was changed elsewhere in the meantime; nothing was done",
        )
        super().__init__(Problem(what), try_next=say("last siden på nytt", "load the page again"))


@dataclass(frozen=True, slots=True)
class Change:
    """A row of a table before and after a decision; None if there is no row."""

    table: str
    before: Row | None = field(repr=False)
    after: Row | None = field(repr=False)

    def reversed(self) -> "Change":
        return Change(self.table, self.after, self.before)


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision of the log.

    Attributes:
        id: its number in the log.
        time: when, as ISO 8601 in UTC.
        coder: who, by id; `log_rewriting.NOBODY` for a removal by somebody who is no coder.
        kind: "accept", "reject", "change", "code", "remove", "span", "recode", "good", "memo", "done", "same", "resolve",
            "import", "sighted", "repair", "removal", "rename", "codebook", "interview", "variables", "keep", "card", "draw",
            "judge", "rest", "undo" or "redo".
        transcript, utterance: where, by id and number; None if it belongs to no single place.
        of: the suggestion it is about, or the decision that it undoes or redoes; None for neither.
        changes: the rows before and after.
        shown: what the person saw of the suggestion: probability, evidence, model; of a removal, by whom and how many;
            of a rename, the code's `names`; of an edit of the codebook (and of undoing it, and making it again) the versions
            before and after, as `codebook`, the `kind` of edit, and the `names` or what was `merged` into what; of a decision
            about an interview, `what` it changed; of one that keeps something as it is, what was `kept`; of one about a
            proposed code, the `card`; of those on coding the rest, what `rest_rows` reads.
    """

    id: int
    time: str
    coder: int
    kind: str
    transcript: int | None
    utterance: int | None
    of: int | None
    changes: tuple[Change, ...]
    shown: Mapping[str, Any] = field(repr=False)


def decide(
    connection: sqlite3.Connection,
    coder: int,
    kind: str,
    changes: Iterable[Change],
    *,
    place: tuple[int | None, int | None] = (None, None),
    of: int | None = None,
    shown: Mapping[str, Any] | None = None,
    alone: bool = False,
) -> int | None:
    """Write a decision and the rows it changes, in the caller's transaction; give its number, or None if no row changes.

    A rename and an edit of the codebook are written even so: what reads from the log must know of them; and so is what stands
    `alone`, since its step has the rows, or the line is all there is to it.

    Raises:
        ChangedElsewhereError: a row is not what the change says it was before, two codings of one coder would be the same, or the
            transcript is not there.
    """
    made = tuple(change for change in changes if change.before != change.after)
    if not made and kind != RENAME and CODEBOOK not in (shown or {}) and not alone:
        return None
    for change in made:
        _put(connection, change)
    if kind not in (UNDO, REDO, RENAME, SIGHTED):
        connection.execute(
            "UPDATE undone SET lost = 1 WHERE lost = 0 AND decision IN (SELECT id FROM decision WHERE coder = ?)",
            (coder,),
        )
    rows = [[change.table, change.before, change.after] for change in made]
    texts = (json.dumps(each, ensure_ascii=False) for each in (rows, shown or {}))
    cursor = connection.execute(
        "INSERT INTO decision (time, coder, kind, transcript, utterance, of, changes, shown) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (now(), coder, kind, *place, of, *texts),
    )
    return cursor.lastrowid


def log(connection: sqlite3.Connection, *, after: int = 0, coder: int | None = None) -> list[Decision]:
    """The decisions numbered above `after`, of one coder or of all, in order."""
    query = "SELECT * FROM decision WHERE id > ? AND (? IS NULL OR coder = ?) ORDER BY id"
    return decisions_of(connection, query, (after, coder, coder))


def decisions_of(connection: sqlite3.Connection, query: str, values: Values = ()) -> list[Decision]:
    """The decisions that a query of whole rows of the log finds."""
    return [_decision(row) for row in connection.execute(query, values)]


State = dict[str, dict[tuple[Any, ...], Row]]
"""Table → key → row."""


def replayed(connection: sqlite3.Connection, *, until: str | None = None, last: int | None = None) -> State:
    """The rows that the log amounts to; all decisions together must amount to the rows in the tables (`facts`).

    Args:
        connection: to the project's file.
        until: count decisions before this time only, ISO 8601 in UTC as in `decision_log.now`.
        last: count decisions up to this number only.

    Raises:
        DataError: the log holds something that `decide` does not write.
    """
    state: State = {table: {} for table in FACTS}
    try:
        for decision in log(connection):
            if (until is not None and decision.time >= until) or (last is not None and decision.id > last):
                break
            for change in decision.changes:
                if change.before is not None:
                    del state[change.table][key_of(change.table, change.before)]
                if change.after is not None:
                    state[change.table][key_of(change.table, change.after)] = change.after
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise failure(
            "loggen er skadet: avgjørelser kan ikke leses",
            "the log is damaged: decisions cannot be read",
            try_next="autokode doctor --project prosjekt",
        ) from error
    return state


def facts(connection: sqlite3.Connection) -> State:
    """The rows in the tables, in the form of `replayed`."""
    found = {}
    for table in FACTS:
        rows = [dict(row) for row in connection.execute(f"SELECT * FROM {table}")]  # noqa: S608 - a name from FACTS
        found[table] = {key_of(table, row): row for row in rows}
    return found


def write_facts(connection: sqlite3.Connection, state: State) -> None:
    """Put these rows into the tables, in place of all that are there."""
    for table, rows in state.items():
        columns = [column for group in FACTS[table] for column in group]
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - a name from FACTS
        connection.executemany(insert_into(table, columns), [[row[c] for c in columns] for row in rows.values()])


def row_of(connection: sqlite3.Connection, table: str, *key: Any) -> Row | None:
    """The row of a table with this key, or None."""
    columns = FACTS[table][0]
    where = " AND ".join(f"{column} = ?" for column in columns)
    row = connection.execute(f"SELECT * FROM {table} WHERE {where}", key).fetchone()  # noqa: S608 - names from FACTS
    return None if row is None else dict(row)


def coding_row(number: int, coder: int, place: tuple[int, int, int, str]) -> Row:
    """The row of a new coding at (transcript, start, end, code), but for the suggestion it came of and its time."""
    return {"id": number, "coder": coder, **dict(zip(CODED, place, strict=True)), "good": 0}


def next_coding(connection: sqlite3.Connection) -> int:
    """A number that no coding has or ever had."""
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'coding'").fetchone()
    return 1 + (row["seq"] if row else 0)


def insert_into(table: str, columns: Collection[str], *, or_: str = "ABORT") -> str:
    """SQL that adds a row of these columns to a table of ours; `or_` says what happens where its key is taken."""
    return f"INSERT OR {or_} INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608 - our own names


def _put(connection: sqlite3.Connection, change: Change) -> None:
    row = change.after if change.after is not None else change.before
    assert row is not None  # noqa: S101 - `decide` leaves out changes of nothing to nothing
    key = key_of(change.table, row)
    if row_of(connection, change.table, *key) != change.before:
        raise ChangedElsewhereError
    if not is_held(connection, change):
        raise ChangedElsewhereError
    keys, others = FACTS[change.table]
    where = " AND ".join(f"{column} = ?" for column in keys)
    connection.execute(f"DELETE FROM {change.table} WHERE {where}", key)  # noqa: S608 - names from FACTS
    if change.after is None:
        return
    text = change.after.get("transcript")
    if text is not None and connection.execute("SELECT 1 FROM transcript WHERE id = ?", (text,)).fetchone() is None:
        raise ChangedElsewhereError  # the import that brought it was taken back
    columns = (*keys, *others)
    try:
        connection.execute(insert_into(change.table, columns), [change.after[column] for column in columns])
    except sqlite3.IntegrityError as error:
        raise ChangedElsewhereError from error


def is_held(connection: sqlite3.Connection, change: Change) -> bool:
    """Whether what a change leaves fits together: a value has its variable, and a variable that goes leaves no value."""
    if change.table == "value" and change.after is not None:
        return row_of(connection, "variable", change.after["variable"]) is not None
    if change.table == "variable" and change.before is not None and change.after is None:
        query = "SELECT 1 FROM value WHERE variable = ?"
        return connection.execute(query, (change.before["id"],)).fetchone() is None
    return True


def key_of(table: str, row: Row) -> tuple[Any, ...]:
    """The values of a row's key."""
    return tuple(row[column] for column in FACTS[table][0])


def _decision(row: sqlite3.Row) -> Decision:
    changes = tuple(Change(table, before, after) for table, before, after in json.loads(row["changes"]))
    given = {name: row[name] for name in ("id", "time", "coder", "kind", "transcript", "utterance", "of")}
    return Decision(**given, changes=changes, shown=json.loads(row["shown"]))
