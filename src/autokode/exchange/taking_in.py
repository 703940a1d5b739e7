"""Take a file of another program into a project, whatever kind it is, and say first what that would do."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from autokode.base.errors import failure
from autokode.base.messages import say
from autokode.corpus.readers import Source
from autokode.corpus.several_files import Given, changed_nothing, names_in_each
from autokode.exchange.package.contents import Package
from autokode.exchange.package_files import TABLES, read_package
from autokode.exchange.package_import import import_package, refuse_empty
from autokode.exchange.table_import import import_table
from autokode.project.store.backup import copy_database
from autokode.project.store.project import Project
from autokode.project.store.project_files import CODEBOOK, FILE


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants of an import.

    Attributes:
        coder: coder of the codings that name none.
        complete: whether coders read all of every text in which they coded.
        codebook_only: whether to take in nothing but codes.
        pseudonymised: whether all names in the texts are invented.
        given: what is stated of the texts' speakers.
    """

    coder: str = ""
    complete: bool = True
    codebook_only: bool = False
    pseudonymised: bool = False
    given: Given = field(default_factory=Given)


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What an import did, or would do.

    Attributes:
        origin: the program that wrote the file, if it says so.
        is_table: whether it is a table of codings or decisions; then the last five numbers count, else the first four.
        codings: new ones, in both.
        codes, transcripts, memos: new ones.
        accepted, rejected, changed, left: suggestions by decision; `left` stay open.
        altered: codings that a table gave another code, place or mark as a good quote.
        remarks: sentences on what was inferred, repaired, left out or lost, and why.
    """

    origin: str = ""
    is_table: bool = False
    codings: int = 0
    codes: int = 0
    transcripts: int = 0
    memos: int = 0
    accepted: int = 0
    rejected: int = 0
    changed: int = 0
    left: int = 0
    altered: int = 0
    remarks: tuple[str, ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is new."""
        return not any(getattr(self, name) for name in _NEW)


_NEW = ("codings", "codes", "transcripts", "memos", "accepted", "rejected", "changed", "altered")


def read_to_take_in(project: Project | None, path: Path, *, codebook_only: bool = False) -> Package | None:
    """Read a file of another program; None for a table, which is read as it is taken in.

    Raises:
        DataError: the file cannot be read, or its kind is unknown.
    """
    if path.suffix.lower() in TABLES:
        return None
    codes = [code.name for code in project.codebook] if project is not None else []
    package = read_package(path, codes=codes)
    if codebook_only:
        package = replace(package, documents=(), notes=(), cases=(), own_notes=(), own=None)
    return package


def take_in(project: Project, path: Path, wanted: Wanted = Wanted(), *, expected: TakenIn | None = None) -> TakenIn:
    """Take in a file, in one step that `take_back_step` takes back.

    Args:
        project: the project.
        path: the file.
        wanted: what somebody wants of it.
        expected: what `foreseen` said; nothing is taken in if it would be something else now.

    Raises:
        DataError: the file cannot be read or taken in, or would do something else than expected.
    """
    package = read_to_take_in(project, path, codebook_only=wanted.codebook_only)
    return take_in_package(project, path, package, wanted, expected=expected)


def take_in_package(
    project: Project, path: Path, package: Package | None, wanted: Wanted, *, expected: TakenIn | None = None
) -> TakenIn:
    """Take in what `read_to_take_in` gave of a file; the rest is as in `take_in`."""
    with project.step("import"):
        found = _table(project, path, wanted) if package is None else _package(project, package, wanted)
        if expected is not None and found != expected:
            raise failure(
                "prosjektet er endret siden du så hva importen ville gjøre; ingenting er tatt inn",
                "the project was changed since you saw what the import would do; nothing was taken in",
                try_next=say("se på filen en gang til", "look at the file once more"),
            )
    return found


def foreseen(project: Project, path: Path, wanted: Wanted = Wanted()) -> TakenIn:
    """What `take_in` would do now, tried on a copy of the project; the project is as it was.

    Raises:
        DataError: as for `take_in`.
    """
    with copy_of(project) as copy:
        return take_in(copy, path, wanted)


@contextmanager
def copy_of(project: Project) -> Iterator[Project]:
    """A copy of a project that goes when the block ends, in a folder that a removal takes for the project's own."""
    with tempfile.TemporaryDirectory(dir=project.folder, prefix=f".{FILE}.") as place:
        folder = Path(place)
        copy_database(project, folder / FILE)
        if (project.folder / CODEBOOK).is_file():
            shutil.copy(project.folder / CODEBOOK, folder / CODEBOOK)
        copy = Project.open(folder, read=False)
        copy.codebook_problem()  # a codebook that cannot be read is said by the page
        yield copy


def _package(project: Project, package: Package, wanted: Wanted) -> TakenIn:
    refuse_empty(package)
    stated = replace(wanted.given, encoding=None)
    read = package.own.transcripts if package.own is not None else {}
    texts = {one.guid: read.get(one.guid) or Source(one.text) for one in package.documents}
    own = names_in_each(texts, stated)
    imported = import_package(
        project,
        package,
        coder=wanted.coder,
        complete=wanted.complete,
        pseudonymised=wanted.pseudonymised,
        reading=(lambda document, name: own[document.guid].of(texts[document.guid], name)) if stated else None,
    )
    lacking = [
        f"{document.name}: {note}"
        for document in package.documents
        for note in changed_nothing(stated, own[document.guid], "")
    ]
    return TakenIn(
        origin=package.origin,
        codings=imported.codings,
        codes=imported.codes,
        transcripts=imported.transcripts,
        memos=imported.memos,
        remarks=(*imported.remarks, *lacking),
    )


def _table(project: Project, path: Path, wanted: Wanted) -> TakenIn:
    imported = import_table(project, path, coder=wanted.coder, complete=wanted.complete)
    return TakenIn(
        is_table=True,
        codings=imported.codings,
        accepted=imported.accepted,
        rejected=imported.rejected,
        changed=imported.changed,
        left=imported.left,
        altered=imported.altered,
        remarks=imported.remarks,
    )
