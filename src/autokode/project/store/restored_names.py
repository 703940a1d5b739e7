"""Gives a pseudonymised project its names back: every row as it was, and what came since on the same words."""

import contextlib
import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from autokode.base.errors import DataError, failure, quoted
from autokode.base.messages import say
from autokode.base.text_files import read_text
from autokode.corpus.codebook import Codebook
from autokode.project.store.code_cards import forget_cards
from autokode.project.store.decision_log import RESTORED, Row
from autokode.project.store.log_rewriting import NOBODY, log_removal
from autokode.project.store.project import Project
from autokode.project.store.project_files import CODEBOOK, finish_removal, note_removal
from autokode.project.store.pseudonym_plan import standing_runs
from autokode.project.store.pseudonymising import Pseudonymised, counted, note_invented, note_runs, renaming
from autokode.project.store.removal import erasing
from autokode.project.store.reworded_rows import Rewording
from autokode.project.store.rewording import keys_of, reword_rows
from autokode.project.store.step_making import forget_versions
from autokode.pseudonym.key import Key, Run
from autokode.pseudonym.register import Register

_Known = dict[tuple[Any, ...], tuple[Row, Row]]
"""Key of a row as pseudonymising left it → the row before, and the row it left."""


def restore(project: Project, key: Key, *, by: str, coder: int = NOBODY) -> Pseudonymised:
    """Give a project its names back; what was coded, decided and noted since stays, on the same words.

    Raises:
        DataError: the key is another project's, a text was changed since, or the project is not sound. Nothing is changed then.
    """
    with erasing(project.database) as connection:
        runs = standing_runs(project, key)
        if not runs:
            raise failure(
                "er ikke pseudonymisert her; ingenting er endret",
                "was not pseudonymised here; nothing was changed",
                where=project.folder,
                try_next=f"autokode pseudonymise --project {quoted(project.folder)}",
            )
        book = project.folder / CODEBOOK
        untouched = not book.exists() or Codebook.from_yaml(read_text(book), may_be_empty=True) == project.codebook
        back = _said_once(key.register.reversed())
        forget_cards(connection)
        rewording = Rewording()
        for run in reversed(runs):
            with _by_a_sound_key(project):
                rewording = _take_back(connection, run, back)
            by = rewording.people.get(by, by)
        connection.execute("DELETE FROM vector")
        note_runs(connection, lambda _runs: [])
        note_invented(connection, ())
        edits = {number: own for run in runs for number, own in run.edits.items()}
        log_removal(connection, coder, by, {"interviews": len(edits)}, kind=RESTORED)
        texts = [run.codebook for run in runs if run.codebook]
        newest = connection.execute("SELECT yaml FROM codebook ORDER BY version DESC LIMIT 1").fetchone()["yaml"]
        own = next((text for text in texts if _same(text, newest)), "")
        note_removal(connection, project.folder, learnt=True, codebook=bool(texts) and untouched, text=own)
        done = counted(connection, edits, rewording)
    finish_removal(project.folder, project.database)
    return done


@contextlib.contextmanager
def _by_a_sound_key(project: Project) -> Iterator[None]:
    """Say in words that a key is damaged, or was changed by somebody."""
    try:
        yield
    except DataError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, sqlite3.IntegrityError) as error:
        raise failure(
            "nøkkelen er skadet, og kan ikke åpne prosjektet; ingenting er endret",
            "the key is damaged, and cannot open the project; nothing was changed",
            where=project.folder,
            try_next=say("bruk en kopi av nøkkelen: --key", "use a copy of the key: --key"),
        ) from error


def _take_back(connection: sqlite3.Connection, run: Run, back: Callable[[str], str]) -> Rewording:
    """Take back one pseudonymising; give the rewording that did."""
    keys = keys_of(connection)
    known = {table: _by_key(run, table, columns) for table, columns in keys.items()}
    _check_texts(connection, run, known["transcript"])
    rewording = _way_back(connection, run, known, back)
    forget_versions(connection)
    reword_rows(connection, _restoring(known, rewording, keys))
    return rewording


