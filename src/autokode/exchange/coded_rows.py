"""Works out what the rows of a table of codings bring: codings, and changes of codings that are here.

A row that autokode wrote says from what (`row_marks`). What it says was in the project then; if it no longer is, somebody changed
it since, and the row is listed and left.
"""

from dataclasses import dataclass, field, replace

from autokode.base.messages import say
from autokode.corpus.coding import Coding, codings_of
from autokode.exchange.row_marks import Mark, MarkReader, called_now
from autokode.exchange.table_changes import Altered, Place, edited, good_in, is_edit, marked, place_of, unclear_good
from autokode.exchange.table_rows import Table, same_text, whole_number
from autokode.project.store.coders import as_known
from autokode.project.store.decision_log import Row
from autokode.project.store.foreign_data import Made, made
from autokode.project.store.project import Project


@dataclass(frozen=True, slots=True)
class CodedRows:
    """What a table of codings brings.

    Attributes:
        codings: those that are to be taken.
        stale: a line on each row whose coding was changed since.
        remarks: on names, and on cells that say nothing.
        changes: of codings that are there.
        good: which codings, new or here already, are good quotes.
    """

    codings: tuple[Coding, ...] = field(repr=False)
    stale: tuple[str, ...] = field(repr=False)
    remarks: tuple[str, ...] = field(default=(), repr=False)
    changes: tuple[Altered, ...] = field(default=(), repr=False)
    good: tuple[Place, ...] = field(default=(), repr=False)


def coded_rows(project: Project, table: Table, marks: MarkReader) -> CodedRows:
    """What a table of codings brings: all but the codings that stand in rows written from an earlier state.

    Raises:
        DataError: rows are invalid.
    """
    own, now = [(line, row, marks.of(row)) for line, row in table.rows], _Now(project, marks)
    former = called_now([(row, mark) for _line, row, mark in own], now.coders, now.names)
    written = {mark.thing for _line, _row, mark in own if mark is not None and mark.as_written}
    found = _Found(now)
    typed: list[_Typed] = []
    for line, row, mark in own:
        if mark is not None and mark.as_written:
            found.take_written(table.row(line), row, mark)
            continue
        change = mark if is_edit(row, mark, now.made(mark), written, former) else None
        written |= {change.thing} if change is not None else set()
        typed.append(_Typed(line, table.row(line), now.completed(row, mark), change))
    codings = codings_of(
        [(one.line, one.row) for one in typed], table.name, transcripts=now.transcripts, codebook=project.codebook
    )
    named = [
        replace(one, coder=as_known(former.get(one.coder, one.coder), now.names, any_case=True)) for one in codings
    ]
    for coding, one in zip(named, typed, strict=True):
        found.take_typed(coding, one)
    other = {(one.coder, known.coder) for one, known in zip(codings, named, strict=True) if one.coder != known.coder}
    remarks = [_taken_as(*names) for names in sorted(other)]
    remarks += unclear_good((table.row(line), row) for line, row, _mark in own)
    return CodedRows(tuple(found.codings), tuple(found.stale), tuple(remarks), tuple(found.changes), tuple(found.good))


@dataclass(frozen=True, slots=True)
class _Typed:
    """A row that somebody typed or changed: its line, what remarks call it, its cells; its mark if it changes a coding."""

    line: int
    name: str
    row: dict[str, str] = field(repr=False)
    mark: Mark | None


