"""The compiled scorer is held to a reference of fifteen lines: every text, however it is cut, threaded or remembered."""

import gzip
import itertools
import json
import math
import random
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from importlib.metadata import version

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autokode import features
from autokode.calibration import sigmoid
from autokode.features import keys_of, normal_form
from autokode.model import Model
from autokode.scoring import kernel, plain
from autokode.scoring.machine import PAD
from autokode.scoring.scorer import Scorer, Texts
from autokode.scoring.table import Table, distinct_chunks
from autokode.tokens import fingerprint, tokenize, tokenizer
from conftest import ROOT, SHARED, needs_shared

WHITE = "".join(c for c in map(chr, range(0x110000)) if c.isspace())
WORDS = """ja nei Vi bygde tillit NAV f.eks. bl.a. kl. 12.30 St.meld. A. 5. 10. F.eks. ca. og/eller. og/ca. u/p 5km 10% 3m² 20°C
km/h §5 «hei» (hei), «NAV». hei:) :D hei:D XD xD 8) 0.0 ja... ...nei ja… …nei …… ja.. .. . , ' '' hans' Jens' sa'kke 'n -- a--b -
– http://www.nav.no/a,b/C www.a.no a@b.no og.Det 8.oktober 1.2.3.4 C++ °C. iPhone ÆØÅ e\u0301n A\u030ase Σας γένος Пoлёт 漢字
👩\u200d🌾 \u200b a\u200bb \ufeff soft\u00adhyphen a\x00b ǅ İ ß ﬁn ½ ² 100,5 1,5:2 (a)b a(b) a=b <b> a<b #x x# * & _x_""".split()
NGRAM_LANES = (1, 7, 8, 21, 24, 33, 40)

characters = st.sampled_from(
    [*"abcæøåABCÆØÅxsS019.,:;!?'\"()«»–-/…%&=+*_#@§°²µ|\\$€", "\u0301", "😀", "Σ", "ж", "漢", "\u00ad"]
)
chunks = st.one_of(
    st.sampled_from(WORDS), st.text(characters, min_size=1, max_size=24), st.text(min_size=1, max_size=12)
)
texts = st.lists(st.tuples(chunks, st.text(st.sampled_from(WHITE), min_size=0, max_size=3)), max_size=30).map(
    lambda pairs: "".join(chunk + white for chunk, white in pairs).encode("utf-8", "replace").decode()
)


@cache
def model(codes: int = 24, lang: str = "nb") -> Model:
    """Return a model of large random weights for the features of some words, so that no slip is small."""
    draw = np.random.default_rng(codes)
    forms = {normal_form(token.text) for word in WORDS for token in tokenize(word, lang)}
    keys = np.array(sorted({key for form in forms for key in keys_of(form)}), np.uint64)

    def weights(*shape: int) -> np.ndarray:
        return draw.normal(size=shape).astype(np.float32)

    asked = keys[::2].copy()
    own, question, bias, alone = weights(len(keys), codes), weights(len(asked), codes), weights(codes), weights(codes)
    names = tuple(f"kode {k}" for k in range(codes))
    return Model(lang, names, keys, own, asked, question, bias, alone, bias, {}, None, {})


def reference(model: Model, text: str, question: str = "") -> list[float]:
    logits = [float(b) for b in (model.bias if question else model.bias_alone)]
    for said, keys, weights in (
        (text, model.features, model.weights),
        (question, model.question_features, model.question_weights),
    ):
        place = {key: i for i, key in enumerate(keys.tolist())}
        found = Counter(key for token in tokenize(said, model.lang) for key in keys_of(normal_form(token.text)))
        for k in range(len(logits)):
            total = math.fsum(n * float(weights[place[key], k]) for key, n in found.items() if key in place)
            logits[k] += total / math.sqrt(max(1, found.total()))
    return [1 / (1 + math.exp(-min(max(x, -700), 700))) for x in logits]


def scored(scorer: Scorer, said: Sequence[str], asked: Sequence[str] | None = None) -> np.ndarray:
    return scorer.probabilities(Texts.of(list(said)), None if asked is None else Texts.of(list(asked)))


WARM = Scorer(model())


@given(st.lists(texts, min_size=1, max_size=4), st.lists(st.one_of(st.just(""), texts), min_size=4, max_size=4))
@example([" ".join(WORDS)], [" ".join(WORDS)] * 4)
@settings(max_examples=300)
def test_any_text_has_the_probabilities_of_the_reference(said: list[str], asked: list[str]) -> None:
    found = scored(WARM, said, asked[: len(said)])
    right = [reference(model(), text, question) for text, question in zip(said, asked, strict=False)]
    np.testing.assert_allclose(found, right, atol=1e-5)
    assert found.dtype == np.float32


