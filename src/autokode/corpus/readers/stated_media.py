"""Which recordings a transcript's file says it is of: ELAN (.eaf) and oTranscribe (.otr) name them."""

import json
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath

from autokode.base.archive import parse_xml
from autokode.base.errors import DataError
from autokode.base.files import read_bytes


def stated_media(path: Path) -> tuple[Path, ...]:
    """Where a transcript's recording may be by what its file says, the likeliest first; () where it says nothing.

    A name alone is sought beside the transcript, also where the file states another machine's folder.
    """
    try:
        stated = list(_STATED.get(path.suffix.lower(), lambda _path: iter(()))(path))
    except (DataError, ValueError, KeyError, TypeError, AttributeError):  # damaged by now: it says nothing
        return ()
    found: dict[Path, None] = {}
    for one in stated:
        plain = _path_in(one)
        found[path.parent / plain] = None  # an absolute path stays as it is
        found[path.parent / PurePosixPath(PureWindowsPath(plain).as_posix()).name] = None
    return tuple(found)


def _path_in(stated: str) -> str:
    """The path in a file: address; any other text as it is.

    >>> _path_in("file:///C:/opptak%20%C3%A5/a.wav"), _path_in("./100 %.wav")
    ('C:/opptak å/a.wav', './100 %.wav')
    """
    address = re.fullmatch(r"file:(?://[^/]*)?(.+)", stated)
    if address is None:
        return stated
    written = re.sub(rb"%([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), address[1].encode())
    plain = written.decode("utf-8", "replace")
    return plain[1:] if re.match(r"/[A-Za-z]:/", plain) else plain


def _of_elan(path: Path) -> Iterator[str]:
    for one in parse_xml(read_bytes(path), str(path)).iter("MEDIA_DESCRIPTOR"):
        yield from (one.get(name) for name in ("RELATIVE_MEDIA_URL", "MEDIA_URL") if one.get(name))


def _of_otranscribe(path: Path) -> Iterator[str]:
    media = json.loads(read_bytes(path).decode("utf-8-sig"))["media"]
    if isinstance(media, str) and media and not media.startswith("http"):
        yield media


_STATED = {".eaf": _of_elan, ".otr": _of_otranscribe}
