"""Linear algebra in one thread: a sum that threads share comes out otherwise in its last bits.

Training is as quick so: its matrices are small, and threads that wait for each other on a busy machine cost far more.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock

_ONE_AT_A_TIME = RLock()


@contextmanager
def one_thread() -> Iterator[None]:
    """Let linear algebra use one thread, however many the environment allows.

    The setting is the whole process's, so one comes in at a time: else the first to leave would give its threads back to
    the others.
    """
    from threadpoolctl import threadpool_limits

    with _ONE_AT_A_TIME, threadpool_limits(limits=1, user_api="blas"):
        yield
