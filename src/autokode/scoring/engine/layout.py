"""Sizes and groups of arrays that Python and the compiled core share.

Every field says how the core reads it: "u8*" is an array of eight-byte unsigned numbers, "u8" one such number.
"""

from typing import Annotated, NamedTuple

import numpy as np
import numpy.typing as npt

from autokode.nlp.tokenizer import MAX_CHUNK

PAD = 96
"""Readable bytes that the core needs behind the last text of a buffer."""

LANES = 8
"""Floats added at a time; rows are padded to a multiple of it."""

EXACT_ROWS = 128
"""Rows added in float32 before a sum goes on in float64."""

TEXTS, BYTES = 256, 1 << 16
"""Most texts and bytes in a group, so that its chunks and rows stay in the processor's cache."""

WIDE = 16
"""Factor on `TEXTS` and `BYTES` while texts bring new chunks, so that the core stops less often to learn them."""

ROOMY = 1 << 18
"""Least room of a table, in rows, for groups of `WIDE` times the size: the table must hold all chunks of a group at once."""

PORTION = 8192
"""New chunks learnt at a time."""

RECENT = 16384
"""Slots that remember a portion's chunks, so that most of those that come twice are learnt once."""

MAX_BYTES = 2000
"""Most bytes of a chunk of MAX_CHUNK code points."""

CODE_POINTS = 0x2600
"""First code point that is never plain."""

FIRST, LAST, CHUNKS, LOST, NEW, EPOCH, USED, POOL_USED, STEP, ROWS_USED = range(10)
"""Places in `Work.state`: the group's first text and the one after its last, its chunks, how many of these are not in the
table, how many are in `New`, the number of the portion, and, as STEP, the factor on the group's size. USED, POOL_USED and
ROWS_USED are places in a `Table`'s state: how many of its slots, of its pool's bytes and of its rows are used."""

Bytes = Annotated[npt.NDArray[np.uint8], "u1*"]
Halves = Annotated[npt.NDArray[np.uint16], "u2*"]
Words = Annotated[npt.NDArray[np.uint32], "u4*"]
Longs = Annotated[npt.NDArray[np.uint64], "u8*"]
Places = Annotated[npt.NDArray[np.int64], "i8*"]
Floats = Annotated[npt.NDArray[np.float32], "f4*"]
Doubles = Annotated[npt.NDArray[np.float64], "f8*"]
Codes = Annotated[npt.NDArray[np.int16], "i2*"]
Number = Annotated[np.uint64, "u8"]


class Arrays(NamedTuple):
    """The arrays of a table at one moment; see `kernel` for the layout of a slot."""

    slots: Longs
    shift: Number
    pool: Bytes
    rows: Floats


class Rules(NamedTuple):
    """The tables of the compiled rules.

    Attributes:
        kinds: flags of each code point below CODE_POINTS; 0 where it is not plain.
        lower: its lower case.
        specials, units: texts as pairs of numbers, the first half of each array; then a filter, one bit a hash.
        crc: the table of CRC-32.
    """

    kinds: Halves
    lower: Halves
    specials: Longs
    units: Longs
    crc: Words


class Weights(NamedTuple):
    """A model's weights by feature key.

    Attributes:
        slots: a hash table of `key << 31 | place + 1`, 0 for an empty slot.
        filter: one bit a hash; where it is 0 the key is not among them.
        rows: the weights, one stride a feature.
    """

    slots: Longs
    filter: Longs
    rows: Floats


class Work(NamedTuple):
    """One thread's working memory for a group of texts and for splitting a chunk."""

    state: Longs
    edges: Words
    ids: Longs
    missing: Longs
    ends: Longs
    keys: Longs
    recent: Longs
    part: Floats
    total: Doubles
    points: Words
    at: Places
    kinds: Halves
    form: Words
    begins: Places
    stops: Places
    after: Places
    features: Longs

    @classmethod
    def of(cls, room: int, stride: int) -> "Work":
        """Make room for groups of texts, the longest of `room` bytes."""
        edges, long = max(room, WIDE * BYTES) + 2 * WIDE * TEXTS + 80, MAX_CHUNK + 2
        u8, i8 = np.uint64, np.int64
        return cls(
            np.zeros(10, u8),
            np.empty(edges, np.uint32),
            np.empty(edges // 2, u8),
            np.empty(edges // 2, u8),
            np.empty(WIDE * TEXTS, u8),
            np.empty(5 * 64, u8),
            np.zeros(RECENT, u8),
            np.empty(stride, np.float32),
            np.empty(stride, np.float64),
            np.empty(long, np.uint32),
            np.empty(long, i8),
            np.empty(long, np.uint16),
            np.empty(long, np.uint32),
            np.empty(2 * long, i8),
            np.empty(2 * long, i8),
            np.empty(long, i8),
            np.empty(5 * long, u8),
        )


class New(NamedTuple):
    """A portion of chunks that are not in the table: their places in the text, rows and numbers of features.

    Attributes:
        hard: 1 where the compiled rules leave a chunk to spaCy's patterns.
        forms: the first sixteen bytes and the length of the form of a chunk that is one word of letters; length 0 for others.
        shared: the row in the table of a chunk whose form is there already; else 0, and the chunk's row is in `rows`.
    """

    starts: Longs
    stops: Longs
    rows: Floats
    features: Longs
    hard: Bytes
    forms: Longs
    shared: Longs

    @classmethod
    def of(cls, stride: int, size: int = PORTION) -> "New":
        """Make room for a portion."""
        u8 = np.uint64
        rows = np.empty(size * stride, np.float32)
        starts, stops, features, shared = (np.empty(size, u8) for _ in range(4))
        return cls(starts, stops, rows, features, np.empty(size, np.uint8), np.empty(3 * size, u8), shared)
