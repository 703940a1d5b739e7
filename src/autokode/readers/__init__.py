"""One file a format: from a transcript file to its plain text. `read_source` picks the reader by the file's ending."""

from pathlib import Path

from autokode.errors import DataError, Problem
from autokode.language import say
from autokode.readers.decode import read_text
from autokode.readers.source import Cue, Source

ENDINGS = (".txt", ".docx", ".vtt", ".srt")

__all__ = ["ENDINGS", "Cue", "Source", "read_source"]


def read_source(path: Path, encoding: str | None = None) -> Source:
    """Read a transcript file of any supported kind.

    Raises:
        DataError: the file is missing, empty, of an unknown kind, or not what its ending says.
    """
    ending = path.suffix.lower()
    if path.is_dir():
        what = say("er en mappe; ventet en fil", "is a folder; expected a file")
        raise DataError(Problem(what, str(path)), try_next=f"ls {path}")
    if ending == ".docx":
        from autokode.readers.word import read_docx

        return read_docx(path)
    if ending in (".vtt", ".srt"):
        from autokode.readers.subtitles import read_subtitles

        return read_subtitles(path, encoding)
    if ending == ".txt":
        return Source(read_text(path, encoding))
    what = say(
        f"ukjent filtype «{ending}»; ventet {', '.join(ENDINGS)}",
        f"unknown kind of file «{ending}»; expected {', '.join(ENDINGS)}",
    )
    mend = say("lagre utskriften som .docx eller .txt", "save the transcript as .docx or .txt")
    raise DataError(Problem(what, str(path)), try_next=mend)
