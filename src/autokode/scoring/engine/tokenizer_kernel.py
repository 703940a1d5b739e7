"""Plain Norwegian chunks to tokens without spaCy: its rules for everyday characters, compiled.

A chunk is plain when all its characters are in `norwegian.json`, of which `spacy_rules` makes tables. spaCy's patterns split the
others, and those that could be a web address or hold a special case. The rules apply in the order of
`Tokenizer._split_affixes` in spaCy 3.8.
"""

import numpy as np

from autokode.nlp.tokenizer import MAX_CHUNK
from autokode.scoring.engine.intrinsics import (
    ALL,
    U0,
    U1,
    U8,
    U16,
    U64,
    compiled,
    load,
)
from autokode.scoring.engine.layout import (
    CODE_POINTS,
)
from autokode.scoring.engine.spacy_rules import (
    ALNUM,
    AMOUNT,
    AWKWARD,
    DIGIT,
    FILTER,
    ICON,
    INFIX,
    LETTER,
    LOWER,
    MIX,
    MIX_2,
    PREFIX,
    STOP,
    SUFFIX,
    UPPER,
)

_NOT_SIMPLE = PREFIX | SUFFIX | INFIX | ICON | DIGIT | AWKWARD
"""Kinds of characters; a chunk without any of them is one token."""

_DOT, _QUOTE = ord("."), ord("'")
_ELLIPSIS, _HYPHEN, _PLUS, _DEGREE, _DOLLAR = ord("…"), ord("-"), ord("+"), ord("°"), ord("$")
_SCALES = tuple(ord(char) for char in "FfCcKk")
_DOLLARS = tuple(ord(char) for char in "SCA")
"""The last letters of US$, C$ and A$."""

_NO_GENITIVE = tuple(ord(char) for char in "sSxXzZ")
_MIX, _MIX_2 = np.uint64(MIX), np.uint64(MIX_2)
_FILTER = np.uint64(FILTER)


@compiled
def list_bit(word, other):
    """The bit of a list's filter that stands for a text."""
    return (((word * _MIX) ^ (other * _MIX_2)) >> np.uint64(40)) & (_FILTER * U64 - U1)


