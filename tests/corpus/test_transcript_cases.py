"""Transcripts as real programs and people write them: invented files in tests/cases, and what a person expects of each.

`first` and `second` were written by somebody who had not seen the readers, `reported` after public reports of faults
(`sources.csv` says which). Where the project's real data lie beside it, the cases there are read too.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autokode.base.errors import DataError
from autokode.corpus.readers import BY_NAME, ENDINGS
from autokode.corpus.transcript import read_transcript
from conftest import ROOT, SHARED
from reading_case import differences

FOLDERS = [*(ROOT / "tests" / "cases" / name for name in ("first", "second", "reported")), SHARED / "cases"]


def _cases() -> Iterator[Any]:
    for folder in FOLDERS:
        file = folder / "expected.json"
        for name, wanted in json.loads(file.read_text(encoding="utf-8")).items() if file.is_file() else ():
            yield pytest.param(folder / name, wanted, id=f"{folder.name}/{name}")


@pytest.mark.parametrize(("path", "wanted"), list(_cases()))
def test_a_transcript_is_read_as_a_person_reads_it(path: Path, wanted: dict[str, Any]) -> None:
    if wanted.get("readable") is False:
        with pytest.raises(DataError):
            read_transcript(path)
        return
    transcript = read_transcript(path)
    assert list(differences(transcript, wanted)) == []
    assert all(len(u.text) == u.end - u.start for u in transcript.utterances)


def test_every_case_says_where_its_layout_was_seen() -> None:
    lines = (ROOT / "tests" / "cases" / "sources.csv").read_text(encoding="utf-8").splitlines()[1:]
    listed = {line.partition(",")[0] for line in lines}
    files = {f"{folder.name}/{path.name}" for folder in FOLDERS[:3] for path in folder.iterdir()}
    assert {name for name in files if not name.endswith("expected.json")} == listed


def test_the_document_names_only_what_is_read_here() -> None:
    document = (ROOT / "docs" / "exchange.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| ([^|]+) \| ([^|]*`\.[^|]+) \|$", document.split("## Transcripts")[1].split("##")[0], re.MULTILINE
    )
    endings = {ending for _programs, files in rows for ending in re.findall(r"`(\.\w+)`", files)}
    assert endings == {*ENDINGS, *BY_NAME}
    here = {path.suffix for folder in FOLDERS[:3] for path in folder.iterdir()} | {".htm"}  # read as .html
    assert endings <= here
    tested = [ROOT / "tests" / "cases" / "sources.csv", *(ROOT / "tests" / "corpus").glob("test_*.py")]
    words = "".join(path.read_text(encoding="utf-8") for path in tested).casefold()
    assert [name for programs, _files in rows for name in programs.split(", ") if name.casefold() not in words] == []


def test_every_test_that_the_public_reports_name_is_here() -> None:
    text = (ROOT / "docs" / "public-reports.md").read_text(encoding="utf-8")
    named = {test for row in text.splitlines() for test in re.findall(r"tests/[\w./-]+", row.rpartition(" | ")[2])}
    assert len(named) > 80
    assert [test for test in sorted(named) if not (ROOT / test).exists()] == []
