"""Write a project to files for other programs; the ending of a file's name decides what it becomes."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from autokode.exchange.package_export import package_of
from autokode.exchange.refi.writing import write_qdc, write_qdpx
from autokode.exchange.table_export import write_tables
from autokode.project.store.decision_rows import memos as memos_in
from autokode.project.store.foreign_data import made, undecided
from autokode.project.store.project import Project

EXPORT_KINDS = (".qdpx", ".qdc", ".xlsx", ".csv", ".parquet")


def write_export(project: Project, path: Path, *, suggestions: bool = False, memos: Collection[str] = ()) -> list[Path]:
    """Write a project; return the paths, more than one for tables without sheets.

    Args:
        project: the project.
        path: a file that ends in one of `EXPORT_KINDS`.
        suggestions: whether to include undecided suggestions.
        memos: the coders whose memos to include, by name; only .qdpx has memos.

    Raises:
        DataError: the path cannot be written.
    """
    kind = path.suffix.lower()
    if kind == ".qdpx":
        write_qdpx(path, package_of(project, suggestions=suggestions, memos=memos))
    elif kind == ".qdc":
        write_qdc(path, package_of(project))
    else:
        return write_tables(project, path, suggestions=suggestions)
    return [path]


@dataclass(frozen=True, slots=True)
class GoesOut:
    """What a file of a kind holds of a project, for somebody to look at before it leaves the machine.

    Attributes:
        kind: the ending.
        codes, interviews, codings, suggestions, memos: how many are in it.
        names: the names of interviews that stand in it.
        coders: the names of coders that stand in it.
        has_texts: whether whole interviews are in it.
        memos_left_out: how many memos are not in it.
    """

    kind: str
    codes: int
    interviews: int
    codings: int
    suggestions: int
    memos: int
    names: tuple[str, ...]
    coders: tuple[str, ...]
    has_texts: bool
    memos_left_out: int


def what_goes_out(project: Project, kind: str, *, suggestions: bool = False, memos: Collection[str] = ()) -> GoesOut:
    """Count what `write_export` would put into a file of a kind; the arguments are as there."""
    codes, every = len(list(project.codebook)), memos_in(project)
    if kind == ".qdc":
        return GoesOut(kind, codes, 0, 0, 0, 0, (), (), has_texts=False, memos_left_out=len(every))
    codings = made(project)
    waiting = undecided(project) if suggestions else []
    taken = sum(memo.coder in memos for memo in every) if kind == ".qdpx" else 0
    people = {one.coder for one in codings} | {one.coder for one in waiting}
    return GoesOut(
        kind=kind,
        codes=codes,
        interviews=len(project.sources),
        codings=len(codings),
        suggestions=len(waiting),
        memos=taken,
        names=tuple(source.name for source in project.sources),
        coders=tuple(coder.name for coder in project.everyone if kind == ".qdpx" or coder.name in people),
        has_texts=kind == ".qdpx",
        memos_left_out=len(every) - taken,
    )
