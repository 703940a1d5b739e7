"""The compiled scorer is held to fifteen lines of plain Python, and to itself whatever the threads, batches and memory."""

import gzip
import itertools
import json
import math
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from threading import Barrier

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autokode.model import model_files
from autokode.model.calibration import sigmoid
from autokode.model.features import keys_of, normal_form
from autokode.model.linear_model import Model
from autokode.nlp import tokenizer
from autokode.nlp.spacy_patterns import shipped
from autokode.nlp.tokenizer import MAX_CHUNK, tokenize
from autokode.scoring.engine import spacy_rules, table_kernel
from autokode.scoring.engine.compiled import CompiledScorer
from autokode.scoring.engine.layout import LANES, PAD
from autokode.scoring.engine.object_cache import call
from autokode.scoring.engine.reference import ReferenceScorer
from autokode.scoring.engine.row_table import TABLE_BYTES, Table
from autokode.scoring.engine.scorer import Texts
from conftest import ROOT, SHARED, needs_shared
from model_case import logits

FACTS = json.loads((Path(spacy_rules.__file__).parent / "norwegian.json").read_text(encoding="utf-8"))
PLAIN = "".join(FACTS["plain"].values()) + ".'…"
SPACES = [c for c in map(chr, range(sys.maxunicode + 1)) if c.isspace()]
UNSEEN = [*"\0\x7f\u0084\u00ad\u180e\u200b\u200c\u200d\u2060\ufeff\ufe0f"]
MARKS = [*".,:;!?'\"()[]<>/-–…«»*_#%&=+§°$€|\\\u0301\u030a\u20e3", "..", "...", "--", "A\u030a", "o\u0308"]
WORDS = """
    ja nei NAV Nav NAV. SPRÅK språk ærlig Østfold sPRåK f.eks. F.eks. bl.a. kl. 12.30 St.meld. st.meld A. 5. 10. 3,5
    ta'kke l'eau Hans' gutten's ja... ...nei ja… …nei 5km 10% 20°C 3m² 100kr 5m/s 1GB og/eller. og/ca. a.Bil a.b S.A.
    :) :D :-( hei:) hei:D XD xD, :'( <3 8) ^_^ http://nav.no/a?b=1 https://www.nav.no/på/æøå www.nav.no. post@nav.no
    Αθήνα ΣΊΣΥΦΟΣ ς Москва МОСКВА. км ß ẞ ı İ ǅ ﬁn Å ½ ² ٣ 漢字 かな 한국 𝐀𝐛 👩\u200d👩\u200d👧 🇳🇴 👍🏽 😀 #emne @navn __init__
    C++ tl;dr §12 1–2 – - … . ' (arbeidsavklaringspenger) ungdomsarbeidsledighet. x_y_z_x_y_z_x_y_z
""".split()
pieces = (
    st.sampled_from(WORDS) | st.sampled_from(UNSEEN + MARKS) | st.sampled_from([" ", *SPACES]) | st.text(max_size=4)
)
messy = st.lists(pieces, max_size=25).map("".join)


def model_of(texts: list[str], codes: int = 7, *, lang: str = "nb", size: float = 1.0) -> Model:
    """A model with random weights up to ±size for two thirds of the texts' features, half as many for a question."""
    forms = {normal_form(token.text) for text in texts for token in tokenize(text, lang)}
    keys = np.array(sorted({key for form in forms for key in keys_of(form) if key % 3}), np.uint64)
    draw = np.random.default_rng(codes)
    shapes = [(len(keys), codes), (len(keys[::2]), codes), codes, codes]
    own, asked, bias, alone = (draw.uniform(-size, size, shape).astype(np.float32) for shape in shapes)
    none, limits = np.zeros((0, codes), np.float32), np.zeros((2, 19, codes), np.float32)
    names = tuple(map(str, range(codes)))
    return Model(lang, names, keys, own, keys[::2], asked, bias, alone, bias, none, limits, len(names), {}, None, {})


def reference(model: Model, texts: list[str], questions: list[str] | None = None) -> np.ndarray:
    """The formula in loops over plain Python numbers."""
    of_text = dict(zip(model.features.tolist(), model.weights.tolist(), strict=True))
    of_question = dict(zip(model.question_features.tolist(), model.question_weights.tolist(), strict=True))
    rows = []
    for text, question in zip(texts, questions or [""] * len(texts), strict=True):
        logits = (model.bias if question else model.bias_alone).tolist()
        for said, weights in ((text, of_text), (question, of_question)):
            forms = Counter(normal_form(token.text) for token in tokenize(said, model.lang))
            features = sum(count * len(keys_of(form)) for form, count in forms.items())
            for form, count in forms.items():
                for key in keys_of(form):
                    for k, weight in enumerate(weights.get(key, ())):
                        logits[k] += count * weight / math.sqrt(features)
        rows.append([0.5 + 0.5 * math.tanh(logit / 2) for logit in logits])
    return np.array(rows).reshape(len(texts), len(model.codes))


