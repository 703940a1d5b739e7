"""What a project's file holds, read by SQLite alone and not by the project's own code; and what changed between two moments."""

import contextlib
import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Row = dict[str, Any]
Key = tuple[Any, ...]
"""The table's name, and the columns of its key."""
Changes = dict[Key, tuple[Row | None, Row | None]]
"""Key → the row before and after; None where there is no row."""

TABLES = {
    "coding": ("id",),
    "verdict": ("coder", "transcript", "utterance", "code"),
    "done": ("coder", "transcript", "utterance"),
    "memo": ("coder", "about"),
    "resolution": ("first", "second", "transcript", "utterance", "code"),
}
"""The tables that people's work is in → the columns of their keys."""
PLACE = ("coder", "transcript", "start", "end", "code")


class BrokenError(AssertionError):
    """Raised where something does not hold: `law` in short, and what was seen."""

    def __init__(self, law: str, seen: object = "") -> None:
        super().__init__(f"{law}: {seen}")
        self.law = law


def must(holds: object, law: str, seen: object = "") -> None:
    """Raise a BrokenError if something does not hold."""
    if not holds:
        raise BrokenError(law, seen)


@dataclass(frozen=True)
class State:
    """What a project's file holds at one moment.

    Attributes:
        facts: the rows of people's work.
        coders: id → name.
        texts: id → name of an interview.
        suggestions: id → row, with the `owner` whose round it is in.
        shown: coder's id → the round that the coder sees.
        log: number → time of every decision.
        codebook: the newest version.
        imports: how many imports and the like stand that can be taken back.
        rest: what else an export has to carry: who codes blind, offices, what is pseudonymised, how texts are divided.
    """

    facts: dict[Key, Row]
    coders: dict[int, str]
    texts: dict[int, str]
    suggestions: dict[int, Row]
    shown: dict[int, int | None]
    log: dict[int, str]
    codebook: str
    imports: int
    rest: dict[str, Any]

    def rows(self, table: str, **given: Any) -> list[Row]:
        """The rows of a table with these values."""
        return [
            row
            for key, row in self.facts.items()
            if key[0] == table and all(row[name] == value for name, value in given.items())
        ]

    def coding(self, number: int) -> Row | None:
        return self.facts.get(("coding", number))

    def coder(self, name: str) -> int:
        return next((number for number, known in self.coders.items() if known == name), 0)

    def text(self, name: str) -> int:
        return next((number for number, known in self.texts.items() if known == name), 0)


