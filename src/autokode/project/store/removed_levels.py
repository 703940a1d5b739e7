"""Takes values that only removed interviews had out of the order that somebody gave a variable's values."""

import json
import sqlite3
from collections.abc import Collection

from autokode.project.store.decision_log import Change, log


def values_of_these_alone(connection: sqlite3.Connection, transcripts: Collection[int]) -> frozenset[tuple[int, str]]:
    """(variable's id, value) of the values that these transcripts had at some time, and no other one ever had."""
    theirs, others = set[tuple[int, str]](), set[tuple[int, str]]()
    for decision in log(connection):
        for change in decision.changes:
            for row in (change.before, change.after):
                if change.table == "value" and row is not None:
                    own = theirs if row["transcript"] in transcripts else others
                    own.add((row["variable"], row["value"]))
    return frozenset(theirs - others)


def without_levels(change: Change, gone: Collection[tuple[int, str]]) -> Change:
    """A change of a variable without these values in its order."""
    rows = (change.before, change.after)
    before, after = (
        row
        and {
            **row,
            "levels": json.dumps(
                [one for one in json.loads(row["levels"]) if (row["id"], one) not in gone], ensure_ascii=False
            ),
        }
        for row in rows
    )
    return Change(change.table, before, after)
