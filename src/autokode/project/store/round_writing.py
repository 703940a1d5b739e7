"""Writes rounds of suggestions, lets a coder see them, and clears away the suggestions of rounds that are past.

A round's suggestions are written while the coder still sees those before it; `show` is one transaction.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from autokode.project.store.coders import Coder
from autokode.project.store.decision_log import now
from autokode.project.store.project import Project
from autokode.project.store.round_rows import Suggested
from autokode.project.store.text_marks import changed_texts

KEPT = 3
"""Rounds of one training whose suggestions stay, so that a page that shows an older one can still decide."""

_ROWS = 2000
"""Suggestions written in one transaction."""

_SAME_EVIDENCE = """
UPDATE suggestion SET part_start = old.part_start, part_end = old.part_end, evidence = old.evidence
FROM suggestion AS old, round AS its, round AS new WHERE suggestion.round = ? AND new.id = suggestion.round
AND its.coder = new.coder AND its.model = new.model AND old.round = its.id AND old.transcript = suggestion.transcript
AND old.utterance = suggestion.utterance AND old.code = suggestion.code AND old.evidence != ''
"""
"""Copies the evidence that earlier rounds of the same model have for the same code in the same utterance."""

Evidence = tuple[int, int, str, int, int, str]
"""(start and end of the segment that speaks most, words as JSON, the suggestion's number, its utterance, the text's SHA-256)."""


def write_round(
    project: Project,
    coder: Coder,
    head: tuple[str, str, str, int],
    about: Mapping[str, Any],
    suggested: Sequence[Suggested],
) -> int:
    """Write a round with its suggestions, which nobody sees yet, and give its number.

    Args:
        project, coder: whose round it is.
        head: (model, codebook, began, decision), as `RoundRow` has them.
        about: as `RoundRow` has it.
        suggested: its suggestions.
    """
    with project.database.writing() as connection:
        number = connection.execute(
            "INSERT INTO round (coder, model, codebook, began, decision, about) VALUES (?, ?, ?, ?, ?, ?)",
            (coder.id, *head, json.dumps(about, ensure_ascii=False)),
        ).lastrowid
    for first in range(0, len(suggested), _ROWS):
        with project.database.writing() as connection:
            connection.executemany(
                "INSERT INTO suggestion (round, transcript, utterance, code, start, end, probability, part_start, part_end, "
                "evidence) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '')",
                [(number, *row, row[3], row[4]) for row in suggested[first : first + _ROWS]],
            )
    assert number is not None  # noqa: S101 - SQLite numbers every row
    return number


def write_likely(project: Project, number: int, blocks: Mapping[int, npt.NDArray[np.float16]]) -> None:
    """Keep the probabilities that a round's model gave: transcript's id → float16 (n_utterances, n_codes)."""
    with project.database.writing() as connection:
        rows = [(number, transcript, block.tobytes()) for transcript, block in blocks.items()]
        connection.executemany("INSERT INTO likely VALUES (?, ?, ?)", rows)


def show(
    project: Project,
    coder: Coder,
    number: int,
    about: Mapping[str, Any],
    *,
    marks: Mapping[int, str],
    instead_of: int | None = None,
) -> bool:
    """Let a coder see a round, and clear away what trainings before the last one suggested; False if it came too late.

    A round made from another one, `instead_of`, is itself removed if the coder no longer sees that one. Of the rounds made
    from one training, the training's own and the last `KEPT` stay. What the round has on interviews whose text is another one
    by now than the one with their mark (`text_marks`) goes: it is at other words.
    """
    with project.database.writing() as connection:
        before = connection.execute("SELECT round FROM coder WHERE id = ?", (coder.id,)).fetchone()["round"]
        if instead_of is not None and before != instead_of:
            _clear(connection, "id = ?", (number,))
            return False
        changed = changed_texts(connection, marks)
        for transcript in changed:
            for table in ("suggestion", "likely"):
                own_rows = f"DELETE FROM {table} WHERE round = ? AND transcript = ?"  # noqa: S608 - our own names
                connection.execute(own_rows, (number, transcript))
        if changed:
            about = {**about, "order": []}
        values = (None if instead_of else now(), json.dumps(about, ensure_ascii=False), number)
        connection.execute("UPDATE round SET ended = ?, about = ? WHERE id = ?", values)
        connection.execute("UPDATE coder SET round = ? WHERE id = ?", (number, coder.id))
        if instead_of is not None:
            likely = "INSERT INTO likely SELECT ?, transcript, probabilities FROM likely WHERE round = ?"  # none of a new text
            connection.execute(likely, (number, before))
            connection.execute(_SAME_EVIDENCE, (number,))
            newest = "SELECT id FROM round WHERE coder = ? ORDER BY id DESC LIMIT ?"
            own = (about["learnt_in"], coder.id, KEPT)
            _clear(connection, f"about ->> 'learnt_in' = ? AND id NOT IN ({newest})", own)
        elif before is not None:
            base = "SELECT coalesce(about ->> 'learnt_in', id) FROM round WHERE id = ?"
            _clear(connection, f"coder = ? AND id < ({base})", (coder.id, before))
    return True


def fill_evidence(project: Project, coder: Coder, number: int, rows: Iterable[Evidence]) -> bool:
    """Fill in the evidence of suggestions of a round; say whether the coder still sees that round.

    Where somebody corrected the text meanwhile, or a turn has another number, the evidence is of other words, and is left out.
    """
    change = (
        "UPDATE suggestion SET part_start = ?, part_end = ?, evidence = ? WHERE id = ? AND utterance = ? "
        "AND (SELECT sha256 FROM transcript WHERE id = suggestion.transcript) = ?"
    )
    with project.database.writing() as connection:
        seen = connection.execute("SELECT round FROM coder WHERE id = ?", (coder.id,)).fetchone()["round"]
        connection.executemany(change, rows)
    return bool(seen == number)


def _clear(connection: sqlite3.Connection, where: str, values: tuple[int, ...]) -> None:
    """Remove the probabilities of rounds, suggestions that nobody decided about, and empty rounds that the dial made."""
    old = f"SELECT id FROM round WHERE {where}"  # noqa: S608 - no text of a user's, here and below
    kept = " UNION ".join(f"SELECT suggestion FROM {t} WHERE suggestion IS NOT NULL" for t in ("verdict", "coding"))  # noqa: S608
    connection.execute(f"DELETE FROM suggestion WHERE round IN ({old}) AND id NOT IN ({kept})", values)  # noqa: S608
    connection.execute(f"DELETE FROM likely WHERE round IN ({old})", values)  # noqa: S608
    left = "about ->> 'learnt_in' IS NOT NULL AND id NOT IN (SELECT round FROM suggestion)"
    connection.execute(f"DELETE FROM round WHERE id IN ({old}) AND {left}", values)  # noqa: S608
