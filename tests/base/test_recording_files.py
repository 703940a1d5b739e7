"""Recordings are told by their bytes, and opened again only if they are the ones that were linked."""

import os
from pathlib import Path

import pytest

from autokode import DataError
from autokode.base.recording_files import fingerprint_of, found_recording, kind_of, opened_recording
from sound_case import recording

FTYP = b"\0\0\0\x20ftyp"


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"ID3\x04\0", "audio/mpeg"),
        (b"\xff\xfb\x90\x64", "audio/mpeg"),
        (b"\xff\xf1\x50\x80", ""),  # AAC without a container
        (b"OggS\0\2", "audio/ogg"),
        (b"fLaC\0\0", "audio/flac"),
        (FTYP + b"M4A \0", "audio/mp4"),
        (FTYP + b"isom\0", "video/mp4"),
        (FTYP + b"qt  \0", ""),
        (FTYP + b"3gp4\0", ""),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm", "video/webm"),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x88matroska", ""),
        (b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0", "audio/wav"),
        (b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x11\0\x01\0", ""),  # IMA ADPCM, as some dictaphones write
        (b"RIFF\0\0\0\0AVI LIST", ""),
        (b"\x03ds2", ""),
        (b"#!AMR\n", ""),
        (b"\x30\x26\xb2\x75\x8e\x66", ""),
        (b"root:x:0:0:root", ""),
        (b"", ""),
    ],
)
def test_the_first_bytes_tell_what_a_browser_plays(head: bytes, kind: str) -> None:
    assert kind_of(head) == kind


def test_what_no_browser_plays_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "opptak å.ds2"
    path.write_bytes(b"\x03ds2" + bytes(100))
    with pytest.raises(DataError, match=r"mp3, m4a, wav, ogg, opus, webm, flac, mp4") as told:
        found_recording(path)
    assert "ffmpeg -i" in str(told.value) and "opptak å.mp3" in str(told.value)


def test_the_recording_that_was_linked_is_opened(tmp_path: Path) -> None:
    found = found_recording(recording(tmp_path / "a.wav"))
    with opened_recording(found.path, found.size, found.fingerprint) as stream:
        stream.seek(0)
        assert len(stream.read()) == found.size


def _link(path: Path) -> None:
    path.rename(path.with_name("annet.wav"))
    path.symlink_to(path.with_name("annet.wav"))


def _folder_link(path: Path) -> None:
    path.parent.rename(path.parent.with_name("flyttet"))
    path.parent.symlink_to(path.parent.with_name("flyttet"))


def _fifo(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _byte(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(
    "change",
    [
        Path.unlink,
        _link,
        _folder_link,
        _fifo,
        lambda path: path.write_bytes(path.read_bytes() + b"\0"),
        lambda path: _byte(path, 0),
        lambda path: _byte(path, -1),
        lambda path: recording(path, tone=441),
    ],
    ids=["gone", "link", "folder link", "fifo", "longer", "first byte", "last byte", "other"],
)
def test_anything_else_in_its_place_is_not_opened(tmp_path: Path, change: "object") -> None:
    (tmp_path / "opptak").mkdir()
    found = found_recording(recording(tmp_path / "opptak" / "a.wav"))
    change(found.path)  # type: ignore[operator]
    with pytest.raises(DataError, match=r"a\.wav"), opened_recording(found.path, found.size, found.fingerprint):
        pass


def test_a_short_file_has_a_fingerprint_of_all_of_it(tmp_path: Path) -> None:
    path = tmp_path / "a"
    marks = set()
    for content in (b"", b"a", b"b", b"ab"):
        path.write_bytes(content)
        with path.open("rb") as stream:
            marks.add(fingerprint_of(stream, len(content)))
    assert len(marks) == 4
