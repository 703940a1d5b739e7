"""The learner: what is held out is never seen, and few examples, definitions and uncoded texts are made the most of."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest

from autokode.corpus.codebook import Code, Codebook
from autokode.corpus.study import Examples
from autokode.model.linear_model import Model
from autokode.model.vectors import of_language
from autokode.training import fit, model_selection
from autokode.training.fit import Aids
from autokode.training.ridge_problem import Choice, Learnt, RidgeProblem
from model_case import logits, same_model

SAID = {
    "makt": ["Jeg sitter på pengene.", "Hun avgjør saken alene.", "Vedtaket er mitt.", "De bestemmer over lønna."],
    "språk": [
        "Vi unngår fremmedord.",
        "Brevet var umulig å lese.",
        "Jeg sier det med enkle ord.",
        "Ordene må forstås.",
    ],
    "": ["Det regnet i går.", "Bussen kom for seint.", "Vi spiste lunsj.", "Kaffen var kald."],
}
BOOK = Codebook("b", (Code("makt", definition="å bestemme over penger"), Code("språk", definition="ord og brev")))


def examples(times: int = 3) -> Examples:
    rows = [
        (f"{text} {i}", code, f"intervju {i}") for i in range(times) for code, texts in SAID.items() for text in texts
    ]
    texts, codes, groups = zip(*rows, strict=True)
    asked = ["Hvem bestemmer?" if code == "makt" else "Hvordan snakker dere?" for code in codes]
    return Examples(texts, asked, [[code] if code else [] for code in codes], groups)


def learnt(found: Examples, aids: Aids | None = None, codes: tuple[str, ...] = ("makt", "språk")) -> Model:
    return fit.train(found, codes, codebook=BOOK, lang="nb", seed=0, aids=aids)


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[Learnt]:
    """What is learnt while a test runs."""
    seen: list[Learnt] = []
    plain = model_selection.learn_scores

    def watched(problem: RidgeProblem, choice: Choice | None = None) -> Learnt:
        seen.append(plain(problem, choice))
        return seen[-1]

    monkeypatch.setattr(model_selection, "learn_scores", watched)
    return seen


def test_what_is_held_out_is_what_learning_without_it_says(seen: list[Learnt]) -> None:
    choice = Choice(question=0.5, shared=1.0, penalty=30.0)
    found = examples()
    learnt(found, Aids(choice=choice))
    (whole,) = seen
    rest = [i for i, group in enumerate(found.groups or []) if group != "intervju 1"]
    out = [i for i, group in enumerate(found.groups or []) if group == "intervju 1"]
    fewer = Examples(*([part[i] for i in rest] for part in (found.texts, found.contexts, found.codes, found.groups)))
    model = learnt(fewer, Aids(choice=choice))
    of_rest = logits(model, [found.texts[i] for i in out], [found.contexts[i] for i in out])
    for k in range(2):  # rarity and base rate are counted over all texts, so the ranking is nearly, not quite, the same
        assert np.corrcoef(whole.with_question[out, k], of_rest[:, k])[0, 1] > 0.99


def test_many_texts_are_learnt_from_in_another_way_with_the_same_result(monkeypatch: pytest.MonkeyPatch) -> None:
    found = examples()
    at_once = learnt(found)
    monkeypatch.setattr(model_selection, "MOST_AT_ONCE", 10)
    monkeypatch.setattr("autokode.training.ridge.TOLERANCE", 1e-9)
    iterated = learnt(found)
    np.testing.assert_allclose(
        logits(iterated, found.texts, found.contexts), logits(at_once, found.texts, found.contexts), atol=0.02
    )


class Letters:
    """Embeds a text as how often each letter is in it."""

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        return np.array([[text.count(letter) for letter in "aeiknorst"] for text in texts], np.float32)


def test_many_texts_with_an_encoder_in_the_score_too(monkeypatch: pytest.MonkeyPatch) -> None:
    found, aids = examples(), Aids(encoder=Letters(), in_score=True, choice=Choice(question=0.5, encoder=15.0))
    at_once = learnt(found, aids)
    monkeypatch.setattr(model_selection, "MOST_AT_ONCE", 10)
    monkeypatch.setattr("autokode.training.ridge.TOLERANCE", 1e-9)
    iterated = learnt(found, aids)
    assert at_once.encoder_weights.any()
    for name in ("encoder_weights", "weights", "bias"):
        np.testing.assert_allclose(getattr(iterated, name), getattr(at_once, name), atol=0.02)


def test_the_learning_curve_says_how_many_examples_each_share_has() -> None:
    points = learnt(examples(times=5)).manifest["curve"]["makt"]
    assert [count for count, _precision in points] == [4.0, 8.0, 16.0]  # of one, two and all four other interviews


def test_a_definition_alone_teaches_answers_and_questions() -> None:
    model = learnt(Examples([""], [""], [()], None), Aids(of_language("nb")))
    scores = logits(model, ["Hvem rår over penger her?", "Vi skrev et brev."], ["", ""])
    assert scores[0, 0] > scores[1, 0]
    assert scores[1, 1] > scores[0, 1]
    asked = logits(model, ["Ja.", "Ja."], ["Hvem bestemmer over penger?", "Hvilke ord bruker dere?"])
    assert asked[0, 0] > asked[1, 0]
    assert (1 / (1 + np.exp(-scores))).max() < 0.5  # nothing is coded yet, so nothing is sure


def test_uncoded_texts_say_how_much_scores_vary_but_teach_nothing_without_an_encoder() -> None:
    """What a model said of them itself taught nothing that held in other studies."""
    found, uncoded = examples(), ["penger i lommeboka", "lommeboka og penger", "ord på papir", "regn og vind"] * 5
    alone, beside = (learnt(found, Aids(unlabelled=own, unlabelled_contexts=[""] * len(own))) for own in ([], uncoded))
    assert beside.manifest["chosen"]["taught"] == 0.0
    assert not np.array_equal(alone.bias, beside.bias)


def test_a_definition_goes_on_counting_when_examples_come() -> None:
    """The word of the definition that no example has still speaks for its code."""
    model = learnt(examples(times=6), Aids(of_language("nb")))
    scores = logits(model, ["å bestemme", "regn og vind"], ["", ""])
    assert scores[0, 0] > scores[1, 0] + 0.5


def test_a_word_asked_counts_as_a_word_said() -> None:
    """Nobody was asked about power before, but it was spoken of."""
    found = examples()
    unasked = Examples(found.texts, ["Hva mener du?"] * len(found.texts), found.codes, found.groups)
    model = learnt(unasked)
    scores = logits(model, ["Det varierer."] * 2, ["Hva med vedtaket og pengene?", "Hva med været og bussen?"])
    assert scores[0, 0] > scores[1, 0] + 0.1


def test_what_is_usual_is_kept_unless_something_else_is_clearly_better(monkeypatch: pytest.MonkeyPatch) -> None:
    found = examples()
    monkeypatch.setattr(model_selection, "MARGIN", 100.0)
    usual = learnt(found).manifest["chosen"]
    assert (usual["question"], usual["shared"], usual["penalty"]) == (0.25, 0.5, 100.0)  # half, as there are no vectors
    monkeypatch.setattr(model_selection, "MARGIN", 0.0)
    better = learnt(found).manifest
    assert better["chosen"] != usual


def test_an_encoder_teaches_as_much_as_it_is_right() -> None:
    class Blind:
        """An encoder for tests: what it says has nothing to do with the texts."""

        def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
            return np.random.default_rng(0).standard_normal((len(texts), 8)).astype(np.float32)

    class Seer(Blind):
        def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
            kind = [next((i for i, own in enumerate(SAID.values()) if text[:-2] in own), 0) for text in texts]
            return np.eye(3, dtype=np.float32)[kind] + 0.01

    found = examples()
    chosen = []
    for encoder in (Blind(), Seer()):
        random = np.random.default_rng(1).permutation(len(found.texts)).tolist()
        mixed = Examples([found.texts[i] for i in random], [""] * len(random), [found.codes[i] for i in random], None)
        aids = Aids(unlabelled=found.texts, unlabelled_contexts=[""] * len(random), encoder=encoder)
        chosen.append(learnt(mixed, aids).manifest["chosen"]["teacher"])
    assert chosen == [0.0, model_selection.TEACHERS[-1]]


def test_the_question_counts_and_can_be_left_out() -> None:
    model = learnt(examples())
    asked, other, alone = logits(model, ["Ja."] * 3, ["Hvem bestemmer?", "Hvordan snakker dere?", ""])
    assert asked[0] > other[0]
    assert np.isfinite(alone).all()


@pytest.mark.parametrize("texts", [["", "", ""], ["…", "!", "—"]])
def test_texts_without_a_word_are_no_trouble(texts: list[str]) -> None:
    model = learnt(Examples(texts, [""] * 3, [["makt"], [], ["språk"]], None), Aids(of_language("nb")))
    assert np.isfinite(logits(model, ["ja"], [""])).all()


def test_the_same_data_give_the_same_model() -> None:
    assert same_model(*(learnt(examples(), Aids(of_language("nb"))) for _time in range(2)))


@pytest.mark.parametrize("taught", [0.0, 0.1])
def test_nothing_of_what_is_held_out_reaches_its_scores(taught: float, seen: list[Learnt]) -> None:
    """Codes swapped between two texts of an interview change no score of that interview, uncoded texts or not."""
    found = examples(times=model_selection.FEWEST_INTERVIEWS)
    swapped = list(found.codes)
    swapped[0], swapped[4] = swapped[4], swapped[0]
    for codes in (found.codes, swapped):
        uncoded = ["Hun bestemmer.", "Et brev.", "Det var kaldt.", "Pengene mine.", "Lønna di.", "Fremmedord."]
        aids = Aids(
            unlabelled=uncoded,
            unlabelled_contexts=[""] * len(uncoded),
            choice=Choice(question=1, penalty=30, taught=taught),
        )
        learnt(Examples(found.texts, found.contexts, codes, found.groups), aids)
    own = np.array([group == "intervju 0" for group in found.groups or []])
    np.testing.assert_allclose(seen[0].with_question[own], seen[1].with_question[own], atol=1e-9)
    np.testing.assert_allclose(seen[0].without_question[own], seen[1].without_question[own], atol=1e-9)
    assert not np.allclose(seen[0].with_question[~own], seen[1].with_question[~own], atol=1e-4)


def test_parts_are_whole_interviews() -> None:
    groups = [f"g{i % 13}" for i in range(60)]
    parts = model_selection.parts(60, groups)
    assert len(parts) == model_selection.MAX_FOLDS
    assert sorted(np.concatenate(parts).tolist()) == list(range(60))
    for group in set(groups):
        own = {number for number, part in enumerate(parts) for i in part if groups[i] == group}
        assert len(own) == 1
    few = model_selection.parts(60, ["a"] * 40 + ["b"] * 20)  # of few interviews, neighbouring answers
    assert len(few) == model_selection.MAX_FOLDS and few[0].tolist() == list(range(6))
    assert model_selection.parts(model_selection.MIN_TEXTS_TO_HOLD_OUT - 1, None) == []


def test_average_precision_is_scikit_learns() -> None:
    from sklearn.metrics import average_precision_score

    random = np.random.default_rng(0)
    truth, scores = random.random(200) < 0.2, random.random(200)
    assert model_selection.average_precision(truth, scores) == pytest.approx(average_precision_score(truth, scores))


def test_of_very_many_uncoded_texts_some_are_drawn_with_their_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_selection, "MOST_UNLABELLED", 3)
    numbers = [str(i) for i in range(10)]
    aids = Aids(unlabelled=[f"svar {i}" for i in numbers], unlabelled_contexts=[f"spurt {i}" for i in numbers])
    few = fit._fewer(aids, seed=0)
    assert len(few.unlabelled) == 3
    assert [text[5:] for text in few.unlabelled] == [question[6:] for question in few.unlabelled_contexts]
    assert few == fit._fewer(aids, seed=0) != fit._fewer(aids, seed=1)
    assert fit._fewer(few, seed=1) is few


def test_choices_are_made_on_some_texts_evenly_from_every_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_selection, "MOST_TO_CHOOSE_ON", 8)
    rows, places = model_selection._sample([np.arange(10), np.arange(10, 13)])
    assert rows.tolist() == [0, 3, 6, 9, 10, 11, 12]
    assert [place.tolist() for place in places] == [[0, 1, 2, 3], [4, 5, 6]]
