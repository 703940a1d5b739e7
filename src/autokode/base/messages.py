"""What researchers read is in Norwegian, with English one switch away."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

LANGUAGES = ("nb", "en")
_CHOSEN: ContextVar[str | None] = ContextVar("language", default=None)


def say(nb: str, en: str) -> str:
    """Return the one of two texts that the reader asked for.

    Norwegian unless a page was asked for in English (`reading_in`) or the environment variable AUTOKODE_LANG is "en" (the
    command line's --english sets it).
    """
    return en if language() == "en" else nb


def language() -> str:
    """Return the language that is read here and now, "nb" or "en"."""
    chosen = _CHOSEN.get() or os.environ.get("AUTOKODE_LANG", "nb").lower()
    return "en" if chosen.startswith("en") else "nb"


@contextmanager
def reading_in(chosen: str) -> Iterator[None]:
    """Let everything said in this block, by this thread, be in one of `LANGUAGES`."""
    before = _CHOSEN.set(chosen)
    try:
        yield
    finally:
        _CHOSEN.reset(before)
