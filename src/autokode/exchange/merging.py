"""Merges the file that somebody sends, be it a project's folder, its autokode.db or a backup; says first what that would do."""

import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from autokode.base.errors import failure, quoted
from autokode.base.hashing import sha256_of
from autokode.base.messages import say
from autokode.exchange.taking_in import copy_of
from autokode.project.store.backup import copy_file, restore_backup
from autokode.project.store.integrity import check
from autokode.project.store.merging import Merged, merge
from autokode.project.store.project import Project
from autokode.project.store.project_files import CODEBOOK, FILE
from autokode.project.views.merge_work import InterviewWork, agreement_of, work_in

_DAMAGE = ("page", "log", "rows", "text", "utterance", "coding", "double")
"""Kinds of faults with which nothing is merged."""


@dataclass(frozen=True, slots=True)
class MergeReport:
    """What a merge did, or would do.

    Attributes:
        merged: what became of interviews, codes and people's work.
        work: who did what in the interviews that met.
        agreement: sentences on how far those who met agree.
    """

    merged: Merged
    work: tuple[InterviewWork, ...]
    agreement: tuple[str, ...]

    @property
    def mark(self) -> str:
        """A mark of all of it."""
        return sha256_of(repr(self))[:16]


def merge_file(project: Project, path: Path, *, without: Collection[str] = (), expected: str = "") -> MergeReport:
    """Merge another project's folder, file or backup, in one step; the other is not touched.

    Args:
        project: the project.
        path: the other one.
        without: names of its interviews that are left out.
        expected: the mark of what `merge_foreseen` said; nothing is merged if it would be something else now.

    Raises:
        DataError: the file is none or damaged, is this project's own, cannot be merged, or would do something else than expected.
    """
    with _other(project, path) as other, project.step("merge"):
        report = _merged(project, other, without)
        if expected and report.mark != expected:
            raise failure(
                "prosjektet er endret siden du så hva sammenslåingen ville gjøre; ingenting er slått sammen",
                "the project was changed since you saw what the merge would do; nothing was merged",
                try_next=say("se på filen en gang til", "look at the file once more"),
            )
    project.write_codebook_file()
    return report


def merge_foreseen(project: Project, path: Path, *, without: Collection[str] = ()) -> MergeReport:
    """What `merge_file` would do now, tried on a copy of the project; the project is as it was.

    Raises:
        DataError: as for `merge_file`.
    """
    with copy_of(project) as copy:
        return merge_file(copy, _elsewhere(project, path), without=without)


def _elsewhere(project: Project, path: Path) -> Path:
    """The path of another project.

    Raises:
        DataError: it is this project's own.
    """
    own = project.folder.resolve()
    if path.resolve() in (own, own / FILE):
        raise failure(
            "er dette prosjektet selv; ventet et annet",
            "is this project itself; expected another one",
            where=path,
            try_next=f"autokode merge ANNET --project {quoted(project.folder)}",
        )
    return path


def _merged(project: Project, other: Project, without: Collection[str]) -> MergeReport:
    merged = merge(project, other, without=without)
    work = work_in(project, merged.interviews, {one.name for one in merged.people})
    return MergeReport(merged, work, tuple(agreement_of(project, work)))


@contextmanager
def _other(project: Project, path: Path) -> Iterator[Project]:
    """A copy of another project, which goes when the block ends, in a folder that a removal takes for the project's own."""
    path = _elsewhere(project, path)
    if not path.exists():
        raise failure("finnes ikke", "there is no such file", where=path, try_next=f"ls {quoted(path.parent)}")
    with tempfile.TemporaryDirectory(dir=project.folder, prefix=f".{FILE}.") as place:
        folder = Path(place) / "annet"
        if path.suffix.lower() == ".zip" and path.is_file():
            other = restore_backup(path, folder)
        else:
            folder.mkdir(mode=0o700)
            copy_file(path / FILE if path.is_dir() else path, folder / FILE)
            if path.is_dir() and (path / CODEBOOK).is_file():
                shutil.copy(path / CODEBOOK, folder / CODEBOOK)
            other = Project.open(folder, read=False)
            other.codebook_problem()  # a codebook that cannot be read there is theirs to mend; the version before counts
        faults = [fault for fault in check(folder) if fault.kind in _DAMAGE]
        if faults:
            raise failure(
                f"er skadet ({faults[0].what}); ingenting er slått sammen",
                f"is damaged ({faults[0].what}); nothing was merged",
                where=path,
                try_next=say(
                    "be om en ny kopi, laget med autokode backup", "ask for another copy, made by autokode backup"
                ),
            )
        yield other
