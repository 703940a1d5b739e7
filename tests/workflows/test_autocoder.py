"""The estimator: learns, explains, obeys scikit-learn's rules, and refuses what cannot be learnt from."""

import hashlib
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, GroupKFold, KFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, MultiLabelBinarizer

from autokode import AutoCoder, Codebook, DataError, autocoder, load_model
from autokode.base.errors import AutokodeWarning
from autokode.cli import run
from autokode.corpus.codebook import Code
from autokode.model import encoder
from autokode.training import model_selection
from conftest import speech

MONEY = ["vedtaket om penger", "de stanset pengene", "et vedtak om stans", "pengene kom ikke", "vedtaket ble klagd på"]
TALK = ["vi gikk tur og snakket", "en lang tur i skogen", "hen snakket på turen", "tur igjen", "snakket om turen"]
TEXTS = [text for pair in zip(MONEY, TALK, strict=True) for text in pair] * 2
CODES = [codes for _pair in MONEY for codes in (["makt"], ["relasjonsarbeid", "tur og prat"])] * 2
GROUPS = ["a"] * 4 + ["b"] * 6 + ["c"] * 4 + ["d"] * 6
BOOK = Codebook("b", (Code("makt", definition="penger og vedtak"), Code("språk", definition="ord og uttrykk i brev")))


@pytest.fixture(scope="module")
def coder() -> AutoCoder:
    return AutoCoder().fit(TEXTS, CODES, contexts=["Hvem bestemmer?", "Hva gjør dere?"] * 10, groups=GROUPS)


def test_it_learns_and_suggests(coder: AutoCoder) -> None:
    assert coder.codes_ == ["makt", "relasjonsarbeid", "tur og prat"]
    assert coder.predict(["stans av penger", "vi gikk en tur"]) == [("makt",), ("relasjonsarbeid", "tur og prat")]
    probabilities = coder.predict_proba(["stans av penger", "hurra"], ["Hvem bestemmer?", ""])
    assert (probabilities.dtype, probabilities.shape) == (np.float32, (2, 3))
    assert coder.score(TEXTS, CODES) == 1.0


def test_no_text_gives_no_rows_and_an_unknown_word_its_prior(coder: AutoCoder) -> None:
    assert coder.predict_proba([]).shape == (0, 3)
    assert coder.predict([]) == []
    empty, unknown, punctuation = coder.predict_proba(["", "漢字漢字漢字", "…"])
    np.testing.assert_array_equal(empty, unknown)
    np.testing.assert_array_equal(empty, punctuation)
    np.testing.assert_allclose(empty, 1 / (1 + np.exp(-coder.model_.bias_alone)), rtol=1e-6)


@given(text=speech, context=speech | st.just(""))
@settings(max_examples=30)
def test_an_explanation_sums_to_the_logit(coder: AutoCoder, text: str, context: str) -> None:
    probabilities = coder.predict_proba([text], [context])[0]
    for k, code in enumerate(coder.codes_):
        parts = coder.explain(text, code, context)
        total = sum(part.contribution for part in parts)
        assert 1 / (1 + np.exp(-total)) == pytest.approx(probabilities[k], abs=1e-6)
        assert parts[-1].token == "(prior)"
        assert all(text[part.start : part.end] == part.token for part in parts if part.token[0] != "(")


def test_words_that_were_learnt_speak_for_their_code(coder: AutoCoder) -> None:
    parts = {part.token: part.contribution for part in coder.explain("stans av penger", "makt")}
    assert parts["penger"] > 0.1 > abs(parts["av"])


def test_the_question_is_evidence(coder: AutoCoder) -> None:
    asked, other = coder.predict_proba(["ja"] * 2, ["Hvem bestemmer?", "Hva gjør dere?"])
    assert asked[0] > other[0]
    names = [part.token for part in coder.explain("ja", "makt", "Hvem bestemmer?")]
    assert names == ["ja", "(question)", "(prior)"]


