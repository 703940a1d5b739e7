"""The score table: chunk → row, filled as text is read, shared by threads, bounded in memory."""

import threading
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from autokode.scoring.kernel import distinct, insert, rehash
from autokode.scoring.machine import PAD

TABLE_BYTES = 96 << 20
"""Memory a table's rows may take; its slots and long chunks take about as much again. Full, it begins anew."""

_FIRST_SLOTS = 1 << 12
_POOL_SHARE = 6
"""The pool of long chunks is this part of the rows' memory."""


class Arrays(NamedTuple):
    """What a reader needs of a table at one moment; see `kernel` for the layout."""

    slots: npt.NDArray[np.uint64]
    shift: np.uint64
    pool: npt.NDArray[np.uint8]
    rows: npt.NDArray[np.float32]


class Table:
    """Rows of the chunks seen so far. One thread writes at a time; any number read, without a lock.

    Args:
        stride: floats a row, a multiple of LANES.
        memory: bytes its rows may take; when they would take more, the table begins anew, empty.
    """

    def __init__(self, stride: int, memory: int = TABLE_BYTES) -> None:
        self.stride = stride
        self.capacity = max(64, memory // (4 * stride))
        self._lock = threading.Lock()
        self._begin()

    def __len__(self) -> int:
        """Return the number of chunks in the table."""
        return self._used

    def _begin(self) -> None:
        """Empty the table. Pages of new arrays take memory only once they are written."""
        rows = np.zeros((self.capacity + 1) * self.stride, np.float32)
        pool = np.empty(4 * self.capacity * self.stride // _POOL_SHARE + PAD, np.uint8)
        self._used, self._pool_used = 0, 0
        self.arrays = Arrays(np.zeros(4 * _FIRST_SLOTS, np.uint64), _shift(_FIRST_SLOTS), pool, rows)

    def add(
        self,
        data: npt.NDArray[np.uint8],
        starts: npt.NDArray[np.uint64],
        stops: npt.NDArray[np.uint64],
        rows: npt.NDArray[np.float32],
        features: npt.NDArray[np.int64],
    ) -> None:
        """Add distinct chunks `data[starts:stops]`, their rows, float32 (n, stride), and their numbers of features."""
        new, new_bytes = len(starts), int((stops - starts).sum())
        with self._lock:
            if self._used + new > self.capacity or self._pool_used + new_bytes + PAD > len(self.arrays.pool):
                needed = max(2 * new, 2 * _POOL_SHARE * new_bytes // (4 * self.stride))
                self.capacity = max(self.capacity, needed)  # one text alone may need more than the bound
                self._begin()
            self._widen(self._used + new)
            slots, shift, pool, table_rows = self.arrays
            used, pool_used = np.uint64(self._used), np.uint64(self._pool_used)
            stride = np.uint64(self.stride)
            used, pool_used = insert(
                data, starts, stops, rows, features, slots, shift, pool, pool_used, table_rows, stride, used
            )
            self._used, self._pool_used = int(used), int(pool_used)

    def _widen(self, chunks: int) -> None:
        """Make the slots at least a third more than the chunks; those that come first, and often, lie where they belong."""
        slots, _, pool, rows = self.arrays
        size = len(slots) // 4
        if 4 * chunks <= 3 * size:
            return
        while 4 * chunks > 3 * size:
            size *= 4 if size < 1 << 18 else 2
        wider = np.zeros(4 * size, np.uint64)
        rehash(slots, pool, wider, _shift(size))
        self.arrays = Arrays(wider, _shift(size), pool, rows)


def distinct_chunks(
    data: npt.NDArray[np.uint8], starts: npt.NDArray[np.uint64], stops: npt.NDArray[np.uint64]
) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    """Return where each different chunk among `data[starts:stops]` stands first."""
    size = 1 << max(4, (2 * len(starts)).bit_length())
    first = distinct(data, starts, stops, np.zeros(4 * size, np.uint64), _shift(size))
    return starts[first], stops[first]


def _shift(size: int) -> np.uint64:
    return np.uint64(64 - (size.bit_length() - 1))
