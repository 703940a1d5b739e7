"""Gives a transcript its corrected text: the same utterances with other names in them, after a list of names was mended.

Everything that points into the text moves with its words: codings, suggestions, and the log. The file as it was stays beside the
project's.
"""

import difflib
import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from autokode.base.errors import failure, quoted
from autokode.base.files import write_whole
from autokode.base.hashing import sha256_of_file
from autokode.base.messages import say
from autokode.corpus.edits import Edit, Edits
from autokode.corpus.transcript import Transcript
from autokode.project.store.decision_log import Change, Decision, Row
from autokode.project.store.log_rewriting import rewrite_log
from autokode.project.store.project import Project
from autokode.project.store.transcripts import about_of, insert_utterances

MOST = 0.3
"""Largest share of the words that a correction may change; otherwise it is another text."""

_WORDS = re.compile(r"\w+|\s+|[^\w\s]")


def correct_texts(project: Project, corrected: Iterable[tuple[Transcript, Path]]) -> tuple[str, ...]:
    """Replace the texts of transcripts by those that are given under their names, and say what changed; () if all are the same.

    Args:
        project: the project.
        corrected: transcripts with the same utterances and other names in them, each with the file it was read from.

    Raises:
        DataError: the utterances of one are others, or more than names differ. Nothing is changed then.
    """
    changed = []
    for transcript, file in corrected:
        before = project.transcript(transcript.name)
        if before.sha256 != transcript.sha256:
            changed.append((project.source(transcript.name).id, transcript, file, _edits(project, before, transcript)))
    if not changed:
        return ()
    said = []
    with project.database.writing() as connection:
        copy = _copy(project.database.path)
        write_whole(copy, connection.serialize())
        for number, transcript, file, edits in changed:
            codings = connection.execute("SELECT count(*) FROM coding WHERE transcript = ?", (number,)).fetchone()[0]
            _move_suggestions(connection, number, edits, transcript.text)
            _move_log(connection, number, edits, transcript.text)
            _put_text(connection, number, transcript, file)
            places = len(edits.edits)
            what = say(
                f"teksten er rettet {places} steder; {codings} kodinger står på de samme ordene",
                f"the text was corrected in {places} places; {codings} codings stand on the same words",
            )
            said.append(f"{transcript.name}: {what}")
    kept = say(
        f"Prosjektet slik det var: {copy}; slett filen når alt er riktig",
        f"The project as it was: {copy}; delete that file when all is right",
    )
    return (*said, kept)


def _edits(project: Project, before: Transcript, after: Transcript) -> Edits:
    """The edits that make one text of the other, utterance by utterance.

    Raises:
        DataError: the utterances are not the same.
    """
    turns = [[(one.role, one.question) for one in transcript.utterances] for transcript in (before, after)]
    edits: list[Edit] = []
    if turns[0] == turns[1]:
        at = new_at = 0
        for old, new in zip(before.utterances, after.utterances, strict=True):
            edits += _differences(before.text[at : old.start], after.text[new_at : new.start], at)
            edits += _differences(before.text[old.start : old.end], after.text[new.start : new.end], old.start)
            at, new_at = old.end, new.end
        edits += _differences(before.text[at:], after.text[new_at:], at)
    if not edits or sum(len(edit.old) for edit in edits) > MOST * len(before.text):
        raise failure(
            "en transkripsjon med dette navnet er i prosjektet alt, med en annen tekst; den er ikke rørt",
            "a transcript of this name is in the project already, with another text; it was not touched",
            where=before.name,
            try_next=say("gi filen et annet navn, eller: ", "give the file another name, or: ")
            + f"autokode init NYTT && autokode add FIL --project NYTT ({quoted(project.folder)})",
        )
    return Edits(edits)


def _differences(old: str, new: str, at: int) -> Iterator[Edit]:
    """Yield the edits between two pieces of text, whole words each; `at` is where the old one begins."""
    if old == new:
        return
    words, others = _WORDS.findall(old), _WORDS.findall(new)
    starts = [0]
    for word in words:
        starts.append(starts[-1] + len(word))
    for kind, a, b, c, d in difflib.SequenceMatcher(None, words, others, autojunk=False).get_opcodes():
        if kind != "equal":
            yield Edit(at + starts[a], at + starts[b], "".join(words[a:b]), "".join(others[c:d]))


