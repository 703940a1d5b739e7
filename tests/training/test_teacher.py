"""A teacher: measured before it teaches, learnt from code by code, and left out wherever it does no good."""

import copy
from collections.abc import Sequence
from zlib import crc32

import numpy as np
import pytest

from autokode import AutoCoder
from autokode.base.errors import AutokodeWarning, DataError
from autokode.base.messages import reading_in
from autokode.training import taught_codes
from autokode.training.teacher import BY_CHANCE, Measured, Said, spread
from autokode.training.teacher_report import name_of_teacher, sentence
from teacher_case import BOOK, Stub, codes_of, examples

CODED, UNCODED = examples(2), examples(8, first=2)


def learnt(teacher: Stub | None, **changes: object) -> AutoCoder:
    given = {"unlabelled": UNCODED.texts, "unlabelled_contexts": UNCODED.contexts, "codebook": BOOK, **changes}
    return AutoCoder(teacher=teacher).fit(**CODED.for_fit(), **given)  # type: ignore[arg-type]


def said_of(coder: AutoCoder) -> np.ndarray:
    return coder.predict_proba(UNCODED.texts, UNCODED.contexts)


def test_a_good_teacher_is_learnt_from() -> None:
    teacher = Stub(codes_of)
    report = learnt(teacher).model_.manifest["teacher"]
    assert (report["name"], report["why_unused"], report["unanswered"]) == ("stubben", "", 0)
    assert report["kappas"] == {"makt": 1.0, "språk": 1.0} and report["weights"] == {"makt": 1.0, "språk": 1.0}
    assert report["measured"] == len(CODED.texts) and report["taught"] == len(UNCODED.texts)
    assert teacher.asked == [*CODED.texts, *UNCODED.texts]  # measured first


def test_what_it_teaches_is_learnt() -> None:
    def of_snow(text: str) -> list[str]:  # a word that no coded text has
        return ["makt"] if "snøen" in text else codes_of(text)

    new = [f"{text} Og snøen." if i % 15 == 4 else text for i, text in enumerate(UNCODED.texts)]
    plain, taught = (learnt(teacher, unlabelled=new) for teacher in (None, Stub(of_snow)))
    with_snow, without = ["Det var snøen den gangen."], ["Det var sola den gangen."]
    of = [float(coder.predict_proba(texts)[0, 0]) for coder in (plain, taught) for texts in (with_snow, without)]
    assert of[2] - of[3] > of[0] - of[1] + 0.05


@pytest.mark.parametrize(
    "answer",
    [
        lambda _text: ["makt", "språk"],
        lambda _text: [],
        lambda text: [code for code in ("makt", "språk") if code not in codes_of(text)],
        lambda text: ["makt"] if crc32(text.encode()) % 2 else ["språk"],
    ],
    ids=["all", "none", "turned round", "anything"],
)
def test_a_teacher_no_better_than_chance_changes_not_one_bit(answer: object) -> None:
    teacher = Stub(answer)  # type: ignore[arg-type]
    with pytest.warns(AutokodeWarning, match="ikke brukt: målt på 30 svar"):
        taught = learnt(teacher)
    assert teacher.asked == list(CODED.texts)  # and it gets to see nothing else
    assert taught.model_.manifest["teacher"]["why_unused"] == "chance"
    np.testing.assert_array_equal(said_of(taught), said_of(learnt(None)))


def test_a_code_it_does_not_know_keeps_its_scores() -> None:
    taught = learnt(Stub(lambda text: [code for code in codes_of(text) if code == "makt"]))
    plain = learnt(None)
    assert list(taught.model_.manifest["teacher"]["weights"]) == ["makt"]
    columns = [plain.model_.weights[:, k] for k in range(2)], [taught.model_.weights[:, k] for k in range(2)]
    ratio = columns[1][1][columns[0][1] != 0] / columns[0][1][columns[0][1] != 0]
    assert ratio.std() < 0.02 * abs(ratio.mean())  # the same scores, on a scale that all codes share
    assert not np.allclose(columns[0][0], columns[1][0], atol=1e-3)


def test_a_teacher_that_is_right_only_where_a_person_was_is_found_out_on_what_is_held_out() -> None:
    def two_faced(text: str) -> list[str]:
        right = codes_of(text)
        return right if text in CODED.texts else [{"makt": "språk", "språk": "makt"}[code] for code in right]

    with pytest.warns(AutokodeWarning, match="rangert dårligere"):
        taught = learnt(Stub(two_faced))
    assert taught.model_.manifest["teacher"]["why_unused"] == "worse"
    np.testing.assert_array_equal(said_of(taught), said_of(learnt(None)))


def test_what_is_held_out_decides_nothing_about_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[set[int]] = []
    plain = Measured.of

    def watched(said: Said, labels: np.ndarray, base: np.ndarray) -> Measured:
        seen.append(set(said.rows.tolist()))
        return plain(said, labels, base)

    monkeypatch.setattr(taught_codes.Measured, "of", watched)
    learnt(Stub(codes_of))
    every = set(range(len(CODED.texts)))
    folds = [every - rows for rows in seen if rows != every]
    assert set().union(*folds) == every and sum(map(len, folds)) == len(every)