class _Found:
    """What was found so far in the rows of a table."""

    def __init__(self, now: "_Now") -> None:
        self._now = now
        self.codings: list[Coding] = []
        self.stale: list[str] = []
        self.changes: list[Altered] = []
        self.good: list[Place] = []

    def take_written(self, name: str, row: dict[str, str], mark: Mark) -> None:
        """Take a row as autokode wrote it, but perhaps for the mark of a good quote."""
        if said := self._now.since(row, mark):
            self.stale.append(f"{name}: {said}")
        elif (changed := marked(name, self._now.made(mark), self._now.then(mark), good_in(row))) is not None:
            self.changes.append(changed)

    def take_typed(self, coding: Coding, one: _Typed) -> None:
        """Take the coding of a row that somebody typed or changed."""
        own, then, good = self._now.made(one.mark), self._now.then(one.mark), good_in(one.row)
        if own is None or then is None:
            self.codings.append(coding)
            segment = coding.segment
            self.good += [(coding.coder, segment.transcript, segment.start, segment.end, coding.code)] * bool(good)
        elif (changed := edited(one.name, coding, own, then, good)) is not None:
            self.changes.append(changed)
        else:
            self.stale.append(f"{one.name}: {self._now.changed(own, then)}")


def _taken_as(written: str, known: str) -> str:
    return say(f"«{written}» er tatt som «{known}»", f"«{written}» was taken as «{known}»")


class _Now:
    """The codings of a project as they are now, to compare rows with."""

    def __init__(self, project: Project, marks: MarkReader) -> None:
        self.transcripts = {source.name: project.transcript(source.name) for source in project.sources}
        self._marks = marks
        codings = made(project)
        self._by_id = {one.id: one for one in codings}
        self._there = {place_of(one) for one in codings}
        self.coders = {one.id: one.coder for one in codings}
        self.names = [person.name for person in project.everyone]

    def made(self, mark: Mark | None) -> Made | None:
        """The coding of a row; None if it is gone, or if the row has none."""
        return self._by_id.get(mark.thing) if mark is not None else None

    def then(self, mark: Mark | None) -> Row | None:
        """The coding of a row as it was when the row was written; None if it has none."""
        return self._marks.then(mark) if mark is not None else None

    def changed(self, own: Made, then: Row) -> str:
        """What was changed here in a coding that somebody changed in a table too."""
        changed = _change(own, (then["start"], then["end"], then["code"]))
        return f"«{then['code']}» {then['start']}–{then['end']}, {own.transcript} ({own.coder}): {changed}"

    def since(self, row: dict[str, str], mark: Mark) -> str:
        """What became of the coding of a row that says what it said when it was written; "" if it stands."""
        own, code = self._by_id.get(mark.thing), self._marks.code_now(row["code"], mark)
        start, end = whole_number(row["start"]), whole_number(row["end"])
        if (row.get("coder", ""), row["transcript"], start, end, code) in self._there:
            return ""
        who = row.get("coder") or (own.coder if own else "")
        changed = _change(own, (start, end, code))
        return (
            changed and f"«{row['code']}» {start}–{end}, {row['transcript']}" + f" ({who})" * bool(who) + f": {changed}"
        )

    def completed(self, row: dict[str, str], mark: Mark | None) -> dict[str, str]:
        """A row that somebody typed or changed: its code as it is called now, its quote as it stands, its coder."""
        own = self._by_id.get(mark.thing) if mark else None
        there = self.transcripts.get(row.get("transcript", ""))
        start, end = whole_number(row.get("start", "")), whole_number(row.get("end", ""))
        if there is not None and row.get("quote") and start is not None and end is not None:
            stands = there.text[start:end]
            row = {**row, "quote": stands if same_text(stands, row["quote"]) else row["quote"]}
        code = self._marks.code_now(row.get("code", ""), mark)
        return {**row, "code": code, "coder": row.get("coder") or (own.coder if own else "")}


def _change(own: Made | None, then: tuple[int | None, int | None, str]) -> str:
    """What somebody changed in a coding that was (start, end, code); "" if nothing."""
    if own is None:
        return say("tatt bort", "removed")
    if own.code != then[2]:
        return say(f"er «{own.code}» nå", f"is «{own.code}» now")
    if (own.start, own.end) != then[:2]:
        return say(f"står på {own.start}–{own.end} nå", f"stands at {own.start}–{own.end} now")
    return ""
