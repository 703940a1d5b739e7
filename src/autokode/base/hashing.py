"""SHA-256 in hexadecimal: of bytes, of text, of a file, of data."""

import hashlib
import json
from pathlib import Path
from typing import Any

from autokode.base.files import opened


def sha256_of(content: bytes | str) -> str:
    """SHA-256 of bytes, or of a text as UTF-8; half a character, which UTF-8 has no bytes for, counts as its code point would."""
    return hashlib.sha256(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content).hexdigest()


def sha256_of_file(path: Path) -> str:
    """SHA-256 of a file, read piece by piece.

    Raises:
        DataError: there is no such file, it is a folder, or it may not be read.
    """
    with opened(path) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sha256_of_json(data: Any) -> str:
    """SHA-256 of data as JSON in ASCII, keys in the order they have."""
    return sha256_of(json.dumps(data, ensure_ascii=True))
