"""Transcript files that name their recording."""

import json
from pathlib import Path

import pytest

from autokode.corpus.readers.stated_media import stated_media

EAF = (
    '<ANNOTATION_DOCUMENT><HEADER MEDIA_FILE=""><MEDIA_DESCRIPTOR MEDIA_URL="{}" RELATIVE_MEDIA_URL="{}"/></HEADER>'
    "</ANNOTATION_DOCUMENT>"
)


def test_elan_names_a_relative_place_first(tmp_path: Path) -> None:
    file = tmp_path / "t.eaf"
    file.write_text(EAF.format("file:///home/ida/m%C3%B8te.wav", "./lyd/møte.wav"), encoding="utf-8")
    assert stated_media(file) == (
        tmp_path / "lyd" / "møte.wav",
        tmp_path / "møte.wav",
        Path("/home/ida/møte.wav"),
    )


def test_otranscribe_names_a_file_alone(tmp_path: Path) -> None:
    file = tmp_path / "t.otr"
    file.write_text(json.dumps({"text": "<p>hei</p>", "media": "møte.mp3", "media-time": 1}), encoding="utf-8")
    assert stated_media(file) == (tmp_path / "møte.mp3",)
    file.write_text(json.dumps({"text": "", "media": "https://www.youtube.com/watch?v=x"}), encoding="utf-8")
    assert stated_media(file) == ()


def test_a_windows_folder_of_another_machine_is_sought_by_name(tmp_path: Path) -> None:
    file = tmp_path / "t.eaf"
    file.write_text(EAF.format("file:///C:/Users/ida/m.wav", r"..\lyd\m.wav"), encoding="utf-8")
    assert tmp_path / "m.wav" in stated_media(file)


@pytest.mark.parametrize("content", [b"", b"<a", b"[]", b"{}", b'{"media": 3}', b"\xff\xfe"])
@pytest.mark.parametrize("ending", [".eaf", ".otr", ".vtt"])
def test_a_damaged_file_says_nothing(tmp_path: Path, content: bytes, ending: str) -> None:
    file = tmp_path / f"t{ending}"
    file.write_bytes(content)
    assert stated_media(file) == ()
    assert stated_media(tmp_path / f"borte{ending}") == ()
