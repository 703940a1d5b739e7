"""Plain Norwegian chunks to rows without spaCy: its rules for everyday characters, compiled.

A chunk is plain when all its characters are in `norwegian.json`, of which `spacy_rules` makes tables. spaCy's patterns split the
others, and those that could be a web address or hold a special case. The rules apply in the order of
`Tokenizer._split_affixes` in spaCy 3.8.
"""

import numpy as np

from autokode.model.features import WORD_KEY
from autokode.nlp.tokenizer import MAX_CHUNK
from autokode.scoring.engine.intrinsics import (
    ALL,
    LOW32,
    U0,
    U1,
    U2,
    U3,
    U4,
    U6,
    U7,
    U8,
    U16,
    U24,
    U31,
    U32,
    U64,
    compiled,
    least,
    load,
    load_acquire,
    prefetch,
    sum_rows_1,
    sum_rows_2,
    sum_rows_3,
)
from autokode.scoring.engine.layout import CODE_POINTS, EXACT_ROWS
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

_DOT, _QUOTE, _OPEN, _CLOSE = ord("."), ord("'"), ord("<"), ord(">")
_ELLIPSIS, _HYPHEN, _PLUS, _DEGREE, _DOLLAR = ord("…"), ord("-"), ord("+"), ord("°"), ord("$")
_SCALES = tuple(ord(char) for char in "FfCcKk")
_DOLLARS = tuple(ord(char) for char in "SCA")
"""The last letters of US$, C$ and A$."""

_NO_GENITIVE = tuple(ord(char) for char in "sSxXzZ")
_MIX, _MIX_2 = np.uint64(MIX), np.uint64(MIX_2)
_WORD = np.uint64(WORD_KEY)
_PLACE = np.uint64((1 << 31) - 1)
_ONES = np.uint32(0xFFFFFFFF)
_BYTE = np.uint32(0xFF)
_S8 = np.uint32(8)
_FILTER = np.uint64(FILTER)

EXACT = np.uint64(EXACT_ROWS)

KEEP = np.array([[(1 << 8 * min(n, 8)) - 1, (1 << 8 * max(n - 8, 0)) - 1] for n in range(17)], np.uint64).ravel()
"""For lengths 0 to 16 the bits that belong to a chunk in its first and in its second eight bytes."""


@compiled
def sum_exactly(ids, first, last, rows, stride, part, total):
    """Write the sum of rows[id * stride:] over ids[first:last], float64; `part` is room for one row."""
    total[:] = 0.0
    while first < last:
        until = least(last, first + EXACT)
        column = U0
        while column < stride:
            left = stride - column
            if left >= U24:
                sum_rows_3(ids, first, until, rows, stride, column, part, column)
                column += U24
            elif left == U16:
                sum_rows_2(ids, first, until, rows, stride, column, part, column)
                column += U16
            else:
                sum_rows_1(ids, first, until, rows, stride, column, part, column)
                column += U8
        for k in range(stride):
            total[k] += part[k]
        first = until


@compiled
def equal(data, start, pool, place, first, length):
    """Whether a chunk's bytes from `first` on are those in the pool."""
    i = first
    while i < length:
        keep = KEEP[least(length - i, U8) * U2]
        if (load(data, start + i) ^ load(pool, place + i)) & keep != U0:
            return False
        i += U8
    return True


@compiled
def found_at(data, start, word, other, length, slot, slots, pool):
    """The slot of a chunk from `slot` on, or the empty one where the search ends."""
    while True:
        meta = load_acquire(slots, slot + U2)
        if meta == U0:
            return slot
        alike = ((slots[slot] ^ word) | (slots[slot + U1] ^ other) | ((meta ^ length) & LOW32)) == U0
        if alike and (length <= U16 or equal(data, start, pool, slots[slot + U3] >> U24, U16, length)):
            return slot
        slot += U4
        if slot >= np.uint64(len(slots)):
            slot = U0


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
def feature_slot(key):
    """Where the search for a feature begins, before it is cut to the table's size."""
    return (key * _MIX) >> U32


@compiled
def sum_known(keys, n, weights, stride, part, total):
    """Write the sum of the weights of those of n keys that the model knows; `keys` becomes their places."""
    slots = weights.slots
    mask = np.uint64(len(slots) - 1)
    known = U0
    for i in range(n):
        slot = feature_slot(keys[i]) & mask
        while slots[slot] != U0 and slots[slot] >> U31 != keys[i]:
            slot = (slot + U1) & mask
        if slots[slot] != U0:
            keys[known] = (slots[slot] & _PLACE) - U1
            prefetch(weights.rows, keys[known] * stride)
            prefetch(weights.rows, keys[known] * stride + U16)
            known += U1
    sum_exactly(keys, U0, known, weights.rows, stride, part, total)


@compiled
def crc_of(crc, value, point):
    """Add the UTF-8 of a code point below 0x10000 to a running CRC-32."""
    if point < 0x80:
        return crc[(value ^ point) & _BYTE] ^ (value >> _S8)
    if point < 0x800:
        value = crc[(value ^ (np.uint32(0xC0) | point >> np.uint32(6))) & _BYTE] ^ (value >> _S8)
    else:
        value = crc[(value ^ (np.uint32(0xE0) | point >> np.uint32(12))) & _BYTE] ^ (value >> _S8)
        value = crc[(value ^ (np.uint32(0x80) | (point >> np.uint32(6) & np.uint32(0x3F)))) & _BYTE] ^ (value >> _S8)
    return crc[(value ^ (np.uint32(0x80) | (point & np.uint32(0x3F)))) & _BYTE] ^ (value >> _S8)


