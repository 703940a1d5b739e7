"""A model folder: what is saved is what is loaded, and what is damaged is named."""

import hashlib
import io
import json
import stat
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autokode import AutoCoder, DataError, load_model
from autokode.corpus.codebook import Code, Codebook
from autokode.model import model_files
from conftest import sentences_with_codes
from model_case import same_model


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    book = Codebook("b", (Code("makt og penger", definition="vedtak"), Code("språk", definition="ord")))
    texts = ["vedtaket", "pengene", "ordene", "brevet"] * 3
    coder = AutoCoder().fit(texts, [["makt og penger"], ["makt og penger"], ["språk"], ["språk"]] * 3, codebook=book)
    coder.save(tmp_path / "modell")
    return tmp_path / "modell"


@given(sentences_with_codes, st.integers(0, 3))
@settings(max_examples=15)
def test_a_model_survives_its_folder(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, list[str]]], seed: int
) -> None:
    texts, codes = [text for text, _ in rows], [codes for _, codes in rows]
    coder = AutoCoder(random_state=seed).fit(texts, codes)
    folder = tmp_path_factory.mktemp("m") / "modell æøå"
    coder.save(folder)
    loaded = load_model(folder)
    assert same_model(loaded.model_, coder.model_)
    assert loaded.get_params() == coder.get_params()
    np.testing.assert_array_equal(loaded.predict_proba(texts), coder.predict_proba(texts))


def test_a_model_is_arrays_and_json_for_its_owner_alone(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == [
        "bias.npy",
        "bias_alone.npy",
        "codebook.yaml",
        "encoder_weights.npy",
        "features.npy",
        "limits.npy",
        "manifest.json",
        "question_features.npy",
        "question_weights.npy",
        "thresholds.npy",
        "top_words.tsv",
        "weights.npy",
    ]
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in folder.iterdir())
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["format"] == 4 and manifest["most"] >= 1
    assert manifest["seed"] == 0
    assert set(manifest["versions"]) == {"python", "autokode", "numpy", "scipy", "scikit-learn", "spacy"}
    assert len(manifest["data"]["sha256"]) == 64
    assert 0 < manifest["held_out"]["macro_average_precision"] <= 1
    first = (folder / "top_words.tsv").read_text(encoding="utf-8").split("\n")[1].split("\t")
    assert first[0] == "makt og penger"
    assert first[1] in {"vedtaket", "pengene"}


def test_saving_over_a_model_replaces_it_whole(folder: Path) -> None:
    before = (folder / "weights.npy").read_bytes()
    (folder / "codebook.yaml").unlink()
    coder = load_model(folder)
    coder.save(folder)
    assert (folder / "weights.npy").read_bytes() == before
    assert [path.name for path in folder.parent.iterdir()] == ["modell"]


def test_saving_never_takes_the_place_of_anything_but_a_model(folder: Path, tmp_path: Path) -> None:
    coder = load_model(folder)
    (folder / "notater.docx").write_text("x", encoding="utf-8")
    (tmp_path / "oppgave.txt").write_text("x", encoding="utf-8")
    for place, name in ((folder, "notater.docx"), (tmp_path / "oppgave.txt", "oppgave.txt")):
        with pytest.raises(DataError, match=f"her står det annet enn en modell .{name}.; ingenting er endret"):
            coder.save(place)
    assert (folder / "notater.docx").exists()
    assert (tmp_path / "oppgave.txt").read_text(encoding="utf-8") == "x"
    (tmp_path / "tom").mkdir()
    coder.save(tmp_path / "tom")


def edit_manifest(folder: Path, **changes: object) -> None:
    """Change facts of a manifest without their hash."""
    path = folder / "manifest.json"
    facts = {**json.loads(path.read_text(encoding="utf-8")), **changes}
    del facts["sha256"]
    path.write_text(json.dumps(facts), encoding="utf-8")


def test_every_damage_is_found_and_named(folder: Path) -> None:
    whole = {path.name: path.read_bytes() for path in folder.iterdir()}

    def refused(message: str) -> None:
        with pytest.raises(DataError, match=message) as caught:
            model_files.load(folder)
        assert "autokode train" in str(caught.value)
        for name, data in whole.items():
            (folder / name).write_bytes(data)

    (folder / "weights.npy").write_bytes(whole["weights.npy"][:-1] + b"\x01")
    refused("weights.npy: modellfilen er skadet: innholdet er ikke det som ble lagret")
    (folder / "manifest.json").write_bytes(b"{")
    refused("manifest.json: modellfilen er skadet")
    edit_manifest(folder, format=99)
    refused("modellen har format 99; denne utgaven leser format 4")
    edit_manifest(folder, most=0)
    refused("mangler lang, codes eller arrays")
    edit_manifest(folder, codes=["bare en"])
    refused("modellfilen er skadet: .*≠")
    edit_manifest(folder, lang=7)
    refused("mangler lang, codes eller arrays")
    edit_manifest(folder, texts=["codebook.yaml"])
    refused("mangler lang, codes eller arrays")
    (folder / "manifest.json").write_bytes(whole["manifest.json"].replace("språk".encode(), b"sprak", 1))
    refused("manifest.json: modellfilen er skadet: innholdet er ikke det som ble lagret")
    (folder / "top_words.tsv").write_bytes(whole["top_words.tsv"] + b" ")
    refused("top_words.tsv: modellfilen er skadet: innholdet er ikke det som ble lagret")
    (folder / "manifest.json").unlink()
    refused("er ingen modellmappe")
    with pytest.raises(DataError, match="filen finnes ikke"):
        (folder / "bias.npy").unlink()
        model_files.load(folder)


def edit_array(folder: Path, name: str, array: np.ndarray) -> None:
    """Replace an array and its hash, as an attacker would."""
    stream = io.BytesIO()
    np.save(stream, array, allow_pickle=True)
    (folder / f"{name}.npy").write_bytes(stream.getvalue())
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    edit_manifest(folder, arrays={**manifest["arrays"], name: hashlib.sha256(stream.getvalue()).hexdigest()})


def test_a_model_from_a_stranger_runs_no_code(folder: Path) -> None:
    edit_array(folder, "bias", np.array([print], dtype=object))
    with pytest.raises(DataError, match=r"bias.npy: modellfilen er skadet: Object arrays"):
        model_files.load(folder)


@pytest.mark.parametrize(
    ("array", "found"),
    [
        (np.zeros(2, np.float64), r"float64 \(2,\)"),
        (np.zeros((2, 1), np.float32), r"float32 \(2, 1\)"),
        (np.zeros(3, np.float32), r"\(3,\) ≠ \(2,\)"),
        (np.array([0, np.nan], np.float32), "tall som ikke er endelige"),
    ],
)
def test_an_array_of_another_kind_is_refused(folder: Path, array: np.ndarray, found: str) -> None:
    edit_array(folder, "bias", array)
    with pytest.raises(DataError, match=f"bias.npy: modellfilen er skadet: {found}"):
        model_files.load(folder)


def test_what_is_no_word_of_the_text_has_no_place_in_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ones = SimpleNamespace(encode=lambda texts: np.ones((len(texts), 1), np.float32))
    monkeypatch.setattr("autokode.model.encoder.of", lambda _name: ones)
    model = replace(model_files.load(folder), encoder_weights=np.ones((1, 2), np.float32))
    parts = [part[:3] for part in model.contributions("vedtaket", "Hva kom?")]
    assert parts == [("vedtaket", 0, 8), ("(question)", 0, 0), ("(encoder)", 0, 0), ("(prior)", 0, 0)]
