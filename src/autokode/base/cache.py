"""A cache between runs, readable by its owner alone; a damaged file counts as missing."""

import contextlib
import hashlib
import os
from pathlib import Path

from autokode.base.errors import DataError
from autokode.base.files import write_whole

EMBEDDINGS = "embeddings"
"""The folder in the cache that holds what sentence encoders made of texts."""

TEACHERS = "teachers"
"""The folder in the cache that holds which codes teachers gave texts."""

_DIGEST = 32
"""Length of the SHA-256 at the end of every cached file, in bytes."""


def cache_folder() -> Path | None:
    """The cache folder, AUTOKODE_CACHE or the system's own, created if needed; None where it cannot be created.

    Only its owner can read it (mode 0700). It holds no transcript text, but it does hold an encoder's embeddings, from which
    something about the texts can be inferred, and by their hashes which codes a teacher gave texts.
    """
    from platformdirs import user_cache_path

    given = os.environ.get("AUTOKODE_CACHE")
    folder = Path(given) if given else user_cache_path("autokode", appauthor=False)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return None
    return folder


def write_cached(path: Path, content: bytes) -> None:
    """Write bytes to a cache file, followed by their SHA-256; do nothing where the file cannot be written."""
    with contextlib.suppress(DataError):
        write_whole(path, content + hashlib.sha256(content).digest())


def read_cached(path: Path) -> bytes | None:
    """Read a cache file; None if it is missing, damaged, or could have been written by another user."""
    try:
        about = path.stat()
        if hasattr(os, "getuid") and (about.st_uid != os.getuid() or about.st_mode & 0o022):
            return None
        whole = path.read_bytes()
    except OSError:
        return None
    content, digest = whole[:-_DIGEST], whole[-_DIGEST:]
    return content if hashlib.sha256(content).digest() == digest else None