@compiled
def likely(key, weights, keys, count):
    """Put a key at `count` and fetch its slot; return the new count, which is the old one where the model cannot know it."""
    mixed = feature_slot(key)
    bit = mixed & np.uint64(64 * len(weights.filter) - 1)
    prefetch(weights.slots, mixed & np.uint64(len(weights.slots) - 1))
    keys[count] = key
    return count + ((weights.filter[bit // U64] >> (bit % U64)) & U1)


@compiled
def keys_of(form, n, crc, weights, keys, count):
    """Write the feature keys of a framed word, as `features.keys_of` has them, from `count` on; return the new count."""
    value = _ONES
    for i in range(n):
        value = crc_of(crc, value, form[i])
    count = likely(_WORD + np.uint64(value ^ _ONES), weights, keys, count)
    for i in range(n - 2):
        value = crc_of(crc, crc_of(crc, crc_of(crc, _ONES, form[i]), form[i + 1]), form[i + 2])
        count = likely(np.uint64(value ^ _ONES), weights, keys, count)
        for j in range(i + 3, min(i + 5, n)):
            value = crc_of(crc, value, form[j])
            count = likely(np.uint64(value ^ _ONES), weights, keys, count)
    return count


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


@compiled
def pack_form(form, size, forms, at):
    """Write a framed word's first sixteen bytes and its length to forms[at:]; length 0 for one of more bytes."""
    word, other, length = U0, U0, U0
    for i in range(1, size - 1):
        point = np.uint64(form[i])
        if point >= np.uint64(0x80):
            point = np.uint64(0x80C0) | point >> U6 | (point & np.uint64(0x3F)) << U8
        if length < U8:
            word |= point << (U8 * length)
            other |= point >> U8 if length == U7 else U0
        elif length < U16:
            other |= point << (U8 * (length - U8))
        length += U2 if point > np.uint64(0xFF) else U1
    forms[at], forms[at + U1], forms[at + U2] = word, other, length if length <= U16 else U0


@compiled
def form_slot(forms, at, table):
    """The table's slot of a form of at most sixteen bytes, or the empty one where it belongs."""
    word, other = forms[at], forms[at + U1]
    slot = ((word * _MIX + other * _MIX_2) >> table.shift) * U4
    return found_at(table.pool, U0, word, other, forms[at + U2], slot, table.slots, table.pool)


@compiled
def row_of_form(forms, at, table):
    """The row of a form in the table; 0 where it has none."""
    return U0 if forms[at + U2] == U0 else load_acquire(table.slots, form_slot(forms, at, table) + U2) >> U32


@compiled
def keys_of_tokens(m, c, rules, weights, work, new):
    """Write the keys of a chunk's tokens that the model may know; return their number.

    `new.features` gets the number of all keys, and `new.forms` the form of a chunk that is one word of letters besides marks.
    """
    form, at = work.form, U3 * c
    count = U0
    features = words = 0
    alone = True
    for t in range(m):
        size = 1
        form[0] = _OPEN
        word = False
        single = work.begins[t] + 1 == work.stops[t]
        for i in range(work.begins[t], work.stops[t]):
            form[size] = rules.lower[work.points[i]]
            word |= (work.kinds[i] & ALNUM) != 0
            alone &= single or (form[size] < 0x800 and rules.kinds[form[size]] & LOWER != 0)
            size += 1
        form[size] = _CLOSE
        if word:
            count = keys_of(form, size + 1, rules.crc, weights, work.features, count)
            features += size + max(size - 2, 0) + max(size - 3, 0)
            words += 1
            if words == 1:
                alone &= not single or rules.kinds[form[1]] & LOWER != 0
                pack_form(form, size + 1, new.forms, at)
    new.features[c] = np.uint64(features)
    if words != 1 or not alone:
        new.forms[at + U2] = U0
    return count


@compiled
def plain_rows(data, rules, weights, table, work, new, n_chunks, stride):
    """Write the rows of the first chunks of `new`, float32, and their numbers of features; mark those that are not plain.

    A chunk that is one word of letters, but for marks and capitals, has the row of that word: where the table has it, `shared`
    says which, and no row is written.
    """
    for c in range(np.uint64(n_chunks)):
        new.forms[U3 * c + U2] = U0
        size = decode(data, new.starts[c], new.stops[c], work.points, work.at)
        m = split_plain(data, size, rules, work) if size >= 0 else 0
        new.hard[c] = m < 0
        count = keys_of_tokens(m, c, rules, weights, work, new)
        new.shared[c] = row_of_form(new.forms, U3 * c, table)
        if new.shared[c] == U0:
            sum_known(work.features, count, weights, stride, work.part, work.total)
            for k in range(stride):
                new.rows[c * stride + k] = np.float32(work.total[k])
    return np.int64(n_chunks)