@pytest.mark.parametrize("codes", NGRAM_LANES)
def test_every_number_of_codes_fits(codes: int) -> None:
    said, asked = [" ".join(WORDS), "", "ja", " "], ["ja nei", "", " ", "NAV?"]
    found = scored(Scorer(model(codes)), said, asked)
    assert found.shape == (4, codes)
    right = [reference(model(codes), text, question) for text, question in zip(said, asked, strict=True)]
    np.testing.assert_allclose(found, right, atol=1e-5)
    assert scored(Scorer(model(codes)), []).shape == (0, codes)


@pytest.mark.parametrize("size", [1, 7, 8, 9, 15, 16, 17, 24, 25, 63, 64, 65, 499, 500, 501, 1999, 2000, 2001, 100_000])
@pytest.mark.parametrize("letter", ["a", "å", "漢", "😀"])
def test_chunks_of_every_length(size: int, letter: str) -> None:
    said = [letter * size, f"ja {letter * size} nei", f"{letter * (size - 1)}b ja", letter * size]
    fresh = Scorer(model())
    for _ in range(2):
        np.testing.assert_allclose(scored(fresh, said), [reference(model(), text) for text in said], atol=1e-5)


def test_white_space_splits_wherever_it_stands() -> None:
    """Of one byte, two and three, at every place of a block of 64 bytes; what only looks like it does not split."""
    like = "\u200b\u2060\ufeff\u180e\u00a1\u0084\u2030\u2010\u3001\u1681"
    said = [
        f"{'a' * before}ja{space}nei{'b' * after}"
        for space in WHITE + like
        for before in (0, *range(56, 66), 120, 126)
        for after in (0, 70)
    ]
    np.testing.assert_allclose(scored(Scorer(model()), said), [reference(model(), text) for text in said], atol=1e-5)


def test_the_last_bytes_of_a_buffer_are_read_and_none_behind_it() -> None:
    for text in ("ja", "f.eks. nei", "bygde tillit " * 20):
        data = np.frombuffer(text.encode(), np.uint8)  # without PAD
        found = WARM.probabilities(Texts(data, np.array([0, len(data)], np.int64)))
        np.testing.assert_allclose(found, [reference(model(), text)], atol=1e-5)


@pytest.mark.parametrize("words", [["nei"], ["nei", "bygde", "ukjent"], WORDS])
def test_a_hundred_thousand_words_lose_nothing(words: list[str]) -> None:
    text = " ".join(itertools.islice(itertools.cycle(words), 100_000))
    np.testing.assert_allclose(scored(WARM, [text]), [reference(model(), text)], atol=1e-5)


def _many(n: int = 400) -> list[str]:
    draw = random.Random(3)
    return [" ".join([*draw.choices(WORDS, k=draw.randint(0, 40)), f"ord{draw.randint(0, 3000)}"]) for _ in range(n)]


def test_batches_table_and_threads_change_no_bit() -> None:
    said = _many()
    asked = [text if i % 3 else "" for i, text in enumerate(reversed(said))]
    once = scored(Scorer(model()), said, asked)
    for size in (1, 7, 255, 256, 257):
        fresh = Scorer(model())
        parts = [scored(fresh, said[i : i + size], asked[i : i + size]) for i in range(0, len(said), size)]
        assert np.array_equal(np.concatenate(parts), once)
    small = Scorer(model(), memory=1)  # full at 64 chunks
    assert np.array_equal(scored(small, said, asked), once)
    assert np.array_equal(scored(small, said[::-1], asked[::-1])[::-1], once)


def test_threads_share_a_cold_table() -> None:
    said = _many(4000)
    once = scored(Scorer(model()), said)
    for memory in (1 << 24, 1 << 16):
        shared, found = Scorer(model(), memory), {}

        def work(first: int, shared: Scorer = shared, found: dict[int, np.ndarray] = found) -> None:
            for start in range(first * 50, len(said), 200):
                found[start] = scored(shared, said[start : start + 50])

        threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert np.array_equal(np.concatenate([found[i] for i in sorted(found)]), once)


def test_a_full_table_begins_anew_and_stays_within_its_bound() -> None:
    shared = Scorer(model(), memory=100 * 4 * 24)
    for i in range(30):
        scored(shared, [f"ord{i}x{j}" for j in range(40)])
        assert len(shared._text.table) <= 100
    assert len(shared._text.table) < 100