def scores(scorer: CompiledScorer, texts: list[str], questions: list[str] | None = None) -> np.ndarray:
    return scorer.probabilities(Texts.of(texts), None if questions is None else Texts.of(questions))


def check(texts: list[str], questions: list[str] | None = None, *, model: Model | None = None) -> None:
    """Compare with the reference, with a cold table and a warm one."""
    model = model or model_of(texts + (questions or []))
    scorer = CompiledScorer(model, memory=1 << 20)
    found = scores(scorer, texts, questions)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, reference(model, texts, questions), rtol=0, atol=1e-5)
    assert np.array_equal(scores(scorer, texts, questions), found)


@given(
    st.lists(st.tuples(messy, messy | st.just("")), max_size=5),
    st.sampled_from([1, 7, 8, 13, 21, 24, 30, 33, 40]),
    st.booleans(),
)
def test_any_text_and_question_get_the_probabilities_of_the_formula(
    pairs: list[tuple[str, str]], codes: int, asked: bool
) -> None:
    texts, questions = [text for text, _ in pairs], [question for _, question in pairs]
    check(texts, questions if asked else None, model=model_of(texts + questions, codes))


def test_no_texts_and_no_features_and_no_question() -> None:
    model = model_of(["ja"])
    assert scores(CompiledScorer(model), []).shape == (0, 7)
    check(["ja", ""], model=model_of([]))
    check(["ja", "", "ja"], ["", "", " "], model=model)
    assert np.array_equal(scores(CompiledScorer(model), ["ja"], [""]), scores(CompiledScorer(model), ["ja"]))


def test_words_part_at_any_white_space_and_at_nothing_else() -> None:
    alike = map(chr, (*range(0x80, 0x100), *range(0x2000, 0x2070)))
    check(
        [f"ja{c}nei" for c in (*SPACES, *UNSEEN, *alike)] + [f"{a}{b}ja{b}{a}" for a in SPACES for b in " \u00a0\u3000"]
    )
    check(["", *SPACES, "".join(SPACES), " " * 200, "\u3000" * 100, "\0", "\0 \0\0"])
    begins = [("ord," * 20)[:size] for size in range(57, 69)]
    check([f"{begin}{c}{d}slutt{c}" for begin in begins for c in SPACES for d in ("", "\u2003", "é")])


def test_white_space_is_pythons_wherever_it_lies_in_a_block() -> None:
    every = "".join(f"a{c}" for c in map(chr, range(sys.maxunicode + 1)) if not "\ud800" <= c <= "\udfff")
    expected = [len(chunk.encode()) for chunk in every.split()]
    edges, ends = np.empty(2 * len(every), np.uint32), np.empty(1, np.uint64)
    for shift in range(64):
        text = Texts.of(["b" * shift + every])
        n = 2 * call("split", text.data, text.offsets, 0, 1, edges, ends)
        assert (edges[1:n:2] - edges[:n:2]).tolist() == [expected[0] + shift, *expected[1:]]


@pytest.mark.parametrize("letter", ["a", "å", "ก", "𝐀", "😀", "(", "."])
def test_chunks_of_every_length(letter: str) -> None:
    sizes = [*range(1, 35), 63, 64, 65, MAX_CHUNK - 1, MAX_CHUNK, MAX_CHUNK + 1, 2000, 2001, 100_000]
    check([letter * size for size in sizes] + [f"ja {letter * size}b {letter * size}c nei" for size in sizes])


@pytest.mark.parametrize("behind", [0, 1, 7, 8, 63, 64, PAD - 1, PAD, PAD + 1, 500])
def test_what_lies_around_texts_in_a_buffer_means_nothing(behind: int) -> None:
    texts = ["hva sa du", "", "ja (f.eks.) nei", "x" * 63, "språk å", ""]
    ends = np.cumsum([5, *(len(text.encode()) for text in texts)])
    data = b"foran" + "".join(texts).encode() + (b"bak\xa0\x80" * 100)[:behind]
    model = model_of(texts)
    for count in (5, 6):  # a text that holds something is the last, or an empty one
        found = CompiledScorer(model).probabilities(Texts(np.frombuffer(data, np.uint8), ends[: count + 1]))
        np.testing.assert_allclose(found, reference(model, texts[:count]), rtol=0, atol=1e-5)


