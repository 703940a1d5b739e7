"""Gives a transcript its corrected text: the same utterances with other names in them, after a list of names was mended.

Everything that points into the text moves with its words: codings, suggestions, and the log. The file as it was stays beside the
project's.
"""

import difflib
import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from autokode.base.errors import failure, quoted
from autokode.base.files import write_whole
from autokode.base.hashing import sha256_of_file
from autokode.base.messages import say
from autokode.corpus.edits import Edit, Edits
from autokode.corpus.transcript import Transcript
from autokode.project.store.project import Project
from autokode.project.store.reworded_rows import Rewording
from autokode.project.store.rewording import reword_rows, settle_codings
from autokode.project.store.step_making import forget_versions
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
        rewording = Rewording(
            edits={number: edits for number, _transcript, _file, edits in changed},
            texts={number: transcript.text for number, transcript, _file, _edits in changed},
        )
        forget_versions(connection)
        settle_codings(connection, rewording)
        reword_rows(connection, rewording.row)
        for number, transcript, file, edits in changed:
            codings = connection.execute("SELECT count(*) FROM coding WHERE transcript = ?", (number,)).fetchone()[0]
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


def _put_text(connection: sqlite3.Connection, number: int, transcript: Transcript, file: Path) -> None:
    kept = json.loads(connection.execute("SELECT about FROM transcript WHERE id = ?", (number,)).fetchone()["about"])
    about = json.dumps({**kept, **about_of(transcript)}, ensure_ascii=False)
    connection.execute(
        "UPDATE transcript SET text = ?, sha256 = ?, about = ?, file = ?, file_sha256 = ? WHERE id = ?",
        (transcript.text, transcript.sha256, about, str(file.absolute()), sha256_of_file(file), number),
    )
    for table in ("utterance", "vector"):  # vectors are made again from the new words
        connection.execute(f"DELETE FROM {table} WHERE transcript = ?", (number,))  # noqa: S608 - our own names
    insert_utterances(connection, number, transcript.utterances)
