"""Two people who work apart in copies of one invented project, each at random, to be merged."""

import random
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from autokode.base.errors import DataError
from autokode.corpus.codebook import Codebook
from autokode.corpus.readers import Source
from autokode.corpus.transcript import Transcript, from_source
from autokode.project import Project, Reviewer
from autokode.project.store.codebook_editing import CodebookEditor
from autokode.project.store.foreign_data import take_reading
from review_case import suggest_by_hand

BOOK = "koder:\n  - navn: relasjon\n    koder:\n      - navn: makt\n      - navn: tillit\n  - navn: språk\n"
"""The codes that both begin with."""

NAMES = ("relasjon", "makt", "tillit", "språk", "humor", "ro", "styring")
"""Names that people give to codes, so that they meet."""

SAID = {
    "møte": "Anne: Hva gjorde dere?\nBo: Vi bygde hytta om igjen 😀.\nAnne: Og så?\nBo: Så regnet det, og vi satt inne.\n",
    "tur": "Anne: Gikk dere langt?\nBo: Til vannet og tilbake.\nAnne: Alene?\nBo: Nei, med hunden til naboen.\n",
}
"""Interviews, invented for these tests."""


def interview(name: str, text: str = "") -> Transcript:
    """An interview of two people who take turns."""
    return from_source(Source(text or SAID[name]), name)


def shared_project(folder: Path, names: tuple[str, ...] = tuple(SAID)) -> Project:
    """A project that two people are to have copies of, with suggestions for Anne."""
    project = Project.create(folder, Codebook.from_yaml(BOOK))
    for name in names:
        project.add(interview(name), pseudonymised=True)
    suggest_by_hand(project, names[0])
    return project


def copy_of(project: Project, folder: Path) -> Project:
    """A copy of a project's folder, as one sends it to somebody."""
    shutil.copytree(project.folder, folder)
    return Project.open(folder)


@dataclass
class Person:
    """Somebody who works at random in a copy.

    Attributes:
        project: the copy.
        name: the person.
        choose: the source of randomness.
        first: code as it is called now → what it was called when the copies parted, or when it was made.
    """

    project: Project
    name: str
    choose: random.Random
    first: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.first = self.first or {code.name: code.name for code in self.project.codebook}

    @property
    def reviewer(self) -> Reviewer:
        return Reviewer(self.project, self.project.coder(self.name).id)

    def own(self, table: str) -> list[dict[str, object]]:
        coder = self.project.coder(self.name).id
        rows = self.project.database.rows(f"SELECT * FROM {table} WHERE coder = ?", (coder,))  # noqa: S608
        return [dict(row) for row in rows]

    def act(self, acts: "tuple[Act, ...]" = ()) -> None:
        """Do one thing; what cannot be done now is left."""
        with suppress(DataError):
            self.choose.choice(acts or ACTS)(self)


Act = Callable[[Person], object]


def _code(one: Person) -> None:
    source = one.choose.choice(one.project.sources)
    text = one.project.transcript(source.name)
    turn = one.choose.choice(text.utterances)
    start = one.choose.randrange(turn.start, turn.end)
    end = one.choose.randint(start + 1, turn.end)
    one.reviewer.code(source.id, start, end, one.choose.choice(one.project.codebook.codable))


def _of_own(one: Person, work: Callable[[Reviewer, int], object]) -> None:
    rows = one.own("coding")
    if rows:
        work(one.reviewer, int(str(one.choose.choice(rows)["id"])))


def _remove(one: Person) -> None:
    _of_own(one, lambda reviewer, number: reviewer.remove(number))


def _recode(one: Person) -> None:
    _of_own(one, lambda reviewer, number: reviewer.recode(number, one.choose.choice(one.project.codebook.codable)))


def _good(one: Person) -> None:
    _of_own(one, lambda reviewer, number: reviewer.good(number))


def _note_on_coding(one: Person) -> None:
    _of_own(
        one, lambda reviewer, number: reviewer.memo(f"coding/{number}", one.choose.choice(("fint", "se igjen", "")))
    )


def _note(one: Person) -> None:
    source = one.choose.choice(one.project.sources)
    abouts = ("project", f"transcript/{source.id}", f"turn/{source.id}/1", f"code/{one.project.codebook.codable[0]}")
    one.reviewer.memo(one.choose.choice(abouts), one.choose.choice(("viktig", "tvil", "")))


def _read(one: Person) -> None:
    source = one.choose.choice(one.project.sources)
    answers = one.project.transcript(source.name).answers
    one.reviewer.read(source.id, one.choose.choice(answers))


def _judge(one: Person) -> None:
    """A verdict, as taken in from elsewhere: suggestions are made for one person alone."""
    source = one.choose.choice(one.project.sources)
    place = (source.id, one.choose.choice(one.project.transcript(source.name).answers))
    said = one.choose.choice(("accepted", "rejected"))
    take_reading(one.project, one.name, [], [(place, one.choose.choice(one.project.codebook.codable), said, 0.5)])


def _undo(one: Person) -> None:
    """Undo, but no edit of the codebook: what codes were called first would have to follow."""
    book = one.project.codebook
    one.reviewer.undo()
    if one.project.codebook != book:
        one.reviewer.redo()


def _make(one: Person) -> None:
    name = one.choose.choice([name for name in NAMES if name not in one.first] or list(NAMES))
    CodebookEditor(one.reviewer).make(name)
    one.first[name] = name


def _rename(one: Person) -> None:
    """A name that only this person gives, so that a test can tell what it was."""
    old = one.choose.choice([code.name for code in one.project.codebook])
    new = f"{one.first[old]} ({one.name} {one.choose.randrange(3)})"
    CodebookEditor(one.reviewer).rename(old, new)
    one.first[new] = one.first.pop(old)


WORK: tuple[Act, ...] = (_code, _code, _code, _remove, _recode, _good, _note_on_coding, _note, _read, _read, _judge)
ACTS = (*WORK, _undo, _make, _rename)