def _by_key(run: Run, table: str, columns: tuple[str, ...]) -> _Known:
    rows = [(old, {**old, **new}) for kept, old, new in run.rows if kept == table]
    return {tuple(new[column] for column in columns): (old, new) for old, new in rows}


def _check_texts(connection: sqlite3.Connection, run: Run, known: _Known) -> None:
    for row in connection.execute("SELECT id, name, sha256 FROM transcript ORDER BY id").fetchall():
        if row["id"] in run.edits and row["sha256"] != known[row["id"],][1]["sha256"]:
            raise failure(
                "teksten er endret siden den ble pseudonymisert; ingenting er endret",
                "the text was changed since it was pseudonymised; nothing was changed",
                where=row["name"],
                try_next=say("hent tilbake en sikkerhetskopi", "restore a backup"),
            )


def _way_back(
    connection: sqlite3.Connection, run: Run, known: Mapping[str, _Known], said: Callable[[str], str]
) -> Rewording:
    """What gives the words back to whatever came since, or was changed since."""
    every = connection.execute("SELECT id, name FROM transcript ORDER BY id").fetchall()
    before = {number: old for (number,), (old, _new) in known["transcript"].items()}
    labels: dict[tuple[int, str], str] = {}
    for old, new in known["utterance"].values():
        labels.setdefault((new["transcript"], new["speaker"]), old["speaker"])
    books = {new["sha256"]: old["sha256"] for old, new in known["codebook"].values()}
    back = {kind: {new: old for old, new in names.items()} for kind, names in run.names.items()}
    there = [row for row in every if row["id"] in run.edits]
    rewording = Rewording(
        edits={row["id"]: run.edits[row["id"]].inverse() for row in there},
        texts={row["id"]: before[row["id"]]["text"] for row in there},
        said=said,
        label=lambda number, label: labels.get((number, label), label),
        codes=back["codes"],
        people=back["people"],
        transcripts=back["transcripts"],
        ids={row["name"]: row["id"] for row in every},
        books=books,
        by_code=True,
        suggestions={number: (new, old) for (number,), (old, new) in known["suggestion"].items()},
    )
    for old, new in known["decision"].values():
        for table, was, now in _pairs(old, new):
            if table == "coding":
                rewording.spans.know(now["id"], (now["start"], now["end"]), (was["start"], was["end"]))
            elif table == "memo":
                rewording.memos[now["coder"], now["about"], now["text"]] = was["text"]
    codings = [dict(row) for row in connection.execute("SELECT * FROM coding ORDER BY id").fetchall()]
    for row in sorted(codings, key=lambda one: not rewording.spans.knows(one["id"], (one["start"], one["end"]))):
        rewording.row("coding", row)  # those of before keep their places
    return rewording


def _pairs(old: Row, new: Row) -> Iterator[tuple[str, Row, Row]]:
    """Yield the rows that a line of the log holds, each as it was and as pseudonymising left it."""
    for before, after in zip(json.loads(old["changes"]), json.loads(new["changes"]), strict=True):
        for was, now in zip(before[1:], after[1:], strict=True):
            if was and now:
                yield before[0], was, now


def _restoring(
    known: Mapping[str, _Known], rewording: Rewording, keys: Mapping[str, tuple[str, ...]]
) -> Callable[[str, Row], Row]:
    """What gives a row of a table its words back: what did not change since, exactly; the rest by the rewording."""

    def restored(table: str, row: Row) -> Row:
        both = known[table].get(tuple(row[column] for column in keys[table]))
        if both is None:
            return rewording.row(table, row)
        old, new = both
        if all(row[column] == value for column, value in new.items()):
            return {**row, **old}
        back = rewording.row(table, row)
        return {
            column: old[column] if column in old and value == new[column] else back[column]
            for column, value in row.items()
        }

    return restored


def _said_once(register: Register) -> Callable[[str], str]:
    """As `_said`, but a text that it made is not made another one of by an earlier pseudonymising."""
    made: set[str] = set()
    said = renaming(register)

    def once(text: str) -> str:
        if text in made:
            return text
        made.add(found := said(text))
        return found

    return once


def _same(text: str, newest: str) -> bool:
    return Codebook.from_yaml(text, may_be_empty=True) == Codebook.from_yaml(newest, may_be_empty=True)
