"""Looks for what was removed in every byte of some folders' files: in any encoding, packed, or as a hash."""

import contextlib
import gzip
import hashlib
import io
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest

from autokode.corpus.transcript import Transcript
from autokode.model import vectors
from autokode.model.features import keys_of, normal_form
from autokode.project.store.database import Database

SENTENCE = re.compile(r"[^.!?\n]{12,}[.!?]?")


def rare_words(transcript: Transcript, others: Iterable[str]) -> set[str]:
    """The words of five letters or more that a transcript has, and neither another text nor the shipped vectors of words."""
    common = {word.casefold() for text in others for word in re.findall(r"\w+", text)}
    own = [word for word in re.findall(r"\w{5,}", transcript.text) if word.casefold() not in common]
    shipped = np.isin([keys_of(normal_form(word))[0] for word in own], vectors.load("nb-vectors").keys)
    return {word for word, is_shipped in zip(own, shipped.tolist(), strict=True) if not is_shipped}


def sentences(transcript: Transcript, others: Iterable[str]) -> set[str]:
    """The sentences of a transcript that no other text has."""
    every = list(others)
    found = {one.strip() for turn in transcript.utterances for one in SENTENCE.findall(turn.text)}
    return {one for one in found if not any(one in text for text in every)}


def traces(needles: Iterable[str], *folders: Path) -> dict[str, set[str]]:
    """Text → the files, of all in these folders, in which it stands in some form; only those that stand anywhere."""
    forms = {needle: _forms(needle) for needle in needles}
    found: dict[str, set[str]] = {}
    for folder in folders:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            for name, data in unpacked(path.name, path.read_bytes()):
                low = data.lower()
                for needle, ways in forms.items():
                    if any(way in data or way in low for way in ways):
                        found.setdefault(needle, set()).add(name)
    return found


def _forms(needle: str) -> set[bytes]:
    """The bytes that a text may be kept as: encodings, JSON's escapes, its SHA-256, and a word's key in a model's vocabulary."""
    texts = {needle, needle.lower()}
    ways = {text.encode(encoding) for text in texts for encoding in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le")}
    ways |= {text.encode("latin-1") for text in texts if all(ord(c) < 256 for c in text)}
    ways |= {text.encode("ascii", "backslashreplace").replace(b"\\x", b"\\u00") for text in texts}
    if " " in needle:
        digest = hashlib.sha256(needle.encode())
        return ways | {digest.digest(), digest.hexdigest().encode()}
    return ways | {np.uint64(keys_of(normal_form(needle))[0]).tobytes()}


def unpacked(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield a file and all that is packed in it, however deep."""
    yield name, data
    if data[:2] == b"PK" and zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.namelist():
                yield f"{name}/{member}", member.encode()
                yield from unpacked(f"{name}/{member}", archive.read(member))
    if data[:2] == b"\x1f\x8b":
        yield from unpacked(f"{name}|gunzip", gzip.decompress(data))
    for begin in (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda"):  # zlib, as joblib packs arrays
        place = data.find(begin)
        while place >= 0:
            unpacker = zlib.decompressobj()
            with contextlib.suppress(zlib.error):
                yield f"{name}|zlib", unpacker.decompress(data[place:])
            place = data.find(begin, place + 1)


@contextlib.contextmanager
def plain_sqlite() -> Iterator[pytest.MonkeyPatch]:
    """SQLite that overwrites nothing by itself, as some builds do; and does not wait for the disk, which is tested elsewhere."""
    opened = Database._opened

    def quick(database: Database) -> sqlite3.Connection:
        connection = opened(database)
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA secure_delete = OFF")
        return connection

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "_opened", quick)
        yield patch


def dump(path: Path) -> list[str]:
    """A project's file as SQL, without the index of the words: how that is laid out depends on when it was written."""
    with contextlib.closing(sqlite3.connect(path)) as file, contextlib.closing(sqlite3.connect(":memory:")) as own:
        file.backup(own)
        for name in ("added", "gone", "changed"):
            own.execute(f"DROP TRIGGER said_{name}")
        for name in ("said_term", "said"):
            own.execute(f"DROP TABLE {name}")
        return list(own.iterdump())
