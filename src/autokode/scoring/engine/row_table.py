"""The score table: chunk → row. It fills as text is read; threads share it; its memory is bounded."""

import threading

import numpy as np
import numpy.typing as npt

from autokode.scoring.engine.layout import PAD, POOL_USED, ROWS_USED, USED, Arrays, New
from autokode.scoring.engine.object_cache import call

TABLE_BYTES = 96 << 20
"""Memory for a table's rows; its slots and long chunks take about as much again. A full table begins anew."""

_FIRST_SLOTS = 1 << 12
_POOL_SHARE = 6
"""The pool of long chunks gets the rows' memory divided by this."""


class Table:
    """Rows of the chunks seen so far. One thread writes at a time; any number read, without a lock.

    Args:
        stride: floats a row, a multiple of LANES.
        memory: bytes for its rows; when they would take more, the table begins anew, empty.
    """

    def __init__(self, stride: int, memory: int = TABLE_BYTES) -> None:
        self.stride = stride
        self.capacity = max(64, memory // (4 * stride))
        self._lock = threading.Lock()
        self._begin()

    def __len__(self) -> int:
        """The number of chunks and forms in the table."""
        return int(self._state[USED])

    def _begin(self) -> None:
        """Empty the table. New arrays take memory only where something is written to them."""
        rows = np.zeros((self.capacity + 1) * self.stride, np.float32)
        pool = np.empty(4 * self.capacity * self.stride // _POOL_SHARE + PAD, np.uint8)
        self._state = np.zeros(ROWS_USED + 1, np.uint64)
        self.arrays = Arrays(np.zeros(4 * _FIRST_SLOTS, np.uint64), _shift(_FIRST_SLOTS), pool, rows)

    def add(self, data: npt.NDArray[np.uint8], new: New, n: int, *, seen: Arrays, group: tuple[int, int]) -> None:
        """Add the first n chunks of `new`, their rows and numbers of features.

        `seen` is where the chunks were looked up; `group` is how many chunks and bytes their texts have: the table must hold
        all of these at once.
        """
        new_bytes = int((new.stops[:n] - new.starts[:n]).sum())
        with self._lock:
            used, pool_used = int(self._state[ROWS_USED]), int(self._state[POOL_USED])
            if used + n > self.capacity or pool_used + new_bytes + PAD > len(self.arrays.pool):
                chunks, size = group
                needed = 2 * max(chunks, _POOL_SHARE * size // (4 * self.stride))
                self.capacity = max(self.capacity, needed)  # one text alone may need more than the bound
                self._begin()
            self._widen(len(self) + 2 * n)
            anew = self.arrays.rows is not seen.rows
            call("insert", data, new, n, self.arrays, self._state, self.stride, anew)

    def _widen(self, chunks: int) -> None:
        """Make the slots at least a third more than the chunks. Chunks met early, mostly frequent ones, keep their first slot."""
        slots, _, pool, rows = self.arrays
        size = len(slots) // 4
        if 4 * chunks <= 3 * size:
            return
        while 4 * chunks > 3 * size:
            size *= 4 if size < 1 << 18 else 2
        wider = np.zeros(4 * size, np.uint64)
        call("rehash", slots, pool, wider, _shift(size))
        self.arrays = Arrays(wider, _shift(size), pool, rows)


def _shift(size: int) -> np.uint64:
    return np.uint64(64 - (size.bit_length() - 1))
