"""A browser with a profile of its own, as people have, and what is in the profile after it was closed."""

import contextlib
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from playwright.sync_api import BrowserContext, sync_playwright

from trace_case import traces

TABLE, FOOTER = bytes.fromhex("57fb808b247547db"), 48
"""How a table of LevelDB ends, and how many bytes say where its blocks are."""


@contextlib.contextmanager
def browser_with(profile: Path) -> Iterator[BrowserContext]:
    """Chromium as a user has it: nothing switched off, so that it keeps history, cache, sessions and what forms held."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not program:
        pytest.skip("no browser: apt-get install chromium, and run again")
    options = [
        "--headless=new",
        "--remote-debugging-pipe",
        "--no-sandbox",
        "--no-first-run",
        "--disable-gpu",
        "--window-size=1300,900",
    ]
    with sync_playwright() as play:
        context = play.chromium.launch_persistent_context(
            profile,
            executable_path=program,
            ignore_default_args=True,
            args=[*options, "--window-size=1300,900", f"--user-data-dir={profile}"],
            no_viewport=True,
        )
        yield context
        context.close()


def left_in(profile: Path, needles: Iterable[str]) -> dict[str, set[str]]:
    """Text → the files of a profile in which it stands in some form; only those that stand anywhere."""
    unpacked = profile / "unpacked"
    unpacked.mkdir()
    for table in list(profile.rglob("*.ldb")):
        (unpacked / f"{table.parent.name} {table.name}").write_bytes(b"".join(_blocks(table.read_bytes())))
    return traces(needles, profile)


def _blocks(data: bytes) -> Iterator[bytes]:
    """The blocks of a table of LevelDB, which are mostly packed by Snappy."""
    if data[-len(TABLE) :] != TABLE:
        return
    footer = _numbers(data[-FOOTER:])
    _start, _size, start, size = (next(footer) for _ in range(4))
    index = _block(data, start, size)
    at, end = 0, len(index) - 4 * (int.from_bytes(index[-4:], "little") + 1)
    while at < end:
        head = _numbers(index[at:])
        _shared, own, value = (next(head) for _ in range(3))
        at += _width(index[at:], 3) + own
        place = _numbers(index[at : at + value])
        yield _block(data, next(place), next(place))
        at += value


def _block(data: bytes, start: int, size: int) -> bytes:
    block = data[start : start + size]
    return pa.Codec("snappy").decompress(block, next(_numbers(block)), asbytes=True) if data[start + size] else block


def _numbers(data: bytes) -> Iterator[int]:
    """Numbers of seven bits a byte."""
    number = shift = 0
    for byte in data:
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            yield number
            number = shift = 0


def _width(data: bytes, count: int) -> int:
    """How many bytes a count of such numbers takes."""
    ends = (i for i, byte in enumerate(data, start=1) if byte < 128)
    return [next(ends) for _ in range(count)][-1]
