"""Files from strangers: zip archives, XML, JSON and arrays, read within limits and without opening anything they point to."""

import json
import math
import re
import zipfile
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any

from autokode.base import resources
from autokode.base.errors import DataError, failure, quoted
from autokode.base.extras import require
from autokode.base.files import read_bytes
from autokode.base.messages import say

MAX_UNPACKED = 500_000_000
"""Largest size, in bytes, that an archive may unpack to, all its files together."""
MAX_FILES = 20_000
_DATE = (1980, 1, 1, 0, 0, 0)
MAX_XML = 100_000_000
"""Largest size of an XML file, in bytes."""


MAX_LEVELS = 500
"""Most levels of lists and objects in each other in a JSON file."""


class Archive:
    """A zip archive's files, by name; it writes nothing to disk and opens nothing outside the archive.

    Raises:
        DataError: no zip archive, a name that points outside, too many files, more than `MAX_UNPACKED` bytes.
    """

    def __init__(self, path: Path, data: bytes | None = None) -> None:
        self.path = path
        data = read_bytes(path) if data is None else data
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except MemoryError:
            raise
        except Exception as error:  # damaged headers raise BadZipFile, ValueError, struct.error, …
            raise _unusable(path, f"er ikke et zip-arkiv ({error})", f"is not a zip archive ({error})") from error
        names = [info.filename for info in self._zip.infolist() if info.filename and not info.is_dir()]
        if len(names) > MAX_FILES:
            raise _unusable(path, f"har {len(names)} filer; for mange", f"has {len(names)} files; too many")
        outside = [name for name in names if _points_outside(name)]
        if outside:
            found = repr(outside[0][:80])
            raise _unusable(path, f"har filer som peker ut av arkivet: {found}", f"points outside itself: {found}")
        self.names = tuple(names)
        self._left = MAX_UNPACKED

    def read(self, name: str) -> bytes:
        """Read a file; the limit counts the bytes that come out, not the size that the archive states."""
        try:
            with self._zip.open(name) as stream:
                data = stream.read(self._left + 1)
        except MemoryError:
            raise
        except Exception as error:  # zlib, LZMA, struct and seek errors, among others
            file = f"«{name[:80]}»"
            raise _unusable(
                self.path, f"{file} kan ikke pakkes ut ({error})", f"{file} cannot be unpacked ({error})"
            ) from error
        self._left -= len(data)
        if self._left < 0:
            megabytes = MAX_UNPACKED // 1_000_000
            raise _unusable(self.path, f"pakker ut til over {megabytes} MB", f"unpacks to more than {megabytes} MB")
        return data


def parse_xml(data: bytes, name: str) -> Any:
    """Parse an XML file; the root is an lxml element.

    Raises:
        DataError: not well-formed, has a document type (DTD), too large, or nested deeper than 256 elements.
    """
    require("office", where=name)
    from lxml import etree

    again, megabytes = say("eksporter på nytt", "export it again"), MAX_XML // 1_000_000
    if len(data) > MAX_XML:
        raise failure(f"er over {megabytes} MB", f"is larger than {megabytes} MB", where=name, try_next=again)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data.lstrip(b" \t\r\n"), parser)
    except etree.XMLSyntaxError as error:
        what = f"er ikke gyldig XML ({error.msg})", f"is not valid XML ({error.msg})"
        raise _unusable(name, *what, line=error.lineno or None) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise failure(
            "har en dokumenttype (DTD), som ingen eksport har",
            "has a document type (DTD), which exports never have",
            where=name,
            try_next=again,
        )
    return root


def parse_json(data: str | bytes, name: str, mend: str) -> Any:
    """Parse JSON; half of a surrogate pair, which JSON can spell but UTF-8 cannot hold, becomes U+FFFD.

    Args:
        data: the text, or its bytes.
        name: the file to name in errors.
        mend: the advice to give with an error.

    Raises:
        DataError: invalid, nested too deep, or with too long numbers.
    """
    try:
        # with its encoding: json.loads of bytes lets half pairs pass
        text = data if isinstance(data, str) else data.decode(json.detect_encoding(data))
        found = json.loads(text)
        if _is_deep(found):
            raise RecursionError
        if re.search(r"\\ud[89a-f]", text, re.IGNORECASE):
            whole = json.dumps(found, ensure_ascii=False).encode("utf-16-le", "surrogatepass")
            found = json.loads(whole.decode("utf-16-le", "replace"))
    except (ValueError, RecursionError) as error:
        reason = say("for mange nivåer", "too many levels") if isinstance(error, RecursionError) else str(error)
        line = error.lineno if isinstance(error, json.JSONDecodeError) else None
        raise failure(
            f"er ikke gyldig JSON ({reason})", f"is not valid JSON ({reason})", where=name, line=line, try_next=mend
        ) from error
    return found


def _is_deep(found: Any) -> bool:
    """Whether JSON has more levels than `MAX_LEVELS`; Python 3.14 reads as many as there are."""
    level = [found] if isinstance(found, dict | list) else []
    for _ in range(MAX_LEVELS):
        inside = (one.values() if isinstance(one, dict) else one for one in level)
        level = [one for children in inside for one in children if isinstance(one, dict | list)]
        if not level:
            return False
    return True


def parse_array(data: bytes) -> Any:
    """Read an .npy file of numbers; its data must be exactly as long as its header says, so that no memory is reserved for more.

    Raises:
        Exception: NumPy reads the header as Python literals and raises ValueError, SyntaxError, TokenError, …
    """
    import numpy as np

    stream = BytesIO(data)
    if np.lib.format.read_magic(stream) != (1, 0):
        raise ValueError(say("ikke .npy, utgave 1.0", "not .npy, version 1.0"))
    shape, is_fortran, dtype = np.lib.format.read_array_header_1_0(stream)
    begin = stream.tell()
    if dtype.hasobject:
        raise ValueError("Object arrays are no numbers")
    if min(shape, default=0) < 0 or math.prod(shape) * dtype.itemsize != len(data) - begin:
        raise ValueError(f"{dtype} {shape}, {len(data) - begin} bytes")
    return np.frombuffer(data, dtype, offset=begin).reshape(shape, order="F" if is_fortran else "C").copy(order="K")


def own_file(path: Path) -> Path:
    """Check that a path in somebody's folder is a file of that folder, and give it back.

    What came with autokode may be links: an installer that shares files between environments makes them.

    Raises:
        DataError: it is a link, which may lead to any file on this machine, or it is not a regular file.
    """
    is_foreign_link = path.is_symlink() and not resources.is_shipped(path.parent)
    if is_foreign_link or (path.exists() and not path.is_file()):
        raise failure(
            "er en lenke, ikke en fil; mappen må ha sine egne",
            "is a link; the folder must hold the file itself",
            where=path,
            try_next=f"cp -rL {quoted(path.parent)} {quoted(f'{path.parent}-2')}",
        )
    return path


def _points_outside(name: str) -> bool:
    return (
        name.startswith(("/", "\\"))
        or re.match(r"[A-Za-z]:[\\/]", name) is not None
        or ".." in PurePosixPath(name.replace("\\", "/")).parts
    )


def _unusable(where: object, norwegian: str, english: str, *, line: int | None = None) -> DataError:
    again = say("eksporter på nytt fra programmet filen kom fra", "export it again from the program it came from")
    return failure(norwegian, english, where=where, line=line, try_next=again)


def undated(data: bytes) -> bytes:
    """Remove the creation times from an office file, so that the same content gives the same bytes."""
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2000-01-01T00:00:00Z", content)
            info = zipfile.ZipInfo(name, _DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, content)
    return buffer.getvalue()