def test_long_texts_lose_no_digits() -> None:
    draw = random.Random(0)
    words = ["".join(draw.choices("aeiknorstå", k=draw.randint(2, 9))) for _ in range(5000)]
    check([" ".join(draw.choices(words, k=100_000)), " ".join(draw.choices(words, k=129))])
    check(["ja " * 100_000, "nei\u2003" * 99_999], ["hva " * 100_000, ""], model=model_of(["ja nei hva"], size=0.01))
    opp, ned = keys_of("opp")[0], keys_of("ned")[0]
    assert opp < ned
    weights = np.random.default_rng(0).uniform(0.1, 1, 7).astype(np.float32)
    outweighed = np.stack([weights, -weights / 2])
    model = replace(model_of([]), features=np.array([opp, ned], np.uint64), weights=outweighed)
    check(["opp " * 50_000 + "ned " * 100_000], model=model)


@pytest.mark.skipif(version("spacy") != FACTS["spacy"], reason="the facts are those of another spaCy")
def test_the_facts_are_what_spacy_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from benchmarks.build import norwegian_rules

    monkeypatch.setattr(norwegian_rules, "ROOT", tmp_path)
    path = tmp_path / "src" / "autokode" / "scoring" / "engine" / "norwegian.json"
    path.parent.mkdir(parents=True)
    patterns = tmp_path / "src" / "autokode" / "nlp" / "norwegian_patterns.json"
    patterns.parent.mkdir()
    norwegian_rules.main()
    assert json.loads(path.read_text(encoding="utf-8")) == FACTS, "spaCy's rules changed: make rules"
    assert json.loads(patterns.read_text(encoding="utf-8")) == shipped(), "the same"
    assert shipped()["fingerprint"] == FACTS["fingerprint"]


@pytest.fixture
def other_spacy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[pytest.MonkeyPatch]:
    """Make it seem another version of spaCy, with the same rules."""
    monkeypatch.setattr(spacy_rules, "cache_folder", lambda: tmp_path)
    monkeypatch.setattr(spacy_rules, "version", lambda _package: "0")
    monkeypatch.setattr(tokenizer, "fingerprint", lambda _lang: FACTS["fingerprint"])
    spacy_rules.knows.cache_clear()
    spacy_rules.splitter.cache_clear()
    yield monkeypatch
    spacy_rules.knows.cache_clear()
    spacy_rules.splitter.cache_clear()


