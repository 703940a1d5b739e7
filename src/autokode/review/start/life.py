"""How long a server lives that no terminal shows: until its pages were closed, and a while more.

A page says that it is open (a beat) and when it is left (a goodbye). A browser may hold a hidden page still for minutes, and a
machine may sleep: only a long silence counts.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

GONE_S = 60.0
"""Seconds from the last goodbye to the end; a page that is loaded again says goodbye, too."""

SILENT_S = 30 * 60.0
"""Seconds for which a page is taken to be open after its last beat."""

ASLEEP_S = 60.0
"""Seconds between two looks at the clock from which the machine was asleep meanwhile: that time does not count."""

LEFT = 1000
"""Pages remembered as left, so that a beat that comes late does not bring them back."""


class Life:
    """Which pages are open, and when something was heard from any."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._open: dict[str, float] = {}
        self._left: OrderedDict[str, None] = OrderedDict()
        self._heard = self._looked = clock()
        self._any_left = False

    def heard(self) -> None:
        """Note that a browser asked for something."""
        with self._lock:
            self._heard = self._clock()

    def beat(self, page: str) -> None:
        """Note that a page is open."""
        with self._lock:
            self._heard = self._clock()
            if page not in self._left:
                self._open[page] = self._heard

    def goodbye(self, page: str) -> None:
        """Note that a page was left."""
        with self._lock:
            self._heard = self._clock()
            self._any_left = True
            self._open.pop(page, None)
            self._left[page] = None
            while len(self._left) > LEFT:
                self._left.popitem(last=False)

    def is_over(self) -> bool:
        """Whether nobody has a page open any longer. To be asked every few seconds."""
        with self._lock:
            at = self._clock()
            slept = at - self._looked if at - self._looked > ASLEEP_S else 0.0
            self._looked = at
            self._heard += slept
            self._open = {page: beat + slept for page, beat in self._open.items() if at - beat - slept < SILENT_S}
            silent = at - self._heard
            return silent >= SILENT_S or (self._any_left and not self._open and silent >= GONE_S)
