"""Gives a code another name everywhere in a project: in codings, verdicts, memos and suggestions, by decisions of the log.

The log itself keeps the name of its time. Whatever reads from it names codes as they are called now (`names_since`).
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from autokode.project.store.database import Database
from autokode.project.store.decision_log import CODEBOOK, REDO, RENAME, UNDO, Change, Row, decide, key_of, row_of
from autokode.project.store.one_coding import moved_memo, put_coding

Names = tuple[tuple[str, str], ...]
"""(name, new name) of every rename, in order."""


@dataclass(frozen=True, slots=True)
class Renamed:
    """How many codings, verdicts on suggestions, and memos got the new name."""

    codings: int
    verdicts: int
    memos: int


def now_called(code: str, names: Names) -> str:
    """What a code is called after some renames."""
    for old, new in names:
        code = new if code == old else code
    return code


def then_called(code: str, names: Names) -> str:
    """What a code was called before some renames.

    Whoever has a name that another code was renamed from is a code of its own, that came later.

    >>> then_called("styring", (("makt", "styring"),)), then_called("styring", (("makt", "styring"), ("styring", "ledelse")))
    ('makt', 'styring')
    """
    for old, new in reversed(names):
        if code == old:
            break
        code = old if code == new else code
    return code


def names_since(database: Database, *, decision: int = 0, moment: str = "") -> Names:
    """The renames after a decision's number, or from a moment on (ISO 8601, UTC)."""
    with database.reading() as connection:
        return names_after(connection, decision=decision, moment=moment)


def names_after(connection: sqlite3.Connection, *, decision: int = 0, moment: str = "", merged: bool = False) -> Names:
    """As `names_since`; with `merged` also what codes were merged into, unless that was undone."""
    query = (
        "SELECT id, of, kind, shown ->> '$.names' AS names, shown ->> '$.merged' AS merged FROM decision "
        "WHERE kind IN (?, ?, ?, ?) AND id > ? AND time >= ? AND (names IS NOT NULL OR merged IS NOT NULL) ORDER BY id"
    )
    found: list[tuple[int, str, str]] = []
    for row in connection.execute(query, (RENAME, CODEBOOK, UNDO, REDO, decision, moment)).fetchall():
        made = row["id"] if row["of"] is None else row["of"]
        others = [one for one in found if one[0] != made]
        if len(others) < len(found):  # undone, or made again after it was undone
            found = others
        elif row["names"] is not None:
            found.append((made, *json.loads(row["names"])))
        elif merged:  # nobody can tell what was merged apart again: nothing is called otherwise by undoing it
            found.append((made, "", "") if row["kind"] == UNDO else (made, *json.loads(row["merged"])))
    return tuple((old, new) for _made, old, new in found)


def rename(database: Database, old: str, new: str) -> Renamed:
    """Give everything that is about a code the new name; one decision for each coder whose rows change.

    Where a coder has the same under both names, one of the two is left.
    """
    counts: Counter[str] = Counter()
    with database.writing() as connection:
        coders = [coder for (coder,) in connection.execute("SELECT id FROM coder ORDER BY id").fetchall()]
        changes = {coder: renamed_rows(connection, coder, old, new) for coder in coders}
        concerned = [coder for coder in coders if changes[coder]] or coders[:1]
        for coder in concerned:
            decide(connection, coder, RENAME, changes[coder], shown={"names": [old, new]})
            counts.update(one.table for one in changes[coder] if one.before and not _is_new(one.before, new))
        rename_beside(connection, old, new)
    return Renamed(counts["coding"], counts["verdict"], counts["memo"])


def renamed_rows(connection: sqlite3.Connection, coder: int, old: str, new: str) -> list[Change]:
    """The changes that give a coder's rows about a code its new name."""
    return [*_codings(connection, coder, old, new), *_others(connection, coder, old, new)]


def rename_beside(connection: sqlite3.Connection, old: str, new: str) -> None:
    """Give a code its new name in what no decision holds: suggestions, rounds, what was drawn, data of other programs."""
    _suggestions(connection, old, new)
    _kept(connection, old, new)


