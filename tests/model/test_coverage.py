"""How much of a text a model knows, and who is told where that is next to nothing."""

import warnings

import numpy as np
import pytest

from autokode import AutoCoder, Transcript, load_model, suggest
from autokode.base.errors import AutokodeWarning
from autokode.corpus.utterance import Utterance
from autokode.model.coverage import LITTLE, told_of

OF_WORK = "Brukeren fikk tolk, og arbeidsgiveren ville bli kjent med kandidaten."
FOREIGN = "Hyvää päivää kaikille ystäville, kuinka voitte tänään"
NOTHING = "Ja, ikke sant."


@pytest.fixture(scope="module")
def coder() -> AutoCoder:
    return load_model("nav-nb")


def spoken(*said: str) -> Transcript:
    text, turns = "", []
    for one in said:
        turns.append(Utterance("Ida", len(text), len(text) + len(one), one))
        text += one + "\n"
    return Transcript("møte", text, tuple(turns))


def test_it_is_the_share_of_the_words_of_content_that_it_knows(coder: AutoCoder) -> None:
    found = coder.coverage([OF_WORK, FOREIGN, NOTHING, "", "tolk xqztv"])
    assert found.dtype == np.float64
    assert found[0] == 1 and found[1] == 0 and np.isnan(found[2:4]).all() and found[4] == 0.5
    assert coder.coverage([]).shape == (0,)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AutokodeWarning)
        learnt = AutoCoder(lang="sv").fit(["tolken kom", "ingen vet"], [["språk"], []])
    assert learnt.coverage(["tolken sprang"])[0] == 0.5  # a word of the examples, and one of none


def test_an_explanation_says_it(coder: AutoCoder) -> None:
    known, foreign = coder.explain(OF_WORK, "språk"), coder.explain(FOREIGN, "språk")
    assert (known.coverage, known.is_guess, foreign.coverage, foreign.is_guess) == (1, False, 0, True)
    assert not coder.explain(NOTHING, "språk").is_guess
    assert foreign[-1].token == "(prior)"


def test_predictions_say_it(coder: AutoCoder) -> None:
    with pytest.warns(AutokodeWarning, match="nesten ingen av ordene i 1 av 2 svar"):
        coder.predict([OF_WORK, FOREIGN])
    with pytest.warns(AutokodeWarning, match="nesten ingen av ordene i 2 av 3 svar"):
        suggest(coder, spoken(FOREIGN, OF_WORK, FOREIGN))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        coder.predict([OF_WORK] * 19 + [FOREIGN])  # one of twenty is as usual
        coder.predict([NOTHING, ""])
        coder.predict([])


def test_few_are_not_worth_saying() -> None:
    assert told_of(np.array([LITTLE] * 1 + [1.0] * 9)) != ""
    assert told_of(np.array([LITTLE] * 1 + [1.0] * 10)) == ""
    assert told_of(np.array([])) == told_of(np.array([np.nan])) == ""
