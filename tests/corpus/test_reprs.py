"""What a notebook shows and stores of objects: names and counts, and nothing that anybody said."""

import dataclasses
import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import polars as pl
import pytest

import autokode
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


HOLDS_WORDS = {
    *(
        "text",
        "quote",
        "question",
        "context",
        "memo",
        "memos",
        "evidence",
        "first_words",
        "examples",
        "notes",
        "definition",
    ),
    *("use_when", "not_when", "quotes", "texts", "description", "others", "unlabelled", "unlabelled_contexts", "lines"),
}
"""Names of fields that hold what somebody said or wrote."""

HOLDS_NONE = {"scoring.batch.stream.Wanted", "report.theme_sentences.Opposite"}
"""Classes whose fields of these names hold the names of columns, or an object that has a repr of its own."""


def classes() -> Iterator[type]:
    """All dataclasses of the library."""
    for found in pkgutil.walk_packages(autokode.__path__, "autokode."):
        if found.name == "autokode.__main__":
            continue
        for one in vars(importlib.import_module(found.name)).values():
            if isinstance(one, type) and one.__module__ == found.name and dataclasses.is_dataclass(one):
                yield one


def test_no_field_with_words_is_in_a_repr() -> None:
    told = [
        f"{one.__module__.removeprefix('autokode.')}.{one.__qualname__}.{own.name}"
        for one in classes()
        if hasattr(one.__repr__, "__wrapped__")  # made by `dataclass`, of the fields that are not left out
        for own in dataclasses.fields(one)
        if own.repr and own.name in HOLDS_WORDS and any(kind in str(own.type) for kind in ("str", "Quote", "Note"))
    ]
    assert [one for one in told if not any(one.startswith(f"{place}.") for place in HOLDS_NONE)] == []


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
