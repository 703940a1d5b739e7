"""Import tables: codings made elsewhere, and suggestions that somebody decided in Excel.

A row that autokode wrote says from what (`row_marks`). What it says was in the project then; if it no longer is, somebody changed
it since, and the row is listed and left.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import astuple, dataclass, replace
from typing import Any

from autokode.base.errors import DataError, Problem, quoted
from autokode.base.messages import say
from autokode.corpus.coding import Coding, codings_of
from autokode.corpus.outside import outside_remark
from autokode.exchange.row_marks import Mark, MarkReader
from autokode.exchange.table_decisions import Plan, planned
from autokode.exchange.table_rows import Table, read_tables, same_text, whole_number
from autokode.project.store.coders import as_known
from autokode.project.store.foreign_data import Made, made
from autokode.project.store.project import Project

LISTED = 20
"""Most rows listed of those that were changed since."""


@dataclass(frozen=True, slots=True)
class ImportedTable:
    """Result of an import.

    Attributes:
        codings: new ones.
        accepted, rejected, changed: suggestions by decision.
        left: suggestions without a decision.
        stale: rows left alone since what they are about was changed after the file was written.
        remarks: on rows left out, and more.
    """

    codings: int = 0
    accepted: int = 0
    rejected: int = 0
    changed: int = 0
    left: int = 0
    stale: int = 0
    remarks: tuple[str, ...] = ()

    def __add__(self, other: "ImportedTable") -> "ImportedTable":
        return ImportedTable(*(one + more for one, more in zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True, slots=True)
class CodedRows:
    """The codings of a table that are to be taken, a line on each row that was changed since, and remarks on names."""

    codings: tuple[Coding, ...]
    stale: tuple[str, ...]
    remarks: tuple[str, ...] = ()


def import_table(project: Project, table: Any, *, coder: str = "", complete: bool = False) -> ImportedTable:
    """Import codings, or decisions on suggestions, from a table; all of it, or nothing after an error.

    Of a file that autokode wrote from this project, what stood there then is not taken again, whatever became of it since.

    Args:
        project: the project.
        table: a file (.csv, .tsv, .xlsx, .parquet), or an Arrow-compatible table (pandas, Polars, pyarrow).
        coder: coder of the codings that name none; decisions belong to the coder who got the suggestions.
        complete: whether coders read all of every transcript in which they had no codings before; never where the table also
            has suggestions, which hold only what somebody has to decide.

    Raises:
        DataError: the table cannot be read, lacks columns or has invalid rows; the message names all of them.
    """
    found = read_tables(table)
    marks = MarkReader(project, found.stated)
    decided = [one for one in found.tables if "decision" in one.columns]
    coded = [
        one for one in found.tables if one not in decided and {"transcript", "start", "end", "code"} <= one.columns
    ]
    if not decided and not coded:
        raise _nothing_in(project, found.name, empty=not any(one.rows for one in found.tables))
    rows = [coded_rows(project, one, marks) for one in coded]
    plans = [planned(project, one, marks) for one in decided]
    imported = ImportedTable(remarks=tuple(origin_remarks(marks)))
    with project.step("import"):
        for one in rows:
            imported += _taken(project, one, coder=coder, complete=complete and not decided)
        for plan in plans:
            imported += _decided(project, plan)
    return imported


def coded_rows(project: Project, table: Table, marks: MarkReader) -> CodedRows:
    """The codings of a table that are to be taken: all but those that stand in rows written from an earlier state.

    Raises:
        DataError: rows are invalid.
    """
    own = [(line, row, marks.of(row)) for line, row in table.rows]
    now, stale, typed = _Now(project, marks), [], []
    for line, row, mark in own:
        if mark is None or not mark.as_written:
            typed.append((line, now.completed(row, mark)))
        elif said := now.since(row, mark):
            stale.append(f"{table.row(line)}: {said}")
    codings = codings_of(typed, table.name, transcripts=now.transcripts, codebook=project.codebook)
    known = [person.name for person in project.coders]
    named = [replace(one, coder=as_known(one.coder, known, any_case=True)) for one in codings]
    other = {(one.coder, own.coder) for one, own in zip(codings, named, strict=True) if one.coder != own.coder}
    return CodedRows(tuple(named), tuple(stale), tuple(_taken_as(*names) for names in sorted(other)))


def _taken_as(written: str, known: str) -> str:
    return say(f"«{written}» er tatt som «{known}»", f"«{written}» was taken as «{known}»")


def origin_remarks(marks: MarkReader) -> Iterable[str]:
    """A sentence if nobody can tell from what a table was written; nothing if it says so."""
    if marks.elsewhere:
        yield say(
            "skrevet fra et annet prosjekt eller en annen utgave av dette; radene er tatt inn som kodinger utenfra",
            "written from another project or another copy of this one; its rows are taken in as codings from outside",
        )
    elif not marks.marked:
        yield say(
            "sier ikke hva i prosjektet den er skrevet fra: det som er tatt bort her siden, kommer tilbake med den",
            "does not say from what in the project it was written: what was removed here since comes back with it",
        )


def stale_remarks(stale: tuple[str, ...]) -> tuple[str, ...]:
    """How many rows were changed since a file was written, and the first of them."""
    if not stale:
        return ()
    count = len(stale)
    head = say(
        f"{count} {'rad' if count == 1 else 'rader'} er endret siden filen ble skrevet, ikke rørt:",
        f"{count} row{'s' * (count != 1)} changed since the file was written, not touched:",
    )
    more = say(f"  … og {count - LISTED} til", f"  … and {count - LISTED} more")
    return (head, *(f"  {one}" for one in stale[:LISTED]), *([more] if count > LISTED else []))


class _Now:
    """The codings of a project as they are now, to compare rows with."""

    def __init__(self, project: Project, marks: MarkReader) -> None:
        self.transcripts = {source.name: project.transcript(source.name) for source in project.sources}
        self._marks = marks
        codings = made(project)
        self._by_id = {one.id: one for one in codings}
        self._there = {(one.coder, one.transcript, one.start, one.end, one.code) for one in codings}

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


def _taken(project: Project, found: CodedRows, *, coder: str, complete: bool) -> ImportedTable:
    """Store the codings of a table."""
    named = others_remark(found.codings, coder)
    codings = [replace(one, coder=one.coder or coder or say("ukjent", "unknown")) for one in found.codings]
    before = {(one.coder, one.segment.transcript) for one in project.codings()}
    first = [one for one in codings if (one.coder, one.segment.transcript) not in before]
    others = [one for one in codings if (one.coder, one.segment.transcript) in before]
    new = project.add_codings(first, complete=complete)
    new += project.add_codings(others, complete=False)
    transcripts = {name: project.transcript(name) for name in {one.segment.transcript for one in codings}}
    outside = outside_remark(transcripts, (one.segment for one in codings))
    remarks = (*found.remarks, *named, outside, _read_remark(first, complete=complete), *stale_remarks(found.stale))
    return ImportedTable(codings=new, stale=len(found.stale), remarks=tuple(filter(None, remarks)))


def others_remark(codings: Iterable[Coding], coder: str) -> Iterable[str]:
    """A sentence on codings that name another coder than the one who was given for those that name none."""
    others = Counter(one.coder for one in codings if coder and one.coder and one.coder != coder)
    if others:
        shown = ", ".join(f"{name} ({count})" for name, count in sorted(others.items()))
        yield say(
            f"{others.total()} kodinger er av andre enn {coder}, og står som deres: {shown}. --coder gjelder dem uten navn",
            f"{others.total()} codings are by others than {coder}, and stay theirs: {shown}. --coder is for those without a name",
        )


def _read_remark(codings: Iterable[Coding], *, complete: bool) -> str:
    """A sentence on whether those who are new to an interview count as having read all of it; "" for nobody."""
    pairs = sorted({(one.coder, one.segment.transcript) for one in codings})
    shown = ", ".join(f"{coder}: {transcript}" for coder, transcript in pairs[:5]) + " …" * (len(pairs) > 5)
    if not pairs:
        return ""
    if complete:
        return say(
            f"regnes som lest til ende, så svar uten kode er uten med vilje; ellers --partly ({shown})",
            f"counts as read to the end, so answers without a code have none on purpose; otherwise --partly ({shown})",
        )
    return say(
        f"regnes som delvis lest: svar uten kode er ikke lest ennå ({shown})",
        f"counts as read in part: answers without a code were not read yet ({shown})",
    )


def _decided(project: Project, plan: Plan) -> ImportedTable:
    """Store the decisions of a table."""
    counts = plan.carry_out(project)
    return ImportedTable(
        **counts, left=plan.left, stale=len(plan.stale), remarks=(*plan.remarks, *stale_remarks(plan.stale))
    )


def _nothing_in(project: Project, name: str, *, empty: bool) -> DataError:
    what = say(
        "har verken kodinger (transcript, start, end, quote, code) eller forslag (med decision)",
        "has neither codings (transcript, start, end, quote, code) nor suggestions (with decision)",
    )
    mend = f"autokode export --project {quoted(project.folder)} --xlsx kodinger.xlsx"
    return DataError(Problem(say("har ingen rader", "has no rows") if empty else what, name), try_next=mend)
