"""Turns tokens into features: the word itself and its character n-grams, each known by a 33-bit key.

This is the slow and obvious path; tests hold every faster one to it. A text's row is the sum of its tokens' features,
divided by the square root of their number, so a word's weight is the same wherever it stands.
"""

import functools
import unicodedata
import zlib
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from autokode.base.arrays import Floats, Keys
from autokode.nlp.tokenizer import MAX_CHUNK, tokenize

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

NGRAMS = (3, 4, 5)
"""Lengths of the character n-grams, in code points, taken inside a token between its boundaries `<` and `>`."""

WORD_KEY = 1 << 32
"""Added to the CRC-32 of a word, so that words and n-grams never share a key."""


def normal_form(token: str) -> str:
    """The form in which tokens are compared: composed (NFC) and lower case.

    It is "" for a token without a letter or digit, and for one of more than `MAX_CHUNK` characters; neither is a word.

    >>> normal_form("Språk"), normal_form("–")
    ('språk', '')
    """
    is_word = len(token) <= MAX_CHUNK and any(map(str.isalnum, token))
    return unicodedata.normalize("NFC", token).lower() if is_word else ""


@functools.lru_cache(maxsize=1 << 17)
def keys_of(form: str) -> tuple[int, ...]:
    """The feature keys of a token in normal form: its word, then its n-grams by where they begin; () for "".

    A key is the CRC-32 of the UTF-8 bytes, plus `WORD_KEY` for the word itself. The compiled scorer adds features in this order.
    """
    if not form:
        return ()
    framed = f"<{form}>"
    pieces = (framed[i : i + n] for i in range(len(framed)) for n in NGRAMS if i + n <= len(framed))
    return (WORD_KEY + _crc(framed), *(_crc(piece) for piece in pieces))


@functools.lru_cache(maxsize=1 << 14)
def forms_of(text: str, lang: str) -> Counter[str]:
    """Count the normal forms of a text's tokens, in the order in which they first appear.

    The last results are kept, since a model learns from the same texts again after some decisions; do not change them.
    """
    forms = Counter(normal_form(token.text) for token in tokenize(text, lang))
    forms.pop("", None)
    return forms


def vocabulary(counted: Sequence[Counter[str]]) -> Keys:
    """The sorted keys, uint64 (n_features,), of the features of texts."""
    forms = {form: None for counts in counted for form in counts}
    return distinct(np.array([key for form in forms for key in keys_of(form)], np.uint64))


def distinct(keys: Keys) -> Keys:
    """The different keys, sorted; sorting is several times as fast as the hashing of `np.unique`."""
    found = np.sort(keys)
    first: npt.NDArray[np.bool_] = np.append(True, found[1:] != found[:-1])[: len(found)]
    return np.asarray(found[first])


def matrix(counted: Sequence[Counter[str]], vocabulary: Keys) -> "csr_matrix":
    """The feature rows of texts, float64 (n_texts, n_features).

    A row is count / √n, where n is the number of the text's features, known to the vocabulary or not.
    """
    from scipy.sparse import csr_matrix

    forms = {form: row for row, form in enumerate({form: None for forms in counted for form in forms})}
    of_form, sizes = form_matrix(list(forms), vocabulary)
    rows = np.repeat(np.arange(len(counted)), [len(forms) for forms in counted])
    columns = np.array([forms[form] for text in counted for form in text], np.int64)
    counts = np.array([count for text in counted for count in text.values()], np.float64)
    of_text = csr_matrix((counts, (rows, columns)), shape=(len(counted), len(forms)))
    lengths = np.maximum(of_text @ sizes, 1.0)
    of_text.data /= np.sqrt(lengths)[rows]
    result: csr_matrix = of_text @ of_form
    result.sort_indices()
    return result


def form_matrix(forms: Sequence[str], vocabulary: Keys) -> "tuple[csr_matrix, Floats]":
    """The features of each form, float64 (n_forms, n_features), and their number, unknown ones included."""
    from scipy.sparse import csr_matrix

    keys = [keys_of(form) for form in forms]
    sizes = np.array([len(k) for k in keys], np.float64)
    flat = np.array([key for k in keys for key in k], np.uint64)
    places, known = look_up(flat, vocabulary)
    rows = np.repeat(np.arange(len(forms)), sizes.astype(np.int64))[known]
    ones = np.ones(len(rows))
    return csr_matrix((ones, (rows, places[known])), shape=(len(forms), len(vocabulary))), sizes


def look_up(keys: Keys, vocabulary: Keys) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """The place of each key in a sorted vocabulary, and whether it is there at all (if not, ignore the place)."""
    if not len(vocabulary):
        return np.zeros(len(keys), np.int64), np.zeros(len(keys), np.bool_)
    places = np.minimum(np.searchsorted(vocabulary, keys), len(vocabulary) - 1)
    return places, vocabulary[places] == keys


def _crc(piece: str) -> int:
    return zlib.crc32(piece.encode("utf-8", "surrogatepass"))
