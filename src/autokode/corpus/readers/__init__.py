"""Readers of transcript files, one module per format; `read_source` picks the reader by the file's ending.

Imports `base`.
"""

from importlib import import_module
from pathlib import Path

from autokode.base.errors import failure, quoted
from autokode.base.messages import say
from autokode.base.text_files import read_text
from autokode.corpus.readers.source import Cue, LeftOut, Source

ENDINGS = (".txt", ".docx", ".vtt", ".srt", ".sbv", ".lrc", ".rtf", ".odt", ".eaf", ".html", ".htm", ".otr")
"""Endings of files that always count as transcripts."""
BY_NAME = (".json", ".csv", ".tsv", ".xlsx")
"""Endings of files that are read as transcripts only if somebody names the file."""

_BINARY = {".docx": "word.read_docx", ".rtf": "rtf.read_rtf", ".odt": "odt.read_odt", ".eaf": "elan.read_eaf"}
"""Ending → the reader, imported on use; these formats state their own encoding."""
_TEXT = {
    ".vtt": "subtitles.read_subtitles",
    ".srt": "subtitles.read_subtitles",
    ".sbv": "subtitles.read_subtitles",
    ".lrc": "subtitles.read_subtitles",
    ".html": "html_pages.read_html",
    ".htm": "html_pages.read_html",
    ".otr": "html_pages.read_otr",
    ".json": "speech_json.read_recognised",
    ".csv": "spreadsheet.read_sheet",
    ".tsv": "spreadsheet.read_sheet",
    ".xlsx": "spreadsheet.read_sheet",
}

STATES_ENCODING = (*_BINARY, ".xlsx")
"""Endings of formats that state their own encoding, so that nobody else need."""

__all__ = ["BY_NAME", "ENDINGS", "STATES_ENCODING", "Cue", "LeftOut", "Source", "read_source"]


def read_source(path: Path, encoding: str | None = None) -> Source:
    """Read a transcript file of any supported kind.

    Raises:
        DataError: the file is missing, empty, of an unknown kind, or of another kind than its ending says.
    """
    ending = path.suffix.lower()
    if path.is_dir():
        raise failure(
            "er en mappe; ventet en fil", "is a folder; expected a file", where=path, try_next=f"ls {quoted(path)}"
        )
    if ending == ".txt":
        return Source(read_text(path, encoding))
    if ending not in (*_BINARY, *_TEXT):
        known = ", ".join((*ENDINGS, *BY_NAME))
        mend = say("lagre utskriften som .docx eller .txt", "save the transcript as .docx or .txt")
        what = f"ukjent filtype «{ending}»; ventet {known}", f"unknown kind of file «{ending}»; expected {known}"
        raise failure(*what, where=path, try_next=mend)
    room, _, name = (_BINARY.get(ending) or _TEXT[ending]).partition(".")
    reader = getattr(import_module(f"autokode.corpus.readers.{room}"), name)
    source: Source = reader(path) if ending in _BINARY else reader(path, encoding)
    return source
