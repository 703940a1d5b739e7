"""Searches a project for what still seems personal: interviews, memos, names of things, the log, and files beside it."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from autokode.base.formatting import one_line
from autokode.project.store.project import Project
from autokode.project.store.project_files import not_own
from autokode.project.store.pseudonym_plan import read_of
from autokode.project.store.pseudonymising import invented_in
from autokode.project.store.reworded_rows import AS_THEY_ARE
from autokode.project.store.rewording import rows_with_words
from autokode.pseudonym.checking import texts_in_file
from autokode.pseudonym.finding import find_all, find_known
from autokode.pseudonym.key import Key
from autokode.pseudonym.kinds import Finding, without_overlap
from autokode.pseudonym.labels import is_role, names_in
from autokode.pseudonym.register import Register

if TYPE_CHECKING:
    from autokode.nlp.pipeline import Pipeline

AROUND = 40
"""How many characters are shown on each side of a finding."""


@dataclass(frozen=True, slots=True)
class LeftInProject:
    """Something in a project that seems personal.

    Attributes:
        where: an interview's name, a table of the project's file ("memo", "decision", …), or a file.
        kind, text, context: what it is, and the words around it.
        known: whether the key knows it; else it was only found to look personal.
        transcript, utterance: where it is said, if it is; else 0 and -1.
    """

    where: str
    kind: str
    text: str = field(repr=False)
    context: str = field(repr=False)
    known: bool
    transcript: int = 0
    utterance: int = -1


@dataclass(frozen=True, slots=True)
class CheckedProject:
    """The result: what seems personal, the texts searched, and files beside the project that cannot be read."""

    left: tuple[LeftInProject, ...]
    texts: int
    unread: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Text:
    where: str
    text: str = field(repr=False)
    transcript: int = 0
    utterance: int = -1


def check_project(
    project: Project,
    nlp: "Pipeline",
    *,
    key: Key | None = None,
) -> CheckedProject:
    """Search a project for personal data; invented names do not count.

    Args:
        project: the project.
        nlp: a pipeline with names.
        key: its names are searched for too, everywhere.
    """
    known = key.register if key is not None else Register()
    allowed = Register((), {*invented_in(project), *(e.becomes for e in known.entities), *known.leave})
    said = list(_interviews(project))
    memos = [
        _Text("memo", row["text"]) for row in project.database.rows("SELECT text FROM memo") if row["text"].strip()
    ]
    texts = [*said, *memos, *_values(project)]
    left = []
    for one, found in zip(texts, find_all([one.text for one in texts], nlp), strict=True):
        left += list(_told(one, [*_known(one.text, known), *found], known, allowed))
    seen = {one.text for one in texts}
    with project.database.reading() as connection:
        others = list(_strings(connection, seen))
    beside, unread = _files(project)
    for one in [*others, *beside]:
        left += list(_told(one, _known(one.text, known), known, allowed))
    return CheckedProject(tuple(left), len(texts) + len(others) + len(beside), tuple(unread))


def _values(project: Project) -> list[_Text]:
    """The values of variables and what the variables are called, each once."""
    rows = project.database.rows("SELECT name FROM variable UNION SELECT value FROM value ORDER BY 1")
    return [_Text("value", text) for (text,) in rows if any(map(str.isalpha, text))]


def _interviews(project: Project) -> Iterator[_Text]:
    for source in project.sources:
        transcript = project.transcript(source.name)
        labels = dict.fromkeys(label for label in transcript.speakers if label and not is_role(label))
        for label in labels:
            for named in names_in(label):
                at = next((i for i, one in enumerate(transcript.utterances) if one.speaker == label), -1)
                yield _Text(source.name, f"{named.name}:", source.id, at)
        for start, text in read_of(transcript, source.office).texts():
            index = transcript.utterance_at(start)
            yield _Text(source.name, text, source.id, -1 if index is None else index)


def _known(text: str, known: Register) -> list[Finding]:
    spaced = text.replace("_", " ")
    return [f for f in find_known(spaced, known.forms()) if not known.is_left(f.text)]


def _told(one: _Text, found: list[Finding], known: Register, allowed: Register) -> Iterator[LeftInProject]:
    for finding in without_overlap(found):
        if allowed.is_left(finding.text):
            continue
        context = one_line(one.text[max(0, finding.start - AROUND) : finding.end + AROUND])
        is_known = known.likeliest_of(finding.text) is not None
        place = (one.transcript, one.utterance)
        yield LeftInProject(one.where, str(finding.kind), finding.text, context, is_known, *place)


def _strings(connection: sqlite3.Connection, seen: set[str]) -> Iterator[_Text]:
    """Yield each different text of the tables once, with the table in which it stands first."""
    for table, row in rows_with_words(connection):
        for column, value in row.items():
            searched = (table, column) in (("utterance", "text"), ("transcript", "text"))
            if isinstance(value, str) and column not in AS_THEY_ARE and not searched:
                for text in _parts(value):
                    if text not in seen and any(map(str.isalpha, text)):
                        seen.add(text)
                        yield _Text(table, text)


def _parts(text: str) -> Iterator[str]:
    """The texts in a text that may be JSON."""
    if text[:1] in "[{":
        try:
            yield from _within(json.loads(text))
            return
        except ValueError:
            pass
    yield text


def _within(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield key
            if key not in AS_THEY_ARE:
                yield from _within(value)
    elif isinstance(data, list):
        for one in data:
            yield from _within(one)


def _files(project: Project) -> tuple[list[_Text], list[str]]:
    """The texts of files in the project's folder that are not autokode's own, and those that cannot be read."""
    found, unread = [], []
    for path in not_own(project.folder):
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if not file.is_file() or file.is_symlink():
                continue
            name = str(file.relative_to(project.folder))
            texts = texts_in_file(file)
            found += [_Text(name, name), *(_Text(name, text) for text in texts or () if text.strip())]
            unread += [name] if texts is None else []
    return found, unread
