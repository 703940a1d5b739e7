"""Pseudonymises a project where it is (and `restored_names` gives it its names back, with the key).

Everything follows in one transaction: texts, codings, decisions, memos, suggestions, the codebook, names of interviews and
coders, data of other programs. The key is written before it, outside the project, and holds every row as it was. Models and
vectors, which learnt from the names, and older copies are deleted afterwards (`project_files.finish_removal`).
"""

import json
import secrets
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autokode.base.errors import DataError, failure, quoted
from autokode.base.messages import say
from autokode.base.text_files import read_text
from autokode.corpus.codebook import Codebook, folded
from autokode.corpus.edits import Edits
from autokode.project.store.code_cards import forget_cards
from autokode.project.store.decision_log import PSEUDONYMISED, Row, log
from autokode.project.store.log_rewriting import NOBODY, log_removal
from autokode.project.store.project import Project
from autokode.project.store.project_files import CODEBOOK, finish_removal, note_removal
from autokode.project.store.pseudonym_plan import ProjectPlan, standing_runs, texts_of, without
from autokode.project.store.removal import erasing
from autokode.project.store.reworded_rows import Rewording
from autokode.project.store.rewording import INVENTED, RUNS, Reworded, reword_rows, settle_codings
from autokode.project.store.step_making import forget_versions
from autokode.pseudonym.key import Key, Run, write_key
from autokode.pseudonym.register import Register
from autokode.pseudonym.writing import renamed


@dataclass(frozen=True, slots=True)
class Pseudonymised:
    """The result of pseudonymising a project, or of giving it its names back.

    Attributes:
        interviews, places, codings: how many interviews, places in their texts, and codings in them.
        people: name → new name, of coders whose names changed.
        codes: name → new name, of codes whose names changed.
    """

    interviews: int
    places: int
    codings: int
    people: Mapping[str, str]
    codes: Mapping[str, str]


def pseudonymise(
    project: Project, plan: ProjectPlan, key: Key, key_path: Path, *, by: str, coder: int = NOBODY
) -> Pseudonymised:
    """Pseudonymise a project as planned; the key is written first, for its owner alone.

    Args:
        project: the project.
        plan: as a person approved it.
        key: the key so far.
        key_path: where the key is written; outside the project's folder.
        by: who does it, for the log.
        coder: the id of `by` among the project's coders.

    Raises:
        DataError: the texts are others than those planned for, the key is in the project's folder or cannot be written, or the
            project is not sound. Nothing is changed then.
    """
    check_place(project.folder, key_path)
    with erasing(project.database) as connection:
        if texts_of(project) != plan.texts:
            raise stale(project.folder)
        standing_runs(project, key)
        said = renaming_of(plan, key)
        rewording = rewording_of(connection, plan, said)
        book, before = project.folder / CODEBOOK, project.codebook
        text = read_text(book) if book.exists() else ""
        changed = rewording.codebook(before) != before or said(text) != text
        forget_versions(connection)
        forget_cards(connection)
        rows = reword_rows(connection, rewording.row)
        connection.execute("DELETE FROM vector")
        names = {"codes": rewording.codes, "people": rewording.people, "transcripts": rewording.transcripts}
        run = Run(secrets.token_hex(16), plan.edits, names, text * changed, tuple(_kept(rows)))
        note_runs(connection, lambda runs: [*runs, run.id])
        note_invented(connection, [entity.becomes for entity in plan.found.register.entities if entity.becomes])
        counts = {"interviews": len(plan.edits)}
        log_removal(connection, coder, rewording.people.get(by) or said(by), counts, kind=PSEUDONYMISED)
        note_removal(connection, project.folder, learnt=True, codebook=changed)
        done = counted(connection, plan.edits, rewording)
        write_key(key_path, Key(plan.found.register, key.files, (*key.runs, run)))
    finish_removal(project.folder, project.database)
    return done


def check_place(folder: Path, key: Path) -> None:
    """Check that a key is not to lie in the project that it opens.

    Raises:
        DataError: it is.
    """
    if folder.resolve() in key.resolve().parents:
        beside = folder.resolve().with_name(f"{folder.resolve().name}-nøkkel.json")
        raise failure(
            "nøkkelen kan ikke ligge i prosjektet den åpner; ingenting er endret",
            "the key must not lie in the project that it opens; nothing was changed",
            where=key,
            try_next=f"--key {quoted(beside)}",
        )


def stale(where: Path) -> DataError:
    """Make the error for a list or a plan of texts that are others now."""
    return failure(
        "er laget av andre tekster enn prosjektet har nå; ingenting er endret",
        "was made of other texts than the project has now; nothing was changed",
        where=where,
        try_next=say("lag listen på nytt: --list NY.yaml", "make the list anew: --list NEW.yaml"),
    )


def renaming(register: Register) -> Callable[[str], str]:
    """What gives a text its new words; the same text is not searched twice."""
    known: dict[str, str] = {}

    def said(text: str) -> str:
        if text not in known:
            known[text] = renamed(text, register, title=True)
        return known[text]

    return said


def renaming_of(plan: ProjectPlan, key: Key) -> Callable[[str], str]:
    """What gives a text that is no interview's its new words, by a plan; names that the key gave are left."""
    return renaming(without(plan.found.register, {entity.becomes for entity in key.register.entities}))


