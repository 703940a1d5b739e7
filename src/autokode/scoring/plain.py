"""Plain Norwegian chunks to rows without spaCy: its rules for the characters of everyday text, compiled.

A chunk is plain when all its characters are in `norwegian.json`, where `benchmarks/norwegian_rules.py` wrote what spaCy's
rules do with each. What is not plain, or could be more than it seems (a web address, a special case among others), is
left to spaCy. The order of the rules is that of `Tokenizer._split_affixes` in spaCy 3.8.
"""

import functools
import json
import zlib
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from autokode.features import WORD_KEY
from autokode.scoring.machine import ALL, U0, U1, U2, U8, U16, compiled, load, prefetch
from autokode.tokens import MAX_CHUNK

PREFIX, SUFFIX, INFIX, STOP, LOWER, UPPER, DIGIT, PLAIN = (1 << bit for bit in range(8))
_FLAGS = {"prefix": PREFIX, "suffix": SUFFIX, "infix": INFIX, "stop": STOP}
_FLAGS |= {"lower": LOWER, "upper": UPPER, "digit": DIGIT}
LETTER, ALNUM = LOWER | UPPER, LOWER | UPPER | DIGIT
CODE_POINTS = 0x2300
ROOM = MAX_CHUNK + 2

_DOT, _QUOTE, _OPEN, _CLOSE = ord("."), ord("'"), ord("<"), ord(">")
_ELLIPSIS, _HYPHEN = ord("…"), ord("-")
_NO_GENITIVE = tuple(ord(char) for char in "sSxXzZ")
_MIX = np.uint64(0x9E3779B97F4A7C15)
_WORD = np.uint64(WORD_KEY)
_ONES = np.uint32(0xFFFFFFFF)
_BYTE = np.uint32(0xFF)
_S8 = np.uint32(8)


@dataclass(frozen=True, slots=True)
class Rules:
    """What the compiled rules read.

    Attributes:
        kinds: flags of each code point below CODE_POINTS, uint16; 0 where it is not plain.
        lower: its lower case, uint16.
        specials: special cases as pairs of uint64, sorted by the first.
        units: units as pairs of uint64.
        crc: the table of CRC-32, uint32 (256,).
    """

    kinds: npt.NDArray[np.uint16]
    lower: npt.NDArray[np.uint16]
    specials: npt.NDArray[np.uint64]
    units: npt.NDArray[np.uint64]
    crc: npt.NDArray[np.uint32]


@functools.cache
def rules(lang: str) -> Rules | None:
    """Return the compiled rules' tables, or None where the language, or the spaCy installed, has other rules."""
    if lang != "nb":
        return None
    facts: dict[str, Any] = json.loads(files("autokode.scoring").joinpath("norwegian.json").read_text("utf-8"))
    if version("spacy") != facts["spacy"]:
        from autokode.tokens import fingerprint

        if fingerprint(lang) != facts["fingerprint"]:
            return None
    kinds, lower = np.zeros(CODE_POINTS, np.uint16), np.arange(CODE_POINTS, dtype=np.uint16)
    for names, chars in facts["plain"].items():
        flags = PLAIN | sum(_FLAGS[name] for name in names.split())
        for char in chars:
            kinds[ord(char)], lower[ord(char)] = flags, ord(char.lower())
    kinds[_DOT], kinds[_QUOTE], kinds[_ELLIPSIS] = PLAIN, PLAIN | PREFIX, PLAIN | PREFIX | SUFFIX | STOP
    crc = np.array([zlib.crc32(bytes([b])) for b in range(256)], np.uint32)  # of one byte, so with both inversions
    crc ^= np.uint32(0xFFFFFFFF)
    crc = crc[np.arange(256) ^ 0xFF] ^ np.uint32(0x00FFFFFF)
    return Rules(kinds, lower, _pairs(facts["specials"]), _pairs(facts["units"]), crc)


def _pairs(texts: list[str]) -> npt.NDArray[np.uint64]:
    packed = sorted(int.from_bytes(text.encode().ljust(16, b"\0"), "little") for text in texts)
    halves = sorted((number & (2**64 - 1), number >> 64) for number in packed)
    return np.array(halves, np.uint64).ravel()


@compiled
def is_listed(data, start, stop, listed):
    """Return whether data[start:stop] is one of the texts in a sorted list of pairs."""
    begin, length = np.uint64(start), np.uint64(stop - start)
    if length > U16 or length == U0:
        return False
    word = load(data, begin)
    other = U0
    if length < U8:
        word &= ALL >> (np.uint64(64) - U8 * length)
    elif length > U8:
        other = load(data, begin + U8) & (ALL >> (np.uint64(128) - U8 * length))
    low, high = 0, len(listed) // 2
    while low < high:
        middle = (low + high) // 2
        if listed[2 * middle] < word:
            low = middle + 1
        else:
            high = middle
    while low < len(listed) // 2 and listed[2 * low] == word:
        if listed[2 * low + 1] == other:
            return True
        low += 1
    return False


