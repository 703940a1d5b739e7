"""Changes variables and their values. What one call changes is one decision, which can be undone and made again."""

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from autokode.base.errors import DataError, failure
from autokode.base.formatting import one_line
from autokode.base.messages import say
from autokode.corpus.codebook import folded
from autokode.project.store.coders import Coder, enrolling
from autokode.project.store.decision_log import VARIABLES, Change, Row, decide, row_of
from autokode.project.store.interview_changes import check_seen
from autokode.project.store.project import Project

LONGEST_NAME, LONGEST_VALUE = 80, 200
"""Longest name of a variable and longest value, in characters."""

TAKEN = frozenset({"gruppe", "group", "kontor", "office", "intervju", "interview", "taler", "speaker"})
"""Names that mean something else in tables, as `folded` gives them."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A value that somebody gives: whose it is (`variables.Unit`), the variable's name, and the value; "" takes it away.

    `saw` is the value that the person saw there; None to replace whatever is there.
    """

    transcript: int
    speaker: str
    variable: str
    value: str = field(repr=False)
    saw: str | None = None


@dataclass
class _Changing:
    """A decision about variables while it is made."""

    connection: sqlite3.Connection
    changes: list[Change] = field(default_factory=list)

    def variables(self) -> list[Row]:
        """The variables that there are, with those of this decision."""
        rows = [dict(row) for row in self.connection.execute("SELECT * FROM variable ORDER BY place, id")]
        made = [change.after for change in self.changes if change.table == "variable" and change.after]
        return [*rows, *(row for row in made if row["id"] not in {one["id"] for one in rows})]

    def named(self, name: str) -> Row | None:
        """The variable of a name, in whatever case."""
        return next((row for row in self.variables() if folded(row["name"]) == folded(name)), None)

    def with_id(self, number: int) -> Row:
        row = row_of(self.connection, "variable", number)
        if row is None:
            raise _gone()
        return row

    def make(self, name: str) -> Row:
        """The variable of a name, made if there is none."""
        found = self.named(name)
        if found is None:
            given = self.connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'variable'").fetchone()
            every = self.variables()
            number = 1 + max([given["seq"] if given else 0, *(row["id"] for row in every)])
            place = 1 + max((row["place"] for row in every), default=0)
            found = {"id": number, "name": checked_name(name), "place": place, "levels": "[]"}
            self.changes.append(Change("variable", None, found))
        return found


@contextlib.contextmanager
def _changing(project: Project, who: Coder) -> Iterator[_Changing]:
    """Make one decision of the changes that the block gathers; none if it gathers nothing that changes."""
    with (
        project.database.writing() as connection,
        enrolling(connection, who.name, blind=who.blind or None) as coder,
    ):
        own = _Changing(connection)
        yield own
        decide(connection, coder, VARIABLES, own.changes)


def make_variable(project: Project, who: Coder, name: str, levels: Sequence[str] = ()) -> bool:
    """Make a variable, perhaps with an order of its values; False if there is one of that name, which stays as it is.

    Raises:
        DataError: the name is none, too long, or means something else.
    """
    with _changing(project, who) as own:
        if own.named(name) is not None:
            return False
        row = own.make(name)
        own.changes[-1] = Change("variable", None, {**row, "levels": _as_levels(levels)})
    return True


def set_values(project: Project, who: Coder, cells: Iterable[Cell]) -> int:
    """Give values, and make the variables that are not there yet; count the values that change.

    Raises:
        DataError: there is no such interview or speaker, a name or a value is too long, or a value is not the one seen.
    """
    count = 0
    with _changing(project, who) as own:
        labels = _labels(own.connection)
        known: dict[str, Row] = {}
        after: dict[tuple[int, str, int], tuple[Row | None, str]] = {}
        for cell in cells:
            value = checked_value(cell.value)
            if cell.transcript not in labels:
                raise _gone()
            there = cell.speaker == "" or cell.speaker in labels[cell.transcript]
            if value and not there:
                raise failure(
                    f"ingen «{cell.speaker}» i intervjuet", f"nobody called «{cell.speaker}» in the interview"
                )
            variable = known.get(cell.variable) or (own.make if value else own.named)(cell.variable)
            if variable is None:
                continue
            known[cell.variable] = variable
            key = (cell.transcript, cell.speaker, variable["id"])
            before = row_of(own.connection, "value", *key)
            if cell.saw is not None:
                check_seen(cell.saw, before["value"] if before else "")
            after[key] = (before, value)
        for key, (before, value) in after.items():
            new = {**dict(zip(("transcript", "speaker", "variable"), key, strict=True)), "value": value}
            change = Change("value", before, new if value else None)
            own.changes.append(change)
            count += change.before != change.after
    return count


