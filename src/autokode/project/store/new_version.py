"""Brings a new version of an interview's text in: what points into the old one follows its words. One decision, undone as any.

What cannot follow is told before, is taken out by the same decision, and comes back with it. The step holds the old text.
"""

import json

from autokode.corpus.transcript import Transcript
from autokode.project.store.coders import Coder
from autokode.project.store.decision_log import INTERVIEW, TEXT
from autokode.project.store.interview_changes import changing, check_seen, source_with
from autokode.project.store.project import Project
from autokode.project.store.version_move import Following, Move


def following(project: Project, number: int, version: Transcript) -> Following:
    """What would follow a new version of an interview, and what could not; nothing is changed.

    Raises:
        DataError: there is no such interview, the text is the same, or it is another interview's.
    """
    with project.database.reading() as connection:
        return Move(connection, project.transcript(source_with(project, number).name), number, version).told()


def bring_version(
    project: Project, who: Coder, number: int, version: Transcript, *, saw: str, pseudonymised: bool = False
) -> Following:
    """Put a new version in place of an interview's text, and let what points into it follow.

    Args:
        project: the project.
        who: brings it.
        number: the interview's id.
        version: the new text, with its utterances; its name does not count.
        saw: the mark of what was shown (`following`).
        pseudonymised: whether all names in the new text are invented; that those of the old one were does not count.

    Raises:
        DataError: as `following`, or something else would follow by now. Nothing is changed then.
    """
    with changing(project, who, number, TEXT) as own:
        move = Move(own.connection, project.transcript(own.source.name), number, version)
        told = move.told()
        check_seen(saw, told.mark)
        move.put(own.source.name, pseudonymised=pseudonymised)
        own.changes = move.changes
    return told


def earlier_texts(project: Project, number: int) -> list[tuple[int, str, str]]:
    """The texts that new versions took the place of, the newest first: (step's number, when as ISO 8601 in UTC, the text)."""
    query = "SELECT id, time, rows FROM step WHERE kind = ? AND NOT undone ORDER BY id DESC"
    later = project.transcript(source_with(project, number).name).text
    found = []
    for step, time, rows in project.database.rows(query, (INTERVIEW,)):
        for table, key, before, _after in json.loads(rows):
            if table == "transcript" and key == [number] and before["text"] != later:
                later = before["text"]
                found.append((step, time, later))
    return found
