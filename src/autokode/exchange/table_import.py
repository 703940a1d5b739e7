"""Imports tables: codings made or changed elsewhere, and suggestions that somebody decided in Excel."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import astuple, dataclass, replace
from typing import Any

from autokode.base.errors import DataError, Problem, quoted
from autokode.base.messages import say
from autokode.corpus.coding import Coding
from autokode.corpus.outside import outside_remark
from autokode.exchange.coded_rows import CodedRows, coded_rows
from autokode.exchange.row_marks import MarkReader
from autokode.exchange.table_changes import LISTED, alter
from autokode.exchange.table_decisions import Plan, planned
from autokode.exchange.table_rows import read_tables
from autokode.project.store.project import Project


@dataclass(frozen=True, slots=True)
class ImportedTable:
    """Result of an import.

    Attributes:
        codings: new ones.
        accepted, rejected, changed: suggestions by decision.
        left: suggestions without a decision.
        stale: rows left alone since what they are about was changed after the file was written.
        altered: codings that got another code, place or mark as a good quote.
        remarks: on rows left out, and more.
    """

    codings: int = 0
    accepted: int = 0
    rejected: int = 0
    changed: int = 0
    left: int = 0
    stale: int = 0
    altered: int = 0
    remarks: tuple[str, ...] = ()

    def __add__(self, other: "ImportedTable") -> "ImportedTable":
        return ImportedTable(*(one + more for one, more in zip(astuple(self), astuple(other), strict=True)))


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
    good = [(one[0] or coder or say("ukjent", "unknown"), *one[1:]) for one in found.good]
    altered, said = alter(project, found.changes, good)
    remarks = (
        *found.remarks,
        *named,
        outside,
        _read_remark(first, complete=complete),
        *said,
        *stale_remarks(found.stale),
    )
    return ImportedTable(codings=new, stale=len(found.stale), altered=altered, remarks=tuple(filter(None, remarks)))


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
            "regnes som lest til ende, så svar uten kode er uten med vilje; "
            f"si fra om det bare er delvis kodet, på siden eller med --partly ({shown})",
            "counts as read to the end, so answers without a code have none on purpose; "
            f"say if it is coded in part only, on the page or by --partly ({shown})",
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
