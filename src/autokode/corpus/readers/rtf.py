"""Read rich text (.rtf, as f4 and f5 transkript write it)."""

import re
from pathlib import Path

from autokode.base.errors import failure, unreadable
from autokode.base.files import read_bytes
from autokode.base.messages import say
from autokode.corpus.readers.source import Source, with_text

MAX_BYTES = 50_000_000


def read_rtf(path: Path) -> Source:
    """Read a .rtf: one line per paragraph, with letters in place of their escapes (\\'e5, \\u229).

    Raises:
        DataError: not RTF, too large, or without text.
    """
    data = read_bytes(path)
    mend = say("lagre den som .docx eller .txt", "save it as .docx or .txt")
    if len(data) > MAX_BYTES:
        raise failure("er over 50 MB", "is larger than 50 MB", where=path, try_next=mend)
    if not data.lstrip().startswith(b"{\\rtf"):
        what = "er ikke RTF (ventet {\\rtf først)", "is no RTF (expected {\\rtf first)"
        raise failure(*what, where=path, try_next=mend)
    from striprtf.striprtf import rtf_to_text

    try:
        text: str = rtf_to_text(data.decode("latin-1"), encoding="cp1252", errors="replace")  # type: ignore[no-untyped-call]
    except MemoryError:
        raise
    except Exception as error:  # striprtf raises LookupError, ValueError, IndexError, …
        raise unreadable("RTF", error, where=path, try_next=say("lagre den på nytt", "save it again")) from error
    text = re.sub(r"[\ud800-\udfff]", "\ufffd", _paired(text)).rstrip("\n")
    return with_text(Source(text), path, "Word")


def _paired(text: str) -> str:
    """Join surrogate pairs: RTF writes an emoji as two numbers."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
