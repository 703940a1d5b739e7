"""What can be made anew at any time, kept between runs for its owner alone; what is damaged is as if it were not there."""

import contextlib
import hashlib
import os
from pathlib import Path

from autokode.base.errors import DataError
from autokode.base.files import write_whole

_DIGEST = 32
"""Bytes of the SHA-256 that every kept file ends in."""


def cache_folder() -> Path | None:
    """Return the folder for what can be made anew at any time, AUTOKODE_CACHE or the system's own; None for none.

    It is the user's alone (mode 0700). No text of a transcript is in it, but an encoder's embeddings, which say something of
    texts, are.
    """
    from platformdirs import user_cache_path

    given = os.environ.get("AUTOKODE_CACHE")
    folder = Path(given) if given else user_cache_path("autokode", appauthor=False)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return None
    return folder


def keep(path: Path, content: bytes) -> None:
    """Keep some bytes in a file, with their SHA-256 after them; where there is no room or no right, nothing is kept."""
    with contextlib.suppress(DataError):
        write_whole(path, content + hashlib.sha256(content).digest())


def kept(path: Path) -> bytes | None:
    """Return what was kept in a file: None if it is not there, not whole, or not this user's own."""
    try:
        about = path.stat()
        if hasattr(os, "getuid") and (about.st_uid != os.getuid() or about.st_mode & 0o022):
            return None
        whole = path.read_bytes()
    except OSError:
        return None
    content, digest = whole[:-_DIGEST], whole[-_DIGEST:]
    return content if hashlib.sha256(content).digest() == digest else None
