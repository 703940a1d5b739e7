"""Readers of transcript files, one module per format; `read_source` picks the reader by the file's ending and content.

Imports `base`.
"""

from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path

from autokode.base.errors import DataError, failure, quoted
from autokode.base.extras import require
from autokode.base.file_kinds import HEAD, PACKED, kind_of, real_ending, refusal
from autokode.base.files import read_bytes
from autokode.base.messages import say
from autokode.base.text_files import encoding_of
from autokode.corpus.readers.source import Cue, LeftOut, Source


@dataclass(frozen=True, slots=True)
class _Reader:
    """How files of an ending are read.

    Attributes:
        function: module and function, imported on use.
        states_encoding: whether such a file states its own encoding; otherwise the function takes one.
        is_by_name: whether such a file is a transcript only if somebody names it, and not whenever it lies in a folder.
        extra: the extra of autokode whose libraries the module imports; "" where it imports none.
    """

    function: str
    states_encoding: bool = False
    is_by_name: bool = False
    extra: str = ""


_READERS = {
    ".txt": _Reader("plain_text.read_plain"),
    ".docx": _Reader("word.read_docx", states_encoding=True, extra="office"),
    ".vtt": _Reader("subtitles.read_subtitles"),
    ".srt": _Reader("subtitles.read_subtitles"),
    ".sbv": _Reader("subtitles.read_subtitles"),
    ".lrc": _Reader("subtitles.read_subtitles"),
    ".rtf": _Reader("rtf.read_rtf", states_encoding=True),
    ".odt": _Reader("odt.read_odt", states_encoding=True),
    ".eaf": _Reader("elan.read_eaf", states_encoding=True),
    ".html": _Reader("html_pages.read_html"),
    ".htm": _Reader("html_pages.read_html"),
    ".otr": _Reader("html_pages.read_otr"),
    ".json": _Reader("speech_json.read_recognised", is_by_name=True),
    ".csv": _Reader("spreadsheet.read_sheet", is_by_name=True),
    ".tsv": _Reader("spreadsheet.read_sheet", is_by_name=True),
    ".xlsx": _Reader("spreadsheet.read_sheet", states_encoding=True, is_by_name=True),
}
"""Ending → how its files are read: the one place that knows the formats."""
ENDINGS = tuple(ending for ending, reader in _READERS.items() if not reader.is_by_name)
"""Endings of files that always count as transcripts."""
BY_NAME = tuple(ending for ending, reader in _READERS.items() if reader.is_by_name)
"""Endings of files that are read as transcripts only if somebody names the file."""
STATES_ENCODING = tuple(ending for ending, reader in _READERS.items() if reader.states_encoding)
"""Endings of formats that state their own encoding, so that nobody else need."""

__all__ = ["BY_NAME", "ENDINGS", "STATES_ENCODING", "Cue", "LeftOut", "Source", "read_source"]


def read_source(path: Path, encoding: str | None = None) -> Source:
    """Read a transcript file of any supported kind: a document by its content where its ending is another document's.

    Raises:
        DataError: the file is missing, empty, of an unknown kind, or of another kind than its ending says.
    """
    ending = path.suffix.lower()
    if path.is_dir() and ending != ".pages":  # which is a folder on some Macs
        raise failure(
            "er en mappe; ventet en fil", "is a folder; expected a file", where=path, try_next=f"ls {quoted(path)}"
        )
    if ending not in _READERS:
        raise _unknown(path, ending)
    data = read_bytes(path)
    kind = kind_of(data)
    if kind is not None and kind is not PACKED:
        raise refusal(kind, path, path)
    notes = []
    real = real_ending(path, data)
    if real and _READERS[real] != _READERS[ending]:
        notes.append(say(f"innholdet er {real[1:]}, og lest som det", f"the content is {real[1:]}, and read as such"))
        ending = real
    own = _READERS[ending]
    if own.extra:
        require(own.extra, where=path)
    module, _, name = own.function.partition(".")
    read = getattr(import_module(f"autokode.corpus.readers.{module}"), name)
    source: Source = read(path) if own.states_encoding else read(path, encoding)
    if encoding is None and not own.states_encoding and encoding_of(data) == "mac-roman":
        nb = "lest med tegnkodingen til eldre Mac-er (MacRoman); --encoding windows-1252 for å endre"
        en = "read in the encoding of older Macs (MacRoman); --encoding windows-1252 to change it"
        notes.append(say(nb, en))
    return replace(source, notes=(*notes, *source.notes)) if notes else source


def _unknown(path: Path, ending: str) -> DataError:
    """Make the error for a file that no reader reads: what it is, as far as that can be told, and what to do."""
    if not path.exists():
        read_bytes(path)  # raises, naming the nearest file
    head = b""
    if path.is_file():
        with path.open("rb") as stream:
            head = stream.read(HEAD)
    kind = kind_of(head, ending)
    if kind is not None:
        return refusal(kind, path, path)
    known = ", ".join((*ENDINGS, *BY_NAME))
    mend = say("lagre utskriften som .docx eller .txt", "save the transcript as .docx or .txt")
    what = f"ukjent filtype «{ending}»; ventet {known}", f"unknown kind of file «{ending}»; expected {known}"
    return failure(*what, where=path, try_next=mend)