def _table_of(raw: list[bytes]) -> tuple[Table, Callable[[list[bytes]], np.ndarray]]:
    """Return a table where chunk i has the row i + 1, and a function that sums the rows of texts of bytes."""
    table = Table(8)
    data, ends = _buffer(raw)
    starts, stops = distinct_chunks(data, ends[:-1].astype(np.uint64), ends[1:].astype(np.uint64))
    rows = np.repeat(np.arange(1, len(starts) + 1, dtype=np.float32)[:, None], 8, axis=1)
    table.add(data, starts, stops, rows, np.ones(len(starts), np.int64))

    def look_up(texts: list[bytes]) -> np.ndarray:
        data, ends = _buffer(texts)
        sums = np.zeros(len(texts) * 8, np.float32)
        done, _last, missing, _stops = kernel.run(data, ends, 0, kernel.BYTES, *table.arrays, np.uint64(8), sums)
        assert done == len(texts) or len(missing)
        return sums.reshape(-1, 8)[:, 0] if done == len(texts) else np.zeros(0)

    return table, look_up


def _buffer(raw: list[bytes]) -> tuple[np.ndarray, np.ndarray]:
    data = np.frombuffer(b"".join(raw) + bytes(PAD), np.uint8)
    return data, np.cumsum([0, *map(len, raw)]).astype(np.int64)


def test_chunks_of_one_hash_are_told_apart() -> None:
    a, b = int(kernel._A), int(kernel._B)
    draw = random.Random(0)
    twins = [b"abcdefghijklmnop"]
    while len(twins) < 40:  # other first halves, and the second half that gives the same hash
        word = int.from_bytes(bytes(draw.randint(0x21, 0x7E) for _ in range(8)), "little")
        first = int.from_bytes(twins[0][:8], "little") * a + int.from_bytes(twins[0][8:], "little") * b
        other = (first - word * a) * pow(b, -1, 2**64) % 2**64
        twin = word.to_bytes(8, "little") + other.to_bytes(8, "little")
        if not any(c in twin for c in (*range(9, 14), *range(28, 33), 0xC2, 0xE1, 0xE2, 0xE3)):
            twins.append(twin)
    hashes = {int(kernel.hashed(_buffer([twin])[0], np.uint64(0), np.uint64(16))[0]) for twin in twins}
    assert len(hashes) == 1
    _table, look_up = _table_of(twins[:20])
    assert look_up(twins[:20]).tolist() == [float(i) for i in range(1, 21)]
    assert all(len(look_up([twin])) == 0 for twin in twins[20:])


def test_long_chunks_that_differ_in_one_byte_are_told_apart() -> None:
    base = b"en-svaert-lang-sammensetning-" * 3
    near = [
        base,
        *(base[:i] + b"X" + base[i + 1 :] for i in range(len(base))),
        base[:-1],
        base + b"x",
        base[:16],
        base[:17],
    ]
    _table, look_up = _table_of(near[::2])
    assert look_up(near[::2]).tolist() == [float(i) for i in range(1, len(near[::2]) + 1)]
    assert all(len(look_up([chunk])) == 0 for chunk in near[1::2])


def _shared_texts(pattern: str) -> list[str]:
    found: list[str] = []
    for path in sorted(SHARED.glob(pattern)):
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(path, "rt", encoding="utf-8") as file:
            for line in file:
                values = json.loads(line).values()
                found += [text for value in values for text in (value if isinstance(value, list) else [value])]
    assert found
    return [text for text in found if isinstance(text, str) and text]


REAL = ["laws/laws.jsonl.gz", "laws/regulations.jsonl.gz", "speech/*.jsonl.gz", "xed/*.jsonl", "norsid/*.jsonl"]
REAL += ["sib200/**/*.jsonl", "annomi/*.jsonl.gz"]


@needs_shared
@pytest.mark.parametrize("pattern", REAL)
def test_real_text_has_the_probabilities_of_the_slow_path(pattern: str) -> None:
    real_text(_shared_texts(pattern)[::200] if "laws" in pattern else _shared_texts(pattern)[::8])


@needs_shared
@pytest.mark.slow
@pytest.mark.parametrize("pattern", REAL)
def test_all_real_text_has_the_probabilities_of_the_slow_path(pattern: str) -> None:
    real_text(_shared_texts(pattern)[:: 4 if "regulations" in pattern else 1])


def real_text(said: list[str]) -> None:
    """Compare the table with the slow path of the shipped model, each text answering the one before as its question."""
    shipped = Model.load(ROOT / "models" / "nav-nb")
    scorer = Scorer(shipped)
    for first in range(0, len(said), 5000):
        batch = said[first : first + 5000]
        asked = [text if i % 2 else "" for i, text in enumerate(["", *batch[:-1]])]
        np.testing.assert_allclose(scored(scorer, batch, asked), sigmoid(shipped.logits(batch, asked)), atol=1e-5)


