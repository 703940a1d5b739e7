"""The rows of new chunks, compiled: their tokens' features, and the sum of the weights that the model has of these."""

import numpy as np

from autokode.model.features import WORD_KEY
from autokode.scoring.engine.intrinsics import (
    U0,
    U1,
    U2,
    U3,
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
    prefetch,
    sum_rows_1,
    sum_rows_2,
    sum_rows_3,
)
from autokode.scoring.engine.layout import (
    EXACT_ROWS,
)
from autokode.scoring.engine.spacy_rules import (
    ALNUM,
    LOWER,
    MIX,
)
from autokode.scoring.engine.table_kernel import (
    row_of_form,
)
from autokode.scoring.engine.tokenizer_kernel import (
    decode,
    split_plain,
)

_OPEN, _CLOSE = ord("<"), ord(">")
_MIX = np.uint64(MIX)
_WORD = np.uint64(WORD_KEY)
_PLACE = np.uint64((1 << 31) - 1)
_ONES = np.uint32(0xFFFFFFFF)
_BYTE = np.uint32(0xFF)
_S8 = np.uint32(8)

EXACT = np.uint64(EXACT_ROWS)


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
def feature_slot(key):
    """Where the search for a feature begins, before it is cut to the table's size."""
    return (key * _MIX) >> U32


@compiled
def index(keys, slots, bits):
    """Fill an empty hash table of feature keys, and the filter that rules most others out."""
    mask = np.uint64(len(slots) - 1)
    for i in range(np.uint64(len(keys))):
        mixed = feature_slot(keys[i])
        slot = mixed & mask
        while slots[slot] != U0:
            slot = (slot + U1) & mask
        slots[slot] = keys[i] << U31 | (i + U1)
        bit = mixed & np.uint64(64 * len(bits) - 1)
        bits[bit // U64] |= U1 << (bit % U64)
    return np.int64(0)


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
