"""Messages to researchers: in Norwegian, or in English where they ask for it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

LANGUAGES = ("nb", "en")
_CHOSEN: ContextVar[str | None] = ContextVar("language", default=None)


def say(nb: str, en: str) -> str:
    """Choose between a Norwegian and an English text.

    Norwegian, unless the page is shown in English (`reading_in`) or the environment variable AUTOKODE_LANG is "en" (which the
    command line's --english sets).
    """
    return en if language() == "en" else nb


def language() -> str:
    """The language of messages in this thread, "nb" or "en"."""
    chosen = _CHOSEN.get() or os.environ.get("AUTOKODE_LANG", "nb").lower()
    return "en" if chosen.startswith("en") else "nb"


@contextmanager
def reading_in(chosen: str) -> Iterator[None]:
    """Choose the language of messages, one of `LANGUAGES`, for this block and thread."""
    before = _CHOSEN.set(chosen)
    try:
        yield
    finally:
        _CHOSEN.reset(before)
