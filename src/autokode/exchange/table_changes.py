"""Finds what the rows of a table change in codings that are there: their code, their place, and whether they are good quotes.

A row that somebody changed where it stands changes its coding. A changed copy of a row, beside the row as it was written, is a
coding of its own.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from autokode.base.formatting import counted
from autokode.base.messages import say
from autokode.corpus.coding import Coding
from autokode.exchange.row_marks import Cells, Mark
from autokode.exchange.table_decisions import NO, YES
from autokode.project.store.decision_log import Row
from autokode.project.store.foreign_data import Made, alter_codings, made
from autokode.project.store.project import Project

LISTED = 20
"""Most rows listed of those that change a coding, or that were changed since."""

Place = tuple[str, str, int, int, str]
"""(coder, transcript, start, end, code): what no two codings share."""


@dataclass(frozen=True, slots=True)
class Altered:
    """A change of a coding: its number, the columns that change, and a line that says so."""

    coding: int
    columns: Mapping[str, object]
    said: str


def place_of(one: Made) -> Place:
    """Where a coding stands, and whose it is."""
    return one.coder, one.transcript, one.start, one.end, one.code


def is_edit(row: Cells, mark: Mark | None, own: Made | None, written: set[int], former: Mapping[str, str]) -> bool:
    """Whether somebody changed a row where it stands, but for whose it is.

    Args:
        row, mark: the row.
        own: its coding as it is now.
        written: the codings of the rows that are as autokode wrote them.
        former: a coder's name that nobody has any more → the name now.
    """
    if mark is None or own is None or mark.as_written or mark.thing in written:
        return False
    who = row.get("coder", "")
    return former.get(who, who) in ("", own.coder) and row.get("transcript", "") == own.transcript


def edited(row: str, coding: Coding, own: Made, then: Row, good: bool | None) -> Altered | None:
    """The change that a row makes; None if its coding was changed otherwise since.

    Args:
        row: what remarks call the row.
        coding: what the row says.
        own: the coding as it is now.
        then: the coding as it was when the row was written.
        good: whether the row says that it is a good quote; None if it does not say.
    """
    wanted = (coding.segment.start, coding.segment.end, coding.code)
    now = (own.start, own.end, own.code)
    if now not in (wanted, (then["start"], then["end"], then["code"])):
        return None
    columns: dict[str, object] = dict(zip(("start", "end", "code"), wanted, strict=True)) if now != wanted else {}
    columns |= _mark_changed(good, own, then)
    said = f"{row}: «{own.code}» {own.start}–{own.end} → «{coding.code}» {wanted[0]}–{wanted[1]}"
    return Altered(own.id, columns, said if now != wanted else f"{row}: {_good_said(own, good)}")


def marked(row: str, own: Made | None, then: Row | None, good: bool | None) -> Altered | None:
    """The change that a row makes which is as it was written, but perhaps for the mark of a good quote; None if none."""
    if own is None or then is None or not (columns := _mark_changed(good, own, then)):
        return None
    return Altered(own.id, columns, f"{row}: {_good_said(own, good)}")


def _mark_changed(good: bool | None, own: Made, then: Row) -> dict[str, object]:
    """The mark of a good quote, if somebody changed it in the table and not here."""
    return {"good": int(good)} if good is not None and good != bool(then["good"]) and good != own.good else {}


def _good_said(own: Made, good: bool | None) -> str:
    said = say("godt sitat", "a good quote") if good else say("ikke lenger godt sitat", "no longer a good quote")
    return f"«{own.code}» {own.start}–{own.end}: {said}"


def good_in(row: Cells) -> bool | None:
    """Whether a row says that its coding is a good quote; None if it has no such column, or something else in it."""
    plain = row.get("good", "?").strip().casefold()
    return True if plain in YES else False if plain in NO | {""} else None


def unclear_good(lines: Iterable[tuple[str, Cells]]) -> Iterator[str]:
    """Yield a sentence on each row that says neither yes nor no to being a good quote."""
    for line, row in lines:
        if "good" in row and good_in(row) is None:
            yield say(
                f"{line}: «{row['good'][:40]}» under «godt sitat» er verken ja eller nei, og er ikke brukt",
                f"{line}: «{row['good'][:40]}» under «good quote» is neither yes nor no, and was not used",
            )


def alter(project: Project, changes: Sequence[Altered], good: Iterable[Place]) -> tuple[int, tuple[str, ...]]:
    """Make the changes of a table, mark codings as good quotes, and give how many were changed and sentences on that."""
    numbers = {place_of(one): one.id for one in made(project) if not one.good}
    new = [numbers[place] for place in dict.fromkeys(good) if place in numbers]
    real = [one for one in changes if one.columns]
    alter_codings(project, {**{one.coding: one.columns for one in real}, **{number: {"good": 1} for number in new}})
    return len(real) + len(new), (*_listed(real), *_marked_as_good(len(new)))


def _listed(changes: Sequence[Altered]) -> Iterator[str]:
    if changes:
        count = len(changes)
        yield say(
            f"{counted(count, 'koding', 'kodinger')} er endret slik det står i filen:",
            f"{counted(count, 'coding', 'codings')} changed as the file says:",
        )
        yield from (f"  {one.said}" for one in changes[:LISTED])
        if count > LISTED:
            yield say(f"  … og {count - LISTED} til", f"  … and {count - LISTED} more")


def _marked_as_good(count: int) -> Iterator[str]:
    if count:
        yield say(
            f"{counted(count, 'koding', 'kodinger')} er merket som godt sitat",
            f"{counted(count, 'coding', 'codings')} marked as good quotes",
        )