FACTS = json.loads((ROOT / "src/autokode/scoring/norwegian.json").read_text(encoding="utf-8"))


def plain_against_spacy(found: list[str]) -> int:
    """Compare the compiled rules with spaCy's on chunks; returns how many of them are plain."""
    rules = plain.rules("nb")
    assert rules is not None
    ends = np.cumsum([len(chunk) + 1 for chunk in found])
    forms: list[list[str]] = [[] for _ in found]
    for token in tokenize(" ".join(found)):
        forms[np.searchsorted(ends, token.start, side="right")].append(normal_form(token.text))
    keys = [[key for form in own for key in keys_of(form)] for own in forms]
    known = np.unique(np.array([key for own in keys for key in own], np.uint64))
    weights = np.random.default_rng(0).normal(size=(len(known), 8)).astype(np.float32)
    data, places = _buffer([chunk.encode() for chunk in found])
    rows, sizes = np.zeros((len(found), 8), np.float32), np.zeros(len(found), np.int64)
    tables = (rules.kinds, rules.lower, rules.specials, rules.units, rules.crc, plain.feature_table(known))
    starts = places.astype(np.uint64)
    left = plain.plain_rows(data, starts[:-1], starts[1:], *tables, weights.ravel(), rows, sizes)
    for chunk, own, row, size, hard in zip(found, keys, rows, sizes, left, strict=True):
        if not hard:
            right = weights[features.look_up(np.array(own, np.uint64), known)[0]].sum(axis=0, dtype=np.float64)
            assert size == len(own), chunk
            assert row == pytest.approx(right, abs=1e-4), chunk
    return int((~left).sum())


def _one_of_each_kind() -> str:
    return "".join(dict.fromkeys(chars[0] for chars in FACTS["plain"].values())) + ".'…-–aA5s%§m"


def test_the_compiled_rules_are_spacys_for_every_short_chunk() -> None:
    kinds = dict.fromkeys(_one_of_each_kind())
    short = ["".join(chunk) for size in (1, 2, 3) for chunk in itertools.product(kinds, repeat=size)]
    assert plain_against_spacy(short) > 0.9 * len(short)


@pytest.mark.slow
def test_the_compiled_rules_are_spacys_for_every_chunk_of_four() -> None:
    kinds = dict.fromkeys(_one_of_each_kind())
    assert plain_against_spacy(["".join(chunk) for chunk in itertools.product(kinds, repeat=4)]) > 100_000


def test_the_compiled_rules_are_spacys_for_every_plain_character_in_its_places() -> None:
    frames = ("{}", "{}ja", "ja{}", "j{}a", "({}).", "5{}", "{}5", "{}.", "A{}.", "a{}B", "ja{}.nei")
    chars = [char for chars in FACTS["plain"].values() for char in chars]
    assert plain_against_spacy([frame.format(char) for char in chars for frame in frames]) > 9 * len(chars)


def glued(seed: int, n: int) -> list[str]:
    """Return random chunks of words, special cases, units and characters without white space between them."""
    draw = random.Random(seed)
    pieces = [WORDS, FACTS["specials"], FACTS["units"], list(".'…,:;!?)(«»\"-/%#"), *FACTS["plain"].values()]
    found = {"".join(draw.choice(draw.choice(pieces)) for _ in range(draw.randint(1, 6))) for _ in range(n)}
    return sorted(chunk for chunk in found if not any(c.isspace() for c in chunk))


def test_the_compiled_rules_are_spacys_for_what_is_glued_together() -> None:
    assert plain_against_spacy(glued(0, 20_000)) > 10_000


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 6))
def test_the_compiled_rules_are_spacys_for_much_more(seed: int) -> None:
    assert plain_against_spacy(glued(seed, 60_000)) > 30_000


def test_the_table_of_rules_is_what_the_installed_spacy_says() -> None:
    if version("spacy") == FACTS["spacy"]:
        assert fingerprint("nb") == FACTS["fingerprint"]
        assert set(FACTS["specials"]) <= set(tokenizer("nb").rules)
    plain.rules.cache_clear()


@pytest.mark.parametrize("lang", ["nb", "en", "zh"])
def test_other_rules_and_other_languages_are_left_to_spacy(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "version", lambda _name: "99")
    monkeypatch.setattr("autokode.tokens.fingerprint", lambda _lang: "other")
    plain.rules.cache_clear()
    try:
        assert plain.rules(lang) is None
        said = [" ".join(WORDS), "don't 10km can't", ""]
        found = scored(Scorer(model(7, lang)), said)
        np.testing.assert_allclose(found, [reference(model(7, lang), text) for text in said], atol=1e-5)
    finally:
        plain.rules.cache_clear()
