"""A text has the same probabilities, bit for bit, whatever was scored with it or before it, and by whichever scorer."""

import hashlib
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from random import Random
from threading import Barrier

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_scorer import WORDS, messy, model_of

from autokode import AutoCoder, load_model, read_transcript
from autokode.model.features import normal_form
from autokode.model.linear_model import Model
from autokode.nlp.tokenizer import MAX_CHUNK
from autokode.scoring.engine.compiled import CompiledScorer
from autokode.scoring.engine.layout import EXACT_ROWS, LANES
from autokode.scoring.engine.logistic import logistic
from autokode.scoring.engine.object_cache import call, is_kept
from autokode.scoring.engine.reference import ReferenceScorer
from autokode.scoring.engine.scorer import Texts
from autokode.scoring.engine.scorer_choice import COMPILED_FROM
from conftest import ROOT

SIZES = [1, 2, 31, 32, 127, 128, 129, 1000]


def answers() -> tuple[list[str], list[str]]:
    """The answers of an interview with their questions, hard cases among them, until there are 1,000."""
    transcript = read_transcript(ROOT / "training_data" / "kontor_c.vtt")
    said = [transcript.utterances[i] for i in transcript.answers]
    texts = ["", " ", "\u3000", *WORDS, "(:D/a €( :D/a", "Anne: x.漢", "a" * (MAX_CHUNK + 1), "ja " * 1000]
    questions = [transcript.question_of(one) for one in said] + ["", " ", "Hva gjør du?"]
    texts += [one.text for one in said] + [" ".join(WORDS[i:] + WORDS[:i]) for i in range(len(WORDS))]
    return [texts[i % len(texts)] for i in range(1000)], [questions[i % len(questions)] for i in range(1000)]


TEXTS, QUESTIONS = answers()


def fresh() -> AutoCoder:
    return load_model("nav-nb")


@pytest.fixture(scope="module", autouse=True)
def kept_core() -> None:
    """Let this machine have the compiled core."""
    CompiledScorer(fresh().model_).probabilities(Texts.of(["ja"]))
    assert is_kept()


@pytest.fixture(scope="module", params=["questions", "no questions"])
def case(request: pytest.FixtureRequest) -> tuple[list[str] | None, bytes]:
    """The questions, or None, and the bytes of what the reference says, each text scored by itself."""
    questions = QUESTIONS if request.param == "questions" else None
    rows = [fresh_row(i, questions) for i in range(len(TEXTS))]
    return questions, b"".join(rows)


REFERENCE = ReferenceScorer(fresh().model_)


def fresh_row(i: int, questions: list[str] | None) -> bytes:
    own = None if questions is None else Texts.of([questions[i]])
    return REFERENCE.probabilities(Texts.of([TEXTS[i]]), own).tobytes()


Case = tuple[list[str] | None, bytes]


def in_parts(coder: AutoCoder, size: int, questions: list[str] | None) -> bytes:
    parts = [slice(i, i + size) for i in range(0, len(TEXTS), size)]
    return b"".join(coder.predict_proba(TEXTS[p], questions and questions[p]).tobytes() for p in parts)


@pytest.mark.parametrize("size", SIZES)
def test_the_number_of_texts_changes_no_bit(case: Case, size: int) -> None:
    questions, expected = case
    assert in_parts(fresh(), size, questions) == expected


@pytest.mark.parametrize("size", SIZES)
def test_what_was_scored_before_changes_no_bit(case: Case, size: int) -> None:
    questions, expected = case
    coder = fresh()
    coder.predict_proba([" ".join(f"ord{i}{k}" for k in range(50)) for i in range(200)])  # now it has a score table
    assert coder._scorers()._compiled is not None
    assert in_parts(coder, size, questions) == expected
    assert in_parts(coder, size, questions) == expected


def test_a_table_that_began_anew_and_threads_change_no_bit(case: Case) -> None:
    questions, expected = case
    scorer = CompiledScorer(fresh().model_, memory=1)
    own = None if questions is None else Texts.of(questions)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: scorer.probabilities(Texts.of(TEXTS), own).tobytes(), range(8)))
    assert set(found) == {expected}


def test_the_order_of_texts_changes_no_bit(case: Case) -> None:
    questions, expected = case
    whole = np.frombuffer(expected, np.float32).reshape(len(TEXTS), -1)
    for order in (np.arange(len(TEXTS))[::-1], np.random.default_rng(0).permutation(len(TEXTS))):
        mixed = [TEXTS[i] for i in order]
        own = None if questions is None else [questions[i] for i in order]
        assert fresh().predict_proba(mixed, own).tobytes() == whole[order].tobytes()


