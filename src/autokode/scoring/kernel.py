"""Text to sums of rows, at the speed of reading: split at white space, find each chunk in the table, add its row.

A table slot is four uint64: the chunk's first eight bytes, its next eight, `id << 32 | length in bytes`, and
`place in the pool << 24 | number of features`. A chunk of more than sixteen bytes is compared with its copy in the pool,
so equal hashes never give wrong numbers. Readers need no lock: a slot's third number is written last.

Sources: words by bit masks as in Langdale and Lemire (2019), "Parsing gigabytes of JSON per second"; lookups in groups,
fetched ahead, as in Chen et al. (2007), "Improving hash join performance through prefetching".
"""

import numpy as np

from autokode.scoring.machine import (
    ALL,
    LOW32,
    U0,
    U1,
    U2,
    U3,
    U4,
    U8,
    U16,
    U32,
    U64,
    compiled,
    count_bits,
    least,
    load,
    load_acquire,
    lowest_bit,
    prefetch,
    sigmoid,
    store_release,
    sum_rows_1,
    sum_rows_2,
    sum_rows_3,
    white_ascii,
    white_lead,
)

TEXTS, BYTES = 256, 1 << 16
"""Texts and bytes taken at a time, so that a group's chunks and rows stay in the processor's cache."""

MAX_BYTES = np.uint64(2000)
"""A longer chunk has more than MAX_CHUNK code points whatever they are, and so no features."""

GROUP = np.uint64(64)
EXACT = np.uint64(128)
"""Rows added in float32 before the sum goes on in float64."""

COUNT = np.uint64(0xFFFFFF)
_U5, _U16, _U24, _U40 = (np.uint64(n) for n in (5, 16, 24, 40))
_A, _B = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
_C = np.uint64(0xD6E8FEB86659FD93)
_C2, _E1, _E2, _E3 = (np.uint64(n) for n in (0xC2, 0xE1, 0xE2, 0xE3))

KEEP = np.array([[(1 << 8 * min(n, 8)) - 1, (1 << 8 * max(n - 8, 0)) - 1] for n in range(17)], np.uint64).ravel()
"""For lengths 0 to 16 the bits that belong to a chunk in its first and in its second eight bytes."""


@compiled
def wide_white(data, place, bits):
    """Return the bits of 64 bytes from `place` on that are white space of several bytes, where `bits` may begin it.

    Those are U+0085, U+00A0, U+1680, U+2000–200A, U+2028, U+2029, U+202F, U+205F and U+3000 (`str.isspace`). Bits past
    the block's end are lost; a block is never cut inside a code point by `split`.
    """
    found = U0
    while bits != U0:
        i = lowest_bit(bits)
        bits &= bits - U1
        b = load(data, place + i)
        first, second, third = b & np.uint64(255), (b >> U8) & np.uint64(255), (b >> _U16) & np.uint64(255)
        if first == _C2:
            if second == np.uint64(0x85) or second == np.uint64(0xA0):
                found |= U3 << i
        elif (
            (first == _E1 and second == np.uint64(0x9A) and third == np.uint64(0x80))
            or (
                first == _E2
                and second == np.uint64(0x80)
                and (
                    third <= np.uint64(0x8A)
                    or third == np.uint64(0xA8)
                    or third == np.uint64(0xA9)
                    or third == np.uint64(0xAF)
                )
            )
            or (first == _E2 and second == np.uint64(0x81) and third == np.uint64(0x9F))
            or (first == _E3 and second == np.uint64(0x80) and third == np.uint64(0x80))
        ):
            found |= np.uint64(7) << i
    return found


