"""Recordings that browsers play: told by their first bytes, marked by a fingerprint, opened again only if they are the same."""

import contextlib
import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from autokode.base.errors import DataError, failure, quoted
from autokode.base.messages import say

ENDINGS = (".mp3", ".m4a", ".mp4", ".wav", ".ogg", ".oga", ".opus", ".webm", ".flac")
"""Endings of files that may be recordings a browser plays; the bytes decide."""

PLAYED = "mp3, m4a, wav, ogg, opus, webm, flac, mp4"

_HEAD = 4096
"""Bytes of a file by which its kind is told."""
_BLOCK, _BLOCKS = 65_536, 16
"""Size and number of the pieces of a file that its fingerprint is made of."""
_WAVE_CODINGS = frozenset({1, 3, 6, 7, 0xFFFE})
"""Codings of sound in a WAVE file that browsers play: PCM, float, A-law, µ-law, and those with a longer head."""
_OTHER_BRANDS = (b"qt  ", b"3gp", b"3g2")


@dataclass(frozen=True, slots=True)
class FoundRecording:
    """A recording as it is on disk: where, with all links followed, its size in bytes, its fingerprint, its media type."""

    path: Path
    size: int
    fingerprint: str
    kind: str


def found_recording(path: Path) -> FoundRecording:
    """Look at a file that somebody chose as a recording.

    Raises:
        DataError: it is not there, is no file, may not be read, or is nothing that browsers play.
    """
    try:
        real = path.expanduser().resolve(strict=True)
    except (OSError, RuntimeError, ValueError) as error:
        raise _not_there(path) from error
    with _opened(real) as stream:
        size = os.fstat(stream.fileno()).st_size
        kind = kind_of(stream.read(_HEAD))
        if not kind:
            raise _not_played(real)
        return FoundRecording(real, size, fingerprint_of(stream, size), kind)


@contextlib.contextmanager
def opened_recording(path: Path, size: int, fingerprint: str) -> Iterator[BinaryIO]:
    """Open a recording that was looked at before; whatever is there instead is not read to anybody.

    Raises:
        DataError: it is gone or changed, or a link stands in its place.
    """
    with _opened(path) as stream:
        changed = os.fstat(stream.fileno()).st_size != size or fingerprint_of(stream, size) != fingerprint
        if changed or path.resolve() != path:
            raise failure(
                "opptaket er et annet enn det som ble knyttet til intervjuet, og spilles ikke",
                "the recording is not the one that was linked to the interview, and is not played",
                where=path,
                try_next=say("finn filen på nytt, eller knytt denne", "find the file again, or link this one"),
            )
        yield stream


def fingerprint_of(stream: BinaryIO, size: int) -> str:
    """SHA-256, in hexadecimal, of a file's size and of `_BLOCKS` pieces spread over it, the first and the last among them.

    A change between the pieces that keeps the size is not seen; a recording of hours is marked in milliseconds.
    """
    digest = hashlib.sha256(str(size).encode())
    for number in range(_BLOCKS if size > _BLOCK else 1):
        stream.seek(max(0, size - _BLOCK) * number // (_BLOCKS - 1))
        digest.update(stream.read(_BLOCK))
    return digest.hexdigest()


def kind_of(head: bytes) -> str:
    """The media type of a recording that browsers play, by its first bytes; "" for anything else.

    >>> kind_of(b"ID3\\x03"), kind_of(b"OggS"), kind_of(b"%PDF-1.7")
    ('audio/mpeg', 'audio/ogg', '')
    """
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        at = head.find(b"fmt ", 12)
        coding = int.from_bytes(head[at + 8 : at + 10], "little") if at > 0 else 0
        return "audio/wav" if coding in _WAVE_CODINGS else ""
    if head[4:8] == b"ftyp":
        if head[8:12].startswith(_OTHER_BRANDS):
            return ""
        return "audio/mp4" if head[8:11] in (b"M4A", b"M4B") else "video/mp4"
    if head.startswith(b"\x1aE\xdf\xa3"):
        return "video/webm" if b"webm" in head[:64] else ""
    for first, kind in ((b"OggS", "audio/ogg"), (b"fLaC", "audio/flac"), (b"ID3", "audio/mpeg")):
        if head.startswith(first):
            return kind
    is_frame = len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0 and head[1] & 0x06 != 0
    return "audio/mpeg" if is_frame else ""


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file to read; no link, no folder, no device, and nothing that would wait for somebody else.

    Raises:
        DataError: it is none or cannot be read.
    """
    flags = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY", "O_CLOEXEC"))
    try:
        number = os.open(path, flags)
    except (OSError, ValueError) as error:
        raise _not_there(path) from error
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise _not_there(path)
    with os.fdopen(number, "rb") as stream:
        yield stream


def _not_there(path: Path) -> DataError:
    return failure(
        "opptaket er ikke her, eller kan ikke leses; her ble det søkt",
        "the recording is not here, or cannot be read; this is where it was sought",
        where=path,
        try_next=say("finn filen, og knytt den på nytt", "find the file, and link it again"),
    )


def _not_played(path: Path) -> DataError:
    return failure(
        f"er ikke et opptak som nettleseren spiller; den spiller {PLAYED}",
        f"is no recording that a browser plays; it plays {PLAYED}",
        where=path,
        try_next=say("lag en kopi på samme sted, f.eks. ", "make a copy in the same place, e.g. ")
        + f"ffmpeg -i {quoted(path)} {quoted(path.with_suffix('.mp3'))}",
    )
