"""The page «Mine prosjekter» that runs: one for a user and machine. A second start finds it, by a file that leads in."""

import contextlib
import platform
import time
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from autokode.base.errors import failure, quoted
from autokode.base.hashing import sha256_of
from autokode.base.messages import say
from autokode.base.user_folders import user_folder
from autokode.review.door import FILE

PATIENCE_S = 20.0
"""Seconds for which a second start waits for the first to answer or to end."""

_PAUSE_S = 0.2


@contextlib.contextmanager
def only_start_page() -> Iterator[tuple[Path, bool]]:
    """Hold the lock of the start page, and give the place for its door; or the file that leads to the page that runs, and True.

    The system releases the lock when its process ends, however it ends. A home directory may be that of several machines: each
    has a lock of its own.

    Raises:
        DataError: the page that holds the lock does not answer.
    """
    place = user_folder("state") / f"start-{sha256_of(platform.node())[:12]}"
    lock = FileLock(place.with_suffix(".lock"), timeout=0, mode=0o600, thread_local=False)
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            lock.acquire()
            break
        except Timeout:
            if (place / FILE).is_file():  # it is there while the server answers
                yield place / FILE, True
                return
        if time.monotonic() > until:
            raise failure(
                "autokode kjører alt, men svarer ikke",
                "autokode is running already, but does not answer",
                try_next=say(
                    f"vent litt; ellers avslutt programmet autokode, eller åpne {quoted(place / FILE)} i nettleseren",
                    f"wait a little; else end the program autokode, or open {quoted(place / FILE)} in the browser",
                ),
            )
        time.sleep(_PAUSE_S)
    try:
        (place / FILE).unlink(missing_ok=True)  # of a server that was killed
        yield place, False
    finally:
        lock.release()
