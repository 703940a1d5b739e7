"""The first hour of a new study: from the first codings on suggestions are few and right, on studies nobody tuned to."""

import json
from typing import Any

import numpy as np
import pytest

from autokode.base.errors import AutokodeWarning
from autokode.nlp.content_words import says_nothing


@pytest.fixture(scope="module")
def bench() -> Any:
    from benchmarks import first_hour

    return first_hour


@pytest.mark.parametrize(("name", "size"), [("home care", 24), ("sports clubs", 24), ("academics, English", 50)])
def test_what_is_shown_is_right_every_second_time_and_a_third_of_what_is_true_is_shown(
    bench: Any, name: str, size: int
) -> None:
    ours = [row for draw in range(2) for row in bench.measured(name, draw, size) if row["system"] == "autokode"]
    shown, right, true = (sum(row[field] for row in ours) for field in ("shown", "right", "true"))
    assert right / shown >= 0.5
    assert true / 3 <= shown <= true


@pytest.mark.filterwarnings("ignore::autokode.base.errors.AutokodeWarning")
def test_short_agreement_gets_nothing_and_no_answer_gets_more_than_is_likely(bench: Any) -> None:
    examples, book, lang = bench.MEASURED["home care"][0](0)
    coded, left = bench.sets.picked(examples, range(24)), bench.sets.picked(examples, range(24, len(examples.texts)))
    codes = list(book.codable)
    _scores, said = bench.autokode(coded, left, codes, book, lang)
    silent = [says_nothing(text) for text in left.texts]
    assert sum(silent) > 2 and not said[silent].any()
    assert said.sum(axis=1).max() <= max(len(own) for own in coded.codes) + 1
    assert said.sum(axis=0).max() < len(left.texts) / 2  # no code on everything


def test_the_order_of_the_first_codings_and_unused_codes_leave_suggestions_much_the_same(bench: Any) -> None:
    """A code that nobody uses must neither add suggestions of other codes nor suppress them."""
    from autokode.corpus.codebook import Code, Codebook

    examples, book, lang = bench.MEASURED["home care"][0](1)
    coded, left = bench.sets.picked(examples, range(40)), bench.sets.picked(examples, range(40, len(examples.texts)))
    codes = list(book.codable)
    more = Codebook(book.name, (*book.codes, Code("helt ubrukt", definition="Noe om hvaler og havet.")), book.language)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("warnings.warn", lambda *_args, **_more: None)
        first = bench.autokode(coded, left, codes, book, lang)[1]
        second = bench.autokode(coded, left, [*codes, "helt ubrukt"], more, lang)[1]
    assert second[:, -1].sum() < len(left.texts) / 25
    assert (first != second[:, :-1]).sum() <= 0.2 * first.sum()
    assert issubclass(AutokodeWarning, Warning) and np.isfinite(first).all()


def test_the_table_in_the_documents_is_that_of_the_results(bench: Any) -> None:
    from benchmarks.generated import filled

    rows = json.loads(bench.OUT.read_text(encoding="utf-8"))
    written = bench.PAGE.read_text(encoding="utf-8")
    assert filled(written, bench.shown_here(rows)) == written
    assert {row["study"] for row in rows} == set(bench.MEASURED)
    assert {row["system"] for row in rows} == {"autokode", "baseline", "baseline, best in hindsight"}
