"""Text to sums of rows, at the speed of reading: split at white space, find each chunk in the table, add its row.

`table_kernel` has the table, `row_kernel` makes the rows of chunks that are not in it, `tokenizer_kernel` their tokens.

Sources: words by bit masks as in Langdale and Lemire (2019), "Parsing gigabytes of JSON per second"; lookups in groups,
fetched ahead, as in Chen et al. (2007), "Improving hash join performance through prefetching".
"""

import numpy as np

from autokode.scoring.engine.intrinsics import (
    ALL,
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
    U64,
    compiled,
    count_bits,
    least,
    load,
    load_acquire,
    lowest_bit,
    prefetch,
    sigmoid,
    white_ascii,
    white_lead,
)
from autokode.scoring.engine.layout import (
    BYTES,
    CHUNKS,
    EPOCH,
    FIRST,
    LAST,
    LOST,
    MAX_BYTES,
    NEW,
    PORTION,
    RECENT,
    ROOMY,
    STEP,
    TEXTS,
    WIDE,
)
from autokode.scoring.engine.row_kernel import (
    plain_rows,
    sum_exactly,
)
from autokode.scoring.engine.table_kernel import (
    equal,
    found_at,
    hashed,
    place_of,
)

GROUP = np.uint64(64)
COUNT = np.uint64(0xFFFFFF)
_TEXTS, _BYTES, _MAX_BYTES, _WIDE = np.uint64(TEXTS), np.uint64(BYTES), np.uint64(MAX_BYTES), np.uint64(WIDE)
_ROOMY = np.uint64(ROOMY)
_PORTION, _RECENT = np.uint64(PORTION), np.uint64(RECENT - 1)
_C2, _E1, _E2, _E3 = (np.uint64(n) for n in (0xC2, 0xE1, 0xE2, 0xE3))


@compiled
def wide_white(data, place, bits):
    """The bits of those 64 bytes from `place` on that are white space of several bytes; `bits` says where one may begin.

    Those are U+0085, U+00A0, U+1680, U+2000–200A, U+2028, U+2029, U+202F, U+205F and U+3000 (`str.isspace`). Bits past
    the block's end are lost; a block is never cut inside a code point by `split`.
    """
    found = U0
    while bits != U0:
        i = lowest_bit(bits)
        bits &= bits - U1
        b = load(data, place + i)
        first, second, third = b & np.uint64(255), (b >> U8) & np.uint64(255), (b >> U16) & np.uint64(255)
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
    """Write where the chunks of texts begin and end: two uint32 a chunk, counted from the first text's first byte.

    `ends[t]` becomes the number of chunks up to the end of text first + t.
    """
    base = np.uint64(offsets[first])
    n = U0
    for t in range(first, last):
        place, end = np.uint64(offsets[t]), np.uint64(offsets[t + U1])
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
    return np.int64(n >> U1)


@compiled
def find(data, base, n, table, work, stride):
    """Write `features << 32 | id` for n chunks, and to `missing` the numbers of those not in the table; returns how many."""
    lost = U0
    done = U0
    while done < n:
        group = least(n - done, GROUP)
        hash_group(data, base, done, group, table, work)
        lost, n_long = find_group(done, group, lost, table, work, stride)
        lost = compare_long(data, base, done, n_long, lost, table, work)
        done += group
    return np.int64(lost)


@compiled
def hash_group(data, base, done, group, table, work):
    """Write the first sixteen bytes, the length and the first slot of each chunk of a group to `keys`; fetch the slots."""
    slots, shift, edges, keys = table.slots, table.shift, work.edges, work.keys
    for k in range(group):
        both = load(edges, (done + k) * U2)
        length = (both >> U32) - (both & LOW32)
        mixed, word, other = hashed(data, base + (both & LOW32), length)
        slot = (mixed >> shift) * U4
        prefetch(slots, slot)
        keys[k * U4] = word
        keys[k * U4 + U1] = other
        keys[k * U4 + U2] = length
        keys[k * U4 + U3] = slot


