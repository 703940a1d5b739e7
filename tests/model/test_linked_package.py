"""An installer may lay links for files; the models that come along are taken from them, a stranger's never."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from autokode import load_model
from autokode.base import resources
from autokode.model import vectors
from autokode.nlp import pipeline
from conftest import ROOT
from hostile_case import refused

TEXT = "Vi bygde tillit over tid."


def linked(source: Path, target: Path) -> None:
    """Make a folder like another, with a link for each file, as `uv pip install --link-mode=symlink` does."""
    for file in sorted(source.rglob("*")):
        if file.is_file():
            place = target / file.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(file)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that stands for the installed package; every file of its models is a link."""
    folder = tmp_path / "site-packages" / "autokode"
    linked(ROOT / "models", folder / "models")
    monkeypatch.setattr(resources, "_PACKAGE", folder)
    for loaded in (vectors.load, pipeline._load):
        loaded.cache_clear()
    yield folder
    for loaded in (vectors.load, pipeline._load):
        loaded.cache_clear()


def test_the_models_of_a_linked_package_load(package: Path) -> None:
    expected = load_model(ROOT / "models" / "nav-nb").predict_proba([TEXT])
    assert (load_model("nav-nb").predict_proba([TEXT]) == expected).all()
    assert (load_model(package / "models" / "nav-nb").predict_proba([TEXT]) == expected).all()
    assert vectors.load("nb-vectors").dimensions > 0
    assert [token.text for token in pipeline.norwegian(own=True)(TEXT)][-1] == "."


def test_a_link_to_the_folder_of_a_linked_package_leads_to_it(package: Path, tmp_path: Path) -> None:
    (tmp_path / "min-modell").symlink_to(package / "models" / "nav-nb")
    assert load_model(tmp_path / "min-modell").codes_


def test_a_strangers_links_are_refused_beside_a_linked_package(package: Path, tmp_path: Path) -> None:
    linked(package / "models" / "nav-nb", tmp_path / "fremmed" / "nav-nb")
    refused(lambda: load_model(tmp_path / "fremmed" / "nav-nb"), "er en lenke, ikke en fil")


def test_a_link_to_nowhere_in_the_package_is_said(package: Path) -> None:
    file = package / "models" / "nav-nb" / "bias.npy"
    file.unlink()
    file.symlink_to(package / "borte")
    refused(lambda: load_model("nav-nb"), "filen finnes ikke")
