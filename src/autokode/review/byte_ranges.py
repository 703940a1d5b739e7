"""Sends a recording to the page's player piece by piece, as the player asks for it (RFC 9110, section 14)."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from typing import BinaryIO

from flask import Response

MOST = 4 << 20
"""Bytes of one answer to a question for a part. A player asks on, so no thread waits for one that is paused."""
_PIECE = 1 << 16
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def asked_part(header: str, size: int) -> tuple[int, int] | None:
    """The part of a file of `size` bytes that a Range header asks for, half-open and at most `MOST` long.

    None means all of it: there is no header, or one that a server may pass over, such as one for several parts. A part that
    begins behind the end is empty.

    >>> asked_part("bytes=0-", 10), asked_part("bytes=2-4", 10), asked_part("bytes=-3", 10), asked_part("bytes=10-", 10)
    ((0, 10), (2, 5), (7, 10), (10, 10))
    """
    match = _RANGE.fullmatch(header.strip())
    if match is None or match[1] == match[2] == "":
        return None
    if not match[1]:
        start, end = max(0, size - int(match[2])), size
    else:
        start, end = int(match[1]), min(size, int(match[2]) + 1) if match[2] else size
        if match[2] and int(match[2]) < start:
            return None
    if start >= size or start >= end:
        return size, size
    return start, min(end, start + MOST)


def partial_answer(stream: BinaryIO, size: int, header: str, kind: str, opened: ExitStack) -> Response:
    """Answer with the part of a file that a Range header asks for; `opened` closes the file, here or when all was sent."""
    part = asked_part(header, size)
    if part is None:
        stream.seek(0)
        answer = Response(_pieces(stream, size, opened.pop_all()), mimetype=kind)
        answer.headers["Content-Length"] = str(size)
    elif part[0] == part[1]:
        answer = Response(status=416)
        answer.headers["Content-Range"] = f"bytes */{size}"
    else:
        stream.seek(part[0])
        answer = Response(stream.read(part[1] - part[0]), 206, mimetype=kind)
        answer.headers["Content-Range"] = f"bytes {part[0]}-{part[1] - 1}/{size}"
    answer.headers["Accept-Ranges"] = "bytes"
    return answer


def _pieces(stream: BinaryIO, size: int, opened: ExitStack) -> Iterator[bytes]:
    with opened:
        left = size
        while left and (piece := stream.read(min(_PIECE, left))):
            left -= len(piece)
            yield piece
