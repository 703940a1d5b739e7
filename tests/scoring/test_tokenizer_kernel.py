"""The compiled rules for plain Norwegian chunks are spaCy's, and all real text is scored alike by table and slow path."""

import functools
import gzip
import itertools
import json
import random
from collections.abc import Iterator

import numpy as np
import pytest

from autokode.model import model_files
from autokode.model.calibration import sigmoid
from autokode.model.features import keys_of, normal_form
from autokode.nlp.tokenizer import MAX_CHUNK, tokenize, tokenizer
from autokode.scoring.engine import layout
from autokode.scoring.engine.compiled import CompiledScorer, _indexed
from autokode.scoring.engine.layout import BYTES, New, Work
from autokode.scoring.engine.object_cache import call
from autokode.scoring.engine.row_table import Table
from autokode.scoring.engine.scorer import Texts
from autokode.scoring.engine.spacy_rules import knows, rules, splitter
from conftest import ROOT, SHARED, needs_shared
from model_case import logits

WORDS = """ja nei Vi bygde tillit NAV f.eks. bl.a. kl. 12.30 St.meld. A. 5. 10. F.eks. ca. og/eller. og/ca. u/p 5km 10% 3m² 20°C
km/h §5 «hei» (hei), «NAV». hei:) :D hei:D XD xD 8) 0.0 ja... ...nei ja… …nei …… ja.. .. . , ' '' hans' Jens' sa'kke 'n -- a--b -
– http://www.nav.no/a,b/C www.a.no a@b.no og.Det 8.oktober 1.2.3.4 C++ °C. iPhone ÆØÅ e\u0301n A\u030ase Σας γένος Пoлёт 漢字
👩\u200d🌾 \u200b a\u200bb \ufeff soft\u00adhyphen a\x00b ǅ İ ß ﬁn ½ ² 100,5 1,5:2 (a)b a(b) a=b <b> a<b #x x# * & _x_""".split()


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
@pytest.mark.slow
@pytest.mark.parametrize("pattern", REAL)
def test_all_real_text_has_the_probabilities_of_the_slow_path(pattern: str) -> None:
    """Compare the table with the slow path of the shipped model, each text answering the one before as its question."""
    said = _shared_texts(pattern)[:: 4 if "regulations" in pattern else 1]
    shipped = model_files.load(ROOT / "models" / "nav-nb")
    scorer = CompiledScorer(shipped)
    for first in range(0, len(said), 5000):
        batch = said[first : first + 5000]
        asked = [text if i % 2 else "" for i, text in enumerate(["", *batch[:-1]])]
        np.testing.assert_allclose(
            scorer.probabilities(Texts.of(batch), Texts.of(asked)), sigmoid(logits(shipped, batch, asked)), atol=1e-5
        )


FACTS = json.loads((ROOT / "src/autokode/scoring/engine/norwegian.json").read_text(encoding="utf-8"))
PLAIN = "".join(FACTS["plain"].values()) + ".'…+°"
KINDS = "".join(chars[0] for chars in FACTS["plain"].values()) + ".'…-–+°$®aAsC5m§"
"""One character of each kind, and those with rules of their own."""

known_rules = pytest.mark.skipif(not knows("nb"), reason="the spaCy installed has other Norwegian rules")