def test_another_spacy_is_trusted_only_while_its_rules_are_the_same(
    other_spacy: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert spacy_rules.knows("nb")
    other_spacy.setattr(tokenizer, "fingerprint", lambda _lang: "0")
    spacy_rules.knows.cache_clear()
    assert spacy_rules.knows("nb")  # asked once and kept
    for kept in tmp_path.iterdir():
        kept.unlink()
    spacy_rules.knows.cache_clear()
    assert not spacy_rules.knows("nb")
    other_spacy.setattr(spacy_rules, "Patterns", None)
    check([" ".join(WORDS), "", *WORDS], ["ja (nei)."] * (len(WORDS) + 2))


@pytest.mark.parametrize("lang", ["en", "de", "nn", "es", "zh"])
def test_another_language_is_right_by_its_own_rules(lang: str) -> None:
    said = [*WORDS, " ".join(WORDS), "don't can't. U.S.A. 10km z.B. d.h. EE. UU. p. ej. 我在挪威", "", "\u3000 ja"]
    check(said, ["", *said[1:]], model=model_of(said, lang=lang))


@pytest.mark.parametrize("chunks", [["(", ":D/a"], ["€(", ":D/a"], ["Anne:", "x.漢"]])
def test_a_chunk_is_the_same_whatever_stands_before_it(chunks: list[str]) -> None:
    """spaCy 3.8 finds special cases such as «(:» and «:x» across a blank too; `tokenize` gives it one chunk at a time."""
    assert [token.text for token in tokenize(" ".join(chunks))] == [t.text for c in chunks for t in tokenize(c)]
    model = model_of(chunks)
    check([" ".join(chunks), *chunks], model=model)
    assert np.array_equal(scores(CompiledScorer(model), chunks)[1:], scores(CompiledScorer(model), chunks[1:]))


@pytest.fixture(scope="module")
def mixed() -> tuple[Model, list[str], list[str], np.ndarray]:
    """A model, texts with questions, more chunks than a new table has room for, and their probabilities at once."""
    draw = random.Random(1)
    letters = "".join(filter(str.isalpha, PLAIN))
    own = ["".join(draw.choices(letters, k=draw.randint(1, 40))) for _ in range(6000)] + 20 * WORDS
    texts = [draw.choice(" \n\u2003").join(draw.choices(own, k=draw.randint(0, 40))) for _ in range(700)]
    questions = [draw.choice(["", text]) for text in texts[::-1]]
    model = model_of(texts, 21)
    found = scores(CompiledScorer(model), texts, questions)
    np.testing.assert_allclose(found[::20], reference(model, texts[::20], questions[::20]), rtol=0, atol=1e-5)
    return model, texts, questions, found


Mixed = tuple[Model, list[str], list[str], np.ndarray]


@pytest.mark.parametrize("memory", [1, TABLE_BYTES])
@pytest.mark.parametrize("size", [1, 7, 255, 256, 257])
def test_the_size_of_batches_and_the_memory_change_no_bit(mixed: Mixed, size: int, memory: int) -> None:
    model, texts, questions, expected = mixed
    scorer = CompiledScorer(model, memory)
    parts = [scores(scorer, texts[i : i + size], questions[i : i + size]) for i in range(0, len(texts), size)]
    assert np.array_equal(np.concatenate(parts), expected)


def test_a_full_table_begins_anew_and_a_large_one_learns_each_chunk_once(
    mixed: Mixed, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, texts, questions, expected = mixed
    texts, n = [*texts, *(" ".join(f"ord{i * 50 + k}" for k in range(50)) for i in range(2000))], len(texts)
    texts.append(" ".join(f"alene{i}" for i in range(100_000)))
    questions = [*questions, *[""] * 2001]
    scorer, small = CompiledScorer(model), CompiledScorer(model, memory=1)
    expected = np.concatenate([expected, scores(scorer, texts[n:])])
    for own in (scorer, small):
        assert np.array_equal(scores(own, texts, questions), expected)
    chunks = {chunk for text in texts for chunk in text.split()}
    assert len(small._text.table) < len(chunks) <= len(scorer._text.table)
    monkeypatch.setattr(Table, "add", None)
    assert np.array_equal(scores(scorer, texts[::-1], questions[::-1]), expected[::-1])


@pytest.mark.parametrize("memory", [1, TABLE_BYTES])
def test_threads_that_share_a_cold_table_change_no_bit(mixed: Mixed, memory: int) -> None:
    model, texts, questions, expected = mixed
    scorer, together = CompiledScorer(model, memory), Barrier(6)

    def is_right(first: int) -> bool:
        together.wait()
        parts = [slice(i, i + 35) for i in (*range(first, len(texts), 35), *range(0, first, 35))]
        return all(np.array_equal(scores(scorer, texts[p], questions[p]), expected[p]) for p in parts)

    with ThreadPoolExecutor(6) as pool:
        assert all(pool.map(is_right, range(0, 600, 100)))


@pytest.mark.parametrize(("codes", "most"), [(1, 1), (3, 5), (7, 3), (13, 5), (24, 24)])
def test_the_best_codes_are_those_of_a_stable_sort(codes: int, most: int) -> None:
    draw = np.random.default_rng(codes)
    stride = -(-codes // LANES) * LANES
    chances = draw.integers(0, 6, (50, stride)).astype(np.float32) / 5  # so that many are alike
    thresholds = draw.integers(1, 5, codes).astype(np.float32) / 5
    found, own = np.full((50, most), 9, np.int16), np.full((50, most), 9, np.float32)
    call("best", chances.ravel(), stride, thresholds, found.ravel(), own.ravel(), most)
    for row, names, values in zip(chances[:, :codes], found.tolist(), own.tolist(), strict=True):
        over = [k for k in np.argsort(-row, kind="stable").tolist() if row[k] >= thresholds[k]][:most]
        assert names == over + [-1] * (most - len(over))
        assert values == row[over].tolist() + [0.0] * (most - len(over))


def hash_of(chunk: bytes) -> int:
    return int(table_kernel.hashed(np.frombuffer(chunk + bytes(PAD), np.uint8), np.uint64(0), np.uint64(len(chunk)))[0])


def twin_of(chunk: bytes) -> bytes:
    """Another sixteen letters and digits of the same hash: the first eight solve an equation with the last eight."""
    tries = np.random.default_rng(0).integers(ord("a"), ord("z") + 1, (1 << 20, 8), np.uint8)
    word, other = np.frombuffer(chunk, np.uint64)
    factor = int(table_kernel._B) * pow(int(table_kernel._A), -1, 1 << 64) % (1 << 64)
    words = (word + (other - tries.view(np.uint64).ravel()) * np.uint64(factor)).view(np.uint8).reshape(-1, 8)
    fit = next(i for i in np.flatnonzero((words < 0x7F).all(axis=1)) if words[i].tobytes().isalnum())
    return words[fit].tobytes() + tries[fit].tobytes()


def in_one_slot(frame: bytes, size: int) -> list[bytes]:
    """Four chunks with letters in the frame's place whose search begins at one slot in any table up to 2¹⁶ slots."""
    draw = random.Random(0)
    found: dict[int, set[bytes]] = {}
    while True:
        chunk = frame.replace(b"*", bytes(draw.choices(b"abcdefghijklmnopqrstuvwxyz", k=size)))
        own = found.setdefault(hash_of(chunk) >> 48, set())
        own.add(chunk)
        if len(own) == 4:
            return sorted(own)


COLLIDING: dict[str, Callable[[], list[bytes]]] = {
    "one hash": lambda: [b"saksbehandlerene", twin_of(b"saksbehandlerene")],
    "one hash, other bytes between": lambda: in_one_slot(b"arbeidsavklaring*pengenes", 9),
    "first eight bytes": lambda: in_one_slot(b"saksbeha*", 8),
    "last eight bytes": lambda: in_one_slot(b"*ndlerene", 8),
    "zeros behind": lambda: [b"makt" + bytes(n) for n in range(20)],
    "last four of 20": lambda: in_one_slot(b"arbeidsavklaring*", 4),
    "last eight of 24": lambda: in_one_slot(b"arbeidsavklaring*", 8),
    "last five of 29": lambda: in_one_slot(b"arbeidsavklaringspengen*", 5),
}


@pytest.mark.parametrize("kind", COLLIDING)
def test_chunks_that_meet_in_the_table_are_told_apart(kind: str) -> None:
    chunks = COLLIDING[kind]()
    assert (len(set(map(hash_of, chunks))) == 1) == kind.startswith("one hash")
    texts = [chunk.decode() for chunk in chunks]
    model = model_of(texts)
    check([*texts, " ".join(texts)], model=model)
    for one, other in itertools.permutations(texts[:4], 2):
        scorer = CompiledScorer(model)
        found = [scores(scorer, [text]) for text in (one, other, one)]
        np.testing.assert_allclose(np.concatenate(found), reference(model, [one, other, one]), rtol=0, atol=1e-5)


def real_texts(name: str) -> Iterator[str]:
    """Yield the texts of a file of real data: paragraphs, utterances or sentences."""
    path = SHARED / name
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            if path.suffix == ".conllu":
                yield from [line[9:-1]] if line.startswith("# text = ") else []
            else:
                row = json.loads(line)
                yield from row.get("paragraphs", [row.get("text", row.get("utterance_text"))])


REAL = {"laws/laws.jsonl.gz": 300, "laws/regulations.jsonl.gz": 1500, "annomi/annomi.jsonl.gz": 30}
REAL |= dict.fromkeys(["speech/npsc_eval.jsonl.gz", "speech/nbtale3.jsonl.gz", "xed/no.jsonl", "norsid/dev.jsonl"], 12)
REAL |= dict.fromkeys([f"sib200/{lang}_train.jsonl" for lang in ("nob", "nno", "dan", "swe")], 12)
REAL |= dict.fromkeys([f"ud/no_{name}-ud-dev.conllu" for name in ("bokmaal", "nynorsk", "nynorsklia")], 12)
"""File → of how many of its texts one is taken."""


@needs_shared
@pytest.mark.parametrize("name", REAL)
def test_real_text_is_right(name: str) -> None:
    """Texts, half of them with the one before as question, and each of their chunks alone, by the shipped model."""
    texts = list(real_texts(name))[:: REAL[name]]
    model = model_files.load(ROOT / "models" / "nav-nb")
    scorer = CompiledScorer(model)
    asked = [texts[i - 1] if i % 2 else "" for i in range(len(texts))]
    chunks = sorted({chunk for text in texts for chunk in text.split()})
    for said, questions in ((texts, asked), (chunks, [""] * len(chunks))):
        expected, found = sigmoid(logits(model, said, questions)), scores(scorer, said, questions)
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-5)
        assert ReferenceScorer(model).probabilities(Texts.of(said), Texts.of(questions)).tobytes() == found.tobytes()
