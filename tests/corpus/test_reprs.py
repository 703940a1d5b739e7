"""What a notebook shows and stores of objects: names and counts, and nothing that anybody said."""

import dataclasses
from collections.abc import Iterator
from typing import Any

import polars as pl
import pytest

from autokode import AutoCoder, load_model, read_transcript, suggest
from autokode.base.errors import DataError
from autokode.corpus.study import Study
from autokode.suggestion import COLUMNS, Suggestions
from conftest import ROOT


@pytest.fixture(scope="module")
def coder() -> AutoCoder:
    return load_model("nav-nb")


@pytest.fixture(scope="module")
def found(coder: AutoCoder) -> Suggestions:
    return suggest(coder, read_transcript(ROOT / "training_data" / "kontor_c.vtt"))


def parts(thing: Any, depth: int = 3) -> Iterator[Any]:
    """An object, what its fields hold, and so on: a few of each collection."""
    yield thing
    if depth and dataclasses.is_dataclass(thing):
        for own in dataclasses.fields(thing):
            yield from parts(getattr(thing, own.name), depth - 1)
    elif depth and isinstance(thing, dict):
        for value in list(thing.values())[:3]:
            yield from parts(value, depth)
    elif depth and isinstance(thing, list | tuple):
        for value in thing[:3]:
            yield from parts(value, depth)


def test_no_repr_has_what_somebody_said(three_offices: Study, found: Suggestions, coder: AutoCoder) -> None:
    said = {
        utterance.text[:40]
        for transcript in three_offices.transcripts.values()
        for utterance in transcript.utterances
        if len(utterance.text) > 40
    }
    shown = [three_offices, three_offices.examples(), found, coder, three_offices.codebook]
    seen: dict[str, str] = {}
    for thing in (part for one in shown for part in parts(one)):
        if dataclasses.is_dataclass(thing) or thing in shown:
            seen[type(thing).__name__] = repr(thing)
            assert len(repr(thing)) < 2000, type(thing)
            assert not [text for text in said if text in repr(thing)], type(thing)
    assert {
        "Study",
        "Transcript",
        "Utterance",
        "Codebook",
        "Code",
        "Coding",
        "Segment",
        "Examples",
        "Suggestion",
    } <= set(seen)
    assert seen["Study"] == "<Study: 3 transcripts, 481 codings, 21 codes>"


def test_suggestions_are_a_tuple_and_a_table(found: Suggestions) -> None:
    assert isinstance(found, tuple)
    assert repr(found).startswith(f"<{len(found)} suggestions: ")
    assert repr(Suggestions()) == "<0 suggestions>"
    frame, table = found.to_polars(), found.to_arrow()
    assert (frame.columns, table.num_rows, len(found.to_pandas())) == (list(COLUMNS), len(found), len(found))
    assert frame["code"].to_list() == [one.code for one in found]
    assert frame.schema["evidence"] == pl.List(pl.String)
    assert Suggestions().to_arrow().schema == table.schema
    assert found.to_csv().count("\n") >= len(found)


def test_a_library_that_is_not_there_is_named(found: Suggestions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "polars", None)
    with pytest.raises(DataError, match="polars er ikke installert\nPrøv: pip install polars"):
        found.to_polars()
