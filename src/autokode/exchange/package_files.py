"""Read any file that holds codes or codings: its ending decides which reader does it."""

from collections.abc import Collection
from pathlib import Path

from autokode.base.errors import failure, quoted
from autokode.base.extras import require
from autokode.base.files import nearest_name
from autokode.exchange.package.contents import Package

TABLES = (".csv", ".tsv", ".xlsx", ".parquet")
"""Endings of tables of codings, or of suggestions with decisions."""
PROJECTS = (".db", ".zip")
"""Endings of files that hold a whole project of autokode's, to be merged: its own file, and a backup."""
PACKAGES = (".qdpx", ".qdc", ".qda", ".docx")


def read_package(path: Path, *, codes: Collection[str] = ()) -> Package:
    """Read a file or folder of another program.

    Args:
        path: the file.
        codes: names that are codes, which a Word document's comments may hold.

    Raises:
        DataError: the file does not exist or its kind is unknown, or its reader raises.
    """
    if not path.exists():
        raise failure("filen finnes ikke", "there is no such file", where=path, try_next=nearest_name(path))
    ending = path.suffix.lower()
    if ending == ".qdpx":
        from autokode.exchange.refi.reading import read_qdpx

        return read_qdpx(path)
    if ending == ".qdc":
        from autokode.exchange.refi.reading import read_qdc

        return read_qdc(path)
    if ending == ".qda":
        from autokode.exchange.qualcoder import read_qualcoder

        return read_qualcoder(path)
    if ending == ".docx":
        require("office", where=path)
        from autokode.exchange.coded_word import read_marked_docx

        return read_marked_docx(path, codes=codes)
    known = ", ".join((*PACKAGES, *TABLES))
    if path.is_dir():
        raise failure(
            f"er en mappe; ventet en fil ({known})",
            f"is a folder; expected a file ({known})",
            where=path,
            try_next=f"autokode add {quoted(path)}",
        )
    raise failure(
        f"ukjent filtype «{ending}»; ventet {known}",
        f"unknown kind of file «{ending}»; expected {known}",
        where=path,
        try_next=f"autokode add {quoted(path)}",
    )