@compiled
def find_group(done, group, lost, table, work, stride):
    """Find the chunks of a group by their first sixteen bytes and length, and fetch their rows.

    Returns `lost` with the chunks added that are not in the table, and how many of more than sixteen bytes agree so far. The
    numbers of these in the group go behind the group's entries in `keys`, and their slots into those entries.
    """
    slots, rows, pool = table.slots, table.rows, table.pool
    ids, missing, keys = work.ids, work.missing, work.keys
    long = keys[4 * 64 :]
    last = np.uint64(len(slots))
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
                if length > U16:
                    prefetch(pool, more >> U24)
                    long[n_long] = k
                    keys[k * U4 + U3] = slot
                    n_long += U1
                break
            if meta == U0:
                ids[done + k] = U0
                if length <= _MAX_BYTES:
                    missing[lost] = done + k
                    lost += U1
                break
            slot += U4
            if slot >= last:
                slot = U0
    return lost, n_long


@compiled
def compare_long(data, base, done, n_long, lost, table, work):
    """Compare the rest of a group's long chunks, fetched by now; returns `lost` with those added that are not there."""
    slots, edges, ids, keys = table.slots, work.edges, work.ids, work.keys
    long = keys[4 * 64 :]
    for i in range(n_long):
        k = long[i]
        start = base + (load(edges, (done + k) * U2) & LOW32)
        word, other, length, slot = keys[k * U4], keys[k * U4 + U1], keys[k * U4 + U2], keys[k * U4 + U3]
        slot, meta = found_at(data, start, word, other, length, slot, slots, table.pool)
        ids[done + k] = (meta >> U32) | ((slots[slot + U3] & COUNT) << U32)
        if meta == U0:
            ids[done + k] = U0
            work.missing[lost] = done + k
            lost += U1
    return lost


@compiled
def add(work, n_texts, rows, stride, sums, first):
    """Write each text's Σ rows / √(Σ features), float32, from row `first` of `sums` on."""
    ids, ends, part, total = work.ids, work.ends, work.part, work.total
    word = U0
    for t in range(n_texts):
        end = ends[t]
        features = U0
        for w in range(word, end):
            features += ids[w] >> U32
        sum_exactly(ids, word, end, rows, stride, part, total)
        word = end
        scale = 1.0 / np.sqrt(max(1.0, np.float64(features)))
        base = (first + np.uint64(t)) * stride
        for k in range(stride):
            sums[base + k] = np.float32(total[k] * scale)
    return 0


@compiled
def run(data, offsets, table, rules, weights, work, new, stride, sums):
    """Sum the rows of texts, group by group, until a group has chunks that are not in the table.

    Once they are there, the next call goes on with that group.

    Args:
        data: UTF-8, uint8, with PAD readable bytes behind the last text.
        offsets: int64 (n_texts + 1,).
        table, rules, weights: the score table, and all to make rows of new chunks; `stride` floats a row.
        work: this thread's room; its `state[FIRST]` is the first text not yet summed.
        new: the chunks to put into the table before the next call; where `hard` is not 0 their row is missing.
        sums: float32 flat (n_texts × stride), written.

    Returns:
        How many chunks are in `new`; 0 when all texts are summed.
    """
    state = work.state
    n = np.uint64(len(offsets) - 1)
    while True:
        if state[LAST] == state[FIRST]:
            first = state[FIRST]
            if first >= n:
                return np.int64(0)
            step = max(state[STEP], U1)
            last, most, until = first + U1, first + step * _TEXTS, np.uint64(offsets[first]) + step * _BYTES
            while last < n and last < most and np.uint64(offsets[last + U1]) <= until:
                last += U1
            chunks = np.uint64(split(data, offsets, first, last, work.edges, work.ends))
            state[LAST], state[CHUNKS] = last, chunks
            state[LOST] = find(data, np.uint64(offsets[first]), chunks, table, work, stride)
            roomy = np.uint64(len(table.rows)) >= _ROOMY * stride
            state[STEP] = _WIDE if roomy and state[LOST] > U0 else U1
        else:
            find_missing(data, np.uint64(offsets[state[FIRST]]), table, work)
        if state[LOST] > U0:
            collect(data, np.uint64(offsets[state[FIRST]]), work, new)
            plain_rows(data, rules, weights, table, work, new, state[NEW], stride)
            return np.int64(state[NEW])
        add(work, state[LAST] - state[FIRST], table.rows, stride, sums, state[FIRST])
        state[FIRST] = state[LAST]


