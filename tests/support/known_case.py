"""Everything that a project knows, by names instead of numbers, so that two projects can be held against each other."""

import json
from typing import Any

from autokode.project import Project

_QUERIES = {
    "transcripts": "SELECT name, office, text, about FROM transcript",
    "utterances": "SELECT transcript.name, number, speaker, role, start, end, utterance.text, begin_s, end_s, question "
    "FROM utterance JOIN transcript ON transcript.id = transcript",
    "codings": "SELECT coder.name, transcript.name, start, end, code, good, time FROM coding "
    "JOIN coder ON coder.id = coder JOIN transcript ON transcript.id = transcript",
    "verdicts": "SELECT coder.name, transcript.name, utterance, code, said, probability FROM verdict "
    "JOIN coder ON coder.id = coder JOIN transcript ON transcript.id = transcript",
    "read": "SELECT coder.name, transcript.name, utterance FROM done "
    "JOIN coder ON coder.id = coder JOIN transcript ON transcript.id = transcript",
    "coders": "SELECT name, blind FROM coder",
    "variables": "SELECT name, levels, (SELECT count(*) FROM variable AS other WHERE (other.place, other.id) < "
    "(variable.place, variable.id)) FROM variable",
    "values": "SELECT transcript.name, speaker, variable.name, value FROM value "
    "JOIN transcript ON transcript.id = transcript JOIN variable ON variable.id = variable",
}


def known(project: Project) -> dict[str, Any]:
    """What a project knows: texts, codebook, codings, verdicts, read marks, memos, what was settled, the coders."""
    found: dict[str, Any] = {}
    for name, query in _QUERIES.items():
        found[name] = sorted(map(repr, map(tuple, project.database.rows(query))))
    found["codebook"] = project.codebook.to_yaml()
    found["memos"] = sorted(_memos(project))
    found["settled"] = sorted(_settled(project))
    return found


def _memos(project: Project) -> list[tuple[str, str, str]]:
    names = {str(source.id): source.name for source in project.sources}
    codings = {
        str(row["id"]): json.dumps([names[str(row["transcript"])], row["start"], row["end"], row["code"]])
        for row in project.database.rows("SELECT * FROM coding")
    }
    found = []
    for row in project.database.rows("SELECT name, about, text FROM memo JOIN coder ON coder.id = coder"):
        kind, _, rest = row["about"].partition("/")
        number, _, more = rest.partition("/")
        about = {"transcript": names.get(number), "turn": f"{names.get(number)} {more}", "coding": codings.get(number)}
        found.append((row["name"], f"{kind} {about.get(kind, rest)}", row["text"]))
    return found


def _settled(project: Project) -> list[tuple[Any, ...]]:
    """What was settled, with the two coders in the order of their names: which is the first depends on numbers."""
    rows = project.database.rows(
        "SELECT one.name, other.name, transcript.name, utterance, code, given FROM resolution "
        "JOIN coder AS one ON one.id = first JOIN coder AS other ON other.id = second "
        "JOIN transcript ON transcript.id = transcript"
    )
    return [(*sorted(row[:2]), *tuple(row)[2:]) for row in map(tuple, rows)]
