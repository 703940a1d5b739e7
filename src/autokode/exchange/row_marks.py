"""The mark that autokode writes into each row of a table: the state of the project, the row's coding or suggestion, a checksum.

By it a row that nobody touched since can be told from one that somebody typed, however the table was sorted, cut or copied.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from autokode.base.formatting import one_line
from autokode.base.hashing import sha256_of
from autokode.base.tables import MARK
from autokode.project.store.code_names import Names, now_called
from autokode.project.store.decision_log import Row
from autokode.project.store.decision_rows import codings_then
from autokode.project.store.project import Project
from autokode.project.store.project_state import STATE, State, state_in, state_of, was_in

_MARK = re.compile(rf"{STATE}-(\d{{1,15}})-([0-9a-f]{{8}})")
_CHECKED = ("transcript", "start", "end", "code", "coder")

Cells = Mapping[str, str]
"""The cells of a row of a table, by column."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What is known of a row that was written from an earlier state of the project.

    Attributes:
        decision: the last decision of that state.
        thing: the number of its coding or suggestion.
        as_written: whether the row says what it said then.
    """

    decision: int
    thing: int
    as_written: bool


class Marker:
    """Writes marks of the state in which a project is."""

    def __init__(self, project: Project) -> None:
        self.state = str(state_of(project))

    def of(self, thing: int, row: Mapping[str, object]) -> str:
        """The mark of a row about the coding or suggestion of this number."""
        return f"{self.state}-{thing}-{_checksum({name: str(row[name]) for name in _CHECKED})}"


class MarkReader:
    """Reads the marks of one file.

    Attributes:
        marked: whether the file says that it was written from an earlier state of this project, or from the present one.
        elsewhere: whether it says that it was written from another project, or another copy of this one.
    """

    def __init__(self, project: Project, stated: str = "") -> None:
        """`stated`: the state of the file as a whole, where it has one."""
        self._project = project
        self._known: dict[State, bool] = {}
        self._names: dict[int, Names] = {}
        self._codes = {code.name for code in project.codebook}
        self._coders = {person.name: person.id for person in project.everyone}
        self._transcripts = {source.name: source.id for source in project.sources}
        self._then: dict[int, dict[int, Row]] = {}
        self._places: dict[tuple[object, ...], list[tuple[int, int]]] | None = None
        self.marked = self.elsewhere = False
        self.decision = 0
        whole = state_in(stated)
        self._whole = whole if whole is not None and self._is_known(whole) else None

    def of(self, row: Cells) -> Mark | None:
        """The mark of a row; None if it has none, or one of another project."""
        found = _MARK.fullmatch(row.get(MARK, "").strip())
        if found is None:
            return self._unmarked(row)
        if not self._is_known(State(found[1], found[2], int(found[3]))):
            return None
        names = [row.get("coder", "")] if row.get("coder") else list(self._coders)  # somebody may have cut that column
        same = any(_checksum({**row, "coder": name}) == found[5] for name in names)
        return Mark(int(found[3]), int(found[4]), same)

    def code_now(self, code: str, mark: Mark | None) -> str:
        """What a code of a row is called now: by the renames since the row was written, or else those of names that are gone."""
        if mark is None and not self.marked and code in self._codes:
            return code
        decision = mark.decision if mark else self.decision
        if decision not in self._names:
            self._names[decision] = self._project.names_since(decision=decision)
        return now_called(code, self._names[decision])

    def then(self, mark: Mark) -> Row | None:
        """The coding of a row as it was when the row was written, its code as it is called now; None if there is none."""
        found = self._codings(mark.decision).get(mark.thing)
        return None if found is None else {**found, "code": self.code_now(found["code"], mark)}

    def _codings(self, decision: int) -> dict[int, Row]:
        if decision not in self._then:
            self._then[decision] = codings_then(self._project, decision)
        return self._then[decision]

    def _is_known(self, state: State) -> bool:
        if state not in self._known:
            self._known[state] = was_in(self._project, state)
        known = self._known[state]
        self.marked, self.elsewhere = self.marked or known, self.elsewhere or not known
        self.decision = max(self.decision, state.decision if known else 0)
        return known

    def _unmarked(self, row: Cells) -> Mark | None:
        """The mark of a coding that stood so in the state of the whole file: somebody cut the column of marks."""
        if self._whole is None or "decision" in row:
            return None
        if self._places is None:
            self._places = {}
            for number, one in self._codings(self._whole.decision).items():
                place = (one["transcript"], one["start"], one["end"], one["code"])
                self._places.setdefault(place, []).append((number, one["coder"]))
        start, end = (
            int(text) if re.fullmatch(r"\d{1,15}", text := row.get(name, "")) else -1 for name in ("start", "end")
        )
        there = self._places.get(
            (self._transcripts.get(row.get("transcript", "")), start, end, row.get("code", "")), ()
        )
        who = self._coders.get(row.get("coder", ""))
        return next(
            (Mark(self._whole.decision, n, True) for n, coder in there if not row.get("coder") or coder == who), None
        )


def called_now(
    rows: Iterable[tuple[Cells, Mark | None]], whose: Mapping[int, str], known: Collection[str]
) -> dict[str, str]:
    """Coder's name that rows have and nobody has any more → what that coder is called now, by the rows that are as written.

    Args:
        rows: rows with their marks.
        whose: number of a coding or suggestion → its coder's name now.
        known: the names that coders have now.
    """
    written = [
        (row.get("coder", ""), whose.get(mark.thing)) for row, mark in rows if mark is not None and mark.as_written
    ]
    return {old: now for old, now in reversed(written) if old and now and old not in known}


def _checksum(row: Cells) -> str:
    """The checksum of what a row says, whatever a spreadsheet did to its white space."""
    return sha256_of("\n".join(one_line(unicodedata.normalize("NFC", row.get(name, ""))) for name in _CHECKED))[:8]
