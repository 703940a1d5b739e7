"""All parallelism of scoring: the number of threads, and calls by threads or by Dask."""

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from autokode.base.errors import failure
from autokode.base.extras import missing
from autokode.base.messages import say

Item = TypeVar("Item")
Result = TypeVar("Result")
PATIENCE = "10s"
"""Time for a scheduler to answer."""
LINGER = 60.0
"""Seconds to wait, after an error, for the other threads to return."""


def thread_count(wanted: int | None = None) -> int:
    """The number of threads: `wanted`, else AUTOKODE_THREADS, else the processors this process may use.

    Raises:
        DataError: the number is no whole number from 1.
    """
    given = os.environ.get("AUTOKODE_THREADS", "") if wanted is None else str(wanted)
    if not given:
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if not given.isdecimal() or int(given) < 1:
        raise failure(
            f"antall tråder: fant «{given}», ventet 1 eller mer",
            f"threads: found «{given}», expected 1 or more",
            try_next="--threads 2",
        )
    return int(given)


def in_order(function: Callable[[Item], Result], items: Iterable[Item], threads: int) -> Iterator[Result]:
    """Yield `function(item)` for each item, in order; at most two items a thread are in memory.

    The calling thread fetches the items and uses the results while the others work, be it one. More than one help only while
    `function` releases the GIL, as the compiled core does.
    """
    from concurrent.futures import Future, ThreadPoolExecutor

    fetching, failed, waiting = iter(items), None, deque[Future[Result]]()
    pool = ThreadPoolExecutor(threads)
    with _outlived(function) as counted:
        try:
            while failed is None:
                try:
                    waiting.append(pool.submit(counted, next(fetching)))
                except StopIteration:
                    break
                except MemoryError:
                    raise
                except Exception as error:  # noqa: BLE001 - raised again below, behind the results that come before it
                    failed = error
                if len(waiting) == 2 * threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
    if failed is not None:
        raise failed


@contextmanager
def _outlived(function: Callable[[Item], Result]) -> Iterator[Callable[[Item], Result]]:
    """Wrap a function; when the block ends, wait until no thread is in it.

    When a call or the reader of the results fails, joblib does not wait for its other threads. A thread that is inside a library
    while Python ends can crash the process.
    """
    changed, underway = threading.Condition(), 0

    def counted(item: Item) -> Result:
        nonlocal underway
        with changed:
            underway += 1
        try:
            return function(item)
        finally:
            with changed:
                underway -= 1
                changed.notify_all()

    try:
        yield counted
    finally:
        with changed:
            changed.wait_for(lambda: underway == 0, LINGER)


def in_any_order(
    function: Callable[[Item, threading.Event | None], Result],
    items: Iterable[Item],
    threads: int,
    dask: str | None = None,
) -> Iterator[Result]:
    """Yield `function(item)` for each item, as they finish: by threads, or by the workers of a Dask scheduler.

    If a worker is lost, Dask gives its items to another one.

    Args:
        function: a module's function, so that workers can import it. Takes an item, and an event that is set when nobody waits
            for the result any more (None where that cannot be known).
        items: each with all that a worker needs to know.
        threads: calls at a time, without a scheduler.
        dask: the scheduler's address, tcp://…:8786.

    Raises:
        DataError: there is no Dask here, no scheduler at the address, or so many workers were lost that it gave up.
    """
    from joblib import Parallel, delayed, parallel_config

    if dask is None:
        if threads == 1:
            yield from (function(item, None) for item in items)
            return
        pool = Parallel(n_jobs=threads, backend="threading", return_as="generator_unordered", batch_size=1)
        ended = threading.Event()

        def until_ended(item: Item) -> Result:
            return function(item, ended)

        with _outlived(until_ended) as counted:
            try:
                yield from pool(delayed(counted)(item) for item in items)
            finally:
                ended.set()
        return
    with _cluster(dask) as client, parallel_config(backend="dask"):
        if sum(client.ncores().values()) > 1:
            pool = Parallel(n_jobs=-1, return_as="generator_unordered", batch_size=1, pre_dispatch="all")
            yield from pool(delayed(function)(item, None) for item in items)
        else:  # with one job joblib would work in this process, which may not have the files
            from dask.distributed import as_completed

            own = list(items)
            for future in as_completed(client.map(function, own, [None] * len(own), pure=False)):  # type: ignore[no-untyped-call]
                yield future.result()


@contextmanager
def _cluster(address: str) -> Iterator[Any]:
    """Give a client of a scheduler that has workers; its errors become a DataError that names the address."""
    try:
        from dask.distributed import Client
        from distributed import KilledWorker
        from distributed.comm.core import CommClosedError
    except ImportError as error:
        raise missing("dask", error, where="--dask") from error
    try:
        client: Any = Client(address, timeout=PATIENCE, set_as_default=True)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TimeoutError) as error:
        raise failure(
            "finner ingen Dask-planlegger her",
            "there is no Dask scheduler here",
            where=address,
            try_next="dask scheduler",
        ) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
            yield client
        except TimeoutError as error:
            raise failure(
                "planleggeren har ingen arbeidere",
                "the scheduler has no workers",
                where=address,
                try_next=f"dask worker {address}",
            ) from error
        except (KilledWorker, CommClosedError) as error:
            again = say("start arbeidere, og kjør det samme om igjen", "start workers, and run the same again")
            raise failure(
                f"mistet arbeiderne: {error}", f"the workers were lost: {error}", where=address, try_next=again
            ) from error
