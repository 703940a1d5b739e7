"""Write reports and methods sections to files; the ending of a file's name decides what it becomes."""

from pathlib import Path
from typing import TYPE_CHECKING

from autokode.base.files import write_whole

if TYPE_CHECKING:
    from autokode.report.book import Book
    from autokode.report.coded_project import CodebookText
    from autokode.report.coded_text import CodedText
    from autokode.report.methods import Methods

REPORT_KINDS = (".html", ".docx", ".xlsx")
CODED_KINDS = (".docx", ".html")
CODED, COMMENTED, PAGE, CODEBOOK = "coded.docx", "commented.docx", "coded.html", "codebook.docx"
DOCUMENT_KINDS = (CODED, PAGE, COMMENTED, CODEBOOK)
"""Documents to read and print, as the page names them: coded interviews in three ways, and the codebook."""
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


def write_coded(path: Path, text: "CodedText", *, as_comments: bool = False) -> None:
    """Write coded interviews as a page or a Word file; there the codes may be comments.

    Raises:
        DataError: the path cannot be written.
    """
    if path.suffix.lower() == ".html":
        from autokode.report.render.coded_page import coded_page

        write_whole(path, coded_page(text))
    else:
        from autokode.report.render.coded_word import coded_docx

        write_whole(path, coded_docx(text, as_comments=as_comments))


def write_codebook(path: Path, text: "CodebookText") -> None:
    """Write a codebook as a Word file.

    Raises:
        DataError: the path cannot be written.
    """
    from autokode.report.render.codebook_word import codebook_docx

    write_whole(path, codebook_docx(text))


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
