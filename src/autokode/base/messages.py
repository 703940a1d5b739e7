"""Messages to researchers: in Bokmål, or in Nynorsk or English where they ask for it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

LANGUAGES = ("nb", "en")
"""The languages that every text is written in."""

INTERFACE_LANGUAGES = ("nb", "nn", "en")
"""The languages of the page; a text without a Nynorsk form is shown in Bokmål."""

_CHOSEN: ContextVar[str | None] = ContextVar("language", default=None)


def say(nb: str, en: str) -> str:
    """Choose between a Norwegian and an English text; in Nynorsk, the catalogue's form of the Norwegian one.

    Norwegian, unless the page is shown in English (`reading_in`) or the environment variable AUTOKODE_LANG is "en" (which the
    command line's --english sets).
    """
    chosen = interface_language()
    if chosen == "nn":
        from autokode.base.nynorsk import in_nynorsk

        return in_nynorsk(nb)
    return en if chosen == "en" else nb


def interface_language() -> str:
    """The language that was chosen in this thread, one of `INTERFACE_LANGUAGES`."""
    chosen = (_CHOSEN.get() or os.environ.get("AUTOKODE_LANG", "nb")).lower()[:2]
    return chosen if chosen in INTERFACE_LANGUAGES else "nb"


def language() -> str:
    """The language of longer texts in this thread, one of `LANGUAGES`: "nb" where the page is in Nynorsk."""
    return "en" if interface_language() == "en" else "nb"


@contextmanager
def reading_in(chosen: str) -> Iterator[None]:
    """Choose the language of messages, one of `INTERFACE_LANGUAGES`, for this block and thread."""
    before = _CHOSEN.set(chosen)
    try:
        yield
    finally:
        _CHOSEN.reset(before)
