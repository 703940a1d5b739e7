"""The model that comes along: it is what the shipped data gives, and it is found by its name."""

import json
import warnings
from pathlib import Path

import numpy as np
import pytest

from autokode import AutoCoder, Codebook, load_model, read_study
from autokode.errors import AutokodeWarning
from autokode.training import Examples
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
    assert coder.model_.manifest["data"]["interviews"] == 14


def test_it_is_small_enough_to_ship() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 10_000_000


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
    import sys

    sys.path.insert(0, str(ROOT / "benchmarks"))
    import card
    import speed

    for path, parts in [*card.parts().items(), *speed.documents().items()]:
        from generated import filled

        written = path.read_text(encoding="utf-8")
        assert filled(written, parts) == written, path


def test_training_again_gives_the_same_model(examples: Examples, tmp_path: Path) -> None:
    book = Codebook.read(ROOT / "training_data" / "codebook.yaml")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AutokodeWarning)
        again = AutoCoder().fit(
            examples.texts, examples.codes, contexts=examples.contexts, groups=examples.groups, codebook=book
        )
    again.save(tmp_path / "nav-nb")
    shipped = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))
    found = json.loads((tmp_path / "nav-nb" / "manifest.json").read_text(encoding="utf-8"))
    if shipped["versions"] == found["versions"] and shipped["arrays"] == found["arrays"]:
        for path in FOLDER.iterdir():
            assert path.read_bytes() == (tmp_path / "nav-nb" / path.name).read_bytes(), path.name
    # another processor or library may round the last bits otherwise, and no more than that
    shipped_model, found_model = load_model(FOLDER).model_, again.model_
    np.testing.assert_array_equal(shipped_model.features, found_model.features)
    np.testing.assert_allclose(shipped_model.weights, found_model.weights, atol=1e-4)
    np.testing.assert_allclose(shipped_model.thresholds, found_model.thresholds, atol=1e-3)