def state_of(folder: Path) -> State:
    """Read a project's file."""
    with contextlib.closing(sqlite3.connect(f"{(folder / 'autokode.db').as_uri()}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        facts = {}
        for table, key in TABLES.items():
            for row in connection.execute(f"SELECT * FROM {table}"):  # noqa: S608 - our own names
                plain = dict(row)
                facts[(table, *(plain[name] for name in key))] = plain
        ask = connection.execute
        people = ask("SELECT id, name, blind, round FROM coder ORDER BY id").fetchall()
        texts = ask("SELECT id, name, office, sha256, about FROM transcript ORDER BY name").fetchall()
        suggestions = ask(
            "SELECT suggestion.*, round.coder AS owner FROM suggestion JOIN round ON round.id = suggestion.round"
        )
        turns = ask(
            "SELECT transcript, number, start, end, speaker, role, question FROM utterance ORDER BY 1, 2"
        ).fetchall()
        names = {row["id"]: row["name"] for row in texts}
        return State(
            facts,
            {row["id"]: row["name"] for row in people},
            names,
            {row["id"]: dict(row) for row in suggestions},
            {row["id"]: row["round"] for row in people},
            dict(map(tuple, ask("SELECT id, time FROM decision").fetchall())),
            ask("SELECT yaml FROM codebook ORDER BY version DESC LIMIT 1").fetchone()["yaml"],
            ask("SELECT count(*) FROM step WHERE NOT undone").fetchone()[0] if _has(connection, "step") else 0,
            {
                "blind": sorted(row["name"] for row in people if row["blind"]),
                "texts": [(row["name"], row["office"], row["sha256"], _about(row["about"])) for row in texts],
                "turns": sorted((names[row[0]], *tuple(row)[1:]) for row in turns),
            },
        )


def _has(connection: sqlite3.Connection, table: str) -> bool:
    return bool(connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone())


def _about(text: str) -> Any:
    return json.loads(text).get("pseudonymised", False)


def changes(before: Mapping[Key, Row], after: Mapping[Key, Row]) -> Changes:
    """What is not the same in two sets of rows."""
    keys = {*before, *after}
    return {key: (before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key)}


def applied(facts: Mapping[Key, Row], made: Changes) -> dict[Key, Row]:
    """The rows after some changes."""
    found = dict(facts)
    for key, (_before, after) in made.items():
        found.pop(key, None)
        if after is not None:
            found[key] = after
    return found


def back(made: Changes) -> Changes:
    """The changes that take some changes back."""
    return {key: (after, before) for key, (before, after) in made.items()}


def fit(state: State, made: Changes) -> bool:
    """Whether all rows are as they were before some changes, and after them no coding is there twice or in no interview."""
    rows = [after for _before, after in made.values() if after is not None]
    return (
        all(state.facts.get(key) == before for key, (before, _after) in made.items())
        and all(text_of(row) in (0, *state.texts) for row in rows)
        and not twice(applied(state.facts, made))
    )


def text_of(row: Row) -> int:
    """The number of the interview that a row is about; 0 for none."""
    what, _, rest = str(row.get("about", "")).partition("/")
    return int(rest.partition("/")[0]) if what in ("transcript", "turn") else int(row.get("transcript", 0))


def is_about(key: Key, row: Row | None, number: int, codings: set[int]) -> bool:
    """Whether a row belongs to an interview, which has or had these codings."""
    assert row is not None
    if key[0] != "memo":
        return bool(row["transcript"] == number)
    what, *rest = str(row["about"]).split("/")
    return (what in ("transcript", "turn") and rest[0] == str(number)) or (what == "coding" and int(rest[0]) in codings)


def twice(facts: Mapping[Key, Row]) -> list[Key]:
    """The codings that one coder has given twice at one place."""
    counts = Counter(place_of(row) for key, row in facts.items() if key[0] == "coding")
    return [place for place, count in counts.items() if count > 1]


def place_of(row: Row) -> Key:
    return tuple(row[name] for name in PLACE)


def in_names(state: State, *, without: Iterable[str] = ()) -> dict[str, Any]:
    """A project's content in names, without the numbers and times that differ between two projects.

    Args:
        state: the project's.
        without: tables left out.
    """
    coders, texts = state.coders, state.texts
    about_coding = {}
    found: dict[str, Any] = {table: [] for table in TABLES if table not in without}
    for key, row in state.facts.items():
        if key[0] == "coding":
            place = [coders[row["coder"]], texts[row["transcript"]], row["start"], row["end"], row["code"]]
            about_coding[row["id"]] = place
            found["coding"].append((*place, row["good"]))
    for key, row in state.facts.items():
        if key[0] == "coding" or key[0] in without:
            continue
        plain = {name: coders[value] if name in ("coder", "first", "second") else value for name, value in row.items()}
        plain.pop("suggestion", None)
        if "transcript" in plain:
            plain["transcript"] = texts[row["transcript"]]
        if "about" in plain:
            kind, *rest = row["about"].split("/")
            if kind == "coding" and int(rest[0]) not in about_coding:
                continue  # a memo on a coding that was removed waits for undo, and shows nowhere
            if kind in ("transcript", "turn"):
                rest[0] = texts[int(rest[0])]
            plain["about"] = [kind, *(about_coding[int(rest[0])] if kind == "coding" else rest)]
        if key[0] == "resolution":
            plain["first"], plain["second"] = sorted((plain["first"], plain["second"]))
        found[key[0]].append(plain)
    return {
        **{table: sorted(rows, key=repr) for table, rows in found.items()},
        "codebook": state.codebook,
        **state.rest,
    }