def put_past(connection: sqlite3.Connection, name: str, version: int) -> tuple[str, str] | None:
    """Keep what was suggested under a name apart from a new code that gets the name; give the name, and what it is kept under.

    No code can be called that. None if nothing was suggested under the name.
    """
    query = (
        "SELECT 1 FROM round, json_each(about, '$.codes') WHERE value = :name "
        "UNION SELECT 1 FROM suggestion WHERE code = :name"
    )
    if connection.execute(query, {"name": name}).fetchone() is None:
        return None
    past = f"\x1f{version}"
    rename_beside(connection, name, past)
    return name, past


def _is_new(row: Row, new: str) -> bool:
    """Whether a row was about the code of the new name before."""
    return row.get("code") == new or row.get("about") == f"code/{new}"


def _codings(connection: sqlite3.Connection, coder: int, old: str, new: str) -> Iterator[Change]:
    rows = connection.execute("SELECT * FROM coding WHERE coder = ? AND code = ? ORDER BY id", (coder, old)).fetchall()
    for row in map(dict, rows):
        yield from put_coding(connection, row, {**row, "code": new})


def _others(connection: sqlite3.Connection, coder: int, old: str, new: str) -> Iterator[Change]:
    """The changes of verdicts, of what was settled, and of the memo about the code."""
    for table, who in (("verdict", "coder"), ("resolution", "first")):
        rows = connection.execute(f"SELECT * FROM {table} WHERE {who} = ? AND code = ?", (coder, old)).fetchall()  # noqa: S608 - ours
        for row in map(dict, rows):
            after = {**row, "code": new}
            yield Change(table, row, None)
            if row_of(connection, table, *key_of(table, after)) is None:
                yield Change(table, None, after)
    memo = row_of(connection, "memo", coder, f"code/{old}")
    if memo is not None:
        yield from moved_memo(connection, memo, f"code/{new}")


def _suggestions(connection: sqlite3.Connection, old: str, new: str) -> None:
    """Rename the code in suggestions, in what is noted of rounds, and in what was drawn to be read."""
    connection.execute(
        "DELETE FROM suggestion WHERE code = :old AND EXISTS (SELECT 1 FROM suggestion AS other WHERE other.code = :new AND "
        "other.round = suggestion.round AND other.transcript = suggestion.transcript AND "
        "other.utterance = suggestion.utterance) AND id NOT IN (SELECT suggestion FROM verdict WHERE suggestion IS NOT NULL "
        "UNION SELECT suggestion FROM coding WHERE suggestion IS NOT NULL)",
        {"old": old, "new": new},
    )
    connection.execute("UPDATE suggestion SET code = ? WHERE code = ?", (new, old))
    for number, about in connection.execute("SELECT id, about FROM round").fetchall():
        data = json.loads(about)
        data["codes"] = [new if code == old else code for code in data.get("codes", [])]
        data["news"] = {new if code == old else code: news for code, news in data.get("news", {}).items()}
        text = json.dumps(data, ensure_ascii=False)
        connection.execute("UPDATE round SET about = ? WHERE id = ?", (text, number))
    for row in connection.execute("SELECT * FROM drawn").fetchall():
        likely = json.loads(row["probabilities"])
        if old in likely:
            text = json.dumps({new if code == old else code: p for code, p in likely.items()}, ensure_ascii=False)
            place = (row["coder"], row["transcript"], row["utterance"])
            where = "coder = ? AND transcript = ? AND utterance = ?"
            connection.execute(f"UPDATE drawn SET probabilities = ? WHERE {where}", (text, *place))  # noqa: S608 - ours


def _kept(connection: sqlite3.Connection, old: str, new: str) -> None:
    """Let the id that the code had in another program's file follow it, and the order of a memo's notes."""
    row = connection.execute("SELECT data FROM carried WHERE kind = 'code' AND key = ?", (old,)).fetchone()
    if row is not None:
        data = json.dumps({**json.loads(row["data"]), "name": new}, ensure_ascii=False, sort_keys=True)
        connection.execute("DELETE FROM carried WHERE kind = 'code' AND key = ?", (old,))
        connection.execute("INSERT OR IGNORE INTO carried VALUES ('code', ?, ?)", (new, data))
    ending = f"\x1fcode/{old}"
    for (key,) in connection.execute("SELECT key FROM carried WHERE kind = 'memo'").fetchall():
        if key.endswith(ending):
            moved = key.removesuffix(ending) + f"\x1fcode/{new}"
            connection.execute("UPDATE OR IGNORE carried SET key = ? WHERE kind = 'memo' AND key = ?", (moved, key))