def rewording_of(connection: sqlite3.Connection, plan: ProjectPlan, said: Callable[[str], str]) -> Rewording:
    """What becomes of a project's words by a plan; the codings choose their places in the caller's transaction."""
    register = plan.found.register
    every = connection.execute("SELECT id, name, text FROM transcript ORDER BY id").fetchall()
    names = {row["name"]: _title(row["name"], said) if row["id"] in plan.edits else row["name"] for row in every}
    rewording = Rewording(
        edits=plan.edits,
        texts={row["id"]: plan.edits[row["id"]].apply(row["text"]) for row in every if row["id"] in plan.edits},
        said=said,
        label=lambda number, label: plan.labels.get(number, {}).get(label) or said(label),
        codes=_distinct({code: renamed(code, register) for code in _codes(connection)}),
        people=_distinct({name: said(name) for name in _people(connection)}),
        transcripts=_distinct(names),
        offices={name: new for name, new in plan.found.offices.items() if name != new},
        ids={row["name"]: row["id"] for row in every},
        forget_files=True,
    )
    settle_codings(connection, rewording)
    return rewording


def _title(name: str, said: Callable[[str], str]) -> str:
    """An interview's name without anybody's, also where strokes part its words."""
    new = said(name)
    apart = new.replace("-", " ")
    return new if said(apart) == apart else said(apart)


def _distinct(names: Mapping[str, str]) -> dict[str, str]:
    """Name → new name for those that change, with a number where the new name is another's, in whatever case and spacing."""
    taken = {folded(name) for name, new in names.items() if name == new}
    found = {}
    for name, new in names.items():
        if new != name:
            free, number = new, 2
            while folded(free) in taken:
                free, number = f"{new} {number}", number + 1
            taken.add(folded(free))
            found[name] = free
    return found


def _codes(connection: sqlite3.Connection) -> list[str]:
    """Every name that a code has or had."""
    found: dict[str, None] = {}
    for (text,) in connection.execute("SELECT yaml FROM codebook ORDER BY version").fetchall():
        found |= {code.name: None for code in Codebook.from_yaml(text, may_be_empty=True)}
    for table in ("coding", "verdict", "resolution", "suggestion"):
        found |= {code: None for (code,) in connection.execute(f"SELECT DISTINCT code FROM {table} ORDER BY 1")}  # noqa: S608 - ours
    for decision in log(connection):
        found |= dict.fromkeys(decision.shown.get("names", ()))
        for row in (row for change in decision.changes for row in (change.before, change.after) if row):
            kind, _, code = str(row.get("about", "")).partition("/")
            found |= {one: None for one in (row.get("code"), code if kind == "code" else None) if one}
    return list(found)


def _people(connection: sqlite3.Connection) -> list[str]:
    """Every name of a coder, and of a user of another program."""
    found = {name: None for (name,) in connection.execute("SELECT name FROM coder ORDER BY id")}
    for kind, key, data in connection.execute("SELECT kind, key, data FROM carried ORDER BY kind, key").fetchall():
        if kind in ("user", "memo"):
            found[key.partition("\x1f")[0]] = None
        found |= dict.fromkeys(_users(json.loads(data)))
    return list(found)


def _users(data: Any) -> Iterator[str]:
    for one in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from _users(one)
    if isinstance(data, dict) and isinstance(data.get("user"), str):
        yield data["user"]


def _kept(rows: Iterable[Reworded]) -> Iterator[tuple[str, Row, Row]]:
    for one in rows:
        before = {column: value for column, value in one.before.items() if not isinstance(value, bytes)}
        yield one.table, before, {column: one.after[column] for column in before if one.after[column] != before[column]}


def note_runs(connection: sqlite3.Connection, changed: Callable[[list[str]], list[str]]) -> None:
    """Change the ids of the pseudonymisings that stand."""
    row = connection.execute("SELECT value FROM setting WHERE name = ?", (RUNS,)).fetchone()
    runs = changed(json.loads(row["value"]) if row else [])
    connection.execute("DELETE FROM setting WHERE name = ?", (RUNS,))
    if runs:
        connection.execute("INSERT INTO setting VALUES (?, ?)", (RUNS, json.dumps(runs)))


def note_invented(connection: sqlite3.Connection, names: Iterable[str]) -> None:
    """Keep which names are invented: memos with them name nobody, and no search takes them for anybody's."""
    connection.execute("DELETE FROM setting WHERE name = ?", (INVENTED,))
    if listed := sorted(set(names)):
        connection.execute("INSERT INTO setting VALUES (?, ?)", (INVENTED, json.dumps(listed, ensure_ascii=False)))


def invented_in(project: Project) -> frozenset[str]:
    """The invented names and placeholders that pseudonymisings of a project gave."""
    return frozenset(json.loads(project.setting(INVENTED, "[]")))


def counted(connection: sqlite3.Connection, edits: Mapping[int, Edits], rewording: Rewording) -> Pseudonymised:
    """What a rewording of these interviews did, in numbers."""
    counts = Counter(number for (number,) in connection.execute("SELECT transcript FROM coding"))
    coders = {name for (name,) in connection.execute("SELECT name FROM coder")}
    return Pseudonymised(
        interviews=len(edits),
        places=sum(len(own.edits) for own in edits.values()),
        codings=sum(counts[number] for number in edits),
        people={name: new for name, new in rewording.people.items() if new in coders},
        codes=rewording.codes,
    )