@compiled
def decode(data, start, stop, points, at):
    """Write the code points of a chunk and the byte each begins at; return their number, or −1 for more than MAX_CHUNK."""
    n = 0
    i = np.int64(start)
    while i < np.int64(stop):
        if n >= MAX_CHUNK:
            return -1
        lead = data[i]
        size = 1 if lead < 0x80 else 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
        point = np.uint32(lead if size == 1 else lead & (0x7F >> size))
        for k in range(1, size):
            point = (point << np.uint32(6)) | np.uint32(data[i + k] & 0x3F)
        points[n], at[n] = point, i
        n += 1
        i += size
    at[n] = np.int64(stop)
    return n


@compiled
def prefix_length(points, kinds, low, high):
    """Return the code points that a prefix rule takes off points[low:high]."""
    front = low
    while front < high and points[front] == _DOT:
        front += 1
    if front - low > 1:
        return front - low
    return 1 if kinds[low] & PREFIX else 0


@compiled
def suffix_length(data, points, kinds, at, low, high, units):
    """Return the code points that a suffix rule takes off points[low:high]."""
    if high <= low:
        return 0
    last = points[high - 1]
    back = high - 1
    while back >= low and points[back] == _DOT:
        back -= 1
    if high - 1 - back > 1:
        return high - 1 - back
    back = high - 1
    while back > low and high - back <= 5 and not kinds[back] & DIGIT:
        back -= 1
    if back < high - 1 and kinds[back] & DIGIT and is_listed(data, at[back + 1], at[high], units):
        return high - 1 - back
    if kinds[high - 1] & SUFFIX:
        return 1
    if high - low < 2:
        return 0
    before = high - 2
    if last == _QUOTE:
        return 0 if points[before] in _NO_GENITIVE else 1
    if last == _DOT:
        two_upper = high - low > 2 and kinds[before] & UPPER and kinds[before - 1] & UPPER
        return 1 if kinds[before] & STOP or two_upper else 0
    return 0


@compiled
def tokens_of(data, points, kinds, at, n, specials, units, begins, ends):
    """Write where the tokens of a plain chunk begin and end, in code points; return their number, or −1 for spaCy's."""
    low, high = 0, n
    after = np.empty(MAX_CHUNK, np.int64)
    n_after = 0
    special = False
    size = -1
    m = 0
    while low < high and high - low != size:
        if is_listed(data, at[low], at[high], specials):
            special = True
            break
        size = high - low
        front = prefix_length(points, kinds, low, high)
        if front and is_listed(data, at[low + front], at[high], specials):
            begins[m], ends[m] = low, low + front
            m += 1
            low += front
            special = True
            break
        back = suffix_length(data, points, kinds, at, low + front, high, units)
        if back and is_listed(data, at[low], at[high - back], specials):
            after[n_after] = high
            n_after += 1
            high -= back
            special = True
            break
        if front:
            begins[m], ends[m] = low, low + front
            m += 1
            low += front
        if back:
            after[n_after] = high
            n_after += 1
            high -= back
    start = low
    if not special:
        address = False
        for i in range(low, high):
            address |= points[i] == _DOT
            if points[i] == _ELLIPSIS or (i > low and points[i] == _DOT and points[i - 1] == _DOT):
                return -1
        for i in range(low + 1, high - 1):
            left, right = kinds[i - 1], kinds[i + 1]
            cut = kinds[i] & INFIX and left & LETTER and right & LETTER
            cut |= points[i] == _DOT and left & LOWER and right & UPPER
            if cut:
                if address:
                    return -1
                begins[m], ends[m], begins[m + 1], ends[m + 1] = start, i, i, i + 1
                m += 2
                start = i + 1
    if start < high:
        begins[m], ends[m] = start, high
        m += 1
    while n_after:
        n_after -= 1
        begins[m], ends[m] = high, after[n_after]
        high = after[n_after]
        m += 1
    for i in range(m):
        word = False
        for k in range(begins[i], ends[i]):
            word |= (kinds[k] & ALNUM) != 0
        for j in range(i + 1, min(i + 6, m)):
            for k in range(begins[j], ends[j]):
                word |= (kinds[k] & ALNUM) != 0
            if word and is_listed(data, at[begins[i]], at[ends[j]], specials):
                return -1
    return m


