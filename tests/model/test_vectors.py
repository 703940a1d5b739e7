"""The vectors that come with autokode: what they say of words, and how a model is bound to the ones it was learnt with."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from autokode import AutoCoder, load_model
from autokode.base.errors import DataError
from autokode.model import vectors
from autokode.model.features import forms_of, keys_of, normal_form
from autokode.model.vectors import Vectors, load, of_language
from conftest import ROOT

FOLDER = ROOT / "models" / "nb-vectors"
TEXTS = ["Legen sendte meg til sykehuset", "Vi kjørte bil hele natta", "Sykepleieren var snill", "Bussen var full"]
CODES = [["helse"], ["reise"], ["helse"], ["reise"]]


@pytest.fixture(scope="module")
def nb() -> Vectors:
    found = of_language("nb")
    assert found is not None
    return found


def likeness(found: Vectors, a: str, b: str) -> float:
    one, other = found.of([forms_of(a, "nb"), forms_of(b, "nb")])
    return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))


def test_a_texts_vector_is_the_sum_over_its_features(nb: Vectors) -> None:
    text = "Ja, hun jobber på sykehuset, ikke sant? Jobber og jobber."
    keys = [key for form, count in forms_of(text, "nb").items() for key in keys_of(normal_form(form)) * count]
    place = {key: i for i, key in enumerate(nb.keys.tolist())}
    total = sum(nb.values[place[key]] * np.float64(nb.scales[place[key]]) for key in keys if key in place)
    np.testing.assert_allclose(nb.of([forms_of(text, "nb")])[0], total / np.sqrt(len(keys)), atol=1e-9)
    assert nb.of([forms_of("", "nb")]).tolist() == [[0.0] * nb.dimensions]


def test_projected_is_the_product(nb: Vectors) -> None:
    directions = np.random.default_rng(0).normal(size=(nb.dimensions, 3)).astype(np.float32)
    found = nb.projected(directions)
    assert found.dtype == np.float32
    some = np.arange(0, len(nb.keys), 997)
    dense = nb.values[some].astype(np.float64) * nb.scales[some, None]
    np.testing.assert_allclose(found[some], dense @ directions, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(
    ("word", "near", "far"),
    [
        ("lege", "sykehus", "fotball"),
        ("arbeidsledighet", "ledige som søker jobb", "en tur på fjellet"),
        ("ungdomsarbeidsledighet", "arbeidsledige unge", "grønnsaker til middag"),  # a compound that is in no list
        ("eg veit ikkje", "jeg vet ikke", "huset er rødt"),
        ("sjukepleiar", "sykepleier", "bilmekaniker"),
        ("sykepleierer", "sykepleier", "advokat"),  # misspelt
    ],
)
def test_what_is_alike_lies_near(nb: Vectors, word: str, near: str, far: str) -> None:
    assert likeness(nb, word, near) > likeness(nb, word, far) + 0.1


def test_words_nobody_coded_weigh_what_words_like_them_do() -> None:
    coder = AutoCoder().fit(TEXTS, CODES)
    health, travel = (coder.codes_.index(code) for code in ("helse", "reise"))
    row = coder.predict_proba(["Hun er pasient på en klinikk"])[0]
    assert row[health] > row[travel]
    total = sum(part.contribution for part in coder.explain("Hun er pasient på en klinikk", "helse"))
    assert 1 / (1 + np.exp(-total)) == pytest.approx(row[health], abs=1e-5)


def test_a_language_without_vectors_does_without() -> None:
    assert of_language("en") is None
    model = AutoCoder(lang="en").fit(["good day", "bad day", "good night", "bad night"], [["g"], [], ["g"], []]).model_
    assert model.manifest["vectors"] is None


def test_a_model_says_which_vectors_it_was_learnt_with_and_needs_them_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    coder = AutoCoder().fit(TEXTS, CODES)
    coder.save(tmp_path / "m")
    named = json.loads((tmp_path / "m" / "manifest.json").read_text(encoding="utf-8"))["vectors"]
    assert (named["name"], named["sha256"]) == ("nb-vectors", load("nb-vectors").sha256)
    monkeypatch.setattr(vectors, "load", None)
    assert np.array_equal(load_model(tmp_path / "m").predict_proba(TEXTS), coder.predict_proba(TEXTS))


def test_damaged_vectors_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "nb-vectors"
    shutil.copytree(FOLDER, place)
    monkeypatch.setattr(vectors.resources, "model", lambda name: tmp_path / name)
    load.cache_clear()
    try:
        assert load("nb-vectors").sha256 == json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))["sha256"]
        load.cache_clear()
        data = bytearray((place / "values.npy").read_bytes())
        data[-1] ^= 1
        (place / "values.npy").write_bytes(data)
        with pytest.raises(DataError, match="skadet"):
            load("nb-vectors")
        (place / "values.npy").unlink()
        with pytest.raises(DataError, match="finnes ikke"):
            load("nb-vectors")
    finally:
        load.cache_clear()


def test_they_are_no_larger_than_promised() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) <= 30_000_000
