"""Runs linear algebra in one thread, since a sum that threads share differs in its last bits.

Training is no slower: its matrices are small, and threads that wait for each other on a busy machine cost more.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock

_ONE_AT_A_TIME = RLock()


@contextmanager
def one_thread() -> Iterator[None]:
    """Let linear algebra use one thread, however many the environment allows.

    The setting holds for the whole process, so only one caller enters at a time: else the first to leave would give the
    others their threads back.
    """
    from threadpoolctl import threadpool_limits

    with _ONE_AT_A_TIME, threadpool_limits(limits=1, user_api="blas"):
        yield
