"""Tells whether a project's file still holds all that somebody saw of it, or is an older or another one that took its place."""

from autokode.project.store.opening import replaced
from autokode.project.store.project import Project
from autokode.project.store.rewritings import rewritings

_ROWS = {"decision": "time", "codebook": "added"}
"""Tables that keep their rows → the column with the time of a row."""

_WORDED = "words"
"""The part of a mark with how many times the whole file got other words; a page from before shows the old ones."""

_NUMBERED = ("transcript", "coding", "round", "suggestion")
"""Tables that lose rows, but never give a number twice."""


def file_mark(project: Project) -> str:
    """The last rows of a project's file, by number and time: what a later state of the same file holds too."""
    parts = []
    with project.database.reading():
        for table, time in _ROWS.items():
            for row in project.database.rows(f"SELECT rowid, {time} FROM {table} ORDER BY rowid DESC LIMIT 1"):  # noqa: S608 - ours
                parts.append(f"{table} {row[0]} {row[1]}")
        parts += [f"{table} {number}" for table, number in _numbers(project).items()]
        parts.append(f"{_WORDED} {len(rewritings(project))}")
    return ";".join(parts)


def check_mark(project: Project, seen: str) -> None:
    """Check that a project's file is the one that a mark was made of, as it was then or later.

    Raises:
        DataError: it is not; the message says what may have happened, and what to do.
    """
    with project.database.reading():
        numbers = _numbers(project)
        if not all(_is_there(project, numbers, part) for part in seen.split(";")):
            raise replaced(project.database.path)


def _is_there(project: Project, numbers: dict[str, int], part: str) -> bool:
    """Whether the file holds what a part of a mark names: "TABLE NUMBER TIME", or "TABLE NUMBER" for a number once given."""
    table, _, rest = part.partition(" ")
    number, _, time = rest.partition(" ")
    if not number.isdecimal():
        return False
    if table in _ROWS:
        query = f"SELECT 1 FROM {table} WHERE rowid = ? AND {_ROWS[table]} = ?"  # noqa: S608 - names from _ROWS
        return bool(project.database.rows(query, (int(number), time)))
    if table == _WORDED:
        return len(rewritings(project)) == int(number)
    return numbers.get(table, -1) >= int(number)


def _numbers(project: Project) -> dict[str, int]:
    rows = project.database.rows("SELECT name, seq FROM sqlite_sequence")
    return {name: number for name, number in rows if name in _NUMBERED}