@compiled
def split(data, offsets, first, last, edges, ends):
    """Write where the chunks of texts begin and end, two uint32 a chunk counted from the first text's first byte.

    `ends[t]` becomes the number of chunks up to the end of text first + t.
    """
    base = np.uint64(offsets[first])
    n = U0
    for t in range(first, last):
        place, end = np.uint64(offsets[t]), np.uint64(offsets[t + 1])
        before = U1  # whether the byte before was white space
        while place < end:
            white = white_ascii(data, place)
            wide = white_lead(data, place)
            left = end - place
            if left < U64:
                white |= ALL << left
                wide &= ~(ALL << left)
            step = U64
            if wide != U0:
                if left > U64 and wide >> np.uint64(62) != U0:  # a code point may run past the block: end before it
                    step = lowest_bit(wide & (U3 << np.uint64(62)))
                white |= wide_white(data, place, wide)
            changes = white ^ ((white << U1) | before)
            if step < U64:
                changes &= ~(ALL << step)
            before = (white >> (step - U1)) & U1
            i = n
            n += count_bits(changes)
            while i < n:
                for _ in range(8):
                    edges[i] = np.uint32(place - base + lowest_bit(changes))
                    changes &= changes - U1
                    i += U1
            place += step
        if before == U0:
            edges[n] = np.uint32(end - base)
            n += U1
        ends[t - first] = n >> U1
    return n >> U1


@compiled
def hashed(data, start, length):
    """Return a chunk's hash, of its first sixteen and last eight bytes, and the first sixteen; without a branch."""
    keep = least(length, U16) * U2
    word, other = load(data, start) & KEEP[keep], load(data, start + U8) & KEEP[keep + U1]
    longer = U0 - np.uint64(length > U16)  # all ones, or zero
    last = load(data, start + ((length - U8) & longer)) & longer
    return word * _A + other * _B + (last ^ (length & longer)) * _C, word, other


@compiled
def equal(data, start, pool, place, length):
    """Return whether a chunk's bytes from the sixteenth on are those in the pool."""
    i = U16
    while i < length:
        keep = KEEP[least(length - i, U8) * U2]
        if (load(data, start + i) ^ load(pool, place + i)) & keep != U0:
            return False
        i += U8
    return True


@compiled
def found_at(data, start, word, other, length, slot, slots, pool):
    """Return the slot of a chunk from `slot` on, or the empty one where the search ends."""
    while True:
        meta = load_acquire(slots, slot + U2)
        if meta == U0:
            return slot
        if ((slots[slot] ^ word) | (slots[slot + U1] ^ other) | ((meta ^ length) & LOW32)) == U0:
            if length <= U16 or equal(data, start, pool, slots[slot + U3] >> _U24, length):
                return slot
        slot += U4
        if slot >= np.uint64(len(slots)):
            slot = U0


@compiled
def find(data, base, edges, n, slots, shift, pool, rows, stride, ids, missing):
    """Write `features << 32 | id` for n chunks; the numbers of those not in the table go to `missing`. Returns how many."""
    lost = U0
    keys, long = np.empty(4 * 64, np.uint64), np.empty(64, np.uint64)
    last = np.uint64(len(slots))
    done = U0
    while done < n:
        group = least(n - done, GROUP)
        for k in range(group):
            both = load(edges, (done + k) * U2)
            start = base + (both & LOW32)
            length = (both >> U32) - (both & LOW32)
            mixed, word, other = hashed(data, start, length)
            slot = (mixed >> shift) * U4
            prefetch(slots, slot)
            keys[k * U4] = word
            keys[k * U4 + U1] = other
            keys[k * U4 + U2] = length
            keys[k * U4 + U3] = slot
        n_long = U0
        for k in range(group):
            word, other, length, slot = keys[k * U4], keys[k * U4 + U1], keys[k * U4 + U2], keys[k * U4 + U3]
            while True:
                meta = load_acquire(slots, slot + U2)
                if ((slots[slot] ^ word) | (slots[slot + U1] ^ other) | ((meta ^ length) & LOW32)) == U0:
                    more = slots[slot + U3]
                    row = (meta >> U32) * stride
                    prefetch(rows, row)
                    prefetch(rows, row + U16)
                    ids[done + k] = (meta >> U32) | ((more & COUNT) << U32)
                    if length > U16:  # so far; what follows is compared when it has been fetched
                        prefetch(pool, more >> _U24)
                        long[n_long] = k
                        keys[k * U4 + U3] = slot
                        n_long += U1
                    break
                if meta == U0:
                    ids[done + k] = U0
                    if length <= MAX_BYTES:
                        missing[lost] = done + k
                        lost += U1
                    break
                slot += U4
                if slot >= last:
                    slot = U0
        for i in range(n_long):
            k = long[i]
            start = base + (load(edges, (done + k) * U2) & LOW32)
            slot = found_at(
                data, start, keys[k * U4], keys[k * U4 + U1], keys[k * U4 + U2], keys[k * U4 + U3], slots, pool
            )
            meta = load_acquire(slots, slot + U2)
            ids[done + k] = (meta >> U32) | ((slots[slot + U3] & COUNT) << U32)
            if meta == U0:
                ids[done + k] = U0
                missing[lost] = done + k
                lost += U1
        done += group
    return lost


