"""spaCy's Norwegian rules without importing spaCy: tables for the compiled rules, and its patterns for all other chunks.

The tables come from `norwegian.json`, which `benchmarks/build/norwegian_rules.py` wrote by asking spaCy. The patterns are
those of the installed spaCy, taken from it once a machine and kept in the user's cache; without spaCy, those that come along.
"""

import functools
import json
import zlib
from collections.abc import Callable
from importlib.metadata import version
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from autokode.base.cache import cache_folder, read_cached, write_cached
from autokode.nlp import tokenizer
from autokode.nlp.spacy_patterns import Patterns, is_spacy_here, shipped
from autokode.scoring.engine.layout import CODE_POINTS, Rules

PREFIX, SUFFIX, INFIX, STOP, LOWER, UPPER, DIGIT, PLAIN, AWKWARD, ICON, AMOUNT = (1 << bit for bit in range(11))
_FLAGS = {"prefix": PREFIX, "suffix": SUFFIX, "infix": INFIX, "stop": STOP}
_FLAGS |= {"icon": ICON, "amount": AMOUNT}
_FLAGS |= {"lower": LOWER, "upper": UPPER, "digit": DIGIT}
LETTER, ALNUM = LOWER | UPPER, LOWER | UPPER | DIGIT

FILTER = 64
"""Numbers behind a list of texts; their bits rule out most texts that are not in it."""

MIX, MIX_2 = 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F
"""Factors of the hashes, here and in the compiled rules."""

_MASK = (1 << 64) - 1
_ASKERS = ("nlp/tokenizer.py", "scoring/engine/spacy_rules.py")
"""The files that say how spaCy's rules are kept: a change in either makes a new file in the cache."""


def rules(lang: str) -> Rules:
    """The tables of the compiled rules; for a language that we do not know (see `knows`), tables by which nothing is plain."""
    return _compiled_rules(lang) if knows(lang) else _no_rules()


@functools.cache
def knows(lang: str) -> bool:
    """Whether there are compiled rules for a language, and the installed spaCy has the same."""
    if lang != "nb":
        return False
    if not is_spacy_here():
        return True
    facts = _facts()
    if version("spacy") == facts["spacy"]:
        return True
    return bool(_installed(lang)["fingerprint"] == facts["fingerprint"])


@functools.cache
def _facts() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(files("autokode.scoring.engine").joinpath("norwegian.json").read_text("utf-8"))
    return found


@functools.cache
def _compiled_rules(_lang: str) -> Rules:
    facts = _facts()
    kinds, lower = np.zeros(CODE_POINTS, np.uint16), np.arange(CODE_POINTS, dtype=np.uint16)
    for names, chars in facts["plain"].items():
        flags = PLAIN | sum(_FLAGS[name] for name in names.split())
        for char in chars:
            kinds[ord(char)], lower[ord(char)] = flags, ord(char.lower())
    kinds[ord(".")], kinds[ord("'")] = PLAIN | AWKWARD, PLAIN | PREFIX | AWKWARD
    kinds[ord("+")], kinds[ord("°")] = PLAIN | STOP | AMOUNT | AWKWARD, PLAIN | PREFIX | AWKWARD
    kinds[ord("$")] |= AWKWARD
    kinds[ord("…")] = PLAIN | PREFIX | SUFFIX | STOP | AWKWARD
    crc = np.array([zlib.crc32(bytes([b])) for b in range(256)], np.uint32)  # of one byte, so with both inversions
    crc ^= np.uint32(0xFFFFFFFF)
    crc = crc[np.arange(256) ^ 0xFF] ^ np.uint32(0x00FFFFFF)
    return Rules(kinds, lower, _listed(facts["specials"]), _listed(facts["units"]), crc)


@functools.cache
def _no_rules() -> Rules:
    nothing = np.zeros(FILTER, np.uint64)
    kinds = np.zeros(CODE_POINTS, np.uint16)
    return Rules(kinds, kinds, nothing, nothing, np.zeros(256, np.uint32))


def _listed(texts: list[str]) -> npt.NDArray[np.uint64]:
    """Texts of at most sixteen bytes as sorted pairs of numbers, and behind them their filter."""
    pairs = sorted(
        (int.from_bytes(raw[:8], "little"), int.from_bytes(raw[8:], "little"))
        for raw in (text.encode().ljust(16, b"\0") for text in texts)
    )
    bits = [0] * FILTER
    for word, other in pairs:
        mixed = (word * MIX & _MASK) ^ (other * MIX_2 & _MASK)
        bit = (mixed >> 40) % (64 * FILTER)
        bits[bit // 64] |= 1 << bit % 64
    return np.array([*(half for pair in pairs for half in pair), *bits], np.uint64)


def splits_by_chunk(lang: str) -> bool:
    """Whether each chunk of a language can be split by itself; imports spaCy only for a language that we do not know."""
    return knows(lang) or tokenizer.by_chunk(lang)


@functools.cache
def splitter(lang: str) -> Callable[[str], list[str]]:
    """The function that splits a chunk into its tokens as spaCy does.

    Where we know the language (see `knows`), it uses the read_cached patterns and does not import spaCy, which takes a second.
    """
    if not knows(lang):
        return lambda chunk: [token.text for token in tokenizer.tokenize(chunk, lang)]
    patterns = Patterns(**_installed(lang)["patterns"])
    return lambda chunk: patterns(chunk) if len(chunk) <= tokenizer.MAX_CHUNK else [chunk]


def _installed(lang: str) -> dict[str, Any]:
    """The patterns of the installed spaCy and their fingerprint, from the cache where they are kept.

    Where there is no spaCy, they are those that come along.
    """
    if not is_spacy_here():
        return shipped()
    folder = cache_folder()
    asker = b"".join(files("autokode").joinpath(name).read_bytes() for name in _ASKERS)
    path = None if folder is None else folder / f"rules-{lang}-{version('spacy')}-{zlib.crc32(asker):08x}"
    if path is not None:
        before = read_cached(path)
        if before is not None:
            found: dict[str, Any] = json.loads(before)
            return found
    installed = {"fingerprint": tokenizer.fingerprint(lang), "patterns": tokenizer.patterns(lang)}
    if path is not None:
        write_cached(path, json.dumps(installed, ensure_ascii=False).encode())
    return installed
