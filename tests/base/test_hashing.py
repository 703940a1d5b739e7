"""SHA-256 of bytes, texts, files and data, checked against known values."""

import hashlib
from pathlib import Path

import pytest

from autokode.base.errors import DataError
from autokode.base.hashing import sha256_of, sha256_of_file, sha256_of_json

OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-2, B.1


def test_bytes_texts_and_files_with_the_same_content_have_the_same_hash(tmp_path: Path) -> None:
    path = tmp_path / "fil.txt"
    path.write_bytes(b"abc")
    assert sha256_of(b"abc") == sha256_of("abc") == sha256_of_file(path) == OF_ABC
    assert sha256_of("æøå") == sha256_of("æøå".encode())
    assert (
        sha256_of("\ud800") == hashlib.sha256(b"\xed\xa0\x80").hexdigest()
    )  # half a character, as Windows' names hold


def test_data_is_hashed_as_json_in_ascii() -> None:
    assert sha256_of_json([["å", 1]]) == hashlib.sha256(b'[["\\u00e5", 1]]').hexdigest()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"borte\.txt: filen finnes ikke"):
        sha256_of_file(tmp_path / "borte.txt")
