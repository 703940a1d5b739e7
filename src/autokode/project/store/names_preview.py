"""What pseudonymising a project would change, found out on a copy in memory: nothing is written."""

import contextlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from autokode.corpus.edits import Edits
from autokode.corpus.overlap import overlapped
from autokode.corpus.transcript import Transcript
from autokode.project.store.decision_log import Row
from autokode.project.store.project import Project
from autokode.project.store.project_files import CODEBOOK
from autokode.project.store.pseudonym_plan import ProjectPlan
from autokode.project.store.pseudonymising import renaming_of, rewording_of
from autokode.project.store.reworded_rows import Rewording
from autokode.project.store.rewording import Reworded, reword_rows
from autokode.pseudonym.key import Key

MOST = 60
"""Most utterances and memos that a preview shows."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text, before and after; the same where nothing changes."""

    old: str = field(repr=False)
    new: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sentence:
    """An utterance that changes: its place, who says it (afterwards), and its pieces."""

    transcript: int
    utterance: int
    speaker: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What would change.

    Attributes:
        sentences: utterances with something of each entry of the list, at most `MOST`.
        places: changed places in the texts; utterances: utterances with one.
        memos: memos before and after, at most `MOST`; changed_memos: how many there are.
        interviews, offices, codes, people: name → new name.
        codebook: whether codebook.yaml changes.
        decisions, codings, suggestions, others: rows of the log, codings that point at other places, suggestions, and rows of
            other tables that change, with values of variables.
    """

    sentences: tuple[Sentence, ...] = field(repr=False)
    places: int
    utterances: int
    memos: tuple[Piece, ...] = field(repr=False)
    changed_memos: int
    interviews: Mapping[str, str]
    offices: Mapping[str, str]
    codes: Mapping[str, str]
    people: Mapping[str, str]
    codebook: bool
    decisions: int
    codings: int
    suggestions: int
    others: int


def preview_of(project: Project, plan: ProjectPlan, key: Key) -> Preview:
    """Find out what a plan would change.

    Raises:
        DataError: the project is not sound.
    """
    said = renaming_of(plan, key)
    with _copy_of(project) as connection:
        rewording = rewording_of(connection, plan, said)
        facts = {table: _reworded(connection, rewording, table) for table in ("memo", "coding", "value")}
        rows = [one for one in reword_rows(connection, rewording.row) if one.before != one.after]
    by_table: dict[str, list[Reworded]] = {}
    for one in rows:
        by_table.setdefault(one.table, []).append(one)
    changed = [Piece(one.before["text"], one.after["text"]) for one in facts["memo"]]
    changed = [memo for memo in changed if memo.old != memo.new]
    sentences, utterances = _sentences(project, plan)
    book = project.folder / CODEBOOK
    text = book.read_text(encoding="utf-8", errors="replace") if book.exists() else ""
    coders = {coder.name for coder in project.coders}
    own = ("decision", "suggestion", "utterance", "transcript", "codebook", "coder")
    return Preview(
        sentences,
        sum(len(edits.edits) for edits in plan.edits.values()),
        utterances,
        tuple(changed[:MOST]),
        len(changed),
        rewording.transcripts,
        _changed(by_table.get("transcript", ()), "office"),
        rewording.codes,
        {name: new for name, new in rewording.people.items() if name in coders},
        "codebook" in by_table or said(text) != text,
        sum(_says_other(one) for one in by_table.get("decision", ())),
        len(facts["coding"]),
        len(by_table.get("suggestion", ())),
        sum(len(found) for table, found in by_table.items() if table not in own) + len(facts["value"]),
    )


@contextlib.contextmanager
def _copy_of(project: Project) -> Iterator[sqlite3.Connection]:
    """A copy of a project's file in memory."""
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as copy:
        copy.row_factory = sqlite3.Row
        with project.database.reading() as connection:
            connection.backup(copy)
        yield copy


def _reworded(connection: sqlite3.Connection, rewording: Rewording, table: str) -> list[Reworded]:
    """The rows of a table that the log amounts to, as they become; those that change."""
    rows = [dict(row) for row in connection.execute(f"SELECT * FROM {table}").fetchall()]  # noqa: S608 - our own names
    found = (Reworded(table, row, rewording.row(table, row)) for row in rows)
    return [one for one in found if one.before != one.after]


def _changed(rows: "list[Reworded] | tuple[()]", column: str) -> dict[str, str]:
    return {one.before[column]: one.after[column] for one in rows if one.before[column] != one.after[column]}


def _says_other(one: Reworded) -> bool:
    return _plain(one.before) != _plain(one.after)


def _plain(row: Row) -> tuple[object, object]:
    return json.loads(row["changes"]), json.loads(row["shown"])


def _sentences(project: Project, plan: ProjectPlan) -> tuple[tuple[Sentence, ...], int]:
    """Utterances that change, first one for each name, and how many there are."""
    every: dict[tuple[int, int], Sentence] = {}
    first: dict[str, tuple[int, int]] = {}
    for number, edits in plan.edits.items():
        name = next(source.name for source in project.sources if source.id == number)
        for at, sentence in _in_transcript(number, project.transcript(name), edits, plan.labels.get(number, {})):
            every[number, at] = sentence
            for piece in sentence.pieces:
                if piece.old != piece.new:
                    first.setdefault(piece.old.casefold(), (number, at))
    chosen = list(dict.fromkeys([*first.values(), *every]))[:MOST]
    return tuple(every[place] for place in sorted(chosen)), len(every)


def _in_transcript(
    number: int, transcript: Transcript, edits: Edits, labels: Mapping[str, str]
) -> Iterator[tuple[int, Sentence]]:
    found: dict[int, list[Piece]] = {}
    ends: dict[int, int] = {}
    for edit in edits.edits:
        for at in overlapped(transcript.utterances, edit.start, edit.end)[:1]:
            one = transcript.utterances[at]
            start = ends.get(at, one.start)
            between = transcript.text[start : max(start, edit.start)]
            found.setdefault(at, []).extend([Piece(between, between), Piece(edit.old, edit.new)])
            ends[at] = edit.end
    for at, pieces in found.items():
        one = transcript.utterances[at]
        rest = transcript.text[ends[at] : one.end]
        speaker = labels.get(one.speaker, one.speaker)
        yield at, Sentence(number, at, speaker, tuple(p for p in (*pieces, Piece(rest, rest)) if p.old or p.new))
