"""What `AutoCoder` takes as texts and as codes: every container of the table in docs/python.md, and nothing else."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import scipy.sparse as sp

from autokode import AutoCoder, DataError, load_model, score
from autokode.training.inputs import code_lists_of, texts_of

TEXTS = ["penger og makt", "språket i brevet"]
CODES = [("makt",), ("makt", "språk")]
MARKS = [[1, 0], [1, 1]]
NAMES = ["makt", "språk"]

CONTAINERS: dict[str, Callable[[list[Any]], Any]] = {
    "list": list,
    "tuple": tuple,
    "pandas.Series": pd.Series,
    "pandas.Series, string": lambda own: pd.Series(own, dtype="string"),
    "pandas.Series, other index": lambda own: pd.Series(own, index=range(7, 7 + len(own))),
    "pandas.Index": pd.Index,
    "polars.Series": pl.Series,
    "pyarrow.Array": pa.array,
    "pyarrow.ChunkedArray": lambda own: pa.chunked_array([own[:1], own[1:]]),
    "numpy, object": lambda own: np.array(own, object),
}


@pytest.mark.parametrize("made", CONTAINERS.values(), ids=CONTAINERS)
def test_texts_and_missing_values(made: Callable[[list[Any]], Any]) -> None:
    assert texts_of(made(TEXTS)) == TEXTS
    assert texts_of(made([TEXTS[0], None])) == [TEXTS[0], ""]


def test_numpy_texts_and_values_that_are_missing() -> None:
    assert texts_of(np.array(TEXTS)) == TEXTS
    assert texts_of(np.array(["a", np.nan], object)) == ["a", ""]
    assert texts_of(["a", float("nan"), pd.NA, pd.NaT, np.float32("nan")]) == ["a", "", "", "", ""]
    assert texts_of(np.ma.masked_array(TEXTS, [True, False])) == ["", TEXTS[1]]
    assert texts_of(pd.Series(TEXTS, dtype="category")) == TEXTS
    assert texts_of(pa.array(TEXTS).dictionary_encode()) == TEXTS
    assert texts_of([]) == []


REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "str": (lambda: "tekst", r"én tekst \(str\); ventet en liste"),
    "bytes": (lambda: b"tekst", r"én tekst \(bytes\)"),
    "pandas.DataFrame": (
        lambda: pd.DataFrame({"a": TEXTS}),
        r'hel tabell \(DataFrame\).*\nPrøv: texts=frame\["text"\]',
    ),
    "polars.LazyFrame": (
        lambda: pl.DataFrame({"a": TEXTS}).lazy(),
        r'LazyFrame.*\nPrøv: texts=frame.collect\(\)\["text"\]',
    ),
    "pyarrow.Table": (lambda: pa.table({"a": TEXTS}), r"hel tabell \(Table\)"),
    "generator": (lambda: (text for text in TEXTS), r"generator; ventet list.*\nPrøv: texts=list\(texts\)"),
    "set": (lambda: set(TEXTS), r"er set; ventet"),
    "dict": (lambda: {"a": "b"}, r"er dict; ventet"),
    "None": (lambda: None, r"er NoneType; ventet"),
    "int": (lambda: 4, r"er int; ventet"),
    "an int in it": (lambda: ["a", 4], r"rad 2: fant int, ventet str\nPrøv: \[str\(t\) for t in texts\]"),
    "bytes in it": (lambda: [b"a"], r"rad 1: fant bytes.*\nPrøv: \[t.decode"),
    "a list in it": (lambda: ["a", ["b"]], r"rad 2: fant list.*\nPrøv: \[\" \"\.join"),
    "two dimensions": (lambda: np.array([TEXTS]), r"tabell, 1 × 2; ventet én rekke"),
    "no dimension": (lambda: np.array("a"), r"tabell, \(\)"),
    "dates": (lambda: pd.to_datetime(pd.Series(["2026-01-01"])), r"rad 1: fant Timestamp"),
    "half a pair": (lambda: ["a", "\ud83d"], r"rad 2: teksten har et halvt surrogatpar"),
}


@pytest.mark.parametrize(("made", "message"), REFUSED.values(), ids=REFUSED)
def test_other_things_are_refused_with_row_type_and_advice(made: Callable[[], Any], message: str) -> None:
    with pytest.raises(DataError, match=message):
        texts_of(made())


INDICATORS: dict[str, Callable[[], Any]] = {
    "numpy, int": lambda: np.array(MARKS),
    "numpy, bool": lambda: np.array(MARKS, bool),
    "numpy, float": lambda: np.array(MARKS, float),
    "sparse matrix": lambda: sp.csr_matrix(MARKS),
    "sparse array": lambda: sp.coo_array(MARKS),
    "pandas.DataFrame": lambda: pd.DataFrame(MARKS, columns=NAMES),
    "pandas.DataFrame, bool": lambda: pd.DataFrame(MARKS, columns=NAMES).astype(bool),
    "pandas.DataFrame, boolean": lambda: pd.DataFrame(MARKS, columns=NAMES).astype("boolean"),
    "polars.DataFrame": lambda: pl.DataFrame(MARKS, schema=NAMES, orient="row").cast(pl.Boolean),
    "pyarrow.Table": lambda: pa.table({name: [row[k] for row in MARKS] for k, name in enumerate(NAMES)}),
}


@pytest.mark.parametrize("made", INDICATORS.values(), ids=INDICATORS)
def test_columns_of_0_and_1(made: Callable[[], Any]) -> None:
    assert code_lists_of(made(), NAMES) == CODES


HOLD_LISTS = {name: made for name, made in CONTAINERS.items() if "string" not in name}


@pytest.mark.parametrize("made", HOLD_LISTS.values(), ids=HOLD_LISTS)
def test_lists_of_names(made: Callable[[list[Any]], Any]) -> None:
    lists = [list(own) for own in CODES]
    given = np.array([*lists, None], object)[:-1] if made is CONTAINERS["numpy, object"] else made(lists)
    assert code_lists_of(given, None) == CODES


CODES_REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "a text a row": (lambda: [["makt"], "språk"], r"codes, rad 2: fant str, ventet en samling kodenavn"),
    "bytes a row": (lambda: [b"xy"], r"codes, rad 1: fant bytes"),
    "numbers": (lambda: [[1]], r"rad 1: fant list\[int\], ventet kodenavn"),
    "nothing for a text": (lambda: [["a"], None], r"rad 2: fant NoneType.*\nPrøv: codes=\[\[\"makt\"\], \[\]"),
    "a dict a row": (lambda: [{"makt": 1}], r"rad 1: fant dict"),
    "a 2 in a column": (lambda: np.array([[0, 2]]), r"rad 1: fant 2, ventet 0 eller 1"),
    "NaN in a column": (lambda: np.array([[0, np.nan]]), r"rad 1: fant nan"),
    "a null in a column": (lambda: pl.DataFrame({"makt": [True, None]}), r"rad 2: fant None"),
    "words in a column": (lambda: pd.DataFrame({"makt": ["penger"]}), r"rad 1: fant 'str'"),
    "another number of columns": (lambda: np.array([[0, 1, 1]]), r"har 3 kolonner, ventet 2\nPrøv: makt, språk"),
    "polars.LazyFrame": (lambda: pl.DataFrame({"makt": [1]}).lazy(), r"LazyFrame.*\nPrøv: codes=codes.collect\(\)"),
}


@pytest.mark.parametrize(("made", "message"), CODES_REFUSED.values(), ids=CODES_REFUSED)
def test_other_codes_are_refused(made: Callable[[], Any], message: str) -> None:
    with pytest.raises(DataError, match=message):
        code_lists_of(made(), NAMES)


def test_a_coder_knows_the_names_of_columns() -> None:
    texts = TEXTS * 4
    frame = pd.DataFrame(MARKS * 4, columns=NAMES)
    assert AutoCoder().fit(texts, frame).codes_ == NAMES
    assert AutoCoder(codes=NAMES).fit(texts, sp.csr_matrix(frame)).codes_ == NAMES
    assert AutoCoder().fit(texts, frame.to_numpy()).codes_ == ["0", "1"]
    coder = AutoCoder().fit(pd.Series(texts), [list(own) for own in CODES] * 4, contexts=pl.Series([""] * 8))
    assert coder.score(pd.Series(TEXTS), frame.head(2)) == coder.score(TEXTS, CODES)


def test_a_missing_text_has_the_probabilities_of_a_text_without_words() -> None:
    coder = load_model("nav-nb")
    assert (coder.predict_proba(pl.Series([None, ""])) == coder.predict_proba(["", ""])).all()
    assert coder.predict(pd.Series(TEXTS, index=[5, 9])) == coder.predict(TEXTS)
    with pytest.raises(DataError, match="hel tabell"):
        coder.predict_proba(pd.DataFrame({"text": TEXTS}))  # type: ignore[arg-type]


@pytest.mark.parametrize("made", CONTAINERS.values(), ids=CONTAINERS)
def test_score_takes_texts_without_a_table(made: Callable[[list[Any]], Any]) -> None:
    coder = load_model("nav-nb")
    table = score(pa.table({"text": [*TEXTS, None]}), coder, keep=())
    assert score(made([*TEXTS, None]), coder, keep=()) == table


@pytest.mark.parametrize(
    ("source", "advice"), [(pl.DataFrame({"text": TEXTS}).lazy(), "frame.collect"), (iter(TEXTS), "list")]
)
def test_score_refuses_what_is_no_table(source: Any, advice: str) -> None:
    with pytest.raises(DataError, match=rf"ventet en tabell.*\nPrøv: score\({advice}"):
        score(source, load_model("nav-nb"))


def test_an_explanation_is_of_one_text() -> None:
    coder = load_model("nav-nb")
    with pytest.raises(DataError, match=r"text, rad 1: fant list, ventet str"):
        coder.explain(TEXTS, coder.codes_[0])  # type: ignore[arg-type]