def rename_variable(project: Project, who: Coder, number: int, name: str, *, saw: str) -> bool:
    """Give a variable another name, which none here has; say whether it is another.

    Raises:
        DataError: there is no such variable, its name is not the one seen, or the new one cannot be used.
    """
    with _changing(project, who) as own:
        before = own.with_id(number)
        check_seen(saw, before["name"])
        new = checked_name(name)
        other = own.named(new)
        if other is not None and other["id"] != number:
            raise failure(f"en annen variabel heter «{other['name']}»", f"another variable is called «{other['name']}»")
        own.changes.append(Change("variable", before, {**before, "name": new}))
    return bool(new != before["name"])


def order_values(project: Project, who: Coder, number: int, levels: Sequence[str]) -> bool:
    """Put a variable's values in an order; say whether it is another one.

    Raises:
        DataError: there is no such variable.
    """
    with _changing(project, who) as own:
        before = own.with_id(number)
        after = {**before, "levels": _as_levels(levels)}
        own.changes.append(Change("variable", before, after))
    return bool(before != after)


def move_variable(project: Project, who: Coder, number: int, *, up: bool) -> bool:
    """Exchange a variable's place with its neighbour's; False at the end of the list.

    Raises:
        DataError: there is no such variable.
    """
    with _changing(project, who) as own:
        own.with_id(number)
        every = own.variables()
        at = next(i for i, row in enumerate(every) if row["id"] == number)
        to = at + (-1 if up else 1)
        if not 0 <= to < len(every):
            return False
        every[at], every[to] = every[to], every[at]
        own.changes += [Change("variable", row, {**row, "place": place}) for place, row in enumerate(every, 1)]
    return True


def remove_variable(project: Project, who: Coder, number: int) -> int:
    """Remove a variable with all its values, and count these.

    Raises:
        DataError: there is no such variable.
    """
    with _changing(project, who) as own:
        variable = own.with_id(number)
        rows = own.connection.execute("SELECT * FROM value WHERE variable = ? ORDER BY 1, 2", (number,)).fetchall()
        own.changes += [Change("value", dict(row), None) for row in rows]
        own.changes.append(Change("variable", variable, None))
    return len(rows)


def checked_name(name: str) -> str:
    """A variable's name as it is kept.

    Raises:
        DataError: it is empty, too long, or means something else in tables.
    """
    new = one_line(name)
    if not new:
        raise failure("en variabel må ha et navn", "a variable must have a name")
    if len(new) > LONGEST_NAME:
        raise failure(
            f"navnet på en variabel kan ha {LONGEST_NAME} tegn; «{new[:30]}…» har {len(new)}",
            f"the name of a variable may have {LONGEST_NAME} characters; «{new[:30]}…» has {len(new)}",
        )
    if folded(new) in TAKEN:
        raise failure(
            f"«{new}» betyr noe annet her; gruppen endres på siden om intervjuet",
            f"«{new}» means something else here; the group is changed on the page about the interview",
            try_next=say("gi variabelen et annet navn", "give the variable another name"),
        )
    return new


def checked_value(value: str) -> str:
    """A value as it is kept.

    Raises:
        DataError: it is too long.
    """
    new = one_line(value)
    if len(new) > LONGEST_VALUE:
        raise failure(
            f"en verdi kan ha {LONGEST_VALUE} tegn; «{new[:30]}…» har {len(new)}",
            f"a value may have {LONGEST_VALUE} characters; «{new[:30]}…» has {len(new)}",
            try_next=say("skriv det som et notat om intervjuet", "write it as a memo on the interview"),
        )
    return new


def _as_levels(levels: Sequence[str]) -> str:
    return json.dumps(list(dict.fromkeys(filter(None, map(checked_value, levels)))), ensure_ascii=False)


def _labels(connection: sqlite3.Connection) -> dict[int, set[str]]:
    """Transcript's id → the labels of those who speak in it."""
    found: dict[int, set[str]] = {number: set() for (number,) in connection.execute("SELECT id FROM transcript")}
    for transcript, speaker in connection.execute("SELECT DISTINCT transcript, speaker FROM utterance"):
        found[transcript].add(speaker)
    return found


def _gone() -> DataError:
    return failure(
        "variabelen eller intervjuet er ikke her lenger; ingenting er endret",
        "the variable or the interview is no longer here; nothing was changed",
        try_next=say("last siden på nytt", "load the page again"),
    )
