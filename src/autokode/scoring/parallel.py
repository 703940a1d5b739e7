"""The one place that decides on parallelism: how many threads, and results in the order of what went in."""

import os
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from autokode.errors import DataError, Problem
from autokode.language import say

Item = TypeVar("Item")
Result = TypeVar("Result")


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
    if not given.isdigit() or int(given) < 1:
        what = say(
            f"antall tråder: fant «{given}», ventet 1 eller mer", f"threads: found «{given}», expected 1 or more"
        )
        raise DataError(Problem(what), try_next="--threads 2")
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
    for result in pool(delayed(call)(item) for item in fetched()):
        if isinstance(result, _Failed):
            raise result.error
        yield result