@compiled
def find_missing(data, base, table, work):
    """Look the missing chunks of a group up again; keep those still missing."""
    slots, pool, state = table.slots, table.pool, work.state
    left = U0
    for i in range(state[LOST]):
        chunk = work.missing[i]
        both = load(work.edges, chunk * U2)
        start, length = base + (both & LOW32), (both >> U32) - (both & LOW32)
        slot, meta, _word, _other = place_of(data, start, length, slots, table.shift, pool)
        if meta == U0:
            work.missing[left] = chunk
            left += U1
        else:
            work.ids[chunk] = (meta >> U32) | ((slots[slot + U3] & COUNT) << U32)
    state[LOST] = left


@compiled
def collect(data, base, work, new):
    """Write the first missing chunks to `new`, as many as it holds; most that come twice are written once."""
    state, recent = work.state, work.recent
    state[EPOCH] += U1
    n = U0
    for i in range(state[LOST]):
        if n == _PORTION:
            break
        both = load(work.edges, work.missing[i] * U2)
        start, length = base + (both & LOW32), (both >> U32) - (both & LOW32)
        mixed, _word, _other = hashed(data, start, length)
        seen = recent[(mixed >> U32) & _RECENT]
        if seen >> U32 == state[EPOCH]:
            other = new.starts[seen & LOW32]
            if new.stops[seen & LOW32] - other == length and equal(data, start, data, other, U0, length):
                continue
        recent[(mixed >> U32) & _RECENT] = (state[EPOCH] << U32) | n
        new.starts[n], new.stops[n] = start, start + length
        n += U1
    state[NEW] = n


@compiled
def finish(sums, question_sums, answers, bias, bias_alone, stride, logits, out):
    """Write the probabilities of texts, float32 flat (n_texts × stride): the logistic function of sums and bias.

    `answers` is 1 for a text that answers a question; `logits` is room for one text's.
    """
    for t in range(len(answers)):
        base = np.uint64(t) * stride
        if answers[t]:
            for k in range(stride):
                logits[k] = sums[base + k] + question_sums[base + k] + bias[k]
        else:
            for k in range(stride):
                logits[k] = sums[base + k] + bias_alone[k]
        for k in range(U0, stride, U8):
            sigmoid(logits, k, out, base + k)
    return np.int64(0)


@compiled
def best(probabilities, stride, thresholds, codes, chosen, most):
    """Write the most probable codes that reach their thresholds, int16 flat (n_texts × most); −1 where there are no more.

    `probabilities` is float32 flat (n_texts × stride); those of the codes written go to `chosen`, float32 (n_texts × most). Of
    equally probable codes the first in column order comes first.
    """
    k = np.int64(most)
    for t in range(len(codes) // k):
        base, row = np.uint64(t) * stride, t * k
        n = 0
        for code in range(len(thresholds)):
            p = probabilities[base + np.uint64(code)]
            if p < thresholds[code] or (n == k and p <= chosen[row + k - 1]):
                continue
            place = n if n < k else k - 1
            while place > 0 and chosen[row + place - 1] < p:
                chosen[row + place], codes[row + place] = chosen[row + place - 1], codes[row + place - 1]
                place -= 1
            chosen[row + place], codes[row + place] = p, code
            n = min(n + 1, k)
        for place in range(n, k):
            codes[row + place], chosen[row + place] = -1, 0.0
    return np.int64(0)
