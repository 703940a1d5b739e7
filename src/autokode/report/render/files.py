"""Write reports and methods sections to files; the ending of a file's name decides what it becomes."""

from pathlib import Path
from typing import TYPE_CHECKING

from autokode.base.files import write_whole

if TYPE_CHECKING:
    from autokode.report.book import Book
    from autokode.report.methods import Methods

REPORT_KINDS = (".html", ".docx", ".xlsx")
METHODS_KINDS = (".docx", ".md", ".txt")


def write_report(path: Path, book: "Book") -> None:
    """Write a book as a page, a Word file or a workbook.

    Raises:
        DataError: the path cannot be written.
    """
    kind = path.suffix.lower()
    if kind == ".html":
        from autokode.report.render.page import page

        write_whole(path, page(book))
    elif kind == ".docx":
        from autokode.report.render.word import docx_bytes

        write_whole(path, docx_bytes(book))
    else:
        from autokode.report.render.workbook import xlsx_of

        write_whole(path, xlsx_of(book))


def write_methods(path: Path, methods: "Methods", title: str) -> None:
    """Write a methods section as a Word file or as text.

    Raises:
        DataError: the path cannot be written.
    """
    if path.suffix.lower() == ".docx":
        from autokode.report.render.word import methods_docx

        write_whole(path, methods_docx(methods, title))
    else:
        from autokode.report.methods_text import text_of

        write_whole(path, text_of(methods))
