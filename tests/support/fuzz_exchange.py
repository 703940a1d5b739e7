"""Fuzz targets of other programs' files: small projects and documents, with ways to write and read them."""

import shutil
import sqlite3
import tempfile
from functools import cache
from pathlib import Path

from autokode.corpus.codebook import Codebook
from autokode.exchange.code_trees import codebook_of
from autokode.exchange.package_export import package_of
from autokode.exchange.package_files import read_package
from autokode.exchange.package_import import import_package
from autokode.exchange.refi.writing import qdc_bytes, qdpx_bytes
from autokode.project import Project, Reviewer
from autokode.project.store.project_files import FILE
from exchange_case import QUALCODER, whole
from fuzz_case import Target, as_file, words
from fuzz_transcripts import inside, unzipped, word, zipped
from project_case import small

TEXT = "Ytring 0 om penger og å snakke 😀."


@cache
def project_bytes() -> bytes:
    """A project's file: one small interview with suggestions, decisions, a memo; pages of 512 bytes."""
    with tempfile.TemporaryDirectory() as place:
        project = small(Path(place) / "p")
        reviewer = Reviewer(project, project.coder("Anne").id)
        reviewer.accept(1)
        reviewer.reject(2)
        reviewer.code(1, 0, 6, "språk")
        reviewer.memo("project", "Husk å spørre.")
        reviewer.undo()
        with sqlite3.connect(project.database.path, isolation_level=None) as connection:
            connection.execute("PRAGMA page_size = 512")
            connection.execute("VACUUM")
        connection.close()
        return project.database.path.read_bytes()


def project_at(folder: Path) -> Project:
    """Put the small project into a folder and open it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / FILE).touch(0o600)
    (folder / FILE).write_bytes(project_bytes())
    return Project.open(folder)


@cache
def a_project() -> Project:
    """The small project in a folder of its own, for reading only."""
    return project_at(Path(tempfile.mkdtemp()) / "p")


# other programs' projects


@cache
def qdpx() -> bytes:
    return zipped(unzipped(qdpx_bytes(package_of(a_project(), suggestions=True))))


def qualcoder() -> list[bytes]:
    """QualCoder's file with a row or two in each table; pages of 512 bytes."""
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "data.qda"
        with sqlite3.connect(file) as connection:
            connection.executescript("PRAGMA page_size = 512;" + QUALCODER)
            connection.executemany(
                "INSERT INTO code_cat VALUES (?, ?, 'Kari', '', '', ?)", [(1, "relasjon", None), (2, "b", 1)]
            )
            connection.executemany(
                "INSERT INTO code_name VALUES (?, ?, 'memo', ?, 'Kari', '', '#F8E0E0')",
                [(1, "tid", 2), (2, "makt", None)],
            )
            connection.execute(
                "INSERT INTO source VALUES (1, 'intervju 1', ?, '', 'et notat', 'Kari', '2026-03-02 10:00:00')",
                (TEXT,),
            )
            codes = [(1, 1, "Ytring", 0, 6), (2, 2, "penger", 12, 18)]
            connection.executemany(
                "INSERT INTO code_text VALUES (?, ?, 1, ?, ?, ?, 'Ola', '2026-03-03 11:12:13', 'm', NULL, NULL)", codes
            )
            connection.execute("INSERT INTO annotation VALUES (1, 1, 6, 8, 'hm', 'Ola', '')")
            connection.execute("INSERT INTO cases VALUES (1, 'Kontor A', '', 'Kari', '')")
            connection.execute("INSERT INTO case_text VALUES (1, 1, 1, 0, 10, 'Kari', '', '')")
            connection.execute("INSERT INTO attribute_type VALUES ('alder', '', 'Kari', '', 'case', 'numeric')")
            connection.execute("INSERT INTO attribute VALUES (1, 'alder', 'case', '47', 1, '', 'Kari')")
            connection.execute("INSERT INTO journal VALUES (1, 'dagbok', 'i dag', '', 'Kari')")
        connection.close()
        return [file.read_bytes()]


def _package(path: Path) -> None:
    book, _names = codebook_of(read_package(path))
    if book.codes:
        Codebook.from_yaml(book.to_yaml())


def _taken_in(path: Path) -> None:
    package = read_package(path)
    project = project_at(path.parent / "p")
    import_package(project, package, coder="Ola")
    qdpx_bytes(whole(project))


_REFI = words(
    '<Code ¦<Codes>¦guid="¦<NoteRef ¦<CodeRef ¦startPosition="¦<PlainTextSelection ¦<TranscriptSelection ¦<PlainTextContent>¦'
    'plainTextPath="internal://¦<Set ¦<Case ¦<VariableValue>¦<SyncPoint ¦isCodable=¦<!DOCTYPE'
)
_SQL = (*words("CREATE TABLE ¦CREATE VIEW ¦ AS (hex(zeroblob(9)))"), b"\x01\x17", b"\xff" * 8)
_MARKS = words('<w:comment ¦<w:commentRangeStart ¦<w:commentRangeEnd ¦w:id="1"¦w:date="¦<w:highlight w:val=\'red\'/>')

TARGETS = (
    Target(".qdpx, the archive", lambda: [qdpx()], as_file("p.qdpx"), _package),
    inside(".qdpx, the project", qdpx, ".qde", ".txt", file="p.qdpx", read=_package, words=_REFI),
    inside(".qdpx into a project", qdpx, ".qde", ".txt", file="p.qdpx", read=_taken_in, words=_REFI),
    Target(".qdc", lambda: [qdc_bytes(package_of(a_project()))], as_file("c.qdc"), _package, _REFI),
    Target("QualCoder's data.qda", qualcoder, as_file("data.qda"), _package, _SQL),
    inside(
        *("Word coded by hand", word, "word/document.xml", "word/comments.xml"),
        file="kodet.docx",
        read=_package,
        words=_MARKS,
    ),
)
"""Projects, codebooks and documents of other programs."""