@compiled
def add(ids, ends, n_texts, rows, stride, sums, first):
    """Write each text's Σ rows / √(Σ features), float32, from row `first` of `sums` on."""
    word = U0
    part = np.empty(stride, np.float32)
    total = np.empty(stride, np.float64)
    for t in range(n_texts):
        end = ends[t]
        features = U0
        for w in range(word, end):
            features += ids[w] >> U32
        total[:] = 0.0
        while word < end:
            until = least(end, word + EXACT)
            column = U0
            while column < stride:
                left = stride - column
                if left >= _U24:
                    sum_rows_3(ids, word, until, rows, stride, column, part, column)
                    column += _U24
                elif left == U16:
                    sum_rows_2(ids, word, until, rows, stride, column, part, column)
                    column += U16
                else:
                    sum_rows_1(ids, word, until, rows, stride, column, part, column)
                    column += U8
            for k in range(stride):
                total[k] += part[k]
            word = until
        scale = 1.0 / np.sqrt(max(1.0, np.float64(features)))
        base = (first + np.uint64(t)) * stride
        for k in range(stride):
            sums[base + k] = np.float32(total[k] * scale)


@compiled
def run(data, offsets, first, room, slots, shift, pool, rows, stride, sums):
    """Sum the rows of texts from `first` on, until a group has chunks that are not in the table.

    Args:
        data: UTF-8, uint8, with PAD readable bytes behind the last text.
        offsets: int64 (n_texts + 1,).
        room: bytes of the longest text, or BYTES if that is more.
        slots, shift, pool, rows: the table; rows float32 flat, `stride` floats a row.
        sums: float32 flat (n_texts × stride), written.

    Returns:
        The first text not summed, the first one after its group, and where the group's missing chunks begin and end in
        `data`, uint64.
    """
    n = len(offsets) - 1
    edges = np.empty(room + 2 * TEXTS + 80, np.uint32)
    ids, missing = np.empty(len(edges) // 2, np.uint64), np.empty(len(edges) // 2, np.uint64)
    ends = np.empty(TEXTS, np.uint64)
    while first < n:
        last = first + 1
        while last < n and last - first < TEXTS and offsets[last + 1] - offsets[first] <= BYTES:
            last += 1
        base = np.uint64(offsets[first])
        chunks = split(data, offsets, first, last, edges, ends)
        lost = find(data, base, edges, chunks, slots, shift, pool, rows, stride, ids, missing)
        if lost > U0:
            starts, stops = np.empty(lost, np.uint64), np.empty(lost, np.uint64)
            for i in range(lost):
                starts[i] = base + np.uint64(edges[missing[i] * U2])
                stops[i] = base + np.uint64(edges[missing[i] * U2 + U1])
            return first, last, starts, stops
        add(ids, ends, last - first, rows, stride, sums, np.uint64(first))
        first = last
    return n, n, np.empty(0, np.uint64), np.empty(0, np.uint64)


@compiled
def first_slot(data, start, length, shift):
    """Return where the search for a chunk begins, and its first sixteen bytes."""
    mixed, word, other = hashed(data, start, length)
    return (mixed >> shift) * U4, word, other


@compiled
def place_of(data, start, length, slots, shift, pool):
    """Return the slot of a chunk, or the empty slot where it belongs, and its first sixteen bytes."""
    slot, word, other = first_slot(data, start, length, shift)
    return found_at(data, start, word, other, length, slot, slots, pool), word, other


@compiled
def distinct(data, starts, stops, slots, shift):
    """Return the places in `starts` of the chunks that differ, in order; `slots` is empty and twice as large at least."""
    found = np.empty(len(starts), np.int64)
    n = 0
    for i in range(len(starts)):
        length = stops[i] - starts[i]
        slot, word, other = place_of(data, starts[i], length, slots, shift, data)
        if slots[slot + U2] == U0:
            slots[slot], slots[slot + U1] = word, other
            slots[slot + U2], slots[slot + U3] = (U1 << U32) | length, starts[i] << _U24
            found[n] = i
            n += 1
    return found[:n]


@compiled
def insert(data, starts, stops, new_rows, features, slots, shift, pool, pool_used, rows, stride, used):
    """Put chunks and their rows into the table; there is room for all. Returns used ids and used bytes of the pool."""
    for i in range(len(starts)):
        ahead = min(i + 8, len(starts) - 1)
        prefetch(slots, first_slot(data, starts[ahead], stops[ahead] - starts[ahead], shift)[0])
        length = stops[i] - starts[i]
        slot, word, other = place_of(data, starts[i], length, slots, shift, pool)
        if slots[slot + U2] != U0:
            continue
        used += U1
        for k in range(stride):
            rows[used * stride + k] = new_rows[i, k]
        slots[slot], slots[slot + U1] = word, other
        slots[slot + U3] = (pool_used << _U24) | np.uint64(features[i])
        if length > U16:
            for j in range(length):
                pool[pool_used + j] = data[starts[i] + j]
            pool_used += length
        store_release(slots, slot + U2, (used << U32) | length)
    return used, pool_used


@compiled
def rehash(old, pool, slots, shift):
    """Copy every slot of a table into a larger one."""
    for s in range(U0, np.uint64(len(old)), U4):
        if old[s + U2] == U0:
            continue
        length = old[s + U2] & LOW32
        mixed = old[s] * _A + old[s + U1] * _B
        if length > U16:
            mixed = hashed(pool, old[s + U3] >> _U24, length)[0]
        slot = (mixed >> shift) * U4
        while slots[slot + U2] != U0:
            slot += U4
            if slot >= np.uint64(len(slots)):
                slot = U0
        for k in range(U4):
            slots[slot + k] = old[s + k]


@compiled
def finish(sums, question_sums, asked, bias, bias_alone, stride, out):
    """Write the probabilities of texts, float32 flat (n_texts × stride): the logistic function of sums and bias."""
    logits = np.empty(stride, np.float32)
    for t in range(len(asked)):
        base = np.uint64(t) * stride
        if asked[t]:
            for k in range(stride):
                logits[k] = sums[base + k] + question_sums[base + k] + bias[k]
        else:
            for k in range(stride):
                logits[k] = sums[base + k] + bias_alone[k]
        for k in range(U0, stride, U8):
            sigmoid(logits, k, out, base + k)


@compiled
def best(probabilities, stride, thresholds, codes, chosen):
    """Write the codes of most probability from each one's threshold on, int16 (n_texts, k); −1 where there is no more.

    `probabilities` is float32 flat (n_texts × stride), those of the chosen go to `chosen`, float32 (n_texts, k). Of two
    equally probable codes the first in column order comes first.
    """
    k = codes.shape[1]
    for t in range(len(codes)):
        base = np.uint64(t) * stride
        n = 0
        for code in range(len(thresholds)):
            p = probabilities[base + np.uint64(code)]
            if p < thresholds[code] or (n == k and p <= chosen[t, k - 1]):
                continue
            place = n if n < k else k - 1
            while place > 0 and chosen[t, place - 1] < p:
                chosen[t, place], codes[t, place] = chosen[t, place - 1], codes[t, place - 1]
                place -= 1
            chosen[t, place], codes[t, place] = p, code
            n = min(n + 1, k)
        for place in range(n, k):
            codes[t, place], chosen[t, place] = -1, 0.0