def compare_rules(chunks: list[str]) -> float:
    """Compare the compiled rules, and the patterns, with spaCy's tokens of each chunk; return the share left to patterns."""
    ends = np.cumsum([len(chunk) + 1 for chunk in chunks])
    found = tokenize("\n".join(chunks))
    keys_in = functools.cache(lambda token: keys_of(normal_form(token)))
    keys = [keys_in(token.text) for token in found]
    own = np.searchsorted(ends, [token.start for token in found], side="right")
    chunk_of = own.repeat(list(map(len, keys)))
    vocabulary, places = np.unique(np.array(list(itertools.chain(*keys)), np.uint64), return_inverse=True)
    weights = np.random.default_rng(0).integers(1 << 12, size=(len(vocabulary), 8)).astype(np.float32)  # sums are exact
    expected = np.zeros((len(chunks), 8))
    np.add.at(expected, chunk_of, weights[places])

    text, n = Texts.of(chunks), len(chunks)
    new, work = New.of(8, n), Work.of(BYTES, 8)
    new.starts[:], new.stops[:] = text.offsets[:-1], text.offsets[1:]
    table = Table(8, 1).arrays
    call("plain_rows", text.data, rules("nb"), _indexed(vocabulary, weights.ravel()), table, work, new, n, 8)
    left = new.hard.astype(np.bool_)
    rows, sizes = new.rows.reshape(n, 8), new.features.astype(np.int64)
    wrong = ((sizes != np.bincount(chunk_of, minlength=n)) | (rows != expected).any(axis=1)) & ~left
    assert [chunks[i] for i in np.flatnonzero(wrong)] == []

    tokens: dict[int, list[str]] = {}
    for chunk, token in zip(own.tolist(), found, strict=True):
        tokens.setdefault(chunk, []).append(token.text)
    for i in {*np.flatnonzero(left).tolist(), *range(0, n, 50)}:
        assert splitter("nb")(chunks[i]) == tokens[i]
    return float(left.mean())


@known_rules
def test_the_compiled_rules_are_spacys_for_all_short_chunks() -> None:
    chunks = ["".join(chars) for size in range(1, 4) for chars in itertools.product(KINDS, repeat=size)]
    assert compare_rules(chunks) < 0.2


@pytest.mark.slow
@known_rules
def test_the_compiled_rules_are_spacys_for_all_chunks_of_four() -> None:
    assert compare_rules(["".join(chunk) for chunk in itertools.product(KINDS, repeat=4)]) < 0.3


@known_rules
def test_the_compiled_rules_are_spacys_for_every_plain_character_in_its_places() -> None:
    frames = (
        "{}",
        "{}ja",
        "ja{}",
        "j{}a",
        "({}).",
        "5{}",
        "{}5",
        "5{}5",
        "{}.",
        "A{}.",
        "a{}B",
        "ja{}.nei",
        "{}{}",
        "-{}-",
    )
    assert compare_rules([frame.format(char, char) for char in PLAIN for frame in frames]) < 0.2


def glued(draw: random.Random, count: int) -> Iterator[str]:
    """Yield random chunks of words, special cases, units and characters without white space between them."""
    marks = [*[char for char in PLAIN if not char.isalnum()][:60], *".'…’–—+°$®"]
    cores = [*FACTS["specials"], *2 * FACTS["units"], *map(str, range(100)), *20 * WORDS, *tokenizer("nb").rules]
    for _ in range(count):
        before, between, after = ("".join(draw.choices(marks, k=draw.randint(0, 3))) for _ in range(3))
        yield before + draw.choice(cores) + draw.choice(["", between, *cores]) + after
        yield "".join(draw.choices(PLAIN, k=draw.randint(1, 12)))
        yield "".join(draw.choices([*draw.choices(PLAIN, k=4), *draw.choices("aA3.:'/", k=4)], k=draw.randint(5, 10)))


@known_rules
@pytest.mark.parametrize(
    ("seed", "count"), [(0, 8_000), *(pytest.param(seed, 60_000, marks=pytest.mark.slow) for seed in range(1, 5))]
)
def test_the_compiled_rules_are_spacys_for_what_is_glued_together(seed: int, count: int) -> None:
    chunks = {chunk for chunk in glued(random.Random(seed), count) if not any(map(str.isspace, chunk))}
    assert compare_rules(sorted(chunks)) < 0.3


@known_rules
@needs_shared
@pytest.mark.slow
def test_the_patterns_are_spacys_for_every_chunk_of_real_text() -> None:
    chunks = sorted({chunk for pattern in REAL for text in _shared_texts(pattern) for chunk in text.split()})
    assert compare_rules([chunk for chunk in chunks if len(chunk) <= MAX_CHUNK]) < 0.02


def test_the_layout_knows_the_longest_chunk() -> None:
    assert layout.MAX_CHUNK == MAX_CHUNK
