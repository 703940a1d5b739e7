"""A file put where a reader finds it, and the sentence in which it is refused."""

from collections.abc import Callable
from pathlib import Path

import pytest

from autokode.base.errors import DataError


def refused(read: Callable[[], object], message: str) -> None:
    """Assert that reading says so, with what to do next."""
    with pytest.raises(DataError, match=message) as caught:
        read()
    assert caught.value.try_next


def put(folder: Path, name: str, data: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path
