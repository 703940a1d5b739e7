"""Merges the variables of another file, and their values, which are nobody's alone. A variable is known by its name; none goes.

What one file alone changed since the two parted is as that file has it; what both changed stays as it is here.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from autokode.base.messages import say
from autokode.corpus.codebook import folded
from autokode.project.store.decision_log import IMPORT, Change, Row, State, decide
from autokode.project.store.merge_interviews import Places

_Named = dict[tuple[int, str, str], str]
"""(interview here, speaker or "", variable's name folded) → value."""


@dataclass(frozen=True, slots=True)
class Three:
    """The three states that are laid beside each other: here, there, and there as it was when it was last known here."""

    here: State
    there: State
    was: State


def take_variables(
    connection: sqlite3.Connection, coder: int, states: Three, places: Mapping[int, Places], known: Mapping[int, Places]
) -> Counter[str]:
    """Take in variables, then values, each by one decision; count what came ("put"), went ("gone") and stayed as here ("stays").

    Args:
        connection: to the project's file.
        coder: whose decisions they are.
        states: of the two files.
        places: interviews there → their places here.
        known: those of them that were there when the other file was last known here.
    """
    counts: Counter[str] = Counter()
    own = {folded(row["name"]): row for row in states.here["variable"].values()}
    variables = list(_variables(connection, states, own))
    changes: list[Change] = []
    here = _values(states.here, None)
    there, was = _values(states.there, places), _values(states.was, known)
    labels = {
        (number, speaker)
        for number, speaker in connection.execute("SELECT DISTINCT transcript, speaker FROM utterance")
    }
    for key in sorted(there.keys() | was.keys()):
        mine, theirs, before = here.get(key), there.get(key), was.get(key)
        transcript, speaker, name = key
        if theirs in (mine, before) or name not in own or (speaker and (transcript, speaker) not in labels):
            continue
        if mine != before:
            counts["stays"] += 1
            continue
        counts["gone" if theirs is None else "put"] += 1
        row: Row = {"transcript": transcript, "speaker": speaker, "variable": own[name]["id"]}
        old, new = (None if value is None else {**row, "value": value} for value in (mine, theirs))
        changes.append(Change("value", old, new))
    counts["put"] += len(variables)
    for made in (variables, changes):  # a variable is taken back when its values are
        decide(connection, coder, IMPORT, made)
    return +counts


def variables_told(counts: Mapping[str, int]) -> Iterator[str]:
    """Yield a sentence on what came of the variables, if anything did."""
    if counts:
        put, gone, stays = (counts.get(name, 0) for name in ("put", "gone", "stays"))
        yield say(
            f"variabler: {put} nye eller endret, {gone} borte som der, {stays} endret i begge filene og står som her",
            f"variables: {put} new or changed, {gone} gone as there, {stays} changed in both files and stay as here",
        )


def _variables(connection: sqlite3.Connection, states: Three, own: dict[str, Row]) -> Iterator[Change]:
    """Yield the variables that are new, and orders of values that only the other file changed; `own` gets them."""
    levels = {folded(row["name"]): row["levels"] for row in states.was["variable"].values()}
    given = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'variable'").fetchone()
    number = 1 + max([given["seq"] if given else 0, *(row["id"] for row in own.values())])
    place = 1 + max([0, *(row["place"] for row in own.values())])
    for row in sorted(states.there["variable"].values(), key=lambda one: (one["place"], one["id"])):
        name = folded(row["name"])
        here = own.get(name)
        if here is None and name not in levels:  # one that was removed here since stays removed
            own[name] = {**row, "id": number, "place": place}
            number, place = number + 1, place + 1
            yield Change("variable", None, own[name])
        elif here is not None and here["levels"] == levels.get(name, "[]") != row["levels"]:
            own[name] = {**here, "levels": row["levels"]}
            yield Change("variable", here, own[name])


def _values(state: State, places: Mapping[int, Places] | None) -> _Named:
    names = {row["id"]: folded(row["name"]) for row in state["variable"].values()}
    found: _Named = {}
    for row in state["value"].values():
        number = row["transcript"]
        if places is None or number in places:
            found[number if places is None else places[number].number, row["speaker"], names[row["variable"]]] = row[
                "value"
            ]
    return found
