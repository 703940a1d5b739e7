"""The model that comes along: it is what the shipped data gives, and it is found by its name."""

import dataclasses
import json
import warnings
from pathlib import Path

import numpy as np
import pytest

from autokode import AutoCoder, Codebook, load_model, read_study
from autokode.base.errors import AutokodeWarning
from autokode.training.fit import Examples
from conftest import ROOT

FOLDER = ROOT / "models" / "nav-nb"


@pytest.fixture(scope="module")
def coder() -> AutoCoder:
    return load_model("nav-nb")


@pytest.fixture(scope="module")
def examples() -> Examples:
    return read_study(ROOT / "training_data").examples()


def test_its_codes_are_the_codebooks(coder: AutoCoder) -> None:
    book = Codebook.read(ROOT / "training_data" / "codebook.yaml")
    assert coder.codes_ == list(book.codable)
    assert coder.model_.codebook == book
    assert coder.categories_ == list(book.categories)


def test_it_learnt_from_the_data_as_it_is(coder: AutoCoder, examples: Examples) -> None:
    assert coder.model_.manifest["data"]["sha256"] == examples.sha256, "the data changed: make model"
    assert coder.model_.manifest["data"]["interviews"] == 32


def test_it_is_small_enough_to_ship() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 14_000_000


def test_it_codes_what_advisors_say(coder: AutoCoder) -> None:
    said = {
        "Jeg er utdannet sosionom og har jobba i NAV i åtte år.": "veilederens faglige bakgrunn",
        "Det er jo jeg som bestemmer om han får penger, og det vet han.": "makt",
        "Jeg syns ordet bruker er feil, så jeg sier kandidat.": "brukerbegrepet",
        "Mentoren var en av de eldre på lageret, og de to fant tonen.": "matching med mentor",
    }
    for text, code in said.items():
        row = coder.predict_proba([text])[0]
        assert code in [coder.codes_[k] for k in np.argsort(-row)[:3]], text


def test_a_category_is_as_probable_as_having_any_of_its_codes(coder: AutoCoder) -> None:
    texts = ["Jeg stansa pengene, og hen ble redd.", ""]
    codes, categories = coder.predict_proba(texts), coder.predict_category_proba(texts)
    book = coder.model_.codebook
    assert book is not None
    assert categories.shape == (2, len(book.categories))
    own = [coder.codes_.index(code) for code in book.categories["relasjonsarbeid"]]
    any_of_them = 1 - (1 - codes[:, own]).prod(axis=1)
    np.testing.assert_allclose(categories[:, coder.categories_.index("relasjonsarbeid")], any_of_them, atol=1e-6)


def test_the_card_and_the_readme_show_the_measured_figures() -> None:

    from benchmarks import card, speed

    for path, parts in [*card.parts().items(), *speed.documents().items()]:
        from benchmarks.generated import filled

        written = path.read_text(encoding="utf-8")
        assert filled(written, parts) == written, path


@pytest.fixture(scope="module")
def again(examples: Examples) -> AutoCoder:
    book = Codebook.read(ROOT / "training_data" / "codebook.yaml")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AutokodeWarning)
        return AutoCoder().fit(
            examples.texts, examples.codes, contexts=examples.contexts, groups=examples.groups, codebook=book
        )


@pytest.mark.slow  # half a minute of training
def test_training_again_gives_the_same_model(
    coder: AutoCoder, again: AutoCoder, examples: Examples, tmp_path: Path
) -> None:
    """The same bytes on one kind of machine; elsewhere, where sums round otherwise, the same probabilities and suggestions."""
    again.save(tmp_path / "nav-nb")
    shipped = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))
    found = json.loads((tmp_path / "nav-nb" / "manifest.json").read_text(encoding="utf-8"))
    assert found["data"] == shipped["data"] and found["chosen"] == shipped["chosen"]
    if shipped["versions"] == found["versions"] and shipped["arrays"] == found["arrays"]:
        for path in FOLDER.iterdir():
            assert path.read_bytes() == (tmp_path / "nav-nb" / path.name).read_bytes(), path.name
    same_codes(coder, again, examples)


def test_the_last_bits_of_the_weights_move_no_suggestion(coder: AutoCoder, examples: Examples) -> None:
    """Another processor's sums differ by a unit in the last place of float16: such differences must not matter."""
    random = np.random.default_rng(0)

    def disturbed(weights: np.ndarray) -> np.ndarray:
        halves = weights.astype(np.float16).view(np.int16)
        moved = halves + random.integers(-1, 2, halves.shape, np.int16) * (halves & 0x7FFF > 1)
        return moved.view(np.float16).astype(np.float32)

    model = coder.model_
    other = AutoCoder()
    other.model_ = dataclasses.replace(
        model, weights=disturbed(model.weights), question_weights=disturbed(model.question_weights)
    )
    assert (other.model_.weights != model.weights).mean() > 0.5
    same_codes(coder, other, examples)


def same_codes(one: AutoCoder, other: AutoCoder, examples: Examples) -> None:
    """Compare what matters: probabilities to a thousandth, and what is suggested where it does not lie on the limit itself."""
    texts, contexts = examples.texts[::4], examples.contexts[::4]
    first, second = one.predict_proba(texts, contexts), other.predict_proba(texts, contexts)
    np.testing.assert_allclose(first, second, atol=1e-3)
    np.testing.assert_allclose(one.thresholds_for(), other.thresholds_for(), atol=1e-3)
    clear = (np.abs(first - one.thresholds_for()) > 2e-3).all(axis=1)
    suggested = zip(one.predict(texts, contexts), other.predict(texts, contexts), clear, strict=True)
    assert clear.mean() > 0.9
    assert all(set(own) == set(theirs) for own, theirs, is_clear in suggested if is_clear)