def test_answers_that_cannot_be_used_are_left_out_and_counted() -> None:
    report = learnt(Stub(lambda text: None if "bussen" in text else codes_of(text))).model_.manifest["teacher"]
    dumb = sum("bussen" in text for text in [*CODED.texts, *UNCODED.texts])
    assert report["unanswered"] == dumb > 0
    assert report["measured"] + report["taught"] == len(CODED.texts) + len(UNCODED.texts) - dumb
    assert f"{dumb} av svarene" in sentence(report)


@pytest.mark.parametrize(
    ("changes", "why"),
    [({"unlabelled": None, "unlabelled_contexts": None}, "uncoded"), ({"few": True}, "few"), ({"many": True}, "many")],
)
def test_a_teacher_that_cannot_be_measured_is_not_asked(
    changes: dict[str, object], why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    teacher, own = Stub(codes_of), {"unlabelled": UNCODED.texts, **changes}
    if own.pop("many", False):
        monkeypatch.setattr("autokode.training.model_selection.MOST_AT_ONCE", 10)
    coded = CODED.at(range(6)) if own.pop("few", False) else CODED
    own.pop("unlabelled_contexts", None)
    with pytest.warns(AutokodeWarning, match="er ikke brukt"):
        coder = AutoCoder(teacher=teacher).fit(**coded.for_fit(), codebook=BOOK, **own)  # type: ignore[arg-type]
    assert teacher.asked == [] and coder.model_.manifest["teacher"]["why_unused"] == why


def test_without_a_teacher_a_model_says_nothing_of_one() -> None:
    assert "teacher" not in learnt(None).model_.manifest
    assert AutoCoder().teacher is None


def test_the_same_teacher_gives_the_same_model() -> None:
    first, second = learnt(Stub(codes_of)), learnt(Stub(codes_of))
    np.testing.assert_array_equal(first.model_.weights, second.model_.weights)
    assert first.model_.manifest == second.model_.manifest


def test_scikit_learn_can_copy_a_coder_with_a_teacher() -> None:
    from sklearn.base import clone

    assert clone(AutoCoder(teacher=Stub(codes_of))).teacher.name == "stubben"  # type: ignore[union-attr]
    assert copy.deepcopy(learnt(Stub(codes_of))).codes_ == ["makt", "språk"]


class Wrong(Stub):
    def code(self, texts: Sequence[str], *_rest: object) -> list[list[str]]:  # type: ignore[override]
        return [["tull"]] * (len(texts) - 1 if self.name == "for få" else len(texts))


@pytest.mark.parametrize(
    ("teacher", "book", "message"),
    [
        (Wrong(codes_of, "for få"), BOOK, "ga 29 svar på 30 tekster"),
        (Wrong(codes_of), BOOK, "kodeboken ikke har: tull"),
        ("http://localhost", BOOK, "teacher er str"),
        (Stub(codes_of), None, "koder etter en kodebok"),
    ],
)
def test_a_teacher_that_cannot_be_used_is_an_error_that_says_so(teacher: object, book: object, message: str) -> None:
    with pytest.raises(DataError, match=message):
        learnt(teacher, codebook=book)  # type: ignore[arg-type]


def test_agreement_is_measured_as_cohen_did_and_chance_as_fisher_did() -> None:
    labels = np.array([[1]] * 10 + [[0]] * 30, np.bool_)
    said = labels.copy()
    said[:3], said[10:12] = False, True  # seven of ten found, two of thirty wrong
    found = Measured.of(Said(np.arange(40), said, 40), labels, labels.mean(axis=0))
    assert found.kappas[0] == pytest.approx(
        (0.875 - (0.25 * 0.225 + 0.75 * 0.775)) / (1 - (0.25 * 0.225 + 0.75 * 0.775))
    )
    assert found.weights[0] == 0.6
    assert found.if_given[0] == pytest.approx((7 + 2 * 0.25) / 11 - 0.25)
    assert found.if_not[0] == pytest.approx((3 + 2 * 0.25) / 33 - 0.25)
    from scipy.stats import fisher_exact

    for hits in range(11):  # the border lies where Fisher's exact test has it
        one = np.zeros((40, 1), np.bool_)
        one[:hits], one[10 : 20 - hits + 10] = True, True
        weight = Measured.of(Said(np.arange(40), one, 40), labels, labels.mean(axis=0)).weights[0]
        table = [[hits, 10 - hits], [int(one[10:].sum()), 30 - int(one[10:].sum())]]
        assert not (weight and fisher_exact(table, "greater").pvalue > BY_CHANCE)


def test_texts_to_measure_on_are_spread_evenly() -> None:
    assert spread(5, 10).tolist() == [0, 1, 2, 3, 4]
    assert len(spread(1000, 200)) == 200 and spread(1000, 200)[[0, -1]].tolist() == [0, 999]


def test_a_sentence_says_what_came_of_it() -> None:
    manifest = learnt(Stub(codes_of)).model_.manifest
    assert name_of_teacher(manifest) == "stubben"
    assert "målt på 30 svar" in sentence(manifest["teacher"]) and "kappa 1,00–1,00" in sentence(manifest["teacher"])
    with reading_in("en"):
        assert "first measured on 30 answers" in sentence(manifest["teacher"])
    assert name_of_teacher({}) == name_of_teacher({"teacher": {"name": "x", "why_unused": "chance"}}) == ""
    assert name_of_teacher({"teacher": 3}) == ""
