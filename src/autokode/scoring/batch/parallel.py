"""The one place that decides on parallelism: how many threads, and results in the order of what went in."""

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from autokode.base.errors import failure
from autokode.base.messages import say

Item = TypeVar("Item")
Result = TypeVar("Result")
PATIENCE = "10s"
"""How long a scheduler may take to answer."""
LINGER = 60.0
"""Seconds that an error waits for calls that other threads are in."""


class _Failed:
    """An error met while the next item was fetched, carried to where the results are read."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


def thread_count(wanted: int | None = None) -> int:
    """Return how many threads score: `wanted`, else what AUTOKODE_THREADS says, else the processors this process may use.

    Raises:
        DataError: the number is not a whole one from 1.
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
    """Yield `function(item)` for each item, in order; at most two items a thread are held at a time.

    `function` gains from threads only while it lets go of the GIL, as the kernel does.
    """
    if threads == 1:
        yield from map(function, items)
        return
    from joblib import Parallel, delayed

    def fetched() -> Iterator[Item | _Failed]:
        try:
            yield from items
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - raised again below, in the reader's thread
            yield _Failed(error)

    def call(item: Item | _Failed) -> Result | _Failed:
        return item if isinstance(item, _Failed) else function(item)

    pool = Parallel(n_jobs=threads, backend="threading", return_as="generator", pre_dispatch=2 * threads, batch_size=1)
    with _outlived(call) as counted:
        for result in pool(delayed(counted)(item) for item in fetched()):
            if isinstance(result, _Failed):
                raise result.error
            yield result


@contextmanager
def _outlived(function: Callable[[Item], Result]) -> Iterator[Callable[[Item], Result]]:
    """Give a function that does the same, and wait at the end until no thread is in it.

    joblib leaves its threads to themselves where one of them, or whoever reads the results, fails; and a thread that is in a
    library's code while Python ends can end the process by a signal.
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
    """Yield `function(item)` for each item, as they come: by threads, or by the workers of a Dask scheduler.

    A worker that is lost is no loss: Dask gives what it had to another.

    Args:
        function: one of a module, that workers can import; takes an item, and what is set when nobody waits for its result
            any more (None where that cannot be known).
        items: all that a worker needs to know, each.
        threads: how many at a time, where there is no scheduler.
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
        else:  # with one job joblib works in this process, and not where the texts may be
            from dask.distributed import as_completed

            own = list(items)
            for future in as_completed(client.map(function, own, [None] * len(own), pure=False)):  # type: ignore[no-untyped-call]
                yield future.result()


@contextmanager
def _cluster(address: str) -> Iterator[Any]:
    """Give a client of a scheduler that has workers; what goes wrong with it is said with the address."""
    try:
        from dask.distributed import Client
        from distributed import KilledWorker
        from distributed.comm.core import CommClosedError
    except ImportError as error:
        raise failure(
            "--dask krever en tilleggspakke", "--dask needs an extra", try_next="pip install 'autokode[dask]'"
        ) from error
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
