"""Vectors for words and character n-grams; their sum over a text is near a sentence encoder's embedding of it.

They are features like others: a text's vector is Σ vector[feature] / √n over the n features of `features`, so a model that
is linear in it gives each feature a row, and everything downstream stays a sum.
"""

import functools
import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from autokode.base import resources
from autokode.base.arrays import Floats, Keys
from autokode.base.errors import failure
from autokode.base.files import read_bytes
from autokode.model.features import matrix

BY_LANGUAGE = {"nb": "nb-vectors", "nn": "nb-vectors"}
"""The vectors that come with autokode, by spaCy language code."""

FILES = ("keys", "values", "scales")
_ROWS = 1 << 14
_AGAIN = "pip install --force-reinstall autokode"


@dataclass(frozen=True, slots=True, eq=False)
class Vectors:
    """Vectors of features, in eight bits.

    Attributes:
        name: the name of their folder.
        keys: sorted feature keys, uint64 (n_vectors,).
        values: int8 (n_vectors, n_dimensions), memory-mapped.
        scales: a vector is its values times its scale; float32 (n_vectors,). Vectors of sentences have a length of about 1.
        sha256: of the three files, in hexadecimal.
    """

    name: str
    keys: Keys
    values: npt.NDArray[np.int8]
    scales: npt.NDArray[np.float32]
    sha256: str

    @property
    def dimensions(self) -> int:
        return int(self.values.shape[1])

    def of(self, counted: Sequence[Counter[str]]) -> Floats:
        """The vectors of texts given as `features.forms_of`, float64 (n_texts, n_dimensions)."""
        rows = matrix(counted, self.keys)
        used = np.unique(rows.indices)
        dense = self.values[used] * self.scales[used, None].astype(np.float64)
        return np.asarray(rows[:, used] @ dense)

    def projected(self, directions: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """The product of every vector with directions, float32 (n_dimensions, k) → (n_vectors, k)."""
        result = np.empty((len(self.keys), directions.shape[1]), np.float32)
        for first in range(0, len(result), _ROWS):
            part = slice(first, first + _ROWS)
            result[part] = (self.values[part].astype(np.float32) @ directions) * self.scales[part, None]
        return result


def of_language(lang: str) -> Vectors | None:
    """The vectors that come with autokode for a spaCy language code, or None where there are none."""
    name = BY_LANGUAGE.get(lang)
    return None if name is None or resources.model(name) is None else load(name)


@functools.cache
def load(name: str) -> Vectors:
    """The vectors of a name.

    Raises:
        DataError: there are none of that name, or their files are damaged.
    """
    folder = resources.model(name)
    if folder is None:
        raise failure(f"vektorene «{name}» finnes ikke her", f"the vectors «{name}» are not here", try_next=_AGAIN)
    digest = hashlib.sha256()
    for file in FILES:
        digest.update(read_bytes(folder / f"{file}.npy"))
    if digest.hexdigest() != json.loads(read_bytes(folder / "manifest.json")).get("sha256"):
        what = "vektorene er skadet: innholdet er ikke det som ble lagret", "the vectors are damaged"
        raise failure(*what, where=folder, try_next=_AGAIN)
    keys, values, scales = (np.load(folder / f"{file}.npy", mmap_mode="r", allow_pickle=False) for file in FILES)
    return Vectors(name, np.asarray(keys), values, np.asarray(scales), digest.hexdigest())