SCORE = """
import sys, test_same_bits as t
coder = t.fresh()
found = [coder.predict_proba(t.TEXTS[:n], t.QUESTIONS[:n]).tobytes() for n in (1, 31, 1000)]
assert found[2].startswith(found[1]) and found[1].startswith(found[0])
print(coder._scorers()._compiled is not None, t.hashlib.sha256(found[2]).hexdigest())
"""


@pytest.mark.parametrize("full", [False, True])
def test_what_the_machine_has_kept_changes_no_bit(full: bool, tmp_path: Path) -> None:
    assert sum(map(len, TEXTS)) >= COMPILED_FROM
    environment = os.environ | ({} if full else {"AUTOKODE_CACHE": str(tmp_path)})
    environment["PYTHONPATH"] = os.pathsep.join(sys.path)
    ran = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", SCORE], env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    expected = CompiledScorer(fresh().model_).probabilities(Texts.of(TEXTS), Texts.of(QUESTIONS))
    assert ran.stdout.split() == [str(full), hashlib.sha256(expected.tobytes()).hexdigest()]


@given(
    st.lists(st.tuples(messy, messy | st.just("")), max_size=5),
    st.sampled_from([1, 7, 8, 13, 21, 24, 30, 33]),
    st.sampled_from(["nb", "nn", "en", "es", "zh"]),
)
def test_both_scorers_give_any_text_the_same_bits(pairs: list[tuple[str, str]], codes: int, lang: str) -> None:
    texts, questions = [text for text, _ in pairs], [question for _, question in pairs]
    same_bits(model_of(texts + questions, codes, lang=lang), texts, questions)


def same_bits(model: Model, texts: list[str], questions: list[str]) -> None:
    for own in (None, Texts.of(questions)):
        slow = ReferenceScorer(model).probabilities(Texts.of(texts), own)
        fast = CompiledScorer(model, memory=1 << 20).probabilities(Texts.of(texts), own)
        assert slow.tobytes() == fast.tobytes()


@pytest.mark.parametrize("size", [EXACT_ROWS - 1, EXACT_ROWS, EXACT_ROWS + 1, 2 * EXACT_ROWS + 1])
def test_sums_of_more_rows_than_are_added_in_float32_have_the_same_bits(size: int) -> None:
    word = "".join(chr(ord("a") + i * i % 26) for i in range(size // 3 + 1))
    assert normal_form(word) == word
    texts = [word, " ".join(WORDS * size)[: 40 * size], " ".join(["ja"] * size + ["nei"])]
    model = model_of(texts)
    same_bits(model, texts, texts[::-1])
    same_bits(replace(model, weights=model.weights * np.float32(1e-30)), texts, texts[::-1])


def test_the_compiled_logistic_function_has_the_bits_of_the_one_in_numpy() -> None:
    random = np.random.default_rng(0)
    spread = [random.normal(0, scale, 1 << 17) for scale in (1e-3, 1.0, 5.0, 40.0, 1e30)]
    edges = [
        0.0,
        -0.0,
        np.inf,
        -np.inf,
        np.nan,
        87.3365,
        87.3366,
        -87.3366,
        1e-45,
        *np.arange(-100, 100) * np.log(2) / 2,
    ]
    logits = np.concatenate([*spread, np.resize(edges, 1 << 9)]).astype(np.float32)
    sums, none = logits.copy(), np.zeros(LANES, np.float32)
    asked = np.zeros(len(logits) // LANES, np.uint8)
    call("finish", sums, sums, asked, none, none, LANES, np.empty(LANES, np.float32), sums)
    assert sums.tobytes() == logistic(logits + np.float32(0)).tobytes()


@pytest.mark.slow
def test_threads_that_fill_one_table_give_the_same_bits() -> None:
    """Four threads meet the same new words in another order each, 2,000 times: a slot may be filled while another looks there."""
    model, random, letters, threads = load_model("nav-nb").model_, Random(3), "abcdefghijklmnoprstuvyæøå", 4
    words = ["".join(random.choices(letters, k=random.randint(2, 9))) for _ in range(1500)]
    parts = []
    for _ in range(threads):
        random.shuffle(words)
        parts.append(Texts.of([" ".join(words[i : i + 3]) for i in range(0, len(words), 3)]))
    expected = [CompiledScorer(model).probabilities(part) for part in parts]
    start = Barrier(threads)

    def scored(scorer: CompiledScorer, part: Texts) -> npt.NDArray[np.float32]:
        start.wait()
        return scorer.probabilities(part)

    with ThreadPoolExecutor(threads) as pool:
        for _ in range(2000):
            found = pool.map(scored, [CompiledScorer(model)] * threads, parts)
            assert all(map(np.array_equal, found, expected))
