"""Agreement against a published example, an independent formula, and cases one can do in the head."""

import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nltk.metrics.agreement import AnnotationTask

from autokode.agreement import agreement, alpha_of_two
from autokode.codebook import Code, Codebook
from autokode.coding import Coding, Segment
from autokode.errors import DataError
from autokode.readers import Source
from autokode.study import Study
from autokode.transcript import from_source
from conftest import words

PUBLISHED = ("0,1,0,0,0,0,0,0,1,0", "1,1,1,0,0,1,0,0,0,0")
"""Krippendorff 2011, "Computing Krippendorff's alpha-reliability", part A: two observers, binary, alpha 0.095."""


def test_the_published_worked_example() -> None:
    first, second = (np.array([value == "1" for value in row.split(",")]) for row in PUBLISHED)
    assert alpha_of_two(first, second) == pytest.approx(0.095, abs=5e-4)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=2, max_size=60))
def test_the_closed_form_is_the_librarys(pairs: list[tuple[bool, bool]]) -> None:
    first, second = (np.array(column) for column in zip(*pairs, strict=True))
    found = alpha_of_two(first, second)
    if len({*first.tolist(), *second.tolist()}) == 1:
        assert found == 1
    else:
        rows = [(c, u, bool(v)) for c, column in enumerate((first, second)) for u, v in enumerate(column)]
        assert found == pytest.approx(AnnotationTask(rows).alpha())


def study_of(names: str) -> Study:
    text = "I: Hva?\n" + "\n".join(f"Anne: ord {i}\nBerit: ord {i}" for i in range(5))
    book = Codebook("b", (Code("makt"), Code("språk")))
    return Study(book, {name: from_source(Source(text), name) for name in names}, {}, ())


def coded(study: Study, name: str, index: int, code: str) -> Coding:
    u = study.transcripts[name].utterances[index]
    return Coding(Segment(name, u.start, u.end, study.transcripts[name].text[u.start : u.end]), code)


def test_counts_and_perfect_agreement() -> None:
    study = study_of("abc")
    units = [(name, index) for name in "abc" for index in range(1, 11)]
    codings = [coded(study, name, index, "makt") for name in "abc" for index in (1, 4)]
    makt, sprak, sets = agreement(study, codings, codings, units)
    assert (makt.code, makt.units, makt.first, makt.second, makt.both) == ("makt", 30, 6, 6, 6)
    assert (makt.agreed, makt.alpha, makt.interval) == (1.0, 1.0, (1.0, 1.0))
    assert (sprak.alpha, sprak.first) == (1.0, 0)
    assert (sets.code, sets.alpha, sets.interval) == ("", 1.0, None)


def test_disagreement_lowers_alpha_and_widens_the_interval() -> None:
    study = study_of("abcd")
    units = [(name, index) for name in "abcd" for index in range(1, 11)]
    first = [coded(study, name, index, "makt") for name in "abcd" for index in (1, 2, 3)]
    second = [
        coded(study, name, index, "makt") for name, index in zip("aabbccdd", (1, 2, 3, 4, 1, 2, 9, 10), strict=True)
    ]
    makt = agreement(study, first, second, units)[0]
    own = np.array(
        [(name, index) in {(c.segment.transcript, i) for c in first for i in (1, 2, 3)} for name, index in units]
    )
    assert own.sum() == makt.first == 12
    assert makt.interval is not None
    assert -1 < makt.interval[0] < makt.alpha < makt.interval[1] < 1


@given(words)
def test_no_units_say_so(name: str) -> None:
    with pytest.raises(DataError, match="ingen ytringer er kodet av begge"):
        agreement(study_of("a"), [], [], [])


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nltk.metrics.agreement", None)
    study = study_of("a")
    with pytest.raises(DataError, match=r"pip install 'autokode\[agreement\]'"):
        agreement(study, [coded(study, "a", 1, "makt")], [], [("a", 1), ("a", 2)])
