"""The compiled rules for plain Norwegian chunks are spaCy's, and all real text is scored alike by table and slow path."""

import gzip
import itertools
import json
import random
from importlib.metadata import version

import numpy as np
import pytest

from autokode import features
from autokode.calibration import sigmoid
from autokode.features import keys_of, normal_form
from autokode.model import Model
from autokode.scoring import plain
from autokode.scoring.machine import PAD
from autokode.scoring.scorer import Scorer, Texts
from autokode.tokens import fingerprint, tokenize, tokenizer
from conftest import ROOT, SHARED, needs_shared

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
    shipped = Model.load(ROOT / "models" / "nav-nb")
    scorer = Scorer(shipped)
    for first in range(0, len(said), 5000):
        batch = said[first : first + 5000]
        asked = [text if i % 2 else "" for i, text in enumerate(["", *batch[:-1]])]
        np.testing.assert_allclose(
            scorer.probabilities(Texts.of(batch), Texts.of(asked)), sigmoid(shipped.logits(batch, asked)), atol=1e-5
        )


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
    raw = [chunk.encode() for chunk in found]
    data, places = np.frombuffer(b"".join(raw) + bytes(PAD), np.uint8), np.cumsum([0, *map(len, raw)])
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
