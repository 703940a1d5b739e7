"""Read plain text (.txt): the file's text, unchanged."""

from pathlib import Path

from autokode.base.text_files import read_text
from autokode.corpus.readers.source import Source


def read_plain(path: Path, encoding: str | None = None) -> Source:
    """Read a text file.

    Raises:
        DataError: the file is empty or not text.
    """
    return Source(read_text(path, encoding))