@compiled
def feature_table(keys):
    """Return a hash table of feature keys: slots of (key + 1, place), uint64, 0 for an empty one."""
    size = 16
    while size < 2 * len(keys):
        size *= 2
    slots = np.zeros(2 * size, np.uint64)
    for i in range(len(keys)):
        slot = ((keys[i] * _MIX) >> np.uint64(32)) & np.uint64(size - 1)
        while slots[U2 * slot] != U0:
            slot = (slot + U1) & np.uint64(size - 1)
        slots[U2 * slot], slots[U2 * slot + U1] = keys[i] + U1, np.uint64(i)
    return slots


@compiled
def add_features(keys, n, slots, weights, total):
    """Add the weights of n features to the total, those that the model knows; `keys` becomes their places."""
    mask = np.uint64(len(slots) // 2 - 1)
    for i in range(n):
        prefetch(slots, U2 * (((keys[i] * _MIX) >> np.uint64(32)) & mask))
    known = 0
    for i in range(n):
        key = keys[i]
        slot = ((key * _MIX) >> np.uint64(32)) & mask
        while slots[U2 * slot] != U0:
            if slots[U2 * slot] == key + U1:
                keys[known] = slots[U2 * slot + U1]
                prefetch(weights, keys[known] * np.uint64(len(total)))
                prefetch(weights, keys[known] * np.uint64(len(total)) + U16)
                known += 1
                break
            slot = (slot + U1) & mask
    for i in range(known):
        base = keys[i] * np.uint64(len(total))
        for k in range(np.uint64(len(total))):
            total[k] += weights[base + k]


@compiled
def crc_of(crc, value, point):
    """Return a running CRC-32 with the UTF-8 of a code point below 0x10000 added."""
    if point < 0x80:
        return crc[(value ^ point) & _BYTE] ^ (value >> _S8)
    if point < 0x800:
        value = crc[(value ^ (np.uint32(0xC0) | point >> np.uint32(6))) & _BYTE] ^ (value >> _S8)
    else:
        value = crc[(value ^ (np.uint32(0xE0) | point >> np.uint32(12))) & _BYTE] ^ (value >> _S8)
        value = crc[(value ^ (np.uint32(0x80) | (point >> np.uint32(6) & np.uint32(0x3F)))) & _BYTE] ^ (value >> _S8)
    return crc[(value ^ (np.uint32(0x80) | (point & np.uint32(0x3F)))) & _BYTE] ^ (value >> _S8)


@compiled
def keys_of(form, n, crc, keys, count):
    """Write the feature keys of a framed word, as `features.keys_of` has them, from `count` on; return the new count."""
    value = _ONES
    for i in range(n):
        value = crc_of(crc, value, form[i])
    keys[count] = _WORD + np.uint64(value ^ _ONES)
    count += 1
    for i in range(n - 2):
        value = _ONES
        for j in range(i, min(i + 5, n)):
            value = crc_of(crc, value, form[j])
            if j >= i + 2:
                keys[count] = np.uint64(value ^ _ONES)
                count += 1
    return count


@compiled
def plain_rows(data, starts, stops, kinds_of, lower, specials, units, crc, slots, weights, rows, features):
    """Write the rows of plain chunks, float32 (n, stride), and their numbers of features; return which are not plain.

    `weights` is float32 flat, `stride` floats a feature.
    """
    points, at = np.empty(ROOM, np.uint32), np.empty(ROOM, np.int64)
    kinds, form = np.empty(ROOM, np.uint16), np.empty(ROOM, np.uint32)
    begins, ends = np.empty(2 * ROOM, np.int64), np.empty(2 * ROOM, np.int64)
    total = np.empty(rows.shape[1], np.float64)
    keys = np.empty(5 * ROOM, np.uint64)
    left = np.zeros(len(starts), np.bool_)
    for c in range(len(starts)):
        n = decode(data, starts[c], stops[c], points, at)
        features[c] = 0
        rows[c] = 0.0
        if n < 0:
            continue
        plain = True
        for i in range(n):
            kinds[i] = kinds_of[points[i]] if points[i] < CODE_POINTS else 0
            again = i > 0 and points[i] == points[i - 1]
            plain &= kinds[i] != 0 and not (again and (points[i] == _HYPHEN or points[i] == _ELLIPSIS))
        m = tokens_of(data, points, kinds, at, n, specials, units, begins, ends) if plain else -1
        if m < 0:
            left[c] = True
            continue
        count = 0
        for t in range(m):
            size = 1
            form[0] = _OPEN
            word = False
            for i in range(begins[t], ends[t]):
                form[size] = lower[points[i]]
                size += 1
                word |= (kinds[i] & ALNUM) != 0
            form[size] = _CLOSE
            if word:
                count = keys_of(form, size + 1, crc, keys, count)
        features[c] = count
        total[:] = 0.0
        add_features(keys, count, slots, weights, total)
        for k in range(len(total)):
            rows[c, k] = np.float32(total[k])
    return left
