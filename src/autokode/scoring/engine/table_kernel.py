"""The table of chunks, compiled: find a chunk's row or a word's, put new ones in, and move all to a larger table.

A table slot is four uint64: the chunk's first eight bytes, its next eight, `row << 32 | length in bytes`, and
`place in the pool << 24 | number of features`. A chunk of more than sixteen bytes is compared with its copy in the pool,
so equal hashes never give wrong numbers. Readers need no lock: a slot's third number is written last. A word of letters that
several chunks are, but for marks and capitals, has a slot of its own by its form, which gives them all one row.
"""

import numpy as np

from autokode.scoring.engine.intrinsics import (
    LOW32,
    U0,
    U1,
    U2,
    U3,
    U4,
    U8,
    U16,
    U24,
    U32,
    compiled,
    least,
    load,
    load_acquire,
    prefetch,
    store_release,
)
from autokode.scoring.engine.layout import (
    POOL_USED,
    ROWS_USED,
    USED,
)
from autokode.scoring.engine.spacy_rules import (
    MIX,
    MIX_2,
)

_MIX, _MIX_2 = np.uint64(MIX), np.uint64(MIX_2)
_A, _B = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
_C = np.uint64(0xD6E8FEB86659FD93)

KEEP = np.array([[(1 << 8 * min(n, 8)) - 1, (1 << 8 * max(n - 8, 0)) - 1] for n in range(17)], np.uint64).ravel()
"""For lengths 0 to 16 the bits that belong to a chunk in its first and in its second eight bytes."""


@compiled
def hashed(data, start, length):
    """A chunk's hash (of its first sixteen and last eight bytes) and its first sixteen bytes; without a branch."""
    keep = least(length, U16) * U2
    word, other = load(data, start) & KEEP[keep], load(data, start + U8) & KEEP[keep + U1]
    longer = U0 - np.uint64(length > U16)  # all ones, or zero
    last = load(data, start + ((length - U8) & longer)) & longer
    return word * _A + other * _B + (last ^ (length & longer)) * _C, word, other


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
    """The slot of a chunk from `slot` on, and its third number; or the empty one where the search ends, and 0.

    Who reads goes by the number given here: another thread may fill an empty slot, with another chunk, right after the search.
    """
    while True:
        meta = load_acquire(slots, slot + U2)
        if meta == U0:
            return slot, U0
        alike = ((slots[slot] ^ word) | (slots[slot + U1] ^ other) | ((meta ^ length) & LOW32)) == U0
        if alike and (length <= U16 or equal(data, start, pool, slots[slot + U3] >> U24, U16, length)):
            return slot, meta
        slot += U4
        if slot >= np.uint64(len(slots)):
            slot = U0


@compiled
def first_slot(data, start, length, shift):
    """The slot where the search for a chunk begins, and its first sixteen bytes."""
    mixed, word, other = hashed(data, start, length)
    return (mixed >> shift) * U4, word, other


@compiled
def place_of(data, start, length, slots, shift, pool):
    """The slot of a chunk and its third number, as `found_at` gives them, and the chunk's first sixteen bytes."""
    slot, word, other = first_slot(data, start, length, shift)
    slot, meta = found_at(data, start, word, other, length, slot, slots, pool)
    return slot, meta, word, other


@compiled
def form_slot(forms, at, table):
    """The table's slot of a form of at most sixteen bytes and its third number, as `found_at` gives them."""
    word, other = forms[at], forms[at + U1]
    slot = ((word * _MIX + other * _MIX_2) >> table.shift) * U4
    return found_at(table.pool, U0, word, other, forms[at + U2], slot, table.slots, table.pool)


@compiled
def row_of_form(forms, at, table):
    """The row of a form in the table; 0 where it has none."""
    return U0 if forms[at + U2] == U0 else form_slot(forms, at, table)[1] >> U32


@compiled
def insert(data, new, n, table, state, stride, anew):
    """Put the first n chunks of `new`, their rows and the forms of these into the table; the caller has made room for all.

    Where the table began anew since, those that share a row of it are left out.
    """
    slots, shift, pool, rows = table.slots, table.shift, table.pool, table.rows
    for i in range(n):
        ahead = least(i + U8, n - U1)
        prefetch(slots, first_slot(data, new.starts[ahead], new.stops[ahead] - new.starts[ahead], shift)[0])
        if anew and new.shared[i] != U0:
            continue
        row = new.shared[i]
        form = U3 * i
        if row == U0:
            row = row_of_form(new.forms, form, table)
        if row == U0:
            state[ROWS_USED] += U1
            row = state[ROWS_USED]
            for k in range(stride):
                rows[row * stride + k] = new.rows[i * stride + k]
            if new.forms[form + U2] != U0:
                slot = form_slot(new.forms, form, table)[0]
                fill(
                    slots,
                    slot,
                    new.forms[form],
                    new.forms[form + U1],
                    new.features[i],
                    row,
                    new.forms[form + U2],
                    state,
                )
        start = new.starts[i]
        length = new.stops[i] - start
        slot, meta, word, other = place_of(data, start, length, slots, shift, pool)
        if meta != U0:
            continue
        used = state[POOL_USED]
        if length > U16:
            for j in range(length):
                pool[used + j] = data[start + j]
            state[POOL_USED] += length
        fill(slots, slot, word, other, (used << U24) | new.features[i], row, length, state)
    return np.int64(0)


@compiled
def fill(slots, slot, word, other, more, row, length, state):
    """Write a slot, what readers wait for last."""
    slots[slot], slots[slot + U1], slots[slot + U3] = word, other, more
    store_release(slots, slot + U2, (row << U32) | length)
    state[USED] += U1


@compiled
def rehash(old, pool, slots, shift):
    """Copy every slot of a table into a larger one."""
    for s in range(U0, np.uint64(len(old)), U4):
        if old[s + U2] == U0:
            continue
        length = old[s + U2] & LOW32
        mixed = old[s] * _A + old[s + U1] * _B
        if length > U16:
            mixed = hashed(pool, old[s + U3] >> U24, length)[0]
        slot = (mixed >> shift) * U4
        while slots[slot + U2] != U0:
            slot += U4
            if slot >= np.uint64(len(slots)):
                slot = U0
        for k in range(U4):
            slots[slot + k] = old[s + k]
    return np.int64(0)
