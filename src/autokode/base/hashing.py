"""SHA-256 of bytes, text, files and data, in hexadecimal."""

import hashlib
import json
from pathlib import Path
from typing import Any

from autokode.base.files import opened


def sha256_of(content: bytes | str) -> str:
    """Hash bytes, or a text as UTF-8; a lone surrogate is encoded like any other code point."""
    return hashlib.sha256(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content).hexdigest()


def sha256_of_file(path: Path) -> str:
    """Hash a file, read piece by piece.

    Raises:
        DataError: the file is missing, is a folder, or may not be read.
    """
    with opened(path) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sha256_of_json(data: Any) -> str:
    """Hash data as JSON in ASCII, with keys in their own order."""
    return sha256_of(json.dumps(data, ensure_ascii=True))