@compiled
def is_listed(data, start, stop, listed):
    """Whether data[start:stop] is one of the texts in a sorted list of pairs."""
    begin, length = np.uint64(start), np.uint64(stop - start)
    if length > U16 or length == U0:
        return False
    word = load(data, begin)
    other = U0
    if length < U8:
        word &= ALL >> (np.uint64(64) - U8 * length)
    elif length > U8:
        other = load(data, begin + U8) & (ALL >> (np.uint64(128) - U8 * length))
    pairs = np.uint64(len(listed)) - _FILTER
    bit = list_bit(word, other)
    if (listed[pairs + bit // U64] >> (bit % U64)) & U1 == U0:
        return False
    low, high = 0, np.int64(pairs) // 2
    last = high
    while low < high:
        middle = (low + high) // 2
        if listed[2 * middle] < word:
            low = middle + 1
        else:
            high = middle
    while low < last and listed[2 * low] == word:
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
    """The number of code points that a prefix rule takes off points[low:high]."""
    front = low
    while front < high and points[front] == _DOT:
        front += 1
    if front - low > 1:
        return front - low
    if points[low] == _PLUS:
        return 0 if low + 1 < high and kinds[low + 1] & DIGIT else 1
    return 1 if kinds[low] & PREFIX else 0


@compiled
def suffix_length(data, points, kinds, at, low, high, units):
    """The number of code points that a suffix rule takes off points[low:high]."""
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
    if kinds[high - 1] & AMOUNT:
        return 1 if kinds[before] & DIGIT else 0
    if last == _QUOTE:
        return 0 if points[before] in _NO_GENITIVE else 1
    if last == _DOT:
        two_upper = high - low > 2 and kinds[before] & UPPER and kinds[before - 1] & UPPER
        degrees = high - low > 2 and points[before] in _SCALES and points[before - 1] == _DEGREE
        return 1 if kinds[before] & STOP or two_upper or degrees else 0
    return 0


@compiled
def take_affixes(data, n, rules, work):
    """Write the prefixes of a chunk as its first tokens, and where its suffixes end, from the outermost on, to `after`.

    Returns what is left of the chunk (from, to), how many prefixes and suffixes there are, and whether what is left is a
    special case.
    """
    points, kinds, at, begins, ends = work.points, work.kinds, work.at, work.begins, work.stops
    low, high, size = 0, n, -1
    n_before = n_after = 0
    special = False
    while not special and low < high and high - low != size:
        if is_listed(data, at[low], at[high], rules.specials):
            special = True
            break
        size = high - low
        front, back = prefix_length(points, kinds, low, high), 0
        if front and is_listed(data, at[low + front], at[high], rules.specials):
            special = True
        else:
            back = suffix_length(data, points, kinds, at, low + front, high, rules.units)
            if back and is_listed(data, at[low], at[high - back], rules.specials):
                special = True
                front = 0
        if front:
            begins[n_before], ends[n_before] = low, low + front
            n_before += 1
            low += front
        if back:
            work.after[n_after] = high
            n_after += 1
            high -= back
    return low, high, n_before, n_after, special


@compiled
def may_be_address(points, kinds, low, high):
    """1 where points[low:high] could be a web address, else 0; −1 where dots side by side leave the chunk to spaCy."""
    dots = 0
    address = False
    for i in range(low, high):
        dot = points[i] == _DOT
        dots += dot
        address |= dot and i + 2 < high and kinds[i + 1] & kinds[i + 2] & LOWER != 0
        if points[i] == _ELLIPSIS or (i > low and dot and points[i - 1] == _DOT):
            return -1
    return 1 if address or dots >= 3 else 0


@compiled
def cut_infixes(low, high, m, work):
    """Write the tokens of points[low:high], cut at infixes, from token m on; return their number, or −1 to leave it to spaCy."""
    points, kinds, begins, ends = work.points, work.kinds, work.begins, work.stops
    address = may_be_address(points, kinds, low, high)
    if address < 0:
        return -1
    start = low
    for i in range(low + 1, high):
        cut = kinds[i] & ICON != 0
        if not cut and i < high - 1:
            left, right = kinds[i - 1], kinds[i + 1]
            cut = kinds[i] & INFIX and left & LETTER and right & LETTER
            cut |= points[i] == _DOT and left & LOWER and right & UPPER
        if cut:
            if address:
                return -1
            if i > start:
                begins[m], ends[m] = start, i
                m += 1
            begins[m], ends[m] = i, i + 1
            m += 1
            start = i + 1
    if start < high:
        begins[m], ends[m] = start, high
        m += 1
    return m


@compiled
def may_join(data, m, rules, work):
    """Whether some of m tokens side by side, with a letter or digit among them, are a special case together."""
    kinds, at, begins, ends = work.kinds, work.at, work.begins, work.stops
    for i in range(m):
        word = False
        for k in range(begins[i], ends[i]):
            word |= (kinds[k] & ALNUM) != 0
        for j in range(i + 1, min(i + 6, m)):
            for k in range(begins[j], ends[j]):
                word |= (kinds[k] & ALNUM) != 0
            if word and is_listed(data, at[begins[i]], at[ends[j]], rules.specials):
                return True
    return False


@compiled
def tokens_of(data, n, rules, work):
    """Write where the tokens of a plain chunk begin and end, in code points; return their number, or −1 to leave it to spaCy."""
    begins, ends = work.begins, work.stops
    low, high, m, n_after, special = take_affixes(data, n, rules, work)
    if not special:
        m = cut_infixes(low, high, m, work)
        if m < 0:
            return -1
    elif low < high:
        begins[m], ends[m] = low, high
        m += 1
    while n_after:
        n_after -= 1
        begins[m], ends[m] = high, work.after[n_after]
        high = work.after[n_after]
        m += 1
    return -1 if may_join(data, m, rules, work) else m


@compiled
def special_degrees(points, kinds, i):
    """Whether the full stop at `i` may end a special case like «°C.», which is three tokens."""
    return points[i - 2] == _DEGREE and (i == 2 or not kinds[i - 3] & ALNUM)


@compiled
def split_plain(data, n, rules, work):
    """Split a decoded chunk by the compiled rules; return the number of its tokens, or −1 to leave it to spaCy."""
    points, kinds = work.points, work.kinds
    plain = True
    every = 0
    for i in range(n):
        kind = rules.kinds[points[i]] if points[i] < CODE_POINTS else np.uint16(0)
        kinds[i] = kind
        every |= kind
        again = i > 0 and points[i] == points[i - 1]
        plain &= kind != 0 and not (again and (points[i] == _HYPHEN or points[i] == _ELLIPSIS))
        plain &= not (i > 0 and points[i] == _DOLLAR and points[i - 1] in _DOLLARS)
        scale = i > 1 and points[i] == _DOT and points[i - 1] in _SCALES
        plain &= not (scale and special_degrees(points, kinds, i))
    work.begins[0], work.stops[0] = 0, n
    if not plain:
        return -1
    return tokens_of(data, n, rules, work) if every & _NOT_SIMPLE else 1