def files_of(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_the_same_seed_and_data_give_the_same_bytes(coder: AutoCoder, tmp_path: Path) -> None:
    coder.save(tmp_path / "a")
    again = AutoCoder().fit(TEXTS, CODES, contexts=["Hvem bestemmer?", "Hva gjør dere?"] * 10, groups=GROUPS)
    again.save(tmp_path / "b")
    assert files_of(tmp_path / "a") == files_of(tmp_path / "b")
    other = AutoCoder().fit(TEXTS[2:], CODES[2:], groups=GROUPS[2:])
    other.save(tmp_path / "c")
    assert files_of(tmp_path / "a")["weights.npy"] != files_of(tmp_path / "c")["weights.npy"]


def test_it_is_a_scikit_learn_estimator() -> None:
    coder = AutoCoder(random_state=3)
    assert coder.get_params() == {
        "lang": "nb",
        "encoder": None,
        "encoder_use": "teach",
        "random_state": 3,
        "chosen": None,
        "teacher": None,
        "codes": None,
    }
    assert clone(coder.set_params(random_state=4)).random_state == 4
    with pytest.raises(NotFittedError, match="not fitted yet"):
        coder.predict(["ja"])


def test_cross_val_predict_pipelines_and_grid_search() -> None:
    said = cross_val_predict(AutoCoder(), TEXTS, CODES, cv=GroupKFold(4), groups=GROUPS)
    assert said.shape == (20,)
    assert said[0] == ("makt",)
    truth = MultiLabelBinarizer().fit_transform(CODES)
    probabilities = cross_val_predict(AutoCoder(), TEXTS, truth, cv=KFold(4), method="predict_proba")
    assert probabilities.shape == (20, 3)
    assert (probabilities[:, 0] > 0.5).tolist() == truth[:, 0].astype(bool).tolist()
    pipeline = make_pipeline(FunctionTransformer(lambda rows: [row.lower() for row in rows]), AutoCoder())
    assert pipeline.fit(TEXTS, CODES).predict(["STANS AV PENGER"]) == [("makt",)]
    search = GridSearchCV(AutoCoder(), {"random_state": [0, 1]}, cv=KFold(2)).fit(TEXTS, CODES)
    assert search.best_score_ > 0.9


def test_a_code_without_examples_is_learnt_from_its_definition() -> None:
    texts, codes = MONEY + TALK, [["makt"]] * 5 + [[]] * 5
    with pytest.warns(AutokodeWarning, match="uten eksempler, foreslås bare ut fra definisjonen: språk"):
        coder = AutoCoder().fit(texts, codes, codebook=BOOK)
    assert coder.codes_ == ["makt", "språk"]
    letter, walk = coder.predict_proba(["ordene i brevet", "en tur i skogen"])[:, 1]
    assert letter > walk


def test_a_single_example_is_learnt_from_and_announced() -> None:
    with pytest.warns(AutokodeWarning, match="bare ett eksempel, forslagene er usikre: makt"):
        coder = AutoCoder().fit(["penger", *TALK], [["makt"], *[["tur"]] * 5])
    assert coder.predict_proba(["pengene"])[0, 0] > coder.predict_proba(["turen"])[0, 0]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"texts": ["a", "b"], "codes": [["x"]]}, "listene er ikke like lange: texts 2, codes 1"),
        (
            {"texts": ["a"], "codes": [["x"]], "contexts": []},
            "listene er ikke like lange: texts 1, codes 1, contexts 0",
        ),
        ({"texts": ["a"], "codes": [["x"]], "groups": ["g", "h"]}, "texts 1, codes 1, groups 2"),
        ({"texts": [], "codes": []}, "ingen tekster å lære av"),
        ({"texts": ["a", "b"], "codes": [[], []]}, "ingen av tekstene har en kode"),
        ({"texts": ["a"], "codes": ["x"]}, "codes, rad 1: fant str, ventet en samling kodenavn"),
        ({"texts": "a", "codes": [["x"]]}, "texts er én tekst .str.; ventet en liste"),
        ({"texts": [1], "codes": [["x"]]}, "texts, rad 1: fant int, ventet str"),
        (
            {"texts": ["a"], "codes": [["tur"]], "codebook": BOOK},
            "ikke kodbare koder i kodeboken: tur\nPrøv: makt, språk",
        ),
    ],
)
def test_what_cannot_be_learnt_from_is_refused_in_plain_words(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(DataError, match=message):
        AutoCoder().fit(**arguments)  # type: ignore[arg-type]


def test_wrong_questions_to_a_model_are_answered_in_plain_words(coder: AutoCoder, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="modellen har ikke koden «mat»"):
        coder.explain("ja", "mat")
    with pytest.raises(DataError, match="2 tekster, men 1 spørsmål"):
        coder.predict_proba(["ja", "nei"], ["hva?"])
    with pytest.raises(DataError, match="er ingen modellmappe"):
        load_model("finnes-ikke")
    with pytest.raises(DataError, match="ventet «teach» eller «score»"):
        AutoCoder(encoder_use="lær").fit(TEXTS, CODES)
    with pytest.raises(DataError, match="må ha et navn"):
        AutoCoder(encoder=Hashed(), encoder_use="score").fit(TEXTS, CODES)
    with pytest.raises(DataError, match="rejected har 1 rader"):
        AutoCoder().fit(TEXTS, CODES, rejected=[[]])
    for wrong in ({}, {"precision": 0.8, "recall": 0.9}, {"precision": 80.0}):
        with pytest.raises(DataError, match="ventet ett løfte"):
            coder.limits(**wrong)


def test_a_promise_between_two_steps_is_held_to_the_stricter(coder: AutoCoder) -> None:
    np.testing.assert_array_equal(coder.limits(precision=0.62), coder.limits(precision=0.65))
    np.testing.assert_array_equal(
        coder.limits(recall=0.6), np.where((own := coder.model_.limits[1, 11]) > 1, np.inf, own)
    )


class Hashed:
    """An encoder for tests: a bag of words, hashed."""

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        rows = np.zeros((len(texts), 32), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.lower().split():
                row[zlib.crc32(word.strip(".,").encode()) % 32] += 1
        return rows


def test_a_rejected_code_sinks_and_takes_the_like_with_it() -> None:
    texts = ["Hun bestemmer over pengene.", "Han bestemmer over lønna.", "Vi tok en kaffe.", "Det regnet i går."] * 3
    codes = [["makt"], [], [], []] * 3
    rejected = [[], ["makt"], [], []] * 3
    plain, told = AutoCoder().fit(texts, codes), AutoCoder().fit(texts, codes, rejected=rejected)
    like, given = "De bestemmer over lønna vår.", texts[0]

    def apart(coder: AutoCoder) -> float:
        own, other = (sum(part.contribution for part in coder.explain(text, "makt")) for text in (given, like))
        return own - other

    assert apart(told) > apart(plain)


def test_uncoded_texts_of_the_study_set_the_scale_of_its_scores() -> None:
    """Over all answers, coded or not, probabilities sum to as many codes an answer as the coded ones have."""
    other = ["Det regnet i går.", "Bussen kom for seint.", "Vi spiste lunsj.", "Kaffen var kald."] * 10
    coder = AutoCoder().fit(TEXTS, CODES, groups=GROUPS, unlabelled=other)
    assert coder.model_.manifest["data"]["uncoded_used"] == 40
    assert coder.predict_proba([*TEXTS, *other]).sum(axis=1).mean() == pytest.approx((30 + 8) / (20 + 10), rel=0.1)


def test_an_encoder_teaches_and_is_not_needed_to_score() -> None:
    teacher = Hashed()
    taught = AutoCoder(encoder=teacher).fit(TEXTS, CODES, unlabelled=["Hun stoler på oss.", "Vi har ikke råd."])
    assert len(taught.model_.encoder_weights) == 0
    teacher.encode = None  # type: ignore[assignment,method-assign]
    assert np.isfinite(taught.predict_proba(TEXTS)).all()


def test_an_encoder_in_the_score_is_a_part_of_the_explanation(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(encoder, "of", lambda name: Hashed() if name else None)
    monkeypatch.setattr(autocoder, "encoder_of", lambda name: Hashed() if name else None)
    monkeypatch.setattr(model_selection, "ENCODERS", (15.0,))
    coder = AutoCoder(encoder="liten", encoder_use="score").fit(TEXTS, CODES)
    coder.save(tmp_path / "modell")
    again = load_model(tmp_path / "modell")
    np.testing.assert_array_equal(again.predict_proba(TEXTS), coder.predict_proba(TEXTS))
    parts = again.explain(TEXTS[0], again.codes_[0])
    assert "(encoder)" in [part.token for part in parts]
    logit = sum(part.contribution for part in parts)
    assert 1 / (1 + np.exp(-logit)) == pytest.approx(again.predict_proba(TEXTS[:1])[0, 0], abs=1e-5)
    with pytest.raises(DataError, match="trenger enkoderen for hver tekst"):
        again.scorer()
    (tmp_path / "a.csv").write_text("text\nja\n", encoding="utf-8")
    for out in ("ut.csv", "ut/"):
        asked = [
            "score",
            str(tmp_path / "a.csv"),
            "--model",
            str(tmp_path / "modell"),
            "--out",
            str(tmp_path) + "/" + out,
        ]
        assert run(asked) == 2
        assert "trenger enkoderen for hver tekst" in capsys.readouterr().err


@pytest.mark.filterwarnings("ignore::autokode.base.errors.AutokodeWarning")
def test_an_unused_code_and_what_was_chosen_before_leave_the_choice_alone() -> None:
    book = Codebook("", tuple(Code(name) for name in ("makt", "relasjonsarbeid", "tur og prat")))
    more = Codebook("", (*book.codes, Code("aldri brukt")))
    coder = AutoCoder().fit(TEXTS, CODES, groups=GROUPS, codebook=book)
    chosen = coder.model_.manifest["chosen"]
    assert AutoCoder().fit(TEXTS, CODES, groups=GROUPS, codebook=more).model_.manifest["chosen"] == chosen
    coder.fit(TEXTS[:4], CODES[:4])
    assert coder.fit(TEXTS, CODES, groups=GROUPS, codebook=book).model_.manifest["chosen"] == chosen


@pytest.mark.parametrize("said", ["Ja, ikke sant.", "Mm.", "Nei, det er jeg enig i.", "", "Ja, akkurat, ja."])
def test_an_answer_that_only_agrees_is_suggested_nothing(said: str) -> None:
    asked = "Hvem bestemmer, og hvem har makt?"
    coder = AutoCoder().fit([*TEXTS, said], [*CODES, ["makt"]], contexts=[asked] * 21)
    assert coder.predict([said], [asked]) == [()]
    assert coder.predict([TEXTS[0]], [asked]) != [()]


def test_more_precision_suggests_less_and_less_precision_no_less_than_usual() -> None:
    coder = AutoCoder().fit(TEXTS, CODES, groups=GROUPS)
    counts = [sum(map(len, coder.predict(TEXTS, precision=p))) for p in (0.1, 0.35, None, 0.65, 0.9)]
    assert counts == sorted(counts, reverse=True) and counts[2] > 0
    with pytest.raises(DataError, match="ventet ett løfte"):
        coder.predict(TEXTS, precision=1.5)


@pytest.mark.filterwarnings("ignore::autokode.base.errors.AutokodeWarning")
def test_a_code_is_known_by_its_own_name_before_anything_is_coded_with_it() -> None:
    """In the answer and in the question it answers; and by its keywords and anchor examples."""
    book = Codebook(
        "",
        (
            Code("ensomhet", keywords=("alene", "savner noen")),
            Code("økonomi", examples=("Regningene hoper seg opp.",)),
            Code("makt"),
            Code("relasjonsarbeid"),
            Code("tur og prat"),
        ),
    )
    coder = AutoCoder().fit(TEXTS, CODES, groups=GROUPS, codebook=book)
    wanted = {
        "Ensomheten er det verste, altså.": "ensomhet",
        "Jeg er så mye alene her.": "ensomhet",
        "Det er regningene som kommer.": "økonomi",
        "Økonomien er dårlig.": "økonomi",
    }
    found = coder.predict_proba(list(wanted))
    assert [coder.codes_[k] for k in found.argmax(axis=1)] == list(wanted.values())
    asked = coder.predict_proba(["Det varierer veldig."] * 2, ["Hva tenker du om økonomi?", "Hva med ensomhet?"])
    k = coder.codes_.index("økonomi")
    assert asked[0, k] > asked[1, k]
