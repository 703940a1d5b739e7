"""Notes which teachers got to see answers of a project, since a methods section must say so whatever came of it."""

import json

from autokode.project.store.project import Project

ASKED = "teachers"
"""The setting with the names of the teachers that were asked, in order."""


def note_teacher(project: Project, name: str) -> None:
    """Note a teacher before it is asked, so that it is known of even if the learning is broken off."""
    with project.database.writing() as connection:
        row = connection.execute("SELECT value FROM setting WHERE name = ?", (ASKED,)).fetchone()
        names = json.loads(row["value"]) if row else []
        if name not in names:
            value = json.dumps([*names, name], ensure_ascii=False)
            connection.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (ASKED, value))


def teachers_asked(project: Project) -> tuple[str, ...]:
    """The names of all teachers that got to see answers of the project, in order."""
    return tuple(json.loads(project.setting(ASKED, "[]")))