def _copy(path: Path) -> Path:
    """The first free name beside a project's file."""
    names = (path.with_name(f"{path.name}.før-retting-{number}") for number in range(1, 10_000))
    return next(name for name in names if not name.exists())


def _move_suggestions(connection: sqlite3.Connection, number: int, edits: Edits, text: str) -> None:
    """Move suggestions with their evidence; vectors are made again from the new words."""
    rows = connection.execute("SELECT * FROM suggestion WHERE transcript = ?", (number,)).fetchall()
    connection.executemany(
        "UPDATE suggestion SET start = ?, end = ?, part_start = ?, part_end = ?, evidence = ? WHERE id = ?",
        [
            (
                *edits.segment(row["start"], row["end"]),
                *edits.segment(row["part_start"], row["part_end"]),
                _moved_evidence(row["evidence"], edits, text),
                row["id"],
            )
            for row in rows
        ],
    )
    connection.execute("DELETE FROM vector WHERE transcript = ?", (number,))


def _moved_evidence(evidence: str, edits: Edits, text: str) -> str:
    return json.dumps(_moved_words(json.loads(evidence), edits, text), ensure_ascii=False) if evidence else evidence


def _moved_words(evidence: dict[str, Any], edits: Edits, text: str) -> dict[str, Any]:
    """Evidence with its words moved, and as they are now."""
    words = ((*edits.segment(start, end), contribution) for start, end, contribution, _word in evidence["words"])
    return {**evidence, "words": [[start, end, contribution, text[start:end]] for start, end, contribution in words]}


def _move_log(connection: sqlite3.Connection, number: int, edits: Edits, text: str) -> None:
    """Move the codings that the log's decisions hold, and with them the table's."""

    def moved(decision: Decision) -> Decision:
        changes = tuple(
            Change(one.table, _moved(one.before, number, edits), _moved(one.after, number, edits))
            for one in decision.changes
        )
        if decision.transcript != number:
            return replace(decision, changes=changes)
        shown = _moved_shown(decision.shown, edits, text)
        shown = {key: _moved_shown(value, edits, text) for key, value in shown.items()}
        return replace(decision, changes=changes, shown=shown)

    rewrite_log(connection, moved)


def _moved(row: Row | None, number: int, edits: Edits) -> Row | None:
    """A row of the log with its span moved, if it is a coding in this transcript."""
    if row is None or row.get("transcript") != number or "start" not in row:
        return row
    start, end = edits.segment(row["start"], row["end"])
    return {**row, "start": start, "end": end}


def _moved_shown(shown: Any, edits: Edits, text: str) -> Any:
    """What somebody was shown of a suggestion, or of several, with its span and its evidence moved."""
    if isinstance(shown, list):
        return [_moved_shown(one, edits, text) for one in shown]
    if not isinstance(shown, dict) or not isinstance(shown.get("start"), int):
        return shown
    start, end = edits.segment(shown["start"], shown["end"])
    evidence = {"evidence": _moved_words(shown["evidence"], edits, text)} if shown.get("evidence") else {}
    return {**shown, "start": start, "end": end, **evidence}


def _put_text(connection: sqlite3.Connection, number: int, transcript: Transcript, file: Path) -> None:
    kept = json.loads(connection.execute("SELECT about FROM transcript WHERE id = ?", (number,)).fetchone()["about"])
    about = json.dumps({**kept, **about_of(transcript)}, ensure_ascii=False)
    connection.execute(
        "UPDATE transcript SET text = ?, sha256 = ?, about = ?, file = ?, file_sha256 = ? WHERE id = ?",
        (transcript.text, transcript.sha256, about, str(file.absolute()), sha256_of_file(file), number),
    )
    connection.execute("DELETE FROM utterance WHERE transcript = ?", (number,))
    insert_utterances(connection, number, transcript.utterances)
